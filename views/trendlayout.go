package views

import "fyne.io/fyne/v2"

// trendHeadLayout sets a chart's title at the left, the choice of another at the
// right, and the legend before it; below the title where there is no room.
type trendHeadLayout struct{ width float32 }

const trendGap = 4

// fits tells whether all stand on a line.
func (l *trendHeadLayout) fits(objects []fyne.CanvasObject) bool {
	needs := float32(2 * trendGap)
	for _, object := range objects {
		needs += object.MinSize().Width
	}
	return l.width >= needs
}

func (l *trendHeadLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	title, legend, choice := objects[0].MinSize(), objects[1].MinSize(), objects[2].MinSize()
	least := fyne.NewSize(max(title.Width+choice.Width, legend.Width), max(title.Height, choice.Height))
	if !l.fits(objects) {
		least.Height += legend.Height
	}
	return least
}

func (l *trendHeadLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	l.width = size.Width
	title, legend, choice := objects[0].MinSize(), objects[1].MinSize(), objects[2].MinSize()
	row := max(title.Height, choice.Height)
	place := func(object fyne.CanvasObject, x, y, width, height float32) {
		object.Move(fyne.NewPos(x, y))
		object.Resize(fyne.NewSize(width, height))
	}
	place(objects[0], 0, 0, title.Width, row)
	place(objects[2], size.Width-choice.Width, 0, choice.Width, row)
	if l.fits(objects) {
		place(objects[1], size.Width-choice.Width-trendGap-legend.Width, 0, legend.Width, row)
	} else {
		place(objects[1], 2*trendGap, row, legend.Width, legend.Height)
	}
}

// trendLayout sets a chart's table beside it, where the chart has room enough.
type trendLayout struct{}

// leastChart is the width under which bars and weeks run into each other.
const leastChart = 210

func (trendLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(leastChart, max(objects[0].MinSize().Height, objects[1].MinSize().Height))
}

func (trendLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	chart, table := objects[0], objects[1]
	width := table.MinSize().Width
	setVisible(table, size.Width-width >= leastChart)
	if !table.Visible() {
		width = 0
	}
	chart.Resize(fyne.NewSize(size.Width-width, size.Height))
	table.Move(fyne.NewPos(size.Width-width, 0))
	table.Resize(fyne.NewSize(width, size.Height))
}
