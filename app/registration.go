package app

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/alexedwards/argon2id"

	"guichet/data"
	"guichet/data/store"
)

// Registration is the input of Register.
type Registration struct {
	OrganisationID int64
	Administrator  bool // registers as the organisation's administrator
	Civility       data.Civility
	FirstName      string
	LastName       string
	Email          string
	Phone          string
	Password       string
	TermsAccepted  bool // R14
}

// Check names every field that breaks a rule; the form shows it while one
// types (R9, R14). An identifier cannot be derived from every name (R8).
func (r Registration) Check() error {
	account := data.Account{FirstName: r.FirstName, LastName: r.LastName, Email: strings.TrimSpace(r.Email)}
	var terms, organisation, name error
	if !r.TermsAccepted {
		terms = data.Problems{{Field: "terms", Message: "Acceptez les conditions d’utilisation"}}
	}
	if r.OrganisationID == 0 {
		organisation = data.Problems{{Field: "organisation", Message: "Choisissez l’organisation"}}
	}
	if r.FirstName != "" && r.LastName != "" {
		_, name = data.Identifier(r.FirstName, r.LastName, func(string) bool { return false })
	}
	return checks(organisation, account.Check(), name, data.CheckPassword(r.Password), terms)
}

// Registered is what Register made.
type Registered struct {
	Account   data.Account
	Reference string // of the confirmation letter
}

// Register registers a person as a user or as the administrator of an
// organisation: the account, its request, the confirmation letter and the
// activation e-mail, all or nothing (R2, R8–R10). An administrator's
// registration supersedes a pending one (R15). Help desk and administrators.
func (a *App) Register(ctx context.Context, in Registration) (Registered, error) {
	operator, err := allow(ctx, "Register")
	if err != nil {
		return Registered{}, err
	}
	in.FirstName, in.LastName = strings.TrimSpace(in.FirstName), strings.TrimSpace(in.LastName)
	if err := refined(in.Check()); err != nil {
		return Registered{}, err
	}
	hash, err := argon2id.CreateHash(in.Password, a.passwords)
	if err != nil {
		return Registered{}, refined(err)
	}
	var made Registered
	err = a.update(ctx, operator, func(c *change) error {
		made = Registered{Account: data.Account{
			OrganisationID: in.OrganisationID, Civility: in.Civility, FirstName: in.FirstName, LastName: in.LastName,
			Email: strings.ToLower(strings.TrimSpace(in.Email)), Phone: in.Phone, PasswordHash: hash, RegisteredAt: c.now,
		}}
		kind := data.UserRegistration
		if in.Administrator {
			kind = data.AdministratorRegistration
		}
		return a.register(c, &made, kind)
	})
	return made, err
}

func (a *App) register(c *change, made *Registered, kind data.RequestKind) error {
	account := &made.Account
	if _, err := c.onPortal(account.OrganisationID); err != nil {
		return err
	}
	former, err := c.formerAccount(*account)
	if err != nil {
		return err
	}
	if former.ID != 0 {
		return a.registerAgain(c, made, former, kind)
	}
	if account.Identifier, err = deriveIdentifier(c.Tx, account.FirstName, account.LastName); err != nil {
		return err
	}
	if err := a.newActivation(c, account); err != nil {
		return err
	}
	if err := c.AddAccount(account); err != nil {
		return err
	}
	letter, err := c.request(*account, kind)
	if err != nil {
		return err
	}
	made.Reference = letter.Reference
	if err := a.sendActivation(c, *account); err != nil {
		return err
	}
	return c.audit("account.register", "account", account.ID, nil, map[string]any{
		"identifier": account.Identifier, "organisation": account.OrganisationID, "kind": kind, "letter": letter.Reference,
	})
}

// onPortal is an organisation that has not left the portal.
func (c *change) onPortal(organisationID int64) (data.Organisation, error) {
	organisation, err := c.Organisation(organisationID)
	if err == nil && !organisation.ArchivedAt.IsZero() {
		err = refuse(Conflict, "L’organisation {{.Name}} est archivée", data.Values{"Name": organisation.Name})
	}
	return organisation, err
}

// formerAccount keeps to one account a person and organisation (R13): it
// refuses a second one, and finds the one whose request ended without a
// validation, which registers again; zero: none.
func (c *change) formerAccount(account data.Account) (data.Account, error) {
	accounts, err := c.AccountsByEmail(account.Email)
	if err != nil {
		return data.Account{}, err
	}
	for _, other := range accounts {
		if other.OrganisationID != account.OrganisationID || other.ID == account.ID {
			continue
		}
		requests, err := c.AccountRequests(other.ID)
		if err != nil {
			return data.Account{}, err
		}
		pending := slices.ContainsFunc(requests, data.Request.Open)
		if !pending && other.ValidatedAt.IsZero() && other.InvalidatedAt.IsZero() {
			return other, nil
		}
		return data.Account{}, refuse(Conflict, "Cette personne a déjà le compte {{.Identifier}} dans cette organisation : renouvelez plutôt son activation, ou demandez le changement d’administrateur",
			data.Values{"Identifier": other.Identifier})
	}
	return data.Account{}, nil
}

// registerAgain opens a new request for an account whose former one ended
// without a validation, superseded say (R15). Its identifier stays (R8).
func (a *App) registerAgain(c *change, made *Registered, former data.Account, kind data.RequestKind) error {
	made.Account = former
	letter, err := c.request(former, kind)
	if err != nil {
		return err
	}
	made.Reference = letter.Reference
	if former.ActivatedAt.IsZero() {
		if err := a.newActivation(c, &made.Account); err != nil {
			return err
		}
		if err := c.UpdateAccountFacts(made.Account); err != nil {
			return err
		}
		if err := a.sendActivation(c, made.Account); err != nil {
			return err
		}
	}
	return c.audit("account.register", "account", former.ID, nil, map[string]any{
		"identifier": former.Identifier, "organisation": former.OrganisationID, "kind": kind, "letter": letter.Reference,
	})
}

func deriveIdentifier(tx *store.Tx, firstName, lastName string) (string, error) {
	var failure error
	identifier, err := data.Identifier(firstName, lastName, func(candidate string) bool {
		taken, err := tx.IdentifierTaken(candidate)
		failure = errors.Join(failure, err)
		return taken && failure == nil
	})
	return identifier, errors.Join(failure, err)
}

// IdentifierPreview is what a name would give (R8).
type IdentifierPreview struct {
	Identifier string
	// Simpler is what one first and one last name would give; empty when the
	// name is simple already.
	Simpler string
}

// PreviewIdentifier tells which identifier a name would get now.
func (a *App) PreviewIdentifier(ctx context.Context, firstName, lastName string) (p IdentifierPreview, err error) {
	if _, err := allow(ctx, "PreviewIdentifier"); err != nil {
		return p, err
	}
	err = a.view(ctx, func(tx *store.Tx) (err error) {
		p.Identifier, err = deriveIdentifier(tx, firstName, lastName)
		p.Simpler = data.SimplerIdentifier(firstName, lastName)
		return err
	})
	return p, err
}
