package letters

import (
	"slices"
	"strings"

	"guichet/data"
)

// variable is what a text may have filled in.
type variable struct {
	data.Variable
	// ofLetter variables differ from letter to letter; the others depend on
	// the design, the kind of request and the validity of the codes.
	ofLetter bool
	value    func(l *Letter, d *Design) string
}

func ofLetter(name, meaning, sample string, value func(*Letter, *Design) string) variable {
	return variable{data.Variable{Name: name, Meaning: meaning, Sample: sample}, true, value}
}

func ofDesign(name, meaning, sample string, value func(*Letter, *Design) string) variable {
	return variable{data.Variable{Name: name, Meaning: meaning, Sample: sample}, false, value}
}

// effectName is the variable that a reissue has the whole paragraph of its
// request's kind put in.
const effectName = "effet"

// designVariables may stand anywhere.
var designVariables = []variable{
	ofDesign("portail", "adresse du portail",
		"https://portail.example", func(_ *Letter, d *Design) string { return d.PortalURL }),
	ofDesign("assistance", "téléphone et adresse électronique de l’assistance",
		"03 88 00 00 00 – assistance@portail.example", assistance),
	ofDesign("où écrire", "où l’adresse de l’assistance figure sur la lettre",
		"à l’adresse électronique portée au bas de cette lettre", whereToWrite),
	ofDesign("jours", "durée de validité des codes, en jours",
		"60", func(l *Letter, _ *Design) string { return itoa(l.ValidDays) }),
}

// letterVariables may stand in a letter's text.
var letterVariables = []variable{
	ofLetter("demandeur", "personne qui fait la demande",
		"Frédéric DUPONT", func(l *Letter, _ *Design) string {
			return strings.ReplaceAll(l.Applicant, " ", nb)
		}),
	ofLetter("identifiant", "identifiant du demandeur sur le portail",
		"frederic.dupont", func(l *Letter, _ *Design) string { return l.Identifier }),
	ofLetter("organisation", "nom de l’organisation",
		"Commune d’Achenheim", func(l *Letter, _ *Design) string { return l.Organisation }),
	ofLetter("représentant", "représentant légal, comme la lettre l’appelle",
		"Madame la Maire", func(l *Letter, _ *Design) string { return l.Salutation }),
	ofLetter("date de la demande", "jour où la demande a été faite",
		"12"+nb+"novembre"+nb+"2026", func(l *Letter, _ *Design) string { return data.LongDate(l.RequestedOn) }),
	ofLetter("référence", "référence de la lettre",
		"L26-004217-K", func(l *Letter, _ *Design) string { return l.Reference }),
}

// reissueVariables may stand in a reissue's text.
var reissueVariables = []variable{
	ofLetter("lettre remplacée", "référence de la lettre que celle-ci remplace",
		"L26-004211-Y", func(l *Letter, _ *Design) string { return l.Replaces }),
	ofDesign("nature de la demande", "ce qui est demandé",
		"la désignation d’un administrateur", func(l *Letter, _ *Design) string { return nature(l.Kind) }),
	ofDesign(effectName, "paragraphe sur l’effet des codes, celui de la nature de la demande",
		"La saisie des codes fait de cette personne l’administrateur…", func(*Letter, *Design) string { return "" }),
}

// variablesOf are those of a text.
func variablesOf(kind data.LetterTextKind) []variable {
	all := slices.Concat(letterVariables, designVariables)
	if kind == data.ReissueText {
		all = append(all, reissueVariables...)
	}
	return all
}

// Variables are those that a text may use.
func Variables(kind data.LetterTextKind) []data.Variable { return exported(variablesOf(kind)) }

// VersoVariables are those that the other side may use.
func VersoVariables() []data.Variable { return exported(designVariables) }

func exported(variables []variable) []data.Variable {
	out := make([]data.Variable, len(variables))
	for i, v := range variables {
		out[i] = v.Variable
	}
	return out
}

// named finds a variable that is there.
func named(variables []variable, name string) *variable {
	return &variables[slices.IndexFunc(variables, func(v variable) bool { return v.Name == name })]
}

// nature says what a kind of request asks for.
func nature(kind Kind) string {
	switch kind {
	case KindUser:
		return "l’inscription d’un utilisateur"
	case KindAdministrator:
		return "la désignation d’un administrateur"
	case KindSuccession:
		return "le changement d’administrateur"
	}
	return ""
}

// assistance is how the help desk is reached.
func assistance(_ *Letter, d *Design) string {
	var ways []string
	if d.Phone != "" {
		ways = append(ways, strings.ReplaceAll(d.Phone, " ", nb))
	}
	if d.Email != "" {
		ways = append(ways, d.Email)
	}
	if len(ways) == 0 {
		return "l’adresse portée en tête"
	}
	return strings.Join(ways, " – ")
}

// whereToWrite points at the help desk's address, so that a long one costs no
// line.
func whereToWrite(_ *Letter, d *Design) string {
	if d.Email == "" {
		return "à l’adresse portée en tête"
	}
	return "à l’adresse électronique portée au bas de cette lettre"
}
