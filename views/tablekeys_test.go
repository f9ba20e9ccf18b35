package views

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

// TestLettersFindARow: by the first text on the screen, without accents; the
// same letter goes on to the next, letters after a pause begin anew.
func TestLettersFindARow(t *testing.T) {
	list := newTestTable(t)
	now := time.Date(2026, 11, 24, 13, 20, 0, 0, time.UTC)
	list.ahead.now = func() time.Time { return now }
	var rows []row
	for i, name := range []string{"Achenheim", "Altorf", "Écrouves le Grand", "Eckwersheim", "Écrouves les Bains", "Zehnacker"} {
		rows = append(rows, row{int64(i + 1), name})
	}
	list.show(rows)
	for _, step := range []struct {
		pause time.Duration
		typed string
		want  int64
	}{
		{0, "a", 1},
		{0, "a", 2},
		{0, "a", 1},
		{time.Minute, "al", 2},
		{time.Minute, "e", 3},
		{0, "ck", 4},
		{time.Minute, "ÉCROUVES LES", 5},
		{time.Minute, "é", 3},
		{time.Minute, "x", 3},
		{time.Minute, " ", 3},
	} {
		now = now.Add(step.pause)
		for _, r := range step.typed {
			if r == ' ' { // its key comes first
				list.press(false, fyne.KeySpace)
			}
			list.shownIn.Canvas().Focused().TypedRune(r)
		}
		if list.selected != step.want {
			t.Errorf("%q goes to %d, want %d", step.typed, list.selected, step.want)
		}
	}
	list.showColumn(0, false)
	now = now.Add(time.Minute)
	list.grid.TypedRune('i') // the numbers are no text: the next column is
	if list.selected != 5 {
		t.Errorf("in the third column, i goes to %d", list.selected)
	}
}

// TestSpaceStillChecks once nothing is being typed.
func TestSpaceStillChecks(t *testing.T) {
	list := newTestTable(t).withBoxes()
	now := time.Date(2026, 11, 24, 13, 20, 0, 0, time.UTC)
	list.ahead.now = func() time.Time { return now }
	list.choose(4)
	list.grid.TypedRune('l')
	list.press(false, fyne.KeySpace)
	if len(list.checkedRecords()) != 0 {
		t.Error("a space among letters checks")
	}
	now = now.Add(typeAheadPause)
	list.press(false, fyne.KeySpace)
	if len(list.checkedRecords()) != 1 {
		t.Error("Space does not check")
	}
}

// TestLettersOfPagesGoNowhere: not all rows are known.
func TestLettersOfPagesGoNowhere(t *testing.T) {
	list := newTestPages(t, 1000)
	list.grid.TypedRune('l')
	if list.selected != 1 {
		t.Errorf("a letter goes to %d", list.selected)
	}
}

// TestLettersOfAScreenStayItsOwn: where a screen has letters, a table on it
// leaves them; where a field takes scans, it gives them over.
func TestLettersOfAScreenStayItsOwn(t *testing.T) {
	h := newHelpDesk(t)
	for _, name := range []string{"Alpha", "Beta"} {
		h.deliver(name+"@mairie.example", name, "Bonjour")
	}
	screen := h.open()
	first := screen.ticket.shown.ID
	list := newTestTable(t)
	list.window = h.w
	list.choose(5)
	list.grid.TypedRune('j')
	if screen.ticket.shown.ID == first || list.selected != 6 {
		t.Errorf("j in a table shows ticket %d, and row %d", screen.ticket.shown.ID, list.selected)
	}
	d, _, _, _, _ := openReturns(t)
	returns := d.w.frame.mail.returns
	d.w.window.Canvas().Focus(returns.doubted.table.grid)
	d.w.window.Canvas().Focused().TypedRune('3')
	d.wantCaretInField()
	d.wantRead("Motif choisi : pli refusé par le destinataire.")
	test.Type(returns.field, "L26")
	if returns.field.Text != "L26" {
		t.Errorf("the field reads %q", returns.field.Text)
	}
}
