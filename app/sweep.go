package app

import (
	"context"
	"fmt"
	"strings"

	"guichet/data"
)

// Sweep is the report of what a sweep did.
type Sweep struct {
	Warned       []string // identifiers warned at 15 months (R11 a)
	Unused       []string // identifiers deactivated after 16 months (R11 a)
	NotActivated []string // identifiers whose activation link lapsed (R11 b)
	Expired      []string // references of letters whose codes lapsed
	Closed       []string // numbers of tickets solved 14 quiet days ago
}

// warningSubject and warningText are the warning e-mail of R11 a.
const warningSubject = "Votre compte du portail e-services va être désactivé"

const warningText = `Bonjour {{.Name}},

Personne ne s’est connecté avec le compte « {{.Identifier}} » ({{.Organisation}}) depuis quinze mois.

Sans connexion d’ici au {{.Until}}, il sera désactivé. Pour le garder, connectez-vous une fois :

    {{.Portal}}

`

// Sweep does what the passing of days brings: it warns of a coming
// deactivation, notes the deactivations that happened (an account's state
// itself follows from its facts), ends letters whose codes have lapsed, and
// closes tickets solved long ago.
// Running it twice changes nothing. Administrators and help desk.
func (a *App) Sweep(ctx context.Context) (report Sweep, err error) {
	operator, err := allow(ctx, "Sweep")
	if err != nil {
		return report, err
	}
	err = a.update(ctx, operator, func(c *change) error {
		report = Sweep{}
		settings, err := readSettings(c.Tx)
		if err != nil {
			return err
		}
		err = c.EachAccount(func(account data.Account) error { return c.sweepAccount(&report, settings, account) })
		if err != nil {
			return err
		}
		if err := c.sweepLetters(&report, settings); err != nil {
			return err
		}
		return c.sweepTickets(&report)
	})
	return report, err
}

func (c *change) sweepAccount(report *Sweep, settings data.Settings, account data.Account) error {
	deactivation := account.Deactivation(c.now)
	switch {
	case account.ToWarn(c.now):
		if err := c.warn(settings, account); err != nil {
			return err
		}
		account.WarnedAt = c.now
		report.Warned = append(report.Warned, account.Identifier)
	case deactivation == account.Announced:
		return nil
	case deactivation == data.Unused:
		report.Unused = append(report.Unused, account.Identifier)
	case deactivation == data.ActivationExpired:
		report.NotActivated = append(report.NotActivated, account.Identifier)
	}
	if deactivation != account.Announced && deactivation != "" {
		if err := c.audit("account.deactivate", "account", account.ID, nil,
			map[string]any{"identifier": account.Identifier, "reason": deactivation}); err != nil {
			return err
		}
	}
	account.Announced = deactivation
	return c.UpdateAccountFacts(account)
}

// warn puts the warning of R11 a into the outbox.
func (c *change) warn(settings data.Settings, account data.Account) error {
	organisation, err := c.Organisation(account.OrganisationID)
	if err != nil {
		return err
	}
	mail := data.OutgoingMail{
		Kind: data.WarningMail, AccountID: account.ID,
		MessageID: fmt.Sprintf("warning.%d.%d@%s", account.ID, c.now.UnixMilli(), mailDomain(settings)),
		ToName:    account.Name(), To: []string{account.Email}, Subject: warningSubject, CreatedAt: c.now, NextTryAt: c.now,
		Text: data.Fill(warningText, data.Values{
			"Name": account.Name(), "Identifier": account.Identifier, "Organisation": organisation.Name,
			"Until": account.UnusedFrom().Format("02/01/2006"), "Portal": strings.TrimRight(settings.PortalURL, "/"),
		}),
	}
	if err := c.AddOutgoing(&mail); err != nil {
		return err
	}
	return c.audit("account.warn", "account", account.ID, nil, map[string]any{"identifier": account.Identifier})
}

// sweepLetters ends the posted letters whose codes have lapsed.
func (c *change) sweepLetters(report *Sweep, settings data.Settings) error {
	posted, err := c.PostedLetters()
	if err != nil {
		return err
	}
	for _, letter := range posted {
		if !letter.Expired(c.now, settings.CodeValidDays) {
			continue
		}
		if err := c.expire(letter); err != nil {
			return err
		}
		report.Expired = append(report.Expired, letter.Reference)
	}
	return nil
}

// sweepTickets closes the tickets that nobody came back to.
func (c *change) sweepTickets(report *Sweep) error {
	quiet, err := c.SolvedBefore(c.now.AddDate(0, 0, -data.QuietDays))
	if err != nil {
		return err
	}
	for _, ticket := range quiet {
		closed := ticket.Ticket
		closed.State = data.ClosedTicket // it ended when it was solved
		if err := c.saveTicket(ticket.Ticket, closed, "ticket.close"); err != nil {
			return err
		}
		report.Closed = append(report.Closed, ticket.Number)
	}
	return nil
}
