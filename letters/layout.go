package letters

import "guichet/data"

// The sheet, in millimetres from its top left corner. Sizes of type are in
// points.
const (
	millimetresPerPoint = 25.4 / 72

	sheetWidth  = 210.0
	sheetHeight = 297.0

	// The text's column. French letters keep 25 mm at the left.
	marginLeft  = 25.0
	marginRight = 20.0
	textWidth   = sheetWidth - marginLeft - marginRight

	// The address stands where every window shows it. 10 pt of a font with an
	// advance of 0.6 em are 12 characters an inch, 12 pt lines are six an inch.
	addressX    = 109.5
	addressSize = 10.0
	addressStep = 12 * millimetresPerPoint
	rightWidth  = sheetWidth - marginRight - addressX // of what begins at addressX

	// The letterhead and the reference keep left of the window.
	leftWidth        = 62.0
	letterheadTop    = 17.0
	letterheadBottom = 70.0
	logoTop          = 11.0
	logoWidth        = 60.0
	logoHeight       = 18.0

	foldLength = 5.0

	matrixModule = 0.6
	matrixSide   = matrixModules * matrixModule
	referenceX   = marginLeft + 13.0

	codeSize      = 18.0
	referenceSize = 14.0
)

var (
	small = style{8.5, 4.0}
	name  = style{12, 5.2} // of the sender
)

// layout is what depends on the envelope. Codes stand on a panel that folds
// away from the window. Baselines are those of first lines.
type layout struct {
	folds []float64
	clear data.Rectangle // nothing but the address prints here

	addressTop       float64
	addressTopAbroad float64 // of seven lines
	matrixTop        float64
	date             float64
	subject          slot
	salutation       float64
	opening          slot
	codesTop         float64
	codesHeight      float64
	notes            float64
	steps            slot
	// The paragraphs on the effect of codes and on caution follow each other.
	flow      slot
	gap       float64 // between two sections
	closing   float64
	signatory float64
	footer    float64

	body style
	// runIn headings stand on the first line of their paragraphs.
	runIn bool
}

// slot is the room of a paragraph.
type slot struct{ x, baseline, width, bottom float64 }

// column is a slot of the whole text's width; no baseline may pass bottom.
func column(baseline, bottom float64) slot { return slot{marginLeft, baseline, textWidth, bottom} }

// layoutFor is the sheet for an envelope.
func layoutFor(envelope data.Envelope) *layout {
	switch envelope {
	case data.EnvelopeC5:
		l := foldedInTwo(envelope)
		l.addressTop, l.addressTopAbroad, l.matrixTop = 99, 97.6, 99.5
		l.subject = slot{marginLeft, 124, leftWidth, 143}
		return l
	case data.EnvelopeC5High:
		l := foldedInTwo(envelope)
		l.addressTop, l.addressTopAbroad, l.matrixTop = 59, 57.6, 76
		l.date, l.subject = 116, column(137, 143)
		return l
	}
	return foldedInThree(envelope)
}

// foldedInThree has the middle panel, which folds inward, bear the codes. Its
// address fits the windows of DL and C6/5 wherever the sheet slides.
func foldedInThree(envelope data.Envelope) *layout {
	return &layout{
		folds: envelope.Folds(), clear: data.Rectangle{Left: 88, Top: 32, Right: 202, Bottom: 92},
		addressTop: 51, addressTopAbroad: 49.1, matrixTop: 76,
		date: 104.5, subject: column(111.5, 111.5), salutation: 119.5, opening: column(126.5, 146.5),
		codesTop: 149.5, codesHeight: 20.5, notes: 174.7, steps: column(186.2, 196.5),
		flow: column(207, 260), gap: 3.2,
		closing: 264.5, signatory: 275.5, footer: 288.8,
		body: style{10, 4.9},
	}
}

// foldedInTwo has all text on the lower half, behind the address.
func foldedInTwo(envelope data.Envelope) *layout {
	return &layout{
		folds: envelope.Folds(), clear: envelope.MayBeVisible().Grown(2),
		date: letterheadTop + 7, salutation: 157, opening: column(163, 181.1),
		codesTop: 184, codesHeight: 18.5, notes: 207, steps: column(217.5, 222.1),
		flow: column(229, 263.5), gap: 1.8,
		closing: 269, signatory: 278.5, footer: 288.8,
		body: style{9.5, 4.5}, runIn: true,
	}
}
