package letters

import (
	"regexp"
	"strings"
	"testing"
	"time"
)

func TestFrenchDate(t *testing.T) {
	tests := map[string]time.Time{
		"1er août 2026":    time.Date(2026, 8, 1, 0, 0, 0, 0, time.UTC),
		"24 novembre 2026": today,
	}
	for want, in := range tests {
		if got := frenchDate(in); got != strings.ReplaceAll(want, " ", nb) {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// badTypography is a break that French does not allow, or a straight quote.
var badTypography = regexp.MustCompile(`[ \w][;:!?]( |$)|« | »|'|"|\.\.\.`)

func TestTypography(t *testing.T) {
	design := fixtureDesign()
	for _, kind := range []Kind{KindUser, KindAdministrator, KindSuccession} {
		l := fixtureLetter()
		l.Kind = kind
		paragraphs := append(notes(60), intro(l), steps(design.PortalURL), effect(kind), caution(design))
		for _, spans := range paragraphs {
			var text string
			for _, s := range spans {
				text += s.text
			}
			if bad := badTypography.FindString(text); bad != "" || text == "" || text != strings.TrimSpace(text) {
				t.Errorf("%s: %q in %q", kind, bad, text)
			}
		}
	}
}

func TestWrappedKeepsWords(t *testing.T) {
	spans := []span{plain("un deux "), strong("trois"), plain(", quatre" + nb + ": cinq  six")}
	for limit := 1.0; limit < 100; limit += 3 {
		var text string
		for _, line := range wrapped(spans, bodySize, limit) {
			if n := lengthOf(line, bodySize); n > limit && strings.Contains(line[0].text, " ") {
				t.Errorf("a line of %.1f in %.1f: %v", n, limit, line)
			}
			for _, s := range line {
				text += s.text
			}
			text += " "
		}
		if want := "un deux trois, quatre" + nb + ": cinq six "; text != want {
			t.Errorf("got %q, want %q", text, want)
		}
	}
}
