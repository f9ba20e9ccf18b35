package store

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"embed"
	"encoding/json"
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
func migrate(ctx context.Context, db *sql.DB, dialect goose.Dialect) error {
	folder, err := fs.Sub(migrations, "migrations/"+string(dialect))
	if err != nil {
		return err
	}
	var options []goose.ProviderOption
	if dialect == goose.DialectSQLite3 { // PostgreSQL begins after it
		options = append(options, goose.WithGoMigrations(saltAudit))
	} else { // two workstations may come at once
		locker, err := lock.NewPostgresSessionLocker()
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
	_, err = provider.Up(ctx)
	switch {
	case err != nil && sqlState(err) == insufficientPrivilege: // of a workstation's role
		return fmt.Errorf("%w (schema %d, this one needs %d)", ErrOlder, version, newest)
	case err != nil:
		return fmt.Errorf("migrate: %w", err)
	}
	return nil
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
