// Package data is the portal's model: records with their rules. Everything in
// it is a pure function of its arguments; the clock and randomness are handed
// in, nothing is read or written.
package data

import (
	"fmt"
	"strings"
	"time"
)

// Values fill the {{.Name}} places of a message: a state or a kind by its label,
// a time by its day.
type Values map[string]any

// Fill puts values into the {{.Name}} places of a message; a place without a
// value stays as it is.
func Fill(message string, values Values) string {
	for name, value := range values {
		switch known := value.(type) {
		case interface{ Label() string }:
			value = known.Label()
		case time.Time:
			value = LongDate(known)
		}
		message = strings.ReplaceAll(message, "{{."+name+"}}", fmt.Sprint(value))
	}
	return message
}

// Said is a text by its format, which is the key of its translation, and what
// fills it, such texts among them.
type Said struct {
	Format string
	Args   []any
}

func (s Said) String() string { return fmt.Sprintf(s.Format, s.Args...) }

// Problem is a rule that a field's value breaks. Message is in French and is
// also the key of its translation; Values fill its places. It never holds a
// code, a password or a token.
type Problem struct {
	Field   string
	Message string
	Values  Values
}

func (p Problem) Error() string { return Fill(p.Message, p.Values) }

// Problems are all that is wrong with an input, in the order of its fields.
type Problems []Problem

func (p Problems) Error() string {
	texts := make([]string, len(p))
	for i, problem := range p {
		texts[i] = problem.Error()
	}
	return strings.Join(texts, " · ")
}

// Err is nil when there is no problem.
func (p Problems) Err() error {
	if len(p) == 0 {
		return nil
	}
	return p
}

// Add notes a problem.
func (p *Problems) Add(field, message string, values Values) {
	*p = append(*p, Problem{Field: field, Message: message, Values: values})
}

// Require notes a problem when a required field is empty (R14).
func (p *Problems) Require(field, value string) {
	if strings.TrimSpace(value) == "" {
		p.Add(field, "Ce champ est obligatoire", nil)
	}
}
