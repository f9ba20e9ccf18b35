package views

import (
	"os"
	"slices"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// display is how this workstation shows Guichet. It is kept in Fyne's
// preferences, not in the register: two people may see one register differently.
type display struct {
	language string
	theme    string
	zoom     int // percent: the text, and all that is around it
}

// The themes; empty is the system's.
const (
	systemTheme = ""
	lightTheme  = "light"
	darkTheme   = "dark"
)

// zooms are the sizes that are offered. All grows with the text, rows and cells
// and icons, so that nothing is cut.
var zooms = []int{100, 115, 130, 150}

const (
	languageKey = "display.language"
	themeKey    = "display.theme"
	zoomKey     = "display.zoom"
)

// Language is the language that was set on this workstation: French unless it
// was, whatever the system's.
func Language(preferences fyne.Preferences) string { return readDisplay(preferences).language }

// readDisplay reads the preferences; what they do not know is as it is at first.
func readDisplay(preferences fyne.Preferences) display {
	d := display{
		language: preferences.StringWithFallback(languageKey, French), theme: preferences.String(themeKey),
		zoom: preferences.IntWithFallback(zoomKey, 100),
	}
	if locales[d.language] == "" {
		d.language = French
	}
	if d.theme != lightTheme && d.theme != darkTheme {
		d.theme = systemTheme
	}
	if !slices.Contains(zooms, d.zoom) {
		d.zoom = 100
	}
	return d
}

func (d display) write(preferences fyne.Preferences) {
	preferences.SetString(languageKey, d.language)
	preferences.SetString(themeKey, d.theme)
	preferences.SetInt(zoomKey, d.zoom)
}

// variant is the theme's, nil for the system's.
func (d display) variant() *fyne.ThemeVariant {
	variant := theme.VariantLight
	switch d.theme {
	case darkTheme:
		variant = theme.VariantDark
	case lightTheme:
	default:
		return nil
	}
	return &variant
}

// scaleVariable is what Fyne reads the scale of its windows from, each time the
// theme changes too.
const scaleVariable = "FYNE_SCALE"

// startScale is the scale that the user gives all of Fyne's programs, on which
// Guichet's own size comes.
func startScale(settings fyne.Settings) float64 {
	scale, err := strconv.ParseFloat(os.Getenv(scaleVariable), 64)
	if err != nil || scale <= 0 {
		scale = float64(settings.Scale())
	}
	if scale <= 0 || os.Getenv(scaleVariable) == "auto" {
		scale = 1
	}
	return scale
}

// paint shows the window in a theme and a size; the window keeps its size on the
// screen.
func (w *Window) paint(d display) {
	former := max(w.display.zoom, 1)
	size := w.window.Canvas().Size()
	os.Setenv(scaleVariable, strconv.FormatFloat(w.scale*float64(d.zoom)/100, 'f', -1, 64)) //nolint:errcheck // a constant name is valid
	w.theme.forced = d.variant()
	w.fyneApp.Settings().SetTheme(w.theme)
	if former != d.zoom && size.Width > 0 {
		factor := float32(former) / float32(d.zoom)
		w.window.Resize(fyne.NewSize(size.Width*factor, size.Height*factor))
	}
}

// setDisplay shows the window as d says, now and from the next start on. The
// language waits for the next session while something on the screens would be
// lost by making them anew; waits tells whether it does.
func (w *Window) setDisplay(d display) (waits bool) {
	d.write(w.fyneApp.Preferences())
	w.paint(d)
	w.display = d
	if d.language == spoken {
		return false
	}
	if w.frame != nil && !w.frame.nothingToLose() {
		return true
	}
	w.speak()
	return false
}

// speak makes what is shown anew in the language that is set.
func (w *Window) speak() {
	if err := Speak(w.display.language); err != nil { // the catalogues are the program's own
		fyne.LogError("Language not changed", err)
		return
	}
	w.tray.speak()
	w.closeDialog()
	if w.frame == nil {
		w.showSignIn()
		return
	}
	shown := w.frame.place()
	operator := w.frame.operator
	w.stopped()
	w.leaveFrame()
	w.openFrame(operator)
	w.frame.showNth(shown)
}

// place is the number of the screen that is shown.
func (f *frame) place() int {
	return 1 + slices.IndexFunc(f.nav.items, func(item *navItem) bool { return item.screen == f.current })
}

// nothingToLose tells whether the screens can be made anew: no form is open, no
// task runs. What is written to a requester is kept as a draft.
func (f *frame) nothingToLose() bool {
	return len(f.lost()) == 0 && (f.book == nil || f.book.form == nil) && (f.w.dialog == nil || f.w.dialog.former == nil)
}

// displayPanel lets one choose the language, the theme and the size. Each choice
// is seen at once.
type displayPanel struct {
	w        *Window
	language *widget.RadioGroup
	theme    *widget.RadioGroup
	zoom     *widget.RadioGroup
	said     *prose
}

var (
	languages = []string{French, English}
	themes    = []string{systemTheme, lightTheme, darkTheme}
)

func newDisplayPanel(w *Window) *displayPanel {
	p := &displayPanel{w: w, said: paragraph("")}
	p.language = widget.NewRadioGroup([]string{"Français", "English"}, nil) // each in its own words
	p.theme = widget.NewRadioGroup([]string{lang.L("Comme le système"), lang.L("Clair"), lang.L("Sombre")}, nil)
	var sizes []string
	for _, zoom := range zooms {
		sizes = append(sizes, number(zoom)+noBreak+"%")
	}
	p.zoom = widget.NewRadioGroup(sizes, nil)
	choose(p.language, slices.Index(languages, w.display.language))
	choose(p.theme, slices.Index(themes, w.display.theme))
	choose(p.zoom, slices.Index(zooms, w.display.zoom))
	for _, group := range []*widget.RadioGroup{p.language, p.theme, p.zoom} {
		group.Required = true
		group.OnChanged = func(string) { p.onChosen() }
	}
	p.said.Importance = widget.WarningImportance
	p.said.Hide()
	return p
}

func choose(group *widget.RadioGroup, i int) { group.SetSelected(group.Options[i]) }

func chosenIn(group *widget.RadioGroup) int { return slices.Index(group.Options, group.Selected) }

func (p *displayPanel) content() fyne.CanvasObject {
	return container.NewVBox(
		caption(lang.L("Pour ce poste seulement ; chaque choix se voit aussitôt.")),
		container.New(layout.NewGridLayoutWithColumns(3),
			section(lang.L("Langue"), p.language), section(lang.L("Thème"), p.theme), section(lang.L("Taille du texte"), p.zoom)),
		p.said)
}

func (p *displayPanel) onChosen() {
	d := display{languages[chosenIn(p.language)], themes[chosenIn(p.theme)], zooms[chosenIn(p.zoom)]}
	changes := d.language != spoken
	waits := p.w.setDisplay(d)
	if changes && !waits {
		p.w.openDisplay() // in the other language
		return
	}
	p.said.SetText(lang.L("La langue changera à la prochaine session : une saisie ou une tâche est en cours, et serait perdue."))
	setVisible(p.said, waits)
	p.w.dialog.fit()
}

// openDisplay opens the choice of the language, the theme and the size.
func (w *Window) openDisplay() {
	w.openPanel(lang.L("Affichage"), 460, newDisplayPanel(w).content()).help = "window"
}

// openPanel opens a dialog whose content acts by itself.
func (w *Window) openPanel(title string, width float32, content fyne.CanvasObject, acts ...fyne.CanvasObject) *modal {
	leave := newButton(lang.L("Fermer"), w.closeDialog)
	leave.Importance = widget.HighImportance
	row := container.NewHBox(append(acts, layout.NewSpacer(), leave)...)
	m := &modal{notice: newNotice(), button: leave, main: w.closeDialog}
	w.openModal(m, padded(12, container.NewVBox(subheading(title), wide(width, content), m.notice.content(), widget.NewLabel(""), row)))
	return m
}

// displayButton opens the choice of the language, the theme and the size, which
// everybody has, whatever their roles.
func (w *Window) displayButton() *button {
	button := newIconButton("", theme.ColorPaletteIcon(), w.openDisplay)
	button.Importance = widget.LowImportance
	return button
}

// otherLanguage leads to the other language, called as those call it who speak
// it: they need not read this one.
func (w *Window) otherLanguage() *button {
	other, name := English, "English"
	if spoken == English {
		other, name = French, "Français"
	}
	button := newButton(name, func() {
		d := w.display
		d.language = other
		w.setDisplay(d)
	})
	button.Importance = widget.LowImportance
	return button
}
