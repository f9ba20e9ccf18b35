package views

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"guichet/data"
)

// types types a text where the focus is.
func (d *desk) types(text string) {
	d.Helper()
	focused := d.w.window.Canvas().Focused()
	if focused == nil {
		d.Fatalf("nothing has the focus for %q", text)
	}
	test.Type(focused, text)
}

// tab goes to the next field, so often.
func (d *desk) tab(times int) {
	for range times {
		d.w.window.Canvas().FocusNext()
	}
}

// ctrl presses a shortcut, where the focus is.
func (d *desk) ctrl(name fyne.KeyName) {
	shortcut := &desktop.CustomShortcut{KeyName: name, Modifier: fyne.KeyModifierShortcutDefault}
	if focused, ok := d.w.window.Canvas().Focused().(fyne.Shortcutable); ok {
		focused.TypedShortcut(shortcut)
		return
	}
	d.w.pressed(name, shortcut.Modifier)
}

// TestAWorkingDayByKeyboard does each screen's main act without the mouse: a
// registration, its letter composed, its codes entered, an e-service added, the
// journal verified, a setting saved.
func TestAWorkingDayByKeyboard(t *testing.T) {
	d, organisation := newDesk(t)
	d.w.signOut()
	d.types("claire")
	d.tab(1)
	d.types(testPassword)
	d.press(fyne.KeyReturn)
	d.registersByKeyboard(organisation)
	d.composesAndConfirmsByKeyboard(organisation)
	d.administersByKeyboard()
}

// registersByKeyboard fills in a registration.
func (d *desk) registersByKeyboard(organisation data.Organisation) {
	d.Helper()
	f := d.w.frame
	d.ctrl(fyne.Key5)
	d.types(organisation.Name)
	d.press(fyne.KeyReturn) // to the list
	d.press(fyne.KeyHome)
	d.ctrl(fyne.KeyReturn) // Nouvelle inscription
	form, ok := f.book.form.(*registration)
	if !ok {
		d.Fatalf("%T is open", f.book.form)
	}
	d.types("Anne")
	d.tab(1)
	d.types("Heitz")
	d.tab(1)
	d.types("anne@achenheim.example")
	for d.w.window.Canvas().Focused() != fyne.Focusable(form.password) {
		d.tab(1)
	}
	d.types("Soleil2026")
	for d.w.window.Canvas().Focused() != fyne.Focusable(form.terms) {
		d.tab(1)
	}
	d.types(" ")
	d.w.window.Canvas().Unfocus() // as after the last field
	d.ctrl(fyne.KeyReturn)
	d.wantRead("est inscrit : la lettre")
}

// composesAndConfirmsByKeyboard composes the one letter that is ready, and enters
// its codes.
func (d *desk) composesAndConfirmsByKeyboard(organisation data.Organisation) {
	d.Helper()
	d.ctrl(fyne.Key2)
	d.ctrl(fyne.KeyReturn) // Composer
	batches, err := d.app.Batches(d.ctx)
	if err != nil || len(batches) != 1 || batches[0].Letters != 1 {
		d.Fatalf("%+v, %v", batches, err)
	}
	reference, codes := d.firstLetter(batches[0].Number)

	d.ctrl(fyne.Key3)
	d.types(reference)
	d.types(codes[0]) // the caret moves on by itself
	d.types(codes[1])
	d.ctrl(fyne.KeyReturn)
	d.wantRead(organisation.Name)
	if letter := d.letter(reference); letter.State != data.Confirmed {
		d.Errorf("the letter is %s", letter.State)
	}
}

// administersByKeyboard adds an e-service, verifies the journal and names the
// register.
func (d *desk) administersByKeyboard() {
	d.Helper()
	d.ctrl(fyne.Key6)
	d.ctrl(fyne.KeyReturn) // Nouvel e-service
	d.types("Urbanisme")
	d.tab(1)
	d.types("urbanisme")
	d.ctrl(fyne.KeyReturn)
	d.wantRead("Urbanisme")

	d.ctrl(fyne.Key8)
	d.ctrl(fyne.KeyReturn) // Vérifier
	d.wantRead("Journal intact")

	d.ctrl(fyne.Key7)
	d.tab(1)
	for range 20 {
		if field, ok := d.w.window.Canvas().Focused().(*entry); ok {
			field.SetText("")
			break
		}
		d.tab(1)
	}
	d.types("Registre du clavier")
	d.ctrl(fyne.KeyReturn)
	if d.stored().RegisterName != "Registre du clavier" {
		d.Errorf("the register is named %q", d.stored().RegisterName)
	}
}
