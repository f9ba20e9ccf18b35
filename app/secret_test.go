package app

import (
	"os"
	"strings"
	"testing"

	"github.com/zalando/go-keyring"

	"guichet/data"
)

// TestSecretsOfAMailboxGoWithIt: in the keyring and in the file.
func TestSecretsOfAMailboxGoWithIt(t *testing.T) {
	keyring.MockInit()
	d := openDesk(t)
	account := data.MailboxSettings{Host: "imap.example", Port: 993, Security: "tls", User: "a@b.fr", Folders: []string{"INBOX"}}
	other := account
	other.User = "c@d.fr"
	for _, inFile := range []bool{true, false} {
		d.secrets.noKeyring = inFile
		d.set(func(s *data.Settings) { s.Mailboxes = []data.MailboxSettings{account, other} })
		for _, m := range []data.MailboxSettings{account, other} {
			if kept, err := d.SetMailPassword(d.admin, MailboxPassword(m), "mot de passe de "+m.User); err != nil || kept != inFile {
				t.Fatalf("in the file %v, %v", kept, err)
			}
		}
		d.set(func(s *data.Settings) { s.Mailboxes = []data.MailboxSettings{other} })
		if gone, err := d.secrets.get(MailboxPassword(account)); err != nil || gone != "" {
			t.Errorf("kept: %q, %v", gone, err)
		}
		if kept, err := d.secrets.get(MailboxPassword(other)); err != nil || kept != "mot de passe de c@d.fr" {
			t.Errorf("the other's: %q, %v", kept, err)
		}
		content, err := os.ReadFile(d.Path() + ".secrets")
		d.done(err)
		if strings.Contains(string(content), "a@b.fr") {
			t.Error("it stays in the file")
		}
		if !inFile {
			if _, err := keyring.Get(d.secrets.service, MailboxPassword(account)); err == nil {
				t.Error("it stays in the keyring")
			}
		}
	}
}
