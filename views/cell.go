package views

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// cellLook is how one cell looks.
type cellLook struct {
	text     string
	right    bool
	mono     bool
	bold     bool
	selected bool
	cursor   bool // the row where the keys are begins here
	focused  bool // the table has the keys
	icon     fyne.Resource
	color    fyne.ThemeColorName
	ink      color.Color // of the theme it was painted in
}

// cell is a cell of a table: an icon and a text over the row's ground.
type cell struct {
	widget.BaseWidget
	ground *fill
	rule   *fill
	bar    *fill
	icon   *canvas.Image
	label  *widget.Label
	look   cellLook
}

// cursorBar is how wide the line is that marks the cursor's row.
const cursorBar = 3

func newCell() *cell {
	c := &cell{
		ground: newFill(colorRow, 0), rule: newFill(colorRule, 0), bar: newFill(theme.ColorNamePrimary, 0),
		icon: &canvas.Image{FillMode: canvas.ImageFillContain}, label: line(""),
	}
	c.ground.Hidden, c.bar.Hidden, c.icon.Hidden = true, true, true
	c.ExtendBaseWidget(c)
	return c
}

// show paints the cell, unless it looks so already.
func (c *cell) show(look cellLook) {
	look.focused = look.focused && look.selected
	look.ink = theme.Color(theme.ColorNameForeground)
	if look == c.look {
		return
	}
	c.look = look
	c.label.Alignment = fyne.TextAlignLeading
	if look.right {
		c.label.Alignment = fyne.TextAlignTrailing
	}
	c.label.TextStyle = fyne.TextStyle{Monospace: look.mono, Bold: look.bold}
	c.label.SetText(look.text)
	c.ground.name, c.bar.name = colorRowIdle, colorQuiet
	if look.focused {
		c.ground.name, c.bar.name = colorRow, theme.ColorNamePrimary
	}
	c.ground.Hidden, c.bar.Hidden = !look.selected, !look.cursor
	c.icon.Hidden = look.icon == nil
	if look.icon != nil {
		c.icon.Resource = stateIcon(look.icon, look.color)
	}
	c.Refresh()
}

func (c *cell) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(container.New(cellLayout{c}, c.ground, c.rule, c.bar, c.icon, c.label))
}

type cellLayout struct{ cell *cell }

func (l cellLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(24, rowHeight) }

func (l cellLayout) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	c := l.cell
	c.ground.Resize(size)
	c.rule.Resize(fyne.NewSize(size.Width, 1))
	c.rule.Move(fyne.NewPos(0, size.Height-1))
	c.bar.Resize(fyne.NewSize(cursorBar, size.Height))
	left := float32(1)
	if c.look.icon != nil {
		c.icon.Resize(fyne.NewSize(16, 16))
		c.icon.Move(fyne.NewPos(7, (size.Height-16)/2))
		left = 21
	}
	height := c.label.MinSize().Height
	right := float32(-1) // up to the edge
	if c.look.right {
		right = 7
	}
	c.label.Resize(fyne.NewSize(max(0, size.Width-left-right), height))
	c.label.Move(fyne.NewPos(left, (size.Height-height)/2))
}
