package printing

import (
	"fmt"
	"strings"
	"unicode"
)

// Job is a PDF to print, on A4 sheets at its true size.
type Job struct {
	Printer string  // Printer.Name
	File    string  // path of the PDF
	Title   string  // shown to anybody in the print system's list: no secret in it; may be empty
	Copies  int     // 1 to 99; of several, each is whole before the next
	Duplex  bool    // both sides, turned along the long edge; if not, one side is asked for whatever the printer's default
	Tray    string  // Tray.Value; empty: the printer chooses
	Pages   []Range // of the file, in rising order and apart; empty: all
}

// Range is a run of pages, counted from 1, the last one included.
type Range struct{ First, Last int }

func (r Range) String() string {
	if r.First == r.Last {
		return fmt.Sprint(r.First)
	}
	return fmt.Sprintf("%d-%d", r.First, r.Last)
}

// ID names a job of the print system, such as "queue-12".
type ID string

// RangeError is an ErrRange that says which range, and how many pages the
// document has.
type RangeError struct {
	Range Range
	Pages int
}

func (e *RangeError) Error() string {
	return fmt.Sprintf("%v: %v of %d", ErrRange, e.Range, e.Pages)
}

// Unwrap gives ErrRange.
func (e *RangeError) Unwrap() error { return ErrRange }

// maxCopies is what the error texts promise.
const maxCopies = 99

// check counts the file's pages, or returns why no printer can print the job.
func (j Job) check() (pages int, err error) {
	if j.Copies < 1 || j.Copies > maxCopies {
		return 0, fmt.Errorf("%w, not %d", ErrCopies, j.Copies)
	}
	if pages, err = Pages(j.File); err != nil {
		return 0, err
	}
	last := 0
	for _, r := range j.Pages {
		// CUPS ignores ranges that fall or overlap, and some printers what
		// follows them.
		if r.First <= last || r.Last < r.First || r.Last > pages {
			return 0, &RangeError{Range: r, Pages: pages}
		}
		last = r.Last
	}
	return pages, nil
}

// title is the job's title without what a shell or a log could take for more
// than text: print systems hand it to scripts.
func (j Job) title() string {
	const maxLength = 80
	harmless := strings.Map(func(r rune) rune {
		if unicode.In(r, unicode.Letter, unicode.Mark, unicode.Digit) || strings.ContainsRune("-_.,:/’–—«»°", r) {
			return r
		}
		return ' '
	}, strings.ToValidUTF8(j.Title, " "))
	title := []rune(strings.TrimLeft(strings.Join(strings.Fields(harmless), " "), "-"))
	title = title[:min(len(title), maxLength)]
	if len(title) == 0 {
		return "Document"
	}
	return string(title)
}
