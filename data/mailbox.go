package data

import "strings"

// MailAuth is how Guichet signs in to a mail server; the zero value is
// PasswordAuth.
type MailAuth string

// The ways to sign in.
const (
	PasswordAuth    MailAuth = "password"
	XOAuth2Auth     MailAuth = "xoauth2"
	OAuthBearerAuth MailAuth = "oauthbearer"
)

// MailAuths are all ways, as a form offers them.
var MailAuths = []MailAuth{PasswordAuth, XOAuth2Auth, OAuthBearerAuth}

// Label is the way as people read it.
func (a MailAuth) Label() string {
	switch a {
	case XOAuth2Auth:
		return "OAuth 2 (XOAUTH2)"
	case OAuthBearerAuth:
		return "OAuth 2 (OAUTHBEARER)"
	}
	return "Mot de passe"
}

// OAuth tells whether an access token stands for the password.
func (a MailAuth) OAuth() bool { return a == XOAuth2Auth || a == OAuthBearerAuth }

// OAuthSettings say where access tokens come from. The client secret and the
// refresh token are kept with the passwords.
type OAuthSettings struct {
	ClientID  string
	DeviceURL string
	TokenURL  string
	Scopes    []string
}

// MailboxSettings are an IMAP account with the folders that assistance requests
// come into.
type MailboxSettings struct {
	Host     string
	Port     int
	Security string // tls, starttls or none (loopback only)
	User     string
	Auth     MailAuth
	OAuth    OAuthSettings
	Folders  []string
	// MoveTo is the folder that mails are moved into once they are stored;
	// empty: they are marked as read where they are.
	MoveTo string
	// CertificateFile is a PEM file of the authorities to trust besides the
	// system's; empty for none.
	CertificateFile string
}

// DefaultMailbox is what a new account's form begins with.
func DefaultMailbox() MailboxSettings {
	return MailboxSettings{Port: 993, Security: "tls", Auth: PasswordAuth, Folders: []string{"INBOX"}}
}

// Account names the account; its password is kept under that name.
func (m MailboxSettings) Account() string { return m.User + "@" + m.Host }

// Folder names a folder of the account, for what is kept of it.
func (m MailboxSettings) Folder(name string) string { return m.Account() + "/" + name }

// movesTo tells whether mails are moved to a folder. INBOX has that name in
// capitals or not (RFC 3501, 5.1).
func (m MailboxSettings) movesTo(folder string) bool {
	return folder == m.MoveTo || strings.EqualFold(folder, "INBOX") && strings.EqualFold(m.MoveTo, "INBOX")
}

// check names every setting that breaks a rule. Fields are "mailbox.host"….
func (m MailboxSettings) check(problems *Problems, before []MailboxSettings) {
	problems.Require("mailbox.host", m.Host)
	problems.Require("mailbox.user", m.User)
	problems.checkServer("mailbox", m.Port, m.Security)
	if len(m.Folders) == 0 {
		problems.Add("mailbox.folders", "Indiquez au moins un dossier, par exemple INBOX", nil)
	}
	for _, folder := range m.Folders {
		if m.movesTo(folder) || strings.TrimSpace(folder) == "" {
			problems.Add("mailbox.folders", "Un dossier relevé doit avoir un nom, autre que celui où ses courriels sont rangés", nil)
		}
	}
	if m.Auth.OAuth() {
		problems.Require("mailbox.client_id", m.OAuth.ClientID)
		problems.Require("mailbox.token_url", m.OAuth.TokenURL)
	}
	for _, other := range before {
		if other.Account() == m.Account() {
			problems.Add("mailbox.user", "Le compte {{.Account}} est déjà réglé", Values{"Account": m.Account()})
		}
	}
}

func (p *Problems) checkServer(prefix string, port int, security string) {
	if port < 1 || port > 65535 {
		p.Add(prefix+".port", "Un port est un nombre de 1 à 65535", nil)
	}
	switch security {
	case "tls", "starttls", "none":
	default:
		p.Add(prefix+".security", "La sécurité est tls, starttls ou none", nil)
	}
}
