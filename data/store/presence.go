package store

import (
	"time"

	"guichet/data"
)

// SeePresence notes that an operator has a ticket on the screen.
func (tx *Tx) SeePresence(ticketID int64, p data.Presence) error {
	_, err := tx.exec("note presence",
		`INSERT INTO presence (ticket_id, operator_id, writing, seen_at) VALUES ($1, $2, $3, $4)
		 ON CONFLICT (ticket_id, operator_id) DO UPDATE SET writing = excluded.writing, seen_at = excluded.seen_at`,
		ticketID, p.OperatorID, p.Writing, p.SeenAt)
	return err
}

// Presences are the operators seen on a ticket since a time, by name.
func (tx *Tx) Presences(ticketID int64, since time.Time) ([]data.Presence, error) {
	return list(tx, "list presence", func(p *data.Presence) []any { return []any{&p.OperatorID, &p.Name, &p.Writing, at(&p.SeenAt)} },
		`SELECT p.operator_id, o.name, p.writing, p.seen_at FROM presence p JOIN operator o ON o.id = p.operator_id
		 WHERE p.ticket_id = $1 AND p.seen_at >= $2 ORDER BY o.name`, ticketID, since)
}

// EndPresence notes that an operator has left all tickets but one.
func (tx *Tx) EndPresence(operatorID, except int64) error {
	_, err := tx.exec("end presence", `DELETE FROM presence WHERE operator_id = $1 AND ticket_id <> $2`, operatorID, except)
	return err
}
