package views

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"guichet/data"
)

// ticketRow is a ticket in the list: its check and state, subject and date, who
// asks, heading and when it is due.
type ticketRow struct {
	widget.BaseWidget
	l       *ticketList
	summary data.TicketSummary
	ground  *fill
	mark    *checkMark
	subject *widget.Label
	when    *widget.Label
	who     *widget.Label
	heading *widget.Label
	due     *widget.Label
	icon    *widget.Icon
}

func newTicketRow(l *ticketList) *ticketRow {
	r := &ticketRow{
		l: l, ground: newFill(colorRow, 0), subject: line(""), when: widget.NewLabel(""), who: line(""), heading: line(""),
		due: widget.NewLabel(""), icon: widget.NewIcon(nil),
	}
	r.mark = newCheckMark(func() { l.toggle(r.summary.Ticket) })
	r.mark.Hidden = !l.t.f.may("ChangeTickets")
	for _, label := range []*widget.Label{r.when, r.who, r.heading, r.due} {
		label.SizeName = theme.SizeNameCaptionText
	}
	r.when.Importance, r.heading.Importance = widget.LowImportance, widget.LowImportance
	r.ExtendBaseWidget(r)
	return r
}

func (r *ticketRow) CreateRenderer() fyne.WidgetRenderer {
	tight := layout.NewCustomPaddedVBoxLayout(-9)
	edge := func(o fyne.CanvasObject) fyne.CanvasObject {
		return container.New(layout.NewCustomPaddedLayout(0, 0, 0, 6), o)
	}
	text := container.New(tight, container.New(beside{rest: 0}, r.subject, edge(r.when)), edge(r.who),
		container.New(beside{rest: 0}, r.heading, edge(r.due)))
	left := container.New(layout.NewCustomPaddedLayout(6, 2, 4, 0), container.New(layout.NewCustomPaddedVBoxLayout(4), r.mark, r.icon))
	return widget.NewSimpleRenderer(container.NewStack(r.ground, container.New(beside{rest: 1}, left, text),
		container.New(bottomLine{}, newFill(colorRule, 0))))
}

// beside sets two objects side by side: one takes the width that the other
// leaves. Fyne's Border goes by the theme's padding, which is another before the
// list has given its rows its own.
type beside struct{ rest int }

func (b beside) MinSize(objects []fyne.CanvasObject) fyne.Size {
	left, right := objects[0].MinSize(), objects[1].MinSize()
	return fyne.NewSize(left.Width+right.Width, max(left.Height, right.Height))
}

func (b beside) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	width := objects[1-b.rest].MinSize().Width
	if b.rest == 0 {
		width = size.Width - width
	}
	objects[0].Resize(fyne.NewSize(width, size.Height))
	objects[1].Move(fyne.NewPos(width, 0))
	objects[1].Resize(fyne.NewSize(size.Width-width, size.Height))
}

// bottomLine is a line at the bottom of what it lies on.
type bottomLine struct{}

func (bottomLine) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(1, 1) }

func (bottomLine) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	objects[0].Move(fyne.NewPos(0, size.Height-1))
	objects[0].Resize(fyne.NewSize(size.Width, 1))
}

func (r *ticketRow) show(t data.TicketSummary) {
	now := r.l.t.f.guichet.Now()
	r.summary = t
	if t.ID == 0 { // its page is on the way
		for _, label := range []*widget.Label{r.subject, r.when, r.who, r.heading, r.due} {
			label.SetText("")
		}
		r.icon.SetResource(nil)
		r.ground.Hidden = true
		return
	}
	_, checked := r.l.checked[t.ID]
	r.mark.set(checked)
	r.ground.Hidden = t.ID != r.l.open && !checked
	r.subject.TextStyle.Bold = t.Unread
	r.subject.SetText(shortSubject(t.Subject))
	r.when.SetText(moment(t.UpdatedAt, now))
	who := requesterOf(t.Ticket)
	if t.OrganisationName != "" {
		who += " · " + t.OrganisationName
	}
	r.who.SetText(who)
	text := word(t.Heading)
	if !t.State.Pending() {
		text = word(t.State) + " · " + text
	}
	if t.AssigneeName != "" {
		text = t.AssigneeName + " · " + text
	}
	r.heading.SetText(text)
	r.due.Importance = widget.LowImportance
	if t.Overdue(now) {
		r.due.Importance = widget.WarningImportance
	}
	r.due.SetText(dueText(t.Ticket, now))
	icon, color := ticketIcon(t.Ticket)
	r.icon.SetResource(stateIcon(icon, color))
	r.Refresh()
}

// formSubject begins the subject of all that comes from the portal's form.
const formSubject = "Demande d’assistance : "

// shortSubject is a subject as lists show it, without what all from the portal
// begin with.
func shortSubject(subject string) string {
	return subjectOf(strings.TrimPrefix(plainSubject(subject), formSubject))
}

// plainSubject is a subject with typographic apostrophes and plain spaces.
func plainSubject(subject string) string {
	return strings.NewReplacer("'", "’", noBreak, " ", thin, " ").Replace(subject)
}

func ticketIcon(t data.Ticket) (fyne.Resource, fyne.ThemeColorName) {
	switch {
	case t.Illegible:
		return theme.WarningIcon(), theme.ColorNameWarning
	case t.State.Pending() && t.Priority > data.NormalPriority:
		return theme.ErrorIcon(), theme.ColorNameError
	case t.State == data.NewTicket:
		return theme.MailReplyIcon(), theme.ColorNamePrimary
	case t.State == data.OpenTicket:
		return theme.MailReplyAllIcon(), theme.ColorNamePrimary
	case t.State == data.Waiting:
		return theme.HistoryIcon(), theme.ColorNameDisabled
	case t.State == data.Spam:
		return theme.CancelIcon(), theme.ColorNameDisabled
	case t.State == data.MergedTicket:
		return theme.ContentCopyIcon(), theme.ColorNameDisabled
	}
	return theme.ConfirmIcon(), theme.ColorNameSuccess
}

// checkMark is a small box that a tap checks.
type checkMark struct {
	widget.BaseWidget
	icon  *widget.Icon
	onTap func()
}

func newCheckMark(onTap func()) *checkMark {
	c := &checkMark{icon: widget.NewIcon(nil), onTap: onTap}
	c.ExtendBaseWidget(c)
	return c
}

func (c *checkMark) Tapped(*fyne.PointEvent) { c.onTap() }

func (c *checkMark) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(c.icon) }

func (c *checkMark) set(checked bool) {
	icon, color := theme.CheckButtonIcon(), theme.ColorNameInputBorder
	if checked {
		icon, color = theme.CheckButtonCheckedIcon(), theme.ColorNamePrimary
	}
	c.icon.SetResource(stateIcon(icon, color))
}
