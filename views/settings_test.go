package views

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"maps"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"guichet/data"
)

// newSettingsDesk is a desk whose administrator looks at the settings.
func newSettingsDesk(t *testing.T) (*desk, *settings) {
	t.Helper()
	d, _ := newDesk(t)
	d.signIn("claire", testPassword)
	s := d.w.frame.settings
	d.w.frame.show(s)
	return d, s
}

// stored are the register's settings.
func (d *desk) stored() data.Settings {
	d.Helper()
	settings, err := d.app.Settings(d.ctx)
	if err != nil {
		d.Fatal(err)
	}
	return settings
}

// problem is what stands beside a field.
func problem(f *form, name string) string {
	if field := f.fields[name]; field != nil && field.problem.Visible() {
		return plain(field.problem.Text)
	}
	return ""
}

func (d *desk) wantProblem(f *form, name, text string) {
	d.Helper()
	if found := problem(f, name); !strings.Contains(found, text) || (text == "") != (found == "") {
		d.Errorf("the problem of %s is %q, not %q", name, found, text)
	}
}

// openPage shows a page.
func (s *settings) openPage(page settingsPage) {
	s.open(s.topics[slices.IndexFunc(s.topics, func(topic *settingsTopic) bool { return topic.page == page })])
}

func titles(s *settings) (titles []string) {
	for _, topic := range s.topics {
		titles = append(titles, plain(topic.item.text))
	}
	return titles
}

func TestSettingsByRole(t *testing.T) {
	d, s := newSettingsDesk(t)
	if found := titles(s); !slices.Equal(found, []string{"Registre", "Opérateurs", "Sauvegardes", "Vie privée", "Modèle de lettre", "Courrier", "Assistance", "Boîtes aux lettres", "Serveur d’envoi", "Imprimantes"}) {
		t.Errorf("an administrator sees %q", found)
	}
	d.operator("paul", data.MailRoom)
	d.signIn("paul", testPassword)
	if found := titles(d.w.frame.settings); !slices.Equal(found, []string{"Imprimantes"}) {
		t.Errorf("the mail room sees %q", found)
	}
	d.operator("lea", data.HelpDesk)
	d.signIn("lea", testPassword)
	if d.w.frame.settings != nil {
		t.Error("the help desk sees the settings")
	}
}

func TestSettingsRegister(t *testing.T) {
	d, s := newSettingsDesk(t)
	page := s.forms[slices.IndexFunc(s.forms, func(p *settingsForm) bool { return p.name == "register" })]
	name := d.entry(0)
	name.SetText(" ")
	d.wantProblem(page.fields, "register_name", "obligatoire")
	name.SetText("Bas-Rhin")
	d.wantProblem(page.fields, "register_name", "")
	d.wantRead("Non enregistré")
	name.TypedShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyReturn, Modifier: fyne.KeyModifierShortcutDefault})
	d.wantRead("Réglages enregistrés", "Bas-Rhin ·")
	if stored := d.stored(); stored.RegisterName != "Bas-Rhin" {
		t.Errorf("stored %q", stored.RegisterName)
	}
}

func TestSettingsMail(t *testing.T) {
	d, s := newSettingsDesk(t)
	s.openPage(s.mail)
	type typed struct{ field, text, problem string }
	for _, typed := range []typed{
		{"cut_off", "le soir", "15:30"},
		{"cut_off", "9 h 45", ""},
		{"batch_limit", "beaucoup", "1 à 100 000"},
		{"batch_limit", "2 000", ""},
		{"code_valid_days", "9", "10 à 90"},
		{"code_valid_days", "45", ""},
		{"postage_home", "1,3,9", "1,39"},
		{"postage_home", "1,39", ""},
		{"postage_abroad", "2.1 €", ""},
	} {
		d.mailEntry(typed.field).SetText(typed.text)
		d.wantProblem(s.mail.fields, typed.field, typed.problem)
	}
	s.mail.fields.fields["envelope"].control.(interface{ SetSelectedIndex(int) }).SetSelectedIndex(3)
	d.tap("Enregistrer")
	stored := d.stored()
	if stored.CutOff != "09:45" || stored.BatchLimit != 2000 || stored.CodeValidDays != 45 || stored.Envelope != data.EnvelopeC5High {
		t.Errorf("stored %+v", stored)
	}
	if want := (data.Postage{Service: "Lettre verte", Home: 139, Abroad: 210}); stored.Postage != want {
		t.Errorf("postage %+v", stored.Postage)
	}
	if shown := d.mailEntry("postage_abroad").Text; shown != "2,10" {
		t.Errorf("the price reads %q", shown)
	}
}

func (d *desk) mailEntry(field string) *entry {
	return d.w.frame.settings.mail.fields.fields[field].control.(*entry)
}

// A draft waits while other screens are shown, and is never mixed into what
// somebody else saved without a word.
func TestSettingsDraft(t *testing.T) {
	d, s := newSettingsDesk(t)
	s.openPage(s.mail)
	d.mailEntry("batch_limit").SetText("300")
	if found := titles(s); found[5] != "Courrier •" {
		t.Errorf("no dot: %q", found)
	}
	d.w.frame.show(d.w.frame.home)
	if last := d.w.frame.nav.items[len(d.w.frame.nav.items)-2]; plain(last.text) != "Réglages •" {
		t.Errorf("the navigation reads %q", last.text)
	}
	d.w.frame.show(s)
	s.reload()
	if draft := d.mailEntry("batch_limit").Text; draft != "300" {
		t.Fatalf("the draft became %q", draft)
	}
	other := d.stored()
	other.CodeValidDays = 30
	if err := d.app.SaveSettings(d.ctx, other); err != nil {
		t.Fatal(err)
	}
	d.tap("Enregistrer")
	d.wantRead("Quelqu’un a changé les réglages entre-temps")
	if d.stored().BatchLimit == 300 {
		t.Error("saved over somebody else’s change")
	}
	d.tap("Abandonner les changements")
	if days := d.mailEntry("code_valid_days").Text; days != "30" || d.mailEntry("batch_limit").Text != "500" {
		t.Errorf("%s days after giving up", days)
	}
	if found := titles(s); found[5] != "Courrier" {
		t.Errorf("a dot without a draft: %q", found)
	}
}

// Two pages of one operator do not stand in each other's way, nor does an
// offset that the mail room saves.
func TestSettingsTwoPages(t *testing.T) {
	d, s := newSettingsDesk(t)
	s.openPage(s.letter)
	s.letter.place.SetText("Colmar")
	s.openPage(s.mail)
	d.mailEntry("batch_limit").SetText("300")
	d.tap("Enregistrer")
	if err := d.app.SetPrinterOffset(d.ctx, data.PrinterOffset{Printer: "bureau", DX: 1}); err != nil {
		t.Fatal(err)
	}
	s.openPage(s.letter)
	d.tap("Enregistrer")
	d.wantRead("Réglages enregistrés")
	if stored := d.stored(); stored.Place != "Colmar" || stored.BatchLimit != 300 || stored.OffsetOf("bureau").DX != 1 {
		t.Errorf("stored %+v", stored)
	}
}

func TestSettingsLetter(t *testing.T) {
	d, s := newSettingsDesk(t)
	p := s.letter
	s.openPage(p)
	if p.preview.sheet.picture == nil {
		t.Fatal("no letter is shown")
	}
	opening := p.texts.paragraphs[1]
	original := opening.text.Text
	t.Run("unknown variable", func(t *testing.T) {
		d.T = t
		opening.text.SetText(original + " {demandur}")
		d.wantProblem(p.fields, "text.user.opening", "demandur")
		d.wantRead("L’aperçu en reste à ce qui s’imprime")
		if p.preview.sheet.picture == nil {
			t.Error("the letter is gone")
		}
		p.texts.choice.SetSelected(word(data.ReissueText))
		d.wantProblem(p.fields, "kind", "Inscription d’un utilisateur : ")
		d.wantProblem(p.fields, "text.reissue.opening", "")
		d.tap("Enregistrer")
		if d.stored().LetterTexts != nil {
			t.Error("a text that cannot be printed is stored")
		}
		d.wantProblem(p.fields, "kind", "Inscription d’un utilisateur : ")
		p.texts.choice.SetSelected(word(data.UserText))
		d.wantProblem(p.fields, "text.user.opening", "demandur")
	})
	t.Run("Guichet's text", func(t *testing.T) {
		d.T = t
		d.tap("Reprendre le texte de Guichet")
		if opening.text.Text != original || opening.original.Visible() || p.changed() {
			t.Errorf("the opening reads %q", opening.text.Text)
		}
		d.wantProblem(p.fields, "text.user.opening", "")
		if d.reads("L’aperçu en reste") {
			t.Error("the letter still lags")
		}
	})
	t.Run("variable", func(t *testing.T) {
		d.T = t
		caution := p.texts.paragraphs[3].text
		d.w.window.Canvas().Focus(caution)
		caution.SetText("Appelez le .")
		caution.CursorRow, caution.CursorColumn = 0, len([]rune("Appelez le "))
		button := d.variable("assistance")
		button.MouseIn(&desktop.MouseEvent{})
		d.wantRead("{assistance} : téléphone et adresse électronique")
		button.MouseOut()
		d.w.window.Canvas().Focus(button) // as a click does
		test.Tap(button)
		if caution.Text != "Appelez le {assistance}." || d.w.window.Canvas().Focused() != fyne.Focusable(caution) {
			t.Errorf("the caution reads %q", caution.Text)
		}
	})
	t.Run("save", func(t *testing.T) {
		d.T = t
		p.sender.SetText("Portail\n\n 1 place de la Gare \n67000 STRASBOURG\n")
		d.tap("Enregistrer")
		stored := d.stored()
		if want := (data.LetterTexts{data.UserText: {Caution: "Appelez le {assistance}."}}); !maps.Equal(stored.LetterTexts, want) {
			t.Errorf("stored %q", stored.LetterTexts)
		}
		if !slices.Equal(stored.Sender, []string{"Portail", "1 place de la Gare", "67000 STRASBOURG"}) {
			t.Errorf("stored %q", stored.Sender)
		}
		if p.changed() {
			t.Error("still a draft")
		}
	})
}

// The back of a letter is shown while it is written.
func TestSettingsVerso(t *testing.T) {
	d, s := newSettingsDesk(t)
	p := s.letter
	s.openPage(p)
	front := p.preview.sheet.picture
	d.w.window.Canvas().Focus(p.verso)
	p.verso.SetText("Des questions ? Voyez {portail}.")
	if p.preview.page != 1 || sameImage(front, p.preview.sheet.picture) {
		t.Errorf("page %d is shown", p.preview.page)
	}
	p.verso.SetText("{demandeur}")
	d.wantProblem(p.fields, "verso", "demandeur")
	d.w.window.Canvas().Focus(p.texts.paragraphs[0].text)
	if p.preview.page != 0 {
		t.Error("the front is not shown")
	}
}

func sameImage(a, b image.Image) bool {
	var first, second bytes.Buffer
	return png.Encode(&first, a) == nil && png.Encode(&second, b) == nil && bytes.Equal(first.Bytes(), second.Bytes())
}

func TestSettingsLogo(t *testing.T) {
	d, s := newSettingsDesk(t)
	p := s.letter
	s.openPage(p)
	without := p.preview.sheet.picture
	p.logo.set("notes.png", []byte("no picture at all"))
	d.wantProblem(p.fields, "logo", "logo")
	d.wantRead("notes.png · 17 octets", "L’aperçu en reste à ce qui s’imprime")
	p.logo.set("logo.png", picture(t))
	d.wantProblem(p.fields, "logo", "")
	if sameImage(without, p.preview.sheet.picture) {
		t.Error("the letter does not show the logo")
	}
	d.tap("Enregistrer")
	if stored, err := d.app.Logo(d.ctx); err != nil || !bytes.Equal(stored, picture(t)) {
		t.Errorf("stored %d bytes, %v", len(stored), err)
	}
	d.tap("Retirer")
	d.tap("Enregistrer")
	if stored, err := d.app.Logo(d.ctx); err != nil || len(stored) > 0 {
		t.Errorf("stored %d bytes, %v", len(stored), err)
	}
	p.logo.set("logo.svg", []byte(`<svg xmlns="http://www.w3.org/2000/svg" width="60" height="20"><rect width="60" height="20" fill="#204090"/></svg>`))
	d.wantProblem(p.fields, "logo", "")
	if p.logo.frame.Hidden {
		t.Error("no small picture of an SVG")
	}
}

// Fields of several lines are as high as their text, at any width.
func TestWritingGrows(t *testing.T) {
	d, s := newSettingsDesk(t)
	s.openPage(s.letter)
	caution := s.letter.texts.paragraphs[3].text
	rows := func() float32 { return caution.Size().Height }
	before := rows()
	caution.SetText(caution.Text + strings.Repeat(" et encore", 30))
	typed := rows()
	if typed <= before {
		t.Errorf("%v high before, %v after more text", before, typed)
	}
	d.w.window.Resize(fyne.NewSize(1000, 700))
	if rows() <= typed {
		t.Errorf("%v high in a wide window, %v in a narrow one", typed, rows())
	}
	if caution.AcceptsTab() {
		t.Error("Tab does not leave the field")
	}
}

func TestTypedSettings(t *testing.T) {
	for typed, want := range map[string]string{
		"15:30": "15:30", "15 h 30": "15:30", "9h05": "09:05", "16 h": "16:00", "16\u202fh\u00a007": "16:07", "25:00": "25:00", "midi": "midi",
	} {
		if got := timeOfDay(typed); got != want {
			t.Errorf("%q is the time %q", typed, got)
		}
	}
	for typed, want := range map[string]int{"": 0, "1,39": 139, "1.4": 140, "2": 200, "12,05 €": 1205, "0,01": 1} {
		if got, ok := centsOf(typed); got != want || !ok {
			t.Errorf("%q is %d cents, %v", typed, got, ok)
		}
	}
	for _, typed := range []string{"1,395", "-1", "un", "1,", ",5", "12345"} {
		if cents, ok := centsOf(typed); ok {
			t.Errorf("%q is %d cents", typed, cents)
		}
	}
	for cents, want := range map[int]string{0: "", 139: "1,39", 5: "0,05", 1200: "12,00"} {
		if got := euros(cents); got != want {
			t.Errorf("%d cents are %q", cents, got)
		}
	}
}

// variable is the button of a variable.
func (d *desk) variable(name string) *variableButton {
	d.Helper()
	for _, o := range d.all() {
		if b, ok := o.(*variableButton); ok && b.Text == name {
			return b
		}
	}
	d.Fatalf("no variable %q", name)
	return nil
}

// picture is a logo.
func picture(t *testing.T) []byte {
	t.Helper()
	drawn := image.NewRGBA(image.Rect(0, 0, 60, 20))
	for i := range 600 {
		drawn.Set(i%60, i/60, color.RGBA{R: 0x20, G: 0x40, B: 0x90, A: 0xff})
	}
	var file bytes.Buffer
	if err := png.Encode(&file, drawn); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}
