package mailbox

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// grumpy is a server of a folder of some mails, which may say something else in the place of one and end the connection.
type grumpy struct {
	mails    int
	validity func(connection int) int
	greeting func(connection int) string // in the place of the ordinary one
	// instead is asked for each mail: empty, it is handed over. It is told whether its body is asked for, or what the
	// listing says of it, with its size or without.
	instead func(connection, uid int, what string) string

	mu          sync.Mutex
	connections int
	flagged     []string // sets of UIDs, with the UIDVALIDITY of the folder where it is not 7
}

// opened is how many connections were made.
func (g *grumpy) opened() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.connections
}

// set changes the server between two fetches.
func (g *grumpy) set(change func()) {
	g.mu.Lock()
	defer g.mu.Unlock()
	change()
}

const farewells = "* BYE FETCH failed: Internal error occurred.\r\n"

// serve starts the server.
func (g *grumpy) serve(t *testing.T) Server {
	t.Helper()
	return toServer(endless(t, func(w io.Writer) error {
		g.mu.Lock()
		defer g.mu.Unlock()
		g.connections++
		if g.greeting != nil {
			if text := g.greeting(g.connections); text != "" {
				_, _ = io.WriteString(w, text)
				return io.EOF
			}
		}
		return ready(w)
	}, func(w io.Writer, tag, command, line string) error {
		g.mu.Lock()
		defer g.mu.Unlock()
		var err error
		validity := 7
		if g.validity != nil {
			validity = g.validity(g.connections)
		}
		switch command {
		case "STORE":
			set := strings.Fields(line)[3]
			if validity != 7 {
				set += fmt.Sprintf(" of %d", validity)
			}
			g.flagged = append(g.flagged, set)
			_, err = io.WriteString(w, ordinary(tag, command))
		case "SELECT":
			_, err = fmt.Fprintf(w, "* %d EXISTS\r\n* OK [UIDVALIDITY %d] ok\r\n* OK [UIDNEXT %d] ok\r\n%s OK in\r\n", g.mails, validity, g.mails+1, tag)
		case "FETCH", "BODY":
			err = g.fetch(w, tag, line)
		default:
			_, err = io.WriteString(w, ordinary(tag, command))
		}
		return err
	}))
}

func (g *grumpy) fetch(w io.Writer, tag, line string) error {
	what := "listing"
	if strings.Contains(line, "BODY") {
		what = "body"
	} else if strings.Contains(line, "SIZE") {
		what = "size"
	}
	for uid := 1; uid <= g.mails; uid++ {
		if !names(strings.Fields(line)[3], uid, g.mails) {
			continue
		}
		if g.instead != nil {
			if text := g.instead(g.connections, uid, what); text != "" {
				_, _ = io.WriteString(w, text)
				return io.EOF
			}
		}
		body := longMessage(uid)
		text := fmt.Sprintf("* %d FETCH (UID %d FLAGS () RFC822.SIZE %d)\r\n", uid, uid, len(body))
		if what == "listing" {
			text = fmt.Sprintf("* %d FETCH (UID %d FLAGS ())\r\n", uid, uid)
		}
		if what == "body" {
			text = fmt.Sprintf("* %d FETCH (UID %d BODY[] {%d}\r\n%s)\r\n", uid, uid, len(body), body)
		}
		if _, err := io.WriteString(w, text); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(w, "%s OK done\r\n", tag)
	return err
}

// names tells whether a set of UIDs, as a command names it, holds one: n:* always holds the last.
func names(set string, uid, last int) bool {
	return slices.ContainsFunc(strings.Split(set, ","), func(part string) bool {
		first, end, span := strings.Cut(part, ":")
		from, _ := strconv.Atoi(first)
		to, err := strconv.Atoi(end)
		return from == uid || span && (err != nil && uid == last || from <= uid && (err != nil || uid <= to))
	})
}

func said(when bool, text string) string {
	if when {
		return text
	}
	return ""
}
