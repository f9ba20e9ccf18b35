package views

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"guichet/app"
	"guichet/data"
)

// openWindow opens a register as the program does, and waits.
func openWindow(t *testing.T, register string) *desk {
	t.Helper()
	d := &desk{T: t, now: testNow}
	w := newWindow(test.NewTempApp(t), nil, &tasks{inline: true})
	w.options = testOptions()
	w.window.Resize(fyne.NewSize(windowWidth, 800))
	t.Cleanup(w.window.Close)
	t.Cleanup(func() { w.closeRegister() })
	d.w = w
	w.openRegister(register)
	return d
}

// TestADamagedRegisterIsRestored: the window says what is wrong, offers the last
// backup with what it holds, and opens it; one that is damaged too is not taken.
func TestADamagedRegisterIsRestored(t *testing.T) {
	register := filepath.Join(t.TempDir(), "register.db")
	d := openDesk(t, register)
	d.ctx = app.As(t.Context(), d.operator("claire", data.WorkRoles...))
	for range 2 {
		if _, err := d.app.BackUp(d.ctx, nil); err != nil {
			t.Fatal(err)
		}
		d.now = d.now.AddDate(0, 0, 1)
	}
	backups, err := d.app.Backups(d.ctx)
	if err != nil || len(backups) != 2 {
		t.Fatal(backups, err)
	}
	if err := d.app.Close(); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{register, backups[0].Path} {
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, content[:len(content)/2], 0o600); err != nil {
			t.Fatal(err)
		}
	}
	damaged, _ := os.ReadFile(register)

	d = openWindow(t, register)
	d.wantRead("Le registre ne s’ouvre pas", "Le fichier du registre est abîmé", "Ses sauvegardes sont là")
	if !d.button("Restaurer cette sauvegarde").Disabled() {
		t.Error("a damaged backup can be restored")
	}
	if after, _ := os.ReadFile(register); !bytes.Equal(after, damaged) {
		t.Error("the damaged file was changed")
	}
	d.tap("Réessayer")
	d.wantRead("Le registre ne s’ouvre pas")
	for _, object := range d.all() {
		if choice, ok := object.(interface{ SetSelected(string) }); ok {
			choice.SetSelected(backupName(backups[1]))
		}
	}
	d.wantRead("« Registre », dernier acte le 24 nov. 2026 à 13 h 20. Organisations : 0")
	d.tap("Restaurer cette sauvegarde")
	d.signIn("claire", testPassword)
	d.wantRead("Bonjour Claire Martin")
	kept, err := filepath.Glob(register + ".kept-*")
	if err != nil || len(kept) != 1 {
		t.Fatalf("kept: %v, %v", kept, err)
	}
	if content, _ := os.ReadFile(kept[0]); !bytes.Equal(content, damaged) {
		t.Error("the damaged file was not kept")
	}
}

// TestASecondProcessIsRefused: the register is held while a window shows it.
func TestASecondProcessIsRefused(t *testing.T) {
	register := filepath.Join(t.TempDir(), "register.db")
	first := openWindow(t, register)
	first.wantRead("Ce registre est neuf")
	second := openWindow(t, register)
	second.wantRead("Le registre ne s’ouvre pas", "est déjà ouvert", "fermez-le d’abord")
	if err := first.w.closeRegister(); err != nil {
		t.Fatal(err)
	}
	second.tap("Réessayer")
	second.wantRead("Ce registre est neuf")
}

// TestFirstSteps makes the first administrator and goes through the steps: each
// can be passed over, and what was typed is saved.
func TestFirstSteps(t *testing.T) {
	d := openWindow(t, filepath.Join(t.TempDir(), "register.db"))
	d.wantRead("Ce registre est neuf")
	d.button("Essayer avec le registre de démonstration")
	d.entry(0).SetText("claire")
	d.entry(1).SetText("Claire Martin")
	d.entry(2).SetText(testPassword)
	d.tap("Créer l’administrateur")
	d.wantRead("Mise en service", "1 · Administrateur", "2 · Expéditeur et en-tête", "3 · Imprimante et calibrage", "4 · Boîte aux lettres", "5 · Organisations")
	steps, ok := d.w.frame.current.(*setup)
	if !ok || steps.at != 1 {
		t.Fatalf("%T", d.w.frame.current)
	}
	place := d.w.frame.settings.letter.place
	place.SetText("Strasbourg")
	d.tap("Suivant")
	d.wantRead("Réglages enregistrés")
	if steps.at != 2 {
		t.Fatalf("at step %d", steps.at+1)
	}
	ctx := app.As(t.Context(), d.w.frame.operator)
	if settings, err := d.w.guichet.Settings(ctx); err != nil || settings.Place != "Strasbourg" {
		t.Errorf("the place is %q, %v", settings.Place, err)
	}
	d.tap("Suivant")
	d.tap("Suivant")
	d.button("Choisir un fichier CSV ou XLSX…")
	d.tap("Précédent")
	if steps.at != 3 {
		t.Errorf("at step %d", steps.at+1)
	}
	d.tap("Suivant")
	d.tap("Terminer")
	d.wantRead("Bonjour Claire Martin")
	d.topic("Registre")
	d.tap("Mise en service, pas à pas…")
	d.tap("Plus tard")
	d.wantRead("Bonjour Claire Martin")
}

// TestTheDemoIsTried builds the demo register beside the new one and opens it.
func TestTheDemoIsTried(t *testing.T) {
	folder := t.TempDir()
	d := openWindow(t, filepath.Join(folder, "register.db"))
	d.tap("Essayer avec le registre de démonstration")
	d.wantRead("Démonstration Alsace", app.DemoPassword)
	if d.w.register != filepath.Join(folder, demoRegister) {
		t.Error(d.w.register)
	}
	d.signIn(app.DemoOperator, app.DemoPassword)
	d.wantRead("Bonjour Claire Martin")
}

func TestBackupsInTheWindow(t *testing.T) {
	d, organisation := newDesk(t)
	d.signIn("claire", testPassword)
	d.topic("Sauvegardes")
	d.wantRead("24 nov. 2026 à 13 h 20") // the day's, made when the session opened
	d.now = d.now.Add(1000000000)
	d.tap("Sauvegarder maintenant")
	d.wantRead("Registre sauvegardé et vérifié : guichet-", "-20261124-132001.db")
	if err := d.app.ArchiveOrganisation(d.ctx, organisation.ID); err != nil {
		t.Fatal(err)
	}
	d.tap("Restaurer…")
	d.wantRead("Organisations : 1 · comptes : 0", "Tout ce qui s’est fait depuis sort du registre")
	d.tap("Restaurer")
	d.wantRead("Le registre est restauré ; l’ancien est gardé")
	d.signIn("claire", testPassword)
	ctx := app.As(t.Context(), d.w.frame.operator)
	if found, err := d.app.FindOrganisations(ctx, ""); err != nil || len(found) != 1 {
		t.Errorf("%d organisations, %v", len(found), err)
	}
}

// TestPersonalDataInTheWindow shows what is past its delay before it goes, finds
// a person, and erases their data.
func TestPersonalDataInTheWindow(t *testing.T) {
	d, organisation := newDesk(t)
	d.signIn("claire", testPassword)
	made, err := d.app.Register(d.ctx, app.Registration{
		OrganisationID: organisation.ID, FirstName: "Anne", LastName: "Heitz", Email: "anne@mairie.example", Password: "Portail-2026", TermsAccepted: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	d.topic("Vie privée")
	d.tap("Voir ce qui est périmé")
	d.wantRead("Rien n’est périmé")
	d.now = data.AddMonths(d.now, 13)
	d.tap("Voir ce qui est périmé")
	d.wantRead("Entrées du journal")
	d.tap("Purger…")
	d.wantRead("éléments sont effacés pour de bon")
	d.tap("Purger")
	d.wantRead("Ce qui était périmé est effacé")
	for _, object := range d.all() {
		if e, ok := object.(*entry); ok && strings.HasPrefix(e.PlaceHolder, "nom, adresse") {
			e.SetText("heitz")
		}
	}
	d.wantRead("Anne HEITZ", "anne@mairie.example")
	d.tap("Effacer…")
	d.wantRead("Ses comptes se ferment et gardent leur identifiant seul")
	d.tap("Effacer")
	d.wantRead("Les données de cette personne sont effacées")
	record, err := d.app.Account(d.ctx, made.Account.ID)
	if err != nil || !record.Erased() || record.Identifier != "anne.heitz" {
		t.Errorf("%+v, %v", record.Account, err)
	}
}

// TestAnEmptyDirectoryOffersWhatFillsIt, and a filter that nothing passes does not.
func TestAnEmptyDirectoryOffersWhatFillsIt(t *testing.T) {
	d := openWindow(t, filepath.Join(t.TempDir(), "register.db"))
	d.typeIn(0, "claire")
	d.typeIn(1, "Claire Martin")
	d.typeIn(2, testPassword)
	d.tap("Créer l’administrateur")
	d.tap("Plus tard")
	book := d.w.frame.book
	d.w.frame.show(book)
	d.wantRead("L’annuaire est vide.")
	d.button("Nouvelle organisation…")
	book.search.SetText("colmar")
	d.wantRead("Aucune organisation ne correspond.")
	book.search.SetText("")
	d.tap("Importer…")
	if _, ok := book.form.(*importForm); !ok {
		t.Errorf("%T is open", book.form)
	}
}
