package letters

import (
	"math/bits"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"

	"guichet/assets"
)

// face is one of the letters' fonts. fpdf's own width look-up panics on some
// code points, so that widths and missing characters are read here.
type face struct {
	index         int    // its place among faces
	family, style string // as fpdf names it
	data          []byte
	// advances holds the width of every character of the basic plane in
	// thousandths of an em, 0 for what cannot be printed.
	advances func() []uint16
}

var (
	sansRegular  = newFace(0, "sans", "", assets.SansRegular)
	sansSemiBold = newFace(1, "sans", "B", assets.SansSemiBold)
	monoRegular  = newFace(2, "mono", "", assets.MonoRegular)
	monoSemiBold = newFace(3, "mono", "B", assets.MonoSemiBold)
	faces        = [...]*face{sansRegular, sansSemiBold, monoRegular, monoSemiBold}
)

func newFace(index int, family, style string, data []byte) *face {
	f := &face{index: index, family: family, style: style, data: data}
	f.advances = sync.OnceValue(func() []uint16 { return readAdvances(data) })
	return f
}

// readAdvances panics when the embedded font is broken, which the tests rule
// out.
func readAdvances(data []byte) []uint16 {
	parsed, err := sfnt.Parse(data)
	if err != nil {
		panic("letters: embedded font: " + err.Error())
	}
	var buffer sfnt.Buffer
	advances := make([]uint16, 1<<16)
	for r := range rune(0xFFFF) {
		if r == utf8.RuneError || unicode.In(r, unicode.C, unicode.M, unicode.Zl, unicode.Zp) {
			continue
		}
		index, err := parsed.GlyphIndex(&buffer, r)
		if err != nil || index == 0 {
			continue
		}
		advance, err := parsed.GlyphAdvance(&buffer, index, fixed.I(1000), font.HintingNone)
		if err == nil {
			advances[r] = uint16(advance.Round()) // #nosec G115 -- below 65.5 em
		}
	}
	return advances
}

// unprintable returns the first character of text that cannot be printed in
// the font: missing in it, invisible, not UTF-8, or a mark that no letter
// carries.
func (f *face) unprintable(text string) (rune, bool) {
	advances := f.advances()
	for _, r := range text {
		if int(r) >= len(advances) || advances[r] == 0 {
			return r, true
		}
	}
	return 0, false
}

// printable replaces what the font lacks by question marks.
func (f *face) printable(text string) string {
	return strings.Map(func(r rune) rune {
		if _, found := f.unprintable(string(r)); found {
			return '?'
		}
		return r
	}, text)
}

// width is the length of text in millimetres at a size in points. Characters
// that the font lacks count for nothing.
func (f *face) width(text string, size float64) float64 {
	return float64(f.units(text)) * unit(size)
}

// units is the length of text in thousandths of an em.
func (f *face) units(text string) int {
	advances := f.advances()
	sum := 0
	for _, r := range text {
		if int(r) < len(advances) {
			sum += int(advances[r])
		}
	}
	return sum
}

// unit is the thousandth of an em in millimetres.
func unit(size float64) float64 { return size / 1000 * millimetresPerPoint }

// addFonts makes the faces known to a document. The bytes are cloned: fpdf
// keeps the slice.
func addFonts(pdf *fpdf.Fpdf) {
	for _, f := range faces {
		pdf.AddUTF8FontFromBytes(f.family, f.style, slices.Clone(f.data))
	}
}

// use selects the face for fpdf's own Text.
func (f *face) use(pdf *fpdf.Fpdf, size float64) { pdf.SetFont(f.family, f.style, size) }

// runeSet is the characters that a document prints in a face.
type runeSet [1 << 10]uint64

// String is the characters in their order.
func (s *runeSet) String() string {
	var b strings.Builder
	for i, word := range s {
		for ; word != 0; word &= word - 1 {
			b.WriteRune(rune(i<<6 + bits.TrailingZeros64(word)))
		}
	}
	return b.String()
}
