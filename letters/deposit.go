package letters

import (
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"codeberg.org/go-pdf/fpdf"

	"guichet/data"
)

// Geometry of a deposit slip, in millimetres.
const (
	slipLeft, slipRight  = 20.0, 190.0
	slipTop, slipBottom  = 20.0, 277.0
	slipRow              = 5.6
	slipPrice            = 140.0 // right edge of the column of unit prices
	slipCount            = 105.0 // right edge of the numbers beside them
	slipBoxHeight        = 38.0
	slipSize, slipSmall  = 10.0, 8.5
	slipHeavy, slipLight = 0.3, 0.2 // rules
)

// WriteDepositSlip writes a deposit slip (bordereau de dépôt) as a PDF in A4,
// of as many pages as its départements take: the sender's lines, the batch, the
// letters by destination and by postage, and room for the signatures of the
// depositor and of La Poste. Prices and amounts that are not known are left
// out. A character that the letters' fonts lack prints as a question mark.
func WriteDepositSlip(w io.Writer, sender []string, slip data.DepositSlip) error {
	pages := drawDepositSlip(sender, slip, 0).pdf.PageNo()
	if err := drawDepositSlip(sender, slip, pages).pdf.Output(w); err != nil {
		return fmt.Errorf("letters: write deposit slip: %w", err)
	}
	return nil
}

// slipPages are a deposit slip being drawn, from the top down.
type slipPages struct {
	pdf   *fpdf.Fpdf
	slip  data.DepositSlip
	pages int     // in all
	y     float64 // baseline of what was drawn last
}

func drawDepositSlip(sender []string, slip data.DepositSlip, pages int) *slipPages {
	pdf := fpdf.New("P", "mm", "A4", "")
	pdf.SetCatalogSort(true)
	pdf.SetCreationDate(slip.ComposedAt)
	pdf.SetModificationDate(slip.ComposedAt)
	pdf.SetLang("fr-FR")
	pdf.SetTitle("Bordereau de dépôt "+slip.Batch, true)
	pdf.SetCreator("Guichet", true)
	pdf.SetAutoPageBreak(false, 0)
	for _, f := range []*face{sansRegular, sansSemiBold} {
		pdf.AddUTF8FontFromBytes(f.family, f.style, slices.Clone(f.data))
	}
	p := &slipPages{pdf: pdf, slip: slip, pages: pages}
	p.page()
	p.heading(sender)
	p.destinations()
	p.postage()
	p.signatures()
	return p
}

// page begins a page; all but the first repeat the title.
func (p *slipPages) page() {
	p.pdf.AddPage()
	p.y = slipTop
	if p.pdf.PageNo() > 1 {
		p.left(sansSemiBold, slipSize, slipLeft, "Bordereau de dépôt, lot"+nb+p.slip.Batch)
	}
	p.right(sansRegular, slipSmall, slipRight, fmt.Sprintf("page%s%d/%d", nb, p.pdf.PageNo(), p.pages))
	p.y += 2 * slipRow
}

// room begins a page unless height is left on this one, and reports whether it
// did.
func (p *slipPages) room(height float64) bool {
	if p.y+height <= slipBottom {
		return false
	}
	p.page()
	return true
}

func (p *slipPages) heading(sender []string) {
	p.y = slipTop
	for i, line := range sender {
		f := sansRegular
		if i == 0 {
			f = sansSemiBold
		}
		p.left(f, slipSize, slipLeft, line)
		p.y += 4.8
	}
	p.y += 10
	p.left(sansSemiBold, 20, slipLeft, "Bordereau de dépôt")
	p.y += 10
	facts := [][2]string{{"Lot", p.slip.Batch}, {"Composé le", data.LongDate(p.slip.ComposedAt.In(data.Paris))}}
	if p.slip.Service != "" {
		facts = append(facts, [2]string{"Service", p.slip.Service})
	}
	for _, fact := range append(facts, [2]string{"Nombre de lettres", grouped(p.slip.Letters)}) {
		p.left(sansRegular, slipSize, slipLeft, fact[0])
		p.left(sansSemiBold, slipSize, slipLeft+38, fact[1])
		p.y += slipRow
	}
	p.y += slipRow
}

// destinations draws the table of départements, then of countries.
func (p *slipPages) destinations() {
	p.columns()
	home := 0
	for _, count := range p.slip.Departments {
		p.destination(count)
		home += count.Letters
	}
	if home > 0 {
		p.subtotal("Total France", home)
	}
	for _, count := range p.slip.Countries {
		p.destination(count)
	}
	if len(p.slip.Countries) > 0 {
		p.subtotal("Total étranger", p.slip.Letters-home)
	}
	p.y += slipRow
}

// columns draws the head of the table of destinations.
func (p *slipPages) columns() {
	p.left(sansSemiBold, slipSmall, slipLeft, "Code")
	p.left(sansSemiBold, slipSmall, slipLeft+18, "Destination")
	p.right(sansSemiBold, slipSmall, slipRight, "Lettres")
	p.rule(slipHeavy)
}

func (p *slipPages) destination(count data.DepositCount) {
	if p.room(2 * slipRow) {
		p.columns()
	}
	p.y += slipRow
	p.left(sansRegular, slipSize, slipLeft, count.Code)
	p.left(sansRegular, slipSize, slipLeft+18, count.Name)
	p.right(sansRegular, slipSize, slipRight, grouped(count.Letters))
	p.rule(slipLight)
}

// subtotal follows the last of its rows without a page between.
func (p *slipPages) subtotal(name string, letters int) {
	p.y += slipRow
	p.left(sansSemiBold, slipSize, slipLeft+18, name)
	p.right(sansSemiBold, slipSize, slipRight, grouped(letters))
	p.rule(slipHeavy)
}

// postage draws the letters and amounts by class, and the totals. Signatures
// stand on the same page.
func (p *slipPages) postage() {
	p.room(float64(len(p.slip.Postage)+4)*slipRow + slipBoxHeight)
	priced := slices.ContainsFunc(p.slip.Postage, func(class data.DepositPostage) bool { return class.Price > 0 })
	p.y += slipRow
	p.left(sansSemiBold, slipSmall, slipLeft, "Affranchissement")
	column := slipRight
	if priced {
		column = slipCount
		p.right(sansSemiBold, slipSmall, slipPrice, "Prix unitaire")
		p.right(sansSemiBold, slipSmall, slipRight, "Montant")
	}
	p.right(sansSemiBold, slipSmall, column, "Lettres")
	p.rule(slipHeavy)
	for _, class := range p.slip.Postage {
		p.y += slipRow
		p.left(sansRegular, slipSize, slipLeft, class.Class)
		p.right(sansRegular, slipSize, column, grouped(class.Letters))
		p.right(sansRegular, slipSize, slipPrice, euros(class.Price))
		p.right(sansRegular, slipSize, slipRight, euros(class.Amount))
		p.rule(slipLight)
	}
	p.y += slipRow
	p.left(sansSemiBold, slipSize, slipLeft, "Total")
	p.right(sansSemiBold, slipSize, column, grouped(p.slip.Letters))
	p.right(sansSemiBold, slipSize, slipRight, euros(p.slip.Amount))
	p.rule(slipHeavy)
	p.y += 2 * slipRow
}

// signatures draws the boxes that the depositor and La Poste fill in.
func (p *slipPages) signatures() {
	const gap = 6.0
	width := (slipRight - slipLeft - gap) / 2
	top := p.y
	for i, who := range []string{"Le déposant", "La Poste"} {
		x := slipLeft + float64(i)*(width+gap)
		p.pdf.SetDrawColor(0, 0, 0)
		p.pdf.SetLineWidth(slipHeavy)
		p.pdf.Rect(x, top, width, slipBoxHeight, "D")
		p.y = top + slipRow
		p.left(sansSemiBold, slipSize, x+3, who)
		p.y += slipRow
		p.left(sansRegular, slipSmall, x+3, "Date"+nb+":")
		p.y += slipRow
		p.left(sansRegular, slipSmall, x+3, []string{"Cachet et signature" + nb + ":", "Timbre à date et signature" + nb + ":"}[i])
	}
	p.y = top + slipBoxHeight
}

func (p *slipPages) left(f *face, size, x float64, text string) {
	p.pdf.SetFont(f.family, f.style, size)
	p.pdf.Text(x, p.y, f.printable(text))
}

func (p *slipPages) right(f *face, size, x float64, text string) {
	text = f.printable(text)
	p.left(f, size, x-f.width(text, size), text)
}

// rule draws a line across the page under the row: black between the parts of
// a table, gray between its rows.
func (p *slipPages) rule(thickness float64) {
	ink := 0
	if thickness == slipLight {
		ink = 190
	}
	p.pdf.SetDrawColor(ink, ink, ink)
	p.pdf.SetLineWidth(thickness)
	p.pdf.Line(slipLeft, p.y+1.7, slipRight, p.y+1.7)
}

// grouped sets a number with a space before its thousands.
func grouped(n int) string {
	digits := strconv.Itoa(n)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + thin + digits[i:]
	}
	return digits
}

// euros sets an amount of cents; nothing for 0, which is not known.
func euros(cents int) string {
	if cents == 0 {
		return ""
	}
	return fmt.Sprintf("%s,%02d%s€", grouped(cents/100), cents%100, nb)
}

// WriteDepositSlipCSV writes a deposit slip as CSV, as Excel in French opens
// it: UTF-8 with a byte order mark, semicolons, decimal commas. Each row has a
// rubrique: departement, pays, affranchissement or total.
func WriteDepositSlipCSV(w io.Writer, slip data.DepositSlip) error {
	rows := [][]string{{"lot", "rubrique", "code", "libelle", "lettres", "prix_unitaire", "montant"}}
	add := func(section, code, name string, letters, price, amount int) {
		if strings.HasPrefix(name, "-") {
			name = "'" + name // a spreadsheet would compute it
		}
		rows = append(rows, []string{slip.Batch, section, code, name, strconv.Itoa(letters), decimal(price), decimal(amount)})
	}
	for _, count := range slip.Departments {
		add("departement", count.Code, count.Name, count.Letters, 0, 0)
	}
	for _, count := range slip.Countries {
		add("pays", "", count.Name, count.Letters, 0, 0)
	}
	for _, class := range slip.Postage {
		add("affranchissement", "", class.Class, class.Letters, class.Price, class.Amount)
	}
	add("total", "", slip.Service, slip.Letters, 0, slip.Amount)
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return fmt.Errorf("letters: write deposit slip: %w", err)
	}
	writer := csv.NewWriter(w)
	writer.Comma, writer.UseCRLF = ';', true
	if err := writer.WriteAll(rows); err != nil {
		return fmt.Errorf("letters: write deposit slip: %w", err)
	}
	return nil
}

// decimal sets an amount of cents for a spreadsheet; nothing for 0.
func decimal(cents int) string {
	if cents == 0 {
		return ""
	}
	return fmt.Sprintf("%d,%02d", cents/100, cents%100)
}
