package data

// Envelope is a kind of window envelope. The empty one counts as DL.
type Envelope string

// The envelopes that letters are laid out for.
const (
	EnvelopeDL  Envelope = "DL"
	EnvelopeC65 Envelope = "C6/5"
	EnvelopeC5  Envelope = "C5"
	// EnvelopeC5High is a C5 whose window stands 60 mm above the bottom, as
	// many catalogues have it, instead of 20.
	EnvelopeC5High Envelope = "C5-60"
)

// Envelopes are all kinds, the usual one first.
var Envelopes = []Envelope{EnvelopeDL, EnvelopeC65, EnvelopeC5, EnvelopeC5High}

// Rectangle is an area in millimetres, from the top left corner of what it
// lies on.
type Rectangle struct{ Left, Top, Right, Bottom float64 }

// Overlaps tells whether two areas have a point inside both.
func (r Rectangle) Overlaps(s Rectangle) bool {
	return r.Left < s.Right && s.Left < r.Right && r.Top < s.Bottom && s.Top < r.Bottom
}

// Contains tells whether s lies within r.
func (r Rectangle) Contains(s Rectangle) bool {
	return r.Left <= s.Left && s.Right <= r.Right && r.Top <= s.Top && s.Bottom <= r.Bottom
}

// Grown is r with a margin on all sides.
func (r Rectangle) Grown(margin float64) Rectangle {
	return Rectangle{r.Left - margin, r.Top - margin, r.Right + margin, r.Bottom + margin}
}

// An A4 sheet, and the usual French window.
const (
	sheetWidth, sheetHeight   = 210.0, 297.0
	windowWidth, windowHeight = 100.0, 45.0
	windowFromRight           = 20.0
)

// Known tells whether there is such an envelope.
func (e Envelope) Known() bool {
	_, known := e.format()
	return known
}

// Label is the envelope as people read it.
func (e Envelope) Label() string { f, _ := e.format(); return f.label }

// Size is the envelope's width and height in millimetres.
func (e Envelope) Size() (width, height float64) {
	f, _ := e.format()
	return f.width, f.height
}

// Window is where the envelope's front is open.
func (e Envelope) Window() Rectangle {
	f, _ := e.format()
	right, bottom := f.width-windowFromRight, f.height-f.windowFromBottom
	return Rectangle{right - windowWidth, bottom - windowHeight, right, bottom}
}

// Folds are where an A4 sheet is folded, in millimetres from its top: in three
// or in two.
func (e Envelope) Folds() []float64 {
	f, _ := e.format()
	var folds []float64
	for y := sheetHeight / f.panels; y < sheetHeight-1; y += sheetHeight / f.panels {
		folds = append(folds, y)
	}
	return folds
}

// AlwaysVisible is the area of the sheet that the window shows wherever the
// folded sheet slides in the envelope.
func (e Envelope) AlwaysVisible() Rectangle {
	visible := e.Window()
	playX, playY := e.play()
	return Rectangle{visible.Left, visible.Top, visible.Right - playX, visible.Bottom - playY}
}

// MayBeVisible is the area of the sheet that the window shows in some position
// of the folded sheet.
func (e Envelope) MayBeVisible() Rectangle {
	visible := e.Window()
	playX, playY := e.play()
	return Rectangle{visible.Left - playX, visible.Top - playY, visible.Right, visible.Bottom}
}

// play is how far the folded sheet slides in the envelope.
func (e Envelope) play() (x, y float64) {
	f, _ := e.format()
	return f.width - sheetWidth, f.height - sheetHeight/f.panels
}

// envelopeFormat is what tells one envelope from another, in millimetres.
type envelopeFormat struct {
	label            string
	width, height    float64
	windowFromBottom float64
	panels           float64
}

// format returns DL's, and false, for an unknown envelope.
func (e Envelope) format() (format envelopeFormat, known bool) {
	switch e {
	case EnvelopeC65:
		return envelopeFormat{"C6/5 (114 × 229 mm), feuille pliée en trois", 229, 114, 20, 3}, true
	case EnvelopeC5:
		return envelopeFormat{"C5 (162 × 229 mm), fenêtre à 20 mm du bas, feuille pliée en deux", 229, 162, 20, 2}, true
	case EnvelopeC5High:
		return envelopeFormat{"C5 (162 × 229 mm), fenêtre à 60 mm du bas, feuille pliée en deux", 229, 162, 60, 2}, true
	}
	return envelopeFormat{"DL (110 × 220 mm), feuille pliée en trois", 220, 110, 20, 3}, e == "" || e == EnvelopeDL
}
