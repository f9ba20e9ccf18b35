package app

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"guichet/data"
	"guichet/data/store"
)

// outbox are the mails waiting, by kind.
func (d *desk) outbox(kind data.OutgoingKind) (mails []data.OutgoingMail) {
	d.t.Helper()
	d.done(d.store.View(d.admin, func(tx *store.Tx) error {
		due, err := tx.DueOutgoing(d.Now(), 100)
		for _, mail := range due {
			if mail.Kind == kind {
				mails = append(mails, mail)
			}
		}
		return err
	}))
	return mails
}

// usable registers, activates and confirms an account.
func (d *desk) usable(o data.Organisation, email string, administrator bool) data.Account {
	d.t.Helper()
	made := d.register(o, email, administrator)
	_, err := d.confirm(made.Reference, d.post())
	d.done(err)
	return d.account(o, made.Account.ID)
}

// TestR11_SweepWarnsThenDeactivates: 15 months, 16 months, each once.
func TestR11_SweepWarnsThenDeactivates(t *testing.T) {
	d := openDesk(t)
	d.clock = time.Date(2025, 10, 31, 9, 0, 0, 0, data.Paris)
	o := d.organisation("Commune d'Achenheim")
	account := d.usable(o, "a@b.fr", false)
	steps := []struct {
		day              time.Time
		warned, disabled int
	}{
		{time.Date(2027, 1, 31, 23, 0, 0, 0, data.Paris), 0, 0},
		{time.Date(2027, 2, 1, 0, 0, 0, 0, data.Paris), 1, 0},
		{time.Date(2027, 2, 28, 23, 59, 0, 0, data.Paris), 0, 0},
		{time.Date(2027, 3, 1, 0, 0, 0, 0, data.Paris), 0, 1},
		{time.Date(2027, 6, 1, 0, 0, 0, 0, data.Paris), 0, 0},
	}
	for _, step := range steps {
		d.clock = step.day
		report, err := d.Sweep(d.helpDesk)
		d.done(err)
		if len(report.Warned) != step.warned || len(report.Unused) != step.disabled {
			t.Errorf("%s: %+v", step.day.Format(time.DateTime), report)
		}
	}
	mails := d.outbox(data.WarningMail)
	if len(mails) != 1 || mails[0].To[0] != "a@b.fr" {
		t.Errorf("warnings %+v", mails)
	}
	// R12: a fresh link brings the account back, and the months count anew.
	d.done(d.RenewActivation(d.helpDesk, account.ID))
	account = d.account(o, account.ID)
	_, err := d.Activate(d.helpDesk, data.ActivationToken(account.ID, account.ActivationNonce, d.secret))
	d.done(err)
	report, err := d.Sweep(d.helpDesk)
	if account = d.account(o, account.ID); err != nil || len(report.Unused) != 0 || !account.Usable(d.clock) || account.Announced != "" {
		t.Errorf("%+v, %v, %+v", report, err, account)
	}
}

func TestR11_SweepNotesLapsedActivations(t *testing.T) {
	d := openDesk(t)
	o := d.organisation("Commune d'Achenheim")
	made, err := d.Register(d.helpDesk, Registration{
		OrganisationID: o.ID, FirstName: "Anne", LastName: "Heitz", Email: "a@b.fr", Password: "Portail-2026", TermsAccepted: true,
	})
	d.done(err)
	other := d.register(d.organisation("Commune d'Albé"), "c@d.fr", false)
	d.post()
	d.clock = d.clock.AddDate(0, 0, 61)
	report, err := d.Sweep(d.admin)
	d.done(err)
	if !slices.Equal(report.NotActivated, []string{made.Account.Identifier}) || !slices.Contains(report.Expired, other.Reference) || len(report.Expired) != 2 {
		t.Errorf("%+v", report)
	}
}

// TestR12_ReactivationOnATicket lifts what time and the administrator did, and
// records the ticket.
func TestR12_ReactivationOnATicket(t *testing.T) {
	d := openDesk(t)
	o, elsewhere := d.organisation("Commune d'Achenheim"), d.organisation("Commune d'Albé")
	d.usable(o, "admin@a.fr", true)
	user := d.usable(o, "user@a.fr", false)
	d.done(d.InvalidateAccount(d.helpDesk, user.ID))
	d.clock = d.clock.AddDate(2, 0, 0)
	if blocks := d.account(o, user.ID).Blocks(d.clock); !slices.Equal(blocks, []data.Block{data.Unused, data.Invalidated}) {
		t.Fatal(blocks)
	}
	ticket := data.Ticket{Number: "28-000001", State: data.NewTicket, OrganisationID: elsewhere.ID, OpenedAt: d.clock, UpdatedAt: d.clock}
	d.done(d.store.Update(d.admin, func(tx *store.Tx) error { return tx.AddTicket(&ticket) }))
	d.refused(Conflict, d.Reactivate(d.helpDesk, user.ID, ticket.ID))
	d.refused(Forbidden, d.Reactivate(d.mailRoom, user.ID, ticket.ID))
	d.refused(NotFound, d.Reactivate(d.helpDesk, user.ID, 99))
	own := data.Ticket{Number: "28-000002", State: data.NewTicket, AccountID: user.ID, OpenedAt: d.clock, UpdatedAt: d.clock}
	d.done(d.store.Update(d.admin, func(tx *store.Tx) error { return tx.AddTicket(&own) }))
	d.done(d.Reactivate(d.helpDesk, user.ID, own.ID))
	if !d.account(o, user.ID).Usable(d.clock) {
		t.Error("not usable after its reactivation")
	}
	d.refused(Conflict, d.Reactivate(d.helpDesk, user.ID, own.ID))
	d.done(d.store.View(d.admin, func(tx *store.Tx) error {
		entries, err := tx.RecentAudit("", 2)
		if entries[0].Action != "account.reactivate" || !slices.Contains([]string{`{"identifier":"` + user.Identifier + `","ticket":"28-000002"}`}, entries[0].After) {
			t.Errorf("audit %+v", entries[0])
		}
		return err
	}))
}

// TestR12_ReactivationValidatesNobody.
func TestR12_ReactivationValidatesNobody(t *testing.T) {
	d := openDesk(t)
	o := d.organisation("Commune d'Achenheim")
	made := d.register(o, "a@b.fr", false)
	own := data.Ticket{Number: "26-000001", State: data.NewTicket, AccountID: made.Account.ID, OpenedAt: d.clock, UpdatedAt: d.clock}
	d.done(d.store.Update(d.admin, func(tx *store.Tx) error { return tx.AddTicket(&own) }))
	d.refused(Conflict, d.Reactivate(d.helpDesk, made.Account.ID, own.ID))
	d.clock = d.clock.AddDate(2, 0, 0)
	d.done(d.Reactivate(d.helpDesk, made.Account.ID, own.ID))
	if blocks := d.account(o, made.Account.ID).Blocks(d.clock); !slices.Equal(blocks, []data.Block{data.AwaitingValidation}) {
		t.Error(blocks)
	}
}

func TestR09_SetAccountPassword(t *testing.T) {
	d := openDesk(t)
	account := d.usable(d.organisation("Commune d'Achenheim"), "a@b.fr", false)
	d.refused(Invalid, d.SetAccountPassword(d.helpDesk, account.ID, "court"))
	d.refused(Forbidden, d.SetAccountPassword(d.mailRoom, account.ID, "Portail-2027"))
	d.refused(NotFound, d.SetAccountPassword(d.helpDesk, 99, "Portail-2027"))
	d.done(d.SetAccountPassword(d.helpDesk, account.ID, "Portail-2027"))
}

// TestR13_AccountsOfAPersonAreFound by name or e-mail, organisations beside.
func TestR13_AccountsOfAPersonAreFound(t *testing.T) {
	d := openDesk(t)
	for _, name := range []string{"Commune d'Achenheim", "Commune d'Albé"} {
		d.register(d.organisation(name), "anne@heitz.fr", false)
	}
	for query, want := range map[string]int{"heitz": 2, "ANNE heitz.fr": 2, "anne.heitz2": 1, "personne": 0} {
		found, err := d.FindAccounts(d.helpDesk, query)
		if err != nil || len(found) != want {
			t.Errorf("%q finds %d, want %d, %v", query, len(found), want, err)
		}
	}
}

// TestR07_PermissionsAreGrantedToTheAdministratorToo, and end with the
// subscription.
func TestR07_PermissionsAreGrantedToTheAdministratorToo(t *testing.T) {
	d := openDesk(t)
	o := d.organisation("Commune d'Achenheim")
	service, err := d.AddEService(d.admin, data.EService{Code: "actes", Name: "Actes"})
	d.done(err)
	_, err = d.Subscribe(d.admin, o.ID, service.ID)
	d.refused(Conflict, err) // nobody administers it yet (R6)
	admin := d.usable(o, "admin@a.fr", true)
	subscription, err := d.Subscribe(d.admin, o.ID, service.ID)
	d.done(err)
	granted := func() bool {
		m, err := d.Permissions(d.helpDesk, o.ID)
		d.done(err)
		return m.Granted[0][0]
	}
	if granted() {
		t.Error("the administrator holds a permission by default")
	}
	d.done(d.GrantPermission(d.admin, subscription.ID, admin.ID))
	d.done(d.GrantPermission(d.admin, subscription.ID, admin.ID))
	if !granted() {
		t.Error("not granted")
	}
	d.done(d.EndSubscription(d.admin, subscription.ID))
	if granted() {
		t.Error("the permission outlives the subscription")
	}
	d.refused(Conflict, d.GrantPermission(d.admin, subscription.ID, admin.ID))
	d.refused(Conflict, d.EndSubscription(d.admin, subscription.ID))
	service.RetiredAt = d.clock
	d.done(d.UpdateEService(d.admin, service))
	_, err = d.Subscribe(d.admin, o.ID, service.ID)
	d.refused(Conflict, err)
}

// TestR05_FormerAdministratorKeepsPermissions.
func TestR05_FormerAdministratorKeepsPermissions(t *testing.T) {
	d := openDesk(t)
	o := d.organisation("Commune d'Achenheim")
	first := d.usable(o, "first@a.fr", true)
	service, err := d.AddEService(d.admin, data.EService{Code: "actes", Name: "Actes"})
	d.done(err)
	subscription, err := d.Subscribe(d.admin, o.ID, service.ID)
	d.done(err)
	d.done(d.GrantPermission(d.admin, subscription.ID, first.ID))
	d.usable(o, "second@a.fr", true)
	m, err := d.Permissions(d.admin, o.ID)
	d.done(err)
	for i, account := range m.Accounts {
		if m.Granted[i][0] != (account.ID == first.ID) {
			t.Errorf("%s: %v", account.Identifier, m.Granted[i])
		}
	}
}

// TestElectionSendsTheNextLetterToTheNewMayor: a queued letter is
// re-addressed, a composed one is withdrawn and queued anew.
func TestElectionSendsTheNextLetterToTheNewMayor(t *testing.T) {
	d := openDesk(t)
	o := d.organisation("Commune d'Achenheim")
	composed := d.register(o, "a@b.fr", false)
	batch, codes := d.compose()
	queued := d.register(o, "c@d.fr", false)
	d.done(d.AppointRepresentative(d.admin, data.LegalRepresentative{
		OrganisationID: o.ID, Civility: data.Monsieur, FirstName: "Anne", LastName: "Heitz", Office: "Maire",
	}))
	if got := d.letter(composed.Reference); got.State != data.WithdrawnLetter {
		t.Errorf("the composed letter is %s", got.State)
	}
	_, err := d.confirm(composed.Reference, codes)
	d.refused(Conflict, err)
	_, newer := d.compose()
	if len(newer) != 2 {
		t.Errorf("%d letters for the new mayor", len(newer))
	}
	for reference := range newer {
		if lines := d.letter(reference).Lines; lines[1] != "Monsieur Anne HEITZ" {
			t.Errorf("%s goes to %q", reference, lines)
		}
	}
	if _, ok := newer[queued.Reference]; !ok {
		t.Error("the queued letter changed its reference")
	}
	d.done(d.MarkPrinted(d.mailRoom, batch.Number)) // the old sheets may still be there
	d.done(d.MarkPosted(d.mailRoom, batch.Number, d.clock))
	if got := d.letter(composed.Reference); got.State != data.WithdrawnLetter {
		t.Errorf("posting brought it back as %s", got.State)
	}
}

func TestMergeOrganisations(t *testing.T) {
	d := openDesk(t)
	kept, twice := d.organisation("Commune d'Achenheim"), d.organisation("Mairie d'Achenheim")
	service, err := d.AddEService(d.admin, data.EService{Code: "actes", Name: "Actes"})
	d.done(err)
	ours, theirs := d.usable(kept, "a@b.fr", true), d.usable(twice, "c@d.fr", true)
	twinKept, twinGone := d.usable(kept, "twin@b.fr", false), d.register(twice, "twin@b.fr", false)
	for _, side := range []struct {
		o       data.Organisation
		account data.Account
	}{{kept, ours}, {twice, theirs}} {
		subscription, err := d.Subscribe(d.admin, side.o.ID, service.ID)
		d.done(err)
		d.done(d.GrantPermission(d.admin, subscription.ID, side.account.ID))
	}
	older, newer := d.register(kept, "e@f.fr", true), d.register(twice, "g@h.fr", true)
	d.refused(Invalid, d.MergeOrganisations(d.admin, kept.ID, kept.ID))
	d.refused(Forbidden, d.MergeOrganisations(d.helpDesk, twice.ID, kept.ID))
	d.done(d.MergeOrganisations(d.admin, twice.ID, kept.ID))

	record, err := d.Organisation(d.admin, kept.ID)
	d.done(err)
	if len(record.Accounts) != 6 || record.Administrator.ID != ours.ID {
		t.Errorf("%d accounts, administrator %s", len(record.Accounts), record.Administrator.Identifier)
	}
	if !d.account(kept, twinKept.ID).Usable(d.clock) || d.account(kept, twinGone.Account.ID).Usable(d.clock) || d.letter(twinGone.Reference).State != data.WithdrawnLetter {
		t.Error("a person keeps two accounts in one organisation (R13)")
	}
	if d.letter(older.Reference).State != data.SupersededLetter || d.letter(newer.Reference).State != data.Queued {
		t.Error("the newer of two pending administrators must stay")
	}
	m, err := d.Permissions(d.admin, kept.ID)
	d.done(err)
	granted := 0
	for _, row := range m.Granted {
		if row[0] {
			granted++
		}
	}
	if granted != 2 {
		t.Errorf("%d permissions, want both", granted)
	}
	archived, err := d.Directory(d.admin, data.DirectoryFilter{Archived: true}, 0, 10)
	if err != nil || len(archived) != 1 || archived[0].MergedInto != kept.ID {
		t.Errorf("archived %+v, %v", archived, err)
	}
	d.refused(Conflict, d.MergeOrganisations(d.admin, twice.ID, kept.ID))
	if found, err := d.FindOrganisations(d.admin, theirs.Identifier); err != nil || len(found) != 1 || found[0].Organisation.ID != kept.ID {
		t.Errorf("%s is found in %+v, %v", theirs.Identifier, found, err)
	}
}

func TestArchiveOrganisation(t *testing.T) {
	d := openDesk(t)
	o := d.organisation("Commune d'Achenheim")
	admin := d.usable(o, "a@b.fr", true)
	service, err := d.AddEService(d.admin, data.EService{Code: "actes", Name: "Actes"})
	d.done(err)
	_, err = d.Subscribe(d.admin, o.ID, service.ID)
	d.done(err)
	pending := d.register(o, "c@d.fr", false)
	d.done(d.ArchiveOrganisation(d.admin, o.ID))
	d.refused(Conflict, d.ArchiveOrganisation(d.admin, o.ID))
	record, err := d.Organisation(d.admin, o.ID)
	d.done(err)
	if record.Administrator.ID != 0 || len(record.Requests) != 0 || d.account(o, admin.ID).Usable(d.clock) {
		t.Errorf("still live: %+v", record)
	}
	if d.letter(pending.Reference).State != data.WithdrawnLetter {
		t.Error("a letter waits for an archived organisation")
	}
	_, err = d.Register(d.helpDesk, Registration{
		OrganisationID: o.ID, FirstName: "A", LastName: "B", Email: "x@y.fr", Password: "Portail-2026", TermsAccepted: true,
	})
	d.refused(Conflict, err)
	if n, err := d.CountDirectory(d.admin, data.DirectoryFilter{}); err != nil || n != 0 {
		t.Errorf("%d in the directory, %v", n, err)
	}
}

// TestArchivedOrganisationStaysAway: no use case brings it back to life.
func TestArchivedOrganisationStaysAway(t *testing.T) {
	d := openDesk(t)
	o := d.organisation("Commune d'Achenheim")
	user := d.usable(o, "a@b.fr", false)
	own := data.Ticket{Number: "26-000001", State: data.NewTicket, AccountID: user.ID, OpenedAt: d.clock, UpdatedAt: d.clock}
	d.done(d.store.Update(d.admin, func(tx *store.Tx) error { return tx.AddTicket(&own) }))
	d.done(d.ArchiveOrganisation(d.admin, o.ID))
	d.refused(Conflict, d.Reactivate(d.helpDesk, user.ID, own.ID))
	d.refused(Conflict, d.RenewActivation(d.helpDesk, user.ID))
	d.refused(Conflict, d.UpdateOrganisation(d.admin, o))
	d.refused(Conflict, d.AppointRepresentative(d.admin, data.LegalRepresentative{OrganisationID: o.ID, Office: "Maire"}))
	_, err := d.RequestSuccession(d.helpDesk, user.ID)
	d.refused(Conflict, err)
}

// TestR15_SupersededPersonRegistersAgain with the same account.
func TestR15_SupersededPersonRegistersAgain(t *testing.T) {
	d := openDesk(t)
	o := d.organisation("Commune d'Achenheim")
	first := d.register(o, "first@a.fr", true)
	d.register(o, "second@a.fr", true)
	again, err := d.Register(d.helpDesk, Registration{
		OrganisationID: o.ID, Administrator: true, FirstName: "Anne", LastName: "Heitz", Email: "first@a.fr", Password: "Portail-2026", TermsAccepted: true,
	})
	d.done(err)
	if again.Account.ID != first.Account.ID || again.Account.Identifier != first.Account.Identifier || again.Reference == first.Reference {
		t.Errorf("%+v, first %+v", again, first)
	}
	_, err = d.confirm(again.Reference, d.post())
	d.done(err)
	if record, err := d.Organisation(d.admin, o.ID); err != nil || record.Administrator.ID != first.Account.ID {
		t.Errorf("%+v, %v", record.Administrator, err)
	}
}

// TestR11_InvalidationWithdrawsThePendingRequest, and spares who asks the
// legal representative to become the administrator.
func TestR11_InvalidationWithdrawsThePendingRequest(t *testing.T) {
	d := openDesk(t)
	o := d.organisation("Commune d'Achenheim")
	d.usable(o, "admin@a.fr", true)
	pending := d.register(o, "user@a.fr", false)
	candidate := d.register(o, "candidate@a.fr", true)
	codes := d.post()
	d.done(d.InvalidateAccount(d.helpDesk, pending.Account.ID))
	_, err := d.confirm(pending.Reference, codes)
	d.refused(Conflict, err)
	d.refused(Conflict, d.InvalidateAccount(d.helpDesk, candidate.Account.ID))
}

// TestTicketsAndHistoryAreNotForTheMailRoom.
func TestTicketsAndHistoryAreNotForTheMailRoom(t *testing.T) {
	d := openDesk(t)
	o := d.organisation("Commune d'Achenheim")
	account := d.usable(o, "a@b.fr", false)
	for ctx, want := range map[any]bool{d.mailRoom: false, d.helpDesk: true, d.admin: true} {
		record, err := d.Organisation(ctx.(context.Context), o.ID)
		d.done(err)
		page, err := d.Account(ctx.(context.Context), account.ID)
		d.done(err)
		if (len(record.History) > 0) != want || (len(page.History) > 0) != want {
			t.Errorf("history %d and %d, want any: %v", len(record.History), len(page.History), want)
		}
	}
	w, err := d.Home(d.mailRoom)
	d.done(err)
	for _, entry := range w.Recent {
		if entry.Operator != "courrier" {
			t.Errorf("the mail room reads what %s did", entry.Operator)
		}
	}
}

func TestDirectoryFilters(t *testing.T) {
	d := openDesk(t)
	d.clock = time.Date(2026, 11, 16, 9, 0, 0, 0, data.Paris) // a Monday
	a, b := d.organisation("Commune A"), d.organisation("Commune B")
	d.organisation("Commune C")
	d.usable(a, "a@a.fr", true)
	d.register(b, "b@b.fr", false)
	d.post()
	check := func(what string, filter data.DirectoryFilter, want ...string) {
		t.Helper()
		found, err := d.Directory(d.admin, filter, 0, 100)
		d.done(err)
		var names []string
		for _, o := range found {
			names = append(names, o.Name)
		}
		if n, err := d.CountDirectory(d.admin, filter); !slices.Equal(names, want) || n != len(want) || err != nil {
			t.Errorf("%s: %v (%d), want %v", what, names, n, want)
		}
	}
	check("all", data.DirectoryFilter{}, "Commune A", "Commune B", "Commune C")
	check("descending", data.DirectoryFilter{Descending: true}, "Commune C", "Commune B", "Commune A")
	check("pending", data.DirectoryFilter{Pending: true}, "Commune B")
	check("no administrator", data.DirectoryFilter{NoAdministrator: true}, "Commune B", "Commune C")
	check("kind", data.DirectoryFilter{Kind: data.EPCI})
	check("text", data.DirectoryFilter{Text: "comm b"}, "Commune B")
	overdue := func() data.DirectoryFilter {
		return data.DirectoryFilter{PostedBy: data.OverduePostedBy(d.clock, true)}
	}
	check("not overdue yet", overdue())
	d.clock = d.clock.AddDate(0, 0, 5) // the fifth working day
	check("overdue", overdue(), "Commune B")
	for _, order := range []data.DirectoryOrder{data.ByName, data.ByPostalCode, data.ByCity} {
		check(string(order), data.DirectoryFilter{Order: order}, "Commune A", "Commune B", "Commune C")
	}
	check("by accounts", data.DirectoryFilter{Order: data.ByAccounts}, "Commune C", "Commune A", "Commune B")
	check("by pending", data.DirectoryFilter{Order: data.ByPending, Descending: true}, "Commune B", "Commune C", "Commune A")
	check("by administrator", data.DirectoryFilter{Order: data.ByAdministrator, Descending: true}, "Commune A", "Commune C", "Commune B")
}

// TestRepresentativeMayBeAdministrator: allowed, and noted in the audit,
// whichever comes first.
func TestRepresentativeMayBeAdministrator(t *testing.T) {
	d := openDesk(t)
	newest := func() string {
		entries := []data.AuditEntry{}
		d.done(d.store.View(d.admin, func(tx *store.Tx) (err error) {
			entries, err = tx.RecentAudit("", 1)
			return err
		}))
		return entries[0].After
	}
	mayor := data.LegalRepresentative{FirstName: "Anne", LastName: "HEITZ", Office: "Maire"}
	first := d.organisation("Commune d'Achenheim")
	d.usable(first, "a@b.fr", true)
	mayor.OrganisationID = first.ID
	d.done(d.AppointRepresentative(d.admin, mayor))
	if after := newest(); !strings.Contains(after, `"also_administrator":"anne.heitz"`) {
		t.Error(after)
	}
	second := d.organisation("Commune d'Albé")
	mayor.OrganisationID = second.ID
	d.done(d.AppointRepresentative(d.admin, mayor))
	made := d.register(second, "a@b.fr", true)
	_, err := d.confirm(made.Reference, d.post())
	d.done(err)
	if after := newest(); !strings.Contains(after, `"also_representative":true`) {
		t.Error(after)
	}
}
