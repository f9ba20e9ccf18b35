package app

import (
	"context"
	"encoding/json"
	"time"

	"guichet/data"
)

// UndoTicketChanges puts tickets back as they were before the operator's own
// change: ChangeTicket's or ChangeTickets'. Conflict when something else happened
// to one of them since; all stay as they are then. Help desk and administrators.
func (a *App) UndoTicketChanges(ctx context.Context, before ...data.Ticket) error {
	operator, err := allow(ctx, "UndoTicketChanges")
	if err != nil {
		return err
	}
	return a.update(ctx, operator, func(c *change) error {
		for _, ticket := range before {
			if err := c.undoTicketChange(ticket); err != nil {
				return err
			}
		}
		return nil
	})
}

func (c *change) undoTicketChange(before data.Ticket) error {
	now, err := c.Ticket(before.ID)
	if err != nil {
		return err
	}
	last, err := c.Audit(data.AuditFilter{Subject: "ticket", SubjectID: before.ID}, 0, 1)
	if err != nil {
		return err
	}
	facts, err := json.Marshal(ticketFacts(before))
	if err != nil {
		return err
	}
	own := len(last) == 1 && last[0].Action == "ticket.change" && last[0].Operator == c.operator.Login && last[0].Before == string(facts)
	if !own || now.UpdatedAt.Sub(last[0].At).Abs() > time.Second { // the change's own time, or the next millisecond
		return refuse(Conflict, "La demande {{.Number}} a changé entre-temps : relisez-la, puis recommencez", data.Values{"Number": before.Number})
	}
	return c.saveTicket(now.Ticket, before, "ticket.undo")
}
