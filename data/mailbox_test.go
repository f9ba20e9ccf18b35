package data

import "testing"

// TestMoveToItself: mails that are moved to the folder that they are read from would come in again and again.
func TestMoveToItself(t *testing.T) {
	for moveTo, refused := range map[string]bool{"": false, "INBOX": true, "Inbox": true, "inbox": true, "Traités": false, "Demandes": true, "demandes": false} {
		m := DefaultMailbox()
		m.Host, m.User, m.MoveTo, m.Folders = "imap.example", "a", moveTo, []string{"INBOX", "Demandes"}
		if err := (Settings{Mailboxes: []MailboxSettings{m}}).CheckMailboxes(); (err != nil) != refused {
			t.Errorf("%q: %v", moveTo, err)
		}
	}
}
