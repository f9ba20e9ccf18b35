package app

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"guichet/app/mailbox"
	"guichet/data"
)

// TestHelpDeskForm: each line of the portal's form, as people and portals spell
// it, finds its place.
func TestHelpDeskForm(t *testing.T) {
	d := openDesk(t)
	o := d.organisation("Commune d'Achenheim")
	account := d.register(o, "anne@achenheim.fr", false).Account
	other := d.organisation("Commune de Blaesheim")
	form := func(lines string) TicketRecord {
		d.asked++
		return d.opened(letterOf("Portail <ne-pas-repondre@portail.example>", fmt.Sprintf("form%d@portail.example", d.asked), "Demande d'assistance", lines,
			"Auto-Submitted: auto-generated"))
	}
	for name, c := range map[string]struct {
		lines   string
		heading data.Heading
		account int64
		of      int64
	}{
		"identifier and heading": {"Identifiant : " + account.Identifier + "\nRubrique : Courrier non reçu\nMessage : Bonjour", data.LetterNotReceived, account.ID, o.ID},
		"capitals and stars":     {"IDENTIFIANT DU COMPTE * : " + strings.ToUpper(account.Identifier) + "\nRUBRIQUE * : courrier non recu\nMESSAGE * :\nBonjour", data.LetterNotReceived, account.ID, o.ID},
		"organisation":           {"Organisation : Commune de Blaesheim\nRubrique : Règles du mot de passe\nMessage : Bonjour", data.PasswordHeading, 0, other.ID},
		"organisme, no heading":  {"Organisme : commune de blaesheim\nMessage : Bonjour", data.OtherHeading, 0, other.ID},
		"nobody's identifier":    {"Identifiant : inconnu.inconnu\nOrganisation : Commune de Blaesheim\nMessage : Bonjour", data.OtherHeading, 0, other.ID},
		"e-mail of the account":  {"Organisation : Commune de Blaesheim\nCourriel : Anne@Achenheim.fr\nMessage : Bonjour", data.OtherHeading, account.ID, o.ID},
		"nothing known":          {"Organisation : Commune de Nulle Part\nRubrique : n’importe quoi\nMessage : Bonjour", data.OtherHeading, 0, 0},
	} {
		got := form(c.lines)
		if got.Heading != c.heading || got.AccountID != c.account || got.OrganisationID != c.of || got.HeadingProposed {
			t.Errorf("%s: %s, account %d, organisation %d, proposed %v", name, got.Heading, got.AccountID, got.OrganisationID, got.HeadingProposed)
		}
		if got.Messages[0].Automatic || got.Priority != data.NormalPriority {
			t.Errorf("%s: taken for automatic mail", name)
		}
	}
	for _, heading := range data.Headings {
		if got := form("Organisation : x\nRubrique : " + strings.ReplaceAll(strings.ToLower(heading.Label()), "’", "'") + "\nMessage : Bonjour"); got.Heading != heading {
			t.Errorf("%s: %s", heading.Label(), got.Heading)
		}
	}
	got := form("Organisation : x\nPrénom et nom : Zoé Muller\nAdresse électronique : ZOE@muller.example\nTéléphone : 03 88 00 00 00\nMessage : Bonjour,\nIdentifiant : perdu")
	if got.RequesterName != "Zoé Muller" || got.RequesterAddress != "zoe@muller.example" || !strings.Contains(got.Messages[0].Text, "Identifiant : perdu") {
		t.Errorf("%q <%s>, %q", got.RequesterName, got.RequesterAddress, got.Messages[0].Text)
	}
}

// TestHelpDeskRequester: who writes is found by address, and nobody is imposed
// where several accounts are possible (R13).
func TestHelpDeskRequester(t *testing.T) {
	d := openDesk(t)
	here, there := d.organisation("Commune d'Achenheim"), d.organisation("Commune de Blaesheim")
	alone := d.register(here, "seule@mairie.example", false).Account
	d.register(here, "deux@mairie.example", false)
	second := d.register(there, "deux@mairie.example", false).Account
	got := d.ask("Une Personne <Seule@Mairie.example>", "Question", "Je n’ai pas reçu le courrier des codes")
	if got.AccountID != alone.ID || got.OrganisationID != here.ID || got.Heading != data.LetterNotReceived || !got.HeadingProposed {
		t.Errorf("%+v", got.Ticket)
	}
	got = d.ask("deux@mairie.example", "Question", "Bonjour")
	if got.AccountID != 0 || len(got.Candidates) != 2 || got.HeadingProposed {
		t.Errorf("%+v, %d candidates", got.Ticket, len(got.Candidates))
	}
	d.done(d.ChangeTicket(d.helpDesk, got.Ticket, TicketChange{Account: &second.ID, Heading: data.PasswordHeading}))
	got = d.ticket(got.ID)
	if got.Account.ID != second.ID || got.Organisation.ID != there.ID || len(got.Others) != 1 || len(got.Candidates) != 0 || got.Heading != data.PasswordHeading {
		t.Errorf("%+v", got.Ticket)
	}
	d.finds("org:blaesheim", got.Number)
	if got = d.ask("personne@ailleurs.example", "Question", "Bonjour"); got.AccountID != 0 || len(got.Candidates) != 0 {
		t.Errorf("%+v", got.Ticket)
	}
	got = d.opened(letterOf("Secrétariat <secretariat@mairie.example>", "rt@mairie.example", "Pour ma collègue", "Bonjour", "Reply-To: seule@mairie.example"))
	if got.RequesterAddress != "seule@mairie.example" || got.AccountID != alone.ID {
		t.Errorf("Reply-To is not followed: %+v", got.Ticket)
	}
}

// TestR10_ActivationByMail: the token in a mail's subject activates, once, and
// stands nowhere in the register's file.
func TestR10_ActivationByMail(t *testing.T) {
	d := openDesk(t)
	server := d.smarthost()
	made := d.unactivated("anne@mairie.example")
	d.send(1, 0)
	_, mail := received(t, server.Messages()[0])
	_, link, found := strings.Cut(mail.Text, "mailto:a@portail.example?subject=ACTIVATION%20")
	token, _, _ := strings.Cut(link, "\n")
	if token = strings.TrimSpace(token); !found || token == "" {
		t.Fatalf("no mailto: link in\n%s", mail.Text)
	}
	hand := func(id, subject string) TicketRecord {
		return d.opened(letterOf("Anne Heitz <anne@mairie.example>", id, subject, "Bonjour, voici "+token+" comme demandé."))
	}
	wrong := hand("w@mairie.example", "ACTIVATION "+token[:len(token)-1]+"0")
	if wrong.State != data.NewTicket || d.account(data.Organisation{ID: made.Account.OrganisationID}, made.Account.ID).ActivatedAt.Equal(d.clock) {
		t.Errorf("a wrong token: %+v", wrong.Ticket)
	}
	d.after(time.Minute)
	right := hand("r@mairie.example", "Tr: activation "+strings.ToLower(token)+" ")
	if right.State != data.Solved || right.AccountID != made.Account.ID || right.Heading != data.ActivationNotReceived || right.Subject != "ACTIVATION" {
		t.Errorf("%+v", right.Ticket)
	}
	if account := d.account(right.Organisation, made.Account.ID); !account.ActivatedAt.Equal(d.clock) {
		t.Errorf("activated at %s", account.ActivatedAt)
	}
	if again := hand("a@mairie.example", "ACTIVATION "+token); again.State != data.NewTicket {
		t.Errorf("a token used twice: %+v", again.Ticket)
	}
	d.send(1, 0)
	if _, told := received(t, server.Messages()[1]); !strings.Contains(told.Text, "« "+made.Account.Identifier+" » est activé") {
		t.Errorf("told: %s", told.Text)
	}
	d.standsNowhere(token)
}

// standsNowhere closes the register and looks for a token in its file, also as
// the search would have it.
func (d *desk) standsNowhere(token string) {
	d.t.Helper()
	d.done(d.Close())
	for _, ending := range []string{"", "-wal"} {
		content, err := os.ReadFile(d.path + ending)
		if err != nil && !os.IsNotExist(err) {
			d.t.Fatal(err)
		}
		_, symbols, _ := strings.Cut(token, "-")
		for _, half := range []string{symbols[:13], symbols[13:]} { // a line may end within it
			if bytes.Contains(bytes.ToUpper(content), []byte(half)) {
				d.t.Errorf("%s of the token %s stands in the register's file%s", half, token, ending)
			}
		}
	}
}

// TestHelpDeskAcknowledgement: a request is acknowledged with its number, and
// nothing that a program wrote is ever answered.
func TestHelpDeskAcknowledgement(t *testing.T) {
	d := openDesk(t)
	server := d.smarthost()
	d.ask("zero@mairie.example", "Sans réglage", "Bonjour")
	d.set(func(s *data.Settings) { s.HelpDesk.Acknowledge = true })
	acknowledged := func(n int, what string) {
		t.Helper()
		if mails := d.outbox(data.AcknowledgementMail); len(mails) != n {
			t.Errorf("%s: %d acknowledgements, want %d", what, len(mails), n)
		}
	}
	acknowledged(0, "not set")
	asked := d.ask("Marie <marie@mairie.example>", "Question", "Bonjour")
	acknowledged(1, "a request")
	d.send(1, 0)
	header, mail := received(t, server.Messages()[0])
	if !strings.Contains(mail.Text, asked.Number) || header.Get("Auto-Submitted") != "auto-replied" || !mail.Automatic || server.Messages()[0].From != "" {
		t.Errorf("%v\n%s", header, mail.Text)
	}
	d.come(letterOf("marie@mairie.example", "next@mairie.example", "Re: "+mail.Subject, "Merci"))
	acknowledged(0, "an answer")
	for reason, field := range map[string]string{
		"auto-submitted": "Auto-Submitted: auto-replied", "precedence": "Precedence: bulk", "suppressed": "X-Auto-Response-Suppress: All",
		"list": "List-Id: <annonces.example>", "null sender": "Return-Path: <>",
	} {
		d.opened(letterOf("robot@mairie.example", reason+"@robot.example", "Bonjour", "Bonjour", field))
		acknowledged(0, reason)
	}
	for _, subject := range []string{"Réponse automatique : vacances", "Absence du bureau", "Automatic reply: out of office"} {
		d.opened(letterOf("robot@mairie.example", fmt.Sprintf("%x@robot.example", subject), subject, "Je suis absente"))
		acknowledged(0, subject)
	}
	d.opened(letterOf("a@portail.example", "self@portail.example", "De nous-mêmes", "Bonjour"))
	acknowledged(0, "our own address")
	d.opened("garbage without a header")
	acknowledged(0, "illegible")

	operator, _ := OperatorOf(d.helpDesk)
	old := mailbox.Raw{UIDValidity: 1, UID: 900, Received: d.clock.Add(-25 * time.Hour), Body: []byte(letterOf("x@mairie.example", "old@x", "Vieux", "Bonjour"))}
	_, err := d.receive(d.helpDesk, operator, inbox, []mailbox.Raw{old}, mailbox.Cursor{UIDValidity: 1, UID: 900})
	d.done(err)
	acknowledged(0, "an old mail")
	anew := mailbox.Raw{UIDValidity: 2, UID: 1, Received: d.clock, Body: []byte(letterOf("x@mairie.example", "new@x", "Neuf", "Bonjour"))}
	_, err = d.receive(d.helpDesk, operator, inbox, []mailbox.Raw{anew}, mailbox.Cursor{UIDValidity: 2, UID: 1})
	d.done(err)
	acknowledged(0, "a folder read anew")
}

// TestHelpDeskLoopGuard: at most five automatic mails an hour to an address.
func TestHelpDeskLoopGuard(t *testing.T) {
	d := openDesk(t)
	d.set(func(s *data.Settings) { s.HelpDesk.Acknowledge = true })
	for range 8 {
		d.ask("machine@mairie.example", "Encore", "Bonjour")
		d.after(time.Minute)
	}
	if n := len(d.outbox(data.AcknowledgementMail)); n != data.AutomaticPerHour {
		t.Errorf("%d automatic mails", n)
	}
	d.ask("autre@mairie.example", "Question", "Bonjour")
	if n := len(d.outbox(data.AcknowledgementMail)); n != data.AutomaticPerHour+1 {
		t.Errorf("%d: somebody else is not acknowledged", n)
	}
	d.after(time.Hour)
	d.ask("machine@mairie.example", "Plus tard", "Bonjour")
	if n := len(d.outbox(data.AcknowledgementMail)); n != data.AutomaticPerHour+2 {
		t.Errorf("%d an hour later", n)
	}
}

// TestHelpDeskAbsenceNotice stands on its ticket, and brings nobody back.
func TestHelpDeskAbsenceNotice(t *testing.T) {
	d := openDesk(t)
	asked := d.ask("marie@mairie.example", "Question", "Bonjour")
	answered := d.answer(asked.Ticket, "Voilà", data.Solved)
	got := d.come(letterOf("marie@mairie.example", "abs@mairie.example", "Réponse automatique : Re: Question "+data.SubjectToken(asked.Number, d.secret), "Absente",
		"Auto-Submitted: auto-replied"))
	after := d.ticket(asked.ID)
	if got.Replies != 1 || after.State != data.Solved || !after.ClosedAt.Equal(answered.ClosedAt) || after.Unread || !after.Messages[2].Automatic {
		t.Errorf("%+v: %+v", got, after.Ticket)
	}
	replied, err := d.Reply(d.helpDesk, after.Ticket, data.Draft{TicketID: asked.ID, Kind: data.ReplyDraft, To: "marie@mairie.example", Text: "Encore"}, "")
	d.done(err)
	mails, err := d.UndoReply(d.helpDesk, replied.OutgoingID)
	d.done(err)
	if mails.Text != "Encore" {
		t.Errorf("%+v", mails)
	}
}

// bounceOf is the report of a mail that came back.
func bounceOf(id, recipient, status, action string) string {
	return strings.ReplaceAll(`From: Mail Delivery System <MAILER-DAEMON@mx.example>
To: a@portail.example
Subject: Undelivered Mail Returned to Sender
Message-ID: <b-`+id+`>
Return-Path: <>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: text/plain; charset=utf-8

Your message could not be delivered.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; `+recipient+`
Action: `+action+`
Status: `+status+`
Diagnostic-Code: smtp; 550 `+status+` no such user
--b
Content-Type: message/rfc822

From: a@portail.example
To: `+recipient+`
Subject: x
Message-ID: <`+id+`>

x
--b--
`, "\n", "\r\n")
}

// TestHelpDeskBounceOfAReply brings its ticket back; a mere delay does not.
func TestHelpDeskBounceOfAReply(t *testing.T) {
	d := openDesk(t)
	server := d.smarthost()
	d.set(func(s *data.Settings) { s.HelpDesk.Acknowledge = true })
	o := d.organisation("Commune d'Achenheim")
	account := d.register(o, "marie@mairie.example", false).Account
	asked := d.ask("marie@mairie.example", "Question", "Bonjour")
	d.answer(asked.Ticket, "Voilà", data.Solved)
	d.after(data.UndoDelay)
	d.send(2, 0) // the acknowledgement, the reply
	_, mail := received(t, server.Messages()[1])
	if got := d.come(strings.Replace(bounceOf(mail.MessageID, "marie@mairie.example", "4.4.1", "delayed"), "<b-", "<delay-", 1)); got.Replies != 1 {
		t.Errorf("%+v", got)
	}
	if after := d.ticket(asked.ID); after.State != data.Solved || after.Unread {
		t.Errorf("a delay: %+v", after.Ticket)
	}
	if got := d.come(bounceOf(mail.MessageID, "marie@mairie.example", "5.1.1", "failed")); got.Replies != 1 || got.Tickets != 0 {
		t.Errorf("%+v", got)
	}
	after := d.ticket(asked.ID)
	last := after.Messages[len(after.Messages)-1]
	if after.State != data.OpenTicket || !last.Bounce || !strings.Contains(last.Report, "5.1.1") {
		t.Errorf("%+v, %+v", after.Ticket, last)
	}
	if d.account(o, account.ID).EmailBouncedAt.IsZero() {
		t.Error("the account's address is not marked")
	}
	if n := len(d.outbox(data.AcknowledgementMail)); n != 0 {
		t.Errorf("%d answers to a bounce", n)
	}
}

// TestHelpDeskBounceOfAnActivation opens a ticket on the account, which says
// that its address is wrong; a full mailbox says no such thing.
func TestHelpDeskBounceOfAnActivation(t *testing.T) {
	for status, marks := range map[string]bool{"5.1.1": true, "5.1.10": true, "5.2.2": false} {
		d := openDesk(t)
		server := d.smarthost()
		d.set(func(s *data.Settings) { s.PortalURL = "https://un-portail-au-nom-bien-long.example/e-services" }) // its lines are wrapped
		made := d.unactivated("faute@mairie.example")
		d.send(1, 0)
		_, mail := received(t, server.Messages()[0])
		returned, _, _ := strings.Cut(bounceOf(mail.MessageID, "faute@mairie.example", status, "failed"), "From: a@portail.example")
		got := d.opened(returned + string(server.Messages()[0].Data) + "\r\n--b--\r\n")
		if got.AccountID != made.Account.ID || got.Heading != data.ActivationNotReceived || got.RequesterAddress != "faute@mairie.example" || got.State != data.NewTicket {
			t.Errorf("%s: %+v", status, got.Ticket)
		}
		if account := d.account(got.Organisation, made.Account.ID); account.EmailBouncedAt.IsZero() == marks {
			t.Errorf("%s: bounced at %s", status, account.EmailBouncedAt)
		}
		d.ask("faute@mairie.example", "Re: "+mail.Subject, "Le lien ne marche pas.\n\n> "+strings.ReplaceAll(mail.Text, "\n", "\n> "))
		d.standsNowhere(data.ActivationToken(made.Account.ID, d.account(got.Organisation, made.Account.ID).ActivationNonce, d.secret))
	}
}

// TestHelpDeskBounceOfNothing: a report of a mail that is none of ours is a
// ticket that somebody reads.
func TestHelpDeskBounceOfNothing(t *testing.T) {
	d := openDesk(t)
	got := d.opened(bounceOf("unknown@elsewhere.example", "x@mairie.example", "5.1.1", "failed"))
	if got.State != data.NewTicket || got.Priority != data.LowPriority || !got.Messages[0].Bounce {
		t.Errorf("%+v", got.Ticket)
	}
}

// TestHelpDeskNothingTwice: the same mail by another way, or after the folder
// changed its numbers, is there already; a copy with another text is not.
func TestHelpDeskNothingTwice(t *testing.T) {
	d := openDesk(t)
	mail := letterOf("marie@mairie.example", "m1@mairie.example", "Question", "Bonjour")
	d.opened(mail)
	if got := d.come(mail, "Received: by another way\r\n"+mail); got.Doubles != 2 || got.Tickets != 0 {
		t.Errorf("%+v", got)
	}
	if got := d.come(strings.Replace(mail, "Bonjour", "Autre chose", 1)); got.Tickets != 1 {
		t.Errorf("another text under the same Message-ID: %+v", got)
	}
	operator, _ := OperatorOf(d.helpDesk)
	again, err := d.receive(d.helpDesk, operator, inbox, []mailbox.Raw{{UIDValidity: 2, UID: 1, Received: d.clock, Body: []byte(mail)}}, mailbox.Cursor{UIDValidity: 2, UID: 1})
	d.done(err)
	if again.Doubles != 1 {
		t.Errorf("%+v", again)
	}
	without := strings.Replace(mail, "Message-ID: <m1@mairie.example>\r\n", "", 1)
	if got := d.come(without, without); got.Tickets != 1 || got.Doubles != 1 {
		t.Errorf("without a Message-ID: %+v", got)
	}
}

// TestHelpDeskForgedToken: only a signed token leads to a ticket.
func TestHelpDeskForgedToken(t *testing.T) {
	d := openDesk(t)
	asked := d.ask("marie@mairie.example", "Question", "Bonjour")
	got := d.come(letterOf("intrus@ailleurs.example", "x@ailleurs.example", "Re: Question [#"+asked.Number+"-AAAAAA]", "Intrusion"))
	if got.Tickets != 1 || got.Replies != 0 {
		t.Errorf("%+v", got)
	}
}

// TestHelpDeskIllegibleMail keeps what came.
func TestHelpDeskIllegibleMail(t *testing.T) {
	d := openDesk(t)
	raw := "\x00\x01\x02 this is no mail"
	got := d.opened(raw)
	if !got.Illegible || got.Messages[0].Illegible == "" {
		t.Errorf("%+v", got.Ticket)
	}
	if kept := d.ticket(got.ID).Messages[0]; string(kept.Raw) != raw {
		t.Errorf("kept %q", kept.Raw)
	}
}
