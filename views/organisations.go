package views

import (
	"context"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"guichet/data"
)

// organisations is the directory: search, filters, list, record. A form takes
// the place of all while it is open: a registration, an import or an export.
type organisations struct {
	f        *frame
	search   *entry
	kind     *widget.Select
	state    *widget.Select
	count    *widget.Label
	register *button
	more     *button
	table    *table[data.OrganisationSummary]
	record   *organisation
	form     directoryForm // nil: none is open
	order    data.DirectoryOrder
	down     bool
	wanted   int64 // to show once listed
	area     *fyne.Container
	setting  bool // the filters are being painted, not chosen
}

// directoryForm takes the place of the directory while it is open.
type directoryForm interface {
	content() fyne.CanvasObject
	focus()
	mainAct()
	help() string
}

// directoryStates are the filters of state, in the order of the list.
const (
	anyState = iota
	pendingState
	noAdministratorState
	overdueState
	doubtedState
	archivedState
)

func newOrganisations(f *frame) *organisations {
	o := &organisations{f: f, search: newEntry(f.w), area: container.NewStack()}
	o.count = widget.NewLabelWithStyle("", fyne.TextAlignTrailing, fyne.TextStyle{})
	o.count.Importance = widget.LowImportance
	o.search.asks = true
	o.search.PlaceHolder = lang.L("Nom, SIREN, code postal, identifiant…")
	o.search.OnChanged = func(string) { o.f.scope.later("search", 150*time.Millisecond, o.reload) }
	o.search.OnSubmitted = func(string) { f.w.window.Canvas().Focus(o.table.grid) }
	kinds := []string{lang.L("Tous les types")}
	for _, kind := range data.OrganisationKinds {
		kinds = append(kinds, word(kind))
	}
	o.kind = widget.NewSelect(kinds, o.onFilter)
	o.state = widget.NewSelect([]string{
		lang.L("Toutes"), lang.L("Inscription en attente"), lang.L("Sans administrateur"), lang.L("Lettre en retard"), lang.L("Adresse à vérifier"), lang.L("Archivées"),
	}, o.onFilter)
	o.setFilters(0, anyState)
	o.register = newIconButton(lang.L("Nouvelle inscription"), theme.ContentAddIcon(), o.onRegister)
	o.register.Importance = widget.HighImportance
	o.more = newIconButton(lang.L("Plus"), theme.MenuDropDownIcon(), o.onMore)
	o.table = newTable(f.w, "annuaire", func(s data.OrganisationSummary) int64 { return s.ID }, directoryColumns()...)
	o.table.pages = newPages[data.OrganisationSummary](o.fetchPage, o.onSorted)
	o.table.pages.reader = o.reader
	o.table.setEmpty(lang.L("Aucune organisation ne correspond."), nil)
	o.table.onSelected = func(s data.OrganisationSummary) { o.record.reload(s.ID) }
	o.record = newOrganisation(o)
	return o
}

// doubtIcon marks an organisation whose address is to be checked.
func doubtIcon(s data.OrganisationSummary) (fyne.Resource, fyne.ThemeColorName) {
	if s.AddressDoubtedAt.IsZero() {
		return nil, ""
	}
	return theme.WarningIcon(), theme.ColorNameWarning
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
	acts := container.NewHBox(o.f.offer("Import", o.more), o.f.offer("Register", o.register))
	filters := container.NewHBox(wide(190, o.kind), wide(190, o.state))
	top := container.NewVBox(
		container.NewBorder(nil, nil, nil, acts, heading(lang.L("Annuaire"))),
		container.NewBorder(nil, nil, container.New(windowShare{o.f.w, 0.26, 330}, o.search), container.New(windowShare{o.f.w, 0.17, 220}, o.count), filters),
	)
	return padded(8, container.NewBorder(top, nil, nil, nil, container.New(shares{0.45}, o.table.content, o.record.content())))
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

// filter is what the directory is asked for. It reads the widgets: on the UI
// goroutine only.
func (o *organisations) filter() data.DirectoryFilter {
	filter := data.DirectoryFilter{Text: o.search.Text, Order: o.order, Descending: o.down}
	if i := o.kind.SelectedIndex(); i > 0 {
		filter.Kind = data.OrganisationKinds[i-1]
	}
	switch o.state.SelectedIndex() {
	case pendingState:
		filter.Pending = true
	case noAdministratorState:
		filter.NoAdministrator = true
	case overdueState:
		filter.PostedBy = data.OverduePostedBy(o.f.guichet.Now(), o.f.alsaceMoselle)
	case doubtedState:
		filter.AddressDoubted = true
	case archivedState:
		filter.Archived = true
	}
	return filter
}

// directoryPage is the first page of the directory.
type directoryPage struct {
	total int
	first []data.OrganisationSummary
}

func (o *organisations) reload() {
	if o.form != nil {
		return
	}
	filter := o.filter()
	load(o.f, "organisations", func(ctx context.Context) (page directoryPage, err error) {
		if page.total, err = o.f.guichet.CountDirectory(ctx, filter); err != nil {
			return page, err
		}
		page.first, err = o.f.guichet.Directory(ctx, filter, 0, pageSize)
		return page, err
	}, func(page directoryPage) {
		o.show(page)
	})
}

// fetchPage reads another page of the list.
func (o *organisations) fetchPage(page int) {
	read := o.reader()
	start(o.f.scope, "", nil, func(ctx context.Context) ([]data.OrganisationSummary, error) { return read(ctx, page) }, func(found []data.OrganisationSummary, err error) {
		if err != nil {
			o.f.notice.fail(err, nil)
			return
		}
		o.table.pageArrived(page, found)
	})
}

// reader reads any page of the list shown.
func (o *organisations) reader() pageReader[data.OrganisationSummary] {
	filter := o.filter()
	return func(ctx context.Context, page int) ([]data.OrganisationSummary, error) {
		return o.f.guichet.Directory(ctx, filter, page*pageSize, pageSize)
	}
}

func (o *organisations) show(page directoryPage) {
	row := 0
	for i, summary := range page.first {
		if summary.ID == o.wanted || o.wanted == 0 && summary.ID == o.record.shown.Organisation.ID {
			row = i
		}
	}
	wanted := o.wanted
	o.wanted = 0
	o.count.SetText(lang.N("{{.PluralCount}} organisations", page.total, map[string]any{"PluralCount": number(page.total)}))
	if page.total == 0 {
		o.sayEmpty()
	}
	o.table.showPages(page.total, page.first, row)
	switch {
	case page.total == 0:
		o.record.clear()
	case wanted != 0:
		o.record.reload(wanted)
	}
}

// sayEmpty says why nothing is listed, and what fills a directory that holds
// nothing at all.
func (o *organisations) sayEmpty() {
	filter := o.filter()
	filter.Order, filter.Descending = "", false
	if filter != (data.DirectoryFilter{}) {
		o.table.setEmpty(lang.L("Aucune organisation ne correspond."), nil)
		return
	}
	read := newIconButton(lang.L("Importer…"), theme.FolderOpenIcon(), func() { o.openForm(newImportForm(o)) })
	add := newIconButton(lang.L("Nouvelle organisation…"), theme.ContentAddIcon(), o.onAdd)
	o.table.setEmpty(lang.L("L’annuaire est vide. Un fichier CSV ou XLSX apporte autant d’organisations qu’il en faut."),
		o.f.offer("Import", container.NewHBox(read, add)))
}

func (o *organisations) onSorted(col int, down bool) {
	o.order, o.down = "", down
	if col >= 0 {
		o.order = directoryOrders[col]
	}
	o.reload()
}

func (o *organisations) onFilter(string) {
	if !o.setting {
		o.reload()
	}
}

// setFilters paints the filters without a reload.
func (o *organisations) setFilters(kind, state int) {
	o.setting = true
	o.kind.SetSelectedIndex(kind)
	o.state.SetSelectedIndex(state)
	o.setting = false
}

// open shows an organisation's record.
func (o *organisations) open(id int64) {
	o.form, o.wanted = nil, id
	o.search.Text = ""
	o.search.Refresh()
	o.setFilters(0, anyState)
	o.f.show(o)
}

// openAccount shows an account's page, in its organisation's record.
func (o *organisations) openAccount(account data.Account) {
	o.open(account.OrganisationID)
	o.record.openAccount(account)
}

// showPending lists the organisations with registrations to validate.
func (o *organisations) showPending() { o.showState(pendingState) }

// showDoubted lists the organisations whose address is to be checked.
func (o *organisations) showDoubted() { o.showState(doubtedState) }

func (o *organisations) showState(state int) {
	o.form = nil
	o.search.Text = ""
	o.search.Refresh()
	o.setFilters(0, state)
	o.f.show(o)
}

// onRegister opens the registration form for the organisation shown.
func (o *organisations) onRegister() {
	if o.record.shown.Organisation.ID == 0 {
		o.f.notice.fail(data.Problems{{Field: "organisation", Message: "Choisissez l’organisation"}}, nil)
		return
	}
	o.openForm(newRegistration(o, o.record.shown))
}

// onMore shows the acts that are done now and then.
func (o *organisations) onMore() {
	menu := fyne.NewMenu("",
		fyne.NewMenuItem(lang.L("Nouvelle organisation…"), o.onAdd),
		fyne.NewMenuItem(lang.L("Importer…"), func() { o.openForm(newImportForm(o)) }),
		fyne.NewMenuItem(lang.L("Exporter…"), func() { openExportForm(o.f) }),
	)
	below := fyne.CurrentApp().Driver().AbsolutePositionForObject(o.more).AddXY(0, o.more.Size().Height)
	widget.ShowPopUpMenuAtPosition(menu, o.f.w.window.Canvas(), below)
}

func (o *organisations) openForm(form directoryForm) {
	o.form = form
	o.content()
	o.area.Refresh()
	form.focus()
}

// leaveForm goes back to the list; what is typed is asked about.
func (o *organisations) leaveForm() {
	if form, ok := o.form.(interface{ changed() bool }); ok && form.changed() {
		o.f.w.askToDrop(func() {
			o.f.w.closeDialog()
			o.closeForm()
		})
		return
	}
	o.closeForm()
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

// focus puts the caret into the search: typing searches at once.
func (o *organisations) focus() {
	if o.form != nil {
		o.form.focus()
		return
	}
	o.f.w.window.Canvas().Focus(o.search)
}

func (o *organisations) help() string {
	switch {
	case o.form != nil:
		return o.form.help()
	case o.record.account != nil:
		return "organisation"
	}
	return "directory"
}

func (o *organisations) keys() []keyGroup {
	if o.form != nil {
		return nil
	}
	return []keyGroup{o.table.keyGroup(lang.L("Dans la liste"))}
}

func (o *organisations) mainAct() {
	if o.form != nil {
		o.form.mainAct()
		return
	}
	o.onRegister()
}

func (o *organisations) back() {
	switch {
	case o.form != nil:
		o.leaveForm()
		return
	case o.record.account != nil:
		o.record.closeAccount()
		return
	default:
		o.setFilters(0, anyState)
		o.search.SetText("")
		o.reload()
	}
	o.f.w.window.Canvas().Focus(o.search)
}
