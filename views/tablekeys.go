package views

import (
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/lang"

	"guichet/data"
)

// keys are the keys of the list, in which a page has so many lines.
func (t *table[T]) keys(page int) []key {
	keys := t.moves(t.choose, page, lang.L("la ligne suivante, la précédente"), 0)
	if t.checkable {
		keys = append(keys, key{name: fyne.KeySpace, says: lang.L("cocher"), do: func() { t.toggle(t.row()) }})
	}
	if t.onOpened != nil {
		keys = append(keys, key{name: fyne.KeyReturn, says: lang.L("ouvrir"), do: t.open}, key{name: fyne.KeyEnter, do: t.open})
	}
	menu := func() { t.openMenu(t.grid.below(t.row())) }
	return append(append(keys, t.moves(t.extend, page, lang.L("choisir plusieurs lignes"), fyne.KeyModifierShift)...),
		key{name: fyne.KeyA, modifier: ctrl, says: lang.L("choisir toutes les lignes lues"), do: t.selectAll},
		key{name: fyne.KeyC, modifier: ctrl, says: lang.L("copier ce qui est choisi"), do: t.copySelection},
		key{name: desktop.KeyMenu, says: lang.L("le menu de la liste"), do: menu}, key{name: fyne.KeyF10, modifier: fyne.KeyModifierShift, do: menu})
}

// moves are the keys that go to another row.
func (t *table[T]) moves(to func(row int), page int, says string, modifier fyne.KeyModifier) []key {
	keys := moveKeys(func(lines int) { to(t.row() + lines) }, func() { to(0) }, func() { to(t.count() - 1) }, page)
	for i := range keys {
		keys[i].modifier = modifier
		if modifier != 0 {
			keys[i].says = ""
		}
	}
	keys[0].says = says
	return keys
}

// typed does what a key stands for in the list, or else in the window. Esc goes
// back to one row first.
func (t *table[T]) typed(name fyne.KeyName, page int, shift bool) bool {
	t.window.used()
	modifier := fyne.KeyModifier(0)
	if shift {
		modifier = fyne.KeyModifierShift
	}
	switch {
	case name == fyne.KeySpace && t.ahead.goesOn(), name == fyne.KeyEscape && t.single():
		return true
	}
	return press(t.keys(page), name, modifier) || t.window.pressed(name, 0)
}

// shortcut does what a shortcut stands for: Fyne has its own for some.
func (t *table[T]) shortcut(shortcut fyne.Shortcut) {
	switch shortcut := shortcut.(type) {
	case *fyne.ShortcutCopy:
		t.copySelection()
	case *fyne.ShortcutSelectAll:
		t.selectAll()
	case *fyne.ShortcutUndo:
		t.window.pressed(fyne.KeyZ, ctrl)
	case *desktop.CustomShortcut:
		t.window.pressed(shortcut.KeyName, shortcut.Modifier)
	}
}

// typedRune goes to the next row that begins with what is typed, unless letters
// stand for something on the screen, or rows are not all in memory.
func (t *table[T]) typedRune(r rune) {
	t.window.used()
	if r == '?' || t.window.takesLetters() {
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
