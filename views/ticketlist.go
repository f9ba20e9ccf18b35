package views

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"guichet/app"
	"guichet/data"
)

// ticketList lists a filter's tickets, page by page: one is open, any number
// checked for an act on all of them.
type ticketList struct {
	t       *tickets
	list    *keyedList
	pages   *pages[data.TicketSummary]
	checked map[int64]data.Ticket
	open    int64 // id of the ticket shown; zero: none
	quiet   bool  // the selection is being restored
	sort    data.TicketSort
	up      bool
	sorts   *widget.Select
	turn    *button
	order   fyne.CanvasObject // the two; what is done with those checked takes their place
	acts    *button
	count   *prose
	empty   *prose
	box     *fyne.Container
}

func newTicketList(t *tickets) *ticketList {
	l := &ticketList{t: t, checked: map[int64]data.Ticket{}, empty: newProse(""), count: caption("")}
	l.pages = newPages[data.TicketSummary](l.fetchPage, nil)
	l.list = newKeyedList(l)
	l.empty.Alignment, l.empty.Importance = fyne.TextAlignCenter, widget.LowImportance
	l.count.Wrapping, l.count.Truncation = fyne.TextWrapOff, fyne.TextTruncateEllipsis
	labels := []string{}
	for _, sort := range data.TicketSorts {
		labels = append(labels, word(sort))
	}
	l.sorts = widget.NewSelect(labels, func(string) { l.onSort(data.TicketSorts[l.sorts.SelectedIndex()], false) })
	l.turn = newIconButton("", theme.MoveDownIcon(), func() { l.onSort(l.sort, !l.up) })
	l.order = container.NewBorder(nil, nil, nil, l.turn, l.sorts)
	l.acts = newIconButton("", theme.MenuDropDownIcon(), l.onActs)
	l.acts.Importance = widget.HighImportance
	l.acts.Hide()
	return l
}

func (l *ticketList) content() fyne.CanvasObject {
	top := container.New(layout.NewCustomPaddedVBoxLayout(2), l.t.search.content(),
		container.NewStack(l.order, l.acts))
	rows := container.NewThemeOverride(l.list, listTheme{l.t.f.w.fyneApp.Settings().Theme()})
	l.box = container.NewBorder(padded(6, top), l.count, nil, nil, container.NewStack(rows, container.NewCenter(wide(220, l.empty))))
	return l.box
}

// listTheme lets the rows of a list touch: each paints its own ground.
type listTheme struct{ fyne.Theme }

func (t listTheme) Size(name fyne.ThemeSizeName) float32 {
	if name == theme.SizeNamePadding {
		return 0
	}
	return t.Theme.Size(name)
}

// startOver forgets what is open and checked: another list comes.
func (l *ticketList) startOver() {
	l.open, l.checked = 0, map[int64]data.Ticket{}
	if l.list.Size().Height > 0 { // it is on the screen
		l.list.ScrollToTop()
	}
}

type ticketsFound struct {
	filter data.TicketFilter
	first  []data.TicketSummary
	total  int // up to app.CountLimit
}

func (l *ticketList) reload() {
	load(l.t.f, "tickets", func(ctx context.Context) (found ticketsFound, err error) {
		if found.filter, err = l.filter(ctx); err != nil {
			return found, err
		}
		if found.first, err = l.t.f.guichet.TicketPage(ctx, found.filter, 0, pageSize); err != nil {
			return found, err
		}
		if found.total = len(found.first); found.total == pageSize {
			found.total, err = l.t.f.guichet.CountTickets(ctx, found.filter)
		}
		return found, err
	}, l.show)
}

// filter is the screen's, in the order chosen here.
func (l *ticketList) filter(ctx context.Context) (data.TicketFilter, error) {
	filter, err := l.t.filter(ctx)
	if l.sort != "" {
		filter.Sort, filter.Ascending = l.sort, l.up
	}
	return filter, err
}

func (l *ticketList) fetchPage(page int) {
	load(l.t.f, "tickets page", func(ctx context.Context) ([]data.TicketSummary, error) {
		filter, err := l.filter(ctx)
		if err != nil {
			return nil, err
		}
		return l.t.f.guichet.TicketPage(ctx, filter, page*pageSize, pageSize)
	}, func(found []data.TicketSummary) {
		l.pages.arrived(page, found)
		l.list.Refresh()
	})
}

func (l *ticketList) show(found ticketsFound) {
	l.pages.startOver(found.total, found.first)
	l.showSort(found.filter)
	l.showCount(found.total)
	l.list.Refresh()
	row := -1
	for i, summary := range found.first {
		if summary.ID == l.open {
			row = i
		}
		if _, checked := l.checked[summary.ID]; checked {
			l.checked[summary.ID] = summary.Ticket
		}
	}
	l.showActs()
	l.list.UnselectAll()
	switch {
	case row >= 0:
		l.quiet = true
		l.list.Select(row)
		l.quiet = false
		l.t.ticket.reload(l.open)
	case l.open != 0: // it left this view: it stays open
		l.t.ticket.reload(l.open)
	case found.total > 0:
		l.list.Select(0)
	default:
		l.t.ticket.clear()
	}
}

// showSort shows the order of the list without having it chosen.
func (l *ticketList) showSort(filter data.TicketFilter) {
	l.sorts.Selected = word(filter.Sort)
	l.sorts.Refresh()
	icon := theme.MoveDownIcon()
	if filter.Ascending {
		icon = theme.MoveUpIcon()
	}
	l.turn.SetIcon(icon)
}

func (l *ticketList) showCount(total int) {
	l.empty.Hidden = total > 0
	l.empty.SetText(lang.L("Aucune demande ici. Les courriels de la boîte d’assistance deviennent des demandes."))
	if l.t.chosen < 0 {
		l.empty.SetText(lang.L("Aucune demande ne correspond. « ? » dit ce que la recherche connaît."))
	}
	l.count.SetText(counted("{{.PluralCount}} demandes", total))
	if total >= app.CountLimit {
		l.count.SetText(lang.L("Les {{.Count}} premières : affinez par une recherche", map[string]any{"Count": number(total)}))
	}
}

func (l *ticketList) onSort(sort data.TicketSort, up bool) {
	l.sort, l.up = sort, up
	l.reload()
}

func (l *ticketList) onSelected(row int) {
	summary, ok := l.pages.at(row)
	if l.quiet || !ok || summary.ID == l.open && l.t.ticket.shown.ID == l.open {
		return
	}
	l.t.leave()
	l.open = summary.ID
	l.list.Refresh()
	l.t.ticket.reload(l.open)
}

// row is where the open ticket stands; -1 where it does not.
func (l *ticketList) row() int {
	for row := range min(l.pages.total, len(l.pages.read)*pageSize) {
		if summary, ok := l.pages.at(row); ok && summary.ID == l.open {
			return row
		}
	}
	return -1
}

// step opens the ticket after or before the open one.
func (l *ticketList) step(by int) {
	if row := l.row() + by; row >= 0 && row < l.pages.total {
		l.list.UnselectAll()
		l.list.Select(row)
	}
}

// check checks the open ticket, or no longer.
func (l *ticketList) check() {
	if summary, ok := l.pages.at(l.row()); ok {
		l.toggle(summary.Ticket)
	}
}

func (l *ticketList) toggle(ticket data.Ticket) {
	if _, checked := l.checked[ticket.ID]; checked {
		delete(l.checked, ticket.ID)
	} else {
		l.checked[ticket.ID] = ticket
	}
	l.list.Refresh()
	l.showActs()
}

// keyedList is a list that leaves letters to the screen, and opens what the
// arrows reach.
type keyedList struct {
	widget.List
	l *ticketList
}

func newKeyedList(l *ticketList) *keyedList {
	k := &keyedList{l: l}
	k.Length = func() int { return l.pages.total }
	k.CreateItem = func() fyne.CanvasObject { return newTicketRow(l) }
	k.UpdateItem = func(row widget.ListItemID, object fyne.CanvasObject) {
		summary, _ := l.pages.at(row)
		object.(*ticketRow).show(summary)
	}
	k.OnSelected = l.onSelected
	k.HideSeparators = true
	k.ExtendBaseWidget(k)
	return k
}

func (k *keyedList) TypedRune(r rune) { k.l.t.f.w.typed(r) }

func (k *keyedList) TypedKey(event *fyne.KeyEvent) { k.l.t.f.w.pressed(event.Name, 0) }

// find opens the first ticket listed of which something holds.
func (l *ticketList) find(holds func(data.TicketSummary) bool) {
	for row := range l.pages.total {
		if summary, ok := l.pages.at(row); ok && holds(summary) {
			l.list.UnselectAll()
			l.list.Select(row)
			return
		}
	}
}
