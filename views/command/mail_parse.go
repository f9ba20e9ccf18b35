package command

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"guichet/app"
)

type mailCommand struct {
	Parse mailParseCommand `cmd:"" help:"Montrer ce que Guichet lit d’un courriel."`
}

type mailParseCommand struct {
	File string `arg:"" placeholder:"FICHIER.eml" help:"Le courriel brut ; - pour l’entrée standard."`
}

// mailLine is a mail in JSON.
type mailLine struct {
	MessageID  string           `json:"message_id"`
	InReplyTo  string           `json:"in_reply_to,omitempty"`
	References []string         `json:"references,omitempty"`
	From       string           `json:"from"`
	ReplyTo    string           `json:"reply_to,omitempty"`
	To         []string         `json:"to,omitempty"`
	Cc         []string         `json:"cc,omitempty"`
	Subject    string           `json:"subject"`
	Date       *time.Time       `json:"date,omitempty"`
	Text       string           `json:"text"`
	HTML       bool             `json:"html"`
	Files      []attachmentLine `json:"attachments,omitempty"`
	Automatic  bool             `json:"automatic"`
	Reason     string           `json:"automatic_reason,omitempty"`
	Bounce     *bounceLine      `json:"bounce,omitempty"`
	Form       *formLine        `json:"form,omitempty"`
	Illegible  string           `json:"illegible,omitempty"`
}

type attachmentLine struct {
	Name   string `json:"name"`
	Type   string `json:"type"`
	Size   int    `json:"size"`
	Inline bool   `json:"inline,omitempty"`
}

type bounceLine struct {
	OriginalID string `json:"original_id,omitempty"`
	Recipient  string `json:"recipient,omitempty"`
	Status     string `json:"status,omitempty"`
	Diagnostic string `json:"diagnostic,omitempty"`
	Permanent  bool   `json:"permanent"`
}

type formLine struct {
	Identifier   string `json:"identifier,omitempty"`
	Organisation string `json:"organisation,omitempty"`
	Heading      string `json:"heading"`
	Message      string `json:"message"`
}

// Run shows what a mail gives, without a register.
func (c *mailParseCommand) Run(s *session) error {
	file := s.in
	if c.File != "-" {
		opened, err := os.Open(c.File)
		if err != nil {
			return err
		}
		defer opened.Close() //nolint:errcheck // only read
		file = opened
	}
	mail, err := app.ParseMail(file)
	if err != nil {
		return err
	}
	return s.show(mailLineOf(mail), func(w io.Writer) { printMail(w, mail) })
}

func mailLineOf(m app.ParsedMail) mailLine {
	line := mailLine{
		MessageID: m.MessageID, InReplyTo: m.InReplyTo, References: m.References, From: m.From, ReplyTo: m.ReplyTo, To: m.To, Cc: m.Cc,
		Subject: m.Subject, Text: m.Text, HTML: m.HTML, Automatic: m.Automatic != "", Reason: m.Automatic, Illegible: m.Illegible,
	}
	if !m.Date.IsZero() {
		line.Date = &m.Date
	}
	for _, file := range m.Files {
		line.Files = append(line.Files, attachmentLine{file.Name, file.ContentType, file.Size, file.Inline})
	}
	if b := m.Bounce; b != nil {
		line.Bounce = &bounceLine{b.OriginalID, b.Recipient, b.Status, b.Diagnostic, b.Permanent}
	}
	if f := m.Form; f != nil {
		line.Form = &formLine{f.Identifier, f.Organisation, string(f.Heading), f.Message}
	}
	return line
}

func printMail(w io.Writer, m app.ParsedMail) {
	row := func(name, value string) {
		if value != "" {
			fmt.Fprintf(w, "%-13s %s\n", name, value)
		}
	}
	row("De", m.From)
	row("Objet", m.Subject)
	row("Répond à", m.InReplyTo)
	row("Automatique", m.Automatic)
	if m.Bounce != nil {
		row("Non remis", strings.TrimSpace(m.Bounce.Recipient+" "+m.Bounce.Status+" "+m.Bounce.Diagnostic))
		row("Courriel", m.Bounce.OriginalID)
	}
	if m.Form != nil {
		row("Formulaire", m.Form.Heading.Label())
		row("Identifiant", m.Form.Identifier)
		row("Organisation", m.Form.Organisation)
	}
	for _, file := range m.Files {
		row("Pièce jointe", fmt.Sprintf("%s (%s, %d octets)", file.Name, file.ContentType, file.Size))
	}
	row("Illisible", m.Illegible)
	fmt.Fprintf(w, "\n%s\n", m.Text)
}
