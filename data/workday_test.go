package data

import (
	"testing"
	"time"
)

func TestR16_WorkingDays(t *testing.T) {
	for _, tt := range []struct {
		posted, alsace, elsewhere time.Time
	}{
		{day(2026, 4, 2), day(2026, 4, 10), day(2026, 4, 9)},
		{day(2026, 12, 23), day(2026, 12, 31), day(2026, 12, 30)},
		{day(2026, 11, 24), day(2026, 11, 30), day(2026, 11, 30)},
		{day(2026, 5, 13), day(2026, 5, 20), day(2026, 5, 20)}, // Ascension on the 14th
	} {
		if got := ReportableFrom(tt.posted, true); !got.Equal(tt.alsace) {
			t.Errorf("%s in Alsace: %s", tt.posted.Format(time.DateOnly), got)
		}
		if got := ReportableFrom(tt.posted, false); !got.Equal(tt.elsewhere) {
			t.Errorf("%s elsewhere: %s", tt.posted.Format(time.DateOnly), got)
		}
	}
}

// TestR16_OverduePostedBy: the two ways round agree on every day of a year.
func TestR16_OverduePostedBy(t *testing.T) {
	for n := range 400 {
		now := day(2026, 1, 1).AddDate(0, 0, n)
		limit := OverduePostedBy(now, true)
		if ReportableFrom(limit, true).After(EndOfDay(now)) || !ReportableFrom(limit.AddDate(0, 0, 1), true).After(EndOfDay(now)) {
			t.Fatalf("%s: posted by %s", now.Format(time.DateOnly), limit)
		}
	}
}

func TestWorkdaysSince(t *testing.T) {
	for _, c := range []struct {
		posted, now string
		elsewhere   int
		alsace      int
	}{
		{"2026-11-24", "2026-11-24", 0, 0},
		{"2026-11-24", "2026-11-25", 1, 1},
		{"2026-11-24", "2026-11-30", 5, 5}, // Sunday does not count
		{"2026-04-02", "2026-04-09", 5, 4}, // Good Friday, Easter Monday
		{"2026-12-23", "2026-12-30", 5, 4}, // Christmas, 26 December
		{"2026-11-24", "2026-11-01", 0, 0},
	} {
		posted, _ := time.ParseInLocation(time.DateOnly, c.posted, Paris)
		now, _ := time.ParseInLocation(time.DateOnly, c.now, Paris)
		now = now.Add(23 * time.Hour)
		if got := [2]int{WorkdaysSince(posted, now, false), WorkdaysSince(posted, now, true)}; got != [2]int{c.elsewhere, c.alsace} {
			t.Errorf("%s to %s: %v", c.posted, c.now, got)
		}
	}
}
