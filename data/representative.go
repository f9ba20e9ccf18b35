package data

import (
	"strings"
	"time"
)

// Civility is how a person is addressed; empty when unknown.
type Civility string

// The two civilities that letters use.
const (
	Madame   Civility = "Madame"
	Monsieur Civility = "Monsieur"
)

// LegalRepresentative is a mandate at the head of an organisation: maire,
// président… An organisation has one at a time, with a history (R1). Names
// may be empty: the mandate is then known by its office only, and letters go
// to "Madame ou Monsieur le Maire".
type LegalRepresentative struct {
	ID             int64
	OrganisationID int64
	Civility       Civility
	FirstName      string
	LastName       string
	Office         string // "Maire", "Présidente"…
	From           time.Time
	Until          time.Time // zero: in office
}

// IsZero reports whether there is no such mandate.
func (r LegalRepresentative) IsZero() bool { return r.Office == "" && r.LastName == "" }

// OfficeOf is the usual office at the head of a kind of organisation.
func OfficeOf(kind OrganisationKind) string {
	if kind == Commune {
		return "Maire"
	}
	return "Président"
}

// Name is how the address names the representative, "Madame Jeanne MARTIN" or,
// when only the office is known, "Madame ou Monsieur le Maire".
func (r LegalRepresentative) Name() string {
	if r.LastName == "" {
		return "Madame ou Monsieur le " + r.Office
	}
	return strings.TrimSpace(string(r.Civility) + " " + FullName(r.FirstName, r.LastName))
}

// Salutation opens a letter to the representative.
func (r LegalRepresentative) Salutation() string {
	switch r.Civility {
	case Madame:
		return "Madame la " + r.Office
	case Monsieur:
		return "Monsieur le " + r.Office
	}
	return "Madame, Monsieur"
}

// Check names every field of a mandate that breaks a rule.
func (r LegalRepresentative) Check() error {
	var problems Problems
	problems.Require("office", r.Office)
	if r.FirstName != "" {
		problems.Require("last_name", r.LastName)
	}
	return problems.Err()
}

// FullName is a person's name as French administration writes it: the last
// name in capitals.
func FullName(first, last string) string {
	return strings.TrimSpace(first + " " + strings.ToUpper(last))
}
