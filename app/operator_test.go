package app

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"guichet/data"
	"guichet/data/store"
)

const longPassword = "un mot de passe long"

// find is an operator as the administrators see it.
func (d *desk) find(login string) data.Operator {
	d.t.Helper()
	operators, err := d.Operators(d.admin)
	d.done(err)
	for _, o := range operators {
		if o.PasswordHash != "" {
			d.t.Error("a hash is handed out")
		}
		if o.Login == login {
			return o
		}
	}
	d.t.Fatalf("no operator %s", login)
	return data.Operator{}
}

func TestOperatorsAreChanged(t *testing.T) {
	d := openDesk(t)
	nora := d.find("assistance")
	changed := nora
	changed.Name, changed.Roles = " Nora Stoll ", []data.Role{data.HelpDesk, data.MailRoom}
	d.done(d.UpdateOperator(d.admin, nora, changed))
	if got := d.find("assistance"); got.Name != "Nora Stoll" || len(got.Roles) != 2 {
		t.Errorf("%+v", got)
	}
	d.refused(Conflict, d.UpdateOperator(d.admin, nora, changed)) // seen before the change
	nora = d.find("assistance")
	changed.Roles = nil
	d.refused(Invalid, d.UpdateOperator(d.admin, nora, changed))

	// Who is signed in works with the roles that the session was opened with.
	d.refused(SessionEnded, d.AddNote(d.helpDesk, 1, "note"))
	_, err := d.Counts(d.helpDesk)
	d.refused(SessionEnded, err)

	d.done(d.DisableOperator(d.admin, nora))
	_, err = d.SignIn(d.nobody, "assistance", longPassword)
	d.refused(Forbidden, err)
	d.done(d.EnableOperator(d.admin, d.find("assistance")))
	_, err = d.SignIn(d.nobody, "assistance", longPassword)
	d.done(err)
}

func TestTheLastAdministratorStays(t *testing.T) {
	d := openDesk(t)
	claire := d.find("admin")
	without := claire
	without.Roles = []data.Role{data.MailRoom}
	for _, err := range []error{d.DisableOperator(d.admin, claire), d.UpdateOperator(d.admin, claire, without)} {
		d.refused(Conflict, err)
		if err == nil || !strings.Contains(err.Error(), "le dernier") {
			t.Error(err)
		}
	}
	d.operator(d.admin, "second", data.Administrator)
	d.done(d.DisableOperator(d.admin, claire))
}

// TestAProvisionalPasswordOpensNothing: an operator whose password somebody else
// set chooses another before all else.
func TestAProvisionalPasswordOpensNothing(t *testing.T) {
	d := openDesk(t)
	proposed, err := d.ProposePassword()
	d.done(err)
	d.done(data.CheckOperatorPassword(proposed))
	d.done(d.ResetOperator(d.admin, d.find("courrier"), proposed))
	d.refused(Invalid, d.ResetOperator(d.admin, d.find("courrier"), "court"))
	_, err = d.SignIn(d.nobody, "courrier", longPassword)
	d.refused(Forbidden, err)
	signed, err := d.SignIn(d.nobody, "courrier", proposed)
	d.done(err)
	if !signed.MustChange {
		t.Error("the password need not be changed")
	}
	as := As(d.nobody, signed.Operator)
	for name := range useCases {
		if name != "ChangePassword" && d.passes(name, as) {
			t.Errorf("%s passes with a provisional password", name)
		}
	}
	for _, try := range []struct{ former, next, field string }{
		{"faux", "un autre mot de passe", "former"}, {proposed, "court", "password"}, {proposed, proposed, "password"},
	} {
		_, err := d.ChangePassword(as, try.former, try.next)
		if problems := ProblemsOf(err); len(problems) != 1 || problems[0].Field != try.field {
			t.Errorf("%q: %v", try.next, err)
		}
	}
	own, err := d.ChangePassword(as, proposed, "un autre mot de passe")
	d.done(err)
	_, err = d.Home(As(d.nobody, own))
	d.done(err)
	signed, err = d.SignIn(d.nobody, "courrier", "un autre mot de passe")
	d.done(err)
	if signed.MustChange {
		t.Error("it must be changed again")
	}
}

// TestGuessingAPasswordIsSlow: after five failures the next try waits, whatever
// it is, and longer each time, also over a restart; a name that nobody has is
// treated alike.
func TestGuessingAPasswordIsSlow(t *testing.T) {
	d := openDesk(t)
	for _, login := range []string{"courrier", "personne"} {
		wait := time.Duration(0)
		for try := 1; try <= 12; try++ {
			d.clock = d.clock.Add(wait)
			_, err := d.SignIn(d.nobody, login, "faux")
			d.refused(Forbidden, err)
			if err.Error() != "Nom d’utilisateur ou mot de passe erroné" {
				t.Fatalf("%s, try %d: %v", login, try, err)
			}
			if wait = data.SignInDelay(try); wait == 0 {
				continue
			}
			d.clock = d.clock.Add(wait - time.Second)
			if try == 7 {
				d.done(d.Close())
				d.open()
			}
			_, err = d.SignIn(d.nobody, login, longPassword) // the right one, too early
			d.refused(Forbidden, err)
			if err == nil || !strings.Contains(err.Error(), "réessayez dans 1\u00a0s") {
				t.Fatalf("%s, after try %d: %v", login, try, err)
			}
			wait = time.Second
		}
	}
	d.clock = d.clock.Add(15 * time.Minute)
	signed, err := d.SignIn(d.nobody, "courrier", longPassword)
	d.done(err)
	if signed.Failures != 12 {
		t.Errorf("%d failures told", signed.Failures)
	}
	_, err = d.SignIn(d.nobody, "courrier", "faux") // it starts over
	if err.Error() != "Nom d’utilisateur ou mot de passe erroné" {
		t.Error(err)
	}
	d.done(d.store.View(d.nobody, func(tx *store.Tx) error {
		entries, err := tx.Audit(data.AuditFilter{Action: "operator.sign_in_failed"}, 0, 100)
		if len(entries) != 25 {
			t.Errorf("%d failures in the audit", len(entries))
		}
		for _, e := range entries {
			if strings.Contains(e.After, "personne") || strings.Contains(e.Operator, "personne") {
				t.Error("the audit repeats what was typed")
			}
		}
		return err
	}))
}

func TestManyGuessesAtOnceAreCounted(t *testing.T) {
	d := openDesk(t)
	results := make(chan error)
	for range 20 {
		go func() {
			_, err := d.SignIn(context.Background(), "courrier", "faux")
			results <- err
		}()
	}
	tried := 0
	for range 20 {
		err := <-results
		var e *Error
		if errors.As(err, &e) && e.Message == "Nom d’utilisateur ou mot de passe erroné" {
			tried++
		}
	}
	if tried != data.SignInTries {
		t.Errorf("%d passwords were tried", tried)
	}
}
