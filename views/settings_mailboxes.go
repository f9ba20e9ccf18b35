package views

import (
	"context"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"guichet/app"
	"guichet/data"
)

// settingsMailboxes are the accounts that assistance requests come into: one is
// shown at a time.
type settingsMailboxes struct {
	p       *settingsForm
	account *mailAccountFields
	drafts  []data.MailboxSettings // as typed
	chosen  int
	list    *widget.Select
	add     *button
	remove  *button
	folders *entry
	moveTo  *entry
	test    *button
	found   *prose
	fields  *fyne.Container
	none    *prose
}

func newSettingsMailboxes(s *settings) *settingsForm {
	p := newSettingsForm(s, "mailboxes")
	v := &settingsMailboxes{p: p, found: paragraph(""), none: caption(lang.L("Aucune boîte n’est réglée : les demandes n’arrivent pas. Ajoutez le compte IMAP de l’assistance."))}
	v.account = newMailAccountFields(p, "mailbox", func() string { return app.MailboxPassword(v.current()) })
	v.list = widget.NewSelect(nil, func(string) { v.choose(v.list.SelectedIndex()) })
	v.add = newIconButton(lang.L("Ajouter une boîte"), theme.ContentAddIcon(), v.onAdd)
	v.remove = newIconButton(lang.L("Retirer"), theme.DeleteIcon(), v.onRemove)
	v.test = newIconButton(lang.L("Tester"), theme.SearchIcon(), v.onTest)
	p.fill, p.typed, p.look = v.fill, v.typed, v.look
	p.placed = v.placed
	p.box = p.layOut(lang.L("Boîtes aux lettres"), lang.L("Les comptes IMAP d’où viennent les demandes. Un courriel n’est marqué ou rangé qu’une fois gardé."),
		container.New(atMost(760), v.content()))
	return p
}

func (v *settingsMailboxes) content() fyne.CanvasObject {
	p := v.p
	var folders, moveTo fyne.CanvasObject
	v.folders, folders = p.text("mailbox.folders", lang.L("Dossiers relevés, entre virgules *"))
	v.moveTo, moveTo = p.text("mailbox.move_to", lang.L("Ranger ensuite dans le dossier (vide : marquer comme lu)"))
	v.fields = container.NewVBox(v.account.content(columns(2, folders, moveTo)), container.NewBorder(nil, nil, v.test, nil, v.found))
	return container.New(layout.NewCustomPaddedVBoxLayout(12),
		container.NewBorder(nil, nil, nil, container.NewHBox(v.remove, v.add), v.list), v.none, v.fields)
}

// current is the mailbox shown, as typed.
func (v *settingsMailboxes) current() data.MailboxSettings {
	port := wholeNumber(v.account.port.Text)
	return data.MailboxSettings{
		Host: strings.TrimSpace(v.account.host.Text), Port: port, Security: chosenOf(v.account.security, "tls"),
		User: strings.TrimSpace(v.account.user.Text), Auth: v.account.chosenAuth(), OAuth: v.account.typedOAuth(),
		Folders: folderNames(v.folders.Text), MoveTo: strings.TrimSpace(v.moveTo.Text), CertificateFile: strings.TrimSpace(v.account.certificate.Text),
	}
}

func folderNames(typed string) (names []string) {
	for name := range strings.SplitSeq(typed, ",") {
		if name = strings.TrimSpace(name); name != "" {
			names = append(names, name)
		}
	}
	return names
}

func (v *settingsMailboxes) fill(r registerSettings) {
	v.drafts = slices.Clone(r.Mailboxes)
	v.chosen = min(max(v.chosen, 0), len(v.drafts)-1)
	v.show()
}

// show shows the mailbox chosen.
func (v *settingsMailboxes) show() {
	filling := v.p.filling
	v.p.filling = true
	defer func() { v.p.filling = filling }()
	var names []string
	for _, draft := range v.drafts {
		name := draft.Account()
		if draft.Host == "" {
			name = lang.L("Nouvelle boîte")
		}
		names = append(names, name)
	}
	changed := v.list.OnChanged
	v.list.OnChanged = nil
	v.list.SetOptions(names)
	v.list.ClearSelected()
	if v.chosen >= 0 {
		v.list.SetSelectedIndex(v.chosen)
	}
	v.list.OnChanged = changed
	some := len(v.drafts) > 0
	setVisible(v.fields, some)
	setVisible(v.none, !some)
	setVisible(v.list, some)
	setEnabled(v.remove, some)
	v.found.SetText("")
	if some {
		m := v.drafts[v.chosen]
		v.account.fill(m.Host, m.Port, m.Security, m.User, m.Auth, m.OAuth, m.CertificateFile)
		v.folders.SetText(strings.Join(m.Folders, ", "))
		v.moveTo.SetText(m.MoveTo)
	}
	v.p.fields.clear()
	if v.p.body != nil {
		v.p.fit()
	}
}

// keep takes what is typed into the drafts.
func (v *settingsMailboxes) keep() {
	if v.chosen >= 0 && v.chosen < len(v.drafts) {
		v.drafts[v.chosen] = v.current()
	}
}

func (v *settingsMailboxes) choose(i int) {
	if i == v.chosen || i < 0 {
		return
	}
	v.keep()
	v.chosen = i
	v.show()
}

func (v *settingsMailboxes) onAdd() {
	v.keep()
	v.drafts = append(v.drafts, data.DefaultMailbox())
	v.chosen = len(v.drafts) - 1
	v.show()
	v.p.enable()
	v.p.fields.focus(v.p.s.f.w, "mailbox.host")
}

func (v *settingsMailboxes) onRemove() {
	v.drafts = slices.Delete(v.drafts, v.chosen, v.chosen+1)
	v.chosen = min(v.chosen, len(v.drafts)-1)
	v.show()
	v.p.enable()
}

func (v *settingsMailboxes) typed(r registerSettings) (registerSettings, error) {
	v.keep()
	r.Mailboxes = slices.Clone(v.drafts)
	return r, nil
}

// look shows what is wrong with the mailbox shown.
func (v *settingsMailboxes) look() {
	var err error
	if len(v.drafts) > 0 {
		err = data.Settings{Mailboxes: []data.MailboxSettings{v.current()}}.CheckMailboxes()
	}
	v.p.fields.show(err)
	v.p.fit()
}

// placed shows the first mailbox that something is wrong with.
func (v *settingsMailboxes) placed(err error) error {
	for i := range v.drafts {
		if (data.Settings{Mailboxes: v.drafts[:i+1]}).CheckMailboxes() != nil {
			v.choose(i)
			break
		}
	}
	return err
}

// onTest signs in to the mailbox as it is typed, with the secret that is kept.
func (v *settingsMailboxes) onTest() {
	f, m := v.p.s.f, v.current()
	v.found.SetText(lang.L("Connexion…"))
	start(f.scope, "mail test", v.test, func(ctx context.Context) (app.MailboxCheck, error) { return f.guichet.CheckMailbox(ctx, m) },
		func(check app.MailboxCheck, err error) {
			v.found.Importance = widget.SuccessImportance
			switch {
			case err != nil:
				v.found.Importance = widget.DangerImportance
				v.p.fields.show(err)
				v.found.SetText(message(err))
			case check.Idle:
				v.found.SetText(counted("{{.PluralCount}} courriels ; le serveur prévient des nouveaux.", check.Messages))
			default:
				v.found.SetText(counted("{{.PluralCount}} courriels ; relevés toutes les 5 minutes.", check.Messages))
			}
			if err == nil {
				v.found.SetText(v.found.Text + "\n" + lang.L("Dossiers du compte : {{.Names}}", map[string]any{"Names": strings.Join(check.Folders, ", ")}))
			}
			v.p.fit()
		})
}
