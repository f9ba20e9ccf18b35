package views

import (
	"cmp"
	"context"
	"image"
	"io"
	"net/url"
	"path/filepath"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"guichet/data"
)

// batches lists the batches, with what can be done with the one selected.
type batches struct {
	m       *mail
	f       *frame
	table   *table[data.Batch]
	next    *widget.Label
	job     *widget.Label // how far the last print job is
	pull    *widget.Label // sheets that need not go
	open    *button
	slip    *button
	print   *button
	printed *button
	posted  *button
	cancel  *button
	look    *widget.Check
	preview *preview
	box     *fyne.Container
	acts    *fyne.Container
	list    fyne.CanvasObject

	printer string // the one last used
}

func newBatches(m *mail) *batches {
	b := &batches{m: m, f: m.f, next: line(""), job: line(""), preview: newPreview(m.f)}
	b.job.Importance = widget.LowImportance
	b.pull = line("")
	b.pull.Importance = widget.WarningImportance
	b.table = newTable(b.f.w, "lots", func(batch data.Batch) int64 { return batch.ID },
		column[data.Batch]{title: lang.L("Numéro"), width: 112, mono: true, text: func(b data.Batch) string { return b.Number }},
		column[data.Batch]{title: lang.L("État"), width: 104, grow: 1, text: func(b data.Batch) string { return word(b.State) }, icon: batchIcon},
		column[data.Batch]{
			title: lang.L("Lettres"), width: 70, right: true, text: func(b data.Batch) string { return number(b.Letters) },
			less: func(a, b data.Batch) int { return cmp.Compare(a.Letters, b.Letters) },
		},
		b.dateColumn(lang.L("Composé le"), func(b data.Batch) time.Time { return b.ComposedAt }),
		b.dateColumn(lang.L("Imprimé le"), func(b data.Batch) time.Time { return b.PrintedAt }),
		column[data.Batch]{
			title: lang.L("Posté le"), width: 106, grow: 1, text: func(b data.Batch) string { return day(b.PostedOn) },
			less: func(a, b data.Batch) int { return a.PostedOn.Compare(b.PostedOn) },
		},
	)
	toQueue := newButton(lang.L("Voir les lettres à composer"), func() { m.open(0) })
	b.table.setEmpty(lang.L("Aucun lot. Un lot naît de la composition des lettres en file."), toQueue)
	b.table.onSelected = func(data.Batch) { b.onSelected() }
	b.table.onOpened = func(data.Batch) { b.mainAct() }
	b.open = newIconButton(lang.L("Ouvrir le PDF"), theme.DocumentIcon(), b.onOpen)
	b.slip = newIconButton(lang.L("Bordereau…"), theme.DocumentSaveIcon(), b.onSlip)
	b.print = newIconButton(lang.L("Imprimer…"), theme.DocumentPrintIcon(), b.onPrint)
	b.printed = newIconButton(lang.L("Imprimé…"), theme.ConfirmIcon(), b.onPrinted)
	b.posted = newIconButton(lang.L("Posté…"), theme.MailSendIcon(), b.onPosted)
	b.cancel = newButton(lang.L("Annuler le lot…"), b.onCancel)
	b.look = widget.NewCheck(lang.L("Voir les feuilles (elles portent les codes)"), func(bool) { b.onLook() })
	return b
}

func (b *batches) dateColumn(title string, at func(data.Batch) time.Time) column[data.Batch] {
	return column[data.Batch]{
		title: title, width: 106, grow: 1, text: func(batch data.Batch) string { return moment(at(batch), b.f.guichet.Now()) },
		less: func(x, y data.Batch) int { return at(x).Compare(at(y)) },
	}
}

func batchIcon(b data.Batch) (fyne.Resource, fyne.ThemeColorName) {
	switch b.State {
	case data.BatchComposed:
		return theme.DocumentPrintIcon(), theme.ColorNamePrimary
	case data.BatchPrinted:
		return theme.MailSendIcon(), theme.ColorNamePrimary
	case data.BatchPosted:
		return theme.ConfirmIcon(), theme.ColorNameSuccess
	}
	return theme.CancelIcon(), theme.ColorNameDisabled
}

func (b *batches) content() fyne.CanvasObject {
	b.acts = container.NewHBox(b.f.offer("CancelBatch", b.cancel), layout.NewSpacer(), b.f.offer("WriteDepositSlip", b.slip),
		b.f.offer("BatchFiles", b.open), b.f.offer("Print", b.print), b.f.offer("MarkPrinted", b.printed), b.f.offer("MarkPosted", b.posted))
	b.list = container.NewBorder(nil, container.NewVBox(b.pull, b.next, b.job, b.acts), nil, nil, b.table.content)
	b.box = container.NewStack(b.list)
	b.showActs()
	return container.NewBorder(container.NewHBox(layout.NewSpacer(), b.f.offer("PreviewSheet", b.look)), nil, nil, nil, b.box)
}

// onLook shows the sheets beside the list, or takes them away.
func (b *batches) onLook() {
	b.box.Objects = []fyne.CanvasObject{b.list}
	if b.look.Checked {
		split := container.NewHSplit(b.list, padded(4, b.preview.content()))
		split.Offset = 0.58
		b.box.Objects = []fyne.CanvasObject{split}
	}
	b.box.Refresh()
	b.showSheets()
}

// showSheets shows the sheets of the selected batch, where they still exist.
func (b *batches) showSheets() {
	batch, ok := b.table.current()
	if !b.look.Checked || !ok || !batch.Spooled() || !b.f.may("PreviewSheet") {
		b.preview.clear()
		return
	}
	b.preview.show(previewSource{
		title: batch.Number, count: batch.Letters * batch.PagesPerLetter(), window: windowOf(b.m.queue.envelope),
		render: func(ctx context.Context, page int, dpi float64) (image.Image, error) {
			return b.f.guichet.PreviewSheet(ctx, batch.Number, page+1, dpi)
		},
	}, 0)
}

// shown tells whether the batches are what is on the screen.
func (b *batches) shown() bool {
	return b.f.current == screen(b.m) && b.m.tabs.SelectedIndex() == batchesTab
}

// hideSheets takes the codes off the screen.
func (b *batches) hideSheets() { b.look.SetChecked(false) }

func (b *batches) onSelected() {
	b.showActs()
	b.showSheets()
	b.readPull()
	b.readJobs()
}

// readPull says which sheets of the batch need not go.
func (b *batches) readPull() {
	batch, ok := b.table.current()
	b.pull.Hide()
	if !ok || !batch.Spooled() {
		return
	}
	start(b.f.scope, "sheets-to-pull", nil, func(ctx context.Context) ([]int, error) {
		return b.f.guichet.SheetsToPull(ctx, batch.Number)
	}, func(sheets []int, err error) {
		if err != nil {
			b.f.notice.fail(err, nil)
		} else if now, _ := b.table.current(); len(sheets) > 0 && now.ID == batch.ID {
			b.pull.SetText(lang.L("À retirer du lot avant l’envoi, codes devenus sans objet : feuilles {{.Sheets}}", map[string]any{"Sheets": listed(sheets)}))
			b.pull.Show()
		}
	})
}

// listed writes numbers one after the other.
func listed(numbers []int) string {
	texts := make([]string, len(numbers))
	for i, n := range numbers {
		texts[i] = number(n)
	}
	return strings.Join(texts, ", ")
}

// readJobs asks how the batch's last print job went.
func (b *batches) readJobs() {
	batch, ok := b.table.current()
	b.job.SetText("")
	if !ok || !batch.Spooled() || !b.f.may("PreviewSheet") {
		return
	}
	start(b.f.scope, "print-jobs", nil, func(ctx context.Context) ([]data.PrintJob, error) {
		return b.f.guichet.PrintJobs(ctx, batch.Number)
	}, func(jobs []data.PrintJob, err error) {
		switch {
		case err != nil:
			b.f.notice.fail(err, nil)
		case len(jobs) > 0:
			b.showJob(jobs[0])
		}
	})
}

// showJob says how a print job of the selected batch is.
func (b *batches) showJob(job data.PrintJob) {
	if batch, ok := b.table.current(); !ok || batch.ID != job.BatchID {
		return
	}
	b.job.SetText(lang.L("Impression du {{.Day}} sur {{.Printer}}, feuilles {{.First}} à {{.Last}} : {{.State}}", map[string]any{
		"Day": dayTime(job.CreatedAt), "Printer": job.Printer, "First": number(job.First), "Last": number(job.Last),
		"State": lowerFirst(word(job.State)),
	}))
}

// mainAct is what the selected batch waits for.
func (b *batches) mainAct() {
	batch, ok := b.table.current()
	switch {
	case !ok:
	case batch.State == data.BatchComposed && !b.print.Disabled():
		b.onPrint()
	case batch.State == data.BatchPrinted && !b.posted.Disabled():
		b.onPosted()
	}
}

func (b *batches) onPrint() {
	if batch, ok := b.table.current(); ok {
		openPrintForm(b, batch, batch.State == data.BatchPrinted)
	}
}

// onSlip asks where the deposit slip goes.
func (b *batches) onSlip() {
	batch, ok := b.table.current()
	if !ok {
		return
	}
	b.f.saveFile("bordereau-"+batch.Number+".pdf", func(ctx context.Context, name string, w io.Writer) error {
		return b.f.guichet.WriteDepositSlip(ctx, batch.Number, strings.HasSuffix(strings.ToLower(name), ".csv"), w)
	})
}

func (b *batches) reload() {
	load(b.f, "batches", b.f.guichet.Batches, func(found []data.Batch) {
		b.table.show(found)
		if _, ok := b.table.current(); !ok {
			b.table.choose(0)
		}
		b.onSelected()
	})
}

// showActs enables what the batch's state allows, and says what comes next.
func (b *batches) showActs() {
	batch, ok := b.table.current()
	spooled := ok && batch.Spooled() && b.f.may("Print")
	setEnabled(b.open, spooled)
	setEnabled(b.cancel, spooled)
	setEnabled(b.print, spooled)
	setEnabled(b.slip, ok && batch.State != data.BatchCancelled)
	setEnabled(b.printed, spooled && batch.State == data.BatchComposed)
	setEnabled(b.posted, spooled && batch.State == data.BatchPrinted)
	acts := []*button{b.print, b.posted}
	for _, button := range acts {
		button.Importance = widget.MediumImportance
	}
	b.print.SetText(lang.L("Imprimer…"))
	text := ""
	switch {
	case !ok:
	case batch.State == data.BatchComposed:
		b.print.Importance = widget.HighImportance
		text = lang.L("{{.Number}} : imprimez le lot, puis notez-le imprimé une fois les feuilles vérifiées.", map[string]any{"Number": batch.Number})
	case batch.State == data.BatchPrinted:
		b.posted.Importance = widget.HighImportance
		b.print.SetText(lang.L("Réimprimer…"))
		text = lang.L("{{.Number}} : mettez sous pli, déposez, puis notez le lot posté.", map[string]any{"Number": batch.Number})
	case batch.State == data.BatchPosted:
		text = lang.L("{{.Number}} : posté, ses feuilles ne sont plus conservées.", map[string]any{"Number": batch.Number})
	default:
		text = lang.L("{{.Number}} : annulé, ses lettres sont revenues en file.", map[string]any{"Number": batch.Number})
	}
	b.next.SetText(text)
	for _, button := range acts {
		button.Refresh()
	}
	b.acts.Refresh() // a word may be longer
}

func setEnabled(control fyne.Disableable, enabled bool) {
	if enabled {
		control.Enable()
	} else {
		control.Disable()
	}
}

func (b *batches) onOpen() {
	batch, ok := b.table.current()
	if !ok || b.open.Disabled() {
		return
	}
	start(b.f.scope, "open", b.open, func(ctx context.Context) ([]string, error) {
		return b.f.guichet.BatchFiles(ctx, batch.Number)
	}, func(files []string, err error) {
		b.showActs()
		for _, file := range files {
			if err == nil {
				err = b.f.w.fyneApp.OpenURL(fileURL(file))
			}
		}
		if err != nil {
			b.f.notice.fail(err, nil)
		}
	})
}

// fileURL is a file's address; Windows paths begin with a drive.
func fileURL(path string) *url.URL {
	path = filepath.ToSlash(path)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path
	}
	return &url.URL{Scheme: "file", Path: path}
}

func (b *batches) onPrinted() {
	if batch, ok := b.table.current(); ok {
		openPrintedDialog(b, batch)
	}
}

// onPosted asks for the day of posting, today unless said otherwise.
func (b *batches) onPosted() {
	batch, ok := b.table.current()
	if !ok {
		return
	}
	date := widget.NewDateEntry()
	now := b.f.guichet.Now()
	date.SetDate(&now)
	fields := newForm()
	content := container.NewVBox(
		caption(lang.N("Les {{.PluralCount}} lettres du lot {{.Number}} seront notées postées. Les feuilles gardées pour réimpression seront effacées : une lettre perdue demandera une nouvelle lettre, avec de nouveaux codes.",
			batch.Letters, map[string]any{"Number": batch.Number, "PluralCount": number(batch.Letters)})),
		fields.add("posted_on", lang.L("Date d’envoi *"), date),
	)
	b.f.w.openDialog(lang.L("{{.Number}} posté", map[string]any{"Number": batch.Number}), lang.L("Noter le lot posté"), false, 420, content, func(m *modal) {
		on, err := chosenDay("posted_on", date)
		if err != nil {
			m.fail(err, fields)
			return
		}
		act(b.f.scope, m.button, func(ctx context.Context) error { return b.f.guichet.MarkPosted(ctx, batch.Number, on) },
			func(err error) {
				if err != nil {
					m.fail(err, fields)
					return
				}
				b.f.w.closeDialog()
				b.f.changed(lang.L("{{.Number}} posté le {{.Day}}", map[string]any{"Number": batch.Number, "Day": day(on)}))
			})
	})
}

func (b *batches) onCancel() {
	batch, ok := b.table.current()
	if !ok {
		return
	}
	text := caption(lang.N("Les {{.PluralCount}} lettres du lot {{.Number}} reviendront en file. Les feuilles déjà imprimées sont à détruire : leurs codes ne vaudront plus.",
		batch.Letters, map[string]any{"Number": batch.Number, "PluralCount": number(batch.Letters)}))
	b.f.w.openDialog(lang.L("Annuler le lot {{.Number}}", map[string]any{"Number": batch.Number}), lang.L("Annuler le lot"), true, 420, text, func(m *modal) {
		act(b.f.scope, m.button, func(ctx context.Context) error { return b.f.guichet.CancelBatch(ctx, batch.Number) },
			func(err error) {
				if err != nil {
					m.fail(err, nil)
					return
				}
				b.f.w.closeDialog()
				b.f.changed(lang.L("{{.Number}} annulé : ses lettres sont en file", map[string]any{"Number": batch.Number}))
			})
	})
}
