package views

import (
	"fmt"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"
)

func cellAt(row, col int) widget.TableCellID { return widget.TableCellID{Row: row, Col: col} }

// wantWidths says how wide the columns must be, and that they touch and fill
// the table, or more.
func (l *testTable) wantWidths(what string, widths ...float32) {
	l.Helper()
	if got := l.widths(l.grid.Size().Width); fmt.Sprint(got) != fmt.Sprint(widths) {
		l.Errorf("%s: the columns are %v wide, want %v", what, got, widths)
	}
	x := float32(0)
	for _, h := range l.headers() {
		if h == nil { // out of sight
			break
		}
		if h.Position().X != x {
			l.Errorf("%s: column %d begins at %v, the one before ends at %v", what, h.col, h.Position().X, x)
		}
		x += h.Size().Width
	}
	if x < l.grid.Size().Width {
		l.Errorf("%s: the columns end at %v of %v", what, x, l.grid.Size().Width)
	}
}

// headers are the headers on the screen, from the left.
func (l *testTable) headers() []*header {
	found := make([]*header, l.width())
	var look func(fyne.CanvasObject)
	look = func(object fyne.CanvasObject) {
		switch o := object.(type) {
		case *header:
			found[o.col] = o
		case *fyne.Container:
			for _, child := range o.Objects {
				look(child)
			}
		case fyne.Widget:
			for _, child := range test.WidgetRenderer(o).Objects() {
				look(child)
			}
		}
	}
	look(l.shownIn.Content())
	return found
}

// drag drags the canvas from a place in the header.
func (l *testTable) drag(x, by float32) {
	test.Drag(l.shownIn.Canvas(), fyne.NewPos(x, rowHeight/2), by, 0)
}

func (l *testTable) doubleTap(x float32) {
	for _, h := range l.headers() {
		if h == nil {
			break
		}
		if end := h.Position().X + h.Size().Width; x >= end-gripWidth && x < end {
			h.after.DoubleTapped(&fyne.PointEvent{})
			return
		}
	}
	l.Fatalf("no edge at %v", x)
}

func TestTableUsesTheWholeWidth(t *testing.T) {
	list := newTestTable(t)
	list.wantWidths("at first", 215, 80, 205)
	if narrow := list.widths(50); fmt.Sprint(narrow) != "[100 80 90]" {
		t.Errorf("squeezed columns: %v", narrow)
	}
	list.withBoxes().wantWidths("with boxes", 30, 200, 80, 190)
}

// TestColumnsAreDragged: the edge follows the mouse, on either side of it; what
// is on the right takes the rest; nothing gets too narrow; and it is all there
// the next time.
func TestColumnsAreDragged(t *testing.T) {
	list := newTestTable(t)
	list.drag(213, 40)
	list.wantWidths("dragged", 255, 80, 165)
	list.drag(256, -20) // the other side of the edge
	list.wantWidths("and back a little", 235, 80, 185)
	list.drag(235+80-2, 10)
	list.wantWidths("the second", 235, 90, 175)
	list.drag(235-2, -300)
	list.wantWidths("as narrow as it gets", leastColumn, 90, 500-leastColumn-90)
	list.drag(leastColumn-2, 1000)
	list.wantWidths("wider than the window", leastColumn+1000, 90, 90)
	list.drag(leastColumn, 0) // no edge is there
	list.wantWidths("beside the edges", leastColumn+1000, 90, 90)
	again := openTestTable(t)
	again.wantWidths("the next time", leastColumn+1000, 90, 90)
	again.resetWidths()
	again.wantWidths("reset", 215, 80, 205)
	openTestTable(t).wantWidths("reset, the next time", 215, 80, 205)
}

// TestDraggedEdgeWaitsForTheMouse: what was dragged beyond the least width is
// dragged back before the column grows again.
func TestDraggedEdgeWaitsForTheMouse(t *testing.T) {
	list := newTestTable(t)
	grip := list.headers()[0].after
	for _, step := range []struct{ by, want float32 }{{-300, leastColumn}, {50, leastColumn}, {250, 215}, {5, 220}} {
		grip.Dragged(&fyne.DragEvent{Dragged: fyne.NewDelta(step.by, 0)})
		if got := list.widths(500)[0]; got != step.want {
			t.Errorf("%v further, the column is %v wide, want %v", step.by, got, step.want)
		}
	}
	grip.DragEnd()
	if grip.Cursor() != desktop.HResizeCursor {
		t.Error("the mouse does not show that an edge is dragged")
	}
}

// TestColumnFitsItsTexts: a double tap on an edge; a sort is not what it does.
func TestColumnFitsItsTexts(t *testing.T) {
	list := newTestTable(t)
	list.doubleTap(214)
	fitted := list.widths(500)[0]
	text := fyne.MeasureText("ligne 100", 13, fyne.TextStyle{}).Width
	if fitted < text+10 || fitted > text+40 {
		t.Errorf("the column is %v wide for texts of %v", fitted, text)
	}
	list.records[50].text = "une ligne bien plus longue que toutes les autres"
	list.doubleTap(fitted - 1)
	if wider := list.widths(500)[0]; wider < fitted+100 {
		t.Errorf("with a long text it is %v wide", wider)
	}
	if list.sorted != -1 {
		t.Error("the table sorts")
	}
	openTestTable(t).wantWidths("the next time", list.widths(500)...)
}

// TestColumnsAreChosen: hidden, kept so, shown again in their place; the last
// one stays; what sorts, sorts the column it names.
func TestColumnsAreChosen(t *testing.T) {
	list := newTestTable(t)
	titles := func(l *testTable) string {
		var titles []string
		for _, h := range l.headers() {
			titles = append(titles, h.label.Text)
		}
		return fmt.Sprint(titles)
	}
	list.tapMenu("Colonnes", "Nom")
	if got := titles(list); got != "[Numéro Parité]" {
		t.Errorf("without the names: %s", got)
	}
	list.wantWidths("without the names", 80, 420)
	test.TapCanvas(list.shownIn.Canvas(), fyne.NewPos(200, rowHeight/2))
	if list.sorted != 2 {
		t.Errorf("a tap on Parité sorts by column %d", list.sorted)
	}
	again := openTestTable(t)
	if got := titles(again); got != "[Numéro Parité]" {
		t.Errorf("the next time: %s", got)
	}
	again.tapMenu("Colonnes", "Numéro")
	again.showColumn(2, false) // the last one
	if got := titles(again); got != "[Parité]" {
		t.Errorf("the last one: %s", got)
	}
	if item := again.menuItem("Colonnes", "Parité"); !item.Disabled || !item.Checked {
		t.Error("the menu offers to hide the last column")
	}
	again.tapMenu("Colonnes", "Nom")
	again.tapMenu("Colonnes", "Numéro")
	if got := titles(again); got != "[Nom Numéro Parité]" {
		t.Errorf("all: %s", got)
	}
}

// TestKeptColumnsOfAnotherTable: what was kept for other columns is passed over,
// and a width that makes no sense does no harm.
func TestKeptColumnsOfAnotherTable(t *testing.T) {
	newTestTable(t)
	preferences := fyne.CurrentApp().Preferences()
	preferences.SetFloatList("table.essai.widths", []float64{300, 300})
	preferences.SetBoolList("table.essai.hidden", []bool{true, false})
	openTestTable(t).wantWidths("two kept of three", 215, 80, 205)
	preferences.SetFloatList("table.essai.widths", []float64{-5, 1e9, 1})
	preferences.SetBoolList("table.essai.hidden", []bool{true, true, true})
	openTestTable(t).wantWidths("all hidden", 500)
	preferences.SetBoolList("table.essai.hidden", []bool{false, false, false})
	openTestTable(t).wantWidths("too wide, too narrow", 100, mostColumn, leastColumn)
}
