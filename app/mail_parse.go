package app

import (
	"io"
	"time"

	"guichet/app/mailbox"
	"guichet/data"
)

// ParsedMail is what Guichet reads in a mail, without its content's bytes.
type ParsedMail struct {
	MessageID  string
	InReplyTo  string
	References []string
	From       string
	ReplyTo    string // empty: From
	To, Cc     []string
	Subject    string // activation tokens are left out of it, and of Text
	Date       time.Time
	Text       string
	HTML       bool // it has an HTML form
	Files      []data.Attachment
	// Automatic says by a word why no program may answer the mail; empty when a
	// person wrote it.
	Automatic string
	// Bounce is nil unless the mail reports on the delivery of another.
	Bounce *mailbox.DeliveryReport
	// Form is nil unless it is the portal's assistance form.
	Form *data.AssistanceForm
	// Illegible is why it could not be read, or not wholly.
	Illegible string
}

// ParseMail reads a mail as Fetch does. It needs no register and no operator.
// Invalid when it is larger than 50 MB, which Fetch leaves on the server.
func ParseMail(r io.Reader) (ParsedMail, error) {
	raw, err := io.ReadAll(io.LimitReader(r, mailbox.MaxSize+1))
	if err != nil {
		return ParsedMail{}, refined(err)
	}
	if len(raw) > mailbox.MaxSize {
		return ParsedMail{}, refuse(Invalid, oversized, nil)
	}
	mail := mailbox.Parse(raw)
	in := incoming{message: data.Message{Subject: mail.Subject, Text: mail.Text}}
	in.hideTokens()
	parsed := ParsedMail{
		MessageID: mail.MessageID, InReplyTo: mail.InReplyTo, References: mail.References, From: mail.From.Address, To: addressesOf(mail.To),
		Cc: addressesOf(mail.Cc), Subject: in.message.Subject, Date: mail.Date, Text: in.message.Text, HTML: mail.HTML != "",
		Automatic: mail.AutomaticReason, Bounce: mail.Report, Illegible: mail.Illegible,
	}
	if mail.ReplyTo != nil {
		parsed.ReplyTo = mail.ReplyTo.Address
	}
	for _, file := range mail.Attachments {
		parsed.Files = append(parsed.Files, data.Attachment{Name: file.Name, ContentType: file.ContentType, Size: len(file.Content), Inline: file.Inline})
	}
	if form, found := data.ParseAssistanceForm(parsed.Text); found {
		parsed.Form = &form
	}
	return parsed, nil
}
