package letters

import "guichet/data"

// drawFolds marks the folds at the sheet's edge.
func drawFolds(c *canvas, l *layout) {
	for _, y := range l.folds {
		c.line(gray, 0.15, 5, y, 5+foldLength, y)
	}
}

// drawSpecimen draws the word across the sheet, so light that text over it
// stays readable.
func drawSpecimen(c *canvas) {
	const text, size, ink = "SPÉCIMEN", 118.0, 225
	length := sansSemiBold.width(text, size)
	c.fill(ink)
	c.within(sheetWidth/2, sheetHeight/2, 1, 1, 52, func() {
		// The origin is the sheet's middle here.
		c.text(sansSemiBold, size, -length/2, pageHeight*millimetresPerPoint+14, text)
	})
	c.fill(black)
}

// drawLetterhead draws the logo and the sender, left of the window.
func (f *form) drawLetterhead(c *canvas) error {
	baseline := letterheadTop + 7
	if f.design.logo != nil {
		baseline = logoTop + f.design.logo.height + 6.5 // the document draws it
	} else {
		c.box(marginLeft, letterheadTop, 12, 0.9)
	}
	sender := f.design.Sender
	baseline, ok := c.paragraph(marginLeft, baseline, []span{strong(sender[0])}, name, leftWidth)
	baseline++
	for _, line := range sender[1:] {
		fits := true
		baseline, fits = c.paragraph(marginLeft, baseline, []span{plain(line)}, small, leftWidth)
		ok = ok && fits
	}
	if beyond := baseline - small.step - letterheadBottom; !ok || beyond > 0.01 {
		return tooLong(senderField, beyond, small.step)
	}
	return nil
}

// drawDate draws place and date, where the address begins.
func (f *form) drawDate(c *canvas) error {
	at := slot{addressX, f.layout.date, rightWidth, f.layout.date}
	_, err := fitted(c, placeField, at, f.layout.body, []span{plain(f.design.Place + ", le " + data.LongDate(f.date))})
	return err
}

// drawAddress draws the address, which is where envelopes have their window.
func (f *form) drawAddress(c *canvas, lines []string) {
	top := f.layout.addressTop
	if len(lines) == linesAbroad {
		top = f.layout.addressTopAbroad
	}
	baseline := top + addressSize*millimetresPerPoint
	for _, line := range lines {
		c.text(monoRegular, addressSize, addressX, baseline, line)
		baseline += addressStep
	}
}

// sheet is n/m: a letter is one sheet.
const sheet = "1/1"

const referenceLabel = "Réf." + nb

// drawReferenceLabels draws what stands beside every DataMatrix.
func drawReferenceLabels(c *canvas, l *layout) {
	c.text(sansRegular, small.size, referenceX, l.matrixTop+4, referenceLabel)
	c.text(sansRegular, small.size, referenceX, l.matrixTop+8.5, "Feuillet"+nb+sheet)
}

// drawReference draws the DataMatrix and, beside it, what it holds.
func (f *form) drawReference(c *canvas, l *Letter) error {
	top := f.layout.matrixTop
	matrix, err := f.matrices.encode(l.Reference + " " + sheet)
	if err != nil {
		return l.fail("référence", errTooLong.Error())
	}
	matrix.draw(c, marginLeft, top)
	x := referenceX + sansRegular.width(referenceLabel, small.size)
	c.text(monoRegular, small.size, x, top+4, l.Reference)
	return nil
}

// The box of the codes has three columns.
const (
	columnWidth = textWidth / 3
	columnInset = 6.0
)

// drawCodesBox draws the box and its labels.
func drawCodesBox(c *canvas, l *layout) {
	c.frame(black, 0.35, marginLeft, l.codesTop, textWidth, l.codesHeight)
	c.grayText(func() {
		for i, label := range []string{"Référence", "Code" + nb + "1", "Code" + nb + "2"} {
			x := marginLeft + float64(i)*columnWidth
			if i > 0 {
				c.line(gray, 0.15, x, l.codesTop+3.5, x, l.codesTop+l.codesHeight-3.5)
			}
			c.text(sansRegular, small.size, x+columnInset, l.codesTop+l.codesHeight*0.34, label)
		}
	})
}

// drawCodes draws the reference and the codes on one baseline.
func (f *form) drawCodes(c *canvas, l *Letter) error {
	items := [...]struct {
		name, text string
		face       *face
		size       float64
	}{
		{"référence", l.Reference, monoRegular, referenceSize},
		{"code 1", l.Codes[0], monoSemiBold, codeSize},
		{"code 2", l.Codes[1], monoSemiBold, codeSize},
	}
	for i, item := range items {
		x := marginLeft + float64(i)*columnWidth + columnInset
		right := c.text(item.face, item.size, x, f.layout.codesTop+f.layout.codesHeight*0.755, item.text)
		if right > x+columnWidth-9 {
			return l.fail(item.name, errTooLong.Error())
		}
	}
	return nil
}

// drawSteps says where and how codes are entered.
func (f *form) drawSteps(c *canvas) error {
	at := f.layout.steps
	f.spans = f.spans[:0]
	f.drawHeading(c, stepsHeading, &at)
	_, err := fitted(c, portalField, at, f.layout.body, append(f.spans, steps(f.design.PortalURL)...))
	return err
}

// drawSignatory draws who signs, and how the help desk is reached.
func (f *form) drawSignatory(c *canvas) error {
	body := f.layout.body
	at := slot{addressX, f.layout.signatory, rightWidth, f.layout.signatory}
	next, err := fitted(c, signatoryField, at, body, []span{strong(f.design.Signatory)})
	if err != nil {
		return err
	}
	at.baseline, at.bottom = next, next+body.step
	if _, err = fitted(c, titleField, at, body, []span{plain(f.design.SignatoryTitle)}); err != nil {
		return err
	}
	c.grayText(func() {
		at = column(f.layout.footer, f.layout.footer)
		_, err = fitted(c, supportField(f.design), at, small, []span{plain(footer(f.design))})
	})
	return err
}
