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

// AccountRecord is an account with all that its page shows.
type AccountRecord struct {
	data.Account
	Organisation  data.Organisation
	Administrator bool // the active one of its organisation
	Requests      []data.Request
	Letters       []data.LetterFile
	Others        []data.Account // the person's, in other organisations (R13)
	// OtherOrganisations are those of Others, by ID.
	OtherOrganisations map[int64]data.Organisation
	Permissions        []data.EService   // that the account may use
	History            []data.AuditEntry // newest first, at most HistoryLimit
}

// Account is one account with all that its page shows.
func (a *App) Account(ctx context.Context, id int64) (record AccountRecord, err error) {
	operator, err := allow(ctx)
	if err != nil {
		return record, err
	}
	err = a.view(ctx, func(tx *store.Tx) (err error) {
		record, err = accountRecord(tx, id)
		return err
	})
	if !operator.Has(data.HelpDesk, data.Administrator) {
		record.History = nil
	}
	return record, err
}

func accountRecord(tx *store.Tx, id int64) (r AccountRecord, err error) {
	if r.Account, err = tx.Account(id); err != nil {
		return r, err
	}
	if r.Organisation, err = tx.Organisation(r.OrganisationID); err != nil {
		return r, err
	}
	if r.Administrator, err = tx.Administers(id); err != nil {
		return r, err
	}
	if r.Requests, err = tx.AccountRequests(id); err != nil {
		return r, err
	}
	if r.Letters, err = tx.AccountLetters(id); err != nil {
		return r, err
	}
	if r.History, err = tx.AccountHistory(id, HistoryLimit); err != nil {
		return r, err
	}
	if r.Others, r.OtherOrganisations, err = otherAccounts(tx, r.Account); err != nil {
		return r, err
	}
	matrix, err := permissionMatrix(tx, r.OrganisationID)
	for i, account := range matrix.Accounts {
		for j, service := range matrix.Services {
			if account.ID == id && matrix.Granted[i][j] {
				r.Permissions = append(r.Permissions, service)
			}
		}
	}
	return r, err
}

// otherAccounts are the accounts of the same person in other organisations
// (R13), and those organisations.
func otherAccounts(tx *store.Tx, account data.Account) (others []data.Account, organisations map[int64]data.Organisation, err error) {
	same, err := tx.AccountsByEmail(account.Email)
	organisations = map[int64]data.Organisation{}
	for _, other := range same {
		if other.ID == account.ID || err != nil {
			continue
		}
		others = append(others, other)
		organisations[other.OrganisationID], err = tx.Organisation(other.OrganisationID)
	}
	return others, organisations, err
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
