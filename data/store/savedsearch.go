package store

import "guichet/data"

// SavedSearches are an operator's searches and everybody's, by name.
func (tx *Tx) SavedSearches(operatorID int64) ([]data.SavedSearch, error) {
	return list(tx, "list searches", func(s *data.SavedSearch) []any { return []any{&s.ID, maybe(&s.OperatorID), &s.Name, &s.Query} },
		`SELECT id, operator_id, name, query FROM saved_search WHERE operator_id = $1 OR operator_id IS NULL ORDER BY name, id`, operatorID)
}

// AddSavedSearch keeps a search and sets its ID.
func (tx *Tx) AddSavedSearch(s *data.SavedSearch) (err error) {
	s.ID, err = tx.insert("save search", `INSERT INTO saved_search (operator_id, name, query) VALUES ($1, $2, $3) RETURNING id`,
		orNull(s.OperatorID), s.Name, s.Query)
	return err
}

// DropSavedSearch takes a search away that is the operator's or everybody's.
func (tx *Tx) DropSavedSearch(id, operatorID int64) error {
	return tx.change("drop search", `DELETE FROM saved_search WHERE id = $1 AND (operator_id = $2 OR operator_id IS NULL)`, id, operatorID)
}
