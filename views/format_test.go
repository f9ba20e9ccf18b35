package views

import (
	"testing"
	"time"

	"guichet/data"
)

func at(month time.Month, day, hour, minute int) time.Time {
	return time.Date(2026, month, day, hour, minute, 0, 0, data.Paris)
}

func TestFormats(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{number(0), "0"},
		{number(999), "999"},
		{number(1234), "1\u202f234"},
		{number(-1234567), "-1\u202f234\u202f567"},
		{day(at(11, 24, 0, 0)), "24\u00a0nov.\u00a02026"},
		{day(at(5, 1, 23, 59)), "1er\u00a0mai\u00a02026"},
		{dayTime(at(11, 28, 20, 57)), "28\u00a0nov.\u00a02026 à 20\u00a0h\u00a057"},
		{day(time.Time{}), "—"},
		{day(time.Date(2026, 12, 31, 23, 30, 0, 0, time.UTC)), "1er\u00a0janv.\u00a02027"}, // Paris is an hour ahead
		{clock(at(11, 24, 9, 5)), "9\u00a0h\u00a005"},
		{moment(at(11, 24, 13, 8), testNow), "il y a 12\u00a0min"},
		{moment(at(11, 24, 13, 20), testNow), "à l’instant"},
		{moment(at(11, 24, 8, 0), testNow), "il y a 5\u00a0h"},
		{moment(at(11, 24, 15, 0), testNow), "15\u00a0h\u00a000"},
		{moment(at(11, 23, 23, 59), testNow), "hier à 23\u00a0h\u00a059"},
		{moment(at(11, 22, 8, 0), testNow), "22\u00a0nov.\u00a02026"},
		{span(12 * time.Minute), "12\u00a0min"},
		{span(130 * time.Minute), "2\u00a0h\u00a010"},
		{waiting(at(11, 22, 23, 0), testNow), "2\u00a0j"},
		{waiting(at(11, 23, 1, 0), testNow), "hier"},
		{waiting(at(10, 24, 1, 0), testNow), "31\u00a0j"},
		{size(12), "12\u00a0octets"},
		{size(48_400), "48\u00a0ko"},
		{size(1_530_000), "1,5\u00a0Mo"},
		{groupSIREN("246800726"), "246\u202f800\u202f726"},
		{spaced("Ah ! « oui » : non ; si ?"), "Ah\u202f! «\u00a0oui\u00a0»\u00a0: non\u202f; si\u202f?"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

func TestSayFillsAndSpaces(t *testing.T) {
	for _, c := range []struct {
		message string
		values  data.Values
		want    string
	}{
		{"Référence erronée « {{.Value}} » : elle a la forme L26-004217-K", data.Values{"Value": "L1"}, "Référence erronée «\u00a0L1\u00a0»\u00a0: elle a la forme L26-004217-K"},
		{"ligne 6 : code postal inconnu « 67999 »", nil, "ligne 6\u00a0: code postal inconnu «\u00a067999\u00a0»"},
		{"Rôle inconnu « {{.Value}} »", data.Values{"Value": data.MailRoom}, "Rôle inconnu «\u00a0Courrier\u00a0»"},
	} {
		if got := say(c.message, c.values); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}

// TestAuditSubject names a ticket by its number, not by its account's record.
func TestAuditSubject(t *testing.T) {
	if got := auditSubject(data.AuditEntry{Subject: "outgoing_mail", After: `{"kind": "activation", "account": 82}`}); got != "Lien d’activation" {
		t.Errorf("a mail is named %q", got)
	}
	for after, want := range map[string]string{
		`{"number": "26-000030", "account": 162}`:             "26-000030",
		`{"account": "anne.heitz", "eservice": "dematerial"}`: "anne.heitz",
		`{}`: "—",
	} {
		if got := auditSubject(data.AuditEntry{After: after}); got != want {
			t.Errorf("%s is named %q, want %q", after, got, want)
		}
	}
}
