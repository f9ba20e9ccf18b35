package app

import (
	"bytes"
	"encoding/csv"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"guichet/data"
)

// at is a moment of November or December 2026, in Paris.
func at(month time.Month, day, hour, minute int) time.Time {
	return time.Date(2026, month, day, hour, minute, 0, 0, data.Paris)
}

// TestHelpDeskDueDates count in the help desk's hours: not at night, not on a
// week-end, not on a holiday.
func TestHelpDeskDueDates(t *testing.T) {
	d := openDesk(t) // 08:30 to 17:30, 8 hours to answer, 24 to solve
	for name, c := range map[string]struct {
		asked, due time.Time
		change     func(*data.Settings)
		priority   data.Priority
	}{
		"in the morning":          {asked: at(11, 24, 9, 0), due: at(11, 24, 17, 0), priority: data.NormalPriority},
		"over a week-end":         {asked: at(11, 27, 16, 30), due: at(11, 30, 15, 30), priority: data.NormalPriority},
		"at night":                {asked: at(11, 24, 22, 0), due: at(11, 25, 16, 30), priority: data.NormalPriority},
		"on a Sunday":             {asked: at(11, 29, 12, 0), due: at(11, 30, 16, 30), priority: data.NormalPriority},
		"Saturdays are worked":    {asked: at(11, 27, 16, 30), due: at(11, 28, 15, 30), change: func(s *data.Settings) { s.HelpDesk.Saturday = true }, priority: data.NormalPriority},
		"over Christmas":          {asked: at(12, 24, 16, 30), due: at(12, 28, 15, 30), priority: data.NormalPriority},
		"26 December in Alsace":   {asked: at(12, 24, 16, 30), due: at(12, 28, 15, 30), change: func(s *data.Settings) { s.HelpDesk.Saturday, s.AlsaceMoselle = true, true }, priority: data.NormalPriority},
		"26 December elsewhere":   {asked: at(12, 24, 16, 30), due: at(12, 26, 15, 30), change: func(s *data.Settings) { s.HelpDesk.Saturday = true }, priority: data.NormalPriority},
		"urgent: a quarter":       {asked: at(11, 24, 9, 0), due: at(11, 24, 11, 0), priority: data.UrgentPriority},
		"high: a half":            {asked: at(11, 24, 9, 0), due: at(11, 24, 13, 0), priority: data.HighPriority},
		"low: twice":              {asked: at(11, 24, 9, 0), due: at(11, 25, 16, 0), priority: data.LowPriority},
		"four hours to answer":    {asked: at(11, 24, 9, 0), due: at(11, 24, 13, 0), change: func(s *data.Settings) { s.HelpDesk.AnswerHours = 4 }, priority: data.NormalPriority},
		"opened from ten to noon": {asked: at(11, 24, 9, 0), due: at(11, 27, 12, 0), change: func(s *data.Settings) { s.HelpDesk.Opens, s.HelpDesk.Closes = "10:00", "12:00" }, priority: data.NormalPriority},
	} {
		d.clock = c.asked
		d.set(func(s *data.Settings) {
			s.HelpDesk, s.AlsaceMoselle = data.DefaultSettings().HelpDesk, false
			if c.change != nil {
				c.change(s)
			}
		})
		asked := d.ask("x@mairie.example", name, "Bonjour")
		if c.priority != data.NormalPriority {
			d.done(d.ChangeTicket(d.helpDesk, asked.Ticket, TicketChange{Priority: &c.priority}))
		}
		if due := d.ticket(asked.ID).DueAt; !due.Equal(c.due) {
			t.Errorf("%s: due %s, want %s", name, due.In(data.Paris), c.due)
		}
	}
}

// TestHelpDeskClockPauses while the requester is waited for, and the time that
// was waited is not the help desk's.
func TestHelpDeskClockPauses(t *testing.T) {
	d := openDesk(t)
	d.clock = at(11, 24, 9, 0)
	asked := d.ask("x@mairie.example", "Question", "Bonjour")
	d.clock = at(11, 24, 11, 0)
	waiting := d.answer(asked.Ticket, "Quelle commune ?", data.Waiting)
	if !waiting.DueAt.IsZero() || waiting.DueLeft != 22*time.Hour || waiting.Overdue(at(12, 24, 0, 0)) {
		t.Errorf("waiting: due %s, %s left", waiting.DueAt, waiting.DueLeft)
	}
	d.clock = at(11, 26, 9, 0) // 16 working hours later
	d.come(letterOf("x@mairie.example", "back@mairie.example", "Re: Question", "Achenheim", "In-Reply-To: <ask1@mairie.example>"))
	back := d.ticket(asked.ID)
	if back.State != data.OpenTicket || back.Paused != 16*time.Hour || !back.DueAt.Equal(at(11, 30, 13, 0)) {
		t.Errorf("back: %s, paused %s, due %s", back.State, back.Paused, back.DueAt)
	}
	d.clock = at(11, 26, 10, 0)
	d.done(d.ChangeTicket(d.helpDesk, back.Ticket, TicketChange{State: data.Solved}))
	figures, err := d.Figures(d.helpDesk, at(11, 1, 0, 0), at(12, 1, 0, 0))
	d.done(err)
	if figures.All.Answer.Median != 2*time.Hour || figures.All.Solution.Median != 3*time.Hour {
		t.Errorf("%+v", figures.All)
	}
}

// TestHelpDeskFigures: medians and ninths, by heading and by week, in the table
// and in both exports.
func TestHelpDeskFigures(t *testing.T) {
	d := openDesk(t)
	for i := range 10 { // answered after 1 to 10 half hours, of two weeks
		d.clock = at(11, 16+7*(i%2), 9, 0)
		asked := d.ask("x@mairie.example", "Question", "Bonjour")
		heading := data.PasswordHeading
		if i == 9 {
			heading = data.LetterNotReceived
		}
		d.done(d.ChangeTicket(d.helpDesk, asked.Ticket, TicketChange{Heading: heading}))
		d.after(time.Duration(i+1) * 30 * time.Minute)
		then := data.Solved
		if i == 0 {
			then = data.OpenTicket
		}
		d.answer(d.ticket(asked.ID).Ticket, "Voilà", then)
	}
	d.clock = at(11, 25, 9, 0)
	d.ask("y@mairie.example", "Sans réponse", "Bonjour")
	from, until := at(11, 9, 0, 0), at(11, 30, 0, 0)
	figures, err := d.Figures(d.helpDesk, from, until)
	d.done(err)
	want := data.Figure{
		Received: 11, Answered: 10, Solved: 9,
		Answer: data.Spread{Median: 150 * time.Minute, Ninety: 270 * time.Minute}, Solution: data.Spread{Median: 3 * time.Hour, Ninety: 5 * time.Hour},
	}
	if figures.All != want {
		t.Errorf("%+v, want %+v", figures.All, want)
	}
	if len(figures.Weeks) != 3 || figures.Weeks[0].Received != 0 || figures.Weeks[1].Received != 5 || figures.Weeks[2].Received != 6 {
		t.Errorf("%+v", figures.Weeks)
	}
	if len(figures.Headings) != 3 || figures.Headings[0].Heading != data.PasswordHeading || figures.Headings[0].Received != 9 {
		t.Errorf("%+v", figures.Headings)
	}
	var file bytes.Buffer
	d.done(d.ExportFigures(d.helpDesk, from, until, CSV, &file))
	reader := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(file.Bytes(), []byte("\ufeff"))))
	reader.Comma = ';'
	rows, err := reader.ReadAll()
	d.done(err)
	if len(rows) != 1+1+3+3 || !slices.Equal(rows[1], []string{"total", "", "11", "10", "9", "2,50", "4,50", "3,00", "5,00"}) || rows[5][1] != "2026-11-09" {
		t.Errorf("%q", rows)
	}
	file.Reset()
	d.done(d.ExportFigures(d.helpDesk, from, until, XLSX, &file))
	book, err := excelize.OpenReader(&file)
	d.done(err)
	sheet, err := book.GetRows(book.GetSheetName(0))
	d.done(err)
	if len(sheet) != len(rows) || sheet[1][0] != "total" || sheet[1][2] != "11" {
		t.Errorf("%q", sheet)
	}
}

// TestHelpDeskExport writes what the filter lets through, and no formula.
func TestHelpDeskExport(t *testing.T) {
	d := openDesk(t)
	asked := d.ask(`"=cmd()" <x@mairie.example>`, "=HYPERLINK(1)", "Bonjour")
	d.ask("y@mairie.example", "Autre", "Bonjour")
	d.after(time.Hour)
	d.answer(asked.Ticket, "Voilà", data.Solved)
	filter, err := d.SearchTickets(d.helpDesk, "statut:résolue")
	d.done(err)
	var file bytes.Buffer
	d.done(d.ExportTickets(d.helpDesk, filter, CSV, &file))
	if text := file.String(); strings.Count(text, "\n") != 2 || strings.Contains(text, ";=") || !strings.Contains(text, asked.Number) || !strings.Contains(text, ";1,00") {
		t.Errorf("%s", text)
	}
}
