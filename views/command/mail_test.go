package command

import (
	"bytes"
	"fmt"
	"io"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"strconv"
	"strings"
	"sync"
	"testing"

	"guichet/app/mailbox/mailboxtest"
)

// decodeMail is a mail's text, decoded.
func decodeMail(t *testing.T, raw []byte) string {
	t.Helper()
	message, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	var body io.Reader = message.Body
	if strings.EqualFold(message.Header.Get("Content-Transfer-Encoding"), "quoted-printable") {
		body = quotedprintable.NewReader(body)
	}
	text, err := io.ReadAll(body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// twentyMails are mails as they come: a third of them broken in some way.
func twentyMails() [][]byte {
	from := "From: Jeanne Roth <jeanne.roth@mairie.example>\nTo: assistance@portail.example\nDate: Tue, 24 Nov 2026 09:12:00 +0100\n"
	kinds := []string{
		"Subject: Simple\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\nBonjour, rien n’est arrivé.\n",
		"Subject: Deux parties\nMIME-Version: 1.0\nContent-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain; charset=utf-8\n\nEn texte.\n--b\nContent-Type: text/html; charset=utf-8\n\n<p>En HTML.</p>\n--b--\n",
		"Subject: HTML seul\nMIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n\n<p>Bonjour</p><p>Le bouton <b>Valider</b> reste gris.</p>\n",
		"Subject: =?iso-8859-1?q?Compte_d=E9sactiv=E9?=\nContent-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: 8bit\n\nMon compte est d\xe9sactiv\xe9.\n",
		"Subject: Imprimable\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\nL=E2=80=99h=C3=B4tel de ville =\nest ferm=C3=A9.\n",
		"Subject: Pièce jointe\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nVoir la copie.\n--b\nContent-Type: application/pdf; name=copie.pdf\nContent-Disposition: attachment; filename=copie.pdf\nContent-Transfer-Encoding: base64\n\nJVBERi0xLjQK\n--b--\n",
		"Content-Type: text/plain\n\nSans objet.\n",
		"Subject: MIME rompu\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain; charset=utf-8\n\nLe reste manque.\n--b\nContent-Type: image/png\nContent-Transfer-Encoding: base64\n\niVBORw0KGgo",
		"Subject: Formulaire\nContent-Type: text/plain; charset=utf-8\n\nIdentifiant : frederic.dupont\nRubrique : Courrier non reçu\nMessage : Le maire n’a rien reçu.\n",
		"Subject: Encodage inconnu\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 7-bit\n\nTexte quand même.\n",
	}
	var mails [][]byte
	for i := range 20 {
		id := fmt.Sprintf("Message-ID: <%d@mairie.example>\n", i)
		mails = append(mails, []byte(strings.ReplaceAll(from+id+kinds[i%len(kinds)], "\n", "\r\n")))
	}
	return mails
}

// fetchMail brings 20 mails in from a real Dovecot, however the command ends.
func (o *office) fetchMail() {
	t := o.t
	t.Helper()
	server := mailboxtest.Dovecot(t)
	for _, raw := range twentyMails() {
		server.Deliver(t, raw)
	}
	o.mailboxSettings("127.0.0.1", server.TLSPort, "tls", server, "")
	o.refused("aucun compte", "settings", "password", "personne@ailleurs.example")
	o.must(nil, "settings", "password", server.User+"@127.0.0.1")

	// Killed while the mails come in: none is stored, none is flagged.
	o.killFetch(server, func(fromServer, _ []byte) bool { return bytes.Count(fromServer, []byte("Message-ID")) >= 10 })
	o.tickets(0)
	// Not reached, refused: a reason, no loss.
	o.mailboxSettings("127.0.0.1", server.TLSPort, "tls", server, "")
	o.refused("certificat", "fetch")

	// Over TLS, with the server's certificate checked.
	o.mailboxSettings("127.0.0.1", server.TLSPort, "tls", server, server.CertFile)
	var got struct{ Mails, Tickets, Replies, Doubles int }
	o.must(&got, "fetch")
	if got.Mails != 20 || got.Tickets != 20 {
		t.Errorf("fetched %+v", got)
	}
	o.must(&got, "fetch")
	if got.Mails != 0 {
		t.Errorf("fetched twice: %+v", got)
	}
	o.tickets(20)
	for _, flags := range server.Flags(t) {
		if !strings.Contains(flags, "S") {
			t.Errorf("a mail is not flagged: %q", flags)
		}
	}
	// Killed between the commit and the flagging: still there once.
	for i := range 5 {
		server.Deliver(t, bytes.ReplaceAll(twentyMails()[i], []byte("Message-ID: <"), []byte("Message-ID: <encore")))
	}
	o.killFetch(server, func(_, fromClient []byte) bool { return bytes.Contains(fromClient, []byte("STORE")) })
	o.tickets(25)
	o.mailboxSettings("127.0.0.1", server.TLSPort, "tls", server, server.CertFile)
	o.must(&got, "fetch")
	o.tickets(25)
	// A new UIDVALIDITY makes every mail come again: none doubles.
	server.ResetUIDValidity(t)
	o.must(&got, "fetch")
	if got.Doubles != 25 {
		t.Errorf("after a new UIDVALIDITY: %+v", got)
	}
	o.tickets(25)
}

// killFetch runs a fetch through a proxy, in clear, that stalls once stall says
// so of what passed from the server and from the client, and kills the fetch
// there.
func (o *office) killFetch(server *mailboxtest.DovecotServer, stall func(fromServer, fromClient []byte) bool) {
	o.t.Helper()
	proxy := newProxy(o.t, net.JoinHostPort(server.Host, strconv.Itoa(server.Port)), stall)
	o.mailboxSettings("127.0.0.1", proxy.port(), "none", server, "")
	command := o.command(nil, "fetch")
	if err := command.Start(); err != nil {
		o.t.Fatal(err)
	}
	<-proxy.stalled
	if err := command.Process.Kill(); err != nil {
		o.t.Fatal(err)
	}
	if err := command.Wait(); err == nil {
		o.t.Error("the fetch ended before it was killed")
	}
	proxy.close()
}

// proxy passes bytes between a client and a server until it stalls.
type proxy struct {
	listener net.Listener
	server   string
	stall    func(fromServer, fromClient []byte) bool
	stalled  chan struct{}

	mu                     sync.Mutex
	fromServer, fromClient []byte
	connections            []net.Conn
	done                   bool
}

func newProxy(t *testing.T, server string, stall func(fromServer, fromClient []byte) bool) *proxy {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{listener: listener, server: server, stall: stall, stalled: make(chan struct{})}
	t.Cleanup(p.close)
	go p.accept()
	return p
}

func (p *proxy) port() int { return p.listener.Addr().(*net.TCPAddr).Port }

func (p *proxy) accept() {
	for {
		client, err := p.listener.Accept()
		if err != nil {
			return
		}
		server, err := net.Dial("tcp", p.server)
		if err != nil {
			client.Close()
			continue
		}
		p.mu.Lock()
		p.connections = append(p.connections, client, server)
		p.mu.Unlock()
		go p.pass(client, server, &p.fromServer)
		go p.pass(server, client, &p.fromClient)
	}
}

// pass copies until the proxy stalls; what made it stall is not passed on.
func (p *proxy) pass(to, from net.Conn, seen *[]byte) {
	buffer := make([]byte, 512)
	for {
		n, err := from.Read(buffer)
		p.mu.Lock()
		*seen = append(*seen, buffer[:n]...)
		if !p.done && p.stall(p.fromServer, p.fromClient) {
			p.done = true
			close(p.stalled)
		}
		stop := p.done || err != nil
		p.mu.Unlock()
		if stop {
			return
		}
		if _, err := to.Write(buffer[:n]); err != nil {
			return
		}
	}
}

func (p *proxy) close() {
	p.listener.Close()
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, connection := range p.connections {
		connection.Close()
	}
}

func (o *office) mailboxSettings(host string, port int, security string, server *mailboxtest.DovecotServer, certificate string) {
	o.t.Helper()
	o.must(nil, "settings", "set", "Mailboxes.0.Host="+host, "Mailboxes.0.Port="+strconv.Itoa(port), "Mailboxes.0.Security="+security,
		"Mailboxes.0.User="+server.User, "Mailboxes.0.Folders=INBOX", "Mailboxes.0.CertificateFile="+certificate)
}

// tickets counts the tickets, each of another mail.
func (o *office) tickets(want int) {
	o.t.Helper()
	var tickets []ticketLine
	o.must(&tickets, "tickets")
	if len(tickets) != want {
		o.t.Errorf("%d tickets, want %d", len(tickets), want)
	}
	for _, ticket := range tickets {
		if ticket.Subject == "Formulaire" && (ticket.Account != "frederic.dupont" || ticket.Heading != "letter_not_received") {
			o.t.Errorf("the form is not recognised: %+v", ticket)
		}
	}
}
