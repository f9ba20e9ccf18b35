package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
)

// What a transfer is refused for, to be recognised with errors.Is.
var (
	// ErrUsed: the target holds records that this transfer did not bring.
	ErrUsed = errors.New("the target is a register in use")
	// ErrUnposted: batches of the source have files beside it.
	ErrUnposted = errors.New("batches are not posted yet")
	// ErrUnfinished: the register is a copy that was not finished.
	ErrUnfinished = errors.New("the register is an unfinished copy")
)

// Difference is a record that is not the same on both sides of a transfer.
type Difference struct {
	Table string
	Key   string // of the record, as the register has it
}

func (d *Difference) Error() string {
	return fmt.Sprintf("the copy differs in %s, record %s", d.Table, d.Key)
}

// Report is what a transfer did.
type Report struct {
	Tables []TableReport
	// Audit is the check of the audit's chain, the same on both sides.
	Audit AuditCheck
}

// TableReport is what a transfer did with a table.
type TableReport struct {
	Table    string
	Kept     int // rows that an interrupted transfer had copied
	Copied   int
	Verified int // all of them: read again on both sides, and the same
	Mended   int // texts without the characters that the target cannot keep
}

// Rows counts the rows verified, of all tables.
func (r Report) Rows() (rows int) {
	for _, table := range r.Tables {
		rows += table.Verified
	}
	return rows
}

// migratingFrom is the setting of a target that is not finished: the source's mark
// and its newest audit entry.
const migratingFrom = "migrating_from"

// restart stands for the audit entry when the target is to be filled anew.
const restart = "restart"

// Unfinished tells whether the register is the target of a transfer that did not
// end: it must not be worked on.
func (tx *Tx) Unfinished() (bool, error) {
	value, err := tx.Setting(migratingFrom)
	return value != "", err
}

// transfer is one under way.
type transfer struct {
	source   *Tx // nobody writes in the source until it ends
	target   *Store
	mark     string // the source's
	newest   int64  // its newest audit entry
	tables   []table
	report   Report
	progress func(table string, done, total int)
}

// Transfer copies the register from, a file or a PostgreSQL database, to another
// one, which must be new, and reads both again to compare them row by row:
// Difference when a row is not the same. Nobody can write in the source
// meanwhile, which stays as it is but for its schema, brought to the present. The
// search is built anew; who is where, and sign-ins that failed, stay behind.
//
// Interrupted, it goes on from where it was when it is called again, or starts
// again when the source was worked on meanwhile; the target is unfinished until
// finish, which may be nil and runs in the transaction that ends it.
//
// progress, which may be nil, is told of each table's rows while they are copied,
// and again while they are verified. fs.ErrNotExist when from is no file;
// ErrUnposted, ErrUnfinished and ErrUsed before anything is copied.
func Transfer(ctx context.Context, from, to string, progress func(table string, done, total int), finish func(tx *Tx, report Report) error) (report Report, err error) {
	if !IsShared(from) {
		if _, err := os.Stat(from); err != nil {
			return report, fmt.Errorf("transfer register: %w", err)
		}
	}
	if progress == nil {
		progress = func(string, int, int) {}
	}
	source, err := Open(ctx, from)
	if err != nil {
		return report, err
	}
	err = source.Update(ctx, func(tx *Tx) error { // it writes nothing: nobody else may
		t := &transfer{source: tx, progress: progress}
		err := t.prepare(ctx, to)
		if t.target != nil {
			if err == nil {
				err = t.run(ctx, finish)
			}
			err = errors.Join(err, t.target.Close())
		}
		report = t.report
		return err
	})
	return report, errors.Join(err, source.Close())
}

// prepare looks whether the source may be moved, and takes the target.
func (t *transfer) prepare(ctx context.Context, to string) error {
	err := t.look()
	if err != nil {
		return err
	}
	if t.target, err = Open(ctx, to); err != nil {
		return err
	}
	if t.tables, err = t.readTables(ctx); err != nil {
		return err
	}
	return t.target.Update(ctx, t.take)
}

// look reads which register the source is, and refuses what cannot be moved.
func (t *transfer) look() error {
	unfinished, err := t.source.Unfinished()
	if err != nil {
		return err
	}
	if unfinished {
		return ErrUnfinished
	}
	secret, err := t.source.Setting("secret")
	if err != nil {
		return err
	}
	if secret == "" {
		return fmt.Errorf("transfer register: it is empty: %w", fs.ErrNotExist)
	}
	batches, err := t.source.SpooledBatches()
	if err != nil {
		return err
	}
	if len(batches) > 0 {
		return ErrUnposted
	}
	if t.mark, err = t.source.Mark(); err == nil {
		t.newest, err = t.source.LastAudit()
	}
	return err
}

// claim is the target's setting: whose copy it is, and as of when.
func (t *transfer) claim() string { return fmt.Sprintf("%s %d", t.mark, t.newest) }

// take makes the target this transfer's: a new one, or one that it has left
// unfinished. What it holds goes when the source was worked on since.
func (t *transfer) take(tx *Tx) error {
	claimed, err := tx.Setting(migratingFrom)
	if err != nil || claimed == t.claim() {
		return err
	}
	if claimed == "" {
		err = t.checkNew(tx)
	} else if mark, _, _ := strings.Cut(claimed, " "); mark != t.mark {
		err = ErrUsed
	}
	if err == nil {
		err = t.empty(tx)
	}
	if err != nil {
		return err
	}
	return tx.SetSetting(migratingFrom, t.claim())
}

// checkNew is ErrUsed for a target with any record but the secret that opening it
// gave it.
func (t *transfer) checkNew(tx *Tx) error {
	for _, table := range t.tables {
		query := `SELECT EXISTS (SELECT 1 FROM ` + quoted(table.name) + `)`
		if table.name == "setting" {
			query = `SELECT EXISTS (SELECT 1 FROM setting WHERE name <> 'secret')`
		}
		var used bool
		if err := tx.get("look at "+table.name, []any{&used}, query); err != nil {
			return err
		}
		if used {
			return ErrUsed
		}
	}
	return nil
}

// empty takes everything out of the target.
func (t *transfer) empty(tx *Tx) error {
	names := slices.Concat(searchTables, leftBehind)
	for _, table := range slices.Backward(t.tables) {
		names = append(names, table.name)
	}
	for _, name := range names {
		if _, err := tx.exec("empty "+name, `DELETE FROM `+quoted(name)); err != nil {
			return err
		}
	}
	return nil
}

// run copies, verifies and finishes.
func (t *transfer) run(ctx context.Context, finish func(tx *Tx, report Report) error) error {
	for _, table := range t.tables {
		if err := t.copyTable(ctx, table); err != nil {
			return err
		}
	}
	if err := t.index(ctx); err != nil {
		return err
	}
	if err := t.verify(ctx); err != nil {
		var difference *Difference
		if errors.As(err, &difference) { // the next one starts again
			err = errors.Join(err, t.target.Update(context.WithoutCancel(ctx), func(tx *Tx) error {
				return tx.SetSetting(migratingFrom, t.mark+" "+restart)
			}))
		}
		return err
	}
	return t.target.Update(ctx, func(tx *Tx) error {
		if _, err := tx.exec("finish transfer", `DELETE FROM setting WHERE name = $1`, migratingFrom); err != nil {
			return err
		}
		for _, table := range t.tables {
			if err := tx.engine.settle(tx, table); err != nil {
				return err
			}
		}
		if finish == nil {
			return nil
		}
		return finish(tx, t.report)
	})
}
