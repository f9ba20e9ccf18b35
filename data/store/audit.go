package store

import (
	"bytes"
	"errors"

	"guichet/data"
)

const auditColumns = `id, at, operator, action, subject, subject_id, before, after, hash`

func auditFields(e *data.AuditEntry) []any {
	return []any{&e.ID, at(&e.At), &e.Operator, &e.Action, &e.Subject, &e.SubjectID, &e.Before, &e.After, &e.Hash}
}

// AddAudit appends an entry to the chain; it stands or falls with the
// transaction.
func (tx *Tx) AddAudit(e data.AuditEntry) error {
	var previous []byte
	err := tx.get("read audit", []any{&previous}, `SELECT hash FROM audit ORDER BY id DESC LIMIT 1`)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return err
	}
	_, err = tx.exec("write audit",
		`INSERT INTO audit (at, operator, action, subject, subject_id, before, after, hash)
		 VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		e.At, e.Operator, e.Action, e.Subject, e.SubjectID, e.Before, e.After, e.ChainHash(previous))
	return err
}

// LastAudit is the ID of the newest entry; 0 when there is none. Every change
// writes one: as long as it stays, nothing that use cases read has changed.
func (tx *Tx) LastAudit() (id int64, err error) {
	err = tx.get("read audit", []any{&id}, `SELECT coalesce(max(id), 0) FROM audit`)
	return id, err
}

// BrokenAudit is the first entry whose hash does not follow from the entry
// before it; ErrNotFound when the chain is whole. checked counts the entries
// read.
func (tx *Tx) BrokenAudit() (broken data.AuditEntry, checked int, err error) {
	var previous []byte
	for after := int64(0); ; {
		entries, err := list(tx, "read audit", auditFields,
			`SELECT `+auditColumns+` FROM audit WHERE id > $1 ORDER BY id LIMIT 1000`, after)
		if err != nil {
			return broken, checked, err
		}
		if len(entries) == 0 {
			return broken, checked, ErrNotFound
		}
		for _, e := range entries {
			checked++
			if !bytes.Equal(e.ChainHash(previous), e.Hash) {
				return e, checked, nil
			}
			previous, after = e.Hash, e.ID
		}
	}
}

// RecentAudit are the newest entries of an operator, or of everybody when none
// is named, at most limit; mails sent, of which there are a hundred to each act,
// are left out.
func (tx *Tx) RecentAudit(login string, limit int) ([]data.AuditEntry, error) {
	return list(tx, "read audit", auditFields,
		`SELECT `+auditColumns+` FROM audit WHERE ($1 = '' OR operator = $1) AND action <> 'mail.send' ORDER BY id DESC LIMIT $2`, login, limit)
}

// OrganisationHistory are the newest entries about an organisation, its
// accounts, its letters and its tickets, at most limit.
func (tx *Tx) OrganisationHistory(organisationID int64, limit int) ([]data.AuditEntry, error) {
	return list(tx, "read history", auditFields,
		`SELECT `+auditColumns+` FROM audit WHERE (subject = 'organisation' AND subject_id = $1)
		 OR (subject = 'account' AND subject_id IN (SELECT id FROM account WHERE organisation_id = $1))
		 OR (subject = 'letter' AND subject_id IN
		  (SELECT l.id FROM letter l JOIN request q ON q.id = l.request_id WHERE q.organisation_id = $1))
		 OR (subject = 'ticket' AND subject_id IN (SELECT id FROM ticket WHERE organisation_id = $1))
		 ORDER BY id DESC LIMIT $2`, organisationID, limit)
}

// AccountHistory are the newest entries about an account, its letters and its
// tickets, at most limit.
func (tx *Tx) AccountHistory(accountID int64, limit int) ([]data.AuditEntry, error) {
	return list(tx, "read history", auditFields,
		`SELECT `+auditColumns+` FROM audit WHERE (subject = 'account' AND subject_id = $1)
		 OR (subject = 'letter' AND subject_id IN
		  (SELECT l.id FROM letter l JOIN request q ON q.id = l.request_id WHERE q.account_id = $1))
		 OR (subject = 'ticket' AND subject_id IN (SELECT id FROM ticket WHERE account_id = $1))
		 ORDER BY id DESC LIMIT $2`, accountID, limit)
}
