package app

import (
	"context"
	"testing"

	"guichet/data"
	"guichet/letters/printing"
	"guichet/letters/printing/printingtest"
)

// listening has a workstation hear the others until the test ends; it returns once
// it does.
func listening(t *testing.T, a *App, as context.Context) (heard chan Change) {
	t.Helper()
	ctx, cancel := context.WithCancel(as)
	heard = make(chan Change, 100)
	ended := make(chan error)
	go func() { ended <- a.WatchChanges(ctx, func(h Hearing) { heard <- h.Change }) }()
	t.Cleanup(func() { cancel(); <-ended })
	return heard
}

// hear waits for a change.
func hear(t *testing.T, heard chan Change, action string) {
	t.Helper()
	for change := range heard {
		if change.Action == action {
			return
		}
	}
}

// TestABatchClosedElsewhere: the workstation that has its sheets takes them back,
// from the printer and from the disk; the other one touches no printer.
func TestABatchClosedElsewhere(t *testing.T) {
	printingtest.CUPS(t)
	d := sharedDesk(t)
	other := d.workstation()
	batch, _ := d.batchOf(1)
	heard := listening(t, d.App, d.mailRoom)
	d.untilHeard(other, heard)
	id, err := printing.Print(d.nobody, printing.Job{Printer: printingtest.Paused, File: d.spoolFiles(batch)[0], Title: batch.Number, Copies: 1})
	d.done(err)
	d.done(d.update(d.nobody, guichet, func(c *change) error {
		return c.AddPrintJob(&data.PrintJob{
			BatchID: batch.ID, Printer: printingtest.Paused, Job: string(id), First: 1, Last: 1, Copies: 1, State: data.PrintRunning, CreatedAt: c.now,
		})
	}))
	jobs, err := other.PrintJobs(d.mailRoom, batch.Number)
	if err != nil || len(jobs) != 1 || jobs[0].State != data.PrintRunning {
		t.Errorf("another workstation asked its own printers: %+v, %v", jobs, err)
	}
	d.done(other.closeSpool(d.mailRoom, batch)) // the same number may be another job there
	if status, err := printing.Ask(d.nobody, id); err != nil || status.State == printing.Cancelled {
		t.Errorf("another workstation cancelled the job: %+v, %v", status, err)
	}
	d.done(other.CancelBatch(d.mailRoom, batch.Number))
	hear(t, heard, "batch.cancel")
	if status, err := printing.Ask(d.nobody, id); err != nil || status.State != printing.Cancelled {
		t.Errorf("its sheets still come out: %+v, %v", status, err)
	}
	if names := d.spoolNames(); len(names) != 0 {
		t.Errorf("the spool keeps %v", names)
	}
}

// TestABatchClosedWhileAsleep: a workstation that did not hear of it tidies up when
// it listens again.
func TestABatchClosedWhileAsleep(t *testing.T) {
	d := sharedDesk(t)
	other := d.workstation()
	posted, _ := d.batchOf(1)
	d.done(other.MarkPrinted(d.mailRoom, posted.Number))
	d.done(other.MarkPosted(d.mailRoom, posted.Number, d.clock))
	d.register(d.organisation("Commune d'Albé"), "b@c.fr", false)
	open, _ := d.compose()
	d.untilHeard(other, listening(t, d.App, d.mailRoom))
	if names := d.spoolNames(); len(names) != 1 || names[0] != open.FileName(1) {
		t.Errorf("the spool holds %v", names)
	}
}

// TestSheetsThatTheRegisterDoesNotKnowOf are taken back: who is told that printing
// failed prints again.
func TestSheetsThatTheRegisterDoesNotKnowOf(t *testing.T) {
	withoutLog(t)
	printingtest.CUPS(t)
	d, line := cutDesk(t)
	batch, _ := d.batchOf(1)
	var job data.PrintJob
	for n := 1; job.Job == ""; n++ { // until the cut comes once the printer has the sheets
		line.CutAt(n, false)
		_, err := d.Print(d.mailRoom, batch.Number, PrintOrder{Printer: printingtest.Paused}, func(reported data.PrintJob) { job = reported })
		d.refused(Unavailable, err)
	}
	if status, err := printing.Ask(d.nobody, printing.ID(job.Job)); err != nil || status.State != printing.Cancelled {
		t.Errorf("the job is %+v, %v", status, err)
	}
}
