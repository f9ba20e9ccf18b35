package mailbox

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

// Mail is what a raw mail says. All its texts are valid UTF-8 without NUL; those of the header are one line each,
// without control characters.
type Mail struct {
	MessageID   string // without <>, like the next two
	InReplyTo   string
	References  []string
	From        Address
	ReplyTo     *Address // nil: none
	To, Cc      []Address
	Subject     string    // "" without one
	Date        time.Time // zero without a legible one
	Text        string    // the plain text, or the HTML's text; NFC, lines end with \n; at most 2 MB
	HTML        string    // the HTML part as it came, in UTF-8, at most 2 MB: never show it without sanitising it
	Attachments []Attachment
	Automatic   bool // no program may answer it: it was written by one, or came by a list
	// AutomaticReason says by a word of automatic.go why it is; "" when it is not.
	AutomaticReason string
	Bounce          bool            // a delivery report; always Automatic too
	Report          *DeliveryReport // what the bounce says; nil unless Bounce
	Illegible       string          // why it could not be parsed, or not wholly: keep the raw mail with it; "" = parsed
	Hash            [32]byte
}

// Parse reads a raw mail. It never fails and never panics: what cannot be parsed comes back with Illegible set and
// whatever could be read. Its time is bounded by about 10 seconds whatever the mail holds: header, depth, parts and
// text have limits, and a mail that exceeds them is illegible. A text longer than 2 MB is cut, and the whole is among
// the attachments.
//
// Hash is over the content without the fields that a transfer adds: the same for two copies of one mail.
func Parse(raw []byte) (mail Mail) {
	defer func() {
		if problem := recover(); problem != nil {
			mail.Illegible = reason(fmt.Errorf("parser: %v", problem))
		}
	}()
	deadline := time.Now().Add(maxTime)
	h, body, err := splitHeader(raw)
	if err != nil {
		mail.Hash = contentHash(nil, raw)
		mail.Illegible = reason(err)
		mail.fill(h, "")
		return mail
	}
	mail.Hash = contentHash(h, body)
	if len(h) == 0 {
		return headless(mail, body)
	}
	c, err := parts(raw, h, body, deadline)
	mail.fill(h, c.charset)
	mail.Text, mail.HTML = c.text()
	mail.Attachments = c.attachments
	if mail.Bounce {
		mail.Report = readReport(h, mail)
	}
	switch {
	case err != nil:
		mail.Illegible = reason(err)
	case garbled(mail.Text):
		mail.Illegible = "le texte est illisible"
	}
	return mail
}

// parts reads the body: with go-message, and where that fails or finds nothing, with enmime as well, and then by the
// separating lines alone. The first reading that found more counts. The content is never nil; an error says that something is missing in it.
func parts(raw []byte, h header, body []byte, deadline time.Time) (*content, error) {
	strict, err := strictTree(h, body, deadline)
	c := readContent(strict)
	empty := c.weight() == 0 && len(bytes.TrimSpace(body)) > 0
	if isLimit(err) || err == nil && !empty {
		return c, err
	}
	if lenient, failed := lenientTree(raw, deadline); lenient != nil {
		other := readContent(lenient)
		if other.weight() > c.weight() || failed == nil && other.weight() > 0 && other.weight() == c.weight() {
			return other, failed
		}
	}
	if rough, failed := roughTree(h, body, deadline); rough != nil {
		if other := readContent(rough); other.weight() > c.weight() {
			return other, failed
		}
	}
	if isCut(err) && !empty {
		err = nil
	}
	return c, err
}

// reason is an error in words; the parsers quote what they could not read.
func reason(err error) string {
	said := clean(cut(err.Error(), 200))
	if isLimit(err) || errors.Is(err, errSkipped) {
		return said
	}
	return "structure illisible (" + said + ")"
}

// headless is a mail without any header: at best, text.
func headless(mail Mail, body []byte) Mail {
	mail.Illegible = "aucun en-tête"
	if len(bytes.TrimSpace(body)) == 0 {
		mail.Illegible = "message vide"
	} else if printable(body) {
		mail.Text = cut(tidy(decodeCharset(body[:min(len(body), maxText)], "", "")), maxText)
	}
	return mail
}

// printable says whether bytes look like text in some charset: few control characters.
func printable(b []byte) bool {
	control := 0
	b = b[:min(len(b), 64<<10)]
	for _, c := range b {
		if c < ' ' && c != '\n' && c != '\r' && c != '\t' && c != 0x1b || c == 0x7f {
			control++
		}
	}
	return control*50 <= len(b)
}

// garbled says whether a text is mostly replaced characters.
func garbled(text string) bool {
	replaced := strings.Count(text, "\uFFFD")
	return replaced > 0 && replaced*4 > utf8.RuneCountInString(text)
}
