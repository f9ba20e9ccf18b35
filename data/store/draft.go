package store

import (
	"errors"

	"guichet/data"
)

// SaveDraft writes an operator's draft of a ticket, in the place of the former
// one, and sets its ID. Its files are kept apart: see AddDraftFile.
func (tx *Tx) SaveDraft(d *data.Draft) (err error) {
	d.ID, err = tx.insert("save draft",
		`INSERT INTO draft (ticket_id, operator_id, kind, recipients, cc, subject, text, saved_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		 ON CONFLICT (ticket_id, operator_id) DO UPDATE SET kind = excluded.kind, recipients = excluded.recipients, cc = excluded.cc,
		 subject = excluded.subject, text = excluded.text, saved_at = excluded.saved_at RETURNING id`,
		d.TicketID, d.OperatorID, d.Kind, d.To, d.Cc, d.Subject, d.Text, d.SavedAt)
	return err
}

// Draft is an operator's draft of a ticket, with its files but not their
// content; zero when there is none.
func (tx *Tx) Draft(ticketID, operatorID int64) (d data.Draft, err error) {
	err = tx.get("find draft", []any{&d.ID, &d.TicketID, &d.OperatorID, &d.Kind, &d.To, &d.Cc, &d.Subject, &d.Text, at(&d.SavedAt)},
		`SELECT id, ticket_id, operator_id, kind, recipients, cc, subject, text, saved_at FROM draft WHERE ticket_id = $1 AND operator_id = $2`,
		ticketID, operatorID)
	if errors.Is(err, ErrNotFound) {
		return data.Draft{}, nil
	} else if err != nil {
		return d, err
	}
	d.Files, err = list(tx, "list draft's files", func(a *data.Attachment) []any { return []any{&a.ID, &a.Name, &a.ContentType, &a.Size} },
		`SELECT id, name, content_type, size FROM draft_file WHERE draft_id = $1 ORDER BY id`, d.ID)
	return d, err
}

// DropDraft takes an operator's draft of a ticket away, with its files.
func (tx *Tx) DropDraft(ticketID, operatorID int64) error {
	_, err := tx.exec("drop draft", `DELETE FROM draft WHERE ticket_id = $1 AND operator_id = $2`, ticketID, operatorID)
	return err
}

// AddDraftFile adds a file to a draft and sets its ID.
func (tx *Tx) AddDraftFile(draftID int64, a *data.Attachment) (err error) {
	a.ID, err = tx.insert("add file", `INSERT INTO draft_file (draft_id, name, content_type, size, content) VALUES ($1, $2, $3, $4, $5) RETURNING id`,
		draftID, a.Name, a.ContentType, a.Size, a.Content)
	return err
}

// DropDraftFile takes a file off an operator's draft.
func (tx *Tx) DropDraftFile(id, operatorID int64) error {
	return tx.change("drop file", `DELETE FROM draft_file WHERE id = $1 AND draft_id IN (SELECT d.id FROM draft d WHERE d.operator_id = $2)`, id, operatorID)
}

// DraftFiles are a draft's files with their content.
func (tx *Tx) DraftFiles(draftID int64) ([]data.Attachment, error) {
	return list(tx, "list draft's files", func(a *data.Attachment) []any { return []any{&a.ID, &a.Name, &a.ContentType, &a.Size, &a.Content} },
		`SELECT id, name, content_type, size, content FROM draft_file WHERE draft_id = $1 ORDER BY id`, draftID)
}
