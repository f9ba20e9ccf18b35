package store

import "guichet/data"

const requestColumns = `q.id, q.organisation_id, q.account_id, q.kind, q.created_at, q.closed_at, q.outcome`

func requestFields(r *data.Request) []any {
	return []any{&r.ID, &r.OrganisationID, &r.AccountID, &r.Kind, at(&r.CreatedAt), at(&r.ClosedAt), &r.Outcome}
}

// AddRequest adds an open request and sets its ID.
func (tx *Tx) AddRequest(r *data.Request) (err error) {
	r.ID, err = tx.insert("add request",
		`INSERT INTO request (organisation_id, account_id, kind, created_at, outcome) VALUES ($1, $2, $3, $4, '') RETURNING id`,
		r.OrganisationID, r.AccountID, r.Kind, r.CreatedAt)
	return err
}

// CloseRequest ends an open request. ErrChanged: it is closed already.
func (tx *Tx) CloseRequest(r data.Request) error {
	return tx.change("close request",
		`UPDATE request SET closed_at = $2, outcome = $3 WHERE id = $1 AND closed_at IS NULL`, r.ID, r.ClosedAt, r.Outcome)
}

// OpenRequests are an organisation's open requests, oldest first.
func (tx *Tx) OpenRequests(organisationID int64) ([]data.Request, error) {
	return list(tx, "list requests", requestFields,
		`SELECT `+requestColumns+` FROM request q WHERE q.organisation_id = $1 AND q.closed_at IS NULL ORDER BY q.id`, organisationID)
}

// AccountRequests are an account's requests, oldest first.
func (tx *Tx) AccountRequests(accountID int64) ([]data.Request, error) {
	return list(tx, "list requests", requestFields,
		`SELECT `+requestColumns+` FROM request q WHERE q.account_id = $1 ORDER BY q.id`, accountID)
}

// CountRegister counts the open requests and the organisations.
func (tx *Tx) CountRegister() (requests, organisations int, err error) {
	err = tx.get("count the register", []any{&requests, &organisations},
		`SELECT (SELECT count(*) FROM request WHERE closed_at IS NULL), (SELECT count(*) FROM organisation WHERE archived_at IS NULL)`)
	return requests, organisations, err
}
