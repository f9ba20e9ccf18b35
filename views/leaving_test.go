package views

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

// TestNothingTypedIsDroppedUnasked: Escape asks before a form's content goes, and
// not when nothing was typed.
func TestNothingTypedIsDroppedUnasked(t *testing.T) {
	d, organisation := newDesk(t)
	d.signIn("claire", testPassword)
	book := d.w.frame.book
	book.open(organisation.ID)
	book.onAdd()
	d.w.pressed(fyne.KeyEscape, 0)
	if d.w.dialog != nil {
		t.Fatal("an untouched form is asked about")
	}
	book.onAdd()
	test.Type(d.entry(0), "Commune de Nulle-Part")
	d.w.pressed(fyne.KeyEscape, 0)
	d.wantRead("Abandonner la saisie ?", "n’est pas enregistré")
	d.w.pressed(fyne.KeyEscape, 0)
	d.wantRead("Nouvelle organisation")
	if d.entry(0).Text != "Commune de Nulle-Part" {
		t.Error("what was typed is gone")
	}
	d.tap("Ne rien changer")
	d.tap("Abandonner")
	if d.w.dialog != nil {
		t.Error("still open")
	}
	book.onRegister()
	d.w.pressed(fyne.KeyEscape, 0)
	if book.form != nil {
		t.Error("an untouched registration is asked about")
	}
	book.onRegister()
	form := book.form.(*registration)
	form.first.SetText("Anne")
	d.tap("Annuaire")
	d.tap("Continuer la saisie")
	if book.form != directoryForm(form) {
		t.Error("the registration is gone")
	}
	d.w.frame.leaveSession()
	d.wantRead("L’inscription commencée n’est pas validée.")
	d.tap("Fermer la session")
	if d.w.frame != nil {
		t.Error("still signed in")
	}
}

// TestLongTasks: each stands in the bar until it ends, and leaving asks about it.
func TestLongTasks(t *testing.T) {
	d, _ := newDesk(t)
	d.signIn("claire", testPassword)
	f := d.w.frame
	bar := f.status.tasks
	first, second := newLongTask("Composition", time.Now()), newLongTask("Purge", time.Now())
	interrupted := ""
	first.cancel = func() { interrupted = first.name }
	second.cancel = func() { interrupted = second.name }
	bar.tasks = []*longTask{second, first}
	bar.show()
	f.show(f.book)
	d.wantRead("Purge")
	d.tap("et une autre tâche")
	d.wantRead("Composition")
	d.tap("Interrompre")
	if interrupted != "Composition" {
		t.Errorf("%q was interrupted", interrupted)
	}
	first.report(210, 500)
	if got := plain(first.label.Text); got != "Composition 210/500" {
		t.Error(got)
	}
	f.leaveSession()
	d.wantRead("Purge : la tâche est en cours et sera interrompue.")
	d.tap("Ne rien changer")
	bar.tasks = nil
	bar.show()
	if d.reads("Purge") {
		t.Error("it still stands in the bar")
	}
	var ends []string
	for _, err := range []error{nil, context.Canceled, errors.New("disk full")} {
		ends = append(ends, plain(ended("Purge", err)))
	}
	if want := []string{"Purge : terminée", "Purge : interrompue", "Purge : échec, à voir dans Guichet"}; !slices.Equal(ends, want) {
		t.Errorf("%q", ends)
	}
	done := 0
	long(f, "Essai", nil, func(_ context.Context, report progress) (int, error) { report(1, 2); return 3, nil }, func(n int, err error) { done = n })
	if done != 3 || len(bar.tasks) != 0 {
		t.Errorf("%d, %d tasks", done, len(bar.tasks))
	}
}

// TestClosingTheWindowAsks: the window's own button does not drop settings.
func TestClosingTheWindowAsks(t *testing.T) {
	d, s := newSettingsDesk(t)
	s.openPage(s.letter)
	s.letter.place.SetText("Colmar")
	d.w.closing()
	d.wantRead("Quitter Guichet ?", "Des réglages ne sont pas enregistrés.")
	d.tap("Ne rien changer")
	if d.w.frame == nil {
		t.Error("closed")
	}
}
