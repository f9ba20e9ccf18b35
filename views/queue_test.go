package views

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"guichet/data"
)

func TestQueueHoldsBackAndCorrects(t *testing.T) {
	d, organisation := newDesk(t)
	organisation.Address.PostalCode = "67999"
	if err := d.app.UpdateOrganisation(d.ctx, organisation); err != nil {
		t.Fatal(err)
	}
	d.register(organisation, "luc", true)
	d.signIn("claire", testPassword)
	d.w.frame.mail.showQueue()
	if !d.button("Composer le lot").Disabled() {
		t.Error("a letter held back can be composed")
	}
	d.w.frame.mail.queue.table.choose(0)
	d.wantRead("Retenue", "ligne 6 :", "67999")
	d.tap("Corriger…")
	form := d.w.window.Canvas().Focused()
	if e, ok := form.(*entry); !ok || e.Text != "67999" {
		t.Fatalf("the caret is not in the postal code: %v", form)
	}
	form.(*entry).SetText("67204")
	d.tap("Enregistrer l’organisation")
	d.wantRead("1 prête · 0 retenue · 1 cochée")
}

// TestQueueIsReadThrough: the arrows lead through the letters though nothing has
// the focus, and the address beneath is that of the letter in the preview,
// whichever way one came to it.
func TestQueueIsReadThrough(t *testing.T) {
	d, organisation := newDesk(t)
	d.register(organisation, "luc", true)
	held := organisation
	other, err := d.app.AddOrganisation(d.ctx, data.Organisation{
		Kind: data.Commune, Name: "Commune de Wolxheim",
		Address: data.Address{Street: "5 place de l'Église", PostalCode: "67120", City: "WOLXHEIM"},
	}, data.LegalRepresentative{Civility: data.Monsieur, FirstName: "Paul", LastName: "Klein", Office: "Maire"})
	if err != nil {
		t.Fatal(err)
	}
	d.register(other, "anne", true)
	d.signIn("claire", testPassword)
	queue := d.w.frame.mail.queue
	d.w.frame.mail.showQueue()
	d.w.window.Canvas().Unfocus()
	address := func() string { return strings.Join(strings.Fields(queue.lines.Text), " ") }
	former := address()
	if d.w.pressed(fyne.KeyDown, 0); queue.table.row() != 1 || address() == former {
		t.Errorf("↓ leads to row %d, %s", queue.table.row(), address())
	}
	if test.Tap(queue.preview.former); queue.table.row() != 0 || address() != former {
		t.Errorf("◂ leads to row %d, %s", queue.table.row(), address())
	}
	held.Address.PostalCode = "67999"
	if err := d.app.UpdateOrganisation(d.ctx, held); err != nil {
		t.Fatal(err)
	}
	queue.reload()
	queue.table.choose(1)
	d.wantRead("corrigez ce qui la retient pour la voir ici")
}
