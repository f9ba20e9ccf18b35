package views

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"

	"guichet/data"
)

// openFollowUp is a desk with a letter posted on 14 November, one on 21
// November, one returned, and one in the queue for five days.
func openFollowUp(t *testing.T) (d *desk, old, young, returned, queued string) {
	d, organisation := newDesk(t)
	today := d.now
	d.now = today.AddDate(0, 0, -10)
	old = d.register(organisation, "luc", true).Reference
	d.post(d.now)
	returned = d.register(organisation, "paul", false).Reference
	d.now = today.AddDate(0, 0, -5)
	d.post(d.now)
	if _, err := d.app.ReturnLetter(d.ctx, returned, data.Refused); err != nil {
		t.Fatal(err)
	}
	d.now = today.AddDate(0, 0, -3)
	young = d.register(organisation, "anne", false).Reference
	d.post(d.now)
	d.now = today.AddDate(0, 0, -5)
	queued = d.register(organisation, "zoe", false).Reference
	d.now = today
	d.signIn("claire", testPassword)
	return d, old, young, returned, queued
}

// references are those of the letters of a table, in its order.
func references(table *table[data.LetterFile]) (found []string) {
	for _, letter := range table.records {
		found = append(found, letter.Reference)
	}
	return found
}

func TestPostedOldestFirst(t *testing.T) {
	d, old, young, _, _ := openFollowUp(t)
	list := d.w.frame.mail.posted
	d.w.frame.mail.showPosted()
	if got := references(list.table); !slices.Equal(got, []string{old, young}) {
		t.Fatalf("letters %v", got)
	}
	// Saturday the 21st is the day of posting: Monday and Tuesday have passed.
	d.wantRead("2 lettres postées, codes attendus", "Signalable depuis le 20 nov. 2026", "2 jours ouvrables sur 5", "13 janv. 2027")
	list.table.choose(1)
	if !d.button("Signaler non reçue et remplacer").Disabled() {
		t.Error("a letter of three days can be reported")
	}
	list.table.choose(0)
	d.tap("Signaler non reçue et remplacer")
	d.wantRead("est en file à la place de "+old, "1 lettre postée, codes attendus")
	list.table.choose(0)
	d.tap("Ouvrir l’organisation")
	if d.w.frame.current != screen(d.w.frame.book) {
		t.Error("the organisation does not open")
	}
}

func TestFollowUpByChips(t *testing.T) {
	d, old, young, returned, queued := openFollowUp(t)
	d.w.frame.mail.showFollowUp(data.LetterFilter{})
	follow := d.w.frame.mail.follow
	for _, c := range []struct {
		chip string
		want []string
	}{
		{"Toutes 4", []string{queued, young, returned, old}},
		{"Postée 2", []string{young, old}},
		{"Retournée 1", []string{returned}},
		{"Bloquée 0", nil},
		{"À relancer (5 jours ouvrables) 1", []string{old}},
		{"Échéance proche 0", nil},
		{"En file depuis plus de 3 jours 1", []string{queued}},
	} {
		d.tap(frenchSpaced(c.chip))
		if got := references(follow.table); !slices.Equal(got, c.want) {
			t.Errorf("%s lists %v, want %v", c.chip, got, c.want)
		}
	}
	d.wantRead("En file depuis plus de 3 jours : 1 lettre")
}

// frenchSpaced puts the no-break space before a chip's count.
func frenchSpaced(chip string) string {
	for i := len(chip) - 1; i > 0; i-- {
		if chip[i] == ' ' {
			return chip[:i] + noBreak + chip[i+1:]
		}
	}
	return chip
}

func TestHomeLeadsToWhatIsOverdue(t *testing.T) {
	d, old, _, _, _ := openFollowUp(t)
	for _, o := range d.all() {
		if card, ok := o.(*card); ok && card.text == "lettre à relancer, sans codes depuis 5 jours ouvrables" {
			test.Tap(card)
			break
		}
	}
	if got := references(d.w.frame.mail.follow.table); !slices.Equal(got, []string{old}) {
		t.Errorf("letters %v", got)
	}
}

func TestWeeksAreDrawn(t *testing.T) {
	d, _, _, _, _ := openFollowUp(t)
	d.w.frame.mail.showFollowUp(data.LetterFilter{})
	d.wantRead("Postée 3", "Confirmée 0", "Retournée 1")
	var texts []string
	bars := map[float32]int{}
	for _, o := range test.WidgetRenderer(d.w.frame.mail.follow.weeks).Objects() {
		switch o := o.(type) {
		case *canvas.Text:
			texts = append(texts, plain(o.Text))
		case *canvas.Rectangle:
			bars[o.Size().Height]++
		}
	}
	// Posted: one in the week of 9 November, two in that of the 16th, when one
	// came back.
	want := []string{"7 sept.", "14 sept.", "21 sept.", "28 sept.", "5 oct.", "12 oct.", "19 oct.", "26 oct.", "2 nov.", "1", "9 nov.", "2", "1", "16 nov.", "23 nov."}
	if !slices.Equal(texts, want) {
		t.Errorf("the chart reads %q, want %q", texts, want)
	}
	if len(bars) != 3 { // of one, of two, and the floor
		t.Errorf("bars by height: %v", bars)
	}
}
