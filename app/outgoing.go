package app

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"strings"

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

Passé ce délai, demandez un nouveau lien à l’assistance : celui-ci ne servira plus.
Votre compte sera utilisable lorsqu’il sera activé et que votre organisation l’aura validé.

Si vous n’êtes pas à l’origine de cette inscription, ignorez ce courriel.
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
	return c.AddOutgoing(&data.OutgoingMail{
		Kind: data.ActivationMail, AccountID: account.ID,
		MessageID: fmt.Sprintf("activation.%d.%s@%s", account.ID, account.ActivationNonce, mailDomain(settings)),
		ToName:    account.Name(), ToAddress: account.Email, Subject: activationSubject,
		Text: data.Fill(activationText, data.Values{
			"Name": account.Name(), "Identifier": account.Identifier, "Organisation": organisation.Name,
			"Portal": strings.TrimRight(settings.PortalURL, "/"),
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
// for good or it is uncertain whether it took it: those wait for a person.
func (a *App) SendOutgoing(ctx context.Context) (Sent, error) {
	operator, err := allow(ctx)
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
	for _, mail := range due {
		if err := ctx.Err(); err != nil {
			return result, err
		}
		sent, err := a.sendOne(ctx, operator, host, settings, mail)
		if KindOf(err) == Conflict { // another process sends it, or it was withdrawn
			continue
		}
		if err != nil {
			return result, err
		}
		if sent {
			result.Sent++
		} else {
			result.Failed++
		}
	}
	return result, nil
}

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
	text, err := a.outgoingText(ctx, mail)
	if err != nil {
		return false, err
	}
	failure := mailbox.Send(ctx, host, mailbox.Outgoing{
		MessageID: mail.MessageID,
		From:      mailbox.Address{Name: settings.RegisterName, Address: settings.Smarthost.From},
		To:        []mailbox.Address{{Name: mail.ToName, Address: mail.ToAddress}},
		Subject:   mail.Subject, Text: text, Date: a.Now(), Automatic: true,
	})
	return failure == nil, a.update(context.WithoutCancel(ctx), operator, func(c *change) error {
		switch {
		case failure == nil:
			mail.SentAt, mail.NextTryAt, mail.LastError = c.now, data.OutgoingMail{}.NextTryAt, ""
		case errors.Is(failure, mailbox.ErrPermanent), errors.Is(failure, mailbox.ErrUncertain):
			mail.NextTryAt, mail.LastError = data.OutgoingMail{}.NextTryAt, failure.Error()
		default:
			mail.NextTryAt, mail.LastError = data.NextTry(c.now, mail.Attempts), failure.Error()
		}
		if err := c.UpdateOutgoing(mail); err != nil || failure != nil {
			return err
		}
		return c.audit("mail.send", "outgoing_mail", mail.ID, nil, map[string]any{"kind": mail.Kind, "account": mail.AccountID})
	})
}

// outgoingText is a mail's text with the activation token in its place.
func (a *App) outgoingText(ctx context.Context, mail data.OutgoingMail) (string, error) {
	if mail.Kind != data.ActivationMail {
		return mail.Text, nil
	}
	var account data.Account
	err := a.view(ctx, func(tx *store.Tx) (err error) {
		account, err = tx.Account(mail.AccountID)
		return err
	})
	token := data.ActivationToken(account.ID, account.ActivationNonce, a.secret)
	return strings.ReplaceAll(mail.Text, data.ActivationPlace, token), err
}

func (a *App) smarthost(settings data.Settings) (mailbox.Smarthost, error) {
	s := settings.Smarthost
	switch {
	case s.Host == "":
		return mailbox.Smarthost{}, refuse(Unavailable, "Aucun serveur d’envoi n’est réglé", nil)
	case !data.ValidEmail(s.From):
		return mailbox.Smarthost{}, refuse(Unavailable, "L’adresse d’expédition des courriels n’est pas réglée", nil)
	case settings.PortalURL == "":
		return mailbox.Smarthost{}, refuse(Unavailable, "L’adresse du portail, que les courriels portent, n’est pas réglée", nil)
	}
	password, err := a.secrets.get(SmarthostPassword)
	if err != nil {
		return mailbox.Smarthost{}, refined(err)
	}
	roots, err := trusted(s.CertificateFile)
	return mailbox.Smarthost{
		Host: s.Host, Port: s.Port, Security: mailbox.Security(s.Security), User: s.User, Password: password, RootCAs: roots,
	}, err
}

// trusted are the system's authorities and those of a PEM file; nil, the
// system's alone, without one.
func trusted(file string) (*x509.CertPool, error) {
	if file == "" {
		return nil, nil
	}
	pem, err := os.ReadFile(file)
	if err != nil {
		return nil, refuse(Unavailable, "Le fichier de certificats {{.File}} ne se lit pas", data.Values{"File": file})
	}
	roots, err := x509.SystemCertPool()
	if err != nil {
		roots = x509.NewCertPool()
	}
	if !roots.AppendCertsFromPEM(pem) {
		return nil, refuse(Unavailable, "Le fichier {{.File}} ne contient pas de certificat", data.Values{"File": file})
	}
	return roots, nil
}
