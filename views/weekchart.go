package views

import (
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"guichet/data"
)

// weekSeries are what a week of letters is told by, in the order of its bars.
var weekSeries = []struct {
	state data.LetterState
	color fyne.ThemeColorName
	count func(data.LetterWeek) int
}{
	{data.Posted, theme.ColorNamePrimary, func(w data.LetterWeek) int { return w.Posted }},
	{data.Confirmed, theme.ColorNameSuccess, func(w data.LetterWeek) int { return w.Confirmed }},
	{data.Returned, theme.ColorNameWarning, func(w data.LetterWeek) int { return w.Returned }},
}

// weekChart draws how many letters were posted, confirmed and returned in each
// week: three bars, each with its number.
type weekChart struct {
	widget.BaseWidget
	weeks []data.LetterWeek
}

func newWeekChart() *weekChart {
	c := &weekChart{}
	c.ExtendBaseWidget(c)
	return c
}

func (c *weekChart) show(weeks []data.LetterWeek) {
	c.weeks = weeks
	c.Refresh()
}

func (c *weekChart) CreateRenderer() fyne.WidgetRenderer { return &weekChartRenderer{chart: c} }

// weekLegend names the bars, with their sum over all weeks.
func weekLegend(weeks []data.LetterWeek) *fyne.Container {
	legend := container.NewHBox()
	for _, series := range weekSeries {
		sum := 0
		for _, week := range weeks {
			sum += series.count(week)
		}
		square := container.NewCenter(container.New(layout.NewGridWrapLayout(fyne.NewSquareSize(10)), newFill(series.color, 2)))
		name := widget.NewLabel(word(series.state) + noBreak + number(sum))
		name.SizeName = theme.SizeNameCaptionText
		legend.Add(container.New(layout.NewCustomPaddedHBoxLayout(0), square, name))
	}
	return legend
}

const (
	chartHeight = 132
	chartText   = 11
	chartLine   = 15 // a line of text
	barWidth    = 26 // at most
)

type weekChartRenderer struct {
	chart   *weekChart
	objects []fyne.CanvasObject
}

func (r *weekChartRenderer) Destroy()                     {}
func (r *weekChartRenderer) Objects() []fyne.CanvasObject { return r.objects }
func (r *weekChartRenderer) MinSize() fyne.Size           { return fyne.NewSize(480, chartHeight) }

func (r *weekChartRenderer) Refresh() {
	r.Layout(r.chart.Size())
	canvas.Refresh(r.chart)
}

// Layout draws all anew, in the colours of the theme.
func (r *weekChartRenderer) Layout(size fyne.Size) {
	r.objects = nil
	if len(r.chart.weeks) == 0 || size.Height < chartHeight/2 {
		return
	}
	most := 1
	for _, week := range r.chart.weeks {
		for _, series := range weekSeries {
			most = max(most, series.count(week))
		}
	}
	floor := size.Height - chartLine - 2
	share := size.Width / float32(len(r.chart.weeks))
	bar := min(barWidth, (share-10)/float32(len(weekSeries)))
	for i, week := range r.chart.weeks {
		left := share*float32(i) + (share-bar*float32(len(weekSeries)))/2
		for n, series := range weekSeries {
			if count := series.count(week); count > 0 {
				height := max(2, (floor-chartLine)*float32(count)/float32(most))
				x := left + bar*float32(n)
				r.rectangle(series.color, fyne.NewPos(x+1, floor-height), fyne.NewSize(bar-2, height))
				r.text(number(count), theme.ColorNameForeground, fyne.NewPos(x, floor-height-chartLine), bar)
			}
		}
		r.text(weekLabel(week), colorQuiet, fyne.NewPos(share*float32(i), floor+2), share)
	}
	r.rectangle(theme.ColorNameSeparator, fyne.NewPos(0, floor), fyne.NewSize(size.Width, 1))
}

// weekLabel is a week's Monday: 23 nov.
func weekLabel(week data.LetterWeek) string {
	monday := week.Monday.In(data.Paris)
	return strconv.Itoa(monday.Day()) + noBreak + months()[monday.Month()-1]
}

func (r *weekChartRenderer) rectangle(color fyne.ThemeColorName, at fyne.Position, size fyne.Size) {
	shape := canvas.NewRectangle(theme.Color(color))
	shape.Move(at)
	shape.Resize(size)
	r.objects = append(r.objects, shape)
}

// text writes a text in the middle of a width.
func (r *weekChartRenderer) text(text string, color fyne.ThemeColorName, at fyne.Position, width float32) {
	label := canvas.NewText(text, theme.Color(color))
	label.TextSize, label.Alignment = chartText, fyne.TextAlignCenter
	label.Move(at)
	label.Resize(fyne.NewSize(width, chartLine))
	r.objects = append(r.objects, label)
}
