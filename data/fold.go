package data

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// apart are the letters that Unicode does not decompose (R8), and the apostrophe
// that some programs put in the place of what was typed.
var apart = strings.NewReplacer("’", "'", "œ", "oe", "æ", "ae", "ß", "ss", "ø", "o", "ł", "l", "đ", "d")

// Fold puts a text in lower case without accents and with straight apostrophes,
// so that texts compare and are found whatever their capitals and accents.
func Fold(text string) string {
	folded := make([]byte, 0, len(text)+len(text)/64)
	for i := 0; i < len(text); {
		if end := i + plainLength(text[i:]); end > i {
			from := len(folded)
			folded = append(folded, text[i:end]...)
			lowerPlain(folded[from:])
			i = end
			continue
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		i += size
		switch {
		case r < rune(len(latin)):
			folded = append(folded, latin[r]...)
		case r >= firstPunctuation && r < firstPunctuation+rune(len(punctuation)):
			folded = append(folded, punctuation[r-firstPunctuation]...)
		default:
			return foldAny(text)
		}
	}
	return string(folded)
}

// plainLength is how many characters of ASCII a text begins with.
func plainLength(text string) int {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return i
		}
	}
	return len(text)
}

// lowerPlain puts ASCII in lower case.
func lowerPlain(text []byte) {
	for i, b := range text {
		if b-'A' <= 'Z'-'A' {
			text[i] = b + 'a' - 'A'
		}
	}
}

// latin and punctuation are what foldAny makes of each character that texts in
// the Latin alphabet have, accents on their own among them.
var (
	latin       = foldedOnes[[0x370]string](0)
	punctuation = foldedOnes[[0x70]string](firstPunctuation)
)

const firstPunctuation = 0x2000

func foldedOnes[T [0x370]string | [0x70]string](first rune) (ones T) {
	for i := range len(ones) {
		ones[i] = foldAny(string(first + rune(i)))
	}
	return ones
}

// foldAny is Fold of a text in any alphabet.
func foldAny(text string) string {
	text = apart.Replace(strings.ToLower(text))
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFD.String(text))
}
