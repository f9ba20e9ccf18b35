package letters

import (
	"image/color"
	"math/bits"
	"strconv"

	"github.com/boombuler/barcode/datamatrix"
)

// matrix is a DataMatrix: its dark modules, row by row from the left, the
// first module in the lowest bit.
type matrix struct {
	side int
	rows [matrixModules]uint32
}

// matrixModules is the most modules a side, for references up to twice as long
// as ours.
const matrixModules = 20

// encodeMatrix encodes a text, or returns errTooLong.
func encodeMatrix(text string) (m matrix, err error) {
	code, err := datamatrix.Encode(text)
	if err != nil {
		return m, err
	}
	m.side = code.Bounds().Dx()
	if m.side > matrixModules {
		return m, errTooLong
	}
	for y := range m.side {
		for x := range m.side {
			if code.At(x, y) == color.Black {
				m.rows[y] |= 1 << x
			}
		}
	}
	return m, nil
}

// counts are the numbers of modules in PDF.
var counts = func() (texts [matrixModules + 1]string) {
	for n := range texts {
		texts[n] = strconv.Itoa(n) + " "
	}
	return texts
}()

// xor exchanges the modules that are dark in d.
func (m *matrix) xor(d *matrix) {
	for y := range m.rows {
		m.rows[y] ^= d.rows[y]
	}
}

// matrices encodes texts that are alike, as references are. Encoding is linear
// (Reed–Solomon, and modules that are bits of codewords): exchanging one
// codeword exchanges the same modules whatever the others are. So what a
// codeword exchanges is encoded once, and the rest is exclusive or.
type matrices struct {
	bases []*base // few: a reference's check symbol is a digit or a letter
}

// base is a text that those alike are compared with.
type base struct {
	text    string
	matrix  matrix
	changes map[change]matrix
}

// change is another codeword than text's, of one or two characters, at a place.
type change struct {
	at       int
	codeword [2]byte
}

// encode encodes a text.
func (s *matrices) encode(text string) (m matrix, err error) {
	for _, b := range s.bases {
		if alike(text, b.text) {
			return b.encode(text)
		}
	}
	if m, err = encodeMatrix(text); err == nil {
		s.bases = append(s.bases, &base{text, m, map[change]matrix{}})
	}
	return m, err
}

func (b *base) encode(text string) (m matrix, err error) {
	m = b.matrix
	for at := 0; at < len(text); {
		n := codewordLength(text[at:])
		if text[at:at+n] != b.text[at:at+n] {
			d, err := b.change(at, text[at:at+n])
			if err != nil {
				return m, err
			}
			m.xor(&d)
		}
		at += n
	}
	return m, nil
}

// change is what another codeword at a place exchanges.
func (b *base) change(at int, codeword string) (matrix, error) {
	key := change{at: at}
	copy(key.codeword[:], codeword)
	if d, ok := b.changes[key]; ok {
		return d, nil
	}
	d, err := encodeMatrix(b.text[:at] + codeword + b.text[at+len(codeword):])
	d.xor(&b.matrix)
	b.changes[key] = d
	return d, err
}

// alike tells whether two texts have codewords of the same lengths.
func alike(a, b string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range len(a) {
		if isDigit(a[i]) != isDigit(b[i]) || a[i] >= 0x80 || b[i] >= 0x80 {
			return false
		}
	}
	return true
}

// codewordLength is how many characters the next codeword holds: two digits
// share one.
func codewordLength(text string) int {
	if len(text) > 1 && isDigit(text[0]) && isDigit(text[1]) {
		return 2
	}
	return 1
}

func isDigit(b byte) bool { return b >= '0' && b <= '9' }

// draw draws the matrix as one path of boxes, a row's touching modules each,
// with the module as unit: a picture would cost more and be no sharper, and
// boxes of one path do not part on the screen.
func (m *matrix) draw(c *canvas, x, y float64) {
	const module = matrixModule / millimetresPerPoint
	c.within(x, y, module, -module, 0, func() {
		ops := c.ops
		for y, row := range m.rows {
			for row != 0 {
				x := bits.TrailingZeros32(row)
				length := bits.TrailingZeros32(^(row >> x))
				row &^= (1<<length - 1) << x
				ops = append(append(append(ops, counts[x]...), counts[y]...), counts[length]...)
				ops = append(ops, "1 re\n"...)
			}
		}
		c.ops = append(ops, "f\n"...)
	})
}
