package app

import (
	"strings"
	"testing"
	"time"

	"guichet/data"
)

// TestR16_ReportedLetterIsReplaced from the fifth working day on, not before.
func TestR16_ReportedLetterIsReplaced(t *testing.T) {
	d := openDesk(t)
	d.clock = time.Date(2026, 4, 2, 10, 0, 0, 0, data.Paris)
	made := d.register(d.organisation("Commune d'Achenheim"), "a@b.fr", false)
	_, err := d.ReissueLetter(d.helpDesk, made.Reference)
	d.refused(Conflict, err) // queued
	codes := d.post()
	d.clock = time.Date(2026, 4, 8, 23, 59, 0, 0, data.Paris)
	_, err = d.ReissueLetter(d.helpDesk, made.Reference)
	d.refused(Conflict, err)
	if !strings.Contains(strings.Join(strings.Fields(err.Error()), " "), "9 avril 2026") {
		t.Errorf("%v does not tell the date", err)
	}
	d.clock = time.Date(2026, 4, 9, 0, 0, 0, 0, data.Paris)
	done, err := d.ReissueLetter(d.helpDesk, strings.ToLower(made.Reference))
	d.done(err)
	if d.letter(made.Reference).State != data.Reported || d.letter(done.Reference).State != data.Queued {
		t.Errorf("%+v", done)
	}
	_, err = d.confirm(made.Reference, codes)
	d.refused(Conflict, err)
	_, err = d.ReissueLetter(d.helpDesk, made.Reference)
	d.refused(Conflict, err) // replaced already
	_, err = d.confirm(done.Reference, d.post())
	d.done(err)
	_, err = d.ReissueLetter(d.helpDesk, done.Reference)
	d.refused(Conflict, err) // the request is closed
}

// TestR16_AlsaceMoselleHasTwoDaysMore in the register that says so.
func TestR16_AlsaceMoselleHasTwoDaysMore(t *testing.T) {
	d := openDesk(t)
	settings, err := d.Settings(d.admin)
	d.done(err)
	settings.AlsaceMoselle = true
	d.done(d.SaveSettings(d.admin, settings))
	d.clock = time.Date(2026, 4, 2, 10, 0, 0, 0, data.Paris)
	made := d.register(d.organisation("Commune d'Achenheim"), "a@b.fr", false)
	d.post()
	d.clock = time.Date(2026, 4, 9, 12, 0, 0, 0, data.Paris)
	_, err = d.ReissueLetter(d.helpDesk, made.Reference)
	d.refused(Conflict, err)
	d.clock = d.clock.AddDate(0, 0, 1)
	_, err = d.ReissueLetter(d.helpDesk, made.Reference)
	d.done(err)
}

// TestThreeReissuesInNinetyDays, then a ticket.
func TestThreeReissuesInNinetyDays(t *testing.T) {
	d := openDesk(t)
	reference := d.register(d.organisation("Commune d'Achenheim"), "a@b.fr", false).Reference
	for n := range reissuesAllowed + 1 {
		d.post()
		d.clock = d.clock.AddDate(0, 0, 8)
		done, err := d.ReissueLetter(d.mailRoom, reference)
		if n == reissuesAllowed {
			d.refused(Conflict, err)
			break
		}
		d.done(err)
		reference = done.Reference
	}
	d.clock = d.clock.AddDate(0, 0, reissueDays)
	_, err := d.ReissueLetter(d.mailRoom, reference)
	d.done(err)
}

// TestLockedAndExpiredLettersAreReplaced at once.
func TestLockedAndExpiredLettersAreReplaced(t *testing.T) {
	d := openDesk(t)
	o := d.organisation("Commune d'Achenheim")
	locked, expired := d.register(o, "a@b.fr", false), d.register(o, "c@d.fr", false)
	codes := d.post()
	for range data.WrongPairsAllowed {
		pair := codes[locked.Reference]
		_, err := d.Confirm(d.helpDesk, locked.Reference, pair[1], pair[0])
		if err == nil {
			t.Fatal("exchanged codes confirm")
		}
	}
	d.clock = d.clock.AddDate(0, 0, 61)
	_, err := d.Sweep(d.admin)
	d.done(err)
	for _, reference := range []string{locked.Reference, expired.Reference} {
		_, err := d.ReissueLetter(d.helpDesk, reference)
		d.done(err)
	}
	newer := d.post()
	if len(newer) != 2 {
		t.Errorf("%d letters", len(newer))
	}
}

// TestR06_OnlyAnAdministratorSubscribesAndGrants: without one in office the
// organisation subscribes to nothing and grants nothing.
func TestR06_OnlyAnAdministratorSubscribesAndGrants(t *testing.T) {
	d := openDesk(t)
	o := d.organisation("Commune d'Achenheim")
	user := d.usable(o, "user@a.fr", false)
	service, err := d.AddEService(d.admin, data.EService{Code: "actes", Name: "Actes"})
	d.done(err)
	_, err = d.Subscribe(d.admin, o.ID, service.ID)
	d.refused(Conflict, err)
	d.refused(Conflict, d.ValidateAccount(d.helpDesk, user.ID))
	d.usable(o, "admin@a.fr", true)
	subscription, err := d.Subscribe(d.admin, o.ID, service.ID)
	d.done(err)
	d.done(d.GrantPermission(d.admin, subscription.ID, user.ID))
	_, err = d.Subscribe(d.admin, o.ID, service.ID)
	d.refused(Conflict, err) // once
}
