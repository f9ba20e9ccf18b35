package data

// SavedSearch is a search that an operator kept; everybody's when OperatorID is
// zero.
type SavedSearch struct {
	ID         int64
	OperatorID int64
	Name       string
	Query      string // as typed: see ParseTicketSearch
}
