package app

import (
	"context"
	"errors"
	"slices"

	"guichet/data"
	"guichet/data/store"
)

// EServices is the catalogue of e-services, by name, the retired ones too.
func (a *App) EServices(ctx context.Context) (services []data.EService, err error) {
	if _, err := allow(ctx, "EServices"); err != nil {
		return nil, err
	}
	err = a.view(ctx, func(tx *store.Tx) (err error) {
		services, err = tx.EServices()
		return err
	})
	return services, err
}

// AddEService adds an e-service to the catalogue. Administrators only.
func (a *App) AddEService(ctx context.Context, service data.EService) (data.EService, error) {
	operator, err := allow(ctx, "AddEService")
	if err != nil {
		return service, err
	}
	err = a.update(ctx, operator, func(c *change) error { return c.addEService(&service) })
	return service, err
}

func (c *change) addEService(service *data.EService) error {
	service.CreatedAt = c.now
	if err := service.Check(); err != nil {
		return err
	}
	if err := c.AddEService(service); errors.Is(err, store.ErrTaken) {
		return data.Problems{{Field: "code", Message: "Le code {{.Value}} est déjà au catalogue", Values: data.Values{"Value": service.Code}}}
	} else if err != nil {
		return err
	}
	return c.audit("eservice.add", "eservice", service.ID, nil, service)
}

// UpdateEService changes an e-service's texts, retires it or offers it again;
// its subscriptions live on. Administrators only.
func (a *App) UpdateEService(ctx context.Context, service data.EService) error {
	operator, err := allow(ctx, "UpdateEService")
	if err != nil {
		return err
	}
	return a.update(ctx, operator, func(c *change) error {
		if err := service.Check(); err != nil {
			return err
		}
		before, err := c.EService(service.ID)
		if err != nil {
			return err
		}
		service.Code = before.Code // stable
		return errors.Join(c.Tx.UpdateEService(service), c.audit("eservice.update", "eservice", service.ID, before, service))
	})
}

// Subscribe records that an organisation's administrator subscribes it to an
// e-service (R6). Conflict without an active administrator, when the service
// is retired, or when the subscription exists. Administrators only.
func (a *App) Subscribe(ctx context.Context, organisationID, eServiceID int64) (subscription data.Subscription, err error) {
	operator, err := allow(ctx, "Subscribe")
	if err != nil {
		return subscription, err
	}
	err = a.update(ctx, operator, func(c *change) (err error) {
		subscription, err = c.subscribe(organisationID, eServiceID)
		return err
	})
	return subscription, err
}

func (c *change) subscribe(organisationID, eServiceID int64) (data.Subscription, error) {
	subscription := data.Subscription{OrganisationID: organisationID, EServiceID: eServiceID, From: c.now}
	if err := c.needAdministrator(organisationID); err != nil {
		return subscription, err
	}
	service, err := c.EService(eServiceID)
	if err != nil {
		return subscription, err
	}
	if !service.RetiredAt.IsZero() {
		return subscription, refuse(Conflict, "L’e-service {{.Name}} n’est plus proposé", data.Values{"Name": service.Name})
	}
	if err := c.AddSubscription(&subscription); errors.Is(err, store.ErrTaken) {
		return subscription, refuse(Conflict, "L’organisation est déjà abonnée à {{.Name}}", data.Values{"Name": service.Name})
	} else if err != nil {
		return subscription, err
	}
	return subscription, c.audit("subscription.start", "organisation", organisationID, nil, map[string]any{"eservice": service.Code})
}

// needAdministrator refuses what only an organisation's administrator decides
// (R6) while it has none.
func (c *change) needAdministrator(organisationID int64) error {
	_, err := c.ActiveAdministrator(organisationID)
	if errors.Is(err, store.ErrNotFound) {
		return refuse(Conflict, "Cette organisation n’a pas d’administrateur en fonction : lui seul abonne et donne les permissions", nil)
	}
	return err
}

// EndSubscription ends a subscription and, with it, its permissions (R7).
// Administrators only.
func (a *App) EndSubscription(ctx context.Context, subscriptionID int64) error {
	operator, err := allow(ctx, "EndSubscription")
	if err != nil {
		return err
	}
	return a.update(ctx, operator, func(c *change) error {
		subscription, err := c.Subscription(subscriptionID)
		if err != nil {
			return err
		}
		service, err := c.EService(subscription.EServiceID)
		if err != nil {
			return err
		}
		subscription.Until = c.now
		if err := c.Tx.EndSubscription(subscription); err != nil {
			return err
		}
		return c.audit("subscription.end", "organisation", subscription.OrganisationID, nil, map[string]any{"eservice": service.Code})
	})
}

// GrantPermission records that an organisation's administrator lets a usable
// account, their own too, use an e-service subscribed to (R6, R7). Granting
// twice changes nothing. Administrators only.
func (a *App) GrantPermission(ctx context.Context, subscriptionID, accountID int64) error {
	operator, err := allow(ctx, "GrantPermission")
	if err != nil {
		return err
	}
	return a.update(ctx, operator, func(c *change) error { return c.grant(subscriptionID, accountID) })
}

func (c *change) grant(subscriptionID, accountID int64) error {
	subscription, err := c.Subscription(subscriptionID)
	if err != nil {
		return err
	}
	account, err := c.Account(accountID)
	if err != nil {
		return err
	}
	switch {
	case !subscription.Live():
		return refuse(Conflict, "Cet abonnement a pris fin", nil)
	case account.OrganisationID != subscription.OrganisationID:
		return refuse(Conflict, "Ce compte est celui d’une autre organisation", nil)
	case !account.Usable(c.now):
		return refuse(Conflict, "Le compte {{.Identifier}} n’est pas utilisable : {{.Reason}}",
			data.Values{"Identifier": account.Identifier, "Reason": account.Blocks(c.now)[0]})
	}
	if err := c.needAdministrator(subscription.OrganisationID); err != nil {
		return err
	}
	held, err := c.Permissions(subscription.OrganisationID)
	if err != nil {
		return err
	}
	for _, permission := range held {
		if permission.SubscriptionID == subscriptionID && permission.AccountID == accountID {
			return nil
		}
	}
	permission := data.Permission{SubscriptionID: subscriptionID, AccountID: accountID, GrantedAt: c.now}
	if err := c.AddPermission(&permission); err != nil {
		return err
	}
	return c.auditPermission("permission.grant", subscription, account)
}

// RevokePermission takes a permission back; taking back what is not granted
// changes nothing. Administrators only.
func (a *App) RevokePermission(ctx context.Context, subscriptionID, accountID int64) error {
	operator, err := allow(ctx, "RevokePermission")
	if err != nil {
		return err
	}
	return a.update(ctx, operator, func(c *change) error {
		subscription, err := c.Subscription(subscriptionID)
		if err != nil {
			return err
		}
		account, err := c.Account(accountID)
		if err != nil {
			return err
		}
		err = c.Tx.RevokePermission(subscriptionID, accountID, c.now)
		if errors.Is(err, store.ErrChanged) {
			return nil
		} else if err != nil {
			return err
		}
		return c.auditPermission("permission.revoke", subscription, account)
	})
}

// auditPermission says which e-service a permission is for.
func (c *change) auditPermission(action string, subscription data.Subscription, account data.Account) error {
	service, err := c.EService(subscription.EServiceID)
	if err != nil {
		return err
	}
	return c.audit(action, "account", account.ID, nil, map[string]any{"identifier": account.Identifier, "eservice": service.Code})
}

// PermissionMatrix is who may use what in an organisation.
type PermissionMatrix struct {
	Services      []data.EService     // those offered or subscribed to, by name
	Subscriptions []data.Subscription // live, in the order of Services; zero: none
	Accounts      []data.Account
	// Granted tells by [account][service].
	Granted [][]bool
}

// Permissions is an organisation's matrix of users and e-services.
func (a *App) Permissions(ctx context.Context, organisationID int64) (m PermissionMatrix, err error) {
	if _, err := allow(ctx, "Permissions"); err != nil {
		return m, err
	}
	err = a.view(ctx, func(tx *store.Tx) (err error) {
		m, err = permissionMatrix(tx, organisationID)
		return err
	})
	return m, err
}

func permissionMatrix(tx *store.Tx, organisationID int64) (m PermissionMatrix, err error) {
	services, err := tx.EServices()
	if err != nil {
		return m, err
	}
	subscriptions, err := tx.Subscriptions(organisationID)
	if err != nil {
		return m, err
	}
	live := map[int64]data.Subscription{}
	for _, subscription := range subscriptions {
		if subscription.Live() {
			live[subscription.EServiceID] = subscription
		}
	}
	for _, service := range services {
		if subscription, found := live[service.ID]; found || service.RetiredAt.IsZero() {
			m.Services, m.Subscriptions = append(m.Services, service), append(m.Subscriptions, subscription)
		}
	}
	if m.Accounts, err = tx.OrganisationAccounts(organisationID); err != nil {
		return m, err
	}
	m.Accounts = slices.DeleteFunc(m.Accounts, data.Account.Erased)
	permissions, err := tx.Permissions(organisationID)
	if err != nil {
		return m, err
	}
	held := map[[2]int64]bool{}
	for _, permission := range permissions {
		held[[2]int64{permission.AccountID, permission.SubscriptionID}] = true
	}
	for _, account := range m.Accounts {
		row := make([]bool, len(m.Services))
		for i, subscription := range m.Subscriptions {
			row[i] = subscription.ID != 0 && held[[2]int64{account.ID, subscription.ID}]
		}
		m.Granted = append(m.Granted, row)
	}
	return m, nil
}
