package app

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"guichet/app/mailbox"
	"guichet/data"
	"guichet/data/store"
)

// Fetched is what mails became.
type Fetched struct {
	Mails     int // new on the server
	Tickets   int // opened
	Replies   int // added to tickets
	Doubles   int // known already: after a change of UIDVALIDITY, or our own
	Activated int // accounts, by mail
	// Opened are the tickets opened last, at most 20, for who wants to know.
	Opened []data.Ticket
}

func (f *Fetched) add(other Fetched) {
	f.Mails += other.Mails
	f.Tickets += other.Tickets
	f.Replies += other.Replies
	f.Doubles += other.Doubles
	f.Activated += other.Activated
	f.Opened = append(f.Opened, other.Opened...)
	f.Opened = f.Opened[max(0, len(f.Opened)-20):]
}

// freshMail is how recent a mail must be to be answered automatically: a
// mailbox read for the first time answers nobody about old mails.
const freshMail = 24 * time.Hour

// receive stores a batch of mails, each as a ticket or a message of one, with
// how far the folder was read.
func (a *App) receive(ctx context.Context, operator data.Operator, folder string, mails []mailbox.Raw, next mailbox.Cursor) (Fetched, error) {
	return a.storeMails(ctx, operator, folder, a.parseMails(folder, mails), next)
}

// parseMails reads mails, all that can be without the register.
func (a *App) parseMails(folder string, mails []mailbox.Raw) []incoming {
	parsed := make([]incoming, len(mails))
	var workers errgroup.Group
	workers.SetLimit(max(1, runtime.GOMAXPROCS(0)-1))
	for i, raw := range mails {
		workers.Go(func() error {
			parsed[i] = a.parseMail(folder, raw)
			return nil
		})
	}
	_ = workers.Wait() // parsing never fails
	return parsed
}

// storeMails stores mails that were read.
func (a *App) storeMails(ctx context.Context, operator data.Operator, folder string, parsed []incoming, next mailbox.Cursor) (total Fetched, err error) {
	err = a.update(ctx, operator, func(c *change) error {
		settings, err := readSettings(c.Tx)
		if err != nil {
			return err
		}
		cursor, uid, _, err := c.MailboxCursor(folder)
		if err != nil {
			return err
		}
		if cursor == next.UIDValidity && next.UID <= uid { // a backup brought the folder back
			if err := c.ForgetUIDs(folder); err != nil {
				return err
			}
		}
		r := reception{change: c, app: a, settings: settings, clock: settings.Clock(), own: ownAddresses(settings), replied: map[int64]bool{}}
		r.quiet = cursor != 0 && cursor != next.UIDValidity // read anew: it answers nobody
		for i := range parsed {
			if err := r.file(&parsed[i]); err != nil {
				return err
			}
		}
		if err := r.index(); err != nil {
			return err
		}
		total = r.total
		return c.SetMailboxCursor(folder, next.UIDValidity, next.UID, c.now)
	})
	total.Mails = len(parsed)
	return total, err
}

// ownAddresses are the addresses that Guichet itself sends from and reads.
func ownAddresses(settings data.Settings) map[string]bool {
	own := map[string]bool{strings.ToLower(settings.Smarthost.From): true, strings.ToLower(settings.SupportEmail): true}
	for _, m := range settings.Mailboxes {
		own[strings.ToLower(m.User)] = true
	}
	delete(own, "")
	return own
}

// incoming is a mail as parsed, with what finds its ticket.
type incoming struct {
	message    data.Message
	references []string // newest first: In-Reply-To, then References
	replyTo    mailbox.Address
	unanswered bool // no program may answer it
	report     *mailbox.DeliveryReport
	words      []string // for the search
	token      string   // of an activation by mail; empty: none
	form       data.AssistanceForm
	isForm     bool
	heading    data.Heading // that its words speak of, proposed when it is no form
	proposed   bool
}

// Why a mail stayed on the server.
const (
	oversized = "Ce message dépasse 50 Mo : il est resté sur le serveur"
	withheld  = "Le serveur de courriel ne remet pas ce message : il y est resté"
)

func (a *App) parseMail(folder string, raw mailbox.Raw) incoming {
	mail := mailbox.Parse(raw.Body)
	in := incoming{message: data.Message{
		Direction: data.Incoming, MessageID: mail.MessageID, InReplyTo: mail.InReplyTo, References: mail.References,
		FromName: mail.From.Name, FromAddress: mail.From.Address, To: addressesOf(mail.To), Cc: addressesOf(mail.Cc), Subject: mail.Subject,
		SentAt: mail.Date, ReceivedAt: raw.Received, Text: mail.Text, HTML: mail.HTML,
		Automatic: mail.Automatic, Bounce: mail.Bounce, Illegible: mail.Illegible, Hash: mail.Hash[:],
		Mailbox: folder, UIDValidity: raw.UIDValidity, UID: raw.UID,
	}, replyTo: mail.From, report: mail.Report}
	if mail.ReplyTo != nil {
		in.replyTo = *mail.ReplyTo
	}
	if in.message.ReceivedAt.IsZero() {
		in.message.ReceivedAt = a.Now()
	}
	switch {
	case raw.Oversized:
		in.message.Illegible = oversized
	case raw.Withheld:
		in.message.Illegible, in.message.Hash = withheld, withheldHash(folder, raw, mail)
	}
	if in.message.Illegible != "" {
		in.message.Raw = raw.Body
	}
	if r := mail.Report; r != nil {
		in.message.Report = strings.Join(strings.Fields(r.Recipient+" "+r.Status+" "+r.Diagnostic), " ")
	}
	names := make([]string, len(mail.Attachments))
	for i, file := range mail.Attachments {
		names[i] = file.Name
		in.message.Attachments = append(in.message.Attachments, data.Attachment{
			Name: file.Name, ContentType: file.ContentType, Size: len(file.Content), Inline: file.Inline, Content: file.Content,
		})
	}
	if mail.InReplyTo != "" {
		in.references = append(in.references, mail.InReplyTo)
	}
	for i := len(mail.References) - 1; i >= 0; i-- {
		if mail.References[i] != mail.InReplyTo {
			in.references = append(in.references, mail.References[i])
		}
	}
	in.hideTokens()
	in.form, in.isForm = data.ParseAssistanceForm(in.message.Text)
	in.unanswered = mail.Automatic
	switch mail.AutomaticReason {
	case mailbox.AutoGenerated: // the portal's form is written by a person, and sent by a program
		in.message.Automatic, in.unanswered = !in.isForm, !in.isForm
	case mailbox.ByDiscussion, mailbox.BySuppress: // a person may have written it, even where the help desk is behind a list
		in.message.Automatic = false
	}
	if !in.isForm {
		in.heading, in.proposed = data.ProposeHeading(in.message.Subject, in.message.Text)
	}
	in.words = data.SearchWords(in.message.Text + " " + strings.Join(names, " "))
	return in
}

// withheldHash is the hash of a mail that stayed on the server. Where nothing of it is known, only its place tells it from
// another such mail.
func withheldHash(folder string, raw mailbox.Raw, mail mailbox.Mail) []byte {
	hash := mail.Hash
	if len(raw.Body) == 0 {
		hash = sha256.Sum256(fmt.Appendf(nil, "%s %d %d", folder, raw.UIDValidity, raw.UID))
	}
	return hash[:]
}

// hideTokens takes activation tokens out of what is kept of a mail, once the one
// that its subject hands in was read.
func (in *incoming) hideTokens() {
	m := &in.message
	if token, found := data.ActivationInSubject(m.Subject); found {
		in.token, m.Subject = token, data.ActivationSubject
	}
	m.Subject, m.Text, m.HTML = data.HideTokens(m.Subject), data.HideTokens(m.Text), data.HideTokens(m.HTML)
	if m.Raw != nil {
		m.Raw = hideTokensIn(m.Raw)
	}
	for i, file := range m.Attachments {
		if strings.HasPrefix(file.ContentType, "text/") || strings.HasPrefix(file.ContentType, "message/") || strings.HasSuffix(strings.ToLower(file.Name), ".eml") {
			m.Attachments[i].Content = hideTokensIn(file.Content)
			m.Attachments[i].Size = len(m.Attachments[i].Content)
		}
	}
}

// encodedLines are lines that may be base64, as mails have them.
var encodedLines = regexp.MustCompile(`(?m)(?:^[A-Za-z0-9+/]{4,}={0,2}\r?\n?)+`)

// hideTokensIn takes activation tokens out of a file, and out of what is base64
// in it: a mail within a mail is encoded still.
func hideTokensIn(content []byte) []byte {
	return encodedLines.ReplaceAllFunc([]byte(data.HideTokens(string(content))), func(lines []byte) []byte {
		text, err := base64.StdEncoding.DecodeString(string(lines))
		if err != nil {
			return lines
		}
		hidden := data.HideTokens(string(text))
		if hidden == string(text) {
			return lines
		}
		var b bytes.Buffer
		for line := range slices.Chunk([]byte(base64.StdEncoding.EncodeToString([]byte(hidden))), 76) {
			b.Write(append(line[:len(line):len(line)], "\r\n"...))
		}
		return b.Bytes()
	})
}

func addressesOf(list []mailbox.Address) (addresses []string) {
	for _, a := range list {
		if a.Address != "" && !strings.Contains(a.Address, ",") {
			addresses = append(addresses, a.Address)
		}
	}
	return addresses
}

// reception files the mails of one transaction.
type reception struct {
	*change
	app      *App
	settings data.Settings
	clock    data.Clock
	own      map[string]bool
	quiet    bool // nobody is answered automatically
	total    Fetched
	opened   []searchable
	replied  map[int64]bool // the tickets that mails were added to
}

// searchable is a ticket just opened, as the search finds it.
type searchable struct {
	ticket                   data.Ticket
	identifier, organisation string
	words                    []string
}

// index has the search find the tickets of the transaction. It comes last: the
// full-text index writes what it holds whenever another statement follows.
func (r *reception) index() error {
	for _, o := range r.opened {
		if r.replied[o.ticket.ID] {
			continue
		}
		if err := r.IndexNewTicket(o.ticket, o.identifier, o.organisation, o.words); err != nil {
			return err
		}
	}
	for _, id := range slices.Sorted(maps.Keys(r.replied)) {
		if err := r.IndexTicket(id); err != nil {
			return err
		}
	}
	return nil
}

// file puts a mail into its ticket, or opens one for it.
func (r *reception) file(in *incoming) error {
	known, err := r.Fetched(in.message)
	if err != nil {
		return err
	}
	if !known && r.own[strings.ToLower(in.message.FromAddress)] {
		if r.own[strings.ToLower(in.replyTo.Address)] && !in.isForm { // neither the portal's form nor a list's mail, which say whom to answer
			in.message.Automatic, in.unanswered = true, true // it would come back
		}
		_, err := r.OutgoingByMessageID(in.message.MessageID)
		if known = err == nil; err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
	}
	if known {
		r.total.Doubles++
		return nil
	}
	if in.token != "" {
		return r.activation(in)
	}
	if in.message.Bounce {
		if done, err := r.bounce(in); done || err != nil {
			return err
		}
	}
	former, found, err := r.thread(in)
	if err != nil {
		return err
	}
	if found && former.Reopens(in.message.ReceivedAt) {
		r.total.Replies++
		return r.reply(former, in)
	}
	_, err = r.openTicket(in, func(ticket *data.Ticket) { ticket.FollowsID = former.ID })
	return err
}

// thread finds the ticket that a mail belongs to: by the mails it answers,
// then by the signed token in its subject, never by the subject's words. A
// merged ticket leads to the one that holds its messages.
func (r *reception) thread(in *incoming) (data.Ticket, bool, error) {
	for _, reference := range in.references {
		id, err := r.TicketOfMessage(reference)
		if err == nil {
			summary, err := r.Ticket(id)
			return r.holder(summary, err)
		}
		if !errors.Is(err, store.ErrNotFound) {
			return data.Ticket{}, false, err
		}
		if number, ours := data.TicketInMessageID(reference, r.app.secret); ours {
			return r.holder(r.TicketByNumber(number))
		}
	}
	if number, found := data.TicketInSubject(in.message.Subject, r.app.secret); found {
		return r.holder(r.TicketByNumber(number))
	}
	return data.Ticket{}, false, nil
}

// holder is the ticket that holds a ticket's messages; false when there is none.
func (r *reception) holder(summary data.TicketSummary, err error) (data.Ticket, bool, error) {
	summary, err = r.followed(summary, err)
	if errors.Is(err, store.ErrNotFound) {
		return data.Ticket{}, false, nil
	}
	return summary.Ticket, err == nil, err
}

// bringsBack tells whether somebody has to read the mail: no absence notice, no
// report of a mere delay.
func (in *incoming) bringsBack() bool {
	if in.message.Bounce {
		return in.report == nil || in.report.Permanent
	}
	return !in.message.Automatic
}

// reply adds a mail to its ticket. It brings the ticket back, but for an
// automatic answer, which nobody has to read.
func (r *reception) reply(former data.Ticket, in *incoming) error {
	in.message.TicketID = former.ID
	if err := r.AddMessage(&in.message); err != nil {
		return err
	}
	ticket := former
	ticket.UpdatedAt = laterThan(r.now, former.UpdatedAt)
	if in.bringsBack() {
		ticket.Unread = true
		if ticket.State != data.NewTicket && ticket.State != data.Spam {
			r.clock.Move(&ticket, data.OpenTicket, r.now)
		}
	}
	if err := r.UpdateTicket(former, ticket); err != nil {
		return err
	}
	r.replied[ticket.ID] = true
	return r.audit("ticket.reply", "ticket", ticket.ID, nil, map[string]any{"number": ticket.Number, "state": ticket.State})
}
