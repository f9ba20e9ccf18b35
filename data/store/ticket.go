package store

import (
	"strings"
	"time"

	"guichet/data"
)

const ticketColumns = `t.id, t.number, t.state, t.heading, t.heading_proposed, t.priority, t.tags, t.subject,
	t.requester_name, t.requester_address, t.account_id, t.organisation_id, t.assignee_id, t.opened_at, t.updated_at,
	t.closed_at, t.illegible, t.unread, t.due_at, t.due_left, t.first_answered_at, t.waiting_since, t.paused,
	t.merged_into, t.follows, t.former_state`

func ticketFields(t *data.Ticket) []any {
	return []any{
		&t.ID, &t.Number, &t.State, &t.Heading, &t.HeadingProposed, &t.Priority, tagged(&t.Tags), &t.Subject,
		&t.RequesterName, &t.RequesterAddress, maybe(&t.AccountID), maybe(&t.OrganisationID), maybe(&t.AssigneeID),
		at(&t.OpenedAt), at(&t.UpdatedAt), at(&t.ClosedAt), &t.Illegible, &t.Unread, at(&t.DueAt), &t.DueLeft,
		at(&t.FirstAnsweredAt), at(&t.WaitingSince), &t.Paused, maybe(&t.MergedIntoID), maybe(&t.FollowsID), &t.Former,
	}
}

const selectTicketSummary = `SELECT ` + ticketColumns + `, o.name, a.identifier, p.name FROM ticket t
	LEFT JOIN organisation o ON o.id = t.organisation_id
	LEFT JOIN account a ON a.id = t.account_id
	LEFT JOIN operator p ON p.id = t.assignee_id`

func ticketSummaryFields(s *data.TicketSummary) []any {
	return append(ticketFields(&s.Ticket), maybe(&s.OrganisationName), maybe(&s.Identifier), maybe(&s.AssigneeName))
}

// tagged scans tags kept as ",a,b,", which LIKE finds whole.
func tagged(tags *[]string) any { return &tagList{tags} }

type tagList struct{ tags *[]string }

func (l *tagList) Scan(value any) error {
	text, _ := value.(string)
	*l.tags = nil
	if text = strings.Trim(text, ","); text != "" {
		*l.tags = strings.Split(text, ",")
	}
	return nil
}

func tagText(tags []string) string {
	if len(tags) == 0 {
		return ""
	}
	return "," + strings.Join(tags, ",") + ","
}

// AddTicket adds a ticket and sets its ID. It is found by the search once
// IndexTicket was called.
func (tx *Tx) AddTicket(t *data.Ticket) (err error) {
	t.ID, err = tx.insert("add ticket",
		`INSERT INTO ticket (number, state, heading, heading_proposed, priority, tags, subject, requester_name, requester_address,
		 account_id, organisation_id, assignee_id, opened_at, updated_at, closed_at, illegible, unread, due_at, follows)
		 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19) RETURNING id`,
		t.Number, t.State, t.Heading, t.HeadingProposed, t.Priority, tagText(t.Tags), t.Subject, t.RequesterName, t.RequesterAddress,
		orNull(t.AccountID), orNull(t.OrganisationID), orNull(t.AssigneeID), t.OpenedAt, t.UpdatedAt, whenOrNull(t.ClosedAt),
		t.Illegible, t.Unread, whenOrNull(t.DueAt), orNull(t.FollowsID))
	return err
}

// UpdateTicket writes what changes in a ticket's life. ErrChanged: the ticket
// was changed since the moment seen, its UpdatedAt as it was read.
func (tx *Tx) UpdateTicket(seen data.Ticket, t data.Ticket) error {
	return tx.change("update ticket "+t.Number,
		`UPDATE ticket SET state = $3, heading = $4, heading_proposed = $5, priority = $6, tags = $7, account_id = $8,
		 organisation_id = $9, assignee_id = $10, updated_at = $11, closed_at = $12, unread = $13, due_at = $14, due_left = $15,
		 first_answered_at = $16, waiting_since = $17, paused = $18, merged_into = $19, former_state = $20, follows = $21
		 WHERE id = $1 AND updated_at = $2`,
		t.ID, seen.UpdatedAt, t.State, t.Heading, t.HeadingProposed, t.Priority, tagText(t.Tags), orNull(t.AccountID),
		orNull(t.OrganisationID), orNull(t.AssigneeID), t.UpdatedAt, whenOrNull(t.ClosedAt), t.Unread, whenOrNull(t.DueAt), t.DueLeft,
		whenOrNull(t.FirstAnsweredAt), whenOrNull(t.WaitingSince), t.Paused, orNull(t.MergedIntoID), t.Former, orNull(t.FollowsID))
}

// MarkTicketRead notes that somebody looked at a ticket. It is no change that
// another operator must know of.
func (tx *Tx) MarkTicketRead(id int64) error {
	marked, err := tx.exec("mark ticket as read", `UPDATE ticket SET unread = FALSE WHERE id = $1 AND unread`, id)
	if err == nil && marked > 0 {
		err = tx.tell("ticket.read", "ticket", id)
	}
	return err
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

// OrganisationTickets are an organisation's tickets, the last changed first.
func (tx *Tx) OrganisationTickets(organisationID int64) ([]data.TicketSummary, error) {
	return list(tx, "list tickets", ticketSummaryFields,
		selectTicketSummary+` WHERE t.organisation_id = $1 ORDER BY t.updated_at DESC, t.id DESC`, organisationID)
}

// LikelyDoubles are the other tickets that somebody has to act on, from the same
// address or account, opened since a time.
func (tx *Tx) LikelyDoubles(t data.Ticket, since time.Time) ([]data.TicketSummary, error) {
	return list(tx, "list tickets", ticketSummaryFields, selectTicketSummary+
		` WHERE t.id IN (
		   SELECT id FROM ticket WHERE lower(requester_address) = lower($1) AND requester_address <> '' AND state IN ('new', 'open', 'waiting')
		   UNION SELECT id FROM ticket WHERE account_id = $2 AND state IN ('new', 'open', 'waiting'))
		 AND t.id <> $3 AND t.opened_at >= $4 ORDER BY t.id`, t.RequesterAddress, orNull(t.AccountID), t.ID, since)
}

// SolvedBefore are the tickets solved before a time and still not closed.
func (tx *Tx) SolvedBefore(before time.Time) ([]data.TicketSummary, error) {
	return list(tx, "list tickets", ticketSummaryFields,
		selectTicketSummary+` WHERE t.state = $1 AND t.updated_at < $2 ORDER BY t.id`, data.Solved, before)
}

// CountUnread counts the tickets that nobody looked at since something came in,
// up to a most.
func (tx *Tx) CountUnread(most int) (n int, err error) {
	err = tx.get("count tickets", []any{&n}, `SELECT count(*) FROM (SELECT 1 FROM ticket WHERE unread LIMIT $1) AS found`, most)
	return n, err
}

// TicketOfMessage is the ID of the ticket that holds a mail with a Message-ID,
// or for which such a mail was sent: ErrNotFound when none is.
func (tx *Tx) TicketOfMessage(messageID string) (id int64, err error) {
	err = tx.get("find thread", []any{&id},
		`SELECT ticket_id FROM message WHERE message_id = $1 AND message_id <> ''
		 UNION ALL SELECT ticket_id FROM outgoing_mail WHERE message_id = $1 AND ticket_id IS NOT NULL LIMIT 1`, messageID)
	return id, err
}

// EachAnswerTime hands over the tickets opened in a time, for the figures.
func (tx *Tx) EachAnswerTime(from, until time.Time, do func(*data.Ticket) error) error {
	return each(tx, "list tickets", ticketFields, do, `SELECT `+ticketColumns+` FROM ticket t
		WHERE t.opened_at >= $1 AND t.opened_at < $2 AND t.state NOT IN ('spam', 'merged') ORDER BY t.id`, from, until)
}
