package views

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
)

// TestSeveralRowsAreSelected by keys and clicks, in a table without boxes.
func TestSeveralRowsAreSelected(t *testing.T) {
	list := newTestTable(t)
	var told []int64
	list.onSelected = func(r row) { told = append(told, r.id) }
	list.press(false, fyne.KeyDown)
	list.press(true, fyne.KeyDown, fyne.KeyDown)
	list.wantSelected("Shift+Down twice", 3, 1, 2, 3)
	if list.several.Hidden || !strings.Contains(plain(list.several.Text), "3 lignes sélectionnées") {
		t.Errorf("under the rows: %q", list.several.Text)
	}
	list.press(true, fyne.KeyUp)
	list.wantSelected("Shift+Up", 2, 1, 2)
	list.press(true, fyne.KeyUp)
	list.wantSelected("back to one", 1, 1)
	if list.several.Visible() {
		t.Error("one row is told to be several")
	}
	list.press(false, fyne.KeyDown, fyne.KeyDown)
	list.press(true, fyne.KeyHome)
	list.wantSelected("Shift+Home", 1, 1, 2, 3)
	list.press(false, fyne.KeyDown)
	list.wantSelected("an arrow alone", 2, 2)
	list.clickRow(4, fyne.KeyModifierShift)
	list.wantSelected("Shift+click", 5, 2, 3, 4, 5)
	list.clickRow(0, fyne.KeyModifierShift)
	list.wantSelected("Shift+click on the other side", 1, 1, 2)
	list.clickRow(6, fyne.KeyModifierShortcutDefault)
	list.wantSelected("Ctrl+click", 7, 1, 2, 7)
	list.clickRow(6, fyne.KeyModifierShortcutDefault)
	list.wantSelected("Ctrl+click again: the cursor stays in the selection", 1, 1, 2)
	list.clickRow(1, fyne.KeyModifierShortcutDefault)
	list.wantSelected("one left", 1, 1)
	list.clickRow(3, fyne.KeyModifierShortcutDefault)
	list.wantSelected("Ctrl+click beside the cursor's row", 4, 1, 4)
	list.press(false, fyne.KeyEscape)
	list.wantSelected("Esc", 4, 4)
	list.shownIn.Canvas().Focused().(fyne.Shortcutable).TypedShortcut(&fyne.ShortcutSelectAll{})
	if n := len(list.selection()); n != 100 || list.selected != 4 {
		t.Errorf("Ctrl+A selects %d, the cursor is on %d", n, list.selected)
	}
	list.clickRow(2, 0)
	list.wantSelected("a click", 3, 3)
	if fmt.Sprint(told) != "[1 2 3 2 1 2 3 1 2 5 1 7 1 4 3]" {
		t.Errorf("the screen is told %v", told)
	}
}

// TestBoxesAreTheSelection: with boxes the same keys check, the cursor moves
// without a change, and Esc unchecks nothing.
func TestBoxesAreTheSelection(t *testing.T) {
	list := newTestTable(t).withBoxes()
	list.canCheck = func(r row) bool { return r.id != 2 }
	told := 0
	list.onChecked = func() { told++ }
	list.choose(0)
	list.wantSelected("nothing checked: the cursor's row", 1, 1)
	list.press(true, fyne.KeyDown, fyne.KeyDown)
	list.wantSelected("Shift+Down twice, over one without a box", 3, 1, 3)
	list.press(true, fyne.KeyUp)
	list.wantSelected("Shift+Up", 2, 1)
	list.press(false, fyne.KeyEnd, fyne.KeyEscape)
	list.wantSelected("moved, and Esc", 100, 1)
	list.press(false, fyne.KeyHome)
	list.clickRow(4, fyne.KeyModifierShortcutDefault)
	list.wantSelected("Ctrl+click", 5, 1, 5)
	list.clickRow(6, fyne.KeyModifierShift)
	list.wantSelected("Shift+click keeps what was checked", 7, 1, 5, 6, 7)
	list.clickRow(5, 0)
	list.wantSelected("a click", 6, 1, 5, 6, 7)
	list.grid.TypedShortcut(&fyne.ShortcutSelectAll{})
	if n := len(list.checkedRecords()); n != 99 {
		t.Errorf("Ctrl+A checks %d", n)
	}
	if told == 0 || list.several.Visible() {
		t.Error("the screen is not told, or several rows are spoken of")
	}
}

// TestSelectionOutlivesAReload: those still there stay selected.
func TestSelectionOutlivesAReload(t *testing.T) {
	list := newTestTable(t)
	list.choose(0)
	list.press(true, fyne.KeyDown, fyne.KeyDown)
	list.show(list.given[1:])
	list.wantSelected("reloaded without the first", 3, 2, 3)
	list.show(nil)
	list.wantSelected("empty", 0)
	if list.several.Visible() {
		t.Error("nothing is told to be several rows")
	}
}

// newTestPages makes the table one of pages, a number of rows long.
func newTestPages(t *testing.T, total int) *testTable {
	list := newTestTable(t)
	read := func(_ context.Context, page int) ([]row, error) {
		var rows []row
		for i := page * pageSize; i < min((page+1)*pageSize, total); i++ {
			rows = append(rows, row{int64(i + 1), fmt.Sprintf("ligne %d", i+1)})
		}
		return rows, nil
	}
	list.pages = newPages[row](func(page int) {
		rows, _ := read(t.Context(), page)
		list.pageArrived(page, rows)
	}, nil)
	list.pages.reader = func() pageReader[row] { return read }
	first, _ := read(t.Context(), 0)
	list.showPages(total, first, 0)
	return list
}

// TestSelectionInPages: of a list read by pages, what is selected stays so when
// its page leaves memory, a range goes as far as was read, and Ctrl+A says that
// it takes no more.
func TestSelectionInPages(t *testing.T) {
	list := newTestPages(t, 30*pageSize)
	list.press(true, fyne.KeyDown)
	list.wantSelected("Shift+Down", 2, 1, 2)
	far := 24 * pageSize
	list.at(far)
	list.add(far) // as Ctrl+click does
	for page := range 29 {
		list.at((page + 1) * pageSize)
	}
	if _, read := list.pages.read[0]; read {
		t.Fatal("the first page is still in memory")
	}
	list.wantSelected("once the page left memory", int64(far+1), 1, 2, int64(far+1))
	list = newTestPages(t, 30*pageSize)
	list.press(true, fyne.KeyEnd)
	list.wantRange("Shift+End", pageSize)
	list.press(true, fyne.KeyPageDown) // the next page has come meanwhile
	list.wantRange("Shift+PageDown", pageSize+list.grid.page())
	list.grid.TypedShortcut(&fyne.ShortcutSelectAll{})
	if n := len(list.selection()); n != 2*pageSize {
		t.Errorf("Ctrl+A selects %d", n)
	}
	if want := "400 lignes sélectionnées, celles lues jusqu’ici, que Ctrl+C copie ; l’export écrit les 6 000."; plain(list.several.Text) != want {
		t.Errorf("told %q, want %q", plain(list.several.Text), want)
	}
	list.press(false, fyne.KeyEscape)
	if n := len(list.selection()); n != 1 || len(list.pages.keptOf(list.checked)) != 0 {
		t.Errorf("Esc leaves %d", n)
	}
}

// wantRange says that the first n rows must be selected.
func (l *testTable) wantRange(what string, n int) {
	l.Helper()
	selected := l.selection()
	if len(selected) != n || selected[n-1].id != int64(n) || l.selected != int64(n) {
		l.Errorf("%s: %d are selected, the cursor is on %d, want %d", what, len(selected), l.selected, n)
	}
}
