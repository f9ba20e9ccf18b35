package views

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// gridOwner is what a grid asks of its table, whatever its records.
type gridOwner interface {
	typed(name fyne.KeyName, page int) bool
	letter(letter rune)
	shortcut(name fyne.KeyName, modifier fyne.KeyModifier)
	tapped(row, col int)
	open()
	widths(total float32) []float32
}

// grid is Fyne's table with rows that are selected whole.
type grid struct {
	widget.Table
	owner gridOwner
	laid  float32
}

func (g *grid) Resize(size fyne.Size) {
	if size.Width != g.laid {
		g.laid = size.Width
		for col, width := range g.owner.widths(size.Width) {
			g.SetColumnWidth(col, width)
		}
	}
	g.Table.Resize(size)
}

func (g *grid) MinSize() fyne.Size { return fyne.NewSize(120, 3*rowHeight) }

// reveal scrolls to a row. Fyne's ScrollTo counts the header as a row of the
// content: a row above the view would stop just out of sight, hence the second
// call.
func (g *grid) reveal(row int) {
	switch {
	case g.Size().Height < 3*rowHeight: // not laid out yet
	case row == 0:
		g.ScrollToTop()
	default:
		g.ScrollTo(widget.TableCellID{Row: row})
		g.ScrollTo(widget.TableCellID{Row: row - 1})
	}
}

func (g *grid) page() int { return max(1, int(g.Size().Height/rowHeight)-2) }

func (g *grid) TypedKey(event *fyne.KeyEvent) { g.owner.typed(event.Name, g.page()) }

// TypedRune leaves letters to the window.
func (g *grid) TypedRune(letter rune) { g.owner.letter(letter) }

// TypedShortcut leaves the window's shortcuts to the window.
func (g *grid) TypedShortcut(shortcut fyne.Shortcut) {
	if custom, ok := shortcut.(*desktop.CustomShortcut); ok {
		g.owner.shortcut(custom.KeyName, custom.Modifier)
	}
}

// Tapped selects the row, and leaves no cell selected.
func (g *grid) Tapped(event *fyne.PointEvent) {
	g.OnSelected = func(id widget.TableCellID) { g.owner.tapped(id.Row, id.Col) }
	g.UnselectAll()
	g.Table.Tapped(event)
	g.OnSelected = nil
	g.UnselectAll()
}

// DoubleTapped opens the row.
func (g *grid) DoubleTapped(event *fyne.PointEvent) {
	g.Tapped(event)
	g.owner.open()
}

// cellLook is how one cell looks.
type cellLook struct {
	text     string
	right    bool
	mono     bool
	bold     bool
	selected bool
	icon     fyne.Resource
	color    fyne.ThemeColorName
}

// cell is a cell of a table: an icon and a text over the row's ground.
type cell struct {
	widget.BaseWidget
	ground *fill
	rule   *fill
	icon   *canvas.Image
	label  *widget.Label
	look   cellLook
}

func newCell() *cell {
	c := &cell{
		ground: newFill(colorRow, 0), rule: newFill(colorRule, 0),
		icon: &canvas.Image{FillMode: canvas.ImageFillContain}, label: line(""),
	}
	c.ground.Hidden, c.icon.Hidden = true, true
	c.ExtendBaseWidget(c)
	return c
}

func (c *cell) show(look cellLook) {
	c.look = look
	c.label.Alignment = fyne.TextAlignLeading
	if look.right {
		c.label.Alignment = fyne.TextAlignTrailing
	}
	c.label.TextStyle = fyne.TextStyle{Monospace: look.mono, Bold: look.bold}
	c.label.SetText(look.text)
	c.ground.Hidden = !look.selected
	c.icon.Hidden = look.icon == nil
	if look.icon != nil {
		c.icon.Resource = stateIcon(look.icon, look.color)
	}
	c.icon.Refresh()
	c.Refresh()
}

func (c *cell) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(container.New(cellLayout{c}, c.ground, c.rule, c.icon, c.label))
}

type cellLayout struct{ cell *cell }

func (l cellLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(24, rowHeight) }

func (l cellLayout) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	c := l.cell
	c.ground.Resize(size)
	c.rule.Resize(fyne.NewSize(size.Width, 1))
	c.rule.Move(fyne.NewPos(0, size.Height-1))
	left := float32(2)
	if c.look.icon != nil {
		c.icon.Resize(fyne.NewSize(16, 16))
		c.icon.Move(fyne.NewPos(7, (size.Height-16)/2))
		left = 22
	}
	height := c.label.MinSize().Height
	right := float32(0)
	if c.look.right {
		right = 8
	}
	c.label.Resize(fyne.NewSize(size.Width-left-right, height))
	c.label.Move(fyne.NewPos(left, (size.Height-height)/2))
}

// header is the title of a column; a tap sorts by it.
type header struct {
	widget.BaseWidget
	label *widget.Label
	icon  *canvas.Image
	col   int
	onTap func(col int)
	right bool
}

func newHeader(onTap func(int)) *header {
	h := &header{label: line(""), icon: &canvas.Image{FillMode: canvas.ImageFillContain}, onTap: onTap}
	h.label.SizeName = theme.SizeNameCaptionText
	h.label.TextStyle.Bold = true
	h.ExtendBaseWidget(h)
	return h
}

func (h *header) show(title string, right bool, order int) {
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
	h.icon.Refresh()
	h.Refresh()
}

func (h *header) Tapped(*fyne.PointEvent) { h.onTap(h.col) }

func (h *header) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(container.New(headerLayout{h}, newFill(theme.ColorNameHeaderBackground, 0), newFill(theme.ColorNameSeparator, 0), h.label, h.icon))
}

type headerLayout struct{ header *header }

func (l headerLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(24, rowHeight) }

func (l headerLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	objects[0].Resize(size)
	objects[1].Resize(fyne.NewSize(size.Width, 1))
	objects[1].Move(fyne.NewPos(0, size.Height-1))
	h := l.header
	h.icon.Resize(fyne.NewSize(12, 12))
	labelWidth, left := size.Width-2, float32(2)
	if h.right {
		labelWidth -= 8
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
	h.label.Resize(fyne.NewSize(labelWidth, height))
	h.label.Move(fyne.NewPos(left, (size.Height-height)/2))
}
