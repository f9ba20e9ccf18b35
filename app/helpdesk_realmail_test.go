package app

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"testing"

	"guichet/app/mailbox"
	"guichet/data"
)

// TestHelpDeskWithheldMail: what the server does not hand over stands on a ticket, which says where it is.
func TestHelpDeskWithheldMail(t *testing.T) {
	d := openDesk(t)
	operator, _ := OperatorOf(d.helpDesk)
	one := mailbox.Raw{UIDValidity: 1, UID: 1, Received: d.clock, Withheld: true}
	two := mailbox.Raw{UIDValidity: 1, UID: 2, Received: d.clock, Withheld: true}
	got, err := d.receive(d.helpDesk, operator, inbox, []mailbox.Raw{one, two}, mailbox.Cursor{UIDValidity: 1, UID: 2})
	d.done(err)
	if got.Tickets != 2 || got.Doubles != 0 { // nothing of them is known, and they are two
		t.Fatalf("%+v", got)
	}
	for _, ticket := range got.Opened {
		if message := d.ticket(ticket.ID).Messages[0]; message.Illegible != withheld {
			t.Errorf("%+v", message)
		}
	}
}

// TestHelpDeskRestoredFolder: a backup of the mail server brought the folder back: what it held is known, and what comes
// in under the UIDs of others is new.
func TestHelpDeskRestoredFolder(t *testing.T) {
	d := openDesk(t)
	old := []string{letterOf("a@b.fr", "1@b.fr", "Un", "Bonjour"), letterOf("a@b.fr", "2@b.fr", "Deux", "Bonjour"), letterOf("a@b.fr", "3@b.fr", "Trois", "Bonjour")}
	d.come(old...)
	d.uid = 0
	if got := d.come(old[0], letterOf("a@b.fr", "4@b.fr", "Quatre", "Bonjour")); got.Tickets != 1 || got.Doubles != 1 {
		t.Errorf("%+v", got)
	}
	if got := d.come(letterOf("a@b.fr", "5@b.fr", "Cinq", "Bonjour"), old[2]); got.Tickets != 1 || got.Doubles != 1 {
		t.Errorf("after it: %+v", got)
	}
}

// TestHelpDeskBehindAList: what people write is theirs where the help desk's address is a mailing list, which says who
// wrote in the place of the sender; and where the portal sends its form from that address.
func TestHelpDeskBehindAList(t *testing.T) {
	d := openDesk(t)
	d.set(func(s *data.Settings) { s.HelpDesk.Acknowledge, s.SupportEmail = true, "assistance@portail.example" })
	list := []string{"List-Id: <assistance.portail.example>", "List-Post: <mailto:assistance@portail.example>", "Precedence: list", "Reply-To: Anne <anne@mairie.example>"}
	asked := d.opened(letterOf("Anne via assistance <assistance@portail.example>", "one@mairie.example", "Question", "Bonjour", list...))
	if asked.Priority != data.NormalPriority || asked.RequesterAddress != "anne@mairie.example" || asked.Messages[0].Automatic {
		t.Errorf("%+v", asked.Ticket)
	}
	if mails := d.outbox(data.AcknowledgementMail); len(mails) != 0 {
		t.Errorf("a list is answered by a program: %+v", mails)
	}
	answered := d.answer(asked.Ticket, "Quel compte ?", data.Waiting)
	for i, header := range [][]string{list, {"X-Auto-Response-Suppress: All"}} {
		d.come(letterOf("anne@mairie.example", fmt.Sprintf("two%d@mairie.example", i), "Re: Question "+data.SubjectToken(asked.Number, d.secret), "Celui-ci", header...))
		if back := d.ticket(asked.ID); back.State != data.OpenTicket {
			t.Errorf("%v does not bring its ticket back: %+v", header, back.Ticket)
		}
		d.done(d.ChangeTicket(d.helpDesk, d.ticket(asked.ID).Ticket, TicketChange{State: data.Waiting}))
	}
	if d.ticket(asked.ID).Messages[1].InReplyTo != "one@mairie.example" {
		t.Errorf("%+v answers nothing", answered)
	}
	form := d.opened(letterOf("assistance@portail.example", "form@portail.example", "Demande", "Organisation : x\nCourriel : zoe@mairie.example\nMessage : Bonjour", "Auto-Submitted: auto-generated"))
	if form.Priority != data.NormalPriority || form.Messages[0].Automatic || form.RequesterAddress != "zoe@mairie.example" {
		t.Errorf("%+v", form.Ticket)
	}
	if mails := d.outbox(data.AcknowledgementMail); len(mails) != 1 || mails[0].To[0] != "zoe@mairie.example" {
		t.Errorf("the form is not acknowledged: %+v", mails)
	}
}

// TestHelpDeskForwardedActivation: who passes the activation e-mail on as a file hands its link to nobody, whatever the
// encoding of the mail in the mail.
func TestHelpDeskForwardedActivation(t *testing.T) {
	d := openDesk(t)
	server := d.smarthost()
	d.set(func(s *data.Settings) { s.SupportEmail = "assistance@portail.example" }) // its mail offers to activate by mail
	account := d.unactivated("anne@mairie.example").Account
	d.send(1, 0)
	token := data.ActivationToken(account.ID, account.ActivationNonce, d.secret)
	ours := string(server.Messages()[0].Data)
	if plain := mailbox.Parse([]byte(ours)).Text; strings.Count(plain, token) != 2 || strings.Count(ours, token) != 1 {
		t.Fatalf("the line break that this test is about is not there:\n%s", ours)
	}
	var encoded strings.Builder
	for line := range slices.Chunk([]byte(base64.StdEncoding.EncodeToString([]byte("Le lien : "+token+"\r\n"+strings.Repeat("et la suite\r\n", 20)))), 76) {
		encoded.WriteString(string(line) + "\r\n")
	}
	for name, file := range map[string]struct{ kind, content string }{
		"as it was": {"message/rfc822", ours},
		"re-encoded": {"message/rfc822", "Subject: x\r\nContent-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n" +
			encoded.String()},
		"as a file": {"application/octet-stream; name=message.eml", ours},
	} {
		got := d.opened("From: anne@mairie.example\r\nSubject: " + name + "\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nVoir\r\n" +
			"--b\r\nContent-Type: " + file.kind + "\r\n\r\n" + file.content + "\r\n--b--\r\n")
		kept, err := d.Attachment(d.helpDesk, got.Messages[0].Attachments[0].ID)
		d.done(err)
		if mail := mailbox.Parse(kept.Content); strings.Contains(mail.Text, token) || !strings.Contains(mail.Text, "…") || mail.Illegible != "" || len(mail.Text) < 200 {
			t.Errorf("%s: %s, %s", name, mail.Illegible, mail.Text)
		}
	}
	d.standsNowhere(token)
}
