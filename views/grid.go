package views

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// gridOwner is what a grid asks of its table, whatever its records.
type gridOwner interface {
	typed(name fyne.KeyName, page int, shift bool) bool
	typedRune(r rune)
	shortcut(shortcut fyne.Shortcut)
	tapped(row, col int, modifier fyne.KeyModifier)
	tappedSecondary(row int, at fyne.Position)
	checkColumns() int
	open()

	widths(total float32) []float32
	onHeader(col int)
	dragged(col int, by float32) // a column's edge
	dropped()
	fit(col int)
}

// grid is Fyne's table with rows that are selected whole, and columns whose
// edges are dragged.
type grid struct {
	widget.Table
	owner   gridOwner
	scroll  *container.Scroll // of the rows
	laid    float32
	laying  bool // columns get their widths: rows are painted once they have
	focused bool
	shift   bool
	pressed bool // the button went down on a row, which took it
}

func newGrid(owner gridOwner) *grid {
	g := &grid{owner: owner}
	g.ShowHeaderRow, g.HideSeparators = true, true
	g.CreateCell = func() fyne.CanvasObject { return newCell() }
	g.CreateHeader = func() fyne.CanvasObject { return newHeader(g) }
	g.ExtendBaseWidget(g)
	return g
}

func (g *grid) CreateRenderer() fyne.WidgetRenderer {
	renderer := g.Table.CreateRenderer()
	for _, object := range renderer.Objects() {
		if scroll, ok := object.(*container.Scroll); ok {
			g.scroll = scroll
		}
	}
	return renderer
}

func (g *grid) Resize(size fyne.Size) {
	if size.Width != g.laid {
		g.laid = size.Width
		g.layColumns()
	}
	g.Table.Resize(size)
}

// layColumns gives the columns their widths.
func (g *grid) layColumns() {
	g.laying = true
	for col, width := range g.owner.widths(g.laid) {
		g.SetColumnWidth(col, width)
	}
	g.laying = false
	g.Refresh()
}

func (g *grid) MinSize() fyne.Size { return fyne.NewSize(120, 3*rowHeight) }

// reveal scrolls to a row, as little as it takes. Fyne's ScrollTo counts the
// header as a row of the content, and all rows before: of a million, too many.
func (g *grid) reveal(row int) {
	if g.scroll == nil || g.Size().Height < 3*rowHeight { // not laid out yet
		return
	}
	top, offset, height := float32(row)*rowHeight, g.scroll.Offset, g.scroll.Size().Height
	switch {
	case top < offset.Y:
		offset.Y = top
	case top+rowHeight > offset.Y+height:
		offset.Y = top + rowHeight - height
	default:
		return
	}
	g.ScrollToOffset(offset)
}

// below is where a menu of a row opens on the canvas, under its beginning; of
// the header where the row is out of sight.
func (g *grid) below(row int) fyne.Position {
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(g).AddXY(20, rowHeight)
	if g.scroll != nil {
		if y := float32(row+1)*rowHeight - g.scroll.Offset.Y; row >= 0 && y > 0 && y <= g.scroll.Size().Height {
			return at.AddXY(0, y)
		}
	}
	return at
}

func (g *grid) page() int { return max(1, int(g.Size().Height/rowHeight)-2) }

func (g *grid) TypedKey(event *fyne.KeyEvent)        { g.owner.typed(event.Name, g.page(), g.shift) }
func (g *grid) TypedRune(r rune)                     { g.owner.typedRune(r) }
func (g *grid) TypedShortcut(shortcut fyne.Shortcut) { g.owner.shortcut(shortcut) }

// KeyDown and KeyUp know whether Shift is held, which TypedKey does not tell.
func (g *grid) KeyDown(event *fyne.KeyEvent) { g.shift = g.shift || isShift(event.Name) }
func (g *grid) KeyUp(event *fyne.KeyEvent)   { g.shift = g.shift && !isShift(event.Name) }

func isShift(name fyne.KeyName) bool {
	return name == desktop.KeyShiftLeft || name == desktop.KeyShiftRight
}

// FocusGained and FocusLost repaint: where the keys go is to be seen.
func (g *grid) FocusGained() {
	g.focused = true
	g.Table.FocusGained()
	g.Refresh()
}

func (g *grid) FocusLost() {
	g.focused, g.shift = false, false
	g.Table.FocusLost()
}

// at is the cell at a position; -1, -1 beside all.
func (g *grid) at(position fyne.Position) (row, col int) {
	row, col = -1, -1
	g.OnHighlighted = func(id widget.TableCellID) { row, col = id.Row, id.Col }
	g.MouseOut()
	g.MouseMoved(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: position}})
	g.OnHighlighted = nil
	g.MouseOut()
	return row, col
}

// focus takes the keys to the table.
func (g *grid) focus() {
	if canvas := fyne.CurrentApp().Driver().CanvasForObject(g); canvas != nil {
		canvas.Focus(g)
	}
}

// press takes the keys to the table and selects.
func (g *grid) press(position fyne.Position, modifier fyne.KeyModifier) {
	g.focus()
	if row, col := g.at(position); row >= 0 {
		g.owner.tapped(row, col, modifier)
	}
}

// MouseDown selects at once: Tapped comes only when no double tap can follow.
func (g *grid) MouseDown(event *desktop.MouseEvent) {
	if event.Button == desktop.MouseButtonPrimary {
		g.pressed = true
		g.press(event.Position, event.Modifier)
	}
}

func (g *grid) MouseUp(*desktop.MouseEvent) {}

// Tapped selects where there is no mouse.
func (g *grid) Tapped(event *fyne.PointEvent) {
	if !g.pressed {
		g.press(event.Position, 0)
	}
	g.pressed = false
}

func (g *grid) TappedSecondary(event *fyne.PointEvent) {
	g.focus()
	row, _ := g.at(event.Position)
	g.owner.tappedSecondary(row, event.AbsolutePosition)
}

// DoubleTapped opens the row; two taps on a box are two.
func (g *grid) DoubleTapped(event *fyne.PointEvent) {
	g.Tapped(event)
	if row, col := g.at(event.Position); row >= 0 && col >= g.owner.checkColumns() {
		g.owner.open()
	}
}
