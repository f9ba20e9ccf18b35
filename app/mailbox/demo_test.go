package mailbox

import (
	"bytes"
	"context"
	"errors"
	"net"
	"testing"
	"time"
)

func TestServeDemo(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	addresses := make(chan net.Addr, 1)
	done := make(chan error, 1)
	go func() {
		done <- ServeDemo(ctx, "127.0.0.1:0", "support", "demo", [][]byte{message(1), message(2)}, func(a net.Addr) { addresses <- a })
	}()
	addr := (<-addresses).(*net.TCPAddr)
	server := Server{Host: "127.0.0.1", Port: addr.Port, Security: SecurityNone, User: "support", Password: "demo", Timeout: 5 * time.Second}
	var s store
	if n := s.fetch(t, server); n != 2 || !bytes.Equal(s.mails[1].Body, message(2)) {
		t.Errorf("fetched %d", n)
	}
	if n := s.fetch(t, server); n != 0 {
		t.Errorf("fetched %d again", n)
	}
	server.Password = "other"
	if _, err := Fetch(t.Context(), server, Cursor{}, Commit(s.commit).Take); !errors.Is(err, ErrRefused) {
		t.Errorf("%v", err)
	}
	cancel()
	if err := <-done; err != nil {
		t.Errorf("%v", err)
	}
	if err := ServeDemo(t.Context(), "0.0.0.0:0", "a", "b", nil, nil); !errors.Is(err, ErrInsecure) {
		t.Errorf("%v", err)
	}
}
