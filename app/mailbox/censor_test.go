package mailbox

import (
	"encoding/base64"
	"io"
	"net/url"
	"strings"
	"testing"
	"time"
)

// TestErrorsHoldNoPassword: a server that says what it was sent, as it came, decoded, or in a line that is none, gets it
// into no error.
func TestErrorsHoldNoPassword(t *testing.T) {
	const user, password = "support", `hunter2 "é`
	plain := base64.StdEncoding.EncodeToString([]byte("\x00" + user + "\x00" + password))
	word := base64.StdEncoding.EncodeToString([]byte(password))
	holds := func(err error) bool {
		for _, form := range []string{password, `hunter2 \"é`, plain, word, "hunter2", url.QueryEscape(password)} {
			if strings.Contains(err.Error(), form) {
				return true
			}
		}
		return false
	}
	for _, said := range []string{
		"535 refused %s\r\n", "535-refused\r\n535 %s\r\n", "%s\r\n", "5%s\r\n", "999 %s\r\n", "334 %s\r\n", "235 %s\r\n%s\r\n",
	} {
		for _, form := range []string{password, plain, word} {
			for _, mechanism := range []string{"PLAIN", "LOGIN"} {
				answer := strings.ReplaceAll(said, "%s", form)
				port := endless(t, func(w io.Writer) error {
					_, err := io.WriteString(w, "220 ready\r\n")
					return err
				}, func(w io.Writer, command, _, _ string) error {
					text := answer
					if command == "EHLO" {
						text = "250-localhost\r\n250 AUTH " + mechanism + "\r\n"
					}
					_, err := io.WriteString(w, text)
					return err
				})
				host := Smarthost{Host: "127.0.0.1", Port: port, Security: SecurityNone, User: user, Password: password, Timeout: 300 * time.Millisecond}
				if err := CheckSmarthost(t.Context(), host); err != nil && holds(err) {
					t.Errorf("SMTP %s, %q: %v", mechanism, answer, err)
				}
			}
		}
	}
	for _, said := range []string{"TAG NO no %s\r\n", "TAG BAD %s\r\n", "%s\r\n", "* %s\r\n", "TAG %s\r\n", "* BYE %s\r\n"} {
		for _, form := range []string{password, plain, word} {
			for _, capability := range []string{"IMAP4rev1", "IMAP4rev1 AUTH=PLAIN SASL-IR"} {
				answer := strings.ReplaceAll(said, "%s", form)
				port := script(t, map[string]string{
					"greeting": "* OK ready\r\n", "CAPABILITY": "* CAPABILITY " + capability + "\r\nTAG OK done\r\n", "LOGIN": answer, "AUTHENTICATE": answer,
				})
				server := Server{Host: "127.0.0.1", Port: port, Security: SecurityNone, User: user, Password: password, Timeout: 300 * time.Millisecond}
				if _, err := CheckServer(t.Context(), server); err == nil || holds(err) {
					t.Errorf("IMAP %s, %q: %v", capability, answer, err)
				}
			}
		}
	}
}
