package app

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
	"strings"
	"time"

	"github.com/alexedwards/argon2id"

	"guichet/data"
	"guichet/data/store"
)

// SignedIn is an operator whose session opens.
type SignedIn struct {
	data.Operator
	// FormerAt is the sign-in before this one; zero: there was none.
	FormerAt time.Time
	// Failures are the sign-ins under the operator's name that failed since.
	Failures int
}

// SignIn checks an operator's password and records the sign-in. Forbidden: it
// does not tell whether the login or the password is wrong. After
// data.SignInTries failures in a row the next try has to wait, whatever it is,
// and longer each time; that is kept in the register. An operator who must
// change their password may do nothing else: see ChangePassword.
func (a *App) SignIn(ctx context.Context, login, password string) (SignedIn, error) {
	login = strings.ToLower(strings.TrimSpace(login))
	o, before, err := a.trySignIn(ctx, login)
	if err != nil {
		return SignedIn{}, err
	}
	var match bool
	if o.ID != 0 {
		match, err = argon2id.ComparePasswordAndHash(password, o.PasswordHash)
	} else { // an unknown login takes as long as a wrong password
		_, err = argon2id.CreateHash(password, a.passwords)
	}
	if err != nil {
		return SignedIn{}, refined(err)
	}
	if !match || !o.Enabled() {
		facts := map[string]any{"failures": before.Failures + 1}
		if o.ID != 0 { // a login that nobody has may be a password
			facts["login"] = o.Login
		}
		err = a.update(ctx, data.Operator{Login: o.Login}, func(c *change) error {
			return c.audit("operator.sign_in_failed", "operator", o.ID, nil, facts)
		})
		if err == nil {
			err = refuse(Forbidden, "Nom d’utilisateur ou mot de passe erroné", nil)
		}
		return SignedIn{}, err
	}
	signed := SignedIn{Operator: o, FormerAt: o.LastSignInAt, Failures: before.Failures}
	err = a.update(ctx, o, func(c *change) error {
		signed.LastSignInAt = c.now
		if err := c.SetSignInFailures(a.loginKey(login), data.SignInFailures{}, c.now.Add(-data.SignInMemory)); err != nil {
			return err
		}
		if err := c.SetOperatorSignedIn(signed.Operator); err != nil {
			return err
		}
		return c.audit("operator.sign_in", "operator", o.ID, nil, map[string]any{"login": o.Login})
	})
	return signed, err
}

// trySignIn counts a sign-in as failed before it is tried, so that neither a
// crash nor many at once give a try for nothing; it returns who signs in, if
// anybody is called so, and the failures before.
func (a *App) trySignIn(ctx context.Context, login string) (o data.Operator, before data.SignInFailures, err error) {
	key := a.loginKey(login)
	err = a.store.Update(ctx, func(tx *store.Tx) error {
		now := a.Now()
		before, err = tx.SignInFailures(key)
		if err != nil {
			return err
		}
		before = before.At(now)
		if wait := before.Until().Sub(now); wait > 0 {
			return refuse(Forbidden, "Trop d’essais manqués : réessayez dans {{.Wait}}", data.Values{"Wait": waitText(wait)})
		}
		o, err = found(tx.OperatorByLogin(login))
		if err != nil {
			return err
		}
		failed := data.SignInFailures{Failures: before.Failures + 1, LastAt: now}
		return tx.SetSignInFailures(key, failed, now.Add(-data.SignInMemory))
	})
	return o, before, logged(ctx, refined(err))
}

// loginKey is what failed sign-ins are counted under: never what was typed,
// which may be a password.
func (a *App) loginKey(login string) []byte {
	mac := hmac.New(sha256.New, a.secret)
	mac.Write([]byte("sign-in\x00" + login))
	return mac.Sum(nil)
}

// waitText is a wait in minutes and seconds, rounded up.
func waitText(wait time.Duration) string {
	seconds := int((wait + time.Second - 1) / time.Second)
	if seconds < 60 {
		return fmt.Sprintf("%d\u00a0s", seconds)
	}
	return fmt.Sprintf("%d\u00a0min\u00a0%02d", seconds/60, seconds%60)
}

// ChangePassword changes the operator's own password, which they give once more;
// the operator that it returns may go on. Any operator, also one who must.
func (a *App) ChangePassword(ctx context.Context, former, password string) (data.Operator, error) {
	operator, err := allow(ctx, "ChangePassword")
	if err != nil {
		return operator, err
	}
	if err := refined(data.CheckOperatorPassword(password)); err != nil {
		return operator, err
	}
	if former == password {
		return operator, refined(data.Problems{{Field: "password", Message: "Le nouveau mot de passe doit être différent"}})
	}
	hash, err := argon2id.CreateHash(password, a.passwords)
	if err != nil {
		return operator, refined(err)
	}
	present := operator
	err = a.update(ctx, operator, func(c *change) error {
		if present, err = c.Operator(operator.ID); err != nil {
			return err
		}
		if match, err := argon2id.ComparePasswordAndHash(former, present.PasswordHash); err != nil || !match {
			return checks(err, data.Problems{{Field: "former", Message: "Ce n’est pas votre mot de passe actuel"}})
		}
		present.PasswordHash, present.MustChange = hash, false
		if err := c.UpdateOperator(present); err != nil {
			return err
		}
		return c.audit("operator.password", "operator", present.ID, nil, map[string]any{"login": present.Login})
	})
	return present, err
}
