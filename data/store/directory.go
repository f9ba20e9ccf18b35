package store

import (
	"strings"

	"guichet/data"
)

const summaryColumns = organisationColumns + `,
	r.civility, r.first_name, r.last_name, r.office,
	a.id, a.identifier, a.first_name, a.last_name,
	(SELECT count(*) FROM account WHERE organisation_id = o.id),
	(SELECT count(*) FROM request WHERE organisation_id = o.id AND closed_at IS NULL)`

func summaryFields(s *data.OrganisationSummary) []any {
	r, a := &s.Representative, &s.Administrator
	return append(organisationFields(&s.Organisation),
		maybe((*string)(&r.Civility)), maybe(&r.FirstName), maybe(&r.LastName), maybe(&r.Office),
		maybe(&a.ID), maybe(&a.Identifier), maybe(&a.FirstName), maybe(&a.LastName), &s.Accounts, &s.PendingRequests)
}

const directoryFrom = ` FROM organisation o
	LEFT JOIN legal_representative r ON r.organisation_id = o.id AND r.until_day IS NULL
	LEFT JOIN administration d ON d.organisation_id = o.id AND d.until IS NULL
	LEFT JOIN account a ON a.id = d.account_id`

// directoryOrders are the sort keys, the name last: constants, never what was
// typed. A key twice would keep SQLite from its index.
var directoryOrders = map[data.DirectoryOrder][]string{
	"":                   {"o.folded"},
	data.ByName:          {"o.folded"},
	data.ByPostalCode:    {"o.postal_code", "o.folded"},
	data.ByCity:          {"o.city", "o.folded"},
	data.ByAdministrator: {"a.folded", "o.folded"},
	data.ByAccounts:      {"(SELECT count(*) FROM account WHERE organisation_id = o.id)", "o.folded"},
	data.ByPending:       {"(SELECT count(*) FROM request WHERE organisation_id = o.id AND closed_at IS NULL)", "o.folded"},
}

// Directory are the organisations of a filter, limit of them from the
// offset-th. The page's IDs are found first, on an index alone where the order
// has one; what a page shows is joined to them only.
func (tx *Tx) Directory(filter data.DirectoryFilter, offset, limit int) ([]data.OrganisationSummary, error) {
	where, args := tx.directoryWhere(filter, limit, offset)
	direction := ""
	if filter.Descending {
		direction = " DESC"
	}
	order := ` ORDER BY `
	for _, key := range directoryOrders[filter.Order] {
		order += key + direction + nullsAs(direction) + `, `
	}
	order += `o.id` + direction
	from := ` FROM organisation o`
	if filter.Order == data.ByAdministrator {
		from = directoryFrom
	}
	return list(tx, "list directory", summaryFields,
		`SELECT `+summaryColumns+directoryFrom+` WHERE o.id IN (SELECT o.id`+from+where+order+` LIMIT $1 OFFSET $2)`+order, args...)
}

// CountDirectory counts the organisations of a filter.
func (tx *Tx) CountDirectory(filter data.DirectoryFilter) (n int, err error) {
	where, args := tx.directoryWhere(filter)
	err = tx.get("count directory", []any{&n}, `SELECT count(*) FROM organisation o`+where, args...)
	return n, err
}

// directoryWhere is a filter as SQL; its arguments follow those given.
func (tx *Tx) directoryWhere(filter data.DirectoryFilter, args ...any) (string, []any) {
	conditions := []string{"o.archived_at IS NULL"}
	if filter.Archived {
		conditions[0] = "o.archived_at IS NOT NULL"
	}
	add := func(condition string, arg any) {
		args = append(args, arg)
		conditions = append(conditions, strings.ReplaceAll(condition, "$n", placeholder(len(args))))
	}
	if match := searchMatch(tx.engine, typedWords(filter.Text)); match != "" {
		add(`o.id IN (SELECT rowid FROM organisation_search WHERE `+tx.engine.matches("organisation_search")+`)`, match)
	} else if strings.TrimSpace(filter.Text) != "" { // nothing that could stand in a name
		conditions = append(conditions, "1 = 0")
	}
	if filter.Kind != "" {
		add(`o.kind = $n`, filter.Kind)
	}
	if filter.Pending {
		conditions = append(conditions, `EXISTS (SELECT 1 FROM request WHERE organisation_id = o.id AND closed_at IS NULL)`)
	}
	if filter.NoAdministrator {
		conditions = append(conditions, `NOT EXISTS (SELECT 1 FROM administration WHERE organisation_id = o.id AND until IS NULL)`)
	}
	if filter.AddressDoubted {
		conditions = append(conditions, `o.address_doubted_at IS NOT NULL`)
	}
	if !filter.PostedBy.IsZero() {
		add(`o.id IN (SELECT q.organisation_id FROM letter l JOIN request q ON q.id = l.request_id
			WHERE l.state = 'posted' AND l.posted_on <= $n)`, filter.PostedBy)
	}
	return ` WHERE ` + strings.Join(conditions, " AND "), args
}
