package views

import (
	"cmp"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
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
	t.grid.Length = func() (int, int) { return len(t.records), t.width() }
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
		return t.records[row], true
	}
	return record, false
}

// row is the row selected, -1 for none.
func (t *table[T]) row() int {
	return slices.IndexFunc(t.records, func(record T) bool { return t.selected != 0 && t.id(record) == t.selected })
}

// choose selects a row and tells so.
func (t *table[T]) choose(row int) {
	if len(t.records) == 0 {
		return
	}
	row = max(0, min(row, len(t.records)-1))
	id := t.id(t.records[row])
	moved := id != t.selected
	t.selected = id
	t.grid.reveal(row)
	t.grid.Refresh()
	if moved && t.onSelected != nil {
		t.onSelected(t.records[row])
	}
}

// chooseID selects a record by its id, when it is listed.
func (t *table[T]) chooseID(id int64) {
	for row, record := range t.records {
		if t.id(record) == id {
			t.choose(row)
		}
	}
}

func (t *table[T]) open() {
	if record, ok := t.current(); ok && t.onOpened != nil {
		t.onOpened(record)
	}
}

// typed moves by keyboard: arrows, Home, End, PageUp, PageDown; Space checks,
// Enter opens.
func (t *table[T]) typed(name fyne.KeyName, page int) bool {
	row := t.row()
	switch name {
	case fyne.KeyDown:
		t.choose(row + 1)
	case fyne.KeyUp:
		t.choose(row - 1)
	case fyne.KeyHome:
		t.choose(0)
	case fyne.KeyEnd:
		t.choose(len(t.records) - 1)
	case fyne.KeyPageDown:
		t.choose(row + page)
	case fyne.KeyPageUp:
		t.choose(row - page)
	case fyne.KeySpace:
		t.toggle(row)
	case fyne.KeyReturn, fyne.KeyEnter:
		t.open()
	default:
		return t.window.pressed(name, 0)
	}
	return true
}

func (t *table[T]) tapped(row, col int) {
	if row < 0 || row >= len(t.records) {
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
	if id.Row < 0 || id.Row >= len(t.records) {
		return
	}
	record := t.records[id.Row]
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

// gridOwner is what a grid asks of its table, whatever its records.
type gridOwner interface {
	typed(name fyne.KeyName, page int) bool
	tapped(row, col int)
	open()
	widths(total float32) []float32
}

// grid is Fyne's table with rows that are selected whole.
type grid struct {
	widget.Table
	owner gridOwner
	laid  float32
}

func (g *grid) Resize(size fyne.Size) {
	if size.Width != g.laid {
		g.laid = size.Width
		for col, width := range g.owner.widths(size.Width) {
			g.SetColumnWidth(col, width)
		}
	}
	g.Table.Resize(size)
}

func (g *grid) MinSize() fyne.Size { return fyne.NewSize(120, 3*rowHeight) }

// reveal scrolls to a row. Fyne's ScrollTo counts the header as a row of the
// content: a row above the view would stop just out of sight, hence the second
// call.
func (g *grid) reveal(row int) {
	switch {
	case g.Size().Height < 3*rowHeight: // not laid out yet
	case row == 0:
		g.ScrollToTop()
	default:
		g.ScrollTo(widget.TableCellID{Row: row})
		g.ScrollTo(widget.TableCellID{Row: row - 1})
	}
}

func (g *grid) page() int { return max(1, int(g.Size().Height/rowHeight)-2) }

func (g *grid) TypedKey(event *fyne.KeyEvent) { g.owner.typed(event.Name, g.page()) }

func (g *grid) TypedShortcut(fyne.Shortcut) {}

// Tapped selects the row, and leaves no cell selected.
func (g *grid) Tapped(event *fyne.PointEvent) {
	g.OnSelected = func(id widget.TableCellID) { g.owner.tapped(id.Row, id.Col) }
	g.UnselectAll()
	g.Table.Tapped(event)
	g.OnSelected = nil
	g.UnselectAll()
}

// DoubleTapped opens the row.
func (g *grid) DoubleTapped(event *fyne.PointEvent) {
	g.Tapped(event)
	g.owner.open()
}

// cellLook is how one cell looks.
type cellLook struct {
	text     string
	right    bool
	mono     bool
	bold     bool
	selected bool
	icon     fyne.Resource
	color    fyne.ThemeColorName
}

// cell is a cell of a table: an icon and a text over the row's ground.
type cell struct {
	widget.BaseWidget
	ground *fill
	rule   *fill
	icon   *canvas.Image
	label  *widget.Label
	look   cellLook
}

func newCell() *cell {
	c := &cell{
		ground: newFill(colorRow, 0), rule: newFill(colorRule, 0),
		icon: &canvas.Image{FillMode: canvas.ImageFillContain}, label: line(""),
	}
	c.ground.Hidden, c.icon.Hidden = true, true
	c.ExtendBaseWidget(c)
	return c
}

func (c *cell) show(look cellLook) {
	c.look = look
	c.label.Alignment = fyne.TextAlignLeading
	if look.right {
		c.label.Alignment = fyne.TextAlignTrailing
	}
	c.label.TextStyle = fyne.TextStyle{Monospace: look.mono, Bold: look.bold}
	c.label.SetText(look.text)
	c.ground.Hidden = !look.selected
	c.icon.Hidden = look.icon == nil
	if look.icon != nil {
		c.icon.Resource = stateIcon(look.icon, look.color)
	}
	c.icon.Refresh()
	c.Refresh()
}

func (c *cell) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(container.New(cellLayout{c}, c.ground, c.rule, c.icon, c.label))
}

type cellLayout struct{ cell *cell }

func (l cellLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(24, rowHeight) }

func (l cellLayout) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	c := l.cell
	c.ground.Resize(size)
	c.rule.Resize(fyne.NewSize(size.Width, 1))
	c.rule.Move(fyne.NewPos(0, size.Height-1))
	left := float32(2)
	if c.look.icon != nil {
		c.icon.Resize(fyne.NewSize(16, 16))
		c.icon.Move(fyne.NewPos(7, (size.Height-16)/2))
		left = 22
	}
	height := c.label.MinSize().Height
	right := float32(0)
	if c.look.right {
		right = 8
	}
	c.label.Resize(fyne.NewSize(size.Width-left-right, height))
	c.label.Move(fyne.NewPos(left, (size.Height-height)/2))
}

// header is the title of a column; a tap sorts by it.
type header struct {
	widget.BaseWidget
	label *widget.Label
	icon  *canvas.Image
	col   int
	onTap func(col int)
	right bool
}

func newHeader(onTap func(int)) *header {
	h := &header{label: line(""), icon: &canvas.Image{FillMode: canvas.ImageFillContain}, onTap: onTap}
	h.label.SizeName = theme.SizeNameCaptionText
	h.label.TextStyle.Bold = true
	h.ExtendBaseWidget(h)
	return h
}

func (h *header) show(title string, right bool, order int) {
	h.right = right
	h.label.Alignment = fyne.TextAlignLeading
	if right {
		h.label.Alignment = fyne.TextAlignTrailing
	}
	h.label.SetText(title)
	h.icon.Hidden = order == 0
	h.icon.Resource = theme.MoveUpIcon()
	if order < 0 {
		h.icon.Resource = theme.MoveDownIcon()
	}
	h.icon.Refresh()
	h.Refresh()
}

func (h *header) Tapped(*fyne.PointEvent) { h.onTap(h.col) }

func (h *header) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(container.New(headerLayout{h}, newFill(theme.ColorNameHeaderBackground, 0), newFill(theme.ColorNameSeparator, 0), h.label, h.icon))
}

type headerLayout struct{ header *header }

func (l headerLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(24, rowHeight) }

func (l headerLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	objects[0].Resize(size)
	objects[1].Resize(fyne.NewSize(size.Width, 1))
	objects[1].Move(fyne.NewPos(0, size.Height-1))
	h := l.header
	h.icon.Resize(fyne.NewSize(12, 12))
	labelWidth, left := size.Width-2, float32(2)
	if h.right {
		labelWidth -= 8
	}
	if h.icon.Visible() {
		labelWidth -= 14
		h.icon.Move(fyne.NewPos(size.Width-15, (size.Height-12)/2))
		if !h.right {
			text := fyne.MeasureText(h.label.Text, theme.CaptionTextSize(), h.label.TextStyle).Width
			h.icon.Move(fyne.NewPos(min(left+text+8, size.Width-15), (size.Height-12)/2))
		}
	}
	height := h.label.MinSize().Height
	h.label.Resize(fyne.NewSize(labelWidth, height))
	h.label.Move(fyne.NewPos(left, (size.Height-height)/2))
}
