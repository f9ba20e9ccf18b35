package letters

import (
	"errors"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"guichet/data"
)

// Design is what all letters of a batch share. Texts are typed plainly: their
// typography is mended in print.
type Design struct {
	// Sender is the letterhead: the name first, then the address's lines.
	Sender []string
	// Logo stands above the sender: a PNG, JPEG or SVG of at most LogoLimit
	// bytes, or nothing.
	Logo []byte
	// Place stands before the date: "Strasbourg".
	Place string
	// PortalURL is where codes are entered.
	PortalURL string
	// Signatory and SignatoryTitle close the letter.
	Signatory      string
	SignatoryTitle string
	// Phone and Email are the help desk's; either may be empty.
	Phone string
	Email string
	// Texts replace the default ones, those of DefaultTexts.
	Texts data.LetterTexts
	// Envelope decides where the address stands; DL when empty.
	Envelope data.Envelope
	// Duplex has each letter followed by its other side: two pages a letter.
	Duplex bool
	// Verso is what stands on the other side, a paragraph a line; a blank
	// page when empty. It may use the variables of VersoVariables.
	Verso string
	// Specimen marks each letter as one, in large grey letters behind its text.
	Specimen bool

	logo *logo // Logo, read
}

// The fields of a design, by their keys in Problems and their names in a
// LetterError.
var (
	senderField    = field{key: "sender", label: "en-tête", face: sansSemiBold}
	logoField      = field{key: "logo", label: "logo"}
	placeField     = field{key: "place", label: "lieu", face: sansRegular}
	portalField    = field{key: "portal_url", label: "adresse du portail", face: sansSemiBold}
	signatoryField = field{key: "signatory", label: "signataire", face: sansSemiBold}
	titleField     = field{key: "signatory_title", label: "qualité du signataire", face: sansRegular, optional: true}
	phoneField     = field{key: "support_phone", label: "téléphone", face: sansRegular, optional: true}
	emailField     = field{key: "support_email", label: "adresse électronique", face: sansRegular, optional: true}
	envelopeField  = field{key: "envelope", label: "enveloppe"}
	versoField     = field{key: "verso", label: "verso"}
)

// supportField is the longer one of those that share the foot of the letter.
func supportField(d *Design) field {
	if len(d.Phone) > len(d.Email) {
		return phoneField
	}
	return emailField
}

// CheckDesign names everything in a design that cannot be printed, as
// data.Problems of the fields sender, logo, place, portal_url, signatory,
// signatory_title, support_phone, support_email, envelope, verso, and
// text.user.subject, .opening, .effect, .caution, likewise for
// text.administrator, text.succession and text.reissue. Texts must fit the
// sheet even with long names. It is nil when letters can be written.
func CheckDesign(d Design) error {
	d = d.composed()
	faults := d.faults()
	if len(faults) == 0 {
		faults = d.tried()
	}
	var problems data.Problems
	for _, f := range faults {
		// A paragraph may stand in several letters.
		if !slices.ContainsFunc(problems, func(p data.Problem) bool { return p.Field == f.Field && p.Error() == f.Problem.Error() }) {
			problems = append(problems, f.Problem)
		}
	}
	return problems.Err()
}

// composed returns the design as it is printed: accents composed, since a font
// has é, not e followed by an accent, French apostrophes, and no blank line.
func (d Design) composed() Design {
	var sender []string
	for _, line := range d.Sender {
		if line = composed(line); line != "" {
			sender = append(sender, line)
		}
	}
	d.Sender = sender
	for _, text := range []*string{&d.Place, &d.PortalURL, &d.Signatory, &d.SignatoryTitle, &d.Phone, &d.Email} {
		*text = composed(*text)
	}
	d.Verso = norm.NFC.String(d.Verso)
	texts := data.LetterTexts{}
	for kind, t := range d.Texts {
		for _, text := range []*string{&t.Subject, &t.Opening, &t.Effect, &t.Caution} {
			*text = norm.NFC.String(*text)
		}
		texts[kind] = t
	}
	d.Texts = texts
	return d
}

func composed(text string) string { return typeset(norm.NFC.String(strings.Trim(text, " "))) }

// faults is what in a composed design cannot be printed, but for what is too
// long. It reads the logo.
func (d *Design) faults() (faults []*fault) {
	add := func(f field, text string) {
		f.text = text
		if fault := f.fault(); fault != nil {
			faults = append(faults, fault)
		}
	}
	add(senderField, strings.Join(d.Sender, ""))
	var f *fault
	if d.logo, f = readLogo(d.Logo); f != nil {
		faults = append(faults, f)
	}
	add(placeField, d.Place)
	add(portalField, d.PortalURL)
	add(signatoryField, d.Signatory)
	add(titleField, d.SignatoryTitle)
	add(phoneField, d.Phone)
	add(emailField, d.Email)
	if !d.Envelope.Known() {
		faults = append(faults, newFault(envelopeField, "L’enveloppe « {{.Envelope}} » est inconnue", data.Values{"Envelope": string(d.Envelope)}))
	}
	for _, b := range versoBlocks(d) {
		faults = append(faults, b.faults...)
	}
	for _, kind := range data.LetterTextKinds {
		l := longLetter(kind)
		_, more := newForm(d, l.formKey(), time.Time{})
		faults = append(faults, more...)
	}
	return faults
}

// tried is what does not fit the sheet in letters with long names.
func (d *Design) tried() (faults []*fault) {
	add := func(err error) (added bool) {
		var f *fault
		if added = errors.As(err, &f); added {
			faults = append(faults, f)
		}
		return added
	}
	add(drawVerso(newCanvas(), d, data.DefaultValidDays))
	tooLong := map[Kind]bool{}
	for _, kind := range data.LetterTextKinds {
		for _, request := range kindsOf(kind) {
			// A reissue repeats its request's text: its faults, too.
			if tooLong[request] {
				continue
			}
			l := longLetter(kind)
			l.Kind = request
			if tooLong[request] = add(d.try(&l)); tooLong[request] {
				break
			}
		}
	}
	return faults
}

// try draws a letter to see whether it fits.
func (d *Design) try(l *Letter) error {
	c := newCanvas()
	f, _ := newForm(d, l.formKey(), longDay)
	if err := f.drawShared(c); err != nil {
		return err
	}
	return f.drawOwnTexts(c, l)
}

// kindsOf are the kinds of letters that may have a text.
func kindsOf(kind data.LetterTextKind) []Kind {
	if kind == data.ReissueText {
		return []Kind{KindUser, KindAdministrator, KindSuccession}
	}
	return []Kind{Kind(kind)}
}
