package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"guichet/data"
	"guichet/data/store"
)

// backUpBeforeUpdate copies a register that an earlier version of Guichet wrote,
// and verifies the copy, before its schema is changed: where its last backup is,
// or beside it. That version opens it again. Without it the register is not
// updated.
func backUpBeforeUpdate(ctx context.Context, register string, options Options) error {
	if options.Updating != nil {
		options.Updating(0, 0)
	}
	made, err := copyBeforeUpdate(ctx, register, options)
	if err != nil {
		if KindOf(refined(err)) == Damaged {
			return err
		}
		return &Error{
			Kind:    Unavailable,
			Message: "Le registre vient d’une version plus ancienne de Guichet ; il n’a pas été mis à jour, faute de pouvoir d’abord le sauvegarder : {{.Cause}}",
			Values:  data.Values{"Cause": refined(err)}, cause: err,
		}
	}
	return writeWhole(register+lastBackupSuffix, []byte(made))
}

func copyBeforeUpdate(ctx context.Context, register string, options Options) (made string, err error) {
	folder := backupFolder(register, data.BackupSettings{})
	last, err := os.ReadFile(register + lastBackupSuffix) // #nosec G304 -- the register’s own file, or one that its user chose
	if err == nil {
		if info, err := os.Stat(filepath.Dir(string(last))); err == nil && info.IsDir() {
			folder = filepath.Dir(string(last))
		}
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return "", err
	}
	now := time.Now
	if options.Clock != nil {
		now = options.Clock
	}
	date := now().In(data.Paris).Format(backupLayout)
	path := sha256.Sum256([]byte(register)) // other registers may have the same folder
	stem := filepath.Join(folder, backupPrefix+"update-"+hex.EncodeToString(path[:4])+"-")
	if err := removeUnfinished(stem); err != nil { // one that is held by another program is no reason not to open
		slog.WarnContext(ctx, "an unfinished backup stays", "cause", err)
	}
	unfinished := stem + date + unfinishedSuffix
	if err := store.Copy(ctx, register, unfinished); err != nil {
		return "", err
	}
	_, err = verified(ctx, unfinished, func(contents store.Contents) string {
		made = filepath.Join(folder, backupPrefix+contents.Mark+"-"+date+backupSuffix)
		return made
	})
	return made, err
}
