package app

import (
	"context"

	"guichet/data"
)

const (
	// reissuesAllowed is the most letters that replace others for one request
	// within reissueDays.
	reissuesAllowed = 3
	reissueDays     = 90
)

// Reissue is what ReissueLetter did.
type Reissue struct {
	Former    string // reference
	Reference string // of the letter queued in its place
}

// ReissueLetter queues a new letter, which will have new codes, in the place of
// one that was not received, was locked or has expired; the old codes are void.
// A posted letter is reported as not received, which it may be from the fifth
// working day after posting (R16): before that, Conflict tells the date. One that
// came back waits until its address was mended, or checked. At
// most 3 times in 90 days for one request: then the requester must explain
// themselves in a ticket. All roles.
func (a *App) ReissueLetter(ctx context.Context, reference string) (Reissue, error) {
	operator, err := allow(ctx, "ReissueLetter")
	if err != nil {
		return Reissue{}, err
	}
	if reference, err = data.NormaliseReference(reference); err != nil {
		return Reissue{}, refined(err)
	}
	var done Reissue
	err = a.update(ctx, operator, func(c *change) error {
		done, err = c.reissue(reference)
		return err
	})
	return done, err
}

func (c *change) reissue(reference string) (Reissue, error) {
	done := Reissue{Former: reference}
	file, err := c.letterNamed(reference)
	if err != nil {
		return done, err
	}
	if err := c.mayReissue(file); err != nil {
		return done, err
	}
	if file.State == data.Posted {
		if err := c.endLetter(file.Letter, data.Reported); err != nil {
			return done, err
		}
	}
	letter, err := c.queueLetter(file.Request, file.Letter)
	if err != nil {
		return done, err
	}
	done.Reference = letter.Reference
	return done, c.audit("letter.reissue", "letter", file.Letter.ID, nil, map[string]any{"reference": reference, "new": letter.Reference})
}

// mayReissue refuses a letter that needs no replacement, or not yet.
func (c *change) mayReissue(file data.LetterFile) error {
	values := data.Values{"Reference": file.Reference}
	settings, err := readSettings(c.Tx)
	if err != nil {
		return err
	}
	if !file.Request.Open() {
		return refuse(Conflict, "La demande de la lettre {{.Reference}} est close", values)
	}
	sent, err := c.LettersOfRequests(file.Request)
	if err != nil {
		return err
	}
	recent := 0
	for _, letter := range sent {
		waits := letter.ID != file.Letter.ID && (letter.State == data.Queued || letter.Live())
		if waits || letter.ID > file.Letter.ID && letter.ReplacesID != 0 {
			values["Newer"] = letter.Reference
			return refuse(Conflict, "La lettre {{.Reference}} est déjà remplacée par {{.Newer}}", values)
		}
		if letter.ReplacesID != 0 && letter.QueuedAt.After(c.now.AddDate(0, 0, -reissueDays)) {
			recent++
		}
	}
	switch file.State {
	case data.Queued, data.Composed:
		return refuse(Conflict, "La lettre {{.Reference}} n’est pas encore postée", values)
	case data.Posted:
		if from := data.ReportableFrom(file.PostedOn, settings.AlsaceMoselle); c.now.Before(data.StartOfDay(from)) {
			values["Date"] = from
			return refuse(Conflict, "La lettre {{.Reference}} pourra être signalée non reçue à partir du {{.Date}}", values)
		}
	case data.Returned:
		if !file.Organisation.AddressDoubtedAt.IsZero() {
			values["Name"] = file.Organisation.Name
			return refuse(Conflict, "L’adresse de {{.Name}} est à vérifier d’abord : corrigez-la, ou notez-la bonne au courrier", values)
		}
	}
	if recent >= reissuesAllowed {
		return refuse(Conflict, "Trois lettres ont déjà remplacé la première en 90 jours : ouvrez une demande d’assistance pour en chercher la cause", nil)
	}
	return nil
}
