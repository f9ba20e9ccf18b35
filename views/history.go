package views

import (
	"context"

	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"

	"guichet/data"
)

// newHistory is the table of a record's own history, newest first.
func newHistory(f *frame) *table[data.AuditEntry] {
	t := newTable(f.w, "historique", func(e data.AuditEntry) int64 { return e.ID },
		column[data.AuditEntry]{
			title: lang.L("Quand"), width: 120, text: func(e data.AuditEntry) string { return moment(e.At, f.guichet.Now()) },
			less: func(a, b data.AuditEntry) int { return a.At.Compare(b.At) },
		},
		column[data.AuditEntry]{title: lang.L("Quoi"), width: 200, grow: 2, text: actionSentence},
		column[data.AuditEntry]{title: lang.L("Sur"), width: 130, grow: 1, text: auditSubject},
		column[data.AuditEntry]{title: lang.L("Opérateur"), width: 96, text: func(e data.AuditEntry) string { return e.Operator }},
	)
	t.setEmpty(lang.L("Rien ne s’est encore passé ici."), nil)
	return t
}

// openHistory shows a record's own history.
func (f *frame) openHistory(title, subject string, id int64) {
	t := newHistory(f)
	f.w.openDialog(title, lang.L("Compris"), false, 640, container.New(atLeastHeight(360), t.content), func(*modal) { f.w.closeDialog() })
	load(f, "history", func(ctx context.Context) ([]data.AuditEntry, error) { return f.guichet.History(ctx, subject, id) }, t.show)
}
