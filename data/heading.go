package data

// Heading is the help page's heading that an assistance request falls under
// (R18).
type Heading string

// The headings of the help page.
const (
	WhoDoesWhat           Heading = "who_does_what"
	DeactivatedAccount    Heading = "deactivated_account"
	SeveralOrganisations  Heading = "several_organisations"
	CompoundName          Heading = "compound_name"
	PasswordHeading       Heading = "password_rules"
	LetterNotReceived     Heading = "letter_not_received"
	ButtonUnresponsive    Heading = "button_unresponsive"
	ActivationNotReceived Heading = "activation_not_received"
	AdministratorChange   Heading = "administrator_change"
	OtherHeading          Heading = "other"
)

// Headings are all headings, in the order of the help page.
var Headings = []Heading{
	WhoDoesWhat, DeactivatedAccount, SeveralOrganisations, CompoundName, PasswordHeading,
	LetterNotReceived, ButtonUnresponsive, ActivationNotReceived, AdministratorChange, OtherHeading,
}

// Label is the heading as people read it, on the portal's form too.
func (h Heading) Label() string {
	switch h {
	case WhoDoesWhat:
		return "Qui fait quoi"
	case DeactivatedAccount:
		return "Compte désactivé"
	case SeveralOrganisations:
		return "Plusieurs organisations"
	case CompoundName:
		return "Nom composé"
	case PasswordHeading:
		return "Règles du mot de passe"
	case LetterNotReceived:
		return "Courrier non reçu"
	case ButtonUnresponsive:
		return "Valider ne répond pas"
	case ActivationNotReceived:
		return "Courriel d’activation non reçu"
	case AdministratorChange:
		return "Changement d’administrateur"
	case OtherHeading:
		return "Autre"
	}
	return string(h)
}

// HeadingFromLabel is the heading with a label, whatever its capitals and
// accents; OtherHeading when there is none.
func HeadingFromLabel(label string) Heading {
	for _, heading := range Headings {
		if Fold(heading.Label()) == Fold(label) {
			return heading
		}
	}
	return OtherHeading
}
