package data

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// Postage is what the post charges for one letter, in euro cents; 0 when it is
// not known.
type Postage struct {
	// Service is what the post calls it, such as « Lettre verte ».
	Service string
	Home    int // France, overseas included, and Monaco
	Abroad  int
}

// DepositSlip is what is handed to the post with a batch (bordereau de dépôt).
type DepositSlip struct {
	Batch       string // number, LOT26-0012
	ComposedAt  time.Time
	Service     string           // empty: not set
	Departments []DepositCount   // in the order of their codes
	Countries   []DepositCount   // abroad, in alphabetical order
	Postage     []DepositPostage // the classes that have letters
	Letters     int
	Amount      int // euro cents; 0 when a price is not known
}

// DepositCount is the number of letters for a département or a country.
type DepositCount struct {
	Code    string // of the département; empty for a country
	Name    string
	Letters int
}

// DepositPostage is a postage class of a deposit slip.
type DepositPostage struct {
	Class   string // « France » or « International »
	Letters int
	Price   int // euro cents a letter; 0 when it is not known
	Amount  int // euro cents; 0 when the price is not known
}

// NewDepositSlip counts the letters of a batch by destination, read from their
// address as composed. Letters are all those handed in: leave out the ones
// withdrawn since.
func NewDepositSlip(batch Batch, letters []Letter, postage Postage) DepositSlip {
	slip := DepositSlip{
		Batch: batch.Number, ComposedAt: batch.ComposedAt, Service: postage.Service, Letters: len(letters),
	}
	departments, countries := map[Department]int{}, map[string]int{}
	home := 0
	for _, letter := range letters {
		if department, country := destination(letter.Lines); country == "" {
			departments[department]++
			home++
		} else {
			countries[country]++
		}
	}
	for department, n := range departments {
		slip.Departments = append(slip.Departments, DepositCount{department.Code, department.Name, n})
	}
	for country, n := range countries {
		slip.Countries = append(slip.Countries, DepositCount{Name: country, Letters: n})
	}
	order := func(a, b DepositCount) int {
		return cmp.Or(strings.Compare(a.Code, b.Code), strings.Compare(a.Name, b.Name))
	}
	slices.SortFunc(slip.Departments, order)
	slices.SortFunc(slip.Countries, order)
	slip.addPostage("France", home, postage.Home)
	slip.addPostage("International", len(letters)-home, postage.Abroad)
	return slip
}

// addPostage adds a class that has letters, and its amount to the total.
func (s *DepositSlip) addPostage(class string, letters, price int) {
	if letters == 0 {
		return
	}
	first := len(s.Postage) == 0
	s.Postage = append(s.Postage, DepositPostage{class, letters, price, letters * price})
	if price == 0 || !first && s.Amount == 0 {
		s.Amount = 0 // a total without one of the classes would mislead
		return
	}
	s.Amount += letters * price
}

// unreadable stands for the country of an address that has no last line.
const unreadable = "Destination inconnue"

// destination is where an address as composed leads: the département of its
// last line's postal code or, abroad, the country that the last line names.
func destination(lines []string) (home Department, country string) {
	last := ""
	if len(lines) > 0 {
		last = strings.TrimSpace(lines[len(lines)-1])
	}
	code, label, _ := strings.Cut(last, " ")
	switch department, known := DepartmentOf(code); {
	case last == "":
		return Department{}, unreadable
	case !isPostalCode(code) || strings.TrimSpace(label) == "":
		return Department{}, last
	case known:
		return department, ""
	}
	return Department{Code: code[:2], Name: "Autre"}, ""
}
