package views

import (
	"context"
	"path/filepath"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"guichet/app"
	"guichet/data"
)

// entrance is what the sign-in screen needs to know of the register.
type entrance struct {
	hasOperators bool
	register     string
}

// signIn lets an operator in, or creates the first administrator of a register
// without operators.
type signIn struct {
	w        *Window
	found    entrance
	login    *entry
	name     *entry // of the first administrator
	password *entry
	button   *button
	form     *form
	notice   *notice
}

func newSignIn(w *Window, found entrance) *signIn {
	s := &signIn{w: w, found: found, form: newForm(), notice: newNotice()}
	s.login, s.name, s.password = newEntry(w), newEntry(w), newPasswordEntry(w)
	s.button = newButton(lang.L("Ouvrir la session"), s.onSignIn)
	if !found.hasOperators {
		s.button = newButton(lang.L("Créer l’administrateur"), s.onCreate)
	}
	s.button.Importance = widget.HighImportance
	s.login.OnSubmitted = func(string) { w.window.Canvas().Focus(s.password) }
	s.name.OnSubmitted = s.login.OnSubmitted
	s.password.OnSubmitted = func(string) { s.submit() }
	return s
}

func (s *signIn) submit() {
	if !s.button.Disabled() {
		s.button.OnTapped()
	}
}

func (s *signIn) focus() { s.w.window.Canvas().Focus(s.login) }

func (s *signIn) content() fyne.CanvasObject {
	title := heading("Guichet")
	register := line(s.found.register)
	register.Importance = widget.LowImportance
	box := container.NewVBox(title, register)
	if !s.found.hasOperators {
		box.Add(caption(lang.L("Ce registre est neuf : créez son premier administrateur. Il pourra ensuite créer les autres opérateurs.")))
	}
	box.Add(s.form.add("login", lang.L("Nom d’utilisateur"), s.login))
	if !s.found.hasOperators {
		box.Add(s.form.add("name", lang.L("Nom affiché"), s.name))
	}
	box.Add(s.form.add("password", lang.L("Mot de passe"), s.password))
	if !s.found.hasOperators {
		box.Add(caption(lang.L("14 caractères au moins, ou 12 avec minuscule, majuscule, chiffre et signe")))
	}
	box.Add(s.notice.content())
	box.Add(widget.NewLabel(""))
	box.Add(s.button)
	if !s.found.hasOperators && !app.IsShared(s.w.register) {
		try := newButton(lang.L("Essayer avec le registre de démonstration"), nil)
		try.OnTapped = func() { s.onDemo(try) }
		try.Importance = widget.LowImportance
		box.Add(try)
	}
	if filepath.Base(s.w.register) == demoRegister {
		box.Add(caption(lang.L("Registre de démonstration : session « {{.Login}} », mot de passe « {{.Password}} »", map[string]any{"Login": app.DemoOperator, "Password": app.DemoPassword})))
	}
	box.Add(container.NewHBox(layout.NewSpacer(), s.w.otherLanguage(), s.w.displayButton()))
	s.form.root = box
	return entranceCard(box)
}

func (s *signIn) onSignIn() {
	login, password := s.login.Text, s.password.Text
	s.form.clear()
	start(s.w.root, "sign-in", s.button, func(ctx context.Context) (app.SignedIn, error) {
		return s.w.guichet.SignIn(ctx, login, password)
	}, s.signedIn)
}

func (s *signIn) onCreate() {
	in := app.NewOperator{Login: s.login.Text, Name: s.name.Text, Password: s.password.Text, Roles: data.WorkRoles}
	s.form.clear()
	start(s.w.root, "sign-in", s.button, func(ctx context.Context) (app.SignedIn, error) {
		if _, err := s.w.guichet.CreateOperator(ctx, in); err != nil {
			return app.SignedIn{}, err
		}
		return s.w.guichet.SignIn(ctx, in.Login, in.Password)
	}, func(signed app.SignedIn, err error) {
		if s.signedIn(signed, err); err == nil {
			s.w.frame.openSetup()
		}
	})
}

func (s *signIn) signedIn(signed app.SignedIn, err error) {
	if err != nil {
		s.notice.fail(err, s.form)
		s.w.window.Canvas().Focus(s.password)
		s.password.TypedShortcut(&fyne.ShortcutSelectAll{}) // what is typed next takes its place
		return
	}
	s.w.signedIn(signed, s.password.Text)
}
