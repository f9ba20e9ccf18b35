package views

import (
	"encoding/json"
	"fmt"

	"fyne.io/fyne/v2/lang"

	"guichet/data"
)

// actionSentence says in words what an audit entry records.
func actionSentence(e data.AuditEntry) string {
	if sentence, known := actions()[e.Action]; known {
		return sentence
	}
	return e.Action
}

func actions() map[string]string {
	return map[string]string{
		"account.register":             lang.L("Inscription enregistrée"),
		"account.activate":             lang.L("Compte activé"),
		"account.wrong_token":          lang.L("Lien d’activation erroné"),
		"account.renew_activation":     lang.L("Activation renouvelée"),
		"account.validate":             lang.L("Compte validé par l’administrateur"),
		"account.invalidate":           lang.L("Compte invalidé"),
		"account.sign_in":              lang.L("Connexion au portail"),
		"account.request_succession":   lang.L("Changement d’administrateur demandé"),
		"account.deactivate":           lang.L("Compte désactivé"),
		"account.warn":                 lang.L("Prévenu d’une désactivation prochaine"),
		"account.reactivate":           lang.L("Compte réactivé sur une demande"),
		"account.password":             lang.L("Mot de passe fixé"),
		"account.update":               lang.L("Coordonnées modifiées"),
		"eservice.add":                 lang.L("E-service ajouté"),
		"eservice.update":              lang.L("E-service modifié"),
		"subscription.start":           lang.L("Abonnement souscrit"),
		"subscription.end":             lang.L("Abonnement résilié"),
		"permission.grant":             lang.L("Permission donnée"),
		"permission.revoke":            lang.L("Permission reprise"),
		"organisation.merge":           lang.L("Organisations fusionnées"),
		"organisation.archive":         lang.L("Organisation archivée"),
		"register.import":              lang.L("Fichier importé"),
		"register.export":              lang.L("Fichier exporté"),
		"table.export":                 lang.L("Tableau exporté"),
		"batch.compose":                lang.L("Lot composé"),
		"batch.print":                  lang.L("Lot imprimé"),
		"batch.post":                   lang.L("Lot posté"),
		"batch.cancel":                 lang.L("Lot annulé"),
		"batch.recover":                lang.L("Lot interrompu, remis en file"),
		"letter.confirm":               lang.L("Codes confirmés"),
		"letter.wrong_codes":           lang.L("Codes erronés"),
		"letter.reissue":               lang.L("Lettre remplacée"),
		"letter.expire":                lang.L("Codes échus"),
		"letter.return":                lang.L("Retour de lettre noté"),
		"letter.return_undo":           lang.L("Retour de lettre annulé"),
		"letter.export":                lang.L("Suivi des lettres exporté"),
		"organisation.address_checked": lang.L("Adresse vérifiée, bonne"),
		"mail.send":                    lang.L("Courriel envoyé"),
		"operator.create":              lang.L("Opérateur créé"),
		"operator.update":              lang.L("Opérateur modifié"),
		"operator.disable":             lang.L("Opérateur désactivé"),
		"operator.enable":              lang.L("Opérateur réactivé"),
		"operator.reset":               lang.L("Mot de passe d’opérateur réinitialisé"),
		"operator.password":            lang.L("Mot de passe d’opérateur changé"),
		"operator.sign_in":             lang.L("Session ouverte"),
		"operator.sign_in_failed":      lang.L("Session refusée"),
		"audit.export":                 lang.L("Journal exporté"),
		"audit.purge":                  lang.L("Journal purgé"),
		"privacy.purge":                lang.L("Données périmées purgées"),
		"privacy.access":               lang.L("Données d’une personne remises"),
		"privacy.erase":                lang.L("Données d’une personne effacées"),
		"register.backup":              lang.L("Registre sauvegardé"),
		"register.restore":             lang.L("Registre restauré"),
		"register.migrate":             lang.L("Registre déplacé"),
		"organisation.add":             lang.L("Organisation ajoutée"),
		"organisation.update":          lang.L("Organisation modifiée"),
		"representative.appoint":       lang.L("Représentant légal nommé"),
		"settings.save":                lang.L("Réglages modifiés"),
		"settings.password":            lang.L("Mot de passe de courriel changé"),
		"settings.logo":                lang.L("Logo des lettres changé"),
		"settings.printer":             lang.L("Décalage d’imprimante changé"),
		"ticket.open":                  lang.L("Demande reçue"),
		"ticket.reply":                 lang.L("Réponse du demandeur reçue"),
		"ticket.take":                  lang.L("Demande prise en charge"),
		"ticket.heading":               lang.L("Rubrique de la demande changée"),
		"ticket.solve":                 lang.L("Demande résolue"),
		"ticket.change":                lang.L("Demande modifiée"),
		"ticket.answer":                lang.L("Réponse envoyée au demandeur"),
		"ticket.forward":               lang.L("Demande transférée"),
		"ticket.undo_reply":            lang.L("Réponse reprise avant son envoi"),
		"ticket.note":                  lang.L("Note ajoutée à la demande"),
		"ticket.merge":                 lang.L("Demande fusionnée dans une autre"),
		"ticket.merge_into":            lang.L("Demandes réunies"),
		"ticket.undo":                  lang.L("Changement de demande annulé"),
		"ticket.unmerge":               lang.L("Fusion de demandes annulée"),
		"ticket.split":                 lang.L("Demande partagée"),
		"ticket.close":                 lang.L("Demande close, sans nouvelles depuis 14 jours"),
		"ticket.loop":                  lang.L("Réponse automatique retenue : trop en une heure"),
		"ticket.export":                lang.L("Demandes exportées"),
		"search.save":                  lang.L("Recherche enregistrée"),
		"search.drop":                  lang.L("Recherche retirée"),
		"mail.retry":                   lang.L("Courriel remis à envoyer"),
		"mail.drop":                    lang.L("Courriel abandonné"),
		"account.email_bounced":        lang.L("Adresse électronique refusée par son serveur"),
	}
}

// auditSubject names what an audit entry is about, by what the entry holds.
func auditSubject(e data.AuditEntry) string {
	var after map[string]any
	_ = json.Unmarshal([]byte(e.After), &after) // not an object: no name
	if kind, ok := after["kind"].(string); ok && e.Subject == "outgoing_mail" {
		return word(data.OutgoingKind(kind))
	}
	for _, key := range []string{"identifier", "number", "account", "reference", "login", "file", "table", "eservice", "Name", "LastName", "Office"} {
		if value, found := after[key]; found && value != "" {
			return fmt.Sprint(value)
		}
	}
	return "—"
}
