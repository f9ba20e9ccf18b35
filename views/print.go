package views

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"guichet/app"
	"guichet/data"
)

// printForm asks how a batch, or some of its sheets, is printed.
type printForm struct {
	b        *batches
	f        *frame
	batch    data.Batch
	printers []app.Printer

	printer *widget.Select
	state   *prose
	tray    *widget.Select
	copies  *entry
	extent  *widget.RadioGroup
	first   *entry
	last    *entry
	sheets  fyne.CanvasObject
	fronts  *widget.Check
	fields  *form
	dialog  *modal
}

// openPrintForm lists the printers and asks which one; again offers the sheets
// that are missing first.
func openPrintForm(b *batches, batch data.Batch, again bool) {
	start(b.f.scope, "printers", b.print, b.f.guichet.Printers, func(printers []app.Printer, err error) {
		b.showActs()
		if err != nil {
			b.f.notice.fail(err, nil)
			return
		}
		if len(printers) == 0 {
			b.f.notice.show(theme.InfoIcon(), theme.ColorNameForeground, lang.L("Aucune imprimante sur ce poste : ajoutez-en une au système, ou ouvrez le PDF et imprimez-le."))
			return
		}
		newPrintForm(b, batch, printers).open(again)
	})
}

func newPrintForm(b *batches, batch data.Batch, printers []app.Printer) *printForm {
	p := &printForm{b: b, f: b.f, batch: batch, printers: printers, state: caption(""), fields: newForm()}
	names := make([]string, len(printers))
	chosen := 0
	for i, printer := range printers {
		names[i] = printerName(printer)
		if printer.Default && b.printer == "" || printer.Name == b.printer {
			chosen = i
		}
	}
	p.tray = widget.NewSelect(nil, nil)
	p.copies = newEntry(b.f.w)
	p.copies.SetText("1")
	p.first, p.last = newEntry(b.f.w), newEntry(b.f.w)
	p.first.SetText("1")
	p.last.SetText(strconv.Itoa(batch.Letters))
	p.sheets = columns(2,
		p.fields.add("first", lang.L("De la feuille ou lettre *"), p.first),
		p.fields.add("last", lang.L("À la feuille ou lettre *"), p.last))
	p.extent = widget.NewRadioGroup([]string{
		counted("Les {{.PluralCount}} feuilles", batch.Letters), lang.L("Quelques feuilles, avec les mêmes codes"),
	}, func(string) { p.showRange() })
	p.extent.Required = true
	p.extent.SetSelected(p.extent.Options[0])
	p.fronts = widget.NewCheck(lang.L("Rectos seuls"), nil)
	if !batch.Duplex {
		p.fronts.Hide()
	}
	p.printer = widget.NewSelect(names, func(string) { p.showPrinter() })
	p.printer.SetSelectedIndex(chosen)
	return p
}

func printerName(p app.Printer) string {
	if p.Description != "" && p.Description != p.Name {
		return p.Description + " (" + p.Name + ")"
	}
	return p.Name
}

func (p *printForm) open(again bool) {
	if again { // which ones is for the clerk to say
		p.extent.SetSelected(p.extent.Options[1])
		p.first.SetText("")
		p.last.SetText("")
	}
	content := container.NewVBox(
		p.fields.add("printer", lang.L("Imprimante *"), p.printer), p.state,
		columns(2, p.fields.add("tray", lang.L("Bac"), p.tray), p.fields.add("copies", lang.L("Exemplaires *"), p.copies)),
		p.extent, p.sheets, p.fronts,
	)
	p.dialog = p.f.w.openDialog(lang.L("Imprimer {{.Number}}", map[string]any{"Number": p.batch.Number}), lang.L("Imprimer"), false, 460, content,
		func(*modal) { p.onPrint() })
	p.showRange()
}

// showPrinter shows what the chosen printer can do.
func (p *printForm) showPrinter() {
	printer := p.printers[p.printer.SelectedIndex()]
	p.tray.Options = []string{lang.L("Au choix de l’imprimante")}
	for _, tray := range printer.Trays {
		p.tray.Options = append(p.tray.Options, tray.Label)
	}
	p.tray.SetSelectedIndex(0)
	setEnabled(p.tray, len(printer.Trays) > 0)
	p.fronts.SetChecked(p.batch.Duplex && !printer.Duplex)
	text := lang.L("Recto seul.")
	switch {
	case !printer.Accepting:
		text = lang.L("Cette imprimante ne prend pas de travaux : {{.Reason}}", map[string]any{"Reason": dash(printer.Reason)})
	case !printer.Ready():
		text = lang.L("Cette imprimante est arrêtée : le lot attendra qu’elle reprenne. {{.Reason}}", map[string]any{"Reason": printer.Reason})
	case p.batch.Duplex && !printer.Duplex:
		text = lang.L("Cette imprimante n’imprime pas en recto verso : seuls les rectos sortiront.")
	case p.batch.Duplex:
		text = lang.L("Recto verso.")
	}
	p.state.SetText(text)
	setEnabled(p.fronts, printer.Duplex)
}

func (p *printForm) showRange() {
	if p.extent.Selected == p.extent.Options[1] {
		p.sheets.Show()
	} else {
		p.sheets.Hide()
	}
	p.dialog.fit()
}

// order is what was chosen; a range is still as typed.
func (p *printForm) order() (app.PrintOrder, error) {
	order := app.PrintOrder{Printer: p.printers[p.printer.SelectedIndex()].Name, FrontsOnly: p.fronts.Checked}
	if n := p.tray.SelectedIndex(); n > 0 {
		order.Tray = p.printers[p.printer.SelectedIndex()].Trays[n-1].Value
	}
	copies, err := strconv.Atoi(strings.TrimSpace(p.copies.Text))
	if err != nil || copies < 1 {
		return order, data.Problems{{Field: "copies", Message: "De 1 à 99 exemplaires"}}
	}
	order.Copies = copies
	return order, nil
}

// onPrint finds the sheets that were named, and prints.
func (p *printForm) onPrint() {
	order, err := p.order()
	if err != nil {
		p.dialog.fail(err, p.fields)
		return
	}
	if p.extent.Selected == p.extent.Options[0] {
		p.run(order)
		return
	}
	first, last := p.first.Text, p.last.Text
	start(p.f.scope, "sheets", p.dialog.button, func(ctx context.Context) (found [2]int, err error) {
		for i, field := range []struct{ name, typed string }{{"first", first}, {"last", last}} {
			if found[i], err = p.f.guichet.FindSheet(ctx, p.batch.Number, field.typed); err != nil {
				return found, fieldProblem(field.name, err)
			}
		}
		if found[1] < found[0] {
			err = data.Problems{{Field: "last", Message: "La dernière feuille vient avant la première"}}
		}
		return found, err
	}, func(found [2]int, err error) {
		if err != nil {
			p.dialog.fail(err, p.fields)
			return
		}
		order.First, order.Last = found[0], found[1]
		p.run(order)
	})
}

// fieldProblem puts a refusal beside a field.
func fieldProblem(field string, err error) error {
	return data.Problems{{Field: field, Message: message(err)}}
}

// run prints, shows how far it is, and asks whether it came out well.
func (p *printForm) run(order app.PrintOrder) {
	p.f.w.closeDialog()
	p.b.printer = order.Printer
	name := lang.L("Impression de {{.Number}}", map[string]any{"Number": p.batch.Number})
	long(p.f, name, p.b.print, func(ctx context.Context, _ progress) ([]data.PrintJob, error) {
		return p.f.guichet.Print(ctx, p.batch.Number, order, func(job data.PrintJob) {
			p.f.scope.tasks.spawnReport(func() { p.b.showJob(job) })
		})
	}, func(jobs []data.PrintJob, err error) {
		p.b.reload()
		switch {
		case errors.Is(err, context.Canceled):
			p.f.notice.show(theme.WarningIcon(), theme.ColorNameWarning,
				lang.L("Impression interrompue : des feuilles ont pu sortir. Détruisez-les, ou réimprimez ce qui manque."))
		case err != nil:
			p.f.notice.fail(err, nil)
		default:
			p.ask(jobs)
		}
	})
}

// ask asks who sees the sheets whether they are good: no print system knows.
func (p *printForm) ask(jobs []data.PrintJob) {
	for _, job := range jobs {
		if job.State != data.PrintDone && job.State != data.PrintUnknown {
			p.f.notice.show(theme.WarningIcon(), theme.ColorNameWarning, lang.L("{{.State}} ({{.Reason}}). Vérifiez l’imprimante, puis réimprimez les feuilles qui manquent.",
				map[string]any{"State": word(job.State), "Reason": dash(job.Reason)}))
			return
		}
	}
	if p.f.w.dialog != nil || !p.b.shown() { // no question over other work
		p.f.notice.done(lang.L("{{.Number}} sorti de l’imprimante : vérifiez les feuilles, puis notez le lot imprimé", map[string]any{"Number": p.batch.Number}))
		return
	}
	openPrintedDialog(p.b, p.batch)
}

// openPrintedDialog asks whether all sheets of a batch came out well.
func openPrintedDialog(b *batches, batch data.Batch) {
	again := newButton(lang.L("Réimprimer des feuilles…"), func() {
		b.f.w.closeDialog()
		openPrintForm(b, batch, true)
	})
	content := container.NewVBox(
		caption(lang.N("Comptez les feuilles : il y en a {{.PluralCount}}. Si l’imprimante en a abîmé, réimprimez-les avec les mêmes codes et détruisez les mauvaises.",
			batch.Letters, map[string]any{"PluralCount": number(batch.Letters)})),
		container.NewHBox(again),
	)
	b.f.w.openDialog(lang.L("{{.Number}} : sorti correctement ?", map[string]any{"Number": batch.Number}), lang.L("Oui, tout est bon"), false, 420, content, func(m *modal) {
		act(b.f.scope, m.button, func(ctx context.Context) error { return b.f.guichet.MarkPrinted(ctx, batch.Number) },
			func(err error) {
				if err != nil {
					m.fail(err, nil)
					return
				}
				b.f.w.closeDialog()
				b.f.changed(lang.L("{{.Number}} imprimé", map[string]any{"Number": batch.Number}))
			})
	})
}
