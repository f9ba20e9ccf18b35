package store

import (
	"context"
	"sync"
	"time"
)

// gate lets transactions through, or, one at a time, who replaces the register's
// file while there is none.
type gate struct {
	mutex  sync.Mutex
	inside int
	closed bool
	moved  chan struct{} // closed when something changed; nil: nobody waits
}

const (
	// grace is how long transactions may still begin while one waits for the last
	// to end: some begin inside another, which would never end otherwise.
	grace = 2 * time.Second
	// patience is how long one waits for the last to end.
	patience = 8 * time.Second
)

// enter waits until the gate is open.
func (g *gate) enter() {
	g.mutex.Lock()
	for g.closed {
		moved := g.waiting()
		g.mutex.Unlock()
		<-moved
		g.mutex.Lock()
	}
	g.inside++
	g.mutex.Unlock()
}

func (g *gate) leave() {
	g.mutex.Lock()
	g.inside--
	g.tell()
	g.mutex.Unlock()
}

// waiting is a channel that is closed when something changed. The mutex is held.
func (g *gate) waiting() <-chan struct{} {
	if g.moved == nil {
		g.moved = make(chan struct{})
	}
	return g.moved
}

func (g *gate) tell() {
	if g.moved != nil {
		close(g.moved)
		g.moved = nil
	}
}

// close keeps transactions out once none is inside; it tells whether it could.
func (g *gate) close(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, grace+patience)
	defer cancel()
	shut := time.After(grace)
	g.mutex.Lock()
	defer g.mutex.Unlock()
	for g.inside > 0 {
		moved := g.waiting()
		g.mutex.Unlock()
		select {
		case <-moved:
			g.mutex.Lock()
		case <-shut:
			g.mutex.Lock()
			g.closed = true
		case <-ctx.Done():
			g.mutex.Lock()
			g.closed = false
			g.tell()
			return false
		}
	}
	g.closed = true
	return true
}

func (g *gate) open() {
	g.mutex.Lock()
	g.closed = false
	g.tell()
	g.mutex.Unlock()
}
