package views

import (
	"context"

	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/widget"

	"guichet/data"
)

// openMergeForm asks which organisation to keep of one entered twice.
func openMergeForm(f *frame, former data.Organisation) {
	fields := newForm()
	search := newEntry(f.w)
	search.PlaceHolder = lang.L("Nom, SIREN, code postal, identifiant…")
	kept := widget.NewSelect(nil, nil)
	kept.PlaceHolder = lang.L("Cherchez d’abord")
	var found []data.OrganisationSummary
	search.OnChanged = func(text string) {
		start(f.scope, "merge", nil, func(ctx context.Context) ([]data.OrganisationSummary, error) {
			return f.guichet.Directory(ctx, data.DirectoryFilter{Text: text}, 0, 20)
		}, func(result []data.OrganisationSummary, err error) {
			found = nil
			var names []string
			for _, o := range result {
				if o.Organisation.ID != former.ID {
					found = append(found, o)
					names = append(names, o.Name+" · "+dash(o.Address.PostalCode))
				}
			}
			kept.SetOptions(names)
			if len(names) > 0 {
				kept.SetSelectedIndex(0)
			}
		})
	}
	text := newProse(lang.L("Les comptes, demandes, abonnements et lettres de {{.Name}} passent à l’organisation gardée ; {{.Name}} est archivée. Cela ne se défait pas.",
		map[string]any{"Name": former.Name}))
	content := container.NewVBox(text, fields.add("search", lang.L("Chercher"), search), fields.add("kept", lang.L("Organisation à garder *"), kept))
	m := f.w.openDialog(lang.L("Fusionner"), lang.L("Fusionner les deux"), true, 520, content, func(m *modal) {
		i := kept.SelectedIndex()
		if i < 0 || i >= len(found) {
			m.fail(data.Problems{{Field: "kept", Message: "Ce champ est obligatoire"}}, fields)
			return
		}
		into := found[i].Organisation
		act(f.scope, m.button, func(ctx context.Context) error { return f.guichet.MergeOrganisations(ctx, former.ID, into.ID) }, func(err error) {
			if err != nil {
				m.fail(err, fields)
				return
			}
			f.w.closeDialog()
			f.book.open(into.ID)
			f.notice.done(lang.L("{{.Former}} est fusionnée dans {{.Kept}}", map[string]any{"Former": former.Name, "Kept": into.Name}))
		})
	})
	m.help = "merge"
	fields.focus(f.w, "search")
}

// openArchiveForm asks before an organisation leaves the portal.
func openArchiveForm(f *frame, o data.Organisation) {
	text := newProse(lang.L("{{.Name}} quitte le portail : ses inscriptions en attente sont retirées, ses abonnements prennent fin, ses comptes sont invalidés.",
		map[string]any{"Name": o.Name}))
	m := f.w.openDialog(lang.L("Archiver l’organisation"), lang.L("Archiver"), true, 460, text, func(m *modal) {
		act(f.scope, m.button, func(ctx context.Context) error { return f.guichet.ArchiveOrganisation(ctx, o.ID) }, func(err error) {
			if err != nil {
				m.fail(err, nil)
				return
			}
			f.w.closeDialog()
			f.changed(lang.L("{{.Name}} est archivée", map[string]any{"Name": o.Name}))
		})
	})
	m.help = "merge"
}
