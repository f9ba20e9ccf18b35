package data

import "time"

// RetentionKind is a kind of record that is not kept for ever.
type RetentionKind string

// The kinds of record with a delay of their own: see Retention.
const (
	KeptTickets       RetentionKind = "tickets"
	KeptLetters       RetentionKind = "letters"
	KeptRegistrations RetentionKind = "registrations"
	KeptAccounts      RetentionKind = "accounts"
	KeptAudit         RetentionKind = "audit"
)

// RetentionKinds are all kinds, in the order in which they are purged: what an
// account's erasure writes to the audit stays.
var RetentionKinds = []RetentionKind{KeptTickets, KeptLetters, KeptRegistrations, KeptAccounts, KeptAudit}

// Label is the kind as people read it.
func (k RetentionKind) Label() string {
	switch k {
	case KeptTickets:
		return "Demandes closes"
	case KeptLetters:
		return "Lettres terminées"
	case KeptRegistrations:
		return "Inscriptions jamais confirmées"
	case KeptAccounts:
		return "Comptes désactivés"
	case KeptAudit:
		return "Entrées du journal"
	}
	return string(k)
}

// Months is a kind's delay.
func (r Retention) Months(kind RetentionKind) int {
	switch kind {
	case KeptTickets:
		return r.Tickets
	case KeptLetters:
		return r.Letters
	case KeptRegistrations:
		return r.Registrations
	case KeptAccounts:
		return r.Accounts
	}
	return r.Audit
}

// DisabledSince is since when an account has been deactivated (R11); zero when it
// is not.
func (a Account) DisabledSince(now time.Time) (since time.Time) {
	for _, block := range a.Blocks(now) {
		at := time.Time{}
		switch block {
		case Unused:
			at = a.UnusedFrom()
		case ActivationExpired:
			at = a.ActivationExpiresAt
		case Invalidated:
			at = a.InvalidatedAt
		}
		if !at.IsZero() && (since.IsZero() || at.Before(since)) {
			since = at
		}
	}
	return since
}

// ErasedName stands in the place of a name that was erased.
const ErasedName = "(effacé)"

// Person is somebody whose data the register holds: all that goes by one e-mail
// address, or one mandate of a legal representative.
type Person struct {
	Email            string // lower case; empty for a representative
	RepresentativeID int64
	Name             string
	// Organisation is a representative's, and InOffice tells whether the mandate
	// lasts: then it cannot be erased (R1).
	Organisation string
	InOffice     bool
	Accounts     int
	Tickets      int
}
