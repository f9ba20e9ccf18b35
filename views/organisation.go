package views

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"guichet/app"
	"guichet/data"
)

// organisation is the record of one organisation, in tabs.
type organisation struct {
	o              *organisations
	f              *frame
	shown          app.OrganisationRecord
	name           *widget.Label
	kind           *widget.Label
	identity       *fyne.Container
	representative *fyne.Container
	mandates       *table[data.LegalRepresentative]
	accounts       *accounts
	letters        *table[data.LetterFile]
	tabs           *container.AppTabs
	box            *fyne.Container
}

func newOrganisation(o *organisations) *organisation {
	r := &organisation{o: o, f: o.f, name: subheading(""), kind: line(""), identity: container.NewVBox(), representative: container.NewVBox()}
	r.name.Truncation = fyne.TextTruncateEllipsis
	r.kind.Importance = widget.LowImportance
	r.accounts = newAccounts(r.f)
	r.letters = newTable(r.f.w, func(l data.LetterFile) int64 { return l.Letter.ID }, letterColumns(false)...)
	r.letters.setEmpty(lang.L("Aucune lettre. Chaque inscription en met une en file."), nil)
	r.mandates = newTable(r.f.w, func(m data.LegalRepresentative) int64 { return m.ID },
		column[data.LegalRepresentative]{title: lang.L("Nom"), width: 200, grow: 2, text: representativeName},
		column[data.LegalRepresentative]{title: lang.L("Fonction"), width: 110, grow: 1, text: func(m data.LegalRepresentative) string { return m.Office }},
		column[data.LegalRepresentative]{title: lang.L("Du"), width: 104, text: func(m data.LegalRepresentative) string { return day(m.From) }},
		column[data.LegalRepresentative]{title: lang.L("Au"), width: 104, text: func(m data.LegalRepresentative) string { return day(m.Until) }},
	)
	r.mandates.setEmpty(lang.L("Aucun mandat connu."), nil)
	r.tabs = container.NewAppTabs(
		container.NewTabItem(lang.L("Identité"), container.NewVScroll(padded(4, r.identity))),
		container.NewTabItem(lang.L("Représentant"), container.NewBorder(r.representative, nil, nil, nil, r.mandates.content)),
		container.NewTabItem(lang.L("Comptes"), r.accounts.content()),
		container.NewTabItem(lang.L("Lettres"), r.letters.content),
	)
	return r
}

func (r *organisation) content() fyne.CanvasObject {
	r.box = container.NewBorder(container.NewVBox(r.name, r.kind), nil, nil, nil, r.tabs)
	if r.shown.ID == 0 {
		r.box.Hide()
	}
	return container.NewStack(newFill(theme.ColorNameBackground, 0), newOutline(6), padded(6, r.box))
}

func (r *organisation) clear() {
	r.shown = app.OrganisationRecord{}
	if r.box != nil {
		r.box.Hide()
	}
}

func (r *organisation) reload(id int64) {
	start(r.f.scope, "organisation", nil, func(ctx context.Context) (app.OrganisationRecord, error) { return r.f.guichet.Organisation(ctx, id) },
		func(found app.OrganisationRecord, err error) {
			if err != nil {
				r.f.notice.fail(err, nil)
				return
			}
			r.show(found)
		})
}

func (r *organisation) show(found app.OrganisationRecord) {
	r.shown = found
	r.name.SetText(found.Name)
	kind := word(found.Kind)
	if found.SIREN != "" {
		kind += " · SIREN " + groupSIREN(found.SIREN)
	}
	r.kind.SetText(kind)
	r.showIdentity()
	r.showRepresentative()
	r.mandates.show(found.Mandates)
	r.accounts.show(found)
	r.letters.show(found.Letters)
	r.tabs.Items[2].Text = lang.L("Comptes") + noBreak + number(len(found.Accounts))
	r.tabs.Items[3].Text = lang.L("Lettres") + noBreak + number(len(found.Letters))
	r.tabs.Refresh()
	if r.box != nil {
		r.box.Show()
	}
}

// groupSIREN writes a SIREN in groups of three.
func groupSIREN(siren string) string {
	if len(siren) != 9 {
		return siren
	}
	return siren[:3] + thin + siren[3:6] + thin + siren[6:]
}

func (r *organisation) showIdentity() {
	found := r.shown
	r.identity.Objects = nil
	r.identity.Add(caption(lang.L("Adresse, comme la lettre la porte")))
	if found.AddressError != nil {
		problem := widget.NewLabel(message(found.AddressError))
		problem.Wrapping, problem.Importance = fyne.TextWrapWord, widget.WarningImportance
		r.identity.Add(container.NewBorder(nil, nil, container.NewPadded(widget.NewIcon(stateIcon(theme.WarningIcon(), theme.ColorNameWarning))), nil, problem))
	} else {
		r.identity.Add(container.NewStack(newFill(colorCard, 4), newOutline(4), padded(6, mono(joinLines(found.Lines)))))
	}
	administrator := lang.L("aucun")
	if found.Administrator.ID != 0 {
		administrator = found.Administrator.Name() + " · " + found.Administrator.Identifier
	}
	r.identity.Add(facts(
		lang.L("Représentant"), representativeName(found.Representative), lang.L("Administrateur"), administrator,
		lang.L("Courriel"), dash(found.Email), lang.L("Téléphone"), dash(found.Phone),
		lang.L("Code INSEE"), dash(found.INSEECode), lang.L("Au registre depuis"), day(found.CreatedAt),
	))
	if r.f.operator.Has(data.Administrator, data.MailRoom) {
		edit := widget.NewButtonWithIcon(lang.L("Modifier…"), theme.DocumentCreateIcon(), func() {
			openOrganisationForm(r.f, found.Organisation, "", func(data.Organisation) { r.f.changed(lang.L("Organisation enregistrée")) })
		})
		r.identity.Add(container.NewHBox(edit))
	}
	r.identity.Refresh()
}

func (r *organisation) showRepresentative() {
	found := r.shown
	r.representative.Objects = nil
	text := lang.L("Aucun représentant légal connu : les lettres de cette organisation sont retenues.")
	if !found.Representative.IsZero() {
		text = lang.L("En fonction : {{.Name}}, {{.Office}}, depuis le {{.Day}}", map[string]any{
			"Name": representativeName(found.Representative), "Office": found.Representative.Office, "Day": day(found.Representative.From),
		})
	}
	label := widget.NewLabel(text)
	label.Wrapping = fyne.TextWrapWord
	r.representative.Add(label)
	if r.f.operator.Has(data.Administrator) {
		appoint := widget.NewButton(lang.L("Nommer…"), func() { openRepresentativeForm(r.f, found.Organisation, r.f.changed) })
		r.representative.Add(container.NewHBox(appoint))
	}
	r.representative.Refresh()
}

// representativeName names a legal representative, a dash when unknown.
func representativeName(r data.LegalRepresentative) string {
	if r.IsZero() {
		return "—"
	}
	return r.Name()
}
