package store

import (
	"context"
	"errors"
	"net/url"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"guichet/data"
	"guichet/data/store/postgrestest"
)

// What schema reads: a column with whether it may be unknown and its type, by
// PostgreSQL's names; an index with its table.
const (
	sqliteColumns = `SELECT t.name || '.' || c.name, CASE WHEN c."notnull" OR c.pk THEN 'required ' ELSE 'optional ' END ||
		CASE c.type WHEN 'INTEGER' THEN 'bigint' WHEN 'TEXT' THEN 'text' WHEN 'BLOB' THEN 'bytea' WHEN 'TIMESTAMP' THEN 'timestamp with time zone' ELSE lower(c.type) END
		FROM sqlite_master t JOIN pragma_table_info(t.name) c WHERE t.type = 'table'`
	sqliteIndexes   = `SELECT i.name, i.tbl_name FROM sqlite_master i WHERE i.type = 'index' AND i.sql IS NOT NULL`
	postgresColumns = `SELECT table_name || '.' || column_name, CASE WHEN is_nullable = 'NO' THEN 'required ' ELSE 'optional ' END || data_type
		FROM information_schema.columns WHERE table_schema = 'public'`
	postgresIndexes = `SELECT indexname, tablename FROM pg_indexes WHERE schemaname = 'public' AND indexname NOT LIKE '%_pkey' AND indexname NOT LIKE '%_key'`
)

// schema are the columns and the indexes of a register.
func schema(t *testing.T, s *Store) map[string]string {
	t.Helper()
	columns, indexes := sqliteColumns, sqliteIndexes
	if s.Shared() {
		columns, indexes = postgresColumns, postgresIndexes
	}
	found := map[string]string{}
	for kind, query := range map[string]string{"column": columns, "index": indexes} {
		rows, err := s.reader.QueryContext(context.Background(), query)
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		for rows.Next() {
			var name, detail string
			if err := rows.Scan(&name, &detail); err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(name, "_search") && !strings.HasPrefix(name, "goose") && !strings.HasPrefix(name, "sqlite_") {
				found[kind+" "+name] = detail
			}
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
	}
	if len(found) < 200 {
		t.Fatalf("only %d columns and indexes", len(found))
	}
	return found
}

// TestEnginesHaveTheSameSchema: tables, columns and what they may lack, indexes.
func TestEnginesHaveTheSameSchema(t *testing.T) {
	ctx := context.Background()
	file, err := Open(ctx, filepath.Join(t.TempDir(), "register.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	server, err := Open(ctx, postgrestest.Shared(t).Database(t))
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	if differences := cmp.Diff(schema(t, file), schema(t, server)); differences != "" {
		t.Errorf("SQLite -, PostgreSQL +:\n%s", differences)
	}
}

func TestRemoteServersAreVerified(t *testing.T) {
	for address, want := range map[string]string{
		"postgres://g@db.example/guichet":                 "postgres://g@db.example/guichet?sslmode=verify-full",
		"postgres://g@10.0.0.7/guichet?sslmode=require":   "postgres://g@10.0.0.7/guichet?sslmode=require",
		"postgres://g@127.0.0.1:5432/guichet":             "postgres://g@127.0.0.1:5432/guichet",
		"postgres://g@localhost/guichet":                  "postgres://g@localhost/guichet",
		"postgresql://g@db.example/guichet?sslrootcert=x": "postgresql://g@db.example/guichet?sslmode=verify-full&sslrootcert=x",
	} {
		if got := verified(address); got != want {
			t.Errorf("%s: %s, want %s", address, got, want)
		}
	}
}

// TestLeastPrivilege runs the script of rights: the owner makes the schema, a
// workstation's role works in it and cannot change it, and says so when it is old.
func TestLeastPrivilege(t *testing.T) {
	ctx := context.Background()
	server := postgrestest.New(t)
	address := server.Database(t)
	out, err := exec.Command("psql", address, "-q", "-v", "owner=g_owner", "-v", "staff=g_staff", "-f", filepath.Join("..", "..", "assets", "postgres", "grant.sql"),
		"-c", "ALTER ROLE g_owner PASSWORD 'o'", "-c", "ALTER ROLE g_staff PASSWORD 's'").CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	as := func(user, password string) string {
		parsed, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		parsed.User = url.UserPassword(user, password)
		return parsed.String()
	}
	if _, err := Open(ctx, as("g_staff", "s")); !errors.Is(err, ErrOlder) && !errors.Is(err, ErrReadOnly) {
		t.Errorf("a workstation's role before the owner came: %v", err)
	}
	owner, err := Open(ctx, as("g_owner", "o"))
	if err != nil {
		t.Fatal(err)
	}
	defer owner.Close()
	staff, err := Open(ctx, as("g_staff", "s"))
	if err != nil {
		t.Fatal(err)
	}
	defer staff.Close()
	update(t, staff, func(tx *Tx) error {
		o := data.Organisation{Kind: data.Commune, Name: "Albé", CreatedAt: noon}
		return errors.Join(tx.AddOrganisation(&o), tx.AddAudit(data.AuditEntry{At: noon, Action: "organisation.add", Subject: "organisation", SubjectID: o.ID}))
	})
	for _, statement := range []string{`ALTER TABLE organisation ADD COLUMN x TEXT`, `DROP TABLE audit`, `CREATE TABLE x (y TEXT)`, `TRUNCATE audit`} {
		if _, err := staff.writer.ExecContext(ctx, statement); sqlState(err) != insufficientPrivilege {
			t.Errorf("%s: %v", statement, err)
		}
	}
}
