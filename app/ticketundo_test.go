package app

import (
	"slices"
	"testing"

	"guichet/data"
)

// TestAChangeOfTicketsIsUndone: by who made it, as long as nothing else happened.
func TestAChangeOfTicketsIsUndone(t *testing.T) {
	d := openDesk(t)
	one, two := d.ask("a@mairie.example", "Codes", "Bonjour"), d.ask("b@mairie.example", "Codes", "Bonjour")
	before := []data.Ticket{d.ticket(one.ID).Ticket, d.ticket(two.ID).Ticket}
	refused, err := d.ChangeTickets(d.helpDesk, before, TicketChange{State: data.Solved, AddTags: []string{"urgent"}})
	d.done(err)
	if len(refused) != 0 {
		t.Fatal(refused)
	}
	d.done(d.UndoTicketChanges(d.helpDesk, before...))
	for _, was := range before {
		now := d.ticket(was.ID).Ticket
		if now.State != was.State || now.AssigneeID != was.AssigneeID || !slices.Equal(now.Tags, was.Tags) || !now.DueAt.Equal(was.DueAt) {
			t.Errorf("now %+v, was %+v", now, was)
		}
	}
	d.refused(Conflict, d.UndoTicketChanges(d.helpDesk, before...)) // once
	seen := d.ticket(one.ID).Ticket
	d.done(d.ChangeTicket(d.helpDesk, seen, TicketChange{State: data.Solved}))
	d.refused(Conflict, d.UndoTicketChanges(d.admin, seen)) // another's
	d.done(d.AddNote(d.helpDesk, one.ID, "réglé par téléphone"))
	d.refused(Conflict, d.UndoTicketChanges(d.helpDesk, seen)) // something else happened
	if d.ticket(one.ID).State != data.Solved {
		t.Error("undone all the same")
	}
	d.refused(Forbidden, d.UndoTicketChanges(d.mailRoom, seen))
}
