package store

import (
	"strings"
	"time"

	"guichet/data"
)

const outgoingColumns = `id, kind, state, account_id, ticket_id, thread_message_id, message_id, to_name, to_address,
	cc_addresses, subject, text, created_at, attempts, next_try_at, sent_at, last_error`

func outgoingFields(m *data.OutgoingMail) []any {
	return []any{
		&m.ID, &m.Kind, &m.State, maybe(&m.AccountID), maybe(&m.TicketID), maybe(&m.ThreadID), &m.MessageID, &m.ToName, joined(&m.To, ","),
		joined(&m.Cc, ","), &m.Subject, &m.Text, at(&m.CreatedAt), &m.Attempts, at(&m.NextTryAt), at(&m.SentAt), &m.LastError,
	}
}

// AddOutgoing puts a mail into the outbox and sets its ID.
func (tx *Tx) AddOutgoing(m *data.OutgoingMail) (err error) {
	m.State = data.OutboxWaiting
	m.ID, err = tx.insert("add outgoing mail",
		`INSERT INTO outgoing_mail (kind, state, account_id, ticket_id, thread_message_id, message_id, to_name, to_address, cc_addresses,
		 subject, text, created_at, attempts, next_try_at, last_error)
		 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 0, $13, '') RETURNING id`,
		m.Kind, m.State, orNull(m.AccountID), orNull(m.TicketID), orNull(m.ThreadID), m.MessageID, m.ToName, strings.Join(m.To, ","),
		strings.Join(m.Cc, ","), m.Subject, m.Text, m.CreatedAt, m.NextTryAt)
	return err
}

// OutgoingMail is one mail of the outbox: ErrNotFound when there is none.
func (tx *Tx) OutgoingMail(id int64) (m data.OutgoingMail, err error) {
	err = tx.get("find outgoing mail", outgoingFields(&m), `SELECT `+outgoingColumns+` FROM outgoing_mail WHERE id = $1`, id)
	return m, err
}

// OutgoingByMessageID is the mail that was sent under a Message-ID: ErrNotFound
// when none was.
func (tx *Tx) OutgoingByMessageID(messageID string) (m data.OutgoingMail, err error) {
	err = tx.get("find outgoing mail", outgoingFields(&m), `SELECT `+outgoingColumns+` FROM outgoing_mail WHERE message_id = $1`, messageID)
	return m, err
}

// FailedOutgoing are the mails that wait for a person, oldest first, at most
// limit.
func (tx *Tx) FailedOutgoing(limit int) ([]data.OutgoingMail, error) {
	return list(tx, "list outbox", outgoingFields,
		`SELECT `+outgoingColumns+` FROM outgoing_mail WHERE state IN ('failed', 'uncertain') ORDER BY id LIMIT $1`, limit)
}

// CountFailedOutgoing counts the mails that wait for a person, up to a most.
func (tx *Tx) CountFailedOutgoing(most int) (n int, err error) {
	err = tx.get("count outbox", []any{&n},
		`SELECT count(*) FROM (SELECT 1 FROM outgoing_mail WHERE state IN ('failed', 'uncertain') LIMIT $1) AS found`, most)
	return n, err
}

// AutomaticSince counts the mails that Guichet wrote to an address by itself
// since a time.
func (tx *Tx) AutomaticSince(address string, since time.Time) (n int, err error) {
	err = tx.get("count outgoing mails", []any{&n},
		`SELECT count(*) FROM outgoing_mail WHERE to_address = $1 AND created_at > $2 AND kind NOT IN ('reply', 'forward')`, address, since)
	return n, err
}

// WithdrawOutgoing takes a mail that was not tried yet out of the outbox, for
// good. ErrChanged: an attempt was made.
func (tx *Tx) WithdrawOutgoing(id int64) error {
	return tx.change("withdraw outgoing mail",
		`UPDATE outgoing_mail SET state = 'withdrawn', next_try_at = NULL, thread_message_id = NULL WHERE id = $1 AND state = 'waiting' AND attempts = 0`, id)
}

// SettleOutgoing has a mail that waits for a person tried again at a time, or
// not at all when it is zero. ErrChanged: it does not wait.
func (tx *Tx) SettleOutgoing(id int64, again time.Time) error {
	state := data.OutboxWaiting
	if again.IsZero() {
		state = data.OutboxWithdrawn
	}
	return tx.change("settle outgoing mail",
		`UPDATE outgoing_mail SET state = $2, next_try_at = $3 WHERE id = $1 AND state IN ('failed', 'uncertain')`, id, state, whenOrNull(again))
}

// DueOutgoing are the mails to be sent by a time, oldest first, at most limit.
func (tx *Tx) DueOutgoing(now time.Time, limit int) ([]data.OutgoingMail, error) {
	return list(tx, "list outbox", outgoingFields,
		`SELECT `+outgoingColumns+` FROM outgoing_mail WHERE next_try_at <= $1 ORDER BY id LIMIT $2`, now, limit)
}

// ClaimOutgoing counts an attempt at a mail before it is made, and sets when
// the next one would be. ErrChanged: another process made one, or the mail was
// withdrawn.
func (tx *Tx) ClaimOutgoing(m *data.OutgoingMail) error {
	m.Attempts++
	return tx.change("claim outgoing mail",
		`UPDATE outgoing_mail SET attempts = $2, next_try_at = $3 WHERE id = $1 AND attempts = $2 - 1 AND next_try_at IS NOT NULL`,
		m.ID, m.Attempts, m.NextTryAt)
}

// UpdateOutgoing writes the result of the attempt claimed. A mail withdrawn
// meanwhile is not tried again.
func (tx *Tx) UpdateOutgoing(m data.OutgoingMail) error {
	return tx.change("update outgoing mail",
		`UPDATE outgoing_mail SET next_try_at = CASE WHEN next_try_at IS NOT NULL THEN $3 ELSE next_try_at END, sent_at = $4, last_error = $5,
		 state = CASE WHEN next_try_at IS NULL AND $6 = 'waiting' THEN state ELSE $6 END WHERE id = $1 AND attempts = $2`,
		m.ID, m.Attempts, whenOrNull(m.NextTryAt), whenOrNull(m.SentAt), m.LastError, m.State)
}

// WithdrawActivations takes an account's unsent activation mails out of the
// outbox: a fresh one replaces them.
func (tx *Tx) WithdrawActivations(accountID int64) error {
	_, err := tx.exec("withdraw outgoing mail",
		`UPDATE outgoing_mail SET state = 'withdrawn', next_try_at = NULL, last_error = 'replaced' WHERE account_id = $1 AND kind = $2 AND sent_at IS NULL`,
		accountID, data.ActivationMail)
	return err
}

// KeepSentDraft keeps what a reply was before it was sent, both as JSON, for as
// long as it may be undone.
func (tx *Tx) KeepSentDraft(outgoingID int64, ticket, draft string) error {
	_, err := tx.exec("keep draft", `INSERT INTO sent_draft (outgoing_mail_id, ticket, draft) VALUES ($1, $2, $3)`, outgoingID, ticket, draft)
	return err
}

// SentDraft is what KeepSentDraft kept: ErrNotFound when it is no longer there.
func (tx *Tx) SentDraft(outgoingID int64) (ticket, draft string, err error) {
	err = tx.get("find draft", []any{&ticket, &draft}, `SELECT ticket, draft FROM sent_draft WHERE outgoing_mail_id = $1`, outgoingID)
	return ticket, draft, err
}

// ForgetSentDraft drops what KeepSentDraft kept.
func (tx *Tx) ForgetSentDraft(outgoingID int64) error {
	_, err := tx.exec("forget draft", `DELETE FROM sent_draft WHERE outgoing_mail_id = $1`, outgoingID)
	return err
}
