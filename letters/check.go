package letters

import (
	"errors"
	"fmt"
	"strings"
)

// errTooLong is what does not fit its place on the sheet.
var errTooLong = errors.New("le texte est trop long pour la feuille")

// LetterError is why a letter, or the design when Reference is empty, cannot
// be printed. Its text is French and never holds a code.
type LetterError struct {
	Reference string
	Field     string // the field of Letter or Design, as users call it
	Reason    string
}

func (e *LetterError) Error() string {
	if e.Reference == "" {
		return fmt.Sprintf("modèle de lettre, %s : %s", e.Field, e.Reason)
	}
	return fmt.Sprintf("lettre %s, %s : %s", e.Reference, e.Field, e.Reason)
}

// field is a text to print, under the name that users know.
type field struct {
	name, text string
	face       *face
	optional   bool
	secret     bool
}

// problem says why the field cannot be printed, or nothing. It never tells
// anything of a secret's text.
func (f field) problem() string {
	if strings.TrimSpace(f.text) == "" && !f.optional {
		return "manquant"
	}
	r, found := f.face.unprintable(f.text)
	switch {
	case !found:
		return ""
	case f.secret:
		return "un caractère ne peut pas être imprimé"
	}
	return unprintableReason(r)
}

// check reports what in the design cannot be printed.
func (d Design) check() error {
	fields := []field{
		{name: "lieu", text: d.Place, face: sansRegular},
		{name: "adresse du portail", text: d.PortalURL, face: sansSemiBold},
		{name: "signataire", text: d.Signatory, face: sansSemiBold},
		{name: "qualité du signataire", text: d.SignatoryTitle, face: sansRegular, optional: true},
		{name: "téléphone", text: d.Phone, face: sansRegular, optional: true},
		{name: "adresse électronique", text: d.Email, face: sansRegular, optional: true},
	}
	if len(d.Sender) == 0 {
		return &LetterError{Field: "en-tête", Reason: "manquant"}
	}
	for i, line := range d.Sender {
		fields = append(fields, field{name: "en-tête", text: line, face: sansSemiBold, optional: i > 0})
	}
	for _, f := range fields {
		if reason := f.problem(); reason != "" {
			return &LetterError{Field: f.name, Reason: reason}
		}
	}
	return nil
}

// check reports what in the letter cannot be printed.
func (l Letter) check() error {
	fields := []field{
		{name: "référence", text: l.Reference, face: monoRegular},
		{name: "code 1", text: l.Codes[0], face: monoSemiBold, secret: true},
		{name: "code 2", text: l.Codes[1], face: monoSemiBold, secret: true},
		{name: "appel", text: l.Salutation, face: sansRegular},
		{name: "organisation", text: l.Organisation, face: sansRegular},
		{name: "demandeur", text: l.Applicant, face: sansSemiBold},
		{name: "identifiant", text: l.Identifier, face: sansRegular},
	}
	for _, line := range l.Address {
		fields = append(fields, field{name: "adresse", text: line, face: monoRegular})
	}
	for _, f := range fields {
		if reason := f.problem(); reason != "" {
			return l.fail(f.name, reason)
		}
	}
	switch {
	case subject(l.Kind) == "":
		return l.fail("nature", fmt.Sprintf("« %s » est inconnue", l.Kind))
	case l.ValidDays < 1:
		return l.fail("validité", "le nombre de jours doit être au moins 1")
	case l.RequestedOn.IsZero():
		return l.fail("date de la demande", "manquante")
	case len(l.Address) == 0:
		return l.fail("adresse", "manquante")
	case len(l.Address) > linesAbroad:
		return l.fail("adresse", fmt.Sprintf("elle compte plus de %d lignes", linesAbroad))
	}
	for _, line := range l.Address {
		if width(line) > lineWidth {
			return l.fail("adresse", fmt.Sprintf("une ligne compte plus de %d caractères", lineWidth))
		}
	}
	return nil
}

// fail names the letter. A reference that cannot be printed is quoted in Go's
// way, so that the text stays readable.
func (l Letter) fail(name, reason string) error {
	reference := l.Reference
	if _, found := monoRegular.unprintable(reference); found || reference == "" {
		reference = fmt.Sprintf("%q", reference)
	}
	return &LetterError{Reference: reference, Field: name, Reason: reason}
}

// Check reports, before a letter gets its codes, what of it cannot be printed:
// a *LetterError, or nil. Such a letter would stop its whole batch.
func Check(l Letter) error {
	l.Codes = [2]string{"0000-0000", "0000-0000"}
	return l.composed().check()
}
