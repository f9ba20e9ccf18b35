package data

import (
	"bytes"
	"testing"
	"time"
)

func TestAuditChainCoversEveryField(t *testing.T) {
	entry := AuditEntry{
		At: time.UnixMilli(1), Operator: "o", Action: "a", Subject: "s", SubjectID: 1, Before: "b", After: "c",
	}
	hash := entry.ChainHash([]byte("previous"))
	changes := []AuditEntry{entry, entry, entry, entry, entry, entry, entry}
	changes[0].At = time.UnixMilli(2)
	changes[1].Operator = "x"
	changes[2].Action = "x"
	changes[3].Subject = "x"
	changes[4].SubjectID = 2
	changes[5].Before = "x"
	changes[6].After = "x"
	for i, changed := range changes {
		if bytes.Equal(changed.ChainHash([]byte("previous")), hash) {
			t.Errorf("change %d keeps the hash", i)
		}
	}
	if bytes.Equal(entry.ChainHash([]byte("other")), hash) {
		t.Error("another predecessor keeps the hash")
	}
}
