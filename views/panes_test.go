package views

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"

	"guichet/data"
)

// TestPanes: an edge is dragged, a pane never gets too narrow, and widths are
// there again the next time.
func TestPanes(t *testing.T) {
	preferences := test.NewTempApp(t).Preferences()
	var objects []fyne.CanvasObject
	open := func(width float32) []fyne.CanvasObject {
		objects = nil
		for range 3 {
			objects = append(objects, canvas.NewRectangle(theme.Color(theme.ColorNameForeground)))
		}
		box := newPanes(preferences, pane{objects[0], "left", 100, 50}, pane{object: objects[1], least: 200}, pane{objects[2], "right", 80, 60}).(*fyne.Container)
		box.Resize(fyne.NewSize(width, 400))
		return box.Objects[3:]
	}
	want := func(what string, widths ...float32) {
		t.Helper()
		x := float32(0)
		for i, width := range widths {
			if got := objects[i].Size().Width; got != width || objects[i].Position().X != x {
				t.Errorf("%s: pane %d is %v wide at %v, want %v at %v", what, i, got, objects[i].Position().X, width, x)
			}
			x += width + 1
		}
	}
	edges := open(602)
	want("at first", 100, 420, 80)
	drag := func(edge fyne.CanvasObject, by float32) {
		edge.(fyne.Draggable).Dragged(&fyne.DragEvent{Dragged: fyne.NewDelta(by, 0)})
	}
	drag(edges[0], 30)
	drag(edges[1], 10)
	want("dragged", 130, 400, 70)
	drag(edges[0], -200)
	want("as narrow as it gets", 50, 480, 70)
	drag(edges[0], 90)
	for _, edge := range edges {
		edge.(fyne.Draggable).DragEnd()
	}
	edges = open(602)
	want("the next time", 140, 390, 70)
	edges[0].(fyne.DoubleTappable).DoubleTapped(nil)
	want("reset", 100, 430, 70)
	open(332)
	want("in a narrow window", 60, 200, 70)
	open(300)
	want("without room for all", 99, 200)
	if objects[2].Visible() {
		t.Error("a pane without room is shown")
	}
	open(220)
	want("without room", 50, 169)
}

// TestPanelHoldsItsActs: no act beside a ticket is cut, however narrow the panel.
func TestPanelHoldsItsActs(t *testing.T) {
	d, _ := newDesk(t)
	d.operator("nora", data.HelpDesk)
	d.signIn("nora", testPassword)
	speakFrenchAgain(t)
	panel := d.w.frame.tickets.ticket.panel
	for _, language := range []string{French, English} {
		if err := Speak(language); err != nil {
			t.Fatal(err)
		}
		panel.box.Objects = nil
		for _, act := range data.TicketActs {
			panel.act(act, "")
		}
		if width := panel.content().MinSize().Width; width > panelLeast {
			t.Errorf("%s: the acts are %v wide, the panel may be %d", language, width, panelLeast)
		}
	}
}
