package views

import (
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"guichet/app"
	"guichet/data"
)

// TestTicketsByKeyboard: the next one, checked ones, acts on all of them, the
// search.
func TestTicketsByKeyboard(t *testing.T) {
	h := newHelpDesk(t)
	for _, name := range []string{"Alpha", "Beta", "Gamma"} {
		h.deliver(strings.ToLower(name)+"@mairie.example", name, "Bonjour "+name)
	}
	screen := h.open()
	l := screen.list
	var seen []string
	for range 4 { // the last j finds no next one
		seen = append(seen, screen.ticket.shown.Subject)
		h.w.typed('j')
	}
	if seen[2] != seen[3] || len(slices.Compact(slices.Sorted(slices.Values(seen)))) != 3 {
		t.Errorf("j shows %v", seen)
	}
	h.w.typed('x')
	h.w.typed('k')
	h.w.typed('x')
	if len(l.checked) != 2 || l.acts.Hidden || !strings.Contains(plain(l.acts.Text), "2 demandes") {
		t.Errorf("%d checked, %q", len(l.checked), l.acts.Text)
	}
	l.changeAll(app.TicketChange{State: data.Solved})
	h.wantRead("2 demandes modifiées")
	if l.pages.total != 1 || !l.acts.Hidden {
		t.Errorf("%d are left", l.pages.total)
	}
	h.w.typed('/')
	if focused := h.w.window.Canvas().Focused(); focused != fyne.Focusable(screen.search.entry) {
		t.Fatalf("%T has the caret", focused)
	}
	test.Type(screen.search.entry, "gam statut:res")
	h.w.frame.scope.pass("ticket search")
	if l.pages.total != 1 || screen.ticket.shown.Subject != "Gamma" {
		if first := seen[0]; first != "Gamma" { // or it is the one still open
			t.Errorf("%d found, %s is shown", l.pages.total, screen.ticket.shown.Subject)
		}
	}
	screen.search.entry.SetText("avant:hier")
	h.w.frame.scope.pass("ticket search")
	h.wantRead("« hier » n’est pas une date : écrivez avant:24/11/2026")
	h.w.typed('?')
	h.wantRead("Au clavier", "demande suivante", "l’état ; aussi -statut:close")
	h.tap("Compris")
}

// TestKeysWorkAtOnce: whoever signs in and opens the screen, or sends a note,
// need not click before the letters are understood.
func TestKeysWorkAtOnce(t *testing.T) {
	h := newHelpDesk(t)
	h.deliver("a@mairie.example", "Premier", "Bonjour")
	h.signIn("claire", testPassword)
	h.w.pressed(fyne.Key4, fyne.KeyModifierShortcutDefault)
	canvas := h.w.window.Canvas()
	key := func(r rune) {
		t.Helper()
		if focused := canvas.Focused(); focused != nil {
			focused.TypedRune(r)
		} else {
			h.w.typed(r)
		}
	}
	c := h.w.frame.tickets.ticket.composer
	key('n')
	if !c.open || canvas.Focused() != fyne.Focusable(c.text) {
		t.Fatalf("open %v, %T has the caret", c.open, canvas.Focused())
	}
	test.Type(c.text, "Vu")
	h.tap("Ajouter la note")
	key('e')
	if state := h.w.frame.tickets.ticket.shown.State; state != data.Solved {
		t.Errorf("%s after e", state)
	}
	h.w.pressed(fyne.KeyZ, fyne.KeyModifierShortcutDefault)
	h.wantRead("Changement annulé")
	if state := h.w.frame.tickets.ticket.shown.State; state != data.NewTicket {
		t.Errorf("%s after Ctrl+Z", state)
	}
	h.w.pressed(fyne.KeyZ, fyne.KeyModifierShortcutDefault) // nothing more to undo
	key('e')
	key('r')
	h.w.pressed(fyne.KeyEscape, 0)
	key('?')
	h.wantRead("Au clavier")
}

// TestMergeFromTheWindow merges what is checked, and undoes it.
func TestMergeFromTheWindow(t *testing.T) {
	h := newHelpDesk(t)
	h.deliver("marie@mairie.example", "Premier", "Un")
	h.deliver("marie@mairie.example", "Second", "Deux")
	screen := h.open()
	h.w.typed('x')
	h.w.typed('j')
	h.w.typed('x')
	screen.list.mergeAll()
	h.wantRead("2 demandes réunies dans 26-000001", "Un", "Deux")
	if screen.list.pages.total != 1 {
		t.Errorf("%d tickets", screen.list.pages.total)
	}
	h.tap("Annuler la fusion")
	h.wantRead("La fusion est annulée")
	if screen.list.pages.total != 2 {
		t.Errorf("%d tickets", screen.list.pages.total)
	}
}
