package app

import (
	"context"
	"errors"
	"strings"

	"guichet/data"
	"guichet/data/store"
	"guichet/letters"
)

// OrganisationsLimit is the most organisations that one search returns.
const OrganisationsLimit = 1000

// HistoryLimit is the most entries of the audit that a record shows.
const HistoryLimit = 200

// OrganisationRecord is an organisation with all that its page shows.
type OrganisationRecord struct {
	data.Organisation
	Representative data.LegalRepresentative // in office; zero: none
	Mandates       []data.LegalRepresentative
	Administrator  data.Account // zero: none active
	Accounts       []data.Account
	Requests       []data.Request // open
	Letters        []data.LetterFile
	Tickets        []data.TicketSummary
	History        []data.AuditEntry // newest first, at most HistoryLimit
	// Lines is the address as a letter would carry it; nil when AddressError
	// says why it cannot.
	Lines        []string
	AddressError error
}

// FindOrganisations are the organisations of the directory that a text finds,
// by name, at most OrganisationsLimit.
func (a *App) FindOrganisations(ctx context.Context, text string) (found []data.OrganisationSummary, err error) {
	return a.Directory(ctx, data.DirectoryFilter{Text: text}, 0, OrganisationsLimit)
}

// Directory are the organisations of a filter, limit of them from the
// offset-th on: a list of any length is read page by page.
func (a *App) Directory(ctx context.Context, filter data.DirectoryFilter, offset, limit int) (page []data.OrganisationSummary, err error) {
	if _, err := allow(ctx, "Directory"); err != nil {
		return nil, err
	}
	err = a.view(ctx, func(tx *store.Tx) (err error) {
		page, err = tx.Directory(filter, offset, limit)
		return err
	})
	return page, err
}

// CountDirectory counts the organisations of a filter.
func (a *App) CountDirectory(ctx context.Context, filter data.DirectoryFilter) (n int, err error) {
	if _, err := allow(ctx, "CountDirectory"); err != nil {
		return 0, err
	}
	err = a.view(ctx, func(tx *store.Tx) (err error) {
		n, err = tx.CountDirectory(filter)
		return err
	})
	return n, err
}

// Organisation is one organisation with all that its page shows.
// Tickets and the history are for the help desk and administrators.
func (a *App) Organisation(ctx context.Context, id int64) (record OrganisationRecord, err error) {
	operator, err := allow(ctx, "Organisation")
	if err != nil {
		return record, err
	}
	err = a.view(ctx, func(tx *store.Tx) (err error) {
		record, err = organisationRecord(tx, id)
		return err
	})
	if !operator.Has(data.HelpDesk, data.Administrator) {
		record.Tickets, record.History = nil, nil
	}
	return record, err
}

func organisationRecord(tx *store.Tx, id int64) (r OrganisationRecord, err error) {
	if r.Organisation, err = tx.Organisation(id); err != nil {
		return r, err
	}
	if r.Representative, err = tx.Representative(id); err != nil && !errors.Is(err, store.ErrNotFound) {
		return r, err
	}
	if r.Administrator, err = tx.ActiveAdministrator(id); err != nil && !errors.Is(err, store.ErrNotFound) {
		return r, err
	}
	if r.Mandates, err = tx.Mandates(id); err != nil {
		return r, err
	}
	if r.Accounts, err = tx.OrganisationAccounts(id); err != nil {
		return r, err
	}
	if r.Requests, err = tx.OpenRequests(id); err != nil {
		return r, err
	}
	if r.Letters, err = tx.OrganisationLetters(id); err != nil {
		return r, err
	}
	if r.Tickets, err = tx.OrganisationTickets(id); err != nil {
		return r, err
	}
	if r.History, err = tx.OrganisationHistory(id, HistoryLimit); err != nil {
		return r, err
	}
	r.Lines, r.AddressError = addressLines(r.Organisation, r.Representative)
	return r, nil
}

// AddOrganisation adds an organisation with its legal representative in office
// (R1), who may be unknown. Administrators only.
func (a *App) AddOrganisation(ctx context.Context, o data.Organisation, r data.LegalRepresentative) (data.Organisation, error) {
	operator, err := allow(ctx, "AddOrganisation")
	if err != nil {
		return o, err
	}
	err = a.update(ctx, operator, func(c *change) error { return c.addOrganisation(&o, r) })
	return o, err
}

func (c *change) addOrganisation(o *data.Organisation, r data.LegalRepresentative) error {
	o.Name, o.Email = strings.TrimSpace(o.Name), strings.ToLower(strings.TrimSpace(o.Email))
	o.CreatedAt = c.now
	if err := o.Check(); err != nil {
		return err
	}
	if err := c.AddOrganisation(o); err != nil {
		return takenSIREN(*o, err)
	}
	if !r.IsZero() {
		if err := c.appoint(*o, r); err != nil {
			return err
		}
	}
	return c.audit("organisation.add", "organisation", o.ID, nil, o)
}

// UpdateOrganisation changes an organisation's identity and address.
// Administrators and the mail room, who mends addresses.
func (a *App) UpdateOrganisation(ctx context.Context, o data.Organisation) error {
	operator, err := allow(ctx, "UpdateOrganisation")
	if err != nil {
		return err
	}
	return a.update(ctx, operator, func(c *change) error { return c.updateOrganisation(o) })
}

// EditOrganisation is UpdateOrganisation of an organisation as it was seen: when
// somebody changed what it holds since, it is refused, and the error tells who and
// how it is now (OvertakenBy). Administrators and the mail room.
func (a *App) EditOrganisation(ctx context.Context, seen, o data.Organisation) error {
	operator, err := allow(ctx, "EditOrganisation")
	if err != nil {
		return err
	}
	return a.update(ctx, operator, func(c *change) error {
		present, err := c.Organisation(o.ID)
		if err != nil {
			return err
		}
		if present.Edited() != seen.Edited() {
			return overtaken(c, "organisation", o.ID, present)
		}
		return c.updateOrganisation(o)
	})
}

func (c *change) updateOrganisation(o data.Organisation) error {
	o.Name, o.Email = strings.TrimSpace(o.Name), strings.ToLower(strings.TrimSpace(o.Email))
	if err := o.Check(); err != nil {
		return err
	}
	before, err := c.onPortal(o.ID)
	if err != nil {
		return err
	}
	o.ArchivedAt, o.MergedInto, o.CreatedAt = before.ArchivedAt, before.MergedInto, before.CreatedAt
	o.AddressDoubtedAt = before.DoubtAfter(o.Address)
	if err := c.Tx.UpdateOrganisation(o); err != nil {
		return takenSIREN(o, err)
	}
	return c.audit("organisation.update", "organisation", o.ID, before, o)
}

// takenSIREN names the field when an organisation's SIREN is registered already.
func takenSIREN(o data.Organisation, err error) error {
	if errors.Is(err, store.ErrTaken) {
		return data.Problems{{Field: "siren", Message: "Le SIREN {{.Value}} est déjà au registre", Values: data.Values{"Value": o.SIREN}}}
	}
	return err
}

// AppointRepresentative puts a new legal representative at the head of an
// organisation; the former's mandate ends the same day (R1). Letters already
// queued will go to the new one.
func (a *App) AppointRepresentative(ctx context.Context, r data.LegalRepresentative) error {
	operator, err := allow(ctx, "AppointRepresentative")
	if err != nil {
		return err
	}
	return a.update(ctx, operator, func(c *change) error {
		o, err := c.onPortal(r.OrganisationID)
		if err != nil {
			return err
		}
		return c.appoint(o, r)
	})
}

func (c *change) appoint(o data.Organisation, r data.LegalRepresentative) error {
	r.OrganisationID = o.ID
	if r.From.IsZero() {
		r.From = c.now
	}
	if err := r.Check(); err != nil {
		return err
	}
	former, err := c.Representative(o.ID)
	switch {
	case err == nil:
		former.Until = r.From
		if err := c.EndMandate(former); err != nil {
			return err
		}
	case !errors.Is(err, store.ErrNotFound):
		return err
	}
	if err := c.AddRepresentative(&r); err != nil {
		return err
	}
	if err := c.composeAnew(o.ID); err != nil {
		return err
	}
	after := map[string]any{"representative": r}
	if account, err := c.ActiveAdministrator(o.ID); err == nil && samePerson(account, r) {
		after["also_administrator"] = account.Identifier // allowed, and noted
	} else if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	return c.audit("representative.appoint", "organisation", o.ID, former, after)
}

// composeAnew withdraws an organisation's letters that are composed and not
// posted, and queues new ones: those sheets name the wrong addressee (R1).
// Letters still queued need nothing: their address is set when they are composed.
func (c *change) composeAnew(organisationID int64) error {
	requests, err := c.OpenRequests(organisationID)
	if err != nil {
		return err
	}
	for _, request := range requests {
		sent, err := c.LettersOfRequests(request)
		if err != nil {
			return err
		}
		for _, letter := range sent {
			if letter.State != data.Composed {
				continue
			}
			if err := c.endLetter(letter, data.WithdrawnLetter); err != nil {
				return err
			}
			if _, err := c.queueLetter(request, data.Letter{ID: letter.ReplacesID}); err != nil {
				return err
			}
		}
	}
	return nil
}

// samePerson tells whether an account and a representative bear the same name.
func samePerson(a data.Account, r data.LegalRepresentative) bool {
	return r.LastName != "" && data.Fold(a.FirstName+" "+a.LastName) == data.Fold(r.FirstName+" "+r.LastName)
}

// errNoRepresentative holds a letter back (R1).
var errNoRepresentative = data.Problems{{
	Field: "representative", Message: "Représentant légal inconnu : saisissez-le sur la fiche de l’organisation",
}}

// addressLines is the address of an organisation's letters, or why it cannot
// be printed.
func addressLines(o data.Organisation, r data.LegalRepresentative) ([]string, error) {
	if r.IsZero() {
		return nil, errNoRepresentative
	}
	return letters.Lines(letters.Recipient{Organisation: o.Name, Name: r.Name(), Address: o.Address})
}
