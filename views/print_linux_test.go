package views

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"guichet/app"
	"guichet/data"
	"guichet/letters/printing/printingtest"
)

// TestPrintFromTheWindow: a batch goes to a real CUPS, the sheets are asked
// after, and some are printed again.
func TestPrintFromTheWindow(t *testing.T) {
	cups := printingtest.CUPS(t)
	d, organisation := newDesk(t)
	d.register(organisation, "luc", true)
	d.signIn("claire", testPassword)
	if _, err := d.app.Compose(d.ctx, nil, nil); err != nil {
		t.Fatal(err)
	}
	d.w.frame.mail.showBatches()
	d.tap("Imprimer…")
	d.wantRead("Recto seul.")
	d.tap("Imprimer")
	d.wantRead("sorti correctement ?")
	d.tap("Réimprimer des feuilles…")
	d.tap("Imprimer")
	d.wantRead("n’est pas une feuille du lot") // nothing is printed again unasked
	d.w.pressed(fyne.KeyEscape, 0)
	if printed := cups.Printed(t); len(printed) != 1 || len(printed[0].Pages(t)) != 1 {
		t.Errorf("%d documents came out", len(printed))
	}
	d.tap("Imprimé…")
	d.tap("Oui, tout est bon")
	d.wantRead("sorti de l’imprimante", "mettez sous pli")
}

// TestPrintForm offers the printer last used, and backs where they can be
// printed.
func TestPrintForm(t *testing.T) {
	d, organisation := newDesk(t)
	d.register(organisation, "luc", true)
	d.signIn("claire", testPassword)
	printers := []app.Printer{
		{Name: "simple", Accepting: true, Default: true}, {Name: "duplex", Accepting: true, Duplex: true},
	}
	b := d.w.frame.mail.batches
	batch := data.Batch{Number: "LOT26-0001", Letters: 1, Duplex: true}
	form := newPrintForm(b, batch, printers)
	if order, _ := form.order(); order.Printer != "simple" || !order.FrontsOnly {
		t.Errorf("one-sided printer: %+v", order)
	}
	form.printer.SetSelectedIndex(1)
	if order, _ := form.order(); order.Printer != "duplex" || order.FrontsOnly {
		t.Errorf("duplex printer: %+v", order)
	}
	printers[0].Default, printers[1].Default, b.printer = false, true, "simple"
	if order, _ := newPrintForm(b, batch, printers).order(); order.Printer != "simple" {
		t.Errorf("not the printer last used: %+v", order)
	}
}

// TestDialogOverDialog leaves the one under it as it was.
func TestDialogOverDialog(t *testing.T) {
	d, _ := newDesk(t)
	d.signIn("claire", testPassword)
	under := d.w.openDialog("Dessous", "Faire", false, 300, widget.NewLabel("dessous"), func(*modal) {})
	d.w.openDialog("Dessus", "Faire", false, 300, widget.NewLabel("dessus"), func(*modal) {})
	d.w.closeDialog()
	if d.w.dialog != under || !under.popup.Visible() {
		t.Fatal("the dialog under it is lost")
	}
	d.w.pressed(fyne.KeyEscape, 0)
	if d.w.dialog != nil || under.popup.Visible() {
		t.Error("the dialog cannot be left")
	}
}

// TestSheetsHideBehindAnotherTab: codes do not wait there.
func TestSheetsHideBehindAnotherTab(t *testing.T) {
	d, organisation := newDesk(t)
	d.register(organisation, "luc", true)
	d.signIn("claire", testPassword)
	if _, err := d.app.Compose(d.ctx, nil, nil); err != nil {
		t.Fatal(err)
	}
	m := d.w.frame.mail
	m.showBatches()
	m.batches.look.SetChecked(true)
	d.wantRead("1/1")
	m.showPosted()
	m.showBatches()
	if m.batches.look.Checked {
		t.Error("the sheets are still shown")
	}
}
