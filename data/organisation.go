package data

import (
	"strings"
	"time"
)

// OrganisationKind is what an organisation is in law.
type OrganisationKind string

// The kinds of organisation that register on the portal (R1).
const (
	Commune           OrganisationKind = "commune"
	EPCI              OrganisationKind = "epci" // grouping of communes
	Association       OrganisationKind = "association"
	OtherOrganisation OrganisationKind = "autre"
)

// OrganisationKinds are all kinds, in the order in which a form offers them.
var OrganisationKinds = []OrganisationKind{Commune, EPCI, Association, OtherOrganisation}

// Label is the kind as people read it.
func (k OrganisationKind) Label() string {
	switch k {
	case Commune:
		return "Commune"
	case EPCI:
		return "Groupement de communes"
	case Association:
		return "Association"
	case OtherOrganisation:
		return "Autre organisation"
	}
	return string(k)
}

// Organisation is a commune, grouping, association or other body that is
// registered on the portal (R1).
type Organisation struct {
	ID        int64
	Kind      OrganisationKind
	Name      string
	SIREN     string // nine digits, Luhn; empty when unknown
	SIRET     string // fourteen digits, Luhn, the SIREN first; empty when unknown
	INSEECode string // of a commune
	Address   Address
	Email     string
	Phone     string
	CreatedAt time.Time
	// ArchivedAt is when the organisation left the portal; zero: it is there.
	ArchivedAt time.Time
	// MergedInto is the organisation that this one, entered twice, was merged
	// into; zero: none.
	MergedInto int64
	// AddressDoubtedAt is when a letter came back from the address, which is
	// to be checked since; zero: nothing speaks against it.
	AddressDoubtedAt time.Time
}

// Edited is what of an organisation its form edits.
func (o Organisation) Edited() Organisation {
	o.CreatedAt, o.ArchivedAt, o.MergedInto, o.AddressDoubtedAt = time.Time{}, time.Time{}, 0, time.Time{}
	return o
}

// Check names every field of an organisation that breaks a rule. The address
// has its own rules, in package letters: an organisation may be registered
// before its address is complete, its letters are then held back.
func (o Organisation) Check() error {
	var problems Problems
	problems.Require("name", o.Name)
	known := false
	for _, kind := range OrganisationKinds {
		known = known || kind == o.Kind
	}
	if !known {
		problems.Add("kind", "Type d’organisation inconnu « {{.Value}} »", Values{"Value": o.Kind})
	}
	if o.SIREN != "" && !ValidSIREN(o.SIREN) {
		problems.Add("siren", "SIREN erroné « {{.Value}} » : neuf chiffres dont le dernier est une clé", Values{"Value": o.SIREN})
	}
	if o.SIRET != "" && (!luhn(o.SIRET, 14) || !strings.HasPrefix(o.SIRET, o.SIREN)) {
		problems.Add("siret", "SIRET erroné « {{.Value}} » : le SIREN suivi de cinq chiffres, dont le dernier est une clé", Values{"Value": o.SIRET})
	}
	if o.Email != "" && !ValidEmail(o.Email) {
		problems.Add("email", "Adresse électronique erronée « {{.Value}} »", Values{"Value": o.Email})
	}
	return problems.Err()
}

// DoubtAfter is since when the address is in doubt once it reads as given: no
// longer when it changes.
func (o Organisation) DoubtAfter(address Address) time.Time {
	if address != o.Address {
		return time.Time{}
	}
	return o.AddressDoubtedAt
}

// ValidSIREN tells whether a number has nine digits and passes Luhn's check.
func ValidSIREN(siren string) bool { return luhn(siren, 9) }

// luhn tells whether a number has a length and passes Luhn's check: every
// second digit from the right counts double.
func luhn(number string, length int) bool {
	if len(number) != length {
		return false
	}
	sum := 0
	for i, r := range number {
		if r < '0' || r > '9' {
			return false
		}
		digit := int(r - '0')
		if (length-i)%2 == 0 {
			if digit *= 2; digit > 9 {
				digit -= 9
			}
		}
		sum += digit
	}
	return sum%10 == 0
}

// ValidEmail tells whether a text has the shape of one e-mail address. Only
// the activation e-mail proves that the address works (R10).
func ValidEmail(email string) bool {
	local, domain, found := strings.Cut(email, "@")
	return found && local != "" && strings.Contains(strings.Trim(domain, "."), ".") &&
		!strings.ContainsAny(email, " \t\r\n,;<>\"()[]\\") && !strings.Contains(domain, "@") &&
		!strings.Contains(email, "..") && len(email) <= 254
}

// OrganisationSummary is an organisation as a list shows it.
type OrganisationSummary struct {
	Organisation
	Representative  LegalRepresentative // name and office only; zero: none in office
	Administrator   Account             // ID and names only; zero: none active
	Accounts        int
	PendingRequests int
}
