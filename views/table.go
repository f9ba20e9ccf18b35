package views

import (
	"cmp"
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
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
	// text is what stands in a cell; with pages it looks at the record alone, for
	// an export calls it off the UI goroutine.
	text func(T) string
	// less orders the records by this column; nil: by its text.
	less func(a, b T) int
	// icon, when set, stands before the text, in a colour of the theme.
	icon func(T) (fyne.Resource, fyne.ThemeColorName)
	// bold tells whether a record's text stands out.
	bold func(T) bool
}

// table lists records, driven by mouse or keyboard: sorted by its headers, its
// columns chosen and as wide as one likes, with one record selected, the
// cursor's, and a set of them checked. Where a table is checkable, boxes show
// that set, and the screen acts on it; elsewhere it is a selection of several
// rows, to be copied.
type table[T any] struct {
	name    string // of its preferences and of the file it is exported to
	columns []column[T]
	records []T // as sorted
	id      func(T) int64
	// checkable says that records have boxes; canCheck, when set, which.
	checkable bool
	canCheck  func(T) bool
	checked   map[int64]bool
	anchor    int // the row a range begins at, -1: none is being drawn
	before    map[int64]bool

	onSelected func(T) // the selection moved
	onOpened   func(T) // Enter or double tap
	onChecked  func()

	// pages, when set, holds the records instead: a list of any length, read
	// page by page and sorted by the store.
	pages *pages[T]

	shown  []int     // the columns on the screen
	wanted []float32 // the columns' widths as dragged, 0: their own
	drag   *columnDrag

	window   *Window
	grid     *grid
	empty    *fyne.Container
	several  *prose // what a selection of several rows is for
	content  fyne.CanvasObject
	selected int64 // zero: none
	cursor   int   // where selected was last found
	sorted   int   // column, -1: the order given
	down     bool
	given    []T
	ahead    typeAhead
}

// newTable makes a table under a name of its own; id tells records apart and is
// never zero.
func newTable[T any](w *Window, name string, id func(T) int64, columns ...column[T]) *table[T] {
	t := &table[T]{name: name, columns: columns, id: id, checked: map[int64]bool{}, anchor: -1, window: w, sorted: -1, ahead: typeAhead{now: time.Now}}
	t.recall()
	t.grid = newGrid(t)
	t.grid.Length = func() (int, int) { return t.count(), t.width() }
	t.grid.UpdateCell = func(id widget.TableCellID, object fyne.CanvasObject) {
		if !t.grid.laying {
			t.paint(id, object.(*cell))
		}
	}
	t.grid.UpdateHeader = func(id widget.TableCellID, object fyne.CanvasObject) { t.paintHeader(id.Col, object.(*header)) }
	t.empty = container.NewStack()
	t.several = caption("")
	t.several.Hide()
	rows := container.NewStack(container.NewThemeOverride(t.grid, tableTheme{fyne.CurrentApp().Settings().Theme()}), t.empty)
	t.content = container.NewBorder(nil, t.several, nil, nil, rows)
	return t
}

// checkColumns is the number of columns before the records' own.
func (t *table[T]) checkColumns() int {
	if t.checkable {
		return 1
	}
	return 0
}

func (t *table[T]) width() int { return len(t.shown) + t.checkColumns() }

// setEmpty sets what stands in an empty table: what would be here, and the act
// that fills it.
func (t *table[T]) setEmpty(text string, act fyne.CanvasObject) {
	label := newProse(text)
	label.Alignment, label.Importance = fyne.TextAlignCenter, widget.LowImportance
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
		if t.checked[id] {
			kept[id] = true
		}
		found = found || id == t.selected
	}
	t.checked, t.anchor = kept, -1
	if !found {
		t.selected = 0
	}
	t.sort()
	t.empty.Hidden = len(records) > 0
	t.showSeveral()
}

func (t *table[T]) sort() {
	t.anchor = -1
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

// onHeader sorts by a column on the screen, then the other way round, then as
// given.
func (t *table[T]) onHeader(col int) {
	if col -= t.checkColumns(); col < 0 {
		t.checkAll()
		return
	}
	if t.pages != nil && t.pages.onSorted == nil {
		return
	}
	switch col = t.shown[col]; {
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

// current is the record selected.
func (t *table[T]) current() (record T, ok bool) {
	if row := t.row(); row >= 0 {
		return t.at(row)
	}
	return record, false
}

// row is the row selected, -1 for none.
func (t *table[T]) row() int {
	switch {
	case t.pages != nil:
		return t.pages.selected
	case t.selected == 0:
		return -1
	case t.cursor < len(t.records) && t.id(t.records[t.cursor]) == t.selected: // of a million, most often at once
		return t.cursor
	}
	row := slices.IndexFunc(t.records, func(record T) bool { return t.id(record) == t.selected })
	t.cursor = max(row, 0)
	return row
}

// choose selects a row, and none besides, and tells so.
func (t *table[T]) choose(row int) {
	t.single()
	t.moveTo(row)
}

// moveTo moves the cursor to a row and tells so.
func (t *table[T]) moveTo(row int) {
	if t.count() == 0 {
		return
	}
	row = max(0, min(row, t.count()-1))
	t.cursor = row
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
	t.single()
	t.selected = id
	t.grid.reveal(t.row())
	t.grid.Refresh()
}

func (t *table[T]) open() {
	if record, ok := t.current(); ok && t.onOpened != nil {
		t.onOpened(record)
	}
}

// keyGroup are its keys, for a screen whose list it is.
func (t *table[T]) keyGroup(title string) keyGroup { return keyGroup{title, t.keys(t.grid.page())} }

func (t *table[T]) paint(id widget.TableCellID, c *cell) {
	record, read := t.at(id.Row)
	if !read {
		c.show(cellLook{text: "…"})
		return
	}
	key := t.id(record)
	look := cellLook{selected: key == t.selected || !t.checkable && t.checked[key], focused: t.grid.focused}
	look.cursor = id.Col == 0 && key == t.selected
	col := id.Col - t.checkColumns()
	if col < 0 {
		look.icon, look.color = theme.CheckButtonIcon(), theme.ColorNameForeground
		switch {
		case !t.mayCheck(record):
			look.icon = nil
		case t.checked[key]:
			look.icon, look.color = theme.CheckButtonCheckedIcon(), theme.ColorNamePrimary
		}
		c.show(look)
		return
	}
	by := t.columns[t.shown[col]]
	look.text, look.right, look.mono = by.text(record), by.right, by.mono
	look.bold = by.bold != nil && by.bold(record)
	if by.icon != nil {
		look.icon, look.color = by.icon(record)
	}
	c.show(look)
}

func (t *table[T]) paintHeader(col int, h *header) {
	h.col, h.first, h.last = col, t.checkColumns(), col == t.width()-1
	if col -= t.checkColumns(); col < 0 {
		h.show("", false, 0, t.grid.focused)
		return
	}
	order := 0
	if t.shown[col] == t.sorted {
		if order = 1; t.down {
			order = -1
		}
	}
	by := t.columns[t.shown[col]]
	h.show(by.title, by.right, order, t.grid.focused)
}
