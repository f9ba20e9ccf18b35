package app

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"guichet/data"
	"guichet/data/store"
	"guichet/data/store/postgrestest"
)

// breaking is a context that ends once it was asked a number of times, as a read
// or a write fails: each statement asks.
type breaking struct {
	context.Context
	mu   sync.Mutex
	left int
	done chan struct{}
}

func breakAfter(ctx context.Context, times int) *breaking {
	return &breaking{Context: ctx, left: times, done: make(chan struct{})}
}

func (b *breaking) ask() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.left--; b.left == -1 {
		close(b.done)
	}
}

func (b *breaking) Done() <-chan struct{} { b.ask(); return b.done }

func (b *breaking) Err() error {
	select {
	case <-b.done:
		return context.Canceled
	default:
		return nil
	}
}

// act is a use case with what it needs.
type act struct {
	name string
	do   func(ctx context.Context) error
}

// interruption runs an act that something breaks off after so many steps.
type interruption func(ctx context.Context, steps int, do func(context.Context) error) error

// cancelled breaks off at a question to the register.
func cancelled(ctx context.Context, steps int, do func(context.Context) error) error {
	return do(breakAfter(ctx, steps))
}

// breaks runs use cases, each broken off at its first step, at its second, and
// so on until it comes to its end: broken off, none has done anything, nor calls
// it unexpected.
func (d *desk) breaks(as context.Context, acts ...act) {
	d.t.Helper()
	for _, act := range acts {
		for times := 0; ; times++ {
			before := d.lastAudit()
			err := d.interrupt(as, times, act.do)
			if err == nil || tellsDone(err) {
				break
			}
			if kind := KindOf(err); !errors.Is(err, context.Canceled) && (kind == Internal || kind == Damaged) {
				d.t.Fatalf("%s, broken off after %d: %v", act.name, times, err)
			} else if !errors.Is(err, context.Canceled) && kind != Unavailable {
				d.t.Fatalf("%s is refused: %v", act.name, err)
			}
			if after := d.lastAudit(); after != before {
				d.t.Fatalf("%s, broken off after %d, has done something all the same: %v", act.name, times, err)
			}
			if times > 3000 {
				d.t.Fatalf("%s never ends: %v", act.name, err)
			}
		}
	}
}

// tellsDone recognises an error that says that what was asked for is done, and
// what is not.
func tellsDone(err error) bool { return strings.Contains(err.Error(), "est clos, mais son PDF") }

func (d *desk) lastAudit() (last int64) {
	d.t.Helper()
	d.done(d.store.View(d.nobody, func(tx *store.Tx) (err error) {
		last, err = tx.LastAudit()
		return err
	}))
	return last
}

// does makes an act of a use case that returns something.
func does[T any](name string, do func(ctx context.Context) (T, error)) act {
	return act{name, func(ctx context.Context) error { _, err := do(ctx); return err }}
}

// TestEveryUseCaseInterrupted breaks use cases off at each read and write.
func TestEveryUseCaseInterrupted(t *testing.T) {
	postgrestest.OnlyFile(t)
	withoutLog(t)
	d := openDesk(t)
	d.interruptEverything(cancelled)
}

// withoutLog silences what is expected to go wrong.
func withoutLog(t *testing.T) {
	former := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(io.Discard, nil)))
	t.Cleanup(func() { slog.SetDefault(former) })
}

// interruptEverything breaks off the use cases of a whole office.
func (d *desk) interruptEverything(how interruption) {
	d.t.Helper()
	d.interrupt = how
	d.admin = As(d.nobody, d.operator(d.admin, "tout", data.WorkRoles...))
	d.interruptDirectory()
	d.interruptLetters()
	d.interruptTickets()
	d.interruptKeeping()
	d.interruptReading()
	check, err := d.VerifyAudit(d.admin)
	d.done(err)
	if check.Broken.ID != 0 {
		d.t.Errorf("the audit is broken at %d", check.Broken.ID)
	}
	d.done(d.store.Check(d.nobody))
}

func (d *desk) interruptDirectory() {
	d.t.Helper()
	address := data.Address{Street: "1 rue Principale", PostalCode: "67204", City: "ACHENHEIM"}
	mayor := data.LegalRepresentative{Civility: data.Madame, FirstName: "Jeanne", LastName: "Roth", Office: "Maire"}
	twin, old := d.organisation("Commune bis"), d.organisation("Ancienne")
	d.register(twin, "bis@mairie.fr", false)
	var o data.Organisation
	var made Registered
	token := func() string { return data.ActivationToken(made.Account.ID, made.Account.ActivationNonce, d.secret) }
	d.breaks(
		d.admin,
		act{"AddOrganisation", func(ctx context.Context) (err error) {
			o, err = d.AddOrganisation(ctx, data.Organisation{Kind: data.Commune, Name: "Commune d'Achenheim", Address: address}, mayor)
			return err
		}},
		act{"EditOrganisation", func(ctx context.Context) error {
			changed := o
			changed.Phone = "03 88 00 00 00"
			return d.EditOrganisation(ctx, o, changed)
		}},
		act{"AppointRepresentative", func(ctx context.Context) error {
			return d.AppointRepresentative(ctx, data.LegalRepresentative{OrganisationID: o.ID, FirstName: "Luc", LastName: "Weiss", Office: "Maire"})
		}},
		act{"Register", func(ctx context.Context) (err error) {
			made, err = d.Register(ctx, Registration{OrganisationID: o.ID, Administrator: true, FirstName: "Anne", LastName: "Heitz", Email: "a@mairie.fr", Password: "Portail-2026", TermsAccepted: true})
			return err
		}},
		does("Activate", func(ctx context.Context) (data.Account, error) { return d.Activate(ctx, token()) }),
		act{"RenewActivation", func(ctx context.Context) error { return d.RenewActivation(ctx, made.Account.ID) }},
		act{"SetAccountPassword", func(ctx context.Context) error { return d.SetAccountPassword(ctx, made.Account.ID, "Portail-2027") }},
		act{"MergeOrganisations", func(ctx context.Context) error { return d.MergeOrganisations(ctx, twin.ID, o.ID) }},
		act{"ArchiveOrganisation", func(ctx context.Context) error { return d.ArchiveOrganisation(ctx, old.ID) }},
	)
	for _, kind := range FileKinds {
		var out bytes.Buffer
		d.done(d.Export(d.admin, kind, CSV, &out))
		d.breaks(
			d.admin,
			act{"Export", func(ctx context.Context) error { return d.Export(ctx, kind, XLSX, io.Discard) }},
			does("Import", func(ctx context.Context) (Import, error) {
				return d.Import(ctx, kind, bytes.NewReader(out.Bytes()), false)
			}),
		)
	}
}

func (d *desk) interruptLetters() {
	d.t.Helper()
	o := d.organisation("Commune d'Albé")
	administrator, user, third := d.register(o, "m@mairie.fr", true), d.register(o, "n@mairie.fr", false), d.register(o, "o@mairie.fr", false)
	var batch data.Batch
	compose := act{"Compose", func(ctx context.Context) (err error) {
		d.codes.drawn = nil
		batch, err = d.Compose(ctx, nil, nil)
		return err
	}}
	number := func(do func(context.Context, string) error) func(context.Context) error {
		return func(ctx context.Context) error { return do(ctx, batch.Number) }
	}
	d.breaks(d.admin, compose, act{"CancelBatch", number(d.CancelBatch)}, compose)
	files, err := d.Letters(d.admin, data.LetterFilter{State: data.Composed})
	d.done(err)
	codes := map[string]data.ConfirmationCodes{}
	for _, file := range files {
		codes[file.Reference] = d.codes.drawn[file.Sheet-1]
	}
	right := codes[administrator.Reference]
	var returned Returned
	d.breaks(
		d.admin,
		act{"WriteDepositSlip", func(ctx context.Context) error { return d.WriteDepositSlip(ctx, batch.Number, false, io.Discard) }},
		act{"MarkPrinted", number(d.MarkPrinted)},
		act{"MarkPosted", func(ctx context.Context) error { return d.MarkPosted(ctx, batch.Number, d.clock) }},
		does("Confirm", func(ctx context.Context) (Confirmation, error) {
			return d.Confirm(ctx, administrator.Reference, right[0], right[1])
		}),
		act{"ValidateAccount", func(ctx context.Context) error { return d.ValidateAccount(ctx, user.Account.ID) }},
		act{"InvalidateAccount", func(ctx context.Context) error { return d.InvalidateAccount(ctx, user.Account.ID) }},
		act{"RecordSignIn", func(ctx context.Context) error { return d.RecordSignIn(ctx, administrator.Account.Identifier) }},
		act{"ReturnLetter", func(ctx context.Context) (err error) {
			returned, err = d.ReturnLetter(ctx, third.Reference, data.ReturnReasons[0])
			return err
		}},
		act{"UndoReturn", func(ctx context.Context) error { return d.UndoReturn(ctx, returned) }},
		does("ReturnLetter again", func(ctx context.Context) (Returned, error) {
			return d.ReturnLetter(ctx, third.Reference, data.ReturnReasons[0])
		}),
		act{"AddressChecked", func(ctx context.Context) error { return d.AddressChecked(ctx, o.ID) }},
		does("ReissueLetter", func(ctx context.Context) (Reissue, error) { return d.ReissueLetter(ctx, third.Reference) }),
	)
	var service data.EService
	var subscription data.Subscription
	d.breaks(
		d.admin,
		act{"AddEService", func(ctx context.Context) (err error) {
			service, err = d.AddEService(ctx, data.EService{Code: "actes", Name: "Actes"})
			return err
		}},
		act{"UpdateEService", func(ctx context.Context) error { return d.UpdateEService(ctx, service) }},
		act{"Subscribe", func(ctx context.Context) (err error) {
			subscription, err = d.Subscribe(ctx, o.ID, service.ID)
			return err
		}},
		act{"GrantPermission", func(ctx context.Context) error {
			return d.GrantPermission(ctx, subscription.ID, administrator.Account.ID)
		}},
		does("Permissions", func(ctx context.Context) (PermissionMatrix, error) { return d.Permissions(ctx, o.ID) }),
		act{"RevokePermission", func(ctx context.Context) error {
			return d.RevokePermission(ctx, subscription.ID, administrator.Account.ID)
		}},
		act{"EndSubscription", func(ctx context.Context) error { return d.EndSubscription(ctx, subscription.ID) }},
		does("Sweep", func(ctx context.Context) (Sweep, error) { return d.Sweep(ctx) }),
	)
}

func (d *desk) interruptTickets() {
	d.t.Helper()
	ticket, other := d.ask("m@mairie.fr", "Question", "Bonjour"), d.ask("m@mairie.fr", "Autre question", "Bonjour")
	now := func() data.Ticket { return d.ticket(ticket.ID).Ticket }
	draft := data.Draft{TicketID: ticket.ID, Kind: data.ReplyDraft, To: "m@mairie.fr", Text: "Bonjour"}
	var replied Replied
	var kept data.Draft
	var search data.SavedSearch
	d.breaks(
		d.admin,
		act{"ChangeTicket", func(ctx context.Context) error {
			return d.ChangeTicket(ctx, now(), TicketChange{State: data.OpenTicket})
		}},
		act{"AddNote", func(ctx context.Context) error { return d.AddNote(ctx, ticket.ID, "note") }},
		act{"SaveDraft", func(ctx context.Context) (err error) { kept, err = d.SaveDraft(ctx, draft); return err }},
		act{"AddDraftFile", func(ctx context.Context) error {
			with, err := d.AddDraftFile(ctx, kept, "a.txt", []byte("a"))
			if err == nil {
				kept = with
			}
			return err
		}},
		act{"RemoveDraftFile", func(ctx context.Context) error { return d.RemoveDraftFile(ctx, kept.Files[0].ID) }},
		act{"Reply", func(ctx context.Context) (err error) {
			replied, err = d.Reply(ctx, now(), draft, data.Waiting)
			return err
		}},
		does("UndoReply", func(ctx context.Context) (data.Draft, error) { return d.UndoReply(ctx, replied.OutgoingID) }),
		act{"DropDraft", func(ctx context.Context) error { return d.DropDraft(ctx, ticket.ID) }},
		act{"MergeTickets", func(ctx context.Context) error {
			return d.MergeTickets(ctx, now(), d.ticket(other.ID).Ticket)
		}},
		act{"UnmergeTicket", func(ctx context.Context) error { return d.UnmergeTicket(ctx, d.ticket(other.ID).Ticket) }},
		act{"SaveSearch", func(ctx context.Context) (err error) {
			search, err = d.SaveSearch(ctx, "à moi", "a:moi", false)
			return err
		}},
		act{"DropSearch", func(ctx context.Context) error { return d.DropSearch(ctx, search.ID) }},
		act{"ExportTickets", func(ctx context.Context) error { return d.ExportTickets(ctx, data.TicketFilter{}, CSV, io.Discard) }},
		does("Presence", func(ctx context.Context) ([]data.Presence, error) { return d.Presence(ctx, ticket.ID, true) }),
		does("ForwardDraft", func(ctx context.Context) (data.Draft, error) {
			return d.ForwardDraft(ctx, d.ticket(ticket.ID).Messages[0].ID)
		}),
	)
}

func (d *desk) interruptKeeping() {
	d.t.Helper()
	var nora data.Operator
	d.breaks(
		d.admin,
		act{"CreateOperator", func(ctx context.Context) (err error) {
			nora, err = d.CreateOperator(ctx, NewOperator{Login: "nora", Name: "Nora", Password: longPassword, Roles: []data.Role{data.HelpDesk}})
			return err
		}},
		act{"UpdateOperator", func(ctx context.Context) error {
			changed := nora
			changed.Name = "Nora Stoll"
			return d.UpdateOperator(ctx, nora, changed)
		}},
		act{"DisableOperator", func(ctx context.Context) error { return d.DisableOperator(ctx, d.find("nora")) }},
		act{"EnableOperator", func(ctx context.Context) error { return d.EnableOperator(ctx, d.find("nora")) }},
		act{"ResetOperator", func(ctx context.Context) error { return d.ResetOperator(ctx, d.find("nora"), longPassword+"x") }},
		act{"SaveSettings", func(ctx context.Context) error {
			settings, err := d.Settings(d.admin)
			d.done(err)
			settings.Place = "Colmar"
			return d.SaveSettings(ctx, settings)
		}},
		act{"SetPrinterOffset", func(ctx context.Context) error {
			return d.SetPrinterOffset(ctx, data.PrinterOffset{Printer: "bureau", DX: 1})
		}},
		act{"ErasePerson", func(ctx context.Context) error {
			people, err := d.FindPeople(d.admin, "bis@mairie.fr")
			d.done(err)
			return d.ErasePerson(ctx, people[0])
		}},
		act{"PersonalData", func(ctx context.Context) error {
			people, err := d.FindPeople(d.admin, "m@mairie.fr")
			d.done(err)
			return d.PersonalData(ctx, people[0], io.Discard)
		}},
		does("BackUp", func(ctx context.Context) (Backup, error) {
			d.clock = d.clock.Add(time.Second)
			return d.BackUp(ctx, nil)
		}),
	)
}

// interruptReading breaks off what only reads.
func (d *desk) interruptReading() {
	d.t.Helper()
	o, err := d.FindOrganisations(d.admin, "albe")
	d.done(err)
	record, err := d.Organisation(d.admin, o[0].Organisation.ID)
	d.done(err)
	tickets, err := d.Tickets(d.admin)
	d.done(err)
	id, ticket := record.Organisation.ID, tickets[0].ID
	d.breaks(
		d.admin,
		does("Home", d.Home), does("Counts", d.Counts), does("Queue", d.Queue), does("Batches", d.Batches), does("FollowUp", d.FollowUp),
		does("EServices", d.EServices), does("Operators", d.Operators), does("Backups", d.Backups), does("Mailbox", d.Mailbox),
		does("StockAnswers", d.StockAnswers), does("SavedSearches", d.SavedSearches), does("Agents", d.Agents), does("PlanPurge", d.PlanPurge),
		does("CountTicketViews", d.CountTicketViews), does("VerifyAudit", d.VerifyAudit), does("DemoMails", d.DemoMails), does("FailedOutgoing", d.FailedOutgoing),
		does("RegisterName", d.RegisterName), does("Logo", d.Logo), does("Settings", d.Settings), does("HasOperators", d.HasOperators),
		does("Organisation", func(ctx context.Context) (OrganisationRecord, error) { return d.Organisation(ctx, id) }),
		does("Account", func(ctx context.Context) (AccountRecord, error) { return d.Account(ctx, record.Accounts[0].ID) }),
		does("Ticket", func(ctx context.Context) (TicketRecord, error) { return d.Ticket(ctx, ticket) }),
		does("Directory", func(ctx context.Context) ([]data.OrganisationSummary, error) {
			return d.Directory(ctx, data.DirectoryFilter{Text: "albe"}, 0, 10)
		}),
		does("CountDirectory", func(ctx context.Context) (int, error) { return d.CountDirectory(ctx, data.DirectoryFilter{}) }),
		does("FindAccounts", func(ctx context.Context) ([]data.AccountSummary, error) { return d.FindAccounts(ctx, "heitz") }),
		does("FindPeople", func(ctx context.Context) ([]data.Person, error) { return d.FindPeople(ctx, "heitz") }),
		does("ToSendAgain", func(ctx context.Context) ([]data.LetterFile, error) { return d.ToSendAgain(ctx, id) }),
		does("Letters", func(ctx context.Context) ([]data.LetterFile, error) { return d.Letters(ctx, data.LetterFilter{}) }),
		act{"ExportLetters", func(ctx context.Context) error { return d.ExportLetters(ctx, data.LetterFilter{}, CSV, io.Discard) }},
		act{"ExportAudit", func(ctx context.Context) error { return d.ExportAudit(ctx, data.AuditFilter{}, CSV, io.Discard) }},
		does("Figures", func(ctx context.Context) (data.Figures, error) {
			return d.Figures(ctx, d.clock.AddDate(0, -1, 0), d.clock)
		}),
		act{"ExportFigures", func(ctx context.Context) error {
			return d.ExportFigures(ctx, d.clock.AddDate(0, -1, 0), d.clock, CSV, io.Discard)
		}},
		does("FillAnswer", func(ctx context.Context) (string, error) {
			text, _, err := d.FillAnswer(ctx, ticket, "Bonjour {{.Identifier}}")
			return text, err
		}),
		does("History", func(ctx context.Context) ([]data.AuditEntry, error) { return d.History(ctx, "organisation", id) }),
		does("SearchTickets", func(ctx context.Context) (data.TicketFilter, error) {
			return d.SearchTickets(ctx, strings.Repeat("question ", 2))
		}),
		does("PreviewIdentifier", func(ctx context.Context) (IdentifierPreview, error) { return d.PreviewIdentifier(ctx, "Anne", "Heitz") }),
	)
}
