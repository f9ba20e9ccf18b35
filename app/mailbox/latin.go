package mailbox

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// latin are the names of the Western charsets, without their hyphens, and which of them is Latin-9.
var latin = map[string]bool{
	"iso88591": false, "latin1": false, "l1": false, "cp819": false, "ibm819": false, "isoir100": false, "windows1252": false, "cp1252": false, "xcp1252": false,
	"iso885915": true, "latin9": true, "l9": true,
}

// decodeLatin reads bytes that say that they are in a Western charset; known is false where the name is another's. Forms
// and old programs say so of UTF-8, and most mean Windows-1252, whose marks Latin-1 and Latin-9 do not have.
func decodeLatin(b []byte, name string) (text string, known bool) {
	latin9, known := latin[strings.NewReplacer("-", "", "_", "").Replace(name)]
	switch {
	case !known:
		return "", false
	case westernUTF8(b):
		return string(b), true
	case latin9 && !hasMarks(b):
		if text, err := charmap.ISO8859_15.NewDecoder().Bytes(b); err == nil {
			return string(text), true
		}
	}
	return windows1252(b), true
}

// westernUTF8 tells whether bytes are UTF-8 of Western letters and signs: Western text of another charset hardly ever is.
func westernUTF8(b []byte) bool {
	if !utf8.Valid(b) {
		return false
	}
	beyond := false
	for _, r := range string(b) {
		switch {
		case r < 0x80:
		case r >= 0xA0 && r < 0x180, r >= 0x2000 && r < 0x2C00, r >= 0xFE00 && r < 0xFE10, r >= 0x1F000 && r < 0x20000: // letters, signs, emoji
			beyond = true
		default:
			return false
		}
	}
	return beyond
}

// hasMarks tells whether bytes hold what is a quote or the like in Windows-1252, and nothing in Latin-1.
func hasMarks(b []byte) bool {
	for _, c := range b {
		if c >= 0x80 && c < 0xA0 {
			return true
		}
	}
	return false
}

// windows1252 reads bytes as Windows-1252, which Latin-1 mails are in practice.
func windows1252(b []byte) string {
	text, err := charmap.Windows1252.NewDecoder().Bytes(b)
	if err != nil {
		return strings.ToValidUTF8(string(b), "\uFFFD")
	}
	return string(text)
}
