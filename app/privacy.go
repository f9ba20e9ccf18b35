package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"

	"guichet/data"
	"guichet/data/store"
)

// peopleLimit is how many people a search shows.
const peopleLimit = 50

// FindPeople are the people whose name, e-mail address or identifier a text finds:
// those with accounts, those who wrote to the help desk, and the legal
// representatives. Administrators.
func (a *App) FindPeople(ctx context.Context, text string) (people []data.Person, err error) {
	if _, err := allow(ctx, "FindPeople"); err != nil {
		return nil, err
	}
	text = strings.TrimSpace(text)
	if text == "" {
		return nil, nil
	}
	err = a.view(ctx, func(tx *store.Tx) error {
		byEmail := map[string]*data.Person{}
		person := func(email, name string) *data.Person {
			if byEmail[email] == nil {
				byEmail[email] = &data.Person{Email: email, Name: name}
			}
			return byEmail[email]
		}
		accounts, err := tx.Accounts(text, peopleLimit)
		if err != nil {
			return err
		}
		for _, account := range accounts {
			if account.Email != "" {
				person(account.Email, account.Name()).Accounts++
			}
		}
		requesters, err := tx.Requesters(text, peopleLimit)
		if err != nil {
			return err
		}
		for _, requester := range requesters {
			person(requester.Email, requester.Name).Tickets = requester.Tickets
		}
		for _, found := range byEmail {
			people = append(people, *found)
		}
		slices.SortFunc(people, func(x, y data.Person) int { return strings.Compare(x.Email, y.Email) })
		mandates, err := tx.Representatives()
		for _, mandate := range mandates {
			if strings.Contains(data.Fold(mandate.Name), data.Fold(text)) && len(people) < 2*peopleLimit {
				people = append(people, mandate)
			}
		}
		return err
	})
	return people, err
}

// ErasePerson erases all that the register holds about a person (RGPD, article
// 17): accounts are closed, their requests withdrawn, their codes void, and keep
// their identifiers, reserved; tickets keep their number and times; the audit
// keeps its chain. Mails stay in the mailbox, and data in the backups until they
// rotate. Conflict for a representative in office. Administrators.
func (a *App) ErasePerson(ctx context.Context, person data.Person) error {
	operator, err := allow(ctx, "ErasePerson")
	if err != nil {
		return err
	}
	err = a.update(ctx, operator, func(c *change) error {
		if err := c.WillShred(); err != nil {
			return err
		}
		if person.RepresentativeID != 0 {
			return c.eraseMandate(person.RepresentativeID)
		}
		return c.eraseEmail(person.Email)
	})
	if err != nil {
		return err
	}
	a.shred(ctx)
	return nil
}

// shred ends what erases: see store.Shred. What it cannot do now, the log tells, and
// shredAgain does.
func (a *App) shred(ctx context.Context) {
	if err := a.store.Shred(context.WithoutCancel(ctx)); err != nil {
		slog.WarnContext(ctx, "traces of what was erased are left until the next start", "cause", err)
	}
}

// shredAgain takes away what a shred before could not, or did not come to.
func (a *App) shredAgain(ctx context.Context) error {
	var left bool
	err := a.view(ctx, func(tx *store.Tx) (err error) { left, err = tx.Shredding(); return err })
	if left {
		a.shred(ctx)
	}
	return err
}

func (c *change) eraseEmail(email string) error {
	accounts, err := c.AccountsByEmail(email)
	if err != nil {
		return err
	}
	var ids []int64
	var identifiers []string
	for _, account := range accounts {
		ids, identifiers = append(ids, account.ID), append(identifiers, account.Identifier)
	}
	tickets, err := c.TicketsOf(email, ids)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if err := c.eraseAccount(id); err != nil {
			return err
		}
	}
	for _, ticket := range tickets {
		if err := c.EraseTicket(ticket.ID, c.now); err != nil {
			return err
		}
		if _, err := c.EraseAuditTexts("ticket", ticket.ID); err != nil {
			return err
		}
	}
	elsewhere, err := c.EraseAddress(email) // in the tickets of others
	if err != nil {
		return err
	}
	if len(accounts)+len(tickets) == 0 && elsewhere == 0 {
		return refuse(NotFound, "Le registre n’a rien sous cette adresse", nil)
	}
	return c.audit("privacy.erase", "register", 0, nil, map[string]any{"accounts": identifiers, "tickets": len(tickets), "elsewhere": elsewhere})
}

// eraseAccount closes an account for good and erases its person's data.
func (c *change) eraseAccount(id int64) error {
	account, err := c.Account(id)
	if err != nil {
		return err
	}
	requests, err := c.AccountRequests(id)
	if err != nil {
		return err
	}
	if err := c.withdrawOpen(requests); err != nil {
		return err
	}
	if err := errors.Join(c.EraseAccount(account, c.now), c.UnlinkAccount(id)); err != nil {
		return err
	}
	mails, err := c.AccountMails(id)
	if err != nil {
		return err
	}
	for _, mail := range mails {
		if _, err := c.EraseAuditTexts("outgoing_mail", mail); err != nil {
			return err
		}
	}
	_, err = c.EraseAuditTexts("account", id)
	return err
}

func (c *change) eraseMandate(id int64) error {
	mandate, err := c.Mandate(id)
	if err != nil {
		return err
	}
	if mandate.Until.IsZero() {
		return refuse(Conflict, "Ce représentant légal est en fonction : nommez d’abord qui lui succède", nil)
	}
	addressed, err := lettersTo(c.Tx, mandate)
	if err != nil {
		return err
	}
	for _, file := range addressed {
		if file.Live() {
			return refuse(Conflict, "La lettre {{.Reference}} porte ce nom et peut encore être confirmée : attendez qu’elle soit finie", data.Values{"Reference": file.Reference})
		}
	}
	if err := c.EraseMandate(mandate, addressed); err != nil {
		return err
	}
	name, err := json.Marshal(mandate.LastName)
	if err != nil {
		return err
	}
	if err := c.EraseAuditMentions("organisation", mandate.OrganisationID, `"LastName":`+string(name)); err != nil {
		return err
	}
	return c.audit("privacy.erase", "register", 0, nil, map[string]any{"mandate": id})
}

// lettersTo are the letters that bear a representative's name: the one in office
// when they were composed (R1).
func lettersTo(tx *store.Tx, mandate data.LegalRepresentative) (addressed []data.LetterFile, err error) {
	files, err := tx.OrganisationLetters(mandate.OrganisationID)
	for _, file := range files {
		if strings.Contains(data.Fold(strings.Join(file.Lines, "\n")), data.Fold(mandate.LastName)) {
			addressed = append(addressed, file)
		}
	}
	return addressed, err
}

// Account is an account that a use case is about to change: Conflict once it was
// erased.
func (c *change) Account(id int64) (data.Account, error) {
	account, err := c.Tx.Account(id)
	if err == nil && account.Erased() {
		err = refuse(Conflict, "Les données du compte {{.Identifier}} ont été effacées : une nouvelle inscription fait un nouveau compte", data.Values{"Identifier": account.Identifier})
	}
	return account, err
}

// personName names a person in a file's name and its title.
func personName(p data.Person) string {
	if p.Email != "" {
		return p.Email
	}
	return fmt.Sprintf("%s (%s)", p.Name, p.Organisation)
}
