package views

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// paletteEntry is the palette's field: what moves in the list or chooses from it
// is the list's.
type paletteEntry struct {
	entry
	palette *palette
}

func newPaletteEntry(p *palette) *paletteEntry {
	e := &paletteEntry{palette: p}
	e.window, e.Wrapping, e.Scroll = p.f.w, fyne.TextWrap(fyne.TextTruncateClip), fyne.ScrollHorizontalOnly
	e.ExtendBaseWidget(e)
	return e
}

// TypedKey moves in the list, runs what is chosen, or types.
func (e *paletteEntry) TypedKey(event *fyne.KeyEvent) {
	p := e.palette
	switch event.Name {
	case fyne.KeyDown:
		p.move(p.current + 1)
	case fyne.KeyUp:
		p.move(p.current - 1)
	case fyne.KeyPageDown:
		p.move(len(p.rows))
	case fyne.KeyPageUp:
		p.move(0)
	case fyne.KeyReturn, fyne.KeyEnter:
		if p.current < len(p.rows) {
			p.run(p.rows[p.current].command)
		}
	default:
		e.entry.TypedKey(event)
	}
}

// AcceptsTab keeps Tab in the field: there is nothing else to reach.
func (e *paletteEntry) AcceptsTab() bool { return true }

// paletteRow is one command of the list.
type paletteRow struct {
	widget.BaseWidget
	command command
	ground  *fill
	onTap   func()
}

func newPaletteRow(c command, onTap func()) *paletteRow {
	r := &paletteRow{command: c, ground: newFill(colorRow, 3), onTap: onTap}
	r.ground.Hide()
	r.ExtendBaseWidget(r)
	return r
}

func (r *paletteRow) mark(current bool) {
	r.ground.Hidden = !current
	r.ground.Refresh()
	r.Refresh()
}

// Tapped runs the command.
func (r *paletteRow) Tapped(*fyne.PointEvent) { r.onTap() }

// Cursor shows that the row can be tapped.
func (r *paletteRow) Cursor() desktop.Cursor { return desktop.PointerCursor }

func (r *paletteRow) CreateRenderer() fyne.WidgetRenderer {
	detail := line(r.command.detail)
	detail.Alignment, detail.Importance, detail.SizeName = fyne.TextAlignTrailing, widget.LowImportance, theme.SizeNameCaptionText
	icon := container.NewCenter(widget.NewIcon(stateIcon(r.command.icon, theme.ColorNameForeground)))
	row := container.New(share{0.62}, line(r.command.title), detail)
	return widget.NewSimpleRenderer(container.New(minHeight(rowHeight), container.NewStack(r.ground, container.NewBorder(nil, nil, padded(4, icon), nil, row))))
}

// share gives the first of two objects a part of the width, the second the rest.
type share struct{ first float32 }

func (share) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(0, max(objects[0].MinSize().Height, objects[1].MinSize().Height))
}

func (s share) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	first := size.Width * s.first
	for i, at := range []float32{0, first} {
		width := []float32{first, size.Width - first}[i]
		height := objects[i].MinSize().Height
		objects[i].Resize(fyne.NewSize(width, height))
		objects[i].Move(fyne.NewPos(at, (size.Height-height)/2))
	}
}
