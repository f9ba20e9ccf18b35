package data

import "strings"

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

// headingWords are words that requests under a heading use, folded: phrases
// that say it plainly first. The heading with most of them is proposed.
var headingWords = []struct {
	heading Heading
	phrases []string
}{
	{LetterNotReceived, []string{"courrier non recu", "pas recu le courrier", "pas recu la lettre", "lettre non recue", "codes de confirmation", "pas recu les codes", "courrier des codes", "lettre des codes", "code de confirmation"}},
	{ActivationNotReceived, []string{"lien d'activation", "courriel d'activation", "mail d'activation", "pas recu le mail", "pas recu de mail", "pas recu de courriel", "pas recu le courriel", "mail de confirmation", "courriel de confirmation", "activation"}},
	{DeactivatedAccount, []string{"compte desactive", "compte bloque", "reactiver", "reactivation", "desactive", "plus me connecter", "impossible de me connecter"}},
	{AdministratorChange, []string{"changement d'administrateur", "changer d'administrateur", "nouvel administrateur", "nouvelle administratrice", "remplacer l'administrateur", "a quitte"}},
	{PasswordHeading, []string{"mot de passe"}},
	{ButtonUnresponsive, []string{"bouton valider", "valider ne", "bouton reste", "bouton grise", "bouton ne"}},
	{SeveralOrganisations, []string{"plusieurs organisations", "plusieurs communes", "deux communes", "plusieurs comptes", "deux organisations"}},
	{CompoundName, []string{"nom compose", "prenom compose", "identifiant oublie", "oublie mon identifiant", "mon identifiant"}},
	{WhoDoesWhat, []string{"qui fait quoi", "role de l'administrateur", "donner la permission", "permissions", "representant legal doit"}},
}

// ProposeHeading is the heading that a request's own words speak of; false when
// they speak of none. It is a proposal: an agent confirms it.
func ProposeHeading(subject, text string) (Heading, bool) {
	folded := strings.NewReplacer("\u00a0", " ", "\n", " ").Replace(Fold(subject + " \n " + text))
	best, most := OtherHeading, 0
	for _, candidate := range headingWords {
		found := 0
		for _, phrase := range candidate.phrases {
			if strings.Contains(folded, phrase) {
				found++
			}
		}
		if found > most {
			best, most = candidate.heading, found
		}
	}
	return best, most > 0
}
