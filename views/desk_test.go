package views

import (
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"guichet/app"
	"guichet/data"
)

func testSettings() data.Settings {
	settings := data.DefaultSettings()
	settings.Sender = []string{"Portail e-services", "1 place de la Gare", "67000 STRASBOURG"}
	settings.Place, settings.PortalURL = "Strasbourg", "https://portail.example"
	settings.Signatory, settings.SignatoryTitle = "Anne Weber", "Directrice"
	settings.SupportEmail, settings.SupportPhone = "aide@portail.example", "03 88 00 00 00"
	return settings
}

// newDesk is a desk over a new register with an administrator of all roles,
// an organisation and its mayor.
func newDesk(t *testing.T) (*desk, data.Organisation) {
	t.Helper()
	d := openDesk(t, filepath.Join(t.TempDir(), "register.db"))
	administrator := d.operator("claire", data.WorkRoles...)
	d.ctx = app.As(t.Context(), administrator)
	if err := d.app.SaveSettings(d.ctx, testSettings()); err != nil {
		t.Fatal(err)
	}
	organisation, err := d.app.AddOrganisation(d.ctx, data.Organisation{
		Kind: data.Commune, Name: "Commune d'Achenheim",
		Address: data.Address{Street: "3 rue de la Mairie", PostalCode: "67204", City: "ACHENHEIM"},
	}, data.LegalRepresentative{Civility: data.Madame, FirstName: "Jeanne", LastName: "Martin", Office: "Maire"})
	if err != nil {
		t.Fatal(err)
	}
	return d, organisation
}

// operator adds an operator.
func (d *desk) operator(login string, roles ...data.Role) data.Operator {
	d.Helper()
	ctx := d.ctx
	if ctx == nil {
		ctx = d.Context()
	}
	o, err := d.app.CreateOperator(ctx, app.NewOperator{Login: login, Name: "Claire Martin", Password: testPassword, Roles: roles})
	if err != nil {
		d.Fatal(err)
	}
	return o
}

// signIn signs in through the screen.
func (d *desk) signIn(login, password string) {
	d.Helper()
	d.w.signOut()
	d.entry(0).SetText("")
	test.Type(d.entry(0), login)
	test.Type(d.entry(1), password)
	d.tap("Ouvrir la session")
}

// all are the objects shown, dialogs included.
func (d *desk) all() (found []fyne.CanvasObject) {
	var add func(fyne.CanvasObject)
	add = func(o fyne.CanvasObject) {
		if o == nil || !o.Visible() {
			return
		}
		found = append(found, o)
		switch o := o.(type) {
		case *fyne.Container:
			for _, child := range o.Objects {
				add(child)
			}
		case fyne.Widget:
			for _, child := range test.WidgetRenderer(o).Objects() {
				add(child)
			}
		}
	}
	if top := d.w.window.Canvas().Overlays().Top(); top != nil {
		add(top)
		return found
	}
	add(d.w.window.Content())
	return found
}

func (d *desk) entry(n int) *entry {
	d.Helper()
	for _, o := range d.all() {
		if e, ok := o.(*entry); ok {
			if n == 0 {
				return e
			}
			n--
		}
	}
	d.Fatal("no such entry")
	return nil
}

func (d *desk) dateEntry() *widget.DateEntry {
	d.Helper()
	for _, o := range d.all() {
		if e, ok := o.(*widget.DateEntry); ok {
			return e
		}
	}
	d.Fatal("no date field")
	return nil
}

func (d *desk) button(text string) *button {
	d.Helper()
	var texts []string
	for _, o := range d.all() {
		if b, ok := o.(*button); ok {
			if plain(b.Text) == plain(text) {
				return b
			}
			texts = append(texts, b.Text)
		}
	}
	d.Fatalf("no button %q among %q", text, texts)
	return nil
}

func (d *desk) tap(text string) {
	d.Helper()
	for _, o := range d.all() {
		if own, ok := o.(*widget.Button); ok && plain(own.Text) == plain(text) { // of a dialog of Fyne's
			test.Tap(own)
			return
		}
	}
	button := d.button(text)
	if button.Disabled() {
		d.Fatalf("button %q is disabled", text)
	}
	test.Tap(button)
}

// reads tells whether a text stands on the screen.
func (d *desk) reads(text string) bool {
	for _, o := range d.all() {
		switch label := o.(type) {
		case *widget.Label:
			if strings.Contains(plain(label.Text), text) {
				return true
			}
		case *prose:
			if strings.Contains(plain(label.said), text) {
				return true
			}
		}
	}
	return false
}

func (d *desk) wantRead(texts ...string) {
	d.Helper()
	for _, text := range texts {
		if !d.reads(text) {
			d.Errorf("the screen does not read %q", text)
		}
	}
}

// plain writes ordinary spaces.
func plain(text string) string { return strings.NewReplacer(noBreak, " ", thin, " ").Replace(text) }
