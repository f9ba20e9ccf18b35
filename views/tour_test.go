package views

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"guichet/app"
	"guichet/data"
)

// nameDemo gives the register the demo register's name.
func (d *desk) nameDemo() {
	d.Helper()
	settings := testSettings()
	settings.RegisterName = app.DemoName
	if err := d.app.SaveSettings(d.ctx, settings); err != nil {
		d.Fatal(err)
	}
}

// TestTourIsOfferedOnce: at the first session on the demo register, by keyboard
// through the screens of the operator's roles, and never again.
func TestTourIsOfferedOnce(t *testing.T) {
	d, _ := newDesk(t)
	d.signIn("claire", testPassword)
	if d.w.frame.tour != nil {
		t.Fatal("the tour is offered on a register at work")
	}
	d.nameDemo()
	d.signIn("claire", testPassword)
	f := d.w.frame
	canvas := d.w.window.Canvas()
	d.wantRead("Première visite ?", "Bonjour Claire Martin")
	if f.tour == nil || canvas.Focused() != fyne.Focusable(f.tour.next) {
		t.Fatalf("%T has the keys", canvas.Focused())
	}
	var titles []string
	shown := map[screen]bool{}
	for f.tour != nil && len(titles) < 20 {
		f.tour.next.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
		if f.tour != nil {
			titles = append(titles, f.tour.steps[f.tour.at].title)
			shown[f.current] = true
			d.wantRead(plain(f.tour.steps[f.tour.at].title), plain(number(f.tour.at+1))+"/8")
			if canvas.Focused() != fyne.Focusable(f.tour.next) {
				t.Errorf("%s: %T has the keys", titles[len(titles)-1], canvas.Focused())
			}
		}
	}
	want := "Accueil, Courrier : les lettres à composer, Courrier : les lots, Codes, Assistance, Annuaire, Journal, Et ensuite"
	if got := plain(strings.Join(titles, ", ")); got != want {
		t.Errorf("the tour shows %s", got)
	}
	for _, s := range []screen{f.home, f.mail, f.codes, f.tickets, f.book, f.audit} {
		if !shown[s] {
			t.Errorf("the tour does not show the page %s", s.help())
		}
	}
	if len(f.beside.Objects) != 0 {
		t.Error("the card stays after the tour")
	}
	d.signIn("claire", testPassword)
	if d.w.frame.tour != nil {
		t.Error("the tour is offered again")
	}
}

// TestTourFromTheHelp: on any register; back and out by keyboard; only the screens
// of the operator's roles.
func TestTourFromTheHelp(t *testing.T) {
	d, _ := newDesk(t)
	d.operator("courrier", data.MailRoom)
	d.signIn("courrier", testPassword)
	f := d.w.frame
	d.w.pressed(fyne.KeyF1, 0)
	d.tap("Visite guidée")
	if d.w.dialog != nil || f.tour == nil || len(f.tour.steps) != 4 {
		t.Fatalf("the help does not begin the tour: %v", f.tour)
	}
	d.tap("Suivant")
	d.wantRead("Courrier : les lettres à composer", "2/4")
	d.tap("Précédent")
	d.wantRead("1/4")
	d.w.pressed(fyne.KeyF1, 0) // the help lies over the tour
	d.openHelp().search.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if f.tour == nil {
		t.Error("closing the help left the tour")
	}
	f.tour.next.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if f.tour != nil || len(f.beside.Objects) != 0 {
		t.Error("Esc does not leave the tour")
	}
	f.beginTour()
	for range 3 {
		test.Tap(d.button("Suivant"))
	}
	d.wantRead("Et ensuite", "4/4")
	d.tap("Terminer")
	if f.tour != nil {
		t.Error("the tour does not end")
	}
}
