package app

import (
	"errors"
	"slices"
	"strings"
	"time"

	"guichet/data"
	"guichet/data/store"
)

// organisationColumns are the columns of an organisations file. The
// representative's are read only when the organisation has none in office.
var organisationColumns = []string{
	"type", "nom", "siren", "siret", "code_insee", "complement", "adresse", "distribution", "code_postal", "libelle_acheminement",
	"pays", "courriel", "telephone", "representant_civilite", "representant_prenom", "representant_nom", "representant_fonction",
}

// organisationValues are an organisation's values, in the order of the columns.
func organisationValues(o data.Organisation, r data.LegalRepresentative) []string {
	a := o.Address
	return []string{
		string(o.Kind), o.Name, o.SIREN, o.SIRET, o.INSEECode, a.Complement, a.Street, a.Distribution, a.PostalCode, a.City, a.Country,
		o.Email, o.Phone, string(r.Civility), r.FirstName, r.LastName, r.Office,
	}
}

// readOrganisation puts a row's values into an organisation.
func readOrganisation(row sheetRow, o *data.Organisation) {
	kind := strings.ToLower(row.get("type"))
	o.Kind = data.OrganisationKind(kind)
	take(row, "nom", &o.Name)
	if _, given := row.values["siren"]; given {
		o.SIREN = sirenOf(row)
	}
	take(row, "siret", &o.SIRET)
	o.SIRET = strings.ReplaceAll(o.SIRET, " ", "")
	take(row, "code_insee", &o.INSEECode)
	take(row, "complement", &o.Address.Complement)
	take(row, "adresse", &o.Address.Street)
	take(row, "distribution", &o.Address.Distribution)
	take(row, "code_postal", &o.Address.PostalCode)
	take(row, "libelle_acheminement", &o.Address.City)
	take(row, "pays", &o.Address.Country)
	take(row, "courriel", &o.Email)
	o.Email = strings.ToLower(o.Email)
	take(row, "telephone", &o.Phone)
}

// readRepresentative is a row's representative. A commune or grouping without
// a name has its mayor or president by office.
func readRepresentative(row sheetRow, kind data.OrganisationKind) data.LegalRepresentative {
	r := data.LegalRepresentative{
		Civility: data.Civility(row.get("representant_civilite")), FirstName: row.get("representant_prenom"),
		LastName: row.get("representant_nom"), Office: row.get("representant_fonction"),
	}
	if byOffice := kind == data.Commune || kind == data.EPCI; r.Office == "" && (byOffice || r.LastName != "") {
		r.Office = data.OfficeOf(kind)
	}
	return r
}

func importOrganisation(_ *App, c *change, row sheetRow) (ImportLine, error) {
	line := ImportLine{Name: row.get("nom")}
	present, err := c.organisationOf(row)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return line, err
	}
	o := present
	readOrganisation(row, &o)
	in, err := c.Representative(present.ID)
	if errors.Is(err, store.ErrNotFound) {
		in, err = readRepresentative(row, o.Kind), nil
	}
	if err != nil {
		return line, err
	}
	line.Held = heldProblems(o, in)
	if present.ID == 0 {
		line.Action = LineAdded
		return line, c.addOrganisation(&o, in)
	}
	appoint := in.ID == 0 && !in.IsZero()
	line.Changes = changes(row, organisationColumns, organisationValues(present, data.LegalRepresentative{}), organisationValues(o, data.LegalRepresentative{}))
	if len(line.Changes) == 0 && !appoint {
		line.Action = LineSame
		return line, nil
	}
	line.Action = LineChanged
	if err := o.Check(); err != nil {
		return line, err
	}
	o.AddressDoubtedAt = present.DoubtAfter(o.Address)
	if err := c.Tx.UpdateOrganisation(o); err != nil {
		return line, err
	}
	if appoint {
		if err := c.appoint(o, in); err != nil {
			return line, err
		}
	}
	return line, c.audit("organisation.update", "organisation", o.ID, present, o)
}

// organisationOf finds the organisation that a row speaks of: by SIREN, or by
// name when it has none.
func (c *change) organisationOf(row sheetRow) (data.Organisation, error) {
	if siren := sirenOf(row); siren != "" {
		o, err := c.OrganisationBySIREN(siren)
		if err == nil {
			_, err = c.onPortal(o.ID)
		}
		return o, err
	}
	name := row.get("nom")
	named, err := c.OrganisationsNamed(name)
	for _, o := range named {
		if o.SIREN == "" && o.ArchivedAt.IsZero() && name != "" {
			return o, err
		}
	}
	return data.Organisation{}, errors.Join(err, store.ErrNotFound)
}

// heldProblems are what will hold an organisation's letters back.
func heldProblems(o data.Organisation, r data.LegalRepresentative) data.Problems {
	_, err := addressLines(o, r)
	return ProblemsOf(err)
}

var representativeColumns = []string{"siren", "organisation", "civilite", "prenom", "nom", "fonction", "depuis"}

func representativeValues(o data.Organisation, r data.LegalRepresentative) []string {
	return []string{o.SIREN, o.Name, string(r.Civility), r.FirstName, r.LastName, r.Office, r.From.Format(time.DateOnly)}
}

func importRepresentative(_ *App, c *change, row sheetRow) (ImportLine, error) {
	line := ImportLine{Name: row.get("organisation")}
	o, err := c.belongsTo(row)
	if err != nil {
		return line, err
	}
	line.Name = o.Name
	present, err := c.Representative(o.ID)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return line, err
	}
	r := present
	r.ID, r.Until = 0, time.Time{}
	take(row, "civilite", &r.Civility)
	take(row, "prenom", &r.FirstName)
	take(row, "nom", &r.LastName)
	take(row, "fonction", &r.Office)
	if since := row.get("depuis"); since != "" {
		if r.From, err = time.ParseInLocation(time.DateOnly, since, data.Paris); err != nil {
			return line, data.Problems{{Field: "depuis", Message: "Date erronée « {{.Value}} » : elle s’écrit 2026-11-24", Values: data.Values{"Value": since}}}
		}
	}
	line.Changes = changes(row, representativeColumns[:6], representativeValues(o, present)[:6], representativeValues(o, r)[:6])
	if present.ID != 0 && len(line.Changes) == 0 {
		line.Action = LineSame
		return line, nil
	}
	line.Action = LineChanged
	if present.ID == 0 {
		line.Action, line.Changes = LineAdded, nil
	} else if row.get("depuis") == "" {
		r.From = c.now
	}
	return line, c.appoint(o, r)
}

// belongsTo finds the organisation that a row's SIREN names or, without a
// SIREN, the only one without one of that name.
func (c *change) belongsTo(row sheetRow) (data.Organisation, error) {
	siren := sirenOf(row)
	if siren == "" {
		named, err := c.OrganisationsNamed(row.get("organisation"))
		named = slices.DeleteFunc(named, func(o data.Organisation) bool { return o.SIREN != "" })
		if err != nil || len(named) == 1 {
			return append(named, data.Organisation{})[0], err
		}
		return data.Organisation{}, data.Problems{{
			Field: "organisation", Message: "{{.Count}} organisations sans SIREN s’appellent « {{.Value}} »",
			Values: data.Values{"Count": len(named), "Value": row.get("organisation")},
		}}
	}
	o, err := c.OrganisationBySIREN(siren)
	if errors.Is(err, store.ErrNotFound) {
		return o, data.Problems{{Field: "siren", Message: "Aucune organisation n’a le SIREN « {{.Value}} »", Values: data.Values{"Value": siren}}}
	}
	if err == nil {
		_, err = c.onPortal(o.ID)
	}
	return o, err
}
