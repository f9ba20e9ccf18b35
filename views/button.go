package views

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// button is a button that Enter taps too, and that leaves all other keys to the
// window. A ring around it shows that it has the focus: Fyne paints over its
// ground, which is what tells a main or a dangerous act.
type button struct {
	widget.Button
	ring *canvas.Rectangle
}

func newButton(text string, tapped func()) *button { return newIconButton(text, nil, tapped) }

func newIconButton(text string, icon fyne.Resource, tapped func()) *button {
	b := &button{ring: canvas.NewRectangle(color.Transparent)}
	b.ring.StrokeWidth, b.ring.Hidden = ringWidth, true
	b.Text, b.Icon, b.OnTapped = text, icon, tapped
	b.ExtendBaseWidget(b)
	return b
}

func (b *button) FocusGained() { b.mark(true) }
func (b *button) FocusLost()   { b.mark(false) }

func (b *button) mark(focused bool) {
	b.ring.Hidden = !focused
	b.Refresh()
}

func (b *button) TypedKey(event *fyne.KeyEvent) {
	switch event.Name {
	case fyne.KeySpace, fyne.KeyReturn, fyne.KeyEnter:
		b.Tapped(nil)
	default:
		if canvas := fyne.CurrentApp().Driver().CanvasForObject(b); canvas != nil && canvas.OnTypedKey() != nil {
			canvas.OnTypedKey()(event)
		}
	}
}

func (b *button) TypedRune(letter rune) {
	if canvas := fyne.CurrentApp().Driver().CanvasForObject(b); letter != ' ' && canvas != nil && canvas.OnTypedRune() != nil {
		canvas.OnTypedRune()(letter)
	}
}

func (b *button) CreateRenderer() fyne.WidgetRenderer {
	r := &buttonRenderer{b.Button.CreateRenderer(), b}
	r.paint()
	return r
}

// ringWidth is the width of the ring, which lies around the button.
const ringWidth = 2

type buttonRenderer struct {
	fyne.WidgetRenderer
	button *button
}

func (r *buttonRenderer) Objects() []fyne.CanvasObject {
	return append(r.WidgetRenderer.Objects(), r.button.ring)
}

func (r *buttonRenderer) Layout(size fyne.Size) {
	r.WidgetRenderer.Layout(size)
	r.button.ring.Move(fyne.NewPos(-ringWidth, -ringWidth))
	r.button.ring.Resize(size.AddWidthHeight(2*ringWidth, 2*ringWidth))
}

func (r *buttonRenderer) paint() {
	r.button.ring.StrokeColor, r.button.ring.CornerRadius = theme.Color(theme.ColorNameForeground), theme.Size(theme.SizeNameButtonRadius)+ringWidth
}

func (r *buttonRenderer) Refresh() {
	r.WidgetRenderer.Refresh()
	r.paint()
	r.button.ring.Refresh()
}
