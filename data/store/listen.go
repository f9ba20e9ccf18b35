package store

import (
	"context"
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// Change is what a transaction changed, as the other workstations of a shared
// register are told.
type Change struct {
	// From names who changed it: see Store.Name.
	From    string `json:"from"`
	Action  string `json:"action"` // as in the audit
	Subject string `json:"subject"`
	ID      int64  `json:"id"`
}

// channel is what the workstations listen to.
const channel = "guichet"

// tell tells the other workstations of a change, once it is committed.
func (tx *Tx) tell(action, subject string, id int64) error {
	if tx.name == "" { // a register in a file has one window
		return nil
	}
	payload, err := json.Marshal(Change{tx.name, action, subject, id})
	if err == nil {
		_, err = tx.exec("tell of a change", `SELECT pg_notify($1, $2)`, channel, string(payload))
	}
	return err
}

// Listen hands on what other workstations change, in its order, until ctx is done
// or the server is gone: its error then. ready is called once nothing will be
// missed any more. A register in a file has no other workstation: it waits.
func (s *Store) Listen(ctx context.Context, ready func(), heard func(Change)) error {
	if !s.Shared() {
		<-ctx.Done()
		return ctx.Err()
	}
	return s.apart(ctx, func(conn *pgx.Conn) error {
		if _, err := conn.Exec(ctx, `LISTEN `+channel); err != nil {
			return failed("listen", err)
		}
		ready()
		for {
			notice, err := conn.WaitForNotification(ctx)
			if err != nil {
				return failed("listen", err)
			}
			var change Change
			if json.Unmarshal([]byte(notice.Payload), &change) == nil && change.From != s.name {
				heard(change)
			}
		}
	})
}

// Lead does something that one workstation at a time does, such as fetching mail,
// as long as this one leads: until do returns, or the server is gone, when do's
// context is done. It tells whether it led at all; another workstation's lead
// passes on at once when its program ends, and within some 20 s when its machine
// does. A register in a file has no other workstation.
func (s *Store) Lead(ctx context.Context, what string, do func(ctx context.Context) error) (led bool, err error) {
	if !s.Shared() {
		return true, do(ctx)
	}
	err = s.apart(ctx, func(conn *pgx.Conn) error {
		sum := fnv.New32a()
		sum.Write([]byte(what))   //nolint:errcheck // never fails
		key := int32(sum.Sum32()) // #nosec G115 -- any 32 bits
		if err := conn.QueryRow(ctx, `SELECT pg_try_advisory_lock($1, $2)`, writing, key).Scan(&led); err != nil {
			return failed("lead", err)
		}
		if !led {
			return nil
		}
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		done := make(chan error, 1)
		go func() { done <- do(ctx) }()
		for {
			select {
			case err := <-done:
				return errors.Join(err, passOn(ctx, conn))
			case <-time.After(leadCheck):
			}
			check, end := context.WithTimeout(context.WithoutCancel(ctx), leadCheck)
			err := conn.Ping(check)
			end()
			if err != nil { // another one leads by now, perhaps
				cancel()
				return errors.Join(failed("lead", err), <-done)
			}
		}
	})
	return led, err
}

// passOn has another one lead at once: a server learns only later that a
// connection is closed.
func passOn(ctx context.Context, conn *pgx.Conn) error {
	ctx, end := context.WithTimeout(context.WithoutCancel(ctx), leadCheck)
	defer end()
	if _, err := conn.Exec(ctx, `SELECT pg_advisory_unlock_all()`); err != nil {
		return failed("pass the lead on", err)
	}
	return nil
}

// leadCheck is how often one who leads makes sure of it.
const leadCheck = 5 * time.Second

// apart does something on a connection of its own.
func (s *Store) apart(ctx context.Context, do func(*pgx.Conn) error) error {
	conn, err := s.reader.Conn(ctx)
	if err != nil {
		return failed("connect", err)
	}
	defer conn.Close()
	err = conn.Raw(func(raw any) error {
		own, ok := raw.(*stdlib.Conn)
		if !ok {
			return fmt.Errorf("%T is no connection to PostgreSQL", raw)
		}
		return do(own.Conn())
	})
	// What it listened to and locked ends with it.
	_ = conn.Raw(func(any) error { return driver.ErrBadConn })
	return err
}
