package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"slices"
	"strings"
	"time"
)

const (
	// transferRows and transferBytes bound a transaction's rows.
	transferRows  = 500
	transferBytes = 16 << 20
	// insertRows are inserted by one statement where a statement is a round trip.
	insertRows = 50
)

// copyTable copies the rows that the target has not, and then what refers to rows
// of the same table.
func (t *transfer) copyTable(ctx context.Context, table table) error {
	total, err := t.source.countRows(table)
	if err != nil {
		return err
	}
	result := TableReport{Table: table.name}
	var after []any
	err = t.target.View(ctx, func(tx *Tx) error {
		if result.Kept, err = tx.countRows(table); err == nil && result.Kept > 0 {
			after, err = tx.lastKey(table)
		}
		return err
	})
	if err != nil {
		return err
	}
	t.progress(table.name, result.Kept, total)
	for {
		rows, err := t.source.batch(table, after)
		if err == nil && len(rows) > 0 {
			after = table.keyOf(rows[len(rows)-1])
			err = t.target.Update(ctx, func(tx *Tx) error { return tx.insertRows(table, rows) })
		}
		if err != nil {
			return err
		}
		if len(rows) == 0 {
			break
		}
		result.Copied += len(rows)
		t.progress(table.name, result.Kept+result.Copied, total)
	}
	t.report.Tables = append(t.report.Tables, result)
	return t.joinRows(ctx, table)
}

func (tx *Tx) countRows(t table) (n int, err error) {
	err = tx.get("count "+t.name, []any{&n}, `SELECT count(*) FROM `+quoted(t.name)+` WHERE `+t.where)
	return n, err
}

// lastKey is the largest primary key of a table with rows.
func (tx *Tx) lastKey(t table) ([]any, error) {
	descending := strings.ReplaceAll(names(t.key), ",", " DESC,") + " DESC"
	key, err := tx.readRows("look at "+t.name, t.key, 1, `SELECT `+names(t.key)+` FROM `+quoted(t.name)+` WHERE `+t.where+` ORDER BY `+descending+` LIMIT 1`)
	if err != nil || len(key) == 0 {
		return nil, err
	}
	return key[0], nil
}

// batch are the next rows after a key.
func (tx *Tx) batch(t table, after []any) ([][]any, error) {
	return tx.readRows("read "+t.name, t.columns, transferRows, t.rest(t.columns, after)+fmt.Sprintf(` LIMIT %d`, transferRows), after...)
}

// readRows reads the rows of a query, until they are many bytes.
func (tx *Tx) readRows(what string, columns []column, limit int, query string, args ...any) (rows [][]any, err error) {
	found, err := tx.rows(query, slices.Clone(args)...)
	if err != nil {
		return nil, failed(what, err)
	}
	defer found.Close()
	for size := 0; len(rows) < limit && size < transferBytes && found.Next(); {
		row, err := scanRow(found, columns)
		if err != nil {
			return nil, failed(what, err)
		}
		for _, value := range row {
			switch v := value.(type) {
			case string:
				size += len(v)
			case []byte:
				size += len(v)
			}
		}
		rows = append(rows, row)
	}
	return rows, failedOrNil(what, found.Err())
}

func failedOrNil(what string, err error) error {
	if err != nil {
		err = failed(what, err)
	}
	return err
}

// scanRow reads a row as canonical values.
func scanRow(rows *sql.Rows, columns []column) ([]any, error) {
	row, places := make([]any, len(columns)), make([]any, len(columns))
	for i := range row {
		places[i] = &row[i]
	}
	if err := rows.Scan(places...); err != nil {
		return nil, err
	}
	for i, c := range columns {
		value, err := c.canonical(row[i])
		if err != nil {
			return nil, fmt.Errorf("the row that begins with %v: %w", row[0], err)
		}
		row[i] = value
	}
	return row, nil
}

// insertRows inserts rows; columns that refer to the table itself stay NULL.
func (tx *Tx) insertRows(t table, rows [][]any) error {
	size := insertRows
	if tx.engine.prepares() {
		size = 1
	}
	for chunk := range slices.Chunk(rows, size) {
		var values []string
		var args []any
		for _, row := range chunk {
			values = append(values, `(`+placeholders(len(args)+1, len(row))+`)`)
			for i, c := range t.columns {
				if slices.Contains(t.selfs, c) {
					args = append(args, nil)
				} else {
					args = append(args, row[i])
				}
			}
		}
		query := `INSERT INTO ` + quoted(t.name) + ` (` + names(t.columns) + `) VALUES ` + strings.Join(values, ", ")
		if _, err := tx.exec("copy "+t.name+" from "+keyText(t.keyOf(chunk[0])), query, args...); err != nil {
			return err
		}
	}
	return nil
}

// joinRows writes what refers to rows of the same table, once all are there.
func (t *transfer) joinRows(ctx context.Context, table table) error {
	if len(table.selfs) == 0 {
		return nil
	}
	joined := table
	joined.where = `coalesce(` + names(table.selfs) + `) IS NOT NULL`
	if len(table.selfs) == 1 {
		joined.where = names(table.selfs) + ` IS NOT NULL`
	}
	columns := slices.Concat(table.key, table.selfs)
	var sets []string
	for i, c := range table.selfs {
		sets = append(sets, quoted(c.name)+` = `+placeholder(len(table.key)+1+i))
	}
	query := `UPDATE ` + quoted(table.name) + ` SET ` + strings.Join(sets, ", ") + ` WHERE (` + names(table.key) + `) = (` + placeholders(1, len(table.key)) + `)`
	for after := []any(nil); ; {
		rows, err := t.source.readRows("read "+table.name, columns, transferRows, joined.rest(columns, after)+fmt.Sprintf(` LIMIT %d`, transferRows), after...)
		if err != nil || len(rows) == 0 {
			return err
		}
		after = slices.Clone(rows[len(rows)-1][:len(table.key)])
		err = t.target.Update(ctx, func(tx *Tx) error {
			for _, row := range rows {
				if err := tx.change("join "+table.name+" "+keyText(row[:len(table.key)]), query, row...); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
}

// index builds the search of what the target's search has not yet.
func (t *transfer) index(ctx context.Context) error {
	for _, search := range []struct {
		name, of string
		index    func(tx *Tx, id int64) error
	}{{"organisation_search", "organisation", (*Tx).indexOrganisation}, {"ticket_search", "ticket", (*Tx).IndexTicket}} {
		var total, done int
		if err := t.source.get("count "+search.of, []any{&total}, `SELECT count(*) FROM `+search.of); err != nil {
			return err
		}
		for more := true; more; {
			err := t.target.Update(ctx, func(tx *Tx) error {
				ids, err := list(tx, "list "+search.of, func(id *int64) []any { return []any{id} },
					fmt.Sprintf(`SELECT id FROM %s WHERE id > (SELECT coalesce(max(rowid), 0) FROM %s) ORDER BY id LIMIT %d`, search.of, search.name, transferRows))
				for _, id := range ids {
					if err == nil {
						err = search.index(tx, id)
					}
				}
				more, done = len(ids) > 0, done+len(ids)
				return err
			})
			if err != nil {
				return err
			}
			t.progress(search.name, done, total)
		}
	}
	return nil
}

// verify reads every row again on both sides, and the audit's chain.
func (t *transfer) verify(ctx context.Context) error {
	return t.target.View(ctx, func(tx *Tx) error {
		for i, table := range t.tables {
			result := &t.report.Tables[i]
			total := result.Kept + result.Copied
			if err := t.compare(tx, table, result, total); err != nil {
				return err
			}
			t.progress(table.name, result.Verified, total)
		}
		ours, err := t.source.CheckAudit()
		if err != nil {
			return err
		}
		theirs, err := tx.CheckAudit()
		if err != nil {
			return err
		}
		if ours.Entries != theirs.Entries || ours.Erased != theirs.Erased || ours.Broken.ID != theirs.Broken.ID {
			return &Difference{"audit", fmt.Sprint(max(ours.Broken.ID, theirs.Broken.ID))}
		}
		t.report.Audit = theirs
		return nil
	})
}

// compare reads a table on both sides, in the order of its keys: Difference at the
// first row that is not the same, as the target can keep it.
func (t *transfer) compare(target *Tx, table table, result *TableReport, total int) error {
	query := table.rest(table.columns, nil)
	ours, err := t.source.rows(query)
	if err != nil {
		return failed("verify "+table.name, err)
	}
	defer ours.Close()
	theirs, err := target.rows(query)
	if err != nil {
		return failed("verify "+table.name, err)
	}
	defer theirs.Close()
	digest := sha256.New()
	for {
		here, there := ours.Next(), theirs.Next()
		if err := errors.Join(ours.Err(), theirs.Err()); err != nil {
			return failed("verify "+table.name, err)
		}
		if !here && !there {
			return nil
		}
		var rows [2][]any
		for i, side := range []struct {
			rows *sql.Rows
			has  bool
		}{{ours, here}, {theirs, there}} {
			if side.has {
				if rows[i], err = scanRow(side.rows, table.columns); err != nil {
					return failed("verify "+table.name, err)
				}
			}
		}
		if !here || !there {
			return &Difference{table.name, keyText(table.keyOf(slices.Concat(rows[0], rows[1])))}
		}
		result.Mended += kept(target.engine, rows[0])
		if rowDigest(digest, rows[0]) != rowDigest(digest, rows[1]) {
			return &Difference{table.name, keyText(table.keyOf(rows[0]))}
		}
		if result.Verified++; result.Verified%transferRows == 0 {
			t.progress(table.name, result.Verified, total)
		}
	}
}

// kept makes a row what an engine keeps of it, and counts the values that it
// changed.
func kept(e engine, row []any) (changed int) {
	for i, value := range row {
		text, is := value.(string)
		if is && e.argument(text) != any(text) {
			row[i] = e.argument(text)
			changed++
		}
	}
	return changed
}

// rowDigest is the digest of a row's canonical values: each with its kind and its
// length.
func rowDigest(h hash.Hash, row []any) (sum [sha256.Size]byte) {
	h.Reset()
	for _, value := range row {
		var kind byte
		var content []byte
		switch v := value.(type) {
		case nil:
		case string:
			kind, content = 's', []byte(v)
		case []byte:
			kind, content = 'b', v
		case int64:
			kind, content = 'i', binary.BigEndian.AppendUint64(nil, uint64(v)) // #nosec G115 -- its bits
		case time.Time:
			kind, content = 't', binary.BigEndian.AppendUint64(nil, uint64(v.UnixMilli())) // #nosec G115 -- its bits
		case bool:
			kind = 'f'
			if v {
				kind = 'v'
			}
		}
		h.Write(binary.BigEndian.AppendUint64([]byte{kind}, uint64(len(content))))
		h.Write(content)
	}
	h.Sum(sum[:0])
	return sum
}
