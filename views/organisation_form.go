package views

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/widget"

	"guichet/app"
	"guichet/data"
)

// organisationForm is the form of an organisation's identity and address.
type organisationForm struct {
	f      *frame
	before data.Organisation
	fields *form
	kind   *widget.Select
	entry  map[string]*entry
	both   *fyne.Container // what somebody else saved meanwhile
}

// openOrganisationForm opens the form of an organisation, new when it has no
// id, with the caret in a field; saved is called once it is saved.
func openOrganisationForm(f *frame, o data.Organisation, focus string, saved func(data.Organisation)) {
	v := &organisationForm{f: f, before: o, fields: newForm(), entry: map[string]*entry{}}
	title := lang.L("Nouvelle organisation")
	if o.ID != 0 {
		title = o.Name
	}
	content := v.content()
	m := f.w.openDialog(title, lang.L("Enregistrer l’organisation"), false, 640, content, func(m *modal) {
		edited := v.read()
		start(f.scope, "", m.button, func(ctx context.Context) (data.Organisation, error) {
			if edited.ID == 0 {
				return f.guichet.AddOrganisation(ctx, edited, v.representative())
			}
			return edited, f.guichet.EditOrganisation(ctx, v.before, edited)
		}, func(edited data.Organisation, err error) {
			if overtaken, is := app.OvertakenBy[data.Organisation](err); is {
				v.offerBoth(m, overtaken)
				return
			}
			if err != nil {
				m.fail(err, v.fields)
				return
			}
			f.w.closeDialog()
			saved(edited)
		})
	})
	m.guard(v.fields)
	if focus == "" || v.fields.fields[focus] == nil {
		focus = "name"
	}
	v.fields.focus(f.w, focus)
}

func (v *organisationForm) add(name, label, value string) fyne.CanvasObject {
	e := newEntry(v.f.w)
	e.Text = value
	v.entry[name] = e
	return v.fields.add(name, label, e)
}

func (v *organisationForm) content() fyne.CanvasObject {
	o := v.before
	var kinds []string
	chosen := 0
	for i, kind := range data.OrganisationKinds {
		kinds = append(kinds, word(kind))
		if kind == o.Kind {
			chosen = i
		}
	}
	v.kind = widget.NewSelect(kinds, nil)
	v.kind.SetSelectedIndex(chosen)
	box := container.NewVBox(
		columns(2, v.add("name", lang.L("Nom *"), o.Name), v.fields.add("kind", lang.L("Type *"), v.kind)),
		columns(3, v.add("siren", lang.L("SIREN"), o.SIREN), v.add("siret", lang.L("SIRET"), o.SIRET), v.add("insee", lang.L("Code INSEE"), o.INSEECode)),
		widget.NewSeparator(),
		columns(2, v.add("complement", lang.L("Complément (bâtiment, résidence)"), o.Address.Complement), v.add("street", lang.L("Numéro et voie"), o.Address.Street)),
		columns(2, v.add("distribution", lang.L("BP, CS ou lieu-dit"), o.Address.Distribution), v.add("country", lang.L("Pays, si ce n’est pas la France"), o.Address.Country)),
		columns(2, v.add("postal_code", lang.L("Code postal"), o.Address.PostalCode), v.add("city", lang.L("Commune, CEDEX compris"), o.Address.City)),
		widget.NewSeparator(),
		columns(2, v.add("email", lang.L("Courriel"), o.Email), v.add("phone", lang.L("Téléphone"), o.Phone)),
	)
	v.both = container.NewVBox()
	box.Add(v.both)
	v.suggestPlaces()
	if o.ID == 0 {
		box.Add(widget.NewSeparator())
		box.Add(columns(3, v.add("first_name", lang.L("Prénom du représentant"), ""), v.add("last_name", lang.L("Nom du représentant"), ""),
			v.add("office", lang.L("Fonction"), "")))
	}
	return box
}

// suggestPlaces offers the places that begin as typed in the postal code or in
// the town's label; one chosen fills both.
func (v *organisationForm) suggestPlaces() {
	// The list of places is read at its first use, which takes a moment.
	act(v.f.scope, nil, func(context.Context) error { v.f.guichet.SuggestPlaces("67"); return nil }, func(error) {})
	code, city := v.entry["postal_code"], v.entry["city"]
	suggest(v.f, code, v.places)
	suggest(v.f, city, func(typed string) []suggestion {
		if within := v.places(v.text("postal_code") + " " + typed); strings.TrimSpace(typed) != "" && len(within) > 0 {
			return within
		}
		return v.places(typed)
	})
}

// places are what may be meant in France, none when the address is right.
func (v *organisationForm) places(typed string) []suggestion {
	if v.text("country") != "" {
		return nil
	}
	var found []suggestion
	for _, place := range v.f.guichet.SuggestPlaces(typed) {
		if place.PostalCode == v.text("postal_code") && place.Label == v.text("city") {
			return nil
		}
		found = append(found, suggestion{place.PostalCode + noBreak + place.Label, func() {
			v.entry["postal_code"].SetText(place.PostalCode)
			v.entry["city"].SetText(place.Label)
		}})
	}
	return found
}

// values are what the form shows of an organisation, by the names of its fields.
func (v *organisationForm) values(o data.Organisation) map[string]string {
	return map[string]string{
		"name": o.Name, "siren": o.SIREN, "siret": o.SIRET, "insee": o.INSEECode, "complement": o.Address.Complement, "street": o.Address.Street,
		"distribution": o.Address.Distribution, "country": o.Address.Country, "postal_code": o.Address.PostalCode, "city": o.Address.City,
		"email": o.Email, "phone": o.Phone,
	}
}

// offerBoth shows what somebody else saved meanwhile, where it differs from what
// is typed, and lets either stand.
func (v *organisationForm) offerBoth(m *modal, theirs *app.Overtaken[data.Organisation]) {
	present, mine := v.values(theirs.Present), v.values(v.read())
	var differing []string
	for _, name := range []string{"name", "siren", "siret", "insee", "complement", "street", "distribution", "country", "postal_code", "city", "email", "phone"} {
		if present[name] != mine[name] {
			differing = append(differing, dash(mine[name]), dash(present[name]))
		}
	}
	v.before = theirs.Present // saved again, what is typed stands
	take := newButton(lang.L("Prendre la version de {{.Who}}", map[string]any{"Who": theirs.Who}), func() {
		for name, value := range present {
			v.entry[name].SetText(value)
		}
		for i, kind := range data.OrganisationKinds {
			if kind == theirs.Present.Kind {
				v.kind.SetSelectedIndex(i)
			}
		}
		v.both.RemoveAll()
		m.notice.hide()
	})
	v.both.Objects = []fyne.CanvasObject{
		widget.NewSeparator(),
		columns(2, subheading(lang.L("Votre saisie")), subheading(lang.L("Version de {{.Who}}, {{.When}}", map[string]any{"Who": theirs.Who, "When": moment(theirs.At, v.f.guichet.Now())}))),
	}
	for i := 0; i < len(differing); i += 2 {
		v.both.Add(columns(2, paragraph(differing[i]), paragraph(differing[i+1])))
	}
	v.both.Add(container.NewHBox(take))
	m.fail(theirs, nil)
}

func (v *organisationForm) text(name string) string { return strings.TrimSpace(v.entry[name].Text) }

func (v *organisationForm) read() data.Organisation {
	o := v.before
	o.Name, o.Kind = v.text("name"), data.OrganisationKinds[v.kind.SelectedIndex()]
	o.SIREN, o.INSEECode = strings.ReplaceAll(v.text("siren"), " ", ""), v.text("insee")
	o.SIRET = strings.ReplaceAll(v.text("siret"), " ", "")
	o.Email, o.Phone = v.text("email"), v.text("phone")
	o.Address = data.Address{
		Complement: v.text("complement"), Street: v.text("street"), Distribution: v.text("distribution"),
		PostalCode: v.text("postal_code"), City: v.text("city"), Country: v.text("country"),
	}
	return o
}

// representative is a new organisation's, by office alone when no name is
// given.
func (v *organisationForm) representative() data.LegalRepresentative {
	r := data.LegalRepresentative{FirstName: v.text("first_name"), LastName: v.text("last_name"), Office: v.text("office")}
	if r.Office == "" {
		r.Office = data.OfficeOf(data.OrganisationKinds[v.kind.SelectedIndex()])
	}
	return r
}

// openRepresentativeForm opens the form that appoints a legal representative.
func openRepresentativeForm(f *frame, o data.Organisation, done func(text string)) {
	fields := newForm()
	civility := newCivility()
	first, last, office := newEntry(f.w), newEntry(f.w), newEntry(f.w)
	office.Text = data.OfficeOf(o.Kind)
	from := widget.NewDateEntry()
	now := f.guichet.Now()
	from.SetDate(&now)
	content := container.NewVBox(
		caption(lang.L("Le mandat du représentant en fonction prend fin le même jour. Les lettres en file iront au nouveau.")),
		columns(2, fields.add("civility", lang.L("Civilité"), civility), fields.add("office", lang.L("Fonction *"), office)),
		columns(2, fields.add("first_name", lang.L("Prénom"), first), fields.add("last_name", lang.L("Nom de famille"), last)),
		columns(2, fields.add("from", lang.L("Depuis le"), from)),
	)
	f.w.openDialog(lang.L("Nommer le représentant légal"), lang.L("Nommer"), false, 520, content, func(m *modal) {
		on, err := chosenDay("from", from)
		if err != nil {
			m.fail(err, fields)
			return
		}
		r := data.LegalRepresentative{
			OrganisationID: o.ID, Civility: chosenCivility(civility),
			FirstName: strings.TrimSpace(first.Text), LastName: strings.TrimSpace(last.Text), Office: strings.TrimSpace(office.Text), From: now,
		}
		if !sameDay(on, now) {
			r.From = startOfDay(on)
		}
		act(f.scope, m.button, func(ctx context.Context) error { return f.guichet.AppointRepresentative(ctx, r) },
			func(err error) {
				if err != nil {
					m.fail(err, fields)
					return
				}
				f.w.closeDialog()
				done(lang.L("Représentant légal nommé"))
			})
	})
	fields.focus(f.w, "last_name")
}
