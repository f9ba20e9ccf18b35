package mailbox

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"runtime"
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
	n, err := Fetch(t.Context(), server, s.cursor, s.commit)
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
	if n, err := Fetch(t.Context(), overTLS(dovecot), s.cursor, s.commit); n != 0 || !errors.Is(err, s.fail) {
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

func TestFetchExpunged(t *testing.T) {
	t.Parallel()
	dovecot := mailboxtest.Dovecot(t)
	for n := 1; n <= 4; n++ {
		dovecot.Deliver(t, message(n))
	}
	var s store
	ctx := t.Context()
	n, err := Fetch(ctx, overTLS(dovecot), Cursor{}, func(ctx context.Context, mails []Raw, next Cursor) error {
		return s.commit(ctx, mails[:1], Cursor{next.UIDValidity, 1})
	})
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
	n, err := Fetch(t.Context(), overTLS(dovecot), s.cursor, func(ctx context.Context, mails []Raw, next Cursor) error {
		if s.commits == 1 {
			s.fail = errors.New("disk full")
		}
		return s.commit(ctx, mails, next)
	})
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

func TestFetchRefused(t *testing.T) {
	t.Parallel()
	dovecot := mailboxtest.Dovecot(t)
	commit := (&store{}).commit
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
	s.cursor.UID = 1000 // 1001:* names the last message, whose UID is 1
	if n := s.fetch(t, overTLS(dovecot)); n != 0 {
		t.Errorf("fetched %d", n)
	}
}

// script is an IMAP server that answers each line by its command, and falls silent where it has no answer.
func script(t *testing.T, answers map[string]string) int {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go converse(conn, answers)
		}
	}()
	return listener.Addr().(*net.TCPAddr).Port
}

func converse(conn net.Conn, answers map[string]string) {
	defer conn.Close()
	if _, err := fmt.Fprint(conn, answers["greeting"]); err != nil {
		return
	}
	buffer := make([]byte, 4096)
	pending := ""
	for {
		n, err := conn.Read(buffer)
		if err != nil {
			return
		}
		pending += string(buffer[:n])
		for {
			line, rest, found := strings.Cut(pending, "\r\n")
			if !found {
				break
			}
			pending = rest
			words := strings.SplitN(line, " ", 3)
			if len(words) < 2 {
				continue
			}
			command := words[1]
			if command == "UID" {
				command = strings.SplitN(words[2], " ", 2)[0]
				if strings.Contains(line, "BODY") {
					command = "BODY"
				}
			}
			fmt.Fprint(conn, strings.ReplaceAll(answers[command], "TAG", words[0]))
		}
	}
}

func TestFetchSilentServer(t *testing.T) {
	full := map[string]string{
		"greeting":   "* OK ready\r\n",
		"CAPABILITY": "* CAPABILITY IMAP4rev1\r\nTAG OK done\r\n",
		"LOGIN":      "TAG OK [CAPABILITY IMAP4rev1] in\r\n",
		"SELECT":     "* 1 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n* OK [UIDNEXT 2] ok\r\nTAG OK [READ-WRITE] selected\r\n",
		"FETCH":      "* 1 FETCH (UID 1 FLAGS () INTERNALDATE \"03-Nov-2026 10:00:00 +0100\" RFC822.SIZE 100)\r\nTAG OK done\r\n",
		"BODY":       "* 1 FETCH (UID 1 BODY[] {100}\r\nFrom: half a lit",
	}
	goroutines := runtime.NumGoroutine()
	for _, silent := range []string{"greeting", "CAPABILITY", "LOGIN", "SELECT", "FETCH", "BODY"} {
		t.Run(silent, func(t *testing.T) {
			answers := map[string]string{}
			for command, answer := range full {
				if answers[command] = answer; command == silent && command != "BODY" {
					answers[command] = ""
				}
			}
			server := Server{
				Host: "127.0.0.1", Port: script(t, answers), Security: SecurityNone, User: "support", Password: "secret",
				Timeout: 300 * time.Millisecond,
			}
			start := time.Now()
			_, err := Fetch(t.Context(), server, Cursor{}, (&store{}).commit)
			if !errors.Is(err, ErrUnreachable) {
				t.Errorf("%v", err)
			}
			if took := time.Since(start); took > 3*time.Second {
				t.Errorf("took %v", took)
			}
		})
	}
	for end := time.Now().Add(5 * time.Second); runtime.NumGoroutine() > goroutines+2; runtime.Gosched() {
		if time.Now().After(end) {
			t.Errorf("%d goroutines, %d before", runtime.NumGoroutine(), goroutines)
			break
		}
	}
}

func TestFetchSilentTLS(t *testing.T) {
	for _, security := range []Security{SecurityTLS, SecurityStartTLS} {
		port := script(t, map[string]string{"greeting": "", "STARTTLS": ""})
		server := Server{Host: "127.0.0.1", Port: port, Security: security, Timeout: 300 * time.Millisecond}
		if _, err := Fetch(t.Context(), server, Cursor{}, (&store{}).commit); !errors.Is(err, ErrUnreachable) {
			t.Errorf("%s: %v", security, err)
		}
	}
}

func TestFetchNoStartTLS(t *testing.T) {
	port := script(t, map[string]string{
		"greeting":   "* OK ready\r\n",
		"CAPABILITY": "* CAPABILITY IMAP4rev1\r\nTAG OK done\r\n",
		"STARTTLS":   "TAG BAD unknown command\r\n",
	})
	server := Server{Host: "127.0.0.1", Port: port, Security: SecurityStartTLS, User: "a", Password: "b", Timeout: time.Second}
	if _, err := Fetch(t.Context(), server, Cursor{}, (&store{}).commit); !errors.Is(err, ErrInsecure) {
		t.Errorf("%v", err)
	}
}

// A server that repeats the password in its answer must not get it into an error.
func TestFetchCensorsPassword(t *testing.T) {
	port := script(t, map[string]string{
		"greeting":   "* OK ready\r\n",
		"CAPABILITY": "* CAPABILITY IMAP4rev1\r\nTAG OK done\r\n",
		"LOGIN":      "TAG NO bad login support hunter2\r\n",
	})
	server := Server{Host: "127.0.0.1", Port: port, Security: SecurityNone, User: "support", Password: "hunter2", Timeout: time.Second}
	_, err := Fetch(t.Context(), server, Cursor{}, (&store{}).commit)
	if !errors.Is(err, ErrRefused) || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("%v", err)
	}
}

// What the server lists and does not hand over ends the fetch and is not passed over.
func TestFetchWithheld(t *testing.T) {
	port := script(t, map[string]string{
		"greeting":   "* OK ready\r\n",
		"CAPABILITY": "* CAPABILITY IMAP4rev1\r\nTAG OK done\r\n",
		"LOGIN":      "TAG OK [CAPABILITY IMAP4rev1] in\r\n",
		"SELECT":     "* 1 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\nTAG OK [READ-WRITE] selected\r\n",
		"FETCH":      "* 1 FETCH (UID 1 FLAGS () INTERNALDATE \"03-Nov-2026 10:00:00 +0100\" RFC822.SIZE 100)\r\nTAG OK done\r\n",
		"BODY":       "TAG NO [SERVERBUG] disk error\r\n",
		"LOGOUT":     "* BYE\r\nTAG OK bye\r\n",
	})
	server := Server{Host: "127.0.0.1", Port: port, Security: SecurityNone, User: "support", Password: "secret", Timeout: time.Second}
	var s store
	if n, err := Fetch(t.Context(), server, Cursor{}, s.commit); n != 0 || s.commits != 0 || !errors.Is(err, ErrUnreachable) {
		t.Errorf("%d, %d commits, %v", n, s.commits, err)
	}
}

func TestFetchCancelled(t *testing.T) {
	port := script(t, map[string]string{"greeting": "* OK ready\r\n"})
	server := Server{Host: "127.0.0.1", Port: port, Security: SecurityNone, Timeout: time.Minute}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := Fetch(ctx, server, Cursor{}, (&store{}).commit); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v", err)
	}
}

func TestServeDemo(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	addresses := make(chan net.Addr, 1)
	done := make(chan error, 1)
	go func() {
		done <- ServeDemo(ctx, "127.0.0.1:0", "support", "demo", [][]byte{message(1), message(2)}, func(a net.Addr) { addresses <- a })
	}()
	addr := (<-addresses).(*net.TCPAddr)
	server := Server{Host: "127.0.0.1", Port: addr.Port, Security: SecurityNone, User: "support", Password: "demo", Timeout: 5 * time.Second}
	var s store
	if n := s.fetch(t, server); n != 2 || !bytes.Equal(s.mails[1].Body, message(2)) {
		t.Errorf("fetched %d", n)
	}
	if n := s.fetch(t, server); n != 0 {
		t.Errorf("fetched %d again", n)
	}
	server.Password = "other"
	if _, err := Fetch(t.Context(), server, Cursor{}, s.commit); !errors.Is(err, ErrRefused) {
		t.Errorf("%v", err)
	}
	cancel()
	if err := <-done; err != nil {
		t.Errorf("%v", err)
	}
	if err := ServeDemo(t.Context(), "0.0.0.0:0", "a", "b", nil, nil); !errors.Is(err, ErrInsecure) {
		t.Errorf("%v", err)
	}
}
