package data

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// LetterState is where a confirmation letter stands.
type LetterState string

// The states of a letter: queued → composed → posted → confirmed, or one of
// the other ends.
const (
	Queued           LetterState = "queued"
	Composed         LetterState = "composed"
	Posted           LetterState = "posted"
	Confirmed        LetterState = "confirmed"
	Returned         LetterState = "returned"
	Reported         LetterState = "reported" // not received (R16)
	ExpiredLetter    LetterState = "expired"
	WithdrawnLetter  LetterState = "withdrawn"
	SupersededLetter LetterState = "superseded"
	Locked           LetterState = "locked"
)

// LetterStates are all states, in the order of a letter's life.
var LetterStates = []LetterState{
	Queued, Composed, Posted, Confirmed, Returned, Reported, ExpiredLetter, WithdrawnLetter, SupersededLetter, Locked,
}

// Known tells whether there is such a state.
func (s LetterState) Known() bool { return slices.Contains(LetterStates, s) }

// Label is the state as people read it.
func (s LetterState) Label() string {
	switch s {
	case Queued:
		return "En file"
	case Composed:
		return "Composée"
	case Posted:
		return "Postée"
	case Confirmed:
		return "Confirmée"
	case Returned:
		return "Retournée"
	case Reported:
		return "Signalée non reçue"
	case ExpiredLetter:
		return "Échue"
	case WithdrawnLetter:
		return "Retirée"
	case SupersededLetter:
		return "Remplacée"
	case Locked:
		return "Bloquée"
	}
	return string(s)
}

const (
	// WrongPairsAllowed is the number of wrong pairs of codes that lock a letter.
	WrongPairsAllowed = 5
	// DefaultValidDays is how long codes work after posting, unless set otherwise.
	DefaultValidDays = 60
)

// Letter is a confirmation letter to a legal representative. Its codes are on
// paper only; Salt and Hash recognise them.
type Letter struct {
	ID        int64
	Reference string // L26-004217-K, not secret
	RequestID int64
	State     LetterState
	QueuedAt  time.Time
	BatchID   int64     // zero while queued
	Sheet     int       // position in the batch, from 1
	Lines     []string  // the address as composed
	PostedOn  time.Time // day of posting
	EndedAt   time.Time // when it left the living states
	// ReturnReason is La Poste's, of a returned letter.
	ReturnReason ReturnReason
	// ReplacesID is the letter that this one was queued in the place of (R16);
	// zero: none.
	ReplacesID int64
	Salt       []byte
	Hash       []byte // over both codes together
	WrongPairs int
}

// LetterReference is the reference of the number-th letter of a year. Its last
// symbol finds mistyped digits.
func LetterReference(year, number int) string {
	digits := fmt.Sprintf("%02d%06d", year%100, number)
	return fmt.Sprintf("L%s-%s-%c", digits[:2], digits[2:], checkSymbol(digits))
}

// NormaliseReference reads a letter's reference as people type or scan it. A
// reference whose check symbol is wrong is a Problem of the field "reference".
func NormaliseReference(typed string) (string, error) {
	typed = strings.ToUpper(strings.TrimSpace(typed))
	if typed == "" {
		return "", Problems{{Field: "reference", Message: "Ce champ est obligatoire"}}
	}
	symbols := normaliseSymbols(strings.TrimPrefix(typed, "L"))
	// Without what was typed: it may be a code in the wrong field.
	mistyped := Problems{{Field: "reference", Message: "Référence erronée : elle a la forme L26-004217-K"}}
	if len(symbols) != 9 || strings.Trim(symbols[:8], "0123456789") != "" || checkSymbol(symbols[:8]) != symbols[8] {
		return "", mistyped
	}
	return "L" + symbols[:2] + "-" + symbols[2:8] + "-" + symbols[8:], nil
}

// ScannedReference reads what a barcode scanner types for a letter's
// DataMatrix, its reference and sheet ("L26-004217-K 1/1"), or a reference as
// people type it. A scanner that is set up for an American keyboard, on a
// computer that has a French one, is understood too. What is no reference is a
// Problem of the field "reference".
func ScannedReference(scanned string) (string, error) {
	first, _, _ := strings.Cut(strings.TrimSpace(scanned), " ")
	reference, err := NormaliseReference(first)
	if err == nil {
		return reference, nil
	}
	if american, err := NormaliseReference(azerty.Replace(first)); err == nil {
		return american, nil
	}
	if spaced, err := NormaliseReference(scanned); err == nil { // "L26 004217 K"
		return spaced, nil
	}
	return "", err
}

// azerty turns what a French keyboard's keys write, unshifted for digits and
// shifted for letters, into what the same keys write on an American one.
var azerty = strings.NewReplacer(
	"&", "1", "é", "2", "\"", "3", "'", "4", "(", "5", "-", "6", "è", "7", "_", "8", "ç", "9", "à", "0", ")", "-",
	"A", "Q", "Q", "A", "Z", "W", "W", "Z", "?", "M",
)

// Live tells whether the letter's codes can still confirm: they are on a
// paper, in the house or on its way.
func (l Letter) Live() bool { return l.State == Composed || l.State == Posted }

// ToPull tells whether the letter ended on paper, before it was posted: its
// sheet need not go.
func (l Letter) ToPull() bool { return l.State != Composed && l.PostedOn.IsZero() }

// Expired tells whether the codes are past their validity, counted in days
// from the day after posting.
func (l Letter) Expired(now time.Time, validDays int) bool {
	return !l.PostedOn.IsZero() && now.After(EndOfDay(l.PostedOn.AddDate(0, 0, validDays)))
}

// Match compares a pair of codes with the letter's, in constant time. It does
// not tell which of the two is wrong.
func (l Letter) Match(codes ConfirmationCodes) bool {
	return len(l.Hash) > 0 && sameHash(HashCodes(l.Salt, codes), l.Hash)
}

// LetterFile is a letter with all that it is about.
type LetterFile struct {
	Letter
	Request        Request
	Account        Account
	Organisation   Organisation
	Representative LegalRepresentative // in office now; zero: none
	BatchNumber    string              // empty while queued
	Replaces       string              // reference of the letter replaced; empty: none
}
