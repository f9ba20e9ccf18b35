package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"guichet/data"
	"guichet/letters/printing/printingtest"
)

// batchOf composes a batch of n letters and returns it with its references by
// sheet.
func (d *desk) batchOf(n int) (data.Batch, []string) {
	d.t.Helper()
	for i := range n {
		d.register(d.organisation(fmt.Sprintf("Commune %d", i)), fmt.Sprintf("a%d@b.fr", i), true)
	}
	batch, _ := d.compose()
	references := make([]string, n)
	files, err := d.Letters(d.mailRoom, data.LetterFilter{State: data.Composed})
	d.done(err)
	for _, file := range files {
		references[file.Sheet-1] = file.Reference
	}
	return batch, references
}

// TestPrintedBatch: what comes out of a real CUPS has the batch's sheets, codes
// and all, one-sided; ranges and copies as asked; and nothing stays behind.
func TestPrintedBatch(t *testing.T) {
	cups := printingtest.CUPS(t)
	d := openDesk(t)
	batch, references := d.batchOf(5)
	codes := d.codes.drawn

	var reported []data.PrintState
	jobs, err := d.Print(d.mailRoom, batch.Number, PrintOrder{Printer: printingtest.Office}, func(job data.PrintJob) {
		reported = append(reported, job.State)
	})
	d.done(err)
	if len(jobs) != 1 || jobs[0].State != data.PrintDone || jobs[0].First != 1 || jobs[0].Last != 5 || reported[len(reported)-1] != data.PrintDone {
		t.Errorf("jobs %+v, reported %v", jobs, reported)
	}
	_, err = d.Print(d.mailRoom, batch.Number, PrintOrder{Printer: printingtest.Office, First: 2, Last: 3, Copies: 2, Tray: "Tray2"}, nil)
	d.done(err)
	printed := cups.Printed(t)
	if len(printed) != 2 || printed[0].Option("sides") != "one-sided" || printed[0].Title != batch.Number {
		t.Fatalf("%d documents, options %q", len(printed), printed[0].Options)
	}
	pages := printed[0].Pages(t)
	for i, reference := range references {
		for _, text := range []string{reference, codes[i][0], codes[i][1], "Commune"} {
			if !strings.Contains(pages[i], text) {
				t.Errorf("page %d lacks %s", i+1, text[:3])
			}
		}
	}
	again := printed[1].Pages(t)
	if len(again) != 4 || !strings.Contains(again[0], codes[1][0]) || !strings.Contains(again[3], codes[2][1]) {
		t.Errorf("a range of 2 sheets in 2 copies gave %d pages", len(again))
	}
	if state := d.batch(batch.Number).State; state != data.BatchComposed {
		t.Errorf("%s: nobody has seen the sheets yet", state)
	}
	kept, err := d.PrintJobs(d.mailRoom, batch.Number)
	if err != nil || len(kept) != 2 || kept[0].Copies != 2 || kept[1].State != data.PrintDone || kept[1].Operator != "courrier" {
		t.Errorf("kept %+v, %v", kept, err)
	}
	d.done(d.MarkPrinted(d.mailRoom, batch.Number))
	_, err = d.Print(d.mailRoom, batch.Number, PrintOrder{Printer: printingtest.Office, First: 5, Last: 5}, nil) // jammed after all
	d.done(err)
	d.done(d.MarkPosted(d.mailRoom, batch.Number, d.clock))
	_, err = d.Print(d.mailRoom, batch.Number, PrintOrder{Printer: printingtest.Office}, nil)
	d.refused(Conflict, err)
}

func (d *desk) batch(number string) data.Batch {
	d.t.Helper()
	batches, err := d.Batches(d.mailRoom)
	d.done(err)
	for _, batch := range batches {
		if batch.Number == number {
			return batch
		}
	}
	d.t.Fatalf("no batch %s", number)
	return data.Batch{}
}

// TestPrintNotDone: a job that was cancelled, failed, or came out of no printer
// is not taken for a printed one.
func TestPrintNotDone(t *testing.T) {
	printingtest.CUPS(t)
	d := openDesk(t)
	batch, _ := d.batchOf(1)
	jobs, err := d.Print(d.mailRoom, batch.Number, PrintOrder{Printer: printingtest.Failing}, nil)
	if err != nil || jobs[0].State != data.PrintFailed {
		t.Errorf("failing printer: %+v, %v", jobs, err)
	}
	ctx, cancel := context.WithCancel(d.mailRoom)
	jobs, err = d.Print(ctx, batch.Number, PrintOrder{Printer: printingtest.Waiting}, func(job data.PrintJob) {
		if job.State == data.PrintRunning {
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) || jobs[0].State != data.PrintCancelled {
		t.Errorf("cancelled: %+v, %v", jobs, err)
	}
	for order, kind := range map[PrintOrder]Kind{
		{Printer: "aucune"}: NotFound,
		{}:                  Invalid,
		{Printer: printingtest.Office, First: 2, Last: 2}: Invalid,
		{Printer: printingtest.Office, Copies: 100}:       Invalid,
		{Printer: printingtest.Office, Tray: "Plafond"}:   Invalid,
		{Printer: printingtest.Closed}:                    Unavailable,
	} {
		if _, err := d.Print(d.mailRoom, batch.Number, order, nil); KindOf(err) != kind {
			t.Errorf("%+v: %v, want %s", order, err, kind)
		}
	}
	_, err = d.Print(d.helpDesk, batch.Number, PrintOrder{Printer: printingtest.Office}, nil)
	d.refused(Forbidden, err)
}

// TestPrintIsDisplaced by the printer's offset, on a copy that goes away.
func TestPrintIsDisplaced(t *testing.T) {
	cups := printingtest.CUPS(t)
	d := openDesk(t)
	batch, _ := d.batchOf(1)
	d.refused(Invalid, d.SetPrinterOffset(d.mailRoom, data.PrinterOffset{Printer: printingtest.Office, DX: 21}))
	d.done(d.SetPrinterOffset(d.mailRoom, data.PrinterOffset{Printer: printingtest.Office, DX: 1.5, DY: -2}))
	_, err := d.Print(d.mailRoom, batch.Number, PrintOrder{Printer: printingtest.Office}, nil)
	d.done(err)
	spool, err := os.ReadFile(filepath.Join(d.spoolFolder(), batch.FileName(1)))
	d.done(err)
	if names := d.spoolNames(); len(names) != 1 {
		t.Errorf("the spool keeps %v", names)
	}
	original := filepath.Join(t.TempDir(), "spool.pdf")
	d.done(os.WriteFile(original, spool, 0o600))
	before, after := wordAt(t, original, "ACHENHEIM"), wordAt(t, cups.Printed(t)[0].File, "ACHENHEIM")
	if dx, dy := after[0]-before[0], after[1]-before[1]; dx < 1.4 || dx > 1.6 || dy < -2.1 || dy > -1.9 {
		t.Errorf("displaced by %.2f, %.2f mm", dx, dy)
	}
	d.done(d.PrintCalibration(d.mailRoom, printingtest.Office, ""))
	d.refused(Forbidden, d.PrintCalibration(d.helpDesk, printingtest.Office, ""))
}

// TestPrintJobsOfAnInterruptedGuichet are asked for when it is back.
func TestPrintJobsOfAnInterruptedGuichet(t *testing.T) {
	cups := printingtest.CUPS(t)
	d := openDesk(t)
	batch, _ := d.batchOf(1)
	ctx, cancel := context.WithCancel(d.mailRoom)
	defer cancel()
	_, err := d.Print(ctx, batch.Number, PrintOrder{Printer: printingtest.Office}, nil)
	d.done(err)
	// As a crash leaves the record: the job ended, nobody wrote it down.
	d.done(d.update(d.mailRoom, data.Operator{}, func(c *change) error {
		jobs, err := c.PrintJobs(batch.ID)
		if err != nil {
			return err
		}
		jobs[0].State = data.PrintRunning
		return c.UpdatePrintJob(jobs[0])
	}))
	jobs, err := d.PrintJobs(d.mailRoom, batch.Number)
	if err != nil || jobs[0].State != data.PrintDone {
		t.Errorf("%+v, %v", jobs, err)
	}
	if len(cups.Printed(t)) != 1 {
		t.Error("asking printed again")
	}
}

// TestFindSheet by number or reference.
func TestFindSheet(t *testing.T) {
	d := openDesk(t)
	batch, references := d.batchOf(2)
	for typed, want := range map[string]int{"2": 2, " 1": 1, references[1]: 2, references[0] + " 1/1": 1} {
		if sheet, err := d.FindSheet(d.mailRoom, batch.Number, typed); err != nil || sheet != want {
			t.Errorf("%q: %d, %v", typed, sheet, err)
		}
	}
	for _, typed := range []string{"", "0", "3", "K7PW-3XQ9", data.LetterReference(2026, 99)} {
		_, err := d.FindSheet(d.mailRoom, batch.Number, typed)
		d.refused(Invalid, err)
	}
}

var boxes = regexp.MustCompile(`<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="[\d.]+" yMax="[\d.]+">(.*?)</word>`)

// wordAt is where a word of a PDF's first page begins, in millimetres.
func wordAt(t *testing.T, pdf, word string) (at [2]float64) {
	t.Helper()
	out, err := exec.Command("pdftotext", "-bbox", "-l", "1", pdf, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, found := range boxes.FindAllStringSubmatch(string(out), -1) {
		if found[3] != word {
			continue
		}
		for i := range at {
			points, err := strconv.ParseFloat(found[i+1], 64)
			if err != nil {
				t.Fatal(err)
			}
			at[i] = points * 25.4 / 72
		}
		return at
	}
	t.Fatalf("%s is not on the page", word)
	return at
}
