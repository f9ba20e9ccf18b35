package letters

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"golang.org/x/text/unicode/norm"
)

// Write writes the letters as one PDF in their order: a page each, or two in
// duplex. It is uncompressed: the spool is local and soon deleted. The same
// input gives the same bytes. The date is printed, and is the PDF's creation
// date.
//
// All letters are checked before anything is written. A *LetterError names the
// letter and the field that cannot be printed or does not fit; no error holds
// a code. After each letter progress, unless nil, is called with the number
// done so far. When ctx ends Write returns its error. About 12 kB a letter are
// in memory at the end: batches of a few thousand are right.
func Write(ctx context.Context, w io.Writer, design Design, date time.Time, letters []Letter, progress func(done int)) error {
	if len(letters) == 0 {
		return errors.New("letters: no letter to write")
	}
	design = design.composed()
	if faults := design.faults(); len(faults) > 0 {
		return letterError("", faults[0])
	}
	composed := make([]Letter, len(letters))
	for i, l := range letters {
		composed[i] = l.composed()
		if err := composed[i].check(); err != nil {
			return err
		}
	}
	document, err := newDocument("Lettres de confirmation", date)
	if err != nil {
		return err
	}
	spool := spool{document: document, design: &design, date: date, forms: map[formKey]*sharedForm{}, versos: map[int]*shared{}}
	for i := range composed {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := spool.add(&composed[i]); err != nil {
			return err
		}
		if progress != nil {
			progress(i + 1)
		}
	}
	if n, want := document.pdf.PageNo(), len(letters)*design.sides(); n != want {
		return fmt.Errorf("letters: %d pages instead of %d", n, want)
	}
	return document.write(w)
}

// sides is the number of pages of a letter.
func (d *Design) sides() int {
	if d.Duplex {
		return 2
	}
	return 1
}

// spool is a document being filled with letters.
type spool struct {
	document *document
	design   *Design
	date     time.Time
	forms    map[formKey]*sharedForm
	versos   map[int]*shared // by validity
	matrices matrices
}

// sharedForm is a form whose shared part the document has.
type sharedForm struct {
	*form
	shared *shared
}

// add appends a letter.
func (s *spool) add(l *Letter) error {
	form, err := s.form(l.formKey())
	if err != nil {
		return letterError("", err)
	}
	if err := s.document.addPage(form.shared, func(c *canvas) error { return form.drawOwn(c, l) }); err != nil {
		return err
	}
	if !s.design.Duplex {
		return nil
	}
	verso, err := s.verso(l.ValidDays)
	if err != nil {
		return letterError("", err)
	}
	return s.document.addPage(verso, func(*canvas) error { return nil })
}

// form returns the form of a key, made once a document.
func (s *spool) form(key formKey) (*sharedForm, error) {
	if form, ok := s.forms[key]; ok {
		return form, nil
	}
	form, faults := newForm(s.design, key, s.date)
	if len(faults) > 0 {
		return nil, faults[0]
	}
	form.matrices = &s.matrices
	shared, err := s.document.share(s.design.logo, form.drawShared)
	if err != nil {
		return nil, err
	}
	s.forms[key] = &sharedForm{form, shared}
	return s.forms[key], nil
}

// verso returns the other side of letters valid for some days, made once a
// document.
func (s *spool) verso(validDays int) (*shared, error) {
	if verso, ok := s.versos[validDays]; ok {
		return verso, nil
	}
	verso, err := s.document.share(nil, func(c *canvas) error { return drawVerso(c, s.design, validDays) })
	s.versos[validDays] = verso
	return verso, err
}

// composed returns the letter with its texts as they are printed: accents
// composed, and French apostrophes in running text.
func (l Letter) composed() Letter {
	for _, text := range []*string{&l.Salutation, &l.Organisation, &l.Applicant, &l.Identifier} {
		*text = typeset(norm.NFC.String(*text))
	}
	return l
}
