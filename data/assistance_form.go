package data

import "strings"

// AssistanceForm is what a requester filled in on the portal's form, which
// sends it as a mail of "key: value" lines (R18).
type AssistanceForm struct {
	Identifier   string
	Organisation string
	Heading      Heading
	Message      string
}

// ParseAssistanceForm reads the form out of a mail's text. It is one when the
// text starts with an identifier, an organisation or a heading line and has a
// message; anything else is an ordinary mail.
func ParseAssistanceForm(text string) (AssistanceForm, bool) {
	form := AssistanceForm{Heading: OtherHeading}
	lines := strings.Split(strings.TrimSpace(text), "\n")
	known := 0
	for i, line := range lines {
		key, value, found := strings.Cut(line, ":")
		if !found && strings.TrimSpace(line) != "" {
			return AssistanceForm{}, false
		}
		value = strings.TrimSpace(value)
		switch Fold(strings.TrimSpace(key)) {
		case "":
			continue
		case "identifiant":
			form.Identifier = strings.ToLower(value)
		case "organisation":
			form.Organisation = value
		case "rubrique":
			form.Heading = HeadingFromLabel(value)
		case "message":
			rest := append([]string{value}, lines[i+1:]...)
			form.Message = strings.TrimSpace(strings.Join(rest, "\n"))
			return form, known > 0 && form.Message != ""
		default:
			return AssistanceForm{}, false
		}
		known++
	}
	return AssistanceForm{}, false
}
