package app

import (
	"context"
	"time"

	"guichet/data"
	"guichet/data/store"
)

// PurgePlan is what is past its retention (RGPD, article 5, 1 e), by kind.
type PurgePlan struct {
	At    time.Time // when it was drawn up: nothing younger goes
	Lines []PurgeLine
}

// PurgeLine is what of a kind is past its retention.
type PurgeLine struct {
	Kind   data.RetentionKind
	Months int       // its delay
	Before time.Time // what ended before goes
	Count  int
	// Examples are the first of them, as people call them.
	Examples []string
}

// Count is how many records a plan takes.
func (p PurgePlan) Count() (n int) {
	for _, line := range p.Lines {
		n += line.Count
	}
	return n
}

// purgeExamples is how many of a kind a plan names.
const purgeExamples = 10

// PlanPurge shows what a purge would delete now. Administrators.
func (a *App) PlanPurge(ctx context.Context) (plan PurgePlan, err error) {
	if _, err := allow(ctx, "PlanPurge"); err != nil {
		return plan, err
	}
	plan.At = a.Now()
	err = a.view(ctx, func(tx *store.Tx) error {
		settings, err := readSettings(tx)
		if err != nil {
			return err
		}
		for _, kind := range data.RetentionKinds {
			line := PurgeLine{Kind: kind, Months: settings.Retention.Months(kind)}
			line.Before = settings.Retention.Before(plan.At, line.Months)
			if kind == data.KeptAudit {
				_, line.Count, err = tx.AuditUpTo(line.Before)
			} else {
				var due []dueRecord
				due, err = dueFor(tx, line, plan.At)
				line.Count = len(due)
				for _, record := range due[:min(len(due), purgeExamples)] {
					line.Examples = append(line.Examples, record.name)
				}
			}
			if err != nil {
				return err
			}
			plan.Lines = append(plan.Lines, line)
		}
		return nil
	})
	return plan, err
}

// dueRecord is a record past its retention, and what deletes it.
type dueRecord struct {
	name   string
	delete func(c *change) error
}

// dueFor are the records of a kind that are past its retention, the audit apart.
func dueFor(tx *store.Tx, line PurgeLine, now time.Time) (due []dueRecord, err error) {
	add := func(name string, id int64, remove func(*store.Tx, int64) error) {
		due = append(due, dueRecord{name, func(c *change) error { return remove(c.Tx, id) }})
	}
	erase := func(account data.Account) {
		due = append(due, dueRecord{account.Identifier, func(c *change) error { return c.eraseAccount(account.ID) }})
	}
	switch line.Kind {
	case data.KeptTickets:
		tickets, err := tx.TicketsClosedBefore(line.Before)
		for _, t := range tickets {
			add(t.Name, t.ID, (*store.Tx).DeleteTicket)
		}
		return due, err
	case data.KeptLetters:
		letters, err := tx.LettersEndedBefore(line.Before)
		for _, l := range letters {
			add(l.Name, l.ID, (*store.Tx).DeleteLetter)
		}
		return due, err
	case data.KeptRegistrations:
		accounts, err := tx.UnconfirmedBefore(line.Before)
		for _, account := range accounts {
			erase(account)
		}
		return due, err
	}
	err = tx.EachAccount(func(account data.Account) error {
		since := account.DisabledSince(now)
		if !account.Erased() && !account.ValidatedAt.IsZero() && !since.IsZero() && since.Before(line.Before) {
			erase(account)
		}
		return nil
	})
	return due, err
}

// purgeStep is how many records go in one transaction.
const purgeStep = 100

// Purge deletes what a plan shows, as far as it is still past its retention; done
// counts it by kind. Tickets go with their messages, letters with their closed
// requests; accounts keep their identifiers, reserved. Cancelled, or after a
// crash, what is deleted is deleted and the rest stays for the next one.
// Administrators.
func (a *App) Purge(ctx context.Context, plan PurgePlan, progress func(done, total int)) (done map[data.RetentionKind]int, err error) {
	operator, err := allow(ctx, "Purge")
	if err != nil {
		return nil, err
	}
	done = map[data.RetentionKind]int{}
	total, count := plan.Count(), 0
	for _, line := range plan.Lines {
		for more := line.Count > 0; more; {
			n := 0
			err := a.update(ctx, operator, func(c *change) (err error) {
				n, err = c.purge(line, plan.At)
				return err
			})
			if err != nil {
				return done, err
			}
			done[line.Kind] += n
			if count += n; progress != nil {
				progress(min(count, total), total)
			}
			more = n == purgeStep
		}
	}
	a.shred(ctx)
	return done, nil
}

// purge deletes some records of a kind and returns how many.
func (c *change) purge(line PurgeLine, at time.Time) (n int, err error) {
	if err := c.WillShred(); err != nil {
		return 0, err
	}
	if line.Kind == data.KeptAudit {
		return c.purgeAudit(line)
	}
	due, err := dueFor(c.Tx, line, at)
	if err != nil {
		return 0, err
	}
	due = due[:min(len(due), purgeStep)]
	names := make([]string, len(due))
	for i, record := range due {
		if err := record.delete(c); err != nil {
			return 0, err
		}
		names[i] = record.name
	}
	if line.Kind == data.KeptLetters {
		if err := c.DeleteEmptyBatches(line.Before); err != nil {
			return 0, err
		}
	}
	if len(due) == 0 {
		return 0, nil
	}
	return len(due), c.audit("privacy.purge", "register", 0, nil, map[string]any{"what": line.Kind, "before": line.Before, "records": names})
}

// purgeAudit takes the audit's oldest entries away; the entry that says so holds
// the chain together.
func (c *change) purgeAudit(line PurgeLine) (int, error) {
	upTo, _, err := c.AuditUpTo(line.Before)
	if err != nil || upTo == 0 {
		return 0, err
	}
	purged, last, err := c.PurgeAudit(upTo)
	if err != nil {
		return 0, err
	}
	return 0, c.audit(data.AuditPurged, "register", 0, nil, map[string]any{"entries": purged, "before": line.Before, "last_hash": last})
}
