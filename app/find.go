package app

import (
	"context"
	"errors"
	"regexp"
	"strconv"
	"strings"

	"guichet/data"
	"guichet/data/store"
)

// FindLimit is how many records of each kind Find returns at most.
const FindLimit = 5

// Found is what a few letters may mean.
type Found struct {
	Organisations []data.OrganisationSummary
	Accounts      []data.AccountSummary
	Letters       []data.LetterFile
	Tickets       []data.TicketSummary
}

// Find looks a text up among all that has a name or a number: organisations,
// accounts, letters by their reference, tickets by their number and their words.
// A bare number is that of this year's or last year's letter or ticket. Tickets
// are found by those who may read them.
func (a *App) Find(ctx context.Context, text string) (found Found, err error) {
	operator, err := allow(ctx, "Find")
	if err != nil {
		return found, err
	}
	if text = strings.TrimSpace(text); text == "" {
		return found, nil
	}
	err = a.view(ctx, func(tx *store.Tx) (err error) {
		if found.Letters, err = each(a.references(text), tx.LetterByReference); err != nil {
			return err
		}
		if found.Organisations, err = tx.Directory(data.DirectoryFilter{Text: text}, 0, FindLimit); err != nil {
			return err
		}
		if found.Accounts, err = tx.Accounts(text, FindLimit); err != nil {
			return err
		}
		if !May(operator, "TicketPage") {
			return nil
		}
		found.Tickets, err = a.findTickets(tx, text)
		return err
	})
	return found, err
}

// findTickets are those of a number, or else the newest that hold all words.
func (a *App) findTickets(tx *store.Tx, text string) ([]data.TicketSummary, error) {
	numbered, err := each(a.numbers(text), tx.TicketByNumber)
	if err != nil || len(numbered) > 0 {
		return numbered, err
	}
	filter, err := data.ParseTicketSearch(text, 0)
	if err != nil { // half typed
		return nil, nil
	}
	filter.Sort = data.ByOpened
	return tx.FilteredTickets(filter, a.Now(), 0, FindLimit)
}

// each finds the records of some names; those that there are not are left out.
func each[T any](names []string, find func(string) (T, error)) (found []T, err error) {
	for _, name := range names {
		record, err := find(name)
		switch {
		case errors.Is(err, store.ErrNotFound):
		case err != nil:
			return nil, err
		default:
			found = append(found, record)
		}
	}
	return found, nil
}

var bareNumber = regexp.MustCompile(`^\d{1,6}$`)

// years are this one and the last, if a text is a number alone.
func (a *App) years(text string) (n int, years []int) {
	if !bareNumber.MatchString(text) {
		return 0, nil
	}
	n, _ = strconv.Atoi(text) // at most six digits
	year := a.Now().Year()
	return n, []int{year, year - 1}
}

// references are those of the letters that a text may name.
func (a *App) references(text string) (references []string) {
	if reference, err := data.ScannedReference(text); err == nil {
		return []string{reference}
	}
	n, years := a.years(strings.TrimPrefix(strings.ToUpper(text), "L"))
	for _, year := range years {
		references = append(references, data.LetterReference(year, n))
	}
	return references
}

var ticketNumber = regexp.MustCompile(`^\d\d-\d{6}$`)

// numbers are those of the tickets that a text may name.
func (a *App) numbers(text string) (numbers []string) {
	if ticketNumber.MatchString(text) {
		return []string{text}
	}
	n, years := a.years(text)
	for _, year := range years {
		numbers = append(numbers, data.TicketNumber(year, n))
	}
	return numbers
}
