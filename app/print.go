package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"time"

	"guichet/data"
	"guichet/data/store"
	"guichet/letters"
	"guichet/letters/printing"
)

// printInterval is how often a print job is asked how far it is.
const printInterval = 500 * time.Millisecond

// PrintOrder says what of a batch is printed, and how.
type PrintOrder struct {
	Printer string
	Tray    string // empty: the printer chooses
	Copies  int    // 0 for 1
	// First and Last are the sheets, from 1; both 0 for all.
	First, Last int
	// FrontsOnly leaves the backs of a duplex batch out.
	FrontsOnly bool
}

// Print hands sheets of a batch, that is composed or already printed, to a
// printer, displaced by the printer's offset, and follows the jobs until they
// have ended: one job a spool file. The same codes are printed: this is also
// how pages lost to a jam are printed again, until the batch is posted. report,
// which may be nil, is called as a job goes on. When ctx ends, the job under
// way is cancelled.
//
// No job's end proves that good sheets came out: the batch is printed once
// somebody who saw them says so, by MarkPrinted. Mail room.
func (a *App) Print(ctx context.Context, number string, order PrintOrder, report func(data.PrintJob)) ([]data.PrintJob, error) {
	operator, err := allow(ctx, "Print")
	if err != nil {
		return nil, err
	}
	batch, err := a.spooledBatch(ctx, number)
	if err != nil {
		return nil, err
	}
	if order, err = order.within(batch); err != nil {
		return nil, refined(err)
	}
	settings, err := a.Settings(ctx)
	if err != nil {
		return nil, err
	}
	run := &printRun{app: a, operator: operator, batch: batch, order: order, offset: settings.OffsetOf(order.Printer), report: report}
	for n := range batch.Files {
		first, last := n*fileLetters+1, min((n+1)*fileLetters, batch.Letters)
		first, last = max(first, order.First), min(last, order.Last)
		if first > last {
			continue
		}
		if err := run.print(ctx, n, first, last); err != nil {
			return run.jobs, err
		}
		if state := run.jobs[len(run.jobs)-1].State; state == data.PrintFailed || state == data.PrintCancelled {
			break // whoever stopped it does not want the next file
		}
	}
	return run.jobs, nil
}

// within completes an order and checks it against the batch.
func (o PrintOrder) within(batch data.Batch) (PrintOrder, error) {
	if o.First == 0 && o.Last == 0 {
		o.First, o.Last = 1, batch.Letters
	}
	o.Copies = max(o.Copies, 1)
	var problems data.Problems
	problems.Require("printer", o.Printer)
	if o.First < 1 || o.Last < o.First || o.Last > batch.Letters {
		problems.Add("range", "Le lot {{.Number}} a les feuilles 1 à {{.Last}}", data.Values{"Number": batch.Number, "Last": batch.Letters})
	}
	if o.Copies > 99 {
		problems.Add("copies", "De 1 à 99 exemplaires", nil)
	}
	return o, problems.Err()
}

// printRun is an order being carried out.
type printRun struct {
	app      *App
	operator data.Operator
	batch    data.Batch
	order    PrintOrder
	offset   data.PrinterOffset
	report   func(data.PrintJob)
	jobs     []data.PrintJob
}

// print prints sheets first to last, which all stand in the n-th file.
func (r *printRun) print(ctx context.Context, n, first, last int) error {
	job := data.PrintJob{
		BatchID: r.batch.ID, Printer: r.order.Printer, First: first, Last: last, Copies: r.order.Copies,
		State: data.PrintSending, Operator: r.operator.Login, CreatedAt: r.app.Now(),
	}
	if err := r.app.update(ctx, r.operator, func(c *change) error { return c.beginPrint(r.batch, &job) }); err != nil {
		return err
	}
	r.jobs = append(r.jobs, job)
	file, err := r.app.displaced(r.app.spoolFiles(r.batch)[n], job.ID, r.offset)
	var id printing.ID
	if err == nil {
		id, err = printing.Print(ctx, printing.Job{
			Printer: job.Printer, File: file, Title: r.batch.Number, Copies: job.Copies, Tray: r.order.Tray,
			Duplex: r.batch.Duplex && !r.order.FrontsOnly, Pages: r.pages(first-n*fileLetters, last-n*fileLetters),
		})
	}
	if err != nil {
		job.State, job.Reason = data.PrintFailed, ""
		return errors.Join(printRefusal(err), r.moved(ctx, job), removeDisplaced(file))
	}
	if runtime.GOOS != "windows" { // elsewhere the system now has a copy of its own
		err = removeDisplaced(file)
	}
	job.Job, job.State = string(id), data.PrintRunning
	if err = errors.Join(err, r.moved(ctx, job)); err == nil {
		_, err = r.app.spooledBatch(context.WithoutCancel(ctx), r.batch.Number) // closed before this was known?
	}
	if err != nil { // who is told so prints again
		return errors.Join(err, cancelPrint(ctx, id))
	}
	status, err := printing.Follow(ctx, id, printInterval, func(status printing.Status) {
		job.State, job.Reason = printState(status), status.Reason
		if !job.State.Ended() && r.report != nil {
			r.report(job)
		}
	})
	switch {
	case errors.Is(err, context.Canceled):
		job.State = data.PrintCancelled
		err = errors.Join(err, cancelPrint(ctx, id))
		if status, unknown := printing.Ask(context.WithoutCancel(ctx), id); unknown == nil && status.State == printing.Completed {
			job.State = data.PrintDone // it was faster
		}
	case errors.Is(err, printing.ErrUnknownJob):
		job.State, err = data.PrintUnknown, nil
	case err == nil:
		job = asked(job, status, r.sides(job))
	}
	return errors.Join(printRefusal(err), r.moved(ctx, job))
}

// asked is a job as the printing system tells; one that printed fewer sides
// than ordered is not done.
func asked(job data.PrintJob, status printing.Status, sides int) data.PrintJob {
	job.State, job.Reason = printState(status), status.Reason
	if job.State == data.PrintDone && status.Pages > 0 && status.Pages < sides {
		job.State, job.Reason = data.PrintFailed, fmt.Sprintf("%d/%d", status.Pages, sides)
	}
	return job
}

// sides is how many sides a job prints.
func (r *printRun) sides(job data.PrintJob) int {
	sides := (job.Last - job.First + 1) * job.Copies
	if !r.order.FrontsOnly {
		sides *= r.batch.PagesPerLetter()
	}
	return sides
}

// pages are the file's pages that bear sheets first to last of the file.
func (r *printRun) pages(first, last int) []printing.Range {
	perLetter := r.batch.PagesPerLetter()
	if !r.order.FrontsOnly || perLetter == 1 {
		return []printing.Range{{First: (first-1)*perLetter + 1, Last: last * perLetter}}
	}
	var fronts []printing.Range
	for sheet := first; sheet <= last; sheet++ {
		page := (sheet-1)*perLetter + 1
		fronts = append(fronts, printing.Range{First: page, Last: page})
	}
	return fronts
}

// moved keeps how far a job came, whatever happened to ctx meanwhile.
func (r *printRun) moved(ctx context.Context, job data.PrintJob) error {
	if job.State.Ended() {
		job.EndedAt = r.app.Now()
	}
	r.jobs[len(r.jobs)-1] = job
	err := r.app.update(context.WithoutCancel(ctx), r.operator, func(c *change) error { return c.UpdatePrintJob(job) })
	if r.report != nil {
		r.report(job)
	}
	return err
}

// beginPrint records that sheets, and so codes, go to a printer, before they do.
func (c *change) beginPrint(batch data.Batch, job *data.PrintJob) error {
	now, err := c.Batch(batch.Number)
	switch {
	case err != nil:
		return err
	case !now.Spooled():
		return refuse(Conflict, "Le lot {{.Number}} est déjà clos", data.Values{"Number": batch.Number})
	}
	return errors.Join(c.AddPrintJob(job), c.audit("batch.send", "batch", batch.ID, nil, map[string]any{
		"number": batch.Number, "printer": job.Printer, "sheets": fmt.Sprintf("%d-%d", job.First, job.Last), "copies": job.Copies,
	}))
}

// displaced is a spool file with its pages displaced for a printer: itself when
// nothing is displaced, a copy in the spool otherwise.
func (a *App) displaced(path string, job int64, offset data.PrinterOffset) (string, error) {
	if offset.DX == 0 && offset.DY == 0 {
		return path, nil
	}
	from, err := os.Open(path) // #nosec G304 -- the register’s own file, or one that its user chose
	if err != nil {
		return "", err
	}
	defer from.Close()
	name := fmt.Sprintf("%s.%d%s", path, job, displacedSuffix)
	to, err := os.OpenFile(name, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600) // #nosec G304 -- the register’s own file, or one that its user chose
	if err != nil {
		return "", err
	}
	return name, errors.Join(letters.Shift(to, from, offset.DX, offset.DY), to.Close())
}

const displacedSuffix = ".print.pdf"

// removeDisplaced removes what displaced made.
func removeDisplaced(path string) error {
	if !strings.HasSuffix(path, displacedSuffix) {
		return nil
	}
	return removeAll([]string{path})
}

// cancelPrint takes a job back from its printer; one that has just ended is no
// error.
func cancelPrint(ctx context.Context, id printing.ID) error {
	err := printing.Cancel(context.WithoutCancel(ctx), id)
	if errors.Is(err, printing.ErrUnknownJob) {
		return nil
	}
	return err
}

// cancelPrints takes back what of a batch just closed still waits at a printer:
// those sheets must not come out any more.
func (a *App) cancelPrints(ctx context.Context, batch data.Batch) error {
	var jobs []data.PrintJob
	err := a.view(ctx, func(tx *store.Tx) (err error) {
		jobs, err = tx.PrintJobs(batch.ID)
		return err
	})
	for _, job := range jobs {
		if job.State.Ended() || job.Job == "" {
			continue
		}
		if failure := cancelPrint(ctx, printing.ID(job.Job)); failure != nil {
			err = errors.Join(err, &Error{
				Kind: Unavailable, Message: "Le lot {{.Number}} est clos, mais son impression {{.Job}} n’a pas pu être annulée : annulez-la à l’imprimante",
				Values: data.Values{"Number": batch.Number, "Job": job.Job}, cause: failure,
			})
		}
	}
	return err
}

// PrintJobs are the print jobs of a batch, newest first; what the printing
// system says of those that an interrupted Guichet did not follow to their end
// is asked for and kept. Mail room.
func (a *App) PrintJobs(ctx context.Context, number string) (jobs []data.PrintJob, err error) {
	operator, err := allow(ctx, "PrintJobs")
	if err != nil {
		return nil, err
	}
	var batch data.Batch
	err = a.view(ctx, func(tx *store.Tx) (err error) {
		if batch, err = tx.Batch(number); err == nil {
			jobs, err = tx.PrintJobs(batch.ID)
		}
		return err
	})
	if err != nil || !a.here(batch) { // another workstation's printing system knows of them
		return jobs, err
	}
	for i, job := range jobs {
		if job.State.Ended() {
			continue
		}
		if job = a.askedAgain(ctx, job); job.State == jobs[i].State {
			continue
		}
		if job.State.Ended() {
			job.EndedAt = a.Now()
		}
		jobs[i] = job
		if err := a.update(ctx, operator, func(c *change) error { return c.UpdatePrintJob(job) }); err != nil {
			return nil, err
		}
	}
	return jobs, nil
}

// askedAgain is a job that was left to itself as it stands now; as it was while
// the printing system does not answer.
func (a *App) askedAgain(ctx context.Context, job data.PrintJob) data.PrintJob {
	if job.Job == "" {
		if a.Now().Sub(job.CreatedAt) > time.Minute {
			job.State = data.PrintUnknown // whether it was taken is not known
		}
		return job
	}
	status, err := printing.Ask(ctx, printing.ID(job.Job))
	switch {
	case errors.Is(err, printing.ErrUnknownJob):
		job.State = data.PrintUnknown // whether it was printed is not known
	case err == nil:
		job = asked(job, status, (job.Last-job.First+1)*job.Copies)
	}
	return job
}

// printState is a status in the register's words. Only what certainly went
// through counts as done.
func printState(status printing.Status) data.PrintState {
	switch status.State {
	case printing.Pending, printing.Processing:
		return data.PrintRunning
	case printing.Held, printing.Stopped:
		return data.PrintStopped
	case printing.Completed:
		return data.PrintDone
	case printing.Cancelled:
		return data.PrintCancelled
	case printing.Aborted:
		return data.PrintFailed
	}
	return data.PrintUnknown
}

// FindSheet is the sheet of a batch that a clerk names by its number, "12", or
// by its letter's reference, as scanned or typed. Mail room.
func (a *App) FindSheet(ctx context.Context, number, typed string) (sheet int, err error) {
	if _, err := allow(ctx, "FindSheet"); err != nil {
		return 0, err
	}
	batch, err := a.spooledBatch(ctx, number)
	if err != nil {
		return 0, err
	}
	if sheet, err := strconv.Atoi(strings.TrimSpace(typed)); err == nil && sheet >= 1 && sheet <= batch.Letters {
		return sheet, nil
	}
	if reference, err := data.ScannedReference(typed); err == nil {
		err = a.view(ctx, func(tx *store.Tx) error {
			file, err := tx.LetterByReference(reference)
			if err == nil && file.BatchID == batch.ID {
				sheet = file.Sheet
			}
			return err
		})
		if sheet > 0 || (err != nil && KindOf(err) != NotFound) {
			return sheet, err
		}
	}
	return 0, refuse(Invalid, "Ce n’est pas une feuille du lot : un numéro de 1 à {{.Last}}, ou la référence d’une de ses lettres", // not as typed: it may be a code
		data.Values{"Last": batch.Letters})
}
