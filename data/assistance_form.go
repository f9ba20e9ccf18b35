package data

import "strings"

// AssistanceForm is what a requester filled in on the portal's form, which
// sends it as a mail of "key: value" lines (R18).
type AssistanceForm struct {
	Identifier   string
	Organisation string
	Name         string
	Email        string // of the requester: the mail itself may come from the portal
	Phone        string
	Heading      Heading
	Message      string
}

// formValue is the most bytes that a field of the form holds, but for its message.
const formValue = 250

// ParseAssistanceForm reads the form out of a mail's text. It is one when the
// text starts with an identifier, an organisation or a heading line and has a
// message; anything else is an ordinary mail. Keys may be written with or
// without capitals, accents, an asterisk, and a space before the colon; the
// message is all that follows its key.
func ParseAssistanceForm(text string) (AssistanceForm, bool) {
	form := AssistanceForm{Heading: OtherHeading}
	known := 0
	for rest, more := strings.TrimSpace(text), true; more; {
		var line string
		line, rest, more = strings.Cut(rest, "\n")
		if strings.TrimSpace(line) == "" {
			continue
		}
		key, value, found := strings.Cut(line, ":")
		if !found {
			return AssistanceForm{}, false
		}
		value = strings.TrimSpace(value)
		if len(value) > formValue && formKey(key) != "message" {
			return AssistanceForm{}, false
		}
		switch formKey(key) {
		case "identifiant", "identifiant du compte":
			form.Identifier = strings.ToLower(value)
			known++
		case "organisation", "organisme":
			form.Organisation = value
			known++
		case "rubrique":
			form.Heading = HeadingFromLabel(value)
			known++
		case "nom", "prenom et nom", "nom et prenom", "demandeur":
			form.Name = value
		case "courriel", "adresse electronique", "adresse e-mail", "email", "e-mail":
			if ValidEmail(value) {
				form.Email = strings.ToLower(value)
			}
		case "telephone":
			form.Phone = value
		case "message":
			if form.Message = strings.TrimSpace(value + "\n" + rest); known > 0 && form.Message != "" {
				return form, true
			}
			return AssistanceForm{}, false
		default:
			return AssistanceForm{}, false
		}
	}
	return AssistanceForm{}, false
}

// formKey is a line's key as the portal's form means it.
func formKey(key string) string {
	return strings.TrimSpace(strings.TrimRight(strings.Join(strings.Fields(Fold(key)), " "), "*"))
}
