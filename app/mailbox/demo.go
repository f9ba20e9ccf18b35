package mailbox

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log"
	"net"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"
	"github.com/emersion/go-smtp"
)

// ServeDemo runs an IMAP server in memory until ctx is done, with one user whose INBOX holds the mails. It speaks clear
// text (SecurityNone) and therefore listens only on a loopback address: any other is refused with ErrInsecure. ready is
// called once, with the address it listens on, when connections are accepted. It returns nil once ctx is done.
func ServeDemo(ctx context.Context, addr, user, password string, mails [][]byte, ready func(addr net.Addr)) error {
	inbox := imapmemserver.NewUser(user, password)
	if err := inbox.Create("INBOX", nil); err != nil {
		return fmt.Errorf("demo mailbox: %w", err)
	}
	for _, mail := range mails {
		if _, err := inbox.Append("INBOX", bytes.NewReader(mail), &imap.AppendOptions{}); err != nil {
			return fmt.Errorf("demo mailbox: %w", err)
		}
	}
	memory := imapmemserver.New()
	memory.AddUser(inbox)
	server := imapserver.New(&imapserver.Options{
		NewSession: func(*imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
			return memory.NewSession(), nil, nil
		},
		InsecureAuth: true,
		Logger:       log.New(io.Discard, "", 0),
	})
	listener, err := listenLoopback(ctx, addr)
	if err != nil {
		return err
	}
	stop := context.AfterFunc(ctx, func() {
		listener.Close()
		server.Close()
	})
	defer stop()
	if ready != nil {
		ready(listener.Addr())
	}
	err = server.Serve(listener)
	if ctx.Err() != nil {
		return nil
	}
	return err
}

// listenLoopback listens on a loopback address; any other is ErrInsecure.
func listenLoopback(ctx context.Context, addr string) (net.Listener, error) {
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("demo mail server: %w", err)
	}
	if tcp, ok := listener.Addr().(*net.TCPAddr); !ok || !tcp.IP.IsLoopback() {
		listener.Close()
		return nil, fmt.Errorf("demo mail server: %w: %s is not a loopback address", ErrInsecure, listener.Addr())
	}
	return listener, nil
}

// ServeDemoSMTP runs an SMTP server on a loopback address until ctx is done. It
// takes every mail and keeps none. It returns nil once ctx is done.
func ServeDemoSMTP(ctx context.Context, addr string) error {
	listener, err := listenLoopback(ctx, addr)
	if err != nil {
		return err
	}
	server := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return sink{}, nil }))
	server.Domain, server.MaxMessageBytes = "localhost", MaxSize
	server.ErrorLog = log.New(io.Discard, "", 0)
	stop := context.AfterFunc(ctx, func() { server.Close() })
	defer stop()
	err = server.Serve(listener)
	if ctx.Err() != nil {
		return nil
	}
	return err
}

// sink takes mails and keeps none.
type sink struct{}

func (sink) Mail(string, *smtp.MailOptions) error { return nil }
func (sink) Rcpt(string, *smtp.RcptOptions) error { return nil }
func (sink) Reset()                               {}
func (sink) Logout() error                        { return nil }

func (sink) Data(r io.Reader) error {
	_, err := io.Copy(io.Discard, r)
	return err
}
