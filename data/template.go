package data

import (
	"slices"
	"strings"
)

// Variable is what a template may have filled in.
type Variable struct {
	Name    string // as between braces: "date de la demande"
	Meaning string // in French
	Sample  string // a likely value
}

// Template is a text with variables in braces: "Bonjour {demandeur},". Names
// may be typed without regard to case and accents.
type Template struct{ Parts []TemplatePart }

// TemplatePart is either a text, taken as it is, or a variable's name.
type TemplatePart struct{ Text, Variable string }

// doubled makes single braces of double ones: both are read.
var doubled = strings.NewReplacer("{{", "{", "}}", "}")

// ParseTemplate reads a text whose variables are among known. It returns the
// template with Problems of that field: a brace without its pair, and each
// variable that is unknown, with the nearest known one, or all of them.
func ParseTemplate(field, text string, known []Variable) (Template, error) {
	var template Template
	var problems Problems
	text = doubled.Replace(text)
	for text != "" {
		at := strings.IndexAny(text, "{}")
		if at < 0 {
			template.add(TemplatePart{Text: text})
			break
		}
		template.add(TemplatePart{Text: text[:at]})
		name, rest, closed := strings.Cut(text[at+1:], "}")
		if text[at] == '}' || !closed || strings.Contains(name, "{") {
			problems.Add(field, "Une accolade n’a pas sa pareille près de « {{.Near}} » : une variable s’écrit {demandeur}",
				Values{"Near": beginning(text[at:])})
			return template, problems
		}
		if variable, ok := findVariable(known, name); ok {
			template.add(TemplatePart{Variable: variable})
		} else {
			problems.unknown(field, name, known)
		}
		text = rest
	}
	return template, problems.Err()
}

func (t *Template) add(part TemplatePart) {
	if part != (TemplatePart{}) {
		t.Parts = append(t.Parts, part)
	}
}

// Variables are the names used, once each, in the order of the text.
func (t Template) Variables() []string {
	var names []string
	for _, part := range t.Parts {
		if part.Variable != "" && !slices.Contains(names, part.Variable) {
			names = append(names, part.Variable)
		}
	}
	return names
}

// Fill puts values into the variables' places. missing names, once each, the
// variables without a value; their places stay in braces. Values are taken as
// they are, braces and all.
func (t Template) Fill(values map[string]string) (text string, missing []string) {
	var b strings.Builder
	for _, part := range t.Parts {
		value := values[part.Variable]
		switch {
		case part.Variable == "":
			b.WriteString(part.Text)
		case value != "":
			b.WriteString(value)
		default:
			b.WriteString("{" + part.Variable + "}")
			if !slices.Contains(missing, part.Variable) {
				missing = append(missing, part.Variable)
			}
		}
	}
	return b.String(), missing
}

// unknown notes a variable that is not among known.
func (p *Problems) unknown(field, name string, known []Variable) {
	nearest, least := "", max(2, len([]rune(name))/2)+1
	names := make([]string, len(known))
	for i, v := range known {
		names[i] = "{" + v.Name + "}"
		if distance := editDistance(foldName(name), foldName(v.Name)); distance < least {
			nearest, least = v.Name, distance
		}
	}
	if nearest != "" {
		p.Add(field, "La variable {{.Name}} est inconnue : vouliez-vous écrire {{.Nearest}} ?",
			Values{"Name": "{" + name + "}", "Nearest": "{" + nearest + "}"})
		return
	}
	p.Add(field, "La variable {{.Name}} est inconnue : celles qui existent ici sont {{.Known}}",
		Values{"Name": "{" + name + "}", "Known": strings.Join(names, ", ")})
}

// findVariable returns the name of the known variable that was typed.
func findVariable(known []Variable, typed string) (name string, ok bool) {
	i := slices.IndexFunc(known, func(v Variable) bool { return v.Name == typed })
	if i < 0 {
		typed = foldName(typed)
		i = slices.IndexFunc(known, func(v Variable) bool { return foldName(v.Name) == typed })
	}
	if i < 0 {
		return "", false
	}
	return known[i].Name, true
}

// foldName makes names typed in different ways the same.
func foldName(name string) string { return strings.Join(strings.Fields(Fold(name)), " ") }

// beginning is the first few words of a text.
func beginning(text string) string {
	const most = 20
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return text
}

// editDistance is how many letters must be put in, left out or exchanged to
// make one text of the other (Levenshtein).
func editDistance(a, b string) int {
	to := []rune(b)
	row := make([]int, len(to)+1)
	for j := range row {
		row[j] = j
	}
	for i, r := range []rune(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j, s := range to {
			cost := diagonal
			if r != s {
				cost = 1 + min(diagonal, row[j], row[j+1])
			}
			diagonal, row[j+1] = row[j+1], cost
		}
	}
	return row[len(to)]
}
