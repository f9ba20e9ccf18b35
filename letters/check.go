package letters

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"time"

	"guichet/data"
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

// fault is one thing that cannot be printed: a Problem, and its field as users
// call it.
type fault struct {
	data.Problem
	label string
}

func newFault(f field, message string, values data.Values) *fault {
	return &fault{data.Problem{Field: f.key, Message: message, Values: values}, f.label}
}

// tooLong tells by how many lines a text is longer than its place, or that a
// word of it is.
func tooLong(f field, beyond, step float64) *fault {
	if beyond < 0.01 {
		return newFault(f, "Un mot est trop long pour sa place sur la feuille", nil)
	}
	lines := int(math.Ceil(beyond/step - 0.01))
	return newFault(f, "Le texte est trop long pour la feuille (lignes en trop : {{.Lines}})", data.Values{"Lines": lines})
}

// letterError makes a fault one of a letter, or of the design when reference
// is empty.
func letterError(reference string, err error) error {
	var f *fault
	if errors.As(err, &f) {
		return &LetterError{Reference: reference, Field: f.label, Reason: f.Problem.Error()}
	}
	return err
}

// field is a text to print: its key in Problems and its name for users.
type field struct {
	key, label string
	text       string
	face       *face
	optional   bool
	secret     bool
}

// fault says why the field cannot be printed, or is nil. It never tells
// anything of a secret's text.
func (f field) fault() *fault {
	if strings.TrimSpace(f.text) == "" {
		if f.optional {
			return nil
		}
		return newFault(f, "Ce champ est obligatoire", nil)
	}
	r, found := f.face.unprintable(f.text)
	switch {
	case !found:
		return nil
	case f.secret:
		return newFault(f, "un caractère ne peut pas être imprimé", nil)
	}
	return newFault(f, "{{.Reason}}", data.Values{"Reason": unprintableReason(r)})
}

// check reports what in the letter cannot be printed.
func (l *Letter) check() error {
	fields := [...]field{
		{label: "référence", text: l.Reference, face: monoRegular},
		{label: "code 1", text: l.Codes[0], face: monoSemiBold, secret: true},
		{label: "code 2", text: l.Codes[1], face: monoSemiBold, secret: true},
		{label: "appel", text: l.Salutation, face: sansRegular},
		{label: "organisation", text: l.Organisation, face: sansRegular},
		{label: "demandeur", text: l.Applicant, face: sansSemiBold},
		{label: "identifiant", text: l.Identifier, face: sansRegular},
		{label: "lettre remplacée", text: l.Replaces, face: sansRegular, optional: true},
	}
	for i := range fields {
		if f := fields[i].fault(); f != nil {
			return l.fail(f.label, f.Problem.Error())
		}
	}
	switch {
	case nature(l.Kind) == "":
		return l.fail("nature", fmt.Sprintf("« %s » est inconnue", l.Kind))
	case l.ValidDays < 1:
		return l.fail("validité", "le nombre de jours doit être au moins 1")
	case l.RequestedOn.IsZero():
		return l.fail("date de la demande", "manquante")
	}
	return l.checkAddress()
}

func (l *Letter) checkAddress() error {
	switch {
	case len(l.Address) == 0:
		return l.fail("adresse", "manquante")
	case len(l.Address) > linesAbroad:
		return l.fail("adresse", fmt.Sprintf("elle compte plus de %d lignes", linesAbroad))
	}
	for _, line := range l.Address {
		f := field{label: "adresse", text: line, face: monoRegular}
		if f := f.fault(); f != nil {
			return l.fail(f.label, f.Problem.Error())
		}
		if width(line) > lineWidth {
			return l.fail("adresse", fmt.Sprintf("une ligne compte plus de %d caractères", lineWidth))
		}
	}
	return nil
}

// fail names the letter. A reference that cannot be printed is quoted in Go's
// way, so that the text stays readable.
func (l *Letter) fail(name, reason string) error {
	return &LetterError{Reference: l.printedReference(), Field: name, Reason: reason}
}

func (l *Letter) printedReference() string {
	if _, found := monoRegular.unprintable(l.Reference); found || l.Reference == "" {
		return fmt.Sprintf("%q", l.Reference)
	}
	return l.Reference
}

// Checker tells, before letters get their codes, which of them cannot be
// printed in a design. It may be used from one goroutine at a time.
type Checker struct {
	design Design
	forms  map[formKey]*form
	faults map[formKey]error
	canvas *canvas
}

// NewChecker makes a checker of letters in a design.
func NewChecker(d Design) *Checker {
	return &Checker{design: d.composed(), forms: map[formKey]*form{}, faults: map[formKey]error{}, canvas: newCanvas()}
}

// Check reports what of a letter, its codes apart, cannot be printed, or is too
// long for the sheet with this letter's names: a *LetterError, or nil. Such a
// letter would stop its whole batch. What is wrong with the design itself it
// reports of each letter, without a reference.
func (c *Checker) Check(l Letter) error {
	l = l.composed()
	l.Codes = SpecimenCodes
	if err := l.check(); err != nil {
		return err
	}
	defer c.canvas.reset()
	form, err := c.form(l.formKey(), l.RequestedOn)
	if err != nil {
		return err
	}
	if err := form.drawOwnTexts(c.canvas, &l); err != nil {
		return letterError(l.printedReference(), err)
	}
	return nil
}

// form is the form of a kind of letter, made once.
func (c *Checker) form(key formKey, date time.Time) (*form, error) {
	if form := c.forms[key]; form != nil {
		return form, c.faults[key]
	}
	form, faults := newForm(&c.design, key, date)
	c.forms[key] = form
	if len(faults) > 0 {
		c.faults[key] = letterError("", faults[0])
	} else if err := form.drawShared(c.canvas); err != nil {
		c.faults[key] = letterError("", err)
	}
	return form, c.faults[key]
}
