package letters

import (
	"bytes"
	"fmt"
	"io"
	"regexp"
	"time"

	"codeberg.org/go-pdf/fpdf"
)

// document is a PDF being made. fpdf keeps its structure: pages, templates,
// fonts and pictures; what they draw comes from a canvas.
type document struct {
	pdf    *fpdf.Fpdf
	canvas *canvas
	logo   *logo // known to the PDF
}

// newDocument begins an A4 document, uncompressed. The same input gives the
// same bytes.
func newDocument(title string, date time.Time) (*document, error) {
	pdf := fpdf.New("P", "mm", "A4", "")
	pdf.SetCompression(false)
	pdf.SetCatalogSort(true)
	pdf.SetCreationDate(date)
	pdf.SetModificationDate(date)
	pdf.SetLang("fr-FR")
	pdf.SetTitle(title, true)
	pdf.SetCreator("Guichet", true)
	pdf.SetAutoPageBreak(false, 0)
	pdf.SetMargins(0, 0, 0)
	addFonts(pdf)
	d := &document{pdf: pdf, canvas: newCanvas()}
	for i, f := range faces {
		name := faceName.FindSubmatch(pdf.CreateTemplate(func(t *fpdf.Tpl) { f.use(&t.Fpdf, 1) }).Bytes())
		if name == nil {
			return nil, fmt.Errorf("letters: no name for the font %s%s: %w", f.family, f.style, pdf.Error())
		}
		d.canvas.names[i] = string(name[1])
	}
	return d, nil
}

// faceName is what fpdf calls a font where it selects it.
var faceName = regexp.MustCompile(`/(F\w+) 1\.00 Tf`)

// shared is a template: what many pages draw.
type shared struct {
	template fpdf.Template
	use      string // the operator that draws it, once a page has used it
}

// share makes a template of what draw draws, and of the logo unless nil.
func (d *document) share(logo *logo, draw func(*canvas) error) (*shared, error) {
	d.canvas.reset()
	if err := draw(d.canvas); err != nil {
		return nil, err
	}
	if logo != nil && d.logo != logo {
		d.pdf.RegisterImageOptionsReader(logoName, fpdf.ImageOptions{ImageType: "png"}, bytes.NewReader(logo.png))
		d.logo = logo
	}
	var err error
	template := d.pdf.CreateTemplate(func(t *fpdf.Tpl) {
		// A template does not inherit this, and would silently put what
		// stands near the bottom on a second page that nobody uses.
		t.SetAutoPageBreak(false, 0)
		t.RawWriteStr(string(d.canvas.ops))
		if logo != nil {
			t.ImageOptions(logoName, marginLeft, logoTop, logo.width, logo.height, false, fpdf.ImageOptions{ImageType: "png"}, 0, "")
		}
		err = t.Error()
	})
	if err != nil {
		return nil, fmt.Errorf("letters: template: %w", err)
	}
	if n := template.NumPages(); n != 1 {
		return nil, fmt.Errorf("letters: the design takes %d pages", n)
	}
	return &shared{template: template}, nil
}

const logoName = "logo"

// addPage appends a page that draws a template, unless nil, and what draw
// draws over it. All of it is where Shift can move it.
func (d *document) addPage(s *shared, draw func(*canvas) error) error {
	d.canvas.reset()
	first := s != nil && s.use == ""
	if !first {
		d.canvas.ops = append(d.canvas.ops, unmoved...)
		if s != nil {
			d.canvas.ops = append(d.canvas.ops, s.use...)
		}
	}
	if err := draw(d.canvas); err != nil {
		return err
	}
	d.pdf.AddPage()
	if first {
		// fpdf must see a use, and hashes the whole template at each.
		d.pdf.RawWriteStr(unmoved)
		d.pdf.UseTemplate(s.template)
		s.use = "/TPL" + s.template.ID() + " Do\n"
	}
	d.pdf.RawWriteStr(string(d.canvas.ops))
	return d.pdf.Error()
}

// write ends the document. No page may follow.
func (d *document) write(w io.Writer) error {
	// fpdf embeds the characters that its own Text has seen: a template that
	// no page uses shows it those of the canvas.
	d.pdf.CreateTemplate(func(t *fpdf.Tpl) {
		for i, f := range faces {
			f.use(&t.Fpdf, 1)
			t.Text(0, 0, d.canvas.used[i].String())
		}
	})
	if err := d.pdf.Output(w); err != nil {
		return fmt.Errorf("letters: write PDF: %w", err)
	}
	return nil
}
