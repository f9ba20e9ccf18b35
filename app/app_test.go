package app

import (
	"context"
	"errors"
	"math/rand/v2"
	"testing"
	"time"

	"guichet/data"
	"guichet/data/store/postgrestest"
)

// desk is a register with three operators, a clock that the test moves, and
// codes that only the test knows.
type desk struct {
	*App
	t     *testing.T
	path  string
	local string // folder of a shared register's local files
	clock time.Time
	codes *codeRecorder
	uid   uint32 // of the last mail that came in
	asked int    // requests for help

	interrupt interruption // of breaks

	nobody, mailRoom, helpDesk, admin context.Context
}

func openDesk(t *testing.T) *desk {
	t.Helper()
	return openDeskAt(t, postgrestest.Register(t))
}

// openDeskAt is openDesk on a register of one's own.
func openDeskAt(t *testing.T, register string) *desk {
	t.Helper()
	d := &desk{
		t: t, path: register, local: t.TempDir(), clock: tuesday,
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
		Clock: func() time.Time { return d.clock }, Random: d.codes, Passwords: cheap, NoKeyring: true, Folder: d.local,
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
	if !o.LastSignInAt.Equal(tuesday) || !o.FormerAt.IsZero() || o.Failures != 1 {
		t.Errorf("%+v", o)
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
