package letters

import (
	"math"
	"slices"
	"strconv"

	"guichet/data"
)

// canvas collects what a page or a template draws, as PDF operators. Writing
// them here rather than through fpdf is what makes letters fast: no formatting
// by verb, no string per call, fonts and colours only when they change. A
// canvas needs no document, so that a letter can also be tried on one.
//
// Lengths are millimetres from the sheet's top left corner, sizes of type are
// points.
type canvas struct {
	ops []byte
	// names are what the document calls the faces, used what it must embed
	// of them.
	names [len(faces)]string
	used  *[len(faces)]runeSet
	// What the operators so far leave as face, size and gray.
	face *face
	size float64
	ink  int
}

// Inks, as levels of gray: labels, and all else.
const (
	black = 0
	gray  = 95
	white = 255
)

const pageHeight = 841.89 // of an A4 page, in points

func newCanvas() *canvas { return &canvas{used: new([len(faces)]runeSet)} }

// reset makes the canvas ready for a new page.
func (c *canvas) reset() { c.ops, c.face, c.ink = c.ops[:0], nil, black }

// text draws text from x on and returns where it ends.
func (c *canvas) text(f *face, size, x, baseline float64, text string) float64 {
	c.beginText(f, size, x, baseline)
	x += c.show(text)
	c.endText()
	return x
}

// beginText makes show draw from a point on, until endText.
func (c *canvas) beginText(f *face, size, x, baseline float64) {
	c.ops = append(c.ops, "BT"...)
	if c.face != f || c.size != size {
		c.face, c.size = f, size
		c.ops = append(append(c.ops, " /"...), c.names[f.index]...)
		c.number(size)
		c.ops = append(c.ops, " Tf"...)
	}
	c.point(x, baseline)
	c.ops = append(c.ops, " Td ("...)
}

// show appends text to what has been shown, and returns its length.
func (c *canvas) show(text string) float64 {
	ops, advances, used := slices.Grow(c.ops, 4*len(text)), c.face.advances(), &c.used[c.face.index]
	units := 0
	for _, r := range text {
		r &= 0xFFFF
		used[r>>6] |= 1 << (r & 63)
		units += int(advances[r])
		if high, low := byte(r>>8), byte(r); special[high] || special[low] {
			ops = appendEscaped(appendEscaped(ops, high), low)
		} else {
			ops = append(ops, high, low)
		}
	}
	c.ops = ops
	return float64(units) * unit(c.size)
}

func (c *canvas) endText() { c.ops = append(c.ops, ") Tj ET\n"...) }

// special are the bytes that a PDF string escapes.
var special = [256]bool{'\\': true, '(': true, ')': true, '\r': true}

// appendEscaped appends a byte of a PDF string.
func appendEscaped(ops []byte, b byte) []byte {
	switch b {
	case '\\', '(', ')':
		ops = append(ops, '\\')
	case '\r':
		ops, b = append(ops, '\\'), 'r'
	}
	return append(ops, b)
}

// grayText has the text that draw draws in gray.
func (c *canvas) grayText(draw func()) {
	c.fill(gray)
	draw()
	c.fill(black)
}

// fill sets the ink of text and of areas.
func (c *canvas) fill(ink int) {
	if c.ink != ink {
		c.ink = ink
		c.level(ink)
		c.ops = append(c.ops, " g\n"...)
	}
}

// line draws a straight line.
func (c *canvas) line(ink int, thickness, x1, y1, x2, y2 float64) {
	c.pen(ink, thickness)
	c.point(x1, y1)
	c.ops = append(c.ops, " m"...)
	c.point(x2, y2)
	c.ops = append(c.ops, " l S\n"...)
}

// frame draws the outline of a rectangle, box fills one with the ink of fill.
func (c *canvas) frame(ink int, thickness, x, y, width, height float64) {
	c.pen(ink, thickness)
	c.rectangle(x, y, width, height)
	c.ops = append(c.ops, " S\n"...)
}

func (c *canvas) outline(ink int, thickness float64, r data.Rectangle) {
	c.frame(ink, thickness, r.Left, r.Top, r.Right-r.Left, r.Bottom-r.Top)
}

// dashed has the lines that draw draws dashed.
func (c *canvas) dashed(draw func()) {
	c.ops = append(c.ops, "[4 3] 0 d\n"...)
	draw()
	c.ops = append(c.ops, "[] 0 d\n"...)
}

func (c *canvas) box(x, y, width, height float64) {
	c.rectangle(x, y, width, height)
	c.ops = append(c.ops, " f\n"...)
}

func (c *canvas) rectangle(x, y, width, height float64) {
	c.point(x, y+height)
	c.number(width / millimetresPerPoint)
	c.number(height / millimetresPerPoint)
	c.ops = append(c.ops, " re"...)
}

// blank makes an area white.
func (c *canvas) blank(r data.Rectangle) {
	c.fill(white)
	c.box(r.Left, r.Top, r.Right-r.Left, r.Bottom-r.Top)
	c.fill(black)
}

// within has what draw draws scaled, and turned by some degrees to the left,
// about a point, which becomes the origin.
func (c *canvas) within(x, y, scaleX, scaleY, degrees float64, draw func()) {
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	c.ops = append(c.ops, 'q')
	for _, v := range []float64{scaleX * cos, scaleX * sin, -scaleY * sin, scaleY * cos} {
		c.ops = strconv.AppendFloat(append(c.ops, ' '), v, 'f', 5, 64)
	}
	c.point(x, y)
	c.ops = append(c.ops, " cm\n"...)
	draw()
	c.ops = append(c.ops, "Q\n"...)
}

// pen sets the ink and thickness of lines.
func (c *canvas) pen(ink int, thickness float64) {
	c.level(ink)
	c.ops = append(c.ops, " G"...)
	c.number(thickness / millimetresPerPoint)
	c.ops = append(c.ops, " w"...)
}

func (c *canvas) level(ink int) {
	c.ops = strconv.AppendFloat(c.ops, float64(ink)/255, 'f', 3, 64)
}

func (c *canvas) point(x, y float64) {
	c.number(x / millimetresPerPoint)
	c.number(pageHeight - y/millimetresPerPoint)
}

// number appends a space and v to the hundredth.
func (c *canvas) number(v float64) {
	n := int64(math.Round(v * 100))
	c.ops = append(c.ops, ' ')
	if n < 0 {
		c.ops = append(c.ops, '-')
		n = -n
	}
	c.ops = strconv.AppendInt(c.ops, n/100, 10)
	if n %= 100; n != 0 {
		c.ops = append(c.ops, '.', byte('0'+n/10))
		if n %= 10; n != 0 {
			c.ops = append(c.ops, byte('0'+n))
		}
	}
}
