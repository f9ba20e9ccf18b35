package mailbox

import (
	"bytes"
	"crypto/sha256"
	"strings"
)

// transferred are the fields that servers add on the way, besides X-… and ARC-….
var transferred = map[string]bool{
	"received": true, "received-spf": true, "return-path": true, "delivered-to": true, "envelope-to": true,
	"delivery-date": true, "authentication-results": true, "dkim-signature": true, "status": true, "resent-date": true,
}

// contentHash is a hash of what the sender wrote: two copies of a mail that came by different ways, or back from another
// folder, have the same.
func contentHash(h header, body []byte) [32]byte {
	sum := sha256.New()
	for _, f := range h {
		if transferred[f.name] || strings.HasPrefix(f.name, "x-") || strings.HasPrefix(f.name, "arc-") {
			continue
		}
		sum.Write([]byte(f.name + ":" + strings.Join(strings.Fields(f.value), " ") + "\n"))
	}
	sum.Write([]byte("\n"))
	for bytes.HasSuffix(body, []byte("\n")) {
		body = bytes.TrimSuffix(body[:len(body)-1], []byte("\r"))
	}
	for len(body) > 0 { // \r\n counts as \n
		end := bytes.Index(body, []byte("\r\n"))
		if end < 0 {
			end = len(body)
		}
		sum.Write(body[:end])
		body = body[min(end+1, len(body)):]
	}
	return [32]byte(sum.Sum(nil))
}
