package command

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"guichet/app"
)

// holds asserts, after a kill, what must hold at any moment. Opening the register
// mends what the kill left behind; nobody helps.
func (c *chaos) holds(when string) {
	c.t.Helper()
	c.within(0, func(ctx context.Context, guichet *app.App) {
		check, err := guichet.VerifyAudit(ctx)
		if err != nil || check.Broken.ID != 0 {
			c.t.Errorf("the audit is broken at %d: %v", check.Broken.ID, err)
		}
	})
	db := c.sql(c.db)
	defer db.Close()
	for _, law := range laws {
		var broken int
		if err := db.QueryRow(law.query).Scan(&broken); err != nil || broken > 0 {
			c.t.Errorf("%d times: %s (%v)", broken, law.says, err)
		}
	}
	c.whole(db)
	c.told(db)
	c.mailHolds(db)
	c.paperHolds(db)
	c.backupsHold()
	if c.t.Failed() {
		c.t.Fatal(when)
	}
}

func (c *chaos) sql(file string) *sql.DB {
	c.t.Helper()
	db, err := sql.Open("sqlite", file)
	if err != nil {
		c.t.Fatal(err)
	}
	return db
}

// laws count what must never be.
var laws = []struct{ says, query string }{
	{"a letter has codes and is not live, or is live without", `SELECT count(*) FROM letter WHERE (hash IS NOT NULL) <> (state IN ('composed', 'posted'))`},
	{"a queued letter is in a batch, or another in none", `SELECT count(*) FROM letter WHERE (state = 'queued') <> (batch_id IS NULL) AND state <> 'withdrawn' AND state <> 'superseded'`},
	{"a letter and its batch disagree", `SELECT count(*) FROM letter l JOIN batch b ON b.id = l.batch_id
		WHERE l.state = 'composed' AND b.state NOT IN ('composed', 'printed') OR l.state = 'posted' AND b.state <> 'posted'`},
	{"a batch has not as many letters as it says", `SELECT count(*) FROM batch b WHERE b.state <> 'cancelled' AND
		b.letters <> (SELECT count(*) FROM letter l WHERE l.batch_id = b.id)`},
	{"two letters are one sheet", `SELECT count(*) FROM (SELECT 1 FROM letter WHERE batch_id IS NOT NULL GROUP BY batch_id, sheet HAVING count(*) > 1)`},
	{"an open request has not one letter on its way", `SELECT count(*) FROM request r WHERE r.closed_at IS NULL AND
		(SELECT count(*) FROM letter l WHERE l.request_id = r.id AND l.state IN ('queued', 'composed', 'posted')) <> 1`},
	{"a closed request has a letter on its way", `SELECT count(*) FROM request r JOIN letter l ON l.request_id = r.id
		WHERE r.closed_at IS NOT NULL AND l.state IN ('queued', 'composed', 'posted')`},
	{"a confirmed letter validated nobody", `SELECT count(*) FROM letter l JOIN request r ON r.id = l.request_id JOIN account a ON a.id = r.account_id
		WHERE l.state = 'confirmed' AND (a.validated_at IS NULL OR r.closed_at IS NULL)`},
	{"an account has no request, or no activation e-mail", `SELECT count(*) FROM account a WHERE
		NOT EXISTS (SELECT 1 FROM request r WHERE r.account_id = a.id) OR NOT EXISTS (SELECT 1 FROM outgoing_mail o WHERE o.account_id = a.id)`},
	{"an organisation has two administrators", `SELECT count(*) FROM (SELECT 1 FROM administration WHERE until IS NULL GROUP BY organisation_id HAVING count(*) > 1)`},
	{"a mail came in twice", `SELECT count(*) FROM (SELECT 1 FROM message WHERE direction = 'in' GROUP BY message_id HAVING count(*) > 1)`},
	{"a ticket has no message", `SELECT count(*) FROM ticket t WHERE NOT EXISTS (SELECT 1 FROM message m WHERE m.ticket_id = t.id)`},
	{"a reply is not in the outbox", `SELECT count(*) FROM message m WHERE direction = 'out' AND
		(SELECT count(*) FROM outgoing_mail o WHERE o.thread_message_id = m.id) <> 1`},
	{"a mail is sent and waits, or neither", `SELECT count(*) FROM outgoing_mail WHERE (sent_at IS NOT NULL) <> (state = 'sent') OR
		(next_try_at IS NOT NULL) <> (state = 'waiting')`},
	{"a mail waits for a person", `SELECT count(*) FROM outgoing_mail WHERE state IN ('failed', 'uncertain')`},
}

// whole asserts that the file is.
func (c *chaos) whole(db *sql.DB) {
	c.t.Helper()
	for _, check := range []string{"PRAGMA integrity_check", "SELECT coalesce(max(\"table\"), 'ok') FROM pragma_foreign_key_check"} {
		var says string
		if err := db.QueryRow(check).Scan(&says); err != nil || says != "ok" {
			c.t.Errorf("%s: %s, %v", check, says, err)
		}
	}
}

// told asserts that what commands said that they did is done.
func (c *chaos) told(db *sql.DB) {
	c.t.Helper()
	known := c.column(db, `SELECT identifier FROM account UNION ALL SELECT reference FROM letter
		UNION ALL SELECT 'confirmed ' || reference FROM letter WHERE state = 'confirmed' UNION ALL SELECT 'posted ' || number FROM batch WHERE state = 'posted'
		UNION ALL SELECT 'answered ' || number FROM ticket t WHERE EXISTS (SELECT 1 FROM message m WHERE m.ticket_id = t.id AND m.direction = 'out')`)
	expect := append(append([]string{}, c.identifiers...), c.references...)
	for reference := range c.confirmed {
		expect = append(expect, "confirmed "+reference)
	}
	for number := range c.posted {
		expect = append(expect, "posted "+number)
	}
	for _, number := range c.answered {
		expect = append(expect, "answered "+number)
	}
	for _, one := range expect {
		if known[one] != 1 {
			c.t.Errorf("told, and there %d times: %s", known[one], one)
		}
	}
}

// column counts the values of a query's only column.
func (c *chaos) column(db *sql.DB, query string) map[string]int {
	c.t.Helper()
	rows, err := db.Query(query)
	if err != nil {
		c.t.Fatal(err)
	}
	defer rows.Close()
	values := map[string]int{}
	for rows.Next() {
		var value string
		if err := rows.Scan(&value); err != nil {
			c.t.Fatal(err)
		}
		values[value]++
	}
	if err := rows.Err(); err != nil {
		c.t.Fatal(err)
	}
	return values
}

// paperHolds asserts that the spool holds the open batches and nothing else, that
// each sheet is its letter, and that the codes on it confirm, in a copy.
func (c *chaos) paperHolds(db *sql.DB) {
	c.t.Helper()
	named := map[string]bool{".lock": true}
	fresh := false
	open := c.column(db, `SELECT number FROM batch WHERE state IN ('composed', 'printed')`)
	for number := range open {
		named[number+"-01.pdf"] = true
		fresh = fresh || c.sheets[number] == nil
		on := c.column(db, `SELECT reference || '/' || sheet FROM letter WHERE state = 'composed' AND batch_id = (SELECT id FROM batch WHERE number = '`+number+`')`)
		sheets := c.sheetsOf(number)
		for _, sheet := range sheets {
			delete(on, fmt.Sprintf("%s/%d", sheet.reference, sheet.page))
		}
		if len(on) > 0 {
			c.t.Errorf("%s has %d sheets, and not those of %v", number, len(sheets), on)
		}
	}
	entries, err := os.ReadDir(c.db + ".spool")
	if err != nil {
		c.t.Fatal(err)
	}
	for _, entry := range entries {
		if !named[entry.Name()] {
			c.t.Errorf("orphan in the spool: %s", entry.Name())
		}
	}
	if fresh && !c.t.Failed() {
		c.confirmsOnCopy(db, open)
	}
}

// sheetsOf reads an open batch's paper, once.
func (c *chaos) sheetsOf(number string) []printed {
	c.t.Helper()
	if c.sheets[number] == nil {
		c.sheets[number] = readBatch(c.t, filepath.Join(c.db+".spool", number+"-01.pdf"))
	}
	return c.sheets[number]
}

// confirmsOnCopy enters all codes of the open batches into a copy of the register.
func (c *chaos) confirmsOnCopy(db *sql.DB, open map[string]int) {
	c.t.Helper()
	folder, err := os.MkdirTemp("", "chaos")
	if err != nil {
		c.t.Fatal(err)
	}
	defer os.RemoveAll(folder)
	twin := filepath.Join(folder, "twin.db")
	if _, err := db.Exec(`VACUUM INTO '` + twin + `'`); err != nil {
		c.t.Fatal(err)
	}
	if err := os.CopyFS(twin+".spool", os.DirFS(c.db+".spool")); err != nil {
		c.t.Fatal(err)
	}
	live := c.column(db, `SELECT reference FROM letter WHERE state = 'composed'`)
	c.withinRegister(twin, 0, func(ctx context.Context, guichet *app.App) {
		for number := range open {
			for _, sheet := range c.sheets[number] {
				if live[sheet.reference] == 0 {
					continue // withdrawn since: its codes must not work
				}
				_, err := guichet.Confirm(ctx, sheet.reference, sheet.codes[0], sheet.codes[1])
				if err != nil && app.KindOf(err) != app.Conflict || err != nil && !strings.Contains(err.Error(), "déjà close") && !strings.Contains(err.Error(), "remplacée") {
					c.t.Errorf("the codes on %s of %s: %v", sheet.reference, number, err)
				}
			}
		}
	})
}

// backupsHold asserts that whatever is called a backup is whole.
func (c *chaos) backupsHold() {
	c.t.Helper()
	files, err := filepath.Glob(filepath.Join(c.db+".backups", "*.db"))
	if err != nil {
		c.t.Fatal(err)
	}
	for _, file := range files {
		if c.looked[file] {
			continue
		}
		if _, err := app.InspectBackup(context.Background(), file); err != nil {
			c.t.Errorf("backup %s: %v", filepath.Base(file), err)
		}
		c.looked[file] = true
	}
}
