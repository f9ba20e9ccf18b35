package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// table is a table as it is copied: everything is read from the database, so that
// no column is forgotten.
type table struct {
	name    string
	columns []column
	key     []column // the primary key
	where   string   // the rows that are copied
	refers  []string // to other tables
	selfs   []column // columns that refer to the table itself
}

type column struct {
	name string
	kind columnKind
}

// columnKind is a kind of value that both engines keep.
type columnKind int

const (
	textKind columnKind = iota + 1
	bytesKind
	integerKind
	booleanKind
	timeKind
)

var columnKinds = map[string]columnKind{
	"TEXT": textKind, "BLOB": bytesKind, "BYTEA": bytesKind, "INTEGER": integerKind, "BIGINT": integerKind,
	"BOOLEAN": booleanKind, "TIMESTAMP": timeKind, "TIMESTAMP WITH TIME ZONE": timeKind,
}

// searchTables are built anew; leftBehind tell of sessions only.
var (
	searchTables = []string{"organisation_search", "ticket_search"}
	leftBehind   = []string{"presence", "sign_in_failure"}
	notCopied    = slices.Concat(searchTables, leftBehind, []string{"goose_db_version"})
)

// schemaColumn is a line of an engine's columns.
type schemaColumn struct {
	table, name, kind string
	place             int // in the primary key
}

// readTables are the tables to copy, each after those that it refers to. Both
// sides must have the same.
func (t *transfer) readTables(ctx context.Context) ([]table, error) {
	ours, err := t.source.tables()
	if err != nil {
		return nil, err
	}
	var theirs []table
	err = t.target.View(ctx, func(tx *Tx) error {
		theirs, err = tx.tables()
		return err
	})
	if err != nil {
		return nil, err
	}
	for _, pair := range [][2][]table{{ours, theirs}, {theirs, ours}} {
		for _, one := range pair[0] {
			if !slices.ContainsFunc(pair[1], one.sameAs) {
				return nil, fmt.Errorf("transfer register: the schemas differ in %s", one.name)
			}
		}
	}
	return ordered(theirs) // by the constraints that the rows come under
}

// sameAs tells whether two tables have the same columns, in any order.
func (t table) sameAs(other table) bool {
	same := t.name == other.name && len(t.columns) == len(other.columns) && slices.Equal(t.key, other.key)
	for _, c := range t.columns {
		same = same && slices.Contains(other.columns, c)
	}
	return same
}

// tables reads the schema's tables, in the order of their names.
func (tx *Tx) tables() ([]table, error) {
	lines, err := list(tx, "read schema", func(c *schemaColumn) []any { return []any{&c.table, &c.name, &c.kind, &c.place} }, tx.engine.columns())
	if err != nil {
		return nil, err
	}
	references, err := list(tx, "read schema", func(r *[3]string) []any { return []any{&r[0], &r[1], &r[2]} }, tx.engine.references())
	if err != nil {
		return nil, err
	}
	var tables []table
	places := map[string]int{} // of columns in their primary keys
	for _, line := range lines {
		if slices.Contains(notCopied, line.table) {
			continue
		}
		kind := columnKinds[strings.ToUpper(line.kind)]
		if kind == 0 {
			return nil, fmt.Errorf("read schema: %s.%s is a %s", line.table, line.name, line.kind)
		}
		if len(tables) == 0 || tables[len(tables)-1].name != line.table {
			tables = append(tables, table{name: line.table, where: "TRUE"})
		}
		t := &tables[len(tables)-1]
		t.columns = append(t.columns, column{line.name, kind})
		if line.place > 0 {
			t.key = append(t.key, column{line.name, kind})
			places[line.table+"."+line.name] = line.place
		}
	}
	for i := range tables {
		t := &tables[i]
		slices.SortFunc(t.key, func(a, b column) int { return places[t.name+"."+a.name] - places[t.name+"."+b.name] })
		if err := t.refer(references); err != nil {
			return nil, err
		}
	}
	return tables, nil
}

// refer completes a table with what it refers to.
func (t *table) refer(references [][3]string) error {
	if t.name == "setting" {
		t.where = "name <> '" + migratingFrom + "'"
	}
	if len(t.key) == 0 {
		return fmt.Errorf("read schema: %s has no primary key", t.name)
	}
	for _, r := range references {
		switch {
		case r[0] != t.name:
		case r[2] == t.name:
			at := slices.IndexFunc(t.columns, func(c column) bool { return c.name == r[1] })
			t.selfs = append(t.selfs, t.columns[at])
		default:
			t.refers = append(t.refers, r[2])
		}
	}
	return nil
}

// ordered are tables in an order in which each comes after those it refers to.
func ordered(tables []table) (in []table, err error) {
	var there []string
	for len(in) < len(tables) {
		before := len(in)
		for _, t := range tables {
			ready := !slices.Contains(there, t.name)
			for _, other := range t.refers {
				ready = ready && slices.Contains(there, other)
			}
			if ready {
				in, there = append(in, t), append(there, t.name)
			}
		}
		if len(in) == before {
			return nil, errors.New("transfer register: its tables refer to each other in a circle")
		}
	}
	return in, nil
}

func quoted(name string) string { return `"` + name + `"` }

// names are columns as SQL lists them.
func names(columns []column) string {
	list := make([]string, len(columns))
	for i, c := range columns {
		list[i] = quoted(c.name)
	}
	return strings.Join(list, ", ")
}

// rest is the query of columns of the rows after a key, in the order of the keys;
// nil: of all rows.
func (t table) rest(columns []column, after []any) string {
	values := make([]string, len(columns))
	for i, c := range columns {
		values[i] = quoted(c.name)
		if c.kind == timeKind { // without its declared type: SQLite's driver takes milliseconds before 2001 for seconds
			values[i] = `coalesce(` + values[i] + `, NULL)`
		}
	}
	query := `SELECT ` + strings.Join(values, ", ") + ` FROM ` + quoted(t.name) + ` WHERE ` + t.where
	if after != nil {
		query += ` AND (` + names(t.key) + `) > (` + placeholders(1, len(after)) + `)`
	}
	return query + ` ORDER BY ` + names(t.key)
}

// keyOf is a row's primary key.
func (t table) keyOf(row []any) []any {
	key := make([]any, len(t.key))
	for i, c := range t.key {
		key[i] = row[slices.Index(t.columns, c)]
	}
	return key
}

// keyText is a key as a person reads it.
func keyText(key []any) string {
	texts := make([]string, len(key))
	for i, value := range key {
		texts[i] = fmt.Sprint(value)
		if raw, ok := value.([]byte); ok {
			texts[i] = fmt.Sprintf("%x", raw)
		}
	}
	return strings.Join(texts, ", ")
}

// canonical is a value as both engines give it: nil, string, []byte, int64, bool,
// or time.Time in milliseconds.
func (c column) canonical(value any) (any, error) {
	switch v := value.(type) {
	case nil:
		return nil, nil
	case string:
		if c.kind == textKind {
			return v, nil
		}
		if c.kind == bytesKind {
			return []byte(v), nil
		}
	case []byte:
		if c.kind == textKind {
			return string(v), nil
		}
		if c.kind == bytesKind {
			return append([]byte{}, v...), nil // empty is not NULL
		}
	case int64:
		switch c.kind {
		case integerKind:
			return v, nil
		case booleanKind:
			return v != 0, nil
		case timeKind:
			return time.UnixMilli(v).UTC(), nil
		}
	case bool:
		if c.kind == booleanKind {
			return v, nil
		}
	case time.Time:
		if c.kind == timeKind {
			return time.UnixMilli(v.UnixMilli()).UTC(), nil
		}
	}
	return nil, fmt.Errorf("%s is a %T", c.name, value)
}
