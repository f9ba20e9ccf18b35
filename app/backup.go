package app

import (
	"context"
	"errors"
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
	backupPrefix = "guichet-" // then the register's mark: several may share a folder
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
	if err == nil {
		err = a.ownBackups()
	}
	if err != nil {
		return Backup{}, err
	}
	return a.backUp(ctx, operator, progress)
}

// BackUpDaily makes a backup when the last is older than a day or so; made tells
// whether it did. Damaged when the register itself turns out not to be whole.
// Any operator's session does it.
func (a *App) BackUpDaily(ctx context.Context) (made bool, err error) {
	if _, err := allow(ctx, "BackUpDaily"); err != nil || a.Shared() {
		return false, err
	}
	backups, err := a.backups(ctx)
	if err != nil {
		return false, err
	}
	for _, backup := range backups {
		if age := a.Now().Sub(backup.At); age >= 0 && age < data.BackupEvery { // a later one was made by a wrong clock
			return false, nil
		}
	}
	_, err = a.backUp(ctx, guichet, nil)
	return err == nil, err
}

func (a *App) backUp(ctx context.Context, by data.Operator, progress func(done, total int)) (made Backup, err error) {
	settings, mark, err := a.backupSettings(ctx)
	if err != nil {
		return made, err
	}
	folder := backupFolder(a.path, settings)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return made, refined(err)
	}
	stem := filepath.Join(folder, backupPrefix+mark+"-")
	if err := removeUnfinished(stem); err != nil {
		return made, refined(err)
	}
	made = Backup{At: a.Now().Truncate(time.Second)}
	made.Path = stem + made.At.Format(backupLayout) + backupSuffix
	unfinished := made.Path + unfinishedSuffix // no backup until it was verified
	if err := a.store.Backup(ctx, unfinished, progress); err != nil {
		return made, logged(ctx, refined(err))
	}
	contents, err := verified(ctx, unfinished, func(store.Contents) string { return made.Path })
	if err != nil {
		err = refined(err)
		if KindOf(err) == Damaged && a.store.Check(ctx) == nil { // the copy alone is
			err = &Error{Kind: Unavailable, Message: "La sauvegarde relue n’est pas bonne : vérifiez le disque de son dossier", cause: err}
		}
		return made, logged(ctx, err)
	}
	if info, err := os.Stat(made.Path); err == nil {
		made.Size = info.Size()
	}
	err = a.update(ctx, by, func(c *change) error {
		return c.audit("register.backup", "register", 0, nil, map[string]any{
			"file": filepath.Base(made.Path), "organisations": contents.Organisations, "accounts": contents.Accounts, "letters": contents.Letters, "tickets": contents.Tickets,
		})
	})
	if err != nil { // the disk is full now: none was made, and no older one goes for it
		return made, errors.Join(err, refined(os.Remove(made.Path)))
	}
	if err := writeWhole(a.path+lastBackupSuffix, []byte(made.Path)); err != nil { // a damaged register does not tell where they are
		slog.WarnContext(ctx, "the last backup's path is not kept", "cause", err)
	}
	if err := rotate(folder, mark, settings.Keep, made.Path); err != nil { // tried again by the next one
		slog.WarnContext(ctx, "older backups stay", "cause", err)
	}
	return made, nil
}

// verified opens a finished copy of a register, and gives it the name of a backup;
// what is not good is deleted.
func verified(ctx context.Context, unfinished string, name func(store.Contents) string) (contents store.Contents, err error) {
	if contents, err = store.Inspect(ctx, unfinished); err == nil {
		err = os.Rename(unfinished, name(contents))
	}
	if err != nil {
		err = errors.Join(err, store.Remove(unfinished))
	}
	return contents, err
}

// unfinishedSuffix names a backup that was not verified yet.
const unfinishedSuffix = ".part"

// removeUnfinished removes what a crash, or the disk, left of backups whose path
// begins with a stem, and of their journals.
func removeUnfinished(stem string) error {
	folder, beginning := filepath.Split(stem)
	stale, err := filesIn(folder, func(name string) bool {
		return strings.HasPrefix(name, beginning) && strings.Contains(name, unfinishedSuffix)
	})
	return errors.Join(err, removeAll(stale))
}

// backupSettings are where the backups go, and what this register's are told
// from others' by.
func (a *App) backupSettings(ctx context.Context) (settings data.BackupSettings, mark string, err error) {
	err = a.view(ctx, func(tx *store.Tx) error {
		all, err := readSettings(tx)
		if err != nil {
			return err
		}
		settings = all.Backup
		mark, err = tx.Mark()
		return err
	})
	return settings, mark, err
}

func (a *App) backups(ctx context.Context) ([]Backup, error) {
	settings, mark, err := a.backupSettings(ctx)
	if err != nil {
		return nil, err
	}
	backups, err := backupsIn(backupFolder(a.path, settings), mark)
	return backups, refined(err)
}

// lastBackupSuffix names the file beside the register that says where its last
// backup is.
const lastBackupSuffix = ".last-backup"

// rotate takes the oldest backups away, never the one just made.
func rotate(folder, mark string, keep int, made string) error {
	backups, err := backupsIn(folder, mark)
	for _, old := range backups[min(keep, len(backups)):] {
		if old.Path != made {
			err = errors.Join(err, os.Remove(old.Path))
		}
	}
	return err
}

// Backups are the register's backups, the newest first. Administrators.
func (a *App) Backups(ctx context.Context) ([]Backup, error) {
	if _, err := allow(ctx, "Backups"); err != nil || a.Shared() {
		return nil, err
	}
	return a.backups(ctx)
}

// FindBackups are the backups of a register that does not open, the newest first:
// those beside it, and those where its last one was made.
func FindBackups(register string) []Backup {
	folders := []string{backupFolder(register, data.BackupSettings{})}
	last, err := os.ReadFile(register + lastBackupSuffix) // #nosec G304 -- the register’s own file, or one that its user chose
	if err == nil && filepath.Dir(string(last)) != folders[0] {
		folders = append(folders, filepath.Dir(string(last)))
	}
	mark, _, _ := strings.Cut(strings.TrimPrefix(filepath.Base(string(last)), backupPrefix), "-")
	if err != nil {
		mark = "" // all that are there
	}
	var all []Backup
	for _, folder := range folders {
		backups, _ := backupsIn(folder, mark) // what cannot be read holds none
		all = append(all, backups...)
	}
	slices.SortFunc(all, func(a, b Backup) int { return b.At.Compare(a.At) })
	return all
}

// backupsIn are a folder's backups of the register with a mark, or of all without
// one, the newest first; none where there is no folder yet.
func backupsIn(folder, mark string) (backups []Backup, err error) {
	entries, err := os.ReadDir(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	for _, entry := range entries {
		name, isBackup := strings.CutSuffix(entry.Name(), backupSuffix)
		whose, date, _ := strings.Cut(strings.TrimPrefix(name, backupPrefix), "-")
		at, parseErr := time.ParseInLocation(backupLayout, date, data.Paris)
		info, infoErr := entry.Info()
		if isBackup && parseErr == nil && infoErr == nil && (mark == "" || whose == mark) {
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
