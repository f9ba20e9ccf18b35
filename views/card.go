package views

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// card is a number that waits, leading to its list.
type card struct {
	widget.BaseWidget
	window *Window
	count  int
	text   string
	icon   fyne.Resource
	color  fyne.ThemeColorName
	onTap  func() // nil: it leads nowhere
	edge   *outline
}

// newCard makes a card; color is the icon's, empty for the accent.
func newCard(w *Window, count int, text string, icon fyne.Resource, color fyne.ThemeColorName, onTap func()) *card {
	c := &card{window: w, count: count, text: text, icon: icon, color: color, onTap: onTap, edge: newOutline(6)}
	c.ExtendBaseWidget(c)
	return c
}

var _ interface {
	fyne.Focusable
	desktop.Cursorable
} = (*card)(nil)

// Tapped opens the card's list, as Enter and Space do.
func (c *card) Tapped(*fyne.PointEvent) { c.onTap() }

// FocusGained and FocusLost show which card the keyboard opens.
func (c *card) FocusGained() { c.edge.mark(true) }
func (c *card) FocusLost()   { c.edge.mark(false) }

// TypedRune leaves letters to the screen.
func (c *card) TypedRune(r rune) { c.window.typed(r) }

// TypedKey opens the card's list; other keys are the window's.
func (c *card) TypedKey(event *fyne.KeyEvent) {
	switch event.Name {
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		c.Tapped(nil)
	default:
		c.window.pressed(event.Name, 0)
	}
}

// Cursor shows that the card leads somewhere.
func (c *card) Cursor() desktop.Cursor { return desktop.PointerCursor }

func (c *card) CreateRenderer() fyne.WidgetRenderer {
	color := c.color
	switch {
	case c.count == 0:
		color = theme.ColorNameDisabled
	case color == "":
		color = theme.ColorNamePrimary
	}
	return widget.NewSimpleRenderer(cardFace(number(c.count), c.text, c.icon, color, c.edge))
}

// cardFace is what a card shows; in the colour of what is disabled, it is quiet.
func cardFace(shown, told string, picture fyne.Resource, color fyne.ThemeColorName, edge *outline) fyne.CanvasObject {
	figure := widget.NewLabelWithStyle(shown, fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
	figure.SizeName = sizeFigure
	text := newProse(told)
	if color == theme.ColorNameDisabled {
		figure.Importance, text.Importance = widget.LowImportance, widget.LowImportance
	}
	icon := widget.NewIcon(stateIcon(picture, color))
	body := container.NewBorder(nil, nil, container.NewCenter(figure), container.NewCenter(icon), container.New(middleRow{}, text))
	return container.NewStack(newFill(colorCard, 6), edge, padded(6, body))
}

// middleRow gives an object the whole width, halfway up.
type middleRow struct{}

func (middleRow) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(objects[0].MinSize().Width, 0)
}

func (middleRow) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	objects[0].Resize(fyne.NewSize(size.Width, 0)) // a wrapped text's height is that of its width
	height := objects[0].MinSize().Height
	objects[0].Resize(fyne.NewSize(size.Width, height))
	objects[0].Move(fyne.NewPos(0, (size.Height-height)/2))
}

// cardGrid lays cards out in rows of four, or of fewer where four have no room.
type cardGrid struct {
	narrow int     // how many then
	width  float32 // as last laid out
}

const (
	cardsPerRow = 4
	cardLeast   = 236 // the width of a card in a row of four
	cardHeight  = 60
	cardGap     = 10
)

func newCardGrid(narrow int, cards ...fyne.CanvasObject) *fyne.Container {
	return container.New(&cardGrid{narrow: narrow}, cards...)
}

func (g *cardGrid) perRow() int {
	if g.width > 0 && g.width < cardsPerRow*(cardLeast+cardGap) {
		return g.narrow
	}
	return cardsPerRow
}

func (g *cardGrid) MinSize(objects []fyne.CanvasObject) fyne.Size {
	rows := float32((len(objects) + g.perRow() - 1) / g.perRow())
	return fyne.NewSize(600, rows*(cardHeight+cardGap)-cardGap)
}

func (g *cardGrid) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	g.width = size.Width
	perRow := g.perRow()
	width := (size.Width - cardGap*float32(perRow-1)) / float32(perRow)
	for i, object := range objects {
		object.Resize(fyne.NewSize(width, cardHeight))
		object.Move(fyne.NewPos(float32(i%perRow)*(width+cardGap), float32(i/perRow)*(cardHeight+cardGap)))
	}
}
