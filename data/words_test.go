package data

import (
	"fmt"
	"strings"
	"testing"
)

func TestSearchWords(t *testing.T) {
	text := "L’été, l'Été : 3 œufs ! ΑΘΉΝΑ_" + strings.Repeat("x", 41) + " \xff fin…"
	if got := strings.Join(SearchWords(text), " "); got != "l ete 3 oeufs αθηνα fin" {
		t.Errorf("%q", got)
	}
	if got := SearchWords(" …\n"); len(got) != 0 {
		t.Errorf("%q", got)
	}
	var many strings.Builder
	for i := range 3000 {
		fmt.Fprintf(&many, "%d %d ", i, i)
	}
	if got := SearchWords(many.String()); len(got) != 3000 || got[2999] != "2999" {
		t.Errorf("%d words", len(got))
	}
}

func BenchmarkSearchWords(b *testing.B) {
	text := strings.Repeat("Bonjour, je vous écris au sujet de la lettre des codes, qui n’est pas arrivée. ", 130)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		SearchWords(text)
	}
}
