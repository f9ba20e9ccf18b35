package data

import (
	"slices"
	"strings"
	"unicode/utf8"
)

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

// headingPhrase is a phrase of headingWords.
type headingPhrase struct {
	text    string
	heading int // its index
}

// headingPhrases are the phrases by what their first word begins with.
var headingPhrases = func() map[string][]headingPhrase {
	phrases := map[string][]headingPhrase{}
	for i, words := range headingWords {
		for _, text := range words.phrases {
			first, _, _ := strings.Cut(text, " ")
			key := first[:min(len(first), phraseKey)]
			phrases[key] = append(phrases[key], headingPhrase{text, i})
		}
	}
	return phrases
}()

// phraseKey is how much of a word leads to phrases, in bytes.
const phraseKey = 5

// headingText is how much of a request's text is looked at, in bytes: people say
// first what they come for.
const headingText = 4000

// ProposeHeading is the heading that a request's own words speak of, in its
// subject or at the beginning of its text; false when they speak of none. It is
// a proposal: an agent confirms it.
func ProposeHeading(subject, text string) (Heading, bool) {
	folded := strings.NewReplacer("\u00a0", " ", "\n", " ").Replace(Fold(subject + " \n " + firstBytes(text, headingText)))
	var seen []headingPhrase
	found := make([]int, len(headingWords))
	for start, inWord := 0, false; start < len(folded); start++ {
		if letter := folded[start] >= 'a' && folded[start] <= 'z'; inWord || !letter {
			inWord = letter
			continue
		}
		inWord = true
		end := start
		for end < len(folded) && end < start+phraseKey && folded[end] >= 'a' && folded[end] <= 'z' {
			end++
		}
		for _, phrase := range headingPhrases[folded[start:end]] {
			if strings.HasPrefix(folded[start:], phrase.text) && !slices.Contains(seen, phrase) {
				seen = append(seen, phrase)
				found[phrase.heading]++
			}
		}
	}
	best, most := OtherHeading, 0
	for i, words := range headingWords {
		if found[i] > most {
			best, most = words.heading, found[i]
		}
	}
	return best, most > 0
}

// firstBytes is a text's beginning, of so many bytes at most, whole characters.
func firstBytes(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	for limit > 0 && !utf8.RuneStart(text[limit]) {
		limit--
	}
	return text[:limit]
}
