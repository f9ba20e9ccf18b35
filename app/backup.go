package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"guichet/data"
	"guichet/data/store"
)

// Backup is a file that holds the whole register as it was at a time. Passwords
// of mailboxes are not in it: they are in the keyring. Nor are PDFs of batches: a
// batch that was not posted yet when it was made is composed anew.
type Backup struct {
	Path string
	At   time.Time
	Size int64 // bytes
}

// BackupContents is what a backup holds.
type BackupContents = store.Contents

const (
	backupPrefix = "guichet-"
	backupSuffix = ".db"
	backupLayout = "20060102-150405"
)

// backupFolder is where backups go: as set, or beside the register.
func backupFolder(register string, settings data.BackupSettings) string {
	if settings.Folder != "" {
		return settings.Folder
	}
	return register + ".backups"
}

// BackUp makes a backup now, verified: every page is checked, and the audit's
// chain. The oldest beyond those to keep go. progress, which may be nil, is told
// how far it is. Administrators.
func (a *App) BackUp(ctx context.Context, progress func(done, total int)) (Backup, error) {
	operator, err := allow(ctx, "BackUp")
	if err != nil {
		return Backup{}, err
	}
	return a.backUp(ctx, operator, progress)
}

// BackUpDaily makes a backup when the last is older than a day or so; made tells
// whether it did. Damaged when the register itself turns out not to be whole.
// Any operator's session does it.
func (a *App) BackUpDaily(ctx context.Context) (made bool, err error) {
	if _, err := allow(ctx, "BackUpDaily"); err != nil {
		return false, err
	}
	settings, err := a.Settings(ctx)
	if err != nil {
		return false, err
	}
	backups, err := backupsIn(backupFolder(a.path, settings.Backup))
	if err != nil {
		return false, refined(err)
	}
	if len(backups) > 0 && a.Now().Sub(backups[0].At) < data.BackupEvery {
		return false, nil
	}
	_, err = a.backUp(ctx, guichet, nil)
	return err == nil, err
}

func (a *App) backUp(ctx context.Context, by data.Operator, progress func(done, total int)) (made Backup, err error) {
	settings, err := a.Settings(ctx)
	if err != nil {
		return made, err
	}
	folder := backupFolder(a.path, settings.Backup)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return made, refined(err)
	}
	made = Backup{At: a.Now().Truncate(time.Second)}
	made.Path = filepath.Join(folder, backupPrefix+made.At.Format(backupLayout)+backupSuffix)
	unfinished := made.Path + ".part" // no backup until it was verified
	if err := os.Remove(unfinished); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return made, refined(err)
	}
	if err := a.store.Backup(ctx, unfinished, progress); err != nil {
		return made, logged(ctx, refined(err))
	}
	contents, err := store.Inspect(ctx, unfinished)
	if err == nil {
		err = os.Rename(unfinished, made.Path)
	}
	if err != nil {
		return made, logged(ctx, refined(errors.Join(err, os.Remove(unfinished))))
	}
	if info, err := os.Stat(made.Path); err == nil {
		made.Size = info.Size()
	}
	if err := writeWhole(a.path+lastBackupSuffix, []byte(made.Path)); err != nil { // a damaged register does not tell where they are
		slog.WarnContext(ctx, "the last backup's path is not kept", "cause", err)
	}
	err = a.update(ctx, by, func(c *change) error {
		return c.audit("register.backup", "register", 0, nil, map[string]any{
			"file": filepath.Base(made.Path), "organisations": contents.Organisations, "accounts": contents.Accounts, "letters": contents.Letters, "tickets": contents.Tickets,
		})
	})
	return made, errors.Join(err, refined(rotate(folder, settings.Backup.Keep)))
}

// lastBackupSuffix names the file beside the register that says where its last
// backup is.
const lastBackupSuffix = ".last-backup"

// rotate takes the oldest backups away.
func rotate(folder string, keep int) error {
	backups, err := backupsIn(folder)
	for _, old := range backups[min(keep, len(backups)):] {
		err = errors.Join(err, os.Remove(old.Path))
	}
	return err
}

// Backups are the register's backups, the newest first. Administrators.
func (a *App) Backups(ctx context.Context) ([]Backup, error) {
	if _, err := allow(ctx, "Backups"); err != nil {
		return nil, err
	}
	settings, err := a.Settings(ctx)
	if err != nil {
		return nil, err
	}
	backups, err := backupsIn(backupFolder(a.path, settings.Backup))
	return backups, refined(err)
}

// FindBackups are the backups of a register that does not open, the newest first:
// those beside it, and those where its last one was made.
func FindBackups(register string) []Backup {
	folders := []string{backupFolder(register, data.BackupSettings{})}
	last, err := os.ReadFile(register + lastBackupSuffix) // #nosec G304 -- the register’s own file, or one that its user chose
	if err == nil && filepath.Dir(string(last)) != folders[0] {
		folders = append(folders, filepath.Dir(string(last)))
	}
	var all []Backup
	for _, folder := range folders {
		backups, _ := backupsIn(folder) // what cannot be read holds none
		all = append(all, backups...)
	}
	slices.SortFunc(all, func(a, b Backup) int { return b.At.Compare(a.At) })
	return all
}

// backupsIn are a folder's backups, the newest first; none where there is no
// folder yet.
func backupsIn(folder string) (backups []Backup, err error) {
	entries, err := os.ReadDir(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	for _, entry := range entries {
		name, isBackup := strings.CutSuffix(entry.Name(), backupSuffix)
		at, parseErr := time.ParseInLocation(backupLayout, strings.TrimPrefix(name, backupPrefix), data.Paris)
		info, infoErr := entry.Info()
		if isBackup && parseErr == nil && infoErr == nil {
			backups = append(backups, Backup{Path: filepath.Join(folder, entry.Name()), At: at, Size: info.Size()})
		}
	}
	slices.SortFunc(backups, func(a, b Backup) int { return b.At.Compare(a.At) })
	return backups, err
}

// InspectBackup looks at what a backup holds, and whether it is whole: Damaged
// when it is not, Unavailable when a newer version wrote it.
func InspectBackup(ctx context.Context, path string) (BackupContents, error) {
	contents, err := store.Inspect(ctx, path)
	return contents, refined(err)
}

// RestoreBackup puts a backup in the place of the register, which is kept under
// the name that it returns, and closes every session. Administrators.
func (a *App) RestoreBackup(ctx context.Context, path string) (kept string, err error) {
	operator, err := allow(ctx, "RestoreBackup")
	if err != nil {
		return "", err
	}
	if _, err := InspectBackup(ctx, path); err != nil {
		return "", err
	}
	err = a.store.Replace(ctx, func() error {
		kept, err = replaceRegister(a.path, path, a.Now())
		return err
	})
	if err != nil {
		return kept, logged(ctx, refined(err))
	}
	a.secret = nil
	if err := errors.Join(a.loadSecret(ctx), a.recoverSpool(ctx)); err != nil {
		return kept, refined(err)
	}
	return kept, a.recordRestore(ctx, operator.Login, path, kept)
}

// Restore puts a backup in the place of a register that does not open, which is
// kept under the name that it returns.
func Restore(ctx context.Context, register, backup string, options Options) (kept string, err error) {
	if _, err := InspectBackup(ctx, backup); err != nil {
		return "", err
	}
	now := time.Now
	if options.Clock != nil {
		now = options.Clock
	}
	if kept, err = replaceRegister(register, backup, now()); err != nil {
		return kept, refined(err)
	}
	a, err := Open(ctx, register, options)
	if err != nil {
		return kept, err
	}
	return kept, errors.Join(a.recordRestore(ctx, guichet.Login, backup, kept), a.Close())
}

func (a *App) recordRestore(ctx context.Context, login, backup, kept string) error {
	return a.update(ctx, data.Operator{Login: login}, func(c *change) error {
		return c.audit("register.restore", "register", 0, nil, map[string]any{"file": filepath.Base(backup), "kept": filepath.Base(kept)})
	})
}

// restoringSuffix names a copy of a backup that is whole and about to take the
// register's place: finishRestore.
const restoringSuffix = ".restoring"

// replaceRegister puts a copy of a backup in the place of a closed register. A
// crash leaves the former, or what finishRestore makes the restored one.
func replaceRegister(register, backup string, now time.Time) (kept string, err error) {
	content, err := os.Open(backup) // #nosec G304 -- the register’s own file, or one that its user chose
	if err != nil {
		return "", err
	}
	defer content.Close()
	if err := writeWholeFrom(register+restoringSuffix, content); err != nil {
		return "", err
	}
	kept = fmt.Sprintf("%s.kept-%s", register, now.Format(backupLayout))
	for _, suffix := range []string{"-wal", "-shm", ""} { // the register itself last: while it stands, it counts
		if err := os.Rename(register+suffix, kept+suffix); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return kept, err
		}
	}
	if err := os.Rename(register+restoringSuffix, register); err != nil {
		return kept, errors.Join(err, os.Rename(kept, register))
	}
	return kept, nil
}

// finishRestore ends a restore that a crash interrupted.
func finishRestore(register string) error {
	if _, err := os.Stat(register); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	err := os.Rename(register+restoringSuffix, register)
	if errors.Is(err, fs.ErrNotExist) { // a new register
		return nil
	}
	return err
}
