package views

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/widget"
)

// ctrl is the modifier of shortcuts: Ctrl, or Command on a Mac.
const ctrl = fyne.KeyModifierShortcutDefault

// key is an entry of a table of keys: what is pressed, what it does, and the
// words for it. A table is what the code goes by and what the sheet of keys
// shows, so that they cannot differ.
type key struct {
	name     fyne.KeyName // empty: it is one of letters
	letters  string       // typed while no field has the caret; the sheet shows the first
	modifier fyne.KeyModifier
	says     string // on the sheet; empty: the words of the entry before hold for this one too
	do       func()
}

// keyGroup is a table of keys, and where they hold.
type keyGroup struct {
	title string
	keys  []key
}

// press does what a key stands for in a table, and tells whether it stands for
// anything there.
func press(keys []key, name fyne.KeyName, modifier fyne.KeyModifier) bool {
	for _, k := range keys {
		if k.name != "" && k.name == name && k.modifier == modifier {
			k.do()
			return true
		}
	}
	return false
}

// pressLetter is press for a letter.
func pressLetter(keys []key, letter rune) bool {
	for _, k := range keys {
		if k.name == "" && strings.ContainsRune(k.letters, letter) {
			k.do()
			return true
		}
	}
	return false
}

// windowKeys are the keys that hold on every screen. f is nil where they are only
// listed.
func windowKeys(f *frame) []key {
	main := lang.L("l’acte principal de l’écran")
	if f != nil {
		if s, ok := f.current.(interface{ mainWords() string }); ok {
			main = s.mainWords()
		}
	}
	keys := []key{
		{name: fyne.KeyF1, says: lang.L("l’aide de l’écran"), do: func() { f.openHelp() }},
		{letters: "?", says: lang.L("les touches de l’écran"), do: func() { f.showKeys() }},
		{name: fyne.KeyF5, says: lang.L("relire"), do: func() { f.current.reload() }},
		{name: fyne.KeyEscape, says: lang.L("fermer ce qui est ouvert, revenir en arrière"), do: func() { f.current.back() }},
		{name: fyne.KeyReturn, modifier: ctrl, says: main, do: func() { f.current.mainAct() }},
		{name: fyne.KeyEnter, modifier: ctrl, do: func() { f.current.mainAct() }},
		{name: fyne.KeyK, modifier: ctrl, says: lang.L("aller à un écran, une organisation, une lettre, une demande…"), do: func() { f.openPalette() }},
		{name: fyne.KeyZ, modifier: ctrl, says: lang.L("reprendre la dernière modification, tant qu’elle est proposée"), do: func() { f.notice.takeBack() }},
		{name: fyne.KeyL, modifier: ctrl, says: lang.L("verrouiller la session"), do: func() { f.w.lock() }},
	}
	says := lang.L("un écran, dans l’ordre de la liste de gauche")
	for i, name := range []fyne.KeyName{fyne.Key1, fyne.Key2, fyne.Key3, fyne.Key4, fyne.Key5, fyne.Key6, fyne.Key7, fyne.Key8, fyne.Key9} {
		keys = append(keys, key{name: name, modifier: ctrl, says: says, do: func() { f.showNth(i + 1) }})
		says = ""
	}
	return keys
}

// keys are the keys that hold now, those of every screen first.
func (f *frame) keys() []keyGroup {
	return append([]keyGroup{{lang.L("Partout"), windowKeys(f)}}, f.current.keys()...)
}

// addKeys puts the shortcuts on the window's canvas.
func (w *Window) addKeys() {
	canvas := w.window.Canvas()
	for _, k := range windowKeys(nil) {
		if k.modifier != 0 {
			canvas.AddShortcut(&desktop.CustomShortcut{KeyName: k.name, Modifier: k.modifier}, func(fyne.Shortcut) {
				w.pressed(k.name, k.modifier)
			})
		}
	}
	canvas.AddShortcut(&fyne.ShortcutUndo{}, func(fyne.Shortcut) { w.pressed(fyne.KeyZ, ctrl) })
	canvas.SetOnTypedKey(func(event *fyne.KeyEvent) { w.pressed(event.Name, 0) })
	canvas.SetOnTypedRune(w.typed)
}

// pressed does what a key stands for and tells whether it stands for anything.
// While a dialog is open its own keys alone do.
func (w *Window) pressed(name fyne.KeyName, modifier fyne.KeyModifier) bool {
	w.used()
	switch {
	case w.locked != nil:
		return false
	case w.dialog != nil:
		return press(w.dialogKeys(), name, modifier)
	case w.frame == nil:
		return false
	case w.frame.tour != nil && name == fyne.KeyEscape && modifier == 0:
		w.frame.tour.leave()
		return true
	}
	for _, group := range w.frame.current.keys() { // the screen's own first
		if press(group.keys, name, modifier) {
			return true
		}
	}
	return press(windowKeys(w.frame), name, modifier)
}

// typed does what a letter stands for on the screen, while no field has the
// caret and no dialog is open.
func (w *Window) typed(letter rune) {
	w.used()
	if w.locked != nil || w.dialog != nil || w.frame == nil {
		return
	}
	for _, group := range w.frame.keys() {
		if pressLetter(group.keys, letter) {
			return
		}
	}
	if s, ok := w.frame.current.(interface{ typedElse(rune) }); ok {
		s.typedElse(letter)
	}
}

// takesLetters tells whether letters stand for something on the screen, besides
// those that do everywhere.
func (w *Window) takesLetters() bool {
	if w.dialog != nil || w.frame == nil {
		return false
	}
	if _, takes := w.frame.current.(interface{ typedElse(rune) }); takes {
		return true
	}
	return slices.ContainsFunc(w.frame.current.keys(), func(g keyGroup) bool {
		return slices.ContainsFunc(g.keys, func(k key) bool { return k.name == "" })
	})
}

// entry is a field that leaves the window's shortcuts to the window.
type entry struct {
	widget.Entry
	window *Window
	// asks says that no question mark belongs here: typed, it shows the keys.
	asks bool
}

func newEntry(w *Window) *entry {
	e := &entry{window: w}
	e.Wrapping, e.Scroll = fyne.TextWrap(fyne.TextTruncateClip), fyne.ScrollHorizontalOnly
	e.ExtendBaseWidget(e)
	return e
}

// newTextArea is a field of several lines, of which some are always shown.
func newTextArea(w *Window, rows int) *entry {
	e := &entry{window: w}
	e.MultiLine, e.Wrapping = true, fyne.TextWrapWord
	e.SetMinRowsVisible(rows)
	e.ExtendBaseWidget(e)
	return e
}

func newPasswordEntry(w *Window) *entry {
	e := &entry{window: w}
	e.Password, e.Wrapping = true, fyne.TextWrap(fyne.TextTruncateClip)
	e.ExtendBaseWidget(e)
	return e
}

func (e *entry) TypedRune(r rune) {
	e.window.used()
	if r == '?' && e.asks {
		e.window.typed(r)
		return
	}
	e.Entry.TypedRune(r)
}

func (e *entry) TypedKey(event *fyne.KeyEvent) {
	e.window.used()
	switch event.Name {
	case fyne.KeyF1, fyne.KeyF5, fyne.KeyEscape:
		if e.window.pressed(event.Name, 0) {
			return
		}
	case fyne.KeyReturn, fyne.KeyEnter: // confirms the dialog, from a field of one line
		if e.window.dialog != nil && !e.MultiLine && e.OnSubmitted == nil && e.window.pressed(event.Name, 0) {
			return
		}
	}
	e.Entry.TypedKey(event)
}

func (e *entry) TypedShortcut(shortcut fyne.Shortcut) {
	if custom, ok := shortcut.(*desktop.CustomShortcut); ok && e.window.pressed(custom.KeyName, custom.Modifier) {
		return
	}
	e.Entry.TypedShortcut(shortcut)
}
