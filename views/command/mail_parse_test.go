package command

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestMailParse shows what mails give, without a register.
func TestMailParse(t *testing.T) {
	folder := t.TempDir()
	parse := func(raw string) (line mailLine, text string) {
		t.Helper()
		path := filepath.Join(folder, "mail.eml")
		if err := os.WriteFile(path, []byte(strings.ReplaceAll(raw, "\n", "\r\n")), 0o600); err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		for _, asJSON := range []bool{true, false} {
			out.Reset()
			s := &session{ctx: t.Context(), commands: &commands{JSON: asJSON}, out: &out}
			if err := (&mailParseCommand{File: path}).Run(s); err != nil {
				t.Fatal(err)
			}
			if asJSON {
				if err := json.Unmarshal(out.Bytes(), &line); err != nil {
					t.Fatal(err)
				}
			}
		}
		return line, out.String()
	}
	form, text := parse("From: portail@portail.example\nAuto-Submitted: auto-generated\nMessage-ID: <1@portail.example>\nSubject: Assistance\nContent-Type: text/plain; charset=utf-8\n\nIdentifiant : marie.weber\nRubrique : Courrier non reçu\nMessage : Rien.\n")
	if form.Form == nil || form.Form.Identifier != "marie.weber" || form.Form.Heading != "letter_not_received" || form.Reason != "auto-generated" || form.MessageID != "1@portail.example" {
		t.Errorf("%+v", form)
	}
	if !strings.Contains(text, "Formulaire    Courrier non reçu") {
		t.Error(text)
	}
	bounce, _ := parse("From: MAILER-DAEMON@mx.example\nTo: aide@portail.example\nSubject: failure notice\n\n<marie@mairie.example>:\n550 5.1.1 no such user\n\nMessage-ID: <26-000001.AB.x@portail.example>\n")
	if b := bounce.Bounce; !bounce.Automatic || b == nil || b.OriginalID != "26-000001.AB.x@portail.example" || b.Status != "5.1.1" || !b.Permanent {
		t.Errorf("%+v", bounce)
	}
	answer, _ := parse("From: marie@mairie.example\nIn-Reply-To: <26-000001.AB.x@portail.example>\nSubject: Re: Question\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nVoici.\n--b\nContent-Type: application/pdf; name=a.pdf\nContent-Disposition: attachment\n\nx\n--b--\n")
	if answer.InReplyTo != "26-000001.AB.x@portail.example" || answer.Text != "Voici." || len(answer.Files) != 1 || answer.Files[0].Name != "a.pdf" || answer.Automatic {
		t.Errorf("%+v", answer)
	}
	s := &session{ctx: t.Context(), commands: &commands{}, out: &bytes.Buffer{}}
	if err := (&mailParseCommand{File: filepath.Join(folder, "none.eml")}).Run(s); err == nil {
		t.Error("a file that does not exist is read")
	}
}
