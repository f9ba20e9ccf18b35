package views

import (
	"context"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"guichet/app"
	"guichet/data"
)

// settingsOperators is the page of who signs in, with which roles.
type settingsOperators struct {
	f       *frame
	table   *table[data.Operator]
	edit    *button
	reset   *button
	disable *button
	history *button
	box     fyne.CanvasObject
}

func newSettingsOperators(s *settings) *settingsOperators {
	v := &settingsOperators{f: s.f}
	v.table = newTable(v.f.w, "operateurs", func(o data.Operator) int64 { return o.ID },
		column[data.Operator]{title: lang.L("Nom"), width: 130, grow: 1, text: func(o data.Operator) string { return o.Name }},
		column[data.Operator]{title: lang.L("Nom d’utilisateur"), width: 120, text: func(o data.Operator) string { return o.Login }},
		column[data.Operator]{title: lang.L("Rôles"), width: 190, grow: 2, text: roleNames},
		column[data.Operator]{
			title: lang.L("Dernière session"), width: 130, text: func(o data.Operator) string { return moment(o.LastSignInAt, v.f.guichet.Now()) },
			less: func(a, b data.Operator) int { return a.LastSignInAt.Compare(b.LastSignInAt) },
		},
		column[data.Operator]{title: lang.L("État"), width: 150, text: operatorState, icon: operatorIcon},
	)
	v.table.onSelected = func(data.Operator) { v.showActs() }
	v.table.onOpened = func(o data.Operator) { v.openForm(o) }
	add := newIconButton(lang.L("Nouvel opérateur…"), theme.ContentAddIcon(), func() { v.openForm(data.Operator{}) })
	add.Importance = widget.HighImportance
	v.edit = newIconButton(lang.L("Modifier…"), theme.DocumentCreateIcon(), func() { v.with(v.openForm) })
	v.reset = newButton(lang.L("Nouveau mot de passe…"), func() { v.with(v.openReset) })
	v.disable = newButton("", func() { v.with(v.onDisable) })
	v.history = newButton(lang.L("Historique…"), func() { v.with(func(o data.Operator) { v.f.openHistory(o.Name, "operator", o.ID) }) })
	top := container.NewVBox(container.NewBorder(nil, nil, nil, container.NewHBox(add), heading(lang.L("Opérateurs"))),
		caption(lang.L("Chacun travaille sous son nom : le journal le dit. Un opérateur qui part se désactive ; ce qu’il a fait reste à son nom.")))
	v.box = padded(8, container.NewBorder(top, container.NewHBox(v.edit, v.reset, v.disable, v.history), nil, nil, v.table.content))
	v.showActs()
	return v
}

func roleNames(o data.Operator) string {
	names := make([]string, len(o.Roles))
	for i, role := range o.Roles {
		names[i] = word(role)
	}
	return strings.Join(names, ", ")
}

func operatorState(o data.Operator) string {
	switch {
	case !o.Enabled():
		return lang.L("Désactivé")
	case o.MustChange:
		return lang.L("Mot de passe à choisir")
	}
	return lang.L("Actif")
}

func operatorIcon(o data.Operator) (fyne.Resource, fyne.ThemeColorName) {
	switch {
	case !o.Enabled():
		return theme.CancelIcon(), theme.ColorNameDisabled
	case o.MustChange:
		return theme.HistoryIcon(), theme.ColorNameWarning
	}
	return theme.ConfirmIcon(), theme.ColorNameSuccess
}

func (v *settingsOperators) content() fyne.CanvasObject { return v.box }
func (v *settingsOperators) changed() bool              { return false }
func (v *settingsOperators) mainAct()                   { v.openForm(data.Operator{}) }

func (v *settingsOperators) reload() {
	load(v.f, "operators", v.f.guichet.Operators, func(found []data.Operator) {
		v.table.show(found)
		if _, ok := v.table.current(); !ok {
			v.table.choose(0)
		}
		v.showActs()
	})
}

func (v *settingsOperators) with(do func(data.Operator)) {
	if o, ok := v.table.current(); ok {
		do(o)
	}
}

func (v *settingsOperators) showActs() {
	o, ok := v.table.current()
	for _, button := range []*button{v.edit, v.reset, v.disable, v.history} {
		setEnabled(button, ok)
	}
	v.disable.SetText(lang.L("Désactiver"))
	if ok && !o.Enabled() {
		v.disable.SetText(lang.L("Réactiver"))
	}
}

// openForm opens the form of an operator, new when it has no id.
func (v *settingsOperators) openForm(o data.Operator) {
	fields, login, name := newForm(), newEntry(v.f.w), newEntry(v.f.w)
	name.Text = o.Name
	roles := map[data.Role]*widget.Check{}
	choices := container.NewVBox()
	for _, role := range data.Roles {
		roles[role] = widget.NewCheck(labelled(word(role))+roleMeans(role), nil)
		roles[role].SetChecked(slices.Contains(o.Roles, role))
		choices.Add(roles[role])
	}
	var password *entry
	content := container.NewVBox()
	title, verb, first := o.Name, lang.L("Enregistrer"), "name"
	if o.ID == 0 {
		title, verb, first = lang.L("Nouvel opérateur"), lang.L("Créer l’opérateur"), "login"
		content.Add(fields.add("login", lang.L("Nom d’utilisateur *"), login))
	}
	content.Add(fields.add("name", lang.L("Nom affiché *"), name))
	content.Add(fields.add("roles", lang.L("Rôles *"), choices))
	if o.ID == 0 {
		var box fyne.CanvasObject
		password, box = v.passwordField(fields)
		content.Add(box)
	}
	v.f.w.openDialog(title, verb, false, 430, content, func(m *modal) {
		in := app.NewOperator{Login: login.Text, Name: name.Text, MustChange: true}
		for _, role := range data.Roles {
			if roles[role].Checked {
				in.Roles = append(in.Roles, role)
			}
		}
		if password != nil {
			in.Password = password.Text
		}
		act(v.f.scope, m.button, func(ctx context.Context) error {
			if o.ID != 0 {
				return v.f.guichet.UpdateOperator(ctx, o, data.Operator{Name: in.Name, Roles: in.Roles})
			}
			_, err := v.f.guichet.CreateOperator(ctx, in)
			return err
		}, v.done(m, fields, lang.L("Opérateur enregistré")))
	})
	fields.focus(v.f.w, first)
}

// done closes a dialog whose act succeeded.
func (v *settingsOperators) done(m *modal, fields *form, text string) func(error) {
	return func(err error) {
		if err != nil {
			m.fail(err, fields)
			return
		}
		v.f.w.closeDialog()
		v.f.changed(text)
	}
}

// roleMeans says what a role is for.
func roleMeans(role data.Role) string {
	switch role {
	case data.MailRoom:
		return lang.L("composer, imprimer, poster, noter les retours")
	case data.HelpDesk:
		return lang.L("demandes, codes, inscriptions")
	case data.Administrator:
		return lang.L("registre, réglages, opérateurs, journal")
	}
	return lang.L("tout voir, ne rien changer")
}

// passwordField asks for a password that its operator will change, and proposes
// one; it can be read, to be told to them.
func (v *settingsOperators) passwordField(fields *form) (*entry, fyne.CanvasObject) {
	password := newEntry(v.f.w)
	propose := newIconButton(lang.L("En proposer un autre"), theme.ViewRefreshIcon(), func() {
		proposed, err := v.f.guichet.ProposePassword()
		if err != nil {
			v.f.notice.fail(err, nil)
			return
		}
		password.SetText(proposed)
	})
	propose.OnTapped()
	return password, container.NewVBox(
		fields.add("password", lang.L("Mot de passe provisoire *"), password),
		container.NewBorder(nil, nil, nil, propose, caption(lang.L("Dites-le à l’opérateur : il choisira le sien à sa première session."))))
}

func (v *settingsOperators) openReset(o data.Operator) {
	fields := newForm()
	password, box := v.passwordField(fields)
	content := container.NewVBox(paragraph(lang.L("Les sessions de {{.Name}} se ferment, et les essais manqués sont oubliés.", map[string]any{"Name": o.Name})), box)
	v.f.w.openDialog(lang.L("Nouveau mot de passe"), lang.L("Fixer le mot de passe"), false, 430, content, func(m *modal) {
		act(v.f.scope, m.button, func(ctx context.Context) error { return v.f.guichet.ResetOperator(ctx, o, password.Text) },
			v.done(m, fields, lang.L("{{.Name}} choisira son mot de passe à sa prochaine session", map[string]any{"Name": o.Name})))
	})
	fields.focus(v.f.w, "password")
}

func (v *settingsOperators) onDisable(o data.Operator) {
	change, text := v.f.guichet.DisableOperator, lang.L("{{.Name}} ne peut plus ouvrir de session", map[string]any{"Name": o.Name})
	if !o.Enabled() {
		change, text = v.f.guichet.EnableOperator, lang.L("{{.Name}} peut de nouveau ouvrir une session", map[string]any{"Name": o.Name})
	}
	act(v.f.scope, v.disable, func(ctx context.Context) error { return change(ctx, o) }, func(err error) {
		if err != nil {
			v.f.notice.fail(err, nil)
			return
		}
		v.f.changed(text)
	})
}

func (v *settingsOperators) keys() []keyGroup {
	return []keyGroup{v.table.keyGroup(lang.L("Dans la liste"))}
}
