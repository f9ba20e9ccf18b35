package store

import (
	"strings"
	"time"

	"guichet/data"
)

// orders are the columns of each order of a list.
var orders = map[data.TicketSort]string{
	data.ByUpdated: "updated_at", data.ByOpened: "id", data.ByDue: "due_at", data.ByPriority: "priority", data.ByRequester: "requester_name",
}

// ticketQuery builds the statement that chooses tickets of a filter.
type ticketQuery struct {
	engine engine
	args   []any
	where  []string // what holds of a ticket, whatever its state
}

func (q *ticketQuery) add(condition string, args ...any) {
	for _, arg := range args {
		q.args = append(q.args, arg)
		condition = strings.Replace(condition, "$n", placeholder(len(q.args)), 1)
	}
	q.where = append(q.where, condition)
}

// addIn adds that a column has one of some values.
func addIn[T any](q *ticketQuery, column string, values []T) {
	first := len(q.args) + 1
	for _, value := range values {
		q.args = append(q.args, value)
	}
	q.where = append(q.where, column+` IN (`+placeholders(first, len(values))+`)`)
}

func newTicketQuery(e engine, f data.TicketFilter, now time.Time) *ticketQuery {
	q := &ticketQuery{engine: e}
	if f.AssigneeID != 0 {
		q.add(`assignee_id = $n`, f.AssigneeID)
	}
	if f.Unassigned {
		q.add(`assignee_id IS NULL`)
	}
	if f.Overdue {
		q.add(`due_at IS NOT NULL AND due_at < $n`, now)
	}
	if len(f.Headings) > 0 {
		addIn(q, "heading", f.Headings)
	}
	for _, tag := range f.Tags {
		q.add(`tags LIKE $n ESCAPE '\'`, contains(","+tag+","))
	}
	for _, tag := range f.NotTags {
		q.add(`tags NOT LIKE $n ESCAPE '\'`, contains(","+tag+","))
	}
	if !f.OpenedFrom.IsZero() {
		q.add(`opened_at >= $n`, f.OpenedFrom)
	}
	if !f.OpenedBefore.IsZero() {
		q.add(`opened_at < $n`, f.OpenedBefore)
	}
	if wanted, unwanted := ticketMatch(e, f.Words); wanted != "" {
		q.add(`id IN (SELECT rowid FROM ticket_search WHERE `+e.matches("ticket_search")+`)`, wanted)
	} else if unwanted != "" {
		q.add(`id NOT IN (SELECT rowid FROM ticket_search WHERE `+e.matches("ticket_search")+`)`, unwanted)
	}
	return q
}

// each is one SELECT a state, which an index serves in its order, joined by
// UNION ALL: the first page costs the same however many tickets there are.
func (q *ticketQuery) each(states []data.TicketState, columns, end string) string {
	var parts []string
	for _, state := range states {
		q.args = append(q.args, state)
		conditions := append([]string{`state = ` + placeholder(len(q.args))}, q.where...)
		parts = append(parts, `SELECT * FROM (SELECT `+columns+` FROM ticket WHERE `+strings.Join(conditions, " AND ")+end+`) AS part`)
	}
	return strings.Join(parts, " UNION ALL ")
}

// FilteredTickets are the tickets that a filter lets through, in its order, from
// an offset on, at most limit.
func (tx *Tx) FilteredTickets(f data.TicketFilter, now time.Time, offset, limit int) ([]data.TicketSummary, error) {
	states := f.Chosen()
	if len(states) == 0 {
		return nil, nil
	}
	order := orders[f.Sort]
	if order == "" {
		order = orders[data.ByUpdated]
	}
	direction := " DESC"
	if f.Ascending {
		direction = ""
	}
	by := func(prefix string) string {
		if order == "id" {
			return ` ORDER BY ` + prefix + `id` + direction
		}
		return ` ORDER BY ` + prefix + order + direction + nullsAs(direction) + `, ` + prefix + `id` + direction
	}
	if wanted, _ := ticketMatch(tx.engine, f.Words); wanted != "" && order == "id" {
		return tx.matchedTickets(f, now, wanted, direction, offset, limit)
	}
	q := newTicketQuery(tx.engine, f, now)
	q.args = append(q.args, offset+limit)
	columns := "id"
	if order != "id" {
		columns += ", " + order
	}
	each := q.each(states, columns, by("")+` LIMIT `+placeholder(len(q.args)))
	q.args = append(q.args, limit, offset)
	page := by("") + ` LIMIT ` + placeholder(len(q.args)-1) + ` OFFSET ` + placeholder(len(q.args))
	return list(tx, "list tickets", ticketSummaryFields,
		selectTicketSummary+` WHERE t.id IN (SELECT id FROM (`+each+`) AS chosen`+page+`)`+by("t."), q.args...)
}

// matchedTickets is FilteredTickets in the order of the full-text index, which
// ends as soon as the page is full. No column of the index is called as one that
// a condition names.
func (tx *Tx) matchedTickets(f data.TicketFilter, now time.Time, match, direction string, offset, limit int) ([]data.TicketSummary, error) {
	f.Words = nil
	q := newTicketQuery(tx.engine, f, now)
	addIn(q, "state", f.Chosen())
	q.args = append(q.args, match, limit, offset)
	n := len(q.args)
	return list(tx, "search tickets", ticketSummaryFields, selectTicketSummary+` JOIN (
		SELECT s.rowid AS id FROM ticket_search s JOIN ticket c ON c.id = s.rowid WHERE `+strings.ReplaceAll(tx.engine.matches("ticket_search"), "$n", placeholder(n-2))+
		` AND `+strings.Join(q.where, " AND ")+` ORDER BY s.rowid`+direction+
		` LIMIT `+placeholder(n-1)+` OFFSET `+placeholder(n)+`) found ON found.id = t.id ORDER BY t.id`+direction, q.args...)
}

// CountFiltered counts the tickets that a filter lets through, up to most: it
// reads no more.
func (tx *Tx) CountFiltered(f data.TicketFilter, now time.Time, most int) (n int, err error) {
	states := f.Chosen()
	if len(states) == 0 {
		return 0, nil
	}
	q := newTicketQuery(tx.engine, f, now)
	q.args = append(q.args, most)
	limit := ` LIMIT ` + placeholder(len(q.args))
	err = tx.get("count tickets", []any{&n}, `SELECT count(*) FROM (SELECT 1 FROM (`+q.each(states, "1", limit)+`) AS every`+limit+`) AS counted`, q.args...)
	return n, err
}

// ticketMatch is a search as the full-text index reads it: what a ticket must
// have, less what it must not; unwanted alone when nothing is wanted.
func ticketMatch(e engine, words []data.TicketWord) (wanted, unwanted string) {
	var have, not []string
	for _, word := range words {
		term := e.term(word.Place.Mark(word.Text))
		if word.Not {
			not = append(not, term)
		} else {
			have = append(have, term)
		}
	}
	switch {
	case len(have) == 0:
		return "", e.or(not)
	case len(not) > 0:
		return e.less(e.and(have), e.or(not)), ""
	}
	return e.and(have), ""
}
