package views

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// bar is one bar of a chart, with its value in words.
type bar struct {
	value float32
	text  string
	color fyne.ThemeColorName
}

// barGroup are bars that stand together over a label.
type barGroup struct {
	label string
	bars  []bar
}

// barChart draws groups of bars, each with its value.
type barChart struct {
	widget.BaseWidget
	groups []barGroup
}

func newBarChart() *barChart {
	c := &barChart{}
	c.ExtendBaseWidget(c)
	return c
}

func (c *barChart) show(groups []barGroup) {
	c.groups = groups
	c.Refresh()
}

func (c *barChart) CreateRenderer() fyne.WidgetRenderer { return &barChartRenderer{chart: c} }

const (
	chartHeight = 132
	chartText   = 11
	chartLine   = 15 // a line of text
	barWidth    = 26 // at most
)

type barChartRenderer struct {
	chart   *barChart
	objects []fyne.CanvasObject
}

func (r *barChartRenderer) Destroy()                     {}
func (r *barChartRenderer) Objects() []fyne.CanvasObject { return r.objects }
func (r *barChartRenderer) MinSize() fyne.Size           { return fyne.NewSize(480, chartHeight) }

func (r *barChartRenderer) Refresh() {
	r.Layout(r.chart.Size())
	canvas.Refresh(r.chart)
}

// Layout draws all anew, in the colours of the theme.
func (r *barChartRenderer) Layout(size fyne.Size) {
	r.objects = nil
	groups := r.chart.groups
	if len(groups) == 0 || size.Height < chartHeight/2 {
		return
	}
	var most float32
	for _, group := range groups {
		for _, b := range group.bars {
			most = max(most, b.value)
		}
	}
	floor := size.Height - chartLine - 2
	share := size.Width / float32(len(groups))
	for i, group := range groups {
		width := min(barWidth, (share-10)/float32(max(1, len(group.bars))))
		left := share*float32(i) + (share-width*float32(len(group.bars)))/2
		for n, b := range group.bars {
			if b.value > 0 {
				height := max(2, (floor-chartLine)*b.value/most)
				x := left + width*float32(n)
				r.rectangle(b.color, fyne.NewPos(x+1, floor-height), fyne.NewSize(width-2, height))
				r.text(b.text, theme.ColorNameForeground, fyne.NewPos(x, floor-height-chartLine), width)
			}
		}
		r.text(group.label, colorQuiet, fyne.NewPos(share*float32(i), floor+2), share)
	}
	r.rectangle(theme.ColorNameSeparator, fyne.NewPos(0, floor), fyne.NewSize(size.Width, 1))
}

func (r *barChartRenderer) rectangle(color fyne.ThemeColorName, at fyne.Position, size fyne.Size) {
	shape := canvas.NewRectangle(theme.Color(color))
	shape.Move(at)
	shape.Resize(size)
	r.objects = append(r.objects, shape)
}

// text writes a text in the middle of a width.
func (r *barChartRenderer) text(text string, color fyne.ThemeColorName, at fyne.Position, width float32) {
	label := canvas.NewText(text, theme.Color(color))
	label.TextSize, label.Alignment = chartText, fyne.TextAlignCenter
	label.Move(at)
	label.Resize(fyne.NewSize(width, chartLine))
	r.objects = append(r.objects, label)
}
