// Package printing prints a PDF on a printer of the system and tells what
// became of it: with CUPS on Linux and macOS, with the program that the user
// prints PDFs with on Windows (of which only the list of printers was run).
//
// Letters carry secret codes. They go to the printer in the file only: never
// in a title, an argument, an error or a status. CUPS itself keeps its copy of
// the file for a day, readable by the system only; PreserveJobFiles No in its
// cupsd.conf ends that.
package printing

import (
	"context"
	"errors"
	"time"
)

// What the functions of this package refuse with, to be told with errors.Is.
// The errors returned say more, what the print system answered among it.
var (
	ErrNoPrinting     = errors.New("no print system: CUPS is not installed or does not answer")
	ErrUnknownPrinter = errors.New("the print system does not know this printer")
	ErrNotAccepting   = errors.New("this printer takes no job at present")
	ErrUnknownTray    = errors.New("this printer has no such tray")
	ErrOneSided       = errors.New("this printer does not print both sides")
	ErrUnsupported    = errors.New("this print system cannot do that")
	ErrUnknownJob     = errors.New("the print system does not know this job, or forgot it")
	ErrNotPDF         = errors.New("not a PDF whose pages can be counted")
	ErrEmpty          = errors.New("no page to print")
	ErrRange          = errors.New("no such pages in the document")
	ErrCopies         = errors.New("1 to 99 copies can be printed")
)

// Printers lists the printers of the system by name; none is no error. On
// Linux and macOS CUPS_SERVER chooses another CUPS, as it does for its own
// commands. Without a print system it returns ErrNoPrinting.
func Printers(ctx context.Context) ([]Printer, error) { return printers(ctx) }

// Print hands a job to the print system and returns once the system has its
// own copy of the file, which may then be deleted. That is not yet paper:
// Follow tells. Once the file is on its way, the end of ctx does not stop it.
//
// A stopped printer takes jobs and prints them when it is started again; a
// caller that does not want that looks at Printer.Stopped first.
//
// On Windows the program that prints PDFs is asked to: it takes neither page
// ranges, copies, sides nor a tray (ErrUnsupported), prints as the printer's
// defaults say, and may still be reading the file for minutes.
//
// Print refuses with ErrEmpty, ErrNotPDF, ErrRange (a *RangeError), ErrCopies,
// ErrUnknownPrinter, ErrNotAccepting, ErrUnknownTray, ErrOneSided,
// ErrUnsupported (also a printer without a driver) or ErrNoPrinting, and with a
// *fs.PathError when the file cannot be read; nothing is printed then. After
// another error, such as CUPS taking more than two minutes, the job may have
// been taken all the same.
func Print(ctx context.Context, job Job) (ID, error) {
	pages, err := job.check()
	if err != nil {
		return "", err
	}
	return submit(ctx, job, pages)
}

// Follow asks for a job's status at once and then every interval, which must
// be positive, until the status is final, and returns that one. Each status
// that differs from the one before is also handed to report, unless nil. Only
// Completed means that the pages came out, as far as the print system can know.
//
// When ctx ends Follow returns the last status known and ctx's error; the job
// goes on. ErrUnknownJob means that the print system forgot the job: whether
// it was printed is then not known. After another error, such as
// ErrNoPrinting while CUPS restarts, it can be followed again.
func Follow(ctx context.Context, id ID, interval time.Duration, report func(Status)) (Status, error) {
	return follow(ctx, id, interval, report)
}

// Ask asks for a job's status once. ErrUnknownJob means that the print system
// forgot the job.
func Ask(ctx context.Context, id ID) (Status, error) { return status(ctx, id) }

// Cancel cancels a job. Pages that the printer already has still come out.
// ErrUnknownJob means that there is no such job or that it has ended,
// ErrUnsupported that it cannot be cancelled from here (Windows).
func Cancel(ctx context.Context, id ID) error { return cancel(ctx, id) }
