package app

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"guichet/data"
)

// TestDepositSlip counts what goes by département and postage, leaves out the
// sheets whose letters ended, and stays the same once letters come back.
func TestDepositSlip(t *testing.T) {
	d := openDesk(t)
	settings, err := d.Settings(d.admin)
	d.done(err)
	settings.Postage = data.Postage{Service: "Lettre verte", Home: 139, Abroad: 210}
	d.done(d.SaveSettings(d.admin, settings))
	strasbourg, colmar := d.organisation("Commune d'Achenheim"), d.organisation("Commune de Colmar")
	colmar.Address.PostalCode, colmar.Address.City = "68000", "COLMAR"
	d.done(d.UpdateOrganisation(d.mailRoom, colmar))
	first := d.register(strasbourg, "a@b.fr", true)
	d.register(strasbourg, "b@b.fr", false)
	withdrawn := d.register(colmar, "c@b.fr", true)
	d.register(colmar, "d@b.fr", false)
	batch, _ := d.compose()
	d.register(colmar, "e@b.fr", true) // supersedes the pending administrator (R15)

	pull, err := d.SheetsToPull(d.mailRoom, batch.Number)
	if err != nil || !slices.Equal(pull, []int{d.letter(withdrawn.Reference).Sheet}) {
		t.Errorf("to pull %v, %v", pull, err)
	}
	check := func(when string) {
		t.Helper()
		slip, err := d.DepositSlip(d.mailRoom, batch.Number)
		d.done(err)
		if slip.Letters != 3 || slip.Amount != 3*139 || len(slip.Departments) != 2 ||
			slip.Departments[0] != (data.DepositCount{Code: "67", Name: "Bas-Rhin", Letters: 2}) || slip.Departments[1].Letters != 1 {
			t.Errorf("%s: %+v", when, slip)
		}
	}
	check("composed")
	d.done(d.MarkPrinted(d.mailRoom, batch.Number))
	d.done(d.MarkPosted(d.mailRoom, batch.Number, d.clock))
	_, err = d.ReturnLetter(d.mailRoom, first.Reference, data.Refused)
	d.done(err)
	check("posted")
	for _, asCSV := range []bool{false, true} {
		var file bytes.Buffer
		d.done(d.WriteDepositSlip(d.mailRoom, batch.Number, asCSV, &file))
		if asCSV && !strings.Contains(file.String(), "Bas-Rhin") || !asCSV && !strings.HasPrefix(file.String(), "%PDF-") {
			t.Errorf("CSV %v: %.60q", asCSV, file.String())
		}
	}
	d.refused(Forbidden, d.WriteDepositSlip(d.helpDesk, batch.Number, true, &bytes.Buffer{}))
	cancelled, _ := d.compose()
	d.done(d.CancelBatch(d.mailRoom, cancelled.Number))
	_, err = d.DepositSlip(d.mailRoom, cancelled.Number)
	d.refused(Conflict, err)
}
