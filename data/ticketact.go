package data

// TicketAct is what an agent does for the requester, from the ticket, with one
// click: each writes its note on the ticket and proposes its answer.
type TicketAct string

// The acts of the panel beside a ticket.
const (
	ResendActivation  TicketAct = "resend_activation"  // R17
	ReactivateAccount TicketAct = "reactivate_account" // R12
	TellReportable    TicketAct = "tell_reportable"    // R16: from when a letter may be reported
	ReplaceLetter     TicketAct = "replace_letter"     // R16
	StartSuccession   TicketAct = "start_succession"   // R2
	CorrectAddress    TicketAct = "correct_address"
	TellIdentifier    TicketAct = "tell_identifier" // R8
)

// TicketActs are all acts.
var TicketActs = []TicketAct{
	ResendActivation, ReactivateAccount, TellReportable, ReplaceLetter, StartSuccession, CorrectAddress, TellIdentifier,
}

// Label is the act as its button says it.
func (a TicketAct) Label() string {
	switch a {
	case ResendActivation:
		return "Renvoyer le lien d’activation"
	case ReactivateAccount:
		return "Réactiver le compte"
	case TellReportable:
		return "Dire quand signaler la lettre"
	case ReplaceLetter:
		return "Remplacer la lettre"
	case StartSuccession:
		return "Changer d’administrateur"
	case CorrectAddress:
		return "Corriger l’adresse"
	case TellIdentifier:
		return "Envoyer l’identifiant"
	}
	return string(a)
}

// answer is what the requester is told of the act.
func (a TicketAct) answer() string {
	switch a {
	case ResendActivation:
		return `Nous venons d’envoyer un nouveau lien d’activation pour le compte « {{compte.identifiant}} » ; les liens précédents ne valent plus.
Ouvrez-le dans les 72 heures. S’il n’arrive pas, regardez parmi les courriers indésirables, puis répondez-nous.`
	case ReactivateAccount:
		return `Votre compte « {{compte.identifiant}} » ({{organisation.nom}}) est réactivé : vous pouvez vous connecter dès maintenant avec votre mot de passe habituel.`
	case TellReportable:
		return `La lettre {{courrier.reference}} a été postée le {{courrier.date_depot}} à l’attention de {{representant.nom}}, seul destinataire des codes : vérifiez d’abord qu’elle ne lui est pas parvenue directement.
La Poste peut mettre quelques jours. Si elle n’est pas arrivée, elle pourra être signalée à partir du {{courrier.signalable_le}} : répondez alors à ce courriel, et nous la remplacerons.`
	case ReplaceLetter:
		return `Nous remplaçons la lettre que vous n’avez pas reçue : une nouvelle, avec de nouveaux codes, part par la poste à l’attention de {{representant.nom}}. Les codes de la précédente ne valent plus, même si elle arrive encore.
Merci de vérifier l’adresse postale de {{organisation.nom}} et de nous signaler toute erreur.`
	case StartSuccession:
		return `Le changement d’administrateur de {{organisation.nom}} est lancé : une lettre de codes part par la poste à l’attention de {{representant.nom}}. Dès que ces codes seront saisis sur le portail, le nouvel administrateur sera en fonction ; l’ancien restera utilisateur, avec ses permissions.`
	case CorrectAddress:
		return `L’adresse postale de {{organisation.nom}} est corrigée : les prochaines lettres y seront envoyées. Merci de nous l’avoir signalée.`
	case TellIdentifier:
		return `L’identifiant de votre compte pour {{organisation.nom}} est : {{compte.identifiant}}
Il ne change jamais. Pour une autre organisation, vous en avez un autre.`
	}
	return ""
}
