package app

import (
	"context"
	"time"

	"guichet/data"
	"guichet/data/store"
)

// Waiting is what waits today.
type Waiting struct {
	LettersReady   int // to compose
	LettersHeld    int // held back by their address
	BatchesToPrint int
	BatchesToPost  int
	Unconfirmed    int // letters posted, codes not entered yet
	Overdue        int // those posted at least 5 jours ouvrables ago (R16)
	Doubted        int // organisations whose address is to be checked
	TicketsNew     int
	TicketsOpen    int
	TicketsOverdue int
	TicketsUnread  int
	MailsFailed    int // outgoing, that wait for a person
	Registrations  int // pending validation
	Organisations  int
	CutOff         time.Time // today's
	Mailbox        MailboxState
	// Recent are the newest entries of the audit: everybody's for an
	// administrator, one's own for the others.
	Recent []data.AuditEntry
}

// Counts is Home without looking at each letter of the queue: all that are queued
// count as ready. SessionEnded when the operator's access changed.
func (a *App) Counts(ctx context.Context) (w Waiting, err error) {
	operator, err := allow(ctx, "Counts")
	if err != nil {
		return w, err
	}
	if w.Mailbox, err = a.Mailbox(ctx); err != nil {
		return w, err
	}
	return w, a.view(ctx, func(tx *store.Tx) error { return a.waiting(tx, operator, &w) })
}

// Home tells what waits today, whatever the operator's roles; the screen shows
// what they use.
func (a *App) Home(ctx context.Context) (w Waiting, err error) {
	if _, err = allow(ctx, "Home"); err != nil {
		return w, err
	}
	if w, err = a.Counts(ctx); err != nil {
		return w, err
	}
	queue, err := a.Queue(ctx)
	w.LettersReady = 0
	for _, letter := range queue {
		if letter.Held == nil {
			w.LettersReady++
		} else {
			w.LettersHeld++
		}
	}
	return w, err
}

func (a *App) waiting(tx *store.Tx, operator data.Operator, w *Waiting) error {
	if err := checkSession(tx, operator); err != nil {
		return err
	}
	settings, err := readSettings(tx)
	if err != nil {
		return err
	}
	w.CutOff = settings.CutOffOn(a.Now())
	batches, err := tx.SpooledBatches()
	if err != nil {
		return err
	}
	for _, batch := range batches {
		if batch.State == data.BatchComposed {
			w.BatchesToPrint++
		} else {
			w.BatchesToPost++
		}
	}
	sent, err := tx.CountLetters()
	if err != nil {
		return err
	}
	w.LettersReady, w.Unconfirmed = sent[data.Queued], sent[data.Posted]
	if w.Overdue, err = tx.CountLettersWithin(data.LetterFilter{Age: data.Overdue}.Bounds(a.Now(), settings)); err != nil {
		return err
	}
	if w.Doubted, err = tx.CountDirectory(data.DirectoryFilter{AddressDoubted: true}); err != nil {
		return err
	}
	if err := a.waitingTickets(tx, w); err != nil {
		return err
	}
	if w.Registrations, w.Organisations, err = tx.CountRegister(); err != nil {
		return err
	}
	login := operator.Login // others' acts are the administrators' to read
	if operator.Has(data.Administrator) {
		login = ""
	}
	w.Recent, err = tx.RecentAudit(login, 12)
	return err
}

// waitingTickets counts what waits at the help desk, each up to CountLimit.
func (a *App) waitingTickets(tx *store.Tx, w *Waiting) (err error) {
	for _, count := range []struct {
		filter data.TicketFilter
		into   *int
	}{
		{data.TicketFilter{States: []data.TicketState{data.NewTicket}}, &w.TicketsNew},
		{data.TicketFilter{States: []data.TicketState{data.OpenTicket}}, &w.TicketsOpen},
		{data.OverdueView.Filter(0), &w.TicketsOverdue},
	} {
		if *count.into, err = tx.CountFiltered(count.filter, a.Now(), CountLimit); err != nil {
			return err
		}
	}
	if w.TicketsUnread, err = tx.CountUnread(CountLimit); err != nil {
		return err
	}
	w.MailsFailed, err = tx.CountFailedOutgoing(CountLimit)
	return err
}
