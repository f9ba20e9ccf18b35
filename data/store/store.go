// Package store keeps the register: queries and migrations of package data's
// records. SQL stands in the function that runs it, in the words that SQLite
// and PostgreSQL share; what differs is in dialect.go.
package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"

	"github.com/pressly/goose/v3"
)

// Sentinels, to be recognised with errors.Is.
var (
	// ErrNotFound: no such record.
	ErrNotFound = errors.New("record not found")
	// ErrNewer: the register was written by a newer version of Guichet.
	ErrNewer = errors.New("the register was written by a newer version of Guichet: install that version")
	// ErrOlder: the register's schema is to be brought to this version by who owns
	// it.
	ErrOlder = errors.New("the register's schema is older than this version of Guichet")
	// ErrTaken: the value must be unique and is used already.
	ErrTaken = errors.New("value already used")
	// ErrUnavailable: the file is locked too long, or the disk refuses.
	ErrUnavailable = errors.New("register unavailable")
	// ErrDamaged: the file is no register, or is no longer whole.
	ErrDamaged = errors.New("register damaged")
	// ErrReadOnly: the file, or its folder, cannot be written.
	ErrReadOnly = errors.New("register read-only")
	// ErrChanged: the record is no longer in the state it was read in.
	ErrChanged = errors.New("record changed meanwhile")
	// ErrClaimed: another workstation works on the record.
	ErrClaimed = errors.New("record claimed by another workstation")
	// ErrClosed: the file was to be replaced, and the register could not be opened
	// again.
	ErrClosed = errors.New("register closed")
)

// Store is an open register. Its methods may be called from any goroutine.
type Store struct {
	engine engine
	name   string // tells this process's changes from others'; empty: nobody else is told
	path   string // of a SQLite file, or the address of a PostgreSQL database
	update Update
	gate   gate    // shut while the file is replaced
	closed bool    // for good, after Replace
	writer *sql.DB // one connection
	reader *sql.DB
}

// checkedSize is the size of a file up to which it is checked whenever it is
// opened, which takes a fraction of a second; a larger one is checked with
// each backup, beside the work.
const checkedSize = 64 << 20

// Open opens the register kept in a SQLite file, creating it (0600, in a 0700
// folder) and bringing it to the present schema. ErrNewer when a newer version
// wrote it, ErrDamaged when it is not whole, ErrReadOnly when it cannot be
// written; none of them changes the file.
func Open(ctx context.Context, path string) (*Store, error) {
	return OpenUpdating(ctx, path, Update{})
}

// Update is what goes with bringing a register of an earlier schema to the
// present one. A new register, whose schema is made, is not updated.
type Update struct {
	// Before is called once before anything is changed; its error keeps the
	// register as it is, and is Open's. Nil: nothing goes before.
	Before func(ctx context.Context) error
	// Progress is told how many of the steps are done; nil: nobody is.
	Progress func(done, total int)
}

// OpenUpdating is Open, with what goes with an update.
func OpenUpdating(ctx context.Context, path string, update Update) (*Store, error) {
	s := &Store{path: path, engine: sqliteEngine{}, update: update}
	open := s.open
	if IsShared(path) {
		s.engine, open = postgresEngine{}, s.openShared
	}
	if err := open(ctx); err != nil {
		return nil, err
	}
	s.update = Update{} // a register that Replace opens is a backup already
	return s, nil
}

func (s *Store) open(ctx context.Context) error {
	path := s.path
	if err := createFile(path); err != nil {
		if errors.Is(err, fs.ErrPermission) {
			err = fmt.Errorf("%w: %w", ErrReadOnly, err)
		}
		return fmt.Errorf("open register: %w", err)
	}
	// What is deleted is overwritten, also what the search's index frees: an erasure
	// could not find it later.
	writer, err := sql.Open("sqlite", sqliteDSN(path, "_txlock=immediate&_pragma=secure_delete(1)"))
	if err != nil {
		return fmt.Errorf("open register: %w", err)
	}
	writer.SetMaxOpenConns(1)
	reader, err := sql.Open("sqlite", sqliteDSN(path, "_pragma=query_only(1)"))
	if err != nil {
		return errors.Join(fmt.Errorf("open register: %w", err), writer.Close())
	}
	reader.SetMaxOpenConns(max(4, runtime.NumCPU()))
	s.writer, s.reader = writer, reader
	err = s.checkFile(ctx)
	if err == nil {
		err = migrate(ctx, writer, goose.DialectSQLite3, s.update)
	}
	if err == nil {
		err = s.fillTicketSearch(ctx)
	}
	if err != nil {
		return errors.Join(failed("open register "+path, err), s.Close())
	}
	return nil
}

// checkFile tells, before anything is written, whether the file is a register
// and whole.
func (s *Store) checkFile(ctx context.Context) error {
	if err := checkLength(s.path); err != nil {
		return err
	}
	if info, err := os.Stat(s.path); err != nil || info.Size() > checkedSize {
		return err
	}
	return checkPages(ctx, s.reader, "quick_check")
}

// Replace has prepare see the register as it is last, closes it, has do put
// another file in its place, and opens that. ErrUnavailable when what is under way
// does not end within some seconds; transactions that begin meanwhile wait.
// ErrClosed when it could not be opened again.
func (s *Store) Replace(ctx context.Context, prepare func(tx *Tx) error, do func() error) error {
	if !s.gate.close(ctx) {
		return fmt.Errorf("replace register: %w: it is in use", ErrUnavailable)
	}
	defer s.gate.open()
	if err := s.transact(ctx, s.reader, s.engine.reading(), prepare); err != nil {
		return err
	}
	done, err := error(nil), s.Close()
	if err == nil {
		done = do()
		if _, err = os.Stat(s.path); err == nil { // open would make an empty one
			err = s.open(context.WithoutCancel(ctx))
		}
	}
	if err != nil {
		s.closed = true
		return fmt.Errorf("replace register: %w: %w", ErrClosed, errors.Join(done, err))
	}
	return done
}

// Shared tells whether the register is a PostgreSQL database.
func (s *Store) Shared() bool { return s.engine == postgresEngine{} }

// use keeps the file from being replaced until the function that it returns is
// called.
func (s *Store) use() (end func()) {
	s.gate.enter()
	return s.gate.leave
}

// createFile makes an empty register that only its owner reads.
func createFile(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600) // #nosec G304 -- the register’s own file, or one that its user chose
	if err != nil {
		return err
	}
	return file.Close()
}

// Close ends all connections.
func (s *Store) Close() error { return errors.Join(s.reader.Close(), s.writer.Close()) }

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
// nil and leaves nothing behind otherwise, a cancelled context included.
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
		if err := s.engine.begin(ctx, tx); err != nil {
			return failed("begin", err)
		}
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
