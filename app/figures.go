package app

import (
	"context"
	"io"
	"strconv"
	"time"

	"guichet/data"
	"guichet/data/store"
)

// Figures are the help desk's answer times over the tickets opened from one
// moment to another, in working time. Help desk and administrators.
func (a *App) Figures(ctx context.Context, from, until time.Time) (figures data.Figures, err error) {
	if _, err := allow(ctx, "Figures"); err != nil {
		return figures, err
	}
	err = a.view(ctx, func(tx *store.Tx) error {
		settings, err := readSettings(tx)
		if err != nil {
			return err
		}
		tally := data.NewTally(settings.Clock())
		if err := tx.EachAnswerTime(from, until, func(ticket *data.Ticket) error {
			tally.Add(*ticket)
			return nil
		}); err != nil {
			return err
		}
		figures = tally.Figures(from, until)
		return nil
	})
	return figures, err
}

// figureColumns are the columns of ExportFigures.
var figureColumns = []string{
	"par", "valeur", "recues", "repondues", "resolues", "heures_premiere_reponse_mediane", "heures_premiere_reponse_90",
	"heures_resolution_mediane", "heures_resolution_90",
}

// ExportFigures writes the figures, a line a heading and a line a week. Help
// desk and administrators.
func (a *App) ExportFigures(ctx context.Context, from, until time.Time, format Format, w io.Writer) error {
	if _, err := allow(ctx, "ExportFigures"); err != nil {
		return err
	}
	figures, err := a.Figures(ctx, from, until)
	if err != nil {
		return err
	}
	var rows [][]string
	add := func(by, value string, f data.Figure) {
		rows = append(rows, []string{
			by, value, strconv.Itoa(f.Received), strconv.Itoa(f.Answered), strconv.Itoa(f.Solved),
			hours(f.Answer.Median, f.Answered > 0), hours(f.Answer.Ninety, f.Answered > 0),
			hours(f.Solution.Median, f.Solved > 0), hours(f.Solution.Ninety, f.Solved > 0),
		})
	}
	add("total", "", figures.All)
	for _, line := range figures.Headings {
		add("rubrique", line.Heading.Label(), line.Figure)
	}
	for _, line := range figures.Weeks {
		add("semaine", isoDay(line.Monday), line.Figure)
	}
	return refined(writeSpreadsheet(w, format, figureColumns, rows))
}
