package views

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"guichet/app"
	"guichet/data"
)

// doubted lists the organisations whose address is to be checked, since a
// letter came back from it.
type doubted struct {
	f       *frame
	title   *widget.Label
	table   *table[doubtedAddress]
	correct *button
	good    *button
	before  func() // called before an act opens a dialog
}

// doubtedAddress is an organisation with the last of its letters that came
// back; without one, when that is too long ago to be listed.
type doubtedAddress struct {
	data.OrganisationSummary
	last data.LetterFile
}

func newDoubted(f *frame, before func()) *doubted {
	d := &doubted{f: f, title: subheading(""), before: before}
	type address = doubtedAddress
	d.table = newTable(f.w, "adresses-a-verifier", func(a address) int64 { return a.OrganisationSummary.ID },
		column[address]{title: lang.L("Organisation"), width: 190, grow: 2, text: func(a address) string { return a.OrganisationSummary.Name }},
		column[address]{title: lang.L("Adresse"), width: 230, grow: 3, text: func(a address) string { return oneLine(a.OrganisationSummary.Address) }},
		column[address]{
			title: lang.L("Depuis"), width: 112, text: func(a address) string { return moment(a.AddressDoubtedAt, f.guichet.Now()) },
			less: func(a, b address) int { return a.AddressDoubtedAt.Compare(b.AddressDoubtedAt) },
		},
		column[address]{title: lang.L("Dernier motif"), width: 220, grow: 1, text: func(a address) string { return dash(word(a.last.ReturnReason)) }},
	)
	d.table.setEmpty(lang.L("Aucune adresse à vérifier. Celles d’où une lettre est revenue s’inscriront ici."), nil)
	d.table.onOpened = func(address) { d.onCorrect() }
	d.correct = newIconButton(lang.L("Corriger l’adresse…"), theme.DocumentCreateIcon(), d.onCorrect)
	d.good = newIconButton(lang.L("L’adresse est bonne"), theme.ConfirmIcon(), d.onGood)
	d.showActs()
	return d
}

func (d *doubted) content() fyne.CanvasObject {
	head := container.NewBorder(nil, nil, nil, d.f.offer("AddressChecked", container.NewHBox(d.correct, d.good)), d.title)
	return container.NewBorder(head, nil, nil, nil, d.table.content)
}

func (d *doubted) reload() {
	load(d.f, "doubted", func(ctx context.Context) ([]doubtedAddress, error) {
		found, err := d.f.guichet.Directory(ctx, data.DirectoryFilter{AddressDoubted: true}, 0, app.OrganisationsLimit)
		if err != nil || len(found) == 0 {
			return nil, err
		}
		sent, err := d.f.guichet.Letters(ctx, data.LetterFilter{CameBack: true})
		addresses := make([]doubtedAddress, len(found))
		for i, summary := range found {
			addresses[i] = doubtedAddress{summary, lastReturned(sent, summary.ID)}
		}
		return addresses, err
	}, func(found []doubtedAddress) {
		d.title.SetText(lang.L("Adresses à vérifier") + noBreak + "· " + number(len(found)))
		d.table.show(found)
		if _, ok := d.table.current(); !ok {
			d.table.choose(0)
		}
		d.showActs()
	})
}

// lastReturned is the last letter of an organisation that came back, of letters
// newest first; the zero value when there is none.
func lastReturned(letters []data.LetterFile, organisationID int64) data.LetterFile {
	for _, letter := range letters {
		if letter.ReturnReason != "" && letter.Organisation.ID == organisationID {
			return letter
		}
	}
	return data.LetterFile{}
}

func (d *doubted) showActs() {
	_, ok := d.table.current()
	setEnabled(d.correct, ok && d.f.mendsAddresses())
	setEnabled(d.good, ok && d.f.mendsAddresses())
}

func (d *doubted) onCorrect() {
	if address, ok := d.table.current(); ok && !d.correct.Disabled() {
		d.before()
		d.f.correctAddress(address.OrganisationSummary.ID)
	}
}

func (d *doubted) onGood() {
	if address, ok := d.table.current(); ok {
		d.before()
		d.f.addressIsGood(address.Organisation, d.good, d.showActs)
	}
}

// oneLine writes an address on one line.
func oneLine(a data.Address) string {
	var parts []string
	for _, part := range []string{a.Complement, a.Street, a.Distribution, strings.TrimSpace(a.PostalCode + " " + a.City), a.Country} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	return dash(strings.Join(parts, ", "))
}

// mendsAddresses tells whether the operator may correct addresses.
func (f *frame) mendsAddresses() bool { return f.may("UpdateOrganisation") }

// correctAddress opens the form of an organisation, as the register has it now,
// at its address. Once that changed, the letters that came back are offered to
// be sent again.
func (f *frame) correctAddress(organisationID int64) {
	load(f, "correct", func(ctx context.Context) (app.OrganisationRecord, error) {
		return f.guichet.Organisation(ctx, organisationID)
	}, func(found app.OrganisationRecord) {
		openOrganisationForm(f, found.Organisation, "street", func(saved data.Organisation) {
			f.changed(lang.L("Organisation enregistrée"))
			if saved.Address != found.Address {
				f.offerToSendAgain(saved)
			}
		})
	})
}

// addressIsGood records that an address is right after all, and offers to send
// again what came back; after is called first.
func (f *frame) addressIsGood(o data.Organisation, button *button, after func()) {
	act(f.scope, button, func(ctx context.Context) error { return f.guichet.AddressChecked(ctx, o.ID) }, func(err error) {
		after()
		if err != nil {
			f.notice.fail(err, nil)
			return
		}
		f.changed(lang.L("{{.Organisation}} : l’adresse est notée bonne", map[string]any{"Organisation": o.Name}))
		f.offerToSendAgain(o)
	})
}

// offerToSendAgain offers to queue new letters in the place of those that came
// back from an organisation.
func (f *frame) offerToSendAgain(o data.Organisation) {
	start(f.scope, "", nil, func(ctx context.Context) ([]data.LetterFile, error) { return f.guichet.ToSendAgain(ctx, o.ID) },
		func(back []data.LetterFile, err error) {
			switch {
			case err != nil:
				f.notice.fail(err, nil)
			case len(back) > 0:
				f.openSendAgain(o, back)
			}
		})
}

func (f *frame) openSendAgain(o data.Organisation, back []data.LetterFile) {
	content := container.NewVBox(caption(
		lang.N("{{.PluralCount}} lettres revenues peuvent repartir à cette adresse, avec de nouveaux codes.", len(back), map[string]any{"PluralCount": number(len(back))}),
	))
	for _, letter := range back {
		content.Add(facts(letter.Reference, letter.Account.Name()+" · "+word(letter.Request.Kind)))
	}
	all := len(back)
	f.w.openDialog(o.Name, lang.L("Mettre en file"), false, 460, content, func(m *modal) {
		start(f.scope, "", m.button, func(ctx context.Context) (queued int, err error) {
			for _, letter := range back {
				if _, err := f.guichet.ReissueLetter(ctx, letter.Reference); err != nil {
					return queued, err
				}
				queued++
			}
			return queued, nil
		}, func(queued int, err error) {
			if back = back[queued:]; err != nil { // those left can be tried again
				m.fail(err, nil)
				return
			}
			f.w.closeDialog()
			f.changed(lang.N("{{.PluralCount}} nouvelles lettres en file", all, map[string]any{"PluralCount": number(all)}))
		})
	})
}
