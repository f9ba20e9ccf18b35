package app

import (
	"context"
	"slices"
	"time"

	"guichet/data"
)

// round is about six weeks of the demo register's past: registrations,
// activations, a batch, codes entered, users validated by administrators,
// sign-ins.
func (d *demo) round(ctx context.Context, organisations []data.OrganisationSummary, round, rounds int) error {
	start := -20*30 + round*600/rounds
	d.clock = d.morning(start)
	share := len(organisations) / (rounds + 2)
	for _, organisation := range organisations[round*share : (round+1)*share] {
		if organisation.Address.PostalCode == "" {
			continue // its letters would be held back: kept for the present
		}
		d.clock = d.clock.Add(time.Duration(d.rand.IntN(20)) * time.Minute)
		if err := d.arrival(ctx, organisation.Organisation, true); err != nil {
			return err
		}
		if d.chance(45) {
			if err := d.arrival(ctx, organisation.Organisation, false); err != nil {
				return err
			}
		}
	}
	d.clock = d.morning(start + 2)
	sent, err := d.post(ctx)
	if err != nil {
		return err
	}
	for _, letter := range sent {
		d.clock = d.morning(start + 6 + d.rand.IntN(6))
		if d.chance(82) {
			if err := d.enterCodes(ctx, letter); err != nil {
				return err
			}
		} else if d.chance(25) { // La Poste brings it back
			reason := data.ReturnReasons[d.rand.IntN(len(data.ReturnReasons))]
			if _, err := d.app.ReturnLetter(ctx, letter.Reference, reason); err != nil && KindOf(err) != Conflict {
				return err
			}
		}
	}
	d.clock = d.morning(start + 15)
	return d.life(ctx, round, rounds)
}

// arrival registers somebody; most use their activation link.
func (d *demo) arrival(ctx context.Context, organisation data.Organisation, administrator bool) error {
	account, err := d.register(ctx, organisation, administrator)
	if err != nil || account.ID == 0 || !d.chance(88) {
		return err
	}
	return d.activate(ctx, account)
}

// numbered is a letter with its codes.
type numbered struct {
	data.LetterFile
	codes data.ConfirmationCodes
}

// compose composes what is ready and returns the letters with their codes.
func (d *demo) compose(ctx context.Context) (data.Batch, []numbered, error) {
	d.codes.drawn = nil
	batch, err := d.app.Compose(ctx, nil, nil)
	if err != nil {
		return batch, nil, err
	}
	files, err := d.app.Letters(ctx, data.LetterFilter{State: data.Composed})
	if err != nil {
		return batch, nil, err
	}
	var sent []numbered
	for _, file := range files {
		if file.BatchID == batch.ID {
			sent = append(sent, numbered{file, d.codes.drawn[file.Sheet-1]})
		}
	}
	slices.SortFunc(sent, func(a, b numbered) int { return a.Sheet - b.Sheet })
	return batch, sent, nil
}

// post composes, prints and posts what is ready.
func (d *demo) post(ctx context.Context) ([]numbered, error) {
	batch, sent, err := d.compose(ctx)
	if err != nil {
		return nil, err
	}
	d.clock = d.clock.Add(20 * time.Minute)
	if err := d.app.MarkPrinted(ctx, batch.Number); err != nil {
		return nil, err
	}
	d.clock = d.clock.Add(3 * time.Hour)
	return sent, d.app.MarkPosted(ctx, batch.Number, d.clock)
}

// enterCodes enters a letter's codes; some people mistake them first.
func (d *demo) enterCodes(ctx context.Context, letter numbered) error {
	if d.chance(6) {
		if _, err := d.app.Confirm(ctx, letter.Reference, letter.codes[1], letter.codes[0]); KindOf(err) != Invalid {
			return err
		}
	}
	_, err := d.app.Confirm(ctx, letter.Reference, letter.codes[0], letter.codes[1])
	if KindOf(err) == Conflict { // withdrawn meanwhile: the administrator validated the user first
		return nil
	}
	return err
}

// life is what goes on between batches: sign-ins, users validated or
// invalidated by their administrator.
func (d *demo) life(ctx context.Context, round, rounds int) error {
	for i, former := range d.accounts {
		record, err := d.app.Organisation(ctx, former.OrganisationID)
		if err != nil {
			return err
		}
		at := slices.IndexFunc(record.Accounts, func(a data.Account) bool { return a.ID == former.ID })
		account := record.Accounts[at]
		validated := !account.ValidatedAt.IsZero()
		switch {
		case account.Usable(d.clock) && i%9 != 0 && d.chance(35): // one in nine never signs in
			err = d.app.RecordSignIn(ctx, account.Identifier)
		case !validated && d.isUser(record, account) && record.Administrator.ID != 0 && d.chance(60):
			err = d.app.ValidateAccount(ctx, account.ID)
		case record.Administrator.ID == account.ID && account.Usable(d.clock) && d.chance(25):
			err = d.subscribe(ctx, record)
		case validated && round == rounds-2 && record.Administrator.ID != account.ID && record.Administrator.ID != 0 && d.chance(12):
			err = d.app.InvalidateAccount(ctx, account.ID)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// subscribe subscribes an organisation to an e-service more, and lets some of
// its users use it.
func (d *demo) subscribe(ctx context.Context, record OrganisationRecord) error {
	matrix, err := d.app.Permissions(ctx, record.Organisation.ID)
	if err != nil {
		return err
	}
	i := d.rand.IntN(len(matrix.Services))
	subscription := matrix.Subscriptions[i]
	if subscription.ID == 0 {
		if subscription, err = d.app.Subscribe(ctx, record.Organisation.ID, matrix.Services[i].ID); err != nil {
			return err
		}
	}
	for _, account := range matrix.Accounts {
		if account.Usable(d.clock) && d.chance(70) {
			if err := d.app.GrantPermission(ctx, subscription.ID, account.ID); err != nil {
				return err
			}
		}
	}
	return nil
}

// isUser tells whether an account waits as a user, not as an administrator.
func (d *demo) isUser(record OrganisationRecord, account data.Account) bool {
	return slices.ContainsFunc(record.Requests, func(r data.Request) bool {
		return r.AccountID == account.ID && r.Kind == data.UserRegistration
	})
}

// present is the last fortnight: a letter locked, an administrator who
// changes, a batch posted, one printed, one composed. It returns the
// organisations whose letters are still to be queued.
func (d *demo) present(ctx context.Context, organisations []data.OrganisationSummary) ([]data.OrganisationSummary, error) {
	share := len(organisations) / 16
	fresh := organisations[14*share:]
	fresh = slices.DeleteFunc(slices.Clone(fresh), func(o data.OrganisationSummary) bool { return o.Address.PostalCode == "" })
	for _, organisation := range organisations {
		if organisation.Address.PostalCode == "" && len(fresh) < 3*share { // a few that will be held back
			fresh = append(fresh, organisation)
		}
	}
	for i, part := range [][]data.OrganisationSummary{fresh[:share/2], fresh[share/2 : share], fresh[share : share+share/2]} {
		d.clock = d.morning(-13 + 4*i)
		for _, organisation := range part {
			if err := d.arrival(ctx, organisation.Organisation, true); err != nil {
				return nil, err
			}
		}
		if i == 0 {
			if err := d.succession(ctx); err != nil {
				return nil, err
			}
		}
		if err := d.recentBatch(ctx, i); err != nil {
			return nil, err
		}
	}
	return fresh[share+share/2:], nil
}

// queue leaves letters to be composed today: most ready, some held back.
func (d *demo) queue(ctx context.Context, organisations []data.OrganisationSummary) error {
	d.advance(d.morning(-1).Add(7 * time.Hour))
	for i, organisation := range organisations {
		if i == len(organisations)/2 {
			d.advance(d.today.Add(-5 * time.Hour))
		}
		if err := d.arrival(ctx, organisation.Organisation, true); err != nil {
			return err
		}
		if err := d.arrival(ctx, organisation.Organisation, false); err != nil {
			return err
		}
	}
	return nil
}

// recentBatch posts the first batch, prints the second and leaves the third
// composed.
func (d *demo) recentBatch(ctx context.Context, n int) error {
	batch, sent, err := d.compose(ctx)
	if err != nil || n == 2 {
		return err
	}
	d.clock = d.clock.Add(25 * time.Minute)
	if err := d.app.MarkPrinted(ctx, batch.Number); err != nil || n == 1 {
		return err
	}
	d.clock = d.clock.Add(4 * time.Hour)
	if err := d.app.MarkPosted(ctx, batch.Number, d.clock); err != nil {
		return err
	}
	d.clock = d.clock.Add(48 * time.Hour)
	for range data.WrongPairsAllowed { // somebody guesses: the letter is locked
		_, err := d.app.Confirm(ctx, sent[0].Reference, sent[0].codes[1], sent[0].codes[0])
		if kind := KindOf(err); kind != Invalid && kind != Conflict {
			return err
		}
	}
	for _, letter := range sent[1:] {
		if d.chance(40) {
			if err := d.enterCodes(ctx, letter); err != nil {
				return err
			}
		}
	}
	return nil
}

// succession makes some users ask to become the administrator.
func (d *demo) succession(ctx context.Context) error {
	asked := 0
	for _, former := range d.accounts {
		record, err := d.app.Organisation(ctx, former.OrganisationID)
		if err != nil {
			return err
		}
		at := slices.IndexFunc(record.Accounts, func(a data.Account) bool { return a.ID == former.ID })
		if record.Administrator.ID == 0 || record.Administrator.ID == former.ID || !record.Accounts[at].Usable(d.clock) {
			continue
		}
		if _, err := d.app.RequestSuccession(ctx, former.ID); err != nil {
			return err
		}
		if asked++; asked == 4 {
			return nil
		}
	}
	return nil
}
