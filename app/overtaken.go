package app

import (
	"errors"
	"time"

	"guichet/data"
)

// Overtaken is the Conflict of an edit of a record that somebody changed since it
// was read: who, when, and the record as it is now, so that both can be shown.
type Overtaken[T any] struct {
	Who     string // login; empty when the audit no longer tells
	At      time.Time
	Present T
	refusal *Error
}

func (o *Overtaken[T]) Error() string { return o.refusal.Error() }

// Unwrap gives the refusal, a Conflict.
func (o *Overtaken[T]) Unwrap() error { return o.refusal }

// OvertakenBy is the Overtaken that an error is, if any.
func OvertakenBy[T any](err error) (*Overtaken[T], bool) {
	var overtaken *Overtaken[T]
	return overtaken, errors.As(err, &overtaken)
}

// overtaken refuses an edit of a record as the audit knows it.
func overtaken[T any](c *change, subject string, id int64, present T) error {
	newest, err := c.Audit(data.AuditFilter{Subject: subject, SubjectID: id}, 0, 1)
	if err != nil {
		return err
	}
	last := append(newest, data.AuditEntry{})[0]
	return &Overtaken[T]{
		Who: last.Operator, At: last.At, Present: present,
		refusal: refuse(Conflict, "{{.Who}} a modifié cette fiche entre-temps : gardez votre saisie, ou prenez la sienne", data.Values{"Who": last.Operator}),
	}
}
