package app

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"guichet/app/mailbox"
	"guichet/data"
	"guichet/data/store"
	"guichet/data/store/postgrestest"
)

// planned is how much of a kind a plan takes.
func planned(plan PurgePlan, kind data.RetentionKind) int {
	for _, line := range plan.Lines {
		if line.Kind == kind {
			return line.Count
		}
	}
	return -1
}

func (d *desk) plan() PurgePlan {
	d.t.Helper()
	plan, err := d.PlanPurge(d.admin)
	d.done(err)
	return plan
}

// closed is a ticket that was solved, and closed by the sweep.
func (d *desk) closed(from, subject string) TicketRecord {
	d.t.Helper()
	ticket := d.ask(from, subject, "Bonjour, "+subject)
	d.done(d.ChangeTicket(d.helpDesk, ticket.Ticket, TicketChange{State: data.Solved}))
	d.clock = d.clock.AddDate(0, 0, 15)
	_, err := d.Sweep(d.helpDesk)
	d.done(err)
	return d.ticket(ticket.ID)
}

// TestPurgeByKind: each kind goes once its delay has passed, not a day before, as
// the plan showed; accounts keep their identifiers; what is purged does not come
// back; the audit's chain stays whole.
func TestPurgeByKind(t *testing.T) {
	d := openDesk(t)
	o := d.organisation("Commune d'Achenheim")
	former := d.register(o, "ancien@mairie.example", false)
	codes := d.post()
	_, err := d.confirm(former.Reference, codes)
	d.done(err)
	never := d.register(o, "jamais@mairie.example", false)
	ticket := d.closed("quelquun@mairie.example", "plage introuvable")
	raw := letterOf("quelquun@mairie.example", "encore@mairie.example", "plage perdue", "Bonjour")
	second := d.opened(raw)
	d.done(d.ChangeTicket(d.helpDesk, second.Ticket, TicketChange{State: data.Spam}))
	d.clock = d.clock.AddDate(0, 0, 1)
	batch, _ := d.compose() // the letter of who never confirms
	d.done(d.MarkPrinted(d.mailRoom, batch.Number))
	d.done(d.MarkPosted(d.mailRoom, batch.Number, d.clock))

	if n := d.plan().Count(); n != 0 {
		t.Fatalf("%d records are past their retention on the first day", n)
	}
	start := d.clock
	for _, step := range []struct {
		kind  data.RetentionKind
		after time.Time
		count int
	}{
		{data.KeptRegistrations, data.AddMonths(start, 3), 1},
		{data.KeptAudit, data.AddMonths(start, 12), -1},
		{data.KeptTickets, data.AddMonths(start, 24), 2},
		{data.KeptLetters, data.AddMonths(start, 28), 1}, // the other went with the tickets,
		{data.KeptAccounts, data.AddMonths(start, 16+36), 1},
	} {
		d.clock = step.after.AddDate(0, 0, 2)
		_, err := d.Sweep(d.helpDesk) // codes expire
		d.done(err)
		plan := d.plan()
		n := planned(plan, step.kind)
		if step.count >= 0 && n != step.count || n == 0 {
			t.Fatalf("%s at %s: %d, want %d: %+v", step.kind, d.clock, n, step.count, plan)
		}
		done, err := d.Purge(d.admin, plan, nil)
		d.done(err)
		if step.count >= 0 && done[step.kind] != step.count {
			t.Errorf("%s: %d purged", step.kind, done[step.kind])
		}
		if left := planned(d.plan(), step.kind); left > 0 && step.kind != data.KeptAudit {
			t.Errorf("%s: %d left", step.kind, left)
		}
		if check, err := d.VerifyAudit(d.admin); err != nil || check.Broken.ID != 0 {
			t.Errorf("%s: %+v, %v", step.kind, check, err)
		}
	}

	for _, made := range []Registered{former, never} {
		account := d.account(o, made.Account.ID)
		if !account.Erased() || account.Email != "" || account.Name() != data.ErasedName || account.Identifier != made.Account.Identifier {
			t.Errorf("%+v", account)
		}
	}
	if p, err := d.PreviewIdentifier(d.admin, "Anne", "Heitz"); err != nil || p.Identifier != "anne.heitz3" {
		t.Errorf("identifiers are given again: %+v, %v", p, err)
	}
	for _, id := range []int64{ticket.ID, second.ID} {
		if _, err := d.Ticket(d.helpDesk, id); KindOf(err) != NotFound {
			t.Errorf("ticket %d: %v", id, err)
		}
	}
	again := mailbox.Raw{UIDValidity: 99, UID: 1, Received: d.clock, Body: []byte(raw)} // the mailbox was moved
	operator, _ := OperatorOf(d.helpDesk)
	got, err := d.receive(d.helpDesk, operator, inbox, []mailbox.Raw{again}, mailbox.Cursor{UIDValidity: 99, UID: 1})
	d.done(err)
	if got.Tickets != 0 || got.Doubles != 1 {
		t.Errorf("a purged mail came in again: %+v", got)
	}
	if files, err := d.Letters(d.admin, data.LetterFilter{}); err != nil || len(files) != 0 {
		t.Errorf("%d letters, %v", len(files), err)
	}
}

func TestPurgeDeletesOnlyWhatItShowed(t *testing.T) {
	d := openDesk(t)
	d.closed("a@mairie.example", "première")
	d.clock = data.AddMonths(d.clock, 24).AddDate(0, 0, 1)
	plan := d.plan()
	if planned(plan, data.KeptTickets) != 1 || len(plan.Lines[0].Examples) != 1 {
		t.Fatalf("%+v", plan)
	}
	ticket := d.ask("b@mairie.example", "seconde", "Bonjour")
	d.done(d.ChangeTicket(d.helpDesk, ticket.Ticket, TicketChange{State: data.Spam}))
	d.clock = data.AddMonths(d.clock, 25) // past its delay too, since
	done, err := d.Purge(d.admin, plan, nil)
	d.done(err)
	if done[data.KeptTickets] != 1 {
		t.Errorf("%v", done)
	}
	if _, err := d.Ticket(d.helpDesk, ticket.ID); err != nil {
		t.Errorf("purged what was not shown: %v", err)
	}
}

// personsDesk is a register with somebody in it everywhere: Zéphyrine Quatrehomme,
// whose name is nobody else's.
func personsDesk(t *testing.T) (d *desk, o data.Organisation, account data.Account, ticket TicketRecord) {
	d = openDesk(t)
	o = d.organisation("Commune d'Achenheim")
	made, err := d.Register(d.helpDesk, Registration{
		OrganisationID: o.ID, Administrator: true, Civility: data.Madame, FirstName: "Zéphyrine", LastName: "Quatrehomme",
		Email: "zephyrine@mairie.example", Phone: "0388112233", Password: "Portail-2026", TermsAccepted: true,
	})
	d.done(err)
	_, err = d.Activate(d.helpDesk, data.ActivationToken(made.Account.ID, made.Account.ActivationNonce, d.secret))
	d.done(err)
	codes := d.post()
	_, err = d.confirm(made.Reference, codes)
	d.done(err)
	ticket = d.opened("From: =?utf-8?q?Z=C3=A9phyrine_Quatrehomme?= <zephyrine@mairie.example>\r\nTo: a@b.fr\r\nSubject: Mon permis quatrehomme\r\nMessage-ID: <z1@mairie.example>\r\n" +
		"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nJe suis Quatrehomme, écrivez-moi.\r\n" +
		"--x\r\nContent-Type: text/plain\r\nContent-Disposition: attachment; filename=\"../../quatrehomme.txt\"\r\n\r\nQuatrehomme pièce\r\n--x--\r\n")
	d.done(d.AddNote(d.helpDesk, ticket.ID, "Mme Quatrehomme rappelle demain"))
	_, err = d.Reply(d.helpDesk, d.ticket(ticket.ID).Ticket, data.Draft{TicketID: ticket.ID, Kind: data.ReplyDraft, To: "zephyrine@mairie.example", Text: "Bonjour Mme Quatrehomme"}, data.Waiting)
	d.done(err)
	return d, o, made.Account, d.ticket(ticket.ID)
}

// TestAccessRequest: everything about a person, in JSON and to read, and none of
// the secrets.
func TestAccessRequest(t *testing.T) {
	d, _, account, ticket := personsDesk(t)
	people, err := d.FindPeople(d.admin, "quatrehomme")
	d.done(err)
	if len(people) != 1 || people[0].Email != "zephyrine@mairie.example" || people[0].Accounts != 1 {
		t.Fatalf("%+v", people)
	}
	var out bytes.Buffer
	d.done(d.PersonalData(d.admin, people[0], &out))
	archive, err := zip.NewReader(bytes.NewReader(out.Bytes()), int64(out.Len()))
	d.done(err)
	contents := map[string][]byte{}
	for _, file := range archive.File {
		if strings.Contains(file.Name, "..") || filepath.IsAbs(file.Name) {
			t.Errorf("a name that leads elsewhere: %s", file.Name)
		}
		reader, err := file.Open()
		d.done(err)
		contents[file.Name], err = io.ReadAll(reader)
		d.done(err)
	}
	var found personData
	d.done(json.Unmarshal(contents["donnees.json"], &found))
	if len(found.Accounts) != 1 || !found.Accounts[0].Administrator || found.Accounts[0].Phone != "0388112233" || len(found.Letters) != 1 ||
		len(found.Tickets) != 1 || len(found.Tickets[0].Messages) != 3 || len(found.Mails) == 0 || len(found.Audit) == 0 {
		t.Errorf("%s", contents["donnees.json"])
	}
	if path := found.Tickets[0].Messages[0].Attachments; len(path) != 1 || !strings.Contains(string(contents[path[0]]), "Quatrehomme pièce") {
		t.Errorf("attachments %v in %d files", path, len(contents))
	}
	pdf := filepath.Join(t.TempDir(), "donnees.pdf")
	d.done(os.WriteFile(pdf, contents["donnees.pdf"], 0o600))
	text, err := exec.Command("pdftotext", "-layout", pdf, "-").Output()
	d.done(err)
	for _, want := range []string{account.Identifier, "Zéphyrine Quatrehomme", "0388112233", ticket.Number, "Je suis Quatrehomme", "Mme Quatrehomme rappelle demain", "Commune d'Achenheim"} {
		if !strings.Contains(string(text), want) {
			t.Errorf("the PDF does not say %q:\n%s", want, text)
		}
	}
	token := data.ActivationToken(account.ID, account.ActivationNonce, d.secret)
	for name, content := range contents {
		for _, secret := range []string{token, account.PasswordHash, account.ActivationNonce} {
			if bytes.Contains(content, []byte(secret)) {
				t.Errorf("%s holds a secret", name)
			}
		}
	}
}

// TestErasureLeavesNoTrace: a person's name is nowhere in the register's files any
// more, the identifier is reserved, the chain whole, and the rest untouched.
func TestErasureLeavesNoTrace(t *testing.T) {
	d, o, account, ticket := personsDesk(t)
	other := d.ask("autre@mairie.example", "Autre demande", "Bonjour")
	person := data.Person{Email: "zephyrine@mairie.example"}
	d.done(d.ErasePerson(d.admin, person))
	if people, err := d.FindPeople(d.admin, "quatrehomme"); err != nil || len(people) != 0 {
		t.Errorf("still found: %+v, %v", people, err)
	}
	erased := d.account(o, account.ID)
	if !erased.Erased() || erased.Usable(d.clock) || erased.Identifier != account.Identifier {
		t.Errorf("%+v", erased)
	}
	record, err := d.Organisation(d.admin, o.ID)
	d.done(err)
	if record.Administrator.ID != 0 {
		t.Error("who was erased administers still")
	}
	d.refused(Conflict, d.RenewActivation(d.helpDesk, account.ID))
	kept := d.ticket(ticket.ID)
	if kept.State != data.ClosedTicket || kept.Number != ticket.Number || kept.Heading != ticket.Heading || !kept.OpenedAt.Equal(ticket.OpenedAt) {
		t.Errorf("%+v", kept.Ticket)
	}
	if check, err := d.VerifyAudit(d.admin); err != nil || check.Broken.ID != 0 || check.Erased == 0 {
		t.Errorf("%+v, %v", check, err)
	}
	d.refused(NotFound, d.ErasePerson(d.admin, person))
	if now := d.ticket(other.ID); now.Subject != "Autre demande" || now.State != data.NewTicket {
		t.Errorf("another ticket: %+v", now.Ticket)
	}
	again, err := d.Register(d.helpDesk, Registration{
		OrganisationID: o.ID, FirstName: "Zéphyrine", LastName: "Quatrehomme", Email: "zephyrine@mairie.example", Password: "Portail-2026", TermsAccepted: true,
	})
	d.done(err)
	if again.Account.Identifier == account.Identifier || again.Account.ID == account.ID {
		t.Errorf("the identifier was given again: %s", again.Account.Identifier)
	}
	d.done(d.ErasePerson(d.admin, person))
	d.done(d.Close())
	if d.Shared() { // the server's files are its own
		return
	}
	files, err := filepath.Glob(d.path + "*")
	d.done(err)
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil { // the spool's folder
			continue
		}
		text := strings.ToLower(strings.ReplaceAll(string(content), account.Identifier, ""))
		text = strings.ReplaceAll(text, again.Account.Identifier, "")
		for _, trace := range []string{"quatrehomme", "zephyrine@mairie", "0388112233"} {
			if i := strings.Index(text, trace); i >= 0 {
				t.Errorf("%s holds %q: …%q…", filepath.Base(file), trace, text[max(0, i-60):min(len(text), i+60)])
			}
		}
	}
}

// TestWhatAnErasureLeftGoesAtTheNextStart: the process that erased is gone before it
// took the traces away.
func TestWhatAnErasureLeftGoesAtTheNextStart(t *testing.T) {
	postgrestest.OnlyFile(t)
	d := openDesk(t)
	word := func(n int) string { return fmt.Sprintf("%06xmot", n*7919+0xabc) }
	for ticket := range 10 {
		var words []string
		for n := range 300 {
			words = append(words, word(ticket*300+n))
		}
		d.ask("zephyrine@mairie.example", "Question", strings.Join(words, " "))
	}
	d.done(d.Close())
	d.open()
	operator, _ := OperatorOf(d.admin)
	d.done(d.update(d.admin, operator, func(c *change) error {
		return errors.Join(c.WillShred(), c.eraseEmail("zephyrine@mairie.example"))
	}))
	d.done(d.Close())
	left := func() (n int) {
		content, err := os.ReadFile(d.path)
		d.done(err)
		for i := range 3000 {
			if bytes.Contains(content, []byte(word(i))) {
				n++
			}
		}
		return n
	}
	if left() == 0 {
		t.Fatal("the erasure alone leaves nothing: the test shows nothing")
	}
	d.open()
	d.done(d.store.View(d.nobody, func(tx *store.Tx) error {
		if again, err := tx.Shredding(); err != nil || again {
			t.Errorf("still to be done: %v, %v", again, err)
		}
		return nil
	}))
	d.done(d.Close())
	if n := left(); n > 0 {
		t.Errorf("%d words of 3000 stand in the file", n)
	}
}

func TestARepresentativeIsErasedAfterTheMandate(t *testing.T) {
	d := openDesk(t)
	o := d.organisation("Commune d'Achenheim")
	d.register(o, "a@b.fr", false)
	d.post()
	people, err := d.FindPeople(d.admin, "roth")
	d.done(err)
	if len(people) != 1 || !people[0].InOffice || people[0].Organisation != o.Name {
		t.Fatalf("%+v", people)
	}
	d.refused(Conflict, d.ErasePerson(d.admin, people[0]))
	var out bytes.Buffer
	d.done(d.PersonalData(d.admin, people[0], &out))
	d.clock = d.clock.AddDate(0, 3, 0)
	_, err = d.Sweep(d.helpDesk)
	d.done(err)
	d.done(d.AppointRepresentative(d.admin, data.LegalRepresentative{OrganisationID: o.ID, FirstName: "Luc", LastName: "Weiss", Office: "Maire"}))
	d.done(d.ErasePerson(d.admin, people[0]))
	record, err := d.Organisation(d.admin, o.ID)
	d.done(err)
	if record.Representative.LastName != "Weiss" || len(record.Mandates) != 2 || record.Mandates[1].LastName != data.ErasedName {
		t.Errorf("%+v", record.Mandates)
	}
	d.done(d.store.View(d.nobody, func(tx *store.Tx) error {
		entries, err := tx.Audit(data.AuditFilter{}, 0, 1000)
		for _, e := range entries {
			if strings.Contains(e.Before+e.After, "Roth") {
				t.Errorf("the audit still names her: %s", e.Action)
			}
		}
		return err
	}))
	if check, err := d.VerifyAudit(d.admin); err != nil || check.Broken.ID != 0 {
		t.Errorf("%+v, %v", check, err)
	}
}
