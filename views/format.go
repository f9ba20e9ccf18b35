package views

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"fyne.io/fyne/v2/lang"

	"guichet/data"
)

const (
	noBreak = "\u00a0"
	thin    = "\u202f"
)

// number writes an integer: 1 234 with a narrow no-break space, 1,234 in
// English.
func number(n int) string {
	separator := thin
	if spoken == English {
		separator = ","
	}
	digits := strconv.Itoa(n)
	sign := ""
	if n < 0 {
		sign, digits = "-", digits[1:]
	}
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + separator + digits[i:]
	}
	return sign + digits
}

// decimals writes a number's decimals as the language does: 1,5 or 1.5.
func decimals(text string) string {
	if spoken == English {
		return text
	}
	return strings.Replace(text, ".", ",", 1)
}

// months are the months as a date abbreviates them.
func months() []string {
	return []string{
		lang.L("janv."), lang.L("févr."), lang.L("mars"), lang.L("avr."), lang.L("mai"), lang.L("juin"),
		lang.L("juil."), lang.L("août"), lang.L("sept."), lang.L("oct."), lang.L("nov."), lang.L("déc."),
	}
}

// day writes a date: 24 nov. 2026, 1er déc. 2026; a dash for none.
func day(t time.Time) string {
	if t.IsZero() {
		return "—"
	}
	t = t.In(data.Paris)
	return strings.Join([]string{dayOfMonth(t), months()[t.Month()-1], strconv.Itoa(t.Year())}, noBreak)
}

// dayOfMonth writes a day's number: French has an ordinal for the first.
func dayOfMonth(t time.Time) string {
	if t.Day() == 1 && spoken == French {
		return "1er"
	}
	return strconv.Itoa(t.Day())
}

// dayTime writes a date and the time of day: 24 nov. 2026 à 14 h 02.
func dayTime(t time.Time) string {
	return lang.L("{{.Day}} à {{.Time}}", map[string]any{"Day": day(t), "Time": clock(t)})
}

// longDay writes a date in full: 24 novembre 2026, 24 November 2026.
func longDay(t time.Time) string {
	if spoken == English {
		return t.In(data.Paris).Format("2 January 2006")
	}
	return data.LongDate(t)
}

// clock writes a time of day: 14 h 02, 14:02 in English.
func clock(t time.Time) string {
	t = t.In(data.Paris)
	if spoken == English {
		return t.Format("15:04")
	}
	return fmt.Sprintf("%d%sh%s%02d", t.Hour(), noBreak, noBreak, t.Minute())
}

// moment writes when something happened: relative today, with the time of day
// yesterday, the date before.
func moment(t, now time.Time) string {
	if t.IsZero() {
		return "—"
	}
	t, now = t.In(data.Paris), now.In(data.Paris)
	switch {
	case sameDay(t, now) && !t.After(now):
		return ago(now.Sub(t))
	case sameDay(t, now):
		return clock(t)
	case sameDay(t, now.AddDate(0, 0, -1)):
		return lang.L("hier à {{.Time}}", map[string]any{"Time": clock(t)})
	}
	return day(t)
}

func ago(d time.Duration) string {
	switch {
	case d < time.Minute:
		return lang.L("à l’instant")
	case d < time.Hour:
		return lang.L("il y a {{.Span}}", map[string]any{"Span": span(d)})
	}
	return lang.L("il y a {{.Span}}", map[string]any{"Span": strconv.Itoa(int(d.Hours())) + noBreak + "h"})
}

// span writes a duration: 12 min, 2 h 10, 2 h 10 min in English.
func span(d time.Duration) string {
	minutes := int(d.Round(time.Minute).Minutes())
	if minutes < 60 {
		return strconv.Itoa(minutes) + noBreak + "min"
	}
	text := fmt.Sprintf("%d%sh%s%02d", minutes/60, noBreak, noBreak, minutes%60)
	if spoken == English {
		text += noBreak + "min"
	}
	return text
}

// waiting writes how long something has waited.
func waiting(since, now time.Time) string {
	days := int(startOfDay(now).Sub(startOfDay(since)).Hours()+12) / 24
	switch days {
	case 0:
		return ago(now.Sub(since))
	case 1:
		return lang.L("hier")
	}
	return number(days) + noBreak + lang.L("j")
}

func startOfDay(t time.Time) time.Time { return data.StartOfDay(t.In(data.Paris)) }

func sameDay(a, b time.Time) bool { return startOfDay(a).Equal(startOfDay(b)) }

// lowerFirst begins a sentence that goes on inside another.
func lowerFirst(text string) string {
	r, n := utf8.DecodeRuneInString(text)
	return string(unicode.ToLower(r)) + text[n:]
}

// size writes the size of a file.
func size(n int) string {
	switch {
	case n < 1000:
		return number(n) + noBreak + lang.L("octets")
	case n < 1_000_000:
		return number((n+500)/1000) + noBreak + lang.L("ko")
	}
	return decimals(strconv.FormatFloat(float64(n)/1e6, 'f', 1, 64)) + noBreak + lang.L("Mo")
}

// labelled is a name before what it names, with the language's colon.
func labelled(name string) string {
	if spoken == English {
		return name + ": "
	}
	return name + noBreak + ": "
}

// counted is a plural with its count, its thousands apart.
func counted(sentence string, n int) string {
	return lang.N(sentence, n, map[string]any{"PluralCount": number(n)})
}

// dash stands for an empty text.
func dash(text string) string {
	if text == "" {
		return "—"
	}
	return text
}
