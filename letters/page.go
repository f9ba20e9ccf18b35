package letters

import (
	"errors"
	"time"

	"codeberg.org/go-pdf/fpdf"
)

// gray is the ink of labels; all else is black.
const gray = 95

// drawDesign draws what all letters of a kind and validity share.
func drawDesign(pdf *fpdf.Fpdf, d Design, date time.Time, kind Kind, validDays int) error {
	drawFolds(pdf)
	if err := drawLetterhead(pdf, d.Sender); err != nil {
		return err
	}
	place := d.Place + ", le " + frenchDate(date)
	if _, err := fitted(pdf, "lieu", addressX, dateBaseline, []span{plain(place)}, sheetWidth-20-addressX, 1); err != nil {
		return err
	}
	title := []span{strong("Objet" + nb + ": " + subject(kind))}
	if _, err := fitted(pdf, "objet", marginLeft, subjectBaseline, title, textWidth, 1); err != nil {
		return err
	}
	drawCodesBox(pdf)
	for i, line := range notes(validDays) {
		paragraph(pdf, marginLeft, noteBaseline+float64(i)*smallStep, line, smallSize, smallStep, textWidth)
	}
	if _, err := section(pdf, "adresse du portail", stepsBaseline, "Où saisir les codes", steps(d.PortalURL), middleBottom); err != nil {
		return err
	}
	next, err := section(pdf, "texte", lowerBaseline, "Ce que vaut la saisie des codes", effect(kind), lowerBottom)
	if err != nil {
		return err
	}
	if _, err = section(pdf, "texte", next, "Des codes personnels", caution(d), lowerBottom); err != nil {
		return err
	}
	return drawSignatory(pdf, d)
}

// drawLetter draws what one letter says of its own.
func drawLetter(pdf *fpdf.Fpdf, l Letter) error {
	drawAddress(pdf, l.Address)
	if err := drawReference(pdf, l); err != nil {
		return err
	}
	if _, err := fitted(pdf, "appel", marginLeft, salutationBaseline, []span{plain(typeset(l.Salutation) + ",")}, textWidth, 1); err != nil {
		return l.tooLong(err)
	}
	if _, err := fitted(pdf, "demande", marginLeft, introBaseline, intro(l), textWidth, linesBetween(introBaseline, codesTop-3)); err != nil {
		return l.tooLong(err)
	}
	if err := drawCodes(pdf, l); err != nil {
		return err
	}
	if _, err := fitted(pdf, "appel", marginLeft, closingBaseline, []span{plain(closing(l.Salutation))}, textWidth, 2); err != nil {
		return l.tooLong(err)
	}
	return nil
}

// tooLong gives an error of the layout the letter's name.
func (l Letter) tooLong(err error) error {
	var e *LetterError
	if errors.As(err, &e) {
		return l.fail(e.Field, e.Reason)
	}
	return err
}

// fitted draws a paragraph of at most a number of lines.
func fitted(pdf *fpdf.Fpdf, name string, x, baseline float64, spans []span, limit float64, lines int) (float64, error) {
	next, ok := paragraph(pdf, x, baseline, spans, bodySize, bodyStep, limit)
	if !ok || next > baseline+float64(lines)*bodyStep+0.01 {
		return 0, &LetterError{Field: name, Reason: errTooLong.Error()}
	}
	return next, nil
}

// linesBetween is the number of lines with baselines from first to last.
func linesBetween(first, last float64) int { return int((last-first)/bodyStep) + 1 }

// section draws a heading and its paragraph, whose last baseline may not pass
// bottom, and returns the next heading's baseline.
func section(pdf *fpdf.Fpdf, name string, baseline float64, heading string, spans []span, bottom float64) (float64, error) {
	sansSemiBold.use(pdf, bodySize)
	pdf.Text(marginLeft, baseline, heading)
	first := baseline + bodyStep + 0.4
	next, err := fitted(pdf, name, marginLeft, first, spans, textWidth, linesBetween(first, bottom))
	return next + sectionGap, err
}

// drawFolds marks the folds at the sheet's edge.
func drawFolds(pdf *fpdf.Fpdf) {
	pdf.SetDrawColor(gray, gray, gray)
	pdf.SetLineWidth(0.15)
	for _, y := range []float64{firstFold, secondFold} {
		pdf.Line(5, y, 5+foldLength, y)
	}
}

// drawLetterhead draws the sender, left of the window.
func drawLetterhead(pdf *fpdf.Fpdf, sender []string) error {
	pdf.SetFillColor(0, 0, 0)
	pdf.Rect(marginLeft, letterheadTop, 12, 0.9, "F")
	baseline, ok := paragraph(pdf, marginLeft, letterheadTop+7, []span{strong(typeset(sender[0]))}, 12, 5.2, letterheadWidth)
	baseline++
	for _, line := range sender[1:] {
		fits := true
		baseline, fits = paragraph(pdf, marginLeft, baseline, []span{plain(typeset(line))}, smallSize, smallStep, letterheadWidth)
		ok = ok && fits
	}
	if !ok || baseline-smallStep > letterheadBottom {
		return &LetterError{Field: "en-tête", Reason: errTooLong.Error()}
	}
	return nil
}

// drawAddress draws the address, which is where envelopes have their window.
func drawAddress(pdf *fpdf.Fpdf, lines []string) {
	monoRegular.use(pdf, addressSize)
	baseline := addressY + addressSize*millimetresPerPoint
	for _, line := range lines {
		pdf.Text(addressX, baseline, line)
		baseline += addressStep
	}
}

// drawReference draws the DataMatrix and, beside it, what it holds.
func drawReference(pdf *fpdf.Fpdf, l Letter) error {
	if err := drawMatrix(pdf, marginLeft, matrixTop, l.Reference+" "+sheet); err != nil {
		return l.fail("référence", errTooLong.Error())
	}
	label := "Réf." + nb
	sansRegular.use(pdf, smallSize)
	pdf.Text(referenceX, matrixTop+4, label)
	pdf.Text(referenceX, matrixTop+8.5, "Feuillet"+nb+sheet)
	monoRegular.use(pdf, smallSize)
	pdf.Text(referenceX+sansRegular.width(label, smallSize), matrixTop+4, l.Reference)
	return nil
}

// sheet is n/m: a letter is one sheet.
const sheet = "1/1"

// The box of the codes has three columns.
const columnWidth = textWidth / 3

// drawCodesBox draws the box that the codes stand in, and its labels.
func drawCodesBox(pdf *fpdf.Fpdf) {
	pdf.SetDrawColor(0, 0, 0)
	pdf.SetLineWidth(0.35)
	pdf.Rect(marginLeft, codesTop, textWidth, codesHeight, "D")
	pdf.SetDrawColor(gray, gray, gray)
	pdf.SetLineWidth(0.15)
	sansRegular.use(pdf, smallSize)
	pdf.SetTextColor(gray, gray, gray)
	for i, label := range []string{"Référence", "Code" + nb + "1", "Code" + nb + "2"} {
		x := marginLeft + float64(i)*columnWidth
		if i > 0 {
			pdf.Line(x, codesTop+3.5, x, codesTop+codesHeight-3.5)
		}
		pdf.Text(x+6, codesTop+7, label)
	}
	pdf.SetTextColor(0, 0, 0)
}

// drawCodes draws the reference and the codes on one baseline.
func drawCodes(pdf *fpdf.Fpdf, l Letter) error {
	items := []struct {
		name, text string
		face       *face
		size       float64
	}{
		{"référence", l.Reference, monoRegular, referenceSize},
		{"code 1", l.Codes[0], monoSemiBold, codeSize},
		{"code 2", l.Codes[1], monoSemiBold, codeSize},
	}
	for i, item := range items {
		if item.face.width(item.text, item.size) > columnWidth-9 {
			return l.fail(item.name, errTooLong.Error())
		}
		item.face.use(pdf, item.size)
		pdf.Text(marginLeft+float64(i)*columnWidth+6, codesTop+15.5, item.text)
	}
	return nil
}

// drawSignatory draws who signs, and how the help desk is reached.
func drawSignatory(pdf *fpdf.Fpdf, d Design) error {
	limit := sheetWidth - 20 - addressX
	next, err := fitted(pdf, "signataire", addressX, signatoryTop, []span{strong(typeset(d.Signatory))}, limit, 1)
	if err != nil {
		return err
	}
	if _, err = fitted(pdf, "qualité du signataire", addressX, next, []span{plain(typeset(d.SignatoryTitle))}, limit, 2); err != nil {
		return err
	}
	line := []span{plain(footer(d))}
	pdf.SetTextColor(gray, gray, gray)
	defer pdf.SetTextColor(0, 0, 0)
	next, ok := paragraph(pdf, marginLeft, footerBaseline, line, smallSize, smallStep, textWidth)
	if !ok || next > footerBaseline+smallStep+0.01 {
		return &LetterError{Field: "téléphone et adresse électronique", Reason: errTooLong.Error()}
	}
	return nil
}
