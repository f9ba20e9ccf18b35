package store

import (
	"guichet/data"
)

const ticketColumns = `t.id, t.number, t.state, t.heading, t.subject, t.requester_name, t.requester_address,
	t.account_id, t.organisation_id, t.assignee_id, t.opened_at, t.updated_at, t.closed_at, t.illegible`

func ticketFields(t *data.Ticket) []any {
	return []any{
		&t.ID, &t.Number, &t.State, &t.Heading, &t.Subject, &t.RequesterName, &t.RequesterAddress,
		maybe(&t.AccountID), maybe(&t.OrganisationID), maybe(&t.AssigneeID),
		at(&t.OpenedAt), at(&t.UpdatedAt), at(&t.ClosedAt), &t.Illegible,
	}
}

const selectTicketSummary = `SELECT ` + ticketColumns + `, o.name, a.identifier, p.name FROM ticket t
	LEFT JOIN organisation o ON o.id = t.organisation_id
	LEFT JOIN account a ON a.id = t.account_id
	LEFT JOIN operator p ON p.id = t.assignee_id`

func ticketSummaryFields(s *data.TicketSummary) []any {
	return append(ticketFields(&s.Ticket), maybe(&s.OrganisationName), maybe(&s.Identifier), maybe(&s.AssigneeName))
}

// AddTicket adds a ticket and sets its ID.
func (tx *Tx) AddTicket(t *data.Ticket) (err error) {
	t.ID, err = tx.insert("add ticket",
		`INSERT INTO ticket (number, state, heading, subject, requester_name, requester_address, account_id,
		 organisation_id, assignee_id, opened_at, updated_at, illegible)
		 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) RETURNING id`,
		t.Number, t.State, t.Heading, t.Subject, t.RequesterName, t.RequesterAddress, orNull(t.AccountID),
		orNull(t.OrganisationID), orNull(t.AssigneeID), t.OpenedAt, t.UpdatedAt, t.Illegible)
	return err
}

// UpdateTicket writes what changes in a ticket's life. ErrChanged: the ticket
// was changed since the moment seen, its UpdatedAt as it was read.
func (tx *Tx) UpdateTicket(seen data.Ticket, t data.Ticket) error {
	return tx.change("update ticket "+t.Number,
		`UPDATE ticket SET state = $3, heading = $4, account_id = $5, organisation_id = $6, assignee_id = $7,
		 updated_at = $8, closed_at = $9 WHERE id = $1 AND updated_at = $2`,
		t.ID, seen.UpdatedAt, t.State, t.Heading, orNull(t.AccountID), orNull(t.OrganisationID), orNull(t.AssigneeID),
		t.UpdatedAt, whenOrNull(t.ClosedAt))
}

// Ticket is one ticket: ErrNotFound when there is none.
func (tx *Tx) Ticket(id int64) (s data.TicketSummary, err error) {
	err = tx.get("find ticket", ticketSummaryFields(&s), selectTicketSummary+` WHERE t.id = $1`, id)
	return s, err
}

// TicketByNumber is one ticket: ErrNotFound when there is none.
func (tx *Tx) TicketByNumber(number string) (s data.TicketSummary, err error) {
	err = tx.get("find ticket", ticketSummaryFields(&s), selectTicketSummary+` WHERE t.number = $1`, number)
	return s, err
}

// Tickets are the tickets in any of some states, the last changed first, at
// most limit.
func (tx *Tx) Tickets(limit int, states ...data.TicketState) ([]data.TicketSummary, error) {
	args := []any{limit}
	for _, s := range states {
		args = append(args, s)
	}
	return list(tx, "list tickets", ticketSummaryFields,
		selectTicketSummary+` WHERE t.id IN (SELECT id FROM ticket WHERE state IN (`+placeholders(2, len(states))+`)
		 ORDER BY updated_at DESC, id DESC LIMIT $1) ORDER BY t.updated_at DESC, t.id DESC`, args...)
}

// OrganisationTickets are an organisation's tickets, the last changed first.
func (tx *Tx) OrganisationTickets(organisationID int64) ([]data.TicketSummary, error) {
	return list(tx, "list tickets", ticketSummaryFields,
		selectTicketSummary+` WHERE t.organisation_id = $1 ORDER BY t.updated_at DESC, t.id DESC`, organisationID)
}

// CountTickets counts the tickets by state.
func (tx *Tx) CountTickets() (map[data.TicketState]int, error) {
	return counts[data.TicketState](tx, "count tickets", `SELECT state, count(*) FROM ticket GROUP BY state`)
}

// TicketOfMessage is the ID of the ticket that holds a mail with a Message-ID:
// ErrNotFound when none does.
func (tx *Tx) TicketOfMessage(messageID string) (id int64, err error) {
	err = tx.get("find thread", []any{&id},
		`SELECT ticket_id FROM message WHERE message_id = $1 AND message_id <> '' ORDER BY id LIMIT 1`, messageID)
	return id, err
}
