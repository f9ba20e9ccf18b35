package app

import (
	"context"

	"guichet/data"
)

// RequestSuccession makes an existing user ask to become their organisation's
// administrator: it queues a confirmation letter (R2). A pending request for
// an administrator is superseded (R15). Help desk and administrators.
func (a *App) RequestSuccession(ctx context.Context, accountID int64) (reference string, err error) {
	operator, err := allow(ctx, "RequestSuccession")
	if err != nil {
		return "", err
	}
	err = a.update(ctx, operator, func(c *change) error {
		reference, err = c.requestSuccession(accountID)
		return err
	})
	return reference, err
}

func (c *change) requestSuccession(accountID int64) (reference string, err error) {
	account, err := c.Account(accountID)
	if err != nil {
		return "", err
	}
	if administers, err := c.Administers(account.ID); err != nil {
		return "", err
	} else if administers {
		return "", refuse(Conflict, "Cette personne est déjà l’administrateur en fonction", nil)
	}
	if !account.Usable(c.now) {
		return "", refuse(Conflict, "Seul un utilisateur dont le compte est utilisable peut demander à devenir administrateur", nil)
	}
	letter, err := c.request(account, data.AdministratorSuccession)
	if err != nil {
		return "", err
	}
	return letter.Reference, c.audit("account.request_succession", "account", account.ID, nil, map[string]any{
		"identifier": account.Identifier, "letter": letter.Reference,
	})
}

// request opens a request and queues its letter (R2); a request for an
// administrator supersedes the pending ones (R15).
func (c *change) request(account data.Account, kind data.RequestKind) (data.Letter, error) {
	if _, err := c.onPortal(account.OrganisationID); err != nil {
		return data.Letter{}, err
	}
	if kind.MakesAdministrator() {
		pending, err := c.OpenRequests(account.OrganisationID)
		if err != nil {
			return data.Letter{}, err
		}
		for _, former := range pending {
			if former.Kind.MakesAdministrator() {
				if err := c.closeRequest(former, data.Superseded, data.SupersededLetter); err != nil {
					return data.Letter{}, err
				}
			}
		}
	}
	request := data.Request{
		OrganisationID: account.OrganisationID, AccountID: account.ID, Kind: kind, CreatedAt: c.now,
	}
	if err := c.AddRequest(&request); err != nil {
		return data.Letter{}, err
	}
	return c.queueLetter(request, data.Letter{})
}

// closeRequest ends an open request. Its letters that are still queued or live
// end in a state; their codes are void.
func (c *change) closeRequest(request data.Request, outcome data.Outcome, end data.LetterState) error {
	request.ClosedAt, request.Outcome = c.now, outcome
	if err := c.CloseRequest(request); err != nil {
		return err
	}
	sent, err := c.LettersOfRequests(request)
	if err != nil {
		return err
	}
	for _, letter := range sent {
		if letter.State == data.Queued || letter.Live() {
			if err := c.endLetter(letter, end); err != nil {
				return err
			}
		}
	}
	return nil
}

// withdrawOpen withdraws those of some requests that are open, with their letters.
func (c *change) withdrawOpen(requests []data.Request) error {
	for _, request := range requests {
		if request.Open() {
			if err := c.closeRequest(request, data.WithdrawnRequest, data.WithdrawnLetter); err != nil {
				return err
			}
		}
	}
	return nil
}

// endLetter moves a letter to a final state and voids its codes.
func (c *change) endLetter(letter data.Letter, end data.LetterState) error {
	from := letter.State
	letter.State, letter.EndedAt, letter.Salt, letter.Hash = end, c.now, nil, nil
	return c.MoveLetter(from, letter)
}

// queueLetter queues a request's confirmation letter; former is the one that it
// replaces, if any.
func (c *change) queueLetter(request data.Request, former data.Letter) (data.Letter, error) {
	number, err := c.NextNumber("letter", c.now.Year())
	if err != nil {
		return data.Letter{}, err
	}
	letter := data.Letter{
		Reference: data.LetterReference(c.now.Year(), number), RequestID: request.ID, State: data.Queued, QueuedAt: c.now, ReplacesID: former.ID,
	}
	return letter, c.AddLetter(&letter)
}
