package store

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"strings"
	"time"

	"guichet/data"
)

const auditColumns = `id, at, operator, action, subject, subject_id, before, after, salt, digest, hash`

func auditFields(e *data.AuditEntry) []any {
	return []any{
		&e.ID, at(&e.At), &e.Operator, &e.Action, &e.Subject, &e.SubjectID, &e.Before, &e.After, &e.Salt, &e.Digest, &e.Hash,
	}
}

// AddAudit appends an entry to the chain; it stands or falls with the
// transaction.
func (tx *Tx) AddAudit(e data.AuditEntry) error {
	previous, err := tx.lastAuditHash()
	if err != nil {
		return err
	}
	e.Salt = make([]byte, 16)
	rand.Read(e.Salt) //nolint:errcheck // it never fails
	e.Digest = e.TextsDigest()
	_, err = tx.exec("write audit",
		`INSERT INTO audit (at, operator, action, subject, subject_id, before, after, salt, digest, hash)
		 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		e.At, e.Operator, e.Action, e.Subject, e.SubjectID, e.Before, e.After, e.Salt, e.Digest, e.ChainHash(previous))
	return errors.Join(err, tx.tell(e.Action, e.Subject, e.SubjectID))
}

// lastAuditHash is the hash that the next entry follows: that of the newest, or,
// when all were purged, of the last one purged.
func (tx *Tx) lastAuditHash() (hash []byte, err error) {
	err = tx.get("read audit", []any{&hash}, `SELECT hash FROM audit ORDER BY id DESC LIMIT 1`)
	if errors.Is(err, ErrNotFound) {
		return tx.auditAnchor()
	}
	return hash, err
}

// LastAudit is the ID of the newest entry; 0 when there is none. Every change
// writes one: as long as it stays, nothing that use cases read has changed.
func (tx *Tx) LastAudit() (id int64, err error) {
	err = tx.get("read audit", []any{&id}, `SELECT coalesce(max(id), 0) FROM audit`)
	return id, err
}

// auditAnchor is the hash of the last entry that was purged; nil when none was.
func (tx *Tx) auditAnchor() ([]byte, error) {
	text, err := tx.Setting("audit_anchor")
	if err != nil || text == "" {
		return nil, err
	}
	return hex.DecodeString(text)
}

// AuditCheck is what CheckAudit found.
type AuditCheck struct {
	Entries int             // read
	Erased  int             // whose texts were erased
	Broken  data.AuditEntry // the first that does not follow; zero: the chain is whole
}

// CheckAudit recomputes the chain. After a purge it begins where the purge said,
// in its own entry, that it ended.
func (tx *Tx) CheckAudit() (check AuditCheck, err error) {
	previous, err := tx.auditAnchor()
	if err != nil {
		return check, err
	}
	anchored := previous == nil
	anchor := hex.EncodeToString(previous)
	for after := int64(0); ; {
		entries, err := list(tx, "read audit", auditFields,
			`SELECT `+auditColumns+` FROM audit WHERE id > $1 ORDER BY id LIMIT 1000`, after)
		if err != nil {
			return check, err
		}
		for _, e := range entries {
			if check.Entries++; !e.Follows(previous) {
				check.Broken = e
				return check, nil
			}
			if e.Erased() {
				check.Erased++
			}
			anchored = anchored || e.Action == data.AuditPurged && strings.Contains(e.After, anchor)
			previous, after = e.Hash, e.ID
		}
		if len(entries) == 0 {
			break
		}
	}
	if !anchored { // entries are gone that no purge took
		err = tx.get("read audit", auditFields(&check.Broken), `SELECT `+auditColumns+` FROM audit ORDER BY id LIMIT 1`)
	}
	return check, err
}

// PurgeAudit takes away the oldest entries up to one, which the next follows
// from then on; it returns how many, and the hash of the last.
func (tx *Tx) PurgeAudit(upTo int64) (purged int64, last string, err error) {
	var hash []byte
	if err := tx.get("read audit", []any{&hash}, `SELECT hash FROM audit WHERE id = $1`, upTo); err != nil {
		return 0, "", err
	}
	last = hex.EncodeToString(hash)
	purged, err = tx.exec("purge audit", `DELETE FROM audit WHERE id <= $1`, upTo)
	return purged, last, errors.Join(err, tx.SetSetting("audit_anchor", last))
}

// AuditUpTo is the newest entry that, with all before it, is older than a time, and
// how many they are; 0 when the oldest is younger. Entries written while the clock
// was wrong stay between their neighbours.
func (tx *Tx) AuditUpTo(before time.Time) (id int64, count int, err error) {
	err = tx.get("read audit", []any{&id, &count},
		`SELECT coalesce(max(id), 0), count(*) FROM audit
		 WHERE id < coalesce((SELECT min(id) FROM audit WHERE at >= $1), (SELECT max(id) + 1 FROM audit))`, before)
	return id, count, err
}

// EraseAuditTexts takes the texts out of all entries about a record; the chain
// stays whole.
func (tx *Tx) EraseAuditTexts(subject string, id int64) (erased int64, err error) {
	return tx.exec("erase audit texts",
		`UPDATE audit SET before = '', after = '', salt = NULL WHERE subject = $1 AND subject_id = $2 AND salt IS NOT NULL`, subject, id)
}

// EraseAuditMentions takes the texts out of the entries about a record that hold
// a text, as JSON has it.
func (tx *Tx) EraseAuditMentions(subject string, id int64, text string) error {
	_, err := tx.exec("erase audit texts",
		`UPDATE audit SET before = '', after = '', salt = NULL WHERE subject = $1 AND subject_id = $2 AND salt IS NOT NULL
		 AND (before LIKE $3 ESCAPE '\' OR after LIKE $3 ESCAPE '\')`, subject, id, contains(text))
	return err
}

// auditWhere is a filter's condition, its arguments from the first-th on.
func auditWhere(f data.AuditFilter) (where string, args []any) {
	conditions := []string{"TRUE"}
	add := func(condition string, value any) {
		args = append(args, value)
		conditions = append(conditions, strings.ReplaceAll(condition, "?", placeholder(len(args))))
	}
	if f.Operator != "" {
		add("operator = ?", f.Operator)
	}
	if kind, all := strings.CutSuffix(f.Action, "."); all {
		add("action >= ?", kind+".")
		add("action < ?", kind+"/") // what comes after a dot
	} else if f.Action != "" {
		add("action = ?", f.Action)
	}
	if f.Subject != "" {
		add("subject = ?", f.Subject)
	}
	if f.SubjectID != 0 {
		add("subject_id = ?", f.SubjectID)
	}
	if !f.From.IsZero() {
		add("at >= ?", f.From)
	}
	if !f.Until.IsZero() {
		add("at < ?", f.Until)
	}
	return strings.Join(conditions, " AND "), args
}

// Audit are a filter's entries, the newest first: limit of them, before the
// entry with an ID; 0: from the newest on.
func (tx *Tx) Audit(f data.AuditFilter, before int64, limit int) ([]data.AuditEntry, error) {
	where, args := auditWhere(f)
	if before != 0 {
		args = append(args, before)
		where += " AND id < " + placeholder(len(args))
	}
	args = append(args, limit)
	return list(tx, "read audit", auditFields,
		`SELECT `+auditColumns+` FROM audit WHERE `+where+` ORDER BY id DESC LIMIT `+placeholder(len(args)), args...)
}

// AuditPage are a filter's entries, the newest first: limit of them from the
// offset-th on.
func (tx *Tx) AuditPage(f data.AuditFilter, offset, limit int) ([]data.AuditEntry, error) {
	where, args := auditWhere(f)
	args = append(args, limit, offset)
	return list(tx, "read audit", auditFields,
		`SELECT `+auditColumns+` FROM audit WHERE `+where+
			` ORDER BY id DESC LIMIT `+placeholder(len(args)-1)+` OFFSET `+placeholder(len(args)), args...)
}

// CountAudit counts a filter's entries.
func (tx *Tx) CountAudit(f data.AuditFilter) (n int, err error) {
	where, args := auditWhere(f)
	err = tx.get("count audit", []any{&n}, `SELECT count(*) FROM audit WHERE `+where, args...)
	return n, err
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
