package app

import (
	"context"
	"crypto/rand"
	"crypto/x509"
	"os"
	"strings"
	"sync"
	"time"

	"guichet/app/mailbox"
	"guichet/data"
)

// SmarthostPassword names the secret of the server that sends mail.
const SmarthostPassword = "smarthost"

// MailboxPassword names the secret of a mailbox's account: its password, or its
// refresh token.
func MailboxPassword(m data.MailboxSettings) string { return "mailbox " + m.Account() }

// clientSecret names an OAuth client's secret, beside the account's own.
func clientSecret(name string) string { return name + " client" }

// mailServer is how a folder of an account is reached.
func (a *App) mailServer(m data.MailboxSettings, folder string) (mailbox.Server, error) {
	name := MailboxPassword(m)
	secret, err := a.secrets.get(name)
	if err == nil && secret == "" {
		secret, err = a.secrets.get("mailbox") // as the first version kept it
	}
	if err != nil {
		return mailbox.Server{}, refined(err)
	}
	roots, err := trusted(m.CertificateFile)
	if err != nil {
		return mailbox.Server{}, err
	}
	server := mailbox.Server{
		Host: m.Host, Port: m.Port, Security: mailbox.Security(m.Security), User: m.User, Auth: mailbox.Auth(m.Auth), Folder: folder,
		MoveTo: m.MoveTo, RootCAs: roots,
	}
	if server.Token, err = a.tokens(name, m.Auth, m.OAuth, secret); server.Token == nil {
		server.Password = secret
	}
	return server, err
}

// smarthost is the server that takes outgoing mail.
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
	secret, err := a.secrets.get(SmarthostPassword)
	if err != nil {
		return mailbox.Smarthost{}, refined(err)
	}
	roots, err := trusted(s.CertificateFile)
	if err != nil {
		return mailbox.Smarthost{}, err
	}
	host := mailbox.Smarthost{Host: s.Host, Port: s.Port, Security: mailbox.Security(s.Security), User: s.User, Auth: mailbox.Auth(s.Auth), RootCAs: roots}
	if host.Token, err = a.tokens(SmarthostPassword, s.Auth, s.OAuth, secret); host.Token == nil {
		host.Password = secret
	}
	return host, err
}

// tokens gives the access tokens of an account: nil without OAuth. A refresh
// token is used by all that read the account, for a server may replace it at
// each use.
func (a *App) tokens(name string, auth data.MailAuth, o data.OAuthSettings, refreshToken string) (mailbox.TokenSource, error) {
	if !auth.OAuth() {
		return nil, nil
	}
	a.signedIn.Lock()
	defer a.signedIn.Unlock()
	if known, ok := a.signedIn.sources[name]; ok && known.refreshToken == refreshToken {
		return known.tokens, nil
	}
	if refreshToken == "" {
		return nil, refuse(Unavailable, "Personne ne s’est encore connecté à {{.Account}} : voyez les réglages", data.Values{"Account": strings.TrimPrefix(name, "mailbox ")})
	}
	client, err := a.oauth(name, o)
	if err != nil {
		return nil, err
	}
	source := &tokenSource{refreshToken: refreshToken}
	source.tokens = client.Tokens(refreshToken, func(rotated string) error {
		_, err := a.secrets.set(name, rotated)
		a.signedIn.Lock()
		defer a.signedIn.Unlock()
		source.refreshToken = rotated
		return err
	})
	if a.signedIn.sources == nil {
		a.signedIn.sources = map[string]*tokenSource{}
	}
	a.signedIn.sources[name] = source
	return source.tokens, nil
}

// signedIn are the accounts that are signed in to by tokens, by their name.
type signedIn struct {
	sync.Mutex
	sources map[string]*tokenSource
}

type tokenSource struct {
	refreshToken string
	tokens       mailbox.TokenSource
}

// oauth is the client of an account's token server.
func (a *App) oauth(name string, o data.OAuthSettings) (mailbox.OAuth, error) {
	secret, err := a.secrets.get(clientSecret(name))
	return mailbox.OAuth{ClientID: o.ClientID, ClientSecret: secret, DeviceURL: o.DeviceURL, TokenURL: o.TokenURL, Scopes: o.Scopes}, refined(err)
}

// trusted are the system's authorities and those of a PEM file; nil, the
// system's alone, without one.
func trusted(file string) (*x509.CertPool, error) {
	if file == "" {
		return nil, nil
	}
	pem, err := os.ReadFile(file) // #nosec G304 -- the register’s own file, or one that its user chose
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
	Messages int      // in the folders
	Idle     bool     // the server tells of new mail by itself
	Move     bool     // mails can be moved there
	Folders  []string // that the account has
}

// CheckMailbox signs in to a mailbox as it is set in a form, with the password
// that is kept, and opens each of its folders; nothing is fetched or changed.
// Administrators only.
func (a *App) CheckMailbox(ctx context.Context, m data.MailboxSettings) (check MailboxCheck, err error) {
	if _, err := allow(ctx, "CheckMailbox"); err != nil {
		return check, err
	}
	if err := refined(data.Settings{Mailboxes: []data.MailboxSettings{m}}.CheckMailboxes()); err != nil {
		return check, err
	}
	for _, folder := range m.Folders {
		server, err := a.mailServer(m, folder)
		if err != nil {
			return check, err
		}
		found, err := mailbox.CheckServer(ctx, server)
		if err != nil {
			return check, refined(err)
		}
		check.Messages += found.Messages
		check.Idle, check.Move, check.Folders = found.Idle, found.Move, found.Folders
	}
	return check, nil
}

// CheckSmarthost sends a mail through the server that sends mail, as it is set in
// a form, from the sender's address to itself. Administrators only.
func (a *App) CheckSmarthost(ctx context.Context, settings data.Settings) error {
	if _, err := allow(ctx, "CheckSmarthost"); err != nil {
		return err
	}
	host, err := a.smarthost(settings)
	if err != nil {
		return err
	}
	from := mailbox.Address{Address: settings.Smarthost.From}
	_, domain, _ := strings.Cut(from.Address, "@")
	return refined(mailbox.Send(ctx, host, mailbox.Outgoing{
		MessageID: rand.Text() + "@" + domain, From: from, To: []mailbox.Address{from}, Automatic: true, Date: a.Now(),
		Subject: "Essai du serveur d’envoi", Text: "Ce courriel d’essai est parti de Guichet : le serveur d’envoi est bien réglé.\n",
	}))
}

// MailLogin is a sign-in by OAuth 2 under way: a person opens Address in a
// browser and types Code there, before Until.
type MailLogin struct {
	Code    string
	Address string
	Until   time.Time
	name    string
	client  mailbox.OAuth
	login   mailbox.DeviceLogin
}

// BeginMailLogin begins to sign in to an account by the device flow (RFC 8628).
// name is under which the secret is kept: MailboxPassword's or
// SmarthostPassword. Administrators only.
func (a *App) BeginMailLogin(ctx context.Context, name string, o data.OAuthSettings) (MailLogin, error) {
	if _, err := allow(ctx, "BeginMailLogin"); err != nil {
		return MailLogin{}, err
	}
	client, err := a.oauth(name, o)
	if err != nil {
		return MailLogin{}, err
	}
	login, err := client.Begin(ctx)
	if err != nil {
		return MailLogin{}, refined(err)
	}
	return MailLogin{Code: login.Code, Address: login.Address, Until: login.Until, name: name, client: client, login: login}, nil
}

// FinishMailLogin waits until the person has signed in, and keeps the account's
// refresh token. It waits as long as the code is valid: cancel ctx to give up.
// Administrators only.
func (a *App) FinishMailLogin(ctx context.Context, login MailLogin) (inFile bool, err error) {
	if _, err := allow(ctx, "FinishMailLogin"); err != nil {
		return false, err
	}
	token, err := login.client.Finish(ctx, login.login)
	if err != nil {
		return false, refined(err)
	}
	return a.SetMailPassword(ctx, login.name, token)
}
