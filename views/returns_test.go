package views

import (
	"bytes"
	"encoding/binary"
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"guichet/data"
)

// post composes, prints and posts what is ready, on a day.
func (d *desk) post(on time.Time) {
	d.Helper()
	batch, err := d.app.Compose(d.ctx, nil, nil)
	if err == nil {
		err = d.app.MarkPrinted(d.ctx, batch.Number)
	}
	if err == nil {
		err = d.app.MarkPosted(d.ctx, batch.Number, on)
	}
	if err != nil {
		d.Fatal(err)
	}
}

// letter is a letter as the register has it.
func (d *desk) letter(reference string) data.LetterFile {
	d.Helper()
	found, err := d.app.Letters(d.ctx, data.LetterFilter{})
	if err != nil {
		d.Fatal(err)
	}
	i := slices.IndexFunc(found, func(l data.LetterFile) bool { return l.Reference == reference })
	if i < 0 {
		d.Fatalf("no letter %s", reference)
	}
	return found[i]
}

func (d *desk) wantState(reference string, state data.LetterState, reason data.ReturnReason) {
	d.Helper()
	if letter := d.letter(reference); letter.State != state || letter.ReturnReason != reason {
		d.Errorf("%s is %s %q, want %s %q", reference, letter.State, letter.ReturnReason, state, reason)
	}
}

// scan types as a scanner does, into whatever has the caret.
func (d *desk) scan(text string) {
	d.Helper()
	focused := d.w.window.Canvas().Focused()
	if focused == nil {
		d.Fatal("nothing has the caret")
	}
	for _, r := range text {
		focused.TypedRune(r)
	}
	focused.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
}

func (d *desk) wantCaretInField() {
	d.Helper()
	if d.w.window.Canvas().Focused() != fyne.Focusable(d.w.frame.mail.returns.field) {
		d.Errorf("the caret is in %T", d.w.window.Canvas().Focused())
	}
}

// openReturns is the screen of returns, with two letters posted a week ago and
// the tones that it plays.
func openReturns(t *testing.T) (d *desk, organisation data.Organisation, first, second string, tones *[]tone) {
	d, organisation = newDesk(t)
	today := d.now
	d.now = today.AddDate(0, 0, -7)
	first, second = d.register(organisation, "luc", true).Reference, d.register(organisation, "anne", false).Reference
	d.post(d.now)
	d.now = today
	d.signIn("claire", testPassword)
	d.w.frame.mail.showReturns()
	tones = &[]tone{}
	d.w.frame.mail.returns.play = func(played tone) { *tones = append(*tones, played) }
	return d, organisation, first, second, tones
}

func TestReturnsByScanner(t *testing.T) {
	d, _, first, second, tones := openReturns(t)
	d.wantCaretInField()
	d.scan(first + " 1/1")
	d.wantRead("Choisissez le motif : la lettre scannée attend")
	d.wantState(first, data.Posted, "")
	d.w.window.Canvas().Focused().TypedRune('2')
	d.wantRead("Retour noté — Commune d'Achenheim, adresse à vérifier", "Motif choisi : défaut d’accès ou d’adressage", "Adresses à vérifier · 1", "Retour noté, codes annulés")
	d.wantState(first, data.Returned, data.BadAddress)
	d.w.window.Canvas().Focused().TypedRune('\'') // key 4 of a French keyboard
	d.scan(second)
	d.wantState(second, data.Returned, data.Unclaimed) // no digit of the scan chose a reason
	d.scan(second)
	d.wantRead("La lettre " + second + " est déjà enregistrée comme revenue")
	d.scan(data.LetterReference(2026, 999))
	d.wantRead("Inconnue : aucune lettre ne porte la référence " + data.LetterReference(2026, 999))
	d.scan("L26")
	d.wantRead("Référence erronée")
	if want := []tone{toneFailed, toneDone, toneDone, toneFailed, toneFailed, toneFailed}; !slices.Equal(*tones, want) {
		t.Errorf("tones %v, want %v", *tones, want)
	}
	if count := d.w.frame.mail.returns.last.count(); count != 5 {
		t.Errorf("%d scans listed", count)
	}
	d.wantCaretInField()
}

func TestReturnIsUndone(t *testing.T) {
	d, organisation, first, second, _ := openReturns(t)
	d.tap("1" + noBreak + noBreak + "Destinataire inconnu à l’adresse")
	d.wantCaretInField()
	d.scan(first)
	d.scan(second)
	undo := &fyne.ShortcutUndo{}
	d.w.frame.mail.returns.field.TypedShortcut(undo)
	d.wantRead("Retour annulé — " + second + ", Commune d'Achenheim : ses codes valent de nouveau")
	d.wantState(second, data.Posted, "")
	d.wantState(first, data.Returned, data.UnknownAddressee)
	d.tap("Annuler le dernier (Ctrl+Z)")
	d.wantState(first, data.Posted, "")
	if !d.button("Annuler le dernier (Ctrl+Z)").Disabled() {
		t.Error("there is still something to undo")
	}
	if record, err := d.app.Organisation(d.ctx, organisation.ID); err != nil || !record.AddressDoubtedAt.IsZero() {
		t.Errorf("the address is in doubt since %v, %v", record.AddressDoubtedAt, err)
	}
	d.wantCaretInField()
}

func TestScansAreNotLost(t *testing.T) {
	d, _, first, second, _ := openReturns(t)
	d.tap("3" + noBreak + noBreak + "Pli refusé par le destinataire")
	d.scan(first)
	list := d.w.frame.mail.returns.last
	for range 2 { // the second tap selects nothing new
		test.TapCanvas(d.w.window.Canvas(), fyne.CurrentApp().Driver().AbsolutePositionForObject(list.grid).AddXY(200, rowHeight*3/2))
		d.wantCaretInField()
	}
	d.w.window.Canvas().Unfocus() // a click beside all
	d.w.window.Canvas().OnTypedRune()('L')
	d.wantCaretInField()
	d.scan(second[1:])
	d.wantState(second, data.Returned, data.Refused)
}

func TestAddressIsCorrectedAndTheLetterSentAgain(t *testing.T) {
	d, organisation, first, _, _ := openReturns(t)
	d.tap("2" + noBreak + noBreak + "Défaut d’accès ou d’adressage")
	d.scan(first)
	d.tap("Corriger l’adresse…")
	street, ok := d.w.window.Canvas().Focused().(*entry)
	if !ok || street.Text != "3 rue de la Mairie" {
		t.Fatalf("the caret is in %v", d.w.window.Canvas().Focused())
	}
	street.SetText("5 rue de la Mairie")
	d.tap("Enregistrer l’organisation")
	d.wantRead("1 lettre revenue peut repartir à cette adresse", first)
	d.tap("Mettre en file")
	d.wantRead("1 nouvelle lettre en file", "Aucune adresse à vérifier")
	d.wantCaretInField()
	queue, err := d.app.Queue(d.ctx)
	if err != nil || len(queue) != 1 || queue[0].Replaces != first || queue[0].Organisation.Address.Street != "5 rue de la Mairie" {
		t.Errorf("queue %v, %v", queue, err)
	}
	if record, err := d.app.Organisation(d.ctx, organisation.ID); err != nil || !record.AddressDoubtedAt.IsZero() {
		t.Errorf("the address is in doubt since %v, %v", record.AddressDoubtedAt, err)
	}
}

func TestDoubtedAddressInTheDirectory(t *testing.T) {
	d, organisation, first, _, _ := openReturns(t)
	if _, err := d.app.ReturnLetter(d.ctx, first, data.Unclaimed); err != nil {
		t.Fatal(err)
	}
	f := d.w.frame
	f.show(f.home)
	d.wantRead("adresse à vérifier")
	f.book.showDoubted()
	d.wantRead("1 organisation", "Une lettre est revenue le 24 nov. 2026 (pli avisé et non réclamé) : adresse à vérifier")
	f.mail.showFollowUp(data.LetterFilter{State: data.Returned})
	f.mail.follow.table.choose(0)
	d.wantRead("L’adresse est à vérifier avant qu’une nouvelle lettre y parte")
	if !d.button("Remplacer la lettre").Disabled() {
		t.Error("a new letter may go to the address that one came back from")
	}
	f.book.showDoubted()
	d.tap("L’adresse est bonne")
	d.wantRead("1 lettre revenue peut repartir à cette adresse")
	d.tap("Ne rien changer")
	d.wantRead("Aucune organisation ne correspond", "Commune d'Achenheim : l’adresse est notée bonne")
	if record, err := d.app.Organisation(d.ctx, organisation.ID); err != nil || !record.AddressDoubtedAt.IsZero() {
		t.Errorf("the address is in doubt since %v, %v", record.AddressDoubtedAt, err)
	}
	f.mail.showFollowUp(data.LetterFilter{State: data.Returned})
	if f.mail.follow.table.choose(0); d.button("Remplacer la lettre").Disabled() {
		t.Error("no new letter may go to an address that is right")
	}
}

func TestReturnsAreTheMailRooms(t *testing.T) {
	d, _ := newDesk(t)
	d.operator("admin", data.Administrator)
	d.signIn("admin", testPassword)
	d.w.frame.mail.showReturns()
	d.wantRead("Les retours sont notés par le service du courrier")
	for _, object := range d.all() {
		if object == fyne.CanvasObject(d.w.frame.mail.returns.field) {
			t.Error("the field is offered")
		}
	}
}

func TestPlacesAreSuggested(t *testing.T) {
	d, organisation := newDesk(t)
	d.signIn("claire", testPassword)
	var saved data.Organisation
	openOrganisationForm(d.w.frame, organisation, "postal_code", func(o data.Organisation) { saved = o })
	code := d.w.window.Canvas().Focused().(*entry)
	code.SetText("")
	press := func(name fyne.KeyName) { d.w.window.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: name}) }
	typed := func(text string) {
		for _, r := range text {
			d.w.window.Canvas().Focused().TypedRune(r)
		}
	}
	typed("6737")
	if code.Text != "6737" {
		t.Fatalf("the field reads %q while places are offered", code.Text)
	}
	d.wantRead("67370 BERSTETT", "67370 DINGSHEIM")
	press(fyne.KeyEscape)
	if d.reads("67370 BERSTETT") || d.w.dialog == nil {
		t.Fatal("Escape closes the list, and no more")
	}
	typed("0")
	press(fyne.KeyDown)
	press(fyne.KeyDown)
	press(fyne.KeyUp)
	press(fyne.KeyReturn)
	if d.reads("67370 DINGSHEIM") || d.w.window.Canvas().Focused() != fyne.Focusable(code) {
		t.Fatal("the list stays open, or took the caret")
	}
	d.tap("Enregistrer l’organisation")
	if saved.Address.PostalCode != "67370" || saved.Address.City != "BERSTETT" {
		t.Errorf("saved %v", saved.Address)
	}
}

// TestToneIsWAV reads a tone's file as a player does.
func TestToneIsWAV(t *testing.T) {
	file := toneFailed.wav()
	length := binary.LittleEndian.Uint32(file[40:])
	if !bytes.HasPrefix(file, []byte("RIFF")) || int(length) != len(file)-44 || int(binary.LittleEndian.Uint32(file[4:])) != len(file)-8 {
		t.Errorf("%d bytes, data of %d", len(file), length)
	}
	if played := time.Duration(length) * time.Second / (2 * sampleRate); (played - toneFailed.length).Abs() > time.Millisecond {
		t.Errorf("it plays %v", played)
	}
	loudest := int16(0)
	for at := 44; at < len(file); at += 2 {
		loudest = max(loudest, int16(binary.LittleEndian.Uint16(file[at:])))
	}
	if loudest < 10000 || loudest > 12000 {
		t.Errorf("its peak is %d", loudest)
	}
}
