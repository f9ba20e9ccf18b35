package app

import (
	"context"
	"errors"
	"slices"
	"time"

	"guichet/data"
	"guichet/data/store"
	"guichet/letters"
)

// Returned is what ReturnLetter did.
type Returned struct {
	// Letter is the letter as it stands now.
	Letter data.LetterFile
	// Voided tells that its codes were still good.
	Voided bool

	before  data.Letter // with the hash of its codes, to undo
	doubted time.Time   // since when the address was in doubt before
}

// returnRefusals say why a letter cannot have come back.
var returnRefusals = map[data.LetterState]string{
	data.Queued:    "La lettre {{.Reference}} n’est pas encore composée",
	data.Composed:  "La lettre {{.Reference}} n’est pas encore postée",
	data.Returned:  "La lettre {{.Reference}} est déjà enregistrée comme revenue",
	data.Confirmed: "Les codes de la lettre {{.Reference}} ont déjà servi : elle a bien été reçue",
}

// ReturnLetter records a letter that La Poste brought back: its codes are void,
// and its organisation's address is to be checked. scanned is the reference as
// typed, or as a scanner reads it from the sheet. A letter that had ended
// otherwise, reported or expired say, keeps its state and gets the reason.
// Mail room.
func (a *App) ReturnLetter(ctx context.Context, scanned string, reason data.ReturnReason) (done Returned, err error) {
	operator, err := allow(ctx, "ReturnLetter")
	if err != nil {
		return done, err
	}
	reference, err := data.ScannedReference(scanned)
	if err != nil {
		return done, refined(err)
	}
	if !reason.Known() {
		return done, refuse(Invalid, "Choisissez le motif du retour", nil)
	}
	err = a.update(ctx, operator, func(c *change) error {
		file, err := c.letterNamed(reference)
		if err != nil {
			return err
		}
		if message := returnRefusals[file.State]; message != "" {
			return refuse(Conflict, message, data.Values{"Reference": reference})
		}
		if file.BatchID == 0 {
			return refuse(Conflict, returnRefusals[data.Queued], data.Values{"Reference": reference})
		}
		if file.ReturnReason != "" {
			return refuse(Conflict, returnRefusals[data.Returned], data.Values{"Reference": reference})
		}
		done, err = c.returnLetter(file, reason)
		return err
	})
	return done, err
}

func (c *change) returnLetter(file data.LetterFile, reason data.ReturnReason) (Returned, error) {
	done := Returned{Voided: file.State == data.Posted, before: file.Letter, doubted: file.Organisation.AddressDoubtedAt}
	file.ReturnReason = reason
	if done.Voided {
		file.State, file.EndedAt, file.Salt, file.Hash = data.Returned, c.now, nil, nil
	}
	if file.Organisation.AddressDoubtedAt.IsZero() && sentTo(file.Letter, file.Organisation.Address) {
		file.Organisation.AddressDoubtedAt = c.now
	}
	done.Letter = file
	return done, errors.Join(
		c.MoveLetter(done.before.State, file.Letter),
		c.SetAddressDoubted(file.Organisation.ID, file.Organisation.AddressDoubtedAt),
		c.audit("letter.return", "letter", file.Letter.ID, nil, map[string]any{"reference": file.Reference, "reason": reason}))
}

// sentTo tells whether a letter went to an address, as far as it is known: one
// that was mended since is not in doubt.
func sentTo(letter data.Letter, address data.Address) bool {
	lines, err := letters.Lines(letters.Recipient{Organisation: "-", Name: "-", Address: address})
	if err != nil {
		return true
	}
	place := lines[2:]
	return len(letter.Lines) >= len(place) && slices.Equal(letter.Lines[len(letter.Lines)-len(place):], place)
}

// UndoReturn takes back what ReturnLetter did, as when the wrong letter was
// scanned: the codes are good again. Conflict once the letter or its address
// went on since. Mail room.
func (a *App) UndoReturn(ctx context.Context, done Returned) error {
	operator, err := allow(ctx, "UndoReturn")
	if err != nil {
		return err
	}
	return a.update(ctx, operator, func(c *change) error {
		newer, err := c.newerLetter(done.Letter.Request, done.before)
		if err != nil {
			return err
		}
		now, err := c.LetterByReference(done.before.Reference)
		if err != nil {
			return err
		}
		switch {
		case done.Voided && !now.Request.Open():
			return refuse(Conflict, "La demande de la lettre {{.Reference}} est close", data.Values{"Reference": done.before.Reference})
		case newer != "" && done.Voided:
			return refuse(Conflict, "La lettre {{.Reference}} est déjà remplacée par {{.Newer}}",
				data.Values{"Reference": done.before.Reference, "Newer": newer})
		case now.State != done.Letter.State || now.ReturnReason != done.Letter.ReturnReason:
			return store.ErrChanged
		}
		others, err := c.OrganisationLetters(now.Organisation.ID)
		if err != nil {
			return err
		}
		otherReturned := slices.ContainsFunc(others, func(file data.LetterFile) bool {
			return file.Letter.ID != done.before.ID && file.State == data.Returned && !file.EndedAt.Before(done.Letter.EndedAt)
		})
		if !otherReturned && now.Organisation.AddressDoubtedAt.Equal(done.Letter.Organisation.AddressDoubtedAt) {
			if err := c.SetAddressDoubted(now.Organisation.ID, done.doubted); err != nil {
				return err
			}
		}
		return errors.Join(c.MoveLetter(now.State, done.before),
			c.audit("letter.return_undo", "letter", done.before.ID, nil, map[string]any{"reference": done.before.Reference}))
	})
}

// newerLetter is the reference of a letter of the request that is queued or
// whose codes are good, other than one; empty when there is none.
func (c *change) newerLetter(request data.Request, other data.Letter) (string, error) {
	sent, err := c.LettersOfRequests(request)
	for _, letter := range sent {
		if letter.ID != other.ID && (letter.State == data.Queued || letter.Live()) {
			return letter.Reference, err
		}
	}
	return "", err
}

// AddressChecked records that an organisation's address is right after all,
// though a letter came back. Mail room and administrators.
func (a *App) AddressChecked(ctx context.Context, organisationID int64) error {
	operator, err := allow(ctx, "AddressChecked")
	if err != nil {
		return err
	}
	return a.update(ctx, operator, func(c *change) error {
		o, err := c.onPortal(organisationID)
		if err != nil {
			return err
		}
		return errors.Join(c.SetAddressDoubted(o.ID, time.Time{}),
			c.audit("organisation.address_checked", "organisation", o.ID, nil, map[string]any{"since": o.AddressDoubtedAt}))
	})
}

// ToSendAgain are an organisation's letters that came back and wait for a new
// one, to be offered once its address is mended: their requests are open, and
// no newer letter is on its way.
func (a *App) ToSendAgain(ctx context.Context, organisationID int64) (files []data.LetterFile, err error) {
	if _, err := allow(ctx, "ToSendAgain"); err != nil {
		return nil, err
	}
	err = a.view(ctx, func(tx *store.Tx) error {
		sent, err := tx.OrganisationLetters(organisationID)
		newest := map[int64]bool{} // requests whose newest letter was seen
		for _, file := range sent {
			if !newest[file.RequestID] && file.ReturnReason != "" && !file.Live() && file.Request.Open() {
				files = append(files, file)
			}
			newest[file.RequestID] = true
		}
		return err
	})
	return files, err
}
