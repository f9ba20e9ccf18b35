package views

import (
	"math"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
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

// barChart draws groups of bars, each with its value where there is room for it:
// standing side by side, or lying under each other after their labels. The group
// under the mouse tells all of its values.
type barChart struct {
	widget.BaseWidget
	groups []barGroup
	series []string // the names of a group's bars
	lying  bool
	under  int // the group under the mouse, -1 for none
}

func newBarChart(series ...string) *barChart {
	c := &barChart{series: series, under: -1}
	c.ExtendBaseWidget(c)
	return c
}

func (c *barChart) show(groups []barGroup) {
	c.groups, c.under = groups, -1
	c.Refresh()
}

var _ desktop.Hoverable = (*barChart)(nil)

// MouseIn and MouseMoved tell the values of the group under the mouse.
func (c *barChart) MouseIn(e *desktop.MouseEvent)    { c.point(e.Position) }
func (c *barChart) MouseMoved(e *desktop.MouseEvent) { c.point(e.Position) }

// MouseOut takes them away.
func (c *barChart) MouseOut() { c.pointAt(-1) }

func (c *barChart) point(at fyne.Position) {
	share := at.X / c.Size().Width
	if c.lying {
		share = at.Y / c.Size().Height
	}
	under := int(share * float32(len(c.groups)))
	if under < 0 || under >= len(c.groups) {
		under = -1
	}
	c.pointAt(under)
}

func (c *barChart) pointAt(under int) {
	if c.under != under {
		c.under = under
		c.Refresh()
	}
}

// told are the values of the group under the mouse; empty for none.
func (c *barChart) told() string {
	if c.under < 0 || len(c.series) == 0 {
		return ""
	}
	group := c.groups[c.under]
	parts := []string{group.label}
	for i, b := range group.bars {
		parts = append(parts, c.series[i]+noBreak+b.text)
	}
	return strings.Join(parts, " · ")
}

func (c *barChart) CreateRenderer() fyne.WidgetRenderer { return &barChartRenderer{chart: c} }

const (
	chartHeight = 150
	chartText   = 11
	chartLine   = 15 // a line of text
	barWidth    = 26 // at most
	lyingRow    = 24 // at most
)

type barChartRenderer struct {
	chart   *barChart
	objects []fyne.CanvasObject
}

func (r *barChartRenderer) Destroy()                     {}
func (r *barChartRenderer) Objects() []fyne.CanvasObject { return r.objects }
func (r *barChartRenderer) MinSize() fyne.Size           { return fyne.NewSize(240, chartHeight) }

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
	most := mostOf(groups)
	if r.chart.lying {
		r.lie(size, most)
	} else {
		r.stand(size, most)
	}
	r.tell(size)
}

// mostOf is the largest value of a chart.
func mostOf(groups []barGroup) (most float32) {
	for _, group := range groups {
		for _, b := range group.bars {
			most = max(most, b.value)
		}
	}
	return most
}

// stand draws bars that stand on a line.
func (r *barChartRenderer) stand(size fyne.Size, most float32) {
	groups := r.chart.groups
	floor := size.Height - chartLine - 2
	share := size.Width / float32(len(groups))
	every := labelsEvery(groups, share)
	for i, group := range groups {
		width := min(barWidth, (share-10)/float32(max(1, len(group.bars))))
		left := share*float32(i) + (share-width*float32(len(group.bars)))/2
		if i == r.chart.under {
			r.rectangle(colorRow, fyne.NewPos(share*float32(i), 0), fyne.NewSize(share, size.Height))
		}
		for n, b := range group.bars {
			if b.value > 0 {
				height := max(2, (floor-chartLine)*b.value/most)
				x := left + width*float32(n)
				r.rectangle(b.color, fyne.NewPos(x+1, floor-height), fyne.NewSize(width-2, height))
				r.roomyText(b.text, fyne.NewPos(x, floor-height-chartLine), width)
			}
		}
		if (len(groups)-1-i)%every == 0 {
			width := max(share, textWidth(group.label)) // within the chart, the last one too
			left := min(share*float32(i)+(share-width)/2, size.Width-width)
			r.text(group.label, colorQuiet, fyne.NewPos(left, floor+2), width)
		}
	}
	r.rectangle(theme.ColorNameSeparator, fyne.NewPos(0, floor), fyne.NewSize(size.Width, 1))
}

// labelsEvery is of how many groups one is labelled, for the labels to stand
// apart.
func labelsEvery(groups []barGroup, share float32) int {
	widest := float32(0)
	for _, group := range groups {
		widest = max(widest, textWidth(group.label)+6)
	}
	return max(1, int(math.Ceil(float64(widest/share))))
}

// lie draws bars that lie after their labels, each with its value at its end.
func (r *barChartRenderer) lie(size fyne.Size, most float32) {
	groups := r.chart.groups
	labels, values := float32(0), float32(0)
	for _, group := range groups {
		labels = max(labels, textWidth(group.label))
		for _, b := range group.bars {
			values = max(values, textWidth(b.text))
		}
	}
	labels = min(labels+8, size.Width*0.6)
	share := min(lyingRow, size.Height/float32(len(groups)))
	for i, group := range groups {
		y := share * float32(i)
		if i == r.chart.under {
			r.rectangle(colorRow, fyne.NewPos(0, y), fyne.NewSize(size.Width, share))
		}
		label := r.text(group.label, theme.ColorNameForeground, fyne.NewPos(0, y+(share-chartLine)/2), labels-8)
		label.Alignment = fyne.TextAlignTrailing
		height := share / float32(len(group.bars))
		for n, b := range group.bars {
			width := (size.Width - labels - values - 8) * b.value / max(most, 1)
			r.rectangle(b.color, fyne.NewPos(labels, y+height*float32(n)+2), fyne.NewSize(max(2, width), height-4))
			end := r.text(b.text, theme.ColorNameForeground, fyne.NewPos(labels+max(2, width)+4, y+height*float32(n)+(height-chartLine)/2), values)
			end.Alignment = fyne.TextAlignLeading
		}
	}
}

// tell writes the values of the group under the mouse in the chart's corner.
func (r *barChartRenderer) tell(size fyne.Size) {
	told := r.chart.told()
	if told == "" || r.chart.lying { // each value stands at its bar's end
		return
	}
	width := textWidth(told) + 12
	at := fyne.NewPos(size.Width-width, 0)
	if r.chart.under > len(r.chart.groups)/2 {
		at.X = 0
	}
	r.rectangle(colorBadge, at, fyne.NewSize(width, chartLine+4))
	r.text(told, theme.ColorNameForeground, at.AddXY(6, 2), width-12)
}

func textWidth(text string) float32 { return fyne.MeasureText(text, chartText, fyne.TextStyle{}).Width }

// roomyText writes a bar's value over it, when it does not run into the next
// one's.
func (r *barChartRenderer) roomyText(text string, at fyne.Position, width float32) {
	if len(r.chart.series) > 1 && textWidth(text) > width {
		return
	}
	r.text(text, theme.ColorNameForeground, at, width)
}

func (r *barChartRenderer) rectangle(color fyne.ThemeColorName, at fyne.Position, size fyne.Size) {
	shape := canvas.NewRectangle(theme.Color(color))
	shape.Move(at)
	shape.Resize(size)
	r.objects = append(r.objects, shape)
}

// text writes a text in the middle of a width.
func (r *barChartRenderer) text(text string, color fyne.ThemeColorName, at fyne.Position, width float32) *canvas.Text {
	label := canvas.NewText(text, theme.Color(color))
	label.TextSize, label.Alignment = chartText, fyne.TextAlignCenter
	label.Move(at)
	label.Resize(fyne.NewSize(width, chartLine))
	r.objects = append(r.objects, label)
	return label
}
