package app

import (
	"context"
	"io"
	"slices"

	"guichet/data"
	"guichet/data/store"
	"guichet/letters"
)

// DepositSlip counts a batch's letters by destination and postage, for the
// slip that is handed to La Poste with them. A batch that was cancelled has
// none. Mail room and administrators.
func (a *App) DepositSlip(ctx context.Context, number string) (slip data.DepositSlip, err error) {
	if _, err := allow(ctx, "DepositSlip"); err != nil {
		return slip, err
	}
	err = a.view(ctx, func(tx *store.Tx) error {
		batch, err := tx.Batch(number)
		if err != nil {
			return err
		}
		if batch.State == data.BatchCancelled {
			return refuse(Conflict, "Le lot {{.Number}} est annulé : il n’a pas de bordereau", data.Values{"Number": batch.Number})
		}
		settings, err := readSettings(tx)
		if err != nil {
			return err
		}
		sheets, err := tx.BatchLetters(batch.ID)
		sheets = slices.DeleteFunc(sheets, data.Letter.ToPull)
		slip = data.NewDepositSlip(batch, sheets, settings.Postage)
		return err
	})
	return slip, err
}

// SheetsToPull are the sheets of a batch not posted yet whose letters ended
// since they were composed, withdrawn or superseded say: their codes are void,
// they need not go. Mail room and administrators.
func (a *App) SheetsToPull(ctx context.Context, number string) (sheets []int, err error) {
	if _, err := allow(ctx, "SheetsToPull"); err != nil {
		return nil, err
	}
	err = a.view(ctx, func(tx *store.Tx) error {
		batch, err := tx.Batch(number)
		if err != nil || !batch.Spooled() {
			return err
		}
		composed, err := tx.BatchLetters(batch.ID)
		for _, letter := range composed {
			if letter.ToPull() {
				sheets = append(sheets, letter.Sheet)
			}
		}
		return err
	})
	return sheets, err
}

// WriteDepositSlip writes a batch's deposit slip as a PDF, or as CSV.
func (a *App) WriteDepositSlip(ctx context.Context, number string, asCSV bool, w io.Writer) error {
	if _, err := allow(ctx, "WriteDepositSlip"); err != nil {
		return err
	}
	slip, err := a.DepositSlip(ctx, number)
	if err != nil {
		return err
	}
	if asCSV {
		return refined(letters.WriteDepositSlipCSV(w, slip))
	}
	settings, err := a.Settings(ctx)
	if err != nil {
		return err
	}
	return refined(letters.WriteDepositSlip(w, settings.Sender, slip))
}
