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

// ticketPanel is what the register knows of the requester, beside the ticket,
// with the acts that solve the request: each writes its note and proposes its
// answer.
type ticketPanel struct {
	k   *ticket
	f   *frame
	box *fyne.Container
}

func newTicketPanel(k *ticket) *ticketPanel {
	return &ticketPanel{k: k, f: k.f, box: container.New(layout.NewCustomPaddedVBoxLayout(3))}
}

func (p *ticketPanel) content() fyne.CanvasObject { return container.NewVScroll(padded(6, p.box)) }

func (p *ticketPanel) show(found record) {
	p.box.Objects = nil
	p.showAccount(found)
	p.showOrganisation(found)
	p.showLetters(found)
	p.box.Refresh()
}

func (p *ticketPanel) section(title string) {
	if len(p.box.Objects) > 0 {
		p.box.Add(widget.NewSeparator())
	}
	p.box.Add(subheading(title))
}

func (p *ticketPanel) showAccount(found record) {
	p.section(lang.L("Compte"))
	if found.Account.ID == 0 {
		p.showUnknown(found)
		return
	}
	account, now := found.Account, p.f.guichet.Now()
	open := newButton(account.Identifier, func() { p.f.book.openAccount(account) })
	open.Importance, open.Alignment = widget.LowImportance, widget.ButtonAlignLeading
	unlink := newIconButton("", theme.CancelIcon(), func() {
		none := int64(0)
		p.k.change(app.TicketChange{Account: &none}, lang.L("Demande modifiée"))
	})
	unlink.Importance = widget.LowImportance
	p.box.Add(container.NewBorder(nil, nil, nil, p.f.offer("ChangeTicket", unlink), open))
	p.box.Add(line(account.Name()))
	p.box.Add(accountState(account, now))
	if !account.EmailBouncedAt.IsZero() {
		p.box.Add(warning(lang.L("L’adresse {{.Address}} a été refusée par son serveur le {{.Day}}.", map[string]any{
			"Address": account.Email, "Day": day(account.EmailBouncedAt),
		})))
	}
	p.box.Add(caption(lang.L("Dernière connexion : {{.When}}", map[string]any{"When": moment(account.LastSignInAt, now)})))
	p.act(data.TellIdentifier, "")
	if account.ActivatedAt.IsZero() || account.Deactivation(now) != "" {
		p.act(data.ResendActivation, "")
	}
	if account.Deactivation(now) != "" || !account.InvalidatedAt.IsZero() {
		p.act(data.ReactivateAccount, "")
	}
	if found.Administrator.ID != account.ID && account.Usable(now) {
		p.act(data.StartSuccession, "")
	}
	if len(found.Others) > 0 {
		p.box.Add(caption(lang.L("Autres comptes de cette personne :")))
		for _, other := range found.Others {
			p.accountLine(other, found.OtherOrganisations[other.OrganisationID].Name, func() { p.f.book.openAccount(other) })
		}
	}
}

// showUnknown offers the accounts of the requester's address, or to look for
// one.
func (p *ticketPanel) showUnknown(found record) {
	if len(found.Candidates) == 0 {
		p.box.Add(caption(lang.L("Aucun compte connu pour {{.Address}}.", map[string]any{"Address": found.RequesterAddress})))
	} else {
		p.box.Add(caption(lang.L("Plusieurs comptes ont cette adresse. Lequel demande ?")))
	}
	for _, candidate := range found.Candidates {
		p.accountLine(candidate, "", func() {
			if !p.f.may("ChangeTicket") {
				p.f.book.openAccount(candidate)
				return
			}
			p.k.change(app.TicketChange{Account: &candidate.ID}, lang.L("Demande rattachée à {{.Identifier}}", map[string]any{"Identifier": candidate.Identifier}))
		})
	}
	p.box.Add(p.f.offer("ChangeTicket", newButton(lang.L("Rattacher…"), p.askAccount)))
}

func (p *ticketPanel) accountLine(account data.Account, organisation string, do func()) {
	button := newButton(account.Identifier, do)
	button.Importance, button.Alignment = widget.LowImportance, widget.ButtonAlignLeading
	p.box.Add(container.NewHScroll(button))
	if organisation != "" {
		p.box.Add(caption(organisation))
	}
}

// askAccount asks for an account, found by what is known of it, and links it.
func (p *ticketPanel) askAccount() {
	fields, identifier := newForm(), newEntry(p.f.w)
	content := container.NewVBox(fields.add("account", lang.L("Identifiant du compte *"), identifier),
		caption(lang.L("Tapez un nom, une adresse électronique ou le début de l’identifiant : les comptes connus se proposent.")))
	p.f.w.openDialog(lang.L("Rattacher la demande à un compte"), lang.L("Rattacher"), false, 460, content, func(m *modal) {
		start(p.f.scope, "", m.button, func(ctx context.Context) ([]data.AccountSummary, error) {
			return p.f.guichet.FindAccounts(ctx, identifier.Text)
		}, func(found []data.AccountSummary, err error) {
			for _, account := range found {
				if account.Identifier == identifier.Text || len(found) == 1 {
					p.f.w.closeDialog()
					p.k.change(app.TicketChange{Account: &account.ID}, lang.L("Demande rattachée à {{.Identifier}}", map[string]any{"Identifier": account.Identifier}))
					return
				}
			}
			if err == nil {
				err = data.Problems{{Field: "account", Message: "Aucun compte ne s’appelle « {{.Value}} »", Values: data.Values{"Value": identifier.Text}}}
			}
			m.fail(err, fields)
		})
	})
	fields.focus(p.f.w, "account")
	p.suggestAccounts(identifier)
}

// suggestAccounts offers the accounts that match what is typed.
func (p *ticketPanel) suggestAccounts(field *entry) {
	const most = 6
	suggestFound(p.f, field, func(ctx context.Context, typed string) (offered []suggestion, err error) {
		if len(strings.TrimSpace(typed)) < 2 {
			return nil, nil
		}
		found, err := p.f.guichet.FindAccounts(ctx, typed)
		for _, account := range found[:min(len(found), most)] {
			offered = append(offered, suggestion{
				text:   account.Identifier + " · " + account.Name() + " · " + account.OrganisationName,
				choose: func() { field.SetText(account.Identifier) },
			})
		}
		return offered, err
	})
}

func (p *ticketPanel) showOrganisation(found record) {
	p.section(lang.L("Organisation"))
	if found.Organisation.ID == 0 {
		p.box.Add(caption(lang.L("Organisation inconnue.")))
		return
	}
	name := paragraph(found.Organisation.Name)
	name.TextStyle.Bold = true
	p.box.Add(name)
	p.box.Add(caption(lang.L("Représentant : {{.Name}}", map[string]any{"Name": representativeName(found.Representative)})))
	administrator := lang.L("aucun")
	if found.Administrator.ID != 0 {
		administrator = found.Administrator.Name()
	}
	p.box.Add(caption(lang.L("Administrateur : {{.Name}}", map[string]any{"Name": administrator})))
	address := found.Organisation.Address
	p.box.Add(caption(address.Street + " · " + address.PostalCode + " " + address.City))
	if !found.Organisation.AddressDoubtedAt.IsZero() {
		p.box.Add(warning(lang.L("Adresse à vérifier")))
	}
	p.box.Add(newButton(lang.L("Ouvrir la fiche"), func() { p.f.book.open(found.Organisation.ID) }))
	p.box.Add(p.f.offer("CorrectAddress", newButton(word(data.CorrectAddress), func() { p.correctAddress(found) })))
}

func (p *ticketPanel) showLetters(found record) {
	if found.Organisation.ID == 0 {
		return
	}
	p.section(lang.L("Courrier"))
	if len(found.Letters) == 0 {
		p.box.Add(caption(lang.L("Aucune lettre.")))
	}
	for _, letter := range found.Letters[:min(4, len(found.Letters))] {
		p.box.Add(letterLine(letter))
		switch {
		case letter.State == data.Posted && p.f.mayReport(letter.Letter):
			p.box.Add(caption(p.f.reportable(letter.Letter)))
			p.act(data.ReplaceLetter, letter.Reference)
		case letter.State == data.Posted:
			p.box.Add(caption(p.f.reportable(letter.Letter)))
			p.act(data.TellReportable, "")
		case letter.Request.Open() && (letter.State == data.Locked || letter.State == data.ExpiredLetter || letter.State == data.Returned):
			p.act(data.ReplaceLetter, letter.Reference)
		}
	}
}

// act adds the button of an act; target is a letter's reference, or empty.
func (p *ticketPanel) act(what data.TicketAct, target string) {
	button := newButton(word(what), nil)
	button.OnTapped = func() { p.do(what, target, button) }
	p.box.Add(p.f.offer("ActOnTicket", button))
}

// do does an act and opens the answer that it proposes.
func (p *ticketPanel) do(what data.TicketAct, target string, button fyne.Disableable) {
	id := p.k.shown.ID
	start(p.f.scope, "", button, func(ctx context.Context) (app.Acted, error) { return p.f.guichet.ActOnTicket(ctx, id, what, target) },
		func(done app.Acted, err error) {
			if err != nil {
				p.f.notice.fail(err, nil)
				return
			}
			p.acted(id, done)
		})
}

// acted says what was done, and opens the answer.
func (p *ticketPanel) acted(ticketID int64, done app.Acted) {
	text := lang.L("La réponse est prête à partir")
	if done.Note != "" {
		text = done.Note + " " + text
	}
	p.f.changed(text)
	if p.k.shown.ID == ticketID {
		p.k.composer.propose(done.Answer, done.Missing)
	}
	p.f.mailbox.send() // an activation link may wait
}

// correctAddress asks for the organisation's address, and answers.
func (p *ticketPanel) correctAddress(found record) {
	f, former := p.f, found.Organisation.Address
	fields := newForm()
	add := func(name, label, value string) (*entry, fyne.CanvasObject) {
		e := newEntry(f.w)
		e.SetText(value)
		return e, fields.add(name, label, e)
	}
	complement, complementBox := add("complement", lang.L("Complément (bâtiment, résidence)"), former.Complement)
	street, streetBox := add("street", lang.L("Numéro et voie"), former.Street)
	distribution, distributionBox := add("distribution", lang.L("BP, CS ou lieu-dit"), former.Distribution)
	code, codeBox := add("postal_code", lang.L("Code postal"), former.PostalCode)
	city, cityBox := add("city", lang.L("Commune, CEDEX compris"), former.City)
	box := container.NewVBox(caption(found.Organisation.Name), streetBox, columns(2, complementBox, distributionBox), columns(2, codeBox, cityBox))
	f.w.openDialog(word(data.CorrectAddress), lang.L("Corriger"), false, 520, box, func(m *modal) {
		address := data.Address{
			Complement: complement.Text, Street: street.Text, Distribution: distribution.Text,
			PostalCode: code.Text, City: city.Text, Country: former.Country,
		}
		start(f.scope, "", m.button, func(ctx context.Context) (app.Acted, error) {
			return f.guichet.CorrectAddress(ctx, found.ID, address)
		}, func(done app.Acted, err error) {
			if err != nil {
				m.fail(err, fields)
				return
			}
			f.w.closeDialog()
			p.acted(found.ID, done)
		})
	})
	fields.focus(f.w, "street")
}

// warning is a small text that stands out.
func warning(text string) *prose {
	label := caption(text)
	label.Importance = widget.WarningImportance
	return label
}

// letterLine is a letter in the panel: state, reference, posted on.
func letterLine(letter data.LetterFile) fyne.CanvasObject {
	icon, color := letterIcon(letter)
	text := word(letter.State)
	if !letter.PostedOn.IsZero() {
		text = lang.L("{{.State}} · postée le {{.Day}}", map[string]any{"State": word(letter.State), "Day": day(letter.PostedOn)})
	}
	return container.NewBorder(nil, nil, container.NewVBox(container.NewPadded(widget.NewIcon(stateIcon(icon, color)))), nil,
		container.New(layout.NewCustomPaddedVBoxLayout(-10), mono(letter.Reference), caption(text)))
}

// accountState says whether an account is usable, and why not.
func accountState(account data.Account, now time.Time) fyne.CanvasObject {
	icon, color, text := theme.ConfirmIcon(), theme.ColorNameSuccess, lang.L("Utilisable")
	if blocks := account.Blocks(now); len(blocks) > 0 {
		icon, color, text = theme.WarningIcon(), theme.ColorNameWarning, blocksText(blocks)
	}
	label := newProse(text)
	return container.NewBorder(nil, nil, container.NewVBox(container.NewPadded(widget.NewIcon(stateIcon(icon, color)))), nil, label)
}
