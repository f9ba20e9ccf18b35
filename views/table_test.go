package views

import (
	"fmt"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

type row struct {
	id   int64
	text string
}

func newTestTable(t *testing.T) (*table[row], fyne.Window) {
	t.Helper()
	test.NewTempApp(t).Settings().SetTheme(newTheme())
	list := newTable(&Window{}, func(r row) int64 { return r.id },
		column[row]{title: "Nom", width: 100, grow: 1, text: func(r row) string { return r.text }},
		column[row]{title: "Numéro", width: 80, right: true, text: func(r row) string { return number(int(r.id)) }},
	)
	list.checkable = true
	var rows []row
	for i := range 100 {
		rows = append(rows, row{int64(i + 1), fmt.Sprintf("ligne %03d", 100-i)})
	}
	list.show(rows)
	w := test.NewWindow(list.content)
	w.Resize(fyne.NewSize(500, 400))
	t.Cleanup(w.Close)
	w.Canvas().Focus(list.grid)
	return list, w
}

func TestTableByKeyboard(t *testing.T) {
	list, w := newTestTable(t)
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
		w.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: step.key})
		if list.selected != step.want {
			t.Errorf("%s selects %d, want %d", step.key, list.selected, step.want)
		}
	}
	w.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeySpace})
	w.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if checked := list.checkedRecords(); len(checked) != 1 || checked[0].id != 1 || opened != 1 {
		t.Errorf("checked %v, opened %d", checked, opened)
	}
}

func TestTableSortsAndKeepsTheSelection(t *testing.T) {
	list, _ := newTestTable(t)
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

func TestTableUsesTheWholeWidth(t *testing.T) {
	list, _ := newTestTable(t)
	var total float32
	for _, width := range list.widths(500) {
		total += width
	}
	if total != 500 {
		t.Errorf("columns take %v of 500", total)
	}
	if narrow := list.widths(50); narrow[1] != 100 || narrow[2] != 80 {
		t.Errorf("squeezed columns: %v", narrow)
	}
}

func TestTableTap(t *testing.T) {
	list, w := newTestTable(t)
	test.TapCanvas(w.Canvas(), fyne.NewPos(200, rowHeight*2.5))
	if list.selected != 2 {
		t.Errorf("the tap selects %d", list.selected)
	}
	test.TapCanvas(w.Canvas(), fyne.NewPos(12, rowHeight*3.5))
	if checked := list.checkedRecords(); len(checked) != 1 || checked[0].id != 3 {
		t.Errorf("the tap checks %v", checked)
	}
}

func TestHeaderTap(t *testing.T) {
	list, w := newTestTable(t)
	test.TapCanvas(w.Canvas(), fyne.NewPos(200, rowHeight/2))
	if !strings.HasSuffix(list.records[0].text, "001") {
		t.Errorf("the tap on the title does not sort: %v", list.records[0])
	}
}
