package views

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"fyne.io/fyne/v2/lang"

	"guichet/data"
)

// auditFacts writes what an audit entry says, a line a fact: what it was and what it
// became, where the entry says both, and of those only what changed. What is empty
// is left out. named tells the name of an operator.
func auditFacts(e data.AuditEntry, named func(id int64) string) string {
	r := factReader{subject: e.Subject, named: named, titles: factTitles(), title: map[string]string{}}
	before, after := r.read(e.Before), r.read(e.After)
	var lines []string
	for _, name := range r.names() {
		was, is := before[name], after[name]
		fact := cmp.Or(is, was)
		switch {
		case e.Before != "" && e.After != "" && was == is, fact == "":
			continue
		case e.Before != "":
			fact = dash(was) + " → " + dash(is)
		}
		if r.title[name] != "" {
			fact = labelled(r.title[name]) + fact
		}
		lines = append(lines, fact)
	}
	return strings.Join(lines, "\n")
}

// factReader reads what an entry keeps in JSON.
type factReader struct {
	subject string
	named   func(id int64) string
	titles  []factTitle       // of what entries keep
	title   map[string]string // of each fact
}

// names are the facts in the order of their titles; one without a title follows.
func (r factReader) names() []string {
	order := map[string]int{}
	for i, known := range r.titles {
		order[known.title] = i - len(r.titles)
	}
	return slices.SortedFunc(maps.Keys(r.title), func(x, y string) int {
		return cmp.Or(cmp.Compare(order[r.title[x]], order[r.title[y]]), strings.Compare(x, y))
	})
}

// read returns the facts by their place in the JSON.
func (r factReader) read(text string) map[string]string {
	facts := map[string]string{}
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	var value any
	if decoder.Decode(&value) == nil {
		r.add(facts, "", "", value)
	}
	return facts
}

// add adds a value, whose last name in the JSON is given, and what is in it.
func (r factReader) add(facts map[string]string, place, name string, value any) {
	switch value := value.(type) {
	case map[string]any:
		for name, inside := range value {
			if name != "ID" && name != "OrganisationID" { // whose they are says the entry
				r.add(facts, strings.TrimPrefix(place+"."+name, "."), name, inside)
			}
		}
		return
	case []any:
		if r.isList(value) {
			for i, inside := range value {
				r.add(facts, strings.TrimPrefix(place+"."+strconv.Itoa(i+1), "."), "", inside)
			}
			return
		}
	}
	r.title[place] = r.titleOf(place, name)
	facts[place] = r.text(name, value)
}

// isList tells a list of records, or of a record's fields, from one of words.
func (r factReader) isList(values []any) bool {
	return r.subject == "account" || slices.ContainsFunc(values, func(value any) bool { _, record := value.(map[string]any); return record })
}

// titleOf is how a fact is called: a setting as in « guichet settings set ».
func (r factReader) titleOf(place, name string) string {
	for _, known := range r.titles {
		if known.name == name && name != "" && (r.subject != "settings" || place == name) {
			return known.title
		}
	}
	if name == "" && r.subject == "account" { // an account's row says what it is
		return ""
	}
	return place
}

// text is a value as people read it; empty for none.
func (r factReader) text(name string, value any) string {
	switch value := value.(type) {
	case string:
		return r.wording(name, value)
	case json.Number:
		return r.figure(name, value)
	case bool:
		if value {
			return lang.L("oui")
		}
	case []any:
		var texts []string
		for _, inside := range value {
			texts = append(texts, r.text(name, inside))
		}
		return strings.Join(texts, ", ")
	}
	return ""
}

func (r factReader) figure(name string, value json.Number) string {
	n, err := value.Int64()
	switch {
	case err != nil:
		return value.String()
	case name == "priority": // 0 is the low one
		return word(data.Priority(n))
	case n == 0:
		return ""
	case name == "assignee":
		return r.named(n)
	case slices.Contains([]string{"account", "organisation", "ticket", "mandate", "MergedInto"}, name):
		return lang.L("n° {{.Number}}", map[string]any{"Number": value.String()})
	}
	return number(int(n))
}

// wording says a date, or a word of the register, as the screens do.
func (r factReader) wording(name, value string) string {
	if at, err := time.Parse(time.RFC3339, value); err == nil {
		if at.IsZero() {
			return ""
		}
		return day(at) + " " + clock(at)
	}
	if on, err := time.ParseInLocation(time.DateOnly, value, data.Paris); err == nil {
		return day(on)
	}
	if value == "" {
		return ""
	}
	switch name {
	case "kind":
		if r.subject == "outgoing_mail" {
			return word(data.OutgoingKind(value))
		}
		return word(data.RequestKind(value))
	case "Kind":
		return word(data.OrganisationKind(value))
	case "state":
		return word(data.TicketState(value))
	case "heading":
		return word(data.Heading(value))
	case "roles":
		return word(data.Role(value))
	case "what":
		return word(data.RetentionKind(value))
	case "reason":
		if r.subject == "account" {
			return word(data.Block(value))
		}
		return word(data.ReturnReason(value))
	case "ground":
		return lang.L("fusion d’organisations")
	}
	return value
}

// factTitle is how what has a name in the JSON is called.
type factTitle struct{ name, title string }

// factTitles are the titles of what entries keep, in the order in which they are read.
func factTitles() []factTitle {
	return []factTitle{
		{"identifier", lang.L("Identifiant")},
		{"number", lang.L("Numéro")},
		{"reference", lang.L("Référence")},
		{"login", lang.L("Nom d’utilisateur")},
		{"kind", lang.L("Type")},
		{"Kind", lang.L("Type")},
		{"Code", lang.L("Code")},
		{"Name", lang.L("Nom")},
		{"name", lang.L("Nom")},
		{"Civility", lang.L("Civilité")},
		{"FirstName", lang.L("Prénom")},
		{"LastName", lang.L("Nom de famille")},
		{"Office", lang.L("Fonction")},
		{"From", lang.L("Depuis le")},
		{"Until", lang.L("Jusqu’au")},
		{"Description", lang.L("À quoi il sert")},
		{"SIREN", lang.L("SIREN")},
		{"SIRET", lang.L("SIRET")},
		{"INSEECode", lang.L("Code INSEE")},
		{"Complement", lang.L("Complément (bâtiment, résidence)")},
		{"Street", lang.L("Numéro et voie")},
		{"Distribution", lang.L("BP, CS ou lieu-dit")},
		{"PostalCode", lang.L("Code postal")},
		{"City", lang.L("Commune, CEDEX compris")},
		{"Country", lang.L("Pays, si ce n’est pas la France")},
		{"Email", lang.L("Courriel")},
		{"Phone", lang.L("Téléphone")},
		{"roles", lang.L("Rôles")},
		{"disabled", lang.L("Accès retiré")},
		{"failures", lang.L("Échecs de suite")},
		{"state", lang.L("État")},
		{"heading", lang.L("Rubrique")},
		{"priority", lang.L("Priorité")},
		{"assignee", lang.L("Attribuée à")},
		{"tags", lang.L("Étiquettes")},
		{"letter", lang.L("Lettre")},
		{"letters", lang.L("Lettres")},
		{"new", lang.L("Nouvelle lettre")},
		{"reason", lang.L("Motif")},
		{"ground", lang.L("Motif")},
		{"left", lang.L("Essais restants")},
		{"posted_on", lang.L("Posté le")},
		{"printer", lang.L("Imprimante")},
		{"sheets", lang.L("Feuilles")},
		{"copies", lang.L("Exemplaires")},
		{"account", lang.L("Compte")},
		{"former", lang.L("Ancien administrateur")},
		{"also_representative", lang.L("Est aussi le représentant légal")},
		{"organisation", lang.L("Organisation")},
		{"eservice", lang.L("E-service")},
		{"ticket", lang.L("Demande")},
		{"query", lang.L("Recherche")},
		{"what", lang.L("Données")},
		{"before", lang.L("D’avant le")},
		{"since", lang.L("En doute depuis le")},
		{"records", lang.L("Effacés")},
		{"entries", lang.L("Entrées")},
		{"last_hash", lang.L("Empreinte de la dernière")},
		{"organisations", lang.L("Organisations")},
		{"accounts", lang.L("Comptes")},
		{"tickets", lang.L("Demandes")},
		{"mandates", lang.L("Mandats")},
		{"mandate", lang.L("Mandat")},
		{"elsewhere", lang.L("Ailleurs")},
		{"added", lang.L("Ajouts")},
		{"changed", lang.L("Modifications")},
		{"refused", lang.L("Lignes refusées")},
		{"table", lang.L("Liste")},
		{"lines", lang.L("Lignes")},
		{"rows", lang.L("Lignes")},
		{"file", lang.L("Fichier")},
		{"kept", lang.L("Registre gardé")},
		{"from", lang.L("Depuis")},
		{"to", lang.L("Vers")},
		{"bytes", lang.L("Octets")},
		{"sha256", lang.L("Empreinte")},
		{"CreatedAt", lang.L("Créée le")},
		{"ArchivedAt", lang.L("Archivée le")},
		{"MergedInto", lang.L("Fusionnée dans")},
		{"AddressDoubtedAt", lang.L("Adresse en doute depuis le")},
		{"RetiredAt", lang.L("Retiré le")},
	}
}
