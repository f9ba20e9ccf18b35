package app

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/pressly/goose/v3"

	"guichet/data"
	"guichet/data/store"
)

// earlierRegister makes a register of an earlier schema, with a row in it.
func earlierRegister(t *testing.T, path string, schema int64) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+path+"?_pragma=journal_mode(WAL)")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	provider, err := goose.NewProvider(goose.DialectSQLite3, db, os.DirFS("../data/store/migrations/sqlite3"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := provider.UpTo(t.Context(), schema); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(`INSERT INTO setting (name, value) VALUES ('secret', 'aGVsbG8='), ('settings', '{"RegisterName": "Ancien"}')`); err != nil {
		t.Fatal(err)
	}
}

// TestBackupBeforeUpdate opens a register of schema 5: it is backed up as it was,
// then brought to the present schema step by step.
func TestBackupBeforeUpdate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "register.db")
	earlierRegister(t, path, 5)
	var told []string
	options := Options{
		Clock: func() time.Time { return time.Date(2026, 11, 24, 13, 20, 0, 0, data.Paris) }, NoKeyring: true,
		Updating: func(done, total int) { told = append(told, fmt.Sprintf("%d/%d", done, total)) },
	}
	a, err := Open(t.Context(), path, options)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	if got, want := fmt.Sprint(told), "[0/0 0/3 1/3 2/3 3/3]"; got != want {
		t.Errorf("told %s, want %s", got, want)
	}
	backups := FindBackups(path)
	if len(backups) != 1 {
		t.Fatalf("backups %+v", backups)
	}
	contents, err := InspectBackup(t.Context(), backups[0].Path)
	if err != nil || contents.Schema != 5 || contents.Register != "Ancien" {
		t.Errorf("the backup holds %+v, %v", contents, err)
	}
	if info, err := os.Stat(backups[0].Path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the backup is %v, %v", info.Mode(), err)
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	if now, err := store.Inspect(t.Context(), path); err != nil || now.Schema != 8 {
		t.Errorf("the register holds %+v, %v", now, err)
	}
	told = nil
	again, err := Open(t.Context(), path, options)
	if err != nil || told != nil || len(FindBackups(path)) != 1 {
		t.Errorf("opened again: told %v, %d backups, %v", told, len(FindBackups(path)), err)
	}
	again.Close()
}

// TestNoUpdateWithoutBackup: where the backup cannot be made, the register stays
// as it was.
func TestNoUpdateWithoutBackup(t *testing.T) {
	path := filepath.Join(t.TempDir(), "register.db")
	earlierRegister(t, path, 5)
	if err := os.WriteFile(path+".backups", nil, 0o600); err != nil { // a file where the folder would be
		t.Fatal(err)
	}
	_, err := Open(context.Background(), path, Options{NoKeyring: true})
	if KindOf(err) != Unavailable {
		t.Fatalf("opened: %v", err)
	}
	if now, err := store.Inspect(t.Context(), path); err != nil || now.Schema != 5 {
		t.Errorf("the register holds %+v, %v", now, err)
	}
}

// TestNewRegisterIsNotUpdated: a register that is made has no backup.
func TestNewRegisterIsNotUpdated(t *testing.T) {
	path := filepath.Join(t.TempDir(), "register.db")
	a, err := Open(t.Context(), path, Options{NoKeyring: true, Updating: func(int, int) { t.Error("an update was told") }})
	if err != nil {
		t.Fatal(err)
	}
	a.Close()
	if found := FindBackups(path); len(found) != 0 {
		t.Errorf("backups %+v", found)
	}
}

// TestEveryEarlierSchemaIsBackedUpFirst: each is whole in its backup, and the
// register is brought to the present one.
func TestEveryEarlierSchemaIsBackedUpFirst(t *testing.T) {
	for schema := int64(1); schema <= 6; schema++ { // 7 is no file, and came with 8
		path := filepath.Join(t.TempDir(), "register.db")
		earlierRegister(t, path, schema)
		a, err := Open(t.Context(), path, Options{NoKeyring: true})
		if err != nil {
			t.Fatal(schema, err)
		}
		a.Close()
		backups := FindBackups(path)
		if len(backups) != 1 {
			t.Fatalf("schema %d: backups %+v", schema, backups)
		}
		if held, err := InspectBackup(t.Context(), backups[0].Path); err != nil || held.Schema != schema || held.Register != "Ancien" {
			t.Errorf("schema %d: the backup holds %+v, %v", schema, held, err)
		}
		if now, err := store.Inspect(t.Context(), path); err != nil || now.Schema != store.Schema || now.Register != "Ancien" {
			t.Errorf("schema %d: the register holds %+v, %v", schema, now, err)
		}
	}
}
