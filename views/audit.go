package views

import (
	"context"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"guichet/app"
	"guichet/data"
)

// audit is the screen of who changed what, and when: filters on top, the entries
// below, what one of them holds at the bottom.
type audit struct {
	f           *frame
	fields      *form
	who, what   *widget.Select
	record      *entry
	from, until *widget.DateEntry
	logins      []string
	actions     []string
	operators   []data.Operator
	count       *widget.Label
	table       *table[data.AuditEntry]
	detail      *prose
	verify      *button
	box         fyne.CanvasObject
	shown       data.AuditFilter
}

func newAudit(f *frame) *audit {
	a := &audit{f: f, fields: newForm(), count: line(""), detail: paragraph("")}
	a.count.Importance = widget.LowImportance
	a.who = widget.NewSelect(nil, func(string) { a.reload() })
	a.what = widget.NewSelect(nil, func(string) { a.reload() })
	a.record = newEntry(f.w)
	a.record.PlaceHolder = lang.L("compte, lettre, demande…")
	a.record.OnSubmitted = func(string) { a.reload() }
	a.record.OnChanged = func(text string) {
		if text == "" {
			a.reload()
		}
	}
	a.from, a.until = widget.NewDateEntry(), widget.NewDateEntry()
	a.from.OnChanged, a.until.OnChanged = func(*time.Time) { a.reload() }, func(*time.Time) { a.reload() }
	a.table = newTable(f.w, "journal", func(e data.AuditEntry) int64 { return e.ID },
		column[data.AuditEntry]{title: lang.L("Quand"), width: 168, text: func(e data.AuditEntry) string { return dayTime(e.At) }},
		column[data.AuditEntry]{title: lang.L("Opérateur"), width: 120, text: func(e data.AuditEntry) string { return dash(e.Operator) }},
		column[data.AuditEntry]{title: lang.L("Quoi"), width: 260, grow: 2, text: actionSentence},
		column[data.AuditEntry]{title: lang.L("Sur"), width: 200, grow: 1, text: auditSubject},
	)
	a.table.pages = newPages[data.AuditEntry](a.fetchPage, nil)
	a.table.pages.reader = a.reader
	a.table.onSelected = a.showDetail
	a.table.setEmpty(lang.L("Rien de tel au journal."), nil)
	a.verify = newIconButton(lang.L("Vérifier le journal"), theme.ConfirmIcon(), a.onVerify)
	a.offerActions()
	return a
}

// offerActions fills the choice of acts: each kind of record, then each act.
func (a *audit) offerActions() {
	sentences := actions()
	for action := range sentences {
		a.actions = append(a.actions, action)
	}
	slices.SortFunc(a.actions, func(x, y string) int { return strings.Compare(data.Fold(sentences[x]), data.Fold(sentences[y])) })
	kinds := []struct{ prefix, text string }{
		{"", lang.L("Tous les actes")},
		{"account.", lang.L("Tout sur les comptes")},
		{"organisation.", lang.L("Tout sur les organisations")},
		{"letter.", lang.L("Tout sur les lettres")},
		{"batch.", lang.L("Tout sur les lots")},
		{"ticket.", lang.L("Tout sur les demandes")},
		{"operator.", lang.L("Tout sur les opérateurs")},
		{"settings.", lang.L("Tout sur les réglages")},
	}
	var prefixes, texts []string
	for _, kind := range kinds {
		prefixes, texts = append(prefixes, kind.prefix), append(texts, kind.text)
	}
	for _, action := range a.actions {
		texts = append(texts, sentences[action])
	}
	a.actions = append(prefixes, a.actions...)
	a.what.Options, a.what.Selected = texts, texts[0]
}

func (a *audit) content() fyne.CanvasObject {
	export := newIconButton(lang.L("Exporter…"), theme.DocumentSaveIcon(), a.onExport)
	head := container.NewBorder(nil, nil, nil, container.NewHBox(a.verify, export), heading(lang.L("Journal")))
	row := columns(5,
		a.fields.add("who", lang.L("Opérateur"), a.who), a.fields.add("what", lang.L("Acte"), a.what),
		a.fields.add("record", lang.L("Sur"), a.record), a.fields.add("from", lang.L("Du"), a.from), a.fields.add("until", lang.L("Au"), a.until))
	detail := container.NewVScroll(a.detail)
	detail.SetMinSize(fyne.NewSize(0, 110))
	foot := container.NewStack(newFill(colorCard, 4), newOutline(4), padded(4, detail))
	a.box = padded(8, container.NewBorder(container.NewVBox(head, row, a.count), foot, nil, nil, a.table.content))
	a.fields.root = a.box
	return a.box
}

// auditPage is the first page of a filter's entries, and who may be chosen.
type auditPage struct {
	filter    data.AuditFilter
	operators []data.Operator
	total     int
	first     []data.AuditEntry
}

func (a *audit) reload() {
	filter, record := data.AuditFilter{}, strings.TrimSpace(a.record.Text)
	if i := a.who.SelectedIndex(); i > 0 {
		filter.Operator = a.logins[i]
	}
	if i := a.what.SelectedIndex(); i > 0 {
		filter.Action = a.actions[i]
	}
	var problems error
	for _, bound := range []struct {
		field string
		entry *widget.DateEntry
		into  *time.Time
		days  int
	}{{"from", a.from, &filter.From, 0}, {"until", a.until, &filter.Until, 1}} {
		if strings.TrimSpace(bound.entry.Text) == "" {
			continue
		}
		chosen, err := chosenDay(bound.field, bound.entry)
		if err != nil {
			problems = err
			continue
		}
		*bound.into = data.StartOfDay(chosen).AddDate(0, 0, bound.days)
	}
	if a.fields.show(problems); problems != nil {
		return
	}
	start(a.f.scope, "audit", nil, func(ctx context.Context) (page auditPage, err error) {
		if record != "" {
			if filter.Subject, filter.SubjectID, err = a.f.guichet.AuditedRecord(ctx, record); err != nil {
				return page, err
			}
		}
		page.filter = filter
		if page.operators, err = a.f.guichet.Operators(ctx); err != nil {
			return page, err
		}
		if page.total, err = a.f.guichet.CountAudit(ctx, filter); err != nil {
			return page, err
		}
		page.first, err = a.f.guichet.Audit(ctx, filter, 0, pageSize)
		return page, err
	}, a.show)
}

func (a *audit) show(page auditPage, err error) {
	if err != nil {
		a.f.notice.fail(err, a.fields)
		return
	}
	a.shown = page.filter
	chosen := a.who.SelectedIndex()
	a.logins = []string{"", "guichet"}
	names := []string{lang.L("Tous"), lang.L("Guichet lui-même")}
	a.operators = page.operators
	for _, o := range page.operators {
		a.logins, names = append(a.logins, o.Login), append(names, o.Name)
	}
	a.who.Options = names
	a.who.Selected = names[max(0, min(chosen, len(names)-1))]
	a.who.Refresh()
	text := lang.N("{{.PluralCount}} entrées", page.total, map[string]any{"PluralCount": number(page.total)})
	a.count.SetText(text)
	row := 0
	if len(page.first) == 0 {
		row = -1
	}
	a.table.showPages(page.total, page.first, row)
	a.showDetail(append(page.first, data.AuditEntry{})[0])
}

func (a *audit) fetchPage(page int) {
	read := a.reader()
	load(a.f, "audit page", func(ctx context.Context) ([]data.AuditEntry, error) { return read(ctx, page) },
		func(found []data.AuditEntry) { a.table.pageArrived(page, found) })
}

// reader reads any page of the entries shown.
func (a *audit) reader() pageReader[data.AuditEntry] {
	filter := a.shown
	return func(ctx context.Context, page int) ([]data.AuditEntry, error) {
		return a.f.guichet.Audit(ctx, filter, page*pageSize, pageSize)
	}
}

// showDetail shows what an entry says changed.
func (a *audit) showDetail(e data.AuditEntry) {
	switch {
	case e.ID == 0:
		a.detail.SetText("")
	case e.Erased():
		a.detail.SetText(lang.L("Les données personnelles de cette entrée ont été effacées ; la chaîne reste entière."))
	default:
		a.detail.SetText(auditFacts(e, a.operatorName))
	}
}

// operatorName is an operator's name, or the number of one whom the register does not know any more.
func (a *audit) operatorName(id int64) string {
	for _, o := range a.operators {
		if o.ID == id {
			return o.Name
		}
	}
	return lang.L("n° {{.Number}}", map[string]any{"Number": strconv.FormatInt(id, 10)})
}

func (a *audit) onVerify() {
	start(a.f.scope, "", a.verify, a.f.guichet.VerifyAudit, func(check app.AuditCheck, err error) {
		switch {
		case err != nil:
			a.f.notice.fail(err, nil)
		case check.Broken.ID != 0:
			a.f.notice.show(theme.ErrorIcon(), theme.ColorNameError, lang.L("Le journal est rompu à l’entrée {{.ID}}, du {{.When}} : elle ou la précédente a été changée hors de Guichet",
				map[string]any{"ID": check.Broken.ID, "When": dayTime(check.Broken.At)}))
		default:
			a.f.notice.done(lang.N("Journal intact : {{.PluralCount}} entrées se suivent", check.Entries, map[string]any{"PluralCount": number(check.Entries)}))
		}
	})
}

func (a *audit) onExport() {
	filter := a.shown
	about := lang.L("Les entrées de la liste, avec ce qui était avant et après. Le fichier contient des données personnelles : gardez-le en lieu sûr.")
	a.f.askExport(lang.L("Exporter le journal"), about, func() (string, exporter) {
		return "journal", func(ctx context.Context, as app.Format, w io.Writer) error {
			return a.f.guichet.ExportAudit(ctx, filter, as, w)
		}
	})
}

func (a *audit) mainAct()         { a.onVerify() }
func (a *audit) help() string     { return "audit" }
func (a *audit) keys() []keyGroup { return []keyGroup{a.table.keyGroup(lang.L("Dans la liste"))} }

func (a *audit) back() {
	a.record.SetText("")
	a.reload()
}
