package views

import (
	"context"
	"io"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"guichet/app"
	"guichet/data"
)

// followUp tells how all letters stand: counts, of which each lists its
// letters, and the last weeks.
type followUp struct {
	f      *frame
	filter data.LetterFilter
	chips  []*chip
	count  *widget.Label
	export *button
	weeks  *barChart
	legend *fyne.Container
	table  *table[data.LetterFile]
	acts   *reissue
	open   *button
}

// chip is a count that lists what it counts.
type chip struct {
	filter data.LetterFilter
	word   string
	icon   fyne.Resource
	color  fyne.ThemeColorName
	button *button
	n      int
}

func newFollowUp(f *frame) *followUp {
	u := &followUp{f: f, count: widget.NewLabel(""), weeks: newBarChart(weekSeriesNames()...), legend: container.NewStack()}
	u.count.Importance = widget.LowImportance
	u.addChip(data.LetterFilter{}, lang.L("Toutes"), theme.ListIcon(), theme.ColorNameForeground)
	for _, state := range data.LetterStates {
		icon, color := letterIcon(data.LetterFile{Letter: data.Letter{State: state}})
		u.addChip(data.LetterFilter{State: state}, word(state), icon, color)
	}
	u.addChip(data.LetterFilter{Age: data.Overdue}, lang.L("À relancer (5 jours ouvrables)"), theme.WarningIcon(), theme.ColorNameWarning)
	u.addChip(data.LetterFilter{Age: data.Expiring}, lang.L("Échéance proche"), theme.HistoryIcon(), theme.ColorNameWarning)
	u.addChip(data.LetterFilter{Age: data.Stale}, lang.L("En file depuis plus de 3 jours"), theme.MailComposeIcon(), theme.ColorNameWarning)
	u.export = newIconButton(lang.L("Exporter…"), theme.DownloadIcon(), u.onExport)
	u.table = newTable(f.w, "suivi", func(l data.LetterFile) int64 { return l.Letter.ID }, letterColumns(true)...)
	u.table.setEmpty(lang.L("Aucune lettre dans cet état."), nil)
	u.acts = newReissue(f, u.table)
	u.table.onSelected = func(data.LetterFile) { u.showActs() }
	u.open = newOpenOrganisation(f, u.table)
	u.showActs()
	return u
}

func (u *followUp) addChip(filter data.LetterFilter, word string, icon fyne.Resource, color fyne.ThemeColorName) {
	u.chips = append(u.chips, &chip{
		filter: filter, word: word, icon: icon, color: color,
		button: newIconButton(word, icon, func() { u.choose(filter) }),
	})
}

func (u *followUp) content() fyne.CanvasObject {
	chips := container.New(layout.NewRowWrapLayout())
	for _, c := range u.chips {
		chips.Add(c.button)
	}
	head := container.NewBorder(nil, nil, nil, u.legend, subheading(lang.L("Les douze dernières semaines")))
	top := container.NewVBox(chips, head, u.weeks, container.NewBorder(nil, nil, nil, u.f.offer("ExportLetters", u.export), u.count))
	acts := container.NewBorder(nil, nil, nil, u.open, u.acts.content())
	return container.NewBorder(top, acts, nil, nil, u.table.content)
}

// choose lists the letters of a filter.
func (u *followUp) choose(filter data.LetterFilter) {
	u.filter = filter
	u.reload()
}

type followed struct {
	app.FollowUp
	letters []data.LetterFile
}

func (u *followUp) reload() {
	filter := u.filter
	load(u.f, "follow-up", func(ctx context.Context) (found followed, err error) {
		if found.FollowUp, err = u.f.guichet.FollowUp(ctx); err != nil {
			return found, err
		}
		found.letters, err = u.f.guichet.Letters(ctx, filter)
		return found, err
	}, func(found followed) {
		u.show(found)
	})
}

func (u *followUp) show(found followed) {
	for _, c := range u.chips {
		c.show(found.FollowUp, c.filter == u.filter)
	}
	u.weeks.show(weekBars(found.Weeks))
	u.legend.Objects = []fyne.CanvasObject{weekLegend(found.Weeks)}
	u.legend.Refresh()
	u.table.show(found.letters)
	u.showActs()
	text := labelled(u.chosen().word) + lang.N("{{.PluralCount}} lettres", u.chosen().n, map[string]any{"PluralCount": number(u.chosen().n)})
	if n := len(found.letters); n == app.LettersLimit && n < u.chosen().n {
		text = lang.L("{{.Word}} : les {{.Limit}} plus récentes sur {{.All}} ; l’export les contient toutes",
			map[string]any{"Word": u.chosen().word, "Limit": number(n), "All": number(u.chosen().n)})
	}
	u.count.SetText(text)
	setEnabled(u.export, len(found.letters) > 0)
}

// chosen is the chip whose letters are listed.
func (u *followUp) chosen() *chip {
	for _, c := range u.chips {
		if c.filter == u.filter {
			return c
		}
	}
	return u.chips[0]
}

// show writes the count of a chip's letters, and marks it when it is chosen.
func (c *chip) show(counts app.FollowUp, chosen bool) {
	c.n = 0
	switch {
	case c.filter.State != "":
		c.n = counts.States[c.filter.State]
	case c.filter.Age == data.Overdue:
		c.n = counts.Overdue
	case c.filter.Age == data.Expiring:
		c.n = counts.Expiring
	case c.filter.Age == data.Stale:
		c.n = counts.Stale
	default:
		for _, n := range counts.States {
			c.n += n
		}
	}
	c.button.Text = c.word + noBreak + number(c.n)
	color := c.color
	switch {
	case chosen:
		color = theme.ColorNameForegroundOnPrimary
	case c.n == 0:
		color = theme.ColorNameDisabled
	}
	c.button.Icon, c.button.Importance = stateIcon(c.icon, color), widget.MediumImportance
	if chosen {
		c.button.Importance = widget.HighImportance
	}
	c.button.Refresh()
}

func (u *followUp) showActs() {
	u.acts.show()
	_, ok := u.table.current()
	setEnabled(u.open, ok)
}

// onExport asks for a format, and then where to write the letters listed, all
// of them.
func (u *followUp) onExport() {
	filter, name := u.filter, fileName(u.chosen().word)
	about := lang.N("Le fichier contiendra {{.PluralCount}} lettres, avec des données personnelles : gardez-le en lieu sûr.",
		u.chosen().n, map[string]any{"PluralCount": number(u.chosen().n)})
	u.f.askExport(lang.L("Exporter : {{.Word}}", map[string]any{"Word": u.chosen().word}), about, func() (string, exporter) {
		return name, func(ctx context.Context, as app.Format, w io.Writer) error {
			return u.f.guichet.ExportLetters(ctx, filter, as, w)
		}
	})
}

// fileName makes a file's name of words.
func fileName(words string) string {
	return strings.Join(strings.FieldsFunc(data.Fold(words), func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') }), "-")
}
