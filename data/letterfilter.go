package data

import "time"

// LetterAge tells letters apart by what their age asks for.
type LetterAge string

// The ages that a follow-up looks for; empty: any.
const (
	// Overdue letters were posted at least 5 jours ouvrables ago and are not
	// confirmed: they may be reported as not received (R16).
	Overdue LetterAge = "overdue"
	// Expiring letters' codes lapse within ExpiringDays.
	Expiring LetterAge = "expiring"
	// Stale letters have waited in the queue for more than StaleDays.
	Stale LetterAge = "stale"
)

const (
	// ExpiringDays is how many days before its codes lapse a letter counts as
	// expiring.
	ExpiringDays = 10
	// StaleDays is how long a letter may stay in the queue before somebody
	// ought to ask why.
	StaleDays = 3
)

// LetterFilter chooses letters; the zero value is all of them.
type LetterFilter struct {
	State LetterState // empty: any
	Age   LetterAge
	// CameBack keeps the letters that La Poste brought back, whatever their state.
	CameBack bool
	// OldestFirst lists the letters in the order in which they were queued
	// instead of the newest first.
	OldestFirst bool
}

// LetterBounds are the state and the moments that a filter's age stands for at a time.
type LetterBounds struct {
	State    LetterState // that letters of the age are in; empty: any
	PostedBy time.Time   // zero: whenever
	QueuedBy time.Time
}

// Bounds turns the filter's age into a state and moments.
func (f LetterFilter) Bounds(now time.Time, settings Settings) LetterBounds {
	switch f.Age {
	case Overdue:
		return LetterBounds{PostedBy: OverduePostedBy(now, settings.AlsaceMoselle), State: Posted}
	case Expiring:
		return LetterBounds{PostedBy: EndOfDay(now.AddDate(0, 0, ExpiringDays-settings.CodeValidDays)), State: Posted}
	case Stale:
		return LetterBounds{QueuedBy: now.AddDate(0, 0, -StaleDays), State: Queued}
	}
	return LetterBounds{}
}

// LetterWeek counts what happened to letters in a week.
type LetterWeek struct {
	Monday    time.Time
	Posted    int
	Confirmed int // in that week, whenever they were posted
	Returned  int
	Answered  int // of those posted in that week, confirmed up to now
}

// LetterWeeks counts events by week, Monday to Sunday, over the weeks up to
// the one of now, oldest first.
func LetterWeeks(now time.Time, weeks int, posted, confirmed, returned, answered []time.Time) []LetterWeek {
	counts := make([]LetterWeek, weeks)
	first := Monday(now).AddDate(0, 0, -7*(weeks-1))
	for i := range counts {
		counts[i].Monday = first.AddDate(0, 0, 7*i)
	}
	count := func(times []time.Time, field func(*LetterWeek) *int) {
		for _, at := range times {
			for i := weeks - 1; i >= 0; i-- {
				if !at.Before(counts[i].Monday) {
					*field(&counts[i])++
					break
				}
			}
		}
	}
	count(posted, func(w *LetterWeek) *int { return &w.Posted })
	count(confirmed, func(w *LetterWeek) *int { return &w.Confirmed })
	count(returned, func(w *LetterWeek) *int { return &w.Returned })
	count(answered, func(w *LetterWeek) *int { return &w.Answered })
	return counts
}

// Monday is the beginning of a day's week.
func Monday(t time.Time) time.Time {
	day := StartOfDay(t)
	return StartOfDay(day.AddDate(0, 0, -(int(day.Weekday())+6)%7))
}
