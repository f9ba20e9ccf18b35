package app

import (
	"context"
	"io"
	"strconv"
	"time"

	"guichet/data"
	"guichet/data/store"
)

// FollowUpWeeks is how many weeks a follow-up looks back.
const FollowUpWeeks = 12

// FollowUp is how the letters stand.
type FollowUp struct {
	States   map[data.LetterState]int
	Overdue  int // posted at least 5 jours ouvrables ago, not confirmed (R16)
	Expiring int // whose codes lapse within data.ExpiringDays
	Stale    int // queued for more than data.StaleDays
	Doubted  int // organisations whose address is to be checked
	Weeks    []data.LetterWeek
}

// FollowUp counts the letters by state and age, and what happened to them week
// by week.
func (a *App) FollowUp(ctx context.Context) (f FollowUp, err error) {
	if _, err := allow(ctx, "FollowUp"); err != nil {
		return f, err
	}
	err = a.view(ctx, func(tx *store.Tx) error {
		settings, err := readSettings(tx)
		if err != nil {
			return err
		}
		if f.States, err = tx.CountLetters(); err != nil {
			return err
		}
		for age, count := range map[data.LetterAge]*int{data.Overdue: &f.Overdue, data.Expiring: &f.Expiring, data.Stale: &f.Stale} {
			if *count, err = tx.CountLettersWithin(data.LetterFilter{Age: age}.Bounds(a.Now(), settings)); err != nil {
				return err
			}
		}
		if f.Doubted, err = tx.CountDirectory(data.DirectoryFilter{AddressDoubted: true}); err != nil {
			return err
		}
		f.Weeks, err = a.weeks(tx)
		return err
	})
	return f, err
}

func (a *App) weeks(tx *store.Tx) ([]data.LetterWeek, error) {
	since := a.Now().AddDate(0, 0, -7*FollowUpWeeks)
	posted, err := tx.PostedSince(since)
	if err != nil {
		return nil, err
	}
	ended := map[data.LetterState][]time.Time{}
	for _, state := range []data.LetterState{data.Confirmed, data.Returned} {
		if ended[state], err = tx.EndedSince(state, since); err != nil {
			return nil, err
		}
	}
	answered, err := tx.AnsweredSince(since)
	return data.LetterWeeks(a.Now(), FollowUpWeeks, posted, ended[data.Confirmed], ended[data.Returned], answered), err
}

// Letters are the letters of a filter, at most LettersLimit.
func (a *App) Letters(ctx context.Context, filter data.LetterFilter) (files []data.LetterFile, err error) {
	if _, err := allow(ctx, "Letters"); err != nil {
		return nil, err
	}
	err = a.view(ctx, func(tx *store.Tx) error {
		settings, err := readSettings(tx)
		if err != nil {
			return err
		}
		return tx.EachLetter(filter, filter.Bounds(a.Now(), settings), LettersLimit, func(file *data.LetterFile) error {
			files = append(files, *file)
			return nil
		})
	})
	return files, err
}

// followUpColumns are those of an exported follow-up.
var followUpColumns = []string{
	"reference", "etat", "pour", "organisation", "code_postal", "demandeur", "identifiant", "en_file_le", "lot", "feuillet",
	"postee_le", "signalable_le", "echeance", "close_le", "motif_retour", "remplace",
}

// ExportLetters writes the letters of a filter, all of them. Mail room and
// administrators.
func (a *App) ExportLetters(ctx context.Context, filter data.LetterFilter, format Format, w io.Writer) error {
	operator, err := allow(ctx, "ExportLetters")
	if err != nil {
		return err
	}
	var rows [][]string
	err = a.view(ctx, func(tx *store.Tx) error {
		settings, err := readSettings(tx)
		if err != nil {
			return err
		}
		return tx.EachLetter(filter, filter.Bounds(a.Now(), settings), 0, func(file *data.LetterFile) error {
			rows = append(rows, followUpRow(file, settings))
			return nil
		})
	})
	if err != nil {
		return err
	}
	return a.writeExport(ctx, operator, "letter.export", "letter", format, w, followUpColumns, rows)
}

func followUpRow(file *data.LetterFile, settings data.Settings) []string {
	var reportable, expires time.Time
	if !file.PostedOn.IsZero() {
		reportable = data.ReportableFrom(file.PostedOn, settings.AlsaceMoselle)
		expires = file.PostedOn.AddDate(0, 0, settings.CodeValidDays)
	}
	sheet := ""
	if file.Sheet > 0 {
		sheet = strconv.Itoa(file.Sheet)
	}
	return []string{
		file.Reference, file.State.Label(), file.Request.Kind.Label(), file.Organisation.Name, file.Organisation.Address.PostalCode,
		file.Account.Name(), file.Account.Identifier, isoDay(file.QueuedAt), file.BatchNumber, sheet,
		isoDay(file.PostedOn), isoDay(reportable), isoDay(expires), isoDay(file.EndedAt), file.ReturnReason.Label(), file.Replaces,
	}
}

// isoDay writes a day as spreadsheets read it in any language; empty for none.
func isoDay(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(data.Paris).Format(time.DateOnly)
}
