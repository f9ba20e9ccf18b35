package app

import (
	"context"
	"errors"
	"time"

	"guichet/data"
	"guichet/data/store"
)

// TicketsLimit is the most tickets that one list returns.
const TicketsLimit = 1000

// TicketRecord is a ticket with all that stands beside it.
type TicketRecord struct {
	data.TicketSummary
	Messages []data.Message
	// Account is the requester's; zero when unknown.
	Account data.Account
	// Others are the person's other accounts, in other organisations (R13).
	Others []data.Account
	// Organisation is zero when unknown.
	Organisation OrganisationRecord
}

// Tickets are the tickets in any of some states, the last changed first, at
// most TicketsLimit; all states when none is named. Help desk and
// administrators.
func (a *App) Tickets(ctx context.Context, states ...data.TicketState) (tickets []data.TicketSummary, err error) {
	if _, err := allow(ctx, data.HelpDesk, data.Administrator); err != nil {
		return nil, err
	}
	if len(states) == 0 {
		states = data.TicketStates
	}
	err = a.view(ctx, func(tx *store.Tx) (err error) {
		tickets, err = tx.Tickets(TicketsLimit, states...)
		return err
	})
	return tickets, err
}

// CountTickets counts the tickets by state. Help desk and administrators.
func (a *App) CountTickets(ctx context.Context) (counts map[data.TicketState]int, err error) {
	if _, err := allow(ctx, data.HelpDesk, data.Administrator); err != nil {
		return nil, err
	}
	err = a.view(ctx, func(tx *store.Tx) (err error) {
		counts, err = tx.CountTickets()
		return err
	})
	return counts, err
}

// Ticket is one ticket with its thread and what the register knows of its
// requester. Help desk and administrators.
func (a *App) Ticket(ctx context.Context, id int64) (record TicketRecord, err error) {
	if _, err := allow(ctx, data.HelpDesk, data.Administrator); err != nil {
		return record, err
	}
	err = a.view(ctx, func(tx *store.Tx) (err error) {
		record, err = ticketRecord(tx, id)
		return err
	})
	return record, err
}

func ticketRecord(tx *store.Tx, id int64) (r TicketRecord, err error) {
	if r.TicketSummary, err = tx.Ticket(id); err != nil {
		return r, err
	}
	if r.Messages, err = tx.Messages(id); err != nil {
		return r, err
	}
	if r.OrganisationID != 0 {
		if r.Organisation, err = organisationRecord(tx, r.OrganisationID); err != nil {
			return r, err
		}
	}
	if r.AccountID == 0 {
		return r, nil
	}
	if r.Account, err = tx.Account(r.AccountID); err != nil {
		return r, err
	}
	r.Others, _, err = otherAccounts(tx, r.Account)
	return r, err
}

// TicketByNumber finds a ticket. Help desk and administrators.
func (a *App) TicketByNumber(ctx context.Context, number string) (ticket data.TicketSummary, err error) {
	if _, err := allow(ctx, data.HelpDesk, data.Administrator); err != nil {
		return ticket, err
	}
	err = a.view(ctx, func(tx *store.Tx) (err error) {
		ticket, err = tx.TicketByNumber(number)
		return err
	})
	return ticket, err
}

// Attachment is a file of a ticket's message, with its content. Help desk and
// administrators.
func (a *App) Attachment(ctx context.Context, id int64) (file data.Attachment, err error) {
	if _, err := allow(ctx, data.HelpDesk, data.Administrator); err != nil {
		return file, err
	}
	err = a.view(ctx, func(tx *store.Tx) (err error) {
		file, err = tx.Attachment(id)
		return err
	})
	return file, err
}

// TakeTicket makes the operator the ticket's assignee and opens it. Conflict
// when somebody changed the ticket since it was read. Help desk and
// administrators.
func (a *App) TakeTicket(ctx context.Context, seen data.Ticket) error {
	return a.changeTicket(ctx, seen, "ticket.take", func(ticket *data.Ticket, operator data.Operator, _ time.Time) {
		ticket.AssigneeID = operator.ID
		if ticket.State != data.Waiting {
			ticket.State = data.OpenTicket
		}
		ticket.ClosedAt = time.Time{}
	})
}

// SetTicketHeading puts a ticket under a heading (R18). Conflict when somebody
// changed the ticket since it was read. Help desk and administrators.
func (a *App) SetTicketHeading(ctx context.Context, seen data.Ticket, heading data.Heading) error {
	return a.changeTicket(ctx, seen, "ticket.heading", func(ticket *data.Ticket, _ data.Operator, _ time.Time) {
		ticket.Heading = heading
	})
}

// SolveTicket says that a ticket is answered. Conflict when somebody changed
// the ticket since it was read. Help desk and administrators.
func (a *App) SolveTicket(ctx context.Context, seen data.Ticket) error {
	return a.changeTicket(ctx, seen, "ticket.solve", func(ticket *data.Ticket, operator data.Operator, now time.Time) {
		ticket.State, ticket.ClosedAt = data.Solved, now
		if ticket.AssigneeID == 0 {
			ticket.AssigneeID = operator.ID
		}
	})
}

func (a *App) changeTicket(
	ctx context.Context, seen data.Ticket, action string, alter func(*data.Ticket, data.Operator, time.Time),
) error {
	operator, err := allow(ctx, data.HelpDesk, data.Administrator)
	if err != nil {
		return err
	}
	return a.update(ctx, operator, func(c *change) error {
		ticket := seen
		alter(&ticket, operator, c.now)
		ticket.UpdatedAt = laterThan(c.now, seen.UpdatedAt)
		if err := c.UpdateTicket(seen, ticket); errors.Is(err, store.ErrChanged) {
			return refuse(Conflict, "La demande {{.Number}} a changé entre-temps : relisez-la, puis recommencez", data.Values{"Number": seen.Number})
		} else if err != nil {
			return err
		}
		return c.audit(action, "ticket", ticket.ID, map[string]any{"state": seen.State, "heading": seen.Heading, "assignee": seen.AssigneeID},
			map[string]any{"number": ticket.Number, "state": ticket.State, "heading": ticket.Heading, "assignee": ticket.AssigneeID})
	})
}

// laterThan is now, or the millisecond after before when the clock has not
// moved on: a record's version must differ from the one before.
func laterThan(now, before time.Time) time.Time {
	if now.After(before) {
		return now
	}
	return before.Add(time.Millisecond)
}
