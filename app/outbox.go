package app

import (
	"context"
	"time"

	"guichet/data"
	"guichet/data/store"
)

// FailedOutgoing are the mails of the outbox that wait for a person: refused
// for good, or sent or not without anybody knowing. Oldest first, at most 500.
// Help desk and administrators.
func (a *App) FailedOutgoing(ctx context.Context) (mails []data.OutgoingMail, err error) {
	if _, err := allow(ctx, "FailedOutgoing"); err != nil {
		return nil, err
	}
	err = a.view(ctx, func(tx *store.Tx) (err error) {
		mails, err = tx.FailedOutgoing(500)
		return err
	})
	return mails, err
}

// RetryOutgoing has a mail that waits for a person tried again, under the same
// Message-ID. Conflict when it no longer waits. Help desk and administrators.
func (a *App) RetryOutgoing(ctx context.Context, id int64) error {
	return a.settleOutgoing(ctx, "RetryOutgoing", id, a.Now(), "mail.retry")
}

// DropOutgoing gives a mail that waits for a person up. Conflict when it no
// longer waits. Help desk and administrators.
func (a *App) DropOutgoing(ctx context.Context, id int64) error {
	return a.settleOutgoing(ctx, "DropOutgoing", id, time.Time{}, "mail.drop")
}

func (a *App) settleOutgoing(ctx context.Context, useCase string, id int64, again time.Time, action string) error {
	operator, err := allow(ctx, useCase)
	if err != nil {
		return err
	}
	return a.update(ctx, operator, func(c *change) error {
		mail, err := c.OutgoingMail(id)
		if err != nil {
			return err
		}
		if err := c.SettleOutgoing(id, again); err != nil {
			return err
		}
		return c.audit(action, "outgoing_mail", id, nil, map[string]any{"kind": mail.Kind, "account": mail.AccountID, "ticket": mail.TicketID})
	})
}
