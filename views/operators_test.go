package views

import (
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"guichet/app"
	"guichet/data"
)

// topic opens a page of the settings.
func (d *desk) topic(title string) {
	d.Helper()
	s := d.w.frame.settings
	d.w.frame.show(s)
	for _, topic := range s.topics {
		if topic.title == title {
			s.open(topic)
			return
		}
	}
	d.Fatalf("no topic %s", title)
}

// typeIn types into the form's fields, the n-th entry of what is on top.
func (d *desk) typeIn(n int, text string) { d.entry(n).SetText(text) }

// TestAnOperatorIsMade makes an operator in the settings, who chooses a password
// at the first session, and finds only what the role is for.
func TestAnOperatorIsMade(t *testing.T) {
	d, _ := newDesk(t)
	d.signIn("claire", testPassword)
	d.topic("Opérateurs")
	d.tap("Nouvel opérateur…")
	d.tap("Créer l’opérateur")
	d.wantRead("Ce champ est obligatoire", "Choisissez au moins un rôle")
	var provisional string
	for _, object := range d.all() {
		switch o := object.(type) {
		case *entry:
			if strings.Count(o.Text, "-") >= 5 {
				provisional = o.Text
			}
		case *widget.Check:
			if strings.HasPrefix(o.Text, "Courrier") {
				o.SetChecked(true)
			}
		}
	}
	form := d.w.dialog
	if form == nil || provisional == "" {
		t.Fatal("no password is proposed")
	}
	d.typeIn(0, "paul")
	d.typeIn(1, "Paul Hirtz")
	d.tap("Créer l’opérateur")
	d.wantRead("Opérateur enregistré", "Paul Hirtz", "Mot de passe à choisir")
	d.w.signOut()

	d.signIn("paul", provisional)
	d.wantRead("Bonjour Paul Hirtz. Votre mot de passe a été fixé par quelqu’un d’autre")
	d.typeIn(0, "un mot de passe à moi")
	d.typeIn(1, "un autre mot de passe")
	d.tap("Continuer")
	d.wantRead("Les deux saisies diffèrent")
	d.typeIn(1, "un mot de passe à moi")
	d.tap("Continuer")
	f := d.w.frame
	if f == nil || f.mail == nil || f.tickets != nil || f.audit != nil {
		t.Fatalf("the session is not the mail room's: %+v", f)
	}
	d.w.signOut()
	d.signIn("paul", "un mot de passe à moi")
	d.wantRead("Votre dernière session : à l’instant")
}

func TestTheSessionLocks(t *testing.T) {
	d, _ := newDesk(t)
	d.signIn("claire", testPassword)
	f := d.w.frame
	f.show(f.book)
	f.book.search.SetText("achen")
	openRepresentativeForm(f, data.Organisation{}, func(string) {})
	d.w.used()
	d.now = d.now.Add(14 * time.Minute)
	d.w.root.pass("idle")
	if d.w.locked != nil {
		t.Fatal("locked too early")
	}
	newMotion(d.w.used).Cursor() // somebody moves the mouse
	d.now = d.now.Add(14 * time.Minute)
	d.w.root.pass("idle")
	if d.w.locked != nil {
		t.Fatal("locked though somebody was there")
	}
	d.now = d.now.Add(2 * time.Minute)
	d.w.root.pass("idle")
	d.wantRead("La session de Claire Martin est verrouillée")
	if d.reads("Nommer") || d.reads("Annuaire") {
		t.Error("the session can be read")
	}
	if d.w.pressed(fyne.Key1, fyne.KeyModifierShortcutDefault) || d.w.pressed(fyne.KeyEscape, 0) || d.w.dialog == nil {
		t.Error("keys reach the session")
	}
	d.typeIn(0, "faux")
	d.tap("Déverrouiller")
	d.wantRead("Nom d’utilisateur ou mot de passe erroné")
	d.typeIn(0, testPassword)
	d.tap("Déverrouiller")
	if d.w.locked != nil || d.w.frame != f || d.w.dialog == nil || f.book.search.Text != "achen" {
		t.Error("the session did not come back as it was")
	}
	d.tap("Ne rien changer")
	d.wantRead("Un essai manqué sous votre nom depuis votre dernière session")
}

// TestNothingShowsOverTheLock: a dialog that work opens meanwhile waits for the
// password; one that work closes does not come back.
func TestNothingShowsOverTheLock(t *testing.T) {
	d, _ := newDesk(t)
	d.signIn("claire", testPassword)
	f := d.w.frame
	f.w.openDialog("Fini pendant ce temps", "Agir", false, 300, widget.NewLabel("première"), func(*modal) {})
	d.w.lock()
	d.w.closeDialog()
	f.w.openDialog("Ouvert pendant ce temps", "Agir", false, 300, widget.NewLabel("seconde"), func(*modal) { t.Error("acted while locked") })
	if d.reads("première") || d.reads("seconde") || d.w.window.Canvas().Overlays().Top() != nil {
		t.Error("a dialog shows over the lock")
	}
	d.typeIn(0, testPassword)
	d.tap("Déverrouiller")
	d.wantRead("seconde")
	if d.reads("première") {
		t.Error("a dialog that was closed came back")
	}
	d.tap("Ne rien changer")
	if d.w.window.Canvas().Overlays().Top() != nil || d.w.dialog != nil {
		t.Error("something stays on top")
	}
	d.wantRead("Bonjour Claire Martin")
}

// TestAChangedOperatorIsSignedOut: what an administrator takes away ends the
// session that has it.
func TestAChangedOperatorIsSignedOut(t *testing.T) {
	d, _ := newDesk(t)
	nora := d.operator("nora", data.HelpDesk)
	d.signIn("nora", testPassword)
	if err := d.app.DisableOperator(d.ctx, nora); err != nil {
		t.Fatal(err)
	}
	d.w.frame.refreshCounts()
	d.wantRead("Un administrateur a changé votre accès : ouvrez une nouvelle session")
	if d.w.frame != nil {
		t.Error("still signed in")
	}
}

func TestTheAuditIsSearchedAndVerified(t *testing.T) {
	d, organisation := newDesk(t)
	d.signIn("claire", testPassword)
	f := d.w.frame
	f.show(f.audit)
	d.wantRead("Session ouverte", "Organisation ajoutée", "Réglages modifiés")
	f.audit.record.SetText(organisation.Name)
	f.audit.reload()
	d.wantRead("2 entrées", "Organisation ajoutée", "Représentant légal nommé")
	if d.reads("Réglages modifiés") {
		t.Error("entries about other records")
	}
	f.audit.record.SetText("L26-999999-9")
	f.audit.reload()
	d.wantRead("Rien ne s’appelle « L26-999999-9 »")
	f.audit.back()
	f.audit.what.SetSelected("Tout sur les opérateurs")
	d.wantRead("Session ouverte", "Opérateur créé")
	if d.reads("Réglages modifiés") {
		t.Error("acts of other kinds")
	}
	f.audit.from.SetText("31/02/2026")
	f.audit.reload()
	d.wantRead("Date erronée « 31/02/2026 »")
	f.audit.from.SetText("")
	f.audit.reload()
	d.tap("Vérifier le journal")
	d.wantRead("Journal intact")
	ctx := app.As(t.Context(), f.operator)
	if n, err := d.app.CountAudit(ctx, data.AuditFilter{From: d.now.AddDate(0, 0, 1)}); err != nil || n != 0 {
		t.Errorf("%d entries of tomorrow, %v", n, err)
	}
}
