package store

import (
	"context"
	"errors"
	"testing"
	"time"

	"guichet/data"
	"guichet/data/store/postgrestest"
)

// pair are two workstations on one register.
func pair(t *testing.T, address string) (one, two *Store) {
	t.Helper()
	for _, into := range []**Store{&one, &two} {
		s, err := Open(context.Background(), address)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { s.Close() })
		*into = s
	}
	return one, two
}

// TestChangesAreTold: each workstation hears what the other committed, and not its
// own.
func TestChangesAreTold(t *testing.T) {
	one, two := pair(t, postgrestest.Shared(t).Database(t))
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	heard, ready, ended := make(chan Change, 10), make(chan struct{}), make(chan error)
	go func() { ended <- two.Listen(ctx, func() { close(ready) }, func(c Change) { heard <- c }) }()
	<-ready
	entry := func(id int64) data.AuditEntry {
		return data.AuditEntry{At: noon, Action: "ticket.take", Subject: "ticket", SubjectID: id}
	}
	undone := errors.New("undone")
	if err := one.Update(ctx, func(tx *Tx) error { return errors.Join(tx.AddAudit(entry(1)), undone) }); !errors.Is(err, undone) {
		t.Fatal(err)
	}
	update(t, two, func(tx *Tx) error { return tx.AddAudit(entry(2)) })
	update(t, one, func(tx *Tx) error { return tx.AddAudit(entry(3)) })
	if change := <-heard; change.Subject != "ticket" || change.ID != 3 || change.Action != "ticket.take" {
		t.Errorf("%+v", change)
	}
	cancel()
	<-ended
	if len(heard) != 0 {
		t.Errorf("also heard %+v", <-heard)
	}
}

// TestOneWorkstationLeads: the other follows once the first is done, and one that
// lost its server stops.
func TestOneWorkstationLeads(t *testing.T) {
	server := postgrestest.New(t)
	one, two := pair(t, server.Database(t))
	ctx := context.Background()
	leading, release := make(chan struct{}), make(chan struct{})
	ended := make(chan error)
	go func() {
		_, err := one.Lead(ctx, "mail", func(context.Context) error { close(leading); <-release; return nil })
		ended <- err
	}()
	<-leading
	if led, err := two.Lead(ctx, "mail", func(context.Context) error { t.Error("both lead"); return nil }); led || err != nil {
		t.Errorf("led %v, %v", led, err)
	}
	if led, err := two.Lead(ctx, "sweep", func(context.Context) error { return nil }); !led || err != nil {
		t.Errorf("what nobody leads: %v, %v", led, err)
	}
	close(release)
	if err := <-ended; err != nil {
		t.Error(err)
	}
	lost := make(chan struct{})
	began := time.Now()
	led, err := two.Lead(ctx, "mail", func(ctx context.Context) error {
		if err := server.Kill(); err != nil {
			t.Error(err)
		}
		<-ctx.Done()
		close(lost)
		return nil
	})
	<-lost
	if !led || !errors.Is(err, ErrUnavailable) || time.Since(began) > 30*time.Second {
		t.Errorf("led %v, %v, after %v", led, err, time.Since(began))
	}
}

// TestTheServerComesBack: what was committed is there, what was not is refused, and
// all goes on without opening the register anew.
func TestTheServerComesBack(t *testing.T) {
	server := postgrestest.New(t)
	one, _ := pair(t, server.Database(t))
	update(t, one, func(tx *Tx) error { return tx.SetSetting("a", "1") })
	if err := server.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := one.Update(context.Background(), func(tx *Tx) error { return tx.SetSetting("a", "2") }); !errors.Is(err, ErrUnavailable) {
		t.Errorf("without a server: %v", err)
	}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	update(t, one, func(tx *Tx) error {
		if value, err := tx.Setting("a"); err != nil || value != "1" {
			t.Errorf("%q, %v", value, err)
		}
		return tx.SetSetting("a", "3")
	})
}

// TestTheLeadIsPassedOnAtOnce: also by one that was interrupted.
func TestTheLeadIsPassedOnAtOnce(t *testing.T) {
	one, two := pair(t, postgrestest.Shared(t).Database(t))
	nothing := func(*Tx) error { return nil }
	for round := range 40 {
		if err := two.View(context.Background(), nothing); err != nil { // its connection is open
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(context.Background())
		led, err := one.Lead(ctx, "mail", func(ctx context.Context) error { cancel(); return ctx.Err() })
		if !led || !errors.Is(err, context.Canceled) {
			t.Fatalf("round %d: led %v, %v", round, led, err)
		}
		one, two = two, one
	}
}

// TestAllWorkstationsHaveTheServersClock: also once it was set.
func TestAllWorkstationsHaveTheServersClock(t *testing.T) {
	database := postgrestest.Shared(t).Database(t)
	check := func(s *Store, ahead time.Duration) {
		t.Helper()
		if got := time.Until(s.Now()); (got - ahead).Abs() > time.Minute {
			t.Errorf("%v ahead, want %v", got, ahead)
		}
	}
	s, err := Open(context.Background(), postgrestest.Ahead(t, database, 2*time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	check(s, 2*time.Hour)
	postgrestest.Ahead(t, database, -40*time.Minute)
	update(t, s, func(*Tx) error { return nil })
	check(s, -40*time.Minute)
}
