package app

import (
	"testing"
	"time"

	"guichet/data"
)

// TestAnEditThatWasOvertaken says who was faster, when, and what stands now.
func TestAnEditThatWasOvertaken(t *testing.T) {
	d := openDesk(t)
	seen := d.organisation("Commune d'Achenheim")
	theirs, mine := seen, seen
	theirs.Phone, mine.Phone = "03 88 00 00 00", "03 88 11 11 11"
	d.clock = d.clock.Add(time.Minute)
	d.done(d.EditOrganisation(d.admin, seen, theirs))
	err := d.EditOrganisation(d.admin, seen, mine)
	d.refused(Conflict, err)
	overtaken, is := OvertakenBy[data.Organisation](err)
	if !is || overtaken.Who != "admin" || !overtaken.At.Equal(d.clock) || overtaken.Present.Phone != theirs.Phone || overtaken.Error() == "" {
		t.Errorf("%+v, %v", overtaken, is)
	}
	d.done(d.EditOrganisation(d.admin, overtaken.Present, mine))
}

// TestSuggestedPlaces are those that begin as typed.
func TestSuggestedPlaces(t *testing.T) {
	d := openDesk(t)
	if places := d.SuggestPlaces("67204"); len(places) == 0 {
		t.Error("none")
	}
	if places := d.SuggestPlaces("zzzz"); len(places) != 0 {
		t.Errorf("%+v", places)
	}
}
