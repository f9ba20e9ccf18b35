package store

import (
	"database/sql"
	"fmt"
	"strings"
	"time"

	"guichet/data"
)

// at scans a time that may be NULL: the zero time then. Times come back in
// Paris, where the register's days begin.
func at(t *time.Time) any { return moment{t} }

type moment struct{ t *time.Time }

func (m moment) Scan(value any) error {
	switch v := value.(type) {
	case nil:
		*m.t = time.Time{}
	case time.Time:
		*m.t = v.In(data.Paris)
	case int64: // a computed column has no declared type
		*m.t = time.UnixMilli(v).In(data.Paris)
	default:
		return fmt.Errorf("%T is no time", value)
	}
	return nil
}

// maybe scans a value that may be NULL: the zero value then.
func maybe[T any](value *T) any { return &nullable[T]{value} }

type nullable[T any] struct{ value *T }

func (n *nullable[T]) Scan(value any) error {
	var read sql.Null[T]
	err := read.Scan(value)
	*n.value = read.V
	return err
}

// orNull passes a zero value as NULL.
func orNull[T comparable](value T) any {
	if value == *new(T) {
		return nil
	}
	return value
}

// whenOrNull passes a zero time as NULL.
func whenOrNull(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t
}

// joined scans strings kept in one column with a separator.
func joined[T ~string](values *[]T, separator string) any { return &separated[T]{values, separator} }

type separated[T ~string] struct {
	values    *[]T
	separator string
}

func (l *separated[T]) Scan(value any) error {
	text, ok := value.(string)
	if !ok {
		return fmt.Errorf("%T is no list", value)
	}
	*l.values = nil
	if text == "" {
		return nil
	}
	for part := range strings.SplitSeq(text, l.separator) {
		*l.values = append(*l.values, T(part))
	}
	return nil
}

func join[T ~string](values []T, separator string) string {
	parts := make([]string, len(values))
	for i, v := range values {
		parts[i] = string(v)
	}
	return strings.Join(parts, separator)
}
