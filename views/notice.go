package views

import (
	"context"
	"errors"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// notice is a discreet bar that says what happened: done, or what went wrong.
type notice struct {
	icon  *widget.Icon
	label *prose
	act   *button // what can be done about it; hidden: nothing
	undo  bool    // that takes it back
	said  int     // counts what it said
	box   *fyne.Container
	// onResize, when set, is called after the bar came or went.
	onResize func()
}

func newNotice() *notice {
	n := &notice{icon: widget.NewIcon(nil), label: paragraph(""), act: newButton("", nil)}
	n.act.Hide()
	hide := newIconButton("", theme.CancelIcon(), n.hide)
	hide.Importance = widget.LowImportance
	n.box = padded(4, container.NewStack(newFill(colorBadge, 4),
		container.NewBorder(nil, nil, container.NewPadded(n.icon), container.NewCenter(container.NewHBox(n.act, hide)), n.label)))
	n.box.Hide()
	return n
}

func (n *notice) content() fyne.CanvasObject { return n.box }

func (n *notice) hide() {
	if n.box.Visible() {
		n.box.Hide()
		n.resized()
	}
}

func (n *notice) resized() {
	if n.onResize != nil {
		n.onResize()
	}
}

// fail is the one way to show an error: beside the fields that it names when
// there is a form, in the bar otherwise. A task that was cancelled says so.
func (n *notice) fail(err error, f *form) {
	if f != nil {
		if err = f.show(err); err == nil {
			n.hide()
			return
		}
	}
	if errors.Is(err, context.Canceled) {
		n.show(theme.InfoIcon(), theme.ColorNameForeground, lang.L("Tâche interrompue : rien n’a changé"))
		return
	}
	n.show(theme.WarningIcon(), theme.ColorNameError, message(err))
}

// done says that something succeeded; empty: it shows by itself.
func (n *notice) done(text string) {
	if text != "" {
		n.show(theme.ConfirmIcon(), theme.ColorNameSuccess, text)
	}
}

// offer says that something succeeded, and what can still be done about it.
func (n *notice) offer(text, verb string, do func()) {
	n.done(text)
	n.act.SetText(verb)
	n.act.OnTapped = func() {
		n.hide()
		do()
	}
	n.act.Show()
	n.resized()
}

// offerUndo says that something succeeded, and offers to take it back, by Ctrl+Z
// too. withdraw ends the offer once it no longer holds, unless the bar says
// something else by then.
func (n *notice) offerUndo(text, verb string, do func()) (withdraw func()) {
	n.offer(text, verb, do)
	n.undo = true
	said := n.said
	return func() {
		if n.said == said {
			n.hide()
		}
	}
}

// takeBack undoes what was done last, as long as the bar offers it.
func (n *notice) takeBack() {
	if n.undo && n.box.Visible() && n.act.Visible() {
		n.act.OnTapped()
	}
}

func (n *notice) show(icon fyne.Resource, color fyne.ThemeColorName, text string) {
	n.icon.SetResource(stateIcon(icon, color))
	n.label.SetText(text)
	n.act.Hide()
	n.undo = false
	n.said++
	n.box.Show()
	n.resized()
}
