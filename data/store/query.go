package store

import (
	"strconv"
	"strings"
)

// contains is the LIKE pattern, escaped by \, of texts that contain a word.
func contains(word string) string {
	return "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(word) + "%"
}

// placeholder is the n-th argument's place in a query.
func placeholder(n int) string { return "$" + strconv.Itoa(n) }

// placeholders are the places of n arguments from the first-th on, for IN (…).
func placeholders(first, n int) string {
	places := make([]string, n)
	for i := range places {
		places[i] = placeholder(first + i)
	}
	return strings.Join(places, ", ")
}

// counts reads a query of (key, count) rows.
func counts[K ~string](tx *Tx, what, query string, args ...any) (map[K]int, error) {
	type row struct {
		key   K
		count int
	}
	rows, err := list(tx, what, func(r *row) []any { return []any{&r.key, &r.count} }, query, args...)
	byKey := make(map[K]int, len(rows))
	for _, r := range rows {
		byKey[r.key] = r.count
	}
	return byKey, err
}

// nullsAs has both engines put what is not known before all else.
func nullsAs(direction string) string {
	if direction == "" {
		return " NULLS FIRST"
	}
	return " NULLS LAST"
}
