package views

import (
	"errors"
	"strconv"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"guichet/app/mailbox/mailboxtest"
	"guichet/data"
)

// typeInto types into the fields of a page of settings.
func (p *settingsForm) typeInto(values map[string]string) {
	for field, text := range values {
		p.fields.fields[field].control.(*entry).SetText(text)
	}
}

// openForm shows the page of a title.
func (s *settings) openForm(title string) *settingsForm {
	for _, topic := range s.topics {
		if topic.title == title {
			s.open(topic)
			return topic.page.(*settingsForm)
		}
	}
	return nil
}

// choose chooses a value of a field of a page of settings.
func (p *settingsForm) choose(field string, index int) {
	p.fields.fields[field].control.(interface{ SetSelectedIndex(int) }).SetSelectedIndex(index)
}

// TestSettingsMailboxes sets an account against a real server: what is wrong is
// named, the password is kept apart, and mail comes in.
func TestSettingsMailboxes(t *testing.T) {
	dovecot := mailboxtest.Dovecot(t)
	dovecot.DeliverAt(t, []byte("From: a@b.fr\r\nSubject: Bonjour\r\n\r\nBonjour\r\n"), testNow)
	d, s := newSettingsDesk(t)
	p := s.openForm("Boîtes aux lettres")
	d.wantRead("Aucune boîte n’est réglée")
	d.tap("Ajouter une boîte")
	p.typeInto(map[string]string{"mailbox.host": dovecot.Host, "mailbox.port": "port", "mailbox.user": dovecot.User, "mailbox.folders": ""})
	d.wantProblem(p.fields, "mailbox.port", "1 à 65535")
	d.wantProblem(p.fields, "mailbox.folders", "au moins un dossier")
	p.typeInto(map[string]string{"mailbox.port": strconv.Itoa(dovecot.TLSPort), "mailbox.folders": "INBOX, Absent"})
	d.wantProblem(p.fields, "mailbox.port", "")
	d.tap("Tester")
	d.wantRead("Le certificat du serveur de courriel n’est pas reconnu")
	p.typeInto(map[string]string{"mailbox.certificate": dovecot.CertFile})
	p.typeInto(map[string]string{"mailbox.password": "faux"})
	d.tap("Garder le mot de passe")
	d.tap("Tester")
	d.wantRead("Le serveur de courriel refuse le nom d’utilisateur ou le mot de passe")
	p.typeInto(map[string]string{"mailbox.password": dovecot.Password})
	d.tap("Garder le mot de passe")
	d.wantRead("Mot de passe gardé", "cette machine n’a pas de trousseau")
	if left := p.fields.fields["mailbox.password"].control.(*entry).Text; left != "" {
		t.Error("the password stays on the screen")
	}
	d.tap("Tester")
	d.wantRead("Le dossier de la boîte ne s’ouvre pas")
	p.typeInto(map[string]string{"mailbox.folders": " INBOX "})
	d.tap("Tester")
	d.wantRead("1 courriel ; le serveur prévient des nouveaux.")
	d.tap("Enregistrer")
	d.wantRead("Réglages enregistrés", "Boîte : relevée à 13 h 20")
	want := data.MailboxSettings{
		Host: dovecot.Host, Port: dovecot.TLSPort, Security: "tls", User: dovecot.User, Auth: data.PasswordAuth, Folders: []string{"INBOX"}, CertificateFile: dovecot.CertFile,
	}
	if stored := d.stored().Mailboxes; len(stored) != 1 || stored[0].Account() != want.Account() || stored[0].Folders[0] != "INBOX" || stored[0].Port != want.Port {
		t.Errorf("stored %+v", stored)
	}
	if tickets, err := d.app.Tickets(d.ctx); err != nil || len(tickets) != 1 {
		t.Errorf("%d tickets, %v", len(tickets), err)
	}
	d.tap("Ajouter une boîte") // a second one of the same name
	p.typeInto(map[string]string{"mailbox.host": dovecot.Host, "mailbox.user": dovecot.User})
	d.tap("Enregistrer")
	d.wantProblem(p.fields, "mailbox.user", "est déjà réglé")
	d.tap("Retirer")
	d.tap("Retirer")
	d.tap("Enregistrer")
	if stored := d.stored().Mailboxes; len(stored) != 0 {
		t.Errorf("stored %+v", stored)
	}
}

// TestSettingsSmarthost tests the server that sends, and keeps what is typed.
// TestMailboxMarksWhatIsRequired: each field that an empty mailbox is refused for
// carries the star (R14).
func TestMailboxMarksWhatIsRequired(t *testing.T) {
	d, s := newSettingsDesk(t)
	p := s.openForm("Boîtes aux lettres")
	d.tap("Ajouter une boîte")
	empty := data.MailboxSettings{Auth: data.XOAuth2Auth}
	problems := data.Problems{}
	if !errors.As(data.Settings{Mailboxes: []data.MailboxSettings{empty}}.CheckMailboxes(), &problems) {
		t.Fatal("an empty mailbox passes")
	}
	for _, problem := range problems {
		made := p.fields.fields[problem.Field]
		if made == nil || problem.Field == "mailbox.security" { // one of a list is always chosen
			continue
		}
		label := made.box.Objects[0].(*fyne.Container).Objects[0].(*widget.Label).Text
		if !strings.HasSuffix(label, "*") {
			t.Errorf("%s is required, and reads %q", problem.Field, label)
		}
	}
}

func TestSettingsSmarthost(t *testing.T) {
	server := mailboxtest.SMTPWithoutTLS(t)
	d, s := newSettingsDesk(t)
	p := s.openForm("Serveur d’envoi")
	p.typeInto(map[string]string{
		"smarthost.host": server.Host, "smarthost.port": strconv.Itoa(server.Port), "smarthost.user": server.User, "smarthost.from": "aide", "smarthost.password": server.Password,
	})
	d.wantProblem(p.fields, "smarthost.from", "n’est pas une adresse")
	p.typeInto(map[string]string{"smarthost.from": "aide@portail.example"})
	d.tap("Tester")
	d.wantRead("Le serveur de courriel ne propose pas de connexion chiffrée")
	p.choose("smarthost.security", 2)
	d.tap("Garder le mot de passe")
	d.tap("Tester")
	d.wantRead("Un courriel d’essai est parti vers aide@portail.example")
	if sent := server.Messages(); len(sent) != 1 {
		t.Errorf("%d mails arrived", len(sent))
	}
	d.tap("Enregistrer")
	want := data.SmarthostSettings{Host: server.Host, Port: server.Port, Security: "none", User: server.User, From: "aide@portail.example"}
	if stored := d.stored().Smarthost; stored.Host != want.Host || stored.Port != want.Port || stored.Security != want.Security || stored.From != want.From {
		t.Errorf("stored %+v", stored)
	}
}

// TestSettingsHelpDesk: hours, targets, and the answers that are the help desk's
// own.
func TestSettingsHelpDesk(t *testing.T) {
	d, s := newSettingsDesk(t)
	p := s.openForm("Assistance")
	p.typeInto(map[string]string{"help_desk_hours": "18 h"})
	d.wantProblem(p.fields, "help_desk_hours", "l’ouverture avant la fermeture")
	p.typeInto(map[string]string{"help_desk_hours": "9 h", "closes": "17 h 30", "help_desk_targets": "4"})
	d.wantProblem(p.fields, "help_desk_hours", "")
	answer := "answer." + string(data.Headings[0])
	var text *writing
	for _, o := range d.all() {
		if area, ok := o.(*writing); ok { // the last is the stock answer's
			text = area
		}
	}
	text.SetText("Bonjour {{demandeur.non}}")
	d.wantProblem(p.fields, answer, "demandeur.nom")
	text.SetText("Bonjour {{demandeur.nom}}, voici.")
	d.wantProblem(p.fields, answer, "")
	d.tap("Enregistrer")
	stored := d.stored().HelpDesk
	if stored.Opens != "09:00" || stored.Closes != "17:30" || stored.AnswerHours != 4 || stored.SolveHours != 24 || len(stored.Answers) != 1 || stored.Answers[data.Headings[0]] != "Bonjour {{demandeur.nom}}, voici." {
		t.Errorf("stored %+v", stored)
	}
	d.tap("Reprendre le texte de Guichet")
	d.tap("Enregistrer")
	if stored := d.stored().HelpDesk.Answers; len(stored) != 0 {
		t.Errorf("Guichet's own answers are kept: %v", stored)
	}
}
