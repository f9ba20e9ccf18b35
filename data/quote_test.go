package data

import (
	"strings"
	"testing"
)

func TestSplitMessage(t *testing.T) {
	for name, c := range map[string]struct{ text, own, quoted, signature string }{
		"plain":     {"Tout simple", "Tout simple", "", ""},
		"empty":     {"", "", "", ""},
		"Gmail":     {"Bonjour,\n\nmerci.\n\nLe mar. 3 nov. 2026 à 10:12, Assistance <aide@portail.fr> a écrit :\n\n> Bonjour\n> au revoir", "Bonjour,\n\nmerci.", "Le mar. 3 nov. 2026 à 10:12, Assistance <aide@portail.fr> a écrit :\n> Bonjour\n> au revoir", ""},
		"wrapped":   {"Merci.\n\nLe mar. 3 nov. 2026 à 10:12, Assistance du portail e-services\n<assistance@portail.example> a écrit :\n\n> Bonjour", "Merci.", "Le mar. 3 nov. 2026 à 10:12, Assistance du portail e-services\n<assistance@portail.example> a écrit :\n> Bonjour", ""},
		"wrapped 3": {"Merci.\n\nLe mardi 3 novembre 2026 à 10:12,\nAssistance du portail e-services\n<assistance@portail.example> a écrit :\n> Bonjour", "Merci.", "Le mardi 3 novembre 2026 à 10:12,\nAssistance du portail e-services\n<assistance@portail.example> a écrit :\n> Bonjour", ""},
		"no-break":  {"Merci.\n\nLe 3 nov. 2026, l’assistance a écrit\u00a0:\n> Bonjour", "Merci.", "Le 3 nov. 2026, l’assistance a écrit\u00a0:\n> Bonjour", ""},
		"unquoted":  {"Merci.\n\nLe 3 nov. 2026 à 10:12, aide@portail.fr a écrit :\n\nBonjour,\nvotre compte est actif.", "Merci.", "Le 3 nov. 2026 à 10:12, aide@portail.fr a écrit :\n\nBonjour,\nvotre compte est actif.", ""},
		"between":   {"Bonjour,\n> Avez-vous reçu la lettre ?\nNon, rien.\n> Depuis quand ?\nDeux semaines.", "Bonjour,\nNon, rien.\nDeux semaines.", "> Avez-vous reçu la lettre ?\n> Depuis quand ?", ""},
		"under":     {"Le 3 nov. 2026 à 10:12, Assistance a écrit :\n> Quel identifiant ?\n\nmarie.weber", "marie.weber", "Le 3 nov. 2026 à 10:12, Assistance a écrit :\n> Quel identifiant ?", ""},
		"Outlook": {
			"Toujours rien.\n\nDe : Assistance <aide@portail.fr>\nEnvoyé : mardi 3 novembre 2026 10:12\nÀ : Mairie <mairie@colmar.fr>\nObjet : RE: Courrier\n\nBonjour", "Toujours rien.",
			"De : Assistance <aide@portail.fr>\nEnvoyé : mardi 3 novembre 2026 10:12\nÀ : Mairie <mairie@colmar.fr>\nObjet : RE: Courrier\n\nBonjour", "",
		},
		"Outlook rule": {
			"Toujours rien.\n\n________________________________\nDe\u00a0: Assistance <aide@portail.fr>\nEnvoyé\u00a0: mardi 3 novembre 2026 10:12\nÀ\u00a0: mairie@colmar.fr\nObjet\u00a0: Courrier\n\nBonjour", "Toujours rien.",
			"________________________________\nDe\u00a0: Assistance <aide@portail.fr>\nEnvoyé\u00a0: mardi 3 novembre 2026 10:12\nÀ\u00a0: mairie@colmar.fr\nObjet\u00a0: Courrier\n\nBonjour", "",
		},
		"Outlook Express": {"Voici.\n\n-----Message d'origine-----\nDe : Assistance\nBonjour", "Voici.", "-----Message d'origine-----\nDe : Assistance\nBonjour", ""},
		"curly":           {"Voici.\n\n-----Message d’origine-----\nBonjour", "Voici.", "-----Message d’origine-----\nBonjour", ""},
		"forward":         {"Pour info.\n\n---------- Message transféré ---------\nDe : Marie\nBonjour", "Pour info.", "---------- Message transféré ---------\nDe : Marie\nBonjour", ""},
		"Apple":           {"Pour info.\n\nDébut du message réexpédié :\n\nDe: Marie\nBonjour", "Pour info.", "Début du message réexpédié :\n\nDe: Marie\nBonjour", ""},
		"English":         {"Thanks.\n\nOn Tue, Nov 3, 2026 at 10:12 AM Help <a@b.fr> wrote:\n> Hello", "Thanks.", "On Tue, Nov 3, 2026 at 10:12 AM Help <a@b.fr> wrote:\n> Hello", ""},
		"German":          {"Danke.\n\nAm 03.11.26 um 10:12 schrieb Hilfe:\n> Hallo", "Danke.", "Am 03.11.26 um 10:12 schrieb Hilfe:\n> Hallo", ""},
		"Orange":          {"Merci\n\n\n> Message du 03/11/26 10:12\n> De : \"Assistance\"\n> A : mairie@orange.fr\n> Bonjour", "Merci", "> Message du 03/11/26 10:12\n> De : \"Assistance\"\n> A : mairie@orange.fr\n> Bonjour", ""},
		"iPhone":          {"C’est fait.\n\nEnvoyé de mon iPhone\n\n> Le 3 nov. 2026 à 10:12, Assistance <a@b.fr> a écrit :\n> \n> Bonjour", "C’est fait.", "> Le 3 nov. 2026 à 10:12, Assistance <a@b.fr> a écrit :\n> \n> Bonjour", "Envoyé de mon iPhone"},
		"signature":       {"Où est la lettre ?\n\n-- \nMarie Weber\nMairie d’Achenheim", "Où est la lettre ?", "", "-- \nMarie Weber\nMairie d’Achenheim"},
		"cordialement":    {"Où est la lettre ?\n\nBien cordialement,\nMarie Weber\nSecrétaire de mairie\n03 88 00 00 00", "Où est la lettre ?", "", "Bien cordialement,\nMarie Weber\nSecrétaire de mairie\n03 88 00 00 00"},
		"salutations":     {"Où est la lettre ?\n\nJe vous prie d’agréer, Madame, Monsieur, mes salutations distinguées.\n\nLe maire", "Où est la lettre ?", "", "Je vous prie d’agréer, Madame, Monsieur, mes salutations distinguées.\n\nLe maire"},
		"telephone and close": {
			"Bonjour\n\nCordialement\nMarie\n\nEnvoyé de mon iPhone", "Bonjour", "", "Cordialement\nMarie\n\nEnvoyé de mon iPhone",
		},
		"only a close":        {"Cordialement", "Cordialement", "", ""},
		"only a quote":        {"> Bonjour\n> au revoir", "> Bonjour\n> au revoir", "", ""},
		"not a quote":         {"Le maire a écrit au préfet.\nLe 3 novembre, rien n’est arrivé.", "Le maire a écrit au préfet.\nLe 3 novembre, rien n’est arrivé.", "", ""},
		"not a head":          {"De : quoi parle-t-on\nBonjour", "De : quoi parle-t-on\nBonjour", "", ""},
		"the form":            {"Identifiant : marie.weber\nRubrique : Autre\nMessage :\nBonjour", "Identifiant : marie.weber\nRubrique : Autre\nMessage :\nBonjour", "", ""},
		"cordially in a text": {"Il m’a cordialement reçu.\nEt après ?", "Il m’a cordialement reçu.\nEt après ?", "", ""},
		"reply over signature": {
			"Merci.\n\nCordialement,\nMarie\n\nLe 3 nov. 2026 à 10:12, Assistance a écrit :\n> Bonjour\n> Cordialement", "Merci.", "Le 3 nov. 2026 à 10:12, Assistance a écrit :\n> Bonjour\n> Cordialement", "Cordialement,\nMarie",
		},
	} {
		own, quoted, signature := SplitMessage(c.text)
		if squeeze(own) != squeeze(c.own) || squeeze(quoted) != squeeze(c.quoted) || squeeze(signature) != squeeze(c.signature) {
			t.Errorf("%s:\nown %q, want %q\nquoted %q, want %q\nsignature %q, want %q", name, own, c.own, quoted, c.quoted, signature, c.signature)
		}
	}
}

// squeeze takes blank lines away: they may go with either part.
func squeeze(text string) string {
	var lines []string
	for line := range strings.SplitSeq(text, "\n") {
		if strings.TrimSpace(line) != "" {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}

// FuzzSplitMessage looks for a text of which a line is lost.
func FuzzSplitMessage(f *testing.F) {
	f.Add("Bonjour\n\nLe 3 nov. 2026, A a écrit :\n> Salut\nNon.\n-- \nMarie")
	f.Add("De : a\nEnvoyé : b\nÀ : c\nObjet : d\n")
	f.Add("Cordialement\n\nEnvoyé de mon iPhone\n>\n")
	f.Fuzz(func(t *testing.T, text string) {
		own, quoted, signature := SplitMessage(text)
		count := func(text string) (n int) {
			for line := range strings.SplitSeq(strings.ReplaceAll(text, "\r\n", "\n"), "\n") {
				if strings.Trim(line, " \t\r\u00a0") != "" {
					n++
				}
			}
			return n
		}
		if parts := count(own) + count(quoted) + count(signature); parts != count(text) {
			t.Errorf("%d lines of %d in %q", parts, count(text), text)
		}
	})
}
