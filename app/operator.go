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

// NewOperator is the input of CreateOperator.
type NewOperator struct {
	Login    string
	Name     string
	Password string
	Roles    []data.Role
	// MustChange has the operator change the password before anything else.
	MustChange bool
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

// Operators are all operators, by name, without their passwords' hashes.
// Administrators.
func (a *App) Operators(ctx context.Context) (operators []data.Operator, err error) {
	if _, err := allow(ctx, "Operators"); err != nil {
		return nil, err
	}
	err = a.view(ctx, func(tx *store.Tx) error {
		operators, err = tx.Operators()
		for i := range operators {
			operators[i].PasswordHash = ""
		}
		return err
	})
	return operators, err
}

// CreateOperator adds an operator. Administrators do it; in a register without
// operators anybody does, and the operator must be an administrator.
func (a *App) CreateOperator(ctx context.Context, in NewOperator) (data.Operator, error) {
	o := data.Operator{
		Login: strings.ToLower(strings.TrimSpace(in.Login)), Name: strings.TrimSpace(in.Name), Roles: in.Roles, MustChange: in.MustChange,
	}
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

// UpdateOperator changes an operator's name and roles: seen is the operator as it
// was when it was read, changed as it is to be. Their sessions end. Conflict for
// the last administrator's role, or when somebody changed the operator meanwhile.
// Administrators.
func (a *App) UpdateOperator(ctx context.Context, seen, changed data.Operator) error {
	return a.changeOperator(ctx, "UpdateOperator", seen, "operator.update", func(o *data.Operator) error {
		o.Name, o.Roles = strings.TrimSpace(changed.Name), changed.Roles
		return o.Check()
	})
}

// DisableOperator keeps an operator from signing in, and ends their sessions;
// what they did stays under their name. Conflict for the last administrator.
// Administrators.
func (a *App) DisableOperator(ctx context.Context, seen data.Operator) error {
	return a.changeOperator(ctx, "DisableOperator", seen, "operator.disable", func(o *data.Operator) error {
		o.DisabledAt = a.Now()
		return nil
	})
}

// EnableOperator lets an operator sign in again. Administrators.
func (a *App) EnableOperator(ctx context.Context, seen data.Operator) error {
	return a.changeOperator(ctx, "EnableOperator", seen, "operator.enable", func(o *data.Operator) error {
		o.DisabledAt = data.Operator{}.DisabledAt
		return nil
	})
}

// ResetOperator gives an operator a password that they must change at the next
// sign-in; their sessions end, and failed sign-ins are forgotten. Administrators.
func (a *App) ResetOperator(ctx context.Context, seen data.Operator, password string) error {
	if _, err := allow(ctx, "ResetOperator"); err != nil {
		return err
	}
	if err := refined(data.CheckOperatorPassword(password)); err != nil {
		return err
	}
	hash, err := argon2id.CreateHash(password, a.passwords)
	if err != nil {
		return refined(err)
	}
	return a.changeOperator(ctx, "ResetOperator", seen, "operator.reset", func(o *data.Operator) error {
		o.PasswordHash, o.MustChange = hash, true
		return nil
	})
}

// operatorFacts are what the audit tells of an operator.
func operatorFacts(o data.Operator) map[string]any {
	return map[string]any{"login": o.Login, "name": o.Name, "roles": o.Roles, "disabled": !o.Enabled()}
}

// changeOperator runs a change of an operator, which must leave an administrator.
func (a *App) changeOperator(ctx context.Context, useCase string, seen data.Operator, action string, do func(*data.Operator) error) error {
	by, err := allow(ctx, useCase)
	if err != nil {
		return err
	}
	return a.update(ctx, by, func(c *change) error {
		before, err := c.Operator(seen.ID)
		if err != nil {
			return err
		}
		if before.Name != seen.Name || !slices.Equal(before.Roles, seen.Roles) || before.Enabled() != seen.Enabled() {
			return store.ErrChanged
		}
		after := before
		if err := do(&after); err != nil {
			return err
		}
		if err := c.UpdateOperator(after); err != nil {
			return err
		}
		if after.MustChange && !before.MustChange {
			if err := c.SetSignInFailures(a.loginKey(after.Login), data.SignInFailures{}, c.now.Add(-data.SignInMemory)); err != nil {
				return err
			}
		}
		operators, err := c.Operators()
		if err != nil {
			return err
		}
		if !administered(operators) {
			return refuse(Conflict, "Il faut garder un administrateur : {{.Name}} est le dernier", data.Values{"Name": before.Name})
		}
		return c.audit(action, "operator", after.ID, operatorFacts(before), operatorFacts(after))
	})
}

// administered tells whether one of the operators can administer the register.
func administered(operators []data.Operator) bool {
	for _, o := range operators {
		if o.Enabled() && o.Has(data.Administrator) {
			return true
		}
	}
	return false
}

// ProposePassword is a random password of 80 bits, easy to read out.
func (a *App) ProposePassword() (string, error) {
	codes, err := data.NewConfirmationCodes(a.random)
	more, moreErr := data.NewConfirmationCodes(a.random)
	return strings.Join([]string{codes[0], codes[1], more[0]}, "-"), refined(errors.Join(err, moreErr))
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
