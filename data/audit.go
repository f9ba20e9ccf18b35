package data

import (
	"crypto/sha256"
	"encoding/json"
	"time"
)

// AuditEntry says who changed what, and when. Entries form a chain: each hash
// covers the entry and the hash before it. Before and After are JSON and never
// hold a code, a password or a token.
type AuditEntry struct {
	ID        int64
	At        time.Time
	Operator  string // login; "guichet" for what the application does by itself
	Action    string // the use case: "letters.compose"
	Subject   string // kind of the record: "account"
	SubjectID int64
	Before    string
	After     string
	Hash      []byte
}

// ChainHash is the hash of an entry that follows the entry with hash previous.
// Times count in milliseconds, which is what the store keeps.
func (e AuditEntry) ChainHash(previous []byte) []byte {
	fields, _ := json.Marshal([]any{ // strings and numbers always marshal
		e.At.UnixMilli(), e.Operator, e.Action, e.Subject, e.SubjectID, e.Before, e.After,
	})
	sum := sha256.Sum256(append(append([]byte{}, previous...), fields...))
	return sum[:]
}
