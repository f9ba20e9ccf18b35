package views

import (
	"context"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"guichet/app"
	"guichet/data"
)

// ticket shows one ticket: its header, its thread, and what the register knows
// of the requester.
type ticket struct {
	t       *tickets
	f       *frame
	shown   record
	subject *widget.Label
	state   *widget.Label
	icon    *widget.Icon
	heading *widget.Select
	setting bool // the heading is being painted, not chosen
	take    *widget.Button
	solve   *widget.Button
	thread  *fyne.Container
	panel   *fyne.Container
	scroll  *container.Scroll
	box     *fyne.Container
}

func newTicket(t *tickets) *ticket {
	k := &ticket{t: t, f: t.f, subject: subheading(""), state: line(""), icon: widget.NewIcon(nil)}
	k.subject.Truncation = fyne.TextTruncateEllipsis
	k.state.Importance = widget.LowImportance
	var headings []string
	for _, heading := range data.Headings {
		headings = append(headings, word(heading))
	}
	k.heading = widget.NewSelect(headings, k.onHeading)
	k.take = widget.NewButton(lang.L("Prendre en charge"), k.onTake)
	k.solve = widget.NewButton(lang.L("Résoudre"), k.onSolve)
	k.thread = container.New(layout.NewCustomPaddedVBoxLayout(8))
	k.panel = container.New(layout.NewCustomPaddedVBoxLayout(4))
	k.scroll = container.NewVScroll(padded(8, k.thread))
	return k
}

const panelWidth = 240

func (k *ticket) content() fyne.CanvasObject {
	acts := container.NewBorder(nil, nil, container.NewPadded(k.icon), container.NewHBox(k.take, k.solve), k.heading)
	head := padded(6, container.New(layout.NewCustomPaddedVBoxLayout(-2), k.subject, k.state, acts))
	panel := ground(colorPanel, wide(panelWidth, container.NewVScroll(padded(6, k.panel))))
	k.box = container.NewBorder(nil, nil, nil, panel,
		container.NewBorder(container.NewVBox(head, widget.NewSeparator()), nil, nil, nil, k.scroll))
	if k.shown.ID == 0 {
		k.box.Hide()
	}
	return k.box
}

func (k *ticket) clear() {
	k.shown = record{}
	if k.box != nil {
		k.box.Hide()
	}
}

func (k *ticket) reload(id int64) {
	start(k.f.scope, "ticket", nil, func(ctx context.Context) (record, error) { return k.f.guichet.Ticket(ctx, id) },
		func(found record, err error) {
			if err != nil {
				k.f.notice.fail(err, nil)
				return
			}
			k.show(found)
		})
}

func (k *ticket) show(found record) {
	moved := found.ID != k.shown.ID
	k.shown = found
	k.subject.SetText(subjectOf(found.Subject))
	assignee := lang.L("non attribuée")
	if found.AssigneeName != "" {
		assignee = found.AssigneeName
	}
	k.state.SetText(lang.L("{{.Number}} · {{.State}} · {{.Assignee}} · {{.Opened}}", map[string]any{
		"Number": found.Number, "State": word(found.State), "Assignee": assignee, "Opened": moment(found.OpenedAt, k.f.guichet.Now()),
	}))
	icon, color := ticketIcon(found.Ticket)
	k.icon.SetResource(stateIcon(icon, color))
	k.setting = true
	k.heading.SetSelected(word(found.Heading))
	k.setting = false
	mine := found.AssigneeID == k.f.operator.ID && found.State == data.OpenTicket
	setEnabled(k.take, !mine)
	setEnabled(k.solve, found.State != data.Solved && found.State != data.ClosedTicket)
	k.take.Importance, k.solve.Importance = widget.MediumImportance, widget.MediumImportance
	if found.State == data.NewTicket {
		k.take.Importance = widget.HighImportance
	} else if found.State == data.OpenTicket {
		k.solve.Importance = widget.HighImportance
	}
	k.take.Refresh()
	k.solve.Refresh()
	k.thread.Objects = nil
	for _, message := range found.Messages {
		k.thread.Add(newMessageView(k, message))
	}
	k.thread.Refresh()
	k.showPanel(found)
	k.box.Show()
	if moved {
		k.scroll.ScrollToTop()
	}
}

// onMain takes a new ticket, and solves an open one.
func (k *ticket) onMain() {
	switch {
	case k.shown.ID == 0:
	case k.shown.State == data.NewTicket:
		k.onTake()
	case !k.solve.Disabled():
		k.onSolve()
	}
}

func (k *ticket) onTake() {
	seen := k.shown.Ticket
	act(k.f.scope, k.take, func(ctx context.Context) error {
		return k.f.guichet.ChangeTicket(ctx, seen, app.TicketChange{Assignee: &k.f.operator.ID, State: data.OpenTicket})
	},
		func(err error) { k.done(err, lang.L("La demande est à vous")) })
}

func (k *ticket) onSolve() {
	seen := k.shown.Ticket
	act(k.f.scope, k.solve, func(ctx context.Context) error {
		return k.f.guichet.ChangeTicket(ctx, seen, app.TicketChange{State: data.Solved})
	},
		func(err error) { k.done(err, lang.L("Demande résolue")) })
}

func (k *ticket) onHeading(string) {
	if k.setting || k.shown.ID == 0 {
		return
	}
	seen, heading := k.shown.Ticket, data.Headings[k.heading.SelectedIndex()]
	if heading == seen.Heading {
		return
	}
	act(k.f.scope, nil, func(ctx context.Context) error {
		return k.f.guichet.ChangeTicket(ctx, seen, app.TicketChange{Heading: heading})
	},
		func(err error) { k.done(err, lang.L("Rubrique changée")) })
}

func (k *ticket) done(err error, text string) {
	if err != nil {
		k.t.reload()
		k.f.notice.fail(err, nil)
		return
	}
	k.f.changed(text)
}

// save asks where to, and writes a file there.
func (k *ticket) save(name string, content func(context.Context) ([]byte, error)) {
	saving := dialog.NewFileSave(func(file fyne.URIWriteCloser, err error) {
		if err != nil || file == nil {
			if err != nil {
				k.f.notice.fail(err, nil)
			}
			return
		}
		act(k.f.scope, nil, func(ctx context.Context) error {
			bytes, err := content(ctx)
			if err == nil {
				_, err = file.Write(bytes)
			}
			if closed := file.Close(); err == nil {
				err = closed
			}
			return err
		}, func(err error) {
			if err != nil {
				k.f.notice.fail(err, nil)
				return
			}
			k.f.notice.done(lang.L("{{.Name}} enregistré", map[string]any{"Name": name}))
		})
	}, k.f.w.window)
	saving.SetFileName(name)
	saving.SetTitleText(lang.L("Enregistrer {{.Name}}", map[string]any{"Name": name}))
	saving.SetConfirmText(lang.L("Enregistrer"))
	saving.Show()
}

// showPanel shows what the register knows of the requester.
func (k *ticket) showPanel(found record) {
	k.panel.Objects = nil
	k.showAccount(found)
	k.showOrganisation(found)
	k.showAnswer(found)
	k.panel.Refresh()
}

func (k *ticket) section(title string) {
	if len(k.panel.Objects) > 0 {
		k.panel.Add(widget.NewSeparator())
	}
	k.panel.Add(subheading(title))
}

func (k *ticket) showAccount(found record) {
	k.section(lang.L("Compte"))
	account := found.Account
	if account.ID == 0 {
		k.panel.Add(caption(lang.L("Aucun compte connu pour {{.Address}}.", map[string]any{"Address": found.RequesterAddress})))
		return
	}
	now := k.f.guichet.Now()
	k.panel.Add(mono(account.Identifier))
	k.panel.Add(line(account.Name()))
	k.panel.Add(accountState(account, now))
	k.panel.Add(caption(lang.L("Dernière connexion : {{.When}}", map[string]any{"When": moment(account.LastSignInAt, now)})))
	renew := widget.NewButton(lang.L("Renouveler l’activation"), nil)
	renew.OnTapped = func() { k.f.renewActivation(account, renew) }
	validate := widget.NewButton(lang.L("Valider le compte"), nil)
	validate.OnTapped = func() { k.f.validateAccount(account, validate) }
	setEnabled(validate, account.ValidatedAt.IsZero() || !account.InvalidatedAt.IsZero())
	k.panel.Add(renew)
	k.panel.Add(validate)
	if account.Deactivation(now) != "" || !account.InvalidatedAt.IsZero() {
		reactivate := widget.NewButton(lang.L("Réactiver sur cette demande"), nil)
		reactivate.OnTapped = func() {
			k.f.onAccount(reactivate, func(ctx context.Context) error { return k.f.guichet.Reactivate(ctx, account.ID, found.ID) },
				lang.L("Le compte {{.Identifier}} est réactivé", map[string]any{"Identifier": account.Identifier}))
		}
		k.panel.Add(reactivate)
	}
	if len(found.Others) > 0 {
		k.panel.Add(caption(lang.L("Autres comptes de cette personne :")))
		for _, other := range found.Others {
			open := widget.NewButton(other.Identifier, func() { k.f.book.openAccount(other) })
			open.Importance, open.Alignment = widget.LowImportance, widget.ButtonAlignLeading
			k.panel.Add(open)
		}
	}
}

func (k *ticket) showOrganisation(found record) {
	organisation := found.Organisation
	k.section(lang.L("Organisation"))
	if organisation.ID == 0 {
		k.panel.Add(caption(lang.L("Organisation inconnue.")))
		return
	}
	name := paragraph(organisation.Name)
	name.TextStyle.Bold = true
	k.panel.Add(name)
	k.panel.Add(caption(lang.L("Représentant : {{.Name}}", map[string]any{"Name": representativeName(found.Representative)})))
	administrator := lang.L("aucun")
	if found.Administrator.ID != 0 {
		administrator = found.Administrator.Name()
	}
	k.panel.Add(caption(lang.L("Administrateur : {{.Name}}", map[string]any{"Name": administrator})))
	record := widget.NewButton(lang.L("Ouvrir la fiche"), func() { k.f.book.open(organisation.ID) })
	k.panel.Add(record)
	k.section(lang.L("Courrier"))
	if len(found.Letters) == 0 {
		k.panel.Add(caption(lang.L("Aucune lettre.")))
	}
	for _, letter := range found.Letters[:min(4, len(found.Letters))] {
		k.panel.Add(letterLine(letter))
		if letter.State == data.Posted {
			k.panel.Add(caption(k.f.reportable(letter.Letter)))
			if k.f.mayReport(letter.Letter) {
				k.panel.Add(k.reissueButton(letter))
			}
		}
	}
}

// reissueButton reports a letter as not received and has it replaced (R16).
func (k *ticket) reissueButton(letter data.LetterFile) fyne.CanvasObject {
	button := widget.NewButton(lang.L("Signaler non reçue et remplacer"), nil)
	button.OnTapped = func() { k.f.reissue(letter.Letter, button, func() {}) }
	return button
}

// showAnswer shows the stock answer to the ticket's heading, to be copied into
// a mail (R18).
func (k *ticket) showAnswer(found record) {
	k.section(lang.L("Réponse type"))
	answer := found.Heading.StockAnswer()
	k.panel.Add(caption(answer))
	copied := widget.NewButtonWithIcon(lang.L("Copier la réponse"), theme.ContentCopyIcon(), func() {
		k.f.w.fyneApp.Clipboard().SetContent(answer)
		k.f.notice.done(lang.L("Réponse copiée"))
	})
	k.panel.Add(copied)
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
	label := widget.NewLabel(text)
	label.Wrapping = fyne.TextWrapWord
	return container.NewBorder(nil, nil, container.NewVBox(container.NewPadded(widget.NewIcon(stateIcon(icon, color)))), nil, label)
}
