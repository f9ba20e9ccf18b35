package views

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"guichet/app"
	"guichet/data"
)

// settingsSmarthost are the fields of the server that sends mail.
type settingsSmarthost struct {
	p       *settingsForm
	account *mailAccountFields
	from    *entry
	test    *button
	found   *prose
}

func newSettingsSmarthost(s *settings) *settingsForm {
	p := newSettingsForm(s, "smarthost")
	v := &settingsSmarthost{p: p, found: paragraph("")}
	v.account = newMailAccountFields(p, "smarthost", func() string { return app.SmarthostPassword })
	v.test = newIconButton(lang.L("Tester"), theme.MailSendIcon(), v.onTest)
	p.fill, p.typed = v.fill, v.typed
	var from fyne.CanvasObject
	v.from, from = p.text("smarthost.from", lang.L("Adresse d’expédition"))
	p.box = p.layOut(lang.L("Serveur d’envoi"), lang.L("Le serveur SMTP par lequel partent les réponses, les accusés de réception et les liens d’activation."),
		container.New(atMost(760), container.NewVBox(v.account.content(columns(2, from, widget.NewLabel(""))), container.NewBorder(nil, nil, v.test, nil, v.found))))
	return p
}

func (v *settingsSmarthost) fill(r registerSettings) {
	s := r.Smarthost
	v.account.fill(s.Host, s.Port, s.Security, s.User, s.Auth, s.OAuth, s.CertificateFile)
	v.from.SetText(s.From)
}

func (v *settingsSmarthost) typed(r registerSettings) (registerSettings, error) {
	a := v.account
	auth := a.chosenAuth()
	if auth == data.PasswordAuth {
		auth = r.Smarthost.Auth // the zero value means the same
		if auth.OAuth() {
			auth = data.PasswordAuth
		}
	}
	r.Smarthost = data.SmarthostSettings{
		Host: strings.TrimSpace(a.host.Text), Port: wholeNumber(a.port.Text), Security: chosenOf(a.security, "starttls"), User: strings.TrimSpace(a.user.Text),
		Auth: auth, OAuth: a.typedOAuth(), From: strings.TrimSpace(v.from.Text), CertificateFile: strings.TrimSpace(a.certificate.Text),
	}
	return r, nil
}

func (v *settingsSmarthost) onTest() {
	f := v.p.s.f
	after, err := v.typed(v.p.known)
	if err != nil {
		f.notice.fail(err, nil)
		return
	}
	v.found.SetText(lang.L("Connexion…"))
	act(f.scope, v.test, func(ctx context.Context) error { return f.guichet.CheckSmarthost(ctx, after.Settings) }, func(err error) {
		v.found.Importance = widget.SuccessImportance
		v.found.SetText(lang.L("Un courriel d’essai est parti vers {{.Address}} : vérifiez qu’il arrive.", map[string]any{"Address": after.Smarthost.From}))
		if err != nil {
			v.found.Importance = widget.DangerImportance
			v.found.SetText(message(err))
		}
		v.p.fit()
	})
}
