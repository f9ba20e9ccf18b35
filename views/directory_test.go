package views

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"guichet/app"
	"guichet/data"
)

// confirmed registers an administrator or user and makes the account usable.
func (d *desk) confirmed(o data.Organisation, first string, administrator bool) data.Account {
	d.Helper()
	made := d.register(o, first, administrator)
	batch, err := d.app.Compose(d.ctx, nil, nil)
	if err != nil {
		d.Fatal(err)
	}
	reference, codes := d.firstLetter(batch.Number)
	if _, err := d.app.Confirm(d.ctx, reference, codes[0], codes[1]); err != nil {
		d.Fatal(err)
	}
	return made.Account
}

// TestPermissionMatrix subscribes, ends, and grants with one click a cell.
func TestPermissionMatrix(t *testing.T) {
	d, organisation := newDesk(t)
	d.signIn("claire", testPassword)
	for _, name := range []string{"Actes", "Urbanisme"} {
		if _, err := d.app.AddEService(d.ctx, data.EService{Code: strings.ToLower(name), Name: name}); err != nil {
			t.Fatal(err)
		}
	}
	d.confirmed(organisation, "Jeanne", true)
	book := d.w.frame.book
	book.open(organisation.ID)
	book.record.tabs.SelectIndex(3)
	d.wantRead("Actes", "Urbanisme", "L’administrateur n’en a aucune d’office")
	d.tap("Abonner")
	d.wantRead("Commune d'Achenheim est abonnée à Actes")
	var boxes []*widget.Check
	for _, o := range d.all() {
		if check, ok := o.(*widget.Check); ok {
			boxes = append(boxes, check)
		}
	}
	if len(boxes) != 1 {
		t.Fatalf("%d boxes, want the one of the service subscribed to", len(boxes))
	}
	if !boxes[0].Disabled() {
		t.Error("a permission can be given to an account that is not activated")
	}
	d.tap("Résilier…")
	d.tap("Résilier")
	d.wantRead("Abonnement résilié")
	if m, err := d.app.Permissions(d.ctx, organisation.ID); err != nil || m.Subscriptions[0].ID != 0 {
		t.Errorf("%+v, %v", m, err)
	}
}

func TestEServicesScreen(t *testing.T) {
	d, _ := newDesk(t)
	d.signIn("claire", testPassword)
	d.w.pressed(fyne.Key6, fyne.KeyModifierShortcutDefault)
	d.wantRead("seront listés ici")
	d.tap("Nouvel e-service…")
	test.Type(d.entry(0), "Transmission des actes")
	test.Type(d.entry(1), "Actes !")
	d.tap("Enregistrer l’e-service")
	d.wantRead("Le code n’a que des minuscules")
	d.entry(1).SetText("actes")
	d.tap("Enregistrer l’e-service")
	d.wantRead("E-service enregistré", "Transmission des actes", "Proposé")
	d.tap("Ne plus proposer")
	d.wantRead("N’est plus proposé", "ses abonnements demeurent")
}

// TestImportShowsBeforeItWrites: a dry run first, line by line.
func TestImportShowsBeforeItWrites(t *testing.T) {
	d, _ := newDesk(t)
	d.signIn("claire", testPassword)
	d.w.pressed(fyne.Key5, fyne.KeyModifierShortcutDefault)
	book := d.w.frame.book
	form := sampleImport(book)
	book.openForm(form)
	d.wantRead("2 à ajouter, 0 à modifier, 0 sans changement, 1 refusée", "SIREN erroné", "lettres retenues")
	if n, err := d.app.CountDirectory(d.ctx, data.DirectoryFilter{}); err != nil || n != 1 {
		t.Fatalf("the dry run wrote: %d organisations, %v", n, err)
	}
	if d.reads("ignorée") {
		t.Error("a column is ignored")
	}
	form.use("rues.csv", []byte("type;nom;rue;commune\ncommune;Commune de Wolxheim;1 rue du Vin;WOLXHEIM\n"))
	d.wantRead("Colonnes ignorées : rue, commune")
	form.use("noms.csv", []byte("type;nom;rue\ncommune;Commune de Wolxheim;1 rue du Vin\n"))
	d.wantRead("Colonne ignorée : rue")
	book.openForm(sampleImport(book))
	d.tap("Importer 2 lignes")
	d.wantRead("Importé : 2 ajouts, 0 modification, 1 ligne refusée")
	if n, err := d.app.CountDirectory(d.ctx, data.DirectoryFilter{}); err != nil || n != 3 {
		t.Errorf("%d organisations, %v", n, err)
	}
}

// TestDirectoryPages scrolls a list of which only pages are read, sorts it by
// the store and finds in it.
func TestDirectoryPages(t *testing.T) {
	d, _ := newDesk(t)
	d.signIn("claire", testPassword)
	var file strings.Builder
	file.WriteString("type;nom;code_postal\n")
	for i := range 1500 {
		fmt.Fprintf(&file, "commune;Commune no %04d;%05d\n", i, 67000+i%100)
	}
	if _, err := d.app.Import(d.ctx, app.OrganisationsFile, strings.NewReader(file.String()), false); err != nil {
		t.Fatal(err)
	}
	d.w.pressed(fyne.Key5, fyne.KeyModifierShortcutDefault)
	book := d.w.frame.book
	d.wantRead("1 501 organisations")
	if read := len(book.table.pages.read); read != 1 {
		t.Errorf("%d pages read at first", read)
	}
	book.table.typed(fyne.KeyEnd, 10, false)
	last, ok := book.table.current()
	if !ok || last.Name != "Commune no 1499" || book.record.shown.Name != last.Name {
		t.Errorf("End shows %q, the record %q", last.Name, book.record.shown.Name)
	}
	book.table.onHeader(0)
	book.table.onHeader(0) // descending
	if first, ok := book.table.at(0); !ok || first.Name != "Commune no 1499" {
		t.Errorf("descending begins with %q", first.Name)
	}
	book.search.SetText("comm 0042")
	d.wantRead("1 organisation")
	if found, ok := book.table.current(); !ok || found.Name != "Commune no 0042" {
		t.Errorf("found %q", found.Name)
	}
	book.back()
	d.wantRead("1 501 organisations")
}

func TestAccountPage(t *testing.T) {
	d, organisation := newDesk(t)
	d.signIn("claire", testPassword)
	made := d.register(organisation, "Jeanne", false)
	other, err := d.app.AddOrganisation(d.ctx, data.Organisation{Kind: data.Commune, Name: "Commune d'Albé"}, data.LegalRepresentative{})
	if err != nil {
		t.Fatal(err)
	}
	second := d.register(other, "Jeanne", false)
	book := d.w.frame.book
	book.openAccount(made.Account)
	d.wantRead("En attente d’activation", "Autres comptes de cette personne", "Inscription enregistrée")
	d.button(second.Account.Identifier + " · Commune d'Albé")
	d.tap("Fixer le mot de passe…")
	test.Type(d.entry(0), "court")
	d.tap("Fixer")
	d.wantRead("Au moins un chiffre")
	d.entry(0).SetText("Portail-2027")
	d.tap("Fixer")
	d.wantRead("Mot de passe fixé")
	d.w.pressed(fyne.KeyEscape, 0)
	if book.record.account != nil {
		t.Error("Esc does not go back to the organisation")
	}
}

func TestMergeAndArchiveAskFirst(t *testing.T) {
	d, organisation := newDesk(t)
	d.signIn("claire", testPassword)
	twice, err := d.app.AddOrganisation(d.ctx, data.Organisation{Kind: data.Commune, Name: "Mairie d'Achenheim"}, data.LegalRepresentative{})
	if err != nil {
		t.Fatal(err)
	}
	book := d.w.frame.book
	book.open(twice.ID)
	d.tap("Fusionner…")
	d.wantRead("Cela ne se défait pas")
	d.tap("Fusionner les deux")
	d.wantRead("Ce champ est obligatoire")
	test.Type(d.entry(0), "achen")
	d.tap("Fusionner les deux")
	d.wantRead("Mairie d'Achenheim est fusionnée dans Commune d'Achenheim")
	book.open(organisation.ID)
	d.tap("Archiver…")
	d.tap("Archiver")
	d.wantRead("Commune d'Achenheim est archivée", "L’annuaire est vide.")
	book.state.SetSelectedIndex(archivedState)
	d.wantRead("2 organisations", "archivée le")
}

// TestOverdueLetterIsReplaced from the ticket's panel and the list (R16).
func TestOverdueLetterIsReplaced(t *testing.T) {
	d, organisation := newDesk(t)
	d.signIn("claire", testPassword)
	made := d.register(organisation, "Jeanne", false)
	batch, err := d.app.Compose(d.ctx, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(d.app.MarkPrinted(d.ctx, batch.Number), d.app.MarkPosted(d.ctx, batch.Number, d.app.Now())); err != nil {
		t.Fatal(err)
	}
	letters := d.w.frame.mail.posted
	d.w.frame.mail.showPosted()
	letters.table.choose(0)
	d.wantRead("Signalable non reçue à partir du")
	if !d.button("Signaler non reçue et remplacer").Disabled() {
		t.Error("a letter may be reported on the day it was posted")
	}
	d.now = d.now.AddDate(0, 0, 10)
	letters.reload()
	d.wantRead("Signalable non reçue depuis le")
	d.tap("Signaler non reçue et remplacer")
	d.wantRead("est en file à la place de " + made.Reference)
}

// TestBothVersionsAreOffered: somebody else changed the organisation while it was
// being edited.
func TestBothVersionsAreOffered(t *testing.T) {
	d, organisation := newDesk(t)
	d.signIn("claire", testPassword)
	theirs := organisation
	theirs.Phone, theirs.Email = "03 88 99 99 99", "mairie@achenheim.example"
	edit := func() {
		openOrganisationForm(d.w.frame, organisation, "phone", func(o data.Organisation) { organisation = o })
	}
	edit()
	d.w.window.Canvas().Focused().(*entry).SetText("03 88 00 00 00")
	if err := d.app.UpdateOrganisation(d.ctx, theirs); err != nil {
		t.Fatal(err)
	}
	d.tap("Enregistrer l’organisation")
	d.wantRead("claire a modifié cette fiche entre-temps", "Votre saisie", "Version de claire", "03 88 00 00 00", "03 88 99 99 99")
	if found, err := d.app.Organisation(d.ctx, organisation.ID); err != nil || found.Phone != theirs.Phone {
		t.Fatalf("saved over it: %q, %v", found.Phone, err)
	}
	d.tap("Prendre la version de claire")
	if d.reads("Votre saisie") {
		t.Error("still offered")
	}
	d.tap("Enregistrer l’organisation")
	if found, err := d.app.Organisation(d.ctx, organisation.ID); err != nil || found.Phone != theirs.Phone || found.Email != theirs.Email {
		t.Errorf("%q, %v", found.Phone, err)
	}
	organisation.Phone = ""
	edit()
	d.w.window.Canvas().Focused().(*entry).SetText("03 88 11 11 11")
	d.tap("Enregistrer l’organisation")
	d.tap("Enregistrer l’organisation") // mine stands
	if found, err := d.app.Organisation(d.ctx, organisation.ID); err != nil || found.Phone != "03 88 11 11 11" {
		t.Errorf("%q, %v", found.Phone, err)
	}
}
