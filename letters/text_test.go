package letters

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"guichet/data"
)

func TestFrenchDate(t *testing.T) {
	tests := map[string]time.Time{
		"1er août 2026":    time.Date(2026, 8, 1, 0, 0, 0, 0, time.UTC),
		"24 novembre 2026": today,
	}
	for want, in := range tests {
		if got := data.LongDate(in); got != strings.ReplaceAll(want, " ", nb) {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// badTypography is a break that French does not allow, or a straight quote.
var badTypography = regexp.MustCompile(`[ \w][;:!?]( |$)|« | »|'|"|\.\.\.`)

func TestTypography(t *testing.T) {
	design := fixtureDesign()
	paragraphs := append(notes(60), steps(design.PortalURL))
	l := fixtureReissue().composed()
	for _, kind := range data.LetterTextKinds {
		form, faults := newForm(&design, formKey{KindUser, kind == data.ReissueText, 60}, today)
		if kind != data.ReissueText {
			form, faults = newForm(&design, formKey{Kind(kind), false, 60}, today)
		}
		if len(faults) > 0 {
			t.Fatal(faults[0])
		}
		for _, b := range []*block{form.subject, form.opening, form.effect, form.caution} {
			paragraphs = append(paragraphs, b.prose.spans(nil, &l, &design))
		}
	}
	for _, spans := range paragraphs {
		text := textIn(spans)
		if bad := badTypography.FindString(text); bad != "" || text == "" || text != strings.TrimSpace(text) {
			t.Errorf("%q in %q", bad, text)
		}
	}
}

func textIn(spans []span) (text string) {
	for _, s := range spans {
		text += s.text
	}
	return text
}

func TestWrapKeepsWords(t *testing.T) {
	spans := []span{plain("un deux "), strong("trois"), plain(", quatre" + nb + ": cinq six")}
	for limit := 1.0; limit < 100; limit += 3 {
		var text string
		fits := wrap(spans, 10, limit, func(from, to place) {
			line := cut(spans, from, to)
			n := 0.0
			for _, s := range line {
				n += s.face.width(s.text, 10)
			}
			if n > limit+0.01 && strings.Contains(textIn(line), " ") {
				t.Errorf("a line of %.1f in %.1f: %v", n, limit, line)
			}
			text += textIn(line) + " "
		})
		if want := "un deux trois, quatre" + nb + ": cinq six "; text != want {
			t.Errorf("got %q, want %q", text, want)
		}
		if widest := sansRegular.width("quatre"+nb+":", 10); fits != (limit > widest) {
			t.Errorf("%.1f: fits %v, widest word %.1f", limit, fits, widest)
		}
	}
}

// cut is what stands in spans between two places.
func cut(spans []span, from, to place) (line []span) {
	for i := from.span; i < len(spans) && i <= to.span; i++ {
		text := spans[i].text
		if i == to.span {
			text = text[:to.at]
		}
		if i == from.span {
			text = text[from.at:]
		}
		line = append(line, span{text, spans[i].face})
	}
	return line
}
