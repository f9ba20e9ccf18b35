// Package letters makes the confirmation letters: it sets an address in the
// lines of NF Z10-011, and writes letters as one PDF, a sheet each, ready for
// a window envelope. It is a leaf: it knows neither the register nor the
// batches, and keeps nothing once Write has returned.
//
// Codes are secrets. They appear in the PDF that Write makes and nowhere else:
// no error of this package holds one.
package letters

import (
	"time"

	"guichet/data"
)

// Kind says what the letter's codes validate, hence its text.
type Kind string

// The kinds of letters, one a request.
const (
	// KindUser validates the registration of a user.
	KindUser Kind = "user"
	// KindAdministrator validates the registration of an administrator.
	KindAdministrator Kind = "administrator"
	// KindSuccession makes an existing user the administrator.
	KindSuccession Kind = "succession"
)

// Letter is what one sheet says. Its codes are secrets.
type Letter struct {
	Kind Kind
	// Reference names the letter, such as "L26-004217-K". It is no secret.
	Reference string
	// Codes are printed as given, such as "K7PW-3XQ9".
	Codes [2]string
	// Address is what Lines returned.
	Address []string
	// Salutation opens the letter: "Madame la Maire", "Madame, Monsieur".
	Salutation string
	// Organisation is written as in the register.
	Organisation string
	// Applicant is the person who asks, such as "Frédéric DUPONT".
	Applicant string
	// Identifier is the applicant's, such as "frederic.dupont".
	Identifier string
	// RequestedOn is the day of the request.
	RequestedOn time.Time
	// ValidDays is the number of days after posting when the codes expire.
	ValidDays int
	// Replaces is the reference of the letter that this one replaces; empty
	// for a first letter. Its text is then the reissue's.
	Replaces string
}

// Recipient is who a letter goes to.
type Recipient struct {
	// Organisation is line 1, in the case of the register.
	Organisation string
	// Name is line 2: "Madame Jeanne MARTIN, Maire", or "Madame ou Monsieur
	// le Maire" when the name is not known.
	Name    string
	Address data.Address
}
