package views

import (
	"cmp"
	"maps"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"
)

// checkAll checks all records, or none when all are.
func (t *table[T]) checkAll() { t.checkEach(len(t.checkedRecords()) < t.checkableRecords()) }

func (t *table[T]) checkEach(on bool) {
	t.anchor = -1
	for row, record := range t.read() {
		t.check(row, record, on)
	}
	t.changedChecks()
}

// read are the rows that can be checked at all: those in memory.
func (t *table[T]) read() func(func(int, T) bool) {
	if t.pages != nil {
		return t.pages.all
	}
	return slices.All(t.records)
}

func (t *table[T]) checkableRecords() (n int) {
	for _, record := range t.read() {
		if t.mayCheck(record) {
			n++
		}
	}
	return n
}

func (t *table[T]) mayCheck(record T) bool { return t.canCheck == nil || t.canCheck(record) }

// check checks the record of a row, or unchecks it, where it may be.
func (t *table[T]) check(row int, record T, on bool) {
	if on = on && t.mayCheck(record); !on {
		delete(t.checked, t.id(record))
		return
	}
	t.checked[t.id(record)] = true
	if t.pages != nil {
		t.pages.keep(row, t.id(record), record)
	}
}

// toggle checks the record of a row, or unchecks it.
func (t *table[T]) toggle(row int) {
	if record, ok := t.at(row); ok && t.mayCheck(record) {
		t.anchor = -1
		t.check(row, record, !t.checked[t.id(record)])
		t.changedChecks()
	}
}

func (t *table[T]) changedChecks() {
	t.grid.Refresh()
	t.showSeveral()
	if t.onChecked != nil {
		t.onChecked()
	}
}

// checkedRecords are the records checked, in the order shown.
func (t *table[T]) checkedRecords() []T {
	var records []T
	for _, record := range t.records {
		if t.checked[t.id(record)] {
			records = append(records, record)
		}
	}
	if t.pages != nil {
		records = t.pages.keptOf(t.checked)
	}
	return records
}

// selection are the records an act on several is for: those checked, or the
// cursor's where none is.
func (t *table[T]) selection() []T {
	if records := t.checkedRecords(); len(records) > 0 {
		return records
	}
	if record, ok := t.current(); ok {
		return []T{record}
	}
	return nil
}

// single goes back to the cursor's row alone, which boxes do not concern. It
// tells whether there was more.
func (t *table[T]) single() bool {
	t.anchor = -1
	if t.checkable || len(t.checked) == 0 {
		return false
	}
	t.checked = map[int64]bool{}
	t.changedChecks()
	return true
}

// extend moves the cursor to a row and takes the rows from where the range
// began: to what was checked before where there are boxes, alone elsewhere.
// What is not read yet ends a range.
func (t *table[T]) extend(to int) {
	from := t.row()
	if from < 0 || t.count() == 0 {
		t.moveTo(to)
		return
	}
	if t.anchor < 0 {
		if !t.checkable {
			t.checked = map[int64]bool{}
		}
		t.anchor, t.before = from, maps.Clone(t.checked)
	}
	t.checked = maps.Clone(t.before)
	to = max(0, min(to, t.count()-1))
	step, row := cmp.Compare(to, t.anchor), t.anchor
	for next := t.anchor; ; next += step {
		record, ok := t.at(next)
		if !ok {
			break
		}
		row = next
		t.check(row, record, true)
		if next == to {
			break
		}
	}
	if !t.checkable && row == t.anchor { // back to one
		t.checked = map[int64]bool{}
	}
	t.moveTo(row)
	t.changedChecks()
}

// add takes a row to the selection, or from it. Where there are boxes, it is
// the box.
func (t *table[T]) add(row int) {
	if t.checkable {
		t.moveTo(row)
		t.toggle(row)
		return
	}
	record, ok := t.at(row)
	if !ok {
		return
	}
	if current, ok := t.current(); ok && len(t.checked) == 0 {
		t.check(t.row(), current, true)
	}
	if t.checked[t.id(record)] {
		delete(t.checked, t.id(record))
		row = t.stays(row)
	} else {
		t.check(row, record, true)
	}
	t.anchor = -1
	t.moveTo(row)
	if len(t.checked) <= 1 {
		t.checked = map[int64]bool{}
	}
	t.changedChecks()
}

// stays is the row for the cursor once one left the selection: where it is, or
// the first that stays selected.
func (t *table[T]) stays(left int) int {
	if row := t.row(); row != left || len(t.checked) == 0 {
		return row
	}
	if t.pages != nil {
		return t.pages.firstOf(t.checked)
	}
	return slices.IndexFunc(t.records, func(record T) bool { return t.checked[t.id(record)] })
}

// selectAll takes all rows: of a list read by pages, those read so far.
func (t *table[T]) selectAll() {
	if t.row() < 0 {
		t.moveTo(0)
	}
	if t.count() > 1 || t.checkable {
		t.checkEach(true)
	}
}

// tapped selects a row, with Shift those up to it, with Ctrl beside others; a
// tap on a box checks it.
func (t *table[T]) tapped(row, col int, modifier fyne.KeyModifier) {
	if row < 0 || row >= t.count() {
		return
	}
	switch {
	case modifier&fyne.KeyModifierShift != 0:
		t.extend(row)
	case t.checkable && col == 0:
		t.toggle(row)
	case modifier&fyne.KeyModifierShortcutDefault != 0:
		t.add(row)
	default:
		t.choose(row)
	}
}

// showSeveral says, under a selection of several rows, what it is for: the acts
// of a screen without boxes are for one record. Of a list read by pages, it says
// so when all that was read is selected.
func (t *table[T]) showSeveral() {
	n := len(t.checked)
	shown := !t.checkable && n > 1
	if shown {
		text := lang.N("{{.PluralCount}} lignes sélectionnées, que Ctrl+C copie ; les boutons n’agissent que sur celle au liseré.", n, map[string]any{"PluralCount": number(n)})
		if t.pages != nil && n < t.count() && n == t.checkableRecords() {
			text = lang.L("{{.Count}} lignes sélectionnées, celles lues jusqu’ici, que Ctrl+C copie ; l’export écrit les {{.All}}.", map[string]any{"Count": number(n), "All": number(t.count())})
		}
		t.several.Resize(fyne.NewSize(t.content.Size().Width, t.several.Size().Height)) // it wraps
		t.several.SetText(text)
	}
	if !shown && t.several.Hidden {
		return
	}
	setVisible(t.several, shown)
	t.content.Refresh()
	if row := t.row(); shown && row >= 0 {
		t.grid.reveal(row) // the line took room from the rows
	}
}
