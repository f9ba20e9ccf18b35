package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"guichet/data"
	"guichet/data/store"
)

// RestoreBackup puts a backup of this register in its place; the register is kept
// under the name that it returns: with a name, an error tells what is left to do
// of a restore that is done. Every session ends. What cannot be taken back
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
	r := restoration{register: a.path, backup: path, by: operator.Login, at: a.Now()}
	ctx = context.WithoutCancel(ctx) // half of it is worse than all
	prepare := func(tx *store.Tx) error {
		if err := r.look(tx, contents.Mark); err != nil {
			return err
		}
		return r.prepare(ctx)
	}
	if err := a.store.Replace(ctx, prepare, r.exchange); err != nil {
		return r.kept, logged(ctx, refined(err))
	}
	for _, batch := range r.cancelled {
		err = errors.Join(err, a.emptySpool(batch))
	}
	return r.kept, errors.Join(err, logged(ctx, refined(a.recoverSpool(ctx))))
}

// Restore puts a backup in the place of a register that does not open, which is
// kept under the name that it returns. What was done since the backup is not
// known: numbers go on well beyond those of the backup, and mails that were to be
// sent wait for a person to say so.
func Restore(ctx context.Context, register, backup string, options Options) (kept string, err error) {
	if _, err := InspectBackup(ctx, backup); err != nil {
		return "", err
	}
	if register, err = resolved(register); err != nil {
		return "", refined(err)
	}
	now := time.Now
	if options.Clock != nil {
		now = options.Clock
	}
	ctx = context.WithoutCancel(ctx)
	r := restoration{register: register, backup: backup, by: guichet.Login, at: now(), since: store.Since{Unknown: true}}
	if err = r.prepare(ctx); err == nil {
		err = r.exchange()
	}
	if err != nil {
		return r.kept, refined(err)
	}
	a, err := Open(ctx, register, options)
	if err != nil {
		return r.kept, err
	}
	return r.kept, a.Close()
}

// restoration puts a copy of a backup, with the log beside it, in the place of a
// register.
type restoration struct {
	register, backup string
	by               string // an operator's login
	at               time.Time
	since            store.Since
	cancelled        []data.Batch // whose spool is of no use
	kept             string       // the former register, once it is
}

// look sees what the register did since the backup, which must be its own.
func (r *restoration) look(tx *store.Tx, mark string) error {
	own, err := tx.Mark()
	if err == nil && own != mark {
		err = refuse(Conflict, "Cette sauvegarde est celle d’un autre registre : ouvrez une copie de son fichier", nil)
	}
	if err == nil {
		r.since, err = tx.Since()
	}
	return err
}

// prepare makes the restored register beside the present one: it has its name once
// it is whole, and knows what was done since the backup.
func (r *restoration) prepare(ctx context.Context) error {
	unfinished := r.register + restoringSuffix + unfinishedSuffix
	err := store.Copy(ctx, r.backup, unfinished)
	if err == nil {
		err = store.Amend(ctx, unfinished, func(tx *store.Tx) error {
			return r.settle(&change{Tx: tx, operator: data.Operator{Login: r.by}, now: r.at.Truncate(time.Millisecond)})
		})
	}
	if err == nil {
		err = os.Rename(unfinished, r.register+restoringSuffix)
	}
	if err != nil {
		err = errors.Join(err, store.Remove(unfinished))
	}
	return err
}

// exchange takes the register, which is closed, away, and puts the restored one in
// its place. Broken off by a crash or by the disk, it leaves the former with its
// log, or what finishRestore makes the restored one.
func (r *restoration) exchange() error {
	restored, kept := r.register+restoringSuffix, r.keptName()
	if err := os.Rename(r.register, kept); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	err := keepLog(r.register, kept)
	if err == nil {
		err = os.Rename(restored, r.register)
	}
	if err != nil {
		return errors.Join(err, keepLog(kept, r.register), os.Rename(kept, r.register))
	}
	r.kept = kept
	return nil
}

// keptName is a free name for the former register: two restores of one second
// keep two.
func (r *restoration) keptName() string {
	name := fmt.Sprintf("%s.kept-%s", r.register, r.at.Format(backupLayout))
	free := name
	for n := 2; ; n++ {
		if _, err := os.Lstat(free); err != nil {
			return free
		}
		free = fmt.Sprintf("%s-%d", name, n)
	}
}

// settle keeps the restored register from doing again what was done since its
// backup.
func (r *restoration) settle(c *change) (err error) {
	if r.cancelled, err = c.SpooledBatches(); err != nil {
		return err
	}
	for _, batch := range r.cancelled { // a PDF of that name may be another's
		if err := c.cancelBatch(batch, "batch.recover"); err != nil {
			return err
		}
	}
	if err := c.GoOnFrom(r.since, c.now); err != nil {
		return err
	}
	return c.audit("register.restore", "register", 0, nil, map[string]any{"file": filepath.Base(r.backup), "kept": filepath.Base(r.keptName())})
}

// restoringSuffix names a copy of a backup that is whole and about to take the
// register's place: finishRestore.
const restoringSuffix = ".restoring"

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
	restored := register + restoringSuffix
	of := []string{restored + unfinishedSuffix}
	_, err := os.Stat(register)
	switch {
	case err == nil:
		of = append(of, restored)
	case errors.Is(err, fs.ErrNotExist):
		if _, err = os.Stat(restored); err == nil {
			if err = keepLog(register, register+".kept"); err == nil {
				err = os.Rename(restored, register)
			}
		}
	}
	for _, file := range of {
		if err := store.Remove(file); err != nil { // tried again at the next start
			slog.Warn("a copy of no use stays beside the register", "cause", err)
		}
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
