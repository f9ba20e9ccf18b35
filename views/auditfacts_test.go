package views

import (
	"regexp"
	"strings"
	"testing"

	"guichet/app"
	"guichet/data"
)

func TestAuditFacts(t *testing.T) {
	spoken = French
	named := func(int64) string { return "Claire Muller" }
	for _, c := range []struct {
		entry data.AuditEntry
		want  string
	}{
		{
			data.AuditEntry{Subject: "account", After: `{"identifier":"marc.weber","kind":"administrator","letter":"L26-000001-X","organisation":12}`},
			"Identifiant : marc.weber|Type : Administrateur|Lettre : L26-000001-X|Organisation : n° 12",
		},
		{
			data.AuditEntry{Subject: "ticket", Before: `{"number":"26-000001","state":"new","assignee":0}`, After: `{"number":"26-000001","state":"open","assignee":2,"priority":0,"tags":["urgent","mairie"]}`},
			"État : Nouvelle → En cours|Priorité : — → Basse|Attribuée à : — → Claire Muller|Étiquettes : — → urgent, mairie",
		},
		{
			data.AuditEntry{
				Subject: "organisation", Before: `{"ID":1,"Name":"Ried","Address":{"City":"ERSTEIN"},"ArchivedAt":"0001-01-01T00:00:00Z"}`,
				After: `{"ID":1,"Name":"Ried","Address":{"City":"BENFELD"},"ArchivedAt":"2026-03-02T09:05:00+01:00"}`,
			},
			"Commune, CEDEX compris : ERSTEIN → BENFELD|Archivée le : — → 2 mars 2026 9 h 05",
		},
		{data.AuditEntry{
			Subject: "account", Before: `["216701234","Commune","a.b","Utilisateur","","A","B","a@x.example","0388"]`,
			After: `["216701234","Commune","a.b","Utilisateur","","A","B","b@x.example","0388"]`,
		}, "a@x.example → b@x.example"},
		{
			data.AuditEntry{Subject: "settings", Before: `{"Duplex":false,"Mailboxes":null}`, After: `{"Duplex":true,"Mailboxes":[{"Host":"imap.example","Port":993}]}`},
			"Duplex : — → oui|Mailboxes.1.Host : — → imap.example|Mailboxes.1.Port : — → 993",
		},
		{data.AuditEntry{Subject: "register", After: `{"accounts":["marc.weber","a.b"],"tickets":1200,"elsewhere":0}`}, "Comptes : marc.weber, a.b|Demandes : 1 200"},
		{data.AuditEntry{Subject: "letter", After: `{"reference":"L26-000001-X","reason":"refused"}`}, "Référence : L26-000001-X|Motif : Pli refusé par le destinataire"},
		{data.AuditEntry{Subject: "ticket"}, ""},
	} {
		got := strings.NewReplacer("\u00a0", " ", "\u202f", " ", "\n", "|").Replace(auditFacts(c.entry, named))
		if got != c.want {
			t.Errorf("%s → %s:\n%s\nwant\n%s", c.entry.Before, c.entry.After, got, c.want)
		}
	}
}

// raw is what only a program reads: a name of the register's, a time of the year 1.
var raw = regexp.MustCompile(`(?m)^[a-z]+(_[a-z]+)* : |\b[a-z]+_[a-z]+\b|\d{4}-\d\d-\d\d|[{}]`)

// testAudit reads every entry of the demo's journal.
func testAudit(t *testing.T, d *desk) {
	entries, err := d.app.Audit(app.As(t.Context(), d.w.frame.operator), data.AuditFilter{}, 0, 100_000)
	if err != nil || len(entries) < 1000 {
		t.Fatal(len(entries), err)
	}
	seen := map[string]bool{}
	for _, e := range entries {
		facts := auditFacts(e, func(int64) string { return "Claire Muller" })
		if found := raw.FindString(facts); found != "" && e.Subject != "settings" && !seen[e.Action] {
			seen[e.Action] = true
			t.Errorf("%s says %q:\n%s", e.Action, found, facts)
		}
	}
}
