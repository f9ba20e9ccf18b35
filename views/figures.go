package views

import (
	"context"
	"io"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"

	"guichet/app"
	"guichet/data"
)

// figures tells how fast requests are answered, in working time: all of them, by
// week and by heading.
type figures struct {
	t        *tickets
	period   *choice[figuresPeriod]
	cards    *fyne.Container
	weeks    *barChart
	times    *barChart
	headings *table[headingFigure]
	none     *prose
	top      *fyne.Container
	box      *fyne.Container
}

// figuresPeriod is a period up to now.
type figuresPeriod string

const (
	lastMonth   figuresPeriod = "month"
	lastQuarter figuresPeriod = "quarter"
	lastYear    figuresPeriod = "year"
)

// Label is the period as people read it.
func (p figuresPeriod) Label() string {
	switch p {
	case lastMonth:
		return "30 derniers jours"
	case lastYear:
		return "12 derniers mois"
	}
	return "3 derniers mois"
}

// from is the beginning of the period that ends at a time.
func (p figuresPeriod) from(now time.Time) time.Time {
	switch p {
	case lastMonth:
		return data.StartOfDay(now.AddDate(0, 0, -30))
	case lastYear:
		return data.StartOfDay(now.AddDate(-1, 0, 0))
	}
	return data.StartOfDay(now.AddDate(0, -3, 0))
}

// headingFigure is a line of the table.
type headingFigure struct {
	data.HeadingFigure
	id int64
}

func newFigures(t *tickets) *figures {
	g := &figures{t: t, cards: newCardGrid(2), weeks: newBarChart(), times: newBarChart()}
	g.period = newChoice(func(figuresPeriod) { g.reload() })
	g.period.offer([]figuresPeriod{lastMonth, lastQuarter, lastYear}, func(p figuresPeriod) string { return word(p) }, lastQuarter)
	type line = headingFigure
	count := func(n func(line) int) func(line) string { return func(f line) string { return number(n(f)) } }
	g.headings = newTable(t.f.w, "temps-par-rubrique", func(f line) int64 { return f.id },
		column[line]{title: lang.L("Rubrique"), width: 200, grow: 1, text: func(f line) string { return word(f.Heading) }},
		column[line]{title: lang.L("Reçues"), width: 80, right: true, text: count(func(f line) int { return f.Received })},
		column[line]{title: lang.L("Résolues"), width: 80, right: true, text: count(func(f line) int { return f.Solved })},
		column[line]{title: lang.L("1re réponse"), width: 100, right: true, text: func(f line) string { return workSpan(f.Answer.Median, f.Answered) }},
		column[line]{title: lang.L("9 sur 10 avant"), width: 110, right: true, text: func(f line) string { return workSpan(f.Answer.Ninety, f.Answered) }},
		column[line]{title: lang.L("Résolution"), width: 100, right: true, text: func(f line) string { return workSpan(f.Solution.Median, f.Solved) }},
		column[line]{title: lang.L("9 sur 10 avant"), width: 110, right: true, text: func(f line) string { return workSpan(f.Solution.Ninety, f.Solved) }},
	)
	g.none = caption(lang.L("Aucune demande n’est arrivée pendant cette période."))
	return g
}

// workSpan writes a working time; a dash where nothing was counted.
func workSpan(d time.Duration, counted int) string {
	if counted == 0 {
		return "—"
	}
	return span(d)
}

func (g *figures) content() fyne.CanvasObject {
	export := newIconButton(lang.L("Exporter…"), theme.DocumentSaveIcon(), g.onExport)
	head := container.NewBorder(nil, nil, nil, container.NewHBox(wide(190, g.period), g.t.f.offer("ExportFigures", export)), heading(lang.L("Temps de réponse")))
	left := container.NewBorder(subheading(lang.L("Demandes reçues, par semaine")), nil, nil, nil, g.weeks)
	right := container.NewBorder(subheading(lang.L("Première réponse médiane, en heures ouvrées")), nil, nil, nil, g.times)
	g.top = container.New(layout.NewCustomPaddedVBoxLayout(10), head, g.none, g.cards, left, right, subheading(lang.L("Par rubrique, en temps ouvré : la moitié des demandes en moins de…")))
	g.box = container.NewBorder(g.top, nil, nil, nil, g.headings.content)
	return padded(10, g.box)
}

func (g *figures) reload() {
	now := g.t.f.guichet.Now()
	from := chosenOf(g.period, lastQuarter).from(now)
	load(g.t.f, "figures", func(ctx context.Context) (data.Figures, error) { return g.t.f.guichet.Figures(ctx, from, now) }, g.show)
}

// chartWeeks is the most weeks that a chart shows: more have no room for their
// numbers.
const chartWeeks = 16

func (g *figures) show(found data.Figures) {
	all := found.All
	setVisible(g.none, all.Received == 0)
	g.cards.Objects = []fyne.CanvasObject{
		cardFace(number(all.Received), lang.N("demandes reçues", all.Received), theme.MailReplyIcon(), theme.ColorNamePrimary, newOutline(6)),
		cardFace(number(all.Solved), lang.N("demandes résolues", all.Solved), theme.ConfirmIcon(), theme.ColorNamePrimary, newOutline(6)),
		cardFace(workSpan(all.Answer.Median, all.Answered), lang.L("première réponse médiane ; 9 sur 10 avant {{.Ninety}}", map[string]any{"Ninety": workSpan(all.Answer.Ninety, all.Answered)}), theme.HistoryIcon(), theme.ColorNamePrimary, newOutline(6)),
		cardFace(workSpan(all.Solution.Median, all.Solved), lang.L("résolution médiane ; 9 sur 10 avant {{.Ninety}}", map[string]any{"Ninety": workSpan(all.Solution.Ninety, all.Solved)}), theme.HistoryIcon(), theme.ColorNamePrimary, newOutline(6)),
	}
	g.cards.Refresh()
	shown := found.Weeks[max(0, len(found.Weeks)-chartWeeks):]
	received, answered := make([]barGroup, len(shown)), make([]barGroup, len(shown))
	for i, week := range shown {
		label := shortDay(week.Monday)
		received[i] = barGroup{label, []bar{{float32(week.Received), number(week.Received), theme.ColorNamePrimary}}}
		hours := week.Answer.Median.Hours()
		answered[i] = barGroup{label, []bar{{float32(hours), oneDecimal(hours), theme.ColorNameSuccess}}}
	}
	g.weeks.show(received)
	g.times.show(answered)
	lines := make([]headingFigure, len(found.Headings))
	for i, heading := range found.Headings {
		lines[i] = headingFigure{heading, int64(i + 1)}
	}
	g.headings.show(lines)
	g.box.Refresh() // the cards came
}

// oneDecimal writes a number of hours: 3,5.
func oneDecimal(hours float64) string {
	tenths := int(hours*10 + 0.5)
	if tenths%10 == 0 {
		return number(tenths / 10)
	}
	return number(tenths/10) + decimals("."+number(tenths%10))
}

func (g *figures) onExport() {
	f := g.t.f
	f.askExport(lang.L("Exporter les temps de réponse"), lang.L("Le total, une ligne par rubrique et une par semaine, en heures ouvrées."), func() (string, exporter) {
		now := f.guichet.Now()
		from := chosenOf(g.period, lastQuarter).from(now)
		return "temps-de-reponse", func(ctx context.Context, as app.Format, w io.Writer) error {
			return f.guichet.ExportFigures(ctx, from, now, as, w)
		}
	})
}
