package letters

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"math"
	"regexp"
)

// MaxShift is the most that a printer's offset may be, in millimetres.
const MaxShift = 20

// ErrNotShiftable is a file without the places that Shift writes to: it is
// none of Write's or WriteCalibration's.
var ErrNotShiftable = errors.New("letters: no page that can be shifted")

// shiftWidth is the length of every operator that shiftOperator makes.
const shiftWidth = len("1 0 0 1 +000.000 +000.000 cm")

var shiftPattern = regexp.MustCompile(`1 0 0 1 [+-]\d{3}\.\d{3} [+-]\d{3}\.\d{3} cm`)

// shiftOperator moves what follows it in a page by millimetres to the right
// and down. Every page begins with one, so that Shift can replace it byte for
// byte: signs and leading zeros are there for a fixed width.
func shiftOperator(dx, dy float64) string {
	return fmt.Sprintf("1 0 0 1 %+08.3f %+08.3f cm", dx/millimetresPerPoint, -dy/millimetresPerPoint+0)
}

// unmoved is where pages are composed.
var unmoved = shiftOperator(0, 0) + "\n"

// checkShift refuses an offset out of bounds.
func checkShift(dx, dy float64) error {
	for _, d := range []float64{dx, dy} {
		if math.IsNaN(d) || math.Abs(d) > MaxShift {
			return fmt.Errorf("letters: an offset of %g mm is beyond %d mm", d, MaxShift)
		}
	}
	return nil
}

// Shift copies a PDF of this package and moves each of its pages by dx to the
// right and dy down, in millimetres from where it was composed, each within
// ±MaxShift. Shifting a copy again replaces its offset. Nothing else changes,
// not even the length, and no more than a little of the file is in memory.
func Shift(dst io.Writer, src io.Reader, dx, dy float64) error {
	if err := checkShift(dx, dy); err != nil {
		return err
	}
	operator := []byte(shiftOperator(dx, dy))
	r := bufio.NewReaderSize(src, 1<<16)
	w := bufio.NewWriterSize(dst, 1<<16)
	found := false
	for {
		block, err := r.Peek(r.Size())
		if err != nil && !errors.Is(err, io.EOF) {
			return fmt.Errorf("letters: shift: %w", err)
		}
		last := err != nil
		for _, at := range shiftPattern.FindAllIndex(block, -1) {
			copy(block[at[0]:at[1]], operator)
			found = true
		}
		// An operator may straddle the end of the block: its beginning stays
		// for the next one.
		whole := len(block)
		if !last {
			whole -= shiftWidth - 1
		}
		if _, err := w.Write(block[:whole]); err != nil {
			return fmt.Errorf("letters: shift: %w", err)
		}
		if _, err := r.Discard(whole); err != nil {
			return fmt.Errorf("letters: shift: %w", err)
		}
		if last {
			break
		}
	}
	if !found {
		return ErrNotShiftable
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("letters: shift: %w", err)
	}
	return nil
}
