package letters

// span is text in one face. Lines break at plain spaces only: a no-break space
// holds, and so does the seam between two spans.
type span struct {
	text string
	face *face
}

// plain and strong are body text and what stands out in it.
func plain(text string) span  { return span{text, sansRegular} }
func strong(text string) span { return span{text, sansSemiBold} }

// style is a size of type and the distance of its lines, in points and in
// millimetres.
type style struct{ size, step float64 }

// place is a point in spans: a span and a byte of its text.
type place struct{ span, at int }

// wrap breaks spans into lines no longer than limit and calls line with each:
// where it begins, where it ends. A single word that is longer has a line of
// its own, and wrap reports false.
func wrap(spans []span, size, limit float64, line func(from, to place)) bool {
	w := wrapping{most: int(limit/unit(size) + 0.5), line: line}
	for i, s := range spans {
		advances := s.face.advances()
		for at, r := range s.text {
			switch {
			case r == ' ':
				w.endWord(place{i, at})
				w.gap += int(advances[' '])
				continue
			case !w.inWord:
				w.inWord, w.wordFrom, w.word = true, place{i, at}, 0
			}
			w.word += int(advances[r&0xFFFF])
		}
	}
	w.endWord(place{len(spans), 0})
	if w.begun {
		line(w.from, w.to)
	}
	return !w.overflow
}

// wrapping is a paragraph being broken into lines. Lengths are thousandths of
// an em.
type wrapping struct {
	most     int
	line     func(from, to place)
	begun    bool // the line holds a word
	from, to place
	length   int // of the line
	gap      int // of the spaces before the word
	inWord   bool
	wordFrom place
	word     int // length of the word
	overflow bool
}

// endWord puts the word, if there is one, on the line or on a new one.
func (w *wrapping) endWord(to place) {
	if !w.inWord {
		return
	}
	if w.begun && w.length+w.gap+w.word <= w.most {
		w.length += w.gap + w.word
	} else {
		if w.begun {
			w.line(w.from, w.to)
		}
		w.begun, w.from, w.length = true, w.wordFrom, w.word
	}
	w.overflow = w.overflow || w.length > w.most
	w.to, w.gap, w.inWord = to, 0, false
}

// paragraph draws spans from x and a first baseline on, and returns the
// baseline after its last line. It reports whether every line kept to limit.
func (c *canvas) paragraph(x, baseline float64, spans []span, s style, limit float64) (next float64, ok bool) {
	ok = wrap(spans, s.size, limit, func(from, to place) {
		c.drawLine(x, baseline, spans, s.size, from, to)
		baseline += s.step
	})
	return baseline, ok
}

// drawLine draws spans between two places, those of one face run together.
func (c *canvas) drawLine(x, baseline float64, spans []span, size float64, from, to place) {
	var open *face
	for i := from.span; i < len(spans) && i <= to.span; i++ {
		text := spans[i].text
		if i == to.span {
			text = text[:to.at]
		}
		if i == from.span {
			text = text[from.at:]
		}
		if text == "" {
			continue
		}
		if spans[i].face != open {
			if open != nil {
				c.endText()
			}
			open = spans[i].face
			c.beginText(open, size, x, baseline)
		}
		x += c.show(text)
	}
	c.endText()
}
