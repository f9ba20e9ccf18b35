package app

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/mail"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"guichet/app/mailbox/mailboxtest"
	"guichet/data"
	"guichet/data/store"
	"guichet/data/store/disktest"
	"guichet/data/store/postgrestest"
)

// faultyDesk is an office on a disk that fails.
type faultyDesk struct {
	*desk
	disk     *disktest.Faulty
	count    int // of the changes to files that fail in a row
	refusals int
	changes  int // to files, that the last act asked for
}

// onFaultyDisks runs a test on a register whose disk fails once, and on one whose
// disk fails for good.
func onFaultyDisks(t *testing.T, test func(d *faultyDesk)) {
	t.Helper()
	postgrestest.OnlyFile(t)
	withoutLog(t)
	for name, count := range map[string]int{"once": 1, "for good": 1 << 30} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			disk := disktest.MountFaulty(t)
			d := &faultyDesk{desk: openDeskAt(t, filepath.Join(disk.Folder, "register.db")), disk: disk, count: count}
			d.interrupt = d.fail
			test(d)
			d.done(d.Close())
			d.open()
			d.done(d.store.Check(d.nobody))
			if t.Logf("%d refusals", d.refusals); d.refusals == 0 {
				t.Error("nothing failed")
			}
		})
	}
}

// saysDisk recognises a refusal for what a disk did.
var saysDisk = regexp.MustCompile("[Dd]isque |Un fichier ne se lit pas ou ne s’écrit pas|Le registre n’a pas pu être rouvert")

// fail is an interruption by an I/O error at a change to a file, which an act may
// get over; a refusal says what it is about.
func (d *faultyDesk) fail(ctx context.Context, steps int, do func(context.Context) error) error {
	d.t.Helper()
	d.disk.FailAt(steps, d.count)
	err := do(ctx)
	d.changes = d.disk.Heal()
	if err != nil {
		d.refusals++
		if said := err.Error(); KindOf(err) != Unavailable || !saysDisk.MatchString(said) && !tellsDone(err) {
			d.t.Fatalf("an I/O error after %d writes: %v (%v)", steps, err, errors.Unwrap(err))
		}
	}
	return err
}

// throughout fails an act at each of the last twenty changes to files that it asks
// for, and at each of the others, or at one of every few where they are hundreds;
// with GUICHET_EVERY_WRITE, which make chaos sets, at each there too.
func (d *faultyDesk) throughout(every int, act func(steps int)) {
	d.t.Helper()
	if os.Getenv("GUICHET_EVERY_WRITE") != "" {
		every = 1
	}
	act(1 << 30)
	for steps, all := 0, d.changes; steps <= all; steps++ {
		if steps%every == 0 || steps > all-20 {
			act(steps)
		}
	}
}

// TestEveryUseCaseOnAFaultyDisk has each use case meet an I/O error at its first
// write, at its second, and so on: what was refused was not done, and is done
// once the disk is whole again.
func TestEveryUseCaseOnAFaultyDisk(t *testing.T) {
	onFaultyDisks(t, func(d *faultyDesk) {
		d.interruptEverything(d.interrupt)
		d.done(d.Close())
		d.open() // what a closed batch could not delete goes
		batches, err := d.Batches(d.mailRoom)
		d.done(err)
		live := 0
		for _, batch := range batches {
			if batch.Spooled() {
				live += batch.Files
			}
		}
		if names := d.spoolNames(); len(names) != live {
			d.t.Errorf("%d files of live batches, in the spool %v", live, names)
		}
	})
}

// TestFetchOnAFaultyDisk: a mail that could not be kept comes in with the next
// fetch, once, and is not marked as read before.
func TestFetchOnAFaultyDisk(t *testing.T) {
	onFaultyDisks(t, func(d *faultyDesk) {
		dovecot := mailboxtest.Dovecot(d.t)
		mailbox := data.MailboxSettings{Host: dovecot.Host, Port: dovecot.Port, Security: "none", User: dovecot.User, Folders: []string{"INBOX"}}
		d.set(func(s *data.Settings) { s.Mailboxes = []data.MailboxSettings{mailbox} })
		_, err := d.SetMailPassword(d.admin, MailboxPassword(mailbox), dovecot.Password)
		d.done(err)
		for i := range 3 {
			dovecot.DeliverAt(d.t, []byte(letterOf("a@mairie.example", fmt.Sprintf("io%d@mairie.example", i), fmt.Sprintf("Demande %d", i), strings.Repeat("Bonjour ", 1000))), d.clock)
			d.breaks(d.helpDesk, act{"Fetch", func(ctx context.Context) error {
				_, err := d.Fetch(ctx)
				tickets, counted := d.CountTickets(d.helpDesk, data.TicketFilter{})
				d.done(counted)
				if seen := strings.Count(strings.Join(dovecot.Flags(d.t), ""), "S"); seen > tickets {
					d.t.Errorf("%d mails are marked, %d are kept", seen, tickets)
				}
				if want := i + 1; err == nil && tickets != want {
					d.t.Errorf("%d tickets, want %d", tickets, want)
				}
				return err
			}})
		}
	})
}

// TestSendOnAFaultyDisk: a reply goes out under one Message-ID, though it may be
// twice when its having gone could not be kept.
func TestSendOnAFaultyDisk(t *testing.T) {
	onFaultyDisks(t, func(d *faultyDesk) {
		server := d.smarthost()
		asked := d.ask("marie@mairie.example", "Question", "Bonjour")
		answers := 0
		d.throughout(1, func(steps int) {
			d.answer(d.ticket(asked.ID).Ticket, fmt.Sprintf("Réponse %d", steps), data.OpenTicket)
			answers++
			d.after(data.UndoDelay)
			_ = d.fail(d.helpDesk, steps, func(ctx context.Context) error { _, err := d.SendOutgoing(ctx); return err })
			for range 3 {
				d.after(24 * time.Hour)
				_, err := d.SendOutgoing(d.helpDesk)
				d.done(err)
			}
		})
		times := map[string]int{}
		for _, message := range server.Messages() {
			mail, err := mail.ReadMessage(bytes.NewReader(message.Data))
			d.done(err)
			times[mail.Header.Get("Message-Id")]++
		}
		if len(times) != answers {
			d.t.Errorf("%d mails went out, of %d answers", len(times), answers)
		}
		for id, n := range times {
			if n > 2 {
				d.t.Errorf("%s went out %d times", id, n)
			}
		}
		if waiting := d.outbox(data.ReplyMail); len(waiting) > 0 {
			d.t.Errorf("%d mails wait", len(waiting))
		}
	})
}

// TestRestoreOnAFaultyDisk: the register is what it was, or the backup and knows
// what was done since.
func TestRestoreOnAFaultyDisk(t *testing.T) {
	onFaultyDisks(t, func(d *faultyDesk) {
		o := d.organisation("Commune d'Achenheim")
		backup := d.backUp()
		d.throughout(3, func(steps int) {
			d.register(o, fmt.Sprintf("p%d@mairie.fr", steps), true)
			former, _ := d.compose()
			d.clock = d.clock.Add(time.Second)
			err := d.fail(d.admin, steps, func(ctx context.Context) error { _, err := d.RestoreBackup(ctx, backup.Path); return err })
			if _, failed := d.Batches(d.admin); failed != nil && KindOf(failed) != Unavailable {
				d.t.Errorf("after %d writes: %v", steps, failed)
			}
			d.App.Close()
			d.open()
			batches, failed := d.Batches(d.admin)
			d.done(failed)
			if err != nil && slices.ContainsFunc(batches, func(b data.Batch) bool { return b.Number == former.Number }) {
				return // as it was
			}
			restored, failed := d.CountAudit(d.admin, data.AuditFilter{Action: "register.restore"})
			d.done(failed)
			if len(batches) != 0 || restored != 1 {
				d.t.Fatalf("after %d writes, %v: %d batches, %d restores", steps, err, len(batches), restored)
			}
			d.register(o, "n@mairie.fr", true)
			if next, _ := d.compose(); next.Number <= former.Number {
				d.t.Errorf("after %d writes, %v: the number %s is given again", steps, err, next.Number)
			}
		})
	})
}

// TestUpdateOnAFaultyDisk: a register of an earlier schema stays what it was until
// it was backed up, and opens once the disk is whole again.
func TestUpdateOnAFaultyDisk(t *testing.T) {
	onFaultyDisks(t, func(d *faultyDesk) {
		earlier := filepath.Join(d.t.TempDir(), "earlier.db")
		earlierRegister(d.t, earlier, 5)
		d.throughout(3, func(steps int) {
			folder := filepath.Join(d.disk.Folder, strconv.Itoa(steps))
			d.done(os.Mkdir(folder, 0o700))
			path := filepath.Join(folder, "earlier.db")
			d.done(store.Copy(d.nobody, earlier, path))
			var opened *App
			open := func(ctx context.Context) (err error) {
				opened, err = Open(ctx, path, Options{Clock: d.Now, NoKeyring: true})
				return err
			}
			if d.fail(d.nobody, steps, open) != nil {
				contents, err := store.Inspect(d.nobody, path)
				d.done(err)
				if contents.Schema > 5 && len(FindBackups(path)) == 0 {
					d.t.Errorf("after %d writes updated to %d without a backup", steps, contents.Schema)
				}
				d.clock = d.clock.Add(time.Second)
				d.done(open(d.nobody))
			}
			d.done(opened.Close())
			contents, err := store.Inspect(d.nobody, path)
			d.done(err)
			if contents.Schema != 8 || contents.Register != "Ancien" {
				d.t.Errorf("after %d writes %+v", steps, contents)
			}
			backups := FindBackups(path)
			if entries, err := os.ReadDir(path + ".backups"); err != nil || len(backups) == 0 || len(entries) != len(backups) {
				d.t.Errorf("after %d writes %d backups, %v, %v", steps, len(backups), entries, err)
			}
			for _, backup := range backups {
				_, err := InspectBackup(d.nobody, backup.Path)
				d.done(err)
			}
			d.done(os.RemoveAll(folder))
		})
	})
}
