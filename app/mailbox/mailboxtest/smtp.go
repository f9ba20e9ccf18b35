package mailboxtest

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"log"
	"net"
	"slices"
	"sync"
	"testing"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// Captured is a mail that was handed to the server, with its envelope.
type Captured struct {
	From string // "" for the null sender
	To   []string
	Data []byte
	TLS  bool // came over TLS
}

// SMTPServer is a smarthost that keeps what it is sent. It asks for a login.
type SMTPServer struct {
	Host     string // 127.0.0.1
	Port     int    // clear text and STARTTLS
	TLSPort  int
	RootCAs  *x509.CertPool // trusts the server
	User     string         // support
	Password string         // secret

	mu       sync.Mutex
	captured []Captured
	refusals map[string]int
	hangUp   bool
	received func()
}

// The stages at which Refuse can make the server refuse.
const (
	StageMail      = "mail"
	StageRecipient = "recipient"
	StageData      = "data"
)

// SMTP starts an SMTP server on free ports of 127.0.0.1 and stops it at the end of the test.
func SMTP(t testing.TB) *SMTPServer {
	t.Helper()
	return startSMTP(t, true)
}

// SMTPWithoutTLS starts an SMTP server that offers no STARTTLS; its TLSPort is 0.
func SMTPWithoutTLS(t testing.TB) *SMTPServer {
	t.Helper()
	return startSMTP(t, false)
}

func startSMTP(t testing.TB, secure bool) *SMTPServer {
	t.Helper()
	cert, key := certificate(t)
	s := &SMTPServer{
		Host: "127.0.0.1", User: "support", Password: "secret",
		RootCAs: roots(t, cert), refusals: map[string]int{},
	}
	server := smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) {
		return &session{server: s, conn: c}, nil
	}))
	server.Domain = "localhost"
	server.AllowInsecureAuth = true
	server.EnableSMTPUTF8 = true
	server.ErrorLog = log.New(io.Discard, "", 0)
	plain := listen(t)
	s.Port = plain.Addr().(*net.TCPAddr).Port
	listeners := []net.Listener{plain}
	if secure {
		server.TLSConfig = tlsConfig(t, cert, key)
		over := listen(t)
		s.TLSPort = over.Addr().(*net.TCPAddr).Port
		listeners = append(listeners, tls.NewListener(over, server.TLSConfig))
	}
	var running sync.WaitGroup
	for _, listener := range listeners {
		running.Go(func() { _ = server.Serve(listener) })
	}
	t.Cleanup(func() {
		for _, listener := range listeners {
			listener.Close()
		}
		_ = server.Close()
		running.Wait()
	})
	return s
}

func listen(t testing.TB) net.Listener {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return listener
}

// Messages returns what was handed over so far.
func (s *SMTPServer) Messages() []Captured {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.captured)
}

// Forget drops what was handed over so far.
func (s *SMTPServer) Forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.captured = nil
}

// Refuse makes the server answer a stage with a code (4xx or 5xx) from now on; 0 accepts again.
func (s *SMTPServer) Refuse(stage string, code int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refusals[stage] = code
}

// HangUp makes the server break the connection after it received a mail whole and before it answers. The mail is kept
// all the same: the sender cannot know.
func (s *SMTPServer) HangUp(on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hangUp = on
}

// OnReceived has something done whenever the server has a mail whole, before it answers; nil: nothing.
func (s *SMTPServer) OnReceived(do func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.received = do
}

func (s *SMTPServer) refusal(stage string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if code := s.refusals[stage]; code != 0 {
		return &smtp.SMTPError{Code: code, EnhancedCode: smtp.EnhancedCode{code / 100, 1, 1}, Message: "refused by the test"}
	}
	return nil
}

// session is one connection.
type session struct {
	server   *SMTPServer
	conn     *smtp.Conn
	loggedIn bool
	mail     Captured
}

func (s *session) AuthMechanisms() []string { return []string{sasl.Plain} }

func (s *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != s.server.User || password != s.server.Password {
			return smtp.ErrAuthFailed
		}
		s.loggedIn = true
		return nil
	}), nil
}

func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	if !s.loggedIn {
		return &smtp.SMTPError{Code: 530, EnhancedCode: smtp.EnhancedCode{5, 7, 0}, Message: "Authentication required"}
	}
	_, secure := s.conn.TLSConnectionState()
	s.mail = Captured{From: from, TLS: secure}
	return s.server.refusal(StageMail)
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.mail.To = append(s.mail.To, to)
	return s.server.refusal(StageRecipient)
}

func (s *session) Data(r io.Reader) error {
	data, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if err := s.server.refusal(StageData); err != nil {
		return err
	}
	s.mail.Data = data
	s.server.mu.Lock()
	s.server.captured = append(s.server.captured, s.mail)
	hangUp, received := s.server.hangUp, s.server.received
	s.server.mu.Unlock()
	if received != nil {
		received()
	}
	if hangUp {
		s.conn.Conn().Close()
		return errors.New("hung up")
	}
	return nil
}

func (s *session) Reset()        { s.mail = Captured{} }
func (s *session) Logout() error { return nil }
