package views

import (
	"context"
	"net/url"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"guichet/app"
	"guichet/data"
)

// mailAccountFields are the fields of how one signs in to a mail server, of a
// mailbox or of the server that sends: where it is, who one is, and the secret,
// which is kept apart from the settings.
type mailAccountFields struct {
	p           *settingsForm
	prefix      string
	host, port  *entry
	security    *choice[string]
	user        *entry
	auth        *choice[data.MailAuth]
	password    *entry
	keep        *button
	provider    *choice[string]
	client      *entry
	certificate *entry
	oauth       data.OAuthSettings // the provider's addresses
	signIn      *button
	byPassword  fyne.CanvasObject
	byToken     fyne.CanvasObject
	secretName  func() string // where the secret is kept
}

// providers are the token servers that are known, by their name.
var providers = map[string]data.OAuthSettings{
	"Microsoft 365": {
		DeviceURL: "https://login.microsoftonline.com/organizations/oauth2/v2.0/devicecode",
		TokenURL:  "https://login.microsoftonline.com/organizations/oauth2/v2.0/token",
		Scopes:    []string{"https://outlook.office.com/IMAP.AccessAsUser.All", "https://outlook.office.com/SMTP.Send", "offline_access"},
	},
	"Gmail": {
		DeviceURL: "https://oauth2.googleapis.com/device/code", TokenURL: "https://oauth2.googleapis.com/token",
		Scopes: []string{"https://mail.google.com/"},
	},
}

var (
	securities    = []string{"tls", "starttls", "none"}
	providerNames = []string{"Microsoft 365", "Gmail"}
)

func securityLabel(security string) string {
	switch security {
	case "tls":
		return lang.L("TLS")
	case "starttls":
		return lang.L("STARTTLS")
	}
	return lang.L("Aucun (cette machine seulement)")
}

func newMailAccountFields(p *settingsForm, prefix string, secretName func() string) *mailAccountFields {
	v := &mailAccountFields{p: p, prefix: prefix, secretName: secretName}
	touched := func() { p.touched() }
	v.security = newChoice(func(string) { touched() })
	v.security.offer(securities, securityLabel, "tls")
	v.auth = newChoice(func(data.MailAuth) {
		v.showAuth()
		touched()
	})
	v.auth.offer(data.MailAuths, func(a data.MailAuth) string { return word(a) }, data.PasswordAuth)
	v.provider = newChoice(func(name string) {
		v.oauth = providers[name]
		touched()
	})
	v.provider.offer(providerNames, func(name string) string { return name }, providerNames[0])
	v.password = newPasswordEntry(p.s.f.w)
	v.keep = newIconButton(lang.L("Garder le mot de passe"), theme.ConfirmIcon(), v.onKeep)
	v.signIn = newIconButton(lang.L("Se connecter…"), theme.LoginIcon(), v.onSignIn)
	return v
}

// content are the fields; between them and the secret stands what the page adds.
func (v *mailAccountFields) content(more ...fyne.CanvasObject) fyne.CanvasObject {
	p := v.p
	var host, port, user, client, certificate fyne.CanvasObject
	v.host, host = p.text(v.prefix+".host", lang.L("Serveur *"))
	v.port, port = p.text(v.prefix+".port", lang.L("Port *"))
	v.user, user = p.text(v.prefix+".user", v.userLabel())
	v.client, client = p.text(v.prefix+".client_id", lang.L("Identifiant de l’application (client) *"))
	v.certificate, certificate = p.text(v.prefix+".certificate", lang.L("Autorité de certification propre (fichier PEM)"))
	v.byPassword = container.NewVBox(columns(2, p.fields.add(v.prefix+".password", lang.L("Mot de passe"), v.password), p.fields.add("keep", noBreak, v.keep)),
		caption(lang.L("Le mot de passe est gardé dans le trousseau du système, à part des réglages. Il n’est jamais montré.")))
	v.byToken = container.NewVBox(columns(2, p.fields.add("provider", lang.L("Fournisseur"), v.provider), client), container.NewHBox(v.signIn),
		caption(lang.L("Votre administrateur de messagerie donne l’identifiant de l’application. La connexion se fait dans un navigateur, par un code.")))
	box := container.NewVBox(columns(2, host, port),
		columns(2, p.fields.add(v.prefix+".security", lang.L("Chiffrement"), v.security), user),
		columns(2, p.fields.add("auth", lang.L("Connexion"), v.auth), certificate))
	for _, object := range more {
		box.Add(object)
	}
	box.Add(v.byPassword)
	box.Add(v.byToken)
	v.showAuth()
	return box
}

// userLabel names the user, whom a server that sends may do without.
func (v *mailAccountFields) userLabel() string {
	if v.prefix == "mailbox" {
		return lang.L("Utilisateur *")
	}
	return lang.L("Utilisateur")
}

func (v *mailAccountFields) chosenAuth() data.MailAuth { return chosenOf(v.auth, data.PasswordAuth) }

// chosenOf is what a choice holds; a default where nothing is chosen.
func chosenOf[T comparable](c *choice[T], otherwise T) T {
	if i := c.SelectedIndex(); i >= 0 {
		return c.values[i]
	}
	return otherwise
}

func (v *mailAccountFields) showAuth() {
	if v.byToken == nil {
		return
	}
	setVisible(v.byPassword, !v.chosenAuth().OAuth())
	setVisible(v.byToken, v.chosenAuth().OAuth())
	if v.p.body != nil {
		v.p.fit()
	}
}

// fill puts what is set into the fields.
func (v *mailAccountFields) fill(host string, port int, security, user string, auth data.MailAuth, o data.OAuthSettings, certificate string) {
	v.host.SetText(host)
	v.port.SetText(strconv.Itoa(port))
	v.security.offer(securities, securityLabel, security)
	v.user.SetText(user)
	if auth == "" {
		auth = data.PasswordAuth
	}
	v.auth.offer(data.MailAuths, func(a data.MailAuth) string { return word(a) }, auth)
	v.client.SetText(o.ClientID)
	v.oauth = o
	for name, known := range providers {
		if known.TokenURL == o.TokenURL {
			v.provider.offer(providerNames, func(name string) string { return name }, name)
		}
	}
	v.certificate.SetText(certificate)
	v.password.SetText("")
	v.showAuth()
}

// typedOAuth are the token server's settings as the fields have them; nothing
// where a password is used.
func (v *mailAccountFields) typedOAuth() data.OAuthSettings {
	if !v.chosenAuth().OAuth() {
		return data.OAuthSettings{}
	}
	o := v.oauth
	if o.TokenURL == "" {
		o = providers[chosenOf(v.provider, providerNames[0])]
	}
	o.ClientID = strings.TrimSpace(v.client.Text)
	return o
}

func (v *mailAccountFields) onKeep() {
	f, name, password := v.p.s.f, v.secretName(), v.password.Text
	start(f.scope, "", v.keep, func(ctx context.Context) (bool, error) { return f.guichet.SetMailPassword(ctx, name, password) },
		func(inFile bool, err error) {
			if err != nil {
				f.notice.fail(err, nil)
				return
			}
			v.password.SetText("")
			v.kept(inFile, lang.L("Mot de passe gardé"))
		})
}

// kept says that a secret was kept, and where.
func (v *mailAccountFields) kept(inFile bool, text string) {
	f := v.p.s.f
	if inFile {
		text += " · " + lang.L("cette machine n’a pas de trousseau : il est dans un fichier lisible de vous seul")
	}
	f.notice.done(text)
	f.mailbox.open()
}

// onSignIn shows the code to be typed in a browser, and waits.
func (v *mailAccountFields) onSignIn() {
	f, name, o := v.p.s.f, v.secretName(), v.typedOAuth()
	start(f.scope, "", v.signIn, func(ctx context.Context) (app.MailLogin, error) { return f.guichet.BeginMailLogin(ctx, name, o) },
		func(login app.MailLogin, err error) {
			if err != nil {
				f.notice.fail(err, nil)
				return
			}
			v.showCode(login)
		})
}

func (v *mailAccountFields) showCode(login app.MailLogin) {
	f := v.p.s.f
	code := mono(login.Code)
	code.SizeName, code.Alignment, code.Selectable = sizeCode, fyne.TextAlignCenter, true
	copied := newIconButton(lang.L("Copier le code"), theme.ContentCopyIcon(), func() { f.w.fyneApp.Clipboard().SetContent(login.Code) })
	wait := widget.NewProgressBarInfinite()
	content := container.NewVBox(paragraph(lang.L("Ouvrez {{.Address}}, saisissez ce code, et connectez-vous avec le compte de la boîte. Guichet attend jusqu’à {{.Time}}.",
		map[string]any{"Address": login.Address, "Time": clock(login.Until)})), code, container.NewCenter(copied), wait)
	cancel := start(f.scope, "mail login", nil, func(ctx context.Context) (bool, error) { return f.guichet.FinishMailLogin(ctx, login) },
		func(inFile bool, err error) {
			wait.Stop()
			f.w.closeDialog()
			if err != nil {
				f.notice.fail(err, nil)
				return
			}
			v.kept(inFile, lang.L("Connexion faite"))
		})
	m := f.w.openDialog(lang.L("Se connecter à la messagerie"), lang.L("Ouvrir le navigateur"), false, 460, content, func(*modal) {
		if address, err := url.Parse(login.Address); err == nil {
			_ = f.w.fyneApp.OpenURL(address) // the address stands above
		}
	})
	m.onClose = cancel
}
