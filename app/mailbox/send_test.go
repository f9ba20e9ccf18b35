package mailbox

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	netmail "net/mail"
	"slices"
	"strings"
	"testing"
	"time"

	"guichet/app/mailbox/mailboxtest"
)

func smarthost(s *mailboxtest.SMTPServer) Smarthost {
	return Smarthost{
		Host: s.Host, Port: s.TLSPort, Security: SecurityTLS, User: s.User, Password: s.Password,
		RootCAs: s.RootCAs, Timeout: 5 * time.Second,
	}
}

func outgoing() Outgoing {
	return Outgoing{
		MessageID: "ticket-1.abc@example.fr",
		From:      Address{"Équipe, support", "support@example.fr"},
		To:        []Address{{"Hélène Lefebvre", "helene@mairie.example"}, {"", "b@example.fr"}},
		Subject:   "Re: Délai dépassé — œuvre [#26-000001-ABCDEF]",
		Text:      "Bonjour,\n\nC'est réglé à l'œil : 10 €.\n.\nCordialement\n",
		InReplyTo: "q@mairie.example", References: []string{"p@mairie.example", "q@mairie.example"},
		Date: time.Date(2026, 11, 3, 10, 0, 0, 0, time.FixedZone("", 3600)),
	}
}

func TestSend(t *testing.T) {
	for _, security := range []Security{SecurityTLS, SecurityStartTLS, SecurityNone} {
		t.Run(string(security), func(t *testing.T) {
			server := mailboxtest.SMTP(t)
			host := smarthost(server)
			if host.Security = security; security != SecurityTLS {
				host.Port = server.Port
			}
			want := outgoing()
			if err := Send(t.Context(), host, want); err != nil {
				t.Fatal(err)
			}
			sent := server.Messages()
			if len(sent) != 1 || sent[0].From != "support@example.fr" || sent[0].TLS != (security != SecurityNone) ||
				!slices.Equal(sent[0].To, []string{"helene@mairie.example", "b@example.fr"}) {
				t.Fatalf("%+v", sent)
			}
			got := Parse(sent[0].Data)
			if got.Subject != want.Subject || got.Text != strings.TrimSpace(want.Text) || got.MessageID != want.MessageID ||
				got.From != want.From || !slices.Equal(got.To, want.To) || got.InReplyTo != want.InReplyTo ||
				!slices.Equal(got.References, want.References) || !got.Date.Equal(want.Date) || got.Automatic || got.Illegible != "" {
				t.Errorf("%+v\n%s", got, sent[0].Data)
			}
			for line := range strings.Lines(string(sent[0].Data)) {
				if len(line) > 1000 || strings.ContainsFunc(line, func(r rune) bool { return r > '~' }) {
					t.Errorf("line %q", line)
				}
			}
		})
	}
}

func TestSendAutomatic(t *testing.T) {
	server := mailboxtest.SMTP(t)
	mail := outgoing()
	mail.Automatic = true
	if err := Send(t.Context(), smarthost(server), mail); err != nil {
		t.Fatal(err)
	}
	mail.Answering = true
	if err := Send(t.Context(), smarthost(server), mail); err != nil {
		t.Fatal(err)
	}
	sent := server.Messages()
	if len(sent) != 2 || sent[0].From != "support@example.fr" || sent[1].From != "" {
		t.Fatalf("%+v", sent)
	}
	for i, submitted := range []string{"auto-generated", "auto-replied"} {
		data := string(sent[i].Data)
		if !strings.Contains(data, "Auto-Submitted: "+submitted+"\r\n") || !strings.Contains(data, "X-Auto-Response-Suppress: All\r\n") ||
			!Parse(sent[i].Data).Automatic {
			t.Error(data)
		}
	}
}

// TestSendFiles sends a reply with a copy, another address for answers and files, and reads it back.
func TestSendFiles(t *testing.T) {
	server := mailboxtest.SMTP(t)
	mail := outgoing()
	mail.Cc, mail.ReplyTo = []Address{{"Élu", "elu@mairie.example"}}, Address{"Assistance", "aide@example.fr"}
	mail.Files = []OutgoingFile{
		{"délibération n° 2.pdf", "application/pdf", []byte("%PDF-1.4\n\x00\xff")}, {"../../x.txt", "", []byte("texte")},
	}
	if err := Send(t.Context(), smarthost(server), mail); err != nil {
		t.Fatal(err)
	}
	sent := server.Messages()
	if len(sent) != 1 || !slices.Equal(sent[0].To, []string{"helene@mairie.example", "b@example.fr", "elu@mairie.example"}) {
		t.Fatalf("%+v", sent)
	}
	got := Parse(sent[0].Data)
	if !slices.Equal(got.Cc, mail.Cc) || got.ReplyTo == nil || *got.ReplyTo != mail.ReplyTo || got.Text != strings.TrimSpace(mail.Text) ||
		got.MessageID != mail.MessageID || len(got.Attachments) != 2 {
		t.Fatalf("%+v\n%s", got, sent[0].Data)
	}
	for i, want := range []Attachment{
		{Name: "délibération n° 2.pdf", ContentType: "application/pdf", Content: mail.Files[0].Content},
		{Name: "x.txt", ContentType: "application/octet-stream", Content: []byte("texte")},
	} {
		if file := got.Attachments[i]; file.Name != want.Name || file.ContentType != want.ContentType || string(file.Content) != string(want.Content) {
			t.Errorf("%+v", file)
		}
	}
}

func TestSendRefused(t *testing.T) {
	server := mailboxtest.SMTP(t)
	for _, stage := range []string{mailboxtest.StageMail, mailboxtest.StageRecipient, mailboxtest.StageData} {
		server.Refuse(stage, 550)
		if err := Send(t.Context(), smarthost(server), outgoing()); !errors.Is(err, ErrPermanent) {
			t.Errorf("%s: %v", stage, err)
		}
		server.Refuse(stage, 451)
		err := Send(t.Context(), smarthost(server), outgoing())
		if err == nil || errors.Is(err, ErrPermanent) || errors.Is(err, ErrUncertain) || errors.Is(err, ErrRefused) {
			t.Errorf("%s: %v", stage, err)
		}
		server.Refuse(stage, 0)
	}
	if sent := server.Messages(); len(sent) != 0 {
		t.Errorf("%d mails were taken", len(sent))
	}
	if err := Send(t.Context(), smarthost(server), outgoing()); err != nil {
		t.Error(err)
	}
}

func TestSendUncertain(t *testing.T) {
	server := mailboxtest.SMTP(t)
	server.HangUp(true)
	if err := Send(t.Context(), smarthost(server), outgoing()); !errors.Is(err, ErrUncertain) || errors.Is(err, ErrPermanent) {
		t.Errorf("%v", err)
	}
}

func TestSendConfiguration(t *testing.T) {
	server := mailboxtest.SMTP(t)
	for name, test := range map[string]struct {
		change func(*Smarthost)
		want   error
	}{
		"password":    {func(h *Smarthost) { h.Password = "hunter2" }, ErrRefused},
		"no login":    {func(h *Smarthost) { h.User = "" }, ErrRefused},
		"certificate": {func(h *Smarthost) { h.RootCAs = nil }, ErrCertificate},
		"certificate after STARTTLS": {func(h *Smarthost) {
			h.RootCAs, h.Security, h.Port = nil, SecurityStartTLS, server.Port
		}, ErrCertificate},
		"clear text": {func(h *Smarthost) { h.Host, h.Security = "192.0.2.1", SecurityNone }, ErrInsecure},
		"no STARTTLS": {func(h *Smarthost) {
			h.Port, h.Security = mailboxtest.SMTPWithoutTLS(t).Port, SecurityStartTLS
		}, ErrInsecure},
		"nobody listens": {func(h *Smarthost) { h.Port = closedPort(t) }, ErrUnreachable},
	} {
		host := smarthost(server)
		test.change(&host)
		err := Send(t.Context(), host, outgoing())
		if !errors.Is(err, test.want) || errors.Is(err, ErrPermanent) || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if sent := server.Messages(); len(sent) != 0 {
		t.Errorf("%d mails were taken", len(sent))
	}
}

func closedPort(t *testing.T) int {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr).Port
}

func TestSendSilentServer(t *testing.T) {
	greeting := "220 localhost ready\r\n"
	answers := map[string]string{"greeting": ""}
	for _, test := range []map[string]string{answers, {"greeting": greeting}} {
		host := Smarthost{Host: "127.0.0.1", Port: script(t, test), Security: SecurityNone, Timeout: 300 * time.Millisecond}
		start := time.Now()
		if err := Send(t.Context(), host, outgoing()); !errors.Is(err, ErrUnreachable) {
			t.Errorf("%v", err)
		}
		if took := time.Since(start); took > 3*time.Second {
			t.Errorf("took %v", took)
		}
	}
}

// A mail that cannot be written is refused for good before any connection, and nothing of it reaches a header.
func TestSendInvalid(t *testing.T) {
	server := mailboxtest.SMTP(t)
	for name, change := range map[string]func(*Outgoing){
		"no recipient":       func(m *Outgoing) { m.To = nil },
		"recipient":          func(m *Outgoing) { m.To[0].Address = "nobody" },
		"recipient injected": func(m *Outgoing) { m.To[0].Address = "a@b.fr>\r\nBcc: <c@d.fr" },
		"sender":             func(m *Outgoing) { m.From.Address = "" },
		"no Message-ID":      func(m *Outgoing) { m.MessageID = "" },
		"Message-ID":         func(m *Outgoing) { m.MessageID = "a@b>\r\nBcc: c@d.fr" },
	} {
		mail := outgoing()
		change(&mail)
		if err := Send(t.Context(), smarthost(server), mail); !errors.Is(err, ErrPermanent) {
			t.Errorf("%s: %v", name, err)
		}
	}
	mail := outgoing()
	mail.Subject = "Un\r\nBcc: c@d.fr"
	mail.To[0].Name = "X\r\nBcc: c@d.fr"
	mail.InReplyTo = "x\r\nBcc: c@d.fr"
	mail.References = []string{"x\r\nBcc: c@d.fr"}
	if err := Send(t.Context(), smarthost(server), mail); err != nil {
		t.Fatal(err)
	}
	if data := string(server.Messages()[0].Data); strings.Contains(data, "\nBcc") {
		t.Error(data)
	}
}

// TestSendNames: whatever a person or the register is called, its mail goes to that address alone, under that name.
func TestSendNames(t *testing.T) {
	server := mailboxtest.SMTP(t)
	for _, name := range []string{`Jean "Jojo" Dupont`, `"`, `Dupont\`, `a\"b`, `x" <y@x.example>, "z`, `Élu (maire)`, "x, y; z", "<b@c.fr", "=?utf-8?q?x?="} {
		before := len(server.Messages())
		mail := outgoing()
		mail.From.Name, mail.ReplyTo, mail.To = name, Address{name, "r@b.fr"}, []Address{{name, "c@d.fr"}}
		mail.Cc = nil
		if err := Send(t.Context(), smarthost(server), mail); err != nil {
			t.Errorf("%q: %v", name, err)
			continue
		}
		sent := server.Messages()[before]
		read, err := netmail.ReadMessage(bytes.NewReader(sent.Data))
		if err != nil {
			t.Fatal(err)
		}
		for _, field := range []string{"From", "Reply-To", "To"} {
			if list, err := read.Header.AddressList(field); err != nil || len(list) != 1 || list[0].Name != name {
				t.Errorf("%s of %q: %v, %v", field, name, list, err)
			}
		}
		if !slices.Equal(sent.To, []string{"c@d.fr"}) {
			t.Errorf("%q goes to %v", name, sent.To)
		}
	}
}

// TestSendReferences: a long thread makes no header that a server refuses; its first mail and the last ones stay.
func TestSendReferences(t *testing.T) {
	mail := outgoing()
	mail.References = nil
	for n := range 1000 {
		mail.References = append(mail.References, fmt.Sprintf("%d.%s@b.fr", n, strings.Repeat("x", 300)))
	}
	message, err := compose(mail)
	if err != nil {
		t.Fatal(err)
	}
	got := Parse(message.data).References
	if len(got) != keptReferences || got[0] != mail.References[0] || got[len(got)-1] != mail.References[999] || got[1] != mail.References[1000-keptReferences+1] {
		t.Errorf("%d references, from %.20q to %.20q", len(got), got[0], got[len(got)-1])
	}
}
