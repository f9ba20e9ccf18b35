//go:build !windows

package printing

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

func submit(ctx context.Context, job Job, pages int) (ID, error) {
	if err := job.checkPrinter(ctx); err != nil {
		return "", err
	}
	arguments, err := job.arguments(pages)
	if err != nil {
		return "", err
	}
	// From here on ctx does not stop it, so that no job is left whose ID
	// nobody knows.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), handOverPatience)
	defer cancel()
	out, err := cups(ctx, "lp", arguments...)
	if err != nil {
		return "", submitError(job.Printer, err)
	}
	match := requestLine.FindStringSubmatch(out)
	if match == nil {
		return "", fmt.Errorf("lp gave no job: %q", out)
	}
	return ID(match[1]), nil
}

// handOverPatience is how long a file may take to CUPS, maybe on another
// machine.
const handOverPatience = 2 * time.Minute

var requestLine = regexp.MustCompile(`request id is (\S+-\d+) `)

// checkPrinter returns why this printer cannot print the job.
func (j Job) checkPrinter(ctx context.Context) error {
	known, err := queues(ctx)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(known, func(p Printer) bool { return p.Name == j.Printer })
	if i < 0 {
		return fmt.Errorf("%w: %q", ErrUnknownPrinter, j.Printer)
	}
	printer := known[i]
	server, err := server(ctx)
	if err != nil {
		return err
	}
	if err := printer.addOptions(ctx, server); err != nil {
		return err
	}
	switch {
	case printer.Reason == NoDriver:
		return fmt.Errorf("%w: %s: %s", ErrUnsupported, j.Printer, NoDriver)
	case !printer.Accepting:
		return fmt.Errorf("%w: %s: %s", ErrNotAccepting, j.Printer, printer.Reason)
	case j.Duplex && !printer.Duplex:
		return fmt.Errorf("%w: %s", ErrOneSided, j.Printer)
	case j.Tray != "" && !slices.ContainsFunc(printer.Trays, func(t Tray) bool { return t.Value == j.Tray }):
		return fmt.Errorf("%w: %s: %q", ErrUnknownTray, j.Printer, j.Tray)
	}
	return nil
}

// arguments are lp's. Every option that would change which page lands where is
// given, for the user or the queue may have another default: two people's
// letters on one sheet, or a shrunk page whose address misses the window.
func (j Job) arguments(pages int) ([]string, error) {
	file, err := filepath.Abs(j.File)
	if err != nil {
		return nil, err
	}
	sides, duplex := "one-sided", "None"
	if j.Duplex {
		sides, duplex = "two-sided-long-edge", "DuplexNoTumble"
	}
	arguments := []string{
		"-d", j.Printer, "-t", j.title(), "-n", strconv.Itoa(j.Copies),
		"-o", "sides=" + sides, "-o", "Duplex=" + duplex, // the driver's own name for it would win over sides
		"-o", "media=A4", "-o", "print-scaling=none", "-o", "number-up=1",
		"-o", "page-set=all", "-o", "job-sheets=none", "-o", "collate=true",
	}
	if j.Tray != "" {
		arguments = append(arguments, "-o", "InputSlot="+j.Tray)
	}
	return append(arguments, "-P", ranges(j.Pages, pages), "--", file), nil
}

// ranges writes page ranges as lp takes them; all pages as a range too, for
// the user may have another default.
func ranges(pages []Range, all int) string {
	if len(pages) == 0 {
		return Range{1, all}.String()
	}
	var b []string
	for _, r := range pages {
		b = append(b, r.String())
	}
	return strings.Join(b, ",")
}

// submitError tells what lp's complaint means.
func submitError(printer string, err error) error {
	switch text := err.Error(); {
	case errors.Is(err, ErrNoPrinting):
		return err
	case strings.Contains(text, "does not exist"):
		return fmt.Errorf("%w: %q: %w", ErrUnknownPrinter, printer, err)
	case strings.Contains(text, "not accepting jobs"):
		return fmt.Errorf("%w: %s: %w", ErrNotAccepting, printer, err)
	}
	return err
}

// split gives the printer and the number of a job.
func (id ID) split() (printer string, number int, err error) {
	i := strings.LastIndexByte(string(id), '-')
	if i > 0 {
		printer = string(id)[:i]
		number, err = strconv.Atoi(string(id)[i+1:])
	}
	if i <= 0 || id[0] == '-' || err != nil || number < 1 {
		return "", 0, fmt.Errorf("%w: %q", ErrUnknownJob, string(id))
	}
	return printer, number, nil
}

// Values of job-state and printer-state (RFC 8011, 5.3.7 and 5.4.11).
const (
	jobPending        = 3
	jobHeld           = 4
	jobProcessing     = 5
	jobStopped        = 6
	jobCancelled      = 7
	jobAborted        = 8
	jobCompleted      = 9
	printerIsStopped  = 5
	completedWithFlaw = "job-completed-with-errors"
)

var states = map[int]State{
	jobPending: Pending, jobHeld: Held, jobProcessing: Processing, jobStopped: Stopped,
	jobCancelled: Cancelled, jobAborted: Aborted, jobCompleted: Completed,
}

func status(ctx context.Context, id ID) (Status, error) {
	printer, number, err := id.split()
	if err != nil {
		return Status{}, err
	}
	server, err := server(ctx)
	if err != nil {
		return Status{}, err
	}
	job, err := server.attributes(
		ctx, getJobAttributes, "/jobs/"+strconv.Itoa(number),
		"job-state", "job-state-reasons", "job-impressions-completed", "job-printer-uri",
		"job-printer-state-reasons", "job-printer-state-message",
	)
	// Numbers begin anew when CUPS is installed anew: this may be another's.
	if errors.Is(err, errNotFound) || err == nil && printerOf(job) != printer {
		return Status{}, fmt.Errorf("%w: %s", ErrUnknownJob, id)
	} else if err != nil {
		return Status{}, err
	}
	current, err := readStatus(job)
	if err != nil || current.State != Pending {
		return current, err
	}
	queue, err := server.attributes(
		ctx, getPrinterAttributes, "/printers/"+url.PathEscape(printer),
		"printer-state", "printer-state-reasons", "printer-state-message",
	)
	switch {
	case errors.Is(err, errNotFound):
		return current, nil // a class, or a queue that goes away when it is idle
	case err != nil:
		return Status{}, err
	case queue.number("printer-state") == printerIsStopped:
		current.State = Stopped
		current.Reason = reasons(queue.texts("printer-state-reasons"))
		current.Message = queue.text("printer-state-message")
	}
	return current, nil
}

// printerOf is the name of the printer that a job is for.
func printerOf(job attributes) string {
	uri, err := url.Parse(job.text("job-printer-uri"))
	if err != nil {
		return ""
	}
	return path.Base(uri.Path)
}

// readStatus reads a job's attributes.
func readStatus(job attributes) (Status, error) {
	state, known := states[job.number("job-state")]
	if !known {
		return Status{}, fmt.Errorf("CUPS: job-state %d", job.number("job-state"))
	}
	why := job.texts("job-state-reasons")
	current := Status{
		State:   state,
		Message: job.text("job-printer-state-message"),
		Pages:   job.number("job-impressions-completed"),
	}
	switch {
	case state == Completed && slices.Contains(why, completedWithFlaw):
		current.State = Aborted
	case state == Completed && current.Pages == 0:
		current.State = Uncounted
	case !state.Final():
		why = append(why, job.texts("job-printer-state-reasons")...)
	}
	current.Reason = reasons(why)
	return current, nil
}

// reasons joins keywords, without those that give none: CUPS leaves
// "processing-to-stop-point" on jobs that ended well.
func reasons(keywords []string) string {
	keywords = slices.DeleteFunc(keywords, func(keyword string) bool {
		return keyword == "none" || keyword == "processing-to-stop-point"
	})
	return strings.Join(slices.Compact(keywords), ", ")
}

func cancel(ctx context.Context, id ID) error {
	current, err := status(ctx, id) // also that the job is this printer's: CUPS looks at the number only
	if err != nil {
		return err
	}
	if current.State.Final() {
		return fmt.Errorf("%w: %s: %s", ErrUnknownJob, id, current.State)
	}
	_, err = cups(ctx, "cancel", string(id))
	if err == nil || ctx.Err() != nil {
		return err
	}
	// It may have ended in between.
	if current, again := status(ctx, id); again == nil && current.State.Final() {
		return fmt.Errorf("%w: %s: %s", ErrUnknownJob, id, current.State)
	}
	return err
}
