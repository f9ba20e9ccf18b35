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
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", addr)
	if err != nil {
		return fmt.Errorf("demo mailbox: %w", err)
	}
	if tcp, ok := listener.Addr().(*net.TCPAddr); !ok || !tcp.IP.IsLoopback() {
		listener.Close()
		return fmt.Errorf("demo mailbox: %w: %s is not a loopback address", ErrInsecure, listener.Addr())
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
