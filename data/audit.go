package data

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"time"
)

// AuditEntry says who changed what, and when. Entries form a chain: each hash
// covers the entry and the hash before it. Before and After are JSON and never
// hold a code, a password or a token; the chain holds their digest, so that a
// person's data can be erased from them and the chain stays whole.
type AuditEntry struct {
	ID        int64
	At        time.Time
	Operator  string // login; "guichet" for what the application does by itself
	Action    string // the use case: "letters.compose"
	Subject   string // kind of the record: "account"
	SubjectID int64
	Before    string
	After     string
	Salt      []byte // random, so that the digest tells nothing of erased texts; nil: they were erased
	Digest    []byte // of the salt and the texts
	Hash      []byte
}

// AuditPurged is the action of an entry that says which older ones were taken
// away: its After names the hash of the last.
const AuditPurged = "audit.purge"

// Erased tells whether Before and After were erased.
func (e AuditEntry) Erased() bool { return e.Salt == nil }

// TextsDigest is the digest of the salt and the texts.
func (e AuditEntry) TextsDigest() []byte {
	texts, _ := json.Marshal([]string{e.Before, e.After}) // strings always marshal
	sum := sha256.Sum256(append(bytes.Clone(e.Salt), texts...))
	return sum[:]
}

// ChainHash is the hash of an entry that follows the entry with hash previous.
// Times count in milliseconds, which is what the store keeps.
func (e AuditEntry) ChainHash(previous []byte) []byte {
	fields, _ := json.Marshal([]any{ // strings, numbers and bytes always marshal
		e.At.UnixMilli(), e.Operator, e.Action, e.Subject, e.SubjectID, e.Digest,
	})
	sum := sha256.Sum256(append(bytes.Clone(previous), fields...))
	return sum[:]
}

// Follows tells whether an entry is as it was written after the entry with hash
// previous, erased texts apart.
func (e AuditEntry) Follows(previous []byte) bool {
	if !bytes.Equal(e.Hash, e.ChainHash(previous)) {
		return false
	}
	if e.Erased() {
		return e.Before == "" && e.After == ""
	}
	return bytes.Equal(e.Digest, e.TextsDigest())
}

// AuditFilter selects entries of the audit; the zero value selects all.
type AuditFilter struct {
	// Operator, Action and Subject match exactly; Action also matches the acts
	// of a kind of record: "ticket." selects "ticket.answer".
	Operator  string
	Action    string
	Subject   string
	SubjectID int64
	// From and Until bound the time, Until excluded; zero: no bound.
	From, Until time.Time
}
