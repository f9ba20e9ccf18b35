package letters

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"math"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"guichet/data"
)

// Calibration is what a calibration sheet is printed for.
type Calibration struct {
	// Printer is the printer's name as the system shows it.
	Printer string
	// DX and DY are its present offsets, in millimetres right and down, each
	// within ±MaxShift.
	DX, DY float64
	// Envelope is the one in use: its window is drawn heavier.
	Envelope data.Envelope
	// Date is printed.
	Date time.Time
}

// WriteCalibration writes a sheet, as a PDF of one page, that shows by how
// much a printer is off. Its present offsets are applied to all of it.
// Characters of the printer's name that the fonts lack print as question
// marks.
func WriteCalibration(w io.Writer, c Calibration) error {
	if err := checkShift(c.DX, c.DY); err != nil {
		return err
	}
	document, err := newDocument("Feuille de calibrage", c.Date)
	if err != nil {
		return err
	}
	if err := document.addPage(nil, c.draw); err != nil {
		return err
	}
	var page bytes.Buffer
	if err := document.write(&page); err != nil {
		return err
	}
	return Shift(w, &page, c.DX, c.DY)
}

func (c Calibration) draw(p *canvas) error {
	c.drawWindows(p)
	drawRulers(p)
	c.drawHead(p)
	drawCross(p)
	c.drawInstructions(p)
	return nil
}

// rulerEdge is how far from the paper's edges the rulers begin: most printers
// leave the edge itself white.
const rulerEdge = 7.0

// drawRulers draws a ruler along each edge. Its numbers are millimetres from
// the sheet's left or top.
func drawRulers(p *canvas) {
	const right, bottom = sheetWidth - rulerEdge, sheetHeight - rulerEdge
	for mm := 10.0; mm <= sheetWidth-10; mm++ {
		p.line(black, 0.1, mm, rulerEdge, mm, rulerEdge+tick(mm))
		p.line(black, 0.1, mm, bottom, mm, bottom-tick(mm))
	}
	for mm := 10.0; mm <= sheetHeight-10; mm++ {
		p.line(black, 0.1, rulerEdge, mm, rulerEdge+tick(mm), mm)
		p.line(black, 0.1, right, mm, right-tick(mm), mm)
	}
	const gap, half = 1.0, 0.75
	for mm := 20; mm <= 190; mm += 10 {
		x := float64(mm) - sansRegular.width(itoa(mm), rulerSize)/2
		rulerLabel(p, x, rulerEdge+longTick+gap+2*half, mm)
		rulerLabel(p, x, bottom-longTick-gap, mm)
	}
	for mm := 20; mm <= 280; mm += 10 {
		y := float64(mm) + half
		rulerLabel(p, rulerEdge+longTick+gap, y, mm)
		rulerLabel(p, right-longTick-gap-sansRegular.width(itoa(mm), rulerSize), y, mm)
	}
}

const rulerSize = 6.0

// rulerLabel draws a number, white around it.
func rulerLabel(p *canvas, x, baseline float64, mm int) {
	label := itoa(mm)
	p.blank(data.Rectangle{Left: x, Top: baseline - 1.5, Right: x + sansRegular.width(label, rulerSize), Bottom: baseline}.Grown(0.4))
	p.text(sansRegular, rulerSize, x, baseline, label)
}

const longTick = 3.6

// tick is the length of a ruler's line.
func tick(mm float64) float64 {
	switch {
	case math.Mod(mm, 10) == 0:
		return longTick
	case math.Mod(mm, 5) == 0:
		return 2.6
	}
	return 1.5
}

// drawWindows outlines what each envelope's window always shows, and for the
// one in use what it may show, with a sample of the address.
func (c Calibration) drawWindows(p *canvas) {
	labels := map[data.Envelope][2]float64{ // where there is room
		data.EnvelopeDL: {100, 44}, data.EnvelopeC65: {109.8, 48.2},
		data.EnvelopeC5: {109.8, 127.4}, data.EnvelopeC5High: {109.8, 87.4},
	}
	used := c.envelope()
	for _, envelope := range data.Envelopes {
		ink, thickness := 150, 0.15
		if envelope == used {
			ink, thickness = black, 0.4
		}
		p.outline(ink, thickness, envelope.AlwaysVisible())
		at := labels[envelope]
		p.text(sansRegular, 6.5, at[0], at[1], string(envelope))
	}
	p.dashed(func() { p.outline(gray, 0.15, used.MayBeVisible()) })
	form := form{layout: layoutFor(used)}
	top := form.layout.addressTop
	p.blank(data.Rectangle{Left: addressX, Top: top, Right: addressX + 60, Bottom: top + 6*addressStep})
	form.drawAddress(p, SampleLetter(data.UserText).Address)
	for _, envelope := range []data.Envelope{data.EnvelopeDL, data.EnvelopeC5} {
		for _, fold := range envelope.Folds() {
			p.line(gray, 0.15, 20, fold, 25, fold)
			p.text(sansRegular, 6, 26, fold+0.75, fmt.Sprintf("pli %s", envelope))
		}
	}
}

func (c Calibration) envelope() data.Envelope { return cmp.Or(c.Envelope, data.EnvelopeDL) }

// drawHead says what the sheet was printed for.
func (c Calibration) drawHead(p *canvas) {
	p.text(sansSemiBold, 16, marginLeft, 28, "Feuille de calibrage")
	baseline := 36.0
	for _, line := range []string{
		"Imprimante" + nb + ": " + sansRegular.printable(norm.NFC.String(c.Printer)),
		"Enveloppe" + nb + ": " + string(c.envelope()),
		"Date" + nb + ": " + data.LongDate(c.Date),
		"Décalages appliqués à cette feuille" + nb + ": " + signed(c.DX) + " vers la droite, " + signed(c.DY) + " vers le bas",
	} {
		baseline, _ = p.paragraph(marginLeft, baseline, []span{plain(line)}, small, leftWidth)
	}
}

// The cross that is measured.
const crossX, crossY, crossArm = 55.0, 190.0, 22.0

func drawCross(p *canvas) {
	p.line(black, 0.2, 19, crossY, crossX+crossArm, crossY)
	p.line(black, 0.2, crossX, crossY-crossArm-8, crossX, crossY+crossArm)
	p.text(sansSemiBold, 10, 28, crossY-1.5, "A")
	p.text(sansSemiBold, 10, crossX+1.5, crossY-crossArm-4, "B")
	const y, length = 252.0, 100.0
	p.line(black, 0.3, marginLeft, y, marginLeft+length, y)
	p.line(black, 0.3, marginLeft, y-2, marginLeft, y+2)
	p.line(black, 0.3, marginLeft+length, y-2, marginLeft+length, y+2)
	p.text(sansRegular, small.size, marginLeft+length+4, y+1, "Ce trait mesure 100"+nb+"mm exactement.")
}

// drawInstructions says how the offsets are found.
func (c Calibration) drawInstructions(p *canvas) {
	const left, width, gap = 88.0, 100.0, 2.2
	body := style{9.5, 4.6}
	baseline := 158.0
	for _, spans := range [][]span{
		{
			strong("1. "), plain("Imprimez cette feuille à 100" + nb + "%, sans " + quoted("ajuster à la page") + nb +
				": le trait du bas mesure alors 100" + nb + "mm."),
		},
		{
			strong("2. "), plain("Mesurez à la règle, depuis les bords du papier, le centre de la croix" + nb + ": "), strong("A"),
			plain(" depuis le bord gauche, "), strong("B"), plain(" depuis le bord haut."),
		},
		{strong("3. "), plain("Saisissez les deux différences, en millimètres, dans les réglages de l’imprimante" + nb + ":")},
		{strong("vers la droite = " + millimetres(crossX+c.DX) + nb + "−" + nb + "A")},
		{strong("vers le bas = " + millimetres(crossY+c.DY) + nb + "−" + nb + "B")},
		{
			strong("4. "), plain("Imprimez une nouvelle feuille" + nb + ": A vaut " + millimetres(crossX) + nb + "mm et B " + millimetres(crossY) + nb +
				"mm. Pliée et glissée dans l’enveloppe, elle ne montre que l’adresse, quelle que soit sa position."),
		},
	} {
		x := left
		if spans[0].text[0] == 'v' {
			x += 6
		}
		next, _ := p.paragraph(x, baseline, spans, body, width)
		baseline = next + gap
	}
	p.paragraph(marginLeft, 264, []span{plain("Traits pleins" + nb + ": ce que la fenêtre de chaque enveloppe montre toujours. " +
		"Pointillé" + nb + ": ce que celle de l’enveloppe employée peut montrer.")}, small, textWidth)
}

// millimetres sets a length with a comma.
func millimetres(mm float64) string { return strings.Replace(fmt.Sprintf("%.1f", mm), ".", ",", 1) }

// signed sets an offset, with its sign.
func signed(mm float64) string {
	sign := "+"
	if mm < 0 {
		sign = "−"
	}
	return sign + millimetres(math.Abs(mm)) + nb + "mm"
}
