package letters

import (
	"fmt"
	"io"
	"slices"
	"time"

	"codeberg.org/go-pdf/fpdf"
)

// ReportSection is a part of a report: its title, facts by name, and a text.
type ReportSection struct {
	Title string
	Facts [][2]string
	Text  string
}

// Geometry of a report, in millimetres; sizes of type in points.
const (
	reportMargin = 20.0
	reportLabel  = 48.0 // width of the facts' names
	reportLine   = 5.0
)

// WriteReport writes sections one under the other as a PDF in A4, of as many
// pages as they take. A character that the letters' fonts lack prints as a
// question mark.
func WriteReport(w io.Writer, title, subtitle string, at time.Time, sections []ReportSection) error {
	pdf := fpdf.New("P", "mm", "A4", "")
	pdf.SetCatalogSort(true)
	pdf.SetCreationDate(at)
	pdf.SetModificationDate(at)
	pdf.SetLang("fr-FR")
	pdf.SetTitle(title, true)
	pdf.SetCreator("Guichet", true)
	pdf.SetMargins(reportMargin, reportMargin, reportMargin)
	pdf.SetAutoPageBreak(true, reportMargin)
	for _, f := range []*face{sansRegular, sansSemiBold} {
		pdf.AddUTF8FontFromBytes(f.family, f.style, slices.Clone(f.data))
	}
	pdf.SetFooterFunc(func() {
		pdf.SetY(-14)
		sansRegular.use(pdf, slipSmall)
		pdf.CellFormat(0, reportLine, fmt.Sprintf("%s · page%s%d", sansRegular.printable(subtitle), nb, pdf.PageNo()), "", 0, "R", false, 0, "")
	})
	pdf.AddPage()
	write := func(f *face, size, width float64, text string) {
		f.use(pdf, size)
		pdf.MultiCell(width, size*0.5, f.printable(text), "", "L", false)
	}
	write(sansSemiBold, 18, 0, title)
	write(sansRegular, slipSize, 0, subtitle)
	for _, section := range sections {
		pdf.Ln(reportLine)
		write(sansSemiBold, 12, 0, section.Title)
		for _, fact := range section.Facts {
			top := pdf.GetY()
			write(sansRegular, slipSmall, reportLabel, fact[0])
			if pdf.GetY() < top { // a page began
				top = reportMargin
			}
			pdf.SetXY(reportMargin+reportLabel, top)
			write(sansRegular, slipSize, 0, fact[1])
		}
		if section.Text != "" {
			pdf.Ln(1)
			write(sansRegular, slipSize, 0, section.Text)
		}
	}
	if err := pdf.Output(w); err != nil {
		return fmt.Errorf("letters: write report: %w", err)
	}
	return nil
}
