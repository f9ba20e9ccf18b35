package store

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	_ "github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"

	"guichet/data"
	"guichet/data/store/postgrestest"
)

// upgradeRows is how many rows each table of an earlier register has.
const upgradeRows = 30

// earlier makes a register of an earlier schema, by the migrations up to it.
func earlier(t *testing.T, path string, version int64) *Store {
	t.Helper()
	s := &Store{path: path, engine: sqliteEngine{}}
	driver, dsn, dialect, options := "sqlite", sqliteDSN(path, ""), goose.DialectSQLite3, []goose.ProviderOption{goose.WithGoMigrations(saltAudit)}
	if IsShared(path) {
		s.engine = postgresEngine{}
		driver, dsn, dialect, options = "pgx", path, goose.DialectPostgres, nil
	}
	db, err := sql.Open(driver, dsn)
	if err != nil {
		t.Fatal(err)
	}
	s.writer, s.reader = db, db
	folder, err := fs.Sub(migrations, "migrations/"+string(dialect))
	if err != nil {
		t.Fatal(err)
	}
	provider, err := goose.NewProvider(dialect, db, folder, options...)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := provider.UpTo(context.Background(), version); err != nil {
		t.Fatal(err)
	}
	return s
}

// fillFormerAudit fills the audit as versions before migration 7 wrote it.
func fillFormerAudit(tx *Tx, rows int) error {
	var previous []byte
	for id := int64(1); id <= int64(rows); id++ {
		e := data.AuditEntry{At: noon.Add(time.Duration(id) * time.Second), Operator: "o", Action: "a", Subject: "s", SubjectID: id, After: `{"é":1}`}
		previous = hashBeforeSalt(e, previous)
		_, err := tx.exec("fill audit", `INSERT INTO audit (id, at, operator, action, subject, subject_id, before, after, hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
			id, e.At, e.Operator, e.Action, e.Subject, e.SubjectID, e.Before, e.After, previous)
		if err != nil {
			return err
		}
	}
	return nil
}

// content is every value of a register, by table, key and column.
func content(t *testing.T, s *Store) map[string]any {
	t.Helper()
	values := map[string]any{}
	err := s.View(context.Background(), func(tx *Tx) error {
		tables, err := tx.tables()
		if err != nil {
			return err
		}
		for _, table := range tables {
			rows, err := tx.readRows("read "+table.name, table.columns, 1<<20, `SELECT `+names(table.columns)+` FROM `+quoted(table.name))
			if err != nil {
				return err
			}
			values[table.name] = len(rows)
			for _, row := range rows {
				for i, c := range table.columns {
					values[fmt.Sprintf("%s %s %s", table.name, keyText(table.keyOf(row)), c.name)] = row[i]
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return values
}

// keptByUpdate leaves out of an earlier register's content what its update writes anew.
func keptByUpdate(values map[string]any, version int64) {
	for name := range values {
		audit := strings.HasPrefix(name, "audit ")
		if audit && version < saltAuditVersion && (strings.HasSuffix(name, " hash") || strings.HasSuffix(name, " salt") || strings.HasSuffix(name, " digest")) {
			delete(values, name)
		}
	}
}

// TestEveryEarlierSchemaUpgrades opens a register of each schema that there was,
// with rows in every table: each row and each of its values is there, the audit's
// chain is whole, and the schema is a new register's.
func TestEveryEarlierSchemaUpgrades(t *testing.T) {
	newest, err := Open(context.Background(), filepath.Join(t.TempDir(), "new.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer newest.Close()
	want := schema(t, newest)
	for version := int64(1); version < Schema; version++ {
		t.Run(fmt.Sprint(version), func(t *testing.T) {
			upgrade(t, filepath.Join(t.TempDir(), "register.db"), version, want)
		})
	}
	t.Run("postgres", func(t *testing.T) {
		for version := int64(saltAuditVersion); version < Schema; version++ { // its first is SQLite's of that number
			upgrade(t, postgrestest.Shared(t).Database(t), version, want)
		}
	})
}

func upgrade(t *testing.T, path string, version int64, schemaWanted map[string]string) {
	t.Helper()
	ctx := context.Background()
	old := earlier(t, path, version)
	audit := fillAudit
	if version < saltAuditVersion {
		audit = fillFormerAudit
	}
	update(t, old, func(tx *Tx) error { return fillTables(tx, upgradeRows, audit) })
	before := content(t, old)
	if before["audit"] != upgradeRows || before["organisation"] != upgradeRows {
		t.Fatalf("%v entries, %v organisations", before["audit"], before["organisation"])
	}
	if err := old.writer.Close(); err != nil {
		t.Fatal(err)
	}

	s, err := Open(ctx, path)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	after := content(t, s)
	for name := range after { // columns and tables that came later
		if _, there := before[name]; !there {
			delete(after, name)
		}
	}
	keptByUpdate(before, version)
	keptByUpdate(after, version)
	if differences := cmp.Diff(before, after); differences != "" {
		t.Errorf("before -, after +:\n%s", differences)
	}
	if differences := cmp.Diff(schemaWanted, schema(t, s)); differences != "" {
		t.Errorf("a new register -, this one +:\n%s", differences)
	}
	err = s.View(ctx, func(tx *Tx) error {
		if check, err := tx.CheckAudit(); err != nil || check.Broken.ID != 0 || check.Entries != upgradeRows {
			t.Errorf("audit: %+v, %v", check, err)
		}
		return nil
	})
	if err == nil && !s.Shared() {
		err = s.Check(ctx)
	}
	if err != nil {
		t.Error(err)
	}
}

// TestSettingsOfOneMailboxUpgrade: the mailbox of an earlier register is the first
// of several.
func TestSettingsOfOneMailboxUpgrade(t *testing.T) {
	for version := int64(1); version < 4; version++ {
		path := filepath.Join(t.TempDir(), "register.db")
		old := earlier(t, path, version)
		update(t, old, func(tx *Tx) error {
			return tx.SetSetting("settings", `{"RegisterName":"Ancien","Mailbox":{"Host":"imap.example.fr","Folder":"INBOX"}}`)
		})
		if err := old.writer.Close(); err != nil {
			t.Fatal(err)
		}
		s, err := Open(context.Background(), path)
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		err = s.View(context.Background(), func(tx *Tx) error {
			settings, err := tx.Setting("settings")
			if want := `{"RegisterName":"Ancien","Mailboxes":[{"Host":"imap.example.fr","Folders":["INBOX"]}]}`; settings != want {
				t.Errorf("schema %d: %s", version, settings)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	}
}
