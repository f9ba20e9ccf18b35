package store

import (
	"context"
	"slices"
	"strings"

	"guichet/data"
)

// IndexNewTicket writes the search document of a ticket just added: what it has
// in hand, so that nothing is read. words are the message's, folded.
func (tx *Tx) IndexNewTicket(t data.Ticket, identifier, organisation string, words []string) error {
	document := slices.Grow(slices.Clone(words), 40)
	for place, text := range map[data.WordPlace]string{
		"":                  t.Number + " " + strings.ReplaceAll(t.Number, "-", "") + " " + strings.Join(t.Tags, " "),
		data.InSubject:      t.Subject,
		data.InRequester:    t.RequesterName + " " + t.RequesterAddress + " " + identifier,
		data.InOrganisation: organisation,
	} {
		for _, word := range data.SearchWords(text) {
			document = append(document, word)
			if place != "" {
				document = append(document, place.Mark(word))
			}
		}
	}
	_, err := tx.exec("index ticket", `INSERT INTO ticket_search (rowid, words) VALUES ($1, `+tx.engine.words("$2")+`)`, t.ID, strings.Join(document, " "))
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
		 coalesce((SELECT string_agg(f.name, ' ') FROM attachment f WHERE f.message_id = m.id), '')
		FROM message m WHERE m.ticket_id = $1 ORDER BY m.id`, id)
	if err != nil {
		return err
	}
	if _, err := tx.exec("index ticket", `DELETE FROM ticket_search WHERE rowid = $1`, id); err != nil {
		return err
	}
	return tx.IndexNewTicket(ticket.Ticket, ticket.Identifier, ticket.OrganisationName, words)
}

// fillTicketSearch indexes every ticket of a register whose index is empty, as
// a change of its form leaves it; an unfinished copy is indexed at its end.
func (s *Store) fillTicketSearch(ctx context.Context) error {
	var tickets, documents bool
	err := s.transact(ctx, s.reader, s.engine.reading(), func(tx *Tx) error { // not View: the register is being opened
		return tx.get("look at the index", []any{&tickets, &documents},
			`SELECT EXISTS (SELECT 1 FROM ticket) AND NOT EXISTS (SELECT 1 FROM setting WHERE name = $1), EXISTS (SELECT rowid FROM ticket_search)`, migratingFrom)
	})
	if err != nil || documents || !tickets {
		return err
	}
	return s.transact(ctx, s.writer, nil, func(tx *Tx) error {
		ids, err := list(tx, "list tickets", func(id *int64) []any { return []any{id} }, `SELECT id FROM ticket ORDER BY id`)
		if err != nil {
			return err
		}
		for _, id := range ids {
			if err := tx.IndexTicket(id); err != nil {
				return err
			}
		}
		return nil
	})
}
