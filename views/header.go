package views

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// header is the title of a column: a tap sorts by it, its edges are dragged.
type header struct {
	widget.BaseWidget
	grid   *grid
	label  *widget.Label
	icon   *canvas.Image
	rule   *fill // under it, in the accent while the table has the keys
	edge   *fill // on its right
	before *grip // the edge of the column before
	after  *grip // its own
	col    int
	first  int // the first column that has a title
	last   bool
	right  bool
}

func newHeader(g *grid) *header {
	h := &header{
		grid: g, label: line(""), icon: &canvas.Image{FillMode: canvas.ImageFillContain},
		rule: newFill(theme.ColorNameSeparator, 0), edge: newFill(theme.ColorNameSeparator, 0),
	}
	h.before, h.after = newGrip(h, -1), newGrip(h, 0)
	h.label.SizeName = theme.SizeNameCaptionText
	h.label.TextStyle.Bold = true
	h.ExtendBaseWidget(h)
	return h
}

func (h *header) show(title string, right bool, order int, focused bool) {
	h.right = right
	h.label.Alignment = fyne.TextAlignLeading
	if right {
		h.label.Alignment = fyne.TextAlignTrailing
	}
	h.label.SetText(title)
	h.icon.Hidden = order == 0
	h.icon.Resource = theme.MoveUpIcon()
	if order < 0 {
		h.icon.Resource = theme.MoveDownIcon()
	}
	h.rule.name = theme.ColorNameSeparator
	if focused {
		h.rule.name = theme.ColorNamePrimary
	}
	h.before.Hidden, h.after.Hidden, h.edge.Hidden = h.col <= h.first, h.col < h.first, h.col < h.first || h.last
	h.Refresh()
}

func (h *header) Tapped(*fyne.PointEvent) { h.grid.owner.onHeader(h.col) }

func (h *header) TappedSecondary(event *fyne.PointEvent) {
	h.grid.focus()
	h.grid.owner.tappedSecondary(-1, event.AbsolutePosition)
}

func (h *header) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(container.New(headerLayout{h}, newFill(theme.ColorNameHeaderBackground, 0), h.rule, h.edge, h.label, h.icon, h.before, h.after))
}

type headerLayout struct{ header *header }

func (l headerLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(24, rowHeight) }

func (l headerLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	h := l.header
	objects[0].Resize(size)
	thick := float32(1)
	if h.rule.name == theme.ColorNamePrimary {
		thick = 2
	}
	h.rule.Resize(fyne.NewSize(size.Width, thick))
	h.rule.Move(fyne.NewPos(0, size.Height-thick))
	h.edge.Resize(fyne.NewSize(1, size.Height-12))
	h.edge.Move(fyne.NewPos(size.Width-1, 6))
	h.before.Resize(fyne.NewSize(gripWidth/2, size.Height))
	h.after.Resize(fyne.NewSize(gripWidth, size.Height))
	h.after.Move(fyne.NewPos(size.Width-gripWidth, 0))
	h.icon.Resize(fyne.NewSize(12, 12))
	labelWidth, left := size.Width-1, float32(1)
	if h.right {
		labelWidth -= 7
	}
	if h.icon.Visible() {
		labelWidth -= 14
		h.icon.Move(fyne.NewPos(size.Width-15, (size.Height-12)/2))
		if !h.right {
			text := fyne.MeasureText(h.label.Text, theme.CaptionTextSize(), h.label.TextStyle).Width
			h.icon.Move(fyne.NewPos(min(left+text+8, size.Width-15), (size.Height-12)/2))
		}
	}
	height := h.label.MinSize().Height
	h.label.Resize(fyne.NewSize(max(0, labelWidth), height))
	h.label.Move(fyne.NewPos(left, (size.Height-height)/2))
}

// gripWidth is how much of a header's end can be grasped; as of the next one's
// beginning, half of it.
const gripWidth = 6

// grip is where a column's edge is grasped: dragged, or double tapped for the
// width that its texts need.
type grip struct {
	widget.BaseWidget
	header *header
	off    int // 0: the header's own column, -1: the one before
}

func newGrip(h *header, off int) *grip {
	g := &grip{header: h, off: off}
	g.ExtendBaseWidget(g)
	return g
}

func (g *grip) owner() gridOwner { return g.header.grid.owner }
func (g *grip) col() int         { return g.header.col + g.off }

func (g *grip) Dragged(event *fyne.DragEvent) { g.owner().dragged(g.col(), event.Dragged.DX) }
func (g *grip) DragEnd()                      { g.owner().dropped() }
func (g *grip) DoubleTapped(*fyne.PointEvent) { g.owner().fit(g.col()) }
func (g *grip) Cursor() desktop.Cursor        { return desktop.HResizeCursor }
func (g *grip) MinSize() fyne.Size            { return fyne.Size{} }
func (g *grip) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(container.NewWithoutLayout())
}
