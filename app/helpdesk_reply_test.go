package app

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"guichet/app/mailbox/mailboxtest"
	"guichet/data"
)

// TestHelpDeskReply follows a reply from the draft to the requester's mail
// program.
func TestHelpDeskReply(t *testing.T) {
	d := openDesk(t)
	server := d.smarthost()
	asked := d.opened(letterOf("Marie Weber <marie@mairie.example>", "q1@mairie.example", "Courrier non reçu",
		"Bonjour,\n\nLa lettre n’est pas là.\n\nMarie", "References: <q0@mairie.example>"))
	if asked.State != data.NewTicket || !asked.DueAt.Equal(time.Date(2026, 11, 25, 12, 20, 0, 0, data.Paris)) {
		t.Fatalf("%s, due %s", asked.State, asked.DueAt)
	}
	draft, err := d.SaveDraft(d.helpDesk, data.Draft{
		TicketID: asked.ID, Kind: data.ReplyDraft, To: "Marie Weber <marie@mairie.example>", Cc: "adjoint@mairie.example, marie@mairie.example",
		Text: "Bonjour,\n\nElle part demain.",
	})
	d.done(err)
	_, err = d.AddDraftFile(d.helpDesk, draft, "Notice d’accueil.pdf", []byte("%PDF-1.4 notice"))
	d.done(err)
	d.after(30 * time.Minute)
	replied, err := d.Reply(d.helpDesk, asked.Ticket, draft, data.Waiting)
	d.done(err)
	if replied.SendsAt.Sub(d.clock) != data.UndoDelay {
		t.Errorf("sent at %s", replied.SendsAt)
	}
	operator, _ := OperatorOf(d.helpDesk)
	if counts, err := d.CountTicketViews(d.helpDesk); err != nil || counts.Unread != 0 {
		t.Errorf("%d unread once read and answered, %v", counts.Unread, err)
	}
	after := d.ticket(asked.ID)
	if after.State != data.Waiting || !after.FirstAnsweredAt.Equal(d.clock) || !after.DueAt.IsZero() || after.AssigneeID != operator.ID {
		t.Errorf("after the reply: %+v", after.Ticket)
	}
	if after.Draft.ID != 0 {
		t.Errorf("the draft is still there: %+v", after.Draft)
	}

	d.after(19 * time.Second)
	d.send(0, 0)
	d.after(time.Second)
	d.send(1, 0)
	d.send(0, 0)
	mails := server.Messages()
	if len(mails) != 1 {
		t.Fatalf("%d mails", len(mails))
	}
	header, mail := received(t, mails[0])
	slices.Sort(mails[0].To)
	if !slices.Equal(mails[0].To, []string{"adjoint@mairie.example", "marie@mairie.example"}) || mails[0].From != "a@portail.example" {
		t.Errorf("from %s to %v", mails[0].From, mails[0].To)
	}
	for name, want := range map[string]string{
		"In-Reply-To": "<q1@mairie.example>", "References": "<q0@mairie.example> <q1@mairie.example>", "Auto-Submitted": "",
	} {
		if got := header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if len(mail.Cc) != 1 || mail.Cc[0].Address != "adjoint@mairie.example" || mail.To[0].Name != "Marie Weber" {
		t.Errorf("to %v, cc %v", mail.To, mail.Cc)
	}
	if want := "Re: Courrier non reçu " + data.SubjectToken(asked.Number, d.secret); mail.Subject != want {
		t.Errorf("%q, want %q", mail.Subject, want)
	}
	want := "Bonjour,\n\nElle part demain.\n\nLe 24/11/2026 à 13:00, Marie Weber a écrit :\n> Bonjour,\n> \n> La lettre n’est pas là.\n> \n> Marie"
	if strings.TrimSpace(mail.Text) != want {
		t.Errorf("text:\n%s\nwant:\n%s", mail.Text, want)
	}
	if len(mail.Attachments) != 1 || mail.Attachments[0].Name != "Notice d’accueil.pdf" || string(mail.Attachments[0].Content) != "%PDF-1.4 notice" {
		t.Errorf("files: %+v", mail.Attachments)
	}
	thread := d.ticket(asked.ID).Messages
	if last := thread[len(thread)-1]; last.Outbox != data.OutboxSent || last.MessageID != mail.MessageID || len(last.Attachments) != 1 {
		t.Errorf("in the thread: %+v", last)
	}
}

// TestHelpDeskReplyIsChecked: nothing wrong leaves, and each field is named.
func TestHelpDeskReplyIsChecked(t *testing.T) {
	d := openDesk(t)
	asked := d.ask("marie@mairie.example", "Question", "Bonjour")
	good := data.Draft{TicketID: asked.ID, Kind: data.ReplyDraft, To: "marie@mairie.example", Text: "Bonjour"}
	for name, c := range map[string]struct {
		field  string
		change func(*data.Draft)
	}{
		"nobody":            {"to", func(d *data.Draft) { d.To = " , " }},
		"no address":        {"to", func(d *data.Draft) { d.To = "marie" }},
		"no copy":           {"cc", func(d *data.Draft) { d.Cc = "marie@" }},
		"nothing":           {"text", func(d *data.Draft) { d.Text = " \n" }},
		"unfilled variable": {"text", func(d *data.Draft) { d.Text = "La lettre {{courrier.reference}} est partie." }},
		"unknown variable":  {"text", func(d *data.Draft) { d.Text = "Bonjour {{ nom }}" }},
	} {
		draft := good
		c.change(&draft)
		_, err := d.Reply(d.helpDesk, asked.Ticket, draft, "")
		d.refused(Invalid, err)
		if fields := problems(err); len(fields) != 1 || fields[0] != c.field {
			t.Errorf("%s: fields %v", name, fields)
		}
	}
	_, err := d.Reply(d.helpDesk, asked.Ticket, good, data.MergedTicket)
	d.refused(Conflict, err)
	if n := len(d.ticket(asked.ID).Messages); n != 1 {
		t.Errorf("%d messages after refusals", n)
	}
	if mails := d.outbox(data.ReplyMail); len(mails) != 0 {
		t.Errorf("%d mails in the outbox", len(mails))
	}
}

// TestHelpDeskReplyToAChangedTicket: two agents answer at once; the second
// reads first, and keeps what was written.
func TestHelpDeskReplyToAChangedTicket(t *testing.T) {
	d := openDesk(t)
	asked := d.ask("marie@mairie.example", "Question", "Bonjour")
	draft, err := d.SaveDraft(d.helpDesk, data.Draft{TicketID: asked.ID, Kind: data.ReplyDraft, To: "marie@mairie.example", Text: "Ma réponse"})
	d.done(err)
	_, err = d.Reply(d.admin, asked.Ticket, data.Draft{TicketID: asked.ID, Kind: data.ReplyDraft, To: "marie@mairie.example", Text: "Une autre"}, data.Solved)
	d.done(err)
	_, err = d.Reply(d.helpDesk, asked.Ticket, draft, "")
	d.refused(Conflict, err)
	after := d.ticket(asked.ID)
	if after.Draft.Text != "Ma réponse" || len(after.Messages) != 2 || after.State != data.Solved {
		t.Errorf("%+v, %d messages", after.Draft, len(after.Messages))
	}
}

// TestHelpDeskUndoReply: the ticket is as before, the draft has its files back,
// nothing is sent, and nothing of the reply is found.
func TestHelpDeskUndoReply(t *testing.T) {
	d := openDesk(t)
	server := d.smarthost()
	asked := d.ask("marie@mairie.example", "Question", "Bonjour")
	draft, err := d.AddDraftFile(d.helpDesk, data.Draft{
		TicketID: asked.ID, Kind: data.ReplyDraft, To: "marie@mairie.example", Cc: "x@mairie.example", Text: "Réponse hâtive",
	}, "plan.png", []byte("png"))
	d.done(err)
	d.after(time.Minute)
	replied, err := d.Reply(d.helpDesk, asked.Ticket, draft, data.Solved)
	d.done(err)
	if found := d.found("hative"); len(found) != 1 {
		t.Errorf("found %v", found)
	}
	d.after(19 * time.Second)
	back, err := d.UndoReply(d.helpDesk, replied.OutgoingID)
	d.done(err)
	if back.Text != "Réponse hâtive" || back.Cc != "x@mairie.example" || len(back.Files) != 1 || back.Files[0].Name != "plan.png" {
		t.Errorf("draft: %+v", back)
	}
	after := d.ticket(asked.ID)
	if after.State != data.NewTicket || !after.FirstAnsweredAt.IsZero() || !after.DueAt.Equal(asked.DueAt) || after.AssigneeID != 0 || len(after.Messages) != 1 {
		t.Errorf("ticket: %+v", after.Ticket)
	}
	d.after(time.Hour)
	d.send(0, 0)
	if n := len(server.Messages()); n != 0 {
		t.Errorf("%d mails were sent", n)
	}
	if found := d.found("hative"); len(found) != 0 {
		t.Errorf("found %v after the undo", found)
	}
	_, err = d.UndoReply(d.helpDesk, replied.OutgoingID)
	d.refused(Conflict, err)

	replied, err = d.Reply(d.helpDesk, after.Ticket, back, data.Solved)
	d.done(err)
	d.after(data.UndoDelay)
	d.send(1, 0)
	_, err = d.UndoReply(d.helpDesk, replied.OutgoingID)
	d.refused(Conflict, err)
	_, mail := received(t, server.Messages()[0])
	if len(mail.Attachments) != 1 || !bytes.Equal(mail.Attachments[0].Content, []byte("png")) {
		t.Errorf("files after an undo: %+v", mail.Attachments)
	}
}

// TestHelpDeskUndoKeepsWhatOthersDid: somebody set the ticket's priority in the
// 20 seconds; the undo leaves it.
func TestHelpDeskUndoKeepsWhatOthersDid(t *testing.T) {
	d := openDesk(t)
	asked := d.ask("marie@mairie.example", "Question", "Bonjour")
	replied, err := d.Reply(d.helpDesk, asked.Ticket, data.Draft{TicketID: asked.ID, Kind: data.ReplyDraft, To: "marie@mairie.example", Text: "Oui"}, data.Waiting)
	d.done(err)
	d.after(time.Second)
	urgent := data.UrgentPriority
	d.done(d.ChangeTicket(d.admin, d.ticket(asked.ID).Ticket, TicketChange{Priority: &urgent}))
	d.after(time.Second)
	_, err = d.UndoReply(d.helpDesk, replied.OutgoingID)
	d.done(err)
	if after := d.ticket(asked.ID); after.Priority != data.UrgentPriority || len(after.Messages) != 1 {
		t.Errorf("%+v", after.Ticket)
	}
}

// TestHelpDeskForward passes a message on, whole and with its files.
func TestHelpDeskForward(t *testing.T) {
	d := openDesk(t)
	server := d.smarthost()
	asked := d.opened(strings.ReplaceAll(`From: Marie <marie@mairie.example>
Message-ID: <f1@mairie.example>
Subject: Capture
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/plain; charset=utf-8

Voir la capture.
--b
Content-Type: image/png; name=capture.png
Content-Transfer-Encoding: base64

iVBORw0KGgo=
--b--
`, "\n", "\r\n"))
	draft, err := d.ForwardDraft(d.helpDesk, asked.Messages[0].ID)
	d.done(err)
	if len(draft.Files) != 1 || !strings.Contains(draft.Text, "Voir la capture.") || !strings.HasPrefix(draft.Subject, "Tr : Capture [#") {
		t.Fatalf("%+v", draft)
	}
	draft.To, draft.Text = "technique@portail.example", "Pour vous."+draft.Text
	_, err = d.Reply(d.helpDesk, asked.Ticket, draft, "")
	d.done(err)
	if after := d.ticket(asked.ID); !after.FirstAnsweredAt.IsZero() || after.State != data.OpenTicket {
		t.Errorf("a forward counts as an answer: %+v", after.Ticket)
	}
	d.after(data.UndoDelay)
	d.send(1, 0)
	_, mail := received(t, server.Messages()[0])
	if len(mail.Attachments) != 1 || mail.Attachments[0].Name != "capture.png" || !strings.Contains(mail.Text, "De : Marie <marie@mairie.example>") {
		t.Errorf("%q, %+v", mail.Text, mail.Attachments)
	}
}

// TestHelpDeskDrafts: one for each operator and ticket, kept over a crash,
// dropped when empty, never too heavy.
func TestHelpDeskDrafts(t *testing.T) {
	d := openDesk(t)
	asked := d.ask("marie@mairie.example", "Question", "Bonjour")
	draft := data.Draft{TicketID: asked.ID, Kind: data.ReplyDraft, To: "marie@mairie.example", Text: "Un début"}
	_, err := d.SaveDraft(d.helpDesk, draft)
	d.done(err)
	d.open() // as after a crash
	if kept := d.ticket(asked.ID).Draft; kept.Text != "Un début" || kept.To != draft.To {
		t.Errorf("%+v", kept)
	}
	if other, err := d.Ticket(d.admin, asked.ID); err != nil || other.Draft.ID != 0 {
		t.Errorf("another operator reads it: %+v, %v", other.Draft, err)
	}
	_, err = d.AddDraftFile(d.helpDesk, draft, "a.bin", make([]byte, DraftSize))
	d.done(err)
	_, err = d.AddDraftFile(d.helpDesk, draft, "b.bin", make([]byte, 1))
	d.refused(Invalid, err)
	if fields := problems(err); len(fields) != 1 || fields[0] != "files" {
		t.Errorf("%v", fields)
	}
	kept := d.ticket(asked.ID).Draft
	if len(kept.Files) != 1 || kept.Text != "Un début" {
		t.Fatalf("%+v", kept)
	}
	d.done(d.RemoveDraftFile(d.helpDesk, kept.Files[0].ID))
	draft.Text = ""
	_, err = d.SaveDraft(d.helpDesk, draft)
	d.done(err)
	if kept := d.ticket(asked.ID).Draft; kept.ID != 0 {
		t.Errorf("an empty draft is kept: %+v", kept)
	}
}

// TestHelpDeskOutbox: what a person decides on, and what is tried again.
func TestHelpDeskOutbox(t *testing.T) {
	d := openDesk(t)
	server := d.smarthost()
	reply := func() data.Ticket {
		asked := d.ask("marie@mairie.example", "Question", "Bonjour")
		ticket := d.answer(asked.Ticket, "Oui", data.Solved)
		d.after(data.UndoDelay)
		return ticket
	}
	waiting := func(n int) []data.OutgoingMail {
		t.Helper()
		failed, err := d.FailedOutgoing(d.helpDesk)
		d.done(err)
		if len(failed) != n {
			t.Fatalf("%d mails wait for a person, want %d", len(failed), n)
		}
		return failed
	}
	reply()
	server.Refuse(mailboxtest.StageRecipient, 450)
	d.send(0, 1)
	waiting(0)
	d.after(59 * time.Second)
	d.send(0, 0)
	server.Refuse(mailboxtest.StageRecipient, 0)
	d.after(time.Second)
	d.send(1, 0)

	refusedTicket := reply()
	server.Refuse(mailboxtest.StageRecipient, 550)
	d.send(0, 1)
	failed := waiting(1)
	if failed[0].State != data.OutboxFailed || failed[0].TicketID != refusedTicket.ID || failed[0].LastError == "" {
		t.Errorf("%+v", failed[0])
	}
	d.after(24 * time.Hour)
	d.send(0, 0)
	server.Refuse(mailboxtest.StageRecipient, 0)
	d.done(d.RetryOutgoing(d.helpDesk, failed[0].ID))
	waiting(0)
	d.send(1, 0)
	d.refused(Conflict, d.RetryOutgoing(d.helpDesk, failed[0].ID))

	reply()
	server.HangUp(true) // after the text, before its answer: taken or not?
	d.send(0, 1)
	server.HangUp(false)
	failed = waiting(1)
	if failed[0].State != data.OutboxUncertain {
		t.Errorf("%+v", failed[0])
	}
	d.after(24 * time.Hour)
	d.send(0, 0)
	d.done(d.DropOutgoing(d.helpDesk, failed[0].ID))
	waiting(0)
	d.send(0, 0)
	if n := len(server.Messages()); n != 3 {
		t.Errorf("the server took %d mails", n)
	}
}

// TestHelpDeskSendAfterACrash: a process that dies while it sends leaves the
// mail to be tried again, under the same Message-ID.
func TestHelpDeskSendAfterACrash(t *testing.T) {
	d := openDesk(t)
	server := d.smarthost()
	asked := d.ask("marie@mairie.example", "Question", "Bonjour")
	d.answer(asked.Ticket, "Oui", data.Solved)
	d.open() // between the commit and the sending
	d.after(data.UndoDelay)
	mails := d.outbox(data.ReplyMail)
	if len(mails) != 1 {
		t.Fatalf("%d mails in the outbox", len(mails))
	}
	operator, _ := OperatorOf(d.helpDesk)
	claimed := mails[0]
	d.done(d.update(d.helpDesk, operator, func(c *change) error { // dies right after it took the mail
		claimed.NextTryAt = data.NextTry(c.now, claimed.Attempts+1)
		return c.ClaimOutgoing(&claimed)
	}))
	d.open()
	if _, err := d.UndoReply(d.helpDesk, claimed.ID); KindOf(err) != Conflict {
		t.Errorf("taken back though it may be on its way: %v", err)
	}
	d.send(0, 0)
	d.after(time.Minute)
	d.send(1, 0)
	if sent := server.Messages(); len(sent) != 1 || !strings.Contains(string(sent[0].Data), "Message-ID: <"+claimed.MessageID+">") {
		t.Errorf("%d mails, want one with %s", len(sent), claimed.MessageID)
	}
}
