package views

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"guichet/app"
)

// fileKindNames name the files of the register, in the order of app.FileKinds.
func fileKindNames() []string {
	return []string{lang.L("Organisations"), lang.L("Représentants"), lang.L("Comptes"), lang.L("Abonnements"), lang.L("Permissions")}
}

// importForm reads a file of the register: first as a dry run that shows what
// would change, line by line, then for good.
type importForm struct {
	o       *organisations
	f       *frame
	kind    *widget.Select
	choose  *button
	read    *button
	summary *prose
	ignored *prose // the columns of which nothing is taken
	table   *table[app.ImportLine]
	name    string
	bytes   []byte
}

func newImportForm(o *organisations) *importForm {
	v := &importForm{o: o, f: o.f, summary: newProse(""), ignored: warning("")}
	v.ignored.Hide()
	v.kind = widget.NewSelect(fileKindNames(), func(string) { v.tryOut() })
	v.choose = newIconButton(lang.L("Choisir un fichier CSV ou XLSX…"), theme.FolderOpenIcon(), v.onChoose)
	v.read = newIconButton(lang.L("Importer"), theme.DownloadIcon(), v.onImport)
	v.read.Importance = widget.HighImportance
	v.read.Disable()
	v.table = newTable(o.f.w, "import", func(l app.ImportLine) int64 { return int64(l.Line) },
		column[app.ImportLine]{
			title: lang.L("Ligne"), width: 64, right: true, text: func(l app.ImportLine) string { return number(l.Line) },
			less: func(a, b app.ImportLine) int { return a.Line - b.Line },
		},
		column[app.ImportLine]{title: lang.L("Effet"), width: 150, text: func(l app.ImportLine) string { return word(l.Action) }, icon: lineIcon},
		column[app.ImportLine]{title: lang.L("Élément"), width: 220, grow: 1, text: func(l app.ImportLine) string { return l.Name }},
		column[app.ImportLine]{title: lang.L("Détail"), width: 300, grow: 3, text: lineDetail},
	)
	v.table.setEmpty(lang.L("Ce qui changerait, ligne par ligne, s’affichera ici avant que rien ne soit écrit."), nil)
	v.table.show(nil)
	v.kind.SetSelectedIndex(0)
	return v
}

func lineIcon(l app.ImportLine) (fyne.Resource, fyne.ThemeColorName) {
	switch l.Action {
	case app.LineAdded:
		return theme.ContentAddIcon(), theme.ColorNameSuccess
	case app.LineChanged:
		return theme.DocumentCreateIcon(), theme.ColorNamePrimary
	case app.LineRefused:
		return theme.WarningIcon(), theme.ColorNameError
	}
	return theme.ConfirmIcon(), theme.ColorNameDisabled
}

// lineDetail says why a line is refused, what it changes, or what will hold
// letters back.
func lineDetail(l app.ImportLine) string {
	var texts []string
	for _, problem := range l.Problems {
		texts = append(texts, problem.Field+noBreak+": "+say(problem.Message, problem.Values))
	}
	for _, change := range l.Changes {
		texts = append(texts, change.Column+noBreak+": "+dash(change.Before)+" → "+dash(change.After))
	}
	for _, problem := range l.Held {
		texts = append(texts, lang.L("lettres retenues : {{.Reason}}", map[string]any{"Reason": say(problem.Message, problem.Values)}))
	}
	return strings.Join(texts, " · ")
}

func (v *importForm) content() fyne.CanvasObject {
	back := newIconButton(lang.L("Annuaire"), theme.NavigateBackIcon(), v.o.closeForm)
	back.Importance = widget.LowImportance
	top := container.NewVBox(
		container.NewHBox(back), heading(lang.L("Importer dans le registre")),
		container.NewHBox(wide(200, v.kind), v.choose), v.summary, v.ignored,
	)
	return padded(12, container.NewBorder(top, container.NewHBox(v.read), nil, nil, v.table.content))
}

func (v *importForm) focus() { v.f.w.window.Canvas().Focus(v.choose) }

func (v *importForm) mainAct() {
	if !v.read.Disabled() {
		v.onImport()
	}
}

func (v *importForm) onChoose() {
	choosing := dialog.NewFileOpen(func(file fyne.URIReadCloser, err error) {
		if file == nil || err != nil {
			if err != nil {
				v.f.notice.fail(err, nil)
			}
			return
		}
		start(v.f.scope, "import", v.choose, func(context.Context) ([]byte, error) {
			defer file.Close()
			return io.ReadAll(file)
		}, func(content []byte, err error) {
			if err != nil {
				v.f.notice.fail(err, nil)
				return
			}
			v.use(file.URI().Name(), content)
		})
	}, v.f.w.window)
	choosing.SetFilter(storage.NewExtensionFileFilter([]string{".csv", ".xlsx", ".txt"}))
	choosing.SetTitleText(lang.L("Choisir un fichier CSV ou XLSX…"))
	choosing.SetConfirmText(lang.L("Ouvrir"))
	v.f.w.showFiles(choosing)
}

// use takes a file's content and shows what it would change.
func (v *importForm) use(name string, content []byte) {
	v.name, v.bytes = name, content
	v.tryOut()
}

func (v *importForm) tryOut() {
	if v.bytes == nil {
		v.summary.SetText(lang.L("La première ligne du fichier nomme les colonnes ; un fichier exporté d’ici montre lesquelles."))
		return
	}
	v.run(true, func(report app.Import) {
		v.table.show(report.Lines)
		v.summary.SetText(labelled(v.name) + v.sentence(report))
		v.read.SetText(counted("Importer {{.PluralCount}} lignes", report.Count(app.LineAdded)+report.Count(app.LineChanged)))
		setEnabled(v.read, report.Count(app.LineAdded)+report.Count(app.LineChanged) > 0)
	})
}

func (v *importForm) sentence(report app.Import) string {
	return lang.L("{{.Added}} à ajouter, {{.Changed}} à modifier, {{.Same}} sans changement", map[string]any{
		"Added": number(report.Count(app.LineAdded)), "Changed": number(report.Count(app.LineChanged)), "Same": number(report.Count(app.LineSame)),
	}) + ", " + counted("{{.PluralCount}} refusées", report.Count(app.LineRefused))
}

func (v *importForm) run(dryRun bool, done func(app.Import)) {
	kind, content := app.FileKinds[v.kind.SelectedIndex()], v.bytes
	start(v.f.scope, "import", v.choose, func(ctx context.Context) (app.Import, error) {
		return v.f.guichet.Import(ctx, kind, bytes.NewReader(content), dryRun)
	}, func(report app.Import, err error) {
		if err != nil {
			v.table.show(nil)
			v.read.Disable()
			v.f.notice.fail(err, nil)
			return
		}
		v.f.notice.hide()
		v.ignored.SetText(lang.N("Colonnes ignorées : {{.Columns}}", len(report.Ignored), map[string]any{"Columns": strings.Join(report.Ignored, ", ")}))
		setVisible(v.ignored, len(report.Ignored) > 0)
		done(report)
	})
}

func (v *importForm) onImport() {
	v.read.Disable()
	v.run(false, func(report app.Import) {
		v.o.closeForm()
		v.f.refreshCounts()
		v.f.notice.done(lang.L("Importé :") + " " + counted("{{.PluralCount}} ajouts", report.Count(app.LineAdded)) + ", " +
			counted("{{.PluralCount}} modifications", report.Count(app.LineChanged)) + ", " + counted("{{.PluralCount}} lignes refusées", report.Count(app.LineRefused)))
	})
}

// openExportForm asks what to export, and then where to.
func openExportForm(f *frame) {
	kind := widget.NewSelect(fileKindNames(), nil)
	kind.SetSelectedIndex(0)
	about := lang.L("Le fichier contient des données personnelles : gardez-le en lieu sûr. Réimporté tel quel, il ne change rien.")
	f.askExport(lang.L("Exporter le registre"), about, func() (string, exporter) {
		chosen := app.FileKinds[kind.SelectedIndex()]
		return string(chosen), func(ctx context.Context, as app.Format, w io.Writer) error {
			return f.guichet.Export(ctx, chosen, as, w)
		}
	}, kind)
}

// exporter writes a file in a format.
type exporter func(ctx context.Context, as app.Format, w io.Writer) error

// askExport asks for a format, and then where a file goes. more is what else is
// to be chosen; once it is, chosen gives the file's name, without its ending,
// and what writes it.
func (f *frame) askExport(title, about string, chosen func() (name string, write exporter), more ...fyne.CanvasObject) {
	f.askFormat(title, about, func(as app.Format) {
		name, write := chosen()
		f.saveFile(name+"."+string(as), func(ctx context.Context, _ string, w io.Writer) error { return write(ctx, as, w) })
	}, more...)
}

// askFormat asks for a file format, after what else is to be chosen.
func (f *frame) askFormat(title, about string, then func(as app.Format), more ...fyne.CanvasObject) {
	format := widget.NewRadioGroup([]string{"CSV", "XLSX"}, nil)
	format.Horizontal, format.Required, format.Selected = true, true, "XLSX"
	content := container.NewVBox(append(more, format, caption(about))...)
	f.w.openDialog(title, lang.L("Choisir où…"), false, 420, content, func(*modal) {
		f.w.closeDialog()
		then(app.Format(strings.ToLower(format.Selected)))
	})
}

// showFiles shows a dialog about files large enough for their names to be read.
func (w *Window) showFiles(files *dialog.FileDialog) {
	files.SetView(dialog.ListView)
	files.Show()
	window := w.window.Canvas().Size()
	files.Resize(fyne.NewSize(min(900, window.Width*0.85), min(600, window.Height*0.85)))
}

// saveFile asks where a file goes, a name being proposed, and has it written;
// write is told the name that was chosen.
func (f *frame) saveFile(proposed string, write func(ctx context.Context, name string, w io.Writer) error) {
	f.saveLong(proposed, func(ctx context.Context, name string, w io.Writer, _ progress) error { return write(ctx, name, w) })
}

// saveLong is saveFile for what takes long: write reports how far it is.
func (f *frame) saveLong(proposed string, write func(ctx context.Context, name string, w io.Writer, report progress) error) {
	saving := dialog.NewFileSave(func(file fyne.URIWriteCloser, err error) {
		if err != nil {
			f.notice.fail(err, nil)
		}
		if file != nil && err == nil {
			f.write(file, write)
		}
	}, f.w.window)
	saving.SetFileName(proposed)
	saving.SetConfirmText(lang.L("Enregistrer"))
	f.w.showFiles(saving)
}

// write writes a file, which the status bar can cancel: then, and when it
// fails, no part of it stays.
func (f *frame) write(file fyne.URIWriteCloser, write func(ctx context.Context, name string, w io.Writer, report progress) error) {
	name := file.URI().Name()
	long(f, name, nil, func(ctx context.Context, report progress) (struct{}, error) {
		err := errors.Join(write(ctx, name, file, report), file.Close())
		if err != nil {
			_ = storage.Delete(file.URI()) // what is left of it says nothing
		}
		return struct{}{}, err
	}, func(_ struct{}, err error) {
		switch {
		case errors.Is(err, context.Canceled):
			f.notice.done(lang.L("{{.Name}} : enregistrement annulé", map[string]any{"Name": name}))
		case err != nil:
			f.notice.fail(err, nil)
		default:
			f.notice.done(lang.L("{{.Name}} enregistré", map[string]any{"Name": name}))
		}
	})
}
func (v *importForm) help() string { return "exchange" }
