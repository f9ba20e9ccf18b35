package views

import (
	"cmp"
	"context"
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
	open    *widget.Button
	printed *widget.Button
	posted  *widget.Button
	cancel  *widget.Button
}

func newBatches(m *mail) *batches {
	b := &batches{m: m, f: m.f, next: line("")}
	b.table = newTable(b.f.w, func(batch data.Batch) int64 { return batch.ID },
		column[data.Batch]{title: lang.L("Numéro"), width: 130, mono: true, text: func(b data.Batch) string { return b.Number }},
		column[data.Batch]{title: lang.L("État"), width: 130, grow: 1, text: func(b data.Batch) string { return word(b.State) }, icon: batchIcon},
		column[data.Batch]{
			title: lang.L("Lettres"), width: 90, right: true, text: func(b data.Batch) string { return number(b.Letters) },
			less: func(a, b data.Batch) int { return cmp.Compare(a.Letters, b.Letters) },
		},
		b.dateColumn(lang.L("Composé"), func(b data.Batch) time.Time { return b.ComposedAt }),
		b.dateColumn(lang.L("Imprimé"), func(b data.Batch) time.Time { return b.PrintedAt }),
		column[data.Batch]{
			title: lang.L("Posté le"), width: 140, grow: 1, text: func(b data.Batch) string { return day(b.PostedOn) },
			less: func(a, b data.Batch) int { return a.PostedOn.Compare(b.PostedOn) },
		},
	)
	toQueue := widget.NewButton(lang.L("Voir les lettres à composer"), func() { m.open(0) })
	b.table.setEmpty(lang.L("Aucun lot. Un lot naît de la composition des lettres en file."), toQueue)
	b.table.onSelected = func(data.Batch) { b.showActs() }
	b.table.onOpened = func(data.Batch) { b.onOpen() }
	b.open = widget.NewButtonWithIcon(lang.L("Ouvrir le PDF"), theme.DocumentIcon(), b.onOpen)
	b.printed = widget.NewButtonWithIcon(lang.L("Imprimé"), theme.DocumentPrintIcon(), b.onPrinted)
	b.posted = widget.NewButtonWithIcon(lang.L("Posté…"), theme.MailSendIcon(), b.onPosted)
	b.cancel = widget.NewButton(lang.L("Annuler le lot…"), b.onCancel)
	return b
}

func (b *batches) dateColumn(title string, at func(data.Batch) time.Time) column[data.Batch] {
	return column[data.Batch]{
		title: title, width: 140, grow: 1, text: func(batch data.Batch) string { return moment(at(batch), b.f.guichet.Now()) },
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
	acts := container.NewHBox(b.cancel, layout.NewSpacer(), b.open, b.printed, b.posted)
	b.showActs()
	return container.NewBorder(nil, container.NewVBox(b.next, acts), nil, nil, b.table.content)
}

func (b *batches) reload() {
	start(b.f.scope, "batches", nil, func(ctx context.Context) ([]data.Batch, error) { return b.f.guichet.Batches(ctx) },
		func(found []data.Batch, err error) {
			if err != nil {
				b.f.notice.fail(err, nil)
				return
			}
			b.table.show(found)
			if _, ok := b.table.current(); !ok {
				b.table.choose(0)
			}
			b.showActs()
		})
}

// showActs enables what the batch's state allows, and says what comes next.
func (b *batches) showActs() {
	batch, ok := b.table.current()
	spooled := ok && batch.Spooled() && b.f.operator.Has(data.MailRoom)
	setEnabled(b.open, spooled)
	setEnabled(b.cancel, spooled)
	setEnabled(b.printed, spooled && batch.State == data.BatchComposed)
	setEnabled(b.posted, spooled && batch.State == data.BatchPrinted)
	for _, button := range []*widget.Button{b.open, b.printed, b.posted} {
		button.Importance = widget.MediumImportance
	}
	text := ""
	switch {
	case !ok:
	case batch.State == data.BatchComposed:
		b.open.Importance = widget.HighImportance
		text = lang.L("{{.Number}} : ouvrez le PDF et imprimez-le, puis notez le lot imprimé.", map[string]any{"Number": batch.Number})
	case batch.State == data.BatchPrinted:
		b.posted.Importance = widget.HighImportance
		text = lang.L("{{.Number}} : mettez sous pli, déposez, puis notez le lot posté.", map[string]any{"Number": batch.Number})
	case batch.State == data.BatchPosted:
		text = lang.L("{{.Number}} : posté, ses feuilles ne sont plus conservées.", map[string]any{"Number": batch.Number})
	default:
		text = lang.L("{{.Number}} : annulé, ses lettres sont revenues en file.", map[string]any{"Number": batch.Number})
	}
	b.next.SetText(text)
	for _, button := range []*widget.Button{b.open, b.printed, b.posted} {
		button.Refresh()
	}
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
	batch, ok := b.table.current()
	if !ok {
		return
	}
	act(b.f.scope, b.printed, func(ctx context.Context) error { return b.f.guichet.MarkPrinted(ctx, batch.Number) },
		func(err error) {
			b.done(err, lang.L("{{.Number}} imprimé", map[string]any{"Number": batch.Number}))
		})
}

func (b *batches) done(err error, text string) {
	b.showActs()
	if err != nil {
		b.f.notice.fail(err, nil)
		return
	}
	b.f.changed(text)
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
