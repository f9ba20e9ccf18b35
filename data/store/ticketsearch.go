package store

import (
	"strings"

	"guichet/data"
)

// IndexNewTicket writes the search document of a ticket just added: what it has
// in hand, so that nothing is read. words are the message's, folded.
func (tx *Tx) IndexNewTicket(t data.Ticket, identifier, organisation string, words []string) error {
	_, err := tx.exec("index ticket",
		`INSERT INTO ticket_search (rowid, subject, requester, organisation, body) VALUES ($1, $2, $3, $4, $5)`,
		t.ID, folded(t.Number+" "+strings.ReplaceAll(t.Number, "-", "")+" "+t.Subject), folded(t.RequesterName+" "+t.RequesterAddress+" "+identifier),
		folded(organisation), strings.Join(words, " ")+" "+folded(strings.Join(t.Tags, " ")))
	return err
}

// IndexTicket writes a ticket's search document anew: its number, subject and
// tags, its requester, its organisation, and of each message the words and the
// attachments' names.
func (tx *Tx) IndexTicket(id int64) error {
	ticket, err := tx.Ticket(id)
	if err != nil {
		return err
	}
	var words []string
	err = each(tx, "index ticket", func(text *string) []any { return []any{text} }, func(text *string) error {
		words = append(words, data.SearchWords(*text)...)
		return nil
	}, `SELECT m.subject || ' ' || m.text || ' ' || m.from_name || ' ' || m.from_address || ' ' ||
		 coalesce((SELECT group_concat(f.name, ' ') FROM attachment f WHERE f.message_id = m.id), '')
		FROM message m WHERE m.ticket_id = $1 ORDER BY m.id`, id)
	if err != nil {
		return err
	}
	if _, err := tx.exec("index ticket", `DELETE FROM ticket_search WHERE rowid = $1`, id); err != nil {
		return err
	}
	return tx.IndexNewTicket(ticket.Ticket, ticket.Identifier, ticket.OrganisationName, words)
}

// folded are a text's words, as searches compare them.
func folded(text string) string { return strings.Join(data.SearchWords(text), " ") }
