package app

import (
	"context"
	"time"

	"github.com/alexedwards/argon2id"

	"guichet/data"
	"guichet/data/store"
)

// AccountsLimit is the most accounts that one search returns.
const AccountsLimit = 500

// FindAccounts are the accounts whose name, identifier or e-mail contains every
// word of a query, by name, at most AccountsLimit: it answers who has forgotten
// their identifier.
func (a *App) FindAccounts(ctx context.Context, query string) (found []data.AccountSummary, err error) {
	if _, err := allow(ctx); err != nil {
		return nil, err
	}
	err = a.view(ctx, func(tx *store.Tx) (err error) {
		found, err = tx.Accounts(query, AccountsLimit)
		return err
	})
	return found, err
}

// Reactivate lifts an account's deactivations by an operator who acts on an
// assistance request, which is recorded as the ground (R12). It validates
// nobody: an account that waits for its validation still waits. Conflict when
// nothing is to be lifted, or when the ticket is another person's. Help desk.
func (a *App) Reactivate(ctx context.Context, accountID, ticketID int64) error {
	operator, err := allow(ctx, data.HelpDesk)
	if err != nil {
		return err
	}
	return a.update(ctx, operator, func(c *change) error {
		account, err := c.Account(accountID)
		if err != nil {
			return err
		}
		ticket, err := c.Ticket(ticketID)
		if err != nil {
			return err
		}
		if ticket.AccountID != account.ID && ticket.OrganisationID != account.OrganisationID {
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
		return c.audit("account.reactivate", "account", account.ID, nil, map[string]any{
			"identifier": account.Identifier, "ticket": ticket.Number,
		})
	})
}

// SetAccountPassword sets an account's password (R9). Help desk and
// administrators.
func (a *App) SetAccountPassword(ctx context.Context, accountID int64, password string) error {
	operator, err := allow(ctx, data.HelpDesk, data.Administrator)
	if err != nil {
		return err
	}
	if err := refined(data.CheckPassword(password)); err != nil {
		return err
	}
	hash, err := argon2id.CreateHash(password, a.passwords)
	if err != nil {
		return refined(err)
	}
	return a.update(ctx, operator, func(c *change) error {
		account, err := c.Account(accountID)
		if err != nil {
			return err
		}
		if err := c.SetPassword(accountID, hash); err != nil {
			return err
		}
		return c.audit("account.password", "account", accountID, nil, map[string]any{"identifier": account.Identifier})
	})
}
