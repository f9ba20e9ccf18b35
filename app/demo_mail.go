package app

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"mime"
	"net"
	"slices"
	"strings"
	"time"

	"guichet/app/mailbox"
	"guichet/assets"
	"guichet/data"
)

// The servers that the demo register uses: IMAP and SMTP on loopback, run by
// ServeDemoMail.
const (
	DemoMailPort = 1143
	DemoSMTPPort = 1025
	DemoMailUser = "demo"
	// demoMailPassword opens nothing but the demo mailbox, on loopback.
	demoMailPassword = "demo"
)

// DemoMails are a request of each heading from people of the register, and some
// mails as they come in real life: what ServeDemoMail serves.
func (a *App) DemoMails(ctx context.Context) ([][]byte, error) {
	if _, err := allow(ctx, "DemoMails"); err != nil {
		return nil, err
	}
	organisations, err := a.FindOrganisations(ctx, "")
	if err != nil {
		return nil, err
	}
	var accounts []data.Account
	for _, organisation := range organisations {
		if organisation.Administrator.ID != 0 && len(accounts) < 40 {
			record, err := a.Organisation(ctx, organisation.Organisation.ID)
			if err != nil {
				return nil, err
			}
			accounts = append(accounts, record.Administrator)
		}
	}
	mails := oddMails(a.Now())
	for i, heading := range data.Headings {
		requests := demoRequests(heading)
		mail := demoRequest{Account: data.Account{FirstName: "Jeanne", LastName: "Roth", Email: "jeanne.roth@mairie.example"}}
		if len(accounts) > 0 {
			mail.Account = accounts[(i*7)%len(accounts)]
		}
		mail.Heading, mail.Text, mail.At = heading, requests[len(requests)-1], a.Now().Add(-time.Duration(i)*time.Hour)
		mails = append(mails, mail.bytes(i))
	}
	return mails, nil
}

// ServeDemoMail runs an IMAP server on a loopback address until ctx is done,
// with mails, and an SMTP server on smtpAddr that takes every mail and keeps
// none. ready is called with the IMAP server's address.
func ServeDemoMail(ctx context.Context, mails [][]byte, addr, smtpAddr string, ready func(net.Addr)) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	sink := make(chan error, 1)
	go func() {
		sink <- mailbox.ServeDemoSMTP(ctx, smtpAddr)
		stop()
	}()
	err := mailbox.ServeDemo(ctx, addr, DemoMailUser, demoMailPassword, mails, ready)
	stop()
	return refined(errors.Join(err, <-sink))
}

// tickets receives requests of every heading over the last working days, eight a
// day; some are taken or solved.
func (d *demo) tickets(ctx context.Context) error {
	headings := slices.Concat(data.Headings, data.Headings, data.Headings)
	for i, heading := range headings {
		d.advance(d.workday(i/8 - 4).Add(time.Duration(i%8) * 50 * time.Minute))
		requests := demoRequests(heading)
		mail := demoRequest{pick(d, d.accounts), heading, requests[i%len(requests)], d.clock}
		if err := d.receive(ctx, mail.bytes(1000+i)); err != nil {
			return err
		}
		if err := d.handle(ctx, i); err != nil {
			return err
		}
	}
	return nil
}

// oddTickets receives the mails that come beside the form, today.
func (d *demo) oddTickets(ctx context.Context) error {
	for i, mail := range oddMails(d.today) {
		d.advance(d.today.Add(-time.Duration(90-10*i) * time.Minute))
		if err := d.receive(ctx, mail); err != nil {
			return err
		}
	}
	return nil
}

// receive stores a mail as a fetch does.
func (d *demo) receive(ctx context.Context, mail []byte) error {
	operator, _ := OperatorOf(ctx)
	d.received++
	raw := mailbox.Raw{UIDValidity: 1, UID: d.received, Received: d.clock, Size: int64(len(mail)), Body: mail}
	_, err := d.app.receive(ctx, operator, "demo", []mailbox.Raw{raw}, mailbox.Cursor{UIDValidity: 1, UID: d.received})
	return err
}

// advance moves the clock to a time; it never goes back.
func (d *demo) advance(to time.Time) {
	if to.After(d.clock) {
		d.clock = to
	}
}

// handle takes or solves the newest ticket; the last ones stay new.
func (d *demo) handle(ctx context.Context, n int) error {
	tickets, err := d.app.Tickets(ctx, data.NewTicket)
	if err != nil || len(tickets) == 0 || n > 21 {
		return err
	}
	ticket := tickets[0].Ticket
	d.clock = d.clock.Add(time.Duration(5+n*17%45) * time.Minute)
	if n > 14 {
		operator, _ := OperatorOf(ctx)
		return d.app.ChangeTicket(ctx, ticket, TicketChange{Assignee: &operator.ID})
	}
	return d.answer(ctx, ticket)
}

// answer sends the stock answer of a ticket's heading, which solves most and
// leaves some waiting for the requester.
func (d *demo) answer(ctx context.Context, ticket data.Ticket) error {
	text, _, err := d.app.FillAnswer(ctx, ticket.ID, ticket.Heading.StockAnswer())
	if err != nil {
		return err
	}
	then := data.Solved
	if d.received%4 == 0 {
		then = data.Waiting
	}
	draft := data.Draft{TicketID: ticket.ID, Kind: data.ReplyDraft, To: ticket.RequesterAddress, Text: text}
	_, err = d.app.Reply(ctx, ticket, draft, then)
	return err
}

// demoRequests are the texts under a heading.
func demoRequests(heading data.Heading) []string {
	text := strings.Join(sections(assets.DemoRequests)[heading.Label()], "\n")
	return strings.Split(text, "\n--\n")
}

// demoRequest is a mail of the portal's assistance form.
type demoRequest struct {
	Account data.Account
	Heading data.Heading
	Text    string
	At      time.Time
}

func (r demoRequest) bytes(n int) []byte {
	text := fmt.Sprintf("Identifiant : %s\nRubrique : %s\nMessage :\n%s\n", r.Account.Identifier, r.Heading.Label(), r.Text)
	return textMail(r.Account.Name(), r.Account.Email, "Demande d’assistance : "+r.Heading.Label(),
		fmt.Sprintf("demande.%d.%d@portail.example", r.At.UnixMilli(), n), r.At, text)
}

// textMail is a plain UTF-8 mail.
func textMail(name, address, subject, messageID string, at time.Time, text string) []byte {
	var mail bytes.Buffer
	fmt.Fprintf(&mail, "From: %s <%s>\r\nTo: assistance@portail.example\r\nSubject: %s\r\nMessage-ID: <%s>\r\nDate: %s\r\n",
		mime.QEncoding.Encode("utf-8", name), address, mime.QEncoding.Encode("utf-8", subject), messageID, at.Format(time.RFC1123Z))
	mail.WriteString("MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n")
	encoded := base64.StdEncoding.EncodeToString([]byte(text))
	for len(encoded) > 76 {
		mail.WriteString(encoded[:76] + "\r\n")
		encoded = encoded[76:]
	}
	mail.WriteString(encoded + "\r\n")
	return mail.Bytes()
}

// oddMails are mails as they come beside the form: without a subject, HTML
// only, with an attachment, an absence notice, a broken one.
func oddMails(at time.Time) [][]byte {
	date := at.Format(time.RFC1123Z)
	id := func(n int) string {
		return fmt.Sprintf("Message-ID: <libre.%d.%d@mairie.example>\nDate: %s\n", at.UnixMilli(), n, date)
	}
	texts := []string{
		"From: Denis Haas <denis.haas@mairie.example>\nTo: assistance@portail.example\n" + id(1) +
			"Content-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable\n\n" +
			"Bonjour,\n\nimpossible de me connecter depuis hier, page blanche apr=E8s le mot de passe.\n\nDenis Haas\nMairie\n",
		"From: Sophie Lutz <sophie.lutz@cc.example>\nTo: assistance@portail.example\nSubject: =?utf-8?q?Permissions_=C3=A0_donner?=\n" + id(2) +
			"MIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n\n" +
			"<html><body><p>Bonjour,</p><p>notre <b>nouvelle collègue</b> doit utiliser le service des actes&nbsp;:</p>" +
			"<ul><li>où donner la permission&nbsp;?</li><li>faut-il une inscription&nbsp;?</li></ul><p>Merci</p></body></html>\n",
		"From: \"Wendling, Agnès\" <agnes.wendling@mairie.example>\nTo: assistance@portail.example\nSubject: Capture du message d'erreur\n" + id(3) +
			"MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=\"separation\"\n\n" +
			"--separation\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n" +
			"Bonjour, voici ce que j’obtiens en cliquant sur Valider.\n\n" +
			"--separation\nContent-Type: text/plain; charset=utf-8; name=\"erreur.txt\"\nContent-Disposition: attachment; filename*=utf-8''message%20d%E2%80%99erreur.txt\n\n" +
			"Erreur 500 : veuillez réessayer plus tard.\n\n--separation--\n",
		"From: Rémi Jung <remi.jung@mairie.example>\nTo: assistance@portail.example\nSubject: =?utf-8?q?R=C3=A9ponse_automatique_=3A_absence?=\n" + id(4) +
			"Auto-Submitted: auto-replied\nContent-Type: text/plain; charset=utf-8\n\nJe suis absent jusqu'à lundi.\n",
	}
	mails := make([][]byte, len(texts))
	for i, text := range texts {
		mails[i] = []byte(strings.ReplaceAll(text, "\n", "\r\n"))
	}
	return mails
}
