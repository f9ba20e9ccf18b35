package mailbox

import (
	"bytes"
	"errors"
	"net/mail"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/emersion/go-message/textproto"
)

// How long a subject and an identifier are at most: a line of a mail has 998 bytes (RFC 5322, 2.1.1).
const (
	maxSubject    = 1000
	maxIdentifier = 900
)

var errHeaderTooLarge = errors.New("en-tête de plus de 1 Mo")

// field is a line of a header, unfolded: name in lower case, value as it came.
type field struct{ name, value string }

// header is a list of fields in their order.
type header []field

// get returns the first field of a name, or "".
func (h header) get(name string) string {
	for _, f := range h {
		if f.name == name {
			return f.value
		}
	}
	return ""
}

// values returns all fields of a name.
func (h header) values(name string) []string {
	var values []string
	for _, f := range h {
		if f.name == name {
			values = append(values, f.value)
		}
	}
	return values
}

// splitHeader reads the header of a mail as leniently as it can: a leading mbox line and blank lines are skipped, lines
// that are no fields are skipped within the header, and end it where no field follows. The body is what remains.
func splitHeader(raw []byte) (h header, body []byte, err error) {
	rest := bytes.TrimLeft(bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf")), "\r\n")
	if bytes.HasPrefix(rest, []byte("From ")) || bytes.HasPrefix(rest, []byte(">From ")) {
		_, rest = cutLine(rest)
	}
	read := 0
	var values [][]byte
	for len(rest) > 0 {
		line, after := cutLine(rest)
		if read += len(rest) - len(after); read > maxHeader {
			return fold(h, values), nil, errHeaderTooLarge
		}
		if len(line) == 0 {
			return fold(h, values), after, nil
		}
		if len(h) == 0 {
			line = bytes.TrimLeft(line, " \t") // there is nothing yet to go on with
		}
		name, value, ok := cutField(line)
		switch {
		case isFolded(line):
			values[len(values)-1] = append(values[len(values)-1], line...)
		case ok:
			h = append(h, field{name: name})
			values = append(values, bytes.Clone(value))
		case !goesOn(after):
			return fold(h, values), rest, nil
		}
		rest = after
	}
	return fold(h, values), nil, nil
}

func fold(h header, values [][]byte) header {
	for i, value := range values {
		h[i].value = strings.TrimSpace(string(value))
	}
	return h
}

func cutLine(b []byte) (line, rest []byte) {
	line, rest, _ = bytes.Cut(b, []byte("\n"))
	return bytes.TrimSuffix(line, []byte("\r")), rest
}

func isFolded(line []byte) bool { return len(line) > 0 && (line[0] == ' ' || line[0] == '\t') }

// goesOn says whether a header goes on with the next line.
func goesOn(rest []byte) bool {
	line, _ := cutLine(rest[:min(len(rest), 4096)])
	_, _, ok := cutField(line)
	return ok || isFolded(line)
}

// cutField splits a line at the colon, if what stands before is a field's name.
func cutField(line []byte) (name string, value []byte, ok bool) {
	before, value, ok := bytes.Cut(line, []byte(":"))
	before = bytes.TrimRight(before, " \t")
	if !ok || len(before) == 0 || len(before) > 200 {
		return "", nil, false
	}
	for _, c := range before {
		if c <= ' ' || c > '~' {
			return "", nil, false
		}
	}
	return strings.ToLower(string(before)), value, true
}

// partHeader is the header of a part as go-message read it.
func partHeader(read textproto.Header) (header, error) {
	var h header
	size := 0
	for fields := read.Fields(); fields.Next(); {
		h = append(h, field{name: strings.ToLower(fields.Key()), value: fields.Value()})
		if size += len(fields.Key()) + len(fields.Value()); size > maxHeader {
			return h, errHeaderTooLarge
		}
	}
	return h, nil
}

// fill sets what the header of a mail says. charset is for bytes that say nothing of their own.
func (m *Mail) fill(h header, charset string) {
	m.Subject = shortened(clean(decodeWords(h.get("subject"), charset)))
	m.MessageID = firstOf(messageIDs(h.get("message-id")))
	m.InReplyTo = firstOf(messageIDs(h.get("in-reply-to")))
	m.References = messageIDs(strings.Join(h.values("references"), " "))
	if from := addresses(h.values("from"), charset); len(from) > 0 {
		m.From = from[0]
	} else if sender := addresses(h.values("sender"), charset); len(sender) > 0 {
		m.From = sender[0]
	}
	if reply := addresses(h.values("reply-to"), charset); len(reply) > 0 {
		m.ReplyTo = &reply[0]
	}
	m.To = addresses(h.values("to"), charset)
	m.Cc = addresses(h.values("cc"), charset)
	m.Date = date(h.get("date"))
	m.Bounce = isBounce(h, m.From.Address, m.Subject)
	m.AutomaticReason = automaticReason(h, m.Bounce, m.Subject)
	m.Automatic = m.AutomaticReason != ""
}

// shortened is a subject of maxSubject bytes at most. What stands at its end is kept: a ticket's token does.
func shortened(subject string) string {
	const end = 100
	if len(subject) <= maxSubject {
		return subject
	}
	last := len(subject) - end
	for !utf8.RuneStart(subject[last]) {
		last++
	}
	return cut(subject, maxSubject-end-len(" … ")) + " … " + subject[last:]
}

func firstOf(ids []string) string {
	if len(ids) == 0 {
		return ""
	}
	return ids[0]
}

// messageIDs reads the identifiers of a field: those between < and >, or else its words.
func messageIDs(value string) []string {
	var ids []string
	add := func(id string) {
		if id = cut(clean(strings.Join(strings.Fields(id), "")), maxIdentifier); id != "" && len(ids) < 1000 {
			ids = append(ids, id)
		}
	}
	for rest := value; ; {
		_, after, found := strings.Cut(rest, "<")
		id, next, closed := strings.Cut(after, ">")
		if !found || !closed {
			break
		}
		add(id)
		rest = next
	}
	if len(ids) == 0 {
		for _, word := range strings.Fields(value) {
			add(strings.Trim(word, "<>,"))
		}
	}
	return ids
}

// date reads a Date field, or returns the zero time.
func date(value string) time.Time {
	value, _, _ = strings.Cut(value, "(")
	value = strings.Join(strings.Fields(value), " ")
	if when, err := mail.ParseDate(value); err == nil {
		return when
	}
	for _, layout := range []string{time.RFC3339, time.DateTime, time.ANSIC, time.UnixDate, "Mon, 2 Jan 2006 15:04:05", "2 Jan 2006 15:04:05"} {
		if when, err := time.Parse(layout, value); err == nil {
			return when
		}
	}
	return time.Time{}
}
