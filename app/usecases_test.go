package app

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"guichet/app/mailbox/mailboxtest"
	"guichet/data"
	"guichet/data/store"
)

// everyUseCase drives the use cases of the table, notes which, and keeps what
// their errors say.
type everyUseCase struct {
	*desk
	driven map[string]bool
	errors []string
}

// did notes a use case and its error, which may be a refusal.
func (u *everyUseCase) did(name string, err error) {
	u.driven[name] = true
	if err != nil {
		u.errors = append(u.errors, name+": "+err.Error())
	}
}

// must notes a use case that has to succeed.
func (u *everyUseCase) must(name string, err error) {
	u.t.Helper()
	if err != nil {
		u.t.Fatalf("%s: %v", name, err)
	}
	u.did(name, err)
}

// The secrets that go through the use cases; codes and tokens are added.
const (
	secretOperator = "Secret-Operateur-4711"
	secretReset    = "Secret-Provisoire-4712"
	secretAccount  = "Secret-Compte-4713"
	secretMailbox  = "Secret-Boite-4714"
	secretRefresh  = "secret-refresh-token-4715"
	secretAccess   = "secret-access-token-4716"
)

// TestNoUseCaseTellsASecret drives every use case, with secrets where they belong
// and where they do not, and then looks for them in the audit, the log, the
// errors, the register's file and what a use case hands out.
func TestNoUseCaseTellsASecret(t *testing.T) {
	var log bytes.Buffer
	former := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})))
	t.Cleanup(func() { slog.SetDefault(former) })
	u := &everyUseCase{desk: openDesk(t), driven: map[string]bool{}}
	secrets := []string{secretOperator, secretReset, secretAccount, secretMailbox, secretRefresh, secretAccess, longPassword}
	codes := u.directory(t)
	secrets = append(secrets, codes...)
	u.mails(t)
	secrets = append(secrets, u.tickets(t)...)
	u.keeping(t)
	for name := range useCases {
		if !u.driven[name] { // what only reads, and what needs a printer
			func() {
				defer func() { _ = recover() }() // nothing is no input
				u.did(name, u.call(name, u.admin))
			}()
		}
	}
	for name := range useCases {
		if !u.driven[name] {
			t.Errorf("%s was not driven", name)
		}
	}

	var audit []string
	u.done(u.store.View(u.nobody, func(tx *store.Tx) error {
		entries, err := tx.Audit(data.AuditFilter{}, 0, 100_000)
		for _, e := range entries {
			audit = append(audit, e.Action+" "+e.Operator+" "+e.Before+" "+e.After)
		}
		return err
	}))
	if len(audit) < 60 {
		t.Fatalf("only %d entries", len(audit))
	}
	settings, err := u.Settings(u.admin)
	u.done(err)
	shown, err := json.Marshal(settings)
	u.done(err)
	operators, err := u.Operators(u.admin)
	u.done(err)
	people, err := json.Marshal(operators)
	u.done(err)
	u.done(u.Close())
	var file []byte
	if !u.Shared() {
		file, err = os.ReadFile(u.path)
		u.done(err)
	}
	for place, text := range map[string]string{
		"the audit": strings.Join(audit, "\n"), "the log": log.String(), "the errors": strings.Join(u.errors, "\n"),
		"the settings": string(shown), "the operators": string(people), "the register's file": string(file),
	} {
		for _, secret := range secrets {
			if i := strings.Index(text, secret); secret != "" && i >= 0 {
				t.Errorf("%s holds %q: …%s…", place, secret, text[max(0, i-80):min(len(text), i+80)])
			}
		}
	}
}

// call calls a use case with nothing.
func (u *everyUseCase) call(name string, as context.Context) error {
	u.passes(name, as)
	return nil
}

// directory drives what is about organisations, accounts and letters, and returns
// the codes and tokens that were live.
func (u *everyUseCase) directory(t *testing.T) (secrets []string) {
	o, err := u.AddOrganisation(u.admin, data.Organisation{
		Kind: data.Commune, Name: "Commune d'Achenheim", Address: data.Address{Street: "1 rue Principale", PostalCode: "67204", City: "ACHENHEIM"},
	}, data.LegalRepresentative{FirstName: "Jeanne", LastName: "Roth", Office: "Maire"})
	u.must("AddOrganisation", err)
	twin, err := u.AddOrganisation(u.admin, data.Organisation{Kind: data.Commune, Name: "Achenheim bis", Address: o.Address}, data.LegalRepresentative{})
	u.done(err)
	u.must("UpdateOrganisation", u.UpdateOrganisation(u.admin, o))
	u.must("EditOrganisation", u.EditOrganisation(u.admin, o, o))
	u.must("AppointRepresentative", u.AppointRepresentative(u.admin, data.LegalRepresentative{OrganisationID: o.ID, FirstName: "Luc", LastName: "Weiss", Office: "Maire"}))
	register := func(email string, administrator bool) Registered {
		made, err := u.Register(u.helpDesk, Registration{
			OrganisationID: o.ID, Administrator: administrator, FirstName: "Anne", LastName: "Heitz", Email: email, Password: secretAccount, TermsAccepted: true,
		})
		u.must("Register", err)
		secrets = append(secrets, data.ActivationToken(made.Account.ID, made.Account.ActivationNonce, u.secret))
		return made
	}
	administrator, user, other := register("admin@mairie.example", true), register("user@mairie.example", false), register("autre@mairie.example", false)
	_, err = u.Register(u.helpDesk, Registration{OrganisationID: o.ID, FirstName: "Anne", LastName: secretAccount + "\n", Password: "court" + secretAccount[:1]})
	u.did("Register", refusedText(err))
	_, err = u.Activate(u.helpDesk, secrets[0])
	u.must("Activate", err)
	_, err = u.Activate(u.helpDesk, secrets[0])
	u.did("Activate", err)
	u.must("RenewActivation", u.RenewActivation(u.helpDesk, user.Account.ID))
	_, err = u.Activate(u.helpDesk, secrets[1]) // void by now
	u.did("Activate", err)
	renewed := u.account(o, user.Account.ID)
	secrets = append(secrets, data.ActivationToken(renewed.ID, renewed.ActivationNonce, u.secret))
	_, err = u.Activate(u.helpDesk, secrets[len(secrets)-1])
	u.must("Activate", err)
	u.must("SetAccountPassword", u.SetAccountPassword(u.helpDesk, user.Account.ID, secretAccount+"x"))
	u.did("SetAccountPassword", u.SetAccountPassword(u.helpDesk, user.Account.ID, strings.ToLower(secretAccount)))

	batch, drawn := u.compose()
	u.driven["Compose"] = true
	for _, pair := range drawn {
		secrets = append(secrets, pair[0], pair[1])
	}
	_, err = u.BatchFiles(u.mailRoom, batch.Number)
	u.must("BatchFiles", err)
	_, err = u.PreviewSheet(u.mailRoom, batch.Number, 1, 40)
	u.must("PreviewSheet", err)
	_, err = u.Print(u.mailRoom, batch.Number, PrintOrder{Printer: "aucune"}, nil)
	u.did("Print", err)
	_, err = u.FindSheet(u.mailRoom, batch.Number, drawn[administrator.Reference][0])
	u.did("FindSheet", err)
	u.must("MarkPrinted", u.MarkPrinted(u.mailRoom, batch.Number))
	u.must("MarkPosted", u.MarkPosted(u.mailRoom, batch.Number, u.clock))
	_, err = u.PreviewSheet(u.mailRoom, batch.Number, 1, 40)
	u.did("PreviewSheet", err)
	right := drawn[administrator.Reference]
	for _, try := range [][3]string{
		{right[0], right[1], right[0]}, // a code in the reference's field
		{administrator.Reference, right[1], right[0]}, {administrator.Reference, right[0][:5] + "-", right[1]}, {administrator.Reference, secretAccount, secretAccount},
	} {
		_, err = u.Confirm(u.helpDesk, try[0], try[1], try[2])
		u.did("Confirm", err)
	}
	_, err = u.Confirm(u.helpDesk, administrator.Reference, right[0], right[1])
	u.must("Confirm", err)
	u.must("InvalidateAccount", u.InvalidateAccount(u.helpDesk, other.Account.ID))
	u.must("ValidateAccount", u.ValidateAccount(u.helpDesk, user.Account.ID))
	u.must("RecordSignIn", u.RecordSignIn(u.helpDesk, administrator.Account.Identifier))
	reference, err := u.RequestSuccession(u.helpDesk, user.Account.ID)
	u.must("RequestSuccession", err)
	batch, drawn = u.compose()
	for _, pair := range drawn {
		secrets = append(secrets, pair[0], pair[1])
	}
	u.must("CancelBatch", u.CancelBatch(u.mailRoom, batch.Number))
	drawn = u.post()
	for _, pair := range drawn {
		secrets = append(secrets, pair[0], pair[1])
	}
	returned, err := u.ReturnLetter(u.mailRoom, reference, data.ReturnReasons[0])
	u.must("ReturnLetter", err)
	u.must("UndoReturn", u.UndoReturn(u.mailRoom, returned))
	_, err = u.ReturnLetter(u.mailRoom, reference, data.ReturnReasons[0])
	u.done(err)
	u.must("AddressChecked", u.AddressChecked(u.mailRoom, o.ID))
	_, err = u.ReissueLetter(u.helpDesk, reference)
	u.must("ReissueLetter", err)

	service, err := u.AddEService(u.admin, data.EService{Code: "actes", Name: "Actes"})
	u.must("AddEService", err)
	u.must("UpdateEService", u.UpdateEService(u.admin, service))
	subscription, err := u.Subscribe(u.admin, o.ID, service.ID)
	u.must("Subscribe", err)
	u.must("GrantPermission", u.GrantPermission(u.admin, subscription.ID, administrator.Account.ID))
	u.must("RevokePermission", u.RevokePermission(u.admin, subscription.ID, administrator.Account.ID))
	u.must("EndSubscription", u.EndSubscription(u.admin, subscription.ID))
	u.must("MergeOrganisations", u.MergeOrganisations(u.admin, twin.ID, o.ID))
	archived, err := u.AddOrganisation(u.admin, data.Organisation{Kind: data.Commune, Name: "Ancienne", Address: o.Address}, data.LegalRepresentative{})
	u.done(err)
	u.must("ArchiveOrganisation", u.ArchiveOrganisation(u.admin, archived.ID))
	for kind := range importers {
		var out bytes.Buffer
		u.must("Export", u.Export(u.admin, kind, CSV, &out))
		for _, secret := range secrets {
			if strings.Contains(out.String(), secret) {
				t.Errorf("the export of %s holds a secret", kind)
			}
		}
		_, err = u.Import(u.admin, kind, bytes.NewReader(out.Bytes()), true)
		u.must("Import", err)
		_, err = u.Import(u.admin, kind, strings.NewReader("identifiant;mot_de_passe\nx;"+secretAccount+"\n"), false)
		u.did("Import", err)
	}
	u.must("ExportLetters", u.ExportLetters(u.admin, data.LetterFilter{}, XLSX, io.Discard))
	_, err = u.Sweep(u.helpDesk)
	u.must("Sweep", err)
	return secrets
}

// refusedText is a refusal without what its own fields echo: a name is shown
// again, and is no secret's place.
func refusedText(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s", strings.ReplaceAll(err.Error(), secretAccount+"\n", ""))
}

// mails drives what is about mail servers and their passwords.
func (u *everyUseCase) mails(t *testing.T) {
	server := u.smarthost()
	u.driven["SaveSettings"], u.driven["SetMailPassword"] = true, true
	dovecot := mailboxtest.Dovecot(t)
	account := data.MailboxSettings{Host: dovecot.Host, Port: dovecot.Port, Security: "none", User: dovecot.User, Folders: []string{"INBOX"}}
	_, err := u.SetMailPassword(u.admin, MailboxPassword(account), secretMailbox)
	u.must("SetMailPassword", err)
	_, err = u.CheckMailbox(u.admin, account) // refused by the server
	u.did("CheckMailbox", err)
	u.set(func(s *data.Settings) { s.Mailboxes = []data.MailboxSettings{account} })
	_, err = u.Fetch(u.helpDesk)
	u.did("Fetch", err)
	_, err = u.SetMailPassword(u.admin, SmarthostPassword, secretMailbox)
	u.done(err)
	_, err = u.SendOutgoing(u.helpDesk)
	u.did("SendOutgoing", err)
	settings, err := u.Settings(u.admin)
	u.done(err)
	u.did("CheckSmarthost", u.CheckSmarthost(u.admin, settings))
	_, err = u.CheckRegister(u.admin)
	u.must("CheckRegister", err)
	_, err = u.CheckBackupFolder(u.admin, "")
	u.must("CheckBackupFolder", err)
	_, err = u.SetMailPassword(u.admin, SmarthostPassword, server.Password)
	u.done(err)
	u.clock = u.clock.AddDate(0, 0, 1)
	_, err = u.SendOutgoing(u.helpDesk)
	u.must("SendOutgoing", err)
	u.did("SaveDesign", u.SaveDesign(u.admin, settings, nil, settings, []byte("no picture")))
	_, err = u.WatchMail(u.helpDesk)
	u.must("WatchMail", err)

	tokens := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if r.URL.Path == "/device" {
			fmt.Fprint(w, `{"device_code":"d","user_code":"ABCD","verification_uri":"https://login.example","expires_in":60,"interval":1}`)
			return
		}
		fmt.Fprintf(w, `{"access_token":%q,"refresh_token":%q,"token_type":"Bearer","expires_in":3600}`, secretAccess, secretRefresh)
	}))
	t.Cleanup(tokens.Close)
	oauth := data.OAuthSettings{ClientID: "guichet", DeviceURL: tokens.URL + "/device", TokenURL: tokens.URL + "/token"}
	login, err := u.BeginMailLogin(u.admin, SmarthostPassword, oauth)
	u.must("BeginMailLogin", err)
	_, err = u.FinishMailLogin(u.admin, login)
	u.must("FinishMailLogin", err)
	settings.Smarthost.Auth, settings.Smarthost.OAuth = data.XOAuth2Auth, oauth
	u.did("CheckSmarthost", u.CheckSmarthost(u.admin, settings))
}

// tickets drives what is about tickets; it returns the token of an activation
// that was answered by mail.
func (u *everyUseCase) tickets(t *testing.T) (secrets []string) {
	made := u.unactivated("neuf@mairie.example")
	token := data.ActivationToken(made.Account.ID, made.Account.ActivationNonce, u.secret)
	wrong := token[:len(token)-1] + "A"
	for i, subject := range []string{"ACTIVATION " + wrong, "ACTIVATION " + token, "ACTIVATION " + token, "Re: ACTIVATION " + token} {
		u.come(letterOf("neuf@mairie.example", fmt.Sprintf("activation%d@mairie.example", i), subject, "Mon lien : https://portail.example/?jeton="+token))
	}
	ticket := u.ask("user@mairie.example", "Question", "Bonjour")
	other := u.ask("user@mairie.example", "Autre question", "Bonjour")
	u.must("ChangeTicket", u.ChangeTicket(u.helpDesk, ticket.Ticket, TicketChange{State: data.OpenTicket}))
	ticket = u.ticket(ticket.ID)
	_, err := u.ChangeTickets(u.helpDesk, []data.Ticket{ticket.Ticket}, TicketChange{AddTags: []string{"a"}})
	u.must("ChangeTickets", err)
	u.must("AddNote", u.AddNote(u.helpDesk, ticket.ID, "note"))
	draft, err := u.SaveDraft(u.helpDesk, data.Draft{TicketID: ticket.ID, Kind: data.ReplyDraft, To: "user@mairie.example", Text: "Bonjour"})
	u.must("SaveDraft", err)
	draft, err = u.AddDraftFile(u.helpDesk, draft, "a.txt", []byte("a"))
	u.must("AddDraftFile", err)
	u.must("RemoveDraftFile", u.RemoveDraftFile(u.helpDesk, draft.Files[0].ID))
	u.must("DropDraft", u.DropDraft(u.helpDesk, ticket.ID))
	replied, err := u.Reply(u.helpDesk, u.ticket(ticket.ID).Ticket, data.Draft{TicketID: ticket.ID, Kind: data.ReplyDraft, To: "user@mairie.example", Text: "Bonjour"}, data.Waiting)
	u.must("Reply", err)
	_, err = u.UndoReply(u.helpDesk, replied.OutgoingID)
	u.must("UndoReply", err)
	_, err = u.ForwardDraft(u.helpDesk, u.ticket(ticket.ID).Messages[0].ID)
	u.must("ForwardDraft", err)
	unsolved := u.ticket(other.ID).Ticket
	u.must("ChangeTicket", u.ChangeTicket(u.helpDesk, unsolved, TicketChange{AddTags: []string{"essai"}}))
	u.must("UndoTicketChanges", u.UndoTicketChanges(u.helpDesk, unsolved))
	u.must("MergeTickets", u.MergeTickets(u.helpDesk, u.ticket(ticket.ID).Ticket, u.ticket(other.ID).Ticket))
	u.must("UnmergeTicket", u.UnmergeTicket(u.helpDesk, u.ticket(other.ID).Ticket))
	u.come("In-Reply-To: <x>\r\n" + letterOf("user@mairie.example", "suite@mairie.example", "Re: ["+"#"+ticket.Number+"]", "suite"))
	_, err = u.SplitTicket(u.helpDesk, u.ticket(ticket.ID).Ticket, u.ticket(ticket.ID).Messages[0].ID)
	u.did("SplitTicket", err)
	for _, act := range []data.TicketAct{data.ResendActivation, data.TellIdentifier, data.ReactivateAccount} {
		_, err = u.ActOnTicket(u.helpDesk, ticket.ID, act, "")
		u.did("ActOnTicket", err)
	}
	_, err = u.CorrectAddress(u.helpDesk, ticket.ID, data.Address{Street: secretAccount})
	u.did("CorrectAddress", refusedText(err))
	u.did("Reactivate", u.Reactivate(u.helpDesk, made.Account.ID, ticket.ID))
	search, err := u.SaveSearch(u.helpDesk, "mienne", "question", false)
	u.must("SaveSearch", err)
	u.must("DropSearch", u.DropSearch(u.helpDesk, search.ID))
	u.must("ExportTickets", u.ExportTickets(u.helpDesk, data.TicketFilter{}, CSV, io.Discard))
	u.did("RetryOutgoing", u.RetryOutgoing(u.helpDesk, 1))
	u.did("DropOutgoing", u.DropOutgoing(u.helpDesk, 1))
	return []string{token, wrong}
}

// keeping drives what is about operators, backups, personal data and the audit.
func (u *everyUseCase) keeping(t *testing.T) {
	o, err := u.CreateOperator(u.admin, NewOperator{Login: "nouveau", Name: "Nouveau", Password: secretOperator, Roles: []data.Role{data.HelpDesk}})
	u.must("CreateOperator", err)
	for _, try := range [][2]string{{"nouveau", secretReset}, {secretOperator, "x"}, {secretOperator, secretReset}} {
		_, err := u.SignIn(u.nobody, try[0], try[1])
		u.did("SignIn", err)
	}
	signed, err := u.SignIn(u.nobody, "nouveau", secretOperator)
	u.must("SignIn", err)
	_, err = u.ChangePassword(As(u.nobody, signed.Operator), secretReset, "court")
	u.did("ChangePassword", err)
	_, err = u.ChangePassword(As(u.nobody, signed.Operator), secretReset, secretOperator+"-2")
	u.did("ChangePassword", err)
	_, err = u.ChangePassword(As(u.nobody, signed.Operator), secretOperator, secretOperator+"-2")
	u.must("ChangePassword", err)
	u.must("ResetOperator", u.ResetOperator(u.admin, u.find("nouveau"), secretReset))
	u.did("ResetOperator", u.ResetOperator(u.admin, u.find("nouveau"), "Court-4"))
	u.must("UpdateOperator", u.UpdateOperator(u.admin, u.find("nouveau"), o))
	u.must("DisableOperator", u.DisableOperator(u.admin, u.find("nouveau")))
	u.must("EnableOperator", u.EnableOperator(u.admin, u.find("nouveau")))
	made, err := u.BackUp(u.admin, nil)
	u.did("BackUp", err)
	_, err = u.RestoreBackup(u.admin, filepath.Join(t.TempDir(), "rien.db"))
	u.did("RestoreBackup", err)
	_, err = u.RestoreBackup(u.admin, made.Path)
	if u.did("RestoreBackup", err); (err == nil) == u.Shared() {
		t.Errorf("restored: %v", err)
	}
	u.must("PersonalData", u.PersonalData(u.admin, data.Person{Email: "neuf@mairie.example"}, io.Discard))
	u.must("ErasePerson", u.ErasePerson(u.admin, data.Person{Email: "autre@mairie.example"}))
	plan, err := u.PlanPurge(u.admin)
	u.must("PlanPurge", err)
	_, err = u.Purge(u.admin, plan, nil)
	u.must("Purge", err)
	u.must("ExportAudit", u.ExportAudit(u.admin, data.AuditFilter{}, CSV, io.Discard))
}
