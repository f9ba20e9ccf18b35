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
	if _, err := allow(ctx, "Queue"); err != nil {
		return nil, err
	}
	var queue []QueuedLetter
	err := a.view(ctx, func(tx *store.Tx) error {
		desk, err := readMailDesk(tx)
		if err != nil {
			return err
		}
		files, err := tx.QueuedLetters()
		queue = make([]QueuedLetter, len(files))
		for i, file := range files {
			queue[i] = desk.queued(file)
		}
		return err
	})
	return queue, err
}

// mailDesk is what letters are set with.
type mailDesk struct {
	settings data.Settings
	design   letters.Design
	checker  *letters.Checker
}

func readMailDesk(tx *store.Tx) (desk mailDesk, err error) {
	if desk.settings, err = readSettings(tx); err != nil {
		return desk, err
	}
	desk.design, err = readDesign(tx, desk.settings)
	desk.checker = letters.NewChecker(completed(desk.design))
	return desk, err
}

// queued sets a letter's address in lines, or says why it is held back.
func (m mailDesk) queued(file data.LetterFile) QueuedLetter {
	q := QueuedLetter{LetterFile: file}
	q.Lines, q.Held = addressLines(file.Organisation, file.Representative)
	if q.Held == nil {
		q.Held = refined(m.checker.Check(sheet(q, data.ConfirmationCodes{}, m.settings)))
	}
	return q
}

// sheet is the letter as it goes on paper.
func sheet(q QueuedLetter, codes data.ConfirmationCodes, settings data.Settings) letters.Letter {
	return letters.Letter{
		Kind: letters.Kind(q.Request.Kind), Reference: q.Reference, Codes: codes, Address: q.Lines,
		Salutation: q.Representative.Salutation(), Organisation: q.Organisation.Name,
		Applicant: q.Account.Name(), Identifier: q.Account.Identifier,
		RequestedOn: q.Request.CreatedAt, ValidDays: settings.CodeValidDays, Replaces: q.Replaces,
	}
}
