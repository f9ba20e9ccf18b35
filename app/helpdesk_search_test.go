package app

import (
	"slices"
	"strings"
	"testing"
	"time"

	"guichet/data"
)

// TestHelpDeskSearch: words by their beginnings, without accents, in each place
// of a ticket; tokens; what is excluded.
func TestHelpDeskSearch(t *testing.T) {
	d := openDesk(t)
	d.clock = time.Date(2026, 11, 2, 10, 0, 0, 0, data.Paris)
	o := d.organisation("Commune d'Achenheim")
	d.register(o, "anne@achenheim.fr", false)
	first := d.ask("Anne Heitz <anne@achenheim.fr>", "Courrier égaré", "La lettre des codes n’est jamais arrivée").Number
	d.clock = time.Date(2026, 11, 24, 23, 30, 0, 0, data.Paris)
	second := d.opened(strings.ReplaceAll(`From: =?utf-8?q?Zo=C3=A9_M=C3=BCller?= <zoe@mulhouse.example>
Message-ID: <s2@mulhouse.example>
Subject: Mot de passe
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/plain; charset=utf-8

Il est refuse, voir la capture. Cœur de ville.
--b
Content-Type: image/png; name="ecran-bleu.png"
Content-Transfer-Encoding: base64

iVBORw0KGgo=
--b--
`, "\n", "\r\n")).Number
	d.clock = time.Date(2026, 11, 25, 0, 30, 0, 0, data.Paris)
	third := d.ask("lettre@ailleurs.example", "Divers", "Bonjour")
	d.done(d.ChangeTicket(d.helpDesk, third.Ticket, TicketChange{State: data.Solved, AddTags: []string{"Élections  Municipales"}}))
	d.done(d.AddNote(d.helpDesk, third.ID, "Vu avec la préfecture"))

	for search, want := range map[string][]string{
		"égaré":                           {first},
		"EGARE":                           {first},
		"courri lett":                     {first},
		"arrivee codes":                   {first},
		"muller":                          {second},
		"coeur":                           {second},
		"ecran bleu":                      {second}, // an attachment's name
		"achenheim":                       {first},
		"prefecture":                      {third.Number}, // a note
		"lettre":                          {first, third.Number},
		"lettre -codes":                   {third.Number},
		"-lettre":                         {second},
		"de:lettre":                       {third.Number},
		"-de:lettre lettre":               {first},
		"org:achenheim":                   {first},
		"objet:passe":                     {second},
		"objet:capture":                   {},
		"statut:résolue":                  {third.Number},
		"statut:resolue -de:anne":         {third.Number},
		"-statut:résolue":                 {first, second},
		"statut:nouvelle":                 {first, second},
		"statut:attente":                  {}, // a word of « En attente du demandeur »
		"-statut:attente":                 {first, second, third.Number},
		"avant:24/11/2026":                {first},
		"avant:25/11/2026":                {first, second},
		"depuis:25/11/2026":               {third.Number},
		"-avant:2026-11-25":               {third.Number},
		"-depuis:25/11/2026":              {first, second},
		"etiquette:elections-municipales": {third.Number},
		"-etiquette:elections-municipales lettre": {first},
		"a:moi":                            {third.Number},
		"a:personne":                       {first, second},
		"rubrique:courrier":                {first},
		first:                              {first},
		strings.ReplaceAll(first, "-", ""): {first},
		`objet:"mot de passe"`:             {second},
		"http://x":                         {},
		"nulle:part":                       {},
		"* \" ( ) :":                       {first, second, third.Number},
	} {
		slices.Sort(want)
		if got := d.found(search); !slices.Equal(got, want) {
			t.Errorf("%s finds %v, want %v", search, got, want)
		}
	}
	for search, known := range map[string]string{
		"statut:perdue": "résolue", "avant:demain": "avant:24/11/2026", "rubrique:zzz": "courrier non reçu", "a:jeanne": "a:moi", "-statut:x": "nouvelle",
	} {
		_, err := d.SearchTickets(d.helpDesk, search)
		d.refused(Invalid, err)
		if err == nil || !slices.Equal(problems(err), []string{"search"}) || !strings.Contains(err.Error(), known) {
			t.Errorf("%s: %v", search, err)
		}
	}
}

// TestHelpDeskSavedSearches: one's own and everybody's, by name.
func TestHelpDeskSavedSearches(t *testing.T) {
	d := openDesk(t)
	mine, err := d.SaveSearch(d.helpDesk, " Les élections ", "etiquette:elections", false)
	d.done(err)
	_, err = d.SaveSearch(d.admin, "En retard", "statut:nouvelle avant:1/11/2026", true)
	d.done(err)
	names := func() (names []string) {
		searches, err := d.SavedSearches(d.helpDesk)
		d.done(err)
		for _, search := range searches {
			names = append(names, search.Name)
		}
		return names
	}
	if got := names(); !slices.Equal(got, []string{"En retard", "Les élections"}) {
		t.Errorf("%q", got)
	}
	others, err := d.SavedSearches(d.admin)
	d.done(err)
	if len(others) != 1 || others[0].Name != "En retard" {
		t.Errorf("another's: %+v", others)
	}
	_, err = d.SaveSearch(d.helpDesk, "", "statut:perdue", false)
	d.refused(Invalid, err)
	if fields := problems(err); !slices.Equal(fields, []string{"name", "search"}) {
		t.Errorf("%v", fields)
	}
	d.done(d.DropSearch(d.helpDesk, mine.ID))
	if got := names(); !slices.Equal(got, []string{"En retard"}) {
		t.Errorf("%q", got)
	}
}

// TestHelpDeskViews: each view holds what its name says.
func TestHelpDeskViews(t *testing.T) {
	d := openDesk(t)
	operator, _ := OperatorOf(d.helpDesk)
	subjects := func(view data.TicketView) string {
		page, err := d.TicketPage(d.helpDesk, view.Filter(operator.ID), 0, 100)
		d.done(err)
		var subjects []string
		for _, ticket := range page {
			subjects = append(subjects, ticket.Subject)
		}
		slices.Sort(subjects)
		return strings.Join(subjects, " ")
	}
	change := func(subject string, what TicketChange) {
		d.done(d.ChangeTicket(d.helpDesk, d.ask(subject+"@mairie.example", subject, "Bonjour").Ticket, what))
	}
	nobody := int64(0)
	change("spam", TicketChange{State: data.Spam})
	change("solved", TicketChange{State: data.Solved})
	change("mine", TicketChange{Assignee: &operator.ID})
	change("waiting", TicketChange{State: data.Waiting, Assignee: &operator.ID})
	change("waiting-nobody", TicketChange{State: data.Waiting, Assignee: &nobody})
	d.after(48 * time.Hour)
	change("fresh", TicketChange{})
	for view, want := range map[data.TicketView]string{
		data.ToHandleView: "fresh mine", data.MineView: "mine waiting", data.UnassignedView: "fresh", data.WaitingView: "waiting waiting-nobody",
		data.OverdueView: "mine", data.SolvedView: "solved", data.SpamView: "spam", data.AllView: "fresh mine solved waiting waiting-nobody",
	} {
		if got := subjects(view); got != want {
			t.Errorf("%s: %s, want %s", view, got, want)
		}
	}
	pressing, err := d.TicketPage(d.helpDesk, data.ToHandleView.Filter(operator.ID), 0, 10)
	d.done(err)
	if pressing[0].Subject != "mine" || pressing[0].DueAt.After(pressing[1].DueAt) {
		t.Errorf("%s, due %v, comes first", pressing[0].Subject, pressing[0].DueAt)
	}
	counts, err := d.CountTicketViews(d.helpDesk)
	d.done(err)
	if counts.Views[data.ToHandleView] != 2 || counts.Views[data.OverdueView] != 1 || counts.Views[data.UnassignedView] != 1 {
		t.Errorf("%+v", counts)
	}
}

// TestHelpDeskBulkChange changes each that can be, and names the others.
func TestHelpDeskBulkChange(t *testing.T) {
	d := openDesk(t)
	var seen []data.Ticket
	for _, from := range []string{"a", "b", "c", "d"} {
		seen = append(seen, d.ask(from+"@mairie.example", from, "Bonjour").Ticket)
	}
	d.done(d.ChangeTicket(d.admin, seen[1], TicketChange{State: data.Solved})) // meanwhile
	spam := seen[2]
	d.done(d.ChangeTicket(d.helpDesk, spam, TicketChange{State: data.Spam}))
	seen[2] = d.ticket(spam.ID).Ticket
	refused, err := d.ChangeTickets(d.helpDesk, seen, TicketChange{State: data.Solved, AddTags: []string{"lot"}})
	d.done(err)
	if len(refused) != 2 || KindOf(refused[seen[1].Number]) != Conflict || KindOf(refused[spam.Number]) != Conflict {
		t.Errorf("refused: %v", refused)
	}
	d.finds("etiquette:lot", seen[0].Number, seen[3].Number)
	_, err = d.ChangeTickets(d.helpDesk, []data.Ticket{d.ticket(seen[0].ID).Ticket}, TicketChange{AddTags: []string{"a,b"}})
	d.refused(Invalid, err)
	if !slices.Equal(problems(err), []string{"tags"}) {
		t.Errorf("%v", err)
	}
}
