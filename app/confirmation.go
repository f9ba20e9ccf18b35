package app

import (
	"context"
	"errors"
	"time"

	"guichet/data"
	"guichet/data/store"
)

// Confirmation is what a right pair of codes brought about.
type Confirmation struct {
	Letter       data.Letter
	Kind         data.RequestKind
	Organisation data.Organisation
	Account      data.Account
	// Former is the administrator replaced, now a plain user (R5); zero: none.
	Former data.Account
}

// Confirm takes a letter's reference and its two codes, as typed. A mistyped
// symbol names its field and costs nothing; a wrong pair does not tell which
// of the two is wrong, and the fifth locks the letter. A right pair validates
// the request's account and, for an administrator, makes them the only active
// one (R3–R5). Help desk and administrators, who read the codes over the phone.
func (a *App) Confirm(ctx context.Context, reference, code1, code2 string) (Confirmation, error) {
	operator, err := allow(ctx, "Confirm")
	if err != nil {
		return Confirmation{}, err
	}
	var codes data.ConfirmationCodes
	reference, badReference := data.NormaliseReference(reference)
	var bad1, bad2 error
	codes[0], bad1 = data.NormaliseCode("code1", code1)
	codes[1], bad2 = data.NormaliseCode("code2", code2)
	if err := refined(checks(badReference, bad1, bad2)); err != nil {
		return Confirmation{}, err
	}
	var done Confirmation
	var refusal error // a refusal that the transaction must keep the trace of
	err = a.update(ctx, operator, func(c *change) error {
		done, refusal = Confirmation{}, nil
		file, err := c.letterNamed(reference)
		if err != nil {
			return err
		}
		settings, err := readSettings(c.Tx)
		if err != nil {
			return err
		}
		switch {
		case !file.Live():
			return refuse(Conflict, letterRefusals[file.State], data.Values{"Reference": reference})
		case file.Expired(c.now, settings.CodeValidDays):
			refusal = refuse(Conflict, letterRefusals[data.ExpiredLetter], data.Values{"Reference": reference})
			return c.expire(file.Letter)
		case !file.Match(codes):
			refusal, err = c.wrongPair(file)
			return err
		}
		done, err = c.confirm(file)
		return err
	})
	return done, errors.Join(err, refusal)
}

// letterNamed is the letter of a reference; NotFound names it when there is none.
func (c *change) letterNamed(reference string) (data.LetterFile, error) {
	file, err := c.LetterByReference(reference)
	if errors.Is(err, store.ErrNotFound) {
		err = refuse(NotFound, "Aucune lettre ne porte la référence {{.Reference}}", data.Values{"Reference": reference})
	}
	return file, err
}

// letterRefusals say why a letter's codes are refused.
var letterRefusals = map[data.LetterState]string{
	data.Queued:           "La lettre {{.Reference}} n’est pas encore composée : elle n’a pas de codes",
	data.Confirmed:        "Les codes de la lettre {{.Reference}} ont déjà servi",
	data.Returned:         "La lettre {{.Reference}} est revenue non distribuée : ses codes ne valent plus",
	data.Reported:         "La lettre {{.Reference}} a été signalée non reçue : seuls les codes de la nouvelle valent",
	data.ExpiredLetter:    "Les codes de la lettre {{.Reference}} sont échus : demandez une nouvelle lettre",
	data.WithdrawnLetter:  "La lettre {{.Reference}} a été retirée : la demande est déjà close",
	data.SupersededLetter: "La lettre {{.Reference}} a été remplacée : seuls les codes de la plus récente valent",
	data.Locked:           "La lettre {{.Reference}} est bloquée après cinq essais erronés : demandez une nouvelle lettre",
}

// expire ends a letter whose codes have lapsed.
func (c *change) expire(letter data.Letter) error {
	if err := c.endLetter(letter, data.ExpiredLetter); err != nil {
		return err
	}
	return c.audit("letter.expire", "letter", letter.ID, nil, map[string]any{"reference": letter.Reference})
}

// wrongPair counts a wrong pair and locks the letter at the fifth.
func (c *change) wrongPair(file data.LetterFile) (refusal, err error) {
	letter := file.Letter
	letter.WrongPairs++
	left := data.WrongPairsAllowed - letter.WrongPairs
	if left > 0 {
		refusal = refuse(Invalid, "Ces codes ne sont pas ceux de la lettre {{.Reference}}. Essais restants : {{.Left}}",
			data.Values{"Reference": letter.Reference, "Left": left})
		err = c.MoveLetter(letter.State, letter)
	} else {
		refusal = refuse(Conflict, letterRefusals[data.Locked], data.Values{"Reference": letter.Reference})
		err = c.endLetter(letter, data.Locked)
	}
	return refusal, errors.Join(err, c.audit("letter.wrong_codes", "letter", letter.ID, nil, map[string]any{
		"reference": letter.Reference, "left": left,
	}))
}

func (c *change) confirm(file data.LetterFile) (Confirmation, error) {
	done := Confirmation{Letter: file.Letter, Kind: file.Request.Kind, Organisation: file.Organisation, Account: file.Account}
	if err := c.endLetter(file.Letter, data.Confirmed); err != nil {
		return done, err
	}
	if err := c.closeRequest(file.Request, data.ConfirmedByCodes, data.WithdrawnLetter); err != nil {
		return done, err
	}
	done.Letter.State = data.Confirmed
	if done.Account.ValidatedAt.IsZero() || !done.Account.InvalidatedAt.IsZero() {
		done.Account.ValidatedAt, done.Account.InvalidatedAt = c.now, time.Time{}
		if err := c.UpdateAccountFacts(done.Account); err != nil {
			return done, err
		}
	}
	if done.Kind.MakesAdministrator() {
		former, err := c.ActiveAdministrator(done.Organisation.ID)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return done, err
		}
		done.Former = former
		if err := c.SetAdministrator(done.Account, c.now); err != nil {
			return done, err
		}
	}
	return done, c.audit("letter.confirm", "letter", file.Letter.ID, nil, map[string]any{
		"reference": file.Reference, "account": done.Account.Identifier, "kind": done.Kind, "former": done.Former.Identifier,
		// Allowed, and noted.
		"also_representative": done.Kind.MakesAdministrator() && samePerson(done.Account, file.Representative),
	})
}
