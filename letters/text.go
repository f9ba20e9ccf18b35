package letters

import (
	"strconv"

	"guichet/data"
)

func itoa(n int) string { return strconv.Itoa(n) }

// DefaultTexts are the texts of a register that has none of its own.
func DefaultTexts() data.LetterTexts {
	return data.LetterTexts{
		data.UserText: {
			Subject: "confirmation de l’inscription d’un utilisateur",
			Opening: "Le {date de la demande}, **{demandeur}** (identifiant : {identifiant}) a demandé l’ouverture d’un compte " +
				"d’utilisateur au titre de l’organisation « {organisation} » sur notre portail de services en ligne. " +
				"En tant que représentant légal de l’organisation, vous pouvez confirmer cette inscription au moyen " +
				"des deux codes ci-dessous.",
			Effect: "La saisie des codes valide l’inscription de cette personne, qui pourra dès lors se connecter une fois son " +
				"adresse électronique vérifiée. L’administrateur de votre organisation, s’il y en a un, peut aussi la valider " +
				"depuis son propre compte : les codes deviennent alors sans objet et vous n’avez rien à faire.",
			Caution: caution,
		},
		data.AdministratorText: {
			Subject: "désignation de l’administrateur de votre organisation",
			Opening: "Le {date de la demande}, **{demandeur}** (identifiant : {identifiant}) a demandé à devenir l’administrateur " +
				"de l’organisation « {organisation} » sur notre portail de services en ligne. Le représentant légal de " +
				"l’organisation est seul à pouvoir confirmer cette désignation, au moyen des deux codes ci-dessous.",
			Effect: "La saisie des codes fait de cette personne l’administrateur de votre organisation, à la place de celui qui " +
				"serait en fonction : elle y choisira les services en ligne, validera les utilisateurs et leur accordera leurs " +
				"droits. Personne d’autre que vous ne peut confirmer cette demande, pas même nos services ; si vous laissez " +
				"cette lettre sans suite, la demande reste sans effet.",
			Caution: caution,
		},
		data.SuccessionText: {
			Subject: "changement d’administrateur de votre organisation",
			Opening: "Le {date de la demande}, **{demandeur}** (identifiant : {identifiant}), déjà utilisateur de notre portail de " +
				"services en ligne pour l’organisation « {organisation} », a demandé à en devenir l’administrateur. " +
				"Le représentant légal de l’organisation est seul à pouvoir confirmer ce changement, au moyen des deux codes " +
				"ci-dessous.",
			Effect: "Dès la saisie des codes, cette personne devient l’administrateur de votre organisation. L’administrateur " +
				"actuel devient simple utilisateur et conserve les droits d’accès qui lui ont été accordés. Personne d’autre que " +
				"vous ne peut confirmer ce changement ; si vous laissez cette lettre sans suite, rien ne change.",
			Caution: caution,
		},
		data.ReissueText: {
			Subject: "nouveaux codes pour {nature de la demande}",
			Opening: "Cette lettre remplace la lettre {lettre remplacée}, dont les codes ne valent plus. Elle porte sur " +
				"{nature de la demande} pour l’organisation « {organisation} », selon la demande faite le " +
				"{date de la demande} par **{demandeur}** (identifiant : {identifiant}). La confirmation se fait au moyen " +
				"des deux nouveaux codes ci-dessous.",
			Effect:  "{" + effectName + "}",
			Caution: caution,
		},
	}
}

// caution says how codes are kept, and what to do about an unknown request.
const caution = "Ces codes sont réservés au représentant légal. Ne les transmettez à personne, ni par téléphone ni par courrier " +
	"électronique : seule l’assistance peut vous les demander, et uniquement lorsque c’est vous qui l’appelez. " +
	"**Si cette demande vous est inconnue, ne saisissez pas les codes** et écrivez à l’assistance, {où écrire}, " +
	"en n’indiquant que sa référence."

// The headings of a letter.
const (
	stepsHeading   = "Où saisir les codes"
	effectHeading  = "Ce que vaut la saisie des codes"
	cautionHeading = "Des codes personnels"
)

// notes stand under the codes, a line each.
func notes(validDays int) [][]span {
	days := itoa(validDays) + nb + "jours"
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
		plain(", et saisissez la référence, le code" + nb + "1, puis le code" + nb + "2."),
	}
}

// closing is the formal end, with the salutation of the beginning.
func closing(salutation string) string {
	return "Je vous prie d’agréer, " + salutation + ", l’expression de ma considération distinguée."
}

// footer is how the help desk is reached.
func footer(d *Design) string {
	if d.Phone == "" && d.Email == "" {
		return ""
	}
	return "Assistance" + nb + ": " + assistance(nil, d)
}
