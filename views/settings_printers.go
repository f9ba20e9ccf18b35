package views

import (
	"bytes"
	"context"
	"os"
	"strconv"
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

// settingsPrinters is the page of the system's printers: how each is, and by
// how much its print is displaced.
type settingsPrinters struct {
	s        *settings
	table    *table[printerRow]
	settings data.Settings // the offsets saved
	drafts   map[string]offsetDraft
	filling  bool
	fields   *form
	name     *widget.Label
	dx, dy   *entry
	tray     *widget.Select
	trayBox  fyne.CanvasObject
	save     *button
	print    *button
	open     *button
	refresh  *button
	state    *widget.Label
	detail   *fyne.Container
	nothing  *prose // why there is no printer
	none     *fyne.Container
	box      fyne.CanvasObject
}

// printerRow is a printer in the table.
type printerRow struct {
	app.Printer
	id     int64
	offset data.PrinterOffset
}

func newSettingsPrinters(s *settings) *settingsPrinters {
	p := &settingsPrinters{s: s, drafts: map[string]offsetDraft{}, fields: newForm(), name: subheading(""), state: line(""), nothing: paragraph("")}
	p.table = newTable(s.f.w, "imprimantes", func(r printerRow) int64 { return r.id }, printerColumns()...)
	p.table.onSelected = func(printerRow) { p.showPrinter() }
	p.dx, p.dy = newEntry(s.f.w), newEntry(s.f.w)
	p.dx.OnChanged = func(string) { p.onTyped() }
	p.dy.OnChanged = func(string) { p.onTyped() }
	p.tray = widget.NewSelect(nil, nil)
	p.save = newIconButton(lang.L("Enregistrer le décalage"), theme.DocumentSaveIcon(), p.onSave)
	p.save.Importance = widget.HighImportance
	p.print = newIconButton(lang.L("Imprimer la feuille de calibrage"), theme.DocumentPrintIcon(), p.onPrint)
	p.open = newIconButton(lang.L("Ouvrir la feuille (PDF)"), theme.DocumentIcon(), p.onOpen)
	p.refresh = newIconButton(lang.L("Actualiser"), theme.ViewRefreshIcon(), p.reload)
	p.state.Importance = widget.WarningImportance
	p.name.Truncation = fyne.TextTruncateEllipsis
	p.box = p.layOut()
	return p
}

func printerColumns() []column[printerRow] {
	type row = printerRow
	return []column[row]{
		{title: lang.L("Imprimante"), width: 170, grow: 3, text: func(r row) string { return r.Description }, bold: func(r row) bool { return r.Default }},
		{title: lang.L("Nom système"), width: 120, grow: 1, mono: true, text: func(r row) string { return r.Name }},
		{title: lang.L("État"), width: 130, grow: 1, text: printerState, icon: printerIcon},
		{title: lang.L("Par défaut"), width: 84, text: func(r row) string { return yes(r.Default) }},
		{title: lang.L("Recto verso"), width: 92, text: func(r row) string { return yes(r.Duplex) }},
		{title: lang.L("Bacs"), width: 110, grow: 3, text: trayLabels},
		{title: lang.L("Décalage"), width: 158, text: func(r row) string { return offsetText(r.offset) }},
	}
}

// yes says yes; a dash stands for no, which is nothing to read.
func yes(is bool) string {
	if is {
		return lang.L("Oui")
	}
	return "—"
}

func printerState(r printerRow) string {
	switch {
	case r.Stopped:
		return lang.L("Arrêtée")
	case !r.Accepting:
		return lang.L("Refuse les travaux")
	}
	return lang.L("Prête")
}

func printerIcon(r printerRow) (fyne.Resource, fyne.ThemeColorName) {
	if r.Ready() {
		return theme.ConfirmIcon(), theme.ColorNameSuccess
	}
	return theme.WarningIcon(), theme.ColorNameWarning
}

func trayLabels(r printerRow) string {
	var labels []string
	for _, tray := range r.Trays {
		labels = append(labels, tray.Label)
	}
	return dash(strings.Join(labels, ", "))
}

func (p *settingsPrinters) layOut() fyne.CanvasObject {
	top := container.NewBorder(nil, nil, nil, container.NewCenter(p.refresh), heading(lang.L("Imprimantes")))
	p.trayBox = p.fields.add("tray", lang.L("Bac de la feuille de calibrage"), p.tray)
	offsets := container.NewHBox(
		wide(190, p.fields.add("dx", lang.L("Vers la droite, en mm"), p.dx)),
		wide(190, p.fields.add("dy", lang.L("Vers le bas, en mm"), p.dy)),
		wide(220, p.trayBox),
	)
	acts := container.NewBorder(nil, nil, container.NewHBox(p.save, p.print), nil, p.state)
	p.detail = container.NewVBox(widget.NewSeparator(), padded(6, container.NewVBox(p.name, offsets, acts)))
	p.nothing.Alignment, p.nothing.Importance = fyne.TextAlignCenter, widget.LowImportance
	p.none = container.NewCenter(wide(420, p.nothing))
	below := container.NewVBox(p.detail, widget.NewSeparator(), padded(6, p.instructions()))
	page := container.NewBorder(padded(4, top), below, nil, nil, container.NewStack(p.table.content, p.none))
	p.fields.root = page
	return page
}

// instructions say how a printer is calibrated.
func (p *settingsPrinters) instructions() fyne.CanvasObject {
	steps := []string{
		lang.L("Imprimez la feuille de calibrage à 100 %, sans « ajuster à la page » : le trait du bas mesure alors 100 mm."),
		lang.L("Mesurez à la règle, depuis les bords du papier, le centre de la croix : A depuis le bord gauche, B depuis le bord haut."),
		lang.L("La feuille dit comment en tirer les deux nombres à saisir ci-dessus. Un nombre négatif déplace vers la gauche ou vers le haut."),
		lang.L("Enregistrez, puis imprimez une nouvelle feuille pour vérifier : pliée et glissée dans l’enveloppe, elle n’en montre que l’adresse."),
	}
	list := container.New(layout.NewCustomPaddedVBoxLayout(-6))
	for i, step := range steps {
		text := newProse(step)
		list.Add(container.NewBorder(nil, nil, container.NewVBox(widget.NewLabel(strconv.Itoa(i+1)+".")), nil, text))
	}
	title := widget.NewLabelWithStyle(lang.L("Calibrer une imprimante"), fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
	return container.NewVBox(container.NewHBox(title, p.open), container.New(atMost(860), list))
}

func (p *settingsPrinters) content() fyne.CanvasObject { return p.box }

// foundPrinters is what the page shows.
type foundPrinters struct {
	printers []app.Printer
	settings data.Settings
	missing  error // why there is no printer
}

func (p *settingsPrinters) reload() {
	start(p.s.f.scope, "settings/printers", p.refresh, func(ctx context.Context) (found foundPrinters, err error) {
		if found.settings, err = p.s.f.guichet.Settings(ctx); err != nil {
			return found, err
		}
		found.printers, found.missing = p.s.f.guichet.Printers(ctx)
		return found, nil
	}, func(found foundPrinters, err error) {
		if err != nil {
			p.s.f.notice.fail(err, nil)
			return
		}
		p.show(found)
	})
}

func (p *settingsPrinters) show(found foundPrinters) {
	p.settings = found.settings
	rows := make([]printerRow, len(found.printers))
	chosen := 0
	for i, printer := range found.printers {
		rows[i] = printerRow{printer, int64(i + 1), found.settings.OffsetOf(printer.Name)}
		if printer.Default {
			chosen = i
		}
	}
	selected, _ := p.table.current()
	for i, row := range rows {
		if row.Name == selected.Name {
			chosen = i
		}
	}
	p.table.selected = 0
	p.table.show(rows)
	p.table.content.(*fyne.Container).Hidden = len(rows) == 0 // the page says why itself
	p.nothing.SetText(lang.L("Ce poste n’a pas d’imprimante. Ajoutez-en une dans les réglages du système, puis choisissez « Actualiser »."))
	if found.missing != nil {
		p.nothing.SetText(message(found.missing) + ".")
	}
	p.none.Hidden, p.detail.Hidden = len(rows) > 0, len(rows) == 0
	p.table.choose(chosen)
	p.showPrinter()
	p.box.Refresh()
}

// showPrinter shows the printer selected, its offset as it was typed last.
func (p *settingsPrinters) showPrinter() {
	row, ok := p.table.current()
	if !ok {
		p.s.mark()
		return
	}
	p.name.SetText(row.Description)
	draft, typed := p.drafts[row.Name]
	if !typed {
		draft = offsetDraft{millimetresText(row.offset.DX), millimetresText(row.offset.DY)}
	}
	p.filling = true
	p.dx.SetText(draft.dx)
	p.dy.SetText(draft.dy)
	p.filling = false
	options := []string{lang.L("Au choix de l’imprimante")}
	for _, tray := range row.Trays {
		options = append(options, tray.Label)
	}
	p.tray.SetOptions(options)
	p.tray.SetSelectedIndex(0)
	p.trayBox.(*fyne.Container).Hidden = len(row.Trays) == 0
	p.fields.clear()
	setEnabled(p.print, row.Ready())
	p.enable()
}

// onTyped keeps what is typed for the printer selected.
func (p *settingsPrinters) onTyped() {
	row, ok := p.table.current()
	if p.filling || !ok {
		return
	}
	p.drafts[row.Name] = offsetDraft{p.dx.Text, p.dy.Text}
	if offset, err := p.drafts[row.Name].read(row.Name); err == nil && offset == row.offset {
		delete(p.drafts, row.Name)
	}
	p.enable()
	p.s.f.scope.later("settings/printers", typingRest, func() {
		_, err := offsetDraft{p.dx.Text, p.dy.Text}.read(row.Name)
		p.fields.show(err)
	})
}

func (p *settingsPrinters) changed() bool { return len(p.drafts) > 0 }

func (p *settingsPrinters) enable() {
	row, _ := p.table.current()
	_, typed := p.drafts[row.Name]
	setEnabled(p.save, typed)
	p.state.SetText("")
	switch {
	case typed:
		p.state.SetText(lang.L("Non enregistré"))
	case !row.Ready() && row.Reason != "":
		p.state.SetText(lang.L("L’imprimante signale : {{.Reason}}", map[string]any{"Reason": row.Reason}))
	}
	p.s.mark()
}

func (p *settingsPrinters) mainAct() { p.onSave() }

func (p *settingsPrinters) onSave() {
	row, ok := p.table.current()
	if !ok || p.save.Disabled() {
		return
	}
	offset, err := p.drafts[row.Name].read(row.Name)
	if err != nil {
		p.s.f.notice.fail(err, p.fields)
		return
	}
	act(p.s.f.scope, p.save, func(ctx context.Context) error { return p.s.f.guichet.SetPrinterOffset(ctx, offset) }, func(err error) {
		p.enable()
		if err != nil {
			p.s.f.notice.fail(err, p.fields)
			return
		}
		delete(p.drafts, row.Name)
		p.reload()
		p.s.f.notice.done(lang.L("Décalage de {{.Name}} enregistré : imprimez une nouvelle feuille pour vérifier", map[string]any{"Name": row.Description}))
	})
}

func (p *settingsPrinters) onPrint() {
	row, ok := p.table.current()
	if !ok {
		return
	}
	tray := ""
	if i := p.tray.SelectedIndex(); i > 0 {
		tray = row.Trays[i-1].Value
	}
	act(p.s.f.scope, p.print, func(ctx context.Context) error { return p.s.f.guichet.PrintCalibration(ctx, row.Name, tray) }, func(err error) {
		if err != nil {
			p.s.f.notice.fail(err, nil)
			return
		}
		p.s.f.notice.done(lang.L("Feuille de calibrage envoyée à {{.Name}}", map[string]any{"Name": row.Description}))
	})
}

// onOpen opens the sheet in the system's reader of PDFs, whose folder of
// temporary files keeps it: it bears no code.
func (p *settingsPrinters) onOpen() {
	row, _ := p.table.current()
	start(p.s.f.scope, "settings/calibration", p.open, func(ctx context.Context) (string, error) {
		var sheet bytes.Buffer
		if err := p.s.f.guichet.WriteCalibration(ctx, row.Name, &sheet); err != nil {
			return "", err
		}
		file, err := os.CreateTemp("", "guichet-*.pdf")
		if err != nil {
			return "", err
		}
		if _, err := file.Write(sheet.Bytes()); err != nil {
			file.Close()
			return "", err
		}
		return file.Name(), file.Close()
	}, func(path string, err error) {
		if err == nil {
			err = p.s.f.w.fyneApp.OpenURL(fileURL(path))
		}
		if err != nil {
			p.s.f.notice.fail(err, nil)
		}
	})
}

func (p *settingsPrinters) keys() []keyGroup {
	return []keyGroup{p.table.keyGroup(lang.L("Dans la liste"))}
}
