package views

import (
	"math"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

const (
	checkWidth  = 30
	leastColumn = 36   // as narrow as a person makes a column
	mostColumn  = 2000 // as wide
	fittedRows  = 1000 // at most, whose texts fit a column
)

// widths shares a width among the columns on the screen: each at least its own,
// what is left over by the growth of those that nobody dragged, else to the
// last. None is squeezed: in a narrow window the rows scroll sideways.
func (t *table[T]) widths(total float32) []float32 {
	widths, rest := make([]float32, 0, t.width()), total
	if t.checkable {
		widths = append(widths, checkWidth)
		rest -= checkWidth
	}
	var grow float32
	for _, col := range t.shown {
		rest -= t.widthOf(col)
		if t.wanted[col] == 0 {
			grow += t.columns[col].grow
		}
	}
	var taken float32
	for _, col := range t.shown {
		width := t.widthOf(col)
		if rest > 0 && grow > 0 && t.wanted[col] == 0 {
			more := float32(int(rest * t.columns[col].grow / grow)) // whole points: columns touch without a seam
			width, taken = width+more, taken+more
		}
		widths = append(widths, width)
	}
	if rest > 0 {
		widths[len(widths)-1] += rest - taken
	}
	return widths
}

func (t *table[T]) widthOf(col int) float32 {
	if t.wanted[col] > 0 {
		return t.wanted[col]
	}
	return t.columns[col].width
}

// grasp begins to set a column's width: from now on, it and those before it
// stay as wide as they are, so that its edge is where it is dragged to. It gives
// the column and its width.
func (t *table[T]) grasp(shown int) (col int, width float32) {
	widths := t.widths(t.grid.laid)[t.checkColumns():]
	for i, col := range t.shown[:shown+1] {
		if widths[i] != t.columns[col].width {
			t.wanted[col] = widths[i]
		}
	}
	return t.shown[shown], widths[shown]
}

// dragged sets the width of a column on the screen by how far its edge was
// dragged since grasped.
func (t *table[T]) dragged(shown int, by float32) {
	if shown -= t.checkColumns(); t.drag == nil {
		col, width := t.grasp(shown)
		t.drag = &columnDrag{col: col, width: width}
	}
	t.drag.width += by // beyond the limits too: the edge waits for the mouse to come back
	t.wanted[t.drag.col] = limited(t.drag.width)
	t.grid.layColumns()
}

// dropped ends a drag.
func (t *table[T]) dropped() {
	t.drag = nil
	t.keep()
}

// columnDrag is a column whose edge is being dragged.
type columnDrag struct {
	col   int
	width float32 // where the mouse is
}

func limited(width float32) float32 {
	return max(leastColumn, min(float32(math.Round(float64(width))), mostColumn))
}

// fit makes a column as wide as its title and its texts need.
func (t *table[T]) fit(shown int) {
	col, _ := t.grasp(shown - t.checkColumns())
	by := t.columns[col]
	const beside = 14 // what stands left and right of a text
	widest := fyne.MeasureText(by.title, theme.CaptionTextSize(), fyne.TextStyle{Bold: true}).Width + beside + 16
	n := 0
	for _, record := range t.read() {
		width := fyne.MeasureText(by.text(record), theme.TextSize(), fyne.TextStyle{Monospace: by.mono, Bold: by.bold != nil}).Width + beside
		if by.icon != nil {
			width += 20
		}
		if by.right {
			width += 8
		}
		widest = max(widest, width)
		if n++; n == fittedRows {
			break
		}
	}
	t.wanted[col] = limited(widest + 1)
	t.keep()
	t.grid.layColumns()
}

// resetWidths gives every column the width it had at first.
func (t *table[T]) resetWidths() {
	clear(t.wanted)
	t.keep()
	t.grid.layColumns()
}

// showColumn puts a column on the screen, or takes it away. The last one stays.
func (t *table[T]) showColumn(col int, visible bool) {
	var shown []int
	for i := range t.columns {
		if i == col && visible || i != col && t.isShown(i) {
			shown = append(shown, i)
		}
	}
	if len(shown) == 0 {
		return
	}
	t.shown = shown
	t.keep()
	t.grid.layColumns()
}

func (t *table[T]) isShown(col int) bool { return slices.Contains(t.shown, col) }

// recall takes the columns' widths and choice as this workstation keeps them.
// Those of a table that has other columns now are passed over.
func (t *table[T]) recall() {
	t.wanted = make([]float32, len(t.columns))
	preferences := fyne.CurrentApp().Preferences()
	if widths := preferences.FloatList(t.preference("widths")); len(widths) == len(t.columns) {
		for i, width := range widths {
			if width > 0 {
				t.wanted[i] = limited(float32(width))
			}
		}
	}
	hidden := preferences.BoolList(t.preference("hidden"))
	for i := range t.columns {
		if len(hidden) != len(t.columns) || !hidden[i] {
			t.shown = append(t.shown, i)
		}
	}
	if len(t.shown) == 0 {
		t.shown = append(t.shown, 0)
	}
}

// keep keeps the columns' widths and choice for the next session.
func (t *table[T]) keep() {
	widths, hidden := make([]float64, len(t.columns)), make([]bool, len(t.columns))
	for i, width := range t.wanted {
		widths[i], hidden[i] = float64(width), !t.isShown(i)
	}
	preferences := fyne.CurrentApp().Preferences()
	preferences.SetFloatList(t.preference("widths"), widths)
	preferences.SetBoolList(t.preference("hidden"), hidden)
}

func (t *table[T]) preference(what string) string { return "table." + t.name + "." + what }
