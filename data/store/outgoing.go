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

// UpdateOutgoing writes the result of an attempt.
func (tx *Tx) UpdateOutgoing(m data.OutgoingMail) error {
	return tx.change("update outgoing mail",
		`UPDATE outgoing_mail SET attempts = $2, next_try_at = $3, sent_at = $4, last_error = $5 WHERE id = $1`,
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
