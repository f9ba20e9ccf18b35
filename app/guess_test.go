package app

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"guichet/data"
	"guichet/data/store"
)

// guesser draws what could be right, as somebody who knows the rules would.
type guesser struct{ random *rand.ChaCha8 }

func (g guesser) codes(d *desk) data.ConfirmationCodes {
	codes, err := data.NewConfirmationCodes(g.random)
	d.done(err)
	return codes
}

// audited are the subjects of the audit's entries of an action.
func (d *desk) audited(action string) (entries []data.AuditEntry) {
	d.t.Helper()
	d.done(d.store.View(d.nobody, func(tx *store.Tx) (err error) {
		entries, err = tx.Audit(data.AuditFilter{Action: action}, 0, 1000)
		return err
	}))
	return entries
}

// TestGuessingCodes: a letter is locked after five pairs, whatever they are, also
// for the right one; a slip of the keyboard costs nothing, and tells nothing; all
// of it is in the audit.
func TestGuessingCodes(t *testing.T) {
	d := openDesk(t)
	o := d.organisation("Commune d'Achenheim")
	g := guesser{rand.NewChaCha8([32]byte{7})}
	var references []string
	for i := range 8 {
		references = append(references, d.register(o, fmt.Sprintf("g%d@mairie.fr", i), false).Reference)
	}
	right := d.post()
	for _, reference := range references {
		for try := 1; ; try++ {
			codes := g.codes(d)
			if half := right[reference]; try == 2 || try == 3 { // one of the two is right: nothing tells
				codes[try-2] = half[try-2]
			}
			mistyped := "0000-000" + map[bool]string{true: "1", false: "2"}[data.ValidCode("0000-0002")]
			_, err := d.Confirm(d.helpDesk, reference, mistyped, codes[1])
			if ProblemsOf(err) == nil && KindOf(err) != Conflict {
				t.Errorf("a slip: %v", err)
			}
			_, err = d.Confirm(d.helpDesk, reference, codes[0], codes[1])
			if err == nil {
				t.Fatal("guessed")
			}
			want := fmt.Sprintf("Ces codes ne sont pas ceux de la lettre %s. Essais restants : %d", reference, data.WrongPairsAllowed-try)
			if try == data.WrongPairsAllowed {
				d.refused(Conflict, err)
				break
			}
			if err.Error() != want {
				t.Errorf("try %d: %q, want %q", try, err, want)
			}
		}
		_, err := d.confirm(reference, right)
		d.refused(Conflict, err)
		if state := d.letter(reference).State; state != data.Locked {
			t.Errorf("%s is %s", reference, state)
		}
	}
	entries := d.audited("letter.wrong_codes")
	if len(entries) != len(references)*data.WrongPairsAllowed {
		t.Errorf("%d wrong pairs in the audit", len(entries))
	}
	for _, e := range entries {
		if e.Operator != "assistance" || !strings.Contains(e.After, `"left"`) {
			t.Errorf("%+v", e)
		}
	}
}

// TestGuessingActivations: a token is 130 bits that nobody guesses; those that
// are near a right one, and another account's, are as wrong as any, by the
// portal and by mail, and stand in the audit with the account.
func TestGuessingActivations(t *testing.T) {
	d := openDesk(t)
	made, other := d.unactivated("a@mairie.fr").Account, d.unactivated("b@mairie.fr").Account
	right := data.ActivationToken(made.ID, made.ActivationNonce, d.secret)
	_, symbols, _ := strings.Cut(right, "-")
	if len(symbols) != 26 { // 5 bits each
		t.Fatalf("%d symbols", len(symbols))
	}
	last := symbols[len(symbols)-1]
	guesses := []string{
		right[:len(right)-1], right + "0", fmt.Sprintf("%d-%s", other.ID, symbols), fmt.Sprintf("%d-", made.ID),
		right[:len(right)-1] + map[bool]string{true: "0", false: "1"}[last != '0'], data.ActivationToken(made.ID, "", d.secret), data.ActivationToken(made.ID, made.ActivationNonce, nil),
	}
	random := rand.New(rand.NewPCG(3, 3))
	for range 200 {
		guess := []byte(symbols)
		for range 1 + random.IntN(25) {
			guess[random.IntN(len(guess))] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"[random.IntN(32)]
		}
		if string(guess) != symbols {
			guesses = append(guesses, fmt.Sprintf("%d-%s", made.ID, guess))
		}
	}
	for _, guess := range guesses {
		account, err := d.Activate(d.helpDesk, guess)
		d.refused(Invalid, err)
		if account.ID != 0 || strings.Contains(fmt.Sprint(err), guess) {
			t.Errorf("%+v, %v", account, err)
		}
	}
	for _, none := range []string{"", "-", "99999-" + symbols, "a-b", strings.Repeat("1", 400)} { // of nobody
		_, err := d.Activate(d.helpDesk, none)
		d.refused(Invalid, err)
	}
	entries := d.audited("account.wrong_token")
	if len(entries) != len(guesses) {
		t.Errorf("%d wrong tokens in the audit, of %d", len(entries), len(guesses))
	}
	for _, e := range entries {
		if strings.Contains(e.After, symbols[:6]) || e.SubjectID != made.ID && e.SubjectID != other.ID {
			t.Errorf("%+v", e)
		}
	}
	for i, guess := range guesses[:3] {
		got := d.come(letterOf("c@x.example", fmt.Sprintf("guess%d@x.example", i), data.ActivationSubject+" "+guess, "Bonjour"))
		if got.Activated != 0 || got.Tickets != 1 {
			t.Errorf("by mail: %+v", got)
		}
	}
	account, err := d.Activate(d.helpDesk, " "+strings.ToLower(right)+" ")
	d.done(err)
	if account.ID != made.ID {
		t.Errorf("%+v", account)
	}
	_, err = d.Activate(d.helpDesk, right)
	d.refused(Invalid, err)
}

// TestGuessingOperators: a guesser that tries as fast as it may, with common
// passwords on several names, has few tries in a day, and each is in the audit.
func TestGuessingOperators(t *testing.T) {
	d := openDesk(t)
	names := []string{"admin", "courrier", "root"}
	end := d.clock.AddDate(0, 0, 1)
	tries := map[string]int{}
	for ; d.clock.Before(end); d.clock = d.clock.Add(10e9) {
		for _, name := range names {
			_, err := d.SignIn(d.nobody, name, "Motdepasse2026!")
			d.refused(Forbidden, err)
			if err.Error() == "Nom d’utilisateur ou mot de passe erroné" {
				tries[name]++
			}
		}
		if d.clock.Sub(tuesday) > 3600e9 {
			d.clock = d.clock.Add(890e9) // the longest wait: it tries again as it ends
		}
	}
	for _, name := range names {
		if tries[name] < 5 || tries[name] > 120 {
			t.Errorf("%s: %d tries in a day", name, tries[name])
		}
		if tries[name] != tries["root"] { // whom nobody is called
			t.Errorf("names are told apart: %v", tries)
		}
	}
	if entries := d.audited("operator.sign_in_failed"); len(entries) != tries["admin"]+tries["courrier"]+tries["root"] {
		t.Errorf("%d in the audit, %v tried", len(entries), tries)
	}
}
