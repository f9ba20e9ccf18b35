package data

import (
	"time"

	"github.com/rickar/cal/v2"
)

// WorkHours are the help desk's hours: due dates and answer times count in
// them, and in nothing else. The zero value counts no time; Settings.WorkHours
// makes them.
type WorkHours struct{ calendar *cal.BusinessCalendar }

// WorkHours are the hours of the help desk: from its opening to its closing,
// Monday to Friday or Saturday, less public holidays.
func (s Settings) WorkHours() WorkHours {
	calendar := workdays(s.AlsaceMoselle)
	calendar.SetWorkday(time.Saturday, s.HelpDesk.Saturday)
	opens, closes := clockTime(s.HelpDesk.Opens), clockTime(s.HelpDesk.Closes)
	if closes <= opens { // refused by Check: never loop over days without hours
		opens, closes = 0, 24*time.Hour
	}
	calendar.SetWorkHours(opens, closes)
	return WorkHours{calendar}
}

// clockTime is the time of day 15:04 as what has passed since midnight; zero
// for what is none.
func clockTime(text string) time.Duration {
	at, err := time.Parse("15:04", text)
	if err != nil {
		return 0
	}
	return time.Duration(at.Hour())*time.Hour + time.Duration(at.Minute())*time.Minute
}

// After is when an amount of working time has passed since a moment.
func (h WorkHours) After(from time.Time, worked time.Duration) time.Time {
	if worked <= 0 {
		return from
	}
	return h.calendar.AddWorkHours(from.In(Paris), worked)
}

// Between is the working time from one moment to another; zero when the second
// is not later.
func (h WorkHours) Between(from, to time.Time) time.Duration {
	if !to.After(from) {
		return 0
	}
	return h.calendar.WorkHoursInRange(from.In(Paris), to.In(Paris))
}

// Clock is what a ticket's due dates go by.
type Clock struct {
	Hours  WorkHours
	Answer time.Duration // working time to the first answer, at normal priority
	Solve  time.Duration // working time to the solution
}

// Clock is the help desk's.
func (s Settings) Clock() Clock {
	return Clock{
		Hours: s.WorkHours(), Answer: time.Duration(s.HelpDesk.AnswerHours) * time.Hour, Solve: time.Duration(s.HelpDesk.SolveHours) * time.Hour,
	}
}

// target is the time that a ticket has for its next step, by its priority: an
// urgent one a quarter, a high one half, a low one twice the normal.
func (c Clock) target(t Ticket) time.Duration {
	target := c.Answer
	if !t.FirstAnsweredAt.IsZero() {
		target = c.Solve
	}
	switch t.Priority {
	case UrgentPriority:
		return target / 4
	case HighPriority:
		return target / 2
	case LowPriority:
		return target * 2
	}
	return target
}

// Start sets when a pending ticket is due, counted from its opening and less
// the time that it waited for the requester.
func (c Clock) Start(t *Ticket) {
	t.DueAt, t.DueLeft = time.Time{}, 0
	if t.State.Pending() {
		t.DueAt = c.Hours.After(t.OpenedAt, c.target(*t)+t.Paused)
	}
}

// Move brings a ticket to a state at a time, and stops or starts its clock: it
// stands still while the requester is waited for, and goes on with what was
// left. A ticket that comes back after it was solved has its whole time again.
func (c Clock) Move(t *Ticket, to TicketState, now time.Time) {
	from := t.State
	if from == to {
		return
	}
	t.State = to
	if from == Waiting {
		t.Paused += c.Hours.Between(t.WaitingSince, now)
		t.WaitingSince = time.Time{}
	}
	switch {
	case to == Waiting:
		t.DueLeft, t.DueAt, t.WaitingSince = c.Hours.Between(now, t.DueAt), time.Time{}, now
	case to.Pending() && from == Waiting:
		t.DueAt, t.DueLeft = c.Hours.After(now, t.DueLeft), 0
	case to.Pending() && !from.Pending():
		t.DueAt = c.Hours.After(now, c.target(*t))
	case !to.Pending():
		t.DueAt, t.DueLeft = time.Time{}, 0
	}
	t.ClosedAt = endOf(*t, from, now)
}

// endOf is when a ticket ended: closing a solved one does not change it.
func endOf(t Ticket, from TicketState, now time.Time) time.Time {
	switch {
	case !t.State.Ended():
		return time.Time{}
	case from.Ended():
		return t.ClosedAt
	}
	return now
}

// Answered notes the first answer of a ticket: from now on it is the solution
// that is due.
func (c Clock) Answered(t *Ticket, now time.Time) {
	if !t.FirstAnsweredAt.IsZero() {
		return
	}
	t.FirstAnsweredAt = now
	c.Start(t)
}

// AnswerTime is the working time from a ticket's opening to its first answer;
// zero while it has none.
func (c Clock) AnswerTime(t Ticket) time.Duration {
	if t.FirstAnsweredAt.IsZero() {
		return 0
	}
	return c.Hours.Between(t.OpenedAt, t.FirstAnsweredAt)
}

// SolutionTime is the working time from a ticket's opening to its end, less the
// time that it waited for the requester; zero while it has not ended.
func (c Clock) SolutionTime(t Ticket) time.Duration {
	if t.ClosedAt.IsZero() {
		return 0
	}
	return max(0, c.Hours.Between(t.OpenedAt, t.ClosedAt)-t.Paused)
}
