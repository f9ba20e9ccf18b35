package store

import (
	"strings"

	"guichet/data"
)

const organisationColumns = `o.id, o.kind, o.name, o.siren, o.insee_code, o.complement, o.street, o.distribution,
	o.postal_code, o.city, o.country, o.email, o.phone, o.created_at`

func organisationFields(o *data.Organisation) []any {
	return []any{
		&o.ID, &o.Kind, &o.Name, maybe(&o.SIREN), &o.INSEECode,
		&o.Address.Complement, &o.Address.Street, &o.Address.Distribution,
		&o.Address.PostalCode, &o.Address.City, &o.Address.Country, &o.Email, &o.Phone, at(&o.CreatedAt),
	}
}

// AddOrganisation adds an organisation and sets its ID. ErrTaken: its SIREN is
// registered already.
func (tx *Tx) AddOrganisation(o *data.Organisation) (err error) {
	a := o.Address
	o.ID, err = tx.insert("add organisation",
		`INSERT INTO organisation (kind, name, folded, siren, insee_code, complement, street, distribution,
		 postal_code, city, country, email, phone, created_at)
		 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) RETURNING id`,
		o.Kind, o.Name, data.Fold(o.Name), orNull(o.SIREN), o.INSEECode, a.Complement, a.Street, a.Distribution,
		a.PostalCode, a.City, a.Country, o.Email, o.Phone, o.CreatedAt)
	return err
}

// UpdateOrganisation writes what an operator may change of an organisation.
func (tx *Tx) UpdateOrganisation(o data.Organisation) error {
	a := o.Address
	return tx.change("update organisation",
		`UPDATE organisation SET kind = $2, name = $3, folded = $4, siren = $5, complement = $6, street = $7,
		 distribution = $8, postal_code = $9, city = $10, country = $11, email = $12, phone = $13 WHERE id = $1`,
		o.ID, o.Kind, o.Name, data.Fold(o.Name), orNull(o.SIREN), a.Complement, a.Street,
		a.Distribution, a.PostalCode, a.City, a.Country, o.Email, o.Phone)
}

// Organisation is one organisation: ErrNotFound when there is none.
func (tx *Tx) Organisation(id int64) (o data.Organisation, err error) {
	err = tx.get("find organisation", organisationFields(&o),
		`SELECT `+organisationColumns+` FROM organisation o WHERE o.id = $1`, id)
	return o, err
}

// OrganisationBySIREN is one organisation: ErrNotFound when there is none.
func (tx *Tx) OrganisationBySIREN(siren string) (o data.Organisation, err error) {
	err = tx.get("find organisation", organisationFields(&o),
		`SELECT `+organisationColumns+` FROM organisation o WHERE o.siren = $1`, siren)
	return o, err
}

// OrganisationsNamed are the organisations of exactly that name, whatever its
// capitals and accents.
func (tx *Tx) OrganisationsNamed(name string) ([]data.Organisation, error) {
	return list(tx, "find organisations", organisationFields,
		`SELECT `+organisationColumns+` FROM organisation o WHERE o.folded = $1 ORDER BY o.id`, data.Fold(name))
}

const summaryColumns = organisationColumns + `,
	r.civility, r.first_name, r.last_name, r.office,
	a.id, a.identifier, a.first_name, a.last_name,
	(SELECT count(*) FROM account WHERE organisation_id = o.id),
	(SELECT count(*) FROM request WHERE organisation_id = o.id AND closed_at IS NULL)`

func summaryFields(s *data.OrganisationSummary) []any {
	r, a := &s.Representative, &s.Administrator
	return append(organisationFields(&s.Organisation),
		maybe((*string)(&r.Civility)), maybe(&r.FirstName), maybe(&r.LastName), maybe(&r.Office),
		maybe(&a.ID), maybe(&a.Identifier), maybe(&a.FirstName), maybe(&a.LastName), &s.Accounts, &s.PendingRequests)
}

// Organisations are the organisations whose name, SIREN, postal code or an
// account's name, identifier or e-mail contains every word of a query, by
// name, at most limit of them.
func (tx *Tx) Organisations(query string, limit int) ([]data.OrganisationSummary, error) {
	conditions, args := []string{"1 = 1"}, []any{limit}
	for word := range strings.FieldsSeq(data.Fold(query)) {
		args = append(args, contains(word))
		conditions = append(conditions, strings.ReplaceAll(
			`(o.folded LIKE $n ESCAPE '\' OR o.siren LIKE $n ESCAPE '\' OR o.postal_code LIKE $n ESCAPE '\'
			 OR EXISTS (SELECT 1 FROM account WHERE organisation_id = o.id AND folded LIKE $n ESCAPE '\'))`,
			"$n", placeholder(len(args))))
	}
	return list(tx, "find organisations", summaryFields,
		`SELECT `+summaryColumns+` FROM organisation o
		 LEFT JOIN legal_representative r ON r.organisation_id = o.id AND r.until_day IS NULL
		 LEFT JOIN administration d ON d.organisation_id = o.id AND d.until IS NULL
		 LEFT JOIN account a ON a.id = d.account_id
		 WHERE `+strings.Join(conditions, " AND ")+` ORDER BY o.folded, o.id LIMIT $1`, args...)
}
