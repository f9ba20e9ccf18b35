package mailbox

import (
	"crypto/x509"
	"errors"
	"time"
)

// Security says how a connection to a mail server is protected.
type Security string

const (
	// SecurityTLS speaks TLS from the first byte.
	SecurityTLS Security = "tls"
	// SecurityStartTLS begins in clear text and requires the switch to TLS before anything else: it never falls back.
	SecurityStartTLS Security = "starttls"
	// SecurityNone is clear text, for loopback addresses only: any other host is refused before a connection is made.
	SecurityNone Security = "none"
)

// Errors that Fetch and Send return, to be asked with errors.Is. Their texts never hold a password.
var (
	// ErrUnreachable means that the server could not be reached, broke the connection or stayed silent. Try again later.
	ErrUnreachable = errors.New("mail server unreachable")
	// ErrRefused means that the server refused the user name, the password or the access token.
	ErrRefused = errors.New("login refused by the mail server")
	// ErrCertificate means that the server's certificate was not accepted.
	ErrCertificate = errors.New("certificate of the mail server not accepted")
	// ErrInsecure means that the connection would be, or would become, clear text: SecurityNone towards another host
	// than a loopback address, or a server without STARTTLS.
	ErrInsecure = errors.New("connection to the mail server would not be protected")
	// ErrFolder means that the folder to read does not exist or cannot be opened.
	ErrFolder = errors.New("folder of the mailbox not readable")
	// ErrPermanent means that the server refused the mail for good (a 5xx answer): sending it again is of no use.
	ErrPermanent = errors.New("mail refused for good")
	// ErrUncertain means that the connection broke after the mail had been handed over and before the server's answer:
	// it may have been sent or not, and only a person can decide to send it again.
	ErrUncertain = errors.New("unknown whether the mail was sent")
)

// MaxSize is the size in bytes above which a mail's body is left on the server.
const MaxSize = 50 << 20

// DefaultTimeout is the longest wait for one operation of a server whose Timeout is zero.
const DefaultTimeout = 30 * time.Second

// Server is a mailbox to read by IMAP.
type Server struct {
	Host     string
	Port     int
	Security Security
	User     string
	Auth     Auth
	Password string
	Token    TokenSource // where Auth is OAuth's, in the place of Password
	Folder   string      // default INBOX
	// MoveTo is the folder that mails are moved into once they are committed,
	// made when it is missing; empty: they are flagged as seen where they are.
	MoveTo  string
	RootCAs *x509.CertPool // nil: the system's
	Timeout time.Duration  // the longest silence accepted; default DefaultTimeout
}

// Smarthost is the SMTP server that takes outgoing mail. Without a User, it is not authenticated to.
type Smarthost struct {
	Host     string
	Port     int
	Security Security
	User     string
	Auth     Auth
	Password string
	Token    TokenSource    // where Auth is OAuth's, in the place of Password
	RootCAs  *x509.CertPool // nil: the system's
	Timeout  time.Duration  // the longest silence accepted; default DefaultTimeout
}
