package views

import (
	"context"
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"guichet/app"
	"guichet/data"
)

// posted lists the letters whose codes are awaited, the oldest first, with
// what may be done about those not received (R16).
type posted struct {
	f         *frame
	count     *widget.Label
	table     *table[data.LetterFile]
	acts      *reissue
	open      *button
	validDays int
}

func newPosted(f *frame) *posted {
	p := &posted{f: f, count: widget.NewLabel("")}
	p.count.Importance = widget.LowImportance
	p.table = newTable(f.w, "postees", func(l data.LetterFile) int64 { return l.Letter.ID }, p.columns()...)
	p.table.setEmpty(lang.L("Aucune lettre n’attend ses codes. Celles des lots postés s’inscriront ici."), nil)
	p.acts = newReissue(f, p.table)
	p.table.onSelected = func(data.LetterFile) { p.showActs() }
	p.open = newOpenOrganisation(f, p.table)
	p.showActs()
	return p
}

func (p *posted) columns() []column[data.LetterFile] {
	type letter = data.LetterFile
	return []column[letter]{
		{title: lang.L("Référence"), width: 118, mono: true, text: func(l letter) string { return l.Reference }},
		{title: lang.L("Organisation"), width: 170, grow: 3, text: func(l letter) string { return l.Organisation.Name }},
		{title: lang.L("Demandeur"), width: 130, grow: 2, text: func(l letter) string { return l.Account.Name() }},
		{title: lang.L("Pour"), width: 116, grow: 1, text: func(l letter) string { return word(l.Request.Kind) }},
		{
			title: lang.L("Postée le"), width: 104, text: func(l letter) string { return day(l.PostedOn) },
			less: func(a, b letter) int { return a.PostedOn.Compare(b.PostedOn) },
		},
		{
			title: lang.L("Attente"), width: 232, text: p.wait, icon: p.waitIcon,
			less: func(a, b letter) int { return b.PostedOn.Compare(a.PostedOn) },
		},
		{
			title: lang.L("Échéance"), width: 112, text: func(l letter) string { return day(p.expires(l)) },
			less: func(a, b letter) int { return a.PostedOn.Compare(b.PostedOn) },
		},
	}
}

// expires is the last day of a letter's codes.
func (p *posted) expires(l data.LetterFile) time.Time { return l.PostedOn.AddDate(0, 0, p.validDays) }

// wait says how long a letter's codes have been awaited, or since when it may
// be reported as not received.
func (p *posted) wait(l data.LetterFile) string {
	if p.f.mayReport(l.Letter) {
		return lang.L("Signalable depuis le {{.Day}}", map[string]any{"Day": day(data.ReportableFrom(l.PostedOn, p.f.alsaceMoselle))})
	}
	elapsed := data.WorkdaysSince(l.PostedOn, p.f.guichet.Now(), p.f.alsaceMoselle)
	return lang.N("{{.PluralCount}} jours ouvrables sur {{.All}}", elapsed, map[string]any{"PluralCount": number(elapsed), "All": data.ReportableDays})
}

func (p *posted) waitIcon(l data.LetterFile) (fyne.Resource, fyne.ThemeColorName) {
	if p.f.mayReport(l.Letter) {
		return theme.WarningIcon(), theme.ColorNameWarning
	}
	return theme.HistoryIcon(), theme.ColorNameDisabled
}

func (p *posted) content() fyne.CanvasObject {
	acts := container.NewBorder(nil, nil, nil, p.open, p.acts.content())
	return container.NewBorder(p.count, acts, nil, nil, p.table.content)
}

type awaited struct {
	letters   []data.LetterFile
	validDays int
}

func (p *posted) reload() {
	load(p.f, "posted", func(ctx context.Context) (found awaited, err error) {
		settings, err := p.f.guichet.Settings(ctx)
		if err != nil {
			return found, err
		}
		found.validDays = settings.CodeValidDays
		found.letters, err = p.f.guichet.Letters(ctx, data.LetterFilter{State: data.Posted, OldestFirst: true})
		return found, err
	}, func(found awaited) {
		p.validDays = found.validDays
		slices.SortStableFunc(found.letters, func(a, b data.LetterFile) int { return a.PostedOn.Compare(b.PostedOn) })
		p.table.show(found.letters)
		p.showActs()
		p.count.SetText(lang.N("{{.PluralCount}} lettres postées, codes attendus", len(found.letters), map[string]any{"PluralCount": number(len(found.letters))}) +
			capped(len(found.letters)))
	})
}

// capped says that a list holds no more than its limit, after a count.
func capped(n int) string {
	if n < app.LettersLimit {
		return ""
	}
	return " · " + lang.L("la liste s’arrête là")
}

func (p *posted) showActs() {
	p.acts.show()
	if p.open != nil {
		_, ok := p.table.current()
		setEnabled(p.open, ok)
	}
}

// newOpenOrganisation is the act that opens the record of the selected letter's
// organisation, as Enter does; it is hidden from those without the directory.
func newOpenOrganisation(f *frame, letters *table[data.LetterFile]) *button {
	open := newIconButton(lang.L("Ouvrir l’organisation"), theme.StorageIcon(), letters.open)
	letters.onOpened = func(letter data.LetterFile) {
		if f.book != nil {
			f.book.open(letter.Organisation.ID)
		}
	}
	if f.book == nil && !f.may("Ticket") {
		open.Hide()
	}
	return open
}
