package app

import (
	"errors"
	"fmt"
	"strings"

	"guichet/data"
	"guichet/data/store"
)

// openTicket opens a ticket for a mail. What the portal's form says links the
// account and the organisation and sets the heading (R18); any other mail is
// linked by its sender's address, and its heading proposed from its words.
// alter, which may be nil, has the last word.
func (r *reception) openTicket(in *incoming, alter func(*data.Ticket)) (data.Ticket, error) {
	number, err := r.NextNumber("ticket", r.now.Year())
	if err != nil {
		return data.Ticket{}, err
	}
	ticket := data.Ticket{
		Number: data.TicketNumber(r.now.Year(), number), State: data.NewTicket, Heading: data.OtherHeading, Priority: data.NormalPriority,
		Subject: in.message.Subject, RequesterName: in.replyTo.Name, RequesterAddress: in.replyTo.Address,
		OpenedAt: in.message.ReceivedAt, UpdatedAt: r.now, Illegible: in.message.Illegible != "", Unread: true,
	}
	if in.message.Automatic {
		ticket.Priority = data.LowPriority
	}
	identifier, organisation, err := r.linkTicket(&ticket, in)
	if err != nil {
		return ticket, err
	}
	r.clock.Start(&ticket)
	if alter != nil {
		alter(&ticket)
	}
	if err := r.AddTicket(&ticket); err != nil {
		return ticket, err
	}
	in.message.TicketID = ticket.ID
	if err := r.AddMessage(&in.message); err != nil {
		return ticket, err
	}
	r.opened = append(r.opened, searchable{ticket, identifier, organisation, in.words})
	r.total.add(Fetched{Tickets: 1, Opened: []data.Ticket{ticket}})
	if err := r.audit("ticket.open", "ticket", ticket.ID, nil, map[string]any{"number": ticket.Number, "heading": ticket.Heading}); err != nil {
		return ticket, err
	}
	return ticket, r.acknowledge(ticket, in)
}

// linkTicket links who asks, and says the account's identifier and the
// organisation's name for the search.
func (r *reception) linkTicket(ticket *data.Ticket, in *incoming) (identifier, organisation string, err error) {
	form := in.form
	if in.isForm {
		ticket.Heading = form.Heading
		if form.Email != "" {
			ticket.RequesterAddress = form.Email
		}
		if form.Name != "" {
			ticket.RequesterName = form.Name
		}
	} else if in.proposed {
		ticket.Heading, ticket.HeadingProposed = in.heading, true
	}
	account, err := r.accountOf(form, ticket.RequesterAddress)
	if err != nil {
		return "", "", err
	}
	if account.ID != 0 {
		ticket.AccountID, ticket.OrganisationID = account.ID, account.OrganisationID
		named, err := r.Organisation(account.OrganisationID)
		return account.Identifier, named.Name, err
	}
	if form.Organisation == "" {
		return "", "", nil
	}
	named, err := r.OrganisationsNamed(form.Organisation)
	if err != nil || len(named) != 1 {
		return "", "", err
	}
	ticket.OrganisationID = named[0].ID
	return "", named[0].Name, nil
}

// accountOf is the account that a form names, or else the only one of an
// address: of several, the agent chooses (R13).
func (r *reception) accountOf(form data.AssistanceForm, address string) (data.Account, error) {
	if form.Identifier != "" {
		account, err := r.AccountByIdentifier(form.Identifier)
		if err == nil || !errors.Is(err, store.ErrNotFound) {
			return account, err
		}
	}
	accounts, err := r.AccountsByEmail(strings.ToLower(address))
	if err != nil || len(accounts) != 1 {
		return data.Account{}, err
	}
	return accounts[0], nil
}

// acknowledgement is what answers a new request, when the settings say so.
const acknowledgement = `Bonjour,

Nous avons bien reçu votre demande ; elle porte le numéro {{.Number}}.
Pour la compléter, répondez à ce courriel sans en changer l’objet.

L’assistance du portail e-services
`

// acknowledge puts the acknowledgement of a new ticket into the outbox.
func (r *reception) acknowledge(ticket data.Ticket, in *incoming) error {
	if !r.settings.HelpDesk.Acknowledge || ticket.State != data.NewTicket {
		return nil
	}
	return r.answerAutomatically(ticket, in, data.Fill(acknowledgement, data.Values{"Number": ticket.Number}))
}

// answerAutomatically answers a mail, unless it is automatic itself, illegible,
// old or our own, or its sender was written to too often already (§4: loops).
func (r *reception) answerAutomatically(ticket data.Ticket, in *incoming, text string) error {
	old := r.now.Sub(in.message.ReceivedAt) > freshMail
	if r.quiet || old || in.unanswered || in.message.Illegible != "" ||
		!data.ValidEmail(ticket.RequesterAddress) || r.own[strings.ToLower(ticket.RequesterAddress)] {
		return nil
	}
	sent, err := r.AutomaticSince(ticket.RequesterAddress, r.now.Add(-loopWindow))
	if err != nil {
		return err
	}
	if sent >= data.AutomaticPerHour {
		return r.audit("ticket.loop", "ticket", ticket.ID, nil, map[string]any{"number": ticket.Number})
	}
	return r.AddOutgoing(&data.OutgoingMail{
		Kind: data.AcknowledgementMail, TicketID: ticket.ID, ToName: ticket.RequesterName, To: []string{ticket.RequesterAddress},
		MessageID: data.TicketMessageID(ticket.Number, fmt.Sprintf("a%d", ticket.ID), mailDomain(r.settings), r.app.secret),
		Subject:   data.ReplySubject(ticket, "Re: ", r.app.secret), Text: text, CreatedAt: r.now, NextTryAt: r.now,
	})
}

// activation uses the activation link that a mail hands in. What becomes of it
// is told to its sender and stands on a ticket, which is solved when the
// account is activated.
func (r *reception) activation(in *incoming) error {
	var account data.Account
	refusal := r.Attempt(func() (err error) {
		account, err = r.app.activate(r.change, in.token)
		return err
	})
	if kind := KindOf(refusal); kind != "" && kind != Invalid && kind != Conflict {
		return refusal
	}
	ticket, err := r.openTicket(in, func(ticket *data.Ticket) {
		ticket.Heading, ticket.HeadingProposed = data.ActivationNotReceived, false
		if refusal == nil {
			ticket.AccountID, ticket.OrganisationID = account.ID, account.OrganisationID
			r.clock.Move(ticket, data.Solved, r.now)
			ticket.Unread = false
		}
	})
	if err != nil || refusal != nil {
		return err
	}
	r.total.Activated++
	return r.answerAutomatically(ticket, in, data.Fill(activated, data.Values{"Identifier": account.Identifier}))
}

// activated answers a mail that activated its account.
const activated = `Bonjour,

Votre compte « {{.Identifier}} » est activé.

L’assistance du portail e-services
`
