package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"guichet/data"
	"guichet/data/store/postgrestest"
)

// fullRows is how many rows each table of a full register has: several batches.
const fullRows = 1203

// fullRegister makes a register file with rows in every table, and in each a NULL
// wherever there may be one.
func fullRegister(t *testing.T) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "full.db")
	s, err := Open(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	update(t, s, func(tx *Tx) error {
		return errors.Join(fillTables(tx, fullRows, fillAudit), tx.SetSetting("secret", "the key"))
	})
	update(t, s, func(tx *Tx) error {
		_, err := tx.exec("fill", `INSERT INTO presence VALUES (1, 1, 0, 5)`)
		if err == nil {
			_, err = tx.exec("fill", `INSERT INTO sign_in_failure VALUES (x'01', 1, 5)`)
		}
		return err
	})
	return path
}

// fillAudit fills the audit, and erases the texts of an entry.
func fillAudit(tx *Tx, rows int) error {
	for i := range rows {
		if err := tx.AddAudit(data.AuditEntry{At: noon, Operator: "o", Action: "a", Subject: "s", SubjectID: int64(i), After: `{"é":1}`}); err != nil {
			return err
		}
	}
	_, err := tx.EraseAuditTexts("s", 7)
	return err
}

// fillTables fills every table of the register's schema, the audit as it is told.
func fillTables(tx *Tx, rows int, fillAudit func(*Tx, int) error) error {
	tables, err := tx.tables()
	if err != nil {
		return err
	}
	if tables, err = ordered(tables); err != nil {
		return err
	}
	query := `SELECT t.name, c.name FROM pragma_table_list t JOIN pragma_table_info(t.name) c WHERE t.type = 'table' AND (c."notnull" OR c.pk)`
	if tx.engine == (postgresEngine{}) {
		query = `SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public' AND is_nullable = 'NO'`
	}
	required := map[string]bool{}
	lines, err := list(tx, "read schema", func(c *[2]string) []any { return []any{&c[0], &c[1]} }, query)
	for _, line := range lines {
		required[line[0]+"."+line[1]] = true
	}
	for _, table := range tables {
		switch {
		case err != nil:
		case table.name == "audit":
			err = fillAudit(tx, rows)
		default:
			err = fillTable(tx, table, required, rows)
		}
	}
	return err
}

// fillTable fills a table: row i refers to row i of others, and to a row of its
// own table that comes later.
func fillTable(tx *Tx, table table, required map[string]bool, rows int) error {
	query := `INSERT INTO ` + quoted(table.name) + ` (` + names(table.columns) + `) VALUES (` + placeholders(1, len(table.columns)) + `)`
	references, err := list(tx, "read schema", func(r *[3]string) []any { return []any{&r[0], &r[1], &r[2]} }, tx.engine.references())
	if err != nil {
		return err
	}
	for i := 1; i <= rows; i++ {
		row := make([]any, len(table.columns))
		for place, c := range table.columns {
			refers := slices.ContainsFunc(references, func(r [3]string) bool { return r[0] == table.name && r[1] == c.name })
			switch {
			case !required[table.name+"."+c.name] && (i+place)%3 == 0:
			case slices.Contains(table.selfs, c): // below
			case refers || c.kind == integerKind:
				row[place] = int64(i)
			case c.kind == textKind:
				row[place] = fmt.Sprintf("%s %05d « été » 🙂", c.name, i)
			case c.kind == bytesKind:
				row[place] = []byte{byte(i >> 8), byte(i), 0, 0xff}
			case c.kind == booleanKind:
				row[place] = i%2 == 0
			case c.kind == timeKind:
				row[place] = noon.Add(time.Duration(i) * 1001 * time.Millisecond)
			}
		}
		if _, err := tx.exec("fill "+table.name, query, row...); err != nil {
			return err
		}
	}
	for _, self := range table.selfs { // to later rows, and to earlier ones
		if _, err := tx.exec("fill", `UPDATE `+table.name+` SET `+self.name+fmt.Sprintf(` = %d - id WHERE id %% 4 <> 0`, rows+1)); err != nil {
			return err
		}
	}
	return nil
}

// sameFiles compares two register files by SQLite itself.
func sameFiles(t *testing.T, one, other string) {
	t.Helper()
	s, err := Open(context.Background(), one)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	connection, err := s.writer.Conn(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	defer connection.Close()
	if _, err := connection.ExecContext(context.Background(), `ATTACH $1 AS other`, other); err != nil {
		t.Fatal(err)
	}
	tables := 0
	err = s.View(context.Background(), func(tx *Tx) error {
		all, err := tx.tables()
		for _, table := range all {
			tables++
			for _, sides := range [][2]string{{"main", "other"}, {"other", "main"}} {
				var rows, different int
				err := connection.QueryRowContext(context.Background(), fmt.Sprintf(
					`SELECT (SELECT count(*) FROM %[1]s.%[3]s), (SELECT count(*) FROM (SELECT * FROM %[1]s.%[3]s EXCEPT SELECT * FROM %[2]s.%[3]s))`, sides[0], sides[1], table.name)).Scan(&rows, &different)
				if err != nil || different != 0 || rows < fullRows {
					t.Errorf("%s: %d rows of %d only in %s, %v", table.name, different, rows, sides[0], err)
				}
			}
		}
		return err
	})
	if err != nil || tables < 24 {
		t.Errorf("%d tables, %v", tables, err)
	}
}

// withRegister looks at a register that is not open.
func withRegister(t *testing.T, path string, do func(s *Store) error) {
	t.Helper()
	s, err := Open(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(do(s), s.Close()); err != nil {
		t.Fatal(err)
	}
}

func transferred(t *testing.T, from, to string) Report {
	t.Helper()
	report, err := Transfer(context.Background(), from, to, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range report.Tables {
		if table.Verified != table.Kept+table.Copied || table.Verified < fullRows || table.Mended != 0 {
			t.Errorf("%+v", table)
		}
	}
	return report
}

// TestTransferThereAndBack: a register with rows in every table, from a file to a
// server and back, is the same.
func TestTransferThereAndBack(t *testing.T) {
	ctx := context.Background()
	file, server, back := fullRegister(t), postgrestest.Shared(t).Database(t), filepath.Join(t.TempDir(), "back.db")
	began := time.Now()
	report := transferred(t, file, server)
	t.Logf("to PostgreSQL: %d rows of %d tables in %s", report.Rows(), len(report.Tables), time.Since(began).Round(time.Millisecond))
	if report.Audit.Entries != fullRows || report.Audit.Erased != 1 || report.Audit.Broken.ID != 0 {
		t.Errorf("audit: %+v", report.Audit)
	}
	began = time.Now()
	transferred(t, server, back)
	t.Logf("to SQLite: %s", time.Since(began).Round(time.Millisecond))
	sameFiles(t, file, back)
	for _, path := range []string{server, back} {
		withRegister(t, path, func(s *Store) error {
			return s.View(ctx, func(tx *Tx) error {
				var left, indexed int
				err := tx.get("count", []any{&left, &indexed}, `SELECT (SELECT count(*) FROM presence) + (SELECT count(*) FROM sign_in_failure) +
					(SELECT count(*) FROM setting WHERE name = 'migrating_from'), (SELECT count(*) FROM organisation_search) + (SELECT count(*) FROM ticket_search)`)
				if left != 0 || indexed != 2*fullRows {
					t.Errorf("%d rows that stay behind, %d documents", left, indexed)
				}
				var found, organisations int
				searched := tx.get("search", []any{&found}, `SELECT count(*) FROM ticket_search WHERE `+strings.ReplaceAll(tx.engine.matches("ticket_search"), "$n", "$1"), tx.engine.term("00042"))
				err = errors.Join(err, tx.get("search", []any{&organisations},
					`SELECT count(*) FROM organisation_search WHERE `+strings.ReplaceAll(tx.engine.matches("organisation_search"), "$n", "$1"), tx.engine.term("00042")))
				if found != 1 || organisations != 1 {
					t.Errorf("the search finds %d tickets and %d organisations", found, organisations)
				}
				return errors.Join(err, searched)
			})
		})
	}
	withRegister(t, server, func(s *Store) error {
		return s.Update(ctx, func(tx *Tx) error { // ids go on
			id, err := tx.insert("add", `INSERT INTO e_service (code, name, description, created_at) VALUES ('c', 'n', 'd', $1) RETURNING id`, noon)
			if id != fullRows+1 {
				t.Errorf("the next id is %d", id)
			}
			return errors.Join(err, tx.AddAudit(data.AuditEntry{At: noon, Operator: "o", Action: "b", Subject: "s"}))
		})
	})
}

// interrupted begins a transfer and stops it after some calls of progress.
func interrupted(t *testing.T, from, to string, calls int) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	_, err := Transfer(ctx, from, to, func(string, int, int) {
		if calls--; calls == 0 {
			cancel()
		}
	}, nil)
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("interrupted: %v", err)
	}
}

// TestTransferGoesOn: interrupted wherever it is, it goes on from there; a source
// that was worked on meanwhile is copied from the start.
func TestTransferGoesOn(t *testing.T) {
	file, server, back := fullRegister(t), postgrestest.Shared(t).Database(t), filepath.Join(t.TempDir(), "back.db")
	for _, calls := range []int{3, 20, 55, 70, 30} {
		interrupted(t, file, server, calls)
	}
	withRegister(t, server, func(s *Store) error {
		return s.View(context.Background(), func(tx *Tx) error {
			unfinished, err := tx.Unfinished()
			if !unfinished {
				t.Error("an interrupted copy is finished")
			}
			return err
		})
	})
	if _, err := Transfer(context.Background(), server, back, nil, nil); !errors.Is(err, ErrUnfinished) {
		t.Errorf("an unfinished copy is moved: %v", err)
	}
	report := transferred(t, file, server)
	kept := 0
	for _, table := range report.Tables {
		kept += table.Kept
	}
	if kept < report.Rows()*9/10 {
		t.Errorf("%d rows of %d were kept", kept, report.Rows())
	}
	interrupted(t, server, back, 40)
	withRegister(t, server, func(s *Store) error {
		return s.Update(context.Background(), func(tx *Tx) error {
			_, err := tx.exec("work on", `UPDATE organisation SET name = 'Autre' WHERE id = 1`)
			return errors.Join(err, tx.AddAudit(data.AuditEntry{At: noon, Operator: "o", Action: "b", Subject: "s"}))
		})
	})
	if report = transferred(t, server, back); report.Tables[0].Kept != 0 {
		t.Errorf("rows of before are kept: %+v", report.Tables[0])
	}
}

// TestTransferHoldsTheSource: nobody writes in it meanwhile.
func TestTransferHoldsTheSource(t *testing.T) {
	ctx := context.Background()
	for _, from := range []string{filepath.Join(t.TempDir(), "held.db"), postgrestest.Shared(t).Database(t)} {
		s, err := Open(ctx, from)
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		update(t, s, func(tx *Tx) error { return tx.SetSetting("secret", "s") })
		tried := false
		_, err = Transfer(ctx, from, filepath.Join(t.TempDir(), "to.db"), func(string, int, int) {
			if tried {
				return
			}
			tried = true
			short, cancel := context.WithTimeout(ctx, 300*time.Millisecond)
			defer cancel()
			if err := s.Update(short, func(tx *Tx) error { return tx.SetSetting("a", "b") }); err == nil {
				t.Error("the source was written")
			}
		}, nil)
		if err != nil || !tried {
			t.Errorf("%v, %v", tried, err)
		}
	}
}

// TestTransferFindsADifference: a row that changed in the copy is named, and the
// next transfer starts again.
func TestTransferFindsADifference(t *testing.T) {
	file, server := fullRegister(t), postgrestest.Shared(t).Database(t)
	interrupted(t, file, server, 100)
	withRegister(t, server, func(s *Store) error {
		_, err := s.writer.Exec(`UPDATE organisation SET created_at = created_at + interval '1 millisecond' WHERE id = 77`)
		return err
	})
	_, err := Transfer(context.Background(), file, server, nil, nil)
	var difference *Difference
	if !errors.As(err, &difference) || *difference != (Difference{"organisation", "77"}) {
		t.Fatalf("%v", err)
	}
	transferred(t, file, server)
}

// TestTransferRefuses what would overwrite or lose something.
func TestTransferRefuses(t *testing.T) {
	ctx := context.Background()
	folder := t.TempDir()
	one, other, server := filepath.Join(folder, "one.db"), filepath.Join(folder, "other.db"), postgrestest.Shared(t).Database(t)
	for _, path := range []string{one, other} {
		withRegister(t, path, func(s *Store) error {
			return s.Update(ctx, func(tx *Tx) error { return errors.Join(tx.SetSetting("secret", path), tx.SetSetting("settings", "{}")) })
		})
	}
	if _, err := Transfer(ctx, filepath.Join(folder, "none.db"), server, nil, nil); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no source: %v", err)
	}
	if _, err := Transfer(ctx, one, other, nil, nil); !errors.Is(err, ErrUsed) {
		t.Errorf("a target in use: %v", err)
	}
	withRegister(t, server, func(s *Store) error {
		return s.Update(ctx, func(tx *Tx) error { return tx.SetSetting(migratingFrom, "12345678 4") })
	})
	if _, err := Transfer(ctx, one, server, nil, nil); !errors.Is(err, ErrUsed) {
		t.Errorf("another register's unfinished copy: %v", err)
	}
	withRegister(t, one, func(s *Store) error {
		return s.Update(ctx, func(tx *Tx) error {
			return tx.AddBatch(&data.Batch{Number: "L", State: data.BatchComposed, ComposedAt: noon})
		})
	})
	if _, err := Transfer(ctx, one, postgrestest.Shared(t).Database(t), nil, nil); !errors.Is(err, ErrUnposted) {
		t.Errorf("a batch to post: %v", err)
	}
}

// TestTransferMendsTexts that PostgreSQL cannot keep, and says how many.
func TestTransferMendsTexts(t *testing.T) {
	ctx := context.Background()
	path, server := filepath.Join(t.TempDir(), "odd.db"), postgrestest.Shared(t).Database(t)
	withRegister(t, path, func(s *Store) error {
		_, err := s.writer.Exec(`INSERT INTO e_service (code, name, description, created_at) VALUES ('c', $1, $2, -12345)`, "a\x00b", "caf\xe9")
		return errors.Join(err, s.Update(ctx, func(tx *Tx) error { return tx.SetSetting("secret", "s") }))
	})
	report, err := Transfer(ctx, path, server, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range report.Tables {
		if want := map[string]int{"e_service": 2}[table.Table]; table.Mended != want {
			t.Errorf("%+v", table)
		}
	}
	db, err := sql.Open("pgx", server)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var name, description string
	var created time.Time
	err = db.QueryRow(`SELECT name, description, created_at FROM e_service`).Scan(&name, &description, &created)
	if err != nil || name != "ab" || !strings.HasPrefix(description, "caf\uFFFD") || created.UnixMilli() != -12345 {
		t.Errorf("%q, %q, %v, %v", name, description, created, err)
	}
}
