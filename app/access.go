package app

import (
	"archive/zip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode"

	"guichet/data"
	"guichet/data/store"
	"guichet/letters"
)

// personData is all that the register holds about a person, as an access request
// hands it out (RGPD, article 15).
type personData struct {
	Person    string          `json:"person"`
	Register  string          `json:"register"`
	At        time.Time       `json:"at"`
	Accounts  []personAccount `json:"accounts,omitempty"`
	Mandates  []personMandate `json:"mandates,omitempty"`
	Letters   []personLetter  `json:"letters,omitempty"`
	Tickets   []personTicket  `json:"tickets,omitempty"`
	Elsewhere []personMessage `json:"messages_on_tickets_of_others,omitempty"`
	Mails     []personMail    `json:"mails_sent,omitempty"`
	Audit     []personEntry   `json:"audit,omitempty"`
	Retention data.Retention  `json:"retention_months"`
}

type personAccount struct {
	Identifier    string     `json:"identifier"`
	Organisation  string     `json:"organisation"`
	Civility      string     `json:"civility,omitempty"`
	FirstName     string     `json:"first_name"`
	LastName      string     `json:"last_name"`
	Email         string     `json:"email"`
	Phone         string     `json:"phone,omitempty"`
	Administrator bool       `json:"administrator"`
	RegisteredAt  time.Time  `json:"registered_at"`
	ActivatedAt   *time.Time `json:"activated_at,omitempty"`
	ValidatedAt   *time.Time `json:"validated_at,omitempty"`
	InvalidatedAt *time.Time `json:"invalidated_at,omitempty"`
	LastSignInAt  *time.Time `json:"last_sign_in_at,omitempty"`
	EServices     []string   `json:"e_services,omitempty"`
}

type personMandate struct {
	Organisation string     `json:"organisation"`
	Civility     string     `json:"civility,omitempty"`
	FirstName    string     `json:"first_name"`
	LastName     string     `json:"last_name"`
	Office       string     `json:"office"`
	From         time.Time  `json:"from"`
	Until        *time.Time `json:"until,omitempty"`
}

type personLetter struct {
	Reference string     `json:"reference"`
	Kind      string     `json:"kind"`
	State     string     `json:"state"`
	QueuedAt  time.Time  `json:"queued_at"`
	PostedOn  *time.Time `json:"posted_on,omitempty"`
	Address   []string   `json:"address,omitempty"`
}

type personTicket struct {
	Number   string          `json:"number"`
	Heading  string          `json:"heading"`
	State    string          `json:"state"`
	Subject  string          `json:"subject"`
	OpenedAt time.Time       `json:"opened_at"`
	Messages []personMessage `json:"messages"`
}

type personMessage struct {
	Direction   string    `json:"direction"`
	From        string    `json:"from,omitempty"`
	At          time.Time `json:"at"`
	Subject     string    `json:"subject,omitempty"`
	Text        string    `json:"text"`
	Attachments []string  `json:"attachments,omitempty"` // paths in the archive
}

type personMail struct {
	Kind    string    `json:"kind"`
	At      time.Time `json:"at"`
	Subject string    `json:"subject"`
	Text    string    `json:"text"`
}

type personEntry struct {
	At     time.Time `json:"at"`
	Action string    `json:"action"`
}

// PersonalData writes all that the register holds about a person as a ZIP file:
// donnees.json, the same to read as donnees.pdf, and the files that came with
// their messages. Internal notes of the staff are part of it; activation tokens
// are not. Administrators.
func (a *App) PersonalData(ctx context.Context, person data.Person, w io.Writer) error {
	operator, err := allow(ctx, "PersonalData")
	if err != nil {
		return err
	}
	found := personData{Person: personName(person), At: a.Now()}
	files := map[string][]byte{}
	err = a.view(ctx, func(tx *store.Tx) error {
		settings, err := readSettings(tx)
		if err != nil {
			return err
		}
		found.Register, found.Retention = settings.RegisterName, settings.Retention
		if person.RepresentativeID != 0 {
			return found.readMandate(tx, person.RepresentativeID)
		}
		return found.readEmail(tx, person.Email, files)
	})
	if err != nil {
		return err
	}
	if err := found.write(w, files); err != nil {
		return refined(err)
	}
	return a.update(ctx, operator, func(c *change) error {
		return c.audit("privacy.access", "register", 0, nil, map[string]any{"accounts": len(found.Accounts), "tickets": len(found.Tickets), "mandates": len(found.Mandates)})
	})
}

func (p *personData) readMandate(tx *store.Tx, id int64) error {
	mandate, err := tx.Mandate(id)
	if err != nil {
		return err
	}
	organisation, err := tx.Organisation(mandate.OrganisationID)
	if err != nil {
		return err
	}
	p.Mandates = []personMandate{{
		Organisation: organisation.Name, Civility: string(mandate.Civility), FirstName: mandate.FirstName, LastName: mandate.LastName,
		Office: mandate.Office, From: mandate.From, Until: timeOrNil(mandate.Until),
	}}
	files, err := lettersTo(tx, mandate)
	for _, file := range files {
		p.addLetter(file)
	}
	return err
}

func (p *personData) readEmail(tx *store.Tx, email string, files map[string][]byte) error {
	accounts, err := tx.AccountsByEmail(email)
	if err != nil {
		return err
	}
	var ids []int64
	for _, account := range accounts {
		ids = append(ids, account.ID)
		if err := p.readAccount(tx, account); err != nil {
			return err
		}
	}
	tickets, err := tx.TicketsOf(email, ids)
	if err != nil {
		return err
	}
	for _, ticket := range tickets {
		if err := p.readTicket(tx, ticket, files); err != nil {
			return err
		}
	}
	elsewhere, err := tx.MessagesFrom(email)
	if err != nil {
		return err
	}
	if p.Elsewhere, err = readMessages(tx, "ailleurs", elsewhere, files); err != nil {
		return err
	}
	mails, err := tx.MailsTo(email)
	for _, mail := range mails {
		p.Mails = append(p.Mails, personMail{mail.Kind.Label(), mail.CreatedAt, data.HideTokens(mail.Subject), data.HideTokens(mail.Text)})
	}
	return err
}

func (p *personData) readAccount(tx *store.Tx, account data.Account) error {
	record, err := accountRecord(tx, account.ID)
	if err != nil {
		return err
	}
	made := personAccount{
		Identifier: account.Identifier, Organisation: record.Organisation.Name, Civility: string(account.Civility), FirstName: account.FirstName,
		LastName: account.LastName, Email: account.Email, Phone: account.Phone, Administrator: record.Administrator, RegisteredAt: account.RegisteredAt,
		ActivatedAt: timeOrNil(account.ActivatedAt), ValidatedAt: timeOrNil(account.ValidatedAt), InvalidatedAt: timeOrNil(account.InvalidatedAt),
		LastSignInAt: timeOrNil(account.LastSignInAt),
	}
	for _, service := range record.Permissions {
		made.EServices = append(made.EServices, service.Name)
	}
	p.Accounts = append(p.Accounts, made)
	for _, letter := range record.Letters {
		letter.Lines = nil // the representative's address
		p.addLetter(letter)
	}
	for _, entry := range record.History {
		p.Audit = append(p.Audit, personEntry{entry.At, entry.Action})
	}
	return nil
}

func (p *personData) addLetter(file data.LetterFile) {
	p.Letters = append(p.Letters, personLetter{
		Reference: file.Reference, Kind: file.Request.Kind.Label(), State: file.State.Label(), QueuedAt: file.QueuedAt,
		PostedOn: timeOrNil(file.PostedOn), Address: file.Lines,
	})
}

func (p *personData) readTicket(tx *store.Tx, ticket data.TicketSummary, files map[string][]byte) error {
	messages, err := tx.OwnMessages(ticket.ID)
	if err != nil {
		return err
	}
	made := personTicket{
		Number: ticket.Number, Heading: ticket.Heading.Label(), State: ticket.State.Label(), Subject: ticket.Subject, OpenedAt: ticket.OpenedAt,
	}
	made.Messages, err = readMessages(tx, ticket.Number, messages, files)
	p.Tickets = append(p.Tickets, made)
	return err
}

// readMessages are messages as they are handed out; the files that came with them
// go into files, by their path.
func readMessages(tx *store.Tx, number string, messages []data.Message, files map[string][]byte) (lines []personMessage, err error) {
	for _, message := range messages {
		at := message.SentAt
		if at.IsZero() {
			at = message.ReceivedAt
		}
		line := personMessage{string(message.Direction), strings.TrimSpace(message.FromName + " " + message.FromAddress), at, message.Subject, data.HideTokens(message.Text), nil}
		for _, file := range message.Attachments {
			content, err := tx.Attachment(file.ID)
			if err != nil {
				return nil, err
			}
			path := fmt.Sprintf("pieces-jointes/%s-%d-%s", number, file.ID, archiveName(file.Name))
			files[path] = content.Content
			line.Attachments = append(line.Attachments, path)
		}
		lines = append(lines, line)
	}
	return lines, nil
}

// write writes the archive.
func (p *personData) write(w io.Writer, files map[string][]byte) error {
	archive := zip.NewWriter(w)
	add := func(name string, write func(io.Writer) error) error {
		file, err := archive.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: p.At})
		if err != nil {
			return err
		}
		return write(file)
	}
	err := add("donnees.json", func(file io.Writer) error {
		encoder := json.NewEncoder(file)
		encoder.SetEscapeHTML(false)
		encoder.SetIndent("", "  ")
		return encoder.Encode(p)
	})
	if err == nil {
		err = add("donnees.pdf", func(file io.Writer) error {
			subtitle := fmt.Sprintf("%s · registre « %s » · au %s", p.Person, p.Register, data.LongDate(p.At))
			return letters.WriteReport(file, "Données personnelles", subtitle, p.At, p.sections())
		})
	}
	for name, content := range files {
		if err == nil {
			err = add(name, func(file io.Writer) error { _, err := file.Write(content); return err })
		}
	}
	if err != nil {
		return err
	}
	return archive.Close()
}

// sections are what the readable file says.
func (p *personData) sections() (sections []letters.ReportSection) {
	add := func(title, text string, facts ...string) {
		section := letters.ReportSection{Title: title, Text: text}
		for i := 0; i+1 < len(facts); i += 2 {
			if facts[i+1] != "" {
				section.Facts = append(section.Facts, [2]string{facts[i], facts[i+1]})
			}
		}
		sections = append(sections, section)
	}
	for _, a := range p.Accounts {
		add("Compte "+a.Identifier, "", "Organisation", a.Organisation, "Nom", strings.TrimSpace(a.Civility+" "+a.FirstName+" "+a.LastName), "Courriel", a.Email,
			"Téléphone", a.Phone, "Inscription", dayTime(&a.RegisteredAt), "Activation", dayTime(a.ActivatedAt), "Validation", dayTime(a.ValidatedAt),
			"Invalidation", dayTime(a.InvalidatedAt), "Dernière connexion", dayTime(a.LastSignInAt), "E-services", strings.Join(a.EServices, ", "))
	}
	for _, m := range p.Mandates {
		add("Mandat", "", "Organisation", m.Organisation, "Nom", strings.TrimSpace(m.Civility+" "+m.FirstName+" "+m.LastName), "Fonction", m.Office,
			"Depuis", dayTime(&m.From), "Jusqu’au", dayTime(m.Until))
	}
	for _, l := range p.Letters {
		add("Lettre "+l.Reference, "", "Pour", l.Kind, "État", l.State, "En file", dayTime(&l.QueuedAt), "Postée", dayTime(l.PostedOn), "Adresse", strings.Join(l.Address, ", "))
	}
	for _, t := range p.Tickets {
		add("Demande "+t.Number, "", "Objet", t.Subject, "Rubrique", t.Heading, "État", t.State, "Ouverte", dayTime(&t.OpenedAt))
		for _, m := range t.Messages {
			add(dayTime(&m.At)+" · "+directionLabel(m.Direction), m.Text, "De", m.From, "Pièces jointes", strings.Join(m.Attachments, ", "))
		}
	}
	for _, m := range p.Elsewhere {
		add("Sur la demande d’une autre personne, "+dayTime(&m.At), m.Text, "De", m.From, "Pièces jointes", strings.Join(m.Attachments, ", "))
	}
	for _, m := range p.Mails {
		add("Courriel envoyé le "+dayTime(&m.At), m.Text, "Objet", m.Subject)
	}
	var acts []string
	for _, e := range p.Audit {
		acts = append(acts, dayTime(&e.At)+" · "+e.Action)
	}
	if len(acts) > 0 {
		add("Journal", strings.Join(acts, "\n"))
	}
	if len(sections) == 0 {
		add("Rien", "Le registre ne tient rien sur cette personne.")
	}
	return sections
}

// archiveName is a file's name in an archive: it leads to no other folder.
func archiveName(name string) string {
	return strings.Map(func(r rune) rune {
		if r == '/' || r == '\\' || r == ':' || unicode.IsControl(r) {
			return '_'
		}
		return r
	}, strings.TrimLeft(name, "."))
}

func directionLabel(direction string) string {
	switch data.Direction(direction) {
	case data.Note:
		return "note interne"
	case data.Outgoing:
		return "réponse"
	}
	return "message reçu"
}

func dayTime(t *time.Time) string {
	if t == nil || t.IsZero() {
		return ""
	}
	return t.In(data.Paris).Format("02/01/2006 15:04")
}

func timeOrNil(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
