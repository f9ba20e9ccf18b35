package app

import (
	"context"
	"time"

	"guichet/data"
)

// Reactivate lifts an account's deactivations by an operator who acts on an
// assistance request, which is recorded as the ground (R12). It validates
// nobody: an account that waits for its validation still waits. Conflict when
// nothing is to be lifted, or when the ticket is another person's. Help desk.
func (a *App) Reactivate(ctx context.Context, accountID, ticketID int64) error {
	operator, err := allow(ctx, "Reactivate")
	if err != nil {
		return err
	}
	return a.update(ctx, operator, func(c *change) error { return c.reactivate(accountID, ticketID) })
}

func (c *change) reactivate(accountID, ticketID int64) error {
	account, err := c.Account(accountID)
	if err != nil {
		return err
	}
	ticket, err := c.Ticket(ticketID)
	if err != nil {
		return err
	}
	if _, err := c.onPortal(account.OrganisationID); err != nil {
		return err
	}
	mine := ticket.AccountID == account.ID || ticket.AccountID == 0 && ticket.OrganisationID == account.OrganisationID
	if !mine || ticket.State == data.Spam {
		return refuse(Conflict, "La demande {{.Number}} ne concerne pas ce compte : rattachez-la d’abord", data.Values{"Number": ticket.Number})
	}
	lifted := account.Deactivation(c.now)
	if lifted == "" && account.InvalidatedAt.IsZero() {
		return refuse(Conflict, "Le compte {{.Identifier}} n’est pas désactivé", data.Values{"Identifier": account.Identifier})
	}
	if lifted != "" {
		account.ActivatedAt, account.ActivationNonce = c.now, ""
	}
	account.InvalidatedAt = time.Time{}
	if err := c.UpdateAccountFacts(account); err != nil {
		return err
	}
	if err := c.WithdrawActivations(account.ID); err != nil {
		return err
	}
	return c.audit("account.reactivate", "account", account.ID, nil, map[string]any{
		"identifier": account.Identifier, "ticket": ticket.Number,
	})
}
