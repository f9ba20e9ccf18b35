package app

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"guichet/data"
	"guichet/data/store"
)

// IsShared tells the address of a shared register, postgres://…, from the path of
// a file.
func IsShared(register string) bool { return store.IsShared(register) }

// UseShared has this workstation use a shared register from now on: it opens it
// once, keeps the password, none when empty, and the address. Invalid when the
// address is none, or carries a password; Unavailable when the server does not let
// it in. inFile tells that the password stands in a 0600 file.
func UseShared(ctx context.Context, address, password string, options Options) (inFile bool, err error) {
	parsed, err := url.Parse(address)
	if err != nil || !IsShared(address) || parsed.Host == "" || parsed.User == nil {
		return false, refined(data.Problems{{Field: "address", Message: "L’adresse s’écrit postgres://UTILISATEUR@SERVEUR/BASE"}})
	}
	if _, has := parsed.User.Password(); has {
		return false, refined(data.Problems{{Field: "address", Message: "Le mot de passe a son propre champ"}})
	}
	options.databasePassword = password
	a, err := Open(ctx, address, options)
	if err == nil {
		err = a.Close()
	}
	if err == nil && password != "" {
		inFile, err = KeepRegisterPassword(address, password, options)
	}
	if err != nil {
		return inFile, err
	}
	return inFile, SetDefaultRegister(address)
}

// RegisterLabel is a register's path or address as it may be shown: without its
// password.
func RegisterLabel(register string) string {
	if address, err := url.Parse(register); err == nil && IsShared(register) {
		return address.Redacted()
	}
	return register
}

// Shared tells whether the register is a PostgreSQL database that several
// workstations use: its backups are its server's.
func (a *App) Shared() bool { return a.station != "" }

// sharedPath is what the local files of a shared register are called after: by
// its host, port and database, never by its user or password.
func sharedPath(register, folder string) (string, error) {
	address, err := url.Parse(register)
	if err != nil {
		return "", refuse(Invalid, "L’adresse du registre partagé est illisible : postgres://UTILISATEUR@SERVEUR/BASE", nil) // the cause repeats the password
	}
	if folder == "" {
		if folder, err = os.UserConfigDir(); err != nil {
			folder = "."
		}
		folder = filepath.Join(folder, "guichet")
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return "", err
	}
	name := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '.' || r == '-' || r == '_' {
			return r
		}
		return '_'
	}, address.Host+strings.ReplaceAll(address.Path, "/", "_"))
	return filepath.Join(folder, "shared-"+name), nil
}

// registerPassword names the secret of a shared register's database.
const registerPassword = "register"

// withPassword is an address with the password that is being tried or is kept for
// it, unless it has one; without any, PGPASSWORD and the file .pgpass count.
func withPassword(register, local string, options Options) string {
	address, err := url.Parse(register)
	if err != nil || address.User == nil {
		return register
	}
	if _, has := address.User.Password(); has {
		return register
	}
	password := options.databasePassword
	if password == "" {
		password, _ = newSecretKeeper(local, options.NoKeyring).get(registerPassword) // there may be none
	}
	if password != "" {
		address.User = url.UserPassword(address.User.Username(), password)
	}
	return address.String()
}

// KeepRegisterPassword keeps the password of a shared register's database on this
// workstation: in the keyring or, where there is none, in a 0600 file, of which
// the user is to be warned.
func KeepRegisterPassword(register, password string, options Options) (inFile bool, err error) {
	local, err := sharedPath(register, options.Folder)
	if err == nil {
		inFile, err = newSecretKeeper(local, options.NoKeyring).set(registerPassword, password)
	}
	return inFile, refined(err)
}

// nameStation names this workstation in a shared register, once for all: by its
// host, and by what no other has. A name that came from another host, with a copy of
// its disk or with its user's folder, stays that one's.
func (a *App) nameStation() error {
	if !a.store.Shared() {
		return nil
	}
	host, _ := os.Hostname() // a name for people
	for _, file := range []string{a.path + ".station", a.path + "." + filepath.Base(host) + ".station"} {
		name, err := os.ReadFile(file) // #nosec G304 -- the register’s own file
		if errors.Is(err, fs.ErrNotExist) {
			name = fmt.Appendf(nil, "%s-%.6s", host, rand.Text())
			err = writeWhole(file, name)
		}
		if err != nil {
			return err
		}
		if a.station = string(name); strings.HasPrefix(a.station, host+"-") {
			return nil
		}
	}
	return fmt.Errorf("name this workstation: %s is not %s", a.station, host)
}

// here tells whether a batch's files are on this workstation.
func (a *App) here(batch data.Batch) bool { return batch.Station == a.station }

// elsewhere refuses what needs files that another workstation has.
func (a *App) elsewhere(batch data.Batch) error {
	if a.here(batch) {
		return nil
	}
	return refuse(Conflict, "Le lot {{.Number}} a été composé sur le poste {{.Station}} : ses feuilles y sont",
		data.Values{"Number": batch.Number, "Station": batch.Station})
}

// ownBackups refuses what a shared register leaves to its server.
func (a *App) ownBackups() error {
	if a.Shared() {
		return refuse(Conflict, "Un registre partagé est sauvegardé par son serveur PostgreSQL", nil)
	}
	return nil
}
