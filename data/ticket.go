package data

import (
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
	"regexp"
	"strings"
	"time"
)

// TicketState is where an assistance request stands.
type TicketState string

// The states of a ticket.
const (
	NewTicket    TicketState = "new"
	OpenTicket   TicketState = "open"
	Waiting      TicketState = "waiting" // for the requester, the clock is paused
	Solved       TicketState = "solved"
	ClosedTicket TicketState = "closed"
	Spam         TicketState = "spam"
	MergedTicket TicketState = "merged" // its messages stand in another
)

// TicketStates are all states, in the order of a ticket's life.
var TicketStates = []TicketState{NewTicket, OpenTicket, Waiting, Solved, ClosedTicket, Spam, MergedTicket}

// Label is the state as people read it.
func (s TicketState) Label() string {
	switch s {
	case NewTicket:
		return "Nouvelle"
	case OpenTicket:
		return "En cours"
	case Waiting:
		return "En attente du demandeur"
	case Solved:
		return "Résolue"
	case ClosedTicket:
		return "Close"
	case Spam:
		return "Indésirable"
	case MergedTicket:
		return "Fusionnée"
	}
	return string(s)
}

// Pending tells whether somebody at the help desk has to act.
func (s TicketState) Pending() bool { return s == NewTicket || s == OpenTicket }

// Ended tells whether nobody has to act any more.
func (s TicketState) Ended() bool { return !s.Pending() && s != Waiting }

// MayBecome tells whether an operator may bring a ticket from one state to
// another: new → open ⇄ waiting → solved → closed, spam ⇄ open. Merging has its
// own way.
func (s TicketState) MayBecome(to TicketState) bool {
	switch {
	case s == to:
		return true
	case s == MergedTicket || to == MergedTicket || to == NewTicket:
		return false
	case s == Spam:
		return to == OpenTicket
	case to == ClosedTicket:
		return s == Solved
	case to == Spam:
		return s.Pending() || s == Waiting
	}
	return true
}

const (
	// ReopenDays is how long after its closing a reply reopens a ticket.
	ReopenDays = 30
	// QuietDays is how long a solved ticket waits for a reply before it closes.
	QuietDays = 14
	// SeveralTicketsDays is how recent another ticket of a requester must be to
	// be shown as a likely double.
	SeveralTicketsDays = 30
)

// Priority says how soon a ticket is due.
type Priority int

// The priorities; their order is that of sorting.
const (
	LowPriority Priority = iota
	NormalPriority
	HighPriority
	UrgentPriority
)

// Priorities are all priorities, as a form offers them.
var Priorities = []Priority{LowPriority, NormalPriority, HighPriority, UrgentPriority}

// Label is the priority as people read it.
func (p Priority) Label() string {
	switch p {
	case LowPriority:
		return "Basse"
	case NormalPriority:
		return "Normale"
	case HighPriority:
		return "Haute"
	case UrgentPriority:
		return "Urgente"
	}
	return ""
}

// Ticket is an assistance request (R18).
type Ticket struct {
	ID               int64
	Number           string // 26-001234
	State            TicketState
	Heading          Heading
	HeadingProposed  bool // read from the mail's words: nobody confirmed it
	Priority         Priority
	Tags             []string
	Subject          string
	RequesterName    string
	RequesterAddress string
	AccountID        int64 // zero: not known
	OrganisationID   int64 // zero: not known
	AssigneeID       int64 // operator; zero: nobody
	OpenedAt         time.Time
	UpdatedAt        time.Time // last message or act
	ClosedAt         time.Time // solved or closed
	Illegible        bool      // its mail could not be parsed
	Unread           bool      // something came in that nobody looked at
	// The clock runs in working time.
	DueAt           time.Time     // of the first answer, then of the solution; zero: the clock is stopped
	DueLeft         time.Duration // working time left when it stopped
	FirstAnsweredAt time.Time
	WaitingSince    time.Time
	Paused          time.Duration // working time that it waited for the requester
	MergedIntoID    int64         // zero unless merged
	FollowsID       int64         // the closed ticket that it goes on with, or that it was split from
	Former          TicketState   // before it was merged
}

// TicketNumber is the number of the n-th ticket of a year.
func TicketNumber(year, n int) string { return fmt.Sprintf("%02d-%06d", year%100, n) }

// Reopens tells whether a reply received at a time brings the ticket back.
func (t Ticket) Reopens(at time.Time) bool {
	return t.State != ClosedTicket || !at.After(EndOfDay(t.ClosedAt.AddDate(0, 0, ReopenDays)))
}

// Overdue tells whether the ticket should have been answered by now.
func (t Ticket) Overdue(now time.Time) bool {
	return t.State.Pending() && !t.DueAt.IsZero() && now.After(t.DueAt)
}

var ticketToken = regexp.MustCompile(`\[#(\d\d-\d{6})-([0-9A-HJKMNP-TV-Z]{6})\]`)

// SubjectToken is what a ticket's mails carry in their subject so that an
// answer finds its ticket: the number and 6 symbols of a keyed hash.
func SubjectToken(number string, secret []byte) string {
	return fmt.Sprintf("[#%s-%s]", number, keyedSymbols(secret, "ticket/"+number, 6))
}

// TicketInSubject finds the ticket number whose token stands in a subject. A
// token with a wrong hash is as good as none.
func TicketInSubject(subject string, secret []byte) (string, bool) {
	for _, found := range ticketToken.FindAllStringSubmatch(subject, -1) {
		if hmac.Equal([]byte(SubjectToken(found[1], secret)), []byte(found[0])) {
			return found[1], true
		}
	}
	return "", false
}

// TicketMessageID is the Message-ID, without <>, of a mail that is sent for a
// ticket: its number, a keyed hash and what makes it unique (letters and digits).
func TicketMessageID(number, unique, domain string, secret []byte) string {
	return number + "." + keyedSymbols(secret, "message/"+number+"/"+unique, 8) + "." + unique + "@" + domain
}

// TicketInMessageID finds the ticket number in a Message-ID that
// TicketMessageID made. Another's is none.
func TicketInMessageID(id string, secret []byte) (number string, found bool) {
	local, domain, _ := strings.Cut(id, "@")
	parts := strings.Split(local, ".")
	if len(parts) != 3 || !hmac.Equal([]byte(TicketMessageID(parts[0], parts[2], domain, secret)), []byte(id)) {
		return "", false
	}
	return parts[0], true
}

// ReplySubject is the subject of a reply: the requester's own, with one prefix
// and the ticket's token, which finds the answer to it.
func ReplySubject(t Ticket, prefix string, secret []byte) string {
	subject := strings.TrimSpace(ticketToken.ReplaceAllString(t.Subject, ""))
	for {
		rest := replyPrefix.ReplaceAllString(subject, "")
		if rest == subject {
			break
		}
		subject = rest
	}
	return prefix + strings.Join(strings.Fields(subject+" "+SubjectToken(t.Number, secret)), " ")
}

// replyPrefix is what mail programs put before a subject.
var replyPrefix = regexp.MustCompile(`(?i)^\s*(re|rép|tr|fw|fwd|aw|wg)\s*(\[\d+\])?\s*:\s*`)

// keyedSymbols is the start of a keyed hash in Crockford's base 32, 5 bits a
// symbol; at most 32 symbols.
func keyedSymbols(secret []byte, text string, length int) string {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte(text))
	symbols := make([]byte, length)
	for i, b := range mac.Sum(nil)[:length] {
		symbols[i] = crockford[b%32]
	}
	return string(symbols)
}

// TicketSummary is a ticket as a list shows it.
type TicketSummary struct {
	Ticket
	OrganisationName string
	Identifier       string
	AssigneeName     string
}
