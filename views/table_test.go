package views

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"
)

type row struct {
	id   int64
	text string
}

// testTable is a table of a hundred rows in a window, focused.
type testTable struct {
	*testing.T
	*table[row]
	shownIn fyne.Window
}

func newTestTable(t *testing.T) *testTable {
	t.Helper()
	test.NewTempApp(t).Settings().SetTheme(newTheme())
	return openTestTable(t)
}

// openTestTable opens the table anew, as the next session does.
func openTestTable(t *testing.T) *testTable {
	t.Helper()
	list := newTable(&Window{}, "essai", func(r row) int64 { return r.id },
		column[row]{title: "Nom", width: 100, grow: 1, text: func(r row) string { return r.text }},
		column[row]{title: "Numéro", width: 80, right: true, text: func(r row) string { return number(int(r.id)) }},
		column[row]{title: "Parité", width: 90, grow: 1, text: func(r row) string { return []string{"pair", "impair"}[r.id%2] }},
	)
	var rows []row
	for i := range 100 {
		rows = append(rows, row{int64(i + 1), fmt.Sprintf("ligne %03d", 100-i)})
	}
	list.show(rows)
	w := test.NewWindow(list.content)
	w.SetPadded(false)
	w.Resize(fyne.NewSize(500, 400))
	t.Cleanup(w.Close)
	w.Canvas().Focus(list.grid)
	return &testTable{t, list, w}
}

// withBoxes gives the rows boxes.
func (l *testTable) withBoxes() *testTable {
	l.checkable = true
	l.grid.layColumns()
	return l
}

// press presses a key where the focus is, with Shift or not.
func (l *testTable) press(shift bool, names ...fyne.KeyName) {
	l.Helper()
	focused := l.shownIn.Canvas().Focused()
	held := &fyne.KeyEvent{Name: desktop.KeyShiftLeft}
	for _, name := range names {
		if shift {
			focused.(desktop.Keyable).KeyDown(held)
		}
		focused.TypedKey(&fyne.KeyEvent{Name: name})
		if shift {
			focused.(desktop.Keyable).KeyUp(held)
		}
	}
}

// click clicks where it says, as a mouse does.
func (l *testTable) click(x, y float32, modifier fyne.KeyModifier) {
	event := fyne.PointEvent{Position: fyne.NewPos(x, y), AbsolutePosition: fyne.NewPos(x, y)}
	mouse := &desktop.MouseEvent{PointEvent: event, Button: desktop.MouseButtonPrimary, Modifier: modifier}
	l.grid.MouseDown(mouse)
	l.grid.MouseUp(mouse)
	l.grid.Tapped(&event)
}

// clickRow clicks on the text of a row that is in view.
func (l *testTable) clickRow(row int, modifier fyne.KeyModifier) {
	l.click(60, rowHeight*(float32(row)+1.5)-l.grid.scroll.Offset.Y, modifier)
}

// wantSelected says where the cursor must be, and which rows must be selected.
func (l *testTable) wantSelected(what string, cursor int64, ids ...int64) {
	l.Helper()
	var got []int64
	for _, r := range l.selection() {
		got = append(got, r.id)
	}
	if l.selected != cursor || fmt.Sprint(got) != fmt.Sprint(ids) {
		l.Errorf("%s: the cursor is on %d, selected are %v; want %d, %v", what, l.selected, got, cursor, ids)
	}
}

func TestTableByKeyboard(t *testing.T) {
	list := newTestTable(t).withBoxes()
	opened := int64(0)
	list.onOpened = func(r row) { opened = r.id }
	for _, step := range []struct {
		key  fyne.KeyName
		want int64
	}{
		{fyne.KeyDown, 1},
		{fyne.KeyDown, 2},
		{fyne.KeyUp, 1},
		{fyne.KeyEnd, 100},
		{fyne.KeyDown, 100},
		{fyne.KeyHome, 1},
		{fyne.KeyPageDown, 1 + int64(list.grid.page())},
		{fyne.KeyPageUp, 1},
	} {
		list.press(false, step.key)
		if list.selected != step.want {
			t.Errorf("%s selects %d, want %d", step.key, list.selected, step.want)
		}
	}
	list.press(false, fyne.KeySpace, fyne.KeyReturn)
	if checked := list.checkedRecords(); len(checked) != 1 || checked[0].id != 1 || opened != 1 {
		t.Errorf("checked %v, opened %d", checked, opened)
	}
}

func TestTableSortsAndKeepsTheSelection(t *testing.T) {
	list := newTestTable(t).withBoxes()
	list.choose(0)
	list.onHeader(1)
	if list.records[0].id != 100 || list.selected != 1 || list.row() != 99 {
		t.Errorf("first %v, selected %d in row %d", list.records[0], list.selected, list.row())
	}
	list.onHeader(1)
	list.onHeader(1)
	if list.records[0].id != 1 {
		t.Error("the third tap does not give the order back")
	}
	list.onHeader(0)
	if len(list.checkedRecords()) != 100 {
		t.Error("the head of the checks does not check all")
	}
}

func TestTableTap(t *testing.T) {
	list := newTestTable(t).withBoxes()
	test.TapCanvas(list.shownIn.Canvas(), fyne.NewPos(200, rowHeight*2.5))
	if list.selected != 2 {
		t.Errorf("the tap selects %d", list.selected)
	}
	test.TapCanvas(list.shownIn.Canvas(), fyne.NewPos(12, rowHeight*3.5))
	if checked := list.checkedRecords(); len(checked) != 1 || checked[0].id != 3 {
		t.Errorf("the tap checks %v", checked)
	}
}

// TestTableDoubleTap: on a text it opens, on a box it checks and unchecks.
func TestTableDoubleTap(t *testing.T) {
	list := newTestTable(t).withBoxes()
	opened := 0
	list.onOpened = func(row) { opened++ }
	double := func(x float32) {
		event := fyne.PointEvent{Position: fyne.NewPos(x, rowHeight*1.5)}
		for range 2 {
			list.grid.MouseDown(&desktop.MouseEvent{PointEvent: event, Button: desktop.MouseButtonPrimary})
		}
		list.grid.DoubleTapped(&event)
	}
	double(12)
	if opened != 0 || len(list.checkedRecords()) != 0 {
		t.Errorf("on a box: opened %d times, checked %v", opened, list.checkedRecords())
	}
	double(200)
	if opened != 1 || list.selected != 1 {
		t.Errorf("on a text: opened %d times, selected %d", opened, list.selected)
	}
}

func TestHeaderTap(t *testing.T) {
	list := newTestTable(t)
	test.TapCanvas(list.shownIn.Canvas(), fyne.NewPos(100, rowHeight/2))
	if !strings.HasSuffix(list.records[0].text, "001") {
		t.Errorf("the tap on the title does not sort: %v", list.records[0])
	}
}

// TestTableReachesTheLastOfAMillion: whole, and the first again.
func TestTableReachesTheLastOfAMillion(t *testing.T) {
	list := newTestTable(t)
	rows := make([]row, 1_000_000)
	for i := range rows {
		rows[i] = row{int64(i + 1), "ligne"}
	}
	list.show(rows)
	list.press(false, fyne.KeyEnd)
	bottom := list.grid.scroll.Offset.Y + list.grid.scroll.Size().Height
	if list.selected != 1_000_000 || bottom < 1_000_000*rowHeight {
		t.Errorf("the cursor is on %d, the view ends at %.0f of %d", list.selected, bottom, 1_000_000*rowHeight)
	}
	list.click(60, 400-rowHeight/2, 0)
	if list.selected != 1_000_000 {
		t.Errorf("a click on the last row selects %d", list.selected)
	}
	list.press(false, fyne.KeyHome)
	if list.selected != 1 || list.grid.scroll.Offset.Y != 0 {
		t.Errorf("Home: the cursor is on %d at %.0f", list.selected, list.grid.scroll.Offset.Y)
	}
}

// TestTableShowsWhereTheKeysAre: the selected row of the table that has the keys
// looks otherwise than that of one that has not.
func TestTableShowsWhereTheKeysAre(t *testing.T) {
	list := newTestTable(t)
	list.choose(0)
	c := newCell()
	look := func() (cellLook, string, string) {
		list.paint(cellAt(0, 0), c)
		return c.look, string(c.ground.name), string(c.bar.name)
	}
	with, ground, bar := look()
	list.shownIn.Canvas().Unfocus()
	without, idleGround, idleBar := look()
	if !with.focused || without.focused || ground == idleGround || bar == idleBar {
		t.Errorf("with the keys %v %s %s, without %v %s %s", with.focused, ground, bar, without.focused, idleGround, idleBar)
	}
	if c.ground.Hidden || c.bar.Hidden {
		t.Error("the selected row does not stand out")
	}
	list.paint(cellAt(1, 0), c)
	if !c.ground.Hidden || !c.bar.Hidden {
		t.Error("another row stands out")
	}
}

// TestCellsPaintedOnceLookAsPaintedTwice: a text does not move when its cell is
// painted again.
func TestCellsPaintedOnceLookAsPaintedTwice(t *testing.T) {
	list := newTestTable(t)
	once := list.shownIn.Canvas().Capture()
	cells := 0
	list.grid.UpdateCell = func(_ widget.TableCellID, object fyne.CanvasObject) {
		object.Refresh()
		cells++
	}
	list.grid.Refresh()
	if twice := list.shownIn.Canvas().Capture(); cells == 0 || !reflect.DeepEqual(once, twice) {
		t.Errorf("%d cells painted again look otherwise", cells)
	}
}
