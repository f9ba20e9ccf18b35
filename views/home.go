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
	recent *table[data.AuditEntry]
}

func newHome(f *frame) *home {
	h := &home{f: f, title: heading(""), cutOff: widget.NewLabel(""), cards: container.New(cardGrid{})}
	h.cutOff.Importance = widget.LowImportance
	h.recent = newTable(f.w, func(e data.AuditEntry) int64 { return e.ID },
		column[data.AuditEntry]{title: lang.L("Quand"), width: 130, text: func(e data.AuditEntry) string { return moment(e.At, f.guichet.Now()) }},
		column[data.AuditEntry]{title: lang.L("Opérateur"), width: 130, text: func(e data.AuditEntry) string { return e.Operator }},
		column[data.AuditEntry]{title: lang.L("Quoi"), width: 300, grow: 1, text: actionSentence},
		column[data.AuditEntry]{title: lang.L("Sur"), width: 260, grow: 1, text: auditSubject},
	)
	h.recent.setEmpty(lang.L("Ce que font les opérateurs s’inscrira ici."), nil)
	return h
}

func (h *home) content() fyne.CanvasObject {
	top := container.NewVBox(container.NewBorder(nil, nil, nil, h.cutOff, h.title), h.cards, widget.NewLabel(""), subheading(lang.L("Derniers événements")))
	return padded(12, container.NewBorder(top, nil, nil, nil, h.recent.content))
}

func (h *home) reload() {
	load(h.f, "home", h.f.guichet.Home, func(w app.Waiting) {
		h.show(w)
		h.f.showCounts(w)
	})
}

func (h *home) show(w app.Waiting) {
	now := h.f.guichet.Now()
	h.title.SetText(lang.L("Bonjour {{.Name}}", map[string]any{"Name": h.f.operator.Name}))
	h.cutOff.SetText(cutOff(w.CutOff, now))
	h.cards.RemoveAll()
	if m := h.f.mail; m != nil {
		h.cards.Add(newCard(w.LettersReady, lang.N("lettres à composer", w.LettersReady), theme.MailComposeIcon(), "", m.showQueue))
		if w.LettersHeld > 0 {
			h.cards.Add(newCard(w.LettersHeld, lang.N("lettres retenues, adresse à corriger", w.LettersHeld), theme.WarningIcon(), theme.ColorNameWarning, m.showQueue))
		}
		h.cards.Add(newCard(w.BatchesToPrint, lang.N("lots à imprimer", w.BatchesToPrint), theme.DocumentPrintIcon(), "", m.showBatches))
		h.cards.Add(newCard(w.BatchesToPost, lang.N("lots à poster", w.BatchesToPost), theme.MailSendIcon(), "", m.showBatches))
		h.cards.Add(newCard(w.Unconfirmed, lang.N("lettres postées, codes attendus", w.Unconfirmed), theme.HistoryIcon(), "", m.showPosted))
		h.cards.Add(newCard(w.Overdue, lang.N("lettres à relancer, sans codes depuis 5 jours ouvrables", w.Overdue), theme.WarningIcon(), theme.ColorNameWarning,
			func() { m.showFollowUp(data.LetterFilter{Age: data.Overdue}) }))
		h.cards.Add(newCard(w.Doubted, lang.N("adresses à vérifier", w.Doubted), theme.WarningIcon(), theme.ColorNameWarning, m.showReturns))
	}
	if t := h.f.tickets; t != nil {
		h.cards.Add(newCard(w.TicketsNew, lang.N("demandes nouvelles", w.TicketsNew), theme.MailReplyIcon(), "", func() { t.showView(data.ToHandleView) }))
		h.cards.Add(newCard(w.TicketsOpen, lang.N("demandes en cours", w.TicketsOpen), theme.MailReplyAllIcon(), "", func() { t.showView(data.ToHandleView) }))
		h.cards.Add(newCard(w.TicketsOverdue, lang.N("demandes en retard", w.TicketsOverdue), theme.WarningIcon(), theme.ColorNameWarning, func() { t.showView(data.OverdueView) }))
		if w.MailsFailed > 0 {
			h.cards.Add(newCard(w.MailsFailed, lang.N("courriels en échec", w.MailsFailed), theme.MailSendIcon(), theme.ColorNameWarning, t.openOutbox))
		}
		h.cards.Add(newCard(w.Registrations, lang.N("inscriptions à valider", w.Registrations), theme.AccountIcon(), "", h.f.book.showPending))
		if h.f.mail == nil {
			h.cards.Add(newCard(w.Doubted, lang.N("adresses à vérifier", w.Doubted), theme.WarningIcon(), theme.ColorNameWarning, h.f.book.showDoubted))
		}
	}
	h.cards.Refresh()
	h.recent.show(w.Recent)
}

func (h *home) mainAct()     { h.f.showNth(2) }
func (h *home) back()        {}
func (h *home) help() string { return "home" }

func (h *home) keys() []keyGroup { return []keyGroup{h.recent.keyGroup(lang.L("Dans la liste"))} }

// card is a number that waits, leading to its list.
type card struct {
	widget.BaseWidget
	count  int
	figure string // in the place of the count, when set
	text   string
	icon   fyne.Resource
	color  fyne.ThemeColorName
	onTap  func()
}

// newCard makes a card; color is the icon's, empty for the accent.
func newCard(count int, text string, icon fyne.Resource, color fyne.ThemeColorName, onTap func()) *card {
	c := &card{count: count, text: text, icon: icon, color: color, onTap: onTap}
	c.ExtendBaseWidget(c)
	return c
}

func (c *card) Tapped(*fyne.PointEvent) { c.onTap() }

func (c *card) CreateRenderer() fyne.WidgetRenderer {
	shown := number(c.count)
	if c.figure != "" {
		shown = c.figure
	}
	figure := widget.NewLabelWithStyle(shown, fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
	figure.SizeName = sizeFigure
	text := widget.NewLabel(c.text)
	text.Wrapping = fyne.TextWrapWord
	color := c.color
	switch {
	case c.count == 0:
		color, figure.Importance, text.Importance = theme.ColorNameDisabled, widget.LowImportance, widget.LowImportance
	case color == "":
		color = theme.ColorNamePrimary
	}
	icon := widget.NewIcon(stateIcon(c.icon, color))
	head := container.NewBorder(nil, nil, nil, container.NewPadded(icon), figure)
	body := container.New(layout.NewCustomPaddedVBoxLayout(-6), head, text)
	return widget.NewSimpleRenderer(container.NewStack(newFill(colorCard, 6), newOutline(6), padded(6, body)))
}

// cardGrid lays cards out in rows of four.
type cardGrid struct{}

const (
	cardsPerRow = 4
	cardHeight  = 92
	cardGap     = 10
)

func (cardGrid) MinSize(objects []fyne.CanvasObject) fyne.Size {
	rows := float32((len(objects) + cardsPerRow - 1) / cardsPerRow)
	return fyne.NewSize(600, rows*(cardHeight+cardGap)-cardGap)
}

func (cardGrid) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	width := (size.Width - cardGap*(cardsPerRow-1)) / cardsPerRow
	for i, object := range objects {
		object.Resize(fyne.NewSize(width, cardHeight))
		object.Move(fyne.NewPos(float32(i%cardsPerRow)*(width+cardGap), float32(i/cardsPerRow)*(cardHeight+cardGap)))
	}
}
