package views

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"guichet/app"
	"guichet/data"
)

// account is the page of one account: what it is, why it is or is not usable,
// the person's other accounts, and its timeline. It takes the place of its
// organisation's record until one goes back.
type account struct {
	r       *organisation
	f       *frame
	opened  data.Account // as it was when its page opened
	shown   app.AccountRecord
	body    *fyne.Container
	history *table[data.AuditEntry]
}

func newAccount(r *organisation, opened data.Account) *account {
	return &account{r: r, opened: opened, f: r.f, body: container.New(layout.NewCustomPaddedVBoxLayout(4)), history: newHistory(r.f)}
}

func (a *account) content() fyne.CanvasObject {
	return container.New(upper{0.52}, container.NewVScroll(a.body), container.NewBorder(subheading(lang.L("Chronologie")), nil, nil, nil, a.history.content))
}

// upper lays two objects out under each other, the first taking its share.
type upper struct{ first float32 }

func (u upper) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(objects[1].MinSize().Width, objects[0].MinSize().Height+objects[1].MinSize().Height)
}

func (u upper) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	first := size.Height * u.first
	objects[0].Resize(fyne.NewSize(size.Width, first))
	objects[1].Move(fyne.NewPos(0, first))
	objects[1].Resize(fyne.NewSize(size.Width, size.Height-first))
}

func (a *account) reload() {
	start(a.f.scope, "account", nil, func(ctx context.Context) (app.AccountRecord, error) { return a.f.guichet.Account(ctx, a.opened.ID) },
		func(found app.AccountRecord, err error) {
			if err != nil {
				a.f.notice.fail(err, nil)
				return
			}
			a.show(found)
		})
}

func (a *account) show(found app.AccountRecord) {
	a.shown = found
	now := a.f.guichet.Now()
	back := newIconButton(found.Organisation.Name, theme.NavigateBackIcon(), a.r.closeAccount)
	back.Importance = widget.LowImportance
	role := lang.L("Utilisateur")
	if found.Administrator {
		role = lang.L("Administrateur")
	}
	a.body.Objects = []fyne.CanvasObject{
		container.NewHBox(back),
		heading(found.Account.Name()),
		accountState(found.Account, now),
		a.acts(),
		facts(
			lang.L("Identifiant"), found.Identifier+" · "+found.Organisation.Name, lang.L("Rôle"), role,
			lang.L("Courriel"), dash(found.Email), lang.L("Téléphone"), dash(found.Phone),
			lang.L("Inscrit le"), day(found.RegisteredAt), lang.L("Activé le"), day(found.ActivatedAt),
			lang.L("Validé le"), day(found.ValidatedAt), lang.L("Dernière connexion"), moment(found.LastSignInAt, now),
			lang.L("Utilise"), dash(serviceNames(found.Permissions)),
		),
	}
	if len(found.Others) > 0 {
		a.body.Add(subheading(lang.L("Autres comptes de cette personne")))
		for _, other := range found.Others {
			a.body.Add(a.otherLine(other))
		}
	}
	a.body.Refresh()
	a.history.show(found.History)
}

func serviceNames(services []data.EService) string {
	names := make([]string, len(services))
	for i, service := range services {
		names[i] = service.Name
	}
	return strings.Join(names, ", ")
}

func (a *account) acts() fyne.CanvasObject {
	password := newButton(lang.L("Fixer le mot de passe…"), a.onPassword)
	signedIn := newButton(lang.L("Noter une connexion"), nil)
	signedIn.OnTapped = func() {
		a.f.onAccount(signedIn, func(ctx context.Context) error { return a.f.guichet.RecordSignIn(ctx, a.shown.Identifier) }, lang.L("Connexion notée"))
	}
	setEnabled(signedIn, a.shown.Usable(a.f.guichet.Now()))
	return container.NewHBox(a.f.offer("SetAccountPassword", password), a.f.offer("RecordSignIn", signedIn))
}

// otherLine is another account of the person, beside its organisation (R13).
func (a *account) otherLine(other data.Account) fyne.CanvasObject {
	open := newButton(other.Identifier+" · "+a.shown.OtherOrganisations[other.OrganisationID].Name, func() { a.f.book.openAccount(other) })
	open.Importance, open.Alignment = widget.LowImportance, widget.ButtonAlignLeading
	icon, color := theme.ConfirmIcon(), theme.ColorNameSuccess
	if !other.Usable(a.f.guichet.Now()) {
		icon, color = theme.WarningIcon(), theme.ColorNameWarning
	}
	return container.NewHBox(container.NewPadded(widget.NewIcon(stateIcon(icon, color))), open)
}

// onPassword asks for the account's new password (R9).
func (a *account) onPassword() {
	fields := newForm()
	password := newPasswordEntry(a.f.w)
	content := container.NewVBox(
		caption(lang.L("Au moins 8 caractères, dont un chiffre, une minuscule et une majuscule.")),
		fields.add("password", lang.L("Mot de passe *"), password),
	)
	id := a.shown.Account.ID
	a.f.w.openDialog(lang.L("Mot de passe de {{.Identifier}}", map[string]any{"Identifier": a.shown.Identifier}), lang.L("Fixer"), false, 420, content, func(m *modal) {
		typed := password.Text
		act(a.f.scope, m.button, func(ctx context.Context) error { return a.f.guichet.SetAccountPassword(ctx, id, typed) }, func(err error) {
			if err != nil {
				m.fail(err, fields)
				return
			}
			a.f.w.closeDialog()
			a.f.changed(lang.L("Mot de passe fixé"))
		})
	})
	fields.focus(a.f.w, "password")
}
