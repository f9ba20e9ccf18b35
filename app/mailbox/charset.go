package mailbox

import (
	"bytes"
	"encoding/base64"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/emersion/go-message/charset"
	"github.com/gogs/chardet"
	"golang.org/x/text/unicode/norm"
)

// decodeCharset returns bytes as UTF-8. Those of a Western charset may be in another, see decodeLatin. Bytes whose charset is not declared, or not known, are UTF-8 if they are valid
// as that, else in the fallback charset, else in the one that they look like, else Windows-1252.
func decodeCharset(b []byte, declared, fallback string) string {
	for _, name := range []string{declared, fallback} {
		name = strings.ToLower(strings.Trim(name, " \t\"'"))
		switch name {
		case "":
			if utf8.Valid(b) {
				return string(b)
			}
			continue
		case "utf-8", "utf8", "us-ascii", "ascii", "ansi_x3.4-1968", "unknown-8bit":
			if utf8.Valid(b) {
				return string(b)
			}
			if text, mostly := repair(b); mostly {
				return text
			}
			continue
		}
		if text, known := decodeLatin(b, name); known {
			return text
		}
		if reader, err := charset.Reader(name, bytes.NewReader(b)); err == nil {
			if text, err := io.ReadAll(reader); err == nil {
				return strings.ToValidUTF8(string(text), "\uFFFD")
			}
		}
		if utf8.Valid(b) {
			return string(b)
		}
	}
	if name := guessCharset(b); name != "" {
		if reader, err := charset.Reader(name, bytes.NewReader(b)); err == nil {
			if text, err := io.ReadAll(reader); err == nil && !bytes.ContainsRune(text, utf8.RuneError) {
				return string(text)
			}
		}
	}
	return windows1252(b)
}

const (
	guessFrom = 60 // bytes beyond ASCII: fewer look like anything
	guessSure = 80 // of a hundred
)

// guessCharset is the charset that bytes surely look like; "" where they may as well be a Western one.
func guessCharset(b []byte) string {
	high := 0
	for _, c := range b {
		if c >= 0x80 {
			high++
		}
	}
	if high < guessFrom || high*5 < len(b) { // French has about an accent in twenty letters
		return ""
	}
	best, err := chardet.NewTextDetector().DetectBest(b[:min(len(b), 16<<10)])
	if err != nil || best.Confidence < guessSure || strings.HasPrefix(best.Charset, "ISO-8859-1") || strings.HasPrefix(best.Charset, "UTF") {
		return ""
	}
	return best.Charset
}

// repair replaces what is not UTF-8, and says whether at least half of what is not ASCII was.
func repair(b []byte) (text string, mostly bool) {
	good, bad := 0, 0
	for rest := b; len(rest) > 0; {
		r, size := utf8.DecodeRune(rest)
		switch {
		case r == utf8.RuneError && size == 1:
			bad++
		case size > 1:
			good++
		}
		rest = rest[size:]
	}
	return strings.ToValidUTF8(string(b), "\uFFFD"), good > 0 && good >= bad
}

// decodeWords returns a field's value as text: RFC 2047 words, broken ones too, and undeclared bytes.
func decodeWords(value, fallback string) string {
	value = decodeCharset([]byte(value), "", fallback)
	last := strings.LastIndex(value, "?=") + len("?=")
	if last < len("=?x?q?") {
		return value
	}
	value, after := value[:last], value[last:] // no word begins where none ends
	var out strings.Builder
	var pending []byte // of words in one charset, which may split a character between them
	var pendingCharset string
	flush := func() {
		out.WriteString(decodeCharset(pending, pendingCharset, fallback))
		pending = nil
	}
	for rest := value; rest != ""; {
		start := strings.Index(rest, "=?")
		if start < 0 {
			start = len(rest)
		}
		name, content, length := cutWord(rest[start:])
		between := rest[:start]
		if length == 0 && start < len(rest) {
			between = rest[:start+2]
		}
		if len(pending) > 0 && (length == 0 || strings.TrimSpace(between) != "") {
			flush()
		}
		if len(pending) == 0 {
			out.WriteString(between)
		}
		rest = rest[min(len(rest), max(start+length, len(between))):]
		if length > 0 {
			if len(pending) > 0 && !strings.EqualFold(name, pendingCharset) {
				flush()
			}
			pending, pendingCharset = append(pending, content...), name
		}
	}
	flush()
	return out.String() + after
}

var wordEncodings = map[string]func([]byte) []byte{
	"b": lenientBase64,
	"q": func(b []byte) []byte { return lenientQuoted(bytes.ReplaceAll(b, []byte("_"), []byte(" "))) },
}

// cutWord reads the encoded word that s begins with; length is 0 if it is none.
func cutWord(s string) (name string, content []byte, length int) {
	parts := strings.SplitN(s, "?", 4)
	if len(parts) < 4 || parts[0] != "=" || len(parts[2]) != 1 || strings.ContainsAny(parts[1], " \t") || len(parts[1]) > 60 {
		return "", nil, 0
	}
	decode := wordEncodings[strings.ToLower(parts[2])]
	if decode == nil {
		return "", nil, 0
	}
	text, _, found := strings.Cut(parts[3], "?=")
	if !found {
		return "", nil, 0
	}
	content = decode([]byte(text))
	name, _, _ = strings.Cut(parts[1], "*") // a language may follow
	return name, content, len(parts[1]) + len("=??x??=") + len(text)
}

// lenientBase64 decodes what it can: characters of other alphabets are skipped, a cut end is dropped, and what follows
// an end is read as a piece of its own.
func lenientBase64(b []byte) []byte {
	out := make([]byte, 0, base64.RawStdEncoding.DecodedLen(len(b)))
	kept := make([]byte, 0, len(b))
	for piece := range bytes.SplitSeq(b, []byte("=")) {
		kept = kept[:0]
		for _, c := range piece {
			switch {
			case c >= 'A' && c <= 'Z', c >= 'a' && c <= 'z', c >= '0' && c <= '9', c == '+', c == '/':
				kept = append(kept, c)
			}
		}
		if len(kept)%4 == 1 {
			kept = kept[:len(kept)-1]
		}
		out, _ = base64.RawStdEncoding.AppendDecode(out, kept)
	}
	return out
}

// lenientQuoted decodes quoted-printable; what is no valid escape stays as it is.
func lenientQuoted(b []byte) []byte {
	out := make([]byte, 0, len(b))
	for i := 0; i < len(b); i++ {
		if b[i] != '=' {
			out = append(out, b[i])
			continue
		}
		if i+2 < len(b) {
			high, low := unhex(b[i+1]), unhex(b[i+2])
			if high >= 0 && low >= 0 {
				out = append(out, byte(high<<4|low))
				i += 2
				continue
			}
		}
		line, _, found := bytes.Cut(b[i+1:min(len(b), i+80)], []byte("\n"))
		if found && len(bytes.TrimSpace(line)) == 0 { // a soft line break
			i += len(line) + 1
			continue
		}
		if i+1 == len(b) {
			break
		}
		out = append(out, '=')
	}
	return out
}

func unhex(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10
	}
	return -1
}

// clean makes one line of a header's text: NFC, without control characters and without the marks that turn the
// direction of text, which make one name look like another.
func clean(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\r' || r == '\t':
			return ' '
		case unicode.IsControl(r) || isBidi(r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
	return strings.TrimSpace(norm.NFC.String(s))
}

func isBidi(r rune) bool {
	return r == 0x061C || r == 0x200E || r == 0x200F || r >= 0x202A && r <= 0x202E || r >= 0x2066 && r <= 0x2069
}

// tidy makes text of a body: NFC, \n line ends, without other control characters than tabs, without characters that turn
// what follows around, without blanks at its end.
func tidy(s string) string {
	lines, plain := lineEnds(s)
	if !plain {
		lines = strings.Map(func(r rune) rune {
			switch {
			case r == '\r':
				return '\n'
			case unicode.IsControl(r) && r != '\n' && r != '\t', r == '\uFEFF', r == '\u202D', r == '\u202E':
				return -1
			}
			return r
		}, lines)
		lines = norm.NFC.String(lines)
	}
	return strings.TrimRight(lines, " \t\n\u00a0")
}

// lineEnds is a text with \n in the place of \r\n. plain tells that it has nothing else to tidy: only letters below
// the combining marks and the punctuation that texts have, which are NFC as they are, and no other control character.
func lineEnds(s string) (lines string, plain bool) {
	if strings.Contains(s, "\r\n") {
		s = strings.ReplaceAll(s, "\r\n", "\n")
	}
	for i := 0; i < len(s); i++ {
		switch b := s[i]; {
		case b >= ' ' && b < 0x7f, b == '\n', b == '\t':
		case b < ' ', b == 0x7f:
			return s, false
		case b == 0xc2 && i+1 < len(s) && s[i+1] < 0xa0: // control characters from U+0080
			return s, false
		case b < firstMark: // and what follows such a byte
		case b == 0xe2 && i+2 < len(s) && s[i+1] == 0x80 && s[i+2] >= 0x90 && s[i+2] <= 0xa6: // U+2010 to U+2026
			i += 2
		default:
			return s, false
		}
	}
	return s, true
}

// firstMark is the byte that U+0300, the first combining mark, begins with in UTF-8.
const firstMark = 0xcc

// cut shortens a text to a number of bytes, between two characters.
func cut(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	for limit > 0 && !utf8.RuneStart(s[limit]) {
		limit--
	}
	return s[:limit]
}
