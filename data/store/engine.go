package store

import (
	"context"
	"database/sql"
	"time"
)

// engine is what SQLite and PostgreSQL do differently; all else is SQL that both
// read.
type engine interface {
	// begin begins a transaction that may write, once no other one writes; now is
	// the server's time, zero when there is none.
	begin(ctx context.Context, tx *sql.Tx) (now time.Time, err error)
	// unheard tells a commit's error that leaves open whether it was done.
	unheard(err error) bool
	// reading are the options of a transaction that sees one state of the
	// register.
	reading() *sql.TxOptions
	// claiming are those of one that claims records beside those that write.
	claiming() *sql.TxOptions
	// prepares tells whether statements are to be prepared once a transaction;
	// otherwise the driver keeps them.
	prepares() bool
	// argument is a value as the engine takes it.
	argument(value any) any

	// term is a search for the words that begin with one.
	term(word string) string
	// and, or and less join searches.
	and(searches []string) string
	or(searches []string) string
	less(wanted, unwanted string) string
	// matches is the condition that the document of a search table fits a search,
	// given as the argument $n.
	matches(table string) string
	// document is a search table's document of a text whose words are separated
	// by what separates words in names and addresses; words of one whose words
	// are separated by spaces.
	document(text string) string
	words(text string) string
	// numbers is the query of the numbers of a JSON array.
	numbers(array string) string
	// claim ends a query that keeps a table's rows from others as long as the
	// transaction lasts, and passes over those that are kept from this one.
	claim(table string) string

	// columns is the query of the schema's columns: table, column, type, place in
	// the primary key or 0. references is that of its foreign keys: table, column,
	// table referred to.
	columns() string
	references() string
	// settle ends the filling of a table with rows that had their ids.
	settle(tx *Tx, t table) error
}

// arguments are values as the engine takes them.
func (tx *Tx) arguments(values []any) []any {
	for i, value := range values {
		values[i] = tx.engine.argument(value)
	}
	return values
}

// searchMatch is the search for documents that have, for each word typed, a word
// that begins with it; empty when nothing was typed that could stand in a
// document.
func searchMatch(e engine, words []string) string {
	terms := make([]string, len(words))
	for i, word := range words {
		terms[i] = e.term(word)
	}
	return e.and(terms)
}
