package views

import (
	"fyne.io/fyne/v2"
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

// weekBars are how many letters were posted, confirmed and returned in each week.
func weekBars(weeks []data.LetterWeek) []barGroup {
	groups := make([]barGroup, len(weeks))
	for i, week := range weeks {
		groups[i].label = shortDay(week.Monday)
		for _, series := range weekSeries {
			count := series.count(week)
			groups[i].bars = append(groups[i].bars, bar{value: float32(count), text: number(count), color: series.color})
		}
	}
	return groups
}

func weekSeriesNames() (names []string) {
	for _, series := range weekSeries {
		names = append(names, word(series.state))
	}
	return names
}

// weekLegend names the bars, with their sum over all weeks.
func weekLegend(weeks []data.LetterWeek) *fyne.Container {
	legend := container.NewHBox()
	for _, series := range weekSeries {
		sum := 0
		for _, week := range weeks {
			sum += series.count(week)
		}
		legend.Add(legendEntry(series.color, word(series.state)+noBreak+number(sum)))
	}
	return legend
}

// legendEntry names a colour of a chart.
func legendEntry(color fyne.ThemeColorName, text string) fyne.CanvasObject {
	square := container.NewCenter(container.New(layout.NewGridWrapLayout(fyne.NewSquareSize(10)), newFill(color, 2)))
	name := widget.NewLabel(text)
	name.SizeName = theme.SizeNameCaptionText
	return container.New(layout.NewCustomPaddedHBoxLayout(0), square, name)
}
