package data

import (
	"time"

	"github.com/rickar/cal/v2"
	"github.com/rickar/cal/v2/aa"
	"github.com/rickar/cal/v2/fr"
)

// ReportableDays is the number of working days after which a letter not
// received may be reported (R16).
const ReportableDays = 5

// saintEtienne is Alsace-Moselle's 26 December.
var saintEtienne = &cal.Holiday{
	Name: "Saint-Étienne", Type: cal.ObservancePublic, Month: time.December, Day: 26, Func: cal.CalcDayOfMonth,
}

// workdays are the jours ouvrables: Monday to Saturday, less public holidays;
// Alsace-Moselle has two more.
func workdays(alsaceMoselle bool) *cal.BusinessCalendar {
	calendar := cal.NewBusinessCalendar()
	calendar.SetWorkday(time.Saturday, true)
	calendar.AddHoliday(fr.Holidays...)
	if alsaceMoselle {
		calendar.AddHoliday(aa.GoodFriday, saintEtienne)
	}
	return calendar
}

// ReportableFrom is the day from which a letter posted on a day may be
// reported as not received: the fifth working day, counted from the day after
// posting (R16).
func ReportableFrom(postedOn time.Time, alsaceMoselle bool) time.Time {
	return workdays(alsaceMoselle).WorkdaysFrom(postedOn, ReportableDays)
}

// WorkdaysSince counts the working days that have come after a day of posting,
// today's included.
func WorkdaysSince(postedOn, now time.Time, alsaceMoselle bool) int {
	from, to := StartOfDay(postedOn).AddDate(0, 0, 1), StartOfDay(now)
	if to.Before(from) {
		return 0
	}
	return workdays(alsaceMoselle).WorkdaysInRange(from, to)
}

// OverduePostedBy is the last moment of posting whose letters may be reported
// at a time.
func OverduePostedBy(now time.Time, alsaceMoselle bool) time.Time {
	day := EndOfDay(now)
	for ReportableFrom(day, alsaceMoselle).After(EndOfDay(now)) {
		day = day.AddDate(0, 0, -1)
	}
	return day
}
