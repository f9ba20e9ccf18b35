package mailbox

import (
	"bytes"
	"encoding/base64"
	"io"
	"mime/quotedprintable"
	"slices"
	"strings"
	"unicode/utf8"
)

// block is a text within a mail, in one or both of its forms.
type block struct{ plain, html string }

// content is what the parts of a mail hold.
type content struct {
	blocks      []block
	attachments []Attachment
	charset     string // the first that a text declares, for bytes that declare none
	plainRoom   int    // how much more text is read
	htmlRoom    int
}

// readContent reads the texts and attachments of a mail.
func readContent(root *node) *content {
	c := &content{plainRoom: maxText, htmlRoom: maxText}
	c.charset = declaredCharset(root)
	c.blocks = c.read(root, true, false)
	return c
}

func declaredCharset(n *node) string {
	if charset := n.params["charset"]; charset != "" && strings.HasPrefix(n.kind, "text/") {
		return charset
	}
	for _, child := range n.children {
		if charset := declaredCharset(child); charset != "" {
			return charset
		}
	}
	return ""
}

// read returns the texts of a part in their order, and keeps the attachments. The parts of an alternative make one text.
func (c *content) read(n *node, root, alternative bool) []block {
	if len(n.children) == 0 {
		return c.leaf(n, root, alternative)
	}
	var blocks []block
	alternative = n.kind == "multipart/alternative"
	for _, child := range n.children {
		read := c.read(child, false, alternative)
		if alternative && len(read) > 1 {
			read = []block{joined(read)}
		}
		blocks = append(blocks, read...)
	}
	if !alternative || len(blocks) < 2 {
		return blocks
	}
	var one block
	for _, b := range blocks {
		one.plain = c.choose(one.plain, b.plain, "text/plain", "autre-texte.txt")
		one.html = c.choose(one.html, b.html, "text/html", "autre-texte.html")
	}
	return []block{one}
}

// choose is the first form of a text that says something; another that says something else is kept as a file.
func (c *content) choose(first, other, kind, name string) string {
	switch {
	case blank(first):
		return other
	case !blank(other) && tidy(other) != tidy(first):
		c.attach(&node{kind: kind}, name, []byte(other))
	}
	return first
}

// joined is texts that follow each other in one form of a mail: in plain text only where one of them is.
func joined(blocks []block) (one block) {
	if slices.ContainsFunc(blocks, func(b block) bool { return !blank(b.plain) }) {
		one.plain = plainText(blocks)
	}
	one.html = htmlOf(blocks)
	return one
}

// htmlOf is the HTML of texts that follow each other.
func htmlOf(blocks []block) string {
	var pages []string
	for _, b := range blocks {
		if !blank(b.html) {
			pages = append(pages, b.html)
		}
	}
	return strings.Join(pages, "\n")
}

// plainText is texts as one plain text; those that are HTML alone give theirs.
func plainText(blocks []block) string {
	var texts []string
	for _, b := range blocks {
		plain := tidy(b.plain)
		if blank(plain) {
			plain = htmlText(b.html)
		}
		if !blank(plain) {
			texts = append(texts, plain)
		}
	}
	return strings.TrimLeft(strings.Join(texts, "\n\n"), "\n")
}

func blank(text string) bool { return strings.TrimSpace(text) == "" }

func (c *content) leaf(n *node, root, alternative bool) []block {
	if n.isMultipart() && len(bytes.TrimSpace(n.raw)) == 0 {
		return nil
	}
	body := decodeTransfer(n.raw, n.header.get("content-transfer-encoding"))
	name := partName(n.header, n.params, c.charset)
	disposition, _ := parseParams(n.header.get("content-disposition"))
	isText := n.kind == "text/plain" || n.kind == "text/html" || n.isMultipart()
	if !isText || disposition == "attachment" || name != "" && !root && !alternative {
		c.attach(n, name, body)
		return nil
	}
	declared := n.params["charset"]
	if declared == "" && n.kind == "text/html" {
		declared = metaCharset(body)
	}
	limited := body[:min(len(body), maxText)]
	for i := 0; i < utf8.UTFMax && len(limited) < len(body) && !utf8.RuneStart(body[len(limited)]); i++ {
		limited = limited[:len(limited)-1]
	}
	text := decodeCharset(limited, declared, c.charset)
	room, extension := &c.plainRoom, ".txt"
	if n.kind == "text/html" {
		room, extension = &c.htmlRoom, ".html"
	}
	if kept := cut(text, *room); len(kept) < len(text) || len(limited) < len(body) {
		c.attach(n, "texte-complet"+extension, body) // nothing is dropped
		text = kept
	}
	*room -= len(text)
	if n.kind == "text/html" {
		return []block{{html: strings.ReplaceAll(text, "\x00", "")}}
	}
	return []block{{plain: text}}
}

// metaCharset is the charset that an HTML page declares for itself at its beginning.
func metaCharset(page []byte) string {
	start := bytes.ToLower(page[:min(len(page), 2048)])
	_, after, found := bytes.Cut(start, []byte("charset="))
	if !found || !bytes.Contains(start, []byte("<meta")) {
		return ""
	}
	after = bytes.TrimLeft(after, "\"' ")
	if end := bytes.IndexAny(after, "\"' ;>/"); end > 0 {
		return string(after[:end])
	}
	return ""
}

// text returns the mail's text, and its HTML.
func (c *content) text() (text, html string) {
	return cut(plainText(c.blocks), maxText), cut(htmlOf(c.blocks), maxText)
}

// weight is how much was read, to choose between two readings.
func (c *content) weight() int {
	weight := 0
	for _, b := range c.blocks {
		weight += len(b.plain) + len(b.html)
	}
	for _, a := range c.attachments {
		weight += len(a.Content)
	}
	return weight
}

// decodeTransfer undoes a part's transfer encoding. What the strict decoder refuses is decoded as far as it can be; an
// unknown encoding that is not a misspelt one of these leaves the bytes as they are.
func decodeTransfer(raw []byte, encoding string) []byte {
	encoding = strings.ToLower(strings.Trim(encoding, " \t\"';,"))
	switch {
	case strings.HasPrefix(encoding, "base"):
		body, err := io.ReadAll(base64.NewDecoder(base64.StdEncoding, bytes.NewReader(raw)))
		switch {
		case err == nil:
			return body
		case foreign(raw)*20 > len(raw): // not base64 at all, whatever the header says
			return raw
		}
		return lenientBase64(raw)
	case strings.HasPrefix(encoding, "quoted"):
		body, err := io.ReadAll(quotedprintable.NewReader(bytes.NewReader(raw)))
		if err != nil {
			return lenientQuoted(raw)
		}
		return body
	}
	return raw // 7bit, 8bit, binary, and names that mean them: 7-bit, 8bits
}

// foreign counts the bytes that base64 does not use.
func foreign(raw []byte) int {
	n := 0
	for _, c := range raw {
		switch {
		case c >= 'A' && c <= 'Z', c >= 'a' && c <= 'z', c >= '0' && c <= '9', c == '+', c == '/', c == '=', c == '\r', c == '\n':
		default:
			n++
		}
	}
	return n
}
