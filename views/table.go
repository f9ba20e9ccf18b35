package views

import (
	"cmp"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"guichet/data"
)

// column is one column of a table of records.
type column[T any] struct {
	title string
	width float32 // at least
	grow  float32 // its part of the width left over
	right bool    // numbers stand right
	mono  bool
	text  func(T) string
	// less orders the records by this column; nil: by its text.
	less func(a, b T) int
	// icon, when set, stands before the text, in a colour of the theme.
	icon func(T) (fyne.Resource, fyne.ThemeColorName)
	// bold tells whether a record's text stands out.
	bold func(T) bool
}

// table lists records: sorted by its headers, one selected, any number
// checked, driven by mouse or keyboard.
type table[T any] struct {
	columns []column[T]
	records []T // as sorted
	id      func(T) int64
	// checkable says that records can be checked; canCheck, when set, which.
	checkable bool
	canCheck  func(T) bool
	checked   map[int64]bool

	onSelected func(T) // the selection moved
	onOpened   func(T) // Enter or double tap
	onChecked  func()

	// pages, when set, holds the records instead: a list of any length, read
	// page by page and sorted by the store.
	pages *pages[T]

	window   *Window
	grid     *grid
	empty    *fyne.Container
	content  fyne.CanvasObject
	selected int64 // zero: none
	sorted   int   // column, -1: the order given
	down     bool
	given    []T
}

// newTable makes a table; id tells records apart and is never zero.
func newTable[T any](w *Window, id func(T) int64, columns ...column[T]) *table[T] {
	t := &table[T]{columns: columns, id: id, checked: map[int64]bool{}, window: w, sorted: -1}
	t.grid = &grid{owner: t}
	t.grid.Length = func() (int, int) { return t.count(), t.width() }
	t.grid.CreateCell = func() fyne.CanvasObject { return newCell() }
	t.grid.UpdateCell = func(id widget.TableCellID, object fyne.CanvasObject) { t.paint(id, object.(*cell)) }
	t.grid.ShowHeaderRow, t.grid.HideSeparators = true, true
	t.grid.CreateHeader = func() fyne.CanvasObject { return newHeader(t.onHeader) }
	t.grid.UpdateHeader = func(id widget.TableCellID, object fyne.CanvasObject) { t.paintHeader(id.Col, object.(*header)) }
	t.grid.ExtendBaseWidget(t.grid)
	t.empty = container.NewStack()
	t.content = container.NewStack(
		container.NewThemeOverride(t.grid, tableTheme{fyne.CurrentApp().Settings().Theme()}), t.empty,
	)
	return t
}

// checkColumns is the number of columns before the records' own.
func (t *table[T]) checkColumns() int {
	if t.checkable {
		return 1
	}
	return 0
}

func (t *table[T]) width() int { return len(t.columns) + t.checkColumns() }

// setEmpty sets what stands in an empty table: what would be here, and the act
// that fills it.
func (t *table[T]) setEmpty(text string, act fyne.CanvasObject) {
	label := widget.NewLabelWithStyle(text, fyne.TextAlignCenter, fyne.TextStyle{})
	label.Wrapping, label.Importance = fyne.TextWrapWord, widget.LowImportance
	box := container.NewVBox(wide(420, label))
	if act != nil {
		box.Add(container.NewCenter(act))
	}
	t.empty.Objects = []fyne.CanvasObject{container.NewCenter(box)}
	t.empty.Hide()
}

// count is the number of rows.
func (t *table[T]) count() int {
	if t.pages != nil {
		return t.pages.total
	}
	return len(t.records)
}

// at is the record of a row; false when there is none, or it is not read yet.
func (t *table[T]) at(row int) (record T, ok bool) {
	switch {
	case t.pages != nil:
		return t.pages.at(row)
	case row < 0 || row >= len(t.records):
		return record, false
	}
	return t.records[row], true
}

// show lists records, keeping the selection and the checks of those still there.
func (t *table[T]) show(records []T) {
	t.given = records
	kept := map[int64]bool{}
	found := false
	for _, record := range records {
		id := t.id(record)
		kept[id] = t.checked[id]
		found = found || id == t.selected
	}
	t.checked = kept
	if !found {
		t.selected = 0
	}
	t.sort()
	if len(records) == 0 {
		t.empty.Show()
	} else {
		t.empty.Hide()
	}
}

func (t *table[T]) sort() {
	t.records = slices.Clone(t.given)
	if t.sorted >= 0 {
		by := t.columns[t.sorted]
		less := by.less
		if less == nil {
			less = func(a, b T) int { return cmp.Compare(data.Fold(by.text(a)), data.Fold(by.text(b))) }
		}
		slices.SortStableFunc(t.records, func(a, b T) int {
			if t.down {
				return less(b, a)
			}
			return less(a, b)
		})
	}
	t.grid.Refresh()
}

// onHeader sorts by a column, then the other way round, then as given.
func (t *table[T]) onHeader(col int) {
	if col -= t.checkColumns(); col < 0 {
		t.checkAll()
		return
	}
	switch {
	case t.sorted != col:
		t.sorted, t.down = col, false
	case !t.down:
		t.down = true
	default:
		t.sorted, t.down = -1, false
	}
	if t.pages != nil {
		t.pages.onSorted(t.sorted, t.down)
		return
	}
	t.sort()
}

// checkAll checks all records, or none when all are.
func (t *table[T]) checkAll() {
	all := len(t.checkedRecords()) < t.checkableRecords()
	for _, record := range t.records {
		t.checked[t.id(record)] = all && t.mayCheck(record)
	}
	t.changedChecks()
}

func (t *table[T]) checkableRecords() (n int) {
	for _, record := range t.records {
		if t.mayCheck(record) {
			n++
		}
	}
	return n
}

func (t *table[T]) mayCheck(record T) bool { return t.canCheck == nil || t.canCheck(record) }

// toggle checks the record of a row, or unchecks it.
func (t *table[T]) toggle(row int) {
	if !t.checkable || row < 0 || row >= len(t.records) || !t.mayCheck(t.records[row]) {
		return
	}
	id := t.id(t.records[row])
	t.checked[id] = !t.checked[id]
	t.changedChecks()
}

func (t *table[T]) changedChecks() {
	t.grid.Refresh()
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
	return records
}

// current is the record selected.
func (t *table[T]) current() (record T, ok bool) {
	if row := t.row(); row >= 0 {
		return t.at(row)
	}
	return record, false
}

// row is the row selected, -1 for none.
func (t *table[T]) row() int {
	if t.pages != nil {
		return t.pages.selected
	}
	return slices.IndexFunc(t.records, func(record T) bool { return t.selected != 0 && t.id(record) == t.selected })
}

// choose selects a row and tells so.
func (t *table[T]) choose(row int) {
	if t.count() == 0 {
		return
	}
	row = max(0, min(row, t.count()-1))
	if t.pages != nil {
		t.pages.selected = row
	}
	record, read := t.at(row)
	t.grid.reveal(row)
	if !read { // its page is on its way, and chooses it again
		return
	}
	id := t.id(record)
	moved := id != t.selected
	t.selected = id
	t.grid.Refresh()
	if moved && t.onSelected != nil {
		t.onSelected(record)
	}
}

// chooseRecord selects a record by its ID without telling so.
func (t *table[T]) chooseRecord(id int64) {
	t.selected = id
	t.grid.reveal(t.row())
	t.grid.Refresh()
}

func (t *table[T]) open() {
	if record, ok := t.current(); ok && t.onOpened != nil {
		t.onOpened(record)
	}
}

// keys are the keys of the list, in which a page has so many lines.
func (t *table[T]) keys(page int) []key {
	by := func(lines int) { t.choose(t.row() + lines) }
	keys := moveKeys(by, func() { t.choose(0) }, func() { t.choose(t.count() - 1) }, page)
	if t.checkable {
		keys = append(keys, key{name: fyne.KeySpace, says: lang.L("cocher"), do: func() { t.toggle(t.row()) }})
	}
	if t.onOpened != nil {
		keys = append(keys, key{name: fyne.KeyReturn, says: lang.L("ouvrir"), do: t.open}, key{name: fyne.KeyEnter, do: t.open})
	}
	return keys
}

// keyGroup are its keys, for a screen whose list it is.
func (t *table[T]) keyGroup(title string) keyGroup { return keyGroup{title, t.keys(t.grid.page())} }

// typed moves by keyboard.
func (t *table[T]) typed(name fyne.KeyName, page int) bool {
	return press(t.keys(page), name, 0) || t.window.pressed(name, 0)
}

func (t *table[T]) letter(letter rune) { t.window.typed(letter) }

func (t *table[T]) shortcut(name fyne.KeyName, modifier fyne.KeyModifier) {
	t.window.pressed(name, modifier)
}

func (t *table[T]) tapped(row, col int) {
	if row < 0 || row >= t.count() {
		return
	}
	if t.checkable && col == 0 {
		t.toggle(row)
		return
	}
	t.choose(row)
}

// widths shares a width among the columns: each at least its own, what is left
// over by their growth.
func (t *table[T]) widths(total float32) []float32 {
	widths, all := make([]float32, 0, t.width()), total
	if t.checkable {
		widths = append(widths, 30)
		total -= 30
	}
	var grow float32
	for _, c := range t.columns {
		total -= c.width
		grow += c.grow
	}
	for _, c := range t.columns {
		width := c.width
		if total > 0 && grow > 0 {
			width += float32(int(total * c.grow / grow)) // whole points: columns touch without a seam
		}
		widths = append(widths, width)
	}
	if last := len(widths) - 1; total > 0 {
		widths[last] = 0
		for i, width := range widths {
			if i != last {
				all -= width
			}
		}
		widths[last] = all
	}
	return widths
}

func (t *table[T]) paint(id widget.TableCellID, c *cell) {
	record, read := t.at(id.Row)
	if !read {
		c.show(cellLook{text: "…"})
		return
	}
	look := cellLook{selected: t.id(record) == t.selected}
	col := id.Col - t.checkColumns()
	if col < 0 {
		look.icon, look.color = theme.CheckButtonIcon(), theme.ColorNameForeground
		switch {
		case !t.mayCheck(record):
			look.icon = nil
		case t.checked[t.id(record)]:
			look.icon, look.color = theme.CheckButtonCheckedIcon(), theme.ColorNamePrimary
		}
		c.show(look)
		return
	}
	by := t.columns[col]
	look.text, look.right, look.mono = by.text(record), by.right, by.mono
	look.bold = by.bold != nil && by.bold(record)
	if by.icon != nil {
		look.icon, look.color = by.icon(record)
	}
	c.show(look)
}

func (t *table[T]) paintHeader(col int, h *header) {
	h.col = col
	if col -= t.checkColumns(); col < 0 {
		h.show("", false, 0)
		return
	}
	order := 0
	if col == t.sorted {
		if order = 1; t.down {
			order = -1
		}
	}
	h.show(t.columns[col].title, t.columns[col].right, order)
}
