package views

import (
	"fmt"
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"guichet/data"
)

// everyKey are the keys that a keyboard sends by their names.
var everyKey = []fyne.KeyName{
	fyne.KeyEscape, fyne.KeyReturn, fyne.KeyTab, fyne.KeyBackspace, fyne.KeyInsert, fyne.KeyDelete, fyne.KeyRight, fyne.KeyLeft, fyne.KeyDown,
	fyne.KeyUp, fyne.KeyPageUp, fyne.KeyPageDown, fyne.KeyHome, fyne.KeyEnd, fyne.KeyEnter, fyne.KeySpace,
	fyne.KeyF1, fyne.KeyF2, fyne.KeyF3, fyne.KeyF4, fyne.KeyF5, fyne.KeyF6, fyne.KeyF7, fyne.KeyF8, fyne.KeyF9, fyne.KeyF10, fyne.KeyF11, fyne.KeyF12,
	fyne.Key0, fyne.Key1, fyne.Key2, fyne.Key3, fyne.Key4, fyne.Key5, fyne.Key6, fyne.Key7, fyne.Key8, fyne.Key9,
	fyne.KeyA, fyne.KeyB, fyne.KeyC, fyne.KeyD, fyne.KeyE, fyne.KeyF, fyne.KeyG, fyne.KeyH, fyne.KeyI, fyne.KeyJ, fyne.KeyK, fyne.KeyL, fyne.KeyM,
	fyne.KeyN, fyne.KeyO, fyne.KeyP, fyne.KeyQ, fyne.KeyR, fyne.KeyS, fyne.KeyT, fyne.KeyU, fyne.KeyV, fyne.KeyW, fyne.KeyX, fyne.KeyY, fyne.KeyZ,
}

// TestSheetTellsTheKeys: on every screen, the sheet names each key that does
// something, with words, and no other.
func TestSheetTellsTheKeys(t *testing.T) {
	d, _ := newDesk(t)
	d.signIn("claire", testPassword)
	f := d.w.frame
	var reach []func() // each screen again, whatever a key did to it
	for n := range f.nav.items {
		reach = append(reach, func() { f.showNth(n + 1) })
	}
	for tab := range f.mail.tabs.Items {
		reach = append(reach, func() { f.mail.open(tab) })
	}
	for _, again := range reach {
		again()
		page := f.current.help()
		listed := map[string]bool{}
		d.w.typed('?')
		d.wantRead("Au clavier", "l’aide de l’écran")
		d.w.closeDialog()
		for _, group := range f.keys() {
			for _, line := range group.lines() {
				if line.says == "" {
					t.Errorf("%s: %s says nothing", page, line.text())
				}
			}
			for _, k := range group.keys {
				if k.name != "" {
					listed[k.label()] = true
				}
			}
		}
		for _, modifier := range []fyne.KeyModifier{0, ctrl} {
			for _, name := range everyKey {
				label := key{name: name, modifier: modifier}.label()
				done := d.w.pressed(name, modifier)
				if done != listed[label] {
					t.Errorf("%s: %s does something: %v, stands on the sheet: %v", page, label, done, listed[label])
				}
				if done {
					if d.calm(); f.current.help() != page {
						again()
					}
					d.w.window.Canvas().Unfocus()
				}
			}
		}
	}
}

// calm closes what a key opened.
func (d *desk) calm() {
	for d.w.dialog != nil {
		d.w.closeDialog()
	}
	if book := d.w.frame.book; book.form != nil {
		book.closeForm()
	}
	if d.w.locked != nil {
		d.w.locked.password.SetText(testPassword)
		d.w.locked.onOpen()
	}
}

// TestSheetOfTickets: the letters of the help desk too, and those of a role only.
func TestSheetOfTickets(t *testing.T) {
	h := newHelpDesk(t)
	h.deliver("a@mairie.example", "Codes", "Bonjour")
	screen := h.open()
	letters := func() (found string) {
		for _, group := range h.w.frame.keys() {
			for _, line := range group.lines() {
				for _, key := range line.keys {
					if len([]rune(key)) == 1 && key[0] < 0x80 {
						found += key
					}
				}
			}
		}
		return found
	}
	if got := letters(); got != "?jk/xrnfae" {
		t.Errorf("the sheet has the letters %q", got)
	}
	canvas := h.w.window.Canvas()
	test.TypeOnCanvas(canvas, "r")
	if !screen.ticket.composer.open {
		t.Error("r does not open the reply")
	}
	if h.w.pressed(fyne.KeyEscape, 0); canvas.Focused() != fyne.Focusable(screen.list.list) {
		t.Errorf("%T has the keys", canvas.Focused())
	}
	h.w.pressed(fyne.KeyReturn, 0)
	if !screen.whole {
		t.Error("Enter does not give the ticket all the room")
	}
	h.w.pressed(fyne.KeyEscape, 0)
	h.operator("lecture", data.Reader)
	h.signIn("lecture", testPassword)
	h.w.frame.show(h.w.frame.tickets)
	if got := letters(); got != "?jk/" {
		t.Errorf("a reader's sheet has the letters %q", got)
	}
}

// TestLettersWithoutFocus: what is typed while nothing has the focus reaches the
// screen that is shown, also once the returns were.
func TestLettersWithoutFocus(t *testing.T) {
	d, _ := newDesk(t)
	d.signIn("claire", testPassword)
	f := d.w.frame
	canvas := d.w.window.Canvas()
	f.mail.showReturns()
	canvas.Unfocus()
	test.TypeOnCanvas(canvas, "2")
	if f.mail.returns.reason != data.ReturnReasons[1] {
		t.Error("2 does not choose the reason")
	}
	test.TypeOnCanvas(canvas, "L")
	if f.mail.returns.field.Text != "L" || canvas.Focused() != fyne.Focusable(f.mail.returns.field) {
		t.Error("a scan beside the field is lost")
	}
	f.show(f.audit)
	canvas.Unfocus()
	test.TypeOnCanvas(canvas, "?")
	d.wantRead("Au clavier")
	d.w.closeDialog()
	for _, field := range []*entry{f.codes.reference, f.book.search, &f.mail.returns.field.entry, &f.tickets.search.entry.entry} {
		field.SetText("")
		field.TypedRune('?')
		if d.w.dialog == nil || field.Text != "" {
			t.Errorf("? in %q does not show the keys", field.PlaceHolder)
		}
		d.w.closeDialog()
	}
}

// TestFocusReturns: once a dialog is closed, however it was, the keys are where
// they were, or where the screen begins.
func TestFocusReturns(t *testing.T) {
	d, organisation := newDesk(t)
	d.register(organisation, "luc", true)
	d.signIn("claire", testPassword)
	f := d.w.frame
	canvas := d.w.window.Canvas()
	closings := map[string]func(){
		"Esc": func() { d.w.pressed(fyne.KeyEscape, 0) },
		"Esc on the dialog's button": func() {
			canvas.Focus(d.w.dialog.button)
			d.w.dialog.button.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
		},
		"the button": func() { d.tap("Ne rien changer") },
	}
	for how, closing := range closings {
		for name, c := range map[string]struct {
			screen screen
			field  fyne.Focusable
		}{
			"the directory's list":   {f.book, f.book.table.grid},
			"the directory's search": {f.book, f.book.search},
			"the audit's filter":     {f.audit, f.audit.record},
			"the second code":        {f.codes, f.codes.code2},
		} {
			f.show(c.screen)
			canvas.Focus(c.field)
			f.openPasswordForm()
			if canvas.Focused() == c.field {
				t.Fatal("the dialog has not the keys")
			}
			if closing(); d.w.dialog != nil || canvas.Focused() != c.field {
				t.Errorf("%s, %s: %T has the focus", name, how, canvas.Focused())
			}
		}
		// A tap on a button takes the focus away before the dialog opens.
		f.show(f.book)
		test.Tap(widget.NewButton("", nil))
		canvas.Unfocus()
		f.book.onAdd()
		if closing(); canvas.Focused() != fyne.Focusable(f.book.search) {
			t.Errorf("after a tap, %s: %T has the focus", how, canvas.Focused())
		}
	}
	// A dialog over another gives the keys back to it.
	f.show(f.book)
	f.book.onAdd()
	field := canvas.Focused()
	d.w.pressed(fyne.KeyF1, 0)
	if d.w.closeDialog(); field == nil || canvas.Focused() != field {
		t.Errorf("%T has the focus in the dialog", canvas.Focused())
	}
}

// TestFocusReturnsToTheReply: a dialog over a reply being written must not leave
// its next letters to the ticket's keys.
func TestFocusReturnsToTheReply(t *testing.T) {
	h := newHelpDesk(t)
	h.deliver("a@mairie.example", "Codes", "Bonjour")
	screen := h.open()
	h.w.typed('r')
	h.w.window.Canvas().Unfocus() // a tap on a button
	h.w.frame.openPasswordForm()
	h.w.closeDialog()
	if focused := h.w.window.Canvas().Focused(); focused != fyne.Focusable(screen.ticket.composer.text) {
		t.Errorf("%T has the focus", focused)
	}
}

// TestEnterConfirms: Enter does what the dialog is for, from a field of one line
// or from nowhere; not in a text of several lines, nor what is dangerous.
func TestEnterConfirms(t *testing.T) {
	d, _ := newDesk(t)
	d.signIn("claire", testPassword)
	done := 0
	line, text := newEntry(d.w), newTextArea(d.w, 2)
	enter := &fyne.KeyEvent{Name: fyne.KeyReturn}
	open := func(dangerous bool) {
		d.w.openDialog("Essai", "Essayer", dangerous, 300, container.NewVBox(line, text), func(*modal) { done++ })
	}
	open(false)
	if line.TypedKey(enter); done != 1 {
		t.Error("Enter in a field does not confirm")
	}
	if d.w.pressed(fyne.KeyEnter, 0); done != 2 {
		t.Error("Enter outside the fields does not confirm")
	}
	if text.TypedKey(enter); done != 2 || text.Text != "\n" {
		t.Errorf("Enter in a text of several lines: %d times, %q", done, text.Text)
	}
	d.w.closeDialog()
	open(true)
	if d.w.window.Canvas().Focused() != fyne.Focusable(d.w.dialog.leave) {
		t.Errorf("%T has the focus beside what is dangerous", d.w.window.Canvas().Focused())
	}
	line.TypedKey(enter)
	if d.w.pressed(fyne.KeyReturn, 0); done != 2 {
		t.Error("Enter does what is dangerous")
	}
}

// TestButtonLeavesKeysToTheWindow: Enter taps the button that has the focus, on a
// screen too; other keys and letters do what they do without it.
func TestButtonLeavesKeysToTheWindow(t *testing.T) {
	d, _ := newDesk(t)
	d.signIn("claire", testPassword)
	canvas := d.w.window.Canvas()
	d.w.frame.mail.showBatches()
	canvas.Focus(d.button("Voir les lettres à composer"))
	if d.button("Voir les lettres à composer").ring.Hidden {
		t.Error("nothing shows that the button has the keys")
	}
	test.Type(canvas.Focused(), "?")
	d.wantRead("Au clavier")
	d.w.closeDialog()
	canvas.Focus(d.button("Voir les lettres à composer"))
	canvas.Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyF1})
	if d.w.dialog == nil || d.w.dialog.shows == nil {
		t.Error("F1 on a button shows no help")
	}
	d.w.closeDialog()
	canvas.Focus(d.button("Voir les lettres à composer"))
	if canvas.Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn}); d.w.frame.mail.tabs.SelectedIndex() != queueTab {
		t.Error("Enter does not tap the button")
	}
}

// TestNoKeyTwice: no table holds a key twice.
func TestNoKeyTwice(t *testing.T) {
	d, _ := newDesk(t)
	d.signIn("claire", testPassword)
	d.eachScreen(func(s screen) {
		for _, group := range d.w.frame.keys() {
			var seen []string
			for _, k := range group.keys {
				id := fmt.Sprint(k.name, k.letters, k.modifier)
				if slices.Contains(seen, id) {
					t.Errorf("%s holds %s twice", group.title, k.label())
				}
				seen = append(seen, id)
			}
		}
	})
}
