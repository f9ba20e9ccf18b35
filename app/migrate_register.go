package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"guichet/data"
	"guichet/data/store"
)

// MigrationReport is what MigrateRegister did, table by table.
type MigrationReport = store.Report

// MigrateRegister copies a register into a new one, a file or a PostgreSQL
// database each, and verifies every row of it. Its owner does it, without a
// session; neither may be open meanwhile on this workstation, and nobody can write
// in the first one. Interrupted, it goes on when it is called again; until it ends
// the new register does not open. The first one stays as it is and must not be
// worked on any more. Passwords of mailboxes are not moved: they are this
// workstation's, under the register's address.
//
// progress, which may be nil, is told of each table's rows while they are copied,
// and again while they are verified. Conflict when batches are not posted yet, or
// when the target is in use; NotFound when there is nothing to move.
func MigrateRegister(ctx context.Context, from, to string, options Options, progress func(table string, done, total int)) (report MigrationReport, err error) {
	if err := checkMove(from, to); err != nil {
		return report, err
	}
	for _, register := range []string{from, to} {
		instance, err := HoldRegister(ctx, register, false)
		if err != nil {
			return report, err
		}
		defer instance.Release() //nolint:errcheck // the lock ends with the process
	}
	source, _, err := storeAddress(from, options)
	if err != nil {
		return report, refined(err)
	}
	target, _, err := storeAddress(to, options)
	if err != nil {
		return report, refined(err)
	}
	clock := options.Clock
	if clock == nil {
		clock = time.Now
	}
	report, err = store.Transfer(ctx, source, target, progress, func(tx *store.Tx, report store.Report) error {
		c := &change{Tx: tx, operator: guichet, now: clock().In(data.Paris).Truncate(time.Millisecond)}
		return c.audit("register.migrate", "register", 0, nil, map[string]any{"from": registerName(from), "to": registerName(to), "rows": report.Rows()})
	})
	return report, logged(ctx, moved(err, from))
}

// checkMove refuses a register that is moved onto itself, or is not there.
func checkMove(from, to string) error {
	if registerPath(from) == registerPath(to) {
		return refuse(Invalid, "Le registre de départ et celui d’arrivée sont le même", nil)
	}
	if IsShared(from) {
		return nil
	}
	for _, file := range []string{from, from + restoringSuffix} {
		if _, err := os.Stat(file); !errors.Is(err, fs.ErrNotExist) {
			return refined(err)
		}
	}
	return moved(fs.ErrNotExist, from)
}

// registerName is a register as the audit names it: a file's name, or a database's
// server and name, without user or password.
func registerName(register string) string {
	if !IsShared(register) {
		return filepath.Base(register)
	}
	address, err := url.Parse(register)
	if err != nil {
		return "postgres://"
	}
	return "postgres://" + address.Host + address.Path
}

// moved turns what a transfer returns into an Error.
func moved(err error, from string) error {
	var difference *store.Difference
	switch {
	case errors.As(err, &difference):
		return &Error{
			Kind: Conflict, Message: "La copie diffère de l’original dans « {{.Table}} », à {{.Key}} : recommencez, elle repartira du début",
			Values: data.Values{"Table": difference.Table, "Key": difference.Key}, cause: err,
		}
	case errors.Is(err, store.ErrUnposted):
		return &Error{Kind: Conflict, Message: "Des lots ne sont pas encore postés : postez-les ou annulez-les avant de déplacer le registre", cause: err}
	case errors.Is(err, store.ErrUsed):
		return &Error{Kind: Conflict, Message: "Le registre d’arrivée est déjà en service : il faut un fichier neuf, ou une base neuve", cause: err}
	case errors.Is(err, store.ErrUnfinished):
		return unfinished(err)
	case errors.Is(err, fs.ErrNotExist):
		return &Error{Kind: NotFound, Message: "Il n’y a pas de registre à déplacer : {{.Path}}", Values: data.Values{"Path": registerName(from)}, cause: err}
	}
	return refined(err)
}

func unfinished(cause error) error {
	return &Error{Kind: Conflict, Message: "Ce registre est la copie inachevée d’un autre : recommencez « guichet migrate-register »", cause: cause}
}

// refuseUnfinished refuses a register that MigrateRegister has not finished: work
// done in it would be lost.
func (a *App) refuseUnfinished(ctx context.Context) error {
	var is bool
	err := a.store.View(ctx, func(tx *store.Tx) (err error) {
		is, err = tx.Unfinished()
		return err
	})
	if err == nil && is {
		err = unfinished(fmt.Errorf("open register: %w", store.ErrUnfinished))
	}
	return err
}
