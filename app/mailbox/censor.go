package mailbox

import (
	"errors"
	"regexp"
	"strconv"
	"strings"
)

// hide is an error whose text holds none of some secrets, in whatever form a server repeats what it was sent. One that
// held one tells what it is, by errors.Is, and gives its cause to nobody.
func hide(err error, secrets ...string) error {
	if err == nil {
		return nil
	}
	text := err.Error()
	for _, secret := range secrets {
		text = censor(text, secret)
	}
	if text == err.Error() {
		return err
	}
	return hidden{text, err}
}

type hidden struct {
	text  string
	cause error
}

func (h hidden) Error() string { return h.text }

func (h hidden) Is(target error) bool { return errors.Is(h.cause, target) }

// encodedWord is what may be base64.
var encodedWord = regexp.MustCompile(`[A-Za-z0-9+/]{4,}={0,2}`)

// censor takes a secret out of a text: as it is, quoted, and within what is base64.
func censor(text, secret string) string {
	if secret == "" {
		return text
	}
	quoted := strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(secret)
	escaped := strconv.Quote(secret)
	text = strings.NewReplacer(secret, "…", quoted, "…", escaped[1:len(escaped)-1], "…").Replace(text)
	return encodedWord.ReplaceAllStringFunc(text, func(word string) string {
		for i := range min(4, len(word)) { // whatever stands before it
			if strings.Contains(string(lenientBase64([]byte(word[i:]))), secret) {
				return "…"
			}
		}
		return word
	})
}
