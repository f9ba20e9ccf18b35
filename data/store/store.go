// Package store keeps the register: queries and migrations of package data's
// records. SQL stands in the function that runs it, in the words that SQLite
// and PostgreSQL share; what differs is in engine.go.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"sync/atomic"
	"time"

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
	// ErrUncertain: the server was told to commit, and its answer was not heard.
	ErrUncertain = errors.New("committed or not")
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
	closed bool    // for good: Replace could not open it again
	writer *sql.DB // one connection
	reader *sql.DB
	ahead  atomic.Int64 // how far the server's clock is ahead of this machine's
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

// Now is the time: of a shared register its server's, as far as it was heard last,
// so that all workstations agree whatever their clocks say.
func (s *Store) Now() time.Time { return time.Now().Add(time.Duration(s.ahead.Load())) }

// setClock notes the server's time, unless there is none.
func (s *Store) setClock(now time.Time) {
	if !now.IsZero() {
		s.ahead.Store(int64(time.Until(now)))
	}
}

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
