package data

import (
	"slices"
	"strings"
	"time"
)

// TicketView is a list that the help desk works from.
type TicketView string

// The views, and all tickets but the spam and the merged.
const (
	ToHandleView   TicketView = "to_handle"
	MineView       TicketView = "mine"
	UnassignedView TicketView = "unassigned"
	WaitingView    TicketView = "waiting"
	OverdueView    TicketView = "overdue"
	SolvedView     TicketView = "solved"
	SpamView       TicketView = "spam"
	AllView        TicketView = "all"
)

// TicketViews are all views, in the order in which they are shown.
var TicketViews = []TicketView{ToHandleView, MineView, UnassignedView, WaitingView, OverdueView, SolvedView, SpamView, AllView}

// Label is the view as people read it.
func (v TicketView) Label() string {
	switch v {
	case ToHandleView:
		return "À traiter"
	case MineView:
		return "Les miennes"
	case UnassignedView:
		return "Non attribuées"
	case WaitingView:
		return "En attente"
	case OverdueView:
		return "En retard"
	case SolvedView:
		return "Résolues"
	case SpamView:
		return "Indésirables"
	case AllView:
		return "Toutes"
	}
	return string(v)
}

// Filter is the view of an operator: pending tickets by the date they are due,
// the others with the last changed first.
func (v TicketView) Filter(operatorID int64) TicketFilter {
	pending := TicketFilter{States: []TicketState{NewTicket, OpenTicket}, Sort: ByDue, Ascending: true}
	switch v {
	case ToHandleView:
		return pending
	case MineView:
		return TicketFilter{States: []TicketState{NewTicket, OpenTicket, Waiting}, AssigneeID: operatorID}
	case UnassignedView:
		pending.Unassigned = true
		return pending
	case OverdueView:
		pending.Overdue = true
		return pending
	case WaitingView:
		return TicketFilter{States: []TicketState{Waiting}}
	case SolvedView:
		return TicketFilter{States: []TicketState{Solved, ClosedTicket}}
	case SpamView:
		return TicketFilter{States: []TicketState{Spam}}
	}
	return TicketFilter{}
}

// TicketSort is what a list of tickets is sorted by.
type TicketSort string

// The orders of a list; the zero value is ByUpdated.
const (
	ByUpdated   TicketSort = "updated"
	ByOpened    TicketSort = "opened"
	ByDue       TicketSort = "due"
	ByPriority  TicketSort = "priority"
	ByRequester TicketSort = "requester"
)

// TicketSorts are all orders, as a form offers them.
var TicketSorts = []TicketSort{ByUpdated, ByOpened, ByDue, ByPriority, ByRequester}

// Label is the order as people read it.
func (s TicketSort) Label() string {
	switch s {
	case ByOpened:
		return "Ouverture"
	case ByDue:
		return "Échéance"
	case ByPriority:
		return "Priorité"
	case ByRequester:
		return "Demandeur"
	}
	return "Dernier mouvement"
}

// TicketWord is a word that a ticket must have, or must not.
type TicketWord struct {
	Text  string // folded; matched by its beginning
	Place WordPlace
	Not   bool
}

// WordPlace is where a word is looked for; empty: anywhere. The index has the
// words of a place a second time, marked with it.
type WordPlace string

// Mark is a word of the place as the index has it. No word of a text begins so.
func (p WordPlace) Mark(word string) string {
	if p == "" {
		return word
	}
	return string(p) + "§" + word
}

// The places of words.
const (
	InRequester    WordPlace = "requester"
	InOrganisation WordPlace = "organisation"
	InSubject      WordPlace = "subject"
)

// TicketFilter chooses tickets and their order. The zero value is all tickets
// but the spam and the merged, the last changed first.
type TicketFilter struct {
	States       []TicketState // any of them
	NotStates    []TicketState
	AssigneeID   int64
	Unassigned   bool
	Overdue      bool
	Headings     []Heading // any of them
	Tags         []string  // all of them
	NotTags      []string
	OpenedBefore time.Time // not at that time any more
	OpenedFrom   time.Time
	Words        []TicketWord // all of them
	Sort         TicketSort
	Ascending    bool
}

// Chosen are the states that the filter lets through.
func (f TicketFilter) Chosen() []TicketState {
	states := f.States
	if len(states) == 0 {
		states = []TicketState{NewTicket, OpenTicket, Waiting, Solved, ClosedTicket}
	}
	return slices.DeleteFunc(slices.Clone(states), func(s TicketState) bool { return slices.Contains(f.NotStates, s) })
}

// ParseTicketSearch reads what an operator typed: words, found in a ticket's
// number, subject, bodies, requester, organisation, tags and attachments' names,
// whatever their capitals and accents, and tokens: statut:ouverte de:durand
// org:colmar objet:codes avant:24/11/2026 depuis:1/11/2026 rubrique:courrier
// etiquette:urgent a:moi. A hyphen before a word or a token excludes it; double
// quotes keep a token's value together. Problems of the field "search" name
// what a token does not know.
func ParseTicketSearch(text string, operatorID int64) (TicketFilter, error) {
	var filter TicketFilter
	var problems Problems
	for _, term := range searchTerms(text) {
		not := strings.HasPrefix(term, "-") && len(term) > 1
		if not {
			term = term[1:]
		}
		key, value, isToken := strings.Cut(term, ":")
		value = strings.Trim(value, `"`)
		if !isToken || value == "" || !filter.token(&problems, Fold(key), value, not, operatorID) {
			filter.words(strings.Trim(term, `":`), "", not)
		}
	}
	return filter, problems.Err()
}

// token reads key:value; false when the key is none of ours.
func (f *TicketFilter) token(problems *Problems, key, value string, not bool, operatorID int64) bool {
	switch key {
	case "de":
		f.words(value, InRequester, not)
	case "org", "organisation":
		f.words(value, InOrganisation, not)
	case "objet":
		f.words(value, InSubject, not)
	case "statut", "etat":
		f.state(problems, value, not)
	case "avant", "depuis":
		day, ok := parseDay(value)
		switch {
		case !ok:
			problems.Add("search", "« {{.Value}} » n’est pas une date : écrivez avant:24/11/2026", Values{"Value": value})
		case (key == "avant") == not:
			f.OpenedFrom = day
		default:
			f.OpenedBefore = day
		}
	case "rubrique":
		f.heading(problems, value, not)
	case "etiquette":
		if not {
			f.NotTags = append(f.NotTags, Fold(value))
		} else {
			f.Tags = append(f.Tags, Fold(value))
		}
	case "a", "attribuee":
		switch folded := Fold(value); {
		case folded == "moi" && !not:
			f.AssigneeID = operatorID
		case folded == "personne" && !not:
			f.Unassigned = true
		default:
			problems.Add("search", "Écrivez a:moi ou a:personne", nil)
		}
	default:
		return false
	}
	return true
}

// words adds what is typed in one term: each of its words.
func (f *TicketFilter) words(text string, place WordPlace, not bool) {
	for _, word := range SearchWords(text) {
		f.Words = append(f.Words, TicketWord{Text: word, Place: place, Not: not})
	}
}

func (f *TicketFilter) state(problems *Problems, value string, not bool) {
	var found []TicketState
	for _, state := range TicketStates {
		if strings.Contains(" "+Fold(state.Label()), " "+Fold(value)) || string(state) == Fold(value) { // any of its words
			found = append(found, state)
		}
	}
	if f.known(problems, len(found), value, "nouvelle, en attente, résolue, close, indésirable") {
		if not {
			f.NotStates = append(f.NotStates, found...)
		} else {
			f.States = append(f.States, found...)
		}
	}
}

func (f *TicketFilter) heading(problems *Problems, value string, not bool) {
	var found []Heading
	for _, heading := range Headings {
		if strings.Contains(Fold(heading.Label()), Fold(value)) != not {
			found = append(found, heading)
		}
	}
	if f.known(problems, len(found), value, "courrier non reçu, compte désactivé, autre") {
		f.Headings = append(f.Headings, found...)
	}
}

func (f *TicketFilter) known(problems *Problems, found int, value, some string) bool {
	if found == 0 {
		problems.Add("search", "« {{.Value}} » n’existe pas : essayez {{.Known}}", Values{"Value": value, "Known": some})
	}
	return found > 0
}

// searchTerms cuts a search at its spaces, outside of double quotes.
func searchTerms(text string) []string {
	quoted := false
	return strings.FieldsFunc(text, func(r rune) bool {
		if r == '"' {
			quoted = !quoted
		}
		return !quoted && (r == ' ' || r == '\t' || r == '\n' || r == '\u00a0' || r == '\u202f')
	})
}

// parseDay reads a day as people type it: its beginning in Paris.
func parseDay(text string) (time.Time, bool) {
	for _, layout := range []string{"2/1/2006", time.DateOnly, "2.1.2006", "2/1/06"} {
		if day, err := time.ParseInLocation(layout, text, Paris); err == nil {
			return day, true
		}
	}
	return time.Time{}, false
}
