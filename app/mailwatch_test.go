package app

import (
	"context"
	"strings"
	"testing"

	"guichet/app/mailbox/mailboxtest"
	"guichet/data"
)

// TestWatchMailBringsIn what comes while it watches, each mail once, and ends with
// its context.
func TestWatchMailBringsIn(t *testing.T) {
	d := openDesk(t)
	dovecot := mailboxtest.Dovecot(t)
	account := data.MailboxSettings{Host: dovecot.Host, Port: dovecot.Port, Security: "none", User: dovecot.User, Folders: []string{"INBOX"}}
	d.set(func(s *data.Settings) { s.Mailboxes = []data.MailboxSettings{account} })
	_, err := d.SetMailPassword(d.admin, MailboxPassword(account), dovecot.Password)
	d.done(err)
	dovecot.Deliver(t, []byte(letterOf("a@mairie.example", "watch1@mairie.example", "Un", "Bonjour")))
	watch, err := d.WatchMail(d.helpDesk)
	d.done(err)
	ctx, cancel := context.WithCancel(t.Context())
	came := 0
	watch.Run(ctx, func(states []FolderState) {
		if len(states) != 1 || states[0].Folder != "INBOX" || states[0].Err != nil {
			t.Errorf("%+v", states)
		}
	}, func(batch Fetched) {
		came += batch.Tickets
		if came == 1 {
			dovecot.Deliver(t, []byte(letterOf("a@mairie.example", "watch2@mairie.example", "Deux", "Bonjour")))
			watch.Hurry()
		}
		if came == 2 {
			cancel()
		}
	})
	cancel()
	if n, err := d.CountTickets(d.helpDesk, data.TicketFilter{}); err != nil || n < 1 || n > 2 || came != 2 {
		t.Errorf("%d tickets, %d told, %v", n, came, err)
	}
	state, err := d.Mailbox(d.helpDesk)
	d.done(err)
	if !state.Configured {
		t.Errorf("%+v", state)
	}
}

// TestParseMail reads what fetching would, without a register.
func TestParseMail(t *testing.T) {
	for name, attack := range attacks(t) {
		parsed, err := ParseMail(strings.NewReader(attack.mail))
		if err != nil || parsed.Subject != attack.subject || (parsed.Illegible != "") != attack.illegible || !strings.Contains(parsed.Text, attack.text) {
			t.Errorf("%s: %+v, %v", name, parsed.Subject, err)
		}
	}
	form, err := ParseMail(strings.NewReader("Subject: ACTIVATION 12-ABCDEFGHJKMNPQRSTVWXYZ0123\r\nReply-To: b@mairie.example\r\n\r\nIdentifiant : a.b\r\nMessage : Bonjour\r\n"))
	if err != nil || form.Form == nil || form.Form.Identifier != "a.b" || form.ReplyTo != "b@mairie.example" || form.Subject != data.ActivationSubject {
		t.Errorf("%+v, %v", form, err)
	}
}
