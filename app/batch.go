package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"guichet/data"
	"guichet/data/store"
	"guichet/letters"
)

const (
	// BatchesLimit is the most batches that one list returns.
	BatchesLimit = 500
	// fileLetters is the most letters of one spool file: a document holds all
	// its pages in memory until it is written.
	fileLetters = 2000
)

// Compose composes queued letters as one batch: their codes are drawn, the PDF
// is written to the spool, and then one transaction makes the letters composed
// and the batch exist. Interrupted before that commit, by a cancel, a crash or
// a full disk, all letters stay queued and no code is live. ids choose the
// letters; without any, all that are ready go, up to the batch limit of the
// settings. Letters held back are left in the queue. progress, which may be
// nil, is called with the letters done and the total. Mail room.
func (a *App) Compose(ctx context.Context, ids []int64, progress func(done, total int)) (data.Batch, error) {
	operator, err := allow(ctx, data.MailRoom)
	if err != nil {
		return data.Batch{}, err
	}
	settings, err := a.Settings(ctx)
	if err != nil {
		return data.Batch{}, err
	}
	ready, err := a.readyLetters(ctx, ids, settings.BatchLimit)
	if err != nil {
		return data.Batch{}, err
	}
	lock, err := a.spoolLock()
	if err != nil {
		return data.Batch{}, refined(err)
	}
	if free, err := lock.TryLock(); err != nil || !free {
		return data.Batch{}, errors.Join(refuse(Conflict, "Un autre lot est en cours de composition : attendez qu’il soit fini", nil), err)
	}
	defer lock.Unlock() //nolint:errcheck // the process's end unlocks too
	batch, err := a.numberBatch(ctx, operator, len(ready))
	if err != nil {
		return data.Batch{}, err
	}
	if err := a.writeSpool(ctx, batch, ready, settings, progress); err != nil {
		return data.Batch{}, errors.Join(refined(err), a.deleteSpool(batch))
	}
	err = a.update(ctx, operator, func(c *change) error { return c.addBatch(&batch, ready) })
	if err != nil {
		return data.Batch{}, errors.Join(err, a.deleteSpool(batch))
	}
	return batch, nil
}

// readyLetters are the chosen letters of the queue that can be printed.
func (a *App) readyLetters(ctx context.Context, ids []int64, limit int) ([]QueuedLetter, error) {
	queue, err := a.Queue(ctx)
	if err != nil {
		return nil, err
	}
	chosen := make(map[int64]bool, len(ids))
	for _, id := range ids {
		chosen[id] = true
	}
	var ready []QueuedLetter
	for _, letter := range queue {
		if letter.Held == nil && (len(ids) == 0 || chosen[letter.Letter.ID]) && len(ready) < limit {
			ready = append(ready, letter)
		}
	}
	if len(ready) == 0 {
		return nil, refuse(Conflict, "Aucune lettre n’est prête à composer", nil)
	}
	return ready, nil
}

// numberBatch takes the next batch number in a transaction of its own: the
// spool files are named after it before the batch exists. An interrupted
// composition leaves its number unused.
func (a *App) numberBatch(ctx context.Context, operator data.Operator, sheets int) (data.Batch, error) {
	batch := data.Batch{State: data.BatchComposed, Letters: sheets, Files: (sheets + fileLetters - 1) / fileLetters}
	err := a.update(ctx, operator, func(c *change) error {
		n, err := c.NextNumber("batch", c.now.Year())
		batch.Number, batch.ComposedAt = data.BatchNumber(c.now.Year(), n), c.now
		return err
	})
	return batch, err
}

// writeSpool draws the codes, keeps their hashes in the letters and writes the
// batch's files.
func (a *App) writeSpool(ctx context.Context, batch data.Batch, ready []QueuedLetter, settings data.Settings, progress func(done, total int)) error {
	for n := range batch.Files {
		first := n * fileLetters
		part := ready[first:min(first+fileLetters, len(ready))]
		sheets := make([]letters.Letter, len(part))
		for i := range part {
			codes, err := data.NewConfirmationCodes(a.random)
			if err != nil {
				return err
			}
			if part[i].Salt, err = data.NewSalt(a.random); err != nil {
				return err
			}
			part[i].Hash = data.HashCodes(part[i].Salt, codes)
			part[i].Sheet = first + i + 1
			sheets[i] = sheet(part[i], codes, settings)
		}
		report := func(done int) {
			if progress != nil {
				progress(first+done, len(ready))
			}
		}
		path := filepath.Join(a.spoolFolder(), batch.FileName(n+1))
		if err := writeLetters(ctx, path, design(settings), batch.ComposedAt, sheets, report); err != nil {
			return err
		}
	}
	return nil
}

// writeLetters writes one spool file, 0600, and renames it into place once it
// is whole on the disk.
func writeLetters(
	ctx context.Context, path string, design letters.Design, date time.Time, sheets []letters.Letter, progress func(done int),
) (err error) {
	file, err := os.OpenFile(path+".part", os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return fmt.Errorf("write the batch: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(path+".part"))
		}
	}()
	err = letters.Write(ctx, file, design, date, sheets, progress)
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		return fmt.Errorf("write the batch: %w", err)
	}
	return os.Rename(path+".part", path)
}

// addBatch makes the letters composed, and the batch exist. A letter that left
// the queue meanwhile makes it fail.
func (c *change) addBatch(batch *data.Batch, ready []QueuedLetter) error {
	if err := c.stillAsComposed(ready); err != nil {
		return err
	}
	if err := c.AddBatch(batch); err != nil {
		return err
	}
	for _, q := range ready {
		letter := q.Letter
		letter.State, letter.BatchID, letter.Lines, letter.WrongPairs = data.Composed, batch.ID, q.Lines, 0
		if err := c.MoveLetter(data.Queued, letter); err != nil {
			return err
		}
	}
	return c.audit("batch.compose", "batch", batch.ID, nil, map[string]any{"number": batch.Number, "letters": batch.Letters})
}

// stillAsComposed refuses a batch when one of its letters left the queue, or
// would go to another addressee, since its sheet was written (R1).
func (c *change) stillAsComposed(ready []QueuedLetter) error {
	queued, err := c.QueuedLetters()
	if err != nil {
		return err
	}
	now := make(map[int64]data.LetterFile, len(queued))
	for _, file := range queued {
		now[file.Letter.ID] = file
	}
	for _, q := range ready {
		file, found := now[q.Letter.ID]
		lines, held := addressLines(file.Organisation, file.Representative)
		if !found || held != nil || file.Representative.ID != q.Representative.ID || !slices.Equal(lines, q.Lines) {
			return refuse(Conflict, "La lettre {{.Reference}} a changé pendant la composition : recommencez",
				data.Values{"Reference": q.Reference})
		}
	}
	return nil
}

// Batches are the newest batches, at most BatchesLimit.
func (a *App) Batches(ctx context.Context) (batches []data.Batch, err error) {
	if _, err := allow(ctx); err != nil {
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
	if _, err := allow(ctx, data.MailRoom); err != nil {
		return nil, err
	}
	var batch data.Batch
	err := a.view(ctx, func(tx *store.Tx) (err error) {
		batch, err = tx.Batch(number)
		return err
	})
	if err != nil {
		return nil, err
	}
	if !batch.Spooled() {
		return nil, refuse(Conflict, "Le lot {{.Number}} est clos : ses lettres ne sont plus conservées", data.Values{"Number": batch.Number})
	}
	return a.spoolFiles(batch), nil
}

// MarkPrinted records that a batch's sheets came out of the printer. Mail room.
func (a *App) MarkPrinted(ctx context.Context, number string) error {
	_, err := a.moveBatch(ctx, number, func(c *change, batch data.Batch) error {
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
	batch, err := a.moveBatch(ctx, number, func(c *change, batch data.Batch) error {
		switch {
		case batch.State == data.BatchComposed:
			return refuse(Conflict, "Le lot {{.Number}} n’est pas encore imprimé", data.Values{"Number": batch.Number})
		case day.After(data.EndOfDay(c.now)):
			return data.Problems{{Field: "posted_on", Message: "La date d’envoi est dans le futur"}}
		case data.EndOfDay(day).Before(batch.ComposedAt):
			return data.Problems{{Field: "posted_on", Message: "La date d’envoi précède la composition du lot"}}
		}
		if err := c.moveLetters(batch, func(letter *data.Letter) {
			letter.State, letter.PostedOn = data.Posted, day
		}); err != nil {
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
	return a.emptySpool(batch)
}

// CancelBatch cancels a batch that was not posted: its letters are queued
// again, their codes are void, and the spool is deleted. Mail room.
func (a *App) CancelBatch(ctx context.Context, number string) error {
	batch, err := a.moveBatch(ctx, number, func(c *change, batch data.Batch) error {
		return c.cancelBatch(batch, "batch.cancel")
	})
	if err != nil {
		return err
	}
	return a.emptySpool(batch)
}

func (c *change) cancelBatch(batch data.Batch, action string) error {
	err := c.moveLetters(batch, func(letter *data.Letter) {
		letter.State, letter.BatchID, letter.Sheet, letter.Lines = data.Queued, 0, 0, nil
		letter.Salt, letter.Hash, letter.WrongPairs = nil, nil, 0
	})
	from := batch.State
	batch.State, batch.ClosedAt = data.BatchCancelled, c.now
	return errors.Join(err, c.MoveBatch(from, batch),
		c.audit(action, "batch", batch.ID, nil, map[string]any{"number": batch.Number}))
}

// moveLetters changes a batch's letters that are still as composed.
func (c *change) moveLetters(batch data.Batch, move func(*data.Letter)) error {
	sheets, err := c.BatchLetters(batch.ID)
	if err != nil {
		return err
	}
	for _, letter := range sheets {
		if letter.State != data.Composed {
			continue
		}
		move(&letter)
		if err := c.MoveLetter(data.Composed, letter); err != nil {
			return err
		}
	}
	return nil
}

// moveBatch runs a change of a batch that still has its spool.
func (a *App) moveBatch(ctx context.Context, number string, move func(*change, data.Batch) error) (batch data.Batch, err error) {
	operator, err := allow(ctx, data.MailRoom)
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
