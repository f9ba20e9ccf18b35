package letters

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/text/unicode/norm"
)

// Write writes the letters as one PDF, a page each and in their order,
// uncompressed: the spool is local and soon deleted. The same input gives the
// same bytes. The date is printed, and is the PDF's creation date.
//
// All letters are checked before anything is written. A *LetterError names the
// letter and the field that cannot be printed or does not fit; no error holds
// a code. After each letter progress, unless nil, is called with the number
// done so far. When ctx ends Write returns its error. About 10 kB a letter stay
// in memory until the end: batches of a few thousand are right.
func Write(ctx context.Context, w io.Writer, design Design, date time.Time, letters []Letter, progress func(done int)) error {
	if len(letters) == 0 {
		return errors.New("letters: no letter to write")
	}
	design = design.composed()
	if err := design.check(); err != nil {
		return err
	}
	composed := make([]Letter, len(letters))
	for i, l := range letters {
		composed[i] = l.composed()
		if err := composed[i].check(); err != nil {
			return err
		}
	}
	spool := spool{pdf: newDocument(date), design: design, date: date, templates: map[templateKey]fpdf.Template{}}
	for i, l := range composed {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := spool.add(l); err != nil {
			return err
		}
		if progress != nil {
			progress(i + 1)
		}
	}
	if n := spool.pdf.PageNo(); n != len(letters) {
		return fmt.Errorf("letters: %d pages for %d letters", n, len(letters))
	}
	if err := spool.pdf.Output(w); err != nil {
		return fmt.Errorf("letters: write PDF: %w", err)
	}
	return nil
}

func newDocument(date time.Time) *fpdf.Fpdf {
	pdf := fpdf.New("P", "mm", "A4", "")
	pdf.SetCompression(false)
	pdf.SetCatalogSort(true)
	pdf.SetCreationDate(date)
	pdf.SetModificationDate(date)
	pdf.SetLang("fr-FR")
	pdf.SetTitle("Lettres de confirmation", true)
	pdf.SetCreator("Guichet", true)
	pdf.SetAutoPageBreak(false, 0)
	pdf.SetMargins(0, 0, 0)
	addFonts(pdf)
	return pdf
}

// spool is a document being filled.
type spool struct {
	pdf       *fpdf.Fpdf
	design    Design
	date      time.Time
	templates map[templateKey]fpdf.Template
}

// templateKey is what the text that letters share depends on.
type templateKey struct {
	kind      Kind
	validDays int
}

// add appends a letter's page.
func (s *spool) add(l Letter) error {
	s.pdf.AddPage()
	template, err := s.template(templateKey{l.Kind, l.ValidDays})
	if err != nil {
		return err
	}
	s.pdf.UseTemplate(template)
	if err := drawLetter(s.pdf, l); err != nil {
		return err
	}
	if err := s.pdf.Error(); err != nil {
		return fmt.Errorf("letters: %s: %w", l.Reference, err)
	}
	return nil
}

// template returns the shared part of a kind of letter, drawn once a document.
func (s *spool) template(key templateKey) (fpdf.Template, error) {
	if template, ok := s.templates[key]; ok {
		return template, nil
	}
	var err error
	template := s.pdf.CreateTemplate(func(t *fpdf.Tpl) {
		// A template does not inherit this, and would silently put what
		// stands near the bottom on a second page that nobody uses.
		t.SetAutoPageBreak(false, 0)
		err = drawDesign(&t.Fpdf, s.design, s.date, key.kind, key.validDays)
		err = errors.Join(err, t.Error())
	})
	if err != nil {
		return nil, err
	}
	if n := template.NumPages(); n != 1 {
		return nil, fmt.Errorf("letters: the design takes %d pages", n)
	}
	s.templates[key] = template
	return template, nil
}

// composed returns the design with its accents composed: a font has é, not e
// followed by an accent.
func (d Design) composed() Design {
	sender := make([]string, len(d.Sender))
	for i, line := range d.Sender {
		sender[i] = norm.NFC.String(line)
	}
	d.Sender = sender
	for _, text := range []*string{&d.Place, &d.PortalURL, &d.Signatory, &d.SignatoryTitle, &d.Phone, &d.Email} {
		*text = norm.NFC.String(*text)
	}
	return d
}

// composed does the same for a letter's texts.
func (l Letter) composed() Letter {
	for _, text := range []*string{&l.Salutation, &l.Organisation, &l.Applicant, &l.Identifier} {
		*text = norm.NFC.String(*text)
	}
	return l
}
