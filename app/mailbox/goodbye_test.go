package mailbox

import (
	"bytes"
	"cmp"
	"errors"
	"slices"
	"strings"
	"testing"

	"guichet/app/mailbox/mailboxtest"
)

// withheld checks that mails 1 to n came in, each once, and that those and no others are withheld.
func (s *store) withheld(t *testing.T, n int, uids ...int) {
	t.Helper()
	if len(s.mails) != n || int(s.cursor.UID) != n {
		t.Errorf("%d mails of %d, cursor %v", len(s.mails), n, s.cursor)
	}
	for i, mail := range s.mails {
		bad := slices.Contains(uids, int(mail.UID))
		if int(mail.UID) != i+1 || mail.Withheld != bad || mail.Oversized || !bad && !bytes.Equal(mail.Body, longMessage(i+1)) || bad && len(mail.Body) > 0 {
			t.Errorf("mail %d: UID %d, withheld %v, %d bytes", i+1, mail.UID, mail.Withheld, len(mail.Body))
		}
	}
}

// TestFetchGoodbyeAlone: a mail at which the server ends the connection is withheld, and keeps nothing else from coming in.
func TestFetchGoodbyeAlone(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		mails, passes, connections int
		at                         string // what ends the connection, besides the body
		bad                        []int
	}{
		"in the middle": {mails: 5, passes: 1, connections: 4, bad: []int{3}},
		"first":         {mails: 5, passes: 1, connections: 4, bad: []int{1}},
		"last":          {mails: 5, passes: 1, connections: 4, bad: []int{5}},
		"listed":        {mails: 5, passes: 1, connections: 5, at: "size", bad: []int{3}},
		"in a row":      {mails: 5, passes: 1, connections: 6, bad: []int{1, 2}},
		"many":          {mails: 21, passes: 3, connections: 31, at: "size", bad: []int{1, 2, 3, 5, 8, 13, 14, 19, 20}},
		"batches":       {mails: 450, passes: 1, connections: 8, bad: []int{200, 401}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := &grumpy{mails: c.mails, instead: func(_, uid int, what string) string {
				if slices.Contains(c.bad, uid) && (what == "body" || what == c.at) {
					return farewells
				}
				return ""
			}}
			server := g.serve(t)
			var s store
			for pass := 1; pass <= c.passes; pass++ {
				before := g.opened()
				_, err := Fetch(t.Context(), server, s.cursor, Commit(s.commit).Take)
				if last := pass == c.passes; last != (err == nil) || !last && !errors.Is(err, ErrUnreachable) {
					t.Fatalf("pass %d: %v, cursor %v", pass, err, s.cursor)
				}
				if now := g.opened(); now > before+mostAgain+1 {
					t.Errorf("%d connections in one pass", now-before)
				}
			}
			s.withheld(t, c.mails, c.bad...)
			if n := g.opened(); n > c.connections {
				t.Errorf("%d connections", n)
			}
			g.set(func() {
				for uid := 1; uid <= c.mails; uid++ {
					if flagged := names(strings.Join(g.flagged, ","), uid, c.mails); flagged == slices.Contains(c.bad, uid) {
						t.Errorf("mail %d: flagged %v", uid, flagged)
					}
				}
			})
			if n := s.fetch(t, server); n != 0 {
				t.Errorf("fetched %d again", n)
			}
		})
	}
}

// TestFetchGoodbyeOutage: no mail is passed over because of a server that is ill, restarts or throttles, or of a line
// that breaks: it comes in later, and what was read before it comes in now.
func TestFetchGoodbyeOutage(t *testing.T) {
	t.Parallel()
	read := 0 // over the connection under way
	for name, c := range map[string]struct {
		first, connections int                                         // mails of the first pass, and connections that it takes at most
		ends               func(connection, uid int, what string) bool // where the connection ends
		last               string                                      // what is said there, farewells if nothing
		flagged            string                                      // on the server
		greeting           func(connection int) string
		validity           func(connection int) int
	}{
		"every body":        {connections: 4, ends: func(_, _ int, what string) bool { return what == "body" }},
		"every listing":     {connections: 2, ends: func(_, _ int, what string) bool { return what != "body" }},
		"no more after one": {first: 2, connections: 5, flagged: "1:2", ends: func(connection, uid int, what string) bool { return what == "body" && (uid == 3 || connection > 1) }},
		"without a word":    {first: 2, connections: 2, flagged: "1:2", ends: third, last: "\r\n"},
		"in the middle":     {first: 2, connections: 2, flagged: "1:2", ends: third, last: "* 3 FETCH (UID 3 BODY[] {900}\r\n* BYE\r\n"},
		"login refused":     {first: 2, connections: 2, ends: third, greeting: func(connection int) string { return said(connection > 1, "* BYE too many\r\n") }},
		"folder replaced":   {first: 2, connections: 2, ends: third, validity: func(connection int) int { return 6 + min(connection, 2) }},
		"once":              {first: 5, connections: 2, flagged: "1:5", ends: func(connection, uid int, what string) bool { return third(0, uid, what) && connection == 1 }},
		"twice":             {first: 5, connections: 3, flagged: "1:5", ends: func(connection, uid int, what string) bool { return third(0, uid, what) && connection <= 2 }},
		"two a connection": {first: 5, connections: 3, flagged: "1:5", ends: func(_, _ int, what string) bool {
			if read++; what != "body" {
				read = 0
			}
			return read > 2
		}, greeting: func(int) string { read = 0; return "" }},
	} {
		g := &grumpy{mails: 5, greeting: c.greeting, validity: c.validity, instead: func(connection, uid int, what string) string {
			return said(c.ends(connection, uid, what), cmp.Or(c.last, farewells))
		}}
		server := g.serve(t)
		var s store
		_, err := Fetch(t.Context(), server, s.cursor, Commit(s.commit).Take)
		if (err != nil) != (c.first < 5) || err != nil && !errors.Is(err, ErrUnreachable) {
			t.Errorf("%s: %v", name, err)
		}
		if len(s.mails) != c.first || int(s.cursor.UID) != c.first || g.opened() > c.connections {
			t.Errorf("%s: %d mails, cursor %v, %d connections", name, len(s.mails), s.cursor, g.opened())
		}
		g.set(func() {
			if got := strings.Join(g.flagged, ","); got != c.flagged {
				t.Errorf("%s: flagged %q", name, got)
			}
			g.greeting, g.validity, g.instead = nil, nil, nil
		})
		s.fetch(t, server)
		s.withheld(t, 5)
		if t.Failed() {
			t.Fatal(name)
		}
	}
}

func third(_, uid int, what string) bool { return what == "body" && uid == 3 }

// TestFetchGoodbyeLone: where there is no other mail to tell by, the server may be ill: the mail waits for one.
func TestFetchGoodbyeLone(t *testing.T) {
	t.Parallel()
	g := &grumpy{mails: 1, instead: func(_, uid int, what string) string { return said(what != "listing" && uid == 1, farewells) }}
	server := g.serve(t)
	var s store
	for range 2 {
		if n, err := Fetch(t.Context(), server, s.cursor, Commit(s.commit).Take); n != 0 || !errors.Is(err, ErrUnreachable) || s.commits != 0 {
			t.Errorf("%d, %v", n, err)
		}
	}
	g.set(func() { g.mails = 2 })
	s.fetch(t, server)
	s.withheld(t, 2, 1)
}

// TestFetchGoodbyeSeen: a mail that was withheld ends no connection any more, also where it is the last.
func TestFetchGoodbyeSeen(t *testing.T) {
	t.Parallel()
	g := &grumpy{mails: 2, instead: func(_, uid int, what string) string { return said(what != "listing" && uid == 2, farewells) }}
	server := g.serve(t)
	var s store
	s.fetch(t, server)
	s.withheld(t, 2, 2)
	before := g.opened()
	if n := s.fetch(t, server); n != 0 || g.opened() != before+1 {
		t.Errorf("%d, %d connections", n, g.opened()-before)
	}
}

// TestFetchSpoiled: what Dovecot may not read is withheld, whether it knows its size or not, and all else comes in.
func TestFetchSpoiled(t *testing.T) {
	t.Parallel()
	for name, known := range map[string]bool{"size known": true, "size unknown": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			const mails = 6
			dovecot := mailboxtest.Dovecot(t)
			for n := 1; n <= mails; n++ {
				dovecot.Deliver(t, longMessage(n))
			}
			server := overTLS(dovecot)
			if known {
				(&store{}).fetch(t, server)
			}
			dovecot.Spoil(t, 3)
			server.MoveTo = "Fait"
			var s store
			if n := s.fetch(t, server); n != mails {
				t.Errorf("fetched %d", n)
			}
			s.withheld(t, mails, 3)
			if n := dovecot.Folder(t, "Fait"); n != mails-1 {
				t.Errorf("%d were moved", n)
			}
			if n := s.fetch(t, server); n != 0 {
				t.Errorf("fetched %d again", n)
			}
		})
	}
}

// TestFetchShortened: a mail in the middle of which Dovecot ends the connection, for it is shorter than Dovecot knew,
// keeps what is before it from coming in no longer; it comes in as it is when Dovecot has noticed.
func TestFetchShortened(t *testing.T) {
	t.Parallel()
	dovecot := mailboxtest.Dovecot(t)
	for n := 1; n <= 5; n++ {
		dovecot.Deliver(t, longMessage(n))
	}
	server := overTLS(dovecot)
	(&store{}).fetch(t, server)
	dovecot.Shorten(t, 3)
	server.MoveTo = "Fait"
	var s store
	if n, err := Fetch(t.Context(), server, s.cursor, Commit(s.commit).Take); !errors.Is(err, ErrUnreachable) {
		t.Errorf("%d, %v", n, err)
	}
	s.withheld(t, 2)
	if n := dovecot.Folder(t, "Fait"); n != 2 {
		t.Errorf("%d were moved", n)
	}
	s.fetch(t, server)
	if len(s.mails) != 5 || s.mails[2].Withheld || !bytes.Equal(s.mails[2].Body, longMessage(3)[:50]) {
		t.Errorf("%d mails", len(s.mails))
	}
}

// TestFetchSpoiledIsCut cuts the line at many places of a fetch around a mail that Dovecot may not read: it is withheld,
// and no other is.
func TestFetchSpoiledIsCut(t *testing.T) {
	t.Parallel()
	const mails = 6
	dovecot := mailboxtest.Dovecot(t)
	for n := 1; n <= mails; n++ {
		dovecot.Deliver(t, longMessage(n))
	}
	proxy := mailboxtest.NewProxy(t, dovecot.Port)
	server := through(proxy, dovecot)
	(&store{}).fetch(t, server)
	total := proxy.Passed()
	dovecot.Spoil(t, 3)
	for offset := int64(0); offset < total; offset += total / 60 {
		var s store
		proxy.After(offset, mailboxtest.Cut)
		if _, err := Fetch(t.Context(), server, s.cursor, Commit(s.commit).Take); err != nil && !errors.Is(err, ErrUnreachable) {
			t.Error(err)
		}
		proxy.After(-1, mailboxtest.Cut)
		s.fetch(t, server)
		s.withheld(t, mails, 3)
		if t.Failed() {
			t.Fatalf("cut after %d bytes of %d", offset, total)
		}
	}
}

// TestWatchSpoiled: a watch passes a mail that Dovecot may not read, and is told of new mail over its new connection.
func TestWatchSpoiled(t *testing.T) {
	t.Parallel()
	dovecot := mailboxtest.Dovecot(t)
	for n := 1; n <= 3; n++ {
		dovecot.Deliver(t, longMessage(n))
	}
	dovecot.Spoil(t, 3)
	w := watch(t, overTLS(dovecot))
	w.until("three", func(s State) bool { return s.Phase == Idle && s.New == 3 })
	dovecot.Deliver(t, longMessage(4))
	w.until("four", func(s State) bool { return s.Phase == Idle && s.New == 1 })
	w.committed(4)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.store.withheld(t, 4, 3)
}

// TestWatchGoodbyeNews: a mail that comes in between two connections of a pass, of which nobody tells, does not wait for
// the poll.
func TestWatchGoodbyeNews(t *testing.T) {
	t.Parallel()
	g := &grumpy{mails: 3, instead: func(_, uid int, what string) string { return said(what == "body" && uid == 2, farewells) }}
	g.greeting = func(connection int) string {
		if connection == 2 {
			g.mails++
		}
		return ""
	}
	w := watch(t, g.serve(t))
	w.until("three", func(s State) bool { return s.Phase == Polling && s.New == 3 })
	w.until("four", func(s State) bool { return s.Phase == Polling && s.New == 1 })
	w.committed(4)
}
