package postgrestest

import (
	"bytes"
	"net"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
)

// Line stands between a workstation and a server, and may be cut at a COMMIT, whose
// outcome the workstation then does not know.
type Line struct {
	listener net.Listener
	server   string
	address  string

	mutex     sync.Mutex
	left      int // commits until the cut; 0: none is to come
	delivered bool
}

// NewLine is a line to a database of a server; it is not encrypted.
func NewLine(t testing.TB, database string) *Line {
	t.Helper()
	address, err := url.Parse(database)
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	l := &Line{listener: listener, server: address.Host}
	address.Host, address.RawQuery = listener.Addr().String(), "sslmode=disable"
	l.address = address.String()
	go l.accept()
	return l
}

// Address is the database's, over the line.
func (l *Line) Address() string { return l.address }

// CutAt has the n-th COMMIT from now end its connection: delivered, once the
// server has done it and before the answer is heard; otherwise before the server
// hears of it. 0: none does.
func (l *Line) CutAt(n int, delivered bool) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	l.left, l.delivered = n, delivered
}

// Cut tells whether the cut has happened.
func (l *Line) Cut() bool {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return l.left == 0
}

func (l *Line) accept() {
	for {
		client, err := l.listener.Accept()
		if err != nil {
			return
		}
		server, err := net.Dial("tcp", l.server)
		if err != nil {
			client.Close()
			continue
		}
		go l.carry(client, server)
	}
}

// carry passes on what both ends say.
func (l *Line) carry(client, server net.Conn) {
	defer client.Close()
	defer server.Close()
	var deaf atomic.Bool // the client hears no more
	go func() {
		defer client.Close()
		pass(server, func(answer []byte) bool {
			if deaf.Load() {
				return false
			}
			_, err := client.Write(answer)
			return err == nil
		})
	}()
	pass(client, func(message []byte) bool {
		cut, delivered := l.cuts(message)
		if deaf.Store(cut); cut && !delivered {
			return false
		}
		_, err := server.Write(message)
		return err == nil
	})
}

// pass hands on what comes from one end, until it ends or is not wanted any more.
func pass(from net.Conn, on func([]byte) bool) {
	buffer := make([]byte, 64<<10)
	for {
		n, err := from.Read(buffer)
		if n > 0 && !on(buffer[:n]) || err != nil {
			return
		}
	}
}

// commit is the message that ends a transaction.
var commit = []byte("Q\x00\x00\x00\x0bcommit\x00")

func (l *Line) cuts(message []byte) (cut, delivered bool) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	if l.left == 0 || !bytes.Contains(message, commit) {
		return false, false
	}
	l.left--
	return l.left == 0, l.delivered
}
