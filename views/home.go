package views

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"guichet/app"
	"guichet/data"
)

// home shows what waits for the operator, each leading to its list, and what
// happened lately.
type home struct {
	f      *frame
	title  *widget.Label
	cutOff *widget.Label
	cards  *fyne.Container
	charts []*trends
	recent *table[data.AuditEntry]
}

func newHome(f *frame) *home {
	h := &home{f: f, title: heading(""), cutOff: widget.NewLabel(""), cards: newCardGrid(3)}
	h.cutOff.Importance = widget.LowImportance
	h.recent = newTable(f.w, "evenements", func(e data.AuditEntry) int64 { return e.ID },
		column[data.AuditEntry]{title: lang.L("Quand"), width: 130, text: func(e data.AuditEntry) string { return moment(e.At, f.guichet.Now()) }},
		column[data.AuditEntry]{title: lang.L("Opérateur"), width: 130, text: func(e data.AuditEntry) string { return dash(e.Operator) }},
		column[data.AuditEntry]{title: lang.L("Quoi"), width: 300, grow: 1, text: actionSentence},
		column[data.AuditEntry]{title: lang.L("Sur"), width: 260, grow: 1, text: auditSubject},
	)
	h.charts = append(h.charts, letterTrends(f))
	if f.may("Figures") {
		h.charts = append(h.charts, ticketTrends(f))
	}
	h.recent.setEmpty(lang.L("Ce que font les opérateurs s’inscrira ici."), nil)
	return h
}

func (h *home) content() fyne.CanvasObject {
	charts := container.New(topGrid{len(h.charts)})
	for _, chart := range h.charts {
		charts.Add(chart.content())
	}
	top := container.NewVBox(container.NewBorder(nil, nil, nil, h.cutOff, h.title), h.cards, container.New(layout.NewCustomPaddedLayout(8, 0, 0, 0), charts), subheading(lang.L("Derniers événements")))
	return padded(12, container.NewBorder(top, nil, nil, nil, h.recent.content))
}

func (h *home) reload() {
	load(h.f, "home", h.f.guichet.Home, func(w app.Waiting) {
		h.show(w)
		h.f.showCounts(w)
	})
	for _, chart := range h.charts {
		chart.reload()
	}
}

func (h *home) show(w app.Waiting) {
	now := h.f.guichet.Now()
	h.title.SetText(lang.L("Bonjour {{.Name}}", map[string]any{"Name": h.f.operator.Name}))
	h.cutOff.SetText(cutOff(w.CutOff, now))
	h.cards.RemoveAll()
	if m := h.f.mail; m != nil {
		h.cards.Add(newCard(h.f.w, w.LettersReady, lang.N("lettres à composer", w.LettersReady), theme.MailComposeIcon(), "", m.showQueue))
		if w.LettersHeld > 0 {
			h.cards.Add(newCard(h.f.w, w.LettersHeld, lang.N("lettres retenues, adresse à corriger", w.LettersHeld), theme.WarningIcon(), theme.ColorNameWarning, m.showQueue))
		}
		h.cards.Add(newCard(h.f.w, w.BatchesToPrint, lang.N("lots à imprimer", w.BatchesToPrint), theme.DocumentPrintIcon(), "", m.showBatches))
		h.cards.Add(newCard(h.f.w, w.BatchesToPost, lang.N("lots à poster", w.BatchesToPost), theme.MailSendIcon(), "", m.showBatches))
		h.cards.Add(newCard(h.f.w, w.Unconfirmed, lang.N("lettres postées, codes attendus", w.Unconfirmed), theme.HistoryIcon(), "", m.showPosted))
		h.cards.Add(newCard(h.f.w, w.Overdue, lang.N("lettres à relancer, sans codes depuis 5 jours ouvrables", w.Overdue), theme.WarningIcon(), theme.ColorNameWarning,
			func() { m.showFollowUp(data.LetterFilter{Age: data.Overdue}) }))
		h.cards.Add(newCard(h.f.w, w.Doubted, lang.N("adresses à vérifier", w.Doubted), theme.WarningIcon(), theme.ColorNameWarning, m.showReturns))
	}
	if t := h.f.tickets; t != nil {
		h.cards.Add(newCard(h.f.w, w.TicketsNew, lang.N("demandes nouvelles", w.TicketsNew), theme.MailReplyIcon(), "", func() { t.showView(data.ToHandleView) }))
		h.cards.Add(newCard(h.f.w, w.TicketsOpen, lang.N("demandes en cours", w.TicketsOpen), theme.MailReplyAllIcon(), "", func() { t.showView(data.ToHandleView) }))
		h.cards.Add(newCard(h.f.w, w.TicketsOverdue, lang.N("demandes en retard", w.TicketsOverdue), theme.WarningIcon(), theme.ColorNameWarning, func() { t.showView(data.OverdueView) }))
		if w.MailsFailed > 0 {
			h.cards.Add(newCard(h.f.w, w.MailsFailed, lang.N("courriels en échec", w.MailsFailed), theme.MailSendIcon(), theme.ColorNameWarning, t.openOutbox))
		}
		h.cards.Add(newCard(h.f.w, w.Registrations, lang.N("inscriptions à valider", w.Registrations), theme.AccountIcon(), "", h.f.book.showPending))
		if h.f.mail == nil {
			h.cards.Add(newCard(h.f.w, w.Doubted, lang.N("adresses à vérifier", w.Doubted), theme.WarningIcon(), theme.ColorNameWarning, h.f.book.showDoubted))
		}
	}
	h.cards.Refresh()
	h.recent.show(w.Recent)
}

func (h *home) mainAct()     { h.f.showNth(2) }
func (h *home) back()        {}
func (h *home) help() string { return "home" }

func (h *home) keys() []keyGroup { return []keyGroup{h.recent.keyGroup(lang.L("Dans la liste"))} }
