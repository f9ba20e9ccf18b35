package app

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"guichet/app/mailbox"
	"guichet/data"
	"guichet/data/store"
)

// TicketRecord is a ticket with all that stands beside it.
type TicketRecord struct {
	data.TicketSummary
	// Messages are the thread, oldest first, without the attachments' content;
	// HTML is safe to show.
	Messages []data.Message
	// Account is the requester's; zero when unknown. Candidates are the accounts
	// of the requester's address when it is not known which one asks (R13).
	Account    data.Account
	Candidates []data.Account
	// Others are the person's other accounts, in other organisations (R13), and
	// OtherOrganisations these, by ID.
	Others             []data.Account
	OtherOrganisations map[int64]data.Organisation
	// Organisation is zero when unknown, as are those in office.
	Organisation   data.Organisation
	Representative data.LegalRepresentative
	Administrator  data.Account
	// Letters are the organisation's, the last first.
	Letters []data.LetterFile
	// Doubles are the requester's other recent tickets that somebody has to act
	// on.
	Doubles []data.TicketSummary
	// Follows and MergedInto are zero unless the ticket goes on with another or
	// was merged.
	Follows, MergedInto data.Ticket
	// Draft is what the operator wrote and did not send; zero: nothing.
	Draft data.Draft
}

// Ticket is one ticket with its thread, the operator's draft and what the
// register knows of its requester; it counts as read from now on, unless a
// reader looks.
func (a *App) Ticket(ctx context.Context, id int64) (record TicketRecord, err error) {
	operator, err := allow(ctx, "Ticket")
	if err != nil {
		return record, err
	}
	err = a.view(ctx, func(tx *store.Tx) (err error) {
		record, err = ticketRecord(tx, id, a.Now())
		if err == nil {
			record.Draft, err = tx.Draft(id, operator.ID)
		}
		return err
	})
	if err != nil || !record.Unread || !May(operator, "ChangeTicket") {
		return record, err
	}
	record.Unread = false
	return record, a.update(ctx, operator, func(c *change) error { return c.MarkTicketRead(id) })
}

func ticketRecord(tx *store.Tx, id int64, now time.Time) (r TicketRecord, err error) {
	if r.TicketSummary, err = tx.Ticket(id); err != nil {
		return r, err
	}
	if r.Messages, err = tx.Messages(id); err != nil {
		return r, err
	}
	for i := range r.Messages {
		r.Messages[i].HTML = mailbox.SafeHTML(r.Messages[i].HTML)
	}
	if r.Doubles, err = tx.LikelyDoubles(r.Ticket, now.AddDate(0, 0, -data.SeveralTicketsDays)); err != nil {
		return r, err
	}
	for _, link := range []struct {
		id   int64
		into *data.Ticket
	}{{r.FollowsID, &r.Follows}, {r.MergedIntoID, &r.MergedInto}} {
		if link.id != 0 {
			other, err := tx.Ticket(link.id)
			if err != nil {
				return r, err
			}
			*link.into = other.Ticket
		}
	}
	if err = r.readOrganisation(tx); err != nil {
		return r, err
	}
	return r, r.readAccount(tx)
}

func (r *TicketRecord) readOrganisation(tx *store.Tx) (err error) {
	if r.OrganisationID == 0 {
		return nil
	}
	if r.Organisation, err = tx.Organisation(r.OrganisationID); err != nil {
		return err
	}
	if r.Representative, err = found(tx.Representative(r.OrganisationID)); err != nil {
		return err
	}
	if r.Administrator, err = found(tx.ActiveAdministrator(r.OrganisationID)); err != nil {
		return err
	}
	r.Letters, err = tx.OrganisationLetters(r.OrganisationID)
	return err
}

func (r *TicketRecord) readAccount(tx *store.Tx) (err error) {
	if r.AccountID == 0 {
		if r.RequesterAddress != "" {
			r.Candidates, err = tx.AccountsByEmail(strings.ToLower(r.RequesterAddress))
		}
		return err
	}
	if r.Account, err = tx.Account(r.AccountID); err != nil {
		return err
	}
	r.Others, r.OtherOrganisations, err = otherAccounts(tx, r.Account)
	return err
}

// found passes a record on, the zero one when there is none.
func found[T any](record T, err error) (T, error) {
	if errors.Is(err, store.ErrNotFound) {
		return *new(T), nil
	}
	return record, err
}

// TicketByNumber finds a ticket. Help desk and administrators.
func (a *App) TicketByNumber(ctx context.Context, number string) (ticket data.TicketSummary, err error) {
	if _, err := allow(ctx, "TicketByNumber"); err != nil {
		return ticket, err
	}
	err = a.view(ctx, func(tx *store.Tx) (err error) {
		ticket, err = tx.TicketByNumber(number)
		return err
	})
	return ticket, err
}

// TicketChange is what an operator changes of a ticket: what is nil, empty or
// zero stays.
type TicketChange struct {
	State      data.TicketState
	Heading    data.Heading // it counts as confirmed
	Priority   *data.Priority
	Assignee   *int64 // 0: nobody
	AddTags    []string
	RemoveTags []string
	DueAt      time.Time
	// Account links the requester's account and its organisation; 0 unlinks
	// both. Organisation links an organisation without an account.
	Account      *int64
	Organisation *int64
}

// ChangeTicket changes a ticket that was seen. Taking or assigning a new ticket
// opens it, solving one that nobody has makes it the operator's. Conflict when
// somebody changed the ticket since, or when its state does not allow it. Help
// desk and administrators.
func (a *App) ChangeTicket(ctx context.Context, seen data.Ticket, what TicketChange) error {
	operator, err := allow(ctx, "ChangeTicket")
	if err != nil {
		return err
	}
	return a.update(ctx, operator, func(c *change) error {
		settings, err := readSettings(c.Tx)
		if err != nil {
			return err
		}
		return c.changeTicket(settings.Clock(), seen, what)
	})
}

// ChangeTickets changes several tickets in the same way: each that can be, and
// tells the errors of the others by their number. Help desk and administrators.
func (a *App) ChangeTickets(ctx context.Context, seen []data.Ticket, what TicketChange) (refused map[string]error, err error) {
	operator, err := allow(ctx, "ChangeTickets")
	if err != nil {
		return nil, err
	}
	err = a.update(ctx, operator, func(c *change) error {
		settings, err := readSettings(c.Tx)
		if err != nil {
			return err
		}
		refused = map[string]error{}
		for _, ticket := range seen {
			err := c.Attempt(func() error { return c.changeTicket(settings.Clock(), ticket, what) })
			switch KindOf(err) {
			case "":
			case Conflict, Invalid:
				refused[ticket.Number] = err
			default:
				return err
			}
		}
		return nil
	})
	return refused, err
}

func (c *change) changeTicket(clock data.Clock, seen data.Ticket, what TicketChange) error {
	ticket := seen
	ticket.Tags = slices.Clone(seen.Tags)
	if err := c.link(&ticket, what); err != nil {
		return err
	}
	if what.Assignee != nil {
		ticket.AssigneeID = *what.Assignee
		if ticket.AssigneeID != 0 && ticket.State == data.NewTicket {
			clock.Move(&ticket, data.OpenTicket, c.now)
		}
	}
	if what.State != "" {
		if err := c.move(clock, &ticket, what.State); err != nil {
			return err
		}
		if what.State == data.Solved && ticket.AssigneeID == 0 {
			ticket.AssigneeID = c.operator.ID
		}
	}
	if what.Heading != "" {
		ticket.Heading, ticket.HeadingProposed = what.Heading, false
	}
	if what.Priority != nil && ticket.Priority != *what.Priority {
		ticket.Priority = *what.Priority
		clock.Start(&ticket)
	}
	if !what.DueAt.IsZero() {
		ticket.DueAt = what.DueAt
	}
	if err := retag(&ticket, what); err != nil {
		return err
	}
	return c.saveTicket(seen, ticket, "ticket.change")
}

// move brings a ticket to a state, which its own must allow.
func (c *change) move(clock data.Clock, ticket *data.Ticket, to data.TicketState) error {
	if !ticket.State.MayBecome(to) {
		return refuse(Conflict, "La demande {{.Number}} ne peut pas passer à « {{.State}} » : elle est « {{.Now}} »",
			data.Values{"Number": ticket.Number, "State": to, "Now": ticket.State})
	}
	clock.Move(ticket, to, c.now)
	return nil
}

// link links the account or the organisation that a change names.
func (c *change) link(ticket *data.Ticket, what TicketChange) error {
	if what.Organisation != nil {
		ticket.AccountID, ticket.OrganisationID = 0, *what.Organisation
	}
	if what.Account == nil {
		return nil
	}
	ticket.AccountID, ticket.OrganisationID = 0, 0
	if *what.Account != 0 {
		account, err := c.Account(*what.Account)
		if err != nil {
			return err
		}
		ticket.AccountID, ticket.OrganisationID = account.ID, account.OrganisationID
	}
	return nil
}

// retag adds and removes tags, folded: "Mairie " and "mairie" are one.
func retag(ticket *data.Ticket, what TicketChange) error {
	for _, tag := range what.AddTags {
		tag = strings.Join(strings.Fields(data.Fold(tag)), "-")
		switch {
		case tag == "" || strings.Contains(tag, ",") || len(tag) > 40:
			return data.Problems{{Field: "tags", Message: "Une étiquette a de 1 à 40 caractères, sans virgule"}}
		case !slices.Contains(ticket.Tags, tag):
			ticket.Tags = append(ticket.Tags, tag)
		}
	}
	ticket.Tags = slices.DeleteFunc(ticket.Tags, func(tag string) bool { return slices.Contains(what.RemoveTags, tag) })
	slices.Sort(ticket.Tags)
	return nil
}

// saveTicket writes a changed ticket with its audit entry, and its search
// document where that changed. Conflict: somebody changed it since it was seen.
func (c *change) saveTicket(seen, ticket data.Ticket, action string) error {
	ticket.UpdatedAt = laterThan(c.now, seen.UpdatedAt)
	if err := c.UpdateTicket(seen, ticket); errors.Is(err, store.ErrChanged) {
		return refuse(Conflict, "La demande {{.Number}} a changé entre-temps : relisez-la, puis recommencez", data.Values{"Number": seen.Number})
	} else if err != nil {
		return err
	}
	if !slices.Equal(seen.Tags, ticket.Tags) || seen.AccountID != ticket.AccountID || seen.OrganisationID != ticket.OrganisationID {
		if err := c.IndexTicket(ticket.ID); err != nil {
			return err
		}
	}
	return c.audit(action, "ticket", ticket.ID, ticketFacts(seen), ticketFacts(ticket))
}

// ticketFacts are what the audit keeps of a ticket.
func ticketFacts(t data.Ticket) map[string]any {
	facts := map[string]any{"number": t.Number, "state": t.State, "heading": t.Heading, "assignee": t.AssigneeID}
	if t.Priority != data.NormalPriority {
		facts["priority"] = t.Priority
	}
	if len(t.Tags) > 0 {
		facts["tags"] = t.Tags
	}
	if t.AccountID != 0 || t.OrganisationID != 0 {
		facts["account"], facts["organisation"] = t.AccountID, t.OrganisationID
	}
	return facts
}

// laterThan is now, or the millisecond after before when the clock has not
// moved on: a record's version must differ from the one before.
func laterThan(now, before time.Time) time.Time {
	if now.After(before) {
		return now
	}
	return before.Add(time.Millisecond)
}
