package app

import (
	"context"
	"errors"
	"strings"

	"github.com/alexedwards/argon2id"

	"guichet/data"
	"guichet/data/store"
)

// NewOperator is the input of CreateOperator.
type NewOperator struct {
	Login    string
	Name     string
	Password string
	Roles    []data.Role
}

// HasOperators tells whether anybody can sign in; a register without operators
// lets CreateOperator make the first one, an administrator.
func (a *App) HasOperators(ctx context.Context) (has bool, err error) {
	err = a.view(ctx, func(tx *store.Tx) error {
		operators, err := tx.Operators()
		has = len(operators) > 0
		return err
	})
	return has, err
}

// CreateOperator adds an operator. Administrators do it; in a register without
// operators anybody does, and the operator must be an administrator.
func (a *App) CreateOperator(ctx context.Context, in NewOperator) (data.Operator, error) {
	o := data.Operator{Login: strings.ToLower(strings.TrimSpace(in.Login)), Name: strings.TrimSpace(in.Name), Roles: in.Roles}
	by, err := allow(ctx, "CreateOperator")
	if err != nil {
		if has, failure := a.HasOperators(ctx); failure != nil || has {
			return data.Operator{}, err
		}
		if by = o; !o.Has(data.Administrator) {
			return data.Operator{}, refuse(Invalid, "Le premier opérateur doit être administrateur", nil)
		}
	}
	if err := refined(checks(o.Check(), data.CheckOperatorPassword(in.Password))); err != nil {
		return data.Operator{}, err
	}
	if o.PasswordHash, err = argon2id.CreateHash(in.Password, a.passwords); err != nil {
		return data.Operator{}, refined(err)
	}
	err = a.update(ctx, by, func(c *change) error {
		o.CreatedAt = c.now
		if err := c.AddOperator(&o); err != nil {
			if errors.Is(err, store.ErrTaken) {
				return data.Problems{{Field: "login", Message: "Ce nom d’utilisateur est pris"}}
			}
			return err
		}
		return c.audit("operator.create", "operator", o.ID, nil, map[string]any{"login": o.Login, "roles": o.Roles})
	})
	return o, err
}

// SignIn checks an operator's password and records the sign-in. It does not
// tell whether the login or the password is wrong.
func (a *App) SignIn(ctx context.Context, login, password string) (data.Operator, error) {
	var o data.Operator
	err := a.view(ctx, func(tx *store.Tx) (err error) {
		o, err = tx.OperatorByLogin(strings.ToLower(strings.TrimSpace(login)))
		return err
	})
	if err != nil && KindOf(err) != NotFound {
		return data.Operator{}, err
	}
	var match bool
	if o.ID != 0 {
		match, err = argon2id.ComparePasswordAndHash(password, o.PasswordHash)
	} else { // an unknown login takes as long as a wrong password
		_, err = argon2id.CreateHash(password, a.passwords)
	}
	if err != nil {
		return data.Operator{}, refined(err)
	}
	if !match || !o.DisabledAt.IsZero() {
		return data.Operator{}, refuse(Forbidden, "Nom d’utilisateur ou mot de passe erroné", nil)
	}
	err = a.update(ctx, o, func(c *change) error {
		o.LastSignInAt = c.now
		if err := c.SetOperatorSignedIn(o); err != nil {
			return err
		}
		return c.audit("operator.sign_in", "operator", o.ID, nil, nil)
	})
	return o, err
}

// checks joins the problems of several rules.
func checks(errs ...error) error {
	var all data.Problems
	for _, err := range errs {
		var problems data.Problems
		if errors.As(err, &problems) {
			all = append(all, problems...)
		} else if err != nil {
			return err
		}
	}
	return all.Err()
}
