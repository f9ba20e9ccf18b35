package app

import (
	"context"
	"slices"

	"guichet/data"
)

// MergeTickets moves the messages of tickets into one, which goes on; the
// others are merged, and lead to it. UnmergeTicket undoes it. Conflict when
// somebody changed one since it was seen, or when one is merged already. Help
// desk and administrators.
func (a *App) MergeTickets(ctx context.Context, into data.Ticket, seen ...data.Ticket) error {
	operator, err := allow(ctx, "MergeTickets")
	if err != nil {
		return err
	}
	return a.update(ctx, operator, func(c *change) error {
		if into.State == data.MergedTicket {
			return refuse(Conflict, "La demande {{.Number}} est fusionnée dans une autre", data.Values{"Number": into.Number})
		}
		for _, ticket := range seen {
			if ticket.ID == into.ID {
				continue
			}
			if err := c.mergeTicket(ticket, into); err != nil {
				return err
			}
		}
		if err := c.IndexTicket(into.ID); err != nil {
			return err
		}
		return c.saveTicket(into, into, "ticket.merge_into")
	})
}

func (c *change) mergeTicket(seen, into data.Ticket) error {
	if seen.State == data.MergedTicket {
		return refuse(Conflict, "La demande {{.Number}} est fusionnée dans une autre", data.Values{"Number": seen.Number})
	}
	if err := c.MoveMessages(seen.ID, into.ID); err != nil {
		return err
	}
	ticket := seen
	ticket.Former, ticket.State, ticket.MergedIntoID, ticket.Unread = seen.State, data.MergedTicket, into.ID, false
	if err := c.IndexTicket(seen.ID); err != nil {
		return err
	}
	return c.saveTicket(seen, ticket, "ticket.merge")
}

// UnmergeTicket undoes a merger: the messages that came from the ticket go back
// to it, also when the other was merged in its turn, and it is in the state that
// it was in. Conflict when it is not merged. Help desk and administrators.
func (a *App) UnmergeTicket(ctx context.Context, seen data.Ticket) error {
	operator, err := allow(ctx, "UnmergeTicket")
	if err != nil {
		return err
	}
	return a.update(ctx, operator, func(c *change) error {
		if seen.State != data.MergedTicket {
			return refuse(Conflict, "La demande {{.Number}} n’est pas fusionnée", data.Values{"Number": seen.Number})
		}
		holder, err := c.followed(c.Ticket(seen.ID))
		if err != nil {
			return err
		}
		if err := c.MoveMessagesBack(seen.ID); err != nil {
			return err
		}
		ticket := seen
		ticket.State, ticket.Former, ticket.MergedIntoID = seen.Former, "", 0
		if err := c.IndexTicket(holder.ID); err != nil {
			return err
		}
		if err := c.IndexTicket(seen.ID); err != nil {
			return err
		}
		return c.saveTicket(seen, ticket, "ticket.unmerge")
	})
}

// followed follows a ticket to the one that holds its messages: itself, or the
// end of its mergers.
func (c *change) followed(ticket data.TicketSummary, err error) (data.TicketSummary, error) {
	for steps := 0; err == nil && ticket.MergedIntoID != 0 && steps < 100; steps++ {
		ticket, err = c.Ticket(ticket.MergedIntoID)
	}
	return ticket, err
}

// SplitTicket opens a ticket of its own for some messages of another: the same
// requester, heading and links. Conflict when somebody changed the ticket since
// it was seen, or when nothing would stay in it. Help desk and administrators.
func (a *App) SplitTicket(ctx context.Context, seen data.Ticket, messageIDs ...int64) (split data.Ticket, err error) {
	operator, err := allow(ctx, "SplitTicket")
	if err != nil {
		return split, err
	}
	err = a.update(ctx, operator, func(c *change) error {
		settings, err := readSettings(c.Tx)
		if err != nil {
			return err
		}
		thread, err := c.Messages(seen.ID)
		if err != nil {
			return err
		}
		moved := slices.DeleteFunc(slices.Clone(thread), func(m data.Message) bool { return !slices.Contains(messageIDs, m.ID) })
		if len(moved) == 0 || len(moved) == len(thread) {
			return refuse(Conflict, "Choisissez une partie des messages : il doit en rester", nil)
		}
		if split, err = c.openLike(seen, moved[0], settings.Clock()); err != nil {
			return err
		}
		for _, message := range moved {
			if err := c.MoveMessage(message.ID, seen.ID, split.ID); err != nil {
				return err
			}
		}
		if err := c.IndexTicket(split.ID); err != nil {
			return err
		}
		if err := c.IndexTicket(seen.ID); err != nil {
			return err
		}
		return c.saveTicket(seen, seen, "ticket.split")
	})
	return split, err
}

// openLike opens a ticket beside another, for a message of it.
func (c *change) openLike(seen data.Ticket, first data.Message, clock data.Clock) (data.Ticket, error) {
	number, err := c.NextNumber("ticket", c.now.Year())
	if err != nil {
		return data.Ticket{}, err
	}
	ticket := data.Ticket{
		Number: data.TicketNumber(c.now.Year(), number), State: data.OpenTicket, Heading: seen.Heading, Priority: seen.Priority,
		Subject: first.Subject, RequesterName: seen.RequesterName, RequesterAddress: seen.RequesterAddress,
		AccountID: seen.AccountID, OrganisationID: seen.OrganisationID, AssigneeID: seen.AssigneeID,
		OpenedAt: first.ReceivedAt, UpdatedAt: c.now, FollowsID: seen.ID,
	}
	if ticket.Subject == "" {
		ticket.Subject = seen.Subject
	}
	clock.Start(&ticket)
	if err := c.AddTicket(&ticket); err != nil {
		return ticket, err
	}
	return ticket, c.audit("ticket.open", "ticket", ticket.ID, nil, map[string]any{"number": ticket.Number, "from": seen.Number})
}
