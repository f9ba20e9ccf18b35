package data

import (
	"slices"
	"time"
)

// Spread is how times are spread: half of them are within the median, nine in
// ten within ninety. Working time.
type Spread struct{ Median, Ninety time.Duration }

// Figure says how some tickets were answered.
type Figure struct {
	Received int
	Answered int
	Solved   int
	Answer   Spread // to the first answer
	Solution Spread // to the end, less the time spent waiting for the requester
}

// Figures are the help desk's answer times.
type Figures struct {
	All      Figure
	Headings []HeadingFigure // those that have tickets, in the help page's order
	Weeks    []WeekFigure    // every week of the time, by the day of opening
}

// HeadingFigure is a heading's.
type HeadingFigure struct {
	Heading Heading
	Figure
}

// WeekFigure is a week's.
type WeekFigure struct {
	Monday time.Time
	Figure
}

// Tally gathers tickets for Figures.
type Tally struct {
	clock    Clock
	all      times
	headings map[Heading]*times
	weeks    map[time.Time]*times
}

// times are those of some tickets.
type times struct {
	received         int
	answer, solution []time.Duration
}

// NewTally gathers tickets by a clock.
func NewTally(clock Clock) *Tally {
	return &Tally{clock: clock, headings: map[Heading]*times{}, weeks: map[time.Time]*times{}}
}

// Add counts a ticket.
func (t *Tally) Add(ticket Ticket) {
	monday := Monday(ticket.OpenedAt)
	if t.headings[ticket.Heading] == nil {
		t.headings[ticket.Heading] = &times{}
	}
	if t.weeks[monday] == nil {
		t.weeks[monday] = &times{}
	}
	for _, into := range []*times{&t.all, t.headings[ticket.Heading], t.weeks[monday]} {
		into.received++
		if !ticket.FirstAnsweredAt.IsZero() {
			into.answer = append(into.answer, t.clock.AnswerTime(ticket))
		}
		if !ticket.ClosedAt.IsZero() {
			into.solution = append(into.solution, t.clock.SolutionTime(ticket))
		}
	}
}

// Figures are those of the tickets counted, with every week from one moment to
// before another.
func (t *Tally) Figures(from, until time.Time) Figures {
	figures := Figures{All: t.all.figure()}
	for _, heading := range Headings {
		if of := t.headings[heading]; of != nil {
			figures.Headings = append(figures.Headings, HeadingFigure{heading, of.figure()})
		}
	}
	for monday := Monday(from); monday.Before(until); monday = monday.AddDate(0, 0, 7) {
		week := WeekFigure{Monday: monday}
		if of := t.weeks[monday]; of != nil {
			week.Figure = of.figure()
		}
		figures.Weeks = append(figures.Weeks, week)
	}
	return figures
}

func (t *times) figure() Figure {
	return Figure{
		Received: t.received, Answered: len(t.answer), Solved: len(t.solution), Answer: spread(t.answer), Solution: spread(t.solution),
	}
}

// spread is that of some times, by the nearest rank.
func spread(all []time.Duration) Spread {
	if len(all) == 0 {
		return Spread{}
	}
	slices.Sort(all)
	rank := func(percent int) time.Duration { return all[(len(all)*percent+99)/100-1] }
	return Spread{Median: rank(50), Ninety: rank(90)}
}
