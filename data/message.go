package data

import "time"

// Direction tells who wrote a message of a ticket.
type Direction string

// The directions of a message.
const (
	Incoming Direction = "in"
	Outgoing Direction = "out"
	Note     Direction = "note" // internal
)

// Message is one mail or note of a ticket.
type Message struct {
	ID          int64
	TicketID    int64
	Direction   Direction
	MessageID   string // RFC 5322, without <>
	InReplyTo   string
	FromName    string
	FromAddress string
	Subject     string
	SentAt      time.Time // as the mail says; zero when it does not
	ReceivedAt  time.Time // by the mailbox
	Text        string
	HTML        string // as received, never shown unsanitised
	Automatic   bool   // absence notice and the like: never answered
	Bounce      bool
	Illegible   string // why it could not be parsed; Raw is then kept
	Raw         []byte
	Hash        []byte // of the content (§4: with MessageID, finds doubles)
	// Where the mail was fetched: a mail comes in once.
	Mailbox     string
	UIDValidity uint32
	UID         uint32
	Attachments []Attachment
}

// Attachment is a file that came with a message.
type Attachment struct {
	ID          int64
	MessageID   int64 // of the Message record
	Name        string
	ContentType string
	Size        int
	Inline      bool
	Content     []byte // empty in listings
}
