package letters

import (
	"time"

	"guichet/data"
)

// formKey is what the text that letters share depends on.
type formKey struct {
	kind      Kind
	reissue   bool
	validDays int
}

func (l *Letter) formKey() formKey { return formKey{l.Kind, l.Replaces != "", l.ValidDays} }

// textKind is the kind of text that such letters have.
func (k formKey) textKind() data.LetterTextKind {
	if k.reissue {
		return data.ReissueText
	}
	return data.LetterTextKind(k.kind)
}

// form is a design for letters of one key: its texts read, and parted into
// what all of them share and what each letter draws of its own.
type form struct {
	design *Design
	layout *layout
	key    formKey
	date   time.Time

	subject, opening, effect, caution *block

	// own are the paragraphs below the codes that each letter draws, from a
	// baseline on.
	own  []*block
	from float64

	matrices *matrices
	spans    []span // scratch
}

// newForm reads the texts of a design for letters of a key. It returns what in
// them cannot be printed, but for their length.
func newForm(d *Design, key formKey, date time.Time) (*form, []*fault) {
	kind := key.textKind()
	text := textOf(d, kind)
	f := &form{
		design: d, layout: layoutFor(d.Envelope), key: key, date: date, matrices: &matrices{},
		subject: newBlock(kind, "subject", "objet", "", text.Subject),
		opening: newBlock(kind, "opening", "demande", "", text.Opening),
		effect:  newBlock(kind, "effect", "effet des codes", effectHeading, text.Effect),
		caution: newBlock(kind, "caution", "mise en garde", cautionHeading, text.Caution),
	}
	blocks := []*block{f.subject, f.opening, f.effect, f.caution}
	if key.reissue {
		first := data.LetterTextKind(key.kind)
		effect := newBlock(first, "effect", "effet des codes", "", textOf(d, first).Effect)
		for _, b := range blocks {
			b.prose = b.prose.splice(effectName, effect.prose)
		}
		blocks = append(blocks, effect)
	}
	for i := range f.subject.prose {
		f.subject.prose[i].face = sansSemiBold
	}
	var faults []*fault
	for _, b := range blocks {
		faults = append(faults, b.faults...)
	}
	return f, faults
}

// textOf is the design's text of a kind, completed.
func textOf(d *Design, kind data.LetterTextKind) data.LetterText {
	return d.Texts[kind].Or(DefaultTexts()[kind])
}

// block is an editable paragraph.
type block struct {
	field
	heading string
	prose   prose
	faults  []*fault
}

func newBlock(kind data.LetterTextKind, key, label, heading, text string) *block {
	b := &block{field: field{key: "text." + string(kind) + "." + key, label: label}, heading: heading}
	b.read(text, variablesOf(kind))
	return b
}

// read parses a text and notes what in it cannot be printed.
func (b *block) read(text string, variables []variable) {
	prose, problems := parseProse(b.key, text, variables)
	for _, problem := range problems {
		b.faults = append(b.faults, &fault{problem, b.label})
	}
	for _, piece := range prose {
		f := field{key: b.key, label: b.label, text: piece.text, face: piece.face, optional: true}
		if f := f.fault(); f != nil {
			b.faults = append(b.faults, f)
		}
	}
	b.prose = prose
}

// drawShared draws what all letters of the form have in common.
func (f *form) drawShared(c *canvas) error {
	if f.design.Specimen {
		drawSpecimen(c)
	}
	drawFolds(c, f.layout)
	drawReferenceLabels(c, f.layout)
	drawCodesBox(c, f.layout)
	for i, line := range notes(f.key.validDays) {
		c.paragraph(marginLeft, f.layout.notes+float64(i)*small.step, line, small, textWidth)
	}
	for _, draw := range []func(*canvas) error{f.drawLetterhead, f.drawDate, f.drawSteps, f.drawSignatory, f.drawSharedTexts} {
		if err := draw(c); err != nil {
			return err
		}
	}
	return nil
}

// drawSharedTexts draws the editable paragraphs that no letter changes. Below
// the codes a paragraph that changes moves all that follow it.
func (f *form) drawSharedTexts(c *canvas) error {
	l := &Letter{Kind: f.key.kind, ValidDays: f.key.validDays}
	if !f.subject.prose.varies() {
		if err := f.drawSubject(c, l); err != nil {
			return err
		}
	}
	if !f.opening.prose.varies() {
		if err := f.drawOpening(c, l); err != nil {
			return err
		}
	}
	f.own, f.from = []*block{f.effect, f.caution}, f.layout.flow.baseline
	for len(f.own) > 0 && !f.own[0].prose.varies() {
		next, err := f.drawSection(c, f.own[0], f.from, l)
		if err != nil {
			return err
		}
		f.own, f.from = f.own[1:], next
	}
	return nil
}

// drawOwn draws what one letter says of its own. drawShared comes first.
func (f *form) drawOwn(c *canvas, l *Letter) error {
	f.drawAddress(c, l.Address)
	if err := f.drawReference(c, l); err != nil {
		return err
	}
	if err := f.drawCodes(c, l); err != nil {
		return err
	}
	if err := f.drawOwnTexts(c, l); err != nil {
		return letterError(l.printedReference(), err)
	}
	return nil
}

func (f *form) drawOwnTexts(c *canvas, l *Letter) error {
	salutation := field{label: "appel"}
	body := f.layout.body
	at := column(f.layout.salutation, f.layout.salutation)
	if _, err := fitted(c, salutation, at, body, append(f.spans[:0], plain(l.Salutation+","))); err != nil {
		return err
	}
	if f.subject.prose.varies() {
		if err := f.drawSubject(c, l); err != nil {
			return err
		}
	}
	if f.opening.prose.varies() {
		if err := f.drawOpening(c, l); err != nil {
			return err
		}
	}
	next := f.from
	for _, b := range f.own {
		var err error
		if next, err = f.drawSection(c, b, next, l); err != nil {
			return err
		}
	}
	at = column(f.layout.closing, f.layout.closing+body.step)
	_, err := fitted(c, salutation, at, body, append(f.spans[:0], plain(closing(l.Salutation))))
	return err
}

func (f *form) drawSubject(c *canvas, l *Letter) error {
	f.spans = f.subject.prose.spans(append(f.spans[:0], strong("Objet"+nb+": ")), l, f.design)
	_, err := fitted(c, f.subject.field, f.layout.subject, f.layout.body, f.spans)
	return err
}

func (f *form) drawOpening(c *canvas, l *Letter) error {
	f.spans = f.opening.prose.spans(f.spans[:0], l, f.design)
	_, err := fitted(c, f.opening.field, f.layout.opening, f.layout.body, f.spans)
	return err
}

// drawSection draws a paragraph below the codes, and returns where the next
// one begins.
func (f *form) drawSection(c *canvas, b *block, baseline float64, l *Letter) (float64, error) {
	at := f.layout.flow
	at.baseline = baseline
	f.spans = f.spans[:0]
	f.drawHeading(c, b.heading, &at)
	f.spans = b.prose.spans(f.spans, l, f.design)
	next, err := fitted(c, b.field, at, f.layout.body, f.spans)
	return next + f.layout.gap, err
}

// drawHeading draws a heading above the paragraph at a slot, or has the
// paragraph begin with it.
func (f *form) drawHeading(c *canvas, heading string, at *slot) {
	if f.layout.runIn {
		f.spans = append(f.spans, strong(heading+"."), plain(" "))
		return
	}
	c.text(sansSemiBold, f.layout.body.size, at.x, at.baseline, heading)
	at.baseline += f.layout.body.step + 0.4
}

// fitted draws a paragraph that must keep to its slot.
func fitted(c *canvas, f field, at slot, s style, spans []span) (next float64, err error) {
	next, ok := c.paragraph(at.x, at.baseline, spans, s, at.width)
	if beyond := next - s.step - at.bottom; !ok || beyond > 0.01 {
		return 0, tooLong(f, beyond, s.step)
	}
	return next, nil
}
