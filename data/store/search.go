package store

import (
	"strings"

	"guichet/data"
)

// indexOrganisation writes an organisation's document for the search: its
// name, numbers and place, and its accounts.
func (tx *Tx) indexOrganisation(id int64) error {
	if _, err := tx.exec("index organisation", `DELETE FROM organisation_search WHERE rowid = $1`, id); err != nil {
		return err
	}
	_, err := tx.exec("index organisation",
		`INSERT INTO organisation_search (rowid, words) SELECT o.id, `+
			tx.engine.document(`o.folded || ' ' || coalesce(o.siren, '') || ' ' || o.postal_code || ' ' || o.city || ' ' ||
		   coalesce((SELECT string_agg(a.folded, ' ') FROM account a WHERE a.organisation_id = o.id), '')`)+
			` FROM organisation o WHERE o.id = $1`, id)
	return err
}

// typedWords are the words of a search as it is typed, folded.
func typedWords(query string) []string {
	return strings.FieldsFunc(data.Fold(query), func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r > 127)
	})
}
