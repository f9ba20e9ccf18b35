package data

import "time"

// Retention is for how many months each kind of record is kept once it is of no
// more use (RGPD, article 5, 1 e).
type Retention struct {
	// Tickets counts from their closing.
	Tickets int
	// Letters counts from the end of a letter: confirmed, expired, withdrawn…
	Letters int
	// Registrations counts from a registration that nobody confirmed.
	Registrations int
	// Audit counts from an entry.
	Audit int
	// Accounts counts from the deactivation of an account (R11).
	Accounts int
}

// DefaultRetention are a new register's delays.
func DefaultRetention() Retention {
	return Retention{Tickets: 24, Letters: 24, Registrations: 3, Audit: 12, Accounts: 36}
}

func (r Retention) check(problems *Problems) {
	for _, delay := range []struct {
		field  string
		months int
	}{
		{"retention_tickets", r.Tickets},
		{"retention_letters", r.Letters},
		{"retention_registrations", r.Registrations},
		{"retention_audit", r.Audit},
		{"retention_accounts", r.Accounts},
	} {
		if delay.months < 1 || delay.months > 120 {
			problems.Add(delay.field, "Un délai de conservation va de 1 à 120 mois", nil)
		}
	}
}

// Before is the time before which what ended is past its delay.
func (r Retention) Before(now time.Time, months int) time.Time { return AddMonths(now, -months) }
