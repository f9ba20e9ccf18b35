package views

import (
	"context"
	"image"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"guichet/app"
	"guichet/data"
)

// queue lists the letters to compose and composes the batch of those checked.
type queue struct {
	m       *mail
	f       *frame
	table   *table[app.QueuedLetter]
	summary *widget.Label
	cutOff  *widget.Label
	button  *button
	strip   *fyne.Container
	box     *fyne.Container
	reason  *prose
	lines   *widget.Label
	correct *button
	preview *preview

	limit    int // of a batch
	envelope data.Envelope
}

func newQueue(m *mail) *queue {
	q := &queue{m: m, f: m.f, summary: line(""), cutOff: widget.NewLabel(""), reason: newProse(""), lines: mono("")}
	q.cutOff.Importance = widget.LowImportance
	q.table = newTable(q.f.w, "a-composer", func(l app.QueuedLetter) int64 { return l.Letter.ID }, q.columns()...)
	q.table.checkable = q.f.may("Compose")
	q.table.canCheck = func(l app.QueuedLetter) bool { return l.Held == nil }
	q.table.onChecked, q.table.onSelected = q.showChecked, q.showLetter
	q.table.onOpened = func(app.QueuedLetter) { q.onCorrect() }
	q.table.setEmpty(lang.L("Aucune lettre à composer. Chaque inscription met ici sa lettre de confirmation."), nil)
	q.button = newIconButton("", theme.DocumentPrintIcon(), q.onCompose)
	q.button.Importance = widget.HighImportance
	q.correct = newButton(lang.L("Corriger…"), q.onCorrect)
	q.preview = newPreview(q.f)
	q.showChecked()
	return q
}

func (q *queue) columns() []column[app.QueuedLetter] {
	type letter = app.QueuedLetter
	return []column[letter]{
		{title: lang.L("Référence"), width: 122, mono: true, text: func(l letter) string { return l.Reference }},
		{title: lang.L("Organisation"), width: 130, grow: 3, text: func(l letter) string { return l.Organisation.Name }},
		{title: lang.L("État"), width: 98, text: letterReadiness, icon: func(l letter) (fyne.Resource, fyne.ThemeColorName) {
			if l.Held != nil || !l.Organisation.AddressDoubtedAt.IsZero() {
				return theme.WarningIcon(), theme.ColorNameWarning
			}
			return theme.ConfirmIcon(), theme.ColorNameSuccess
		}},
		{title: lang.L("Pour"), width: 104, grow: 1, text: func(l letter) string { return word(l.Request.Kind) }},
		{title: lang.L("CP"), width: 68, text: func(l letter) string { return dash(l.Organisation.Address.PostalCode) }},
		{
			title: lang.L("Depuis"), width: 70, right: true,
			text: func(l letter) string { return waiting(l.QueuedAt, q.f.guichet.Now()) },
			less: func(a, b letter) int { return b.QueuedAt.Compare(a.QueuedAt) },
		},
	}
}

func letterReadiness(l app.QueuedLetter) string {
	switch {
	case l.Held != nil:
		return lang.L("Retenue")
	case !l.Organisation.AddressDoubtedAt.IsZero():
		return lang.L("À vérifier")
	}
	return lang.L("Prête")
}

func (q *queue) content() fyne.CanvasObject {
	head := container.NewBorder(nil, nil, nil, q.cutOff, q.summary)
	q.strip = container.NewStack(newFill(colorCard, 4), newOutline(4),
		padded(4, container.NewBorder(nil, nil, nil, container.NewVBox(layout.NewSpacer(), q.f.offer("UpdateOrganisation", q.correct), layout.NewSpacer()), container.NewVBox(q.reason, q.lines))))
	q.strip.Hide()
	foot := container.NewVBox(q.strip, container.NewHBox(layout.NewSpacer(), q.f.offer("Compose", q.button)))
	q.box = container.NewBorder(nil, foot, nil, nil, q.table.content)
	split := container.NewHSplit(q.box, padded(4, q.preview.content()))
	split.Offset = 0.6
	return container.NewBorder(head, nil, nil, nil, split)
}

type queued struct {
	letters  []app.QueuedLetter
	settings data.Settings
}

func (q *queue) reload() {
	load(q.f, "queue", func(ctx context.Context) (found queued, err error) {
		if found.letters, err = q.f.guichet.Queue(ctx); err != nil {
			return found, err
		}
		found.settings, err = q.f.guichet.Settings(ctx)
		return found, err
	}, func(found queued) {
		q.show(found)
	})
}

// show lists the queue. Letters not seen before are checked when ready.
func (q *queue) show(found queued) {
	known := map[int64]bool{}
	for _, letter := range q.table.given {
		known[letter.Letter.ID] = letter.Held == nil
	}
	q.table.show(found.letters)
	for _, letter := range found.letters {
		if letter.Held == nil && !known[letter.Letter.ID] {
			q.table.checked[letter.Letter.ID] = true
		}
	}
	q.cutOff.SetText(cutOff(found.settings.CutOffOn(q.f.guichet.Now()), q.f.guichet.Now()))
	q.limit, q.envelope = found.settings.BatchLimit, found.settings.Envelope
	q.m.count(len(found.letters))
	q.table.grid.Refresh()
	q.showChecked()
	if letter, ok := q.table.current(); ok {
		q.showLetter(letter)
	} else if len(found.letters) > 0 {
		q.table.choose(0)
	} else {
		q.preview.clear()
		q.strip.Hide()
		q.box.Refresh()
	}
}

func (q *queue) showChecked() {
	ready := q.table.checkableRecords()
	checked := len(q.table.checkedRecords())
	held := len(q.table.records) - ready
	q.summary.SetText(counted("{{.PluralCount}} prêtes", ready) + " · " + counted("{{.PluralCount}} retenues", held) +
		" · " + counted("{{.PluralCount}} cochées", checked))
	q.button.SetText(counted("Composer le lot de {{.PluralCount}} lettres", checked))
	if q.limit > 0 && checked > q.limit {
		q.button.SetText(lang.L("Composer un lot de {{.Limit}} lettres, le plus grand permis", map[string]any{"Limit": number(q.limit)}))
	}
	if checked == 0 {
		q.button.SetText(lang.L("Composer le lot"))
		q.button.Disable()
	} else {
		q.button.Enable()
	}
}

// showLetter shows a letter as it will be printed, or why it is held back.
func (q *queue) showLetter(letter app.QueuedLetter) {
	q.showPreview(letter)
	q.showAddress(letter)
}

// showAddress tells whom a letter is for and where it goes, or why it is held
// back.
func (q *queue) showAddress(letter app.QueuedLetter) {
	q.reason.Importance = widget.MediumImportance
	q.lines.SetText(joinLines(letter.Lines))
	_, mends := q.toMend(letter)
	setEnabled(q.correct, mends)
	if letter.Held != nil {
		text := lang.L("{{.Organisation}} — retenue : {{.Reason}}", map[string]any{"Organisation": letter.Organisation.Name, "Reason": message(letter.Held)})
		if !mends {
			text += ". " + lang.L("Le rôle Administration peut le faire.")
		}
		q.reason.Importance = widget.WarningImportance
		q.reason.SetText(text)
		q.lines.Hide()
	} else {
		q.reason.SetText(lang.L("Demandée par {{.Name}} ; sera envoyée à :", map[string]any{"Name": letter.Account.Name()}))
		q.lines.Show()
	}
	q.strip.Show()
	q.box.Refresh()
	q.box.Refresh()                    // the reason knows its width now, and how many lines it takes
	q.table.grid.reveal(q.table.row()) // the strip took room from the list
}

// showPreview shows the ready letters as specimens, beginning with one.
func (q *queue) showPreview(letter app.QueuedLetter) {
	var ready []app.QueuedLetter
	page := -1
	for _, record := range q.table.records {
		if record.Letter.ID == letter.Letter.ID && letter.Held == nil {
			page = len(ready)
		}
		if record.Held == nil {
			ready = append(ready, record)
		}
	}
	if page < 0 {
		q.preview.clear()
		q.preview.say(lang.L("Cette lettre est retenue : corrigez ce qui la retient pour la voir ici."), false)
		return
	}
	q.preview.show(previewSource{
		title: lang.L("Aperçu (SPÉCIMEN)"), count: len(ready), window: windowOf(q.envelope),
		render: func(ctx context.Context, page int, dpi float64) (image.Image, error) {
			return q.f.guichet.PreviewLetter(ctx, ready[page].Letter.ID, dpi)
		},
		turned: func(page int) {
			q.table.chooseRecord(ready[page].Letter.ID)
			q.showAddress(ready[page])
		},
	}, page)
}

// windowOf is what an envelope shows of a sheet.
func windowOf(envelope data.Envelope) func() (visible, sure data.Rectangle) {
	return func() (visible, sure data.Rectangle) { return envelope.MayBeVisible(), envelope.AlwaysVisible() }
}

// toMend is the field that holds a letter back, empty when none does, and whether
// the operator may mend it.
func (q *queue) toMend(letter app.QueuedLetter) (field string, may bool) {
	if problems := app.ProblemsOf(letter.Held); len(problems) > 0 {
		field = problems[0].Field
	}
	if field == noRepresentative {
		return field, q.f.may("AppointRepresentative")
	}
	return field, q.f.may("UpdateOrganisation")
}

// noRepresentative is the field of a letter whom nobody is known to receive.
const noRepresentative = "representative"

// onCorrect opens what holds the letter back: the address, or the
// representative.
func (q *queue) onCorrect() {
	letter, ok := q.table.current()
	focus, mends := q.toMend(letter)
	if !ok || !mends {
		return
	}
	if focus == noRepresentative {
		openRepresentativeForm(q.f, letter.Organisation, q.f.changed)
		return
	}
	openOrganisationForm(q.f, letter.Organisation, focus, func(data.Organisation) { q.f.changed(lang.L("Organisation enregistrée")) })
}

func (q *queue) onCompose() {
	checked := q.table.checkedRecords()
	if len(checked) == 0 || q.button.Disabled() {
		return
	}
	ids := make([]int64, len(checked))
	for i, letter := range checked {
		ids[i] = letter.Letter.ID
	}
	long(q.f, lang.L("Composition"), q.button, func(ctx context.Context, report progress) (data.Batch, error) {
		return q.f.guichet.Compose(ctx, ids, report)
	}, func(batch data.Batch, err error) {
		if err != nil {
			q.f.notice.fail(err, nil)
			q.reload()
			return
		}
		q.m.batches.table.selected = batch.ID
		if q.f.current == screen(q.m) && q.m.tabs.SelectedIndex() == queueTab {
			q.m.showBatches()
		}
		q.f.changed(lang.N("{{.Number}} composé : {{.PluralCount}} lettres à imprimer", batch.Letters,
			map[string]any{"Number": batch.Number, "PluralCount": number(batch.Letters)}))
	})
}
