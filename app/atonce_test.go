package app

import (
	"slices"
	"sync"
	"testing"
	"time"

	"guichet/data"
)

// atOnce has two workstations do the same at the same moment, and returns what
// each was told.
func atOnce(one, other *App, do func(a *App) error) (errs [2]error) {
	var both sync.WaitGroup
	gate := make(chan struct{})
	for i, a := range []*App{one, other} {
		both.Go(func() {
			<-gate
			errs[i] = do(a)
		})
	}
	close(gate)
	both.Wait()
	return errs
}

// onceOnly asserts that one of two was done, and the other refused.
func (d *desk) onceOnly(what string, other *App, do func(a *App) error) {
	d.t.Helper()
	errs := atOnce(d.App, other, do)
	done := 0
	for _, err := range errs {
		switch KindOf(err) {
		case "":
			done++
		case Conflict, NotFound:
		default:
			d.t.Errorf("%s: %v", what, err)
		}
	}
	if done != 1 {
		d.t.Errorf("%s was done %d times: %v", what, done, errs)
	}
}

// actions counts the entries of the audit by action.
func (d *desk) actions() map[string]int {
	d.t.Helper()
	entries, err := d.Audit(d.admin, data.AuditFilter{}, 0, 1000)
	d.done(err)
	counts := map[string]int{}
	for _, entry := range entries {
		counts[entry.Action]++
	}
	return counts
}

// TestLettersAtOnce: two clerks do the same with a letter or a batch.
func TestLettersAtOnce(t *testing.T) {
	d := sharedDesk(t)
	other := d.workstation()
	o := d.organisation("Commune d'Achenheim")
	confirmed, returned, reissued := d.register(o, "a@b.fr", false), d.register(o, "b@b.fr", false), d.register(o, "c@b.fr", false)
	_ = atOnce(d.App, other, func(a *App) error { _, err := a.Compose(d.mailRoom, nil, nil); return err }) // all, or each some
	batches, err := d.Batches(d.mailRoom)
	d.done(err)
	sheets := 0
	for _, batch := range batches {
		sheets += batch.Letters
		d.onceOnly("cancelling", other, func(a *App) error { return a.CancelBatch(d.mailRoom, batch.Number) })
	}
	if sheets != 3 {
		t.Errorf("three letters are %d sheets of %d batches", sheets, len(batches))
	}
	batch, codes := d.compose()
	d.done(d.MarkPrinted(d.mailRoom, batch.Number))
	d.onceOnly("posting", other, func(a *App) error {
		if a == other {
			return a.CancelBatch(d.mailRoom, batch.Number)
		}
		return a.MarkPosted(d.mailRoom, batch.Number, d.clock)
	})
	if d.batchState(batch.Number) == data.BatchCancelled { // the other was faster
		codes = d.post()
	}
	d.onceOnly("confirming", other, func(a *App) error {
		_, err := a.Confirm(d.helpDesk, confirmed.Reference, codes[confirmed.Reference][0], codes[confirmed.Reference][1])
		return err
	})
	d.onceOnly("returning", other, func(a *App) error {
		_, err := a.ReturnLetter(d.mailRoom, returned.Reference, data.ReturnReasons[0])
		return err
	})
	d.clock = d.clock.AddDate(0, 0, 10)
	d.onceOnly("reissuing", other, func(a *App) error { _, err := a.ReissueLetter(d.helpDesk, reissued.Reference); return err })
	d.clock = d.clock.AddDate(0, 0, 60)
	for _, err := range atOnce(d.App, other, func(a *App) error { _, err := a.Sweep(d.admin); return err }) {
		d.done(err)
	}
	for action, want := range map[string]int{"letter.confirm": 1, "letter.return": 1, "letter.reissue": 1} {
		if got := d.actions()[action]; got != want {
			t.Errorf("%s: %d times, want %d", action, got, want)
		}
	}
}

func (d *desk) batchState(number string) data.BatchState {
	d.t.Helper()
	batches, err := d.Batches(d.mailRoom)
	d.done(err)
	i := slices.IndexFunc(batches, func(b data.Batch) bool { return b.Number == number })
	return batches[i].State
}

// TestTicketsAtOnce: two agents do the same with a ticket.
func TestTicketsAtOnce(t *testing.T) {
	d := sharedDesk(t)
	other := d.workstation()
	seen := func() data.Ticket { return d.ask("marie@mairie.example", "Question", "Bonjour").Ticket }
	taken, answered, one, two := seen(), seen(), seen(), seen()
	me, _ := OperatorOf(d.helpDesk)
	d.onceOnly("assigning", other, func(a *App) error { return a.ChangeTicket(d.helpDesk, taken, TicketChange{Assignee: &me.ID}) })
	d.onceOnly("replying", other, func(a *App) error {
		_, err := a.Reply(d.helpDesk, answered, data.Draft{TicketID: answered.ID, Kind: data.ReplyDraft, To: "marie@mairie.example", Text: "Bonjour"}, "")
		return err
	})
	d.onceOnly("merging into each other", other, func(a *App) error {
		if a == other {
			return a.MergeTickets(d.helpDesk, one, two)
		}
		return a.MergeTickets(d.helpDesk, two, one)
	})
	mails := d.outboxAt(d.clock.Add(data.UndoDelay))
	if len(mails) != 1 {
		t.Errorf("%d replies go out", len(mails))
	}
	d.onceOnly("undoing a reply", other, func(a *App) error { _, err := a.UndoReply(d.helpDesk, mails[0].ID); return err })
}

func (d *desk) outboxAt(at time.Time) (mails []data.OutgoingMail) {
	d.t.Helper()
	now := d.clock
	d.clock = at
	defer func() { d.clock = now }()
	return d.outbox(data.ReplyMail)
}

// TestTheRegisterAtOnce: two administrators do the same, and what is purged is
// counted once.
func TestTheRegisterAtOnce(t *testing.T) {
	d := sharedDesk(t)
	other := d.workstation()
	kept, twice := d.organisation("Commune d'Achenheim"), d.organisation("Mairie d'Achenheim")
	d.usable(twice, "a@b.fr", true)
	d.onceOnly("merging into each other", other, func(a *App) error {
		if a == other {
			return a.MergeOrganisations(d.admin, kept.ID, twice.ID)
		}
		return a.MergeOrganisations(d.admin, twice.ID, kept.ID)
	})
	settings, err := d.Settings(d.admin)
	d.done(err)
	d.onceOnly("saving the settings", other, func(a *App) error {
		changed := settings
		if changed.Place = "Colmar"; a == other {
			changed.Place, changed.Signatory = settings.Place, "A. Schmitt"
		}
		return a.SaveDesign(d.admin, settings, nil, changed, nil)
	})
	o := d.organisation("Commune d'Albé")
	d.onceOnly("registering", other, func(a *App) error {
		_, err := a.Register(d.helpDesk, Registration{
			OrganisationID: o.ID, FirstName: "Anne", LastName: "Heitz", Email: "x@y.fr", Password: "Portail-2026", TermsAccepted: true,
		})
		return err
	})
	for range 3 {
		d.closed("marie@mairie.example", "Question")
	}
	d.clock = d.clock.AddDate(10, 0, 0)
	plan := d.plan()
	var mutex sync.Mutex
	purged := 0
	for _, err := range atOnce(d.App, other, func(a *App) error {
		done, err := a.Purge(d.admin, plan, nil)
		mutex.Lock()
		defer mutex.Unlock()
		purged += done[data.KeptTickets]
		return err
	}) {
		d.done(err)
	}
	if purged != planned(plan, data.KeptTickets) || purged != 3 {
		t.Errorf("%d tickets purged, the plan showed %d", purged, planned(plan, data.KeptTickets))
	}
	check, err := d.VerifyAudit(d.admin)
	if err != nil || check.Broken.ID != 0 {
		t.Errorf("the audit: %+v, %v", check, err)
	}
}
