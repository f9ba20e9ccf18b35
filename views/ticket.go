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

// ticket shows one ticket: its header, its thread with the composer under it,
// and what the register knows of the requester.
type ticket struct {
	t        *tickets
	f        *frame
	shown    record
	subject  *widget.Label
	meta     *widget.Label
	due      *widget.Label
	icon     *widget.Icon
	state    *choice[data.TicketState]
	assignee *choice[int64]
	heading  *choice[data.Heading]
	priority *choice[data.Priority]
	confirm  *button // the heading that was proposed
	tags     *fyne.Container
	bars     *fyne.Container // what is to be known before answering
	who      *widget.Label   // who else is looking
	watched  int64           // the ticket that one was last said to look at
	thread   *fyne.Container
	scroll   *container.Scroll
	composer *composer
	panel    *ticketPanel
	fold     *button
	left     *fyne.Container // all but the panel
	box      *fyne.Container
}

func newTicket(t *tickets) *ticket {
	k := &ticket{t: t, f: t.f, subject: subheading(""), meta: line(""), due: widget.NewLabel(""), icon: widget.NewIcon(nil), who: widget.NewLabel("")}
	k.subject.Truncation, k.subject.Selectable = fyne.TextTruncateEllipsis, true
	for _, label := range []*widget.Label{k.meta, k.due} {
		label.SizeName = theme.SizeNameCaptionText
	}
	k.meta.Importance = widget.LowImportance
	k.who.Importance, k.who.Wrapping, k.who.SizeName = widget.WarningImportance, fyne.TextWrapWord, theme.SizeNameCaptionText
	k.state = newChoice(func(s data.TicketState) { k.change(app.TicketChange{State: s}, lang.L("Demande modifiée")) })
	k.assignee = newChoice(func(id int64) { k.change(app.TicketChange{Assignee: &id}, lang.L("Demande modifiée")) })
	k.heading = newChoice(func(h data.Heading) { k.change(app.TicketChange{Heading: h}, lang.L("Rubrique changée")) })
	k.priority = newChoice(func(p data.Priority) { k.change(app.TicketChange{Priority: &p}, lang.L("Demande modifiée")) })
	k.confirm = newButton(lang.L("Confirmer la rubrique"), func() {
		k.change(app.TicketChange{Heading: k.shown.Heading}, lang.L("Rubrique changée"))
	})
	k.confirm.Importance = widget.LowImportance
	k.tags = container.New(&wrapLayout{})
	k.bars = container.New(layout.NewCustomPaddedVBoxLayout(2))
	k.thread = container.New(layout.NewCustomPaddedVBoxLayout(8))
	k.scroll = container.NewVScroll(padded(8, k.thread))
	k.composer = newComposer(k)
	k.panel = newTicketPanel(k)
	k.fold = newIconButton("", nil, k.onFold)
	k.fold.Importance = widget.LowImportance
	return k
}

// panelFolded names the preference of who works without the panel.
const panelFolded = "ticket.panel.folded"

func (k *ticket) content() fyne.CanvasObject {
	more := newIconButton("", theme.MoreHorizontalIcon(), nil)
	more.OnTapped = func() { k.onMore(more) }
	more.Importance = widget.LowImportance
	title := container.NewBorder(nil, nil, container.NewPadded(k.icon), container.NewHBox(more, k.fold), k.subject)
	meta := container.NewBorder(nil, nil, nil, k.due, k.meta)
	choices := container.New(&fitGrid{least: 150}, k.state, k.assignee, k.heading, k.priority)
	if !k.f.may("ChangeTicket") {
		for _, choice := range []fyne.Disableable{k.state, k.assignee, k.heading, k.priority} {
			choice.Disable()
		}
	}
	head := container.NewVBox(padded(4, container.New(layout.NewCustomPaddedVBoxLayout(0), title, meta, choices, k.tags)), k.bars, widget.NewSeparator())
	k.left = container.NewBorder(head, k.composer.content(), nil, nil, k.scroll)
	k.box = container.NewStack()
	k.arrange()
	if k.shown.ID == 0 {
		k.box.Hide()
	}
	return k.box
}

// The least widths of a ticket and of the panel beside it.
const (
	ticketLeast = 326 // that of its buttons
	panelLeast  = 244 // that of its acts
)

// arrange shows the thread, and the panel beside it unless it is folded.
func (k *ticket) arrange() {
	if k.f.w.fyneApp.Preferences().Bool(panelFolded) {
		k.fold.SetIcon(theme.NavigateBackIcon())
		k.box.Objects = []fyne.CanvasObject{k.left}
	} else {
		k.fold.SetIcon(theme.NavigateNextIcon())
		panel := pane{ground(colorPanel, k.panel.content()), "ticket.panel.width", panelLeast, panelLeast}
		k.box.Objects = []fyne.CanvasObject{newPanes(k.f.w.fyneApp.Preferences(), pane{object: k.left, least: ticketLeast}, panel)}
	}
	k.box.Refresh()
}

func (k *ticket) onFold() {
	preferences := k.f.w.fyneApp.Preferences()
	preferences.SetBool(panelFolded, !preferences.Bool(panelFolded))
	k.arrange()
}

func (k *ticket) clear() {
	k.shown = record{}
	if k.box != nil {
		k.box.Hide()
	}
}

func (k *ticket) reload(id int64) {
	start(k.f.scope, "ticket", nil, func(ctx context.Context) (record, error) { return k.f.guichet.Ticket(ctx, id) },
		func(found record, err error) {
			if err != nil {
				k.f.notice.fail(err, nil)
				return
			}
			k.show(found)
		})
}

func (k *ticket) show(found record) {
	moved := found.ID != k.shown.ID
	k.shown = found
	if moved {
		k.who.Hide() // who looked at another
	}
	now := k.f.guichet.Now()
	k.subject.SetText(subjectOf(found.Subject))
	k.meta.SetText(lang.L("{{.Number}} · {{.Who}} · ouverte {{.Opened}}", map[string]any{
		"Number": found.Number, "Who": requesterOf(found.Ticket), "Opened": moment(found.OpenedAt, now),
	}))
	k.due.Importance = widget.LowImportance
	if found.Overdue(now) {
		k.due.Importance = widget.WarningImportance
	}
	k.due.SetText(dueText(found.Ticket, now))
	icon, color := ticketIcon(found.Ticket)
	k.icon.SetResource(stateIcon(icon, color))
	k.showChoices(found)
	k.showTags(found)
	k.showBars(found)
	k.thread.Objects = nil
	for _, message := range found.Messages {
		k.thread.Add(newMessageView(k, message))
	}
	k.thread.Refresh()
	k.panel.show(found)
	k.composer.show(found, moved)
	k.box.Show()
	if k.watched != found.ID {
		k.watch()
	}
	if moved {
		k.scroll.ScrollToBottom()
		if len(found.Messages) == 1 {
			k.scroll.ScrollToTop()
		}
	}
}

func (k *ticket) showChoices(found record) {
	var states []data.TicketState
	for _, state := range data.TicketStates {
		if found.State.MayBecome(state) {
			states = append(states, state)
		}
	}
	k.state.offer(states, func(s data.TicketState) string { return word(s) }, found.State)
	ids, names := []int64{0}, map[int64]string{0: lang.L("Non attribuée")}
	for _, agent := range k.t.agents {
		ids = append(ids, agent.ID)
		names[agent.ID] = agent.Name
	}
	if names[found.AssigneeID] == "" {
		ids = append(ids, found.AssigneeID)
		names[found.AssigneeID] = found.AssigneeName
	}
	k.assignee.offer(ids, func(id int64) string { return names[id] }, found.AssigneeID)
	k.heading.offer(data.Headings, func(h data.Heading) string { return word(h) }, found.Heading)
	k.priority.offer(data.Priorities, func(p data.Priority) string {
		return lang.L("Priorité {{.Priority}}", map[string]any{"Priority": lowerFirst(word(p))})
	}, found.Priority)
}

func (k *ticket) showTags(found record) {
	k.tags.RemoveAll()
	if found.HeadingProposed {
		k.tags.Add(k.f.offer("ChangeTicket", k.confirm))
	}
	for _, tag := range found.Tags {
		chip := newIconButton(tag, theme.CancelIcon(), func() {
			k.change(app.TicketChange{RemoveTags: []string{tag}}, lang.L("Demande modifiée"))
		})
		chip.IconPlacement = widget.ButtonIconTrailingText
		if !k.f.may("ChangeTicket") {
			chip.Icon, chip.OnTapped = nil, nil
		}
		k.tags.Add(chip)
	}
	k.tags.Hidden = len(k.tags.Objects) == 0
	k.tags.Refresh()
}

// mainAct sends what is written, takes a new ticket, or solves an open one.
func (k *ticket) mainAct() {
	switch {
	case k.shown.ID == 0 || !k.f.may("Reply"):
	case k.composer.open:
		k.composer.onSend()
	case k.shown.State == data.NewTicket:
		k.take()
	case k.shown.State.MayBecome(data.Solved):
		k.solve()
	}
}

// keys are the keys of the ticket shown.
func (k *ticket) keys() []key {
	return []key{
		{letters: "r", says: lang.L("répondre"), do: func() { k.composer.begin(data.ReplyDraft) }},
		{letters: "n", says: lang.L("écrire une note interne"), do: func() { k.composer.begin(data.NoteDraft) }},
		{letters: "f", says: lang.L("transférer"), do: func() {
			if n := len(k.shown.Messages); n > 0 {
				k.composer.forward(k.shown.Messages[n-1].ID)
			}
		}},
		{letters: "a", says: lang.L("prendre en charge"), do: k.take},
		{letters: "e", says: lang.L("résoudre"), do: k.solve},
	}
}

func (k *ticket) take() {
	me := k.f.operator.ID
	k.change(app.TicketChange{Assignee: &me}, lang.L("La demande est à vous"))
}

func (k *ticket) solve() {
	k.change(app.TicketChange{State: data.Solved}, lang.L("Demande résolue"))
}

// change changes the ticket as it is shown.
func (k *ticket) change(what app.TicketChange, text string) {
	seen := k.shown.Ticket
	if !k.composer.open {
		k.t.focusList() // a choice kept the keys
	}
	act(k.f.scope, nil, func(ctx context.Context) error { return k.f.guichet.ChangeTicket(ctx, seen, what) },
		func(err error) {
			if k.done(err, ""); err == nil {
				k.t.undone(text, seen)
			}
		})
}

// undone offers to put changed tickets back.
func (t *tickets) undone(text string, before ...data.Ticket) {
	f := t.f
	f.notice.offerUndo(text, lang.L("Annuler (Ctrl+Z)"), func() {
		act(f.scope, nil, func(ctx context.Context) error { return f.guichet.UndoTicketChanges(ctx, before...) }, func(err error) {
			if err != nil {
				t.reload()
				f.notice.fail(err, nil)
				return
			}
			f.changed(lang.L("Changement annulé"))
		})
	})
}

func (k *ticket) done(err error, text string) {
	if err != nil {
		k.t.reload()
		k.f.notice.fail(err, nil)
		return
	}
	k.f.changed(text)
}

func (k *ticket) onMore(at fyne.CanvasObject) {
	var items []*fyne.MenuItem
	if k.f.may("ChangeTicket") {
		items = append(k.t.changeItems(func(what app.TicketChange) { k.change(what, lang.L("Demande modifiée")) }),
			fyne.NewMenuItem(lang.L("Fixer l’échéance…"), k.askDue), fyne.NewMenuItemSeparator())
	}
	items = append(items,
		fyne.NewMenuItem(lang.L("Historique…"), func() { k.f.openHistory(titleOf(k.shown.Ticket), "ticket", k.shown.ID) }),
		fyne.NewMenuItem(lang.L("Toute la place"), func() { k.t.expand(!k.t.whole) }),
		fyne.NewMenuItem(lang.L("Les touches"), k.f.showKeys))
	menu := fyne.NewMenu("", items...)
	widget.ShowPopUpMenuAtRelativePosition(menu, k.f.w.window.Canvas(), fyne.NewPos(0, at.Size().Height), at)
}

// askDue asks for the day by which the ticket is due.
func (k *ticket) askDue() {
	fields, day := newForm(), widget.NewDateEntry()
	if !k.shown.DueAt.IsZero() {
		day.SetDate(&k.shown.DueAt)
	}
	k.f.w.openDialog(lang.L("Fixer l’échéance"), lang.L("Fixer"), false, 320, fields.add("due", lang.L("À répondre avant la fin du *"), day), func(m *modal) {
		due, err := chosenDay("due", day)
		if err != nil {
			m.fail(err, fields)
			return
		}
		k.f.w.closeDialog()
		k.change(app.TicketChange{DueAt: due.Add(5*time.Hour + 30*time.Minute)}, lang.L("Demande modifiée"))
	})
}

// choice is a list of values of which one is chosen by a person, or shown.
type choice[T comparable] struct {
	widget.Select
	values []T
	quiet  bool
}

func newChoice[T comparable](onChosen func(T)) *choice[T] {
	c := &choice[T]{}
	c.OnChanged = func(string) {
		if i := c.SelectedIndex(); !c.quiet && i >= 0 {
			onChosen(c.values[i])
		}
	}
	c.ExtendBaseWidget(c)
	return c
}

// offer shows the values with one chosen.
func (c *choice[T]) offer(values []T, label func(T) string, chosen T) {
	c.values = values
	labels := make([]string, len(values))
	c.quiet = true
	defer func() { c.quiet = false }()
	for i, value := range values {
		labels[i] = label(value)
	}
	c.SetOptions(labels)
	c.SetSelected(label(chosen))
}

// fitGrid lays four objects out in one row where each finds at least some room,
// or else in two. The height it asks for is that of the width it was last laid
// out in.
type fitGrid struct{ least, width float32 }

const fitGap = 4

func (g *fitGrid) perRow(objects []fyne.CanvasObject) int {
	if g.width >= float32(len(objects))*(g.least+fitGap) {
		return len(objects)
	}
	return 2
}

func (g *fitGrid) MinSize(objects []fyne.CanvasObject) fyne.Size {
	rows := float32((len(objects) + g.perRow(objects) - 1) / g.perRow(objects))
	return fyne.NewSize(g.least*2, rows*(objects[0].MinSize().Height+fitGap)-fitGap)
}

func (g *fitGrid) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	g.width = size.Width
	perRow := g.perRow(objects)
	width := (size.Width - fitGap*float32(perRow-1)) / float32(perRow)
	height := objects[0].MinSize().Height
	for i, object := range objects {
		object.Resize(fyne.NewSize(width, height))
		object.Move(fyne.NewPos(float32(i%perRow)*(width+fitGap), float32(i/perRow)*(height+fitGap)))
	}
}

// titleOf is a ticket as another's bar names it.
func titleOf(t data.Ticket) string {
	return t.Number + " · " + strings.TrimSpace(subjectOf(t.Subject))
}
