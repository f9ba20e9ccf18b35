package letters

import (
	"image/color"

	"codeberg.org/go-pdf/fpdf"
	"github.com/boombuler/barcode/datamatrix"
)

// run is a row's dark modules that touch each other.
type run struct{ column, row, length int }

// matrixRuns encodes content as a DataMatrix and returns its dark modules and
// the number of modules a side.
func matrixRuns(content string) ([]run, int, error) {
	code, err := datamatrix.Encode(content)
	if err != nil {
		return nil, 0, err
	}
	var runs []run
	side := code.Bounds().Dx()
	for row := range side {
		start := -1
		for column := range side + 1 {
			dark := column < side && color.GrayModel.Convert(code.At(column, row)) == color.Gray{}
			switch {
			case dark && start < 0:
				start = column
			case !dark && start >= 0:
				runs = append(runs, run{start, row, column - start})
				start = -1
			}
		}
	}
	return runs, side, nil
}

// drawMatrix draws a DataMatrix as boxes: a picture would cost more and be no
// sharper. A hair's overlap keeps rows from parting on the screen.
func drawMatrix(pdf *fpdf.Fpdf, x, y float64, content string) error {
	runs, side, err := matrixRuns(content)
	if err != nil {
		return err
	}
	if float64(side)*matrixModule > matrixSide {
		return errTooLong
	}
	pdf.SetFillColor(0, 0, 0)
	for _, r := range runs {
		pdf.Rect(x+float64(r.column)*matrixModule, y+float64(r.row)*matrixModule,
			float64(r.length)*matrixModule, matrixModule+0.01, "F")
	}
	return nil
}
