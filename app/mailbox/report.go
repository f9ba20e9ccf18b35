package mailbox

import (
	"bytes"
	"regexp"
	"strings"
)

// DeliveryReport is what a bounce says of the mail that came back.
type DeliveryReport struct {
	OriginalID string // Message-ID of the mail, without <>; "" when not told
	Recipient  string // who did not get it
	Status     string // enhanced status code (RFC 3463): 5.1.1
	Action     string // failed, delayed… (RFC 3464)
	Diagnostic string // what the server said, at most 500 bytes
	Permanent  bool   // it will not arrive
}

// maxDiagnostic is the longest diagnostic that is kept.
const maxDiagnostic = 500

// readReport reads a bounce: its delivery status (RFC 3464) where it has one, or else what its text says, in the words
// of the usual servers.
func readReport(h header, mail Mail) *DeliveryReport {
	report := &DeliveryReport{}
	for _, part := range mail.Attachments {
		switch part.ContentType {
		case "message/delivery-status", "message/global-delivery-status":
			report.readStatus(part.Content)
		case "message/rfc822", "text/rfc822-headers", "message/rfc822-headers", "message/global", "message/global-headers":
			if original, _, _ := splitHeader(part.Content); report.OriginalID == "" {
				report.OriginalID = firstOf(messageIDs(original.get("message-id")))
			}
		}
	}
	report.readText(h, mail)
	if len(report.Recipient) > maxAddress {
		report.Recipient = ""
	}
	report.Permanent = report.permanent(mail.Subject)
	return report
}

// readStatus reads a delivery status: the first recipient who did not get the mail counts, or else the first.
func (r *DeliveryReport) readStatus(status []byte) {
	for block := range bytes.SplitSeq(bytes.ReplaceAll(status, []byte("\r\n"), []byte("\n")), []byte("\n\n")) {
		fields, _, err := splitHeader(block)
		if err != nil || fields.get("final-recipient") == "" && fields.get("original-recipient") == "" && fields.get("action") == "" {
			continue
		}
		action := word(fields.get("action"))
		if r.Action != "" && (r.Action == "failed" || action != "failed") {
			continue
		}
		r.Action = action
		r.Recipient = reportedAddress(fields.get("final-recipient"))
		if original := reportedAddress(fields.get("original-recipient")); original != "" {
			r.Recipient = original // the one that was written to
		}
		r.Status = statusCode.FindString(fields.get("status"))
		_, said, typed := strings.Cut(fields.get("diagnostic-code"), ";")
		if !typed {
			said = fields.get("diagnostic-code")
		}
		r.Diagnostic = cut(clean(decodeWords(said, "")), maxDiagnostic)
	}
}

// reportedAddress is the address of a recipient field: rfc822; a@b.fr.
func reportedAddress(value string) string {
	if kind, address, typed := strings.Cut(value, ";"); typed {
		value = address
		if strings.TrimSpace(strings.ToLower(kind)) == "x-unknown" {
			return ""
		}
	}
	return addressWithin(value)
}

// addressWithin is the first address of a field's value, or "".
func addressWithin(value string) string {
	return anAddress.FindString(clean(decodeWords(value, "")))
}

var (
	anAddress  = regexp.MustCompile(`[^\s<>(),;:"'\[\]]+@[^\s<>(),;:"'\[\]]+[A-Za-z0-9]`)
	statusCode = regexp.MustCompile(`\b[245]\.\d{1,3}\.\d{1,3}\b`)
	replyCode  = regexp.MustCompile(`\b[45]\d\d\b[ -].*`)
	originalID = regexp.MustCompile(`(?im)^[> \t]*message-id\s*:\s*<([^<>\s]+)>`)
	recipient  = regexp.MustCompile(`(?im)^[> \t]*(?:final-recipient|original-recipient)\s*:\s*rfc822\s*;\s*(\S+@\S+)`)
)

// readText completes what the parts did not tell by the mail's text: qmail, Exim and the like write no status.
func (r *DeliveryReport) readText(h header, mail Mail) {
	text := cut(mail.Text, 64<<10)
	if found := originalID.FindStringSubmatch(text); r.OriginalID == "" && found != nil {
		r.OriginalID = found[1]
	}
	if r.OriginalID == "" { // some answer the mail that they return
		r.OriginalID = firstOf(append(messageIDs(h.get("in-reply-to")), messageIDs(h.get("references"))...))
	}
	if r.Recipient == "" {
		r.Recipient = addressWithin(h.get("x-failed-recipients"))
	}
	if found := recipient.FindStringSubmatch(text); r.Recipient == "" && found != nil {
		r.Recipient = found[1]
	}
	if r.Recipient == "" {
		r.Recipient = r.addressIn(text, mail)
	}
	if r.Status == "" {
		r.Status = statusCode.FindString(text)
	}
	if r.Diagnostic == "" {
		r.Diagnostic = cut(strings.TrimSpace(replyCode.FindString(text)), maxDiagnostic)
	}
}

// addressIn is the first address of a text that is none of the mail's own.
func (r *DeliveryReport) addressIn(text string, mail Mail) string {
	for _, address := range anAddress.FindAllString(text, 20) {
		own := strings.EqualFold(address, mail.From.Address) || strings.EqualFold(address, r.OriginalID)
		for _, to := range mail.To {
			own = own || strings.EqualFold(address, to.Address)
		}
		if !own {
			return address
		}
	}
	return ""
}

// permanent tells whether the mail will not arrive: a server that gave up, not one that still tries.
func (r *DeliveryReport) permanent(subject string) bool {
	switch {
	case r.Action == "delayed" || r.Action == "delivered" || r.Action == "relayed" || r.Action == "expanded":
		return false
	case r.Action == "failed":
		return true
	case delay.MatchString(marked(subject)):
		return false
	}
	return !strings.HasPrefix(r.Status, "4") && !strings.HasPrefix(r.Status, "2")
}
