package views

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// key is one entry of the table of shortcuts.
type key struct {
	name     fyne.KeyName
	modifier fyne.KeyModifier
	do       func(f *frame)
}

// keys are all shortcuts of the window.
func keys() []key {
	return []key{
		{fyne.Key1, fyne.KeyModifierShortcutDefault, func(f *frame) { f.showNth(1) }},
		{fyne.Key2, fyne.KeyModifierShortcutDefault, func(f *frame) { f.showNth(2) }},
		{fyne.Key3, fyne.KeyModifierShortcutDefault, func(f *frame) { f.showNth(3) }},
		{fyne.Key4, fyne.KeyModifierShortcutDefault, func(f *frame) { f.showNth(4) }},
		{fyne.Key5, fyne.KeyModifierShortcutDefault, func(f *frame) { f.showNth(5) }},
		{fyne.Key6, fyne.KeyModifierShortcutDefault, func(f *frame) { f.showNth(6) }},
		{fyne.Key7, fyne.KeyModifierShortcutDefault, func(f *frame) { f.showNth(7) }},
		{fyne.Key8, fyne.KeyModifierShortcutDefault, func(f *frame) { f.showNth(8) }},
		{fyne.KeyReturn, fyne.KeyModifierShortcutDefault, func(f *frame) { f.current.mainAct() }},
		{fyne.KeyEnter, fyne.KeyModifierShortcutDefault, func(f *frame) { f.current.mainAct() }},
		{fyne.KeyK, fyne.KeyModifierShortcutDefault, func(f *frame) { f.openPalette() }},
		{fyne.KeyZ, fyne.KeyModifierShortcutDefault, func(f *frame) { f.notice.takeBack() }},
		{fyne.KeyL, fyne.KeyModifierShortcutDefault, func(f *frame) { f.w.lock() }},
		{fyne.KeyF5, 0, func(f *frame) { f.current.reload() }},
		{fyne.KeyEscape, 0, func(f *frame) { f.current.back() }},
	}
}

// addKeys puts the shortcuts on the window's canvas.
func (w *Window) addKeys() {
	for _, k := range keys() {
		if k.modifier != 0 {
			w.window.Canvas().AddShortcut(&desktop.CustomShortcut{KeyName: k.name, Modifier: k.modifier}, func(fyne.Shortcut) {
				w.pressed(k.name, k.modifier)
			})
		}
	}
	w.window.Canvas().AddShortcut(&fyne.ShortcutUndo{}, func(fyne.Shortcut) { w.pressed(fyne.KeyZ, fyne.KeyModifierShortcutDefault) })
	w.window.Canvas().SetOnTypedKey(func(event *fyne.KeyEvent) { w.pressed(event.Name, 0) })
	w.window.Canvas().SetOnTypedRune(w.typed)
}

// pressed does what a key stands for and tells whether it stands for anything.
// While a dialog is open only Esc does: it closes the dialog.
func (w *Window) pressed(name fyne.KeyName, modifier fyne.KeyModifier) bool {
	w.used()
	if w.locked != nil {
		return false
	}
	if w.dialog != nil {
		switch {
		case name == fyne.KeyEscape && modifier == 0:
			w.leaveDialog()
		case (name == fyne.KeyReturn || name == fyne.KeyEnter) && modifier == fyne.KeyModifierShortcutDefault && w.dialog.main != nil:
			w.dialog.main()
		default:
			return false
		}
		return true
	}
	if w.frame == nil {
		return false
	}
	for _, k := range keys() {
		if k.name == name && k.modifier == modifier {
			k.do(w.frame)
			return true
		}
	}
	return false
}

// typed does what a letter stands for on the screen, while no field has the
// caret and no dialog is open.
func (w *Window) typed(r rune) {
	w.used()
	if w.locked != nil || w.dialog != nil || w.frame == nil {
		return
	}
	if s, ok := w.frame.current.(interface{ typed(rune) }); ok {
		s.typed(r)
	}
}

// takesLetters tells whether letters stand for something on the screen.
func (w *Window) takesLetters() bool {
	if w.dialog != nil || w.frame == nil {
		return false
	}
	_, takes := w.frame.current.(interface{ typed(rune) })
	return takes
}

// entry is a field that leaves the window's shortcuts to the window.
type entry struct {
	widget.Entry
	window *Window
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
	e.Entry.TypedRune(r)
}

func (e *entry) TypedKey(event *fyne.KeyEvent) {
	e.window.used()
	if (event.Name == fyne.KeyF5 || event.Name == fyne.KeyEscape) && e.window.pressed(event.Name, 0) {
		return
	}
	e.Entry.TypedKey(event)
}

func (e *entry) TypedShortcut(shortcut fyne.Shortcut) {
	if custom, ok := shortcut.(*desktop.CustomShortcut); ok && e.window.pressed(custom.KeyName, custom.Modifier) {
		return
	}
	e.Entry.TypedShortcut(shortcut)
}
