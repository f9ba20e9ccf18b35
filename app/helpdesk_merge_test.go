package app

import (
	"slices"
	"testing"
	"time"

	"guichet/data"
)

// subjects are the threads' first lines.
func texts(record TicketRecord) (texts []string) {
	for _, message := range record.Messages {
		texts = append(texts, message.Text)
	}
	return texts
}

func (d *desk) hasThread(id int64, want ...string) {
	d.t.Helper()
	if got := texts(d.ticket(id)); !slices.Equal(got, want) {
		d.t.Errorf("thread %v, want %v", got, want)
	}
}

func (d *desk) finds(search string, want ...string) {
	d.t.Helper()
	if got := d.found(search); !slices.Equal(got, want) {
		d.t.Errorf("%s finds %v, want %v", search, got, want)
	}
}

// TestHelpDeskMerge: one ticket goes on with all messages, is found by all
// words, and takes the answers to the other; undone, each is as it was.
func TestHelpDeskMerge(t *testing.T) {
	d := openDesk(t)
	first := d.ask("marie@mairie.example", "Cerise", "La lettre est perdue")
	d.after(time.Hour)
	second := d.ask("marie@mairie.example", "Groseille", "Toujours rien recu")
	if doubles := second.Doubles; len(doubles) != 1 || doubles[0].Number != first.Number {
		t.Errorf("doubles: %v", doubles)
	}
	d.done(d.MergeTickets(d.helpDesk, first.Ticket, second.Ticket))
	d.hasThread(first.ID, "La lettre est perdue", "Toujours rien recu")
	d.hasThread(second.ID)
	d.finds("toujours", first.Number)
	d.finds("lettre toujours", first.Number)
	merged := d.ticket(second.ID)
	if merged.State != data.MergedTicket || merged.MergedInto.Number != first.Number || merged.Former != data.NewTicket {
		t.Errorf("%+v", merged.Ticket)
	}
	d.refused(Conflict, d.MergeTickets(d.helpDesk, d.ticket(first.ID).Ticket, merged.Ticket))
	d.refused(Conflict, d.MergeTickets(d.helpDesk, merged.Ticket, d.ticket(first.ID).Ticket))
	d.refused(Conflict, d.ChangeTicket(d.helpDesk, merged.Ticket, TicketChange{State: data.Solved}))

	got := d.come(letterOf("marie@mairie.example", "late@mairie.example", "Re: Groseille", "Une suite", "In-Reply-To: <ask2@mairie.example>"))
	if got.Replies != 1 || got.Tickets != 0 {
		t.Errorf("%+v", got)
	}
	got = d.come(letterOf("marie@mairie.example", "late2@mairie.example", "Re: "+data.SubjectToken(second.Number, d.secret), "Par le jeton"))
	if got.Replies != 1 || got.Tickets != 0 {
		t.Errorf("%+v", got)
	}
	d.hasThread(first.ID, "La lettre est perdue", "Toujours rien recu", "Une suite", "Par le jeton")

	d.done(d.UnmergeTicket(d.helpDesk, merged.Ticket))
	d.hasThread(second.ID, "Toujours rien recu")
	d.hasThread(first.ID, "La lettre est perdue", "Une suite", "Par le jeton")
	d.finds("toujours", second.Number)
	d.finds("lettre", first.Number)
	if back := d.ticket(second.ID); back.State != data.NewTicket || back.MergedIntoID != 0 || !back.DueAt.Equal(second.DueAt) {
		t.Errorf("%+v", back.Ticket)
	}
	d.refused(Conflict, d.UnmergeTicket(d.helpDesk, d.ticket(second.ID).Ticket))
}

// TestHelpDeskMergeTwice: C holds B, which holds A. Each comes back with its
// own, whichever is undone first.
func TestHelpDeskMergeTwice(t *testing.T) {
	for _, order := range [][]int{{0, 1}, {1, 0}} {
		d := openDesk(t)
		var tickets []TicketRecord
		for _, word := range []string{"abricot", "banane", "cassis"} {
			tickets = append(tickets, d.ask(word+"@mairie.example", word, word))
		}
		a, b, c := tickets[0], tickets[1], tickets[2]
		d.done(d.MergeTickets(d.helpDesk, b.Ticket, a.Ticket))
		d.done(d.MergeTickets(d.helpDesk, c.Ticket, d.ticket(b.ID).Ticket))
		d.hasThread(c.ID, "abricot", "banane", "cassis")
		d.come(letterOf("abricot@mairie.example", "again@mairie.example", "Re: abricot", "encore", "In-Reply-To: <ask1@mairie.example>"))
		d.hasThread(c.ID, "abricot", "banane", "cassis", "encore")

		for step, i := range order {
			d.done(d.UnmergeTicket(d.helpDesk, d.ticket(tickets[i].ID).Ticket))
			if step == 0 && i == 1 { // B is back: A's messages come with it, where A leads
				d.hasThread(b.ID, "abricot", "banane")
				d.finds("abricot -encore", b.Number)
			}
		}
		for i, word := range []string{"abricot", "banane"} {
			d.hasThread(tickets[i].ID, word)
			d.finds("objet:"+word, tickets[i].Number)
			d.finds(word+" -encore", tickets[i].Number)
		}
		d.hasThread(c.ID, "cassis", "encore")
	}
}

// TestHelpDeskMergeChangedTicket: what somebody else changed is read first.
func TestHelpDeskMergeChangedTicket(t *testing.T) {
	d := openDesk(t)
	first, second := d.ask("a@mairie.example", "A", "a"), d.ask("b@mairie.example", "B", "b")
	d.done(d.ChangeTicket(d.admin, second.Ticket, TicketChange{State: data.Solved}))
	d.refused(Conflict, d.MergeTickets(d.helpDesk, first.Ticket, second.Ticket))
	d.hasThread(first.ID, "a")
	d.hasThread(second.ID, "b")
}

// TestHelpDeskSplit gives some messages a ticket of their own.
func TestHelpDeskSplit(t *testing.T) {
	d := openDesk(t)
	asked := d.ask("marie@mairie.example", "Deux choses", "La lettre")
	d.come(letterOf("marie@mairie.example", "m2@mairie.example", "Et le mot de passe", "Un mot de passe", "In-Reply-To: <ask1@mairie.example>"))
	seen := d.ticket(asked.ID)
	_, err := d.SplitTicket(d.helpDesk, seen.Ticket, seen.Messages[0].ID, seen.Messages[1].ID)
	d.refused(Conflict, err)
	_, err = d.SplitTicket(d.helpDesk, seen.Ticket)
	d.refused(Conflict, err)
	_, err = d.SplitTicket(d.helpDesk, asked.Ticket, seen.Messages[1].ID) // seen before the second mail came
	d.refused(Conflict, err)
	split, err := d.SplitTicket(d.helpDesk, seen.Ticket, seen.Messages[1].ID)
	d.done(err)
	d.hasThread(asked.ID, "La lettre")
	d.hasThread(split.ID, "Un mot de passe")
	d.finds("passe", split.Number)
	if made := d.ticket(split.ID); made.Subject != "Et le mot de passe" || made.Follows.Number != asked.Number || made.RequesterAddress != "marie@mairie.example" || made.DueAt.IsZero() {
		t.Errorf("%+v", made.Ticket)
	}
	d.come(letterOf("marie@mairie.example", "m3@mairie.example", "Re: Et le mot de passe", "Merci", "In-Reply-To: <m2@mairie.example>"))
	d.hasThread(split.ID, "Un mot de passe", "Merci")
}

// TestHelpDeskSplitStaysAfterUnmerge: what was split off belongs to its ticket,
// whatever is undone.
func TestHelpDeskSplitStaysAfterUnmerge(t *testing.T) {
	d := openDesk(t)
	into := d.ask("a@mairie.example", "A", "a")
	merged := d.ask("b@mairie.example", "B", "b")
	d.come(letterOf("b@mairie.example", "b2@mairie.example", "Re: B", "b2", "In-Reply-To: <ask2@mairie.example>"))
	d.done(d.MergeTickets(d.helpDesk, into.Ticket, d.ticket(merged.ID).Ticket))
	seen := d.ticket(into.ID)
	split, err := d.SplitTicket(d.helpDesk, seen.Ticket, seen.Messages[2].ID)
	d.done(err)
	d.done(d.UnmergeTicket(d.helpDesk, d.ticket(merged.ID).Ticket))
	d.hasThread(into.ID, "a")
	d.hasThread(merged.ID, "b")
	d.hasThread(split.ID, "b2")
}

// TestHelpDeskReopening: an answer within 30 days brings a closed ticket back,
// later it opens one that follows it.
func TestHelpDeskReopening(t *testing.T) {
	d := openDesk(t)
	asked := d.ask("marie@mairie.example", "Question", "Bonjour")
	answered := d.answer(asked.Ticket, "Voilà", data.Solved)
	again := func(id string) Fetched {
		return d.come(letterOf("marie@mairie.example", id, "Re: Question", "Et encore", "In-Reply-To: <ask1@mairie.example>"))
	}
	d.after(time.Hour)
	if got := again("r1@mairie.example"); got.Replies != 1 {
		t.Errorf("%+v", got)
	}
	reopened := d.ticket(asked.ID)
	if reopened.State != data.OpenTicket || reopened.DueAt.IsZero() || !reopened.ClosedAt.IsZero() {
		t.Errorf("%+v", reopened.Ticket)
	}
	d.done(d.ChangeTicket(d.helpDesk, reopened.Ticket, TicketChange{State: data.Solved}))
	d.clock = time.Date(2026, 12, 24, 9, 0, 0, 0, data.Paris) // within 30 days
	solved := d.ticket(asked.ID)
	d.done(d.ChangeTicket(d.helpDesk, solved.Ticket, TicketChange{State: data.ClosedTicket}))
	if got := again("r2@mairie.example"); got.Replies != 1 || d.ticket(asked.ID).State != data.OpenTicket {
		t.Errorf("%+v", got)
	}
	d.done(d.ChangeTicket(d.helpDesk, d.ticket(asked.ID).Ticket, TicketChange{State: data.Solved}))
	d.done(d.ChangeTicket(d.helpDesk, d.ticket(asked.ID).Ticket, TicketChange{State: data.ClosedTicket}))
	d.clock = time.Date(2027, 1, 24, 9, 0, 0, 0, data.Paris)
	got := again("r3@mairie.example")
	if got.Tickets != 1 {
		t.Fatalf("%+v", got)
	}
	next := d.ticket(got.Opened[0].ID)
	if next.Follows.Number != answered.Number || next.State != data.NewTicket || d.ticket(asked.ID).State != data.ClosedTicket {
		t.Errorf("%+v follows %+v", next.Ticket, next.Follows)
	}
}

// TestANoteOnATicketMergedMeanwhile stands where the ticket goes on.
func TestANoteOnATicketMergedMeanwhile(t *testing.T) {
	d := openDesk(t)
	into, seen := d.ask("marie@mairie.example", "Cerise", "Un"), d.ask("marie@mairie.example", "Groseille", "Deux")
	d.done(d.MergeTickets(d.helpDesk, into.Ticket, seen.Ticket)) // on another workstation
	d.done(d.AddNote(d.helpDesk, seen.ID, "Rappeler la mairie"))
	d.hasThread(into.ID, "Un", "Deux", "Rappeler la mairie")
	d.done(d.UnmergeTicket(d.helpDesk, d.ticket(seen.ID).Ticket))
	d.hasThread(seen.ID, "Deux")
}
