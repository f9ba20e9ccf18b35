package app

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"github.com/gofrs/flock"

	"guichet/data"
	"guichet/data/store"
)

// spoolFolder is where the PDFs of batches live until they are posted or
// cancelled: the only place that holds codes.
func (a *App) spoolFolder() string { return a.path + ".spool" }

// spoolFiles are the paths of a batch's PDFs.
func (a *App) spoolFiles(batch data.Batch) []string {
	files := make([]string, batch.Files)
	for i := range files {
		files[i] = filepath.Join(a.spoolFolder(), batch.FileName(i+1))
	}
	return files
}

// spoolLock is held while files are being written that no committed batch
// names yet, so that another process's recovery leaves them alone. The lock
// ends with its process.
func (a *App) spoolLock() (*flock.Flock, error) {
	if err := os.MkdirAll(a.spoolFolder(), 0o700); err != nil {
		return nil, err
	}
	return flock.New(filepath.Join(a.spoolFolder(), ".lock"), flock.SetPermissions(0o600)), nil
}

// recoverSpool mends what a crash left behind. The register decides: a file
// that no composed or printed batch names is deleted, a batch whose file is
// missing is cancelled, so that its letters are queued again. Nothing is done
// while another process composes: that one is alive.
func (a *App) recoverSpool(ctx context.Context) error {
	return a.withSpool(ctx, func(batches []data.Batch) error {
		for _, batch := range batches {
			if !a.here(batch) || a.spooled(batch) {
				continue
			}
			err := a.update(ctx, guichet, func(c *change) error { return c.cancelBatch(batch, "batch.recover") })
			if err != nil && KindOf(err) != Conflict { // a conflict: another process closed it just now
				return err
			}
		}
		return a.clearSpool(ctx, batches)
	})
}

// tidySpool ends what batches that another workstation closed still have here.
func (a *App) tidySpool(ctx context.Context) error {
	return a.withSpool(ctx, func(batches []data.Batch) error { return a.clearSpool(ctx, batches) })
}

// withSpool hands over the batches that are to be printed, unless files are being
// written of one that the register does not know yet.
func (a *App) withSpool(ctx context.Context, do func([]data.Batch) error) error {
	lock, err := a.spoolLock()
	if err != nil {
		return err
	}
	if free, err := lock.TryLock(); err != nil || !free {
		return err
	}
	defer lock.Unlock() //nolint:errcheck // the process's end unlocks too
	var batches []data.Batch
	err = a.store.View(ctx, func(tx *store.Tx) (err error) {
		batches, err = tx.SpooledBatches()
		return err
	})
	if err != nil {
		return err
	}
	return do(batches)
}

// clearSpool removes the files that no batch to be printed names.
func (a *App) clearSpool(ctx context.Context, batches []data.Batch) error {
	named := map[string]bool{".lock": true}
	for _, batch := range batches {
		for n := range batch.Files {
			named[batch.FileName(n+1)] = true
		}
	}
	entries, err := os.ReadDir(a.spoolFolder())
	for _, entry := range entries {
		// A copy being printed by another process goes with its batch.
		source, isCopy := strings.CutSuffix(entry.Name(), displacedSuffix)
		if named[entry.Name()] || isCopy && named[strings.TrimSuffix(source, filepath.Ext(source))] {
			continue
		}
		err := a.takeBack(ctx, data.BatchOfFile(entry.Name()))
		err = errors.Join(err, removeAll([]string{filepath.Join(a.spoolFolder(), entry.Name())}))
		if err != nil { // tried again at the next start
			slog.WarnContext(ctx, "a closed batch's file stays in the spool", "file", entry.Name(), "cause", err)
		}
	}
	return err
}

// takeBack takes back what of a batch that another workstation closed still waits
// at a printer here.
func (a *App) takeBack(ctx context.Context, number string) error {
	var batch data.Batch
	err := a.store.View(ctx, func(tx *store.Tx) (err error) {
		batch, err = tx.Batch(number)
		return err
	})
	if errors.Is(err, store.ErrNotFound) || err == nil && !a.here(batch) { // never committed, or a copy of another's
		return nil
	}
	return errors.Join(err, a.cancelPrints(ctx, batch))
}

// closeSpool ends what a batch just closed has here: its prints, and its files.
// The workstation that has them does so itself once it hears: see WatchChanges.
func (a *App) closeSpool(ctx context.Context, batch data.Batch) error {
	if !a.here(batch) {
		return nil
	}
	return errors.Join(a.cancelPrints(context.WithoutCancel(ctx), batch), a.emptySpool(batch))
}

// guichet is who does what the application does by itself.
var guichet = data.Operator{Login: "guichet", Name: "Guichet", Roles: data.WorkRoles}

// spooled tells whether all of a batch's files are there. They were renamed
// into place once whole, so being there is being whole.
func (a *App) spooled(batch data.Batch) bool {
	for _, file := range a.spoolFiles(batch) {
		if _, err := os.Stat(file); err != nil {
			return false
		}
	}
	return true
}

// emptySpool removes the files of a batch just closed. One that cannot be
// removed, open in a viewer say, still holds codes: the user is told.
func (a *App) emptySpool(batch data.Batch) error {
	if err := a.deleteSpool(batch); err != nil {
		return &Error{
			Kind: Unavailable, Message: "Le lot {{.Number}} est clos, mais son PDF n’a pas pu être supprimé : fermez-le, puis relancez Guichet",
			Values: data.Values{"Number": batch.Number}, cause: err,
		}
	}
	return nil
}

// deleteSpool removes a batch's files; those already gone are no error.
func (a *App) deleteSpool(batch data.Batch) error {
	a.pages.Forget() // Windows deletes no file that is in use
	copies, failed := filesIn(a.spoolFolder(), func(name string) bool {
		return strings.HasPrefix(name, batch.Number+"-") && strings.HasSuffix(name, displacedSuffix)
	})
	return errors.Join(failed, removeAll(append(a.spoolFiles(batch), copies...)))
}

// filesIn are the files of a folder whose names are wanted; none where there is no
// folder.
func filesIn(folder string, wanted func(name string) bool) (paths []string, err error) {
	entries, err := os.ReadDir(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	for _, entry := range entries {
		if wanted(entry.Name()) {
			paths = append(paths, filepath.Join(folder, entry.Name()))
		}
	}
	return paths, err
}

// removeAll removes files; those already gone are no error.
func removeAll(paths []string) (failed error) {
	for _, path := range paths {
		if err := os.Remove(path); !errors.Is(err, fs.ErrNotExist) {
			failed = errors.Join(failed, err)
		}
	}
	return failed
}
