package views

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

// TestNoBreakSpacesHold: no line begins with a punctuation or ends with a «,
// however wide the text is.
func TestNoBreakSpacesHold(t *testing.T) {
	said := spaced("Le lot « LOT26-0001 » est à « poster » ? Organisations : 301 · comptes : 425 ; il reste 12 min, soit 10 %")
	p := newProse(said)
	test.NewTempWindow(t, p)
	broken := false
	for width := float32(120); width < 900; width += 7 {
		p.Resize(fyne.NewSize(width, 400))
		for _, row := range strings.Split(p.Text, "\n") {
			if row == "" || strings.ContainsAny(row[:1], ":;?%»") || strings.HasSuffix(row, "«") {
				t.Fatalf("at %.0f: %q", width, p.Text)
			}
		}
		if strings.ReplaceAll(p.Text, "\n", " ") != said {
			t.Fatalf("at %.0f the text is another: %q", width, p.Text)
		}
		broken = broken || p.Text != said
	}
	if !broken {
		t.Error("no line was broken")
	}
}

// TestLinesBreakBeforeWhatIsHeldTogether, by a width counted in letters.
func TestLinesBreakBeforeWhatIsHeldTogether(t *testing.T) {
	for _, c := range []struct {
		said string
		room int
		want string
	}{
		{"comptes\u00a0: 425", 20, "comptes\u00a0: 425"},
		{"il y a comptes\u00a0: 425", 15, "il y a\ncomptes\u00a0: 425"}, // Fyne would leave the colon to the next line
		{"il y a comptes\u00a0: 425", 13, "il y a comptes\u00a0: 425"},  // the word does not fit either: Fyne breaks before it
		{"dites «\u00a0non\u00a0» ici", 9, "dites\n«\u00a0non\u00a0» ici"},
		{"«\u00a0tout\u00a0»", 3, "«\u00a0tout\u00a0»"},
	} {
		fits := func(text string) bool { return len([]rune(text)) <= c.room }
		if got := breakLine(c.said, fits); got != c.want {
			t.Errorf("%q in %d: %q, want %q", c.said, c.room, got, c.want)
		}
	}
}
