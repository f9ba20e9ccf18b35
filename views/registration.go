package views

import (
	"context"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"guichet/app"
	"guichet/data"
)

// registration is the form that registers a person with an organisation.
type registration struct {
	o          *organisations
	f          *frame
	target     app.OrganisationRecord
	form       *form
	role       *widget.RadioGroup
	civility   *widget.Select
	first      *entry
	last       *entry
	email      *entry
	phone      *entry
	password   *entry
	terms      *widget.Check
	identifier *widget.Label
	advice     *prose
	rules      []*rule
	button     *button
	missing    *prose
}

// rule is a condition of the password that ticks off as one types.
type rule struct {
	icon *widget.Icon
	text *prose
	met  func(string) bool
}

func newRegistration(o *organisations, organisation app.OrganisationRecord) *registration {
	r := &registration{o: o, f: o.f, target: organisation, form: newForm(), identifier: mono(""), advice: caption(""), missing: caption("")}
	r.role = widget.NewRadioGroup([]string{lang.L("Utilisateur"), lang.L("Administrateur")}, func(string) { r.onTyped() })
	r.role.Horizontal, r.role.Required = true, true
	r.role.Selected = lang.L("Utilisateur")
	if organisation.Administrator.ID == 0 {
		r.role.Selected = lang.L("Administrateur")
	}
	r.civility = newCivility()
	r.first, r.last, r.email, r.phone = newEntry(r.f.w), newEntry(r.f.w), newEntry(r.f.w), newEntry(r.f.w)
	r.password = newPasswordEntry(r.f.w)
	for _, e := range []*entry{r.email, r.phone, r.password} {
		e.OnChanged = func(string) { r.onTyped() }
	}
	for _, e := range []*entry{r.first, r.last} {
		e.OnChanged = func(string) {
			r.onTyped()
			r.f.scope.later("identifier", 150*time.Millisecond, r.preview)
		}
	}
	r.terms = widget.NewCheck(lang.L("La personne accepte les conditions d’utilisation *"), func(bool) { r.onTyped() })
	for _, condition := range data.PasswordRules {
		r.rules = append(r.rules, &rule{widget.NewIcon(nil), caption(say(condition.Label, nil)), condition.Met})
	}
	r.identifier.TextStyle.Bold = true
	r.button = newIconButton(lang.L("Valider"), theme.ConfirmIcon(), r.onValidate)
	r.button.Importance = widget.HighImportance
	r.onTyped()
	r.preview()
	return r
}

func (r *registration) content() fyne.CanvasObject {
	back := newIconButton(lang.L("Annuaire"), theme.NavigateBackIcon(), r.o.leaveForm)
	back.Importance = widget.LowImportance
	top := container.NewVBox(container.NewHBox(back), heading(lang.L("Nouvelle inscription")), line(r.target.Name))
	left := container.NewVBox(
		subheading(lang.L("Personne")),
		r.form.add("role", lang.L("S’inscrit comme *"), r.role),
		r.form.add("civility", lang.L("Civilité"), r.civility),
		columns(2, r.form.add("first_name", lang.L("Prénom *"), r.first), r.form.add("last_name", lang.L("Nom de famille *"), r.last)),
		columns(2, r.form.add("email", lang.L("Adresse électronique *"), r.email), r.form.add("phone", lang.L("Téléphone"), r.phone)),
	)
	rules := container.New(layout.NewCustomPaddedVBoxLayout(-8))
	for _, rule := range r.rules {
		rules.Add(container.NewBorder(nil, nil, container.NewPadded(rule.icon), nil, rule.text))
	}
	right := container.NewVBox(
		subheading(lang.L("Compte")),
		caption(lang.L("Identifiant")),
		container.NewStack(newFill(colorCard, 4), newOutline(4), padded(2, container.NewVBox(r.identifier, r.advice))),
		r.form.add("password", lang.L("Mot de passe *"), r.password),
		rules,
		caption(lang.L("Cette règle du portail reste en dessous de ce que recommande la CNIL (délibération 2022-100) : conseillez un mot de passe plus long.")),
	)
	foot := container.NewVBox(widget.NewSeparator(), r.form.add("terms", "", r.terms), container.NewHBox(r.button), r.missing)
	body := container.NewVBox(columns(2, left, right), foot)
	r.form.root = body
	return padded(12, container.NewBorder(top, nil, nil, nil, container.NewVScroll(container.New(atMost(980), body))))
}

// changed tells whether something is typed.
func (r *registration) changed() bool {
	return r.first.Text+r.last.Text+r.email.Text+r.phone.Text+r.password.Text != ""
}

func (r *registration) mainAct() { r.onValidate() }

func (r *registration) focus() { r.f.w.window.Canvas().Focus(r.first) }

func (r *registration) read() app.Registration {
	return app.Registration{
		OrganisationID: r.target.Organisation.ID, Administrator: r.role.Selected == lang.L("Administrateur"),
		Civility:  chosenCivility(r.civility),
		FirstName: r.first.Text, LastName: r.last.Text, Email: r.email.Text, Phone: strings.TrimSpace(r.phone.Text),
		Password: r.password.Text, TermsAccepted: r.terms.Checked,
	}
}

// onTyped ticks off the password's rules, and says what is missing.
func (r *registration) onTyped() {
	for _, rule := range r.rules {
		icon, color := theme.RadioButtonIcon(), theme.ColorNameDisabled
		if rule.met(r.password.Text) {
			icon, color = theme.ConfirmIcon(), theme.ColorNameSuccess
		}
		rule.icon.SetResource(stateIcon(icon, color))
	}
	missing := r.missingFields()
	setEnabled(r.button, len(missing) == 0)
	r.missing.SetText("")
	if len(missing) > 0 {
		r.missing.SetText(lang.L("Il manque : {{.Fields}}", map[string]any{"Fields": strings.Join(missing, ", ")}))
	}
}

// missingFields names, in the form's order, the fields that are not yet right.
func (r *registration) missingFields() []string {
	names := map[string]string{
		"organisation": lang.L("l’organisation"), "first_name": lang.L("le prénom"), "last_name": lang.L("le nom"),
		"email": lang.L("l’adresse électronique"), "password": lang.L("un mot de passe selon les règles"),
		"terms": lang.L("l’accord sur les conditions d’utilisation"),
	}
	var missing []string
	seen := map[string]bool{}
	for _, problem := range app.ProblemsOf(r.read().Check()) {
		if !seen[problem.Field] {
			seen[problem.Field] = true
			missing = append(missing, names[problem.Field])
		}
	}
	return missing
}

// preview shows the identifier that the name would get, and what is advised.
func (r *registration) preview() {
	first, last := r.first.Text, r.last.Text
	if strings.TrimSpace(first) == "" || strings.TrimSpace(last) == "" {
		r.showPreview(app.IdentifierPreview{}, nil)
		return
	}
	start(r.f.scope, "identifier", nil, func(ctx context.Context) (app.IdentifierPreview, error) {
		return r.f.guichet.PreviewIdentifier(ctx, first, last)
	}, r.showPreview)
}

func (r *registration) showPreview(p app.IdentifierPreview, err error) {
	switch {
	case err != nil:
		r.identifier.SetText("—")
		r.advice.SetText(message(err))
	case p.Identifier == "":
		r.identifier.SetText("—")
		r.advice.SetText(lang.L("Il se forme du prénom et du nom."))
	case p.Simpler != "":
		r.identifier.SetText(p.Identifier + " · " + r.target.Name)
		r.advice.SetText(lang.L("Nom composé : avec un seul prénom et un seul nom, ce serait {{.Simpler}}.", map[string]any{"Simpler": p.Simpler}))
	default:
		r.identifier.SetText(p.Identifier + " · " + r.target.Name)
		r.advice.SetText(lang.L("L’identifiant ne changera plus, même si le nom change."))
	}
}

func (r *registration) onValidate() {
	if r.button.Disabled() {
		return
	}
	in := r.read()
	start(r.f.scope, "", r.button, func(ctx context.Context) (app.Registered, error) { return r.f.guichet.Register(ctx, in) },
		func(made app.Registered, err error) {
			if err != nil {
				r.f.notice.fail(err, r.form)
				return
			}
			r.o.wanted = r.target.Organisation.ID
			r.o.closeForm()
			r.o.record.tabs.SelectIndex(2)
			r.f.refreshCounts()
			r.f.notice.done(lang.L("{{.Identifier}} est inscrit : la lettre {{.Reference}} est en file, le courriel d’activation part vers {{.Email}}", map[string]any{
				"Identifier": made.Account.Identifier, "Reference": made.Reference, "Email": made.Account.Email,
			}))
		})
}

func (r *registration) help() string { return "registration" }
