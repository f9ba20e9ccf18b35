package app

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/png"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"guichet/app/mailbox/mailboxtest"
	"guichet/data"
)

// shown is what an agent sees of a mail.
type shown struct {
	from, subject string
	text          string // a part of it
	files         string // their names, between bars
	illegible     bool
	never         []string // what stands nowhere
}

// hostile makes a mail with a header and a body of its own.
func hostile(from, subject, header, body string) string {
	return strings.ReplaceAll("From: "+from+"\nTo: a@portail.example\nSubject: "+subject+"\nDate: Tue, 24 Nov 2026 13:00:00 +0100\nMIME-Version: 1.0\n"+header+"\n"+body, "\n", "\r\n")
}

// attached is a mail with one file.
func attached(name, content string) string {
	return hostile("a@mairie.example", "Pièce", "Content-Type: multipart/mixed; boundary=b\n",
		"--b\nContent-Type: text/plain\n\nVoir.\n--b\nContent-Type: application/octet-stream\nContent-Disposition: attachment; filename*=utf-8''"+name+
			"\nContent-Transfer-Encoding: base64\n\n"+base64.StdEncoding.EncodeToString([]byte(content))+"\n--b--\n")
}

func html(body string) string {
	return hostile("a@mairie.example", "Page", "Content-Type: text/html; charset=utf-8\n", body)
}

const plain = "Content-Type: text/plain; charset=utf-8\n"

// attacks are what strangers send, and what the agent sees of it.
func attacks(t *testing.T) map[string]struct {
	mail string
	shown
} {
	t.Helper()
	parts := strings.Repeat("--b\n\nx\n", 100_000)
	nested := ""
	for i := range 2000 {
		nested += "Content-Type: multipart/mixed; boundary=b" + strings.Repeat("x", i%9) + "\n\n--b" + strings.Repeat("x", i%9) + "\n"
	}
	seen := func(text string, never ...string) shown {
		return shown{from: "|a@mairie.example", subject: "Page", text: text, never: never}
	}
	file := func(name string) shown {
		return shown{from: "|a@mairie.example", subject: "Pièce", text: "Voir.", files: name}
	}
	return map[string]struct {
		mail string
		shown
	}{
		// A file is kept as it is and opened by nobody but the agent: it is never unpacked.
		"zip bomb":                {attached("photos.zip", zipBomb(t)), file("photos.zip")},
		"parts without end":       {hostile("a@mairie.example", "Page", "Content-Type: multipart/mixed; boundary=b\n", "--b\n\nau début\n"+parts+"--b--\n"), shown{from: "|a@mairie.example", subject: "Page", text: "au début", illegible: true}},
		"parts in parts":          {hostile("a@mairie.example", "Page", nested, "au fond"), shown{from: "|a@mairie.example", subject: "Page", illegible: true}},
		"a header without end":    {hostile("a@mairie.example", "Page", strings.Repeat("X-A: b\n", 400_000), "x"), shown{from: "|a@mairie.example", subject: "Page", illegible: true}},
		"a name that climbs":      {attached("..%2F..%2F..%2Fetc%2Fpasswd", "x"), file("passwd")},
		"a name of Windows":       {attached("..%5C..%5CWindows%5Csystem.ini", "x"), file("system.ini")},
		"a name of a device":      {attached("NUL.txt", "x"), file("_NUL.txt")},
		"a stream":                {attached("a.txt%3Astream", "x"), file("a.txt_stream")},
		"a name turned around":    {attached("facture%E2%80%AEfdp.exe", "x"), file("facturefdp.exe")},
		"isolates in a name":      {attached("%E2%81%A6a%E2%81%A9.pdf.exe", "x"), file("a.pdf.exe")},
		"a name with a line":      {attached("a%0D%0AX-Evil%3A%20b.txt", "x"), file("a  X-Evil_ b.txt")},
		"a hidden ending":         {attached("facture.pdf"+strings.Repeat("%20", 200)+".exe", "x"), shown{from: "|a@mairie.example", subject: "Pièce", text: "Voir."}},
		"a script":                {html("<p>Bonjour</p><script>alert(1)</script><img src=x onerror=alert(2)>"), seen("Bonjour", "alert", "onerror")},
		"a form":                  {html(`<form action="https://x.example"><input name=code><button>Envoyer</button></form><p>Merci</p>`), seen("Merci", "<form", "<input", "x.example")},
		"a remote picture":        {html(`<p>Oui</p><img src="https://x.example/1.png"><picture><source srcset="https://x.example/2.png"></picture><div style="background:url(https://x.example/3.png)">a</div>`), seen("Oui", "x.example")},
		"words hidden by CSS":     {html(`<style>p{display:none}@import "https://x.example/c.css";</style><p style="position:fixed;top:0;font-size:900px">Gros</p>`), seen("Gros", "style", "x.example", "position")},
		"a link that lies":        {html(`<p>Ici</p><a href="javascript:alert(1)">https://portail.example</a>`), seen("Ici", "javascript")},
		"a frame":                 {html(`<iframe src="https://x.example"></iframe><object data="https://x.example"></object><embed src="https://x.example"><p>Fin</p>`), seen("Fin", "x.example")},
		"a domain in Cyrillic":    {hostile("Mairie <contact@m\u0430irie.example>", "Page", plain, "Bonjour"), shown{from: "Mairie|contact@xn--mirie-4ve.example", subject: "Page", text: "Bonjour", never: []string{"\u0430"}}},
		"a name in Cyrillic":      {hostile("=?utf-8?q?M=D0=B0irie?= <a@x.example>", "Page", plain, "Bonjour"), shown{from: "M\u0430irie|a@x.example", subject: "Page", text: "Bonjour"}}, // its address stands under it
		"a name like an address":  {hostile(`"assistance@portail.example" <a@x.example>`, "Page", plain, "Bonjour"), shown{from: "|a@x.example", subject: "Page", text: "Bonjour", never: []string{"assistance@portail.example"}}},
		"two senders":             {hostile("Maire <maire@mairie.example>, a@x.example", "Page", plain, "Bonjour"), shown{from: "Maire|maire@mairie.example", subject: "Page", text: "Bonjour"}},
		"a subject with a header": {hostile("a@mairie.example", "=?utf-8?q?Bonjour=0D=0ABcc:_x@x.example?=", plain, "Bonjour"), shown{from: "|a@mairie.example", subject: "Bonjour  Bcc: x@x.example", text: "Bonjour", never: []string{"\r", "\n"}}},
		"a name with a header":    {hostile("=?utf-8?q?A=0D=0ABcc:_x@x.example?= <a@mairie.example>", "Page", plain, "Bonjour"), shown{from: "|a@mairie.example", subject: "Page", text: "Bonjour", never: []string{"Bcc"}}},
		"a subject turned around": {hostile("a@mairie.example", "=?utf-8?q?Facture_=E2=80=AEfdp.exe?=", plain, "a\u202Eb"), shown{from: "|a@mairie.example", subject: "Facture fdp.exe", text: "ab", never: []string{"\u202e"}}},
		"a formula":               {hostile("a@mairie.example", "=HYPERLINK(\"https://x.example\";\"a\")", plain, "Bonjour"), shown{from: "|a@mairie.example", subject: "=HYPERLINK(\"https://x.example\";\"a\")", text: "Bonjour"}},
	}
}

// zipBomb is a file of a few KB that unpacks into a hundred megabytes.
func zipBomb(t *testing.T) string {
	t.Helper()
	var b bytes.Buffer
	archive := zip.NewWriter(&b)
	file, err := archive.Create("photos.bmp")
	for range 100 {
		if err == nil {
			_, err = file.Write(make([]byte, 1<<20))
		}
	}
	if err = firstError(err, archive.Close()); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// TestHostileMail: each attack becomes a ticket, which shows what it is; what an
// agent answers and exports is as harmless.
func TestHostileMail(t *testing.T) {
	d := openDesk(t)
	smtp := d.smarthost()
	for name, attack := range attacks(t) {
		t.Run(name, func(t *testing.T) {
			d.t = t
			ticket := d.opened(attack.mail)
			message := ticket.Messages[0]
			if from := message.FromName + "|" + message.FromAddress; from != attack.from {
				t.Errorf("from %q, want %q", from, attack.from)
			}
			if ticket.Ticket.Subject != attack.subject || !strings.Contains(message.Text, attack.text) || ticket.Ticket.Illegible != attack.illegible {
				t.Errorf("%q, %.200q, illegible %v (%s)", ticket.Ticket.Subject, message.Text, ticket.Ticket.Illegible, message.Illegible)
			}
			var files []string
			for _, file := range message.Attachments {
				files = append(files, file.Name)
				if ending := strings.HasSuffix(file.Name, ".exe"); ending != file.Executable() {
					t.Errorf("%q: could run a program: %v", file.Name, file.Executable())
				}
			}
			if attack.files != "" && strings.Join(files, "|") != attack.files {
				t.Errorf("files %q", files)
			}
			for _, never := range attack.never {
				for _, text := range []string{ticket.Ticket.Subject, message.FromName, message.FromAddress, message.HTML, message.Text} {
					if strings.Contains(text, never) && (never != "\n" || text != message.Text) && !(text == message.Text && !strings.Contains(attack.mail, plain)) {
						t.Errorf("%q stands in %.300q", never, text)
					}
				}
			}
			d.answersSafely(ticket, smtp)
		})
	}
}

// answersSafely answers a ticket: the mail has one recipient and the headers of
// any other.
func (d *desk) answersSafely(ticket TicketRecord, smtp *mailboxtest.SMTPServer) {
	d.t.Helper()
	if ticket.Ticket.Illegible {
		return
	}
	before := len(smtp.Messages())
	d.answer(ticket.Ticket, "Bonjour", data.Solved)
	d.clock = d.clock.Add(time.Minute) // past its undo
	d.send(1, 0)
	sent := smtp.Messages()[before:]
	if len(sent) != 1 || len(sent[0].To) != 1 {
		d.t.Fatalf("%d mails, to %v", len(sent), sent)
	}
	header, _, _ := strings.Cut(string(sent[0].Data), "\r\n\r\n")
	for _, line := range strings.Split(header, "\r\n") {
		name, _, _ := strings.Cut(line, ":")
		switch name = strings.ToLower(name); {
		case strings.HasPrefix(line, " "), strings.HasPrefix(line, "\t"), strings.HasPrefix(name, "content-"):
		case strings.Contains("date message-id from to reply-to subject in-reply-to references mime-version x-mailer user-agent", name):
		default:
			d.t.Errorf("a header %q", line)
		}
	}
}

// TestSpoofedTokens: a token in a subject counts when it is signed, for the
// ticket that it names, and nowhere else.
func TestSpoofedTokens(t *testing.T) {
	d := openDesk(t)
	ticket := d.ask("a@mairie.example", "Bonjour", "Bonjour").Ticket
	right := data.SubjectToken(ticket.Number, d.secret)
	other := data.SubjectToken("26-999999", d.secret)
	for i, subject := range []string{
		"[#" + ticket.Number + "]", "[#" + ticket.Number + "-AAAAAA]", strings.ToLower(right), strings.Replace(right, ticket.Number, "26-000002", 1),
		data.SubjectToken(ticket.Number, []byte("un autre secret")), other, right[:len(right)-2] + "]", strings.ReplaceAll(right, "-", "\u2011"),
	} {
		got := d.come(letterOf("b@x.example", "spoof"+string(rune('a'+i))+"@x.example", "Re: Bonjour "+subject, "Moi"))
		if got.Tickets != 1 {
			t.Errorf("%q joins a ticket: %+v", subject, got)
		}
	}
	if got := d.come(letterOf("b@x.example", "right@x.example", "Re: Bonjour "+right, "Moi")); got.Replies != 1 {
		t.Errorf("the right token: %+v", got)
	}
}

// TestPicturesThatExplode: a picture says that it is huge, and is not decoded.
func TestPicturesThatExplode(t *testing.T) {
	d := openDesk(t)
	var small bytes.Buffer
	d.done(png.Encode(&small, image.NewGray(image.Rect(0, 0, 1, 1))))
	huge := append([]byte{}, small.Bytes()...)
	copy(huge[16:], []byte{0, 1, 0, 0, 0, 1, 0, 0}) // 65536 by 65536
	binary.BigEndian.PutUint32(huge[29:], crc32.ChecksumIEEE(huge[12:29]))
	file := d.opened(attached("a.png", string(huge))).Messages[0].Attachments[0]
	_, _, err := d.PreviewAttachment(d.helpDesk, file.ID, 0, 96)
	d.refused(Conflict, err)
}

// TestMailThatFillsAnIndex: no field of a mail is longer than the indexes of a shared register hold: one such mail
// would keep all that come after it out.
func TestMailThatFillsAnIndex(t *testing.T) {
	d := openDesk(t)
	random := rand.NewChaCha8([32]byte{4})
	noise := func() string { // nothing that a database could make shorter
		b := make([]byte, 9000)
		_, err := random.Read(b)
		d.done(err)
		return base64.RawURLEncoding.EncodeToString(b)
	}
	got := d.come(
		letterOf("a@b.fr", noise()+"@b.fr", "Un", "Bonjour"),
		letterOf(noise()+"@b.fr", "2@b.fr", "Deux", "Bonjour"),
		letterOf("a@b.fr", "3@b.fr", "Trois", "Bonjour", "Reply-To: "+noise()+"@b.fr"),
		letterOf("a@b.fr", "4@b.fr", noise(), "Bonjour", "In-Reply-To: <"+noise()+"@b.fr>", "Cc: "+noise()+"@b.fr"),
		letterOf("a@b.fr", "5@b.fr", "Cinq", "Organisation : "+noise()+"\nIdentifiant : "+noise()+"\nNom : "+noise()+"\nMessage : Bonjour"),
	)
	if got.Tickets != 5 {
		t.Errorf("%+v", got)
	}
	for _, ticket := range got.Opened {
		if len(ticket.Subject)+len(ticket.RequesterName)+len(ticket.RequesterAddress) > 2000 {
			t.Errorf("%.100q, %.100q, %.100q", ticket.Subject, ticket.RequesterName, ticket.RequesterAddress)
		}
	}
}
