package views

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// navigation is the list of screens on the left.
type navigation struct {
	items []*navItem
	box   *fyne.Container
	show  func(screen)
	find  func() // opens the palette
}

func newNavigation(show func(screen), find func()) *navigation {
	return &navigation{box: container.New(layout.NewCustomPaddedVBoxLayout(2)), show: show, find: find}
}

func (n *navigation) content() fyne.CanvasObject {
	find := newIconButton("Ctrl+K", theme.SearchIcon(), n.find)
	find.Importance = widget.LowImportance
	name := subheading("Guichet")
	name.Truncation = fyne.TextTruncateEllipsis
	title := container.New(navTitle{}, name, find)
	return ground(colorPanel, padded(8, container.NewBorder(container.New(layout.NewCustomPaddedLayout(0, 10, 0, 0), title), nil, nil, nil, n.box)))
}

func (n *navigation) add(text string, icon fyne.Resource, s screen) {
	item := newNavItem(text, icon, s, func() { n.show(s) })
	n.items = append(n.items, item)
	n.box.Add(item)
}

func (n *navigation) mark(s screen) {
	for _, item := range n.items {
		item.marked = item.screen == s
		item.Refresh()
	}
}

func (n *navigation) count(s screen, count int) {
	for _, item := range n.items {
		if item.screen == s {
			item.count = count
			item.Refresh()
		}
	}
}

// navItem is a row that a tap opens: an icon, a word, and how much waits. The
// views of a list are such rows too, without a screen.
type navItem struct {
	widget.BaseWidget
	screen screen
	text   string
	icon   fyne.Resource
	count  int
	marked bool
	onTap  func()
}

func newNavItem(text string, icon fyne.Resource, s screen, onTap func()) *navItem {
	item := &navItem{screen: s, text: text, icon: icon, onTap: onTap}
	item.ExtendBaseWidget(item)
	return item
}

func (i *navItem) Tapped(*fyne.PointEvent) { i.onTap() }

func (i *navItem) CreateRenderer() fyne.WidgetRenderer {
	r := &navRenderer{
		item: i, ground: newFill(colorRow, 4), icon: canvas.NewImageFromResource(i.icon),
		label: line(i.text), badge: newFill(colorBadge, 9), count: canvas.NewText("", nil),
	}
	r.icon.FillMode = canvas.ImageFillContain
	r.Refresh()
	return r
}

type navRenderer struct {
	item   *navItem
	ground *fill
	icon   *canvas.Image
	label  *widget.Label
	badge  *fill
	count  *canvas.Text
}

func (r *navRenderer) Destroy() {}

func (r *navRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.ground, r.icon, r.label, r.badge, r.count}
}

func (r *navRenderer) MinSize() fyne.Size { return fyne.NewSize(24, 32) }

// narrowItem is the width below which an item shows no word.
const narrowItem = 90

func (r *navRenderer) Layout(size fyne.Size) {
	r.ground.Resize(size)
	left, margin, room := float32(4), float32(6), float32(12)
	narrow := size.Width < narrowItem && r.item.icon != nil
	r.label.Hidden = narrow
	if r.item.icon != nil {
		r.icon.Resize(fyne.NewSize(18, 18))
		r.icon.Move(fyne.NewPos(9, (size.Height-18)/2))
		left = 30
	}
	if narrow {
		margin, room = 0, 4
		r.icon.Move(fyne.NewPos(2, (size.Height-18)/2))
	}
	badge := float32(0)
	if r.item.count > 0 {
		text := r.count.MinSize()
		badge = max(22, text.Width+room)
		r.badge.Resize(fyne.NewSize(badge, 18))
		r.badge.Move(fyne.NewPos(size.Width-badge-margin, (size.Height-18)/2))
		r.count.Move(fyne.NewPos(size.Width-margin-badge+(badge-text.Width)/2, (size.Height-text.Height)/2))
		r.count.Resize(text)
		badge += 2
	}
	height := r.label.MinSize().Height
	r.label.Move(fyne.NewPos(left, (size.Height-height)/2))
	r.label.Resize(fyne.NewSize(size.Width-left-badge, height))
}

func (r *navRenderer) Refresh() {
	name := theme.ColorNameForeground
	if r.item.marked {
		name = theme.ColorNamePrimary
	}
	r.ground.Hidden = !r.item.marked
	if r.item.icon != nil {
		r.icon.Resource = stateIcon(r.item.icon, name)
		r.icon.Refresh()
	}
	r.label.Text, r.label.TextStyle.Bold = r.item.text, r.item.marked
	r.label.Refresh()
	r.badge.Hidden, r.count.Hidden = r.item.count == 0, r.item.count == 0
	r.count.Text, r.count.TextSize, r.count.Color = number(r.item.count), theme.CaptionTextSize(), theme.Color(theme.ColorNameForeground)
	r.count.TextStyle.Bold = true
	r.count.Refresh()
	r.badge.name = colorBadge
	if r.item.marked {
		r.badge.name = theme.ColorNameBackground
	}
	r.badge.Refresh()
	r.ground.Refresh()
	r.Layout(r.item.Size())
}

// navTitle lays out the program’s name and the search beside it; a narrow
// navigation has no room for them.
type navTitle struct{}

func (navTitle) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(0, objects[1].MinSize().Height)
}

func (navTitle) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	width := objects[1].MinSize().Width
	narrow := size.Width < narrowItem
	setVisible(objects[0], !narrow)
	setVisible(objects[1], !narrow)
	objects[0].Resize(fyne.NewSize(max(0, size.Width-width), size.Height))
	objects[1].Move(fyne.NewPos(size.Width-width, 0))
	objects[1].Resize(fyne.NewSize(width, size.Height))
}
