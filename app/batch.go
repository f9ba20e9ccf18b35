package app

import (
	"context"
	"errors"
	"time"

	"guichet/data"
	"guichet/data/store"
)

// BatchesLimit is the most batches that one list returns.
const BatchesLimit = 500

// Batches are the newest batches, at most BatchesLimit.
func (a *App) Batches(ctx context.Context) (batches []data.Batch, err error) {
	if _, err := allow(ctx, "Batches"); err != nil {
		return nil, err
	}
	err = a.view(ctx, func(tx *store.Tx) (err error) {
		batches, err = tx.Batches(BatchesLimit)
		return err
	})
	return batches, err
}

// BatchFiles are the paths of a batch's PDFs, to open or print: they hold
// codes. Conflict once the batch is posted or cancelled. Mail room.
func (a *App) BatchFiles(ctx context.Context, number string) ([]string, error) {
	if _, err := allow(ctx, "BatchFiles"); err != nil {
		return nil, err
	}
	batch, err := a.spooledBatch(ctx, number)
	if err != nil {
		return nil, err
	}
	return a.spoolFiles(batch), nil
}

// spooledBatch is a batch whose PDFs are still there: Conflict otherwise.
func (a *App) spooledBatch(ctx context.Context, number string) (batch data.Batch, err error) {
	err = a.view(ctx, func(tx *store.Tx) (err error) {
		batch, err = tx.Batch(number)
		return err
	})
	if err == nil && !batch.Spooled() {
		err = refuse(Conflict, "Le lot {{.Number}} est clos : ses lettres ne sont plus conservées", data.Values{"Number": batch.Number})
	}
	if err == nil {
		err = a.elsewhere(batch)
	}
	return batch, err
}

// MarkPrinted records that a batch's sheets came out of the printer. Mail room.
func (a *App) MarkPrinted(ctx context.Context, number string) error {
	_, err := a.moveBatch(ctx, "MarkPrinted", number, func(c *change, batch data.Batch) error {
		if batch.State == data.BatchPrinted {
			return nil
		}
		from := batch.State
		batch.State, batch.PrintedAt = data.BatchPrinted, c.now
		return errors.Join(c.MoveBatch(from, batch),
			c.audit("batch.print", "batch", batch.ID, nil, map[string]any{"number": batch.Number}))
	})
	return err
}

// MarkPosted records that a batch's letters were posted on a day, not in the
// future nor before they were composed, and deletes the spool. Letters that
// ended meanwhile stay as they are. Mail room.
func (a *App) MarkPosted(ctx context.Context, number string, day time.Time) error {
	batch, err := a.moveBatch(ctx, "MarkPosted", number, func(c *change, batch data.Batch) error {
		switch {
		case batch.State == data.BatchComposed:
			return refuse(Conflict, "Le lot {{.Number}} n’est pas encore imprimé", data.Values{"Number": batch.Number})
		case day.After(data.EndOfDay(c.now)):
			return data.Problems{{Field: "posted_on", Message: "La date d’envoi est dans le futur"}}
		case data.EndOfDay(day).Before(batch.ComposedAt):
			return data.Problems{{Field: "posted_on", Message: "La date d’envoi précède la composition du lot"}}
		}
		if err := c.PostBatchLetters(batch.ID, day); err != nil {
			return err
		}
		from := batch.State
		batch.State, batch.PostedOn, batch.ClosedAt = data.BatchPosted, day, c.now
		return errors.Join(c.MoveBatch(from, batch), c.audit("batch.post", "batch", batch.ID, nil,
			map[string]any{"number": batch.Number, "posted_on": day.Format(time.DateOnly)}))
	})
	if err != nil {
		return err
	}
	return a.closeSpool(ctx, batch)
}

// CancelBatch cancels a batch that was not posted: its letters are queued
// again, their codes are void, and the spool is deleted. Mail room.
func (a *App) CancelBatch(ctx context.Context, number string) error {
	batch, err := a.moveBatch(ctx, "CancelBatch", number, func(c *change, batch data.Batch) error {
		return c.cancelBatch(batch, "batch.cancel")
	})
	if err != nil {
		return err
	}
	return a.closeSpool(ctx, batch)
}

func (c *change) cancelBatch(batch data.Batch, action string) error {
	err := c.RequeueBatchLetters(batch.ID)
	from := batch.State
	batch.State, batch.ClosedAt = data.BatchCancelled, c.now
	return errors.Join(err, c.MoveBatch(from, batch),
		c.audit(action, "batch", batch.ID, nil, map[string]any{"number": batch.Number}))
}

// moveBatch runs a change of a batch that still has its spool.
func (a *App) moveBatch(ctx context.Context, useCase, number string, move func(*change, data.Batch) error) (batch data.Batch, err error) {
	operator, err := allow(ctx, useCase)
	if err != nil {
		return batch, err
	}
	err = a.update(ctx, operator, func(c *change) error {
		if batch, err = c.Batch(number); err != nil {
			return err
		}
		if !batch.Spooled() {
			return refuse(Conflict, "Le lot {{.Number}} est déjà clos", data.Values{"Number": batch.Number})
		}
		return move(c, batch)
	})
	return batch, err
}
