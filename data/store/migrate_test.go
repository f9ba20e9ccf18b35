package store

import (
	"context"
	"database/sql"
	"io/fs"
	"path/filepath"
	"testing"

	"github.com/pressly/goose/v3"

	"guichet/data"
)

// TestFirstSchemaMigrates opens a register of the first schema with rows in
// it: they are there, and are found by the search.
func TestFirstSchemaMigrates(t *testing.T) {
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "register.db")
	db, err := sql.Open("sqlite", sqliteDSN(path, ""))
	if err != nil {
		t.Fatal(err)
	}
	folder, err := fs.Sub(migrations, "migrations/sqlite")
	if err != nil {
		t.Fatal(err)
	}
	provider, err := goose.NewProvider(goose.DialectSQLite3, db, folder)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := provider.UpTo(ctx, 1); err != nil {
		t.Fatal(err)
	}
	for _, statement := range []string{
		`INSERT INTO organisation VALUES (7, 'commune', 'Commune d’Albé', 'commune d’albe', '216700039', '67003', '', '', '', '67220', 'ALBE', '', '', '', 1)`,
		`INSERT INTO account VALUES (9, 7, 'anne.heitz', '', 'Anne', 'Heitz', 'anne heitz anne.heitz a@b.fr', 'a@b.fr', '', 'h', 1, '', 1, NULL, NULL, NULL, NULL)`,
	} {
		if _, err := db.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	s, err := Open(ctx, path)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	err = s.View(ctx, func(tx *Tx) error {
		if named, err := tx.OrganisationsNamed("Commune d'Albé"); err != nil || len(named) != 1 {
			t.Errorf("with a straight apostrophe: %+v, %v", named, err)
		}
		for _, query := range []string{"albé", "heitz", "67220", "216700039"} {
			found, err := tx.Directory(data.DirectoryFilter{Text: query}, 0, 10)
			if err != nil || len(found) != 1 || found[0].Organisation.ID != 7 || found[0].Accounts != 1 {
				t.Errorf("%q finds %+v, %v", query, found, err)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
