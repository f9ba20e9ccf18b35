package data

import (
	"regexp"
	"slices"
	"strings"
)

// AnswerVariables are what a stock answer may have filled in, in double braces.
var AnswerVariables = []Variable{
	{"demandeur.nom", "le nom du demandeur", "Marie Weber"},
	{"demande.numero", "le numéro de la demande", "26-001234"},
	{"compte.identifiant", "l’identifiant du compte", "marie.weber"},
	{"compte.etat", "l’état du compte, avec sa raison", "désactivé : jamais activé"},
	{"organisation.nom", "le nom de l’organisation", "Commune d’Achenheim"},
	{"representant.nom", "le représentant légal en fonction", "Mme Anne Muller"},
	{"administrateur.nom", "l’administrateur en fonction", "Paul Klein"},
	{"courrier.reference", "la référence de la dernière lettre", "L26-004217-K"},
	{"courrier.date_depot", "le jour où la dernière lettre a été postée", "24 novembre 2026"},
	{"courrier.signalable_le", "le jour à partir duquel elle peut être signalée non reçue", "30 novembre 2026"},
	{"courrier.echeance", "le dernier jour où ses codes valent", "23 janvier 2027"},
	{"portail.adresse", "l’adresse du portail", "https://portail.example"},
}

// StockAnswer is a text ready to be sent once its variables are filled in.
type StockAnswer struct {
	Heading Heading   // under which it answers; empty for an act's
	Act     TicketAct // that it tells of; empty for a heading's
	Title   string
	Text    string
}

// StockAnswers are the headings' answers (R18), as the settings have them, then
// the acts'.
func (s Settings) StockAnswers() []StockAnswer {
	var answers []StockAnswer
	for _, heading := range Headings {
		text := s.HelpDesk.Answers[heading]
		if strings.TrimSpace(text) == "" {
			text = heading.StockAnswer()
		}
		answers = append(answers, StockAnswer{Heading: heading, Title: heading.Label(), Text: text})
	}
	for _, act := range TicketActs {
		answers = append(answers, StockAnswer{Act: act, Title: act.Label(), Text: polite(act.answer())})
	}
	return answers
}

// FillAnswer puts values into an answer's {{variables}}. missing names those
// without a value, once each: their places stay, and block sending.
func FillAnswer(text string, values map[string]string) (filled string, missing []string) {
	filled = answerVariable.ReplaceAllStringFunc(text, func(place string) string {
		name := answerVariable.FindStringSubmatch(place)[1]
		if known, ok := findVariable(AnswerVariables, name); ok {
			name = known
		}
		if value := values[name]; value != "" {
			return value
		}
		if !slices.Contains(missing, name) {
			missing = append(missing, name)
		}
		return "{{" + name + "}}"
	})
	return filled, missing
}

// answerVariable is a variable's place.
var answerVariable = regexp.MustCompile(`\{\{\s*([^{}\n]+?)\s*\}\}`)

// Unfilled names the variables that still stand in a text about to be sent.
func Unfilled(text string) []string {
	_, missing := FillAnswer(text, nil)
	return missing
}

// polite is a text between a greeting and a close.
func polite(text string) string {
	return "Bonjour {{demandeur.nom}},\n\n" + text + "\n\nBien cordialement,"
}

// StockAnswer is Guichet's own answer to what people ask under the heading, in
// French (R18).
func (h Heading) StockAnswer() string { return polite(h.stockAnswer()) }

// stockAnswer is what the answer says between its greeting and its close.
func (h Heading) stockAnswer() string {
	switch h {
	case WhoDoesWhat:
		return `Trois personnes interviennent dans votre organisation :
- le représentant légal (maire, président) reçoit par courrier les codes de confirmation ; en les saisissant sur le portail, il valide l’administrateur, et peut valider un utilisateur ;
- l’administrateur abonne l’organisation aux e-services, valide les utilisateurs et leur donne les permissions ;
- l’utilisateur se sert des e-services pour lesquels il a une permission. L’administrateur aussi : il doit se la donner à lui-même.`
	case DeactivatedAccount:
		return `Un compte est désactivé dans trois cas : personne ne s’en est servi depuis plus de 16 mois, le lien d’activation n’a pas été ouvert à temps, ou l’administrateur de votre organisation a invalidé l’inscription.
Dans les deux premiers cas, un nouveau lien d’activation suffit : nous vous l’envoyons. Dans le troisième, adressez-vous à votre administrateur.`
	case SeveralOrganisations:
		return `Un compte vaut pour une seule organisation. Si vous intervenez pour plusieurs, inscrivez-vous une fois pour chacune : vous aurez un identifiant par organisation, et choisirez celui de l’organisation pour laquelle vous travaillez. Il en va de même pour un administrateur.`
	case CompoundName:
		return `L’identifiant se forme du prénom et du nom, et compte au plus 20 caractères. Avec un seul prénom et un seul nom il est plus court et se retient mieux : frederic.dupont plutôt que frederic-dupont-dura.
Un identifiant donné ne change plus ; si vous l’avez oublié, nous pouvons le retrouver avec votre nom et votre organisation.`
	case PasswordHeading:
		return `Le mot de passe doit avoir au moins 8 caractères, dont un chiffre, une lettre minuscule et une lettre majuscule. Plus il est long, mieux il protège votre organisation.`
	case LetterNotReceived:
		return `Le courrier des codes n’est adressé qu’au représentant légal : vérifiez d’abord qu’il ne lui est pas parvenu directement.
Passé 5 jours ouvrables après l’envoi, nous le remplaçons par un nouveau courrier avec de nouveaux codes ; les anciens ne valent alors plus. Merci de nous confirmer l’adresse postale de votre organisation.`
	case ButtonUnresponsive:
		return `Le bouton Valider reste inactif tant qu’il manque quelque chose : vérifiez que tous les champs marqués d’un astérisque sont remplis et que la case des conditions d’utilisation, en bas du formulaire, est cochée.`
	case ActivationNotReceived:
		return `Vérifiez que l’adresse saisie est la bonne, puis regardez parmi les courriers indésirables. Nous vous envoyons un nouveau lien ; l’ancien ne vaut plus, et celui-ci est à ouvrir dans les 72 heures.`
	case AdministratorChange:
		return `Si la première inscription n’est pas encore validée, le représentant légal n’a qu’à ignorer le courrier reçu : inscrivez le nouvel administrateur, seuls les codes du nouveau courrier vaudront.
Si un administrateur est en fonction, la personne qui lui succède en fait la demande avec son compte d’utilisateur ; dès que le représentant légal saisit les codes, elle le remplace, et l’ancien administrateur reste utilisateur avec ses permissions.`
	}
	return `Nous avons bien reçu votre demande et la traitons.`
}
