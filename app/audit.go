package app

import (
	"context"
	"encoding/hex"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"guichet/data"
	"guichet/data/store"
)

// AuditCheck is what VerifyAudit found.
type AuditCheck = store.AuditCheck

// VerifyAudit recomputes the audit's chain of hashes and finds its first
// broken link. Administrators.
func (a *App) VerifyAudit(ctx context.Context) (check AuditCheck, err error) {
	if _, err := allow(ctx, "VerifyAudit"); err != nil {
		return check, err
	}
	err = a.view(ctx, func(tx *store.Tx) (err error) {
		check, err = tx.CheckAudit()
		return err
	})
	return check, err
}

// Audit are a filter's entries, the newest first, limit of them from the
// offset-th on. Administrators.
func (a *App) Audit(ctx context.Context, filter data.AuditFilter, offset, limit int) (page []data.AuditEntry, err error) {
	if _, err := allow(ctx, "Audit"); err != nil {
		return nil, err
	}
	err = a.view(ctx, func(tx *store.Tx) (err error) {
		page, err = tx.AuditPage(filter, offset, limit)
		return err
	})
	return page, err
}

// CountAudit counts a filter's entries. Administrators.
func (a *App) CountAudit(ctx context.Context, filter data.AuditFilter) (n int, err error) {
	if _, err := allow(ctx, "CountAudit"); err != nil {
		return 0, err
	}
	err = a.view(ctx, func(tx *store.Tx) (err error) {
		n, err = tx.CountAudit(filter)
		return err
	})
	return n, err
}

// historyLimit is how many entries a record's history shows.
const historyLimit = 200

// History are the newest entries about one record, by its kind: "ticket",
// "batch", at most historyLimit. Help desk, administrators and readers; what is
// not a ticket's, a batch's, a letter's, an account's or an organisation's is the
// administrators' alone.
func (a *App) History(ctx context.Context, subject string, id int64) (entries []data.AuditEntry, err error) {
	operator, err := allow(ctx, "History")
	if err != nil {
		return nil, err
	}
	if !slices.Contains([]string{"ticket", "batch", "letter", "account", "organisation"}, subject) && !May(operator, "Audit") {
		return nil, refuse(NotFound, "Cet élément n’existe pas ou plus", nil)
	}
	err = a.view(ctx, func(tx *store.Tx) (err error) {
		entries, err = tx.Audit(data.AuditFilter{Subject: subject, SubjectID: id}, 0, historyLimit)
		return err
	})
	return entries, err
}

// auditColumns are the columns of an export of the audit.
var auditColumns = []string{"numero", "le", "operateur", "action", "sur", "id", "avant", "apres", "empreinte"}

// ExportAudit writes all of a filter's entries, the newest first. Administrators.
func (a *App) ExportAudit(ctx context.Context, filter data.AuditFilter, format Format, w io.Writer) error {
	operator, err := allow(ctx, "ExportAudit")
	if err != nil {
		return err
	}
	var rows [][]string
	err = a.view(ctx, func(tx *store.Tx) error {
		const page = 1000
		for before := int64(0); ; {
			entries, err := tx.Audit(filter, before, page)
			if err != nil {
				return err
			}
			for _, e := range entries {
				rows = append(rows, []string{
					strconv.FormatInt(e.ID, 10), e.At.Format(time.RFC3339), e.Operator, e.Action, e.Subject, strconv.FormatInt(e.SubjectID, 10),
					e.Before, e.After, hex.EncodeToString(e.Hash),
				})
				before = e.ID
			}
			if len(entries) < page {
				return nil
			}
		}
	})
	if err != nil {
		return err
	}
	return a.writeExport(ctx, operator, "audit.export", "audit", format, w, auditColumns, rows)
}

// AuditedRecord finds the record that a text names: an account's identifier, a
// letter's reference, a ticket's or a batch's number, an organisation's SIREN or
// name, an operator's login. Invalid when it names none. Administrators.
func (a *App) AuditedRecord(ctx context.Context, text string) (subject string, id int64, err error) {
	if _, err := allow(ctx, "AuditedRecord"); err != nil {
		return "", 0, err
	}
	text = strings.TrimSpace(text)
	err = a.view(ctx, func(tx *store.Tx) error {
		for _, kind := range []struct {
			subject string
			find    func() (int64, error)
		}{
			{"account", func() (int64, error) { r, err := tx.AccountByIdentifier(strings.ToLower(text)); return r.ID, err }},
			{"letter", func() (int64, error) { r, err := tx.LetterByReference(strings.ToUpper(text)); return r.Letter.ID, err }},
			{"ticket", func() (int64, error) { r, err := tx.TicketByNumber(strings.Trim(text, "[]#")); return r.ID, err }},
			{"batch", func() (int64, error) { r, err := tx.Batch(strings.ToUpper(text)); return r.ID, err }},
			{"operator", func() (int64, error) { r, err := tx.OperatorByLogin(strings.ToLower(text)); return r.ID, err }},
			{"organisation", func() (int64, error) {
				r, err := tx.OrganisationBySIREN(strings.ReplaceAll(text, " ", ""))
				return r.ID, err
			}},
			{"organisation", func() (int64, error) {
				named, err := tx.OrganisationsNamed(text)
				return append(named, data.Organisation{})[0].ID, err
			}},
		} {
			found, err := kind.find()
			if err != nil && !errors.Is(err, store.ErrNotFound) {
				return err
			}
			if err == nil && found != 0 {
				subject, id = kind.subject, found
				return nil
			}
		}
		return data.Problems{{Field: "record", Message: "Rien ne s’appelle « {{.Value}} »", Values: data.Values{"Value": text}}}
	})
	return subject, id, err
}
