package store

import (
	"strings"

	"guichet/data"
)

const batchColumns = `id, number, state, letters, files, composed_at, printed_at, posted_on, closed_at, duplex, station`

func batchFields(b *data.Batch) []any {
	return []any{
		&b.ID, &b.Number, &b.State, &b.Letters, &b.Files, at(&b.ComposedAt), at(&b.PrintedAt), at(&b.PostedOn), at(&b.ClosedAt), &b.Duplex, &b.Station,
	}
}

// AddBatch adds a composed batch and sets its ID.
func (tx *Tx) AddBatch(b *data.Batch) (err error) {
	b.ID, err = tx.insert("add batch",
		`INSERT INTO batch (number, state, letters, files, composed_at, duplex, station) VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id`,
		b.Number, b.State, b.Letters, b.Files, b.ComposedAt, b.Duplex, b.Station)
	return err
}

// MoveBatch writes a batch's state and dates. ErrChanged: the batch is no
// longer in the state from.
func (tx *Tx) MoveBatch(from data.BatchState, b data.Batch) error {
	return tx.change("move batch "+b.Number,
		`UPDATE batch SET state = $3, printed_at = $4, posted_on = $5, closed_at = $6 WHERE id = $1 AND state = $2`,
		b.ID, from, b.State, whenOrNull(b.PrintedAt), whenOrNull(b.PostedOn), whenOrNull(b.ClosedAt))
}

// Batch is one batch by number: ErrNotFound when there is none.
func (tx *Tx) Batch(number string) (b data.Batch, err error) {
	err = tx.get("find batch", batchFields(&b), `SELECT `+batchColumns+` FROM batch WHERE number = $1`, strings.ToUpper(number))
	return b, err
}

// Batches are the newest batches, at most limit.
func (tx *Tx) Batches(limit int) ([]data.Batch, error) {
	return list(tx, "list batches", batchFields, `SELECT `+batchColumns+` FROM batch ORDER BY id DESC LIMIT $1`, limit)
}

// SpooledBatches are the batches whose spool files must exist.
func (tx *Tx) SpooledBatches() ([]data.Batch, error) {
	return list(tx, "list batches", batchFields,
		`SELECT `+batchColumns+` FROM batch WHERE state IN ($1, $2) ORDER BY id`, data.BatchComposed, data.BatchPrinted)
}
