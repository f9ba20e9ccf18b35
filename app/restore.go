package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"guichet/data"
	"guichet/data/store"
)

// RestoreBackup puts a backup of this register in its place; the register is kept
// under the name that it returns. Every session ends. What cannot be taken back
// is not: numbers that were given since are not given again, mails that were sent
// since are not sent again, and batches that were not posted yet are composed
// anew. Conflict for another register's. Administrators.
func (a *App) RestoreBackup(ctx context.Context, path string) (kept string, err error) {
	operator, err := allow(ctx, "RestoreBackup")
	if err == nil {
		err = a.ownBackups()
	}
	if err != nil {
		return "", err
	}
	contents, err := InspectBackup(ctx, path)
	if err != nil {
		return "", err
	}
	var since store.Since
	var mark string
	err = a.view(ctx, func(tx *store.Tx) error {
		if mark, err = tx.Mark(); err == nil {
			since, err = tx.Since()
		}
		return err
	})
	if err != nil {
		return "", err
	}
	if contents.Mark != mark {
		return "", refuse(Conflict, "Cette sauvegarde est celle d’un autre registre : ouvrez une copie de son fichier", nil)
	}
	ctx = context.WithoutCancel(ctx) // half of it is worse than all
	err = a.store.Replace(ctx, func() error {
		kept, err = replaceRegister(ctx, a.path, path, a.Now())
		return err
	})
	if err != nil {
		return kept, logged(ctx, refined(err))
	}
	return kept, a.afterRestore(ctx, operator.Login, path, kept, since)
}

// Restore puts a backup in the place of a register that does not open, which is
// kept under the name that it returns. What was done since the backup is not
// known: numbers go on well beyond those of the backup, and mails that were to be
// sent wait for a person to say so.
func Restore(ctx context.Context, register, backup string, options Options) (kept string, err error) {
	if _, err := InspectBackup(ctx, backup); err != nil {
		return "", err
	}
	now := time.Now
	if options.Clock != nil {
		now = options.Clock
	}
	ctx = context.WithoutCancel(ctx)
	if kept, err = replaceRegister(ctx, register, backup, now()); err != nil {
		return kept, refined(err)
	}
	a, err := Open(ctx, register, options)
	if err != nil {
		return kept, err
	}
	return kept, errors.Join(a.afterRestore(ctx, guichet.Login, backup, kept, store.Since{Unknown: true}), a.Close())
}

// afterRestore keeps a restored register from doing again what was done since its
// backup.
func (a *App) afterRestore(ctx context.Context, login, backup, kept string, since store.Since) error {
	var batches []data.Batch
	err := a.update(ctx, data.Operator{Login: login}, func(c *change) (err error) {
		if batches, err = c.SpooledBatches(); err != nil {
			return err
		}
		for _, batch := range batches { // a PDF of that name may be another's
			if err := c.cancelBatch(batch, "batch.recover"); err != nil {
				return err
			}
		}
		if err := c.GoOnFrom(since, c.now); err != nil {
			return err
		}
		return c.audit("register.restore", "register", 0, nil, map[string]any{"file": filepath.Base(backup), "kept": filepath.Base(kept)})
	})
	for _, batch := range batches {
		err = errors.Join(err, refined(a.deleteSpool(batch)))
	}
	return errors.Join(err, refined(a.recoverSpool(ctx)))
}

// restoringSuffix names a copy of a backup that is whole and about to take the
// register's place: finishRestore.
const restoringSuffix = ".restoring"

// replaceRegister puts a copy of a backup, with the log beside it, in the place of
// a closed register. A crash leaves the former with its log, or what finishRestore
// makes the restored one.
func replaceRegister(ctx context.Context, register, backup string, now time.Time) (kept string, err error) {
	if err := store.Copy(ctx, backup, register+restoringSuffix); err != nil {
		return "", err
	}
	kept = fmt.Sprintf("%s.kept-%s", register, now.Format(backupLayout))
	if err := os.Rename(register, kept); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return kept, err
	}
	if err := keepLog(register, kept); err != nil {
		return kept, errors.Join(err, os.Rename(kept, register))
	}
	if err := os.Rename(register+restoringSuffix, register); err != nil {
		return kept, errors.Join(err, keepLog(kept, register), os.Rename(kept, register))
	}
	return kept, nil
}

// keepLog moves a register's log along with it.
func keepLog(register, kept string) error {
	for _, suffix := range []string{"-wal", "-shm"} {
		if err := os.Rename(register+suffix, kept+suffix); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// finishRestore ends a restore that a crash interrupted: without a register, the
// copy takes its place, and a log that was left is the former's; with one, the
// copy is of no use.
func finishRestore(register string) error {
	_, err := os.Stat(register)
	switch {
	case err == nil:
		err = os.Remove(register + restoringSuffix)
	case errors.Is(err, fs.ErrNotExist):
		if _, err = os.Stat(register + restoringSuffix); err == nil {
			if err = keepLog(register, register+".kept"); err == nil {
				err = os.Rename(register+restoringSuffix, register)
			}
		}
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
