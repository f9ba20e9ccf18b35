package app

import (
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"testing"

	"guichet/data/store/postgrestest"

	"guichet/app/mailbox/mailboxtest"
	"guichet/data"
)

// fullDisk lets no file of the process grow beyond a size, until the test ends
// or the function that it returns is called.
func fullDisk(t *testing.T, size uint64) (free func()) {
	t.Helper()
	signal.Ignore(syscall.SIGXFSZ) // writes fail instead, as on a full disk
	var before syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &before); err != nil {
		t.Fatal(err)
	}
	free = func() {
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &before); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(free)
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: size, Max: before.Max}); err != nil {
		t.Fatal(err)
	}
	return free
}

// TestHelpDeskFullDisk: what does not fit stays on the server, unread, and comes
// in once when there is room, each mail once.
func TestHelpDeskFullDisk(t *testing.T) {
	postgrestest.OnlyFile(t)
	d := openDesk(t)
	dovecot := mailboxtest.Dovecot(t)
	const mails = 400
	for i := range mails {
		dovecot.DeliverAt(t, []byte(letterOf("a@mairie.example", fmt.Sprintf("full%d@mairie.example", i), fmt.Sprintf("Demande %d", i), strings.Repeat("Bonjour ", 2000))), d.clock)
	}
	mailbox := data.MailboxSettings{Host: dovecot.Host, Port: dovecot.Port, Security: "none", User: dovecot.User, Folders: []string{"INBOX"}}
	d.set(func(s *data.Settings) { s.Mailboxes = []data.MailboxSettings{mailbox} })
	_, err := d.SetMailPassword(d.admin, MailboxPassword(mailbox), dovecot.Password)
	d.done(err)
	info, err := os.Stat(d.path)
	d.done(err)

	free := fullDisk(t, uint64(info.Size())+3<<20)
	_, err = d.Fetch(d.helpDesk)
	d.refused(Unavailable, err)
	first, err := d.CountTickets(d.helpDesk, data.TicketFilter{})
	d.done(err)
	if first == mails {
		t.Fatal("the disk was not full")
	}
	seen := strings.Count(strings.Join(dovecot.Flags(t), ""), "S")
	if seen != first {
		t.Errorf("%d mails are marked, %d are stored", seen, first)
	}
	if _, err := d.Fetch(d.helpDesk); KindOf(err) != Unavailable {
		t.Errorf("still full: %v", err)
	}

	free()
	d.open() // as after a restart
	got, err := d.Fetch(d.helpDesk)
	d.done(err)
	if got.Tickets != mails-first || got.Doubles != 0 {
		t.Errorf("%+v after %d", got, first)
	}
	if all, err := d.CountTickets(d.helpDesk, data.TicketFilter{}); err != nil || all != mails {
		t.Errorf("%d tickets of %d, %v", all, mails, err)
	}
	if again, err := d.Fetch(d.helpDesk); err != nil || again.Mails != 0 {
		t.Errorf("%+v, %v", again, err)
	}
}
