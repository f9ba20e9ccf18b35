package data

import (
	"strings"
	"time"
)

// DraftKind says what an operator is writing on a ticket.
type DraftKind string

// The kinds of draft.
const (
	ReplyDraft   DraftKind = "reply"
	ForwardDraft DraftKind = "forward"
	NoteDraft    DraftKind = "note" // internal: sent to nobody
)

// Draft is what an operator has written on a ticket and not sent. There is one
// at most for each operator and ticket.
type Draft struct {
	ID         int64
	TicketID   int64
	OperatorID int64
	Kind       DraftKind
	To         string // addresses as typed, between commas
	Cc         string
	Subject    string
	Text       string
	SavedAt    time.Time
	Files      []Attachment // without their content in listings
}

// Empty tells whether there is nothing to keep.
func (d Draft) Empty() bool { return strings.TrimSpace(d.Text) == "" && len(d.Files) == 0 }

// Recipients reads addresses as people type them: between commas, semicolons or
// spaces, alone or as Name <address>. A Problem of the field names each that is
// none.
func Recipients(field, typed string) ([]string, error) {
	var found []string
	var problems Problems
	for _, part := range strings.FieldsFunc(typed, func(r rune) bool { return r == ',' || r == ';' || r == '\n' }) {
		part = strings.TrimSpace(part)
		if _, inner, named := strings.Cut(part, "<"); named {
			part = strings.TrimSuffix(strings.TrimSpace(inner), ">")
		}
		for word := range strings.FieldsSeq(part) {
			if ValidEmail(word) {
				found = append(found, word)
			} else {
				problems.Add(field, "« {{.Value}} » n’est pas une adresse", Values{"Value": word})
			}
		}
	}
	return found, problems.Err()
}
