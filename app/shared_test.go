package app

import (
	"context"
	"errors"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"guichet/app/mailbox/mailboxtest"
	"guichet/data"
	"guichet/data/store/postgrestest"
)

// workstation opens the desk's shared register once more, as another machine does.
func (d *desk) workstation() *App {
	d.t.Helper()
	a, err := Open(context.Background(), d.path, Options{
		Clock: func() time.Time { return d.clock }, Passwords: cheap, NoKeyring: true, Folder: d.t.TempDir(),
	})
	d.done(err)
	d.t.Cleanup(func() { a.Close() })
	return a
}

// sharedDesk is a desk on a PostgreSQL database of its own.
func sharedDesk(t *testing.T) *desk {
	t.Helper()
	t.Setenv(postgrestest.Engine, "postgres")
	return openDesk(t)
}

// untilHeard has a workstation change something until another one hears it.
func (d *desk) untilHeard(from *App, heard <-chan Change) {
	d.t.Helper()
	for began := time.Now(); time.Since(began) < 20*time.Second; {
		d.done(from.update(d.nobody, guichet, func(c *change) error { return c.audit("register.hear", "register", 0, nil, nil) }))
		select {
		case <-heard:
			return
		case <-time.After(50 * time.Millisecond):
		}
	}
	d.t.Fatal("nothing is heard")
}

// TestAnotherWorkstationHears: a ticket taken on one is known on the other within a
// second.
func TestAnotherWorkstationHears(t *testing.T) {
	d := sharedDesk(t)
	other := d.workstation()
	ticket := d.ask("a@mairie.example", "Question", "Bonjour")
	ctx, cancel := context.WithCancel(d.helpDesk)
	defer cancel()
	heard := make(chan Change, 100)
	go func() { _ = other.WatchChanges(ctx, func(h Hearing) { heard <- h.Change }) }()
	me, _ := OperatorOf(d.helpDesk)
	d.untilHeard(d.App, heard)
	began := time.Now()
	d.done(d.ChangeTicket(d.helpDesk, d.ticket(ticket.ID).Ticket, TicketChange{Assignee: &me.ID}))
	for change := range heard {
		if change.Action == "ticket.change" || change.Action == "ticket.take" {
			if change.ID != ticket.ID || time.Since(began) > time.Second {
				t.Errorf("%+v after %v", change, time.Since(began))
			}
			break
		}
	}
}

// TestOneWorkstationFetches: the other is refused meanwhile, and takes over.
func TestOneWorkstationFetches(t *testing.T) {
	d := sharedDesk(t)
	other := d.workstation()
	dovecot := mailboxtest.Dovecot(t)
	dovecot.DeliverAt(t, []byte(letterOf("a@mairie.example", "un@mairie.example", "Demande", "Bonjour")), d.clock)
	account := data.MailboxSettings{Host: dovecot.Host, Port: dovecot.Port, Security: "none", User: dovecot.User, Folders: []string{"INBOX"}}
	d.set(func(s *data.Settings) { s.Mailboxes = []data.MailboxSettings{account} })
	for _, a := range []*App{d.App, other} {
		_, err := a.SetMailPassword(d.admin, MailboxPassword(account), dovecot.Password)
		d.done(err)
	}
	leading, release, ended := make(chan struct{}), make(chan struct{}), make(chan error)
	go func() {
		_, err := d.store.Lead(d.nobody, mailLead, func(context.Context) error { close(leading); <-release; return nil })
		ended <- err
	}()
	<-leading
	_, err := other.Fetch(d.helpDesk)
	d.refused(Conflict, err)
	close(release)
	d.done(<-ended)
	got, err := other.Fetch(d.helpDesk)
	d.done(err)
	if got.Tickets != 1 {
		t.Errorf("%+v", got)
	}
}

// TestABatchStaysOnItsWorkstation: another one sees it, and does not lose it.
func TestABatchStaysOnItsWorkstation(t *testing.T) {
	d := sharedDesk(t)
	d.register(d.organisation("Commune d'Achenheim"), "a@b.fr", false)
	batch, codes := d.compose()
	other := d.workstation() // which recovers its own spool
	_, err := other.BatchFiles(d.mailRoom, batch.Number)
	d.refused(Conflict, err)
	files, err := d.BatchFiles(d.mailRoom, batch.Number)
	d.done(err)
	if len(files) != 1 {
		t.Errorf("%v", files)
	}
	d.done(other.MarkPrinted(d.mailRoom, batch.Number))
	d.done(other.MarkPosted(d.mailRoom, batch.Number, d.clock))
	for reference := range codes {
		if _, err := d.confirm(reference, codes); err != nil {
			t.Error(err)
		}
	}
}

// TestTwoWorkstationsComposeAtOnce: each its own letters, which nobody changes
// meanwhile; when one is interrupted, its letters are the other's.
func TestTwoWorkstationsComposeAtOnce(t *testing.T) {
	d := sharedDesk(t)
	other := d.workstation()
	first := d.register(d.organisation("Commune d'Achenheim"), "a@b.fr", false)
	composing, release, ended := make(chan struct{}), make(chan struct{}), make(chan error)
	compose := func(ctx context.Context) {
		var once sync.Once
		_, err := d.Compose(ctx, nil, func(int, int) { once.Do(func() { close(composing); <-release }) })
		ended <- err
	}
	ctx, cancel := context.WithCancel(d.mailRoom)
	go compose(ctx)
	<-composing
	_, err := other.Compose(d.mailRoom, nil, nil)
	d.refused(Conflict, err)
	if !errors.Is(err, errComposing) {
		t.Errorf("nothing is ready, it says: %v", err)
	}
	err = other.InvalidateAccount(d.admin, first.Account.ID)
	d.refused(Conflict, err)
	d.register(d.organisation("Commune de Bischwiller"), "c@d.fr", false) // others' writing goes on
	second, err := other.Compose(d.mailRoom, nil, nil)
	d.done(err)
	if second.Letters != 1 {
		t.Errorf("the other composed %d letters", second.Letters)
	}
	cancel()
	close(release)
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	third, err := other.Compose(d.mailRoom, nil, nil)
	d.done(err)
	if third.Letters != 1 {
		t.Errorf("then %d letters", third.Letters)
	}
	if _, err := d.Compose(d.mailRoom, nil, nil); errors.Is(err, errComposing) {
		t.Error("nothing is composed, yet it says so")
	}
}

// TestASharedRegisterIsChosen: what is wrong with it is said before anything is
// kept.
func TestASharedRegisterIsChosen(t *testing.T) {
	t.Setenv("XDG_CONFIG_HOME", t.TempDir())
	d := sharedDesk(t)
	options := Options{Passwords: cheap, NoKeyring: true}
	parsed, err := url.Parse(d.path)
	d.done(err)
	password, _ := parsed.User.Password()
	for address, want := range map[string]string{"register.db": "address", "postgres://serveur/base": "address", d.path: "address"} {
		_, err := UseShared(d.nobody, address, "", options)
		if problems := ProblemsOf(err); len(problems) != 1 || problems[0].Field != want || strings.Contains(err.Error(), password) {
			t.Errorf("%s: %v", address, err)
		}
	}
	parsed.User = url.User(parsed.User.Username())
	address := parsed.String()
	_, err = UseShared(d.nobody, address, "faux", options)
	d.refused(Unavailable, err)
	if !strings.Contains(err.Error(), "refuse l’utilisateur, le mot de passe") || strings.Contains(err.Error(), "faux") {
		t.Errorf("a wrong password: %v", err)
	}
	if DefaultPath() == address {
		t.Error("kept though it does not open")
	}
	inFile, err := UseShared(d.nobody, address, password, options)
	d.done(err)
	if !inFile || DefaultPath() != address {
		t.Errorf("in the file %v, default %s", inFile, DefaultPath())
	}
	_, err = UseShared(d.nobody, address, "encore faux", options)
	d.refused(Unavailable, err)
	a, err := Open(d.nobody, DefaultPath(), options) // with the password that was kept before
	d.done(err)
	d.done(a.Close())
	d.done(SetDefaultRegister(""))
	if IsShared(DefaultPath()) {
		t.Error("still shared")
	}
}

// TestAMailThatTakesItsTimeIsSentOnce: while one workstation sends it, the other
// leaves it alone, however late it is there.
func TestAMailThatTakesItsTimeIsSentOnce(t *testing.T) {
	d := sharedDesk(t)
	other := d.workstation()
	server := d.smarthost()
	_, err := other.SetMailPassword(d.admin, SmarthostPassword, server.Password)
	d.done(err)
	d.unactivated("a@b.fr")
	var meanwhile sync.Once
	server.OnReceived(func() {
		meanwhile.Do(func() {
			d.clock = d.clock.Add(2 * time.Minute)
			if sent, err := other.SendOutgoing(d.helpDesk); err != nil || sent != (Sent{}) {
				t.Errorf("the other: %+v, %v", sent, err)
			}
		})
	})
	d.send(1, 0)
	if mails := server.Messages(); len(mails) != 1 {
		t.Errorf("sent %d times", len(mails))
	}
	d.unactivated("c@d.fr")
	if sent, err := other.SendOutgoing(d.helpDesk); err != nil || sent.Sent != 1 {
		t.Errorf("then the other: %+v, %v", sent, err)
	}
}

// TestTheServersClockCounts: a workstation whose own is wrong expires no letter and
// deactivates nobody.
func TestTheServersClockCounts(t *testing.T) {
	address := postgrestest.Ahead(t, postgrestest.Shared(t).Database(t), -365*24*time.Hour)
	a, err := Open(context.Background(), address, Options{Passwords: cheap, NoKeyring: true, Folder: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	if ahead := time.Until(a.Now()); (ahead + 365*24*time.Hour).Abs() > time.Minute {
		t.Errorf("its own clock: %v", ahead)
	}
}

// TestAWorkstationMadeFromAnotherOne, by a copy of its disk or of its user's folder,
// is another one: it cancels no batch whose sheets the first one has.
func TestAWorkstationMadeFromAnotherOne(t *testing.T) {
	const model = "modele-ABCDEF"
	d := sharedDesk(t)
	first := data.Batch{Number: "LOT26-0001", State: data.BatchComposed, Letters: 1, Files: 1, ComposedAt: d.clock, Station: model}
	d.done(d.update(d.nobody, guichet, func(c *change) error { return c.AddBatch(&first) }))
	d.done(os.WriteFile(d.Path()+".station", []byte(model), 0o600))
	d.done(d.Close())
	d.open()
	batches, err := d.Batches(d.mailRoom)
	if err != nil || batches[0].State != data.BatchComposed {
		t.Errorf("the first one's batch is %+v, %v", batches, err)
	}
	named := d.station
	d.done(d.Close())
	if d.open(); named == model || d.station != named {
		t.Errorf("it is called %s, then %s", named, d.station)
	}
}

// TestAWorkstationThatCannotReadLetsAnother: one with a password that does not work
// does not keep the mail from all.
func TestAWorkstationThatCannotReadLetsAnother(t *testing.T) {
	withoutLog(t)
	d := sharedDesk(t)
	other := d.workstation()
	dovecot := mailboxtest.Dovecot(t)
	dovecot.DeliverAt(t, []byte(letterOf("a@mairie.example", "un@mairie.example", "Demande", "Bonjour")), d.clock)
	account := data.MailboxSettings{Host: dovecot.Host, Port: dovecot.Port, Security: "none", User: dovecot.User, Folders: []string{"INBOX"}}
	d.set(func(s *data.Settings) { s.Mailboxes = []data.MailboxSettings{account} })
	for a, password := range map[*App]string{d.App: "d’avant", other: dovecot.Password} {
		_, err := a.SetMailPassword(d.admin, MailboxPassword(account), password)
		d.done(err)
	}
	watch, err := d.WatchMail(d.helpDesk)
	d.done(err)
	ctx, cancel := context.WithCancel(t.Context())
	told, ended := make(chan error, 1), make(chan struct{})
	go func() {
		defer close(ended)
		watch.Run(ctx, func(states []FolderState) {
			if err := states[0].Err; err != nil && len(told) == 0 {
				told <- err
			}
		}, func(Fetched) {})
	}()
	d.refused(Unavailable, <-told) // it says why
	var got Fetched
	for began := time.Now(); got.Tickets == 0 && time.Since(began) < 20*time.Second; {
		if got, err = other.Fetch(d.helpDesk); KindOf(err) != Conflict { // it still leads
			d.done(err)
		}
	}
	if got.Tickets != 1 {
		t.Errorf("%+v", got)
	}
	cancel()
	<-ended
}
