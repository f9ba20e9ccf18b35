package app

import (
	"context"
	"errors"

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
	if _, err := allow(ctx, "FindAccounts"); err != nil {
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
	operator, err := allow(ctx, "Account")
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
	if err != nil {
		return r, err
	}
	for i, account := range matrix.Accounts {
		for j, service := range matrix.Services {
			if account.ID == id && matrix.Granted[i][j] {
				r.Permissions = append(r.Permissions, service)
			}
		}
	}
	return r, nil
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

// ValidateAccount records that the organisation's active administrator
// validated a user: the other way to R4's validation then closes, and an
// invalidation is lifted (R12). An administrator's request is refused: only
// the legal representative's codes validate it (R3). Help desk and
// administrators.
func (a *App) ValidateAccount(ctx context.Context, accountID int64) error {
	operator, err := allow(ctx, "ValidateAccount")
	if err != nil {
		return err
	}
	return a.update(ctx, operator, func(c *change) error {
		account, requests, err := c.accountWithAdministrator(accountID)
		if err != nil {
			return err
		}
		for _, request := range requests {
			if !request.Open() {
				continue
			}
			if request.Kind == data.AdministratorRegistration {
				return refuse(Forbidden, "Seuls les codes du représentant légal valident un administrateur", nil)
			}
			if request.Kind == data.UserRegistration {
				if err := c.closeRequest(request, data.ValidatedByAdministrator, data.WithdrawnLetter); err != nil {
					return err
				}
			}
		}
		account.ValidatedAt, account.InvalidatedAt = c.now, data.Account{}.InvalidatedAt
		if err := c.UpdateAccountFacts(account); err != nil {
			return err
		}
		return c.audit("account.validate", "account", account.ID, nil, map[string]any{"identifier": account.Identifier})
	})
}

// InvalidateAccount records that the organisation's active administrator
// invalidated a registration (R11 c): its pending request is withdrawn, its
// codes are void. An account that asks to become the administrator is refused:
// the legal representative decides (R3). Help desk and administrators.
func (a *App) InvalidateAccount(ctx context.Context, accountID int64) error {
	operator, err := allow(ctx, "InvalidateAccount")
	if err != nil {
		return err
	}
	return a.update(ctx, operator, func(c *change) error {
		account, requests, err := c.accountWithAdministrator(accountID)
		if err != nil {
			return err
		}
		if administers, err := c.Administers(account.ID); err != nil {
			return err
		} else if administers {
			return refuse(Conflict, "L’administrateur en fonction ne peut pas être invalidé : il faut d’abord le remplacer", nil)
		}
		for _, request := range requests {
			switch {
			case request.Open() && request.Kind.MakesAdministrator():
				return refuse(Conflict, "Ce compte demande à devenir administrateur : seul le représentant légal en décide", nil)
			case request.Open():
				if err := c.closeRequest(request, data.WithdrawnRequest, data.WithdrawnLetter); err != nil {
					return err
				}
			}
		}
		account.InvalidatedAt = c.now
		if err := c.UpdateAccountFacts(account); err != nil {
			return err
		}
		return c.audit("account.invalidate", "account", account.ID, nil, map[string]any{"identifier": account.Identifier})
	})
}

// accountWithAdministrator loads an account and its requests, and refuses when
// its organisation has no active administrator to validate anybody.
func (c *change) accountWithAdministrator(id int64) (data.Account, []data.Request, error) {
	account, err := c.Account(id)
	if err != nil {
		return account, nil, err
	}
	if _, err := c.ActiveAdministrator(account.OrganisationID); errors.Is(err, store.ErrNotFound) {
		return account, nil, refuse(Conflict, "Cette organisation n’a pas d’administrateur en fonction : seuls les codes du courrier valident ce compte", nil)
	} else if err != nil {
		return account, nil, err
	}
	requests, err := c.AccountRequests(id)
	return account, requests, err
}

// RecordSignIn records that an account was used on the portal (R11 a). A
// sign-in with an account that is not usable is refused. Help desk and
// administrators.
func (a *App) RecordSignIn(ctx context.Context, identifier string) error {
	operator, err := allow(ctx, "RecordSignIn")
	if err != nil {
		return err
	}
	return a.update(ctx, operator, func(c *change) error {
		account, err := c.AccountByIdentifier(identifier)
		if err != nil {
			return err
		}
		if blocks := account.Blocks(c.now); len(blocks) > 0 {
			return refuse(Conflict, "Le compte {{.Identifier}} n’est pas utilisable : {{.Reason}}",
				data.Values{"Identifier": identifier, "Reason": blocks[0]})
		}
		account.LastSignInAt = c.now
		if err := c.UpdateAccountFacts(account); err != nil {
			return err
		}
		return c.audit("account.sign_in", "account", account.ID, nil, map[string]any{"identifier": identifier})
	})
}

// SetAccountPassword sets an account's password (R9). Help desk and
// administrators.
func (a *App) SetAccountPassword(ctx context.Context, accountID int64, password string) error {
	operator, err := allow(ctx, "SetAccountPassword")
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
