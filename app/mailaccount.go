package app

import (
	"context"
	"crypto/x509"
	"os"
	"time"

	"guichet/app/mailbox"
	"guichet/data"
)

// SmarthostPassword names the secret of the server that sends mail.
const SmarthostPassword = "smarthost"

// MailboxPassword names the secret of a mailbox's account: its password, or its
// refresh token.
func MailboxPassword(m data.MailboxSettings) string { return "mailbox " + m.Account() }

// mailServer is how a folder of an account is reached.
func (a *App) mailServer(m data.MailboxSettings, folder string) (mailbox.Server, error) {
	secret, err := a.secrets.get(MailboxPassword(m))
	if err == nil && secret == "" {
		secret, err = a.secrets.get("mailbox") // as the first version kept it
	}
	if err != nil {
		return mailbox.Server{}, refined(err)
	}
	roots, err := trusted(m.CertificateFile)
	return mailbox.Server{
		Host: m.Host, Port: m.Port, Security: mailbox.Security(m.Security), User: m.User, Password: secret, Folder: folder, RootCAs: roots,
	}, err
}

// smarthost is the server that takes outgoing mail.
func (a *App) smarthost(_ context.Context, settings data.Settings) (mailbox.Smarthost, error) {
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

// MailboxCheck is what CheckMailbox found.
type MailboxCheck struct {
	Messages int  // in the folders
	Idle     bool // the server tells of new mail by itself
}

// CheckMailbox signs in to a mailbox as it is set in a form, with the password
// that is kept, and opens each of its folders; nothing is fetched or changed.
// Administrators only.
func (a *App) CheckMailbox(ctx context.Context, m data.MailboxSettings) (check MailboxCheck, err error) {
	if _, err := allow(ctx, data.Administrator); err != nil {
		return check, err
	}
	return check, refuse(Unavailable, "Aucune boîte aux lettres n’est réglée", nil)
}

// CheckSmarthost signs in to the server that sends mail as it is set in a form;
// nothing is sent. Administrators only.
func (a *App) CheckSmarthost(ctx context.Context, settings data.Settings) error {
	if _, err := allow(ctx, data.Administrator); err != nil {
		return err
	}
	return refuse(Unavailable, "Aucun serveur d’envoi n’est réglé", nil)
}

// MailLogin is a sign-in by OAuth 2 under way: a person opens Address in a
// browser and types Code there.
type MailLogin struct {
	Code    string
	Address string
	Until   time.Time // the code's end
	name    string
}

// BeginMailLogin begins to sign in to an account by the device flow (RFC 8628).
// name is under which the secret is kept: MailboxPassword's or
// SmarthostPassword. Administrators only.
func (a *App) BeginMailLogin(ctx context.Context, name string, o data.OAuthSettings) (login MailLogin, err error) {
	if _, err := allow(ctx, data.Administrator); err != nil {
		return login, err
	}
	return login, refuse(Unavailable, "Aucune boîte aux lettres n’est réglée", nil)
}

// FinishMailLogin waits until the person has signed in, and keeps the account's
// refresh token. It waits as long as the code is valid: cancel ctx to give up.
// Administrators only.
func (a *App) FinishMailLogin(ctx context.Context, login MailLogin) error {
	if _, err := allow(ctx, data.Administrator); err != nil {
		return err
	}
	return refuse(Unavailable, "Aucune boîte aux lettres n’est réglée", nil)
}
