package app

import (
	"context"
	"errors"
	"fmt"
	"io"

	"guichet/data"
	"guichet/data/store"
)

// newActivation gives an account a fresh activation link; the old one is void
// (R17). The account is not written.
func (a *App) newActivation(c *change, account *data.Account) error {
	var nonce [12]byte
	if _, err := io.ReadFull(a.random, nonce[:]); err != nil {
		return fmt.Errorf("draw a nonce: %w", err)
	}
	account.ActivationNonce = fmt.Sprintf("%x", nonce)
	account.ActivationExpiresAt = c.now.Add(data.ActivationDelay)
	return nil
}

// Activate uses an activation link: the token that the activation e-mail
// carried (R10). The link works once, within 72 hours; then, or when a newer
// one was sent, it is refused. The token is the authority: no operator's role
// is asked for beyond being signed in. A wrong one for an account is in the audit.
func (a *App) Activate(ctx context.Context, token string) (data.Account, error) {
	operator, err := allow(ctx, "Activate")
	if err != nil {
		return data.Account{}, err
	}
	var account data.Account
	var refusal error // a refusal that the transaction must keep the trace of
	err = a.update(ctx, operator, func(c *change) error {
		refusal = nil
		if account, err = a.activate(c, token); KindOf(err) == Invalid && account.ID != 0 {
			refusal = err
			return c.audit("account.wrong_token", "account", account.ID, nil, map[string]any{"identifier": account.Identifier})
		}
		return err
	})
	if err = errors.Join(err, refusal); err != nil {
		return data.Account{}, err
	}
	return account, nil
}

func (a *App) activate(c *change, token string) (account data.Account, err error) {
	wrong := refuse(Invalid, "Ce lien d’activation est erroné ou a déjà servi : renouvelez l’activation", nil)
	id, ok := data.AccountOfToken(token)
	if !ok {
		return account, wrong
	}
	if account, err = c.Account(id); errors.Is(err, store.ErrNotFound) {
		return account, wrong
	} else if err != nil {
		return account, err
	}
	if !account.ValidActivation(token, a.secret) {
		return account, wrong
	}
	if c.now.After(account.ActivationExpiresAt) {
		return account, refuse(Conflict, "Ce lien d’activation est échu : renouvelez l’activation", nil)
	}
	account.ActivatedAt, account.ActivationNonce = c.now, ""
	if err := c.UpdateAccountFacts(account); err != nil {
		return account, err
	}
	if err := c.WithdrawActivations(account.ID); err != nil { // its link would lead nowhere
		return account, err
	}
	return account, c.audit("account.activate", "account", account.ID, nil, map[string]any{"identifier": account.Identifier})
}

// RenewActivation sends a fresh activation link; the old one is void (R12,
// R17). Help desk and administrators.
func (a *App) RenewActivation(ctx context.Context, accountID int64) error {
	operator, err := allow(ctx, "RenewActivation")
	if err != nil {
		return err
	}
	return a.update(ctx, operator, func(c *change) error { return a.renewActivation(c, accountID) })
}

func (a *App) renewActivation(c *change, accountID int64) error {
	account, err := c.Account(accountID)
	if err != nil {
		return err
	}
	if _, err := c.onPortal(account.OrganisationID); err != nil {
		return err
	}
	if err := a.newActivation(c, &account); err != nil {
		return err
	}
	if err := c.UpdateAccountFacts(account); err != nil {
		return err
	}
	if err := a.sendActivation(c, account); err != nil {
		return err
	}
	return c.audit("account.renew_activation", "account", account.ID, nil, map[string]any{"identifier": account.Identifier})
}
