package store

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"path/filepath"
	"testing"
	"time"

	"github.com/pressly/goose/v3"

	"guichet/data"
	"guichet/data/store/postgrestest"
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
	folder, err := fs.Sub(migrations, "migrations/sqlite3")
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
		`INSERT INTO ticket (id, number, state, heading, subject, requester_name, requester_address, organisation_id, opened_at, updated_at, illegible)
		 VALUES (3, '26-000003', 'new', 'other', 'Accès refusé', 'Zoé', 'z@b.fr', 7, 1, 1, 0)`,
		`INSERT INTO message (id, ticket_id, direction, message_id, in_reply_to, from_name, from_address, subject, received_at, text, html, automatic, bounce, illegible, hash)
		 VALUES (4, 3, 'in', 'm', '', 'Zoé', 'z@b.fr', 'Accès refusé', 1, 'Depuis l’été, rien.', '', 0, 0, '', x'00')`,
		`INSERT INTO account VALUES (9, 7, 'anne.heitz', '', 'Anne', 'Heitz', 'anne heitz anne.heitz a@b.fr', 'a@b.fr', '', 'h', 1, '', 1, NULL, NULL, NULL, NULL)`,
	} {
		if _, err := db.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
	var previous []byte
	for id := int64(1); id <= 4; id++ { // the third was forged
		e := data.AuditEntry{At: noon.Add(time.Duration(id) * time.Second), Operator: "o", Action: "a", Subject: "s", SubjectID: id, After: "{}"}
		previous = hashBeforeSalt(e, previous)
		if id == 3 {
			e.After = "forged"
		}
		if _, err := db.Exec(`INSERT INTO audit VALUES (?, ?, 'o', 'a', 's', ?, '', ?, ?)`, id, e.At.UnixMilli(), id, e.After, previous); err != nil {
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
		if check, err := tx.CheckAudit(); err != nil || check.Broken.ID != 3 {
			t.Errorf("audit: %+v, %v; want a broken link at 3", check, err)
		}
		if named, err := tx.OrganisationsNamed("Commune d'Albé"); err != nil || len(named) != 1 {
			t.Errorf("with a straight apostrophe: %+v, %v", named, err)
		}
		for _, search := range []string{"ete", "objet:acces", "de:zoe", "org:albe", "26-000003"} {
			filter, err := data.ParseTicketSearch(search, 1)
			if err != nil {
				t.Fatal(err)
			}
			if found, err := tx.FilteredTickets(filter, time.Now(), 0, 10); err != nil || len(found) != 1 {
				t.Errorf("%s finds %d tickets, %v", search, len(found), err)
			}
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

// TestAnOldVersionLeftOpen writes no more once a newer one has brought the schema
// on, also when it waited for its turn meanwhile.
func TestAnOldVersionLeftOpen(t *testing.T) {
	one, two := pair(t, postgrestest.Shared(t).Database(t))
	ctx := context.Background()
	migrating, waited := make(chan struct{}), make(chan error)
	go func() {
		<-migrating
		waited <- two.Update(ctx, func(tx *Tx) error { return tx.SetSetting("a", "2") })
	}()
	update(t, one, func(tx *Tx) error {
		close(migrating)
		for waiting := 0; waiting == 0; {
			if err := tx.get("look", []any{&waiting}, `SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = 'advisory'
				AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`); err != nil {
				return err
			}
		}
		_, err := tx.exec("migrate", `INSERT INTO goose_db_version (version_id, is_applied) VALUES ($1, TRUE)`, Schema+1)
		return err
	})
	if err := <-waited; !errors.Is(err, ErrNewer) {
		t.Errorf("it waited: %v", err)
	}
	if err := one.Update(ctx, func(*Tx) error { return nil }); !errors.Is(err, ErrNewer) {
		t.Errorf("then: %v", err)
	}
}
