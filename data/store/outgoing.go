package store

import (
	"time"

	"guichet/data"
)

const outgoingColumns = `id, kind, account_id, message_id, to_name, to_address, subject, text, created_at, attempts,
	next_try_at, sent_at, last_error`

func outgoingFields(m *data.OutgoingMail) []any {
	return []any{
		&m.ID, &m.Kind, maybe(&m.AccountID), &m.MessageID, &m.ToName, &m.ToAddress, &m.Subject, &m.Text, at(&m.CreatedAt),
		&m.Attempts, at(&m.NextTryAt), at(&m.SentAt), &m.LastError,
	}
}

// AddOutgoing puts a mail into the outbox and sets its ID.
func (tx *Tx) AddOutgoing(m *data.OutgoingMail) (err error) {
	m.ID, err = tx.insert("add outgoing mail",
		`INSERT INTO outgoing_mail (kind, account_id, message_id, to_name, to_address, subject, text, created_at, attempts,
		 next_try_at, last_error) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, $9, '') RETURNING id`,
		m.Kind, orNull(m.AccountID), m.MessageID, m.ToName, m.ToAddress, m.Subject, m.Text, m.CreatedAt, m.NextTryAt)
	return err
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
		`UPDATE outgoing_mail SET next_try_at = CASE WHEN next_try_at IS NULL THEN NULL ELSE $3 END, sent_at = $4, last_error = $5
		 WHERE id = $1 AND attempts = $2`,
		m.ID, m.Attempts, whenOrNull(m.NextTryAt), whenOrNull(m.SentAt), m.LastError)
}

// WithdrawActivations takes an account's unsent activation mails out of the
// outbox: a fresh one replaces them.
func (tx *Tx) WithdrawActivations(accountID int64) error {
	_, err := tx.exec("withdraw outgoing mail",
		`UPDATE outgoing_mail SET next_try_at = NULL, last_error = 'replaced' WHERE account_id = $1 AND kind = $2 AND sent_at IS NULL`,
		accountID, data.ActivationMail)
	return err
}
