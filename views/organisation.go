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

// lettersTab is the place of the letters among the record's tabs.
const lettersTab = 4

// organisation is the record of one organisation, in tabs.
type organisation struct {
	o              *organisations
	f              *frame
	shown          app.OrganisationRecord
	name           *widget.Label
	kind           *widget.Label
	doubt          *fyne.Container // shown while the address is to be checked
	identity       *fyne.Container
	representative *fyne.Container
	mandates       *table[data.LegalRepresentative]
	accounts       *accounts
	permissions    *permissions
	letters        *table[data.LetterFile]
	letterActs     *reissue
	tickets        *table[data.TicketSummary]
	history        *table[data.AuditEntry]
	tabs           *container.AppTabs
	box            *fyne.Container
	account        *account // nil: no account's page is open
	page           *fyne.Container
}

func newOrganisation(o *organisations) *organisation {
	r := &organisation{o: o, f: o.f, name: subheading(""), kind: line(""), identity: container.NewVBox(), representative: container.NewVBox(), page: container.NewStack(), doubt: container.NewStack()}
	r.name.Truncation = fyne.TextTruncateEllipsis
	r.kind.Importance = widget.LowImportance
	r.accounts = newAccounts(r.f)
	r.letters = newTable(r.f.w, "lettres", func(l data.LetterFile) int64 { return l.Letter.ID }, letterColumns(false)...)
	r.letters.setEmpty(lang.L("Aucune lettre. Chaque inscription en met une en file."), nil)
	r.letterActs = newReissue(r.f, r.letters)
	r.accounts.table.onOpened = r.openAccount
	r.permissions, r.history = newPermissions(r.f), newHistory(r.f)
	r.tickets = newTable(r.f.w, "demandes", func(t data.TicketSummary) int64 { return t.ID },
		column[data.TicketSummary]{title: lang.L("Numéro"), width: 100, mono: true, text: func(t data.TicketSummary) string { return t.Number }},
		column[data.TicketSummary]{title: lang.L("Objet"), width: 180, grow: 2, text: func(t data.TicketSummary) string { return subjectOf(t.Subject) }},
		column[data.TicketSummary]{
			title: lang.L("Reçue"), width: 108, text: func(t data.TicketSummary) string { return moment(t.OpenedAt, r.f.guichet.Now()) },
			less: func(a, b data.TicketSummary) int { return a.OpenedAt.Compare(b.OpenedAt) },
		},
		column[data.TicketSummary]{title: lang.L("État"), width: 130, text: func(t data.TicketSummary) string { return word(t.State) }},
	)
	r.tickets.setEmpty(lang.L("Aucune demande d’assistance."), nil)
	r.tickets.onOpened = func(t data.TicketSummary) { r.f.tickets.showTicket(t.Ticket) }
	r.mandates = newTable(r.f.w, "mandats", func(m data.LegalRepresentative) int64 { return m.ID },
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
		container.NewTabItem(lang.L("E-services"), r.permissions.content()),
		container.NewTabItem(lang.L("Lettres"), container.NewBorder(nil, r.letterActs.content(), nil, nil, r.letters.content)),
		container.NewTabItem(lang.L("Demandes"), r.tickets.content),
		container.NewTabItem(lang.L("Historique"), r.history.content),
	)
	return r
}

func (r *organisation) content() fyne.CanvasObject {
	r.box = container.NewBorder(container.NewVBox(r.name, r.kind, r.doubt), nil, nil, nil, r.tabs)
	if r.shown.Organisation.ID == 0 {
		r.box.Hide()
	}
	r.page.Objects = []fyne.CanvasObject{r.box}
	if r.account != nil {
		r.page.Objects = []fyne.CanvasObject{r.account.content()}
	}
	return container.NewStack(newFill(theme.ColorNameBackground, 0), newOutline(6), padded(6, r.page))
}

// openAccount opens an account's page in the place of the record.
func (r *organisation) openAccount(opened data.Account) {
	r.account = newAccount(r, opened)
	r.page.Objects = []fyne.CanvasObject{r.account.content()}
	r.page.Refresh()
	r.account.reload()
}

// closeAccount goes back to the record.
func (r *organisation) closeAccount() {
	r.account = nil
	r.page.Objects = []fyne.CanvasObject{r.box}
	r.page.Refresh()
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
	if r.account != nil && found.Organisation.ID != r.account.opened.OrganisationID {
		r.closeAccount()
	} else if r.account != nil {
		r.account.reload()
	}
	r.shown = found
	r.name.SetText(found.Name)
	kind := word(found.Kind)
	if found.SIREN != "" {
		kind += " · SIREN " + groupSIREN(found.SIREN)
	}
	if !found.ArchivedAt.IsZero() {
		kind += " · " + lang.L("archivée le {{.Day}}", map[string]any{"Day": day(found.ArchivedAt)})
	}
	r.kind.SetText(kind)
	r.showDoubt()
	r.showIdentity()
	r.showRepresentative()
	r.mandates.show(found.Mandates)
	r.accounts.show(found)
	r.permissions.reload(found)
	r.letters.show(found.Letters)
	r.letterActs.show()
	r.tickets.show(found.Tickets)
	r.history.show(found.History)
	for tab, count := range map[int]int{2: len(found.Accounts), 4: len(found.Letters), 5: len(found.Tickets)} {
		r.tabs.Items[tab].Text = []string{2: lang.L("Comptes"), lettersTab: lang.L("Lettres"), 5: lang.L("Demandes")}[tab] + noBreak + number(count)
	}
	r.tabs.Refresh()
	if r.box != nil {
		r.box.Show()
	}
}

// showDoubt says that a letter came back from the address, with what may be
// done about it.
func (r *organisation) showDoubt() {
	r.doubt.Objects = nil
	if since := r.shown.AddressDoubtedAt; !since.IsZero() {
		reason := word(lastReturned(r.shown.Letters, r.shown.Organisation.ID).ReturnReason)
		text := newProse(lang.L("Une lettre est revenue le {{.Day}} ({{.Reason}}) : adresse à vérifier",
			map[string]any{"Day": day(since), "Reason": dash(lowerFirst(reason))}))
		text.Importance = widget.WarningImportance
		acts := container.NewHBox()
		if r.f.mendsAddresses() {
			o := r.shown.Organisation
			good := newIconButton(lang.L("L’adresse est bonne"), theme.ConfirmIcon(), nil)
			good.OnTapped = func() { r.f.addressIsGood(o, good, func() {}) }
			acts.Add(newIconButton(lang.L("Corriger l’adresse…"), theme.DocumentCreateIcon(), func() { r.f.correctAddress(o.ID) }))
			acts.Add(good)
		}
		icon := container.NewPadded(widget.NewIcon(stateIcon(theme.WarningIcon(), theme.ColorNameWarning)))
		r.doubt.Add(container.NewStack(newFill(colorCard, 4), newOutline(4),
			padded(4, container.NewBorder(nil, nil, icon, container.NewCenter(acts), text))))
	}
	r.doubt.Refresh()
	if r.box != nil {
		r.box.Refresh() // the banner came or went
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
		problem := newProse(message(found.AddressError))
		problem.Importance = widget.WarningImportance
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
		lang.L("SIRET"), dash(found.SIRET), lang.L("Code INSEE"), dash(found.INSEECode), lang.L("Au registre depuis"), day(found.CreatedAt),
	))
	if r.f.may("UpdateOrganisation") {
		edit := newIconButton(lang.L("Modifier…"), theme.DocumentCreateIcon(), func() {
			openOrganisationForm(r.f, found.Organisation, "", func(data.Organisation) { r.f.changed(lang.L("Organisation enregistrée")) })
		})
		acts := container.NewHBox(edit)
		if r.f.may("ArchiveOrganisation") && found.ArchivedAt.IsZero() {
			acts.Add(newButton(lang.L("Fusionner…"), func() { openMergeForm(r.f, found.Organisation) }))
			acts.Add(newButton(lang.L("Archiver…"), func() { openArchiveForm(r.f, found.Organisation) }))
		}
		r.identity.Add(acts)
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
	label := newProse(text)
	r.representative.Add(label)
	if r.f.may("AppointRepresentative") {
		appoint := newButton(lang.L("Nommer…"), func() { openRepresentativeForm(r.f, found.Organisation, r.f.changed) })
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
