package app

import (
	"strings"
	"testing"

	"guichet/data"
	"guichet/data/store"
	"guichet/data/store/postgrestest"
)

// cutDesk is a desk on a PostgreSQL database behind a line that can be cut.
func cutDesk(t *testing.T) (*desk, *postgrestest.Line) {
	t.Helper()
	line := postgrestest.NewLine(t, postgrestest.Shared(t).Database(t))
	return openDeskAt(t, line.Address()), line
}

// spooledWhole asserts that each batch that is to be printed has its files, and
// that no other batch has any.
func (d *desk) spooledWhole() (batches []data.Batch) {
	d.t.Helper()
	d.done(d.store.View(d.nobody, func(tx *store.Tx) (err error) {
		batches, err = tx.SpooledBatches()
		return err
	}))
	files := 0
	for _, batch := range batches {
		if files += batch.Files; !d.spooled(batch) {
			d.t.Errorf("batch %s has live codes that no paper will carry", batch.Number)
		}
	}
	if names := d.spoolNames(); len(names) != files {
		d.t.Errorf("the spool holds %v, the register %d files", names, files)
	}
	return batches
}

// TestComposingWhenACommitIsNotHeard: whichever COMMIT the line is cut at, a batch
// has its sheets, or there is none.
func TestComposingWhenACommitIsNotHeard(t *testing.T) {
	withoutLog(t)
	for _, delivered := range []bool{true, false} {
		d, line := cutDesk(t)
		d.register(d.organisation("Commune d'Achenheim"), "a@b.fr", false)
		for n := 1; ; n++ {
			line.CutAt(n, delivered)
			d.codes.drawn = nil
			batch, err := d.Compose(d.mailRoom, nil, nil)
			cut := line.Cut()
			line.CutAt(0, false)
			d.spooledWhole()
			if !cut {
				d.done(err)
				break
			}
			if err == nil { // it was heard of in the end
				d.done(d.CancelBatch(d.mailRoom, batch.Number))
				continue
			}
			d.refused(Unavailable, err)
			if n > 20 {
				t.Fatal("it never ends")
			}
		}
	}
}

// TestWhatWasNotHeardIsNotDenied: nobody is told that nothing was saved when it may
// have been.
func TestWhatWasNotHeardIsNotDenied(t *testing.T) {
	withoutLog(t)
	d, line := cutDesk(t)
	o := d.organisation("Commune d'Achenheim")
	for _, delivered := range []bool{true, false} {
		line.CutAt(1, delivered)
		o.Phone = "03 88 00 00 00"
		err := d.UpdateOrganisation(d.admin, o)
		d.refused(Unavailable, err)
		if err == nil || strings.Contains(err.Error(), "rien n’a été enregistré") {
			t.Errorf("delivered %v: %v", delivered, err)
		}
	}
}
