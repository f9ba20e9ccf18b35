package store

import (
	"strings"
	"time"

	"guichet/data"
)

// letterWhere is a filter, whose age is within bounds, as SQL with its arguments.
func letterWhere(filter data.LetterFilter, bounds data.LetterBounds) (where string, args []any) {
	conditions := []string{"1 = 1"}
	add := func(condition string, arg any) {
		args = append(args, arg)
		conditions = append(conditions, strings.ReplaceAll(condition, "$n", placeholder(len(args))))
	}
	for _, state := range []data.LetterState{filter.State, bounds.State} {
		if state != "" {
			add(`l.state = $n`, state)
		}
	}
	if filter.CameBack {
		conditions = append(conditions, `l.return_reason <> ''`)
	}
	if !bounds.PostedBy.IsZero() {
		add(`l.posted_on <= $n`, bounds.PostedBy)
	}
	if !bounds.QueuedBy.IsZero() {
		add(`l.queued_at <= $n`, bounds.QueuedBy)
	}
	return ` WHERE ` + strings.Join(conditions, " AND "), args
}

// EachLetter hands over the letters of a filter, whose age is within bounds, at
// most limit unless it is 0.
func (tx *Tx) EachLetter(filter data.LetterFilter, bounds data.LetterBounds, limit int, do func(*data.LetterFile) error) error {
	where, args := letterWhere(filter, bounds)
	order := ` ORDER BY l.id DESC`
	if filter.OldestFirst {
		order = ` ORDER BY l.id`
	}
	if limit > 0 {
		args = append(args, limit)
		where = ` WHERE l.id IN (SELECT l.id FROM letter l` + where + order + ` LIMIT ` + placeholder(len(args)) + `)`
	}
	return each(tx, "list letters", letterFileFields, do, selectLetterFile+where+order, args...)
}

// CountLettersWithin counts the letters within bounds.
func (tx *Tx) CountLettersWithin(bounds data.LetterBounds) (n int, err error) {
	where, args := letterWhere(data.LetterFilter{}, bounds)
	err = tx.get("count letters", []any{&n}, `SELECT count(*) FROM letter l`+where, args...)
	return n, err
}

// PostedSince are the days of posting of the letters posted since a time.
func (tx *Tx) PostedSince(since time.Time) ([]time.Time, error) {
	return list(tx, "list postings", func(t *time.Time) []any { return []any{at(t)} },
		`SELECT posted_on FROM letter WHERE posted_on >= $1`, since)
}

// AnsweredSince are the days on which the letters posted since a time, and
// confirmed up to now, were posted.
func (tx *Tx) AnsweredSince(since time.Time) ([]time.Time, error) {
	return list(tx, "list postings", func(t *time.Time) []any { return []any{at(t)} },
		`SELECT posted_on FROM letter WHERE posted_on >= $1 AND state = $2`, since, data.Confirmed)
}

// EndedSince are the times at which letters came to a state since a time.
func (tx *Tx) EndedSince(state data.LetterState, since time.Time) ([]time.Time, error) {
	return list(tx, "list letters", func(t *time.Time) []any { return []any{at(t)} },
		`SELECT ended_at FROM letter WHERE state = $1 AND ended_at >= $2`, state, since)
}
