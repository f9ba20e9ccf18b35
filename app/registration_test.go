package app

import (
	"bytes"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"guichet/data/store/postgrestest"

	"guichet/data"
	"guichet/data/store"
)

// TestR02_RegistrationQueuesItsLetter: user, administrator and succession.
func TestR02_RegistrationQueuesItsLetter(t *testing.T) {
	d := openDesk(t)
	o := d.organisation("Commune d'Achenheim")
	admin := d.register(o, "admin@a.fr", true)
	user := d.register(o, "user@a.fr", false)
	queue, err := d.Queue(d.mailRoom)
	d.done(err)
	kinds := map[string]data.RequestKind{}
	for _, q := range queue {
		kinds[q.Reference] = q.Request.Kind
		if q.Held != nil {
			t.Error(q.Held)
		}
	}
	if len(queue) != 2 || kinds[admin.Reference] != data.AdministratorRegistration || kinds[user.Reference] != data.UserRegistration {
		t.Errorf("queue %v", kinds)
	}
	codes := d.post()
	for reference := range codes {
		_, err := d.confirm(reference, codes)
		d.done(err)
	}
	reference, err := d.RequestSuccession(d.helpDesk, user.Account.ID)
	d.done(err)
	queue, err = d.Queue(d.mailRoom)
	d.done(err)
	if len(queue) != 1 || queue[0].Reference != reference || queue[0].Request.Kind != data.AdministratorSuccession {
		t.Errorf("queue %+v", queue)
	}
	_, err = d.RequestSuccession(d.helpDesk, admin.Account.ID)
	d.refused(Conflict, err)
}

// TestR02_AllOrNothing: a registration that cannot be whole leaves nothing.
func TestR02_AllOrNothing(t *testing.T) {
	d := openDesk(t)
	_, err := d.Register(d.helpDesk, Registration{
		OrganisationID: 999, FirstName: "A", LastName: "B", Email: "a@b.fr", Password: "Portail-2026", TermsAccepted: true,
	})
	d.refused(NotFound, err)
	queue, err := d.Queue(d.mailRoom)
	d.done(err)
	if len(queue) != 0 {
		t.Error("a letter without its registration")
	}
}

// TestR01_LetterGoesToTheRepresentativeInOffice when it is composed.
func TestR01_LetterGoesToTheRepresentativeInOffice(t *testing.T) {
	d := openDesk(t)
	o := d.organisation("Commune d'Achenheim")
	made := d.register(o, "a@b.fr", false)
	d.done(d.AppointRepresentative(d.admin, data.LegalRepresentative{
		OrganisationID: o.ID, Civility: data.Monsieur, FirstName: "Paul", LastName: "Hirtz", Office: "Maire",
	}))
	d.compose()
	if lines := d.letter(made.Reference).Lines; !slices.Contains(lines, "Monsieur Paul HIRTZ") {
		t.Errorf("the letter goes to %q", lines)
	}
	record, err := d.Organisation(d.admin, o.ID)
	d.done(err)
	if len(record.Mandates) != 2 || record.Mandates[1].Until.IsZero() {
		t.Errorf("mandates %+v", record.Mandates)
	}
}

// TestR03_OnlyCodesValidateAnAdministrator: not the administrator in office.
func TestR03_OnlyCodesValidateAnAdministrator(t *testing.T) {
	d := openDesk(t)
	o := d.organisation("Commune d'Achenheim")
	first := d.register(o, "first@a.fr", true)
	codes := d.post()
	_, err := d.confirm(first.Reference, codes)
	d.done(err)
	second := d.register(o, "second@a.fr", true)
	d.refused(Forbidden, d.ValidateAccount(d.admin, second.Account.ID))
	if d.account(o, second.Account.ID).Usable(d.clock) {
		t.Error("the second administrator is usable")
	}
}

// TestR04_EitherWayCloses: whichever comes first closes the other.
func TestR04_EitherWayCloses(t *testing.T) {
	d := openDesk(t)
	o := d.organisation("Commune d'Achenheim")
	user := d.register(o, "user@a.fr", false)
	d.refused(Conflict, d.ValidateAccount(d.helpDesk, user.Account.ID)) // nobody to validate yet
	admin := d.register(o, "admin@a.fr", true)
	codes := d.post()
	_, err := d.confirm(admin.Reference, codes)
	d.done(err)

	// The administrator first: composed codes are void.
	d.done(d.ValidateAccount(d.helpDesk, user.Account.ID))
	if got := d.letter(user.Reference); got.State != data.WithdrawnLetter || got.Hash != nil {
		t.Errorf("letter %s", got.State)
	}
	_, err = d.confirm(user.Reference, codes)
	d.refused(Conflict, err)
	if !d.account(o, user.Account.ID).Usable(d.clock) {
		t.Error("validated by the administrator, not usable")
	}
	// The administrator first, while the letter is queued: it is withdrawn.
	queued := d.register(o, "queued@a.fr", false)
	d.done(d.ValidateAccount(d.helpDesk, queued.Account.ID))
	_, err = d.Compose(d.mailRoom, nil, nil)
	d.refused(Conflict, err)
	// The codes first.
	third := d.register(o, "third@a.fr", false)
	codes = d.post()
	_, err = d.confirm(third.Reference, codes)
	d.done(err)
	if !d.account(o, third.Account.ID).Usable(d.clock) {
		t.Error("validated by codes, not usable")
	}
}

// TestR05_NewAdministratorReplacesTheFormer in one step.
func TestR05_NewAdministratorReplacesTheFormer(t *testing.T) {
	d := openDesk(t)
	o := d.organisation("Commune d'Achenheim")
	first := d.register(o, "first@a.fr", true)
	_, err := d.confirm(first.Reference, d.post())
	d.done(err)
	second := d.register(o, "second@a.fr", true)
	done, err := d.confirm(second.Reference, d.post())
	d.done(err)
	if done.Former.ID != first.Account.ID {
		t.Errorf("former %+v", done.Former)
	}
	record, err := d.Organisation(d.admin, o.ID)
	d.done(err)
	if record.Administrator.ID != second.Account.ID || !d.account(o, first.Account.ID).Usable(d.clock) {
		t.Error("the former administrator must stay a user")
	}
}

// TestR15_LatestAdministratorWins before the first was validated.
func TestR15_LatestAdministratorWins(t *testing.T) {
	d := openDesk(t)
	o := d.organisation("Commune d'Achenheim")
	first := d.register(o, "first@a.fr", true)
	codes := d.post()
	second := d.register(o, "second@a.fr", true)
	third := d.register(o, "third@a.fr", true)
	_, err := d.confirm(first.Reference, codes)
	d.refused(Conflict, err)
	newer := d.post()
	if len(newer) != 1 || d.letter(second.Reference).State != data.SupersededLetter {
		t.Errorf("%d letters composed, want the third alone", len(newer))
	}
	_, err = d.confirm(third.Reference, newer)
	d.done(err)
}

// TestR08_IdentifierIsNeverGivenTwice across organisations.
func TestR08_IdentifierIsNeverGivenTwice(t *testing.T) {
	d := openDesk(t)
	for i, want := range []string{"anne.heitz", "anne.heitz2", "anne.heitz3"} {
		o := d.organisation("Commune " + strings.Repeat("A", i+1))
		if got := d.register(o, "anne@heitz.fr", false).Account.Identifier; got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
	p, err := d.PreviewIdentifier(d.helpDesk, "Frédéric", "Dupont Durand")
	if err != nil || p.Identifier != "frederic-dupont-dura" || p.Simpler != "frederic.dupont" {
		t.Errorf("%+v, %v", p, err)
	}
}

func TestR10_ActivationThenValidationOrTheOtherWayRound(t *testing.T) {
	d := openDesk(t)
	o := d.organisation("Commune d'Achenheim")
	made, err := d.Register(d.helpDesk, Registration{
		OrganisationID: o.ID, FirstName: "Anne", LastName: "Heitz", Email: "a@b.fr", Password: "Portail-2026", TermsAccepted: true,
	})
	d.done(err)
	_, err = d.confirm(made.Reference, d.post())
	d.done(err)
	if d.account(o, made.Account.ID).Usable(d.clock) {
		t.Error("usable before its activation")
	}
	token := data.ActivationToken(made.Account.ID, made.Account.ActivationNonce, d.secret)
	account, err := d.Activate(d.helpDesk, token)
	d.done(err)
	if !account.Usable(d.clock) {
		t.Error("not usable")
	}
	_, err = d.Activate(d.helpDesk, token)
	d.refused(Invalid, err)
}

// TestR17_RenewedLinkVoidsTheOldOne, and a late link is refused.
func TestR17_RenewedLinkVoidsTheOldOne(t *testing.T) {
	d := openDesk(t)
	o := d.organisation("Commune d'Achenheim")
	made, err := d.Register(d.helpDesk, Registration{
		OrganisationID: o.ID, FirstName: "Anne", LastName: "Heitz", Email: "a@b.fr", Password: "Portail-2026", TermsAccepted: true,
	})
	d.done(err)
	old := data.ActivationToken(made.Account.ID, made.Account.ActivationNonce, d.secret)
	d.clock = d.clock.Add(data.ActivationDelay + time.Minute)
	_, err = d.Activate(d.helpDesk, old)
	d.refused(Conflict, err)
	d.done(d.RenewActivation(d.helpDesk, made.Account.ID))
	_, err = d.Activate(d.helpDesk, old)
	d.refused(Invalid, err)
	account := d.account(o, made.Account.ID)
	_, err = d.Activate(d.helpDesk, data.ActivationToken(account.ID, account.ActivationNonce, d.secret))
	d.done(err)
	for _, wrong := range []string{"", "12", "999-AAAA", "1-" + strings.Repeat("0", 26)} {
		_, err = d.Activate(d.helpDesk, wrong)
		d.refused(Invalid, err)
	}
}

func TestR13_OneAccountAPersonAndOrganisation(t *testing.T) {
	d := openDesk(t)
	o := d.organisation("Commune d'Achenheim")
	d.register(o, "anne@heitz.fr", false)
	_, err := d.Register(d.helpDesk, Registration{
		OrganisationID: o.ID, FirstName: "Anne", LastName: "Heitz", Email: "ANNE@heitz.fr", Password: "Portail-2026", TermsAccepted: true,
	})
	d.refused(Conflict, err)
}

func TestR14_RegisterNamesEveryField(t *testing.T) {
	d := openDesk(t)
	_, err := d.Register(d.helpDesk, Registration{Password: "court"})
	var e *Error
	if !errors.As(err, &e) || e.Kind != Invalid {
		t.Fatal(err)
	}
	var fields []string
	for _, p := range e.Problems {
		fields = append(fields, p.Field)
	}
	for _, field := range []string{"organisation", "first_name", "last_name", "email", "password", "terms"} {
		if !slices.Contains(fields, field) {
			t.Errorf("%s is not named among %v", field, fields)
		}
	}
}

func TestR11_InvalidatedByTheAdministrator(t *testing.T) {
	d := openDesk(t)
	o := d.organisation("Commune d'Achenheim")
	admin, user := d.register(o, "admin@a.fr", true), d.register(o, "user@a.fr", false)
	codes := d.post()
	for reference := range codes {
		_, err := d.confirm(reference, codes)
		d.done(err)
	}
	d.refused(Conflict, d.InvalidateAccount(d.helpDesk, admin.Account.ID))
	d.done(d.InvalidateAccount(d.helpDesk, user.Account.ID))
	d.refused(Conflict, d.RecordSignIn(d.helpDesk, user.Account.Identifier))
	d.done(d.ValidateAccount(d.helpDesk, user.Account.ID)) // R12
	d.done(d.RecordSignIn(d.helpDesk, user.Account.Identifier))
}

// TestSecretsStayOut looks for passwords and codes in the register's file and
// its audit.
func TestSecretsStayOut(t *testing.T) {
	postgrestest.OnlyFile(t)
	d := openDesk(t)
	o := d.organisation("Commune d'Achenheim")
	d.register(o, "a@b.fr", true)
	codes := d.post()
	_, err := d.SetMailPassword(d.admin, SmarthostPassword, "mot de passe de la boîte")
	d.done(err)
	secrets := []string{"Portail-2026", "un mot de passe long", "mot de passe de la boîte"}
	for _, pair := range codes {
		secrets = append(secrets, pair[:]...)
	}
	d.done(d.store.View(d.admin, func(tx *store.Tx) error {
		entries, err := tx.RecentAudit("", 1000)
		for _, entry := range entries {
			for _, secret := range secrets {
				if strings.Contains(entry.Before+entry.After, secret) {
					t.Errorf("the audit entry %s holds a secret", entry.Action)
				}
			}
		}
		return err
	}))
	d.done(d.Close())
	for _, file := range []string{d.path, d.path + "-wal"} {
		content, err := os.ReadFile(file)
		if err != nil && file == d.path {
			t.Fatal(err)
		}
		for _, secret := range secrets {
			if bytes.Contains(content, []byte(secret)) {
				t.Errorf("%s holds a secret", file)
			}
		}
	}
	info, err := os.Stat(d.path + ".secrets")
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("secrets file: %v, %v", info, err)
	}
}
