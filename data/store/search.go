package store

import (
	"strings"

	"guichet/data"
)

// indexOrganisation writes an organisation's document for the search: its
// name, numbers and place, and its accounts. SQLite's FTS5; PostgreSQL's
// tsvector will stand here too.
func (tx *Tx) indexOrganisation(id int64) error {
	if _, err := tx.exec("index organisation", `DELETE FROM organisation_search WHERE rowid = $1`, id); err != nil {
		return err
	}
	_, err := tx.exec("index organisation",
		`INSERT INTO organisation_search (rowid, words)
		 SELECT o.id, o.folded || ' ' || coalesce(o.siren, '') || ' ' || o.postal_code || ' ' || o.city || ' ' ||
		   coalesce((SELECT group_concat(a.folded, ' ') FROM account a WHERE a.organisation_id = o.id), '')
		 FROM organisation o WHERE o.id = $1`, id)
	return err
}

// searchMatch is the full-text query of documents that have, for each word
// typed, a word that begins with it; empty when nothing was typed that could
// stand in a document.
func searchMatch(query string) string {
	words := strings.FieldsFunc(data.Fold(query), func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r > 127)
	})
	for i, word := range words {
		words[i] = `"` + word + `"*`
	}
	return strings.Join(words, " ")
}
