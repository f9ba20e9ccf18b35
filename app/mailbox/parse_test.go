package mailbox

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func parseFile(t *testing.T, name string) Mail {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", name+".eml"))
	if err != nil {
		t.Fatal(err)
	}
	return Parse(raw)
}

var (
	helene  = Address{"Hélène Lefebvre", "helene@mairie.example"}
	support = []Address{{"Support", "support@example.fr"}}
)

// expected is all that Parse says of files of testdata. They share the header of a mail by helene.
var expected = map[string]Mail{
	"plain":               {Subject: "Mot de passe", Text: "Bonjour,\n\nJ'ai oublié mon code.\n\nHélène"},
	"alternative":         {Subject: "Référence élue", Text: "Texte brut é", HTML: "<p>Texte <b>riche</b> é</p>"},
	"latin1":              {Subject: "Été", Text: "L'été à Noël."},
	"cp1252-undeclared":   {Subject: "Délai dépassé", Text: "Prix : 10 € « œuvre » …"},
	"quoted-printable":    {Subject: "QP", Text: "Déjà vu, une ligne coupée."},
	"base64":              {Subject: "État", Text: "Décision prise à l'unanimité.\nCordialement"},
	"no-subject":          {Text: "Sans objet."},
	"part-without-header": {Subject: "Sans en-tête", Text: "Bonjour sans en-tête de partie"},
	"part-bad-header":     {Subject: "Mal formé", Text: "Texte après un en-tête mal formé"},
	"encoding-unknown":    {Subject: "Sept", Text: "Texte à sept bits."},
	"encoding-semicolon":  {Subject: "QP;", Text: "Déjà."},
	"empty":               {Subject: "Vide"},
	"boundary-wrong":      {Subject: "Frontière", Text: "--ici\nContent-Type: text/plain\n\nTexte perdu ?\n--ici--"},
	"auto-reply": {
		Subject: "Réponse automatique : Question", Text: "Je suis absente.", Automatic: true, AutomaticReason: AutoReplied,
		InReplyTo: "a@example.fr", References: []string{"z@example.fr", "a@example.fr"},
	},
	"boundary-open": {
		Subject: "Coupe", Text: "Texte du mail coupé",
		Attachments: []Attachment{{Name: "a.pdf", ContentType: "application/pdf", Content: []byte("%PDF-1.4")}},
	},
	"nested": {
		Subject: "TR: Original", Text: "Voir ci-dessous.",
		Attachments: []Attachment{{
			Name: "piece-jointe-1.eml", ContentType: "message/rfc822",
			Content: []byte("From: x@example.fr\r\nSubject: Original\r\nMessage-ID: <orig@example.fr>\r\n\r\nCorps original"),
		}},
	},
	"attachment": {
		Subject: "Pièce", Text: "Ci-joint.",
		Attachments: []Attachment{
			{Name: "délibération n° 2.pdf", ContentType: "application/pdf", Content: []byte("%PDF-1.4 x")},
			{Name: "logo.png", ContentType: "image/png", Inline: true, ContentID: "logo@x", Content: []byte("PNG")},
			{Name: "fa¬fdp.exe", ContentType: "application/octet-stream", Content: []byte("X")},
			{Name: "piece-jointe-4.bin", ContentType: "application/octet-stream", Content: []byte("anonyme")},
		},
	},
	"html": {Subject: "Page", Text: "Bonjour,\n\nVoir le site\nde l’état\u00a0civil.\n\n- un\n- deux\n\na b\nc"},
}

func TestParse(t *testing.T) {
	for name, want := range expected {
		t.Run(name, func(t *testing.T) {
			got := parseFile(t, name)
			want.From, want.To, want.MessageID = helene, support, name+"@mairie.example"
			want.Date = time.Date(2026, 11, 3, 9, 0, 0, 0, time.UTC)
			if !got.Date.Equal(want.Date) {
				t.Errorf("date %v", got.Date)
			}
			want.Date, want.Hash = got.Date, got.Hash
			if name == "html" {
				if !strings.HasPrefix(got.HTML, "<html>") {
					t.Errorf("HTML %q", got.HTML)
				}
				want.HTML = got.HTML
			}
			got.HTML = strings.TrimSpace(got.HTML)
			want.HTML = strings.TrimSpace(want.HTML)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

func TestParseBounce(t *testing.T) {
	mail := parseFile(t, "bounce")
	if !mail.Bounce || !mail.Automatic || mail.Text != "User unknown." || len(mail.Attachments) != 2 {
		t.Fatalf("%+v", mail)
	}
	if !bytes.Contains(mail.Attachments[0].Content, []byte("Status: 5.1.1")) || mail.Attachments[0].ContentType != "message/delivery-status" {
		t.Errorf("%+v", mail.Attachments[0])
	}
	if id := Parse(mail.Attachments[1].Content).MessageID; id != "ticket-1@example.fr" {
		t.Errorf("inner mail %q", id)
	}
}

func TestParseHeader(t *testing.T) {
	mail := parseFile(t, "auto-no")
	want := Mail{
		MessageID: "auto-no@example.fr", From: Address{"Dupont, Jean", "jean@example.fr"},
		ReplyTo: &Address{"", "jean.perso@example.fr"},
		To:      []Address{{"", "a@example.fr"}, {"B, C", "b@example.fr"}, {"Dominique", "d@example.fr"}},
		Cc:      []Address{{"Éloïse", "e@example.fr"}},
		Subject: "coupé en deux et \uFFFD", Text: "Question humaine.", Date: mail.Date, Hash: mail.Hash,
	}
	if diff := cmp.Diff(want, mail); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	if !mail.Date.Equal(time.Date(2026, 11, 3, 9, 0, 0, 0, time.UTC)) {
		t.Errorf("date %v", mail.Date)
	}
}

func TestParseGarbage(t *testing.T) {
	if mail := parseFile(t, "garbage"); mail.Illegible == "" {
		t.Errorf("%+v", mail)
	}
	if mail := parseFile(t, "garbage-body"); mail.Illegible == "" || mail.Subject != "Binaire" || mail.From != helene {
		t.Errorf("%+v", mail)
	}
	if mail := Parse(nil); mail.Illegible == "" {
		t.Errorf("%+v", mail)
	}
	if mail := Parse([]byte("Bonjour, ceci n'a pas d'en-tête.\n")); mail.Illegible == "" || mail.Text != "Bonjour, ceci n'a pas d'en-tête." {
		t.Errorf("%+v", mail)
	}
}

func TestParseAutomatic(t *testing.T) {
	for field, want := range map[string][2]bool{ // automatic, bounce
		"Auto-Submitted: auto-generated":                {true, false},
		"Auto-Submitted: no":                            {false, false},
		"Precedence: bulk":                              {true, false},
		"Precedence: list":                              {true, false},
		"Precedence: auto_reply":                        {true, false},
		"X-Autoreply: yes":                              {true, false},
		"X-Autorespond: absence":                        {true, false},
		"Return-Path: <>":                               {true, true},
		"Return-Path: <a@b.fr>":                         {false, false},
		"Return-Path: <>\nAuto-Submitted: auto-replied": {true, false},
		"From: MAILER-DAEMON@example.fr":                {true, true},
		"Content-Type: multipart/report; report-type=delivery-status; boundary=x":                 {true, true},
		"Content-Type: multipart/report; report-type=disposition-notification":                    {true, false},
		"Content-Type: multipart/report; report-type=\"delivery-status\"\nAuto-Submitted: auto-x": {true, true},
	} {
		mail := Parse([]byte(field + "\n\nx\n"))
		if got := [2]bool{mail.Automatic, mail.Bounce}; got != want {
			t.Errorf("%q: %v, want %v", field, got, want)
		}
	}
}

func TestAddresses(t *testing.T) {
	for value, want := range map[string][]Address{
		`Jean <jean@example.fr>`:                          {{"Jean", "jean@example.fr"}},
		`"Dupont, Jean" <j@b.fr>, k@b.fr`:                 {{"Dupont, Jean", "j@b.fr"}, {"", "k@b.fr"}},
		`"a@b.fr <a@b.fr>" <evil@c.fr>`:                   {{"", "evil@c.fr"}},
		`Bob <bob@b.fr> Bobby <bobby@b.fr>`:               {{"Bob", "bob@b.fr"}},
		`j@b.fr (Jean)`:                                   {{"Jean", "j@b.fr"}},
		`undisclosed-recipients:;`:                        nil,
		`Jean`:                                            {{"Jean", ""}},
		`=?utf-8?Q?Dupont=2C_J=C3=A9r=C3=B4me?= <j@b.fr>`: {{"Dupont, Jérôme", "j@b.fr"}},
		"J\xe9r\xf4me <j@b.fr>":                           {{"Jérôme", "j@b.fr"}},
		"":                                                nil,
	} {
		if diff := cmp.Diff(want, addresses([]string{value}, "")); diff != "" {
			t.Errorf("%q: -want +got\n%s", value, diff)
		}
	}
}

func TestHash(t *testing.T) {
	base := "From: a@b.fr\nSubject: Un\nMessage-ID: <1@b.fr>\n\nBonjour\n"
	same := []string{
		"Received: by x\n from y\nReturn-Path: <a@b.fr>\nDelivered-To: c@d.fr\nX-Spam: no\n" + base,
		strings.ReplaceAll(base, "\n", "\r\n"),
		"From x Tue\n" + base,
		base + "\n",
	}
	other := []string{strings.Replace(base, "Un", "Deux", 1), strings.Replace(base, "Bonjour", "Bonsoir", 1), ""}
	want := Parse([]byte(base)).Hash
	for _, raw := range same {
		if Parse([]byte(raw)).Hash != want {
			t.Errorf("another hash: %q", raw)
		}
	}
	for _, raw := range other {
		if Parse([]byte(raw)).Hash == want {
			t.Errorf("the same hash: %q", raw)
		}
	}
}

func TestSafeName(t *testing.T) {
	for name, want := range map[string]string{
		"note.pdf":              "note.pdf",
		"../../etc/passwd":      "passwd",
		`C:\Windows\win.ini`:    "win.ini",
		"a\u202egnp.exe":        "agnp.exe",
		"a\x00b\nc.txt":         "ab c.txt",
		"..":                    "piece-jointe-3.bin",
		"":                      "piece-jointe-3.bin",
		"dossier/":              "piece-jointe-3.bin",
		"CON":                   "_CON",
		"com1.txt":              "_com1.txt",
		"a:b*c?.txt":            "a_b_c_.txt",
		"e\u0301te\u0301.pdf":   "été.pdf",
		"rapport.  ":            "rapport",
		"\u200b\u2066x\u2069.d": "x.d",
	} {
		if got := safeName(name, 3, ".bin"); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
	if got := safeName(strings.Repeat("é", 200)+".pdf", 1, ".bin"); len(got) > maxName || !strings.HasSuffix(got, "é.pdf") {
		t.Errorf("%q", got)
	}
}

// bounded parses a bomb and fails if it took long, or says neither what it read nor why not.
func bounded(t *testing.T, raw []byte) Mail {
	t.Helper()
	start := time.Now()
	mail := Parse(raw)
	if took := time.Since(start); took > maxTime {
		t.Errorf("took %v", took)
	}
	if mail.Illegible == "" && mail.Text == "" && mail.HTML == "" && len(mail.Attachments) == 0 {
		t.Error("nothing read and no reason given")
	}
	checkLimits(t, mail)
	return mail
}

func checkLimits(t *testing.T, mail Mail) {
	t.Helper()
	if len(mail.Text) > maxText || len(mail.HTML) > maxText || len(mail.Attachments) > maxParts+2 {
		t.Errorf("text %d, HTML %d, %d attachments", len(mail.Text), len(mail.HTML), len(mail.Attachments))
	}
	texts := []string{
		mail.Text, mail.HTML, mail.Subject, mail.MessageID, mail.InReplyTo, mail.From.Name, mail.From.Address, mail.Illegible,
	}
	texts = append(texts, mail.References...)
	for _, a := range append(mail.To, mail.Cc...) {
		texts = append(texts, a.Name, a.Address)
	}
	for _, a := range mail.Attachments {
		texts = append(texts, a.Name, a.ContentType, a.ContentID)
		if a.Name == "" || len(a.Name) > maxName+1 || strings.ContainsAny(a.Name, "/\\\x00\n") {
			t.Errorf("attachment %q", a.Name)
		}
	}
	for _, text := range texts {
		if !utf8.ValidString(text) || strings.Contains(text, "\x00") {
			t.Errorf("not a text: %q", text)
		}
	}
}

func TestParseBombs(t *testing.T) {
	nested := func(depth int) []byte {
		var b bytes.Buffer
		b.WriteString("From: a@b.fr\nSubject: Poupées\n")
		for i := range depth {
			fmt.Fprintf(&b, "Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n", i, i)
		}
		b.WriteString("Content-Type: text/plain\n\nau fond\n")
		return b.Bytes()
	}
	t.Run("nested", func(t *testing.T) {
		mail := bounded(t, nested(5000))
		if mail.Illegible == "" || mail.Subject != "Poupées" {
			t.Errorf("%+v", mail)
		}
		if mail := Parse(nested(10)); mail.Illegible != "" || mail.Text != "au fond" {
			t.Errorf("ten are no bomb: %+v", mail)
		}
	})
	t.Run("nested with a broken header", func(t *testing.T) {
		raw := bytes.Replace(nested(5000), []byte("--b3\n"), []byte("--b3\nno header\n"), 1)
		bounded(t, raw)
	})
	parts := func(n int, part string) []byte {
		return []byte("From: a@b.fr\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nau début\n" + strings.Repeat(part, n) + "--b--\n")
	}
	t.Run("parts", func(t *testing.T) {
		mail := bounded(t, parts(200_000, "--b\n\nx\n"))
		if mail.Illegible == "" || !strings.HasPrefix(mail.Text, "au début") {
			t.Errorf("%q, %.50q", mail.Illegible, mail.Text)
		}
		bounded(t, parts(200_000, "--b\nx\n"))
		bounded(t, parts(200_000, "--b\n"))
	})
	t.Run("header", func(t *testing.T) {
		mail := bounded(t, []byte("Subject: Long\n"+strings.Repeat("X-A: b\n", 3_000_000)+"\nx"))
		if mail.Illegible == "" || mail.Subject != "Long" {
			t.Errorf("%q %q", mail.Illegible, mail.Subject)
		}
		bounded(t, []byte("Subject: "+strings.Repeat(" x\n", 300_000)+"\n\nx"))
		bounded(t, []byte("To: "+strings.Repeat("a,(<", 200_000)+"\n\nx"))
		bounded(t, []byte("To: "+strings.Repeat("a@b.fr,", 140_000)+"\n\nx"))
		bounded(t, []byte("Subject: "+strings.Repeat("=?utf-8?q?a?= ", 70_000)+"\n\nx"))
		bounded(t, []byte("Subject: "+strings.Repeat("=?", 500_000)+"\n\nx"))
		bounded(t, []byte("References: "+strings.Repeat("<", 1_000_000)+"\n\nx"))
		bounded(t, []byte("Content-Type: text/plain; "+strings.Repeat("a*1*=b;", 140_000)+"\n\nx"))
	})
	t.Run("text", func(t *testing.T) {
		mail := bounded(t, []byte("From: a@b.fr\n\n"+strings.Repeat("é\n", 5_000_000)))
		if mail.Illegible != "" || len(mail.Attachments) != 1 || len(mail.Attachments[0].Content) != 15_000_000 {
			t.Errorf("%q, %d attachments", mail.Illegible, len(mail.Attachments))
		}
		bounded(t, []byte("Content-Type: text/html\n\n"+strings.Repeat("<div>", 2_000_000)+"x"))
		bounded(t, []byte("Content-Type: text/html\n\n"+strings.Repeat("<br>x", 400_000)))
		bounded(t, []byte("Content-Type: text/html\n\n"+strings.Repeat("<!--", 400_000)))
		bounded(t, parts(400, "--b\nContent-Type: text/html\n\n"+strings.Repeat("<p>x", 20_000)+"\n"))
	})
}

func FuzzParse(f *testing.F) {
	files, err := filepath.Glob("testdata/*.eml")
	if err != nil || len(files) == 0 {
		f.Fatal("no corpus", err)
	}
	for _, name := range files {
		raw, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		start := time.Now()
		mail := Parse(raw)
		if took := time.Since(start); took > maxTime {
			t.Errorf("took %v", took)
		}
		checkLimits(t, mail)
		if strings.HasPrefix(mail.Illegible, "parser:") {
			t.Errorf("a panic was caught: %s", mail.Illegible)
		}
		if Parse(raw).Hash != mail.Hash {
			t.Error("the hash is not stable")
		}
	})
}
