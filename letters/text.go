package letters

import (
	"fmt"
	"strings"
	"time"
)

// No-break spaces of French typography: nb before a colon and within
// guillemets, thin before ; ! and ?.
const (
	nb   = "\u00a0"
	thin = "\u202f"
)

// quoted sets text between guillemets.
func quoted(text string) string { return "«" + nb + text + nb + "»" }

// typeset gives text from the register the apostrophe of the text around it.
func typeset(text string) string { return strings.ReplaceAll(text, "'", "’") }

var months = [...]string{
	"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août",
	"septembre", "octobre", "novembre", "décembre",
}

// frenchDate sets a date such as "24 novembre 2026", its parts held together.
func frenchDate(t time.Time) string {
	day := fmt.Sprint(t.Day())
	if t.Day() == 1 {
		day = "1er"
	}
	return day + nb + months[t.Month()-1] + nb + fmt.Sprint(t.Year())
}

// subject is what stands after "Objet".
func subject(kind Kind) string {
	switch kind {
	case KindUser:
		return "confirmation de l’inscription d’un utilisateur"
	case KindAdministrator:
		return "désignation de l’administrateur de votre organisation"
	case KindSuccession:
		return "changement d’administrateur de votre organisation"
	}
	return ""
}

// intro says who asks for what, and whose decision it is.
func intro(l Letter) []span {
	start := plain("Le " + frenchDate(l.RequestedOn) + ", ")
	applicant := strong(strings.ReplaceAll(typeset(l.Applicant), " ", nb))
	organisation := quoted(typeset(l.Organisation))
	identifier := l.Identifier
	switch l.Kind {
	case KindUser:
		return []span{start, applicant, plain(" (identifiant" + nb + ": " + identifier +
			") a demandé l’ouverture d’un compte d’utilisateur au titre de l’organisation " + organisation +
			" sur notre portail de services en ligne. En tant que représentant légal de l’organisation, " +
			"vous pouvez confirmer cette inscription au moyen des deux codes ci-dessous.")}
	case KindAdministrator:
		return []span{start, applicant, plain(" (identifiant" + nb + ": " + identifier +
			") a demandé à devenir l’administrateur de l’organisation " + organisation +
			" sur notre portail de services en ligne. Le représentant légal de l’organisation est seul à pouvoir confirmer " +
			"cette désignation, au moyen des deux codes ci-dessous.")}
	case KindSuccession:
		return []span{start, applicant, plain(" (identifiant" + nb + ": " + identifier +
			"), déjà utilisateur de notre portail de services en ligne pour l’organisation " + organisation +
			", a demandé à en devenir l’administrateur. Le représentant légal de l’organisation est seul à pouvoir confirmer " +
			"ce changement, au moyen des deux codes ci-dessous.")}
	}
	return nil
}

// notes stand under the codes, a line each.
func notes(validDays int) [][]span {
	days := fmt.Sprint(validDays) + nb + "jours"
	if validDays == 1 {
		days = "1" + nb + "jour"
	}
	return [][]span{
		{plain("Ces codes ne servent qu’une fois et expirent "), strong(days), plain(" après l’envoi de cette lettre.")},
		{plain("Ils ne contiennent jamais les lettres I, L, O et U" + nb + ": lisez 1 (un) ou 0 (zéro). " +
			"Majuscules, espaces et tirets sont indifférents.")},
	}
}

// steps says where and how codes are entered.
func steps(portalURL string) []span {
	return []span{
		plain("Rendez-vous sur "), strong(portalURL), plain(", page "), strong(quoted("Codes de confirmation")),
		plain(", et saisissez la référence, le code" + nb + "1, puis le code" + nb +
			"2."),
	}
}

// effect says what entering the codes does, and what happens otherwise.
func effect(kind Kind) []span {
	switch kind {
	case KindUser:
		return []span{plain("La saisie des codes valide l’inscription de cette personne, qui pourra dès lors se connecter " +
			"une fois son adresse électronique vérifiée. L’administrateur de votre organisation, s’il y en a un, peut aussi " +
			"la valider depuis son propre compte" + nb + ": les codes deviennent alors sans objet et vous n’avez rien à faire.")}
	case KindAdministrator:
		return []span{plain("La saisie des codes fait de cette personne l’administrateur de votre organisation, à la place de celui qui " +
			"serait en fonction" + nb + ": elle y choisira les services en ligne, validera les utilisateurs et leur accordera " +
			"leurs droits. Personne d’autre que vous ne peut confirmer cette demande, pas même nos services" + thin +
			"; si vous laissez cette lettre sans suite, la demande reste sans effet.")}
	case KindSuccession:
		return []span{plain("Dès la saisie des codes, cette personne devient l’administrateur de votre organisation. " +
			"L’administrateur actuel devient simple utilisateur et conserve les droits d’accès qui lui ont été accordés. " +
			"Personne d’autre que vous ne peut confirmer ce changement" + thin +
			"; si vous laissez cette lettre sans suite, rien ne change.")}
	}
	return nil
}

// caution says how codes are kept, and what to do about an unknown request.
func caution(d Design) []span {
	return []span{
		plain("Ces codes sont réservés au représentant légal. Ne les transmettez à personne, ni par téléphone ni par " +
			"courrier électronique" + nb + ": seule l’assistance peut vous les demander, et uniquement lorsque c’est vous " +
			"qui l’appelez. "),
		strong("Si cette demande vous est inconnue, ne saisissez pas les codes"),
		plain(" et écrivez à l’assistance" + writeTo(d) + ", en n’indiquant que sa référence."),
	}
}

// writeTo says where the help desk is written to. It points at the address, so
// that a long one costs no line.
func writeTo(d Design) string {
	if d.Email == "" {
		return ", à l’adresse portée en tête"
	}
	return ", à l’adresse électronique portée au bas de cette lettre"
}

// closing is the formal end, with the salutation of the beginning.
func closing(salutation string) string {
	return "Je vous prie d’agréer, " + typeset(salutation) + ", l’expression de ma considération distinguée."
}

// footer is how the help desk is reached.
func footer(d Design) string {
	var ways []string
	if d.Phone != "" {
		ways = append(ways, strings.ReplaceAll(d.Phone, " ", nb))
	}
	if d.Email != "" {
		ways = append(ways, d.Email)
	}
	if len(ways) == 0 {
		return ""
	}
	return "Assistance" + nb + ": " + strings.Join(ways, " – ")
}
