package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"runtime"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
)

// IsShared tells the address of a PostgreSQL database from a file's path.
func IsShared(path string) bool {
	return strings.HasPrefix(path, "postgres://") || strings.HasPrefix(path, "postgresql://")
}

// postgresEngine is PostgreSQL: several workstations, one writing at a time,
// as a file has it; tsvector.
type postgresEngine struct{}

// writing is the advisory lock that a transaction that writes holds, so that
// they follow each other as the audit's entries do.
const writing = 0x67756963

// begin waits long for its turn, and then not long for a record that another
// workstation claimed: whoever claims waits for a turn as well. A workstation that
// was left open while a newer version brought the schema on writes no more.
func (postgresEngine) begin(ctx context.Context, tx *sql.Tx) (now time.Time, err error) {
	var none any // of a function that returns nothing
	err = tx.QueryRowContext(ctx, `SELECT pg_advisory_xact_lock($1), set_config('lock_timeout', '1000', TRUE), clock_timestamp()`, writing).Scan(&none, &none, &now)
	if sqlState(err) == lockNotAvailable {
		err = fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	if err != nil {
		return now, err
	}
	var schema int64 // read anew: the turn may have been waited for while it moved on
	err = tx.QueryRowContext(ctx, `SELECT max(version_id) FROM goose_db_version`).Scan(&schema)
	if err == nil && schema > Schema {
		err = fmt.Errorf("%w (schema %d, this one knows %d)", ErrNewer, schema, Schema)
	}
	return now, err
}

// unheard: the server's own errors say that it did not, as do those of database/sql,
// which then sent nothing. The driver's own word, pgconn.SafeToRetry, is not to be
// relied on: a connection that ends before the answer is "conn closed" to it.
func (postgresEngine) unheard(err error) bool {
	unsent := err == context.Canceled || err == context.DeadlineExceeded //nolint:errorlint // of database/sql itself; one from the line is wrapped
	return !unsent && !errors.Is(err, sql.ErrTxDone) && !errors.Is(err, pgx.ErrTxCommitRollback) && sqlState(err) == ""
}

func (postgresEngine) reading() *sql.TxOptions {
	return &sql.TxOptions{ReadOnly: true, Isolation: sql.LevelRepeatableRead}
}

func (postgresEngine) claiming() *sql.TxOptions { return &sql.TxOptions{} }

func (postgresEngine) prepares() bool { return false }

// argument takes out of a text what PostgreSQL cannot keep: the character 0, and
// what is no UTF-8.
func (postgresEngine) argument(value any) any {
	if text, ok := value.(string); ok {
		return strings.ToValidUTF8(strings.ReplaceAll(text, "\x00", ""), "\uFFFD")
	}
	return value
}

func (postgresEngine) term(word string) string {
	return `'` + strings.NewReplacer(`\`, `\\`, `'`, `''`).Replace(word) + `':*`
}
func (postgresEngine) and(searches []string) string { return strings.Join(searches, " & ") }
func (postgresEngine) or(searches []string) string  { return strings.Join(searches, " | ") }
func (postgresEngine) less(wanted, unwanted string) string {
	return "(" + wanted + ") & !(" + unwanted + ")"
}
func (postgresEngine) matches(string) string { return "words @@ CAST($n AS tsquery)" }

func (postgresEngine) document(text string) string {
	return `array_to_tsvector(array_remove(regexp_split_to_array(` + text + `, '[[:space:][:punct:]]+'), ''))`
}

// words keeps within what a tsvector holds: the last words of a text of many
// thousands are not found.
func (postgresEngine) words(text string) string {
	return `array_to_tsvector(array_remove(string_to_array(left(CAST(` + text + ` AS text), 500000), ' '), ''))`
}

func (postgresEngine) numbers(array string) string {
	return `SELECT CAST(n AS bigint) FROM json_array_elements_text(CAST(` + array + ` AS json)) n`
}

// claim leaves records free to refer to those that are claimed.
func (postgresEngine) claim(table string) string {
	return ` FOR NO KEY UPDATE OF ` + table + ` SKIP LOCKED`
}

func (postgresEngine) columns() string {
	return `SELECT c.relname::text, a.attname::text, format_type(a.atttypid, NULL), coalesce(array_position(i.indkey::int2[], a.attnum) + 1, 0)
		FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
		LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
		WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' ORDER BY c.relname, a.attnum`
}

func (postgresEngine) references() string {
	return `SELECT c.relname::text, a.attname::text, r.relname::text FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
		JOIN pg_class r ON r.oid = k.confrelid JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
		WHERE k.contype = 'f' AND c.relnamespace = current_schema()::regnamespace`
}

// settle has the next id follow the largest, and the planner know the table.
func (postgresEngine) settle(tx *Tx, t table) error {
	if len(t.key) == 1 && t.key[0].kind == integerKind {
		column := quoted(t.key[0].name)
		_, err := tx.exec("number "+t.name, `SELECT setval(s.name, coalesce((SELECT max(`+column+`) FROM `+quoted(t.name)+`), 0) + 1, FALSE)
			FROM (SELECT pg_get_serial_sequence($1, $2) AS name) s WHERE s.name IS NOT NULL`, quoted(t.name), t.key[0].name)
		if err != nil {
			return err
		}
	}
	_, err := tx.exec("analyse "+t.name, `ANALYZE `+quoted(t.name))
	return err
}

// openShared opens the register kept in a PostgreSQL database, and brings it to
// the present schema when its user may. The password is in the address, or where
// libpq looks for it.
func (s *Store) openShared(ctx context.Context) error {
	config, err := pgx.ParseConfig(verified(s.path))
	if err != nil {
		return fmt.Errorf("open register: %w: the address cannot be read", ErrUnavailable) // the cause may repeat the password
	}
	config.RuntimeParams["application_name"] = "guichet"
	config.RuntimeParams["lock_timeout"] = "10000"
	config.RuntimeParams["timezone"] = "UTC"
	for name, seconds := range map[string]string{"tcp_keepalives_idle": "5", "tcp_keepalives_interval": "5", "tcp_keepalives_count": "3"} {
		config.RuntimeParams[name] = seconds // the server sees soon that a machine is gone, and lets another lead
	}
	s.name = rand.Text()
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = 10 * time.Second
	}
	s.writer = stdlib.OpenDB(*config)
	s.reader = stdlib.OpenDB(*config)
	s.writer.SetMaxOpenConns(2)
	s.reader.SetMaxOpenConns(max(4, runtime.NumCPU()) + 3) // one listens, two may lead: the mail in, and out
	var now time.Time
	err = s.writer.QueryRowContext(ctx, `SELECT clock_timestamp()`).Scan(&now)
	if s.setClock(now); err == nil {
		err = migrate(ctx, s.writer, goose.DialectPostgres, s.update)
	}
	if err == nil {
		err = s.fillTicketSearch(ctx)
	}
	if err != nil {
		return errors.Join(failed("open register", err), s.Close())
	}
	return nil
}

// verified is an address with its server's certificate verified, unless it says
// otherwise or its server is on this machine.
func verified(address string) string {
	parsed, err := url.Parse(address)
	if err != nil {
		return address
	}
	host := parsed.Hostname()
	if ip := net.ParseIP(host); host == "" || host == "localhost" || ip != nil && ip.IsLoopback() {
		return address
	}
	query := parsed.Query()
	if query.Get("sslmode") == "" {
		query.Set("sslmode", "verify-full")
		parsed.RawQuery = query.Encode()
	}
	return parsed.String()
}

// The states that PostgreSQL's errors are recognised by.
const (
	uniqueViolation       = "23505"
	insufficientPrivilege = "42501"
	readOnlyTransaction   = "25006"
	lockNotAvailable      = "55P03"
	serverDiskFull        = "53100"
)

// sqlState is the state of a PostgreSQL error; empty for another error.
func sqlState(err error) string {
	var e *pgconn.PgError
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

// ServerGone tells an error that comes of a server that does not answer: a
// transaction that ended with it was not committed, unless it is ErrUncertain.
func ServerGone(err error) bool { return errors.Is(err, ErrUnavailable) && isServerGone(err) }

// ServerRefuses recognises a server that does not let the user in, or not into the
// database.
func ServerRefuses(err error) bool {
	state := sqlState(err)
	return strings.HasPrefix(state, "28") || state == "3D000"
}

// isServerGone recognises a server that does not answer, ends, or has no room.
func isServerGone(err error) bool {
	var connect *pgconn.ConnectError
	var network *net.OpError // not net.Error: an error of a file is one too
	state := sqlState(err)
	cut := errors.Is(err, context.DeadlineExceeded) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) || errors.Is(err, net.ErrClosed) || strings.Contains(err.Error(), "conn closed")
	return cut || errors.As(err, &connect) || errors.Is(err, driver.ErrBadConn) || errors.As(err, &network) || pgconn.SafeToRetry(err) ||
		strings.HasPrefix(state, "08") || strings.HasPrefix(state, "53") || strings.HasPrefix(state, "57P")
}
