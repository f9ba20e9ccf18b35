package views

import (
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"guichet/data"
)

// typed moves by keyboard: arrows, Home, End, PageUp, PageDown, which extend
// the selection with Shift; Space checks, Enter opens, Esc goes back to one
// row, the Menu key or Shift+F10 shows the menu.
func (t *table[T]) typed(name fyne.KeyName, page int, shift bool) bool {
	t.window.used()
	row, move := t.row(), t.choose
	if shift {
		move = t.extend
	}
	switch {
	case name == fyne.KeyDown:
		move(row + 1)
	case name == fyne.KeyUp:
		move(row - 1)
	case name == fyne.KeyHome:
		move(0)
	case name == fyne.KeyEnd:
		move(t.count() - 1)
	case name == fyne.KeyPageDown:
		move(row + page)
	case name == fyne.KeyPageUp:
		move(row - page)
	case name == fyne.KeySpace && t.ahead.goesOn(): // of the words typed
	case name == fyne.KeySpace && t.checkable:
		t.toggle(row)
	case name == fyne.KeyReturn || name == fyne.KeyEnter:
		t.open()
	case name == fyne.KeyEscape && t.single():
	case name == desktop.KeyMenu || name == fyne.KeyF10 && shift:
		t.openMenu(t.grid.below(row))
	default:
		return t.window.pressed(name, 0)
	}
	return true
}

func (t *table[T]) shortcut(shortcut fyne.Shortcut) {
	switch shortcut := shortcut.(type) {
	case *fyne.ShortcutCopy:
		t.copySelection()
	case *fyne.ShortcutSelectAll:
		t.selectAll()
	case *fyne.ShortcutUndo:
		t.window.pressed(fyne.KeyZ, fyne.KeyModifierShortcutDefault)
	case *desktop.CustomShortcut:
		t.window.pressed(shortcut.KeyName, shortcut.Modifier)
	}
}

// typedRune goes to the next row that begins with what is typed, unless letters
// stand for something on the screen, or rows are not all in memory.
func (t *table[T]) typedRune(r rune) {
	t.window.used()
	if t.window.takesLetters() {
		t.window.typed(r)
		return
	}
	col := t.firstText()
	if t.pages != nil || col < 0 || r == ' ' && !t.ahead.goesOn() {
		return
	}
	prefix, next := t.ahead.add(r)
	from := max(t.row(), 0)
	if next {
		from = t.row() + 1
	}
	for i := range t.records {
		row := (from + i) % len(t.records)
		if strings.HasPrefix(data.Fold(t.columns[col].text(t.records[row])), prefix) {
			t.choose(row)
			return
		}
	}
}

// firstText is the first column on the screen that is not of numbers; -1 for
// none.
func (t *table[T]) firstText() int {
	for _, col := range t.shown {
		if !t.columns[col].right {
			return col
		}
	}
	return -1
}

// typeAhead are the letters typed one soon after the other.
type typeAhead struct {
	letters []rune
	last    time.Time
	now     func() time.Time
}

// typeAheadPause is how long letters belong together.
const typeAheadPause = time.Second

// goesOn tells whether a letter typed now goes on with those before.
func (a *typeAhead) goesOn() bool {
	return len(a.letters) > 0 && a.now().Sub(a.last) < typeAheadPause
}

// add takes a letter and gives the beginning that is looked for, folded, and
// whether the search leaves the present row: it does for a first letter, and
// for the same one again.
func (a *typeAhead) add(r rune) (prefix string, next bool) {
	if !a.goesOn() {
		a.letters = nil
	}
	a.letters, a.last = append(a.letters, r), a.now()
	for _, letter := range a.letters {
		if letter != a.letters[0] {
			return data.Fold(string(a.letters)), false
		}
	}
	return data.Fold(string(r)), true
}
