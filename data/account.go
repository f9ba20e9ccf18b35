package data

import (
	"strconv"
	"strings"
	"time"
)

const (
	// ActivationDelay is how long an activation link works (R11 b).
	ActivationDelay = 72 * time.Hour
	// UnusedMonths is the number of calendar months without a sign-in after
	// which an account is deactivated (R11 a).
	UnusedMonths = 16
	// WarningMonths is the number of months after which its person is warned.
	WarningMonths = 15
)

// Account is one person's access to the portal for one organisation (R13). It
// holds facts only; whether it is usable follows from them, see Blocks.
type Account struct {
	ID             int64
	OrganisationID int64
	Identifier     string // R8; never reused, never derived anew
	Civility       Civility
	FirstName      string
	LastName       string
	Email          string
	Phone          string
	PasswordHash   string // argon2id
	RegisteredAt   time.Time
	// ActivationNonce makes the one live activation link; a renewal replaces
	// it, which voids the old link (R17).
	ActivationNonce     string
	ActivationExpiresAt time.Time
	ActivatedAt         time.Time // last use of an activation link
	ValidatedAt         time.Time // by codes or by the administrator (R4)
	InvalidatedAt       time.Time // by the administrator (R11 c)
	LastSignInAt        time.Time
	WarnedAt            time.Time // when the warning of R11 a was last sent
	// Announced is the deactivation that the sweep noted last, so that it is
	// noted once; empty: none. It decides nothing.
	Announced Block
	// EmailBouncedAt is when a mail came back because the address does not
	// exist; zero: none did since the address was set.
	EmailBouncedAt time.Time
	// ErasedAt is when the person's data was erased; the identifier stays (R8).
	ErasedAt time.Time
}

// Erased tells whether the person's data was erased.
func (a Account) Erased() bool { return !a.ErasedAt.IsZero() }

// Name is the person's name as people read it.
func (a Account) Name() string {
	if a.Erased() {
		return ErasedName
	}
	return FullName(a.FirstName, a.LastName)
}

// Block is a reason why an account is not usable. Reasons stack (R11).
type Block string

// The reasons why an account is not usable.
const (
	AwaitingActivation Block = "awaiting_activation" // R10
	AwaitingValidation Block = "awaiting_validation" // R10
	ActivationExpired  Block = "activation_expired"  // R11 b
	Unused             Block = "unused"              // R11 a
	Invalidated        Block = "invalidated"         // R11 c
	ErasedAccount      Block = "erased"              // for good
)

// Label is the reason as people read it.
func (b Block) Label() string {
	switch b {
	case AwaitingActivation:
		return "En attente d’activation"
	case AwaitingValidation:
		return "En attente de validation"
	case ActivationExpired:
		return "Lien d’activation échu"
	case Unused:
		return "Inutilisé depuis 16 mois"
	case Invalidated:
		return "Invalidé par l’administrateur"
	case ErasedAccount:
		return "Effacé"
	}
	return string(b)
}

// Blocks are the reasons why an account is not usable at a time, in the order
// in which they are mended; none when it is usable (R10, R11).
func (a Account) Blocks(now time.Time) []Block {
	if a.Erased() {
		return []Block{ErasedAccount}
	}
	var blocks []Block
	switch {
	case a.ActivatedAt.IsZero() && now.After(a.ActivationExpiresAt):
		blocks = append(blocks, ActivationExpired)
	case a.ActivatedAt.IsZero():
		blocks = append(blocks, AwaitingActivation)
	case now.After(a.UnusedFrom()):
		blocks = append(blocks, Unused)
	}
	switch {
	case !a.InvalidatedAt.IsZero():
		blocks = append(blocks, Invalidated)
	case a.ValidatedAt.IsZero():
		blocks = append(blocks, AwaitingValidation)
	}
	return blocks
}

// Usable tells whether the account can sign in: activated, validated and not
// deactivated (R10, R11).
func (a Account) Usable(now time.Time) bool { return len(a.Blocks(now)) == 0 }

// UnusedFrom is the last moment of the day on which the account still works
// without a new sign-in: 16 calendar months, clamped to the month's end, after
// its last use, or its activation if never used (R11 a).
func (a Account) UnusedFrom() time.Time { return EndOfDay(AddMonths(a.lastUse(), UnusedMonths)) }

// lastUse is the last sign-in, or the activation when it came later.
func (a Account) lastUse() time.Time {
	if a.LastSignInAt.After(a.ActivatedAt) {
		return a.LastSignInAt
	}
	return a.ActivatedAt
}

// ToWarn tells whether a usable account's person is to be warned that it will
// be deactivated: 15 months after its last use, once (R11 a).
func (a Account) ToWarn(now time.Time) bool {
	return a.Usable(now) && now.After(EndOfDay(AddMonths(a.lastUse(), WarningMonths))) && !a.WarnedAt.After(a.lastUse())
}

// Deactivation is the deactivation of R11 that happened by itself, by the
// passing of time; empty when there is none.
func (a Account) Deactivation(now time.Time) Block {
	for _, block := range a.Blocks(now) {
		if block == Unused || block == ActivationExpired {
			return block
		}
	}
	return ""
}

// AccountSummary is an account as a list of a search shows it.
type AccountSummary struct {
	Account
	OrganisationName string
	Administrator    bool // the active one of its organisation
}

// Check names every field of a registration that breaks a rule (R14). The
// identifier is checked by Identifier, the password by CheckPassword.
func (a Account) Check() error {
	var problems Problems
	problems.Require("first_name", a.FirstName)
	problems.Require("last_name", a.LastName)
	problems.Require("email", a.Email)
	if a.Email != "" && !ValidEmail(a.Email) {
		problems.Add("email", "Adresse électronique erronée « {{.Value}} »", Values{"Value": a.Email})
	}
	for _, name := range []struct{ field, value string }{{"first_name", a.FirstName}, {"last_name", a.LastName}} {
		if strings.ContainsAny(name.value, "\r\n\t") {
			problems.Add(name.field, "Un nom tient sur une ligne", nil)
		}
	}
	return problems.Err()
}

// AddMonths is the same day of a later month, or that month's last day where
// the day does not exist: 31 October plus 16 months is 28 February.
func AddMonths(t time.Time, months int) time.Time {
	day := t.Day()
	first := time.Date(t.Year(), t.Month()+time.Month(months), 1, t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), t.Location())
	if last := first.AddDate(0, 1, -1).Day(); day > last {
		day = last
	}
	return first.AddDate(0, 0, day-1)
}

// EndOfDay is the last moment of a day, in the time's own location.
func EndOfDay(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day()+1, 0, 0, 0, 0, t.Location()).Add(-time.Nanosecond)
}

// StartOfDay is the first moment of a day, in the time's own location.
func StartOfDay(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, t.Location())
}

var months = [...]string{
	"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août",
	"septembre", "octobre", "novembre", "décembre",
}

// LongDate writes a day in French, such as "24 novembre 2026", its parts held
// together.
func LongDate(t time.Time) string {
	const noBreak = "\u00a0"
	year, month, day := t.In(Paris).Date()
	ordinal := ""
	if day == 1 {
		ordinal = "er"
	}
	return strconv.Itoa(day) + ordinal + noBreak + months[month-1] + noBreak + strconv.Itoa(year)
}
