package store

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"guichet/data"
)

//go:embed migrations
var migrations embed.FS

// migrate brings the schema to the newest version, each step in a transaction
// of its own. ErrNewer when the register is beyond it.
func migrate(ctx context.Context, db *sql.DB, dialect goose.Dialect, update Update) error {
	folder, err := fs.Sub(migrations, "migrations/"+string(dialect))
	if err != nil {
		return err
	}
	var options []goose.ProviderOption
	if dialect == goose.DialectSQLite3 { // PostgreSQL begins after it
		options = append(options, goose.WithGoMigrations(saltAudit))
	} else { // two workstations may come at once, and others be at work
		locker, err := lock.NewPostgresSessionLocker(lock.WithLockID(writing), lock.WithLockTimeout(1, 300))
		if err != nil {
			return err
		}
		options = append(options, goose.WithSessionLocker(locker))
	}
	provider, err := goose.NewProvider(dialect, db, folder, options...)
	if err != nil {
		return fmt.Errorf("read migrations: %w", err)
	}
	version, err := provider.GetDBVersion(ctx)
	if err != nil {
		return fmt.Errorf("read version: %w", err)
	}
	sources := provider.ListSources()
	newest := sources[len(sources)-1].Version
	if newest != Schema {
		return fmt.Errorf("the newest schema is %d, not %d", newest, Schema)
	}
	if version > newest {
		return fmt.Errorf("%w (schema %d, this one knows %d)", ErrNewer, version, newest)
	}
	if version == newest {
		return nil
	}
	if version == 0 { // a new register
		update = Update{}
	}
	err = stepUp(ctx, provider, version, update)
	if err != nil && sqlState(err) == insufficientPrivilege { // of a workstation's role
		return fmt.Errorf("%w (schema %d, this one needs %d)", ErrOlder, version, newest)
	}
	return err
}

// stepUp makes the steps after a version one by one.
func stepUp(ctx context.Context, provider *goose.Provider, version int64, update Update) error {
	if update.Before != nil {
		if err := update.Before(ctx); err != nil {
			return fmt.Errorf("before the update: %w", err)
		}
	}
	total := 0
	for _, source := range provider.ListSources() {
		if source.Version > version {
			total++
		}
	}
	for done := 0; ; done++ {
		if update.Progress != nil {
			update.Progress(min(done, total), total)
		}
		_, err := provider.UpByOne(ctx)
		switch {
		case errors.Is(err, goose.ErrNoNextVersion): // the last one, or another workstation made it meanwhile
			return nil
		case err != nil:
			return fmt.Errorf("migrate: %w", err)
		}
	}
}

const (
	saltAuditVersion = 7
	// Schema is the newest schema, which this version writes.
	Schema = 8
)

// saltAudit is migration 7: the audit's chain goes over salted digests of the
// texts, no more over the texts. A link that was broken stays so.
var saltAudit = goose.NewGoMigration(saltAuditVersion, &goose.GoFunc{RunTx: func(ctx context.Context, sqlTx *sql.Tx) error {
	tx := &Tx{engine: sqliteEngine{}, ctx: ctx, tx: sqlTx, statements: map[string]*sql.Stmt{}}
	var former, present []byte // the hashes before
	for after := int64(0); ; {
		entries, err := list(tx, "read audit", auditFields, `SELECT `+auditColumns+` FROM audit WHERE id > $1 ORDER BY id LIMIT 1000`, after)
		if err != nil || len(entries) == 0 {
			return err
		}
		for _, e := range entries {
			whole := bytes.Equal(e.Hash, hashBeforeSalt(e, former))
			former, after = e.Hash, e.ID
			e.Salt = make([]byte, 16)
			rand.Read(e.Salt) //nolint:errcheck // it never fails
			e.Digest = e.TextsDigest()
			if whole {
				e.Hash = e.ChainHash(present)
			}
			present = e.Hash
			if err := tx.change("salt audit", `UPDATE audit SET salt = $2, digest = $3, hash = $4 WHERE id = $1`, e.ID, e.Salt, e.Digest, e.Hash); err != nil {
				return err
			}
		}
	}
}}, nil)

// hashBeforeSalt is the hash of an entry as versions before 0.6 wrote it.
func hashBeforeSalt(e data.AuditEntry, previous []byte) []byte {
	fields, _ := json.Marshal([]any{ // strings and numbers always marshal
		e.At.UnixMilli(), e.Operator, e.Action, e.Subject, e.SubjectID, e.Before, e.After,
	})
	sum := sha256.Sum256(append(bytes.Clone(previous), fields...))
	return sum[:]
}
