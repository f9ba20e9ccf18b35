package app

import (
	"strings"
	"testing"
)

// TestFind: a few letters, a reference, a bare number.
func TestFind(t *testing.T) {
	d := openDesk(t)
	organisation := d.organisation("Commune d'Achenheim")
	made := d.register(organisation, "anne@achenheim.example", false)
	_, codes := d.compose()
	var reference string
	for reference = range codes {
		break
	}
	ticket := d.ask("maire@achenheim.example", "Le courrier n'arrive pas", "Bonjour")
	find := func(text string) Found {
		found, err := d.Find(d.helpDesk, text)
		d.done(err)
		return found
	}
	if found := find("ache"); len(found.Organisations) != 1 || found.Organisations[0].Organisation.ID != organisation.ID {
		t.Errorf("%+v", found)
	}
	if found := find("héitz"); len(found.Accounts) != 1 || found.Accounts[0].Account.ID != made.Account.ID {
		t.Errorf("%+v", found.Accounts)
	}
	number := strings.TrimLeft(strings.Split(reference, "-")[1], "0")
	for _, typed := range []string{reference, strings.ToLower(reference), number} {
		if found := find(typed); len(found.Letters) != 1 || found.Letters[0].Reference != reference {
			t.Errorf("%s: %+v", typed, found.Letters)
		}
	}
	for _, typed := range []string{ticket.Number, strings.TrimLeft(ticket.Number[3:], "0"), "courr arrive"} {
		if found := find(typed); len(found.Tickets) != 1 || found.Tickets[0].ID != ticket.ID {
			t.Errorf("%s: %+v", typed, found.Tickets)
		}
	}
	if found := find("statut:"); len(found.Tickets) != 0 {
		t.Errorf("half typed: %+v", found)
	}
	if found := find("  "); len(found.Organisations)+len(found.Accounts)+len(found.Letters)+len(found.Tickets) != 0 {
		t.Errorf("nothing typed: %+v", found)
	}
	found, err := d.Find(d.mailRoom, "courrier")
	d.done(err)
	if len(found.Tickets) != 0 {
		t.Error("the mail room finds tickets")
	}
	if f, err := d.Find(d.mailRoom, "achenheim"); err != nil || len(f.Organisations) != 1 || len(f.Organisations) > FindLimit {
		t.Errorf("%+v, %v", f, err)
	}
}
