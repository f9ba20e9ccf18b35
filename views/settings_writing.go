package views

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// writing is a field of several lines, as high as its text, that tells when
// the caret comes into it. Tab leaves it.
type writing struct {
	entry
	onFocus func()
	onGrown func()        // it needs another height
	ruler   *widget.Label // wraps as the field does, and so tells its height
}

func newWriting(w *Window, onFocus func()) *writing {
	e := &writing{onFocus: onFocus, ruler: widget.NewLabel("")}
	e.window = w
	e.ruler.Wrapping = fyne.TextWrapWord
	e.MultiLine, e.Wrapping = true, fyne.TextWrapWord
	e.ExtendBaseWidget(e)
	return e
}

func (e *writing) AcceptsTab() bool { return false }

func (e *writing) FocusGained() {
	e.entry.FocusGained()
	if e.onFocus != nil {
		e.onFocus()
	}
}

// MinSize is narrow, and as high as the text at the width there is.
func (e *writing) MinSize() fyne.Size {
	if e.ruler.Text != e.Text {
		e.ruler.SetText(e.Text)
	}
	height := e.ruler.MinSize().Height + 2*theme.InputBorderSize()
	return fyne.NewSize(e.entry.MinSize().Width, height)
}

func (e *writing) Resize(size fyne.Size) {
	turned := size.Width != e.ruler.Size().Width
	e.ruler.Resize(fyne.NewSize(size.Width, 1))
	e.entry.Resize(size)
	if turned {
		e.grow()
	}
}

// grow asks for another height if the text needs one.
func (e *writing) grow() {
	if e.onGrown != nil && e.MinSize().Height != e.Size().Height {
		e.onGrown()
	}
}
