// Package app is what Guichet does: one method of App a use case. Each checks
// the operator's role, loads, applies the rules of package data, and writes in
// one transaction with its audit entry; effects outside the register follow
// the commit. It knows neither SQL nor widgets.
package app

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/alexedwards/argon2id"

	"guichet/data"
	"guichet/data/store"
	"guichet/letters/preview"
)

// App is an open register. Its methods may be called from any goroutine.
type App struct {
	store     *store.Store
	path      string // of the register's file, or what its local files are called after
	station   string // the name of this workstation's files; empty: beside the register
	clock     func() time.Time
	random    io.Reader
	passwords *argon2id.Params
	secrets   secretKeeper
	secret    []byte // the register's, for tokens
	pages     *preview.Renderer
	opened    openedFiles
	signedIn  signedIn
}

// Options are what a register is opened with; the zero value is right outside
// tests and the demo.
type Options struct {
	// Clock tells the time; nil for the system's, of a shared register its server's.
	Clock func() time.Time
	// Random draws codes; nil for crypto/rand.
	Random io.Reader
	// Passwords sets the cost of hashing; nil for argon2id's defaults.
	Passwords *argon2id.Params
	// Folder is where a shared register has its local files, batches to print among
	// them; empty: the user's configuration.
	Folder string
	// NoKeyring keeps mail passwords in a 0600 file even where the system has
	// a keyring.
	NoKeyring bool
	// Updating is told how many steps of the update are done of a register that an
	// earlier version wrote; nil: nobody is. A backup is made before the first, of a
	// register in a file: 0 of 0.
	Updating func(done, total int)

	databasePassword string // tried instead of the one that is kept
}

// Open opens the register in a SQLite file, creating it when there is none, or in
// a PostgreSQL database (see shared.go), and mends what a crash left behind: see
// recoverSpool.
func Open(ctx context.Context, path string, options Options) (*App, error) {
	s, path, err := openStore(ctx, path, options)
	if err != nil {
		return nil, refined(err)
	}
	a := &App{store: s, path: path, clock: options.Clock, random: options.Random, passwords: options.Passwords}
	a.pages = preview.New(a.previewFolder())
	if a.clock == nil {
		a.clock = s.Now
	}
	if a.random == nil {
		a.random = rand.Reader
	}
	if a.passwords == nil {
		a.passwords = argon2id.DefaultParams
	}
	a.secrets = newSecretKeeper(path, options.NoKeyring)
	if err := a.mend(ctx); err != nil {
		return nil, errors.Join(refined(err), s.Close())
	}
	return a, nil
}

// mend completes what a new register lacks and what a crash left behind.
func (a *App) mend(ctx context.Context) error {
	if err := a.refuseUnfinished(ctx); err != nil {
		return err
	}
	return errors.Join(a.nameStation(), a.loadSecret(ctx), a.recoverSpool(ctx), a.shredAgain(ctx))
}

// Close closes the register.
func (a *App) Close() error {
	return errors.Join(a.opened.remove(), a.pages.Close(), a.store.Close())
}

// openStore opens the register's store; local is what the files beside it are
// called after.
func openStore(ctx context.Context, path string, options Options) (s *store.Store, local string, err error) {
	address, local, err := storeAddress(path, options)
	if err != nil {
		return nil, "", err
	}
	update := store.Update{Progress: options.Updating}
	if !store.IsShared(path) {
		update.Before = func(ctx context.Context) error { return backUpBeforeUpdate(ctx, address, options) }
	}
	if s, err = store.OpenUpdating(ctx, address, update); err != nil || s.Shared() {
		return s, local, err
	}
	if local, err = filepath.EvalSymlinks(address); err != nil { // one register, one spool
		return nil, "", errors.Join(err, s.Close())
	}
	return s, local, nil
}

// storeAddress is a register's address as the store opens it: a file whose restore
// has ended, or a database with its password; local is what the files beside it
// are called after.
func storeAddress(register string, options Options) (address, local string, err error) {
	if IsShared(register) {
		if local, err = sharedPath(register, options.Folder); err != nil {
			return "", "", err
		}
		return withPassword(register, local, options), local, nil
	}
	path, err := resolved(register)
	if err != nil {
		return "", "", err
	}
	return path, path, finishRestore(path)
}

// resolved is the file that a path leads to through links, be it there or not: a
// register's files stand beside it.
func resolved(path string) (string, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	for range 40 { // as many as Linux follows
		target, err := os.Readlink(path)
		if err != nil {
			break
		}
		if !filepath.IsAbs(target) {
			target = filepath.Join(filepath.Dir(path), target)
		}
		path = target
	}
	return path, nil
}

// Path is the register's file; of a shared one, what its local files are called
// after.
func (a *App) Path() string { return a.path }

// Now is the time by the register's clock, in Paris, to the millisecond, which
// is what the register keeps.
func (a *App) Now() time.Time { return a.clock().In(data.Paris).Truncate(time.Millisecond) }

// DefaultPath is where the register lives when nothing else is said: where
// SetDefaultRegister said, or a file in the user's configuration.
func DefaultPath() string {
	if chosen, err := os.ReadFile(filepath.Join(configFolder(), defaultRegister)); err == nil && len(chosen) > 0 { // #nosec G304 -- Guichet’s own file
		return string(chosen)
	}
	return filepath.Join(configFolder(), "guichet.db")
}

// defaultRegister names the file that says which register this workstation opens.
const defaultRegister = "register"

func configFolder() string {
	folder, err := os.UserConfigDir()
	if err != nil {
		folder = "."
	}
	return filepath.Join(folder, "guichet")
}

// SetDefaultRegister has this workstation open a register when nothing else is
// said; none: the file of the user's configuration. An address must have no
// password.
func SetDefaultRegister(register string) error {
	if err := os.MkdirAll(configFolder(), 0o700); err != nil {
		return refined(err)
	}
	return refined(writeWhole(filepath.Join(configFolder(), defaultRegister), []byte(register)))
}

// loadSecret reads the register's secret, making it the first time.
func (a *App) loadSecret(ctx context.Context) error {
	err := a.store.View(ctx, func(tx *store.Tx) error {
		text, err := tx.Setting("secret")
		if err == nil && text != "" {
			a.secret, err = base64.StdEncoding.DecodeString(text)
		}
		return err
	})
	if err != nil || a.secret != nil {
		return err
	}
	return a.store.Update(ctx, func(tx *store.Tx) error {
		text, err := tx.Setting("secret")
		if err != nil {
			return err
		}
		if text == "" {
			raw := make([]byte, 32)
			if _, err := io.ReadFull(a.random, raw); err != nil {
				return fmt.Errorf("draw the register's secret: %w", err)
			}
			text = base64.StdEncoding.EncodeToString(raw)
			if err := tx.SetSetting("secret", text); err != nil {
				return err
			}
		}
		a.secret, err = base64.StdEncoding.DecodeString(text)
		return err
	})
}

type operatorKey struct{}

// As gives a context whose use cases are an operator's.
func As(ctx context.Context, operator data.Operator) context.Context {
	return context.WithValue(ctx, operatorKey{}, operator)
}

// OperatorOf is the operator that a context acts for.
func OperatorOf(ctx context.Context) (data.Operator, bool) {
	operator, ok := ctx.Value(operatorKey{}).(data.Operator)
	return operator, ok
}

// change is a write transaction with who does it and when.
type change struct {
	*store.Tx
	operator data.Operator
	now      time.Time
}

// update runs a use case's write transaction. SessionEnded when the operator is
// no longer who they were when their session was opened.
func (a *App) update(ctx context.Context, operator data.Operator, do func(c *change) error) error {
	err := a.store.Update(ctx, func(tx *store.Tx) error {
		if err := checkSession(tx, operator); err != nil {
			return err
		}
		return do(&change{Tx: tx, operator: operator, now: a.Now()})
	})
	return logged(ctx, refined(err))
}

// checkSession is SessionEnded when an operator is no longer who they were when
// their session was opened; Guichet itself has none.
func checkSession(tx *store.Tx, operator data.Operator) error {
	if operator.ID == 0 {
		return nil
	}
	present, err := tx.Operator(operator.ID)
	if err == nil && !present.SameSession(operator) {
		err = refuse(SessionEnded, "Un administrateur a changé votre accès : ouvrez une nouvelle session", nil)
	}
	return err
}

// view runs a use case's read transaction.
func (a *App) view(ctx context.Context, do func(tx *store.Tx) error) error {
	return logged(ctx, refined(a.store.View(ctx, do)))
}

// logged writes a defect, or a disk that fails, with its chain of causes to the
// log; refusals are ordinary.
func logged(ctx context.Context, err error) error {
	switch kind := KindOf(err); {
	case kind == Internal && !errors.Is(err, context.Canceled):
		slog.ErrorContext(ctx, "use case failed", "cause", errors.Unwrap(err))
	case kind == Unavailable && store.DiskFails(err):
		slog.WarnContext(ctx, "the disk fails", "cause", errors.Unwrap(err))
	}
	return err
}

// audit writes the transaction's audit entry. before and after are what
// changed; they must not hold a secret.
func (c *change) audit(action, subject string, id int64, before, after any) error {
	entry := data.AuditEntry{
		At: c.now, Operator: c.operator.Login, Action: action, Subject: subject, SubjectID: id,
	}
	for _, side := range []struct {
		value any
		text  *string
	}{{before, &entry.Before}, {after, &entry.After}} {
		if side.value == nil {
			continue
		}
		text, err := json.Marshal(side.value)
		if err != nil {
			return fmt.Errorf("audit %s: %w", action, err)
		}
		*side.text = string(text)
	}
	return c.AddAudit(entry)
}
