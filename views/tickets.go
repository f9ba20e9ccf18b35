package views

import (
	"context"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"guichet/app"
	"guichet/data"
)

// tickets is the help desk's screen: views, list, ticket. The ticket can take
// the room of all three.
type tickets struct {
	f       *frame
	views   []ticketView
	chosen  int // a view's; -1: a search
	outbox  *outbox
	figures *figures
	failed  *navItem   // leads to the outbox
	times   *navItem   // leads to the figures
	instead ticketPage // shown in the place of list and ticket; nil: they are
	search  *ticketSearch
	list    *ticketList
	ticket  *ticket
	agents  []data.Operator
	area    *fyne.Container
	whole   bool // the ticket takes all the room
}

// ticketPage is what may take the place of list and ticket.
type ticketPage interface {
	content() fyne.CanvasObject
	reload()
}

// ticketView is a list that the help desk works from.
type ticketView struct {
	item *navItem
	view data.TicketView
}

func newTickets(f *frame) *tickets {
	t := &tickets{f: f, area: container.NewStack()}
	for n, view := range data.TicketViews {
		t.views = append(t.views, ticketView{newNavItem(word(view), viewIcon(view), nil, func() { t.choose(n) }), view})
	}
	t.outbox, t.figures = newOutbox(t), newFigures(t)
	t.failed = newNavItem(lang.L("Envois en échec"), theme.MailSendIcon(), nil, t.showOutbox)
	t.times = newNavItem(lang.L("Temps de réponse"), theme.HistoryIcon(), nil, func() { t.showInstead(t.figures) })
	t.list = newTicketList(t)
	t.search = newTicketSearch(t)
	t.ticket = newTicket(t)
	return t
}

func viewIcon(view data.TicketView) fyne.Resource {
	switch view {
	case data.ToHandleView:
		return theme.MailReplyIcon()
	case data.MineView:
		return theme.AccountIcon()
	case data.UnassignedView:
		return theme.QuestionIcon()
	case data.WaitingView:
		return theme.HistoryIcon()
	case data.OverdueView:
		return theme.WarningIcon()
	case data.SolvedView:
		return theme.ConfirmIcon()
	case data.SpamView:
		return theme.CancelIcon()
	}
	return theme.ListIcon()
}

func (t *tickets) content() fyne.CanvasObject {
	t.arrange()
	return t.area
}

// arrange lays the panes out.
func (t *tickets) arrange() {
	preferences := t.f.w.fyneApp.Preferences()
	views := pane{t.sidebar(), "tickets.views.width", 172, 130}
	switch {
	case t.whole && t.instead == nil:
		t.area.Objects = []fyne.CanvasObject{t.ticket.content()}
	case t.instead != nil:
		t.area.Objects = []fyne.CanvasObject{newPanes(preferences, views, pane{object: t.instead.content(), least: 500})}
	default:
		t.area.Objects = []fyne.CanvasObject{newPanes(preferences, views, pane{t.list.content(), "tickets.list.width", 284, 200},
			pane{object: t.ticket.content(), least: ticketLeast + 1 + panelLeast})}
	}
	t.area.Refresh()
}

// sidebar are the views, the saved searches and the outbox.
func (t *tickets) sidebar() fyne.CanvasObject {
	views := container.New(layout.NewCustomPaddedVBoxLayout(1))
	for _, view := range t.views {
		views.Add(view.item)
	}
	views.Add(padded(4, widget.NewSeparator()))
	views.Add(t.search.saved)
	t.mark()
	return ground(colorPanel, padded(6, container.NewBorder(subheading(lang.L("Assistance")),
		container.New(layout.NewCustomPaddedVBoxLayout(1), t.times, t.failed), nil, nil, container.NewVScroll(views))))
}

// mark marks what is chosen on the left.
func (t *tickets) mark() {
	for i, view := range t.views {
		view.item.marked = i == t.chosen && t.instead == nil
		view.item.Refresh()
	}
	t.failed.marked, t.times.marked = t.instead == ticketPage(t.outbox), t.instead == ticketPage(t.figures)
	t.failed.Refresh()
	t.times.Refresh()
	t.search.mark()
}

func (t *tickets) reload() {
	load(t.f, "agents", t.f.guichet.Agents, func(agents []data.Operator) { t.agents = agents })
	load(t.f, "ticket counts", t.f.guichet.CountTicketViews, t.showCounts)
	t.outbox.reload()
	t.search.reload()
	if t.instead != nil {
		t.instead.reload()
		return
	}
	t.list.reload()
}

func (t *tickets) showCounts(counts app.TicketCounts) {
	for _, view := range t.views {
		view.item.count = counts.Views[view.view]
		view.item.Refresh()
	}
	t.f.showUnread(counts.Unread)
}

// filter is what the list shows.
func (t *tickets) filter(ctx context.Context) (data.TicketFilter, error) {
	if t.chosen < 0 {
		return t.f.guichet.SearchTickets(ctx, t.search.entry.Text)
	}
	return t.views[t.chosen].view.Filter(t.f.operator.ID), nil
}

// choose shows a view's list and opens its first ticket.
func (t *tickets) choose(view int) {
	t.search.clear()
	t.show(view)
}

// show shows a view, or what is searched for.
func (t *tickets) show(view int) {
	t.chosen, t.instead = view, nil
	t.leave()
	t.list.startOver()
	t.arrange()
	t.reload()
}

func (t *tickets) showOutbox() { t.showInstead(t.outbox) }

// showInstead shows a page in the place of list and ticket.
func (t *tickets) showInstead(page ticketPage) {
	t.leave()
	t.instead = page
	t.arrange()
	t.reload()
}

// openOutbox shows the screen with the outbox.
func (t *tickets) openOutbox() {
	t.instead = t.outbox
	t.f.show(t)
}

// showView shows the screen with a view.
func (t *tickets) showView(view data.TicketView) {
	t.search.clear()
	for i, v := range t.views {
		if v.view == view {
			t.chosen = i
		}
	}
	t.instead = nil
	t.list.startOver()
	t.f.show(t)
}

// showTicket shows the screen with a ticket, found by its number.
func (t *tickets) showTicket(ticket data.Ticket) {
	t.leave()
	t.search.entry.SetText(ticket.Number)
	t.chosen, t.instead = -1, nil
	t.list.startOver()
	t.list.open = ticket.ID
	t.f.show(t)
}

// leave keeps what is being written, whatever comes next.
func (t *tickets) leave() { t.ticket.composer.keep() }

// expand gives the ticket all the room, or takes it back.
func (t *tickets) expand(whole bool) {
	if t.ticket.shown.ID == 0 {
		whole = false
	}
	t.whole = whole
	t.arrange()
}

func (t *tickets) mainAct() {
	if t.instead == nil {
		t.ticket.mainAct()
	}
}

// back closes what is open, from the innermost: the composer, the whole ticket,
// the search.
func (t *tickets) back() {
	switch {
	case t.ticket.composer.open:
		t.ticket.composer.fold()
	case t.whole:
		t.expand(false)
	case t.chosen < 0 || t.instead != nil:
		t.choose(0)
	}
	t.focusList()
}

// focusList gives the keys to the list.
func (t *tickets) focusList() {
	canvas := t.f.w.window.Canvas()
	if t.whole || t.instead != nil {
		canvas.Unfocus() // the window knows the keys too
		return
	}
	canvas.Focus(t.list.list)
}

// focus puts the caret into what is being written, or gives the keys to the list.
func (t *tickets) focus() {
	if t.ticket.composer.open {
		t.f.w.window.Canvas().Focus(t.ticket.composer.text)
		return
	}
	t.focusList()
}

// help is about what is shown; beside a ticket, what to answer to it comes first.
func (t *tickets) help() string {
	switch {
	case t.instead != nil:
		return "tickets"
	case t.ticket.composer.open:
		return "answers"
	case t.ticket.shown.ID != 0:
		return answerPage(t.ticket.shown.Heading)
	case t.chosen < 0:
		return "ticket-search"
	}
	return "tickets"
}

func (t *tickets) keys() []keyGroup {
	if t.instead != nil {
		return nil
	}
	next, former := func() { t.list.step(1) }, func() { t.list.step(-1) }
	list := []key{
		{letters: "j", says: lang.L("demande suivante"), do: next},
		{name: fyne.KeyDown, do: next},
		{letters: "k", says: lang.L("demande précédente"), do: former},
		{name: fyne.KeyUp, do: former},
		{letters: "/", says: lang.L("chercher"), do: func() {
			t.expand(false)
			t.f.w.window.Canvas().Focus(t.search.entry)
		}},
	}
	if whole := func() { t.expand(true); t.focusList() }; !t.whole {
		list = append(list, key{name: fyne.KeyReturn, says: lang.L("toute la place à la demande ; Échap la rend"), do: whole}, key{name: fyne.KeyEnter, do: whole})
	}
	if t.f.may("ChangeTickets") {
		list = append(list, key{letters: "x", says: lang.L("cocher"), do: t.list.check}, key{name: fyne.KeySpace, do: t.list.check})
	}
	groups := []keyGroup{{lang.L("Dans la liste"), list}}
	if t.ticket.shown.ID != 0 && t.f.may("Reply") {
		groups = append(groups, keyGroup{lang.L("Sur la demande"), t.ticket.keys()})
	}
	return groups
}

// mainWords are those of the keys' sheet for the main act.
func (t *tickets) mainWords() string {
	return lang.L("envoyer ; sinon prendre en charge, ou résoudre")
}

// sheetAside tells what a search knows.
func (t *tickets) sheetAside() fyne.CanvasObject {
	return container.NewVBox(subheading(lang.L("Recherche")), facts(
		"mairie code", lang.L("les deux mots, où qu’ils soient, accents ou non"), "-spam", lang.L("sans ce mot"),
		"de:weber", lang.L("le demandeur"), "org:colmar", lang.L("l’organisation"), "objet:code", lang.L("l’objet"),
		"statut:attente", lang.L("l’état ; aussi -statut:close"), "rubrique:courrier", lang.L("la rubrique"),
		"avant:24/11/2026", lang.L("ouverte avant ; aussi depuis:"), "a:moi", lang.L("attribuée à moi ; aussi a:personne"), "etiquette:urgent", lang.L("l’étiquette"),
	))
}

// subjectOf is a mail's subject, or that it has none.
func subjectOf(subject string) string {
	if strings.TrimSpace(subject) == "" {
		return lang.L("(sans objet)")
	}
	return subject
}

// requesterOf names who asks.
func requesterOf(t data.Ticket) string {
	if t.RequesterName != "" {
		return t.RequesterName
	}
	return t.RequesterAddress
}

// dueText says when a ticket is due, or by how much it is late; empty when its
// clock is stopped.
func dueText(t data.Ticket, now time.Time) string {
	switch {
	case t.DueAt.IsZero() || !t.State.Pending():
		return ""
	case t.Overdue(now):
		return lang.L("en retard")
	case sameDay(t.DueAt.In(data.Paris), now):
		return lang.L("avant {{.Time}}", map[string]any{"Time": clock(t.DueAt)})
	}
	return lang.L("pour le {{.Day}}", map[string]any{"Day": shortDay(t.DueAt)})
}

// shortDay is a date without its year: 24 nov.
func shortDay(t time.Time) string {
	full := day(t)
	return full[:strings.LastIndex(full, noBreak)]
}

// record is what the ticket pane shows.
type record = app.TicketRecord
