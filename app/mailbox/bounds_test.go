package mailbox

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// TestParseSlow: what a library reads in a time that grows with the square of its length is bounded all the same.
func TestParseSlow(t *testing.T) {
	unclosed := strings.Repeat("=?a?q?x", 140_000)
	bounded(t, []byte("From: a@b.fr\nSubject: "+unclosed+"\n\nx"))
	bounded(t, []byte("From: a@b.fr\nSubject: "+strings.Repeat("=?a?z?x", 140_000)+"?=\n\nx"))
	part := "--b\nContent-Type: application/x\nContent-Disposition: attachment; filename=\"" + unclosed + "\"\n\nx\n"
	bounded(t, []byte("From: a@b.fr\nContent-Type: multipart/mixed; boundary=b\n\n"+strings.Repeat(part, 20)+"--b--\n"))
	var letters strings.Builder
	for i := range 100_000 {
		letters.WriteRune(rune(0x4e00 + i*7919%20000))
	}
	bounded(t, []byte("From: a@"+letters.String()+".fr\n\nx"))
	bounded(t, []byte("From: a@"+letters.String()[:300]+".fr\nTo: "+strings.Repeat("a@"+letters.String()[:300]+".fr,", 3000)+"\n\nx"))
}

// TestParseLengths: the fields that are looked up and listed have a length that an index and a list can hold; a subject
// keeps its end, where the token of a ticket stands.
func TestParseLengths(t *testing.T) {
	long := strings.Repeat("é", 5000)
	mail := Parse([]byte("From: " + long + " <a@b.fr>\nReply-To: <" + long + "@b.fr>\nTo: " + long + "@b.fr, c@d.fr\nSubject: " + long + " [#26-000001-ABCDEF]\n" +
		"Message-ID: <" + long + "@b.fr>\nIn-Reply-To: <" + long + "@c.fr>\nReferences: <" + long + "@c.fr>\nContent-Type: application/" + long + "\n\nx"))
	if len(mail.Subject) > maxSubject || !strings.HasPrefix(mail.Subject, "éé") || !strings.HasSuffix(mail.Subject, "é [#26-000001-ABCDEF]") {
		t.Errorf("subject %.20q… of %d bytes", mail.Subject, len(mail.Subject))
	}
	if mail.From.Address != "a@b.fr" || len(mail.From.Name) > maxPhrase || !strings.HasPrefix(mail.From.Name, "éé") {
		t.Errorf("from %.20q %q", mail.From.Name, mail.From.Address)
	}
	if mail.ReplyTo == nil || mail.ReplyTo.Address != "" || len(mail.ReplyTo.Name) > maxPhrase {
		t.Errorf("reply to %.30v", mail.ReplyTo)
	}
	if len(mail.To) != 2 || mail.To[0].Address != "" || mail.To[1].Address != "c@d.fr" {
		t.Errorf("to %.50v", mail.To)
	}
	for _, id := range append(mail.References, mail.MessageID, mail.InReplyTo) {
		if len(id) > maxIdentifier || !strings.HasPrefix(id, "éé") || !utf8.ValidString(id) {
			t.Errorf("identifier %.20q of %d bytes", id, len(id))
		}
	}
	if kind := mail.Attachments[0].ContentType; len(kind) > maxPhrase {
		t.Errorf("a type of %d bytes", len(kind))
	}
}

// TestReportIsText: what a report says of a recipient is text, as everything that is read of a mail.
func TestReportIsText(t *testing.T) {
	for _, raw := range []string{
		"From: MAILER-DAEMON@b.fr\nX-Failed-Recipients: h\xe9l\x00@b.fr\nSubject: non remis\n\nx",
		"From: MAILER-DAEMON@b.fr\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\n" +
			"Final-Recipient: rfc822;h\xe9l\x00@b.fr\nAction: failed\n\n--b--\n",
	} {
		if report := Parse([]byte(raw)).Report; report == nil || report.Recipient != "hél@b.fr" {
			t.Errorf("%+v", report)
		}
	}
}
