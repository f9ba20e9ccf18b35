package mailbox

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"runtime"
	"strings"
	"testing"
	"time"

	"guichet/app/mailbox/mailboxtest"
)

// maxMemory is what a hostile server may make of the memory, at most.
const maxMemory = 400 << 20

// measured runs something and fails the test if the heap grew beyond maxMemory
// meanwhile.
func measured(t *testing.T, do func()) {
	t.Helper()
	runtime.GC()
	var before, now runtime.MemStats
	runtime.ReadMemStats(&before)
	stop, peak := make(chan struct{}), make(chan uint64)
	go func() {
		var most uint64
		for {
			select {
			case <-stop:
				peak <- most
				return
			case <-time.After(10 * time.Millisecond):
				runtime.ReadMemStats(&now)
				most = max(most, now.HeapAlloc)
			}
		}
	}()
	do()
	close(stop)
	if most := <-peak; most > before.HeapAlloc+maxMemory {
		t.Errorf("%d MB at most, %d MB before", most>>20, before.HeapAlloc>>20)
	}
}

// endless is a server that answers by a function, which writes as long as the
// client listens.
func endless(t *testing.T, greeting func(io.Writer) error, answer func(w io.Writer, tag, command, line string) error) int {
	t.Helper()
	return listen(t, func(conn net.Conn) {
		defer conn.Close()
		lines := bufio.NewScanner(conn)
		for err := greeting(conn); err == nil && lines.Scan(); {
			words := strings.Fields(lines.Text() + " - -")
			command := words[1]
			if command == "UID" {
				if command = words[2]; strings.Contains(lines.Text(), "BODY") {
					command = "BODY"
				}
			}
			err = answer(conn, words[0], command, lines.Text())
		}
	})
}

// ready is an ordinary greeting.
func ready(w io.Writer) error {
	_, err := io.WriteString(w, "* OK ready\r\n")
	return err
}

// repeat writes a text over and over.
func repeat(w io.Writer, start, text string) error {
	_, err := io.WriteString(w, start)
	chunk := strings.Repeat(text, 1+(64<<10)/len(text))
	for err == nil {
		_, err = io.WriteString(w, chunk)
	}
	return err
}

// ordinary are an ordinary server's answers, for a folder of two mails.
func ordinary(tag, command string) string {
	return strings.ReplaceAll(map[string]string{
		"CAPABILITY": "* CAPABILITY IMAP4rev1\r\nTAG OK done\r\n",
		"LOGIN":      "TAG OK [CAPABILITY IMAP4rev1] in\r\n",
		"SELECT":     "* 2 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\nTAG OK [READ-WRITE] selected\r\n",
		"FETCH":      "* 1 FETCH (UID 1 FLAGS () RFC822.SIZE 100)\r\n* 2 FETCH (UID 2 FLAGS () RFC822.SIZE 100)\r\nTAG OK done\r\n",
		"STORE":      "TAG OK done\r\n",
		"LOGOUT":     "* BYE\r\nTAG OK bye\r\n",
	}[command], "TAG", tag)
}

func toServer(port int) Server {
	return Server{Host: "127.0.0.1", Port: port, Security: SecurityNone, User: "support", Password: "secret", Timeout: 2 * time.Second}
}

// TestFetchEndless: whatever a server sends without end, and wherever, a fetch
// ends, soon and in little memory.
func TestFetchEndless(t *testing.T) {
	for _, attack := range []struct{ name, at, start, text string }{
		{"greeting", "", "* OK ", "a"},
		{"greeting of garbage", "", "", "\x00\xff{9}("},
		{"greeting lines", "", "", "* OK again\r\n"},
		{"capabilities", "CAPABILITY", "* CAPABILITY", " X"},
		{"login text", "LOGIN", "TAG OK ", "a"},
		{"folder lines", "SELECT", "* 2 EXISTS\r\n", "* OK noise\r\n"},
		{"folder flags", "SELECT", "* FLAGS (", "\\Seen "},
		{"listing", "FETCH", "", "* 1 FETCH (UID 1 FLAGS () RFC822.SIZE 100)\r\n"},
		{"listing on one line", "FETCH", "* 1 FETCH (FLAGS (", "a "},
		{"lists in lists", "FETCH", "* 1 FETCH (UID 1 BODYSTRUCTURE ", "("},
		{"envelope", "FETCH", "* 1 FETCH (UID 1 ENVELOPE (\"", "a"},
		{"literal", "BODY", "* 1 FETCH (UID 1 BODY[] {1099511627776}\r\n", "a"},
		{"literals", "BODY", "", "* 1 FETCH (UID 1 BODY[] {3}\r\nabc)\r\n"},
		{"negative literal", "BODY", "* 1 FETCH (UID 1 BODY[] {-5}\r\n", "a"},
		{"quoted body", "BODY", "* 1 FETCH (UID 1 BODY[] \"", "a"},
		{"goodbye", "LOGOUT", "* BYE ", "a"},
	} {
		t.Run(attack.name, func(t *testing.T) {
			greeting := ready
			if attack.at == "" {
				greeting = func(w io.Writer) error { return repeat(w, attack.start, attack.text) }
			}
			server := toServer(endless(t, greeting, func(w io.Writer, tag, command, _ string) error {
				if command == attack.at {
					return repeat(w, strings.ReplaceAll(attack.start, "TAG", tag), attack.text)
				}
				text := ordinary(tag, command)
				if command == "BODY" {
					text = fmt.Sprintf("* 1 FETCH (UID 1 BODY[] {3}\r\nabc)\r\n* 2 FETCH (UID 2 BODY[] {3}\r\nabc)\r\n%s OK done\r\n", tag)
				}
				_, err := io.WriteString(w, text)
				return err
			}))
			server.Timeout = 100 * time.Millisecond // twenty times that is the longest
			measured(t, func() {
				_, err := Fetch(t.Context(), server, Cursor{}, Commit((&store{}).commit).Take)
				if attack.at != "LOGOUT" && !errors.Is(err, ErrUnreachable) && !errors.Is(err, ErrRefused) {
					t.Errorf("%v", err)
				}
			})
		})
	}
}

// TestIdleEndless: also between two operations.
func TestIdleEndless(t *testing.T) {
	idle := make(chan struct{})
	server := toServer(endless(t, ready, func(w io.Writer, tag, command, _ string) error {
		switch command {
		case "CAPABILITY":
			_, err := fmt.Fprintf(w, "* CAPABILITY IMAP4rev1 IDLE\r\n%s OK done\r\n", tag)
			return err
		case "LOGIN":
			_, err := fmt.Fprintf(w, "%s OK [CAPABILITY IMAP4rev1 IDLE] in\r\n", tag)
			return err
		case "SELECT":
			_, err := fmt.Fprintf(w, "* 0 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n%s OK in\r\n", tag)
			return err
		case "IDLE":
			close(idle)
			return repeat(w, "+ idling\r\n* OK ", "a")
		}
		_, err := io.WriteString(w, ordinary(tag, command))
		return err
	}))
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	w := NewWatcher(server, func(context.Context) (Cursor, error) { return Cursor{}, nil }, Commit((&store{}).commit).Take)
	w.wait = func(context.Context, time.Duration, <-chan struct{}) { cancel() } // the session ended
	measured(t, func() {
		if err := w.Run(ctx); !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	})
	<-idle
}

// TestFetchPastAGiantHeader: a mail that says that it is small and has a header
// of a gigabyte is passed over as too large, and the mail after it comes in.
func TestFetchPastAGiantHeader(t *testing.T) {
	const giant = 1 << 30
	body := "Subject: Deux\r\n\r\nBonjour"
	server := toServer(endless(t, ready, func(w io.Writer, tag, command, line string) (err error) {
		if command != "BODY" {
			_, err = io.WriteString(w, ordinary(tag, command))
			return err
		}
		if strings.Contains(line, "BODY.PEEK[HEADER]") { // in part: the server keeps to it
			header := "Subject: Un\r\nX-Long: aa\r\n"
			_, err = fmt.Fprintf(w, "* 1 FETCH (UID 1 BODY[HEADER]<0> {%d}\r\n%s)\r\n%s OK done\r\n", len(header), header, tag)
			return err
		}
		if strings.Contains(line, "FETCH 1") {
			if _, err = fmt.Fprintf(w, "* 1 FETCH (UID 1 BODY[] {%d}\r\n", giant); err != nil {
				return err
			}
			chunk := make([]byte, 1<<20)
			for i := range chunk {
				chunk[i] = 'a'
			}
			for range giant / len(chunk) {
				if _, err = w.Write(chunk); err != nil {
					return err
				}
			}
			if _, err = io.WriteString(w, ")\r\n"); err != nil {
				return err
			}
		}
		if strings.Contains(line, "FETCH 1:2") || strings.Contains(line, "FETCH 2") {
			_, err = fmt.Fprintf(w, "* 2 FETCH (UID 2 BODY[] {%d}\r\n%s)\r\n", len(body), body)
		}
		if err == nil {
			_, err = fmt.Fprintf(w, "%s OK done\r\n", tag)
		}
		return err
	}))
	var s store
	measured(t, func() {
		if n := s.fetch(t, server); n != 2 {
			t.Fatalf("fetched %d", n)
		}
	})
	if !s.mails[0].Oversized || string(s.mails[1].Body) != body || s.cursor.UID != 2 {
		t.Errorf("%+v", s.cursor)
	}
	if mail := Parse(s.mails[0].Body); mail.Subject != "Un" {
		t.Errorf("the giant reads %q", mail.Subject)
	}
}

// TestFetchPastBombs: mails of a hundred thousand parts, and of a header of 20 MB, are
// read and shown as what they are, and the rest of the mailbox comes in.
func TestFetchPastBombs(t *testing.T) {
	dovecot := mailboxtest.Dovecot(t)
	dovecot.Deliver(t, longMessage(1))
	dovecot.Deliver(t, []byte("From: a@b.fr\r\nSubject: Parties\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"+strings.Repeat("--b\r\n\r\nx\r\n", 100_000)+"--b--\r\n"))
	dovecot.Deliver(t, []byte("From: a@b.fr\r\nSubject: En-tête\r\n"+strings.Repeat("X-Long: "+strings.Repeat("a", 900)+"\r\n", 22_000)+"\r\nx"))
	dovecot.Deliver(t, longMessage(4))
	var s store
	measured(t, func() {
		if n := s.fetch(t, overTLS(dovecot)); n != 4 {
			t.Fatalf("fetched %d", n)
		}
		for i, bomb := range []bool{false, true, true, false} {
			if mail := Parse(s.mails[i].Body); (mail.Illegible != "") != bomb {
				t.Errorf("mail %d: illegible %q", i+1, mail.Illegible)
			}
		}
	})
}

// TestFetchByteByByte: what comes in pieces is what comes whole.
func TestFetchByteByByte(t *testing.T) {
	const mails = 5
	dovecot := mailboxtest.Dovecot(t)
	for n := 1; n <= mails; n++ {
		dovecot.Deliver(t, longMessage(n))
	}
	proxy := mailboxtest.NewProxy(t, dovecot.Port)
	proxy.After(0, mailboxtest.Split)
	var s store
	s.fetch(t, through(proxy, dovecot))
	s.whole(t, mails)
}

// TestFetchGarbage: a server that says anything at all, at any moment, is an
// error, and no more.
func TestFetchGarbage(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 7))
	words := []string{"*", "TAG", "OK", "NO", "BAD", "BYE", "FETCH", "(", ")", "{3}\r\n", "{999999}\r\n", "\"", "\r\n", "\n", " ", "1", "0", "-1", "4294967296", "UID", "NIL", "[", "]", "\x00", "\xff", "BODY[]", "+", "EXISTS", "UIDVALIDITY"}
	garbage := func() string {
		var text strings.Builder
		for range 1 + random.IntN(30) {
			text.WriteString(words[random.IntN(len(words))])
			if random.IntN(2) == 0 {
				text.WriteByte(' ')
			}
		}
		return text.String() + "\r\n"
	}
	for round := range 70 {
		at := []string{"CAPABILITY", "LOGIN", "SELECT", "FETCH", "BODY", "STORE", "LOGOUT"}[round%7]
		said := garbage()
		server := toServer(endless(t, ready, func(w io.Writer, tag, command, _ string) error {
			text := ordinary(tag, command)
			if command == at {
				text = strings.ReplaceAll(said, "TAG", tag) + "TAG NO no\r\n"
			}
			if _, err := io.WriteString(w, strings.ReplaceAll(text, "TAG", tag)); err != nil || command != at {
				return err
			}
			return io.EOF // and ends the connection
		}))
		server.Timeout = 100 * time.Millisecond
		var s store
		_, _ = Fetch(t.Context(), server, Cursor{}, Commit(s.commit).Take) // it comes back
		if len(s.mails) > 0 && s.mails[0].Body == nil {
			t.Errorf("a mail without anything, of %q", said)
		}
	}
}

// TestSendEndless: the same of a smarthost.
func TestSendEndless(t *testing.T) {
	for _, attack := range []struct{ name, at, start, text string }{
		{"greeting", "", "220 ", "a"},
		{"greeting lines", "", "", "220-again\r\n"},
		{"hello", "EHLO", "250-", "a"},
		{"hello lines", "EHLO", "", "250-X\r\n"},
		{"garbage", "EHLO", "", "\x00\xff"},
		{"login", "AUTH", "235-", "a"},
		{"recipient", "RCPT", "550-", "no\r\n550-"},
	} {
		t.Run(attack.name, func(t *testing.T) {
			greeting := func(w io.Writer) error {
				_, err := io.WriteString(w, "220 ready\r\n")
				return err
			}
			if attack.at == "" {
				greeting = func(w io.Writer) error { return repeat(w, attack.start, attack.text) }
			}
			port := endless(t, greeting, func(w io.Writer, command, _, _ string) error {
				if command == attack.at {
					return repeat(w, attack.start, attack.text)
				}
				text := "250 ok\r\n"
				switch command {
				case "EHLO":
					text = "250-localhost\r\n250 AUTH PLAIN\r\n"
				case "AUTH":
					text = "235 in\r\n"
				}
				_, err := io.WriteString(w, text)
				return err
			})
			host := Smarthost{Host: "127.0.0.1", Port: port, Security: SecurityNone, User: "a", Password: "b", Timeout: 500 * time.Millisecond}
			measured(t, func() {
				err := Send(t.Context(), host, Outgoing{
					MessageID: "a@b.fr", From: Address{Address: "a@b.fr"}, To: []Address{{Address: "c@d.fr"}}, Subject: "Un", Text: "Bonjour", Date: time.Unix(0, 0),
				})
				if err == nil || errors.Is(err, ErrUncertain) {
					t.Error(err)
				}
			})
		})
	}
}
