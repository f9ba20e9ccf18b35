package mailbox

import (
	"bytes"
	"strconv"
	"strings"
	"sync"
)

// What a line that an IMAP server sends may hold at most, its literals apart. The client keeps it in memory, and goes one
// deeper for each list in a list: no server of mails that are asked for by number comes near.
const (
	longestLine = 1 << 20
	mostLists   = 1000
)

// guard is told all that an IMAP client reads, and fails it before a line can exhaust the memory or the stack. It is
// told what the client writes as well, which does no harm: those lines are short.
type guard struct {
	mu      sync.Mutex
	literal int64  // bytes of it still to come, whatever they are
	head    []byte // of the line, as long as a goodbye
	tail    []byte // of the line, as long as the announcement of a literal
	length  int
	lists   int
	bye     bool
}

// farewell begins the line by which a server says that it ends the connection. The client does not tell of it.
const farewell = "* BYE"

// goodbye tells whether the server said that it ends the connection.
func (g *guard) goodbye() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.bye
}

// announcement is the longest end of a line that announces a literal: {9223372036854775807}.
const announcement = len("{9223372036854775807}\r\n")

func (g *guard) Write(b []byte) (int, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for rest := b; len(rest) > 0; {
		if g.literal > 0 {
			n := min(g.literal, int64(len(rest)))
			g.literal -= n
			rest = rest[n:]
			continue
		}
		part := rest
		end := bytes.IndexByte(rest, '\n')
		if end >= 0 {
			part = rest[:end+1]
		}
		g.length += len(part)
		g.lists += bytes.Count(part, []byte("("))
		if g.length > longestLine || g.lists > mostLists {
			return 0, errTooMuch
		}
		g.head = append(g.head, part[:min(len(part), len(farewell)-len(g.head))]...)
		g.bye = g.bye || strings.EqualFold(string(g.head), farewell)
		g.tail = append(g.tail, part[max(0, len(part)-announcement):]...)
		g.tail = g.tail[max(0, len(g.tail)-announcement):]
		if end >= 0 {
			if g.literal = announced(g.tail); g.literal < 0 { // what follows a literal is the same line
				g.literal, g.length, g.lists, g.head = 0, 0, 0, g.head[:0]
			}
			g.tail = g.tail[:0]
		}
		rest = rest[len(part):]
	}
	return len(b), nil
}

// announced is the size of the literal that the end of a line announces; negative: none.
func announced(tail []byte) int64 {
	line := bytes.TrimRight(tail, "\r\n")
	open := bytes.LastIndexByte(line, '{')
	if open < 0 || !bytes.HasSuffix(line, []byte("}")) {
		return -1
	}
	size, err := strconv.ParseInt(string(line[open+1:len(line)-1]), 10, 64)
	if err != nil || size < 0 {
		return -1
	}
	return size
}
