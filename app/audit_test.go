package app

import (
	"strings"
	"testing"
)

// TestAuditedRecord: a record is named as people call it.
func TestAuditedRecord(t *testing.T) {
	d := openDesk(t)
	organisation := d.organisation("Commune d'Achenheim")
	made := d.register(organisation, "anne@achenheim.example", false)
	batch, codes := d.compose()
	ticket := d.ask("maire@achenheim.example", "Codes", "Bonjour")
	want := map[string]string{
		made.Account.Identifier: "account", strings.ToUpper(made.Account.Identifier): "account", strings.ToLower(batch.Number): "batch",
		"[#" + ticket.Number + "]": "ticket", "admin": "operator", organisation.Name: "organisation",
	}
	for reference := range codes {
		want[strings.ToLower(reference)] = "letter"
	}
	for text, subject := range want {
		if found, id, err := d.AuditedRecord(d.admin, text); err != nil || found != subject || id == 0 {
			t.Errorf("%q is %s %d, %v", text, found, id, err)
		}
	}
	_, _, err := d.AuditedRecord(d.admin, "personne")
	if problems := ProblemsOf(err); len(problems) != 1 || problems[0].Field != "record" {
		t.Error(err)
	}
}
