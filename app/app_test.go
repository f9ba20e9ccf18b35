package app

import (
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"guichet/data"
)

// desk is a register with three operators, a clock that the test moves, and
// codes that only the test knows.
type desk struct {
	*App
	t     *testing.T
	path  string
	clock time.Time
	codes *codeRecorder
	uid   uint32 // of the last mail that came in
	asked int    // requests for help

	nobody, mailRoom, helpDesk, admin context.Context
}

func openDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{
		t: t, path: filepath.Join(t.TempDir(), "register.db"), clock: tuesday,
		codes: &codeRecorder{random: rand.NewChaCha8([32]byte{1})}, nobody: context.Background(),
	}
	d.open()
	admin := d.operator(d.nobody, "admin", data.Administrator)
	d.admin = As(d.nobody, admin)
	d.mailRoom = As(d.nobody, d.operator(d.admin, "courrier", data.MailRoom))
	d.helpDesk = As(d.nobody, d.operator(d.admin, "assistance", data.HelpDesk))
	settings := data.DefaultSettings()
	settings.Sender, settings.Place, settings.PortalURL, settings.Signatory = []string{"Portail"}, "Strasbourg", "https://portail.example", "C. Martin"
	d.done(d.SaveSettings(d.admin, settings))
	return d
}

// open opens the register, as after a crash when it was open before.
func (d *desk) open() {
	d.t.Helper()
	a, err := Open(context.Background(), d.path, Options{
		Clock: func() time.Time { return d.clock }, Random: d.codes, Passwords: cheap, NoKeyring: true,
	})
	d.done(err)
	d.App = a
	d.t.Cleanup(func() { a.Close() })
}

func (d *desk) done(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

// refused asserts the kind of a refusal.
func (d *desk) refused(kind Kind, err error) {
	d.t.Helper()
	if KindOf(err) != kind {
		d.t.Errorf("%v (%s), want %s", err, KindOf(err), kind)
	}
}

func (d *desk) operator(ctx context.Context, login string, roles ...data.Role) data.Operator {
	d.t.Helper()
	o, err := d.CreateOperator(ctx, NewOperator{Login: login, Name: login, Password: "un mot de passe long", Roles: roles})
	d.done(err)
	return o
}

// organisation adds a commune whose letters can be printed.
func (d *desk) organisation(name string) data.Organisation {
	d.t.Helper()
	o, err := d.AddOrganisation(d.admin, data.Organisation{
		Kind: data.Commune, Name: name, Address: data.Address{Street: "1 rue Principale", PostalCode: "67204", City: "ACHENHEIM"},
	}, data.LegalRepresentative{Civility: data.Madame, FirstName: "Jeanne", LastName: "Roth", Office: "Maire"})
	d.done(err)
	return o
}

// register registers somebody and activates the account.
func (d *desk) register(o data.Organisation, email string, administrator bool) Registered {
	d.t.Helper()
	made, err := d.Register(d.helpDesk, Registration{
		OrganisationID: o.ID, Administrator: administrator, FirstName: "Anne", LastName: "Heitz",
		Email: email, Password: "Portail-2026", TermsAccepted: true,
	})
	d.done(err)
	_, err = d.Activate(d.helpDesk, data.ActivationToken(made.Account.ID, made.Account.ActivationNonce, d.secret))
	d.done(err)
	return made
}

// compose composes all that is ready and returns the codes by reference.
func (d *desk) compose() (data.Batch, map[string]data.ConfirmationCodes) {
	d.t.Helper()
	d.codes.drawn = nil
	batch, err := d.Compose(d.mailRoom, nil, nil)
	d.done(err)
	files, err := d.Letters(d.mailRoom, data.LetterFilter{State: data.Composed})
	d.done(err)
	codes := map[string]data.ConfirmationCodes{}
	for _, file := range files {
		if file.BatchID == batch.ID {
			codes[file.Reference] = d.codes.drawn[file.Sheet-1]
		}
	}
	return batch, codes
}

// post composes, prints and posts.
func (d *desk) post() map[string]data.ConfirmationCodes {
	d.t.Helper()
	batch, codes := d.compose()
	d.done(d.MarkPrinted(d.mailRoom, batch.Number))
	d.done(d.MarkPosted(d.mailRoom, batch.Number, d.clock))
	return codes
}

func (d *desk) confirm(reference string, codes map[string]data.ConfirmationCodes) (Confirmation, error) {
	return d.Confirm(d.helpDesk, reference, codes[reference][0], codes[reference][1])
}

func (d *desk) account(o data.Organisation, id int64) data.Account {
	d.t.Helper()
	record, err := d.Organisation(d.admin, o.ID)
	d.done(err)
	for _, account := range record.Accounts {
		if account.ID == id {
			return account
		}
	}
	d.t.Fatalf("no account %d", id)
	return data.Account{}
}

func (d *desk) letter(reference string) data.LetterFile {
	d.t.Helper()
	files, err := d.Letters(d.admin, data.LetterFilter{})
	d.done(err)
	for _, file := range files {
		if file.Reference == reference {
			return file
		}
	}
	d.t.Fatalf("no letter %s", reference)
	return data.LetterFile{}
}

func TestSignIn(t *testing.T) {
	d := openDesk(t)
	for _, try := range [][2]string{{"admin", "faux"}, {"personne", "un mot de passe long"}, {"", ""}} {
		_, err := d.SignIn(d.nobody, try[0], try[1])
		d.refused(Forbidden, err)
		if err.Error() != "Nom d’utilisateur ou mot de passe erroné" {
			t.Error(err)
		}
	}
	o, err := d.SignIn(d.nobody, " ADMIN ", "un mot de passe long")
	d.done(err)
	if !o.LastSignInAt.Equal(tuesday) {
		t.Error(o.LastSignInAt)
	}
}

func TestCreateOperator(t *testing.T) {
	d := openDesk(t)
	_, err := d.CreateOperator(d.helpDesk, NewOperator{Login: "x", Name: "X", Password: "un mot de passe long", Roles: []data.Role{data.HelpDesk}})
	d.refused(Forbidden, err)
	_, err = d.CreateOperator(d.admin, NewOperator{Login: "admin", Name: "X", Password: "un mot de passe long", Roles: []data.Role{data.HelpDesk}})
	d.refused(Invalid, err)
	_, err = d.CreateOperator(d.admin, NewOperator{Login: "a b", Password: "court", Roles: []data.Role{"roi"}})
	d.refused(Invalid, err)
	var e *Error
	if errors.As(err, &e); len(e.Problems) != 4 {
		t.Error(e.Problems)
	}
}

// TestRolesAreEnforced calls every use case that changes something with the
// roles that may not.
func TestRolesAreEnforced(t *testing.T) {
	d := openDesk(t)
	o := d.organisation("Commune d'Achenheim")
	made := d.register(o, "a@b.fr", false)
	batch, _ := d.compose()
	calls := map[string]func(ctx context.Context) error{
		"AddOrganisation": func(ctx context.Context) error {
			_, err := d.AddOrganisation(ctx, data.Organisation{}, data.LegalRepresentative{})
			return err
		},
		"AppointRepresentative": func(ctx context.Context) error {
			return d.AppointRepresentative(ctx, data.LegalRepresentative{})
		},
		"Import":          func(ctx context.Context) error { _, err := d.Import(ctx, OrganisationsFile, nil, false); return err },
		"SaveSettings":    func(ctx context.Context) error { return d.SaveSettings(ctx, data.Settings{}) },
		"SetMailPassword": func(ctx context.Context) error { _, err := d.SetMailPassword(ctx, "mailbox", "x"); return err },
		"VerifyAudit":     func(ctx context.Context) error { _, err := d.VerifyAudit(ctx); return err },
	}
	helpDesk := map[string]func(ctx context.Context) error{
		"Register":          func(ctx context.Context) error { _, err := d.Register(ctx, Registration{}); return err },
		"RenewActivation":   func(ctx context.Context) error { return d.RenewActivation(ctx, made.Account.ID) },
		"ValidateAccount":   func(ctx context.Context) error { return d.ValidateAccount(ctx, made.Account.ID) },
		"InvalidateAccount": func(ctx context.Context) error { return d.InvalidateAccount(ctx, made.Account.ID) },
		"RecordSignIn":      func(ctx context.Context) error { return d.RecordSignIn(ctx, made.Account.Identifier) },
		"RequestSuccession": func(ctx context.Context) error { _, err := d.RequestSuccession(ctx, made.Account.ID); return err },
		"Confirm":           func(ctx context.Context) error { _, err := d.Confirm(ctx, made.Reference, "", ""); return err },
		"Fetch":             func(ctx context.Context) error { _, err := d.Fetch(ctx); return err },
		"Tickets":           func(ctx context.Context) error { _, err := d.Tickets(ctx); return err },
		"Ticket":            func(ctx context.Context) error { _, err := d.Ticket(ctx, 1); return err },
		"CountTickets":      func(ctx context.Context) error { _, err := d.CountTickets(ctx, data.TicketFilter{}); return err },
		"CountTicketViews":  func(ctx context.Context) error { _, err := d.CountTicketViews(ctx); return err },
		"SearchTickets":     func(ctx context.Context) error { _, err := d.SearchTickets(ctx, "a"); return err },
		"SavedSearches":     func(ctx context.Context) error { _, err := d.SavedSearches(ctx); return err },
		"SaveSearch":        func(ctx context.Context) error { _, err := d.SaveSearch(ctx, "a", "a", false); return err },
		"DropSearch":        func(ctx context.Context) error { return d.DropSearch(ctx, 1) },
		"ExportTickets": func(ctx context.Context) error {
			return d.ExportTickets(ctx, data.TicketFilter{}, CSV, io.Discard)
		},
		"Attachment": func(ctx context.Context) error { _, err := d.Attachment(ctx, 1); return err },
		"PreviewAttachment": func(ctx context.Context) error {
			_, _, err := d.PreviewAttachment(ctx, 1, 0, 72)
			return err
		},
		"OpenAttachment": func(ctx context.Context) error { _, err := d.OpenAttachment(ctx, 1, true); return err },
		"ChangeTicket":   func(ctx context.Context) error { return d.ChangeTicket(ctx, data.Ticket{}, TicketChange{}) },
		"ChangeTickets":  func(ctx context.Context) error { _, err := d.ChangeTickets(ctx, nil, TicketChange{}); return err },
		"MergeTickets":   func(ctx context.Context) error { return d.MergeTickets(ctx, data.Ticket{}) },
		"UnmergeTicket":  func(ctx context.Context) error { return d.UnmergeTicket(ctx, data.Ticket{}) },
		"SplitTicket":    func(ctx context.Context) error { _, err := d.SplitTicket(ctx, data.Ticket{}); return err },
		"ActOnTicket": func(ctx context.Context) error {
			_, err := d.ActOnTicket(ctx, 1, data.TellIdentifier, "")
			return err
		},
		"Reply": func(ctx context.Context) error {
			_, err := d.Reply(ctx, data.Ticket{}, data.Draft{}, "")
			return err
		},
		"UndoReply":      func(ctx context.Context) error { _, err := d.UndoReply(ctx, 1); return err },
		"AddNote":        func(ctx context.Context) error { return d.AddNote(ctx, 1, "a") },
		"SaveDraft":      func(ctx context.Context) error { _, err := d.SaveDraft(ctx, data.Draft{}); return err },
		"DropDraft":      func(ctx context.Context) error { return d.DropDraft(ctx, 1) },
		"ForwardDraft":   func(ctx context.Context) error { _, err := d.ForwardDraft(ctx, 1); return err },
		"AddDraftFile":   func(ctx context.Context) error { _, err := d.AddDraftFile(ctx, data.Draft{}, "a", nil); return err },
		"Presence":       func(ctx context.Context) error { _, err := d.Presence(ctx, 1, false); return err },
		"StockAnswers":   func(ctx context.Context) error { _, err := d.StockAnswers(ctx); return err },
		"FillAnswer":     func(ctx context.Context) error { _, _, err := d.FillAnswer(ctx, 1, "a"); return err },
		"FailedOutgoing": func(ctx context.Context) error { _, err := d.FailedOutgoing(ctx); return err },
		"RetryOutgoing":  func(ctx context.Context) error { return d.RetryOutgoing(ctx, 1) },
		"DropOutgoing":   func(ctx context.Context) error { return d.DropOutgoing(ctx, 1) },
		"Agents":         func(ctx context.Context) error { _, err := d.Agents(ctx); return err },
		"Figures":        func(ctx context.Context) error { _, err := d.Figures(ctx, d.clock, d.clock); return err },
	}
	mailRoom := map[string]func(ctx context.Context) error{
		"Compose":     func(ctx context.Context) error { _, err := d.Compose(ctx, nil, nil); return err },
		"BatchFiles":  func(ctx context.Context) error { _, err := d.BatchFiles(ctx, batch.Number); return err },
		"MarkPrinted": func(ctx context.Context) error { return d.MarkPrinted(ctx, batch.Number) },
		"MarkPosted":  func(ctx context.Context) error { return d.MarkPosted(ctx, batch.Number, d.clock) },
		"CancelBatch": func(ctx context.Context) error { return d.CancelBatch(ctx, batch.Number) },
	}
	refuse := func(calls map[string]func(ctx context.Context) error, as ...context.Context) {
		for name, call := range calls {
			for _, ctx := range append(as, d.nobody) {
				if err := call(ctx); KindOf(err) != Forbidden {
					operator, _ := OperatorOf(ctx)
					t.Errorf("%s as %q: %v", name, operator.Login, err)
				}
			}
		}
	}
	refuse(calls, d.mailRoom, d.helpDesk)
	refuse(helpDesk, d.mailRoom)
	refuse(mailRoom, d.helpDesk, d.admin)
	refuse(map[string]func(ctx context.Context) error{
		"UpdateOrganisation": func(ctx context.Context) error { return d.UpdateOrganisation(ctx, data.Organisation{}) },
	}, d.helpDesk)
}
