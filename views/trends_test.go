package views

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"guichet/data"
)

// charts are the charts on the screen, from the left.
func (d *desk) charts() (found []*barChart) {
	for _, o := range d.all() {
		if c, ok := o.(*barChart); ok {
			found = append(found, c)
		}
	}
	return found
}

// TestTrends: each chart has its numbers in a table beside it, and tells them
// under the mouse.
func TestTrends(t *testing.T) {
	d, _, _, _, _ := openFollowUp(t)
	d.w.frame.show(d.w.frame.home)
	d.wantRead("Lettres", "Semaine du", "Postée", "Confirmée", "Retournée", "Demandes", "Reçues", "Résolues")
	weeks := d.charts()[0]
	last := fyne.NewPos(weeks.Size().Width*6.5/trendWeeks, 20) // that of the 16th
	weeks.MouseMoved(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: last}})
	if told := plain(strings.Join(weeks.told(), " · ")); told != "16 nov. · Postée 2 · Confirmée 0 · Retournée 1" {
		t.Errorf("the chart tells %q", told)
	}
	weeks.MouseOut()
	if len(weeks.told()) > 0 {
		t.Error("it still tells something")
	}
	letters := d.w.frame.home.charts[0]
	list := letters.all[0].list
	list.onHeader(1) // by the letters posted
	d.w.frame.home.reload()
	if first, ok := list.at(0); !ok || list.sorted != 1 || first.bars[0].value != 0 || letters.all[0].list != list {
		t.Errorf("what is read anew loses the order: %+v", first)
	}
	letters.choice.SetSelected("Par état")
	d.wantRead("État", "Postée", "Retournée")
	if lying := d.charts()[0]; !lying.lying || len(lying.groups) != 3 {
		t.Errorf("%+v", lying.groups)
	}
	letters.choice.SetSelected("Taux de confirmation")
	d.wantRead("Confirmées")
}

func TestConfirmationRate(t *testing.T) {
	groups := rateBars([]data.LetterWeek{{Monday: testNow, Posted: 8, Answered: 3, Confirmed: 7}, {Monday: testNow, Confirmed: 2}})
	for i, want := range []string{"37 %", "—"} {
		if got := plain(groups[i].bars[0].text); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// TestCardsByKeyboard: Tab reaches a card, Enter opens its list.
func TestCardsByKeyboard(t *testing.T) {
	d, _ := newDesk(t)
	d.signIn("claire", testPassword)
	canvas := d.w.window.Canvas()
	for range 40 {
		canvas.FocusNext()
		if card, ok := canvas.Focused().(*card); ok && card.text == "inscriptions à valider" || ok && card.text == "inscription à valider" {
			if !card.edge.focused {
				t.Error("the focus does not show")
			}
			card.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
			if d.w.frame.current != screen(d.w.frame.book) {
				t.Error("the list is not open")
			}
			return
		}
	}
	t.Error("no card has the focus")
}

// TestTrendsInANarrowWindow: a chart has room before its table has, and its legend
// never lies on its title.
func TestTrendsInANarrowWindow(t *testing.T) {
	d, _ := newDesk(t)
	d.signIn("claire", testPassword)
	driver := fyne.CurrentApp().Driver()
	for _, width := range []float32{900, 1024, 1280, 1600} {
		d.w.window.Resize(fyne.NewSize(width, 768))
		for _, trends := range d.w.frame.home.charts {
			shown := trends.middle.Objects[0].(*fyne.Container).Objects
			if chart := shown[0].Size().Width; chart < leastChart {
				t.Errorf("%s at %.0f: the chart is %.0f wide", trends.title, width, chart)
			}
			if width == 1600 && !shown[1].Visible() {
				t.Errorf("%s: no table in a wide window", trends.title)
			}
			title, legend := trends.head.Objects[0], trends.head.Objects[1]
			at, end := driver.AbsolutePositionForObject(legend), driver.AbsolutePositionForObject(title).AddXY(title.Size().Width, title.Size().Height)
			if at.X < end.X && at.Y < end.Y {
				t.Errorf("%s at %.0f: the legend begins at %v, the title ends at %v", trends.title, width, at, end)
			}
		}
	}
}
