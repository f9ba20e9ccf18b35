package app

import (
	"strings"
	"testing"
	"time"

	"guichet/app/mailbox/mailboxtest"
	"guichet/data"
)

// smarthost points the register at a real SMTP server.
func (d *desk) smarthost() *mailboxtest.SMTPServer {
	d.t.Helper()
	server := mailboxtest.SMTPWithoutTLS(d.t)
	d.smarthostAt(server)
	return server
}

func (d *desk) smarthostAt(server *mailboxtest.SMTPServer) {
	d.t.Helper()
	settings, err := d.Settings(d.admin)
	d.done(err)
	settings.Smarthost = data.SmarthostSettings{Host: server.Host, Port: server.Port, Security: "none", User: server.User, From: "a@portail.example"}
	d.done(d.SaveSettings(d.admin, settings))
	_, err = d.SetMailPassword(d.admin, SmarthostPassword, server.Password)
	d.done(err)
}

func (d *desk) send(sent, failed int) {
	d.t.Helper()
	got, err := d.SendOutgoing(d.helpDesk)
	d.done(err)
	if got.Sent != sent || got.Failed != failed {
		d.t.Errorf("%+v, want %d sent and %d failed", got, sent, failed)
	}
}

func (d *desk) unactivated(email string) Registered {
	d.t.Helper()
	made, err := d.Register(d.helpDesk, Registration{
		OrganisationID: d.organisation("Commune " + email).ID, FirstName: "Anne", LastName: "Heitz",
		Email: email, Password: "Portail-2026", TermsAccepted: true,
	})
	d.done(err)
	return made
}

// TestR10_ActivationMailIsSentOnce, and again later when the server fails.
func TestR10_ActivationMailIsSentOnce(t *testing.T) {
	d := openDesk(t)
	d.unactivated("a@b.fr")
	_, err := d.SendOutgoing(d.helpDesk)
	d.refused(Unavailable, err) // no server set
	server := d.smarthost()
	server.Refuse(mailboxtest.StageRecipient, 451)
	d.send(0, 1)
	d.send(0, 0) // not due yet
	server.Refuse(mailboxtest.StageRecipient, 0)
	d.clock = d.clock.Add(2 * time.Minute)
	d.send(1, 0)
	d.send(0, 0)
	mails := server.Messages()
	if len(mails) != 1 || mails[0].To[0] != "a@b.fr" || mails[0].From != "a@portail.example" {
		t.Fatalf("%d mails: %+v", len(mails), mails)
	}
}

// TestMissingSenderGivesNothingUp: the mails wait until the address is set.
func TestMissingSenderGivesNothingUp(t *testing.T) {
	d := openDesk(t)
	d.unactivated("a@b.fr")
	d.smarthost()
	settings, err := d.Settings(d.admin)
	d.done(err)
	from := settings.Smarthost.From
	settings.Smarthost.From = ""
	d.done(d.SaveSettings(d.admin, settings))
	_, err = d.SendOutgoing(d.helpDesk)
	d.refused(Unavailable, err)
	settings.Smarthost.From = from
	d.done(d.SaveSettings(d.admin, settings))
	d.send(1, 0)
}

// TestR17_OnlyTheNewestLinkIsSent: a renewal withdraws the unsent mail, an
// activation withdraws what would lead nowhere.
func TestR17_OnlyTheNewestLinkIsSent(t *testing.T) {
	d := openDesk(t)
	renewed, activated := d.unactivated("a@b.fr"), d.unactivated("c@d.fr")
	d.done(d.RenewActivation(d.helpDesk, renewed.Account.ID))
	_, err := d.Activate(d.helpDesk, data.ActivationToken(activated.Account.ID, activated.Account.ActivationNonce, d.secret))
	d.done(err)
	server := d.smarthost()
	d.send(1, 0)
	account := d.account(data.Organisation{ID: renewed.Account.OrganisationID}, renewed.Account.ID)
	token := data.ActivationToken(account.ID, account.ActivationNonce, d.secret)
	mail := strings.ReplaceAll(string(server.Messages()[0].Data), "=\r\n", "")
	if !strings.Contains(mail, token) {
		t.Errorf("the mail does not carry the newest link:\n%s", mail)
	}
}
