package data

import (
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
	"regexp"
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
)

// TicketStates are all states, in the order of a ticket's life.
var TicketStates = []TicketState{NewTicket, OpenTicket, Waiting, Solved, ClosedTicket, Spam}

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
	}
	return string(s)
}

// Pending tells whether somebody at the help desk has to act.
func (s TicketState) Pending() bool { return s == NewTicket || s == OpenTicket }

// ReopenDays is how long after its closing a reply reopens a ticket.
const ReopenDays = 30

// Ticket is an assistance request (R18).
type Ticket struct {
	ID               int64
	Number           string // 26-001234
	State            TicketState
	Heading          Heading
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
}

// TicketNumber is the number of the n-th ticket of a year.
func TicketNumber(year, n int) string { return fmt.Sprintf("%02d-%06d", year%100, n) }

// Reopens tells whether a reply received at a time brings the ticket back.
func (t Ticket) Reopens(at time.Time) bool {
	return t.State != ClosedTicket || !at.After(EndOfDay(t.ClosedAt.AddDate(0, 0, ReopenDays)))
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
