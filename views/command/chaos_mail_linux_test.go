package command

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"guichet/app"
	"guichet/data"
)

var messageIDOf = regexp.MustCompile(`(?mi)^Message-ID: <(.+)>\r?$`)

// sent counts what the smarthost was handed, by Message-ID.
func (c *chaos) sent() map[string]int {
	c.t.Helper()
	sent := map[string]int{}
	for _, mail := range c.smtp.Messages() {
		id := messageIDOf.FindSubmatch(mail.Data)
		if id == nil {
			c.t.Fatalf("no Message-ID in\n%s", mail.Data)
		}
		sent[string(id[1])]++
	}
	return sent
}

// sentTwice is how many mails a server that keeps Message-IDs would have dropped.
func (c *chaos) sentTwice() (n int) {
	for _, times := range c.sent() {
		n += times - 1
	}
	return n
}

// mailHolds asserts that a mail that came in was in the mailbox, that one that
// went out is in the outbox, and that one noted as sent was sent.
func (c *chaos) mailHolds(db *sql.DB) {
	c.t.Helper()
	delivered := map[string]bool{}
	for _, id := range c.delivered {
		delivered[id] = true
	}
	for id := range c.column(db, `SELECT message_id FROM message WHERE direction = 'in'`) {
		if !delivered[id] {
			c.t.Errorf("a mail came from nowhere: %s", id)
		}
	}
	sent := c.sent()
	for id := range c.column(db, `SELECT message_id FROM outgoing_mail WHERE state = 'sent'`) {
		if sent[id] == 0 {
			c.t.Errorf("%s is noted as sent, and was not", id)
		}
	}
	outbox := c.column(db, `SELECT message_id FROM outgoing_mail`)
	for id := range sent {
		if outbox[id] != 1 {
			c.t.Errorf("%s was sent, and is %d times in the outbox", id, outbox[id])
		}
	}
}

// settle lets an office end its day without a kill: then every mail of the
// mailbox is in, once, and every mail of the outbox was sent, under one
// Message-ID.
func (c *chaos) settle() {
	c.t.Helper()
	c.must(nil, "fetch")
	for days := range 3 { // a retry may be due hours later
		c.within(time.Duration(days)*12*time.Hour, func(ctx context.Context, guichet *app.App) {
			if sent, err := guichet.SendOutgoing(ctx); err != nil || sent.Failed > 0 {
				c.t.Errorf("%+v, %v", sent, err)
			}
		})
	}
	c.holds("the day's end")
	db := c.sql(c.db)
	defer db.Close()
	in := c.column(db, `SELECT message_id FROM message WHERE direction = 'in'`)
	for _, id := range c.delivered {
		if in[id] != 1 {
			c.t.Errorf("%s is %d times in the register", id, in[id])
		}
	}
	sent := c.sent()
	for id := range c.column(db, `SELECT message_id FROM outgoing_mail WHERE state <> 'withdrawn'`) {
		if sent[id] == 0 {
			c.t.Errorf("%s was not sent", id)
		}
	}
	if twice, kills := c.sentTwice(), c.kills["send"]; twice > kills {
		c.t.Errorf("%d mails were handed over twice, in %d kills of send", twice, kills)
	}
	if left := c.column(db, `SELECT message_id FROM outgoing_mail WHERE state = 'waiting'`); len(left) > 0 {
		c.t.Errorf("the outbox keeps %v", left)
	}
}

// migrate moves the register, killed at times; one time of two.
func (c *chaos) migrate() {
	if c.random.IntN(2) == 0 {
		return
	}
	c.emptySpool()
	to := fmt.Sprintf("%s-%d.db", strings.TrimSuffix(c.db, ".db"), c.moves+1)
	if c.try("migrate", "", nil, "migrate-register", c.db, to) {
		c.moved(to)
		return
	}
	if c.migrated(to) {
		c.moved(to)
	}
}

// migrated looks, in a copy, whether a register that migrate-register was killed
// over is whole: what is not must not open as a register.
func (c *chaos) migrated(to string) (whole bool) {
	c.t.Helper()
	if _, err := os.Stat(to); err != nil {
		return false
	}
	folder, err := os.MkdirTemp("", "chaos")
	if err != nil {
		c.t.Fatal(err)
	}
	defer os.RemoveAll(folder)
	twin := filepath.Join(folder, "twin.db")
	for _, suffix := range []string{"", "-wal"} {
		if content, err := os.ReadFile(to + suffix); err == nil {
			if err := os.WriteFile(twin+suffix, content, 0o600); err != nil {
				c.t.Fatal(err)
			}
		}
	}
	guichet, err := app.Open(context.Background(), twin, app.Options{NoKeyring: true, Passwords: cheap})
	if err != nil {
		if app.KindOf(err) != app.Conflict {
			c.t.Errorf("half a register: %v", err)
		}
		return false
	}
	defer guichet.Close()
	whole, err = guichet.HasOperators(context.Background())
	if err != nil {
		c.t.Error(err)
	}
	return whole
}

// move moves the register, and nobody kills it.
func (c *chaos) move() {
	c.emptySpool()
	to := c.db + ".moved"
	c.must(nil, "migrate-register", c.db, to)
	c.done["migrate"]++
	c.moved(to)
}

// emptySpool posts what is open: a register with paper does not move.
func (c *chaos) emptySpool() {
	c.t.Helper()
	for _, batch := range c.open() {
		for _, sheet := range c.sheetsOf(batch.Number) {
			c.codes[sheet.reference] = sheet.codes
		}
		if data.BatchState(batch.State) == data.BatchComposed {
			c.must(nil, "letters", "printed", batch.Number)
		}
		c.must(nil, "letters", "post", batch.Number)
		c.posted[batch.Number] = true
	}
}

// moved has the office go on in another register.
func (c *chaos) moved(to string) {
	c.moves++
	c.db, c.looked = to, map[string]bool{}
	c.passwords()
	c.holds("after the move")
}
