package app

import (
	"context"
	"errors"

	"guichet/data"
	"guichet/data/store"
)

// AuditCheck is what VerifyAudit found.
type AuditCheck struct {
	Entries int             // read
	Broken  data.AuditEntry // the first that does not follow; zero: the chain is whole
}

// VerifyAudit recomputes the audit's chain of hashes and finds its first
// broken link. Administrators only.
func (a *App) VerifyAudit(ctx context.Context) (check AuditCheck, err error) {
	if _, err := allow(ctx, "VerifyAudit"); err != nil {
		return check, err
	}
	err = a.view(ctx, func(tx *store.Tx) (err error) {
		check.Broken, check.Entries, err = tx.BrokenAudit()
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		return err
	})
	return check, err
}
