package views

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"guichet/app"
	"guichet/app/mailbox/mailboxtest"
	"guichet/data"
)

// helpDesk is a desk that reads a real mailbox and sends by a real server.
type helpDesk struct {
	*desk
	dovecot *mailboxtest.DovecotServer
	smtp    *mailboxtest.SMTPServer
	mails   int
}

func newHelpDesk(t *testing.T) *helpDesk {
	t.Helper()
	d, _ := newDesk(t)
	h := &helpDesk{desk: d, dovecot: mailboxtest.Dovecot(t), smtp: mailboxtest.SMTPWithoutTLS(t)}
	settings := testSettings()
	mailbox := data.MailboxSettings{
		Host: h.dovecot.Host, Port: h.dovecot.TLSPort, Security: "tls", User: h.dovecot.User, Folders: []string{"INBOX"}, CertificateFile: h.dovecot.CertFile,
	}
	settings.Mailboxes = []data.MailboxSettings{mailbox}
	settings.Smarthost = data.SmarthostSettings{Host: h.smtp.Host, Port: h.smtp.Port, Security: "none", User: h.smtp.User, From: "aide@portail.example"}
	settings.HelpDesk.Signature = "L’assistance"
	h.must(d.app.SaveSettings(d.ctx, settings))
	for name, password := range map[string]string{app.MailboxPassword(mailbox): h.dovecot.Password, app.SmarthostPassword: h.smtp.Password} {
		_, err := d.app.SetMailPassword(d.ctx, name, password)
		h.must(err)
	}
	return h
}

func (h *helpDesk) must(err error) {
	h.Helper()
	if err != nil {
		h.Fatal(err)
	}
}

// deliver puts a request into the mailbox.
func (h *helpDesk) deliver(from, subject, text string) {
	h.mails++
	h.dovecot.DeliverAt(h, fmt.Appendf(nil, "From: %s\r\nTo: aide@portail.example\r\nSubject: %s\r\nMessage-ID: <m%d@mairie.example>\r\n\r\n%s\r\n", from, subject, h.mails, text), h.now)
}

// open signs in, which reads the mailbox, and shows the help desk.
func (h *helpDesk) open() *tickets {
	h.Helper()
	h.signIn("claire", testPassword)
	h.w.frame.show(h.w.frame.tickets)
	return h.w.frame.tickets
}

// sent lets the time of the undo pass, and sends.
func (h *helpDesk) sent() {
	h.now = h.now.Add(data.UndoDelay)
	h.w.frame.scope.pass("outbox")
}

// wantSent asserts how many mails left, and gives the last one's text.
func (h *helpDesk) wantSent(n int) string {
	h.Helper()
	mails := h.smtp.Messages()
	if len(mails) != n {
		h.Fatalf("%d mails left, want %d", len(mails), n)
	}
	if n == 0 {
		return ""
	}
	parsed, err := app.ParseMail(strings.NewReader(string(mails[n-1].Data)))
	h.must(err)
	return parsed.Subject + "\n" + parsed.Text
}

// TestReplyFromTheWindow: a mail comes in, is answered by the keyboard, the
// answer is taken back, and leaves at last.
func TestReplyFromTheWindow(t *testing.T) {
	h := newHelpDesk(t)
	h.deliver("Marie Weber <marie@mairie.example>", "Courrier des codes", "Bonjour, il n'est pas arrive.")
	screen := h.open()
	h.wantRead("Courrier des codes", "Marie Weber", "Bonjour, il n'est pas arrive.", "Boîte : relevée à 13 h 20")
	k, c := screen.ticket, screen.ticket.composer
	h.w.typed('r')
	if !c.open || c.to.Text != "marie@mairie.example" || strings.TrimSpace(c.text.Text) != "L’assistance" {
		t.Fatalf("the editor has %q, %q", c.to.Text, c.text.Text)
	}
	if focused := h.w.window.Canvas().Focused(); focused != fyne.Focusable(c.text) {
		t.Errorf("%T has the caret", focused)
	}
	c.text.CursorRow, c.text.CursorColumn = 0, 0
	test.Type(c.text, "Bonjour")
	h.w.frame.scope.pass("draft")
	h.wantRead("brouillon gardé à 13 h 20")
	if stored, err := h.app.Ticket(h.ctx, k.shown.ID); err != nil || !strings.HasPrefix(stored.Draft.Text, "Bonjour") {
		t.Errorf("kept %+v, %v", stored.Draft, err)
	}
	h.tap("Envoyer")
	h.wantRead("La réponse part dans 20 secondes")
	if c.open || k.shown.State != data.Waiting {
		t.Errorf("open %v, %s", c.open, k.shown.State)
	}
	h.tap("Reprendre")
	h.wantRead("La réponse est reprise : elle n’est pas partie")
	if !c.open || !strings.HasPrefix(c.text.Text, "Bonjour") || k.shown.State != data.NewTicket || len(k.shown.Messages) != 1 {
		t.Errorf("open %v with %q, %s, %d messages", c.open, c.text.Text, k.shown.State, len(k.shown.Messages))
	}
	h.now = h.now.Add(time.Minute)
	h.w.frame.mailbox.send()
	h.wantSent(0)
	h.w.pressed(fyne.KeyReturn, fyne.KeyModifierShortcutDefault)
	h.wantSent(0)
	h.wantRead("La réponse part dans 20 secondes")
	h.sent()
	mail := h.wantSent(1)
	if h.reads("La réponse part dans 20 secondes") {
		t.Error("a reply that left can still be taken back")
	}
	if !strings.HasPrefix(mail, "Re: Courrier des codes [#26-000001-") || !strings.Contains(mail, "Bonjour\n\nL’assistance") || !strings.Contains(mail, "Le 24/11/2026 à 13:20, Marie Weber a écrit :\n> Bonjour, il n'est pas arrive.") {
		t.Errorf("sent:\n%s", mail)
	}
}

// TestReplyNamesWhatIsWrong: beside the field, and nothing is lost.
func TestReplyNamesWhatIsWrong(t *testing.T) {
	h := newHelpDesk(t)
	h.deliver("marie@mairie.example", "Question", "Bonjour")
	screen := h.open()
	c := screen.ticket.composer
	h.w.typed('r')
	c.to.SetText("marie")
	c.text.SetText("La lettre {{courrier.reference}} part.")
	h.tap("Envoyer")
	h.wantProblem(c.fields, "to", "« marie » n’est pas une adresse")
	h.wantProblem(c.fields, "text", "courrier.reference")
	if !c.open || c.text.Text != "La lettre {{courrier.reference}} part." {
		t.Errorf("open %v with %q", c.open, c.text.Text)
	}
	c.to.SetText("marie@mairie.example")
	c.text.SetText("La lettre part.")
	h.must(h.app.ChangeTicket(h.ctx, screen.ticket.shown.Ticket, app.TicketChange{AddTags: []string{"vu"}})) // somebody else
	h.tap("Envoyer")
	h.wantRead("a changé entre-temps")
	if !c.open || c.text.Text != "La lettre part." {
		t.Errorf("after a conflict: open %v with %q", c.open, c.text.Text)
	}
	h.tap("Envoyer") // it was read anew
	h.sent()
	h.wantSent(1)
}

// TestDraftsStayWithTheirTickets: another ticket, another screen, another
// session.
func TestDraftsStayWithTheirTickets(t *testing.T) {
	h := newHelpDesk(t)
	h.deliver("a@mairie.example", "Premier", "Bonjour")
	h.deliver("b@mairie.example", "Second", "Bonjour")
	screen := h.open()
	k, c := screen.ticket, screen.ticket.composer
	first := k.shown.Subject
	h.w.typed('n')
	test.Type(c.text, "Note en cours")
	h.w.window.Canvas().Unfocus()
	h.w.typed('j')
	if k.shown.Subject == first || c.open || c.text.Text != "" {
		t.Errorf("%s: open %v with %q", k.shown.Subject, c.open, c.text.Text)
	}
	h.w.typed('k')
	if k.shown.Subject != first || !c.open || c.text.Text != "Note en cours" || c.title.Text != "Note interne" {
		t.Errorf("%s: open %v with %q", k.shown.Subject, c.open, c.text.Text)
	}
	test.Type(c.text, "!")
	h.tap("Fermer la session")
	screen = h.open()
	screen.list.find(func(s data.TicketSummary) bool { return s.Subject == first })
	if c = screen.ticket.composer; !c.open || strings.Trim(c.text.Text, "!") != "Note en cours" || c.text.Text == "Note en cours" {
		t.Errorf("after signing in again: open %v with %q", c.open, c.text.Text)
	}
	h.tap("Ajouter la note")
	h.wantRead("Note ajoutée", "Note interne")
	h.wantSent(0)
}

// TestDraftOutlivesTheProgram: it was closed within the seconds after the last
// letter.
func TestDraftOutlivesTheProgram(t *testing.T) {
	h := newHelpDesk(t)
	h.deliver("a@mairie.example", "Premier", "Bonjour")
	k := h.open().ticket
	h.w.typed('n')
	test.Type(k.composer.text, "Pas encore fini")
	h.w.root.cancel() // as closing the window does
	h.w.stopped()
	if kept, err := h.app.Ticket(h.ctx, k.shown.ID); err != nil || kept.Draft.Text != "Pas encore fini" {
		t.Errorf("kept %q, %v", kept.Draft.Text, err)
	}
}

// TestReplyWithAFile joins a file, takes another off, and sends.
func TestReplyWithAFile(t *testing.T) {
	h := newHelpDesk(t)
	h.deliver("marie@mairie.example", "Question", "Bonjour")
	c := h.open().ticket.composer
	h.w.typed('r')
	for _, name := range []string{"plan.png", "tort.txt"} {
		c.join(name, io.NopCloser(strings.NewReader(name)))
	}
	h.tap("tort.txt · 8 octets")
	c.text.SetText("Voir le plan.")
	h.tap("Envoyer")
	h.sent()
	h.wantSent(1)
	parsed, err := app.ParseMail(strings.NewReader(string(h.smtp.Messages()[0].Data)))
	h.must(err)
	if len(parsed.Files) != 1 || parsed.Files[0].Name != "plan.png" {
		t.Errorf("%+v", parsed.Files)
	}
}

// TestActFromTheWindow: one click on the panel, and the answer is ready.
func TestActFromTheWindow(t *testing.T) {
	h := newHelpDesk(t)
	page, err := h.app.Directory(h.ctx, data.DirectoryFilter{}, 0, 1)
	h.must(err)
	account := h.confirmed(page[0].Organisation, "Anne", false)
	h.deliver(account.Email, "Mon identifiant", "Je l'ai oublie")
	c := h.open().ticket.composer
	h.wantRead("En attente d’activation")
	h.tap("Envoyer l’identifiant")
	if !c.open || !strings.Contains(c.text.Text, "est : "+account.Identifier) || !strings.Contains(c.text.Text, "L’assistance") {
		t.Errorf("open %v with %q", c.open, c.text.Text)
	}
	h.tap("Envoyer")
	h.sent() // after the activation link
	if mail := h.wantSent(2); !strings.Contains(mail, account.Identifier) || !strings.HasPrefix(mail, "Re: Mon identifiant") {
		t.Errorf("%s", mail)
	}
}

// TestFailedReplyWaitsInTheOutbox until a person has it sent again.
func TestFailedReplyWaitsInTheOutbox(t *testing.T) {
	h := newHelpDesk(t)
	h.deliver("marie@mairie.example", "Question", "Bonjour")
	screen := h.open()
	h.w.typed('r')
	screen.ticket.composer.text.SetText("Voilà")
	h.tap("Envoyer")
	h.smtp.Refuse(mailboxtest.StageRecipient, 550)
	h.sent()
	h.smtp.Refuse(mailboxtest.StageRecipient, 0)
	if screen.failed.count != 1 {
		t.Errorf("%d failed", screen.failed.count)
	}
	screen.showOutbox()
	screen.outbox.table.choose(0)
	h.wantRead("Envois en échec", "Le serveur a dit")
	h.tap("Renvoyer")
	h.wantSent(1)
	if screen.failed.count != 0 {
		t.Errorf("%d failed after it was sent", screen.failed.count)
	}
}

// TestFiguresScreen shows what was answered, over the weeks.
func TestFiguresScreen(t *testing.T) {
	h := newHelpDesk(t)
	h.deliver("marie@mairie.example", "Question", "Bonjour")
	screen := h.open()
	h.now = h.now.Add(90 * time.Minute)
	h.w.typed('r')
	screen.ticket.composer.text.SetText("Voilà")
	h.tap("Envoyer")
	screen.showInstead(screen.figures)
	h.wantRead("Temps de réponse", "1 h 30")
}

// TestPresenceIsSaidAgain: one left the screen and came back to the ticket that
// was open.
func TestPresenceIsSaidAgain(t *testing.T) {
	h := newHelpDesk(t)
	h.deliver("marie@mairie.example", "Question", "Bonjour")
	screen := h.open()
	other := app.As(t.Context(), h.operator("bruno", data.HelpDesk))
	seen := func(want int) {
		t.Helper()
		others, err := h.app.Presence(other, screen.ticket.shown.ID, false)
		h.must(err)
		if len(others) != want {
			t.Errorf("%d others", len(others))
		}
	}
	seen(1)
	h.w.frame.scope.pass("presence")
	h.wantRead("Claire Martin lit aussi cette demande.")
	h.w.frame.show(h.w.frame.home)
	h.w.frame.scope.pass("presence")
	seen(0)
	h.w.frame.show(screen)
	seen(1)
}

// TestAnotherWorkstationsChangeShows: the ticket open shows what was changed
// elsewhere, and what is being written on it stays.
func TestAnotherWorkstationsChangeShows(t *testing.T) {
	h := newHelpDesk(t)
	h.deliver("a@mairie.example", "Question", "Bonjour")
	screen := h.open()
	screen.list.find(func(data.TicketSummary) bool { return true })
	screen.ticket.composer.begin(data.ReplyDraft)
	screen.ticket.composer.text.SetText("Ce que j’écris")
	me, _ := app.OperatorOf(h.ctx)
	if err := h.app.ChangeTicket(h.ctx, screen.ticket.shown.Ticket, app.TicketChange{Assignee: &me.ID}); err != nil {
		t.Fatal(err)
	}
	id := screen.ticket.shown.ID
	h.w.frame.heard(app.Hearing{Change: app.Change{Action: "ticket.take", Subject: "ticket", ID: id}})
	if shown := screen.ticket.shown; shown.ID != id || shown.AssigneeID != me.ID || screen.ticket.composer.text.Text != "Ce que j’écris" {
		t.Errorf("ticket %d, assigned to %d, draft %q", shown.ID, shown.AssigneeID, screen.ticket.composer.text.Text)
	}
	h.w.frame.heard(app.Hearing{Lost: errors.New("connexion perdue")})
	h.wantRead("connexion perdue")
	h.w.frame.heard(app.Hearing{})
	if h.reads("connexion perdue") {
		t.Error("the server is still said to be gone")
	}
}
