package app

import (
	"bytes"
	"fmt"
	"mime"
	"net/mail"
	"slices"
	"strings"
	"testing"
	"time"

	"guichet/app/mailbox"
	"guichet/app/mailbox/mailboxtest"
	"guichet/data"
)

// inbox is the folder that the mails of a desk come into.
const inbox = "assistance@portail.example@imap.example/INBOX"

// letterOf is a mail that a person wrote.
func letterOf(from, id, subject, text string, more ...string) string {
	header := append([]string{
		"From: " + from, "To: a@portail.example", "Subject: " + mime.QEncoding.Encode("utf-8", subject), "Message-ID: <" + id + ">",
		"Date: Tue, 24 Nov 2026 13:00:00 +0100", "MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8",
	}, more...)
	return strings.Join(header, "\r\n") + "\r\n\r\n" + strings.ReplaceAll(text, "\n", "\r\n")
}

// come has mails come in, as the mailbox hands them in.
func (d *desk) come(mails ...string) Fetched {
	d.t.Helper()
	operator, _ := OperatorOf(d.helpDesk)
	raws := make([]mailbox.Raw, len(mails))
	for i, body := range mails {
		d.uid++
		raws[i] = mailbox.Raw{UIDValidity: 1, UID: d.uid, Received: d.clock, Body: []byte(body)}
	}
	got, err := d.receive(d.helpDesk, operator, inbox, raws, mailbox.Cursor{UIDValidity: 1, UID: d.uid})
	d.done(err)
	return got
}

// opened has a mail come in that opens a ticket.
func (d *desk) opened(raw string) TicketRecord {
	d.t.Helper()
	got := d.come(raw)
	if got.Tickets != 1 || len(got.Opened) != 1 {
		d.t.Fatalf("%+v, want one ticket of:\n%s", got, raw)
	}
	return d.ticket(got.Opened[0].ID)
}

// ask has somebody ask for help.
func (d *desk) ask(from, subject, text string) TicketRecord {
	d.t.Helper()
	d.asked++
	return d.opened(letterOf(from, fmt.Sprintf("ask%d@mairie.example", d.asked), subject, text))
}

func (d *desk) ticket(id int64) TicketRecord {
	d.t.Helper()
	record, err := d.Ticket(d.helpDesk, id)
	d.done(err)
	return record
}

// answer writes a reply to the ticket's requester, and sends it past its undo.
func (d *desk) answer(ticket data.Ticket, text string, then data.TicketState) data.Ticket {
	d.t.Helper()
	_, err := d.Reply(d.helpDesk, ticket, data.Draft{TicketID: ticket.ID, Kind: data.ReplyDraft, To: ticket.RequesterAddress, Text: text}, then)
	d.done(err)
	return d.ticket(ticket.ID).Ticket
}

// set changes the help desk's settings.
func (d *desk) set(change func(*data.Settings)) {
	d.t.Helper()
	settings, err := d.Settings(d.admin)
	d.done(err)
	change(&settings)
	d.done(d.SaveSettings(d.admin, settings))
}

// found are the numbers of the tickets that a search finds.
func (d *desk) found(search string) (numbers []string) {
	d.t.Helper()
	filter, err := d.SearchTickets(d.helpDesk, search)
	d.done(err)
	page, err := d.TicketPage(d.helpDesk, filter, 0, 100)
	d.done(err)
	for _, ticket := range page {
		numbers = append(numbers, ticket.Number)
	}
	slices.Sort(numbers)
	return numbers
}

// problems are the fields that a refusal names.
func problems(err error) (fields []string) {
	for _, problem := range ProblemsOf(err) {
		fields = append(fields, problem.Field)
	}
	return fields
}

// received reads a mail that the SMTP server was given.
func received(t *testing.T, captured mailboxtest.Captured) (header mail.Header, parsed mailbox.Mail) {
	t.Helper()
	message, err := mail.ReadMessage(bytes.NewReader(captured.Data))
	if err != nil {
		t.Fatal(err)
	}
	return message.Header, mailbox.Parse(captured.Data)
}

// after lets a time pass.
func (d *desk) after(time time.Duration) { d.clock = d.clock.Add(time) }
