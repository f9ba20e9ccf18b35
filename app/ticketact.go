package app

import (
	"context"

	"guichet/data"
)

// Acted is what ActOnTicket did.
type Acted struct {
	Note   string // as written on the ticket; empty: the act only tells something
	Answer string // proposed to the requester, filled in
	// Missing are the variables that stay in the answer.
	Missing []string
}

// ActOnTicket does what solves a request, from the ticket: the act itself, the
// note that says so, and the answer to propose, which is not sent. target is
// the letter's reference for ReplaceLetter, else empty. An act on an account is
// on the ticket's; Conflict when it has none, or when the register's rules
// refuse the act. Help desk.
func (a *App) ActOnTicket(ctx context.Context, ticketID int64, act data.TicketAct, target string) (Acted, error) {
	return a.onTicket(ctx, "ActOnTicket", ticketID, act, target, nil)
}

// CorrectAddress corrects the postal address of a ticket's organisation: the
// act data.CorrectAddress. An address that no letter could bear is Invalid: its
// Problems name the fields. Conflict when the ticket has no organisation. Help
// desk.
func (a *App) CorrectAddress(ctx context.Context, ticketID int64, address data.Address) (Acted, error) {
	return a.onTicket(ctx, "CorrectAddress", ticketID, data.CorrectAddress, "", func(c *change, ticket data.TicketSummary) error {
		organisation, err := c.Organisation(ticket.OrganisationID)
		if err != nil {
			return err
		}
		organisation.Address = address
		_, err = addressLines(organisation, data.LegalRepresentative{Office: data.OfficeOf(organisation.Kind)})
		if err != nil {
			return err
		}
		return c.updateOrganisation(organisation)
	})
}

// onTicket does an act, and then what more it needs, if anything.
func (a *App) onTicket(ctx context.Context, useCase string, ticketID int64, act data.TicketAct, target string, more func(*change, data.TicketSummary) error) (done Acted, err error) {
	operator, err := allow(ctx, useCase)
	if err != nil {
		return done, err
	}
	err = a.update(ctx, operator, func(c *change) error {
		ticket, err := c.Ticket(ticketID)
		if err != nil {
			return err
		}
		note, err := a.act(c, ticket, act, target)
		if err != nil {
			return err
		}
		if more != nil {
			if err := more(c, ticket); err != nil {
				return err
			}
		}
		done, err = c.acted(ticketID, act, note)
		return err
	})
	return done, err
}

// acted writes an act's note, if any, and fills its answer in.
func (c *change) acted(ticketID int64, act data.TicketAct, note string) (Acted, error) {
	done := Acted{Note: note}
	if note != "" {
		if err := c.note(ticketID, note); err != nil {
			return done, err
		}
	}
	record, settings, err := answerGround(c.Tx, ticketID, c.now)
	if err != nil {
		return done, err
	}
	for _, answer := range settings.StockAnswers() {
		if answer.Act == act {
			done.Answer, done.Missing = data.FillAnswer(answer.Text, answerValues(record, settings, c.now))
		}
	}
	done.Answer = signed(done.Answer, settings)
	return done, nil
}

// act does an act and returns its note.
func (a *App) act(c *change, ticket data.TicketSummary, act data.TicketAct, target string) (note string, err error) {
	onAccount := act == data.ResendActivation || act == data.ReactivateAccount || act == data.StartSuccession || act == data.TellIdentifier
	if onAccount && ticket.AccountID == 0 {
		return "", refuse(Conflict, "Rattachez d’abord la demande {{.Number}} à un compte", data.Values{"Number": ticket.Number})
	}
	if !onAccount && ticket.OrganisationID == 0 {
		return "", refuse(Conflict, "Rattachez d’abord la demande {{.Number}} à une organisation", data.Values{"Number": ticket.Number})
	}
	values := data.Values{"Identifier": ticket.Identifier, "Organisation": ticket.OrganisationName, "Reference": target}
	switch act {
	case data.ResendActivation:
		note, err = "Lien d’activation renvoyé pour le compte {{.Identifier}}.", a.renewActivation(c, ticket.AccountID)
	case data.ReactivateAccount:
		note, err = "Compte {{.Identifier}} réactivé sur cette demande.", c.reactivate(ticket.AccountID, ticket.ID)
	case data.StartSuccession:
		note = "Changement d’administrateur lancé pour {{.Identifier}} : lettre {{.Reference}} en file."
		values["Reference"], err = c.requestSuccession(ticket.AccountID)
	case data.ReplaceLetter:
		var reissue Reissue
		reissue, err = c.reissue(target)
		note = "Lettre {{.Former}} signalée non reçue et remplacée par {{.Reference}}."
		values["Former"], values["Reference"] = reissue.Former, reissue.Reference
	case data.CorrectAddress:
		note = "Adresse de {{.Organisation}} corrigée."
	}
	if err != nil || note == "" {
		return "", err
	}
	return data.Fill(note, values), nil
}
