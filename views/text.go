package views

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

func heading(text string) *widget.Label {
	label := widget.NewLabelWithStyle(text, fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
	label.SizeName, label.Truncation = theme.SizeNameHeadingText, fyne.TextTruncateEllipsis
	return label
}

func subheading(text string) *widget.Label {
	label := widget.NewLabelWithStyle(text, fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
	label.SizeName = theme.SizeNameSubHeadingText
	return label
}

// caption is a small quiet text, wrapped.
func caption(text string) *prose {
	label := newProse(text)
	label.SizeName, label.Importance = theme.SizeNameCaptionText, widget.LowImportance
	return label
}

// line is a text on one line, cut with an ellipsis.
func line(text string) *widget.Label {
	label := widget.NewLabel(text)
	label.Truncation = fyne.TextTruncateEllipsis
	return label
}

// paragraph is a wrapped text that can be selected.
func paragraph(text string) *prose {
	label := newProse(text)
	label.Selectable = true
	return label
}

// mono is a text of fixed pitch.
func mono(text string) *widget.Label {
	return widget.NewLabelWithStyle(text, fyne.TextAlignLeading, fyne.TextStyle{Monospace: true})
}

// ground paints a theme's colour behind an object.
func ground(name fyne.ThemeColorName, object fyne.CanvasObject) fyne.CanvasObject {
	return container.NewStack(newFill(name, 0), object)
}

// fill is a rectangle of a theme's colour.
type fill struct {
	widget.BaseWidget
	name   fyne.ThemeColorName
	radius float32
	shape  *canvas.Rectangle
}

func newFill(name fyne.ThemeColorName, radius float32) *fill {
	f := &fill{name: name, radius: radius, shape: canvas.NewRectangle(color.Transparent)}
	f.shape.CornerRadius = radius
	f.ExtendBaseWidget(f)
	return f
}

func (f *fill) CreateRenderer() fyne.WidgetRenderer {
	f.shape.FillColor = theme.Color(f.name)
	return &fillRenderer{WidgetRenderer: widget.NewSimpleRenderer(f.shape), fill: f}
}

type fillRenderer struct {
	fyne.WidgetRenderer
	fill *fill
}

func (r *fillRenderer) Refresh() {
	r.fill.shape.FillColor = theme.Color(r.fill.name)
	r.fill.shape.Refresh()
}

func (r *fillRenderer) MinSize() fyne.Size { return fyne.Size{} }

// fixedWidth gives an object a width, and its own height.
type fixedWidth float32

func (w fixedWidth) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(float32(w), objects[0].MinSize().Height)
}

func (w fixedWidth) Layout(objects []fyne.CanvasObject, size fyne.Size) { objects[0].Resize(size) }

func wide(width float32, object fyne.CanvasObject) fyne.CanvasObject {
	return container.New(fixedWidth(width), object)
}

// atMost lays an object out in at most a width, at the left.
type atMost float32

func (w atMost) MinSize(objects []fyne.CanvasObject) fyne.Size { return objects[0].MinSize() }

func (w atMost) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	objects[0].Resize(fyne.NewSize(min(size.Width, float32(w)), size.Height))
}

// minHeight gives an object at least a height.
type minHeight float32

func (h minHeight) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return objects[0].MinSize().Max(fyne.NewSize(0, float32(h)))
}

func (h minHeight) Layout(objects []fyne.CanvasObject, size fyne.Size) { objects[0].Resize(size) }

// padded leaves a margin of n around an object.
func padded(n float32, object fyne.CanvasObject) *fyne.Container {
	return container.New(layout.NewCustomPaddedLayout(n, n, n, n), object)
}

// stateIcon is a small icon in a colour of the theme.
func stateIcon(icon fyne.Resource, name fyne.ThemeColorName) fyne.Resource {
	return theme.NewColoredResource(icon, name)
}

// facts is a list of names and values, in two columns.
func facts(pairs ...string) *fyne.Container {
	grid := container.New(layout.NewFormLayout())
	for i := 0; i+1 < len(pairs); i += 2 {
		name := widget.NewLabel(pairs[i])
		name.Importance = widget.LowImportance
		value := paragraph(pairs[i+1])
		grid.Add(name)
		grid.Add(value)
	}
	return grid
}

// outline is a hairline around a card.
type outline struct {
	widget.BaseWidget
	shape   *canvas.Rectangle
	focused bool
}

func newOutline(radius float32) *outline {
	o := &outline{shape: canvas.NewRectangle(color.Transparent)}
	o.shape.CornerRadius, o.shape.StrokeWidth = radius, 1
	o.ExtendBaseWidget(o)
	return o
}

// mark shows that what is outlined has the focus.
func (o *outline) mark(focused bool) {
	o.focused = focused
	o.Refresh()
}

func (o *outline) paint() {
	o.shape.StrokeColor, o.shape.StrokeWidth = theme.Color(theme.ColorNameSeparator), 1
	if o.focused {
		o.shape.StrokeColor, o.shape.StrokeWidth = theme.Color(theme.ColorNamePrimary), 2
	}
}

func (o *outline) CreateRenderer() fyne.WidgetRenderer {
	o.paint()
	return &outlineRenderer{widget.NewSimpleRenderer(o.shape), o}
}

type outlineRenderer struct {
	fyne.WidgetRenderer
	outline *outline
}

func (r *outlineRenderer) MinSize() fyne.Size { return fyne.Size{} }

func (r *outlineRenderer) Refresh() {
	r.outline.paint()
	r.outline.shape.Refresh()
}

// setVisible shows or hides an object.
func setVisible(object fyne.CanvasObject, visible bool) {
	if visible {
		object.Show()
	} else {
		object.Hide()
	}
}

// windowShare gives an object a part of the window's width, at most so much.
type windowShare struct {
	w        *Window
	of, most float32
}

func (s windowShare) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(min(s.most, s.of*s.w.window.Canvas().Size().Width), objects[0].MinSize().Height)
}

func (s windowShare) Layout(objects []fyne.CanvasObject, size fyne.Size) { objects[0].Resize(size) }

// windowText gives a text on one line the width that it takes, at most a part of
// the window's.
type windowText struct {
	w  *Window
	of float32
}

func (s windowText) MinSize(objects []fyne.CanvasObject) fyne.Size {
	label := objects[0].(*widget.Label)
	text := fyne.MeasureText(label.Text, theme.Size(label.SizeName), label.TextStyle).Width
	return fyne.NewSize(min(text+2*theme.InnerPadding()+1, s.of*s.w.window.Canvas().Size().Width), label.MinSize().Height)
}

func (s windowText) Layout(objects []fyne.CanvasObject, size fyne.Size) { objects[0].Resize(size) }

// newShade is the shadow of a card that lies over others.
func newShade(radius float32) fyne.CanvasObject {
	shape := canvas.NewRectangle(color.Transparent)
	shape.CornerRadius = radius
	shape.Shadow = canvas.Shadow{Color: color.NRGBA{A: 0x40}, BlurRadius: 14, Offset: fyne.NewPos(0, 3)}
	return shape
}
