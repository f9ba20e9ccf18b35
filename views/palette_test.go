package views

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"guichet/app"
	"guichet/data"
)

// goTo opens the palette, types and chooses the first that is found, by keyboard.
func (d *desk) goTo(typed string) {
	d.Helper()
	d.w.pressed(fyne.KeyK, fyne.KeyModifierShortcutDefault)
	if _, ok := d.w.window.Canvas().Focused().(*paletteEntry); !ok {
		d.Fatal("the palette has not the caret")
	}
	test.Type(d.w.window.Canvas().Focused(), typed)
	d.press(fyne.KeyReturn)
	if d.w.dialog != nil {
		d.Fatalf("%q leads nowhere", typed)
	}
}

// press types a key into what has the focus.
func (d *desk) press(name fyne.KeyName) {
	d.w.window.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: name})
}

// TestPalette: screens, acts and records by a few letters.
func TestPalette(t *testing.T) {
	d, organisation := newDesk(t)
	d.signIn("claire", testPassword)
	made := d.register(organisation, "Anne", false)
	batch, err := d.app.Compose(d.ctx, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	reference, _ := d.firstLetter(batch.Number)
	f := d.w.frame
	d.goTo("journ")
	if f.current != screen(f.audit) {
		t.Errorf("%T", f.current)
	}
	d.goTo("courr suiv")
	if f.current != screen(f.mail) || f.mail.tabs.SelectedIndex() != followUpTab {
		t.Errorf("%T", f.current)
	}
	d.goTo("commune achen")
	if f.current != screen(f.book) || f.book.record.shown.Organisation.ID != organisation.ID {
		t.Errorf("%T", f.current)
	}
	d.goTo(made.Account.Identifier)
	d.wantRead(made.Account.Identifier, "Chronologie")
	f.show(f.home)
	d.goTo(reference)
	if f.current != screen(f.book) || f.book.record.tabs.SelectedIndex() != lettersTab {
		t.Errorf("%T", f.current)
	}
	d.goTo("verrou")
	if d.w.locked == nil {
		t.Error("not locked")
	}
}

func TestPaletteMovesAndCloses(t *testing.T) {
	d, _ := newDesk(t)
	d.signIn("claire", testPassword)
	d.w.pressed(fyne.KeyK, fyne.KeyModifierShortcutDefault)
	d.press(fyne.KeyDown)
	d.press(fyne.KeyDown)
	d.press(fyne.KeyUp)
	d.press(fyne.KeyReturn)
	if d.w.frame.current != screen(d.w.frame.mail) {
		t.Errorf("%T", d.w.frame.current)
	}
	d.w.pressed(fyne.KeyK, fyne.KeyModifierShortcutDefault)
	test.Type(d.w.window.Canvas().Focused(), "zzz")
	d.wantRead("Rien ne porte ce nom ni ce numéro.")
	d.press(fyne.KeyReturn)
	d.press(fyne.KeyEscape)
	if d.w.dialog != nil {
		t.Error("still open")
	}
}

// TestPaletteByRole: what the operator may not do is not offered.
func TestPaletteByRole(t *testing.T) {
	d, organisation := newDesk(t)
	d.operator("marc", data.MailRoom)
	d.signIn("marc", testPassword)
	f := d.w.frame
	for _, c := range f.commands() {
		switch c.detail {
		case "Réglages", "Assistance":
			if f.settings == nil {
				t.Errorf("%s · %s", c.detail, c.title)
			}
		}
	}
	found, err := f.guichet.Find(app.As(t.Context(), f.operator), organisation.Name)
	if err != nil || f.book == nil && len(f.records(found)) != 0 {
		t.Errorf("%v, %+v", err, found)
	}
}
