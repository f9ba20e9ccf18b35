package store

import (
	"errors"
	"time"

	"guichet/data"
)

const messageColumns = `m.id, m.ticket_id, m.direction, m.message_id, m.in_reply_to, m.from_name, m.from_address,
	m.subject, m.sent_at, m.received_at, m.text, m.html, m.automatic, m.bounce, m.illegible, m.raw, m.hash,
	m.mailbox, m.uid_validity, m.uid`

func messageFields(m *data.Message) []any {
	return []any{
		&m.ID, &m.TicketID, &m.Direction, &m.MessageID, &m.InReplyTo, &m.FromName, &m.FromAddress,
		&m.Subject, at(&m.SentAt), at(&m.ReceivedAt), &m.Text, &m.HTML, &m.Automatic, &m.Bounce, &m.Illegible, &m.Raw, &m.Hash,
		maybe(&m.Mailbox), maybe(&m.UIDValidity), maybe(&m.UID),
	}
}

// AddMessage adds a message with its attachments and sets its ID. ErrTaken: it
// was fetched before.
func (tx *Tx) AddMessage(m *data.Message) (err error) {
	m.ID, err = tx.insert("add message",
		`INSERT INTO message (ticket_id, direction, message_id, in_reply_to, from_name, from_address, subject, sent_at,
		 received_at, text, html, automatic, bounce, illegible, raw, hash, mailbox, uid_validity, uid)
		 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19) RETURNING id`,
		m.TicketID, m.Direction, m.MessageID, m.InReplyTo, m.FromName, m.FromAddress, m.Subject, whenOrNull(m.SentAt),
		m.ReceivedAt, m.Text, m.HTML, m.Automatic, m.Bounce, m.Illegible, m.Raw, m.Hash,
		orNull(m.Mailbox), orNull(m.UIDValidity), orNull(m.UID))
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
	messages, err := list(tx, "list messages", messageFields,
		`SELECT `+messageColumns+` FROM message m WHERE m.ticket_id = $1 ORDER BY m.received_at, m.id`, ticketID)
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

// Attachment is one attachment with its content: ErrNotFound when there is none.
func (tx *Tx) Attachment(id int64) (a data.Attachment, err error) {
	err = tx.get("find attachment", []any{&a.ID, &a.MessageID, &a.Name, &a.ContentType, &a.Size, &a.Inline, &a.Content},
		`SELECT id, message_id, name, content_type, size, inline, content FROM attachment WHERE id = $1`, id)
	return a, err
}

// Fetched tells whether a mail came in before: under the same UID, or with the
// same Message-ID and content.
func (tx *Tx) Fetched(m data.Message) (bool, error) {
	var n int
	err := tx.get("look for the same mail", []any{&n},
		`SELECT count(*) FROM message WHERE (mailbox = $1 AND uid_validity = $2 AND uid = $3)
		 OR (mailbox IS NOT NULL AND message_id = $4 AND hash = $5)`, m.Mailbox, m.UIDValidity, m.UID, m.MessageID, m.Hash)
	return n > 0, err
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
