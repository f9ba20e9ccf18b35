package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// Tx is a transaction; the queries are its methods. It must not be used after
// the function that it was handed to returns.
type Tx struct {
	name       string // the store's
	engine     engine
	ctx        context.Context
	tx         *sql.Tx
	statements map[string]*sql.Stmt // prepared once: parsing costs more than most of them
}

// Update runs do in a transaction that may write. It commits when do returns
// nil and leaves nothing behind otherwise, a cancelled context included. With
// ErrUncertain alone it is not known which: the next Update sees it settled.
func (s *Store) Update(ctx context.Context, do func(tx *Tx) error) error {
	defer s.use()()
	return s.transact(ctx, s.writer, nil, do)
}

// View runs do in a transaction that sees one state of the register and cannot
// write.
func (s *Store) View(ctx context.Context, do func(tx *Tx) error) error {
	defer s.use()()
	return s.transact(ctx, s.reader, s.engine.reading(), do)
}

func (s *Store) transact(ctx context.Context, db *sql.DB, options *sql.TxOptions, do func(tx *Tx) error) error {
	if s.closed {
		return ErrClosed
	}
	tx, end, err := begin(ctx, db, options)
	if err != nil {
		return failed("begin", err)
	}
	defer end()
	defer tx.Rollback() //nolint:errcheck // after a commit there is nothing to roll back
	if options == nil {
		now, err := s.engine.begin(ctx, tx)
		if err != nil {
			return failed("begin", err)
		}
		s.setClock(now)
	}
	if err := do(&Tx{engine: s.engine, name: s.name, ctx: ctx, tx: tx, statements: map[string]*sql.Stmt{}}); err != nil {
		if ended := ctx.Err(); ended != nil { // the driver says something else, depending on when it noticed
			return fmt.Errorf("%w: %w", ended, err)
		}
		return err
	}
	if err := tx.Commit(); err != nil {
		if errors.Is(err, sql.ErrTxDone) { // the context's end rolled it back
			err = cmp.Or(ctx.Err(), err)
		}
		if options == nil && s.engine.unheard(err) {
			err = fmt.Errorf("%w: %w", ErrUncertain, err)
		}
		return failed("commit", err)
	}
	return nil
}

// begin begins a transaction on a connection that end gives back. SQLite's driver
// may leave one whose context ended at the wrong moment in its transaction: that is
// rolled back first.
func begin(ctx context.Context, db *sql.DB, options *sql.TxOptions) (tx *sql.Tx, end func(), err error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, nil, err
	}
	tx, err = conn.BeginTx(ctx, options)
	if isInTransaction(err) {
		if _, err = conn.ExecContext(context.WithoutCancel(ctx), `ROLLBACK`); err == nil {
			tx, err = conn.BeginTx(ctx, options)
		}
	}
	if err != nil {
		return nil, nil, errors.Join(err, conn.Close())
	}
	return tx, func() { conn.Close() }, nil
}

// Claim runs do in a transaction that sees the register as View's does, and in
// which what is claimed is kept from other workstations until do returns; they
// write meanwhile, and are told ErrClaimed where they would change it. do heeds
// ctx itself: a transaction that a context ends lets its claims go some time later.
func (s *Store) Claim(ctx context.Context, do func(tx *Tx) error) error {
	defer s.use()()
	return s.transact(context.WithoutCancel(ctx), s.reader, s.engine.claiming(), do)
}

// Attempt runs a part of a transaction that may fail and leave nothing behind
// while the rest goes on.
func (tx *Tx) Attempt(do func() error) error {
	if _, err := tx.exec("set a savepoint", `SAVEPOINT attempt`); err != nil {
		return err
	}
	failure := do()
	if failure != nil {
		if _, err := tx.exec("roll back", `ROLLBACK TO SAVEPOINT attempt`); err != nil {
			return errors.Join(failure, err)
		}
	}
	_, err := tx.exec("release a savepoint", `RELEASE SAVEPOINT attempt`)
	return errors.Join(failure, err)
}

// prepared is a query's statement, which ends with the transaction.
func (tx *Tx) prepared(query string) (*sql.Stmt, error) {
	if statement := tx.statements[query]; statement != nil {
		return statement, nil
	}
	statement, err := tx.tx.PrepareContext(tx.ctx, query)
	if err != nil {
		return nil, err
	}
	tx.statements[query] = statement
	return statement, nil
}

// row runs a query of one row and reads it into fields.
func (tx *Tx) row(fields []any, query string, args ...any) error {
	args = tx.arguments(args)
	if !tx.engine.prepares() {
		return tx.tx.QueryRowContext(tx.ctx, query, args...).Scan(fields...)
	}
	statement, err := tx.prepared(query)
	if err != nil {
		return err
	}
	return statement.QueryRowContext(tx.ctx, args...).Scan(fields...)
}

// rows runs a query.
func (tx *Tx) rows(query string, args ...any) (*sql.Rows, error) {
	args = tx.arguments(args)
	if !tx.engine.prepares() {
		return tx.tx.QueryContext(tx.ctx, query, args...)
	}
	statement, err := tx.prepared(query)
	if err != nil {
		return nil, err
	}
	return statement.QueryContext(tx.ctx, args...)
}

// exec runs a statement; what says it in an error.
func (tx *Tx) exec(what, query string, args ...any) (int64, error) {
	args = tx.arguments(args)
	var result sql.Result
	var err error
	if tx.engine.prepares() {
		var statement *sql.Stmt
		if statement, err = tx.prepared(query); err == nil {
			result, err = statement.ExecContext(tx.ctx, args...)
		}
	} else {
		result, err = tx.tx.ExecContext(tx.ctx, query, args...)
	}
	if err != nil {
		return 0, failed(what, err)
	}
	return result.RowsAffected()
}

// change runs an UPDATE that must touch one row: ErrChanged otherwise.
func (tx *Tx) change(what, query string, args ...any) error {
	n, err := tx.exec(what, query, args...)
	if err == nil && n != 1 {
		err = fmt.Errorf("%s: %w", what, ErrChanged)
	}
	return err
}

// insert runs an INSERT … RETURNING id.
func (tx *Tx) insert(what, query string, args ...any) (int64, error) {
	var id int64
	if err := tx.row([]any{&id}, query, args...); err != nil {
		return 0, failed(what, err)
	}
	return id, nil
}

// get reads one row into fields: ErrNotFound when there is none.
func (tx *Tx) get(what string, fields []any, query string, args ...any) error {
	if err := tx.row(fields, query, args...); err != nil {
		return failed(what, err)
	}
	return nil
}

// list reads all rows of a query, each into the fields of a new record.
func list[T any](tx *Tx, what string, fields func(*T) []any, query string, args ...any) ([]T, error) {
	var records []T
	err := each(tx, what, fields, func(record *T) error {
		records = append(records, *record)
		return nil
	}, query, args...)
	if err != nil {
		return nil, err
	}
	return records, nil
}

// each hands a query's rows over one by one, in one record that is used again.
// The transaction can do nothing else meanwhile.
func each[T any](tx *Tx, what string, fields func(*T) []any, do func(*T) error, query string, args ...any) error {
	rows, err := tx.rows(query, args...)
	if err != nil {
		return failed(what, err)
	}
	defer rows.Close()
	var record T
	places := fields(&record)
	for rows.Next() {
		record = *new(T) // byte slices are not shared with what was handed over
		if err := rows.Scan(places...); err != nil {
			return failed(what, err)
		}
		if err := do(&record); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return failed(what, err)
	}
	return nil
}

// failed wraps a driver's error, with the sentinel that it amounts to.
func failed(what string, err error) error {
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return fmt.Errorf("%s: %w", what, ErrNotFound)
	case isUniqueViolation(err):
		return fmt.Errorf("%s: %w: %w", what, ErrTaken, err)
	case isDamaged(err):
		return fmt.Errorf("%s: %w: %w", what, ErrDamaged, err)
	case isReadOnly(err):
		return fmt.Errorf("%s: %w: %w", what, ErrReadOnly, err)
	case sqlState(err) == lockNotAvailable:
		return fmt.Errorf("%s: %w: %w", what, ErrClaimed, err)
	case isUnavailable(err):
		return fmt.Errorf("%s: %w: %w", what, ErrUnavailable, err)
	}
	return fmt.Errorf("%s: %w", what, err)
}
