package data

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var someVariables = []Variable{{Name: "demandeur"}, {Name: "représentant"}, {Name: "date de la demande"}}

func TestTemplate(t *testing.T) {
	template, err := ParseTemplate("text", "Le {Date  de la demande}, {demandeur} {demandeur} écrit à {representant}.", someVariables)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"date de la demande", "demandeur", "représentant"}, template.Variables()); diff != "" {
		t.Error(diff)
	}
	got, missing := template.Fill(map[string]string{"demandeur": "{A}", "date de la demande": "1er mai"})
	if got != "Le 1er mai, {A} {A} écrit à {représentant}." || cmp.Diff([]string{"représentant"}, missing) != "" {
		t.Errorf("got %q, missing %q", got, missing)
	}
}

func TestTemplateProblems(t *testing.T) {
	tests := []struct{ text, says string }{
		{"Bonjour {demandeur", "pareille près de « {demandeur »"},
		{"Bonjour demandeur}", "pareille près de « } »"},
		{"Bonjour {demandeur {représentant}", "pareille près de « {demandeur {représen… »"},
		{"{demndeur}", "{demndeur} est inconnue : vouliez-vous écrire {demandeur}"},
		{"{date demande}", "vouliez-vous écrire {date de la demande}"},
		{"{xyz}", "celles qui existent ici sont {demandeur}, {représentant}, {date de la demande}"},
		{"{}", "{} est inconnue"},
	}
	for _, test := range tests {
		_, err := ParseTemplate("opening", test.text, someVariables)
		problems, ok := err.(Problems)
		if !ok || len(problems) != 1 || problems[0].Field != "opening" || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%q: %v, want %q", test.text, err, test.says)
		}
	}
	if _, err := ParseTemplate("opening", "{x} {y}", nil); len(err.(Problems)) != 2 {
		t.Errorf("not every unknown variable is named: %v", err)
	}
}

func TestEditDistance(t *testing.T) {
	for pair, want := range map[[2]string]int{
		{"", ""}: 0, {"abc", "abc"}: 0, {"abc", ""}: 3, {"", "abc"}: 3, {"abc", "abd"}: 1, {"abc", "xabc"}: 1, {"kitten", "sitting"}: 3,
	} {
		if got := editDistance(pair[0], pair[1]); got != want {
			t.Errorf("%q: %d, want %d", pair, got, want)
		}
	}
}
