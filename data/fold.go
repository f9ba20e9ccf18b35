package data

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// apart are the letters that Unicode does not decompose (R8), and the apostrophe
// that some programs put in the place of what was typed.
var apart = strings.NewReplacer("’", "'", "œ", "oe", "æ", "ae", "ß", "ss", "ø", "o", "ł", "l", "đ", "d")

// Fold puts a text in lower case without accents and with straight apostrophes,
// so that texts compare and are found whatever their capitals and accents.
func Fold(text string) string {
	text = apart.Replace(strings.ToLower(text))
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFD.String(text))
}
