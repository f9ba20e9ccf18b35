package mailbox

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"guichet/app/mailbox/mailboxtest"
)

// whole checks that mails 1 to n were committed, each once.
func (s *store) whole(t *testing.T, n int) {
	t.Helper()
	seen := map[uint32]int{}
	for _, mail := range s.mails {
		seen[mail.UID]++
		if want := longMessage(int(mail.UID)); !bytes.Equal(mail.Body, want) {
			t.Errorf("mail %d is not whole: %d bytes of %d", mail.UID, len(mail.Body), len(want))
		}
	}
	for uid := uint32(1); uid <= uint32(n); uid++ {
		if seen[uid] != 1 {
			t.Errorf("mail %d was committed %d times", uid, seen[uid])
		}
	}
}

// through reaches a Dovecot by a proxy.
func through(proxy *mailboxtest.Proxy, dovecot *mailboxtest.DovecotServer) Server {
	server := overStartTLS(dovecot)
	server.Port = proxy.Port
	return server
}

func longMessage(n int) []byte {
	return append(message(n), bytes.Repeat(fmt.Appendf(nil, "Ligne du message %d.\r\n", n), 40)...)
}

// TestFetchIsCut cuts the connection at many places of a fetch, and fetches again: every mail is committed exactly once.
func TestFetchIsCut(t *testing.T) {
	t.Parallel()
	const mails = 12
	dovecot := mailboxtest.Dovecot(t)
	for n := 1; n <= mails; n++ {
		dovecot.Deliver(t, longMessage(n))
	}
	proxy := mailboxtest.NewProxy(t, dovecot.Port)
	server := through(proxy, dovecot)
	var first store
	first.fetch(t, server)
	first.whole(t, mails)
	total := proxy.Passed()
	random := rand.New(rand.NewPCG(1, 2))
	var offsets []int64
	for offset := int64(0); offset < total; offset += total / 40 {
		offsets = append(offsets, offset)
	}
	for range 40 {
		offsets = append(offsets, random.Int64N(total))
	}
	cuts := 0
	for _, offset := range offsets {
		var s store
		proxy.After(offset, mailboxtest.Cut)
		if _, err := Fetch(t.Context(), server, s.cursor, Commit(s.commit).Take); err != nil {
			cuts++
			if !errors.Is(err, ErrUnreachable) {
				t.Errorf("cut after %d bytes of %d: %v", offset, total, err)
			}
		}
		proxy.After(-1, mailboxtest.Cut)
		s.fetch(t, server)
		s.whole(t, mails)
		if t.Failed() {
			t.Fatalf("cut after %d bytes of %d", offset, total)
		}
	}
	if cuts < len(offsets)/2 {
		t.Errorf("only %d of %d cuts were felt", cuts, len(offsets))
	}
}

// TestFetchStalls lets the server fall silent at places of a fetch: it ends after the timeout, and nothing is lost.
func TestFetchStalls(t *testing.T) {
	t.Parallel()
	const mails = 5
	dovecot := mailboxtest.Dovecot(t)
	for n := 1; n <= mails; n++ {
		dovecot.Deliver(t, longMessage(n))
	}
	proxy := mailboxtest.NewProxy(t, dovecot.Port)
	server := through(proxy, dovecot)
	var first store
	first.fetch(t, server)
	total := proxy.Passed()
	for _, part := range []int64{1, 4, 6, 8, 9} {
		var s store
		proxy.After(total*part/10, mailboxtest.Stall)
		impatient := server
		impatient.Timeout = 300 * time.Millisecond
		if _, err := Fetch(t.Context(), impatient, s.cursor, Commit(s.commit).Take); !errors.Is(err, ErrUnreachable) {
			t.Errorf("stalled after %d bytes of %d: %v", total*part/10, total, err)
		}
		proxy.After(-1, mailboxtest.Stall)
		s.fetch(t, server)
		s.whole(t, mails)
	}
}

// TestFetchMoves moves mails to a folder that does not exist yet; the cursor stays right.
func TestFetchMoves(t *testing.T) {
	t.Parallel()
	dovecot := mailboxtest.Dovecot(t)
	for n := 1; n <= 3; n++ {
		dovecot.Deliver(t, longMessage(n))
	}
	server := overTLS(dovecot)
	server.MoveTo = "Traités"
	var s store
	if n := s.fetch(t, server); n != 3 {
		t.Errorf("fetched %d", n)
	}
	dovecot.Deliver(t, longMessage(4))
	if n := s.fetch(t, server); n != 1 || s.cursor.UID != 4 {
		t.Errorf("fetched %d, cursor %v", n, s.cursor)
	}
	s.whole(t, 4)
	if n := dovecot.Folder(t, "Trait&AOk-s"); n != 4 {
		t.Errorf("%d mails were moved", n)
	}
	if n := s.fetch(t, server); n != 0 {
		t.Errorf("fetched %d again", n)
	}
}

// TestFetchMovesToItself: mails moved to the folder that they are read from would come in again and again.
func TestFetchMovesToItself(t *testing.T) {
	t.Parallel()
	dovecot := mailboxtest.Dovecot(t)
	dovecot.Deliver(t, longMessage(1))
	server := overTLS(dovecot)
	server.MoveTo = "Inbox"
	var s store
	s.fetch(t, server)
	if n := s.fetch(t, server); n != 0 || dovecot.Flags(t)[0] != "S" {
		t.Errorf("fetched %d again, flags %q", n, dovecot.Flags(t))
	}
}

// TestFetchCannotMove keeps mails where they are when the server refuses the folder.
func TestFetchCannotMove(t *testing.T) {
	t.Parallel()
	dovecot := mailboxtest.Dovecot(t)
	dovecot.Deliver(t, longMessage(1))
	server := overTLS(dovecot)
	server.MoveTo = "a//b/../c" // no server takes such a name
	var s store
	if n := s.fetch(t, server); n != 1 {
		t.Errorf("fetched %d", n)
	}
	if flags := dovecot.Flags(t); flags[0] != "S" {
		t.Errorf("flags %q", flags)
	}
	if n := s.fetch(t, server); n != 0 {
		t.Errorf("fetched %d again", n)
	}
}
