package app

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"guichet/data"
	"guichet/data/store"
	"guichet/letters"
)

// fileLetters is the most letters of one spool file: a document holds all its
// pages in memory until it is written.
const fileLetters = 1000

// fileWriters write spool files at the same time: one is often waiting for the
// disk.
const fileWriters = 2

// Compose composes queued letters as one batch: their codes are drawn, the PDF
// is written to the spool, and then one transaction makes the letters composed
// and the batch exist. Interrupted before that commit, by a cancel, a crash or
// a full disk, all letters stay queued and no code is live. ids choose the
// letters; without any, all that are ready go. A batch takes at most the limit
// of the settings; the others wait for the next one, and letters held back stay
// in the queue. progress, which may be nil, is called with the letters done and
// how many they will be at most. Mail room.
func (a *App) Compose(ctx context.Context, ids []int64, progress func(done, total int)) (data.Batch, error) {
	operator, err := allow(ctx, "Compose")
	if err != nil {
		return data.Batch{}, err
	}
	run := &composition{app: a, operator: operator, chosen: ids, progress: progress, written: map[int]int{}}
	if err := a.compose(ctx, run); err != nil {
		return data.Batch{}, refined(err)
	}
	return run.batch, nil
}

var errComposing = refuse(Conflict, "Un autre lot est en cours de composition : attendez qu’il soit fini", nil)

func (a *App) compose(ctx context.Context, run *composition) error {
	if err := a.view(ctx, run.prepare); err != nil {
		return err
	}
	lock, err := a.spoolLock()
	if err != nil {
		return err
	}
	if free, err := lock.TryLock(); err != nil || !free {
		return errors.Join(errComposing, err)
	}
	defer lock.Unlock() //nolint:errcheck // the process's end unlocks too
	if err := run.writeSpool(ctx); err != nil {
		return errors.Join(refined(err), a.deleteSpool(run.batch))
	}
	if len(run.sheets) == 0 {
		if run.seen < run.total {
			return errComposing
		}
		return refuse(Conflict, "Aucune lettre n’est prête à composer", nil)
	}
	err = a.update(ctx, run.operator, run.commit)
	if errors.Is(err, store.ErrUncertain) {
		return run.settle(ctx, err)
	}
	if err != nil {
		return errors.Join(err, a.deleteSpool(run.batch))
	}
	return nil
}

// settle asks the register whether a batch exists whose commit was not heard: by
// then it does, or never will. While the register does not answer, the files stay:
// recoverSpool decides.
func (run *composition) settle(ctx context.Context, unheard error) error {
	err := run.app.update(context.WithoutCancel(ctx), guichet, func(c *change) error {
		_, err := c.Batch(run.batch.Number)
		return err
	})
	switch KindOf(err) {
	case "":
		return nil
	case NotFound:
		return errors.Join(unheard, run.app.deleteSpool(run.batch))
	}
	return unheard
}

// composition is a batch in the making.
type composition struct {
	app      *App
	operator data.Operator
	desk     mailDesk
	chosen   []int64 // none: all
	total    int     // at most
	seen     int     // in the queue, but for those that another workstation composes
	progress func(done, total int)

	reporting sync.Mutex
	done      int
	written   map[int]int // letters by file

	batch  data.Batch // its number once the first letter is ready
	sheets []composedSheet
	asOf   int64 // the audit's last entry before anything was read
}

// composedSheet is what the register keeps of a sheet, and what it was written
// from: no more than that, for a batch may have many.
type composedSheet struct {
	letterID int64
	number   int
	lines    string
	salt     [data.SaltLength]byte
	hash     [data.HashLength]byte
	content  uint64
}

// spoolPart are the letters of one spool file.
type spoolPart struct {
	number  int // of the file, from 1
	path    string
	letters []letters.Letter
}

// prepare reads what the letters share, and how many there may be.
func (run *composition) prepare(tx *store.Tx) (err error) {
	if run.asOf, err = tx.LastAudit(); err != nil {
		return err
	}
	if run.desk, err = readMailDesk(tx); err != nil {
		return err
	}
	run.batch = data.Batch{State: data.BatchComposed, Duplex: run.desk.settings.Duplex, Station: run.app.station}
	queued, err := tx.CountQueuedLetters(run.chosen)
	run.total = min(queued, run.desk.settings.BatchLimit)
	run.sheets = make([]composedSheet, 0, run.total)
	return err
}

// writeSpool reads the queue and writes the batch's files, both at once. Other
// workstations cannot compose its letters meanwhile, nor take them out of the
// queue.
func (run *composition) writeSpool(ctx context.Context) error {
	return run.app.store.Claim(ctx, func(tx *store.Tx) error {
		group, ctx := errgroup.WithContext(ctx)
		parts := make(chan spoolPart)
		group.Go(func() error {
			defer close(parts)
			return run.readQueue(ctx, tx, parts)
		})
		for range fileWriters {
			group.Go(func() error {
				for part := range parts {
					if err := run.writePart(ctx, part); err != nil {
						return err
					}
				}
				return nil
			})
		}
		return group.Wait()
	})
}

// errEnough ends the reading of the queue once the batch is full.
var errEnough = errors.New("the batch is full")

// readQueue hands the ready letters over in parts, each with its codes drawn.
func (run *composition) readQueue(ctx context.Context, tx *store.Tx, parts chan<- spoolPart) error {
	part := spoolPart{number: 1}
	hand := func() error {
		part.path = filepath.Join(run.app.spoolFolder(), run.batch.FileName(part.number))
		select {
		case parts <- part:
			part = spoolPart{number: part.number + 1}
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	err := tx.ClaimQueuedLetters(run.chosen, func(file *data.LetterFile) error {
		run.seen++
		queued := run.desk.queued(*file)
		if queued.Held != nil {
			return nil
		}
		letter, err := run.sheet(ctx, queued)
		if err != nil {
			return err
		}
		part.letters = append(part.letters, letter)
		if len(run.sheets) == run.desk.settings.BatchLimit {
			return errEnough
		}
		if len(part.letters) == fileLetters {
			return hand()
		}
		return nil
	})
	if err != nil && !errors.Is(err, errEnough) {
		return err
	}
	if len(part.letters) > 0 {
		return hand()
	}
	return nil
}

// sheet draws a ready letter's codes and keeps their hash. The first one gives
// the batch its number.
func (run *composition) sheet(ctx context.Context, queued QueuedLetter) (letters.Letter, error) {
	if run.batch.Number == "" {
		if err := run.number(ctx); err != nil {
			return letters.Letter{}, err
		}
	}
	codes, err := data.NewConfirmationCodes(run.app.random)
	if err != nil {
		return letters.Letter{}, err
	}
	salt, err := data.NewSalt(run.app.random)
	if err != nil {
		return letters.Letter{}, err
	}
	letter := sheet(queued, codes, run.desk.settings)
	run.batch.Letters++
	run.batch.Files = (run.batch.Letters + fileLetters - 1) / fileLetters
	run.sheets = append(run.sheets, composedSheet{
		letterID: queued.Letter.ID, number: run.batch.Letters, lines: strings.Join(queued.Lines, "\n"),
		salt: [data.SaltLength]byte(salt), hash: [data.HashLength]byte(data.HashCodes(salt, codes)), content: contentOf(letter),
	})
	return letter, nil
}

// number takes the next batch number in a transaction of its own: the spool
// files are named after it before the batch exists. An interrupted composition
// leaves its number unused.
func (run *composition) number(ctx context.Context) error {
	return run.app.update(ctx, run.operator, func(c *change) error {
		n, err := c.NextNumber("batch", c.now.Year())
		run.batch.Number, run.batch.ComposedAt = data.BatchNumber(c.now.Year(), n), c.now
		return err
	})
}

// writePart writes one spool file, 0600, and renames it into place once it is
// whole on the disk.
func (run *composition) writePart(ctx context.Context, part spoolPart) (err error) {
	file, err := os.OpenFile(part.path+".part", os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return fmt.Errorf("write the batch: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(part.path+".part"))
		}
	}()
	err = letters.Write(ctx, file, run.desk.design, run.batch.ComposedAt, part.letters, func(done int) {
		run.report(part.number, done)
	})
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		return fmt.Errorf("write the batch: %w", err)
	}
	return os.Rename(part.path+".part", part.path)
}

// report tells how many letters are written in all files together.
func (run *composition) report(file, done int) {
	if run.progress == nil {
		return
	}
	run.reporting.Lock()
	defer run.reporting.Unlock()
	run.done += done - run.written[file]
	run.written[file] = done
	run.progress(run.done, run.total)
}

// commit makes the letters composed, and the batch exist. A letter that left
// the queue meanwhile makes it fail.
func (run *composition) commit(c *change) error {
	if err := run.stillAsWritten(c); err != nil {
		return err
	}
	if err := c.AddBatch(&run.batch); err != nil {
		return err
	}
	// By ID, as the register keeps them: a page of it is then written once.
	slices.SortFunc(run.sheets, func(a, b composedSheet) int { return cmp.Compare(a.letterID, b.letterID) })
	for _, sheet := range run.sheets {
		letter := data.Letter{
			ID: sheet.letterID, BatchID: run.batch.ID, Sheet: sheet.number, Lines: strings.Split(sheet.lines, "\n"), Salt: sheet.salt[:], Hash: sheet.hash[:],
		}
		if err := c.ComposeLetter(letter); err != nil {
			return err
		}
	}
	return c.audit("batch.compose", "batch", run.batch.ID, nil, map[string]any{"number": run.batch.Number, "letters": run.batch.Letters})
}

// stillAsWritten refuses the batch when one of its letters left the queue, or
// would read otherwise or go to another addressee, since its sheet was written
// (R1).
func (run *composition) stillAsWritten(c *change) error {
	last, err := c.LastAudit()
	if err != nil || last == run.asOf { // nothing at all changed
		return err
	}
	desk, err := readMailDesk(c.Tx)
	if err != nil {
		return err
	}
	desk.settings.Printers = run.desk.settings.Printers
	if !reflect.DeepEqual(desk.settings, run.desk.settings) || !bytes.Equal(desk.design.Logo, run.desk.design.Logo) {
		return refuse(Conflict, "Les réglages ont changé pendant la composition : composez à nouveau", nil)
	}
	written := make(map[int64]uint64, len(run.sheets))
	for _, sheet := range run.sheets {
		written[sheet.letterID] = sheet.content
	}
	err = c.EachQueuedLetter(func(file *data.LetterFile) error {
		if written[file.Letter.ID] == contentOf(sheet(run.desk.queued(*file), data.ConfirmationCodes{}, run.desk.settings)) {
			delete(written, file.Letter.ID)
		}
		return nil
	})
	for id := range written {
		file, missing := c.LetterFile(id)
		return errors.Join(err, missing, refuse(Conflict, "La lettre {{.Reference}} a changé pendant la composition : composez à nouveau",
			data.Values{"Reference": file.Reference}))
	}
	return err
}

// contentOf sums up what a sheet says, its codes apart.
func contentOf(l letters.Letter) uint64 {
	sum := fnv.New64a()
	for _, text := range []string{
		string(l.Kind), l.Reference, strings.Join(l.Address, "\n"), l.Salutation, l.Organisation, l.Applicant, l.Identifier, l.Replaces,
	} {
		sum.Write([]byte(text + "\x00")) //nolint:errcheck // never fails
	}
	return sum.Sum64()
}
