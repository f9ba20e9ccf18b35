package views

import (
	"image"
	"image/color"
	"math"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"guichet/data"
)

const (
	sheetMargin        = 14 // around the paper, with room for a scroll bar
	millimetresPerInch = 25.4
)

// The paper is white in every theme, and so is what lies on it the same.
var (
	paperEdge = color.NRGBA{A: 0x30}
	// An envelope hides the sheet: what may be seen of it is veiled lightly.
	veilHidden   = color.NRGBA{R: 0x2a, G: 0x2a, B: 0x40, A: 0x70}
	veilSometime = color.NRGBA{R: 0x2a, G: 0x2a, B: 0x40, A: 0x26}
	windowEdge   = lightColors[theme.ColorNamePrimary]
)

// sheetWindow is what an envelope shows of a sheet.
type sheetWindow struct{ visible, sure data.Rectangle }

// sheet is a page on its paper. It takes the keys of the preview, and is
// dragged when it is larger than the view.
type sheet struct {
	widget.BaseWidget
	preview *preview
	picture image.Image // nil: none
	dpi     float64     // of the picture
	paper   [2]float64  // width and height in millimetres
	window  *sheetWindow
	ring    *canvas.Rectangle // around the view while the sheet has the focus
}

func newSheet(p *preview) *sheet {
	s := &sheet{preview: p, paper: [2]float64{210, 297}, ring: canvas.NewRectangle(color.Transparent)}
	s.ring.StrokeWidth, s.ring.Hidden = 2, true
	s.ExtendBaseWidget(s)
	return s
}

// paint shows a picture, or none.
func (s *sheet) paint(picture image.Image, dpi float64) {
	s.picture, s.dpi = picture, dpi
	if picture != nil {
		for i, pixels := range []int{picture.Bounds().Dx(), picture.Bounds().Dy()} {
			// Rounding to pixels is no other paper.
			if found := float64(pixels) / dpi * millimetresPerInch; math.Abs(found-s.paper[i]) > 1 {
				s.paper[i] = found
			}
		}
	}
	s.Refresh()
}

// sizeAt is the paper's size on the screen.
func (s *sheet) sizeAt(zoom float64) fyne.Size {
	scale := zoom * screenDPI / millimetresPerInch
	return fyne.NewSize(float32(s.paper[0]*scale), float32(s.paper[1]*scale))
}

// size is sizeAt as the preview shows it: a pixel a pixel when the picture was
// made for this size.
func (s *sheet) size() fyne.Size {
	scale := s.preview.f.w.window.Canvas().Scale()
	wanted := s.sizeAt(s.preview.zoom)
	if s.picture != nil {
		exact := fyne.NewSize(float32(s.picture.Bounds().Dx())/scale, float32(s.picture.Bounds().Dy())/scale)
		if off := exact.Subtract(wanted); max(off.Width, -off.Width, off.Height, -off.Height)*scale <= 4 {
			return exact
		}
	}
	return wanted
}

func (s *sheet) MinSize() fyne.Size { return s.size().AddWidthHeight(2*sheetMargin, 2*sheetMargin) }

func (s *sheet) Tapped(*fyne.PointEvent) { s.preview.f.w.window.Canvas().Focus(s) }

// Dragged moves the page under the hand.
func (s *sheet) Dragged(event *fyne.DragEvent) {
	scroll := s.preview.scroll
	scroll.ScrollToOffset(scroll.Offset.SubtractXY(event.Dragged.DX, event.Dragged.DY))
}

func (s *sheet) DragEnd() {}

func (s *sheet) FocusGained() { s.mark(true) }

func (s *sheet) FocusLost() { s.mark(false) }

func (s *sheet) mark(focused bool) {
	s.ring.Hidden = !focused
	s.ring.Refresh()
}

func (s *sheet) TypedRune(r rune) {
	if !pressLetter(s.preview.keyGroup().keys, r) {
		s.preview.f.w.typed(r)
	}
}

func (s *sheet) TypedKey(event *fyne.KeyEvent) {
	if !press(s.preview.keyGroup().keys, event.Name, 0) {
		s.preview.f.w.pressed(event.Name, 0)
	}
}

// keyGroup are the keys of the page that is looked at. On a screen with a list,
// the list's keys come first.
func (p *preview) keyGroup() keyGroup {
	const step = 40
	former, next := func() { p.turn(p.page - 1) }, func() { p.turn(p.page + 1) }
	move := func(by float32) func() {
		return func() { p.scroll.ScrollToOffset(p.scroll.Offset.AddXY(0, by)) }
	}
	return keyGroup{lang.L("Sur l’aperçu, une fois choisi d’un clic"), []key{
		{name: fyne.KeyRight, says: lang.L("la page suivante, la précédente"), do: next},
		{name: fyne.KeyLeft, do: former},
		{name: fyne.KeyPageDown, do: next},
		{name: fyne.KeyPageUp, do: former},
		{name: fyne.KeyHome, says: lang.L("la première page, la dernière"), do: func() { p.turn(0) }},
		{name: fyne.KeyEnd, do: func() { p.turn(p.source.count - 1) }},
		{name: fyne.KeyDown, says: lang.L("descendre, monter dans la page"), do: move(step)},
		{name: fyne.KeyUp, do: move(-step)},
		{letters: "+=", says: lang.L("agrandir, réduire"), do: func() { p.onZoom(1) }},
		{letters: "-−", do: func() { p.onZoom(-1) }},
	}}
}

func (s *sheet) CreateRenderer() fyne.WidgetRenderer {
	r := &sheetRenderer{sheet: s, paper: canvas.NewRectangle(color.White), picture: &canvas.Image{}}
	r.paper.StrokeColor, r.paper.StrokeWidth = paperEdge, 1
	r.paper.Shadow = canvas.Shadow{Color: color.NRGBA{A: 0x38}, BlurRadius: 6, Offset: fyne.NewPos(0, 2)}
	for i, colour := range []color.Color{veilHidden, veilSometime, windowEdge, windowEdge} {
		for side := range 4 {
			r.strips[4*i+side] = canvas.NewRectangle(colour)
		}
	}
	r.Refresh()
	return r
}

type sheetRenderer struct {
	sheet   *sheet
	paper   *canvas.Rectangle
	picture *canvas.Image
	// strips are, by four, what is hidden, what may be seen, and the edges of
	// what may be and of what always is seen. A rectangle with a stroke would
	// lose its edges where the view cuts it.
	strips [16]*canvas.Rectangle
}

func (r *sheetRenderer) Objects() []fyne.CanvasObject {
	objects := []fyne.CanvasObject{r.paper, r.picture}
	for _, strip := range r.strips {
		objects = append(objects, strip)
	}
	return objects
}

func (r *sheetRenderer) Destroy() {}

func (r *sheetRenderer) MinSize() fyne.Size { return r.sheet.MinSize() }

func (r *sheetRenderer) Refresh() {
	r.picture.Image = r.sheet.picture
	r.picture.Hidden = r.sheet.picture == nil
	for _, strip := range r.strips {
		strip.Hidden = r.sheet.window == nil
	}
	r.Layout(r.sheet.Size())
	r.sheet.ring.StrokeColor = theme.Color(theme.ColorNamePrimary)
	for _, object := range append(r.Objects(), r.sheet.ring) {
		object.Refresh()
	}
}

// Layout puts the paper in the middle, on whole pixels so that its picture
// stays sharp.
func (r *sheetRenderer) Layout(size fyne.Size) {
	scale := r.sheet.preview.f.w.window.Canvas().Scale()
	whole := func(v float32) float32 { return float32(math.Floor(float64(v*scale))) / scale }
	paper := r.sheet.size()
	at := fyne.NewPos(whole(max(0, size.Width-paper.Width)/2), whole(max(0, size.Height-paper.Height)/2))
	for _, object := range []fyne.CanvasObject{r.paper, r.picture} {
		object.Resize(paper)
		object.Move(at)
	}
	if r.sheet.window == nil {
		return
	}
	across, down := paper.Width/float32(r.sheet.paper[0]), paper.Height/float32(r.sheet.paper[1])
	point := func(x, y float64) fyne.Position {
		return at.AddXY(whole(float32(x)*across), whole(float32(y)*down))
	}
	for i, part := range r.sheet.window.strips(r.sheet.paper, float64(1/across)) {
		from, to := point(part.Left, part.Top), point(part.Right, part.Bottom)
		r.strips[i].Move(from)
		r.strips[i].Resize(fyne.NewSize(to.X-from.X, to.Y-from.Y))
	}
}

// strips are those of the renderer, with edges of a thickness.
func (w sheetWindow) strips(paper [2]float64, thickness float64) []data.Rectangle {
	all := data.Rectangle{Right: paper[0], Bottom: paper[1]}
	visible := within(w.visible, all)
	sure := within(w.sure, visible)
	return slices.Concat(
		around(visible, all), around(sure, visible),
		around(inset(visible, thickness), visible), around(inset(sure, 2*thickness), sure),
	)
}

func inset(r data.Rectangle, by float64) data.Rectangle {
	return data.Rectangle{Left: r.Left + by, Top: r.Top + by, Right: r.Right - by, Bottom: r.Bottom - by}
}

// within is the part of a rectangle inside another.
func within(r, outer data.Rectangle) data.Rectangle {
	return data.Rectangle{
		Left: min(max(r.Left, outer.Left), outer.Right), Top: min(max(r.Top, outer.Top), outer.Bottom),
		Right: max(min(r.Right, outer.Right), outer.Left), Bottom: max(min(r.Bottom, outer.Bottom), outer.Top),
	}
}

// around are the four strips of outer that a rectangle inside it leaves.
func around(r, outer data.Rectangle) []data.Rectangle {
	return []data.Rectangle{
		{Left: outer.Left, Top: outer.Top, Right: outer.Right, Bottom: r.Top},
		{Left: outer.Left, Top: r.Bottom, Right: outer.Right, Bottom: outer.Bottom},
		{Left: outer.Left, Top: r.Top, Right: r.Left, Bottom: r.Bottom},
		{Left: r.Right, Top: r.Top, Right: outer.Right, Bottom: r.Bottom},
	}
}

// windowLegend says what the two frames of a window mean.
func windowLegend() *fyne.Container {
	sample := func(veil color.Color, edge float32) fyne.CanvasObject {
		frame := canvas.NewRectangle(color.Transparent)
		frame.StrokeColor, frame.StrokeWidth = windowEdge, edge
		frame.SetMinSize(fyne.NewSize(26, 14))
		paper, shade := canvas.NewRectangle(color.White), canvas.NewRectangle(veil)
		return container.NewCenter(container.NewStack(paper, shade, frame))
	}
	text := func(text string) *widget.Label {
		label := widget.NewLabel(text)
		label.SizeName = theme.SizeNameCaptionText
		return label
	}
	return container.NewHBox(
		layout.NewSpacer(), sample(color.Transparent, 2), text(lang.L("toujours visible par la fenêtre")),
		sample(veilSometime, 1), text(lang.L("visible selon la position de la feuille")), layout.NewSpacer(),
	)
}
