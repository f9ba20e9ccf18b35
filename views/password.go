package views

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/widget"

	"guichet/app"
	"guichet/data"
)

// newPassword asks for a password twice.
type newPassword struct {
	fields          *form
	password, again *entry
}

func newNewPassword(w *Window) *newPassword {
	return &newPassword{fields: newForm(), password: newPasswordEntry(w), again: newPasswordEntry(w)}
}

func (n *newPassword) content() fyne.CanvasObject {
	return container.NewVBox(
		n.fields.add("password", lang.L("Nouveau mot de passe *"), n.password),
		caption(lang.L("14 caractères au moins, ou 12 avec minuscule, majuscule, chiffre et signe")),
		n.fields.add("again", lang.L("Encore une fois *"), n.again))
}

// check tells whether both are the same.
func (n *newPassword) check() error {
	if n.password.Text != n.again.Text {
		return data.Problems{{Field: "again", Message: "Les deux saisies diffèrent"}}
	}
	return nil
}

// showNewPassword asks an operator whose password somebody else set for one of
// their own, before anything else.
func (w *Window) showNewPassword(signed app.SignedIn, former string) {
	asked := newNewPassword(w)
	said := newNotice()
	button := newButton(lang.L("Continuer"), nil)
	button.Importance = widget.HighImportance
	button.OnTapped = func() {
		password := asked.password.Text
		start(w.root, "sign-in", button, func(ctx context.Context) (data.Operator, error) {
			if err := asked.check(); err != nil {
				return signed.Operator, err
			}
			return w.guichet.ChangePassword(app.As(ctx, signed.Operator), former, password)
		}, func(operator data.Operator, err error) {
			if err != nil {
				said.fail(err, asked.fields)
				return
			}
			signed.Operator = operator
			w.signedIn(signed, password)
		})
	}
	asked.again.OnSubmitted = func(string) { button.OnTapped() }
	asked.password.OnSubmitted = func(string) { w.window.Canvas().Focus(asked.again) }
	box := container.NewVBox(heading("Guichet"),
		paragraph(lang.L("Bonjour {{.Name}}. Votre mot de passe a été fixé par quelqu’un d’autre : choisissez le vôtre.", map[string]any{"Name": signed.Name})),
		asked.content(), said.content(), widget.NewLabel(""), button)
	asked.fields.root = box
	w.setContent(entranceCard(box))
	w.window.Canvas().Focus(asked.password)
}

// openPasswordForm lets the operator change their own password.
func (f *frame) openPasswordForm() {
	asked := newNewPassword(f.w)
	former := newPasswordEntry(f.w)
	content := container.NewVBox(asked.fields.add("former", lang.L("Mot de passe actuel *"), former), asked.content())
	f.w.openDialog(lang.L("Changer mon mot de passe"), lang.L("Changer"), false, 380, content, func(m *modal) {
		start(f.scope, "", m.button, func(ctx context.Context) (data.Operator, error) {
			if err := asked.check(); err != nil {
				return f.operator, err
			}
			return f.guichet.ChangePassword(ctx, former.Text, asked.password.Text)
		}, func(_ data.Operator, err error) {
			if err != nil {
				m.fail(err, asked.fields)
				return
			}
			f.w.closeDialog()
			f.notice.done(lang.L("Votre mot de passe est changé"))
		})
	})
	asked.fields.focus(f.w, "former")
}
