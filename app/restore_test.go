package app

import (
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"guichet/data"
	"guichet/data/store"
	"guichet/data/store/postgrestest"
)

// forge changes the register behind Guichet's back.
func (d *desk) forge(statement string) {
	d.t.Helper()
	db, err := sql.Open("sqlite", d.path)
	d.done(err)
	defer db.Close()
	_, err = db.Exec(statement)
	d.done(err)
}

// TestABrokenAuditLocksNobodyOut: it is told, and backups go on.
func TestABrokenAuditLocksNobodyOut(t *testing.T) {
	postgrestest.OnlyFile(t)
	d := openDesk(t)
	d.forge(`UPDATE audit SET operator = 'x' WHERE id = 2`)
	if made, err := d.BackUpDaily(d.admin); err != nil || !made {
		t.Fatalf("%v, %v", made, err)
	}
	backups, err := d.Backups(d.admin)
	d.done(err)
	contents, err := InspectBackup(d.nobody, backups[0].Path)
	d.done(err)
	if contents.BrokenAudit != 2 {
		t.Errorf("the break is told at %d", contents.BrokenAudit)
	}
	d.clock = d.clock.Add(time.Second)
	_, err = d.RestoreBackup(d.admin, backups[0].Path)
	d.done(err)
}

// TestRegistersShareABackupFolder: each sees, and rotates, its own.
func TestRegistersShareABackupFolder(t *testing.T) {
	postgrestest.OnlyFile(t)
	folder := t.TempDir()
	one, two := openDesk(t), openDesk(t)
	for i, d := range []*desk{one, two} {
		settings := settingsNamed("Registre " + string(rune('a'+i)))
		settings.Backup = data.BackupSettings{Folder: folder, Keep: 2}
		d.done(d.SaveSettings(d.admin, settings))
		if i == 1 { // the tests' registers draw the same key
			d.forge(`UPDATE setting SET value = 'QUJD' WHERE name = 'secret'`)
		}
		if made, err := d.BackUpDaily(d.admin); err != nil || !made {
			t.Fatalf("the day's backup of register %d: %v, %v", i, made, err)
		}
	}
	for range 3 {
		two.clock = two.clock.Add(time.Hour)
		two.backUp()
	}
	backups, err := one.Backups(one.admin)
	one.done(err)
	if len(backups) != 1 {
		t.Fatalf("register one has %d backups", len(backups))
	}
	_, err = two.RestoreBackup(two.admin, backups[0].Path)
	two.refused(Conflict, err)
	one.done(one.Close())
	if found := FindBackups(one.path); len(found) != 1 || found[0].Path != backups[0].Path {
		t.Errorf("%+v", found)
	}
}

// TestAWrongClockStopsNothing: neither sign-ins, nor backups, nor does the audit
// go.
func TestAWrongClockStopsNothing(t *testing.T) {
	postgrestest.OnlyFile(t)
	d := openDesk(t)
	right := d.clock
	d.clock = right.AddDate(1, 0, 0)
	_, err := d.SignIn(d.nobody, "admin", "faux")
	d.refused(Forbidden, err)
	d.backUp()
	d.clock = right
	_, err = d.SignIn(d.nobody, "admin", longPassword)
	d.done(err)
	if made, err := d.BackUpDaily(d.admin); err != nil || !made {
		t.Errorf("no backup after one of the future: %v, %v", made, err)
	}
	d.clock = right.AddDate(-3, 0, 0)
	_, err = d.SignIn(d.nobody, "admin", "faux")
	d.refused(Forbidden, err)
	d.clock = right
	before, err := d.CountAudit(d.admin, data.AuditFilter{})
	d.done(err)
	plan := d.plan()
	_, err = d.Purge(d.admin, plan, nil)
	d.done(err)
	if after, err := d.CountAudit(d.admin, data.AuditFilter{}); err != nil || after < before {
		t.Errorf("%d entries of %d are left, though the plan showed %d, %v", after, before, planned(plan, data.KeptAudit), err)
	}
}

// TestRestoreDoesNothingTwice: numbers are not given again, mails not sent again.
func TestRestoreDoesNothingTwice(t *testing.T) {
	postgrestest.OnlyFile(t)
	d := openDesk(t)
	o := d.organisation("Commune d'Achenheim")
	d.unactivated("avant@b.fr")
	d.smarthost()
	backup := d.backUp()
	d.send(1, 0)
	one := d.register(o, "a@b.fr", false)
	d.post()
	first := d.ask("alice@x.fr", "Question", "Bonjour")
	d.clock = d.clock.Add(time.Hour)
	ctx, cancel := context.WithCancel(d.admin)
	former := d.App.clock
	d.App.clock = func() time.Time { cancel(); return former() } // the session ends in the middle
	_, err := d.RestoreBackup(ctx, backup.Path)
	d.App.clock = former
	d.done(err)
	if _, err := d.SignIn(d.nobody, "admin", longPassword); err != nil || len(d.secret) != 32 {
		t.Errorf("the register's key has %d bytes, %v", len(d.secret), err)
	}
	two := d.unactivated("zz@b.fr")
	second := d.ask("bob@x.fr", "Question", "Bonjour")
	if two.Reference <= one.Reference || second.Number <= first.Number {
		t.Errorf("given again: %s after %s, %s after %s", two.Reference, one.Reference, second.Number, first.Number)
	}
	d.send(1, 0) // the new one's activation alone
	entries, err := d.Audit(d.admin, data.AuditFilter{Action: "register.restore"}, 0, 10)
	d.done(err)
	if len(entries) != 1 {
		t.Errorf("%d restores in the audit", len(entries))
	}
}

// TestRestoreOfAnUnreadableRegister goes on well beyond what the backup knows.
func TestRestoreOfAnUnreadableRegister(t *testing.T) {
	postgrestest.OnlyFile(t)
	d := openDesk(t)
	o := d.organisation("Commune d'Achenheim")
	d.unactivated("avant@b.fr")
	backup := d.backUp()
	lost := d.register(o, "perdu@b.fr", false)
	d.done(d.Close())
	d.done(os.WriteFile(d.path, []byte("rien"), 0o600))
	_, err := Restore(d.nobody, d.path, backup.Path, Options{Clock: func() time.Time { return d.clock }, Passwords: cheap, NoKeyring: true})
	d.done(err)
	d.open()
	if made := d.register(o, "zz@b.fr", false); made.Reference <= lost.Reference {
		t.Errorf("%s after %s, which was lost", made.Reference, lost.Reference)
	}
	d.done(d.store.View(d.nobody, func(tx *store.Tx) error {
		failed, err := tx.FailedOutgoing(10)
		if len(failed) != 1 || failed[0].To[0] != "avant@b.fr" {
			t.Errorf("mails that wait for a person: %+v", failed)
		}
		return err
	}))
}

// TestRestoreTakesTheLogAlong: a copy of a register with its log is whole.
func TestRestoreTakesTheLogAlong(t *testing.T) {
	postgrestest.OnlyFile(t)
	d := openDesk(t)
	d.organisation("Commune d'Achenheim")
	copied := filepath.Join(t.TempDir(), "copie.db")
	for _, suffix := range []string{"", "-wal"} {
		content, err := os.ReadFile(d.path + suffix)
		d.done(err)
		d.done(os.WriteFile(copied+suffix, content, 0o600))
	}
	contents, err := InspectBackup(d.nobody, copied)
	d.done(err)
	_, err = d.RestoreBackup(d.admin, copied)
	d.done(err)
	if found, err := d.FindOrganisations(d.admin, ""); err != nil || len(found) != 1 || contents.Organisations != 1 {
		t.Errorf("%d organisations of %d, %v", len(found), contents.Organisations, err)
	}
}

// TestRestoreWhileOthersWork: who reads and writes meanwhile waits.
func TestRestoreWhileOthersWork(t *testing.T) {
	postgrestest.OnlyFile(t)
	d := openDesk(t)
	backup := d.backUp()
	var seconds atomic.Int64
	d.App.clock = func() time.Time { return tuesday.Add(time.Duration(seconds.Load()) * time.Second) }
	stop := make(chan struct{})
	failures := make(chan error, 1000)
	var working sync.WaitGroup
	for range 4 {
		working.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				if _, err := d.Counts(d.admin); err != nil {
					failures <- err
				}
			}
		})
	}
	for range 3 {
		seconds.Add(1)
		_, err := d.RestoreBackup(d.admin, backup.Path)
		d.done(err)
	}
	close(stop)
	working.Wait()
	close(failures)
	for err := range failures {
		t.Fatal(err)
	}
}

// TestHistoryIsOfWhatOneSees: a reader does not read the operators'.
func TestHistoryIsOfWhatOneSees(t *testing.T) {
	d := openDesk(t)
	reader := As(d.nobody, d.operator(d.admin, "lecture", data.Reader))
	for _, subject := range []string{"operator", "settings"} {
		_, err := d.History(reader, subject, 1)
		d.refused(NotFound, err)
		_, err = d.History(d.admin, subject, 1)
		d.done(err)
	}
}

// TestMergedTicketsAreTheirRequesters: erasing, handing out and purging follow who
// wrote, not where a merger put it.
func TestMergedTicketsAreTheirRequesters(t *testing.T) {
	for _, erased := range []string{"alice@x.fr", "bob@x.fr"} {
		d := openDesk(t)
		alice := d.ask("alice@x.fr", "Permis", "Bonjour motalice")
		bob := d.ask("bob@x.fr", "Autre", "Bonjour motbob")
		d.done(d.MergeTickets(d.helpDesk, bob.Ticket, alice.Ticket))
		found := personData{}
		d.done(d.store.View(d.nobody, func(tx *store.Tx) error { return found.readEmail(tx, erased, map[string][]byte{}) }))
		if len(found.Tickets) != 1 || len(found.Tickets[0].Messages) != 1 {
			t.Errorf("%s is handed %+v", erased, found.Tickets)
		}
		d.done(d.ErasePerson(d.admin, data.Person{Email: erased}))
		var left string
		for _, m := range d.ticket(bob.ID).Messages {
			left += m.FromAddress + " " + m.Text + "\n"
		}
		for _, who := range []string{"alice", "bob"} {
			if gone := who+"@x.fr" == erased; strings.Contains(left, "mot"+who) == gone || len(d.found("mot"+who)) != map[bool]int{true: 0, false: 1}[gone] {
				t.Errorf("after erasing %s, %s: %q, found %v", erased, who, left, d.found("mot"+who))
			}
		}
	}
	d := openDesk(t)
	alice := d.ask("alice@x.fr", "Permis", "Bonjour")
	bob := d.ask("bob@x.fr", "Autre", "Bonjour")
	d.done(d.MergeTickets(d.helpDesk, bob.Ticket, alice.Ticket))
	d.clock = data.AddMonths(d.clock, 30) // the merged one alone is not purged
	if n := planned(d.plan(), data.KeptTickets); n != 0 {
		t.Errorf("%d tickets are past their delay", n)
	}
	d.done(d.ChangeTicket(d.helpDesk, d.ticket(bob.ID).Ticket, TicketChange{State: data.Solved}))
	d.clock = d.clock.AddDate(0, 0, 15)
	_, err := d.Sweep(d.helpDesk)
	d.done(err)
	d.clock = data.AddMonths(d.clock, 25)
	_, err = d.Purge(d.admin, d.plan(), nil)
	d.done(err)
	for _, id := range []int64{alice.ID, bob.ID} {
		if _, err := d.Ticket(d.helpDesk, id); KindOf(err) != NotFound {
			t.Errorf("ticket %d: %v", id, err)
		}
	}
}

// TestWhoAnswersOnAnothersTicket is found, handed out and erased there alone.
func TestWhoAnswersOnAnothersTicket(t *testing.T) {
	d := openDesk(t)
	bob := d.ask("bob@x.fr", "Autre", "Bonjour motbob")
	first := d.ticket(bob.ID).Messages[0].MessageID
	d.come(strings.Replace(letterOf("carol@x.fr", "c1@x.fr", "Re: Autre", "Je suis motcarol"), "Subject:", "In-Reply-To: <"+first+">\r\nSubject:", 1))
	if messages := d.ticket(bob.ID).Messages; len(messages) != 2 {
		t.Fatalf("%d messages", len(messages))
	}
	people, err := d.FindPeople(d.admin, "carol")
	d.done(err)
	if len(people) != 1 || people[0].Tickets != 0 {
		t.Fatalf("%+v", people)
	}
	found := personData{}
	d.done(d.store.View(d.nobody, func(tx *store.Tx) error { return found.readEmail(tx, "carol@x.fr", map[string][]byte{}) }))
	if len(found.Tickets) != 0 || len(found.Elsewhere) != 1 {
		t.Errorf("%+v", found)
	}
	d.done(d.ErasePerson(d.admin, people[0]))
	messages := d.ticket(bob.ID).Messages
	if messages[0].Text == "" || messages[1].Text != "" || messages[1].FromAddress != "" || d.ticket(bob.ID).RequesterAddress != "bob@x.fr" {
		t.Errorf("%+v", messages)
	}
	d.refused(NotFound, d.ErasePerson(d.admin, people[0]))
}

// TestALetterBearsItsOwnRepresentative: the one in office when it was composed.
func TestALetterBearsItsOwnRepresentative(t *testing.T) {
	d := openDesk(t)
	o := d.organisation("Commune d'Achenheim") // Jeanne Roth
	made := d.register(o, "a@b.fr", false)
	d.clock = d.clock.AddDate(0, 0, 1)
	d.done(d.AppointRepresentative(d.admin, data.LegalRepresentative{OrganisationID: o.ID, FirstName: "Luc", LastName: "Weiss", Office: "Maire"}))
	d.post() // queued under Roth, composed under Weiss
	d.clock = d.clock.AddDate(0, 0, 1)
	d.done(d.AppointRepresentative(d.admin, data.LegalRepresentative{OrganisationID: o.ID, FirstName: "Anne", LastName: "Klein", Office: "Maire"}))
	people, err := d.FindPeople(d.admin, "weiss")
	d.done(err)
	d.refused(Conflict, d.ErasePerson(d.admin, people[0])) // the letter can still be confirmed
	d.clock = d.clock.AddDate(0, 3, 0)
	_, err = d.Sweep(d.helpDesk)
	d.done(err)
	roth, err := d.FindPeople(d.admin, "roth")
	d.done(err)
	d.done(d.ErasePerson(d.admin, roth[0]))
	if lines := strings.Join(d.letter(made.Reference).Lines, "\n"); !strings.Contains(lines, "WEISS") {
		t.Errorf("erasing another: %q", lines)
	}
	d.done(d.ErasePerson(d.admin, people[0]))
	if lines := d.letter(made.Reference).Lines; len(lines) != 0 {
		t.Errorf("%q", lines)
	}
}

// TestUnsettledCopyIsNoRegister: a restore that a crash broke off before its copy
// knew what was done since leaves it aside, also where there is no register.
func TestUnsettledCopyIsNoRegister(t *testing.T) {
	postgrestest.OnlyFile(t)
	d := openDesk(t)
	d.organisation("Commune d'Achenheim")
	backup := d.backUp()
	d.done(d.Close())
	d.path = filepath.Join(t.TempDir(), "new.db")
	unfinished := d.path + restoringSuffix + unfinishedSuffix
	d.done(store.Copy(d.nobody, backup.Path, unfinished))
	d.open()
	if has, err := d.HasOperators(d.nobody); err != nil || has {
		t.Errorf("the copy is the register: %v, %v", has, err)
	}
	if _, err := os.Stat(unfinished); !os.IsNotExist(err) {
		t.Errorf("the copy stays: %v", err)
	}
}

// TestRestoreThroughALink: what a crash left is found beside the register, not
// beside the link that leads to it.
func TestRestoreThroughALink(t *testing.T) {
	postgrestest.OnlyFile(t)
	d := openDesk(t)
	d.organisation("Commune d'Achenheim")
	backup := d.backUp()
	d.done(d.Close())
	register := d.path
	d.done(store.Copy(d.nobody, backup.Path, register+restoringSuffix))
	d.done(os.Rename(register, register+".kept-1")) // and there the crash
	d.path = filepath.Join(t.TempDir(), "link.db")
	d.done(os.Symlink(register, d.path))
	d.open()
	if found, err := d.FindOrganisations(d.admin, ""); err != nil || len(found) != 1 {
		t.Errorf("%d organisations, %v", len(found), err)
	}
	d.done(d.Close())
	kept, err := Restore(d.nobody, d.path, backup.Path, Options{NoKeyring: true, Clock: d.Now})
	d.done(err)
	if info, err := os.Lstat(d.path); err != nil || info.Mode()&os.ModeSymlink == 0 || filepath.Dir(kept) != filepath.Dir(register) {
		t.Errorf("the link is gone: %v, %v; kept %s", info, err, kept)
	}
}
