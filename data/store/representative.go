package store

import "guichet/data"

const representativeColumns = `r.id, r.organisation_id, r.civility, r.first_name, r.last_name, r.office, r.from_day, r.until_day`

func representativeFields(r *data.LegalRepresentative) []any {
	return []any{
		maybe(&r.ID), maybe(&r.OrganisationID), maybe((*string)(&r.Civility)), maybe(&r.FirstName), maybe(&r.LastName),
		maybe(&r.Office), at(&r.From), at(&r.Until),
	}
}

// AddRepresentative adds a mandate and sets its ID. ErrTaken: the organisation
// has a representative in office (R1).
func (tx *Tx) AddRepresentative(r *data.LegalRepresentative) (err error) {
	r.ID, err = tx.insert("add representative",
		`INSERT INTO legal_representative
		 (organisation_id, civility, first_name, last_name, office, from_day, until_day)
		 VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id`,
		r.OrganisationID, r.Civility, r.FirstName, r.LastName, r.Office, r.From, whenOrNull(r.Until))
	return err
}

// EndMandate ends the mandate of a representative in office.
func (tx *Tx) EndMandate(r data.LegalRepresentative) error {
	return tx.change("end mandate",
		`UPDATE legal_representative SET until_day = $2 WHERE id = $1 AND until_day IS NULL`, r.ID, r.Until)
}

// Representative is an organisation's representative in office: ErrNotFound
// when there is none.
func (tx *Tx) Representative(organisationID int64) (r data.LegalRepresentative, err error) {
	err = tx.get("find representative", representativeFields(&r),
		`SELECT `+representativeColumns+` FROM legal_representative r
		 WHERE r.organisation_id = $1 AND r.until_day IS NULL`, organisationID)
	return r, err
}

// Mandates are all mandates at the head of an organisation, newest first.
func (tx *Tx) Mandates(organisationID int64) ([]data.LegalRepresentative, error) {
	return list(tx, "list mandates", representativeFields,
		`SELECT `+representativeColumns+` FROM legal_representative r
		 WHERE r.organisation_id = $1 ORDER BY r.from_day DESC, r.id DESC`, organisationID)
}
