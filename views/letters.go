package views

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"

	"guichet/data"
)

// letterColumns are those of a list of letters; organisation tells whether it
// lists several organisations'.
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

func joinLines(lines []string) string { return strings.Join(lines, "\n") }
