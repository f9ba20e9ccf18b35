package app

import (
	"context"

	"guichet/data"
	"guichet/data/store"
	"guichet/letters"
)

// LettersLimit is the most letters that one list returns.
const LettersLimit = 1000

// QueuedLetter is a letter that waits to be composed.
type QueuedLetter struct {
	data.LetterFile
	// Lines is the address as it will be printed; nil when Held says why the
	// letter is held back.
	Lines []string
	Held  error
}

// Queue are the letters that wait to be composed, by postal code; those that
// cannot be printed are held back, each with the reason.
func (a *App) Queue(ctx context.Context) ([]QueuedLetter, error) {
	if _, err := allow(ctx); err != nil {
		return nil, err
	}
	var files []data.LetterFile
	var settings data.Settings
	err := a.view(ctx, func(tx *store.Tx) (err error) {
		if settings, err = readSettings(tx); err == nil {
			files, err = tx.QueuedLetters()
		}
		return err
	})
	queue := make([]QueuedLetter, len(files))
	for i, file := range files {
		q := QueuedLetter{LetterFile: file}
		q.Lines, q.Held = addressLines(file.Organisation, file.Representative)
		if q.Held == nil {
			q.Held = letters.Check(sheet(q, data.ConfirmationCodes{}, settings))
		}
		queue[i] = q
	}
	return queue, err
}

// Letters are the letters in any of some states, newest first, at most
// LettersLimit.
func (a *App) Letters(ctx context.Context, states ...data.LetterState) (files []data.LetterFile, err error) {
	if _, err := allow(ctx); err != nil {
		return nil, err
	}
	if len(states) == 0 {
		states = data.LetterStates
	}
	err = a.view(ctx, func(tx *store.Tx) (err error) {
		files, err = tx.Letters(LettersLimit, states...)
		return err
	})
	return files, err
}

// sheet is the letter as it goes on paper.
func sheet(q QueuedLetter, codes data.ConfirmationCodes, settings data.Settings) letters.Letter {
	return letters.Letter{
		Kind: letters.Kind(q.Request.Kind), Reference: q.Reference, Codes: codes, Address: q.Lines,
		Salutation: q.Representative.Salutation(), Organisation: q.Organisation.Name,
		Applicant: q.Account.Name(), Identifier: q.Account.Identifier,
		RequestedOn: q.Request.CreatedAt, ValidDays: settings.CodeValidDays,
	}
}

func design(settings data.Settings) letters.Design {
	return letters.Design{
		Sender: settings.Sender, Place: settings.Place, PortalURL: settings.PortalURL,
		Signatory: settings.Signatory, SignatoryTitle: settings.SignatoryTitle,
		Phone: settings.SupportPhone, Email: settings.SupportEmail,
	}
}
