package store

import (
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"net/url"
	"os"
	"runtime"
	"strings"
	"syscall"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// sqliteEngine is SQLite: a file, one writer at a time, FTS5.
type sqliteEngine struct{}

// begin: _txlock=immediate did.
func (sqliteEngine) begin(context.Context, *sql.Tx) (now time.Time, err error) { return now, nil }

func (sqliteEngine) unheard(error) bool       { return false }
func (sqliteEngine) reading() *sql.TxOptions  { return &sql.TxOptions{ReadOnly: true} }
func (sqliteEngine) claiming() *sql.TxOptions { return &sql.TxOptions{ReadOnly: true} }
func (sqliteEngine) prepares() bool           { return true } // parsing costs more than most of them
func (sqliteEngine) argument(value any) any   { return value }

func (sqliteEngine) term(word string) string      { return `"` + word + `"*` }
func (sqliteEngine) and(searches []string) string { return strings.Join(searches, " AND ") }
func (sqliteEngine) or(searches []string) string  { return strings.Join(searches, " OR ") }
func (sqliteEngine) less(wanted, unwanted string) string {
	return "(" + wanted + ") NOT (" + unwanted + ")"
}
func (sqliteEngine) matches(table string) string { return table + " MATCH $n" }
func (sqliteEngine) document(text string) string { return text }
func (sqliteEngine) words(text string) string    { return text }

func (sqliteEngine) numbers(array string) string { return `SELECT value FROM json_each(` + array + `)` }
func (sqliteEngine) claim(string) string         { return "" } // nobody else has the file open

func (sqliteEngine) columns() string {
	return `SELECT t.name, c.name, c.type, c.pk FROM pragma_table_list t JOIN pragma_table_info(t.name) c
		WHERE t.schema = 'main' AND t.type = 'table' AND t.name NOT LIKE 'sqlite%' ORDER BY t.name, c.cid`
}

func (sqliteEngine) references() string {
	return `SELECT t.name, f."from", f."table" FROM pragma_table_list t JOIN pragma_foreign_key_list(t.name) f WHERE t.schema = 'main' AND t.type = 'table'`
}

func (sqliteEngine) settle(*Tx, table) error { return nil } // the next id follows the largest

// sqliteDSN names a SQLite file with the pragmas that every connection needs:
// an Exec would reach one pooled connection only. Times are kept in
// milliseconds and come back as such: the driver's own reading takes those
// before 2001 for seconds.
func sqliteDSN(path, extra string) string {
	return "file:" + (&url.URL{Path: path}).EscapedPath() +
		"?_pragma=journal_mode(WAL)&_pragma=foreign_keys(1)&_pragma=busy_timeout(10000)&_pragma=synchronous(FULL)&_pragma=cache_size(-16000)" +
		"&_time_integer_format=unix_milli&" + extra
}

// inspectDSN names a SQLite file that is only looked at: nothing is made beside
// it, unless a write-ahead log stands there, which has to be read too.
func inspectDSN(path string) string {
	dsn := "file:" + (&url.URL{Path: path}).EscapedPath() + "?mode=ro&_pragma=query_only(1)&_time_integer_format=unix_milli"
	if log, err := os.Stat(path + "-wal"); err != nil || log.Size() == 0 {
		dsn += "&immutable=1"
	}
	return dsn
}

// checkLength tells a file that was cut off: its header says how many pages it
// has. While a write-ahead log stands beside it, that may have the rest.
func checkLength(path string) error {
	if log, err := os.Stat(path + "-wal"); err == nil && log.Size() > 0 {
		return nil
	}
	file, err := os.Open(path) // #nosec G304 -- the register’s own file, or one that its user chose
	if err != nil {
		return err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil || info.Size() == 0 { // a new register
		return err
	}
	header := make([]byte, 100)
	if _, err := file.ReadAt(header, 0); err != nil || string(header[:16]) != "SQLite format 3\x00" {
		return fmt.Errorf("%w: it is no register", ErrDamaged)
	}
	size := int64(binary.BigEndian.Uint16(header[16:]))
	if size == 1 {
		size = 65536
	}
	if pages := int64(binary.BigEndian.Uint32(header[28:])); info.Size() < pages*size {
		return fmt.Errorf("%w: it was cut off at %d bytes of %d", ErrDamaged, info.Size(), pages*size)
	}
	return nil
}

// primaryCode is the kind of a SQLite error; 0 for another error.
func primaryCode(err error) int {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return 0
	}
	return e.Code() & 0xff
}

// isUnavailable recognises, by code, a register that is locked too long, a disk
// that refuses, and a server that does not answer.
func isUnavailable(err error) bool {
	return isServerGone(err) || primaryCode(err) == sqlite3.SQLITE_FULL || DiskFails(err) || Locked(err)
}

// DiskFull recognises a disk, here or a server's, that has no room for what was to
// be written.
func DiskFull(err error) bool {
	windows := runtime.GOOS == "windows" && errors.Is(err, errorDiskFull)
	return primaryCode(err) == sqlite3.SQLITE_FULL || sqlState(err) == serverDiskFull || windows ||
		errors.Is(err, syscall.ENOSPC)
}

// DiskFails recognises SQLite's errors of the disk that the register is on, or of
// the network that it is reached by.
func DiskFails(err error) bool {
	code := primaryCode(err)
	return code == sqlite3.SQLITE_IOERR || code == sqlite3.SQLITE_CANTOPEN
}

// Locked recognises a register's file that another program holds too long.
func Locked(err error) bool { return primaryCode(err) == sqlite3.SQLITE_BUSY }

// errorDiskFull is Windows' ERROR_DISK_FULL.
const errorDiskFull = syscall.Errno(112)

// isDamaged recognises, by code, a file that is no register or is not whole.
func isDamaged(err error) bool {
	code := primaryCode(err)
	return code == sqlite3.SQLITE_NOTADB || code == sqlite3.SQLITE_CORRUPT
}

// isReadOnly recognises, by code, a file that cannot be written.
func isReadOnly(err error) bool {
	return primaryCode(err) == sqlite3.SQLITE_READONLY || sqlState(err) == insufficientPrivilege || sqlState(err) == readOnlyTransaction
}

// isInTransaction recognises, by its words, for want of a code, a transaction that
// begins inside another.
func isInTransaction(err error) bool {
	return primaryCode(err) == sqlite3.SQLITE_ERROR && strings.Contains(err.Error(), "within a transaction")
}

// isUniqueViolation recognises a second record with a unique value, by code.
func isUniqueViolation(err error) bool {
	if sqlState(err) == uniqueViolation {
		return true
	}
	var e *sqlite.Error
	return errors.As(err, &e) &&
		(e.Code() == sqlite3.SQLITE_CONSTRAINT_UNIQUE || e.Code() == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY)
}
