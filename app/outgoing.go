package app

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"guichet/app/mailbox"
	"guichet/data"
	"guichet/data/store"
)

// activationSubject and activationText are the activation e-mail (R10).
const activationSubject = "Activez votre compte sur le portail e-services"

const activationText = `Bonjour {{.Name}},

Votre compte « {{.Identifier}} » pour {{.Organisation}} vient d’être enregistré.

Pour l’activer, ouvrez ce lien dans les 72 heures :

    {{.Portal}}/activation/` + data.ActivationPlace + `
{{.ByMail}}
Passé ce délai, demandez un nouveau lien à l’assistance : celui-ci ne servira plus.
Votre compte sera utilisable lorsqu’il sera activé et que votre organisation l’aura validé.

Si vous n’êtes pas à l’origine de cette inscription, ignorez ce courriel.
`

// activationByMail is the part of activationText that only a help desk with an
// address can offer.
const activationByMail = `
Si le lien ne s’ouvre pas, activez par courriel, en envoyant le message vide que prépare celui-ci :

    mailto:{{.Support}}?subject=` + data.ActivationSubject + `%20` + data.ActivationPlace + `
`

// sendActivation puts an account's activation e-mail into the outbox, in the
// place of an unsent one.
func (a *App) sendActivation(c *change, account data.Account) error {
	settings, err := readSettings(c.Tx)
	if err != nil {
		return err
	}
	organisation, err := c.Organisation(account.OrganisationID)
	if err != nil {
		return err
	}
	if err := c.WithdrawActivations(account.ID); err != nil {
		return err
	}
	byMail := ""
	if support := replyAddress(settings); support != "" {
		byMail = data.Fill(activationByMail, data.Values{"Support": support})
	}
	return c.AddOutgoing(&data.OutgoingMail{
		Kind: data.ActivationMail, AccountID: account.ID,
		MessageID: fmt.Sprintf("activation.%d.%s@%s", account.ID, account.ActivationNonce, mailDomain(settings)),
		ToName:    account.Name(), To: []string{account.Email}, Subject: activationSubject,
		Text: data.Fill(activationText, data.Values{
			"Name": account.Name(), "Identifier": account.Identifier, "Organisation": organisation.Name,
			"Portal": strings.TrimRight(settings.PortalURL, "/"), "ByMail": byMail,
		}),
		CreatedAt: c.now, NextTryAt: c.now,
	})
}

// mailDomain is the domain of our own Message-IDs.
func mailDomain(settings data.Settings) string {
	if _, domain, found := strings.Cut(settings.Smarthost.From, "@"); found {
		return domain
	}
	return "guichet.invalid"
}

// Sent is what SendOutgoing did.
type Sent struct {
	Sent   int
	Failed int // tried again later, or given up
}

// SendOutgoing sends the mails of the outbox that are due, one by one, each
// under the Message-ID that it was given when it was written. A failure is
// kept with the mail and tried again later, unless the server refused the mail
// for good or it is uncertain whether it took it: those wait for a person. While
// another workstation of a shared register sends, it does nothing: a mail under way
// may be due again before it has arrived.
func (a *App) SendOutgoing(ctx context.Context) (Sent, error) {
	operator, err := allow(ctx, "SendOutgoing")
	if err != nil {
		return Sent{}, err
	}
	var settings data.Settings
	var due []data.OutgoingMail
	err = a.view(ctx, func(tx *store.Tx) (err error) {
		if settings, err = readSettings(tx); err == nil {
			due, err = tx.DueOutgoing(a.Now(), 500)
		}
		return err
	})
	if err != nil || len(due) == 0 {
		return Sent{}, err
	}
	host, err := a.smarthost(settings)
	if err != nil {
		return Sent{}, err
	}
	var result Sent
	_, err = a.store.Lead(ctx, outboxLead, func(ctx context.Context) error {
		for _, mail := range due {
			if err := ctx.Err(); err != nil {
				return err
			}
			sent, err := a.sendOne(ctx, operator, host, settings, mail)
			switch {
			case KindOf(err) == Conflict: // another workstation sent it meanwhile, or it was withdrawn
			case err != nil:
				return err
			case sent:
				result.Sent++
			default:
				result.Failed++
			}
		}
		return nil
	})
	return result, refined(err)
}

// outboxLead is what one workstation of a shared register does at a time.
const outboxLead = "outbox"

func (a *App) sendOne(
	ctx context.Context, operator data.Operator, host mailbox.Smarthost, settings data.Settings, mail data.OutgoingMail,
) (sent bool, err error) {
	err = a.update(ctx, operator, func(c *change) error {
		mail.NextTryAt = data.NextTry(c.now, mail.Attempts+1) // should this process die
		return c.ClaimOutgoing(&mail)
	})
	if err != nil {
		return false, err
	}
	message, err := a.outgoingMessage(ctx, settings, mail)
	if err != nil {
		return false, err
	}
	failure := mailbox.Send(ctx, host, message)
	return failure == nil, a.update(context.WithoutCancel(ctx), operator, func(c *change) error {
		switch {
		case failure == nil:
			mail.State, mail.SentAt, mail.NextTryAt, mail.LastError = data.OutboxSent, c.now, time.Time{}, ""
		case errors.Is(failure, mailbox.ErrPermanent):
			mail.State, mail.NextTryAt, mail.LastError = data.OutboxFailed, time.Time{}, failure.Error()
		case errors.Is(failure, mailbox.ErrUncertain):
			mail.State, mail.NextTryAt, mail.LastError = data.OutboxUncertain, time.Time{}, failure.Error()
		default:
			mail.NextTryAt, mail.LastError = data.NextTry(c.now, mail.Attempts), failure.Error()
		}
		if err := c.UpdateOutgoing(mail); err != nil {
			return err
		}
		if err := c.ForgetSentDraft(mail.ID); err != nil || failure != nil {
			return err
		}
		return c.audit("mail.send", "outgoing_mail", mail.ID, nil,
			map[string]any{"kind": mail.Kind, "account": mail.AccountID, "ticket": mail.TicketID})
	})
}

// outgoingMessage is a mail of the outbox as it is sent: with the activation
// token in its place, or the text and files of the message that it sends.
func (a *App) outgoingMessage(ctx context.Context, settings data.Settings, mail data.OutgoingMail) (mailbox.Outgoing, error) {
	out := mailbox.Outgoing{
		MessageID: mail.MessageID, Subject: mail.Subject, Text: mail.Text, Date: a.Now(),
		From: mailbox.Address{Name: settings.RegisterName, Address: settings.Smarthost.From}, Cc: bareAddresses(mail.Cc),
		To: bareAddresses(mail.To), Automatic: mail.Kind.Automatic(), Answering: mail.Kind == data.AcknowledgementMail,
	}
	if len(out.To) == 1 {
		out.To[0].Name = mail.ToName
	}
	if reply := replyAddress(settings); !strings.EqualFold(reply, out.From.Address) {
		out.ReplyTo = mailbox.Address{Name: settings.RegisterName, Address: reply}
	}
	err := a.view(ctx, func(tx *store.Tx) error {
		if mail.Kind == data.ActivationMail {
			account, err := tx.Account(mail.AccountID)
			token := data.ActivationToken(account.ID, account.ActivationNonce, a.secret)
			out.Text = strings.ReplaceAll(mail.Text, data.ActivationPlace, token)
			return err
		}
		if mail.ThreadID == 0 {
			return nil
		}
		message, err := tx.Message(mail.ThreadID)
		out.Text, out.InReplyTo, out.References = message.Text, message.InReplyTo, message.References
		if message.FromName != "" {
			out.From.Name = message.FromName + " · " + settings.RegisterName
		}
		for _, file := range message.Attachments {
			out.Files = append(out.Files, mailbox.OutgoingFile{Name: file.Name, ContentType: file.ContentType, Content: file.Content})
		}
		return err
	})
	return out, err
}

func bareAddresses(list []string) []mailbox.Address {
	addresses := make([]mailbox.Address, len(list))
	for i, address := range list {
		addresses[i].Address = address
	}
	return addresses
}
