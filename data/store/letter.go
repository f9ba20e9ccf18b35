package store

import (
	"encoding/json"
	"time"

	"guichet/data"
)

const letterColumns = `l.id, l.reference, l.request_id, l.state, l.queued_at, l.batch_id, l.sheet, l.lines,
	l.posted_on, l.ended_at, l.salt, l.hash, l.wrong_pairs, l.return_reason, l.replaces_id`

func letterFields(l *data.Letter) []any {
	return []any{
		&l.ID, &l.Reference, &l.RequestID, &l.State, at(&l.QueuedAt), maybe(&l.BatchID), &l.Sheet, joined(&l.Lines, "\n"),
		at(&l.PostedOn), at(&l.EndedAt), &l.Salt, &l.Hash, &l.WrongPairs, &l.ReturnReason,
		maybe(&l.ReplacesID),
	}
}

const letterFileFrom = ` FROM letter l
	JOIN request q ON q.id = l.request_id
	JOIN account a ON a.id = q.account_id
	JOIN organisation o ON o.id = q.organisation_id
	LEFT JOIN legal_representative r ON r.organisation_id = o.id AND r.until_day IS NULL
	LEFT JOIN batch b ON b.id = l.batch_id
	LEFT JOIN letter p ON p.id = l.replaces_id`

const selectLetterFile = `SELECT ` + letterColumns + `, ` + requestColumns + `, ` + accountColumns + `, ` +
	organisationColumns + `, ` + representativeColumns + `, b.number, p.reference` + letterFileFrom

func letterFileFields(f *data.LetterFile) []any {
	fields := append(letterFields(&f.Letter), requestFields(&f.Request)...)
	fields = append(fields, accountFields(&f.Account)...)
	fields = append(fields, organisationFields(&f.Organisation)...)
	fields = append(fields, representativeFields(&f.Representative)...)
	return append(fields, maybe(&f.BatchNumber), maybe(&f.Replaces))
}

// AddLetter adds a queued letter and sets its ID.
func (tx *Tx) AddLetter(l *data.Letter) (err error) {
	l.ID, err = tx.insert("queue letter",
		`INSERT INTO letter (reference, request_id, state, queued_at, sheet, lines, wrong_pairs, replaces_id)
		 VALUES ($1, $2, $3, $4, 0, '', 0, $5) RETURNING id`,
		l.Reference, l.RequestID, data.Queued, l.QueuedAt, orNull(l.ReplacesID))
	return err
}

// MoveLetter writes a letter's state and what came with it. ErrChanged: the
// letter is no longer in the state from.
func (tx *Tx) MoveLetter(from data.LetterState, l data.Letter) error {
	return tx.change("move letter "+l.Reference,
		`UPDATE letter SET state = $3, batch_id = $4, sheet = $5, lines = $6, posted_on = $7, ended_at = $8,
		 salt = $9, hash = $10, wrong_pairs = $11, return_reason = $12 WHERE id = $1 AND state = $2`,
		l.ID, from, l.State, orNull(l.BatchID), l.Sheet, join(l.Lines, "\n"), whenOrNull(l.PostedOn),
		whenOrNull(l.EndedAt), l.Salt, l.Hash, l.WrongPairs, l.ReturnReason)
}

// LetterByReference is one letter with all that it is about: ErrNotFound when
// there is none.
func (tx *Tx) LetterByReference(reference string) (f data.LetterFile, err error) {
	err = tx.get("find letter", letterFileFields(&f), selectLetterFile+` WHERE l.reference = $1`, reference)
	return f, err
}

// LetterFile is one letter with all that it is about: ErrNotFound when there
// is none.
func (tx *Tx) LetterFile(id int64) (f data.LetterFile, err error) {
	err = tx.get("find letter", letterFileFields(&f), selectLetterFile+` WHERE l.id = $1`, id)
	return f, err
}

// QueuedLetters are the letters that wait to be composed, sorted by postal
// code, those without one last, then in the order in which they were queued.
func (tx *Tx) QueuedLetters() ([]data.LetterFile, error) {
	return list(tx, "list queue", letterFileFields, selectQueue, data.Queued)
}

const (
	selectQueue = selectLetterFile + ` WHERE l.state = $1` + queueOrder
	queueOrder  = ` ORDER BY o.postal_code = '', o.postal_code, l.id`
)

// EachQueuedLetter hands over the letters that wait to be composed, in the
// order of QueuedLetters, one by one: the queue may be long.
func (tx *Tx) EachQueuedLetter(do func(*data.LetterFile) error) error {
	return each(tx, "read queue", letterFileFields, do, selectQueue, data.Queued)
}

// ClaimQueuedLetters hands letters over as EachQueuedLetter does: those of ids,
// or all without any. On a shared register, within Claim, it leaves out those that
// another workstation claimed, and claims the others.
func (tx *Tx) ClaimQueuedLetters(ids []int64, do func(*data.LetterFile) error) error {
	among, args, err := tx.queued(ids)
	if err != nil {
		return err
	}
	return each(tx, "claim letters", letterFileFields, do, selectLetterFile+among+queueOrder+tx.engine.claim("l"), args...)
}

// CountQueuedLetters counts the letters that wait to be composed: of ids, or of all
// without any.
func (tx *Tx) CountQueuedLetters(ids []int64) (n int, err error) {
	among, args, err := tx.queued(ids)
	if err == nil {
		err = tx.get("count queue", []any{&n}, `SELECT count(*) FROM letter l`+among, args...)
	}
	return n, err
}

// queued is the condition that a letter waits to be composed and is one of ids, if
// there are any.
func (tx *Tx) queued(ids []int64) (where string, args []any, err error) {
	where, args = ` WHERE l.state = $1`, []any{data.Queued}
	if len(ids) > 0 {
		list, err := json.Marshal(ids)
		if err != nil {
			return "", nil, err
		}
		where, args = where+` AND l.id IN (`+tx.engine.numbers("$2")+`)`, append(args, string(list))
	}
	return where, args, nil
}

// ComposeLetter makes a queued letter a sheet of a batch. ErrChanged: it is no
// longer queued.
func (tx *Tx) ComposeLetter(l data.Letter) error {
	return tx.change("compose letter",
		`UPDATE letter SET state = 'composed', batch_id = $2, sheet = $3, lines = $4, salt = $5, hash = $6, wrong_pairs = 0
		 WHERE id = $1 AND state = 'queued'`,
		l.ID, l.BatchID, l.Sheet, join(l.Lines, "\n"), l.Salt, l.Hash)
}

// PostBatchLetters makes a batch's letters that are still composed posted on a
// day.
func (tx *Tx) PostBatchLetters(batchID int64, day time.Time) error {
	_, err := tx.exec("post letters", `UPDATE letter SET state = 'posted', posted_on = $2 WHERE batch_id = $1 AND state = 'composed'`, batchID, day)
	return err
}

// RequeueBatchLetters queues a batch's letters that are still composed again,
// without codes.
func (tx *Tx) RequeueBatchLetters(batchID int64) error {
	_, err := tx.exec("queue letters again",
		`UPDATE letter SET state = 'queued', batch_id = NULL, sheet = 0, lines = '', salt = NULL, hash = NULL, wrong_pairs = 0
		 WHERE batch_id = $1 AND state = 'composed'`, batchID)
	return err
}

// PostedLetters are the letters posted and not ended, oldest first.
func (tx *Tx) PostedLetters() ([]data.Letter, error) {
	return list(tx, "list letters", letterFields,
		`SELECT `+letterColumns+` FROM letter l WHERE l.state = $1 ORDER BY l.id`, data.Posted)
}

// BatchLetters are a batch's letters by sheet.
func (tx *Tx) BatchLetters(batchID int64) ([]data.Letter, error) {
	return list(tx, "list batch", letterFields,
		`SELECT `+letterColumns+` FROM letter l WHERE l.batch_id = $1 ORDER BY l.sheet`, batchID)
}

// LettersOfRequests are the letters of some requests, oldest first.
func (tx *Tx) LettersOfRequests(requests ...data.Request) ([]data.Letter, error) {
	if len(requests) == 0 {
		return nil, nil
	}
	var args []any
	for _, r := range requests {
		args = append(args, r.ID)
	}
	return list(tx, "list letters", letterFields,
		`SELECT `+letterColumns+` FROM letter l WHERE l.request_id IN (`+placeholders(1, len(args))+`) ORDER BY l.id`, args...)
}

// OrganisationLetters are an organisation's letters, newest first.
func (tx *Tx) OrganisationLetters(organisationID int64) ([]data.LetterFile, error) {
	return list(tx, "list letters", letterFileFields,
		selectLetterFile+` WHERE q.organisation_id = $1 ORDER BY l.id DESC`, organisationID)
}

// AccountLetters are the letters of an account's requests, newest first.
func (tx *Tx) AccountLetters(accountID int64) ([]data.LetterFile, error) {
	return list(tx, "list letters", letterFileFields, selectLetterFile+` WHERE q.account_id = $1 ORDER BY l.id DESC`, accountID)
}

// CountLetters counts the letters by state.
func (tx *Tx) CountLetters() (map[data.LetterState]int, error) {
	return counts[data.LetterState](tx, "count letters", `SELECT state, count(*) FROM letter GROUP BY state`)
}
