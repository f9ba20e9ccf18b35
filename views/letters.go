package views

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"guichet/app"
	"guichet/data"
)

// letters follows all letters, by state.
type letters struct {
	f      *frame
	filter *widget.Select
	count  *widget.Label
	table  *table[data.LetterFile]
	acts   *reissue
}

func newLetters(f *frame) *letters {
	l := &letters{f: f, count: widget.NewLabel("")}
	l.count.Importance = widget.LowImportance
	options := []string{lang.L("Tous les états")}
	for _, state := range data.LetterStates {
		options = append(options, word(state))
	}
	l.filter = widget.NewSelect(options, nil)
	l.filter.SetSelectedIndex(0)
	l.filter.OnChanged = func(string) { l.reload() }
	l.table = newTable(f.w, func(l data.LetterFile) int64 { return l.Letter.ID }, letterColumns(true)...)
	l.table.setEmpty(lang.L("Aucune lettre dans cet état."), nil)
	l.acts = newReissue(f, l.table)
	l.table.onOpened = func(letter data.LetterFile) {
		if f.book != nil {
			f.book.open(letter.Organisation.ID)
		}
	}
	return l
}

func letterColumns(organisation bool) []column[data.LetterFile] {
	type letter = data.LetterFile
	columns := []column[letter]{
		{title: lang.L("Référence"), width: 118, mono: true, text: func(l letter) string { return l.Reference }},
		{title: lang.L("État"), width: 150, text: func(l letter) string { return word(l.State) }, icon: letterIcon},
	}
	if organisation {
		columns = append(columns, column[letter]{title: lang.L("Organisation"), width: 170, grow: 3, text: func(l letter) string { return l.Organisation.Name }})
	}
	columns = append(columns, column[letter]{title: lang.L("Demandeur"), width: 120, grow: 2, text: func(l letter) string { return l.Account.Name() }})
	if organisation {
		columns = append(columns,
			column[letter]{title: lang.L("Pour"), width: 120, grow: 1, text: func(l letter) string { return word(l.Request.Kind) }},
			column[letter]{title: lang.L("Lot"), width: 104, mono: true, text: func(l letter) string { return dash(l.BatchNumber) }},
		)
	}
	return append(columns,
		column[letter]{
			title: lang.L("Postée le"), width: 104, text: func(l letter) string { return day(l.PostedOn) },
			less: func(a, b letter) int { return a.PostedOn.Compare(b.PostedOn) },
		},
	)
}

// letterIcon tells a letter's state apart before it is read.
func letterIcon(l data.LetterFile) (fyne.Resource, fyne.ThemeColorName) {
	switch l.State {
	case data.Queued:
		return theme.HistoryIcon(), theme.ColorNameDisabled
	case data.Composed:
		return theme.DocumentPrintIcon(), theme.ColorNamePrimary
	case data.Posted:
		return theme.MailSendIcon(), theme.ColorNamePrimary
	case data.Confirmed:
		return theme.ConfirmIcon(), theme.ColorNameSuccess
	case data.Returned, data.Reported, data.Locked, data.ExpiredLetter:
		return theme.WarningIcon(), theme.ColorNameWarning
	}
	return theme.CancelIcon(), theme.ColorNameDisabled
}

func (l *letters) content() fyne.CanvasObject {
	head := container.NewHBox(widget.NewLabel(lang.L("État")), wide(220, l.filter), l.count)
	return container.NewBorder(head, l.acts.content(), nil, nil, l.table.content)
}

func (l *letters) reload() {
	var states []data.LetterState
	if chosen := l.filter.SelectedIndex(); chosen > 0 {
		states = data.LetterStates[chosen-1 : chosen]
	}
	start(l.f.scope, "letters", nil, func(ctx context.Context) ([]data.LetterFile, error) { return l.f.guichet.Letters(ctx, states...) },
		func(found []data.LetterFile, err error) {
			if err != nil {
				l.f.notice.fail(err, nil)
				return
			}
			l.table.show(found)
			l.acts.show()
			text := lang.N("{{.PluralCount}} lettres", len(found))
			if len(found) == app.LettersLimit {
				text = lang.L("Les {{.Limit}} plus récentes", map[string]any{"Limit": number(app.LettersLimit)})
			}
			l.count.SetText(text)
		})
}

func joinLines(lines []string) string { return strings.Join(lines, "\n") }
