package mailbox

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"runtime"
	"strings"
	"testing"
	"time"
)

// listen has a server of one's own serve each connection, and gives its port.
func listen(t *testing.T, serve func(net.Conn)) int {
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
			go serve(conn)
		}
	}()
	return listener.Addr().(*net.TCPAddr).Port
}

// script is an IMAP server that answers each line by its command, and falls silent where it has no answer.
func script(t *testing.T, answers map[string]string) int {
	t.Helper()
	return listen(t, func(conn net.Conn) { converse(conn, answers) })
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
			_, err := Fetch(t.Context(), server, Cursor{}, Commit((&store{}).commit).Take)
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
		if _, err := Fetch(t.Context(), server, Cursor{}, Commit((&store{}).commit).Take); !errors.Is(err, ErrUnreachable) {
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
	if _, err := Fetch(t.Context(), server, Cursor{}, Commit((&store{}).commit).Take); !errors.Is(err, ErrInsecure) {
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
	_, err := Fetch(t.Context(), server, Cursor{}, Commit((&store{}).commit).Take)
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
	if n, err := Fetch(t.Context(), server, Cursor{}, Commit(s.commit).Take); n != 0 || s.commits != 0 || !errors.Is(err, ErrUnreachable) {
		t.Errorf("%d, %d commits, %v", n, s.commits, err)
	}
}

// What the server refuses alone, and hands over what stands beside it, keeps nothing else from coming in.
func TestFetchRefusedAlone(t *testing.T) {
	body := "Subject: Deux\r\n\r\nBonjour"
	for name, refusal := range map[string]string{"Gmail": "TAG NO Some messages could not be FETCHed (Failure)\r\n", "Zimbra": "* 1 FETCH (UID 1 BODY[] NIL)\r\nTAG OK done\r\n"} {
		port := script(t, map[string]string{
			"greeting":   "* OK ready\r\n",
			"CAPABILITY": "* CAPABILITY IMAP4rev1\r\nTAG OK done\r\n",
			"LOGIN":      "TAG OK [CAPABILITY IMAP4rev1] in\r\n",
			"SELECT":     "* 2 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\nTAG OK [READ-WRITE] selected\r\n",
			"FETCH": "* 1 FETCH (UID 1 FLAGS () INTERNALDATE \"03-Nov-2026 10:00:00 +0100\" RFC822.SIZE 100)\r\n" +
				"* 2 FETCH (UID 2 FLAGS () INTERNALDATE \"03-Nov-2026 10:00:00 +0100\" RFC822.SIZE 24)\r\nTAG OK done\r\n",
			"BODY":   fmt.Sprintf("* 2 FETCH (UID 2 BODY[] {%d}\r\n%s)\r\n", len(body), body) + refusal,
			"STORE":  "TAG OK done\r\n",
			"LOGOUT": "* BYE\r\nTAG OK bye\r\n",
		})
		server := Server{Host: "127.0.0.1", Port: port, Security: SecurityNone, User: "support", Password: "secret", Timeout: time.Second}
		var s store
		n, err := Fetch(t.Context(), server, Cursor{}, Commit(s.commit).Take)
		if n != 2 || err != nil || s.cursor != (Cursor{7, 2}) || !s.mails[0].Withheld || s.mails[1].Withheld || string(s.mails[1].Body) != body {
			t.Errorf("%s: %d, %v, %+v, %+v", name, n, err, s.cursor, s.mails)
		}
	}
}

// A server that tires of being asked refuses every mail from one on: none of them is passed over.
func TestFetchRefusedFromOneOn(t *testing.T) {
	body, asked := "Subject: Un\r\n\r\nBonjour", 0
	answers := map[string]string{
		"CAPABILITY": "* CAPABILITY IMAP4rev1\r\nTAG OK done\r\n",
		"LOGIN":      "TAG OK [CAPABILITY IMAP4rev1] in\r\n",
		"SELECT":     "* 3 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\nTAG OK [READ-WRITE] selected\r\n",
		"FETCH": "* 1 FETCH (UID 1 FLAGS () INTERNALDATE \"03-Nov-2026 10:00:00 +0100\" RFC822.SIZE 23)\r\n" +
			"* 2 FETCH (UID 2 FLAGS () INTERNALDATE \"03-Nov-2026 10:00:00 +0100\" RFC822.SIZE 23)\r\nTAG OK done\r\n",
		"STORE":  "TAG OK done\r\n",
		"LOGOUT": "* BYE\r\nTAG OK bye\r\n",
	}
	port := endless(t, ready, func(w io.Writer, tag, command, line string) error {
		text := answers[command]
		if strings.Contains(line, "BODY") {
			if text = "TAG NO [LIMIT] throttled\r\n"; asked == 0 {
				text = fmt.Sprintf("* 1 FETCH (UID 1 BODY[] {%d}\r\n%s)\r\n", len(body), body) + text
			}
			asked++
		}
		_, err := io.WriteString(w, strings.ReplaceAll(text, "TAG", tag))
		return err
	})
	server := Server{Host: "127.0.0.1", Port: port, Security: SecurityNone, User: "support", Password: "secret", Timeout: time.Second}
	var s store
	if n, err := Fetch(t.Context(), server, Cursor{}, Commit(s.commit).Take); n != 1 || !errors.Is(err, ErrUnreachable) || s.cursor != (Cursor{7, 1}) {
		t.Errorf("%d, %v, %+v", n, err, s.cursor)
	}
}

func TestFetchCancelled(t *testing.T) {
	port := script(t, map[string]string{"greeting": "* OK ready\r\n"})
	server := Server{Host: "127.0.0.1", Port: port, Security: SecurityNone, Timeout: time.Minute}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := Fetch(ctx, server, Cursor{}, Commit((&store{}).commit).Take); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v", err)
	}
}

// A connection that breaks at the flagging neither loses nor doubles a mail: it was committed with its cursor.
func TestFetchFlaggingFails(t *testing.T) {
	body := "Subject: Un\r\n\r\nBonjour"
	answers := map[string]string{
		"greeting":   "* OK ready\r\n",
		"CAPABILITY": "* CAPABILITY IMAP4rev1\r\nTAG OK done\r\n",
		"LOGIN":      "TAG OK [CAPABILITY IMAP4rev1] in\r\n",
		"SELECT":     "* 1 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\nTAG OK [READ-WRITE] selected\r\n",
		"FETCH":      "* 1 FETCH (UID 1 FLAGS () INTERNALDATE \"03-Nov-2026 10:00:00 +0100\" RFC822.SIZE 23)\r\nTAG OK done\r\n",
		"BODY":       fmt.Sprintf("* 1 FETCH (UID 1 BODY[] {%d}\r\n%s)\r\nTAG OK done\r\n", len(body), body),
		"LOGOUT":     "* BYE\r\nTAG OK bye\r\n",
	}
	for answer, want := range map[string]error{"": ErrUnreachable, "TAG NO read-only\r\n": nil} {
		answers["STORE"] = answer
		server := Server{
			Host: "127.0.0.1", Port: script(t, answers), Security: SecurityNone, User: "support", Password: "secret",
			Timeout: 300 * time.Millisecond,
		}
		var s store
		n, err := Fetch(t.Context(), server, Cursor{}, Commit(s.commit).Take)
		if n != 1 || !errors.Is(err, want) || s.cursor != (Cursor{7, 1}) || string(s.mails[0].Body) != body {
			t.Errorf("%d, %v, cursor %v", n, err, s.cursor)
		}
		if n, err := Fetch(t.Context(), server, s.cursor, Commit(s.commit).Take); n != 0 || err != nil {
			t.Errorf("again: %d, %v", n, err)
		}
	}
}
