package store

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"guichet/data"
	"guichet/data/store/postgrestest"
)

var noon = time.Date(2026, 11, 24, 12, 0, 0, 123_000_000, data.Paris)

func TestMain(m *testing.M) {
	status := m.Run()
	postgrestest.Stop()
	os.Exit(status)
}

func openStore(t *testing.T) *Store {
	t.Helper()
	s, err := Open(context.Background(), postgrestest.Register(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func update(t *testing.T, s *Store, do func(tx *Tx) error) {
	t.Helper()
	if err := s.Update(context.Background(), do); err != nil {
		t.Fatal(err)
	}
}

func TestOpenMakesAPrivateFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "été 100 % ?", "register.db")
	s, err := Open(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for file, want := range map[string]os.FileMode{path: 0o600, filepath.Dir(path): 0o700} {
		info, err := os.Stat(file)
		if err != nil || info.Mode().Perm() != want {
			t.Errorf("%s: %v, %v", file, info.Mode(), err)
		}
	}
}

func TestPragmasReachEveryConnection(t *testing.T) {
	postgrestest.OnlyFile(t)
	s := openStore(t)
	for name, db := range map[string]*sql.DB{"writer": s.writer, "reader": s.reader} {
		for range 3 { // hold them, so that the pool opens more
			connection, err := db.Conn(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			var foreignKeys, timeout int
			var mode string
			for pragma, value := range map[string]any{"foreign_keys": &foreignKeys, "busy_timeout": &timeout, "journal_mode": &mode} {
				if err := connection.QueryRowContext(context.Background(), "PRAGMA "+pragma).Scan(value); err != nil {
					t.Fatal(err)
				}
			}
			if foreignKeys != 1 || timeout != 10000 || mode != "wal" {
				t.Errorf("%s: foreign_keys %d, busy_timeout %d, journal_mode %s", name, foreignKeys, timeout, mode)
			}
			if name == "writer" {
				connection.Close()
				break
			}
			defer connection.Close()
		}
	}
}

func TestNewerRegisterIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "register.db")
	s, err := Open(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.writer.Exec(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, 1)`); err != nil {
		t.Fatal(err)
	}
	s.Close()
	if _, err := Open(context.Background(), path); !errors.Is(err, ErrNewer) {
		t.Errorf("opened a newer register: %v", err)
	}
}

func TestViewCannotWrite(t *testing.T) {
	s := openStore(t)
	if err := s.View(context.Background(), func(tx *Tx) error { return tx.SetSetting("a", "b") }); err == nil {
		t.Error("a view wrote")
	}
}

func TestUpdateIsAllOrNothing(t *testing.T) {
	s := openStore(t)
	failure := errors.New("no")
	err := s.Update(context.Background(), func(tx *Tx) error {
		return errors.Join(tx.SetSetting("a", "b"), failure)
	})
	if !errors.Is(err, failure) {
		t.Fatal(err)
	}
	cancelled, cancel := context.WithCancel(context.Background())
	err = s.Update(cancelled, func(tx *Tx) error {
		defer cancel()
		return tx.SetSetting("a", "b")
	})
	if !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	update(t, s, func(tx *Tx) error {
		value, err := tx.Setting("a")
		if value != "" {
			t.Errorf("a half-done update left %q", value)
		}
		return err
	})
}

func TestRecordsComeBackWhole(t *testing.T) {
	s := openStore(t)
	o := data.Organisation{
		Kind: data.Commune, Name: "Commune d'Albé", SIREN: "216700039", INSEECode: "67003", Email: "m@albe.example", Phone: "03", CreatedAt: noon,
		Address: data.Address{Complement: "Bâtiment B", Street: "1 rue", Distribution: "BP 1", PostalCode: "67220", City: "ALBE", Country: ""},
	}
	a := data.Account{
		Identifier: "anne.obrien", Civility: data.Madame, FirstName: "Anne", LastName: "O'Brien", Email: "a@albe.example", Phone: "06",
		PasswordHash: "hash", RegisteredAt: noon, ActivationNonce: "n", ActivationExpiresAt: noon.Add(data.ActivationDelay),
	}
	update(t, s, func(tx *Tx) error {
		if err := tx.AddOrganisation(&o); err != nil {
			return err
		}
		a.OrganisationID = o.ID
		if err := tx.AddAccount(&a); err != nil {
			return err
		}
		a.ActivatedAt = noon.Add(time.Hour)
		return tx.UpdateAccountFacts(a)
	})
	err := s.View(context.Background(), func(tx *Tx) error {
		organisation, err := tx.Organisation(o.ID)
		if err != nil {
			return err
		}
		if organisation != o {
			t.Errorf("organisation\n%+v, want\n%+v", organisation, o)
		}
		account, err := tx.AccountByIdentifier("anne.obrien")
		if account != a {
			t.Errorf("account\n%+v, want\n%+v", account, a)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestOldTimesComeBack: a mail may say that it was sent in 1999, or in 1969.
func TestOldTimesComeBack(t *testing.T) {
	s := openStore(t)
	update(t, s, func(tx *Tx) error {
		for _, at := range []time.Time{time.Date(1999, 5, 1, 12, 0, 0, 0, data.Paris), time.Date(1969, 12, 31, 8, 0, 0, 5_000_000, data.Paris), noon} {
			o := data.Organisation{Kind: data.Commune, Name: at.String(), CreatedAt: at}
			if err := tx.AddOrganisation(&o); err != nil {
				return err
			}
			if found, err := tx.Organisation(o.ID); err != nil || !found.CreatedAt.Equal(at) {
				t.Errorf("%v comes back as %v, %v", at, found.CreatedAt, err)
			}
		}
		return nil
	})
}

func TestSentinels(t *testing.T) {
	s := openStore(t)
	update(t, s, func(tx *Tx) error {
		o := data.Organisation{Kind: data.Commune, Name: "A", SIREN: "216700039", CreatedAt: noon}
		if err := tx.AddOrganisation(&o); err != nil {
			return err
		}
		if err := tx.Attempt(func() error { return tx.AddOrganisation(&o) }); !errors.Is(err, ErrTaken) {
			t.Errorf("a SIREN twice: %v", err)
		}
		if _, err := tx.Organisation(99); !errors.Is(err, ErrNotFound) {
			t.Errorf("no organisation: %v", err)
		}
		if err := tx.MoveBatch(data.BatchComposed, data.Batch{ID: 1}); !errors.Is(err, ErrChanged) {
			t.Errorf("no such batch: %v", err)
		}
		a := data.Account{OrganisationID: 99, Identifier: "x", RegisteredAt: noon, ActivationExpiresAt: noon}
		if err := tx.Attempt(func() error { return tx.AddAccount(&a) }); err == nil || errors.Is(err, ErrTaken) {
			t.Errorf("an account of no organisation: %v", err)
		}
		return nil
	})
}

// TestR01_OneRepresentativeInOffice and TestR05_OneActiveAdministrator: the
// schema itself holds the two rules.
func TestR01_OneRepresentativeInOffice(t *testing.T) {
	s := openStore(t)
	update(t, s, func(tx *Tx) error {
		o := data.Organisation{Kind: data.Commune, Name: "A", CreatedAt: noon}
		if err := tx.AddOrganisation(&o); err != nil {
			return err
		}
		r := data.LegalRepresentative{OrganisationID: o.ID, Office: "Maire", From: noon}
		if err := tx.AddRepresentative(&r); err != nil {
			return err
		}
		second := r
		if err := tx.Attempt(func() error { return tx.AddRepresentative(&second) }); !errors.Is(err, ErrTaken) {
			t.Errorf("two in office: %v", err)
		}
		r.Until = noon.AddDate(1, 0, 0)
		return errors.Join(tx.EndMandate(r), tx.AddRepresentative(&second))
	})
}

func TestR05_OneActiveAdministrator(t *testing.T) {
	s := openStore(t)
	update(t, s, func(tx *Tx) error {
		o := data.Organisation{Kind: data.Commune, Name: "A", CreatedAt: noon}
		if err := tx.AddOrganisation(&o); err != nil {
			return err
		}
		for _, identifier := range []string{"a", "b"} {
			a := data.Account{OrganisationID: o.ID, Identifier: identifier, RegisteredAt: noon, ActivationExpiresAt: noon}
			if err := tx.AddAccount(&a); err != nil {
				return err
			}
			if err := tx.SetAdministrator(a, noon); err != nil {
				return err
			}
			if active, err := tx.ActiveAdministrator(o.ID); err != nil || active.ID != a.ID {
				t.Errorf("active %v, %v", active.Identifier, err)
			}
		}
		err := tx.Attempt(func() error {
			_, err := tx.exec("second", `INSERT INTO administration (organisation_id, account_id, since) VALUES ($1, 1, $2)`, o.ID, noon)
			return err
		})
		if !errors.Is(err, ErrTaken) {
			t.Errorf("two active: %v", err)
		}
		return nil
	})
}

func TestNumbersAreGivenOnce(t *testing.T) {
	s := openStore(t)
	var mu sync.Mutex
	seen := map[int]bool{}
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 25 {
				err := s.Update(context.Background(), func(tx *Tx) error {
					n, err := tx.NextNumber("letter", 2026)
					mu.Lock()
					defer mu.Unlock()
					if seen[n] {
						t.Errorf("%d is given twice", n)
					}
					seen[n] = true
					return err
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
	if len(seen) != 200 || !seen[1] || !seen[200] {
		t.Errorf("%d numbers", len(seen))
	}
	update(t, s, func(tx *Tx) error {
		n, err := tx.NextNumber("letter", 2027)
		if n != 1 {
			t.Errorf("a new year starts at %d", n)
		}
		return err
	})
}

func TestSearchTakesEveryCharacter(t *testing.T) {
	s := openStore(t)
	update(t, s, func(tx *Tx) error {
		for _, name := range []string{"Œuvre d'Alsace", "100 % Vosges", "Commune_de_Barr", `A\B`} {
			if err := tx.AddOrganisation(&data.Organisation{Kind: data.Association, Name: name, CreatedAt: noon}); err != nil {
				return err
			}
		}
		return nil
	})
	for query, want := range map[string]int{
		"": 4, "oeuvre": 1, "ŒUVRE als": 1, "%": 0, `"`: 0, "OR": 0, "NEAR(": 0, `\`: 0, "'": 0, "alsace vosges": 0, "barr": 1, "100 % vos": 1,
		"d'als": 1, "*": 0, "a:b": 1, "-": 0,
	} {
		err := s.View(context.Background(), func(tx *Tx) error {
			found, err := tx.Directory(data.DirectoryFilter{Text: query}, 0, 100)
			if n, countErr := tx.CountDirectory(data.DirectoryFilter{Text: query}); n != len(found) {
				t.Errorf("%q counts %d, finds %d, %v", query, n, len(found), countErr)
			}
			if len(found) != want {
				t.Errorf("%q finds %d, want %d", query, len(found), want)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestAuditFindsABrokenLink(t *testing.T) {
	s := openStore(t)
	update(t, s, func(tx *Tx) error {
		for i := range 5 {
			e := data.AuditEntry{At: noon.Add(time.Duration(i) * time.Second), Operator: "o", Action: "a", Subject: "s", SubjectID: int64(i)}
			if err := tx.AddAudit(e); err != nil {
				return err
			}
		}
		if check, err := tx.CheckAudit(); err != nil || check.Broken.ID != 0 || check.Entries != 5 {
			t.Errorf("a whole chain: %+v, %v", check, err)
		}
		if _, err := tx.exec("forge", `UPDATE audit SET operator = 'x' WHERE id = 3`); err != nil {
			return err
		}
		check, err := tx.CheckAudit()
		if err != nil || check.Broken.ID != 3 {
			t.Errorf("forged 3, found %d, %v", check.Broken.ID, err)
		}
		return nil
	})
}

// TestAuditIsPurgedAndErased: the chain stays whole when the oldest entries go
// and say so, and when texts are erased, and tells when entries go otherwise.
func TestAuditIsPurgedAndErased(t *testing.T) {
	s := openStore(t)
	check := func(tx *Tx) AuditCheck {
		t.Helper()
		check, err := tx.CheckAudit()
		if err != nil {
			t.Fatal(err)
		}
		return check
	}
	update(t, s, func(tx *Tx) error {
		for i := range 9 {
			e := data.AuditEntry{At: noon.Add(time.Duration(i) * time.Hour), Operator: "o", Action: "a", Subject: "s", SubjectID: int64(i), After: "Jeanne"}
			if err := tx.AddAudit(e); err != nil {
				return err
			}
		}
		if n, err := tx.EraseAuditTexts("s", 6); err != nil || n != 1 {
			t.Errorf("erased %d, %v", n, err)
		}
		if got := check(tx); got.Broken.ID != 0 || got.Erased != 1 {
			t.Errorf("after an erasure: %+v", got)
		}
		n, last, err := tx.PurgeAudit(4)
		if err != nil || n != 4 {
			t.Errorf("purged %d, %v", n, err)
		}
		if got := check(tx); got.Broken.ID != 5 {
			t.Errorf("a purge that does not say so: %+v", got)
		}
		if err := tx.AddAudit(data.AuditEntry{At: noon, Action: data.AuditPurged, After: last}); err != nil {
			return err
		}
		if got := check(tx); got.Broken.ID != 0 || got.Entries != 6 {
			t.Errorf("after a purge: %+v", got)
		}
		if _, err := tx.exec("cut", `DELETE FROM audit WHERE id < 7`); err != nil {
			return err
		}
		if got := check(tx); got.Broken.ID != 7 {
			t.Errorf("cut off in front: %+v", got)
		}
		return nil
	})
}

// TestAConnectionLeftInATransaction is used all the same: the driver leaves it so
// when a context ends at the wrong moment.
func TestAConnectionLeftInATransaction(t *testing.T) {
	postgrestest.OnlyFile(t)
	s := openStore(t)
	for _, db := range []*sql.DB{s.reader, s.writer} {
		conn, err := db.Conn(t.Context())
		if err == nil {
			_, err = conn.ExecContext(t.Context(), `BEGIN; SELECT count(*) FROM setting`)
		}
		if err := errors.Join(err, conn.Close()); err != nil {
			t.Fatal(err)
		}
	}
	err := s.Update(t.Context(), func(tx *Tx) error { return tx.SetSetting("a", "b") })
	if err != nil {
		t.Fatal(err)
	}
	err = s.View(t.Context(), func(tx *Tx) error {
		value, err := tx.Setting("a")
		if value != "b" {
			t.Errorf("reads %q: what was there before", value)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestAFileIsNoServer: what the system refuses about a file is not a server that
// is gone, though it is a net.Error too.
func TestAFileIsNoServer(t *testing.T) {
	err := failed("write", &fs.PathError{Op: "write", Path: "register.db", Err: syscall.EIO})
	if ServerGone(err) || errors.Is(err, ErrUnavailable) {
		t.Errorf("%v is a server's", err)
	}
	if err := failed("read", &net.OpError{Op: "read", Err: syscall.ECONNRESET}); !ServerGone(err) {
		t.Errorf("%v is none", err)
	}
}
