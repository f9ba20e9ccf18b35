package views

import (
	"context"
	"os"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"guichet/data"
)

// radio is the n-th choice that is shown.
func (d *desk) radio(n int) *widget.RadioGroup {
	d.Helper()
	for _, o := range d.all() {
		if group, ok := o.(*widget.RadioGroup); ok {
			if n == 0 {
				return group
			}
			n--
		}
	}
	d.Fatal("no such choice")
	return nil
}

func speakFrenchAgain(t *testing.T) {
	t.Cleanup(func() {
		if err := Speak(French); err != nil {
			t.Error(err)
		}
	})
}

// TestLanguageIsChosen: whoever signs in chooses it, from the status bar; the
// screen that was shown comes back in it, and so does the next start.
func TestLanguageIsChosen(t *testing.T) {
	d, _ := newDesk(t)
	speakFrenchAgain(t)
	d.operator("nora", data.HelpDesk)
	d.signIn("nora", testPassword)
	d.w.frame.show(d.w.frame.book)
	test.Tap(d.w.displayButtonShown(d))
	d.wantRead("Affichage", "Langue", "Pour ce poste seulement")
	d.radio(0).SetSelected("English")
	d.wantRead("Display", "Language")
	d.tap("Close")
	if d.w.frame.current != screen(d.w.frame.book) {
		t.Error("another screen is shown")
	}
	d.wantRead("Directory")
	if got := Language(d.w.fyneApp.Preferences()); got != English {
		t.Errorf("kept: %q", got)
	}
	d.w.signOut()
	d.tap("Français")
	d.wantRead("Nom d’utilisateur")
	if got := Language(d.w.fyneApp.Preferences()); got != French {
		t.Errorf("kept: %q", got)
	}
}

// displayButtonShown is the button of the status bar.
func (w *Window) displayButtonShown(d *desk) *button {
	for _, o := range d.all() {
		if b, ok := o.(*button); ok && b.Icon == theme.ColorPaletteIcon() {
			return b
		}
	}
	d.Fatal("nothing leads to the display")
	return nil
}

// TestLanguageWaitsForAForm: what is being typed is not lost; the language comes
// with the next session.
func TestLanguageWaitsForAForm(t *testing.T) {
	d, _ := newDesk(t)
	speakFrenchAgain(t)
	d.signIn("claire", testPassword)
	d.w.frame.show(d.w.frame.book)
	d.w.frame.book.onRegister()
	form := d.w.frame.book.form.(*registration)
	form.first.SetText("Anne")
	d.w.openDisplay()
	d.radio(0).SetSelected("English")
	d.wantRead("La langue changera à la prochaine session")
	d.tap("Fermer")
	if d.w.frame.book.form == nil || form.first.Text != "Anne" {
		t.Error("the form is gone")
	}
	if got := lang.L("Annuaire"); got != "Annuaire" {
		t.Errorf("half in English: %q", got)
	}
	d.w.signOut()
	d.wantRead("Login")
}

// TestUnsavedSettingsHoldTheLanguage likewise.
func TestUnsavedSettingsHoldTheLanguage(t *testing.T) {
	d, _ := newDesk(t)
	d.signIn("claire", testPassword)
	d.topic("Registre")
	d.typeIn(0, "Autre nom")
	if d.w.frame.nothingToLose() {
		t.Error("unsaved settings would be lost")
	}
	d.tap("Abandonner les changements")
	if !d.w.frame.nothingToLose() {
		t.Error("nothing would be lost")
	}
	long(d.w.frame, "Composition", nil, func(context.Context, progress) (int, error) {
		if d.w.frame.nothingToLose() {
			t.Error("a task would be lost")
		}
		return 0, nil
	}, func(int, error) {})
}

// TestThemeAtOnce: tables hold on to the theme that they were made with, and
// change with it.
func TestThemeAtOnce(t *testing.T) {
	d, _ := newDesk(t)
	d.signIn("claire", testPassword)
	d.w.frame.show(d.w.frame.book)
	ground := func() any { return d.w.window.Canvas().Capture().At(windowWidth/2, 700) }
	seen := func(name fyne.ThemeColorName) any {
		var found any
		for _, o := range d.all() {
			if f, ok := o.(*fill); ok && f.name == name {
				found = test.WidgetRenderer(f).Objects()[0].(*canvas.Rectangle).FillColor
			}
		}
		return found
	}
	d.w.openDisplay()
	d.radio(1).SetSelected(lang.L("Clair"))
	light, panel := ground(), seen(colorPanel)
	d.radio(1).SetSelected(lang.L("Sombre"))
	d.w.closeDialog()
	if ground() == light {
		t.Errorf("the ground stays %v", light)
	}
	if got := seen(colorPanel); got == panel || got != darkColors[colorPanel] {
		t.Errorf("the panel is %v", got)
	}
	if got := readDisplay(d.w.fyneApp.Preferences()); got.theme != darkTheme {
		t.Errorf("kept: %+v", got)
	}
	if picked := (tableTheme{d.w.theme}).Color(colorRow, theme.VariantLight); picked != darkColors[colorRow] {
		t.Errorf("a row is %v", picked)
	}
}

// TestZoomKeepsTheWindow: what is larger has less room, the window its size.
func TestZoomKeepsTheWindow(t *testing.T) {
	t.Setenv(scaleVariable, "2")
	d, _ := newDesk(t)
	d.signIn("claire", testPassword)
	d.w.openDisplay()
	before := d.w.window.Canvas().Size()
	d.radio(2).SetSelected("130" + noBreak + "%")
	if got := os.Getenv(scaleVariable); got != "2.6" {
		t.Errorf("Fyne is told %s", got)
	}
	if after := d.w.window.Canvas().Size(); after.Width < before.Width/1.3-1 || after.Width > before.Width/1.3+1 {
		t.Errorf("%v became %v", before, after)
	}
	d.w.keepSize()
	if width := d.w.fyneApp.Preferences().Float(widthKey); width < windowWidth-2 || width > windowWidth+2 {
		t.Errorf("the width that is kept: %v", width)
	}
}

func TestWindowFitsTheScreen(t *testing.T) {
	d, _ := newDesk(t)
	d.w.fyneApp.Preferences().SetFloat(widthKey, 3000)
	d.w.fyneApp.Preferences().SetFloat(heightKey, 700)
	if got := d.w.formerSize(); got != fyne.NewSize(3000, 700) {
		t.Fatalf("former size %v", got)
	}
	d.w.window.Resize(d.w.formerSize())
	d.w.FitScreen(1920, 1050)
	if got := d.w.window.Canvas().Size(); got != fyne.NewSize(1920, 700) {
		t.Errorf("on a smaller screen: %v", got)
	}
	d.w.FitScreen(0, 0) // unknown
	if got := d.w.window.Canvas().Size(); got != fyne.NewSize(1920, 700) {
		t.Errorf("on an unknown screen: %v", got)
	}
}

// TestUnknownDisplay: what another version wrote is passed over.
func TestUnknownDisplay(t *testing.T) {
	preferences := test.NewTempApp(t).Preferences()
	preferences.SetString(languageKey, "de")
	preferences.SetString(themeKey, "sepia")
	preferences.SetInt(zoomKey, 37)
	if got := readDisplay(preferences); got != (display{French, systemTheme, 100}) {
		t.Errorf("%+v", got)
	}
}
