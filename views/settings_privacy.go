package views

import (
	"context"
	"io"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"

	"guichet/app"
	"guichet/data"
)

// settingsPrivacy are the delays of retention, the purge of what is past them,
// and what is done for one person: handing out and erasing their data.
type settingsPrivacy struct {
	p       *settingsForm
	delays  map[data.RetentionKind]*entry
	plan    app.PurgePlan
	due     *table[app.PurgeLine]
	look    *button
	purge   *button
	search  *entry
	people  *table[data.Person]
	handOut *button
	erase   *button
}

// newSettingsPrivacy is the page of personal data.
func newSettingsPrivacy(s *settings) *settingsForm {
	p := newSettingsForm(s, "privacy")
	v := &settingsPrivacy{p: p, delays: map[data.RetentionKind]*entry{}}
	p.fill, p.typed = v.fill, v.typed
	v.look = newIconButton(lang.L("Voir ce qui est périmé"), theme.SearchIcon(), v.onLook)
	v.purge = newIconButton(lang.L("Purger…"), theme.DeleteIcon(), v.onPurge)
	v.handOut = newIconButton(lang.L("Remettre ses données…"), theme.DocumentSaveIcon(), v.onHandOut)
	v.erase = newIconButton(lang.L("Effacer…"), theme.DeleteIcon(), v.onErase)
	v.due = newTable(s.f.w, "donnees-echues", func(l app.PurgeLine) int64 { return int64(v.lineOf(l.Kind)) + 1 },
		column[app.PurgeLine]{title: lang.L("Quoi"), width: 210, text: func(l app.PurgeLine) string { return word(l.Kind) }},
		column[app.PurgeLine]{title: lang.L("Avant le"), width: 110, text: func(l app.PurgeLine) string { return day(l.Before) }},
		column[app.PurgeLine]{title: lang.L("Nombre"), width: 80, right: true, text: func(l app.PurgeLine) string { return number(l.Count) }, bold: func(l app.PurgeLine) bool { return l.Count > 0 }},
		column[app.PurgeLine]{title: lang.L("Dont"), width: 200, grow: 1, text: func(l app.PurgeLine) string { return strings.Join(l.Examples, ", ") }},
	)
	v.due.setEmpty(lang.L("Rien n’est effacé sans avoir été montré."), nil)
	v.search = newEntry(s.f.w)
	v.search.PlaceHolder = lang.L("nom, adresse électronique ou identifiant")
	v.search.OnChanged = func(string) { s.f.scope.later("people", typingRest, v.find) }
	v.people = newTable(s.f.w, "personnes", personID,
		column[data.Person]{title: lang.L("Personne"), width: 170, grow: 1, text: func(p data.Person) string { return p.Name }},
		column[data.Person]{title: lang.L("Sous"), width: 230, grow: 1, text: personUnder},
		column[data.Person]{title: lang.L("Comptes"), width: 80, right: true, text: func(p data.Person) string { return number(p.Accounts) }},
		column[data.Person]{title: lang.L("Demandes"), width: 90, right: true, text: func(p data.Person) string { return number(p.Tickets) }},
	)
	v.people.setEmpty(lang.L("Cherchez la personne qui demande ses données, ou leur effacement."), nil)
	v.people.onSelected = func(data.Person) { v.enable() }
	v.due.show(nil)
	v.people.show(nil)
	v.enable()
	p.box = p.layOut(lang.L("Vie privée"), "", v.content())
	return p
}

// personID tells people apart in a list.
func personID(p data.Person) int64 {
	if p.RepresentativeID != 0 {
		return -p.RepresentativeID
	}
	id := int64(1)
	for _, b := range []byte(p.Email) {
		id = id*131 + int64(b)
	}
	return id&(1<<62-1) + 1
}

// personUnder says what a person's data goes by.
func personUnder(p data.Person) string {
	switch {
	case p.RepresentativeID == 0:
		return p.Email
	case p.InOffice:
		return lang.L("Représentant légal en fonction, {{.Organisation}}", map[string]any{"Organisation": p.Organisation})
	}
	return lang.L("Ancien représentant légal, {{.Organisation}}", map[string]any{"Organisation": p.Organisation})
}

func (v *settingsPrivacy) content() fyne.CanvasObject {
	var fields []fyne.CanvasObject
	for _, kind := range data.RetentionKinds {
		field := fyne.CanvasObject(nil)
		v.delays[kind], field = v.p.text("retention_"+string(kind), word(kind)+" *")
		fields = append(fields, field)
	}
	return container.New(layout.NewCustomPaddedVBoxLayout(14),
		section(lang.L("Conservation, en mois"), columns(3, fields...),
			caption(lang.L("À compter de la clôture, de la fin de la lettre, de l’inscription, de la désactivation, de l’entrée du journal. Un compte effacé garde son identifiant, qui n’est plus jamais redonné."))),
		section(lang.L("Purge"), container.NewHBox(v.look, v.purge), container.New(atLeastHeight(170), v.due.content)),
		section(lang.L("Une personne"), v.search, container.New(atLeastHeight(140), v.people.content), container.NewHBox(v.handOut, v.erase)),
	)
}

func (v *settingsPrivacy) lineOf(kind data.RetentionKind) int {
	for i, known := range data.RetentionKinds {
		if known == kind {
			return i
		}
	}
	return -1
}

func (v *settingsPrivacy) fill(r registerSettings) {
	for kind, e := range v.delays {
		e.SetText(strconv.Itoa(r.Retention.Months(kind)))
	}
}

func (v *settingsPrivacy) typed(r registerSettings) (registerSettings, error) {
	months := func(kind data.RetentionKind) int { return wholeNumber(v.delays[kind].Text) }
	r.Retention = data.Retention{
		Tickets: months(data.KeptTickets), Letters: months(data.KeptLetters), Registrations: months(data.KeptRegistrations),
		Audit: months(data.KeptAudit), Accounts: months(data.KeptAccounts),
	}
	return r, nil
}

func (v *settingsPrivacy) enable() {
	setEnabled(v.purge, v.plan.Count() > 0)
	person, ok := v.people.current()
	setEnabled(v.handOut, ok)
	setEnabled(v.erase, ok && !person.InOffice)
}

func (v *settingsPrivacy) onLook() {
	f := v.p.s.f
	start(f.scope, "plan", v.look, f.guichet.PlanPurge, func(plan app.PurgePlan, err error) {
		if err != nil {
			f.notice.fail(err, nil)
			return
		}
		v.show(plan)
		if plan.Count() == 0 {
			f.notice.done(lang.L("Rien n’est périmé"))
		}
	})
}

func (v *settingsPrivacy) show(plan app.PurgePlan) {
	v.plan = plan
	v.due.show(plan.Lines)
	v.enable()
}

func (v *settingsPrivacy) onPurge() {
	f, plan := v.p.s.f, v.plan
	content := paragraph(lang.N("{{.PluralCount}} éléments sont effacés pour de bon : ceux de la liste, et rien d’autre. Les sauvegardes les gardent jusqu’à leur rotation.", plan.Count(), map[string]any{"PluralCount": number(plan.Count())}))
	f.w.openDialog(lang.L("Purger ce qui est périmé"), lang.L("Purger"), true, 460, content, func(*modal) {
		f.w.closeDialog()
		long(f, lang.L("Purge"), v.look, func(ctx context.Context, report progress) (map[data.RetentionKind]int, error) {
			return f.guichet.Purge(ctx, plan, report)
		}, func(_ map[data.RetentionKind]int, err error) {
			v.onLook()
			if err != nil {
				f.notice.fail(err, nil)
				return
			}
			f.changed(lang.L("Ce qui était périmé est effacé"))
		})
		v.purge.Disable()
	})
}

func (v *settingsPrivacy) find() {
	f, text := v.p.s.f, v.search.Text
	load(f, "people", func(ctx context.Context) ([]data.Person, error) { return f.guichet.FindPeople(ctx, text) }, func(found []data.Person) {
		v.people.show(found)
		if _, ok := v.people.current(); !ok && len(found) > 0 {
			v.people.choose(0)
		}
		v.enable()
	})
}

func (v *settingsPrivacy) onHandOut() {
	person, ok := v.people.current()
	if !ok {
		return
	}
	f := v.p.s.f
	f.saveFile("donnees-"+fileName(person.Name)+".zip", func(ctx context.Context, _ string, w io.Writer) error {
		return f.guichet.PersonalData(ctx, person, w)
	})
}

func (v *settingsPrivacy) onErase() {
	person, ok := v.people.current()
	if !ok || v.erase.Disabled() {
		return
	}
	f := v.p.s.f
	content := container.NewVBox(paragraph(person.Name+" · "+personUnder(person)),
		paragraph(lang.L("Ses comptes se ferment et gardent leur identifiant seul ; ses demandes gardent leur numéro et leurs dates. Rien ne revient. Les courriels restent dans la boîte aux lettres, et les données dans les sauvegardes jusqu’à leur rotation.")))
	f.w.openDialog(lang.L("Effacer les données d’une personne"), lang.L("Effacer"), true, 480, content, func(m *modal) {
		act(f.scope, m.button, func(ctx context.Context) error { return f.guichet.ErasePerson(ctx, person) }, func(err error) {
			if err != nil {
				m.fail(err, nil)
				return
			}
			f.w.closeDialog()
			v.find()
			f.changed(lang.L("Les données de cette personne sont effacées"))
		})
	})
}
