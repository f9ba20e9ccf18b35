package views

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// pane is a part of a screen beside others. One of them takes what room is
// left: its width is 0.
type pane struct {
	object fyne.CanvasObject
	name   string // of the preference that keeps its width
	width  float32
	least  float32
}

// newPanes lays panes out beside each other, with edges that a person drags, or
// double-clicks for the width at first. Widths are kept in the preferences.
func newPanes(preferences fyne.Preferences, list ...pane) fyne.CanvasObject {
	l := &panesLayout{preferences: preferences, panes: list, widths: make([]float32, len(list))}
	l.box = &fyne.Container{Layout: l}
	for i, p := range list {
		l.box.Objects = append(l.box.Objects, p.object)
		if p.width > 0 {
			l.widths[i] = float32(preferences.FloatWithFallback(p.name, float64(p.width)))
		}
	}
	for i := 1; i < len(list); i++ { // over the panes, to be grasped
		if list[i].width > 0 {
			l.addEdge(i, -1)
		} else {
			l.addEdge(i-1, 1)
		}
	}
	return l.box
}

type panesLayout struct {
	preferences fyne.Preferences
	panes       []pane
	widths      []float32 // as wanted; 0 for what takes the rest
	box         *fyne.Container
}

// addEdge adds the edge that sets a pane's width; direction is 1 when the pane
// is on its left.
func (l *panesLayout) addEdge(of int, direction float32) {
	e := &edge{}
	e.drag = func(by float32) {
		l.widths[of] = max(l.panes[of].least, l.box.Objects[of].Size().Width+direction*by)
		l.box.Refresh()
	}
	e.keep = func() { l.preferences.SetFloat(l.panes[of].name, float64(l.box.Objects[of].Size().Width)) }
	e.reset = func() {
		l.widths[of] = l.panes[of].width
		l.box.Refresh()
		e.keep()
	}
	e.ExtendBaseWidget(e)
	l.box.Objects = append(l.box.Objects, e)
}

// edgeGrip is how wide the part of an edge is that can be grasped.
const edgeGrip = 7

func (l *panesLayout) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(l.least(len(l.panes)), 400)
}

// least is the width that the first panes need.
func (l *panesLayout) least(panes int) float32 {
	width := float32(panes - 1)
	for _, p := range l.panes[:panes] {
		width += p.least
	}
	return width
}

// show shows the panes that there is room for, and tells how many those are: one
// beside what takes the rest goes rather than stand half out of the window.
func (l *panesLayout) show(objects []fyne.CanvasObject, width float32) int {
	panes := len(l.panes)
	for panes > 1 && l.panes[panes-1].width > 0 && l.least(panes) > width {
		panes--
	}
	for i := range l.panes {
		setVisible(objects[i], i < panes)
		if i > 0 {
			setVisible(objects[len(l.panes)+i-1], i < panes)
		}
	}
	return panes
}

func (l *panesLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	panes := l.show(objects, size.Width)
	missing := max(0, l.least(panes)-size.Width) // then what takes the rest has less, too
	rest := size.Width - float32(panes-1)
	for i, p := range l.panes[:panes] {
		if p.width == 0 {
			rest -= p.least
		} else {
			rest -= max(p.least, l.widths[i])
		}
	}
	x := float32(0)
	for i, p := range l.panes[:panes] {
		width := max(p.least, l.widths[i])
		switch {
		case p.width == 0:
			width = p.least + max(0, rest) - missing
		case rest < 0: // too narrow for all that is wanted
			given := min(width-p.least, -rest)
			width, rest = width-given, rest+given
		}
		objects[i].Move(fyne.NewPos(x, 0))
		objects[i].Resize(fyne.NewSize(width, size.Height))
		x += width
		if i < panes-1 {
			grip := objects[len(l.panes)+i]
			grip.Move(fyne.NewPos(x-edgeGrip/2, 0))
			grip.Resize(fyne.NewSize(edgeGrip, size.Height))
			x++
		}
	}
}

// edge is the line between two panes.
type edge struct {
	widget.BaseWidget
	drag  func(by float32)
	keep  func()
	reset func()
}

func (e *edge) CreateRenderer() fyne.WidgetRenderer {
	return &edgeRenderer{canvas.NewRectangle(theme.Color(theme.ColorNameSeparator))}
}

func (e *edge) Dragged(event *fyne.DragEvent) { e.drag(event.Dragged.DX) }
func (e *edge) DragEnd()                      { e.keep() }
func (e *edge) DoubleTapped(*fyne.PointEvent) { e.reset() }
func (e *edge) Cursor() desktop.Cursor        { return desktop.HResizeCursor }

type edgeRenderer struct{ line *canvas.Rectangle }

func (r *edgeRenderer) Layout(size fyne.Size) {
	r.line.Move(fyne.NewPos(edgeGrip/2, 0))
	r.line.Resize(fyne.NewSize(1, size.Height))
}

func (r *edgeRenderer) MinSize() fyne.Size           { return fyne.NewSize(edgeGrip, 1) }
func (r *edgeRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.line} }
func (r *edgeRenderer) Destroy()                     {}

func (r *edgeRenderer) Refresh() {
	r.line.FillColor = theme.Color(theme.ColorNameSeparator)
	r.line.Refresh()
}
