package data

import (
	"strings"
	"testing"
)

func TestFold(t *testing.T) {
	for text, want := range map[string]string{
		"ÉLECTIONS À Œting-lès-Sœurs": "elections a oeting-les-soeurs", "l’Hôtel": "l'hotel", "Straße": "strasse", "Łódź": "lodz",
		"e\u0301te\u0301": "ete", "ΑΘΉΝΑ": "αθηνα", "Прага, Café": "прага, cafe", "İ": "i", "": "",
	} {
		if got := Fold(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// FuzzFold: the quick way and the way of any alphabet are one.
func FuzzFold(f *testing.F) {
	f.Add("L’Été à Œting, Straße, Łódź")
	f.Fuzz(func(t *testing.T, text string) {
		text = strings.ToValidUTF8(text, "")
		if quick, any := Fold(text), foldAny(text); quick != any {
			t.Errorf("%q: %q, not %q", text, quick, any)
		}
	})
}

func BenchmarkFold(b *testing.B) {
	text := strings.Repeat("Bonjour, je vous écris au sujet de la lettre des codes, qui n’est pas arrivée. ", 130)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		Fold(text)
	}
}
