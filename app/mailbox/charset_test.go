package mailbox

import (
	"encoding/base64"
	"strings"
	"testing"
)

// TestMislabelledCharset: what says that it is Latin and is UTF-8, or Windows-1252, is read as what it is.
func TestMislabelledCharset(t *testing.T) {
	utf8Bytes, ansi := "À l’été, ça coûte 10 €, cœur 🙂", "\xc0 l\x92\xe9t\xe9, \xe7a co\xfbte 10 \x80, c\x9cur"
	for _, charset := range []string{
		"iso-8859-1", "ISO_8859-1", "iso8859-1", "l1", "latin1", "cp819", "windows-1252", "Windows1252", "cp-1252", "iso-8859-15", "ISO8859-15", "iso_8859-15", "latin9",
		"utf-8", "us-ascii", "x-unknown",
	} {
		if got := decodeCharset([]byte(utf8Bytes), charset, ""); got != utf8Bytes {
			t.Errorf("UTF-8 as %s: %q", charset, got)
		}
		if got := decodeCharset([]byte(ansi), charset, ""); got != "À l’été, ça coûte 10 €, cœur" {
			t.Errorf("Windows-1252 as %s: %q", charset, got)
		}
	}
	for _, test := range []struct{ bytes, charset, want string }{
		{"10 \xa4, \xbc\xe9", "iso-8859-15", "10 €, Œé"},
		{"10 \xa4, \xe9", "iso-8859-1", "10 ¤, é"},
		{"SANT\xc9\xbb", "iso-8859-1", "SANTÉ»"},            // UTF-8 by chance
		{"\xce\xb1\xce\xbb", "iso-8859-1", "Î±Î»"},          // no Latin: as declared
		{"=?iso-8859-1?q?R=C3=A9ponse?=", "", "Réponse"},    // in a header
		{"=?iso-8859-1?q?R=E9ponse_=E0?=", "", "Réponse à"}, // as it says
	} {
		got := decodeCharset([]byte(test.bytes), test.charset, "")
		if test.charset == "" {
			got = decodeWords(test.bytes, "")
		}
		if got != test.want {
			t.Errorf("%q as %s: %q, want %q", test.bytes, test.charset, got, test.want)
		}
	}
}

// TestBase64InPieces: each piece that a program padded is read.
func TestBase64InPieces(t *testing.T) {
	b64 := base64.StdEncoding.EncodeToString
	head := "From: a@b.fr\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n"
	for _, pieces := range []string{
		b64([]byte("Bonjour")) + "\n" + b64([]byte(" à tous et à toutes")) + "\n",
		b64([]byte("Bonjour à")) + b64([]byte(" tous")) + "\n" + b64([]byte(" et à toutes")),
	} {
		if mail := Parse([]byte(head + pieces)); mail.Text != "Bonjour à tous et à toutes" {
			t.Errorf("%q", mail.Text)
		}
	}
}

// TestAlternativeLosesNothing: the parts of one form of a mail are one text; a second text of one kind is a file.
func TestAlternativeLosesNothing(t *testing.T) {
	part := func(kind, text string) string { return "Content-Type: " + kind + "\n\n" + text + "\n" }
	multi := func(kind, boundary string, parts ...string) string {
		separator := "--" + boundary + "\n"
		return "Content-Type: multipart/" + kind + "; boundary=" + boundary + "\n\n" + separator + strings.Join(parts, separator) + "--" + boundary + "--\n"
	}
	pdf := "Content-Type: application/pdf; name=a.pdf\n\nx\n"
	pages := multi("mixed", "m", part("text/html", "<p>un</p>"), pdf, part("text/html", "<p>deux</p>"))
	for name, test := range map[string]struct{ raw, text, html, files string }{
		"Apple Mail":       {multi("alternative", "a", part("text/plain", "un, deux"), pages), "un, deux", "<p>un</p>\n<p>deux</p>", "a.pdf"},
		"without a text":   {multi("alternative", "a", part("text/plain", " "), pages), "un\n\ndeux", "<p>un</p>\n<p>deux</p>", "a.pdf"},
		"a text in pieces": {multi("alternative", "a", multi("mixed", "m", part("text/plain", "un"), pdf, part("text/plain", "deux")), part("text/html", "<p>tout</p>")), "un\n\ndeux", "<p>tout</p>", "a.pdf"},
		"both in one":      {multi("alternative", "a", multi("mixed", "m", part("text/plain", "un"), part("text/html", "<p>deux</p>"))), "un\n\ndeux", "<p>deux</p>", ""},
		"two texts":        {multi("alternative", "a", part("text/plain", "un"), part("text/plain", "deux")), "un", "", "autre-texte.txt"},
		"twice the same":   {multi("alternative", "a", part("text/plain", "un"), part("text/plain", "un")), "un", "", ""},
	} {
		mail := Parse([]byte("From: a@b.fr\n" + test.raw))
		var files []string
		for _, file := range mail.Attachments {
			files = append(files, file.Name)
		}
		if mail.Text != test.text || mail.HTML != test.html || strings.Join(files, ",") != test.files {
			t.Errorf("%s: %q, %q, %q", name, mail.Text, mail.HTML, files)
		}
	}
}
