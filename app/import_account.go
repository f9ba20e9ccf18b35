package app

import (
	"errors"
	"strings"

	"guichet/data"
	"guichet/data/store"
)

var accountColumns = []string{"siren", "organisation", "identifiant", "role", "civilite", "prenom", "nom", "courriel", "telephone"}

// The roles of an accounts file.
const (
	userRole          = "utilisateur"
	administratorRole = "administrateur"
)

func accountValues(o data.Organisation, a data.Account, role string) []string {
	return []string{o.SIREN, o.Name, a.Identifier, role, string(a.Civility), a.FirstName, a.LastName, a.Email, a.Phone}
}

// importAccount registers a person without an identifier, as Register does but
// for the password, which they set by a reset; with one, it changes how the
// person is reached. Names and roles are changed by use cases of their own.
func importAccount(a *App, c *change, row sheetRow) (ImportLine, error) {
	line := ImportLine{Name: row.get("prenom") + " " + row.get("nom")}
	o, err := c.belongsTo(row)
	if err != nil {
		return line, err
	}
	identifier := strings.ToLower(row.get("identifiant"))
	if identifier == "" {
		return c.importRegistration(a, line, o, row)
	}
	present, err := c.AccountByIdentifier(identifier)
	if errors.Is(err, store.ErrNotFound) {
		return line, data.Problems{{
			Field: "identifiant", Message: "Aucun compte n’a l’identifiant « {{.Value}} » : laissez-le vide pour inscrire",
			Values: data.Values{"Value": identifier},
		}}
	} else if err != nil {
		return line, err
	}
	if present.OrganisationID != o.ID {
		return line, data.Problems{{Field: "siren", Message: "Le compte {{.Value}} est celui d’une autre organisation", Values: data.Values{"Value": identifier}}}
	}
	account := present
	take(row, "civilite", &account.Civility)
	take(row, "courriel", &account.Email)
	take(row, "telephone", &account.Phone)
	account.Email = strings.ToLower(account.Email)
	line.Changes = changes(row, accountColumns, accountValues(o, present, ""), accountValues(o, account, ""))
	if len(line.Changes) == 0 {
		line.Action = LineSame
		return line, nil
	}
	line.Action = LineChanged
	if err := account.Check(); err != nil {
		return line, err
	}
	if account.Email != present.Email {
		if former, err := c.formerAccount(account); err != nil || former.ID != 0 {
			return line, errors.Join(err, data.Problems{{Field: "courriel", Message: "Cette adresse est celle d’un autre compte de l’organisation"}})
		}
	}
	if err := c.UpdateAccountContact(account); err != nil {
		return line, err
	}
	if account.Email != present.Email && account.ActivatedAt.IsZero() { // the link went to the old address
		if err := a.newActivation(c, &account); err != nil {
			return line, err
		}
		if err := c.UpdateAccountFacts(account); err != nil {
			return line, err
		}
		if err := a.sendActivation(c, account); err != nil {
			return line, err
		}
	}
	return line, c.audit("account.update", "account", account.ID, accountValues(o, present, ""), accountValues(o, account, ""))
}

func (c *change) importRegistration(a *App, line ImportLine, o data.Organisation, row sheetRow) (ImportLine, error) {
	line.Action = LineAdded
	made := Registered{Account: data.Account{
		OrganisationID: o.ID, Civility: data.Civility(row.get("civilite")), FirstName: row.get("prenom"), LastName: row.get("nom"),
		Email: strings.ToLower(row.get("courriel")), Phone: row.get("telephone"), RegisteredAt: c.now,
	}}
	kind := data.UserRegistration
	switch role := strings.ToLower(row.get("role")); role {
	case "", userRole:
	case administratorRole:
		kind = data.AdministratorRegistration
	default:
		return line, data.Problems{{Field: "role", Message: "Rôle inconnu « {{.Value}} »", Values: data.Values{"Value": role}}}
	}
	if err := made.Account.Check(); err != nil {
		return line, err
	}
	return line, a.register(c, &made, kind)
}

var subscriptionColumns = []string{"siren", "organisation", "e_service"}

// importSubscription subscribes an organisation (R6).
func importSubscription(_ *App, c *change, row sheetRow) (ImportLine, error) {
	line := ImportLine{Name: row.get("organisation") + " · " + row.get("e_service")}
	o, err := c.belongsTo(row)
	if err != nil {
		return line, err
	}
	service, live, err := c.serviceOf(o.ID, row)
	if err != nil {
		return line, err
	}
	if live.ID != 0 {
		line.Action = LineSame
		return line, nil
	}
	line.Action = LineAdded
	_, err = c.subscribe(o.ID, service.ID)
	return line, err
}

// serviceOf finds the e-service that a row names by code, and an
// organisation's live subscription to it; zero: none.
func (c *change) serviceOf(organisationID int64, row sheetRow) (data.EService, data.Subscription, error) {
	services, err := c.EServices()
	if err != nil {
		return data.EService{}, data.Subscription{}, err
	}
	for _, service := range services {
		if service.Code != row.get("e_service") {
			continue
		}
		subscriptions, err := c.Subscriptions(organisationID)
		for _, s := range subscriptions {
			if s.Live() && s.EServiceID == service.ID {
				return service, s, err
			}
		}
		return service, data.Subscription{}, err
	}
	return data.EService{}, data.Subscription{}, data.Problems{{
		Field: "e_service", Message: "Aucun e-service n’a le code « {{.Value}} »", Values: data.Values{"Value": row.get("e_service")},
	}}
}

var permissionColumns = []string{"identifiant", "nom", "siren", "e_service"}

// importPermission grants a permission (R6, R7).
func importPermission(_ *App, c *change, row sheetRow) (ImportLine, error) {
	identifier := strings.ToLower(row.get("identifiant"))
	line := ImportLine{Name: identifier + " · " + row.get("e_service")}
	account, err := c.AccountByIdentifier(identifier)
	if errors.Is(err, store.ErrNotFound) {
		return line, data.Problems{{Field: "identifiant", Message: "Aucun compte n’a l’identifiant « {{.Value}} »", Values: data.Values{"Value": identifier}}}
	} else if err != nil {
		return line, err
	}
	_, subscription, err := c.serviceOf(account.OrganisationID, row)
	if err != nil {
		return line, err
	}
	if subscription.ID == 0 {
		return line, data.Problems{{Field: "e_service", Message: "L’organisation n’est pas abonnée à « {{.Value}} »", Values: data.Values{"Value": row.get("e_service")}}}
	}
	held, err := c.Permissions(account.OrganisationID)
	if err != nil {
		return line, err
	}
	for _, permission := range held {
		if permission.SubscriptionID == subscription.ID && permission.AccountID == account.ID {
			line.Action = LineSame
			return line, nil
		}
	}
	line.Action = LineAdded
	return line, c.grant(subscription.ID, account.ID)
}
