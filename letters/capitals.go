package letters

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// latin holds the letters that no accent can be taken from.
var latin = strings.NewReplacer(
	"œ", "oe", "Œ", "OE", "æ", "ae", "Æ", "AE", "ß", "ss", "ẞ", "SS",
	"ø", "o", "Ø", "O", "ł", "l", "Ł", "L", "đ", "d", "Đ", "D",
	"ð", "d", "Ð", "D", "þ", "th", "Þ", "TH", "ı", "i", "&", " et ", "№", "N ", "°", " ",
)

// unaccented returns s in capitals without accents. What is no Latin letter
// stays as it is.
func unaccented(s string) string {
	if plainText(s) {
		return strings.ToUpper(s)
	}
	var b strings.Builder
	for _, r := range norm.NFKD.String(latin.Replace(s)) {
		if !unicode.Is(unicode.M, r) {
			b.WriteRune(unicode.ToUpper(r))
		}
	}
	return b.String()
}

// plainText tells text without an accent or a sign to spell out, as La Poste's
// labels are: most of what is looked up.
func plainText(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf || s[i] == '&' {
			return false
		}
	}
	return true
}

// capitals sets s as lines 4 to 6 want it: capitals A to Z and digits, other
// marks replaced by single spaces. Runes of keep stay. It returns the first
// letter or digit that has no such form, or 0.
func capitals(s, keep string) (string, rune) {
	var b strings.Builder
	var foreign rune
	for _, r := range unaccented(s) {
		switch {
		case r >= 'A' && r <= 'Z', r >= '0' && r <= '9', strings.ContainsRune(keep, r):
			b.WriteRune(r)
		case unicode.IsLetter(r) || unicode.IsNumber(r):
			if foreign == 0 {
				foreign = r
			}
		default:
			b.WriteByte(' ')
		}
	}
	return spaced(b.String()), foreign
}

// spaced trims s and makes every run of spaces, no-break ones included, one
// plain space.
func spaced(s string) string { return strings.Join(strings.Fields(s), " ") }
