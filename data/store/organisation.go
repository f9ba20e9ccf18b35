package store

import (
	"time"

	"guichet/data"
)

const organisationColumns = `o.id, o.kind, o.name, o.siren, o.insee_code, o.complement, o.street, o.distribution,
	o.postal_code, o.city, o.country, o.email, o.phone, o.created_at, o.siret, o.archived_at, o.merged_into, o.address_doubted_at`

func organisationFields(o *data.Organisation) []any {
	return []any{
		&o.ID, &o.Kind, &o.Name, maybe(&o.SIREN), &o.INSEECode,
		&o.Address.Complement, &o.Address.Street, &o.Address.Distribution,
		&o.Address.PostalCode, &o.Address.City, &o.Address.Country, &o.Email, &o.Phone, at(&o.CreatedAt),
		&o.SIRET, at(&o.ArchivedAt), maybe(&o.MergedInto), at(&o.AddressDoubtedAt),
	}
}

// AddOrganisation adds an organisation and sets its ID. ErrTaken: its SIREN is
// registered already.
func (tx *Tx) AddOrganisation(o *data.Organisation) (err error) {
	a := o.Address
	o.ID, err = tx.insert("add organisation",
		`INSERT INTO organisation (kind, name, folded, siren, insee_code, complement, street, distribution,
		 postal_code, city, country, email, phone, created_at, siret)
		 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) RETURNING id`,
		o.Kind, o.Name, data.Fold(o.Name), orNull(o.SIREN), o.INSEECode, a.Complement, a.Street, a.Distribution,
		a.PostalCode, a.City, a.Country, o.Email, o.Phone, o.CreatedAt, o.SIRET)
	if err != nil {
		return err
	}
	return tx.indexOrganisation(o.ID)
}

// UpdateOrganisation writes what an operator may change of an organisation.
func (tx *Tx) UpdateOrganisation(o data.Organisation) error {
	a := o.Address
	err := tx.change("update organisation",
		`UPDATE organisation SET kind = $2, name = $3, folded = $4, siren = $5, complement = $6, street = $7,
		 distribution = $8, postal_code = $9, city = $10, country = $11, email = $12, phone = $13, siret = $14,
		 archived_at = $15, merged_into = $16, insee_code = $17, address_doubted_at = $18 WHERE id = $1`,
		o.ID, o.Kind, o.Name, data.Fold(o.Name), orNull(o.SIREN), a.Complement, a.Street,
		a.Distribution, a.PostalCode, a.City, a.Country, o.Email, o.Phone, o.SIRET, whenOrNull(o.ArchivedAt), orNull(o.MergedInto),
		o.INSEECode, whenOrNull(o.AddressDoubtedAt))
	if err != nil {
		return err
	}
	return tx.indexOrganisation(o.ID)
}

// SetAddressDoubted notes since when an organisation's address is in doubt;
// the zero time: it is not.
func (tx *Tx) SetAddressDoubted(id int64, since time.Time) error {
	return tx.change("doubt an address", `UPDATE organisation SET address_doubted_at = $2 WHERE id = $1`, id, whenOrNull(since))
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

// MoveToOrganisation moves what belongs to an organisation to another one. Its
// active administrator stays one only where the other has none.
func (tx *Tx) MoveToOrganisation(from, to int64, now time.Time) error {
	if _, err := tx.exec("end administration",
		`UPDATE administration SET until = $3 WHERE organisation_id = $1 AND until IS NULL
		 AND EXISTS (SELECT 1 FROM administration WHERE organisation_id = $2 AND until IS NULL)`, from, to, now); err != nil {
		return err
	}
	for _, table := range []string{"account", "request", "administration", "subscription", "ticket"} {
		if _, err := tx.exec("move "+table,
			`UPDATE `+table+` SET organisation_id = $2 WHERE organisation_id = $1`, from, to); err != nil {
			return err
		}
	}
	return nil
}

// OrganisationsNamed are the organisations, not archived, of exactly that name,
// whatever its capitals and accents.
func (tx *Tx) OrganisationsNamed(name string) ([]data.Organisation, error) {
	return list(tx, "find organisations", organisationFields,
		`SELECT `+organisationColumns+` FROM organisation o WHERE o.folded = $1 AND o.archived_at IS NULL
		 ORDER BY o.id`, data.Fold(name))
}
