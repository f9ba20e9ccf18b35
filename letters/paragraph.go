package letters

import (
	"strings"

	"codeberg.org/go-pdf/fpdf"
)

// span is text in one face. Words are parted at plain spaces only: a no-break
// space holds, and so does the seam between two spans.
type span struct {
	text string
	face *face
}

// plain and strong are body text and what stands out in it.
func plain(text string) span  { return span{text, sansRegular} }
func strong(text string) span { return span{text, sansSemiBold} }

// wrapped breaks spans into lines no longer than limit. A single word that is
// longer has a line of its own.
func wrapped(spans []span, size, limit float64) [][]span {
	var lines [][]span
	var line []span
	length := 0.0
	for _, word := range wordsOf(spans) {
		n := lengthOf(word, size)
		space := word[0].face.width(" ", size)
		switch {
		case len(line) == 0:
			line, length = joined(line, word), n
		case length+space+n <= limit:
			line = joined(joined(line, []span{{" ", line[len(line)-1].face}}), word)
			length = lengthOf(line, size)
		default:
			lines = append(lines, line)
			line, length = joined(nil, word), n
		}
	}
	if len(line) > 0 {
		lines = append(lines, line)
	}
	return lines
}

// wordsOf parts spans at their spaces.
func wordsOf(spans []span) [][]span {
	var words [][]span
	open := false // the next text continues the last word
	for _, s := range spans {
		for i, text := range strings.Split(s.text, " ") {
			if i > 0 {
				open = false
			}
			if text == "" {
				continue
			}
			if !open {
				words = append(words, nil)
				open = true
			}
			last := len(words) - 1
			words[last] = append(words[last], span{text, s.face})
		}
	}
	return words
}

// joined appends spans, those of one face run together.
func joined(line, more []span) []span {
	for _, s := range more {
		if n := len(line); n > 0 && line[n-1].face == s.face {
			line[n-1].text += s.text
		} else {
			line = append(line, s)
		}
	}
	return line
}

func lengthOf(spans []span, size float64) float64 {
	sum := 0.0
	for _, s := range spans {
		sum += s.face.width(s.text, size)
	}
	return sum
}

// paragraph draws spans from x and a first baseline on, and returns the
// baseline after its last line. It reports whether every line kept to limit.
func paragraph(pdf *fpdf.Fpdf, x, baseline float64, spans []span, size, step, limit float64) (next float64, ok bool) {
	ok = true
	for _, line := range wrapped(spans, size, limit) {
		left := x
		for _, s := range line {
			s.face.use(pdf, size)
			pdf.Text(left, baseline, s.text)
			left += s.face.width(s.text, size)
		}
		ok = ok && left <= x+limit+0.01
		baseline += step
	}
	return baseline, ok
}
