package mailbox

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"guichet/app/mailbox/mailboxtest"
)

func message(n int) []byte {
	return fmt.Appendf(nil, "From: Jean <jean@example.fr>\r\nTo: support@example.fr\r\nSubject: Question %d\r\n"+
		"Message-ID: <%d@example.fr>\r\nDate: Tue, 3 Nov 2026 10:00:00 +0100\r\n\r\nBonjour %d\r\n", n, n, n)
}

func overTLS(d *mailboxtest.DovecotServer) Server {
	return Server{
		Host: d.Host, Port: d.TLSPort, Security: SecurityTLS, User: d.User, Password: d.Password,
		RootCAs: d.RootCAs, Timeout: 20 * time.Second,
	}
}

func overStartTLS(d *mailboxtest.DovecotServer) Server {
	server := overTLS(d)
	server.Port, server.Security = d.Port, SecurityStartTLS
	return server
}

// store keeps what is committed, as the application's database does.
type store struct {
	mails   []Raw
	cursor  Cursor
	commits int
	fail    error
}

func (s *store) commit(_ context.Context, mails []Raw, next Cursor) error {
	if s.fail != nil {
		return s.fail
	}
	s.commits++
	s.mails = append(s.mails, mails...)
	s.cursor = next
	return nil
}

func (s *store) fetch(t *testing.T, server Server) int {
	t.Helper()
	n, err := Fetch(t.Context(), server, s.cursor, Commit(s.commit).Take)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestFetch(t *testing.T) {
	for name, connect := range map[string]func(*mailboxtest.DovecotServer) Server{"TLS": overTLS, "STARTTLS": overStartTLS} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dovecot := mailboxtest.Dovecot(t)
			for n := 1; n <= 20; n++ {
				dovecot.Deliver(t, message(n))
			}
			var s store
			if n := s.fetch(t, connect(dovecot)); n != 20 || len(s.mails) != 20 {
				t.Fatalf("fetched %d, committed %d", n, len(s.mails))
			}
			for i, mail := range s.mails {
				if !bytes.Equal(mail.Body, message(i+1)) || mail.UID != uint32(i+1) || mail.UIDValidity == 0 || mail.Oversized ||
					mail.Size != int64(len(mail.Body)) || mail.Received.IsZero() {
					t.Errorf("mail %d: %+v", i+1, mail)
				}
			}
			if want := (Cursor{s.mails[0].UIDValidity, 20}); s.cursor != want {
				t.Errorf("cursor %v, want %v", s.cursor, want)
			}
			if flags := dovecot.Flags(t); !slices.Equal(flags, slices.Repeat([]string{"S"}, 20)) {
				t.Errorf("flags %q", flags)
			}
			if n := s.fetch(t, connect(dovecot)); n != 0 || s.commits != 1 {
				t.Errorf("second fetch: %d mails, %d commits", n, s.commits)
			}
			dovecot.Deliver(t, message(21))
			if n := s.fetch(t, connect(dovecot)); n != 1 || s.cursor.UID != 21 {
				t.Errorf("third fetch: %d mails, cursor %v", n, s.cursor)
			}
		})
	}
}

func TestFetchCommitFails(t *testing.T) {
	t.Parallel()
	dovecot := mailboxtest.Dovecot(t)
	dovecot.Deliver(t, message(1))
	s := store{fail: errors.New("disk full")}
	if n, err := Fetch(t.Context(), overTLS(dovecot), s.cursor, Commit(s.commit).Take); n != 0 || !errors.Is(err, s.fail) {
		t.Fatalf("%d, %v", n, err)
	}
	if flags := dovecot.Flags(t); !slices.Equal(flags, []string{""}) {
		t.Errorf("flags %q", flags)
	}
	s.fail = nil
	if n := s.fetch(t, overTLS(dovecot)); n != 1 {
		t.Errorf("fetched %d", n)
	}
}

func TestFetchUIDValidity(t *testing.T) {
	t.Parallel()
	dovecot := mailboxtest.Dovecot(t)
	for n := 1; n <= 3; n++ {
		dovecot.Deliver(t, message(n))
	}
	var s store
	s.fetch(t, overTLS(dovecot))
	before := s.cursor
	dovecot.ResetUIDValidity(t)
	if n := s.fetch(t, overTLS(dovecot)); n != 3 {
		t.Errorf("fetched %d", n)
	}
	if s.cursor.UIDValidity == before.UIDValidity || s.cursor.UID != 3 {
		t.Errorf("cursor %v after %v", s.cursor, before)
	}
	for i := range 3 {
		if Parse(s.mails[i].Body).Hash != Parse(s.mails[i+3].Body).Hash {
			t.Errorf("mail %d comes again under another hash", i+1)
		}
	}
}

// TestFetchRestored: a folder that a backup brought back gives its UIDs again, under the same UIDVALIDITY: what comes in
// under them is new.
func TestFetchRestored(t *testing.T) {
	t.Parallel()
	dovecot := mailboxtest.Dovecot(t)
	for n := 1; n <= 5; n++ {
		dovecot.Deliver(t, message(n))
	}
	var s store
	s.fetch(t, overTLS(dovecot))
	before := s.cursor
	dovecot.RestoreTo(t, 3)
	dovecot.Deliver(t, message(6))
	s.mails = nil
	s.fetch(t, overTLS(dovecot))
	if s.cursor != (Cursor{before.UIDValidity, 4}) || len(s.mails) != 4 || !bytes.Equal(s.mails[3].Body, message(6)) {
		t.Errorf("cursor %v after %v, %d mails", s.cursor, before, len(s.mails))
	}
	dovecot.Deliver(t, message(7))
	if n := s.fetch(t, overTLS(dovecot)); n != 1 || s.cursor.UID != 5 {
		t.Errorf("%d mails, cursor %v", n, s.cursor)
	}
}

func TestFetchExpunged(t *testing.T) {
	t.Parallel()
	dovecot := mailboxtest.Dovecot(t)
	for n := 1; n <= 4; n++ {
		dovecot.Deliver(t, message(n))
	}
	var s store
	ctx := t.Context()
	n, err := Fetch(ctx, overTLS(dovecot), Cursor{}, Commit(func(ctx context.Context, mails []Raw, next Cursor) error {
		return s.commit(ctx, mails[:1], Cursor{next.UIDValidity, 1})
	}).Take)
	if err != nil || n != 4 {
		t.Fatal(n, err)
	}
	dovecot.Expunge(t, 2)
	dovecot.Expunge(t, 4)
	if n := s.fetch(t, overTLS(dovecot)); n != 1 || !bytes.Equal(s.mails[1].Body, message(3)) {
		t.Errorf("fetched %d: %+v", n, s.mails)
	}
	dovecot.Expunge(t, 1)
	dovecot.Expunge(t, 3)
	if n := s.fetch(t, overTLS(dovecot)); n != 0 {
		t.Errorf("fetched %d from an empty mailbox", n)
	}
}

func TestFetchBatches(t *testing.T) {
	t.Parallel()
	dovecot := mailboxtest.Dovecot(t)
	for n := 1; n <= 600; n++ {
		dovecot.Deliver(t, append(message(n), bytes.Repeat([]byte("Ligne de texte.\r\n"), 400)...))
	}
	var s store
	if n := s.fetch(t, overTLS(dovecot)); n != 600 || s.commits != 3 {
		t.Fatalf("%d mails in %d commits", n, s.commits)
	}
	for i, mail := range s.mails {
		if mail.UID != uint32(i+1) {
			t.Fatalf("mail %d has UID %d", i, mail.UID)
		}
	}
}

func TestFetchBatchFailsAfterFirst(t *testing.T) {
	t.Parallel()
	dovecot := mailboxtest.Dovecot(t)
	for n := 1; n <= 250; n++ {
		dovecot.Deliver(t, message(n))
	}
	var s store
	n, err := Fetch(t.Context(), overTLS(dovecot), s.cursor, Commit(func(ctx context.Context, mails []Raw, next Cursor) error {
		if s.commits == 1 {
			s.fail = errors.New("disk full")
		}
		return s.commit(ctx, mails, next)
	}).Take)
	if n != 200 || !errors.Is(err, s.fail) || s.cursor.UID != 200 {
		t.Fatalf("%d, %v, cursor %v", n, err, s.cursor)
	}
	s.fail = nil
	if n := s.fetch(t, overTLS(dovecot)); n != 50 || len(s.mails) != 250 {
		t.Errorf("%d, %d in all", n, len(s.mails))
	}
}

func TestFetchOversized(t *testing.T) {
	t.Parallel()
	dovecot := mailboxtest.Dovecot(t)
	dovecot.Deliver(t, message(1))
	line := bytes.Repeat([]byte("x"), 70)
	line = append(line, "\r\n"...)
	dovecot.Deliver(t, append(message(2), bytes.Repeat(line, MaxSize/len(line)+1)...))
	dovecot.Deliver(t, message(3))
	var s store
	if n := s.fetch(t, overTLS(dovecot)); n != 3 {
		t.Fatalf("fetched %d", n)
	}
	large := s.mails[1]
	if !large.Oversized || large.Size <= MaxSize || len(large.Body) > 1000 || s.mails[0].Oversized || s.mails[2].Oversized {
		t.Errorf("oversized %v, size %d, body %q", large.Oversized, large.Size, large.Body)
	}
	if mail := Parse(large.Body); mail.Subject != "Question 2" || mail.Illegible != "" {
		t.Errorf("%+v", mail)
	}
}

// TestFetchNothingNew takes a handful of round trips, whatever the mailbox holds.
func TestFetchNothingNew(t *testing.T) {
	t.Parallel()
	dovecot := mailboxtest.Dovecot(t)
	for n := 1; n <= 250; n++ {
		dovecot.Deliver(t, message(n))
	}
	proxy := mailboxtest.NewProxy(t, dovecot.Port)
	server := Server{Host: dovecot.Host, Port: proxy.Port, Security: SecurityNone, User: dovecot.User, Password: dovecot.Password, Folder: "INBOX"}
	var s store
	if n := s.fetch(t, server); n != 250 {
		t.Fatalf("fetched %d", n)
	}
	if n := s.fetch(t, server); n != 0 {
		t.Fatalf("fetched %d more", n)
	}
	if asked := proxy.Asked(); asked > 6 {
		t.Errorf("%d round trips", asked)
	}
	if passed := proxy.Passed(); passed > 4<<10 {
		t.Errorf("%d bytes came", passed)
	}
}

func TestFetchRefused(t *testing.T) {
	t.Parallel()
	dovecot := mailboxtest.Dovecot(t)
	commit := Commit((&store{}).commit).Take
	t.Run("password", func(t *testing.T) {
		for _, server := range []Server{overTLS(dovecot), overStartTLS(dovecot)} {
			server.Password = "wr0ng-pässword"
			_, err := Fetch(t.Context(), server, Cursor{}, commit)
			if !errors.Is(err, ErrRefused) || strings.Contains(err.Error(), "wr0ng") {
				t.Errorf("%v", err)
			}
		}
	})
	t.Run("certificate", func(t *testing.T) {
		for _, server := range []Server{overTLS(dovecot), overStartTLS(dovecot)} {
			server.RootCAs = nil
			if _, err := Fetch(t.Context(), server, Cursor{}, commit); !errors.Is(err, ErrCertificate) {
				t.Errorf("%s: %v", server.Security, err)
			}
		}
	})
	t.Run("folder", func(t *testing.T) {
		server := overTLS(dovecot)
		server.Folder = "Nowhere"
		if _, err := Fetch(t.Context(), server, Cursor{}, commit); !errors.Is(err, ErrFolder) {
			t.Errorf("%v", err)
		}
	})
	t.Run("clear text", func(t *testing.T) {
		server := overTLS(dovecot)
		server.Host, server.Security = "192.0.2.1", SecurityNone
		if _, err := Fetch(t.Context(), server, Cursor{}, commit); !errors.Is(err, ErrInsecure) {
			t.Errorf("%v", err)
		}
		server.Security = ""
		if _, err := Fetch(t.Context(), server, Cursor{}, commit); !errors.Is(err, ErrInsecure) {
			t.Errorf("%v", err)
		}
	})
	t.Run("nobody listens", func(t *testing.T) {
		dovecot.Stop()
		if _, err := Fetch(t.Context(), overTLS(dovecot), Cursor{}, commit); !errors.Is(err, ErrUnreachable) {
			t.Errorf("%v", err)
		}
	})
}

func TestFetchSkipsLastMessage(t *testing.T) {
	t.Parallel()
	dovecot := mailboxtest.Dovecot(t)
	dovecot.Deliver(t, message(1))
	var s store
	s.fetch(t, overTLS(dovecot))
	// 2:* names the last message, whose UID is 1
	if n := s.fetch(t, overTLS(dovecot)); n != 0 {
		t.Errorf("fetched %d", n)
	}
}
