package app

import (
	"bytes"
	"context"
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"guichet/data"
	"guichet/data/store/postgrestest"
)

// contentsOf is what a register gives out: its files, its searches, its counts.
func contentsOf(t *testing.T, path string, options Options) (files map[string]string, check AuditCheck) {
	t.Helper()
	a, err := Open(context.Background(), path, options)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	signed, err := a.SignIn(context.Background(), DemoOperator, DemoPassword)
	if err != nil {
		t.Fatal(err)
	}
	ctx := As(context.Background(), signed.Operator)
	files = map[string]string{}
	for _, kind := range FileKinds {
		var file bytes.Buffer
		if err := a.Export(ctx, kind, CSV, &file); err != nil {
			t.Fatal(err)
		}
		files[string(kind)] = file.String()
	}
	letters, err := a.Letters(ctx, data.LetterFilter{})
	if err != nil {
		t.Fatal(err)
	}
	for _, letter := range letters {
		files["letters"] += letter.Reference + " " + string(letter.State) + " " + letter.QueuedAt.Format(time.RFC3339Nano) + "\n"
	}
	for _, search := range []string{"strasbourg", "code"} {
		d := &desk{t: t, App: a, helpDesk: ctx, admin: ctx}
		found := d.found(search)
		slices.Sort(found)
		files["search "+search] = strings.Join(found, " ")
	}
	check, err = a.VerifyAudit(ctx)
	if err != nil || check.Broken.ID != 0 {
		t.Errorf("audit: %+v, %v", check, err)
	}
	return files, check
}

// postAll has no batch left that is not posted.
func postAll(t *testing.T, path string, options Options) {
	t.Helper()
	a, err := Open(context.Background(), path, options)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	signed, err := a.SignIn(context.Background(), DemoOperator, DemoPassword)
	if err != nil {
		t.Fatal(err)
	}
	ctx := As(context.Background(), signed.Operator)
	batches, err := a.Batches(ctx)
	for _, batch := range batches {
		if batch.State == data.BatchComposed || batch.State == data.BatchPrinted {
			err = errors.Join(err, a.CancelBatch(ctx, batch.Number))
		}
	}
	if err != nil {
		t.Fatal(err)
	}
}

// TestMigrateDemoRegister: the demo register gives the same from PostgreSQL, and
// from the file that it comes back to; its audit goes on.
func TestMigrateDemoRegister(t *testing.T) {
	t.Setenv("XDG_CONFIG_HOME", t.TempDir())
	ctx, folder := context.Background(), t.TempDir()
	file, server, back := filepath.Join(folder, "demo.db"), postgrestest.Shared(t).Database(t), filepath.Join(folder, "new", "back.db")
	options := Options{Clock: func() time.Time { return tuesday }, Passwords: cheap, NoKeyring: true, Folder: t.TempDir()}
	if err := BuildDemo(ctx, file, 1, options, nil); err != nil {
		t.Fatal(err)
	}
	refused := func(kind Kind, from, to string) {
		t.Helper()
		if _, err := MigrateRegister(ctx, from, to, options, nil); KindOf(err) != kind {
			t.Errorf("%v, want %s", err, kind)
		}
	}
	refused(Conflict, file, server) // batches to post
	refused(Invalid, file, file)
	refused(NotFound, filepath.Join(folder, "none.db"), server)
	postAll(t, file, options)
	want, before := contentsOf(t, file, options)

	stopped, stop := context.WithCancel(ctx)
	calls := 0
	_, err := MigrateRegister(stopped, file, server, options, func(string, int, int) {
		if calls++; calls == 30 {
			stop()
		}
	})
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("interrupted: %v", err)
	}
	if _, err := Open(ctx, server, options); KindOf(err) != Conflict {
		t.Errorf("an unfinished copy opens: %v", err)
	}
	for _, move := range [][2]string{{file, server}, {server, back}} {
		began := time.Now()
		report, err := MigrateRegister(ctx, move[0], move[1], options, nil)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%d rows to %s in %s", report.Rows(), registerName(move[1]), time.Since(began).Round(time.Millisecond))
		got, check := contentsOf(t, move[1], options)
		for name := range want {
			if got[name] != want[name] || want[name] == "" {
				t.Errorf("%s differ: %d bytes, %d before", name, len(got[name]), len(want[name]))
			}
		}
		if check.Entries <= before.Entries {
			t.Errorf("%d entries, %d before", check.Entries, before.Entries)
		}
		before = check
	}
	refused(Conflict, file, server) // in use
	moves := movesOf(t, back, options)
	if len(moves) != 2 || moves[0].Operator != guichet.Login || strings.Contains(moves[0].After, postgrestest.Password) || strings.Contains(moves[0].After, folder) {
		t.Errorf("%+v", moves)
	}
}

// movesOf are the audit's entries of a register's moves.
func movesOf(t *testing.T, path string, options Options) []data.AuditEntry {
	t.Helper()
	a, err := Open(context.Background(), path, options)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	signed, err := a.SignIn(context.Background(), DemoOperator, DemoPassword)
	if err != nil {
		t.Fatal(err)
	}
	entries, err := a.Audit(As(context.Background(), signed.Operator), data.AuditFilter{Action: "register.migrate"}, 0, 10)
	if err != nil {
		t.Fatal(err)
	}
	return entries
}
