package views

import (
	"context"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"

	"guichet/app"
	"guichet/data"
)

// command is something that the palette leads to: a screen, an act or a record.
type command struct {
	title  string
	detail string // what it is, or belongs to
	icon   fyne.Resource
	do     func()
}

// palette finds any screen, act or record by a few letters (Ctrl+K): arrows and
// Enter choose, Escape closes.
type palette struct {
	f       *frame
	dialog  *modal
	field   *paletteEntry
	rows    []*paletteRow
	box     *fyne.Container
	none    *prose
	fixed   []command
	current int
}

const (
	paletteWidth = 620
	paletteRows  = 12
	// paletteRest is how long typing rests before the register is asked.
	paletteRest = 120 * time.Millisecond
)

// openPalette opens the palette over whatever is shown.
func (f *frame) openPalette() {
	p := &palette{f: f, box: container.New(layout.NewCustomPaddedVBoxLayout(0)), fixed: f.commands()}
	p.field = newPaletteEntry(p)
	p.field.OnChanged = func(string) { p.onTyped() }
	p.field.PlaceHolder = lang.L("Organisation, compte, lettre, demande, écran ou geste…")
	p.none = caption(lang.L("Rien ne porte ce nom ni ce numéro."))
	list := container.New(minHeight(paletteRows*(rowHeight+1)+6), container.NewStack(p.box, container.NewVBox(p.none)))
	p.dialog = f.w.overlay(padded(10, wide(paletteWidth, container.NewVBox(p.field, list))))
	p.show(p.fixed)
	f.w.window.Canvas().Focus(p.field)
}

func (p *palette) onTyped() {
	typed := p.field.Text
	known := matching(p.fixed, typed)
	p.show(known)
	if strings.TrimSpace(typed) == "" {
		return
	}
	p.none.Hide()
	p.f.scope.later("palette", paletteRest, func() {
		start(p.f.scope, "palette", nil, func(ctx context.Context) (app.Found, error) { return p.f.guichet.Find(ctx, typed) },
			func(found app.Found, err error) {
				switch {
				case p.f.w.dialog != p.dialog || p.field.Text != typed: // closed, or typed on
				case err != nil:
					p.dialog.notice.fail(err, nil)
				default:
					// What could be chosen before stays first: Enter may be on its way.
					p.show(slices.Concat(known[:min(len(known), paletteRows/2)], ranked(p.f.records(found), typed)))
				}
			})
	})
}

// matches tells whether a command has, for each word, a word that begins with it.
func (c command) matches(words []string) bool {
	shown := " " + strings.Join(wordsOf(c.title+" "+c.detail), " ")
	return !slices.ContainsFunc(words, func(word string) bool { return !strings.Contains(shown, " "+word) })
}

// matching are the commands that match what was typed.
func matching(all []command, typed string) []command {
	words := wordsOf(typed)
	return slices.DeleteFunc(slices.Clone(all), func(c command) bool { return !c.matches(words) })
}

// ranked puts the records that show what was typed before those that hold it
// elsewhere.
func ranked(found []command, typed string) []command {
	words := wordsOf(typed)
	place := func(c command) int {
		if c.matches(words) {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(found, func(a, b command) int { return place(a) - place(b) })
	return found
}

// wordsOf are a text's words, without capitals and accents.
func wordsOf(text string) []string {
	return strings.FieldsFunc(data.Fold(text), func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') })
}

// show lists commands, the first one chosen.
func (p *palette) show(found []command) {
	p.rows, p.box.Objects = nil, nil
	for _, c := range found[:min(len(found), paletteRows)] {
		row := newPaletteRow(c, func() { p.run(c) })
		p.rows = append(p.rows, row)
		p.box.Add(row)
	}
	setVisible(p.none, len(found) == 0)
	p.box.Refresh()
	p.move(0)
}

// move marks a row.
func (p *palette) move(to int) {
	p.current = max(0, min(to, len(p.rows)-1))
	for i, row := range p.rows {
		row.mark(i == p.current)
	}
}

// run closes the palette and does what was chosen.
func (p *palette) run(c command) {
	p.f.w.closeDialog()
	c.do()
}

// records are the commands of what was found, each leading to its page.
func (f *frame) records(found app.Found) (commands []command) {
	for _, letter := range found.Letters {
		commands = append(commands, command{
			title: letter.Reference, detail: word(letter.State) + " · " + letter.Organisation.Name, icon: theme.MailComposeIcon(),
			do: func() { f.openLetter(letter) },
		})
	}
	if f.book != nil {
		for _, o := range found.Organisations {
			commands = append(commands, command{
				title: o.Organisation.Name, detail: strings.Join([]string{word(o.Organisation.Kind), o.Organisation.Address.PostalCode}, " · "), icon: theme.HomeIcon(),
				do: func() { f.book.open(o.Organisation.ID) },
			})
		}
		for _, a := range found.Accounts {
			commands = append(commands, command{
				title: a.Account.Name() + " · " + a.Account.Identifier, detail: a.OrganisationName, icon: theme.AccountIcon(),
				do: func() { f.book.openAccount(a.Account) },
			})
		}
	}
	for _, t := range found.Tickets {
		commands = append(commands, command{
			title: t.Number + " · " + shortSubject(t.Subject), detail: t.RequesterAddress, icon: theme.MailReplyIcon(),
			do: func() { f.tickets.showTicket(t.Ticket) },
		})
	}
	return commands
}

// openLetter shows a letter among its organisation's, or, to those without the
// directory, among the letters in its state.
func (f *frame) openLetter(letter data.LetterFile) {
	if f.book == nil {
		f.mail.showFollowUp(data.LetterFilter{State: letter.State})
		f.mail.follow.table.chooseRecord(letter.Letter.ID)
		return
	}
	f.book.open(letter.Organisation.ID)
	f.book.record.tabs.SelectIndex(lettersTab)
}

// commands are the screens and acts of the operator's roles.
func (f *frame) commands() (all []command) {
	add := func(detail, title string, icon fyne.Resource, do func()) {
		all = append(all, command{title: title, detail: detail, icon: icon, do: do})
	}
	for _, item := range f.nav.items {
		add(lang.L("Écran"), item.text, item.icon, func() { f.show(item.screen) })
	}
	if f.mail != nil {
		for i, tab := range []string{lang.L("À composer"), lang.L("Lots"), lang.L("Postés"), lang.L("Retours"), lang.L("Suivi")} {
			add(lang.L("Courrier"), tab, theme.MailComposeIcon(), func() { f.mail.open(i) })
		}
	}
	if f.tickets != nil {
		for _, v := range f.tickets.views {
			if v.view != "" {
				add(lang.L("Assistance"), word(v.view), theme.MailReplyIcon(), func() { f.tickets.showView(v.view) })
			}
		}
		add(lang.L("Assistance"), lang.L("Envois en échec"), theme.MailSendIcon(), f.tickets.openOutbox)
	}
	if f.settings != nil {
		for _, topic := range f.settings.topics {
			add(lang.L("Réglages"), topic.title, theme.SettingsIcon(), func() {
				f.settings.open(topic)
				f.show(f.settings)
			})
		}
	}
	return append(all, f.acts()...)
}

// acts are what the operator may do from anywhere.
func (f *frame) acts() (all []command) {
	act := lang.L("Geste")
	add := func(useCase, title string, icon fyne.Resource, do func()) {
		if useCase == "" || f.may(useCase) {
			all = append(all, command{title: title, detail: act, icon: icon, do: do})
		}
	}
	inBook := func(do func()) func() {
		return func() {
			f.show(f.book)
			do()
		}
	}
	if f.book != nil {
		add("AddOrganisation", lang.L("Nouvelle organisation…"), theme.ContentAddIcon(), inBook(f.book.onAdd))
		add("Import", lang.L("Importer…"), theme.FolderOpenIcon(), inBook(func() { f.book.openForm(newImportForm(f.book)) }))
		add("Export", lang.L("Exporter…"), theme.DownloadIcon(), inBook(func() { openExportForm(f) }))
		if shown := f.book.record.shown.Organisation; shown.ID != 0 {
			add("Register", lang.L("Nouvelle inscription — {{.Organisation}}", map[string]any{"Organisation": shown.Name}), theme.ContentAddIcon(), inBook(f.book.onRegister))
		}
	}
	add("Fetch", lang.L("Relever"), theme.MailReplyIcon(), f.mailbox.fetch)
	add("", lang.L("Actualiser"), theme.ViewRefreshIcon(), func() { f.current.reload() })
	add("", lang.L("Affichage…"), theme.ColorPaletteIcon(), f.w.openDisplay)
	add("", lang.L("Verrouiller (Ctrl+L)"), theme.VisibilityOffIcon(), f.w.lock)
	add("", lang.L("Changer mon mot de passe…"), theme.AccountIcon(), f.openPasswordForm)
	add("", lang.L("Fermer la session"), theme.LogoutIcon(), f.leaveSession)
	return all
}
