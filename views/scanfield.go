package views

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"guichet/data"
)

// reasonKeys choose a reason of return, in the order of data.ReturnReasons:
// the digits, and what their keys write on a French keyboard without Shift.
var reasonKeys = []string{"1&", "2é", "3\"", "4'"}

// scanField takes references from a barcode scanner, or as typed. While it is
// empty, keys 1 to 4 choose a reason: a scan begins with the letter L on any
// keyboard, and whatever follows a first character belongs to the reference.
// A reference typed by hand must therefore begin with its L too.
type scanField struct {
	entry
	onReason func(i int)
	onUndo   func()
	onScan   func(scanned string)
}

func newScanField(w *Window) *scanField {
	s := &scanField{}
	s.window, s.asks = w, true
	s.Wrapping, s.Scroll = fyne.TextWrap(fyne.TextTruncateClip), fyne.ScrollHorizontalOnly
	s.TextStyle = fyne.TextStyle{Monospace: true}
	s.PlaceHolder = "L26-004217-K"
	s.OnSubmitted = func(string) { s.submit() }
	s.ExtendBaseWidget(s)
	return s
}

// submit hands over what was scanned and is ready for the next scan at once.
func (s *scanField) submit() {
	scanned := strings.TrimSpace(s.Text)
	s.SetText("")
	if scanned != "" {
		s.onScan(scanned)
	}
}

// keys are those of the field while it is empty.
func (s *scanField) keys() []key {
	var keys []key
	for i, reason := range data.ReturnReasons {
		keys = append(keys, key{letters: reasonKeys[i], says: word(reason), do: func() { s.onReason(i) }})
	}
	return append(keys, key{name: fyne.KeyZ, modifier: ctrl, says: lang.L("annuler le dernier retour"), do: s.onUndo})
}

func (s *scanField) TypedRune(r rune) {
	if s.Text == "" && pressLetter(s.keys(), r) {
		return
	}
	s.entry.TypedRune(r)
}

// AcceptsTab takes the Tab that some scanners send at the end of a scan.
func (s *scanField) AcceptsTab() bool { return s.Text != "" }

func (s *scanField) TypedKey(event *fyne.KeyEvent) {
	switch {
	case event.Name == fyne.KeyTab:
		s.submit()
	case event.Name == fyne.KeyEscape && s.Text != "":
		s.SetText("")
	default:
		s.entry.TypedKey(event)
	}
}

// TypedShortcut undoes the last return, not typing, while the field is empty.
func (s *scanField) TypedShortcut(shortcut fyne.Shortcut) {
	if _, ok := shortcut.(*fyne.ShortcutUndo); ok && s.Text == "" {
		press(s.keys(), fyne.KeyZ, ctrl)
		return
	}
	s.entry.TypedShortcut(shortcut)
}
