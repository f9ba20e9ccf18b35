package mailboxtest

import (
	"io"
	"net"
	"strconv"
	"sync"
	"testing"
)

// Proxy stands between a client and a server, and does harm to what the server sends.
type Proxy struct {
	Port int // on 127.0.0.1

	target   string
	listener net.Listener
	mu       sync.Mutex
	after    int64 // bytes from the server after which harm is done; negative: none
	harm     Harm
	passed   int64             // bytes from the server over the last connection
	asked    int               // times that the client spoke over the last connection
	open     map[net.Conn]bool // true: frozen
}

// Harm is what a Proxy does.
type Harm int

// The harms.
const (
	Cut   Harm = iota // the connection ends, as by a cable pulled
	Stall             // nothing comes any more, and the connection stays
	Split             // what comes, comes byte by byte
)

// NewProxy starts a proxy towards a port of 127.0.0.1, and stops it at the end of the test.
func NewProxy(t testing.TB, port int) *Proxy {
	t.Helper()
	p := &Proxy{
		target: net.JoinHostPort("127.0.0.1", strconv.Itoa(port)), listener: listen(t), after: -1,
		open: map[net.Conn]bool{},
	}
	p.Port = p.listener.Addr().(*net.TCPAddr).Port
	go p.accept()
	t.Cleanup(func() {
		p.listener.Close()
		p.mu.Lock()
		defer p.mu.Unlock()
		for conn := range p.open {
			conn.Close()
		}
	})
	return p
}

// After has harm done on the connections to come, once the server has sent some bytes; negative: none is.
func (p *Proxy) After(bytes int64, harm Harm) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.after, p.harm = bytes, harm
}

// Freeze lets nothing more of the server pass on the connections that are open.
func (p *Proxy) Freeze() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for conn := range p.open {
		p.open[conn] = true
	}
}

// Passed is how many bytes the server sent over the last connection.
func (p *Proxy) Passed() int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.passed
}

// Asked is how many times the client spoke over the last connection: at most so many round trips were made.
func (p *Proxy) Asked() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.asked
}

// Read counts what the client says.
func (c counted) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	if n > 0 {
		c.proxy.mu.Lock()
		c.proxy.asked++
		c.proxy.mu.Unlock()
	}
	return n, err
}

type counted struct {
	net.Conn
	proxy *Proxy
}

func (p *Proxy) accept() {
	for {
		client, err := p.listener.Accept()
		if err != nil {
			return
		}
		server, err := net.Dial("tcp", p.target)
		if err != nil {
			client.Close()
			continue
		}
		p.mu.Lock()
		p.open[client], p.open[server] = false, false
		after, harm := p.after, p.harm
		p.passed, p.asked = 0, 0
		p.mu.Unlock()
		go func() { // what the client says passes as it is
			_, _ = io.Copy(server, struct{ io.Reader }{counted{client, p}})
			server.Close()
		}()
		go func() {
			if p.copy(client, server, after, harm) {
				return // stalled: both ends stay open
			}
			client.Close()
			server.Close()
		}()
	}
}

// copy passes bytes on, and tells whether it stalled after some; from the server where after counts.
func (p *Proxy) copy(to, from net.Conn, after int64, harm Harm) (stalled bool) {
	buffer := make([]byte, 16<<10)
	var count int64
	for {
		room := int64(len(buffer))
		if after >= 0 {
			room = min(room, after-count)
		}
		if after >= 0 && room <= 0 && harm == Split {
			room = 1
		} else if after >= 0 && room <= 0 {
			if harm == Stall {
				return true
			}
			if tcp, ok := to.(*net.TCPConn); ok {
				_ = tcp.SetLinger(0) // a reset, not an end
			}
			return false
		}
		n, err := from.Read(buffer[:room])
		if n > 0 {
			count += int64(n)
			p.mu.Lock()
			p.passed += int64(n)
			frozen := p.open[from]
			p.mu.Unlock()
			if frozen {
				return true
			}
			if _, err := to.Write(buffer[:n]); err != nil {
				return false
			}
		}
		if err != nil {
			return false
		}
	}
}
