package app

import (
	"testing"

	"guichet/data"
)

// TestReturnVoidsTheCodes and puts the address in doubt; mending the address
// offers a new letter.
func TestReturnVoidsTheCodes(t *testing.T) {
	d := openDesk(t)
	o := d.organisation("Commune d'Achenheim")
	made := d.register(o, "a@b.fr", true)
	codes := d.post()
	done, err := d.ReturnLetter(d.mailRoom, made.Reference+" 1/1", data.BadAddress)
	d.done(err)
	if got := d.letter(made.Reference); !done.Voided || got.State != data.Returned || got.ReturnReason != data.BadAddress || got.Hash != nil {
		t.Errorf("%+v", got.Letter)
	}
	_, err = d.confirm(made.Reference, codes)
	d.refused(Conflict, err)
	_, err = d.ReturnLetter(d.mailRoom, made.Reference, data.BadAddress)
	d.refused(Conflict, err) // scanned twice

	doubted, err := d.Directory(d.mailRoom, data.DirectoryFilter{AddressDoubted: true}, 0, 10)
	d.done(err)
	if len(doubted) != 1 || !doubted[0].AddressDoubtedAt.Equal(d.clock) {
		t.Errorf("doubted %+v", doubted)
	}
	o = doubted[0].Organisation
	o.Phone = "03 88 00 00 00" // not the address
	d.done(d.UpdateOrganisation(d.mailRoom, o))
	if record, err := d.Organisation(d.mailRoom, o.ID); err != nil || record.AddressDoubtedAt.IsZero() {
		t.Errorf("the doubt ended without a new address: %v", err)
	}
	o.Address.Street = "2 rue Principale"
	d.done(d.UpdateOrganisation(d.mailRoom, o))
	if record, err := d.Organisation(d.mailRoom, o.ID); err != nil || !record.AddressDoubtedAt.IsZero() {
		t.Errorf("the mended address is still in doubt: %v", err)
	}
	again, err := d.ToSendAgain(d.mailRoom, o.ID)
	d.done(err)
	if len(again) != 1 || again[0].Reference != made.Reference {
		t.Fatalf("to send again: %+v", again)
	}
	newer, err := d.ReissueLetter(d.mailRoom, again[0].Reference)
	d.done(err)
	if got := d.letter(newer.Reference); got.State != data.Queued || got.Replaces != made.Reference {
		t.Errorf("%+v", got)
	}
	if again, err = d.ToSendAgain(d.mailRoom, o.ID); err != nil || len(again) != 0 {
		t.Errorf("offered twice: %v, %v", again, err)
	}
}

// TestUndoReturn gives the codes back, and the address its good name.
func TestUndoReturn(t *testing.T) {
	d := openDesk(t)
	o := d.organisation("Commune d'Achenheim")
	made := d.register(o, "a@b.fr", true)
	codes := d.post()
	done, err := d.ReturnLetter(d.mailRoom, made.Reference, data.Refused)
	d.done(err)
	d.done(d.UndoReturn(d.mailRoom, done))
	record, err := d.Organisation(d.mailRoom, o.ID)
	d.done(err)
	if got := d.letter(made.Reference); got.State != data.Posted || got.ReturnReason != "" || !record.AddressDoubtedAt.IsZero() {
		t.Errorf("%+v, doubted %v", got.Letter, record.AddressDoubtedAt)
	}
	if err := d.UndoReturn(d.mailRoom, done); KindOf(err) != Conflict {
		t.Errorf("undone twice: %v", err)
	}
	// Returned again, replaced, then undone: two letters would hold good codes.
	done, err = d.ReturnLetter(d.mailRoom, made.Reference, data.Refused)
	d.done(err)
	_, err = d.ReissueLetter(d.mailRoom, made.Reference)
	d.refused(Conflict, err) // another letter would come back too
	d.done(d.App.AddressChecked(d.mailRoom, o.ID))
	_, err = d.ReissueLetter(d.mailRoom, made.Reference)
	d.done(err)
	d.refused(Conflict, d.UndoReturn(d.mailRoom, done))
	_, err = d.confirm(made.Reference, codes)
	d.refused(Conflict, err)
}

// TestReturnRefusals: what cannot have come back, and what is not a letter.
func TestReturnRefusals(t *testing.T) {
	d := openDesk(t)
	made := d.register(d.organisation("Commune d'Achenheim"), "a@b.fr", true)
	for scanned, kind := range map[string]Kind{
		made.Reference: Conflict, "": Invalid, "L26-000001-?": Invalid, "3760123456789": Invalid,
		data.LetterReference(2026, 999999): NotFound,
	} {
		_, err := d.ReturnLetter(d.mailRoom, scanned, data.Unclaimed)
		if KindOf(err) != kind {
			t.Errorf("%q: %v, want %s", scanned, err, kind)
		}
	}
	codes := d.post()
	_, err := d.ReturnLetter(d.mailRoom, made.Reference, "lost")
	d.refused(Invalid, err)
	_, err = d.ReturnLetter(d.helpDesk, made.Reference, data.Unclaimed)
	d.refused(Forbidden, err)
	d.done(d.App.AddressChecked(d.mailRoom, made.Account.OrganisationID))
	_, err = d.confirm(made.Reference, codes)
	d.done(err)
	_, err = d.ReturnLetter(d.mailRoom, made.Reference, data.Unclaimed)
	d.refused(Conflict, err) // its codes were used: it was received
}

// TestReturnOfAReportedLetter keeps its state: its successor lives.
func TestReturnOfAReportedLetter(t *testing.T) {
	d := openDesk(t)
	made := d.register(d.organisation("Commune d'Achenheim"), "a@b.fr", true)
	d.post()
	d.clock = d.clock.AddDate(0, 0, 10)
	newer, err := d.ReissueLetter(d.helpDesk, made.Reference)
	d.done(err)
	done, err := d.ReturnLetter(d.mailRoom, made.Reference, data.UnknownAddressee)
	d.done(err)
	if got := d.letter(made.Reference); done.Voided || got.State != data.Reported || got.ReturnReason != data.UnknownAddressee {
		t.Errorf("%+v", got.Letter)
	}
	d.done(d.UndoReturn(d.mailRoom, done))
	if d.letter(made.Reference).ReturnReason != "" || d.letter(newer.Reference).State != data.Queued {
		t.Error("the undo went too far")
	}
	_, err = d.ReturnLetter(d.mailRoom, made.Reference, data.UnknownAddressee)
	d.done(err)
	_, err = d.ReturnLetter(d.mailRoom, made.Reference, data.UnknownAddressee)
	d.refused(Conflict, err)
}
