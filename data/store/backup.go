package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"modernc.org/sqlite"

	"guichet/data"
)

// backupStep is how many pages are copied at a time: 4 MB.
const backupStep = 1024

// Backup copies the register as it is now into a new file (0600) while it goes on
// being used, and returns once the copy is on the disk. progress, which may be
// nil, is told how many pages are copied. Cancelled, it leaves no file.
func (s *Store) Backup(ctx context.Context, path string, progress func(done, total int)) (err error) {
	if err := createNew(path); err != nil {
		return fmt.Errorf("back up register: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("back up register: %w", err), Remove(path))
		}
	}()
	defer s.use()()
	conn, err := s.reader.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	// A transaction of its own holds one state of the register: what others write
	// meanwhile does not make the copy start over.
	if _, err := conn.ExecContext(ctx, `BEGIN`); err != nil {
		return err
	}
	defer conn.ExecContext(context.WithoutCancel(ctx), `ROLLBACK`) //nolint:errcheck // it only read
	if err := conn.QueryRowContext(ctx, `SELECT count(*) FROM setting`).Scan(new(int)); err != nil {
		return err
	}
	err = conn.Raw(func(driver any) error { return copyPages(ctx, driver, path, progress) })
	if err != nil {
		return err
	}
	return syncFile(path)
}

// Copy copies a register's file that is not open into a new one (0600), with what
// the write-ahead log beside it has. An error leaves no file.
func Copy(ctx context.Context, from, to string) (err error) {
	if err := Remove(to); err != nil {
		return err
	}
	if err := createNew(to); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(failed("copy register", err), Remove(to))
		}
	}()
	db, err := sql.Open("sqlite", inspectDSN(from))
	if err != nil {
		return err
	}
	defer db.Close()
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	if err := conn.Raw(func(driver any) error { return copyPages(ctx, driver, to, nil) }); err != nil {
		return err
	}
	return syncFile(to)
}

// Amend changes a register's file that is not open, in one transaction, and leaves
// no log beside it: the file is all there is.
func Amend(ctx context.Context, path string, do func(tx *Tx) error) error {
	s, err := Open(ctx, path)
	if err != nil {
		return err
	}
	if err = s.Update(ctx, do); err == nil {
		err = s.emptyLog(ctx)
	}
	if err = errors.Join(err, s.Close()); err != nil {
		return err
	}
	return errors.Join(removeAll(path, besides), syncFile(path))
}

// besides are the suffixes of what SQLite may have left beside a file.
var besides = []string{"-wal", "-shm", "-journal"}

// Remove removes a register's file that is not open, and what stands beside it.
// That there is none is no error.
func Remove(path string) error { return removeAll(path, append([]string{""}, besides...)) }

func removeAll(path string, suffixes []string) (err error) {
	for _, suffix := range suffixes {
		if removed := os.Remove(path + suffix); !errors.Is(removed, fs.ErrNotExist) {
			err = errors.Join(err, removed)
		}
	}
	return err
}

// Mark tells the register from another, and nothing else of it.
func (tx *Tx) Mark() (string, error) {
	secret, err := tx.Setting("secret")
	sum := sha256.Sum256([]byte("mark\x00" + secret))
	return hex.EncodeToString(sum[:4]), err
}

// Check goes through the register's pages: ErrDamaged when they do not fit
// together.
func (s *Store) Check(ctx context.Context) error {
	if s.Shared() {
		return nil
	}
	defer s.use()()
	// A connection of its own: one that read a full-text index before checks it
	// against what it remembers, and takes another connection's writes for damage.
	db, err := sql.Open("sqlite", sqliteDSN(s.path, "_pragma=query_only(1)"))
	if err != nil {
		return failed("check register", err)
	}
	defer db.Close()
	return checkPages(ctx, db, "quick_check")
}

func copyPages(ctx context.Context, driver any, path string, progress func(done, total int)) error {
	source, ok := driver.(interface {
		NewBackup(string) (*sqlite.Backup, error)
	})
	if !ok {
		return fmt.Errorf("%T cannot be backed up", driver)
	}
	backup, err := source.NewBackup(path)
	if err != nil {
		return err
	}
	for more := true; more; {
		if more, err = backup.Step(backupStep); err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return errors.Join(err, backup.Finish())
		}
		if progress != nil {
			progress(backup.PageCount()-backup.Remaining(), backup.PageCount())
		}
	}
	return backup.Finish()
}

// createNew makes an empty file that only its owner reads, where there is none.
func createNew(path string) error {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600) // #nosec G304 -- the register’s own file, or one that its user chose
	if err != nil {
		return err
	}
	return file.Close()
}

func syncFile(path string) error {
	file, err := os.OpenFile(path, os.O_RDWR, 0) // #nosec G304 -- the register’s own file, or one that its user chose
	if err != nil {
		return err
	}
	return errors.Join(file.Sync(), file.Close())
}

// Contents is what a register's file holds.
type Contents struct {
	Register      string // its name
	Schema        int64
	Organisations int
	Accounts      int
	Letters       int
	Tickets       int
	Operators     int
	LastChange    time.Time // the newest entry of the audit; zero: none
	LastAudit     int64     // its ID
	BrokenAudit   int64     // the first entry that does not follow; 0: the chain is whole
	// Mark tells a register from another: all its backups have it.
	Mark string
}

// Inspect looks at a register's file, with the write-ahead log beside it if there
// is one, without changing it: every page is checked, and the audit's chain.
// ErrDamaged when its pages do not fit together, ErrNewer when a newer version
// wrote it; a broken chain is told.
func Inspect(ctx context.Context, path string) (c Contents, err error) {
	if _, err := os.Stat(path); err != nil {
		return c, fmt.Errorf("inspect register: %w", err)
	}
	if err := checkLength(path); err != nil {
		return c, fmt.Errorf("inspect register: %w", err)
	}
	db, err := sql.Open("sqlite", inspectDSN(path))
	if err != nil {
		return c, fmt.Errorf("inspect register: %w", err)
	}
	defer db.Close()
	if err := checkPages(ctx, db, "integrity_check"); err != nil {
		return c, err
	}
	if err := checkIsRegister(ctx, db); err != nil {
		return c, err
	}
	inspected := &Store{engine: sqliteEngine{}}
	err = inspected.transact(ctx, db, inspected.engine.reading(), func(tx *Tx) error {
		if c, err = tx.contents(); err != nil {
			return err
		}
		if c.Schema < saltAuditVersion { // its chain is verified once it was migrated
			return nil
		}
		check, err := tx.CheckAudit()
		c.BrokenAudit = check.Broken.ID
		return err
	})
	if err == nil && c.Schema > Schema {
		err = ErrNewer
	}
	return c, err
}

func (tx *Tx) contents() (c Contents, err error) {
	err = tx.get("inspect register",
		[]any{&c.Schema, &c.Organisations, &c.Accounts, &c.Letters, &c.Tickets, &c.Operators, &c.LastAudit, at(&c.LastChange), &c.Register},
		`SELECT (SELECT max(version_id) FROM goose_db_version), (SELECT count(*) FROM organisation), (SELECT count(*) FROM account),
		 (SELECT count(*) FROM letter), (SELECT count(*) FROM ticket), (SELECT count(*) FROM operator),
		 (SELECT coalesce(max(id), 0) FROM audit), (SELECT max(at) FROM audit),
		 coalesce((SELECT json_extract(value, '$.RegisterName') FROM setting WHERE name = 'settings'), '')`)
	if err != nil {
		return c, err
	}
	if c.Mark, err = tx.Mark(); err != nil {
		return c, err
	}
	if c.Register == "" {
		c.Register = data.DefaultSettings().RegisterName
	}
	return c, err
}

// checkPages runs one of SQLite's checks over a file: ErrDamaged when it finds
// something.
func checkPages(ctx context.Context, db *sql.DB, pragma string) error {
	var found string
	err := db.QueryRowContext(ctx, `PRAGMA `+pragma+`(1)`).Scan(&found)
	switch {
	case err != nil:
		return failed("check register", err)
	case found != "ok":
		return fmt.Errorf("%w: %s", ErrDamaged, found)
	}
	return nil
}

// checkIsRegister refuses a database of something else, or of nothing.
func checkIsRegister(ctx context.Context, db *sql.DB) error {
	var tables int
	err := db.QueryRowContext(ctx, `SELECT count(*) FROM sqlite_master WHERE name IN ('goose_db_version', 'setting', 'audit')`).Scan(&tables)
	if err != nil {
		return failed("inspect register", err)
	}
	if tables < 3 {
		return fmt.Errorf("inspect register: %w: it has no register's tables", ErrDamaged)
	}
	return nil
}

// Since is what a register did that cannot be taken back.
type Since struct {
	// Unknown tells that nobody knows.
	Unknown  bool
	Counters []Counter
	Sent     []string // Message-IDs of mails
}

// Counter is the last number given, of a kind of record in a year.
type Counter struct {
	Kind string
	Year int
	Last int
}

// Since is what the register did until now.
func (tx *Tx) Since() (s Since, err error) {
	s.Counters, err = list(tx, "read counters", func(c *Counter) []any { return []any{&c.Kind, &c.Year, &c.Last} }, `SELECT kind, year, last FROM counter`)
	if err != nil {
		return s, err
	}
	s.Sent, err = list(tx, "read sent mails", func(id *string) []any { return []any{id} }, `SELECT message_id FROM outgoing_mail WHERE state IN ('sent', 'uncertain')`)
	return s, err
}

// beyondUnknown is how far numbers go on when nobody knows which were given.
const beyondUnknown = 1000

// GoOnFrom keeps a register that went back from giving numbers again and from
// sending mails again.
func (tx *Tx) GoOnFrom(s Since, now time.Time) error {
	if s.Unknown {
		if _, err := tx.exec("go on counting", `UPDATE counter SET last = last + $1`, beyondUnknown); err != nil {
			return err
		}
		_, err := tx.exec("hold mails", `UPDATE outgoing_mail SET state = 'uncertain', next_try_at = NULL WHERE state = 'waiting'`)
		return err
	}
	for _, c := range s.Counters {
		_, err := tx.exec("go on counting", `INSERT INTO counter (kind, year, last) VALUES ($1, $2, $3)
			ON CONFLICT (kind, year) DO UPDATE SET last = CASE WHEN counter.last < excluded.last THEN excluded.last ELSE counter.last END`, c.Kind, c.Year, c.Last)
		if err != nil {
			return err
		}
	}
	for _, id := range s.Sent {
		_, err := tx.exec("note sent mail",
			`UPDATE outgoing_mail SET state = 'sent', sent_at = $2, next_try_at = NULL WHERE message_id = $1 AND state IN ('waiting', 'failed')`, id, now)
		if err != nil {
			return err
		}
	}
	return nil
}
