package app

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"os"
	"time"

	"guichet/data/store"
)

// RegisterCheck is how long the register takes: what was written is durable.
type RegisterCheck struct {
	Write, Read time.Duration
}

// CheckRegister writes something to the register, reads it back by another
// connection, and takes it away. Administrators only.
func (a *App) CheckRegister(ctx context.Context) (check RegisterCheck, err error) {
	if _, err := allow(ctx, "CheckRegister"); err != nil {
		return check, err
	}
	const name = "round trip"
	written, read := rand.Text(), ""
	began := time.Now()
	err = a.store.Update(ctx, func(tx *store.Tx) error { return tx.SetSetting(name, written) })
	check.Write = time.Since(began)
	if err != nil {
		return check, refined(err)
	}
	began = time.Now()
	err = a.view(ctx, func(tx *store.Tx) (err error) {
		read, err = tx.Setting(name)
		return err
	})
	check.Read = time.Since(began)
	dropped := a.store.Update(context.WithoutCancel(ctx), func(tx *store.Tx) error { return tx.DropSetting(name) })
	if err == nil && read != written { // another workstation checks at the same time
		err = refuse(Unavailable, "Le registre n’a pas rendu ce qui venait d’y être écrit : recommencez", nil)
	}
	return check, refined(errors.Join(err, dropped))
}

// CheckBackupFolder writes a file to the folder that backups are to go to, empty
// for the one beside the register, reads it back and takes it away; it returns how
// long that took. Administrators only.
func (a *App) CheckBackupFolder(ctx context.Context, folder string) (time.Duration, error) {
	if _, err := allow(ctx, "CheckBackupFolder"); err != nil {
		return 0, err
	}
	if folder == "" {
		folder = a.path + ".backups"
	}
	began := time.Now()
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return 0, refined(err)
	}
	file, err := os.CreateTemp(folder, ".guichet-*")
	if err != nil {
		return 0, refined(err)
	}
	defer os.Remove(file.Name()) //nolint:errcheck // it holds nothing
	written := []byte(rand.Text())
	_, err = file.Write(written)
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		return 0, refined(err)
	}
	read, err := os.ReadFile(file.Name())
	if err == nil && !bytes.Equal(read, written) {
		err = refuse(Unavailable, "Le dossier n’a pas rendu ce qui venait d’y être écrit : vérifiez son disque", nil)
	}
	return time.Since(began), refined(err)
}
