package views

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"

	"guichet/app"
)

// sharing says where the register is, and leads to a shared one or back.
func (s *settings) sharing() fyne.CanvasObject {
	w := s.f.w
	if s.f.guichet.Shared() {
		back := newButton(lang.L("Revenir à un registre de ce poste…"), w.leaveSharing)
		return section(lang.L("Registre partagé"), caption(app.RegisterLabel(w.register)), container.NewHBox(back))
	}
	share := newIconButton(lang.L("Registre partagé…"), theme.StorageIcon(), s.openSharing)
	return section(lang.L("Registre partagé"),
		caption(lang.L("Plusieurs postes travaillent sur un même registre, dans une base PostgreSQL. Ce registre-ci reste dans son fichier.")), container.NewHBox(share))
}

// leaveSharing asks, and then has this workstation use a register of its own.
func (w *Window) leaveSharing() {
	content := paragraph(lang.L("Ce poste ouvrira son propre registre, où les demandes et les lettres du registre partagé ne sont pas. Celui-ci reste aux autres postes."))
	m := w.openDialog(lang.L("Quitter le registre partagé"), lang.L("Revenir à un registre de ce poste"), false, 480, content, func(m *modal) {
		if err := app.SetDefaultRegister(""); err != nil {
			m.fail(err, nil)
			return
		}
		w.changeRegister(app.DefaultPath())
	})
	m.help = "workstations"
}

// openSharing asks for the shared register that this workstation is to use.
func (s *settings) openSharing() {
	w := s.f.w
	fields, address, password := newForm(), newEntry(w), newPasswordEntry(w)
	address.PlaceHolder = "postgres://guichet@serveur.exemple.fr/guichet"
	content := container.NewVBox(
		fields.add("address", lang.L("Adresse *"), address), fields.add("password", lang.L("Mot de passe"), password),
		caption(lang.L("Le certificat du serveur est vérifié. Le mot de passe reste sur ce poste, dans son trousseau. « guichet migrate-register » y porte d’abord un registre existant.")))
	m := w.openDialog(lang.L("Utiliser un registre partagé"), lang.L("Ouvrir ce registre"), false, 480, content, func(m *modal) {
		to := strings.TrimSpace(address.Text)
		start(s.f.scope, "", m.button, func(ctx context.Context) (bool, error) { return app.UseShared(ctx, to, password.Text, w.options) },
			func(_ bool, err error) {
				if err != nil {
					m.fail(err, fields)
					return
				}
				w.changeRegister(to)
			})
	})
	m.help = "workstations"
	fields.focus(w, "address")
}

// changeRegister closes the session and its register, and opens another.
func (w *Window) changeRegister(register string) {
	w.endSession()
	if err := w.closeRegister(); err != nil {
		w.said = err
	}
	w.openRegister(register)
}
