package data

import (
	"bytes"
	"testing"
	"time"
)

func TestAuditChainCoversEveryField(t *testing.T) {
	previous := []byte("previous")
	entry := AuditEntry{
		At: time.UnixMilli(1), Operator: "o", Action: "a", Subject: "s", SubjectID: 1, Before: "b", After: "c", Salt: []byte("salt"),
	}
	entry.Digest = entry.TextsDigest()
	entry.Hash = entry.ChainHash(previous)
	if !entry.Follows(previous) {
		t.Fatal("it does not follow")
	}
	changes := make([]AuditEntry, 9)
	for i := range changes {
		changes[i] = entry
	}
	changes[0].At = time.UnixMilli(2)
	changes[1].Operator = "x"
	changes[2].Action = "x"
	changes[3].Subject = "x"
	changes[4].SubjectID = 2
	changes[5].Before = "x"
	changes[6].After = "x"
	changes[7].Before, changes[7].After = "bc", ""
	changes[8].Salt = nil // as if erased, with the texts still there
	for i, changed := range changes {
		if changed.Follows(previous) {
			t.Errorf("change %d is not seen", i)
		}
	}
	if entry.Follows([]byte("other")) {
		t.Error("another predecessor is not seen")
	}
}

func TestAuditChainOutlivesErasure(t *testing.T) {
	entry := AuditEntry{At: time.UnixMilli(1), Action: "account.register", After: `{"name":"Jeanne"}`, Salt: []byte("salt")}
	entry.Digest = entry.TextsDigest()
	entry.Hash = entry.ChainHash(nil)
	entry.After, entry.Salt = "", nil
	if !entry.Follows(nil) || !entry.Erased() {
		t.Error("an erased entry breaks the chain")
	}
	guess := AuditEntry{After: `{"name":"Jeanne"}`}
	if bytes.Equal(guess.TextsDigest(), entry.Digest) {
		t.Error("the digest tells what was erased")
	}
}
