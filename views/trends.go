package views

import (
	"cmp"
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"

	"guichet/app"
	"guichet/data"
)

// trend is a chart of Accueil, and its numbers in a table beside it.
type trend struct {
	key    string // its table's
	name   string
	head   string   // of the table's first column
	series []string // of the others
	lying  bool
	chart  *barChart
	list   *table[numbered]
}

// trends shows one of several charts.
type trends struct {
	f      *frame
	title  string
	all    []*trend
	choice *choice[*trend]
	reload func() // reads the charts' groups, and shows
	legend *fyne.Container
	head   *fyne.Container // title, legend and choice
	middle *fyne.Container
}

func newTrends(f *frame, title string, all ...*trend) *trends {
	t := &trends{f: f, title: title, all: all, legend: container.NewStack(), middle: container.NewStack()}
	for _, trend := range all {
		trend.chart = newBarChart(trend.series...)
		trend.chart.lying = trend.lying
		trend.list = newTable(f.w, trend.key, func(row numbered) int64 { return row.id }, trend.columns()...)
	}
	t.choice = newChoice(func(*trend) { t.show() })
	t.choice.offer(all, func(t *trend) string { return t.name }, all[0])
	return t
}

func (t *trends) content() fyne.CanvasObject {
	t.head = container.New(&trendHeadLayout{}, subheading(t.title), t.legend, wide(190, t.choice))
	return container.NewBorder(t.head, nil, nil, nil, t.middle)
}

// show draws the chart that is chosen.
func (t *trends) show() {
	chosen := chosenOf(t.choice, t.all[0])
	t.middle.Objects = []fyne.CanvasObject{container.New(trendLayout{}, padded(4, chosen.chart), wide(chosen.width(), chosen.list.content))}
	t.middle.Refresh()
	t.legend.Objects = []fyne.CanvasObject{chosen.legend()}
	t.legend.Refresh()
	if t.head != nil {
		t.head.Refresh() // the legend has another width
	}
}

const (
	trendHead   = 84  // the width of the table's first column
	trendSeries = 84  // of the others
	trendWords  = 250 // of the table, when its rows are named by words
	trendLeast  = 190
)

// width is that of the table.
func (t *trend) width() float32 {
	if t.lying {
		return trendWords
	}
	return max(trendLeast, trendHead+trendSeries*float32(len(t.series)))
}

// columns are those of the table.
func (t *trend) columns() []column[numbered] {
	each := (t.width() - trendHead) / float32(len(t.series))
	if t.lying {
		each = trendSeries
	}
	columns := []column[numbered]{{
		title: t.head, width: trendHead, grow: 1, text: func(row numbered) string { return row.label },
		less: func(a, b numbered) int { return cmp.Compare(a.id, b.id) },
	}}
	for i, series := range t.series {
		columns = append(columns, column[numbered]{
			title: series, width: each, right: true,
			text: func(row numbered) string { return row.bars[i].text },
			less: func(a, b numbered) int { return cmp.Compare(a.bars[i].value, b.bars[i].value) },
		})
	}
	return columns
}

// show draws what was read, and lists it, the newest week first.
func (t *trend) show(groups []barGroup) {
	t.chart.show(groups)
	rows := make([]numbered, len(groups))
	for i, group := range groups {
		at := i
		if !t.lying {
			at = len(rows) - 1 - i
		}
		rows[at] = numbered{group, int64(at + 1)}
	}
	t.list.show(rows)
}

// numbered is a line of a chart's table.
type numbered struct {
	barGroup
	id int64
}

// letterTrends are the charts of the letters: by state, by week, and how many
// are confirmed.
func letterTrends(f *frame) *trends {
	states := &trend{key: "lettres-par-etat", name: lang.L("Par état"), head: lang.L("État"), series: []string{lang.L("Lettres")}, lying: true}
	weeks := &trend{key: "lettres-par-semaine", name: lang.L("Par semaine"), head: lang.L("Semaine du"), series: weekSeriesNames()}
	rate := &trend{key: "taux-de-confirmation", name: lang.L("Taux de confirmation"), head: lang.L("Semaine du"), series: []string{lang.L("Confirmées")}}
	t := newTrends(f, lang.L("Lettres"), weeks, states, rate)
	t.reload = func() {
		load(f, "letter-trends", f.guichet.FollowUp, func(found app.FollowUp) {
			last := found.Weeks[max(0, len(found.Weeks)-trendWeeks):]
			states.show(stateBars(found))
			weeks.show(weekBars(last))
			rate.show(rateBars(last))
			t.show()
		})
	}
	return t
}

// trendWeeks is how many weeks a chart of Accueil shows.
const trendWeeks = 8

// stateBars are how many letters stand in each state, those without any left out.
func stateBars(found app.FollowUp) (groups []barGroup) {
	for _, state := range data.LetterStates {
		if n := found.States[state]; n > 0 {
			_, color := letterIcon(data.LetterFile{Letter: data.Letter{State: state}})
			if color == theme.ColorNameForeground {
				color = theme.ColorNamePrimary
			}
			groups = append(groups, barGroup{word(state), []bar{{float32(n), number(n), color}}})
		}
	}
	return groups
}

// rateBars are which part of the letters posted in each week is confirmed by now.
func rateBars(weeks []data.LetterWeek) []barGroup {
	groups := make([]barGroup, len(weeks))
	for i, week := range weeks {
		b := bar{text: "—", color: theme.ColorNameSuccess}
		if week.Posted > 0 {
			percent := week.Answered * 100 / week.Posted
			b.value, b.text = float32(percent), number(percent)+noBreak+"%"
		}
		groups[i] = barGroup{shortDay(week.Monday), []bar{b}}
	}
	return groups
}

// ticketTrends are the charts of the help desk: by week, and by heading.
func ticketTrends(f *frame) *trends {
	weeks := &trend{key: "demandes-par-semaine", name: lang.L("Par semaine"), head: lang.L("Semaine du"), series: []string{lang.L("Reçues"), lang.L("Résolues")}}
	headings := &trend{key: "demandes-par-rubrique", name: lang.L("Par rubrique"), head: lang.L("Rubrique"), series: []string{lang.L("Reçues")}, lying: true}
	t := newTrends(f, lang.L("Demandes"), weeks, headings)
	t.reload = func() {
		now := f.guichet.Now()
		from := data.Monday(now).AddDate(0, 0, -7*(trendWeeks-1))
		load(f, "ticket-trends", func(ctx context.Context) (data.Figures, error) { return f.guichet.Figures(ctx, from, now) }, func(found data.Figures) {
			weeks.show(ticketBars(found.Weeks))
			headings.show(headingBars(found.Headings))
			t.show()
		})
	}
	return t
}

// ticketBars are how many requests of each week were received, and solved since.
func ticketBars(weeks []data.WeekFigure) []barGroup {
	groups := make([]barGroup, len(weeks))
	for i, week := range weeks {
		groups[i] = barGroup{shortDay(week.Monday), []bar{
			{float32(week.Received), number(week.Received), theme.ColorNamePrimary},
			{float32(week.Solved), number(week.Solved), theme.ColorNameSuccess},
		}}
	}
	return groups
}

// headingBars are how many requests of each heading were received.
func headingBars(headings []data.HeadingFigure) []barGroup {
	groups := make([]barGroup, len(headings))
	for i, of := range headings {
		groups[i] = barGroup{word(of.Heading), []bar{{float32(of.Received), number(of.Received), theme.ColorNamePrimary}}}
	}
	return groups
}

// legend names a chart's colours, when it has several.
func (t *trend) legend() fyne.CanvasObject {
	legend := container.NewHBox()
	groups := t.chart.groups
	if len(t.series) == 1 || len(groups) == 0 {
		return legend
	}
	for i, series := range t.series {
		legend.Add(legendEntry(groups[0].bars[i].color, series))
	}
	return legend
}
