package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
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
			err = errors.Join(fmt.Errorf("back up register: %w", err), os.Remove(path))
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
}

// Inspect looks at a register's file without changing it: every page is checked,
// and the audit's chain. ErrDamaged when something is wrong with it, ErrNewer
// when a newer version wrote it.
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
	err = transact(ctx, db, &sql.TxOptions{ReadOnly: true}, func(tx *Tx) error {
		if c, err = tx.contents(); err != nil {
			return err
		}
		if c.Schema < saltAuditVersion { // its chain is verified once it was migrated
			return nil
		}
		check, err := tx.CheckAudit()
		if err == nil && check.Broken.ID != 0 {
			err = fmt.Errorf("%w: the audit is broken at entry %d", ErrDamaged, check.Broken.ID)
		}
		return err
	})
	if err == nil && c.Schema > newestSchema {
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
