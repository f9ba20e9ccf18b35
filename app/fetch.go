package app

import (
	"context"
	"errors"
	"time"

	"guichet/app/mailbox"
	"guichet/data"
	"guichet/data/store"
)

// Fetched is what Fetch brought in.
type Fetched struct {
	Mails   int // new on the server
	Tickets int // opened
	Replies int // added to tickets
	Doubles int // known already: after a change of UIDVALIDITY
}

// MailboxState is what the status bar says of the mailbox.
type MailboxState struct {
	Configured bool
	FetchedAt  time.Time // zero: never
}

// Mailbox tells whether a mailbox is set and when it was read last.
func (a *App) Mailbox(ctx context.Context) (state MailboxState, err error) {
	err = a.view(ctx, func(tx *store.Tx) error {
		settings, err := readSettings(tx)
		if err != nil {
			return err
		}
		state.Configured = settings.Mailbox.Host != ""
		_, _, state.FetchedAt, err = tx.MailboxCursor(mailboxName(settings.Mailbox))
		return err
	})
	return state, err
}

// mailboxName names a folder of a server for the cursor.
func mailboxName(m data.MailboxSettings) string { return m.User + "@" + m.Host + "/" + m.Folder }

// Fetch brings every new mail of the mailbox in, once: each becomes a ticket
// or a message of one. A batch of mails is stored in one transaction with how
// far the mailbox was read, and only then flagged on the server; killed in
// between, the next pass loses and doubles nothing. Help desk and
// administrators.
func (a *App) Fetch(ctx context.Context) (Fetched, error) {
	operator, err := allow(ctx, data.HelpDesk, data.Administrator)
	if err != nil {
		return Fetched{}, err
	}
	var settings data.Settings
	var cursor mailbox.Cursor
	err = a.view(ctx, func(tx *store.Tx) (err error) {
		if settings, err = readSettings(tx); err == nil {
			cursor.UIDValidity, cursor.UID, _, err = tx.MailboxCursor(mailboxName(settings.Mailbox))
		}
		return err
	})
	if err != nil {
		return Fetched{}, err
	}
	server, err := a.mailServer(settings.Mailbox)
	if err != nil {
		return Fetched{}, err
	}
	name := mailboxName(settings.Mailbox)
	var total Fetched
	_, err = mailbox.Fetch(ctx, server, cursor, func(ctx context.Context, mails []mailbox.Raw, next mailbox.Cursor) error {
		batch, err := a.receive(ctx, operator, name, mails, next)
		total.Mails += len(mails)
		total.Tickets += batch.Tickets
		total.Replies += batch.Replies
		total.Doubles += batch.Doubles
		return err
	})
	if err != nil {
		return total, logged(ctx, refined(err))
	}
	return total, a.recordFetch(ctx, operator, name)
}

func (a *App) mailServer(m data.MailboxSettings) (mailbox.Server, error) {
	if m.Host == "" {
		return mailbox.Server{}, refuse(Unavailable, "Aucune boîte aux lettres n’est réglée", nil)
	}
	password, err := a.secrets.get(MailboxPassword)
	if err != nil {
		return mailbox.Server{}, refined(err)
	}
	roots, err := trusted(m.CertificateFile)
	return mailbox.Server{
		Host: m.Host, Port: m.Port, Security: mailbox.Security(m.Security), User: m.User, Password: password,
		Folder: m.Folder, RootCAs: roots,
	}, err
}

// recordFetch keeps when the mailbox was read, new mail or not.
func (a *App) recordFetch(ctx context.Context, operator data.Operator, name string) error {
	return a.update(ctx, operator, func(c *change) error {
		uidValidity, uid, _, err := c.MailboxCursor(name)
		if err != nil {
			return err
		}
		return c.SetMailboxCursor(name, uidValidity, uid, c.now)
	})
}

// receive stores a batch of mails, each as a ticket or a message of one.
func (a *App) receive(ctx context.Context, operator data.Operator, name string, mails []mailbox.Raw, next mailbox.Cursor) (Fetched, error) {
	messages := make([]incoming, len(mails))
	for i, raw := range mails {
		messages[i] = a.parseMail(name, raw)
	}
	var total Fetched
	err := a.update(ctx, operator, func(c *change) error {
		total = Fetched{}
		for _, in := range messages {
			if err := a.file(c, in, &total); err != nil {
				return err
			}
		}
		return c.SetMailboxCursor(name, next.UIDValidity, next.UID, c.now)
	})
	return total, err
}

// incoming is a mail as parsed, with what finds its ticket.
type incoming struct {
	message    data.Message
	references []string // newest first: In-Reply-To, then References
	replyTo    mailbox.Address
}

const oversized = "Ce message dépasse 50 Mo : il est resté sur le serveur"

func (a *App) parseMail(name string, raw mailbox.Raw) incoming {
	mail := mailbox.Parse(raw.Body)
	in := incoming{message: data.Message{
		Direction: data.Incoming, MessageID: mail.MessageID, InReplyTo: mail.InReplyTo,
		FromName: mail.From.Name, FromAddress: mail.From.Address, Subject: mail.Subject,
		SentAt: mail.Date, ReceivedAt: raw.Received, Text: mail.Text, HTML: mail.HTML,
		Automatic: mail.Automatic, Bounce: mail.Bounce, Illegible: mail.Illegible, Hash: mail.Hash[:],
		Mailbox: name, UIDValidity: raw.UIDValidity, UID: raw.UID,
	}, replyTo: mail.From}
	if mail.ReplyTo != nil {
		in.replyTo = *mail.ReplyTo
	}
	if in.message.ReceivedAt.IsZero() {
		in.message.ReceivedAt = a.Now()
	}
	if raw.Oversized {
		in.message.Illegible = oversized
	}
	if in.message.Illegible != "" {
		in.message.Raw = raw.Body
	}
	for _, file := range mail.Attachments {
		in.message.Attachments = append(in.message.Attachments, data.Attachment{
			Name: file.Name, ContentType: file.ContentType, Size: len(file.Content), Inline: file.Inline, Content: file.Content,
		})
	}
	if mail.InReplyTo != "" {
		in.references = append(in.references, mail.InReplyTo)
	}
	for i := len(mail.References) - 1; i >= 0; i-- {
		in.references = append(in.references, mail.References[i])
	}
	return in
}

// file puts a mail into its ticket, or opens one for it.
func (a *App) file(c *change, in incoming, total *Fetched) error {
	known, err := c.Fetched(in.message)
	if err != nil {
		return err
	}
	if known {
		total.Doubles++
		return nil
	}
	former, found, err := a.thread(c, in)
	if err != nil {
		return err
	}
	if found && former.Reopens(in.message.ReceivedAt) {
		total.Replies++
		return c.reply(former, in.message)
	}
	total.Tickets++
	return c.openTicket(in)
}

// thread finds the ticket that a mail belongs to: by the mails it answers,
// then by the signed token in its subject, never by the subject's words.
func (a *App) thread(c *change, in incoming) (data.Ticket, bool, error) {
	for _, reference := range in.references {
		id, err := c.TicketOfMessage(reference)
		if errors.Is(err, store.ErrNotFound) {
			continue
		} else if err != nil {
			return data.Ticket{}, false, err
		}
		summary, err := c.Ticket(id)
		return summary.Ticket, true, err
	}
	number, found := data.TicketInSubject(in.message.Subject, a.secret)
	if !found {
		return data.Ticket{}, false, nil
	}
	summary, err := c.TicketByNumber(number)
	if errors.Is(err, store.ErrNotFound) {
		return data.Ticket{}, false, nil
	}
	return summary.Ticket, err == nil, err
}

// reply adds a mail to its ticket. It reopens the ticket, but for an automatic
// answer.
func (c *change) reply(former data.Ticket, message data.Message) error {
	message.TicketID = former.ID
	if err := c.AddMessage(&message); err != nil {
		return err
	}
	ticket := former
	ticket.UpdatedAt = c.now
	if !message.Automatic && ticket.State != data.NewTicket && ticket.State != data.Spam {
		ticket.State, ticket.ClosedAt = data.OpenTicket, time.Time{}
	}
	if err := c.UpdateTicket(former, ticket); err != nil {
		return err
	}
	return c.audit("ticket.reply", "ticket", ticket.ID, nil, map[string]any{"number": ticket.Number, "state": ticket.State})
}

// openTicket opens a ticket for a mail. What the portal's form says links the
// account and the organisation and sets the heading (R18); any other mail is
// linked by its sender's address.
func (c *change) openTicket(in incoming) error {
	number, err := c.NextNumber("ticket", c.now.Year())
	if err != nil {
		return err
	}
	ticket := data.Ticket{
		Number: data.TicketNumber(c.now.Year(), number), State: data.NewTicket, Heading: data.OtherHeading,
		Subject: in.message.Subject, RequesterName: in.replyTo.Name, RequesterAddress: in.replyTo.Address,
		OpenedAt: in.message.ReceivedAt, UpdatedAt: c.now, Illegible: in.message.Illegible != "",
	}
	if err := c.linkTicket(&ticket, in.message.Text); err != nil {
		return err
	}
	if err := c.AddTicket(&ticket); err != nil {
		return err
	}
	in.message.TicketID = ticket.ID
	if err := c.AddMessage(&in.message); err != nil {
		return err
	}
	return c.audit("ticket.open", "ticket", ticket.ID, nil, map[string]any{"number": ticket.Number, "heading": ticket.Heading})
}

func (c *change) linkTicket(ticket *data.Ticket, text string) error {
	form, isForm := data.ParseAssistanceForm(text)
	if isForm {
		ticket.Heading = form.Heading
		account, err := c.AccountByIdentifier(form.Identifier)
		if err == nil {
			ticket.AccountID, ticket.OrganisationID = account.ID, account.OrganisationID
			return nil
		}
		if !errors.Is(err, store.ErrNotFound) {
			return err
		}
		named, err := c.OrganisationsNamed(form.Organisation)
		if err != nil || len(named) == 1 {
			if len(named) == 1 {
				ticket.OrganisationID = named[0].ID
			}
			return err
		}
	}
	accounts, err := c.AccountsByEmail(ticket.RequesterAddress)
	if len(accounts) == 1 { // several: the agent chooses (R13)
		ticket.AccountID, ticket.OrganisationID = accounts[0].ID, accounts[0].OrganisationID
	}
	return err
}
