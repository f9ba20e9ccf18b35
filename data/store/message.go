package store

import (
	"errors"
	"strings"
	"time"

	"guichet/data"
)

const messageColumns = `m.id, m.ticket_id, m.direction, m.message_id, m.in_reply_to, m.from_name, m.from_address,
	m.to_addresses, m.cc_addresses, m.reference_ids, m.author_id, m.subject, m.sent_at, m.received_at, m.text, m.html,
	m.automatic, m.bounce, m.report, m.illegible, m.raw, m.hash, m.mailbox, m.uid_validity, m.uid, m.moved_from`

func messageFields(m *data.Message) []any {
	return []any{
		&m.ID, &m.TicketID, &m.Direction, &m.MessageID, &m.InReplyTo, &m.FromName, &m.FromAddress,
		joined(&m.To, ","), joined(&m.Cc, ","), joined(&m.References, " "), maybe(&m.Author), &m.Subject, at(&m.SentAt), at(&m.ReceivedAt),
		&m.Text, &m.HTML, &m.Automatic, &m.Bounce, &m.Report, &m.Illegible, &m.Raw, &m.Hash,
		maybe(&m.Mailbox), maybe(&m.UIDValidity), maybe(&m.UID), maybe(&m.MovedFrom),
	}
}

const attachmentColumns = `id, message_id, name, content_type, size, inline, content`

func attachmentFields(a *data.Attachment) []any {
	return []any{&a.ID, &a.MessageID, &a.Name, &a.ContentType, &a.Size, &a.Inline, &a.Content}
}

// AddMessage adds a message with its attachments and sets its ID. ErrTaken: it
// was fetched before.
func (tx *Tx) AddMessage(m *data.Message) (err error) {
	m.ID, err = tx.insert("add message",
		`INSERT INTO message (ticket_id, direction, message_id, in_reply_to, from_name, from_address, to_addresses, cc_addresses,
		 reference_ids, author_id, subject, sent_at, received_at, text, html, automatic, bounce, report, illegible, raw, hash,
		 mailbox, uid_validity, uid)
		 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24) RETURNING id`,
		m.TicketID, m.Direction, m.MessageID, m.InReplyTo, m.FromName, m.FromAddress, strings.Join(m.To, ","), strings.Join(m.Cc, ","),
		strings.Join(m.References, " "), orNull(m.Author), m.Subject, whenOrNull(m.SentAt), m.ReceivedAt, m.Text, m.HTML,
		m.Automatic, m.Bounce, m.Report, m.Illegible, m.Raw, m.Hash, orNull(m.Mailbox), orNull(m.UIDValidity), orNull(m.UID))
	if err != nil {
		return err
	}
	for i := range m.Attachments {
		a := &m.Attachments[i]
		a.MessageID = m.ID
		a.ID, err = tx.insert("add attachment",
			`INSERT INTO attachment (message_id, name, content_type, size, inline, content)
			 VALUES ($1, $2, $3, $4, $5, $6) RETURNING id`,
			a.MessageID, a.Name, a.ContentType, a.Size, a.Inline, a.Content)
		if err != nil {
			return err
		}
	}
	return nil
}

// Messages are a ticket's messages, oldest first, with their attachments but
// without the attachments' content.
func (tx *Tx) Messages(ticketID int64) ([]data.Message, error) {
	return tx.messagesWhere(`m.ticket_id = $1`, ticketID)
}

// messagesWhere are the messages m of a condition, with its argument $1.
func (tx *Tx) messagesWhere(condition string, arg any) ([]data.Message, error) {
	messages, err := list(tx, "list messages", func(m *data.Message) []any { return append(messageFields(m), maybe(&m.Outbox)) },
		`SELECT `+messageColumns+`, (SELECT g.state FROM outgoing_mail g WHERE g.thread_message_id = m.id)
		 FROM message m WHERE `+condition+` ORDER BY m.received_at, m.id`, arg)
	if err != nil {
		return nil, err
	}
	for i := range messages {
		messages[i].Attachments, err = list(tx, "list attachments", func(a *data.Attachment) []any {
			return []any{&a.ID, &a.MessageID, &a.Name, &a.ContentType, &a.Size, &a.Inline}
		}, `SELECT id, message_id, name, content_type, size, inline FROM attachment WHERE message_id = $1 ORDER BY id`, messages[i].ID)
		if err != nil {
			return nil, err
		}
	}
	return messages, nil
}

// Message is one message with its attachments and their content.
func (tx *Tx) Message(id int64) (m data.Message, err error) {
	if err = tx.get("find message", messageFields(&m), `SELECT `+messageColumns+` FROM message m WHERE m.id = $1`, id); err != nil {
		return m, err
	}
	m.Attachments, err = list(tx, "list attachments", attachmentFields,
		`SELECT `+attachmentColumns+` FROM attachment WHERE message_id = $1 ORDER BY id`, id)
	return m, err
}

// DropMessage takes a message that was never sent away, with its attachments.
func (tx *Tx) DropMessage(id int64) error {
	if _, err := tx.exec("drop attachments", `DELETE FROM attachment WHERE message_id = $1`, id); err != nil {
		return err
	}
	return tx.change("drop message", `DELETE FROM message WHERE id = $1`, id)
}

// MoveMessages moves a ticket's messages to another and keeps where they came
// from: the ticket that held them first, when they move on.
func (tx *Tx) MoveMessages(from, to int64) error {
	_, err := tx.exec("move messages",
		`UPDATE message SET ticket_id = $2, moved_from = coalesce(moved_from, $1) WHERE ticket_id = $1`, from, to)
	return err
}

// MoveMessagesBack undoes MoveMessages: wherever they went on to since, a
// ticket's own messages come back to it, and those of the tickets merged into it.
func (tx *Tx) MoveMessagesBack(to int64) error {
	_, err := tx.exec("move messages", `WITH RECURSIVE held(id) AS (
		 SELECT CAST($1 AS BIGINT) UNION SELECT t.id FROM ticket t JOIN held ON t.merged_into = held.id)
		UPDATE message SET ticket_id = $1, moved_from = NULLIF(moved_from, $1) WHERE moved_from IN (SELECT id FROM held)`, to)
	return err
}

// MoveMessage moves one message of a ticket to another, for good. ErrChanged: it
// stands in the ticket no more.
func (tx *Tx) MoveMessage(id, from, to int64) error {
	return tx.change("move message", `UPDATE message SET ticket_id = $3, moved_from = NULL WHERE id = $1 AND ticket_id = $2`, id, from, to)
}

// Attachment is one attachment with its content: ErrNotFound when there is none.
func (tx *Tx) Attachment(id int64) (a data.Attachment, err error) {
	err = tx.get("find attachment", attachmentFields(&a), `SELECT `+attachmentColumns+` FROM attachment WHERE id = $1`, id)
	return a, err
}

// Fetched tells whether a mail came in before: under the same UID, or with the
// same Message-ID and content.
func (tx *Tx) Fetched(m data.Message) (bool, error) {
	var n int
	err := tx.get("look for the same mail", []any{&n},
		`SELECT count(*) FROM message WHERE (mailbox = $1 AND uid_validity = $2 AND uid = $3)
		 OR (mailbox IS NOT NULL AND message_id = $4 AND hash = $5)
		 UNION ALL SELECT count(*) FROM purged_mail WHERE digest = $6 ORDER BY 1 DESC LIMIT 1`,
		m.Mailbox, m.UIDValidity, m.UID, m.MessageID, m.Hash, mailDigest(m))
	return n > 0, err
}

// ForgetUIDs has the mails of a mailbox known by their Message-ID and content
// alone: its UIDs are given again.
func (tx *Tx) ForgetUIDs(mailbox string) error {
	_, err := tx.exec("forget UIDs", `UPDATE message SET uid_validity = NULL, uid = NULL WHERE mailbox = $1`, mailbox)
	return err
}

// MailboxCursor is how far a mailbox was read, and when; zeros when never.
func (tx *Tx) MailboxCursor(mailbox string) (uidValidity, uid uint32, fetchedAt time.Time, err error) {
	err = tx.get("read cursor", []any{&uidValidity, &uid, at(&fetchedAt)},
		`SELECT uid_validity, uid, fetched_at FROM mailbox_cursor WHERE mailbox = $1`, mailbox)
	if errors.Is(err, ErrNotFound) {
		err = nil
	}
	return uidValidity, uid, fetchedAt, err
}

// SetMailboxCursor keeps how far a mailbox was read.
func (tx *Tx) SetMailboxCursor(mailbox string, uidValidity, uid uint32, fetchedAt time.Time) error {
	_, err := tx.exec("write cursor",
		`INSERT INTO mailbox_cursor (mailbox, uid_validity, uid, fetched_at) VALUES ($1, $2, $3, $4)
		 ON CONFLICT (mailbox) DO UPDATE
		 SET uid_validity = excluded.uid_validity, uid = excluded.uid, fetched_at = excluded.fetched_at`,
		mailbox, uidValidity, uid, fetchedAt)
	return err
}
