package app

import (
	"bytes"
	"encoding/csv"
	"testing"
	"time"

	"guichet/data"
)

// TestFollowUp: the counts by state and age, the lists behind them, the weeks,
// and the export of a list.
func TestFollowUp(t *testing.T) {
	d := openDesk(t)
	posted := d.register(d.organisation("Commune d'Achenheim"), "a@b.fr", true)
	confirmed := d.register(d.organisation("Commune d'Albé"), "b@b.fr", true)
	returned := d.register(d.organisation("Commune d'Avolsheim"), "c@b.fr", true)
	codes := d.post() // Tuesday 24 November 2026
	_, err := d.confirm(confirmed.Reference, codes)
	d.done(err)
	d.clock = d.clock.AddDate(0, 0, 3) // Friday: 3 jours ouvrables
	_, err = d.ReturnLetter(d.mailRoom, returned.Reference, data.Unclaimed)
	d.done(err)
	f, err := d.FollowUp(d.mailRoom)
	d.done(err)
	if f.States[data.Posted] != 1 || f.States[data.Confirmed] != 1 || f.States[data.Returned] != 1 || f.Overdue != 0 || f.Doubted != 1 {
		t.Errorf("%+v", f)
	}
	d.clock = d.clock.AddDate(0, 0, 3) // Monday 30 November: the fifth
	queued := d.register(d.organisation("Commune de Barr"), "d@b.fr", true)
	if f, err = d.FollowUp(d.mailRoom); err != nil || f.Overdue != 1 || f.Stale != 0 || f.Expiring != 0 {
		t.Errorf("%+v, %v", f, err)
	}
	last, before := f.Weeks[FollowUpWeeks-1], f.Weeks[FollowUpWeeks-2]
	if last.Monday.Format(time.DateOnly) != "2026-11-30" || last.Posted != 0 || before.Posted != 3 || before.Confirmed != 1 || before.Returned != 1 {
		t.Errorf("weeks %+v", f.Weeks)
	}
	d.clock = tuesday.AddDate(0, 0, 51) // the codes live 60 days
	for age, reference := range map[data.LetterAge]string{
		data.Overdue: posted.Reference, data.Expiring: posted.Reference, data.Stale: queued.Reference,
	} {
		files, err := d.Letters(d.mailRoom, data.LetterFilter{Age: age})
		if err != nil || len(files) != 1 || files[0].Reference != reference {
			t.Errorf("%s: %d letters, %v", age, len(files), err)
		}
	}
	var file bytes.Buffer
	d.done(d.ExportLetters(d.mailRoom, data.LetterFilter{State: data.Returned}, CSV, &file))
	reader := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(file.Bytes(), []byte("\ufeff"))))
	reader.Comma = ';'
	rows, err := reader.ReadAll()
	d.done(err)
	if len(rows) != 2 || rows[1][0] != returned.Reference || rows[1][14] != "Pli avisé et non réclamé" || rows[1][10] != "2026-11-24" {
		t.Errorf("%q", rows)
	}
	d.refused(Forbidden, d.ExportLetters(d.helpDesk, data.LetterFilter{}, CSV, &file))
}
