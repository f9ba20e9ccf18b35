package app

import (
	"context"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"guichet/data"
	"guichet/data/store"
)

// TicketsLimit is the most tickets that one page may have.
const TicketsLimit = 1000

// CountLimit is what counts of views stop at: beyond, a list is just long.
const CountLimit = 1000

// TicketPage are the tickets that a filter lets through, in its order, from an
// offset on, at most limit. Help desk and administrators.
func (a *App) TicketPage(ctx context.Context, filter data.TicketFilter, offset, limit int) (page []data.TicketSummary, err error) {
	if _, err := allow(ctx, "TicketPage"); err != nil {
		return nil, err
	}
	err = a.view(ctx, func(tx *store.Tx) (err error) {
		page, err = tx.FilteredTickets(filter, a.Now(), offset, min(limit, TicketsLimit))
		return err
	})
	return page, err
}

// Tickets are the tickets in any of some states, the last changed first, at
// most TicketsLimit; all but the spam and the merged when none is named. Help
// desk and administrators.
func (a *App) Tickets(ctx context.Context, states ...data.TicketState) ([]data.TicketSummary, error) {
	return a.TicketPage(ctx, data.TicketFilter{States: states}, 0, TicketsLimit)
}

// CountTickets counts a filter's tickets, up to CountLimit. Help desk and
// administrators.
func (a *App) CountTickets(ctx context.Context, filter data.TicketFilter) (n int, err error) {
	if _, err := allow(ctx, "CountTickets"); err != nil {
		return 0, err
	}
	err = a.view(ctx, func(tx *store.Tx) (err error) {
		n, err = tx.CountFiltered(filter, a.Now(), CountLimit)
		return err
	})
	return n, err
}

// TicketCounts are what each view holds, up to CountLimit, and how many tickets
// nobody looked at.
type TicketCounts struct {
	Views  map[data.TicketView]int
	Unread int
}

// CountTicketViews counts the views that somebody has to act on: the others
// only grow. Help desk and administrators.
func (a *App) CountTicketViews(ctx context.Context) (counts TicketCounts, err error) {
	operator, err := allow(ctx, "CountTicketViews")
	if err != nil {
		return counts, err
	}
	counts.Views = map[data.TicketView]int{}
	err = a.view(ctx, func(tx *store.Tx) (err error) {
		for _, view := range []data.TicketView{data.ToHandleView, data.MineView, data.UnassignedView, data.WaitingView, data.OverdueView} {
			if counts.Views[view], err = tx.CountFiltered(view.Filter(operator.ID), a.Now(), CountLimit); err != nil {
				return err
			}
		}
		counts.Unread, err = tx.CountUnread(CountLimit)
		return err
	})
	return counts, err
}

// SearchTickets reads a search as it is typed: see data.ParseTicketSearch. Its
// tickets come with the newest first. Help desk and administrators.
func (a *App) SearchTickets(ctx context.Context, text string) (data.TicketFilter, error) {
	operator, err := allow(ctx, "SearchTickets")
	if err != nil {
		return data.TicketFilter{}, err
	}
	filter, err := data.ParseTicketSearch(text, operator.ID)
	filter.Sort = data.ByOpened
	return filter, refined(err)
}

// SavedSearches are the operator's searches and everybody's, by name. Help desk
// and administrators.
func (a *App) SavedSearches(ctx context.Context) (searches []data.SavedSearch, err error) {
	operator, err := allow(ctx, "SavedSearches")
	if err != nil {
		return nil, err
	}
	err = a.view(ctx, func(tx *store.Tx) (err error) {
		searches, err = tx.SavedSearches(operator.ID)
		return err
	})
	return searches, err
}

// SaveSearch keeps a search under a name, for the operator or for everybody.
// Help desk and administrators.
func (a *App) SaveSearch(ctx context.Context, name, query string, everybody bool) (search data.SavedSearch, err error) {
	operator, err := allow(ctx, "SaveSearch")
	if err != nil {
		return search, err
	}
	var problems data.Problems
	problems.Require("name", name)
	problems.Require("search", query)
	_, parsed := data.ParseTicketSearch(query, operator.ID)
	if err := refined(checks(problems.Err(), parsed)); err != nil {
		return search, err
	}
	search = data.SavedSearch{OperatorID: operator.ID, Name: strings.TrimSpace(name), Query: strings.TrimSpace(query)}
	if everybody {
		search.OperatorID = 0
	}
	err = a.update(ctx, operator, func(c *change) error {
		if err := c.AddSavedSearch(&search); err != nil {
			return err
		}
		return c.audit("search.save", "saved_search", search.ID, nil, map[string]any{"name": search.Name, "query": search.Query})
	})
	return search, err
}

// DropSearch takes a kept search away. Help desk and administrators.
func (a *App) DropSearch(ctx context.Context, id int64) error {
	operator, err := allow(ctx, "DropSearch")
	if err != nil {
		return err
	}
	return a.update(ctx, operator, func(c *change) error {
		if err := c.DropSavedSearch(id, operator.ID); err != nil {
			return err
		}
		return c.audit("search.drop", "saved_search", id, nil, nil)
	})
}

// ticketColumns are the columns of ExportTickets.
var ticketColumns = []string{
	"numero", "etat", "rubrique", "priorite", "objet", "demandeur", "adresse", "organisation", "identifiant", "attribuee_a", "etiquettes",
	"ouverte_le", "premiere_reponse_le", "close_le", "heures_premiere_reponse", "heures_resolution",
}

// ExportTickets writes the tickets of a filter, all of them, with their answer
// times in working hours. Help desk and administrators.
func (a *App) ExportTickets(ctx context.Context, filter data.TicketFilter, format Format, w io.Writer) error {
	operator, err := allow(ctx, "ExportTickets")
	if err != nil {
		return err
	}
	var rows [][]string
	err = a.view(ctx, func(tx *store.Tx) error {
		settings, err := readSettings(tx)
		if err != nil {
			return err
		}
		clock := settings.Clock()
		all, err := tx.FilteredTickets(filter, a.Now(), 0, math.MaxInt32)
		for _, ticket := range all {
			rows = append(rows, ticketRow(ticket, clock))
		}
		return err
	})
	if err != nil {
		return err
	}
	return a.writeExport(ctx, operator, "ticket.export", "ticket", format, w, ticketColumns, rows)
}

func ticketRow(t data.TicketSummary, clock data.Clock) []string {
	answered, solved := clock.AnswerTime(t.Ticket), clock.SolutionTime(t.Ticket)
	return []string{
		t.Number, t.State.Label(), t.Heading.Label(), t.Priority.Label(), t.Subject, t.RequesterName, t.RequesterAddress, t.OrganisationName,
		t.Identifier, t.AssigneeName, strings.Join(t.Tags, " "), isoTime(t.OpenedAt), isoTime(t.FirstAnsweredAt), isoTime(t.ClosedAt),
		hours(answered, !t.FirstAnsweredAt.IsZero()), hours(solved, !t.ClosedAt.IsZero()),
	}
}

// hours writes a working time with two decimals, as spreadsheets in French read
// it; empty when it is not known.
func hours(d time.Duration, known bool) string {
	if !known {
		return ""
	}
	return strings.Replace(strconv.FormatFloat(d.Hours(), 'f', 2, 64), ".", ",", 1)
}

// isoTime writes a moment as spreadsheets read it in any language.
func isoTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(data.Paris).Format("2006-01-02 15:04")
}

// Agents are the operators whom a ticket may be assigned to, by name. Help desk
// and administrators.
func (a *App) Agents(ctx context.Context) (agents []data.Operator, err error) {
	if _, err := allow(ctx, "Agents"); err != nil {
		return nil, err
	}
	err = a.view(ctx, func(tx *store.Tx) error {
		operators, err := tx.Operators()
		for _, operator := range operators {
			if May(operator, "ChangeTicket") {
				operator.PasswordHash = ""
				agents = append(agents, operator)
			}
		}
		return err
	})
	slices.SortFunc(agents, func(a, b data.Operator) int { return strings.Compare(data.Fold(a.Name), data.Fold(b.Name)) })
	return agents, err
}
