package app

import (
	"errors"

	"guichet/data"
)

// ProblemsOf are the problems that an error names: a refusal's, a rule's, or
// those of an address that cannot be printed; none for any other error.
func ProblemsOf(err error) data.Problems {
	var e *Error
	if errors.As(refined(err), &e) {
		return e.Problems
	}
	return nil
}
