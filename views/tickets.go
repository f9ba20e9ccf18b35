package views

import (
	"context"
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

// ticketView is a list that the help desk works from.
type ticketView struct {
	item *navItem
	view data.TicketView
}

// tickets is the help desk's screen: views, list, ticket.
type tickets struct {
	f      *frame
	views  []ticketView
	chosen int
	list   *widget.List
	found  []data.TicketSummary
	open   int64 // id of the ticket shown
	quiet  bool  // the list's selection is being restored
	empty  *widget.Label
	ticket *ticket
}

func newTickets(f *frame) *tickets {
	t := &tickets{f: f, empty: widget.NewLabelWithStyle("", fyne.TextAlignCenter, fyne.TextStyle{})}
	for _, view := range data.TicketViews {
		t.addView(view)
	}
	t.list = widget.NewList(func() int { return len(t.found) }, func() fyne.CanvasObject { return newTicketRow() },
		func(i widget.ListItemID, object fyne.CanvasObject) {
			object.(*ticketRow).show(t.found[i], f.guichet.Now(), t.found[i].ID == t.open)
		})
	t.list.HideSeparators = true
	t.list.OnSelected = t.onSelected
	t.empty.Wrapping, t.empty.Importance = fyne.TextWrapWord, widget.LowImportance
	t.ticket = newTicket(t)
	return t
}

func (t *tickets) addView(view data.TicketView) {
	n := len(t.views)
	item := newNavItem(word(view), viewIcon(view), nil, func() { t.choose(n) })
	t.views = append(t.views, ticketView{item, view})
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
	views := container.New(layout.NewCustomPaddedVBoxLayout(1))
	for i, view := range t.views {
		view.item.marked = i == t.chosen
		views.Add(view.item)
	}
	list := container.NewStack(container.NewThemeOverride(t.list, listTheme{t.f.w.fyneApp.Settings().Theme()}), container.NewCenter(wide(200, t.empty)))
	return container.New(ticketsLayout{},
		ground(colorPanel, padded(6, container.NewBorder(subheading(lang.L("Assistance")), nil, nil, nil, views))),
		newFill(theme.ColorNameSeparator, 0), list, newFill(theme.ColorNameSeparator, 0), t.ticket.content())
}

// listTheme lets the rows of a list touch: each paints its own ground.
type listTheme struct{ fyne.Theme }

func (t listTheme) Size(name fyne.ThemeSizeName) float32 {
	if name == theme.SizeNamePadding {
		return 0
	}
	return t.Theme.Size(name)
}

// ticketsLayout lays out views, list and ticket, with lines between them.
type ticketsLayout struct{}

const (
	viewsWidth = 158
	listWidth  = 268
)

func (ticketsLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(780, 400) }

func (ticketsLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	x := float32(0)
	for i, width := range []float32{viewsWidth, 1, listWidth, 1, size.Width - viewsWidth - listWidth - 2} {
		objects[i].Move(fyne.NewPos(x, 0))
		objects[i].Resize(fyne.NewSize(width, size.Height))
		x += width
	}
}

type ticketsFound struct {
	tickets []data.TicketSummary
	counts  app.TicketCounts
}

func (t *tickets) reload() {
	filter := t.views[t.chosen].view.Filter(t.f.operator.ID)
	load(t.f, "tickets", func(ctx context.Context) (found ticketsFound, err error) {
		if found.tickets, err = t.f.guichet.TicketPage(ctx, filter, 0, app.TicketsLimit); err != nil {
			return found, err
		}
		found.counts, err = t.f.guichet.CountTicketViews(ctx)
		return found, err
	}, func(found ticketsFound) {
		t.show(found)
	})
}

func (t *tickets) show(found ticketsFound) {
	t.found = found.tickets
	for i, view := range t.views {
		view.item.count = found.counts.Views[view.view]
		view.item.marked = i == t.chosen
		view.item.Refresh()
	}
	t.empty.Hidden = len(t.found) > 0
	t.empty.SetText(lang.L("Aucune demande ici. Les courriels de la boîte d’assistance deviennent des demandes."))
	t.list.Refresh()
	row := -1
	for i, summary := range t.found {
		if summary.ID == t.open {
			row = i
		}
	}
	t.list.UnselectAll()
	switch {
	case row >= 0:
		t.quiet = true
		t.list.Select(row)
		t.quiet = false
		t.ticket.reload(t.open)
	case t.open != 0: // it left this view: it stays open
		t.ticket.reload(t.open)
	case len(t.found) > 0:
		t.list.Select(0)
	default:
		t.ticket.clear()
	}
}

func (t *tickets) onSelected(row int) {
	if t.quiet || row >= len(t.found) {
		return
	}
	t.open = t.found[row].ID
	t.list.Refresh()
	t.ticket.reload(t.open)
}

// choose shows a view's list and opens its first ticket.
func (t *tickets) choose(view int) {
	t.chosen, t.open = view, 0
	t.reload()
}

// showView shows the screen with a view.
func (t *tickets) showView(view int) {
	t.chosen, t.open = view, 0
	t.f.show(t)
}

// showTicket shows the screen with a ticket, among all.
func (t *tickets) showTicket(id int64) {
	t.chosen, t.open = len(t.views)-1, id
	t.f.show(t)
}

func (t *tickets) mainAct() { t.ticket.onMain() }
func (t *tickets) back()    { t.choose(0) }

// subjectOf is a mail's subject, or that it has none.
func subjectOf(subject string) string {
	if subject == "" {
		return lang.L("(sans objet)")
	}
	return subject
}

// ticketRow is a ticket in the list: subject and date, who, heading and state.
type ticketRow struct {
	widget.BaseWidget
	ground  *fill
	subject *widget.Label
	when    *widget.Label
	who     *widget.Label
	heading *widget.Label
	icon    *widget.Icon
}

func newTicketRow() *ticketRow {
	r := &ticketRow{ground: newFill(colorRow, 0), subject: line(""), when: widget.NewLabel(""), who: line(""), heading: line(""), icon: widget.NewIcon(nil)}
	for _, label := range []*widget.Label{r.when, r.who, r.heading} {
		label.SizeName = theme.SizeNameCaptionText
	}
	r.when.Importance, r.heading.Importance = widget.LowImportance, widget.LowImportance
	r.ExtendBaseWidget(r)
	return r
}

func (r *ticketRow) CreateRenderer() fyne.WidgetRenderer {
	tight := layout.NewCustomPaddedVBoxLayout(-9)
	text := container.New(tight, container.NewBorder(nil, nil, nil, container.New(layout.NewCustomPaddedLayout(0, 0, 0, 8), r.when), r.subject), r.who,
		container.NewBorder(nil, nil, container.New(layout.NewCustomPaddedLayout(0, 0, 6, 0), r.icon), nil, r.heading))
	return widget.NewSimpleRenderer(container.NewStack(r.ground, container.NewBorder(nil, container.New(lineLayout{}, newFill(colorRule, 0)), nil, nil, text)))
}

// lineLayout is a line of one pixel.
type lineLayout struct{}

func (lineLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(1, 1) }

func (lineLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) { objects[0].Resize(size) }

func (r *ticketRow) show(t data.TicketSummary, now time.Time, open bool) {
	r.ground.Hidden = !open
	r.subject.TextStyle.Bold = t.State == data.NewTicket
	r.subject.SetText(subjectOf(t.Subject))
	r.when.SetText(moment(t.UpdatedAt, now))
	who := t.RequesterName
	if who == "" {
		who = t.RequesterAddress
	}
	if t.OrganisationName != "" {
		who += " · " + t.OrganisationName
	}
	r.who.SetText(who)
	r.heading.SetText(word(t.Heading) + " · " + word(t.State))
	icon, color := ticketIcon(t.Ticket)
	r.icon.SetResource(stateIcon(icon, color))
	r.Refresh()
}

func ticketIcon(t data.Ticket) (fyne.Resource, fyne.ThemeColorName) {
	switch {
	case t.Illegible:
		return theme.WarningIcon(), theme.ColorNameWarning
	case t.State == data.NewTicket:
		return theme.MailReplyIcon(), theme.ColorNamePrimary
	case t.State == data.OpenTicket:
		return theme.MailReplyAllIcon(), theme.ColorNamePrimary
	case t.State == data.Waiting:
		return theme.HistoryIcon(), theme.ColorNameDisabled
	case t.State == data.Spam:
		return theme.CancelIcon(), theme.ColorNameDisabled
	}
	return theme.ConfirmIcon(), theme.ColorNameSuccess
}

// record is what the ticket pane shows.
type record = app.TicketRecord
