package app

import (
	"context"
	"strings"
	"testing"

	"guichet/data"
	"guichet/letters/printing"
	"guichet/letters/printing/printingtest"
)

// TestClosedBatchLeavesNoPrint: cancelling a batch while its displaced copy
// waits at a printer takes the job back and leaves nothing in the spool.
func TestClosedBatchLeavesNoPrint(t *testing.T) {
	printingtest.CUPS(t)
	d := openDesk(t)
	batch, _ := d.batchOf(1)
	d.done(d.SetPrinterOffset(d.mailRoom, data.PrinterOffset{Printer: printingtest.Waiting, DX: 1}))
	ctx, cancel := context.WithCancel(d.mailRoom)
	defer cancel()
	var id string
	_, err := d.Print(ctx, batch.Number, PrintOrder{Printer: printingtest.Waiting}, func(job data.PrintJob) { // Conflict: the batch is closed
		if id == "" && job.State == data.PrintRunning {
			id = job.Job
			d.done(d.CancelBatch(d.mailRoom, batch.Number))
			if names := d.spoolNames(); len(names) != 0 {
				t.Errorf("the spool keeps %v", names)
			}
		}
	})
	d.refused(Conflict, err)
	if status, err := printing.Ask(context.Background(), printing.ID(id)); err != nil || status.State != printing.Cancelled {
		t.Errorf("the job of a cancelled batch: %+v, %v", status, err)
	}
}

// TestFailedPrintStopsThere: the next file does not follow.
func TestFailedPrintStopsThere(t *testing.T) {
	printingtest.CUPS(t)
	a, ctx := benchDesk(t, fileLetters+1)
	batch, err := a.Compose(ctx, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	jobs, err := a.Print(ctx, batch.Number, PrintOrder{Printer: printingtest.Failing}, nil)
	if err != nil || len(jobs) != 1 || jobs[0].State != data.PrintFailed {
		t.Errorf("%+v, %v", jobs, err)
	}
}

// TestUndoReturnOfAClosedRequest would revive codes that nothing waits for.
func TestUndoReturnOfAClosedRequest(t *testing.T) {
	d := openDesk(t)
	o := d.organisation("Commune d'Achenheim")
	made := d.register(o, "a@b.fr", true)
	d.post()
	done, err := d.ReturnLetter(d.mailRoom, made.Reference, data.Refused)
	d.done(err)
	d.register(o, "b@b.fr", true) // supersedes it (R15)
	d.refused(Conflict, d.UndoReturn(d.mailRoom, done))
	if d.letter(made.Reference).State != data.Returned {
		t.Error("revived")
	}
}

// TestReturnFromAFormerAddress says nothing against the present one.
func TestReturnFromAFormerAddress(t *testing.T) {
	d := openDesk(t)
	o := d.organisation("Commune d'Achenheim")
	made := d.register(o, "a@b.fr", true)
	d.post()
	o.Address.Street = "99 rue du Moulin"
	d.done(d.UpdateOrganisation(d.mailRoom, o))
	done, err := d.ReturnLetter(d.mailRoom, made.Reference, data.BadAddress)
	d.done(err)
	if !done.Letter.Organisation.AddressDoubtedAt.IsZero() {
		t.Error("the mended address is in doubt")
	}
}

// TestElectionsAreNoReissues: what a new representative queues anew replaces
// nothing, and a reissue stays one.
func TestElectionsAreNoReissues(t *testing.T) {
	d := openDesk(t)
	o := d.organisation("Commune d'Achenheim")
	d.register(o, "a@b.fr", true)
	appoint := func() string {
		d.compose()
		d.done(d.AppointRepresentative(d.admin, data.LegalRepresentative{OrganisationID: o.ID, LastName: "Weber", Office: "Maire"}))
		queue, err := d.Queue(d.mailRoom)
		d.done(err)
		return queue[0].Reference
	}
	for range 3 {
		appoint()
	}
	d.post()
	last := d.posted(t)
	_, err := d.ReturnLetter(d.mailRoom, last, data.Refused)
	d.done(err)
	d.done(d.App.AddressChecked(d.mailRoom, o.ID))
	newer, err := d.ReissueLetter(d.mailRoom, last)
	d.done(err)
	if anew := d.letter(appoint()); anew.Replaces != last {
		t.Errorf("%s, queued anew for %s, replaces %q", anew.Reference, newer.Reference, anew.Replaces)
	}
}

func (d *desk) posted(t *testing.T) string {
	t.Helper()
	files, err := d.Letters(d.mailRoom, data.LetterFilter{State: data.Posted})
	d.done(err)
	return files[0].Reference
}

// TestSettingsKeepPrinterOffsets, which the mail room sets meanwhile.
func TestSettingsKeepPrinterOffsets(t *testing.T) {
	d := openDesk(t)
	settings, err := d.Settings(d.admin)
	d.done(err)
	d.done(d.SetPrinterOffset(d.mailRoom, data.PrinterOffset{Printer: "p", DX: 3}))
	settings.Place = "Colmar"
	d.done(d.SaveSettings(d.admin, settings))
	if settings, err = d.Settings(d.admin); err != nil || settings.OffsetOf("p").DX != 3 || settings.Place != "Colmar" {
		t.Errorf("%+v, %v", settings.Printers, err)
	}
}

// TestSettingsChangedWhileComposing: paper and register would differ.
func TestSettingsChangedWhileComposing(t *testing.T) {
	d := openDesk(t)
	d.register(d.organisation("Commune d'Achenheim"), "a@b.fr", true)
	_, err := d.Compose(d.mailRoom, nil, func(int, int) {
		settings, err := d.Settings(d.admin)
		d.done(err)
		settings.CodeValidDays = 10
		d.done(d.SaveSettings(d.admin, settings))
	})
	d.refused(Conflict, err)
	d.compose()
}

// TestFindSheetKeepsSecrets: a code typed in the wrong field is not repeated.
func TestFindSheetKeepsSecrets(t *testing.T) {
	d := openDesk(t)
	batch, _ := d.batchOf(1)
	_, err := d.FindSheet(d.mailRoom, batch.Number, d.codes.drawn[0][0])
	if err == nil || strings.Contains(err.Error(), d.codes.drawn[0][0]) {
		t.Error("the refusal repeats a code")
	}
}
