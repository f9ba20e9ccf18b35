package views

import (
	"cmp"
	"context"
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

// organisations is the directory: search, list, record; the registration form
// takes the place of both while it is open.
type organisations struct {
	f        *frame
	search   *entry
	pending  *widget.Check
	count    *widget.Label
	register *widget.Button
	add      *widget.Button
	table    *table[data.OrganisationSummary]
	record   *organisation
	form     *registration // nil: not open
	wanted   int64         // to select once listed
	area     *fyne.Container
}

func newOrganisations(f *frame) *organisations {
	o := &organisations{f: f, search: newEntry(f.w), count: widget.NewLabelWithStyle("", fyne.TextAlignTrailing, fyne.TextStyle{}), area: container.NewStack()}
	o.search.PlaceHolder = lang.L("Nom, SIREN, code postal, identifiant…")
	o.search.OnChanged = func(string) { o.f.scope.later("search", 200*time.Millisecond, o.reload) }
	o.search.OnSubmitted = func(string) { f.w.window.Canvas().Focus(o.table.grid) }
	o.pending = widget.NewCheck(lang.L("Inscriptions en attente"), func(bool) { o.reload() })
	o.count.Importance = widget.LowImportance
	o.register = widget.NewButtonWithIcon(lang.L("Nouvelle inscription"), theme.ContentAddIcon(), o.onRegister)
	o.register.Importance = widget.HighImportance
	o.add = widget.NewButton(lang.L("Nouvelle organisation…"), o.onAdd)
	o.table = newTable(f.w, func(s data.OrganisationSummary) int64 { return s.ID }, organisationColumns()...)
	o.table.setEmpty(lang.L("Aucune organisation ne correspond."), nil)
	o.table.onSelected = func(s data.OrganisationSummary) { o.record.reload(s.ID) }
	o.record = newOrganisation(o)
	return o
}

func organisationColumns() []column[data.OrganisationSummary] {
	type summary = data.OrganisationSummary
	return []column[summary]{
		{title: lang.L("Organisation"), width: 170, grow: 3, text: func(s summary) string { return s.Name }},
		{title: lang.L("CP"), width: 60, text: func(s summary) string { return dash(s.Address.PostalCode) }},
		{title: lang.L("Administrateur"), width: 104, grow: 2, text: func(s summary) string { return dash(s.Administrator.Name()) }},
		{
			title: lang.L("Comptes"), width: 70, right: true, text: func(s summary) string { return number(s.Accounts) },
			less: func(a, b summary) int { return cmp.Compare(a.Accounts, b.Accounts) },
		},
		{
			title: lang.L("Attente"), width: 66, right: true,
			text: func(s summary) string {
				if s.PendingRequests == 0 {
					return ""
				}
				return number(s.PendingRequests)
			},
			less: func(a, b summary) int { return cmp.Compare(a.PendingRequests, b.PendingRequests) },
			bold: func(summary) bool { return true },
		},
	}
}

func (o *organisations) content() fyne.CanvasObject {
	if o.form != nil {
		o.area.Objects = []fyne.CanvasObject{o.form.content()}
	} else {
		o.area.Objects = []fyne.CanvasObject{o.listing()}
	}
	return o.area
}

func (o *organisations) listing() fyne.CanvasObject {
	acts := container.NewHBox(o.register)
	if o.f.operator.Has(data.Administrator) {
		acts = container.NewHBox(o.add, o.register)
	}
	top := container.NewVBox(
		container.NewBorder(nil, nil, nil, acts, heading(lang.L("Annuaire"))),
		container.NewBorder(nil, nil, wide(360, o.search), wide(330, o.count), container.NewHBox(o.pending, layout.NewSpacer())),
	)
	return padded(8, container.NewBorder(top, nil, nil, nil, container.New(shares{0.46}, o.table.content, o.record.content())))
}

// shares lays two objects out beside each other, the first taking its share.
type shares struct{ first float32 }

func (s shares) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return objects[0].MinSize().Max(objects[1].MinSize()).Add(fyne.NewSize(objects[0].MinSize().Width, 0))
}

func (s shares) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	first := size.Width*s.first - 6
	objects[0].Resize(fyne.NewSize(first, size.Height))
	objects[1].Move(fyne.NewPos(first+12, 0))
	objects[1].Resize(fyne.NewSize(size.Width-first-12, size.Height))
}

func (o *organisations) reload() {
	if o.form != nil {
		return
	}
	query, pending := o.search.Text, o.pending.Checked
	start(o.f.scope, "organisations", nil, func(ctx context.Context) ([]data.OrganisationSummary, error) {
		found, err := o.f.guichet.FindOrganisations(ctx, query)
		if !pending {
			return found, err
		}
		var waiting []data.OrganisationSummary
		for _, summary := range found {
			if summary.PendingRequests > 0 {
				waiting = append(waiting, summary)
			}
		}
		return waiting, err
	}, func(found []data.OrganisationSummary, err error) {
		if err != nil {
			o.f.notice.fail(err, nil)
			return
		}
		o.show(found)
	})
}

func (o *organisations) show(found []data.OrganisationSummary) {
	if o.wanted != 0 {
		o.table.selected = o.wanted
	}
	o.table.show(found)
	text := lang.N("{{.PluralCount}} organisations", len(found))
	if len(found) == app.OrganisationsLimit {
		text = lang.L("Les {{.Limit}} premières : précisez la recherche", map[string]any{"Limit": number(app.OrganisationsLimit)})
	}
	o.count.SetText(text)
	if row := o.table.row(); row >= 0 {
		o.table.grid.reveal(row)
		o.record.reload(o.table.records[row].ID)
	} else if o.wanted != 0 {
		o.record.reload(o.wanted)
	} else {
		o.table.choose(0)
	}
	if len(found) == 0 {
		o.record.clear()
	}
	o.wanted = 0
}

// open shows an organisation's record.
func (o *organisations) open(id int64) {
	o.form, o.wanted = nil, id
	o.search.Text, o.pending.Checked = "", false
	o.search.Refresh()
	o.pending.Refresh()
	o.f.show(o)
}

// showPending lists the organisations with registrations to validate.
func (o *organisations) showPending() {
	o.form = nil
	o.pending.Checked = true
	o.pending.Refresh()
	o.f.show(o)
}

// onRegister opens the registration form for the organisation shown.
func (o *organisations) onRegister() {
	if o.record.shown.ID == 0 {
		o.f.notice.fail(data.Problems{{Field: "organisation", Message: "Choisissez l’organisation"}}, nil)
		return
	}
	o.form = newRegistration(o, o.record.shown)
	o.content()
	o.area.Refresh()
	o.form.focus()
}

// closeForm goes back to the list.
func (o *organisations) closeForm() {
	o.form = nil
	o.content()
	o.area.Refresh()
	o.reload()
}

func (o *organisations) onAdd() {
	openOrganisationForm(o.f, data.Organisation{Kind: data.Commune}, "", func(added data.Organisation) {
		o.open(added.ID)
		o.f.refreshCounts()
		o.f.notice.done(lang.L("Organisation enregistrée"))
	})
}

func (o *organisations) mainAct() {
	if o.form != nil {
		o.form.onValidate()
		return
	}
	o.onRegister()
}

func (o *organisations) back() {
	switch {
	case o.form != nil:
		o.closeForm()
	case o.search.Text != "" || o.pending.Checked:
		o.pending.Checked = false
		o.pending.Refresh()
		o.search.SetText("")
		o.reload()
	}
	o.f.w.window.Canvas().Focus(o.search)
}
