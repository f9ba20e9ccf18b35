package data

import "time"

// RequestKind is what a request asks the legal representative to validate.
type RequestKind string

// The three requests that queue a confirmation letter (R2).
const (
	UserRegistration          RequestKind = "user"
	AdministratorRegistration RequestKind = "administrator"
	AdministratorSuccession   RequestKind = "succession" // by an existing user
)

// Label is the kind as people read it.
func (k RequestKind) Label() string {
	switch k {
	case UserRegistration:
		return "Utilisateur"
	case AdministratorRegistration:
		return "Administrateur"
	case AdministratorSuccession:
		return "Changement d’administrateur"
	}
	return string(k)
}

// MakesAdministrator tells whether the request's validation makes its account
// the organisation's administrator; only codes can then validate it (R3).
func (k RequestKind) MakesAdministrator() bool {
	return k == AdministratorRegistration || k == AdministratorSuccession
}

// Outcome is how a request ended; empty while it is open.
type Outcome string

// The ends of a request.
const (
	ConfirmedByCodes         Outcome = "confirmed"
	ValidatedByAdministrator Outcome = "validated"  // R4
	Superseded               Outcome = "superseded" // R15
	WithdrawnRequest         Outcome = "withdrawn"
)

// Request is what a registration asks to be validated (R2).
type Request struct {
	ID             int64
	OrganisationID int64
	AccountID      int64
	Kind           RequestKind
	CreatedAt      time.Time
	ClosedAt       time.Time
	Outcome        Outcome
}

// Open tells whether the request still waits for its validation.
func (r Request) Open() bool { return r.Outcome == "" }
