package mailbox

import (
	"fmt"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Attachment is a part of a mail that is not its text. Attached mails come as ContentType message/rfc822 and can be
// parsed in turn.
type Attachment struct {
	Name        string // safe as a file name on any system and never empty; two attachments may bear the same
	ContentType string // in lower case, without parameters
	Inline      bool   // shown within the HTML, not beside it
	ContentID   string // without <>
	Content     []byte
}

// maxName is the longest name of an attachment in bytes.
const maxName = 150

// safeName makes a file name of what a mail calls a part: the last element of a path, without characters that a file
// system or a reader could take for something else. number is the part's place among the attachments.
func safeName(name string, number int, extension string) string {
	name = clean(name)
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	name = strings.Map(func(r rune) rune {
		switch {
		case strings.ContainsRune(`<>:"|?*`, r):
			return '_'
		case unicode.Is(unicode.Cf, r) || !unicode.IsGraphic(r):
			return -1
		case unicode.IsSpace(r):
			return ' '
		}
		return r
	}, name)
	name = strings.Trim(name, " .")
	if name == "" {
		return fmt.Sprintf("piece-jointe-%d%s", number, extension)
	}
	base, _, _ := strings.Cut(strings.ToUpper(name), ".")
	switch strings.TrimSpace(base) {
	case "CON", "PRN", "AUX", "NUL":
		name = "_" + name
	default:
		if len(base) == 4 && (strings.HasPrefix(base, "COM") || strings.HasPrefix(base, "LPT")) && unicode.IsDigit(rune(base[3])) {
			name = "_" + name
		}
	}
	if len(name) > maxName {
		extension := path.Ext(name)
		if len(extension) > 20 || !utf8.ValidString(extension) {
			extension = ""
		}
		name = strings.Trim(cut(name, maxName-len(extension)), " .") + extension
	}
	return name
}

// partName is the name that a part's header gives it, or "".
func partName(h header, params map[string]string, charset string) string {
	_, disposition := parseParams(h.get("content-disposition"))
	for _, name := range []string{disposition["filename"], params["name"]} {
		if name = clean(decodeWords(name, charset)); name != "" {
			return name
		}
	}
	return ""
}

// attach adds a part to the attachments.
func (c *content) attach(n *node, name string, body []byte) {
	disposition, _ := parseParams(n.header.get("content-disposition"))
	id := firstOf(messageIDs(n.header.get("content-id")))
	extension := ".bin"
	if n.kind == "message/rfc822" {
		extension = ".eml"
	}
	c.attachments = append(c.attachments, Attachment{
		Name:        safeName(name, len(c.attachments)+1, extension),
		ContentType: cut(clean(strings.ToValidUTF8(n.kind, "")), maxPhrase),
		Inline:      disposition != "attachment" && (disposition == "inline" || id != ""),
		ContentID:   id,
		Content:     body,
	})
}
