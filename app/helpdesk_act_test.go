package app

import (
	"slices"
	"strings"
	"testing"
	"time"

	"guichet/data"
)

// acts does an act on a ticket: its note must stand on the ticket, its answer
// hold some words and have nothing left to fill in.
func (d *desk) acts(ticketID int64, act data.TicketAct, target, note string, answer ...string) Acted {
	d.t.Helper()
	done, err := d.ActOnTicket(d.helpDesk, ticketID, act, target)
	d.done(err)
	d.actedAs(ticketID, done, note, answer...)
	return done
}

func (d *desk) actedAs(ticketID int64, done Acted, note string, answer ...string) {
	d.t.Helper()
	thread := d.ticket(ticketID).Messages
	last := thread[len(thread)-1]
	switch {
	case !strings.Contains(done.Note, note), note == "" && done.Note != "":
		d.t.Errorf("note %q, want %q", done.Note, note)
	case note != "" && (last.Text != done.Note || last.Direction != data.Note):
		d.t.Errorf("the ticket ends with %q, want the note %q", last.Text, done.Note)
	case len(done.Missing) != 0:
		d.t.Errorf("missing %v in\n%s", done.Missing, done.Answer)
	}
	for _, words := range answer {
		if !strings.Contains(done.Answer, words) {
			d.t.Errorf("no %q in the answer\n%s", words, done.Answer)
		}
	}
}

// TestHelpDeskActs does each act of the panel, as the rules allow it, with its
// note and an answer that lacks nothing.
func TestHelpDeskActs(t *testing.T) {
	d := openDesk(t)
	server := d.smarthost()
	d.set(func(s *data.Settings) { s.HelpDesk.Signature = "L’équipe d’assistance" })

	made := d.unactivated("anne@mairie.example")
	d.send(1, 0)
	asked := d.ask("Anne <anne@mairie.example>", "Lien d’activation", "Je n’ai rien reçu")
	d.acts(asked.ID, data.ResendActivation, "", "Lien d’activation renvoyé pour le compte "+made.Account.Identifier,
		"Bonjour "+made.Account.Name(), made.Account.Identifier, "72 heures", "L’équipe d’assistance")
	d.send(1, 0)
	if _, mail := received(t, server.Messages()[1]); !strings.Contains(mail.Text, "/activation/") || mail.To[0].Address != "anne@mairie.example" {
		t.Errorf("%s", mail.Text)
	}
	d.acts(asked.ID, data.TellIdentifier, "", "", "est : "+made.Account.Identifier)

	o := d.organisation("Commune d'Achenheim")
	user := d.register(o, "bruno@achenheim.fr", false)
	reference := user.Reference
	d.post()
	asked = d.ask("bruno@achenheim.fr", "Courrier non reçu", "Toujours rien")
	d.acts(asked.ID, data.TellReportable, "", "", "La lettre "+reference, "postée le "+data.LongDate(d.clock), "à partir du "+data.LongDate(time.Date(2026, 11, 30, 0, 0, 0, 0, data.Paris)), "Jeanne Roth")
	if _, err := d.ActOnTicket(d.helpDesk, asked.ID, data.ReplaceLetter, reference); KindOf(err) != Conflict {
		t.Errorf("replaced before it may be reported (R16): %v", err)
	}
	d.clock = time.Date(2026, 11, 30, 9, 0, 0, 0, data.Paris)
	done := d.acts(asked.ID, data.ReplaceLetter, reference, "Lettre "+reference+" signalée non reçue et remplacée par L26-", "une nouvelle, avec de nouveaux codes", o.Name)
	if former := d.letter(reference); former.State != data.Reported || strings.Count(done.Note, "L26-") != 2 {
		t.Errorf("%s: %s, %q", reference, former.State, done.Note)
	}
	corrected, err := d.CorrectAddress(d.helpDesk, asked.ID, data.Address{Street: "2 rue de l'Église", PostalCode: "67204", City: "ACHENHEIM"})
	d.done(err)
	d.actedAs(asked.ID, corrected, "Adresse de Commune d'Achenheim corrigée", "L’adresse postale de Commune d'Achenheim est corrigée")
	if record := d.ticket(asked.ID); record.Organisation.Address.Street != "2 rue de l'Église" {
		t.Errorf("%+v", record.Organisation.Address)
	}
	_, err = d.CorrectAddress(d.helpDesk, asked.ID, data.Address{PostalCode: "x", City: "ACHENHEIM"})
	d.refused(Invalid, err)
	if !slices.Contains(problems(err), "postal_code") {
		t.Errorf("%v", err)
	}

	there := d.organisation("Commune de Blaesheim")
	d.usable(there, "chef@blaesheim.fr", true)
	next := d.usable(there, "clara@blaesheim.fr", false)
	asked = d.ask("clara@blaesheim.fr", "Changement d’administrateur", "Le chef est parti")
	done = d.acts(asked.ID, data.StartSuccession, "", "Changement d’administrateur lancé pour "+next.Identifier, "le nouvel administrateur sera en fonction")
	queued, err := d.Letters(d.mailRoom, data.LetterFilter{State: data.Queued})
	d.done(err)
	if !slices.ContainsFunc(queued, func(l data.LetterFile) bool { return strings.Contains(done.Note, l.Reference) }) {
		t.Errorf("no letter is queued for %q", done.Note)
	}

	d.clock = d.clock.AddDate(2, 0, 0)
	asked = d.ask("clara@blaesheim.fr", "Compte désactivé", "Je ne peux plus entrer")
	done = d.acts(asked.ID, data.ReactivateAccount, "", "Compte "+next.Identifier+" réactivé sur cette demande", "est réactivé", there.Name)
	if account := d.account(there, next.ID); len(account.Blocks(d.clock)) != 0 {
		t.Errorf("still blocked: %v, %q", account.Blocks(d.clock), done.Note)
	}
}

// TestHelpDeskActsWithoutAccount: nothing is done for nobody.
func TestHelpDeskActsWithoutAccount(t *testing.T) {
	d := openDesk(t)
	asked := d.ask("inconnue@mairie.example", "Question", "Bonjour")
	for _, act := range data.TicketActs {
		_, err := d.ActOnTicket(d.helpDesk, asked.ID, act, "L26-000001-K")
		d.refused(Conflict, err)
	}
	_, err := d.ActOnTicket(d.admin, asked.ID, data.TellIdentifier, "")
	d.refused(Forbidden, err)
	if n := len(d.ticket(asked.ID).Messages); n != 1 {
		t.Errorf("%d messages", n)
	}
}

// TestHelpDeskStockAnswers: each heading's answer, and the settings' own; what
// the register does not know stays in its place and is named.
func TestHelpDeskStockAnswers(t *testing.T) {
	d := openDesk(t)
	d.set(func(s *data.Settings) {
		s.HelpDesk.Answers = map[data.Heading]string{data.PasswordHeading: "Réponse maison, {{ COMPTE.Identifiant }}"}
	})
	answers, err := d.StockAnswers(d.helpDesk)
	d.done(err)
	if len(answers) != len(data.Headings)+len(data.TicketActs) {
		t.Errorf("%d answers", len(answers))
	}
	asked := d.ask("inconnue@mairie.example", "Question", "Bonjour")
	for _, answer := range answers {
		if answer.Heading == data.PasswordHeading {
			filled, missing, err := d.FillAnswer(d.helpDesk, asked.ID, answer.Text)
			d.done(err)
			if filled != "Réponse maison, {{compte.identifiant}}" || !slices.Equal(missing, []string{"compte.identifiant"}) {
				t.Errorf("%q, missing %v", filled, missing)
			}
		}
	}
	o := d.organisation("Commune d'Achenheim")
	account := d.register(o, "anne@achenheim.fr", false).Account
	asked = d.ask("anne@achenheim.fr", "Question", "Bonjour")
	filled, missing, err := d.FillAnswer(d.helpDesk, asked.ID, "{{demande.numero}} {{compte.identifiant}} {{compte.etat}} {{courrier.date_depot}} {{courrier.reference}}")
	d.done(err)
	if !strings.HasPrefix(filled, asked.Number+" "+account.Identifier+" ") || !slices.Equal(missing, []string{"courrier.date_depot"}) {
		t.Errorf("%q, missing %v", filled, missing)
	}
}
