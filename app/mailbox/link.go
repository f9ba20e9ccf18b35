package mailbox

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"strconv"
	"sync/atomic"
	"time"
)

// longest is how many times the accepted silence one operation may last in all, for a server that never falls silent.
const longest = 20

// allowance is how many bytes a server may send during one operation, and what follows it: the clients keep a line in
// memory, however long. All that another program did to a large folder has to fit.
const allowance = 64 << 20

// link is a connection whose operations end: it is closed when the server stays silent for too long, when an operation
// lasts too long, when the server sends more than the operation can need, or when the operation is cancelled. The IMAP
// and SMTP clients have no such limits of their own.
type link struct {
	net.Conn
	silence time.Duration
	heard   atomic.Int64 // when the last byte went or came, in nanoseconds
	room    atomic.Int64 // bytes that the server may still send
	stalled atomic.Bool
}

var errTooMuch = fmt.Errorf("%w: the server sends without end", ErrUnreachable)

func (l *link) Read(b []byte) (int, error) {
	n, err := l.Conn.Read(b)
	if n > 0 {
		l.heard.Store(time.Now().UnixNano())
		if l.room.Add(-int64(n)) < 0 {
			l.Conn.Close()
			return 0, errTooMuch
		}
	}
	return n, err
}

// expect lets the server send more than the allowance during the operation under way.
func (l *link) expect(bytes int64) { l.room.Add(bytes) }

func (l *link) Write(b []byte) (int, error) {
	n, err := l.Conn.Write(b)
	if n > 0 {
		l.heard.Store(time.Now().UnixNano())
	}
	return n, err
}

// watch runs one operation on the link. Its error is the operation's, or ErrUnreachable when the watch ended it, or
// the context's.
func (l *link) watch(ctx context.Context, operation func() error) error {
	silence := l.silence // who watched the operation before may not have ended yet
	limited, cancel := context.WithTimeout(ctx, longest*silence)
	defer cancel()
	stop := context.AfterFunc(limited, func() {
		if ctx.Err() == nil {
			l.stalled.Store(true)
		}
		l.Conn.Close()
	})
	defer stop()
	l.room.Store(allowance)
	l.heard.Store(time.Now().UnixNano())
	timer := time.NewTimer(silence)
	defer timer.Stop()
	done := make(chan struct{})
	defer close(done)
	go func() {
		for {
			select {
			case <-done:
				return
			case <-timer.C:
			}
			quiet := time.Since(time.Unix(0, l.heard.Load()))
			if quiet >= silence {
				l.stalled.Store(true)
				l.Conn.Close()
				return
			}
			timer.Reset(silence - quiet)
		}
	}()
	err := operation()
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return ctx.Err()
	case l.stalled.Load():
		return fmt.Errorf("%w: no answer for %v", ErrUnreachable, silence)
	}
	return err
}

// dial connects, without TLS yet. SecurityNone is refused for anything but loopback, before and after the name is
// looked up.
func dial(ctx context.Context, host string, port int, security Security, timeout time.Duration) (*link, error) {
	if timeout <= 0 {
		timeout = DefaultTimeout
	}
	switch security {
	case SecurityTLS, SecurityStartTLS:
	case SecurityNone:
		if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
			return nil, fmt.Errorf("%w: clear text towards %s", ErrInsecure, host)
		}
	default:
		return nil, fmt.Errorf("%w: unknown security %q", ErrInsecure, security)
	}
	dialer := net.Dialer{Timeout: timeout}
	conn, err := dialer.DialContext(ctx, "tcp", net.JoinHostPort(host, strconv.Itoa(port)))
	if err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, fmt.Errorf("%w: %w", ErrUnreachable, err)
	}
	if tcp, ok := conn.RemoteAddr().(*net.TCPAddr); security == SecurityNone && (!ok || !tcp.IP.IsLoopback()) {
		conn.Close()
		return nil, fmt.Errorf("%w: clear text towards %s", ErrInsecure, conn.RemoteAddr())
	}
	l := &link{Conn: conn, silence: timeout}
	l.room.Store(allowance)
	return l, nil
}

// handshake makes a TLS connection of the link.
func (l *link) handshake(ctx context.Context, config *tls.Config) (*tls.Conn, error) {
	conn := tls.Client(l, config)
	if err := l.watch(ctx, conn.Handshake); err != nil {
		return nil, broken("TLS", err)
	}
	return conn, nil
}

func tlsConfig(host string, roots *x509.CertPool) *tls.Config {
	return &tls.Config{ServerName: host, RootCAs: roots, MinVersion: tls.VersionTLS12}
}

// broken says what a failed exchange means: a certificate that was not accepted, or an unreachable server. Errors that
// are already said, and the context's, stay as they are.
func broken(doing string, err error) error {
	var certificate *tls.CertificateVerificationError
	switch {
	case errors.As(err, &certificate):
		return fmt.Errorf("%s: %w: %w", doing, ErrCertificate, err)
	case errors.Is(err, ErrUnreachable), errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("%s: %w", doing, err)
	}
	return fmt.Errorf("%s: %w: %w", doing, ErrUnreachable, err)
}
