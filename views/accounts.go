package views

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"

	"guichet/app"
	"guichet/data"
)

// blocksText lists why an account is not usable.
func blocksText(blocks []data.Block) string {
	texts := make([]string, len(blocks))
	for i, block := range blocks {
		texts[i] = word(block)
	}
	return strings.Join(texts, " · ")
}

// onAccount runs a use case on an account and says that it is done.
func (f *frame) onAccount(button *button, do func(context.Context) error, text string) {
	act(f.scope, button, do, func(err error) {
		if err != nil {
			f.notice.fail(err, nil)
			return
		}
		f.changed(text)
	})
}

func (f *frame) renewActivation(account data.Account, button *button) {
	f.onAccount(button, func(ctx context.Context) error { return f.guichet.RenewActivation(ctx, account.ID) },
		lang.L("Un nouveau lien d’activation part vers {{.Email}} ; l’ancien ne vaut plus", map[string]any{"Email": account.Email}))
}

func (f *frame) validateAccount(account data.Account, button *button) {
	f.onAccount(button, func(ctx context.Context) error { return f.guichet.ValidateAccount(ctx, account.ID) },
		lang.L("Le compte {{.Identifier}} est validé", map[string]any{"Identifier": account.Identifier}))
}

// accounts lists an organisation's accounts, with what can be done with the
// one selected.
type accounts struct {
	f          *frame
	record     app.OrganisationRecord
	table      *table[data.Account]
	renew      *button
	validate   *button
	invalidate *button
	succeed    *button
	details    *button
	detail     *prose
	box        *fyne.Container
}

func newAccounts(f *frame) *accounts {
	a := &accounts{f: f, detail: paragraph("")}
	a.table = newTable(f.w, "comptes", func(account data.Account) int64 { return account.ID },
		column[data.Account]{title: lang.L("Identifiant"), width: 164, mono: true, text: func(account data.Account) string { return account.Identifier }},
		column[data.Account]{title: lang.L("Nom"), width: 110, grow: 1, text: data.Account.Name},
		column[data.Account]{title: lang.L("Rôle"), width: 104, text: a.role, bold: func(account data.Account) bool { return account.ID == a.record.Administrator.ID }},
		column[data.Account]{title: lang.L("État"), width: 130, grow: 3, text: a.state, icon: a.stateIcon},
	)
	a.table.setEmpty(lang.L("Aucun compte. La première inscription est d’ordinaire celle de l’administrateur."), nil)
	a.table.onSelected = func(data.Account) { a.showActs() }
	a.renew = newButton(lang.L("Renouveler l’activation"), func() { a.with(func(c data.Account) { f.renewActivation(c, a.renew) }) })
	a.validate = newButton(lang.L("Valider"), func() { a.with(func(c data.Account) { f.validateAccount(c, a.validate) }) })
	a.invalidate = newButton(lang.L("Invalider"), func() { a.with(a.onInvalidate) })
	a.details = newIconButton(lang.L("Ouvrir la fiche"), theme.NavigateNextIcon(), a.table.open)
	a.succeed = newButton(lang.L("Demander à devenir administrateur"), func() { a.with(a.onSucceed) })
	return a
}

func (a *accounts) with(do func(data.Account)) {
	if account, ok := a.table.current(); ok {
		do(account)
	}
}

func (a *accounts) role(account data.Account) string {
	if account.ID == a.record.Administrator.ID {
		return lang.L("Administrateur")
	}
	for _, request := range a.record.Requests {
		if request.AccountID == account.ID && request.Kind.MakesAdministrator() {
			return lang.L("Candidat")
		}
	}
	return lang.L("Utilisateur")
}

func (a *accounts) state(account data.Account) string {
	if blocks := account.Blocks(a.f.guichet.Now()); len(blocks) > 0 {
		return blocksText(blocks)
	}
	return lang.L("Utilisable")
}

func (a *accounts) stateIcon(account data.Account) (fyne.Resource, fyne.ThemeColorName) {
	if account.Usable(a.f.guichet.Now()) {
		return theme.ConfirmIcon(), theme.ColorNameSuccess
	}
	return theme.WarningIcon(), theme.ColorNameWarning
}

func (a *accounts) content() fyne.CanvasObject {
	acts := container.NewHBox(a.f.offer("RenewActivation", a.renew), a.f.offer("ValidateAccount", a.validate), a.f.offer("InvalidateAccount", a.invalidate), layout.NewSpacer())
	a.box = container.NewBorder(nil, container.NewVBox(a.detail, acts, container.NewHBox(a.details, a.f.offer("RequestSuccession", a.succeed))), nil, nil, a.table.content)
	return a.box
}

func (a *accounts) show(record app.OrganisationRecord) {
	a.record = record
	a.table.show(record.Accounts)
	if _, ok := a.table.current(); !ok {
		a.table.choose(0)
	}
	a.showActs()
}

func (a *accounts) showActs() {
	account, ok := a.table.current()
	now := a.f.guichet.Now()
	setEnabled(a.renew, ok && !account.Usable(now))
	setEnabled(a.validate, ok && (account.ValidatedAt.IsZero() || !account.InvalidatedAt.IsZero()))
	setEnabled(a.invalidate, ok && account.InvalidatedAt.IsZero() && account.ID != a.record.Administrator.ID)
	setEnabled(a.details, ok)
	setEnabled(a.succeed, ok && account.Usable(now) && account.ID != a.record.Administrator.ID)
	a.detail.SetText("")
	if ok {
		a.detail.SetText(lang.L("{{.Name}} · {{.Email}} · inscrit le {{.Registered}} · dernière connexion {{.SignIn}}", map[string]any{
			"Name": account.Name(), "Email": account.Email, "Registered": day(account.RegisteredAt), "SignIn": moment(account.LastSignInAt, now),
		}))
	}
	if a.box != nil {
		a.box.Refresh() // the text takes a line, or two
	}
}

func (a *accounts) onInvalidate(account data.Account) {
	a.f.onAccount(a.invalidate, func(ctx context.Context) error { return a.f.guichet.InvalidateAccount(ctx, account.ID) },
		lang.L("Le compte {{.Identifier}} est invalidé", map[string]any{"Identifier": account.Identifier}))
}

func (a *accounts) onSucceed(account data.Account) {
	start(a.f.scope, "", a.succeed, func(ctx context.Context) (string, error) {
		return a.f.guichet.RequestSuccession(ctx, account.ID)
	}, func(reference string, err error) {
		if err != nil {
			a.f.notice.fail(err, nil)
			return
		}
		a.f.changed(lang.L("Demande enregistrée : la lettre {{.Reference}} est en file", map[string]any{"Reference": reference}))
	})
}
