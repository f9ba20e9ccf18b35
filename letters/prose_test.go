package letters

import (
	"strings"
	"testing"

	"guichet/data"
)

func TestMended(t *testing.T) {
	for in, want := range map[string]string{
		"l'appel : non !":           "l’appel_: non-!",
		"« un » et «deux»":          "«_un_» et «_deux_»",
		"quoi ? rien ; ni 5 %":      "quoi-? rien-; ni 5_%",
		"a\n b\tc  d...":            "a b c d…",
		"https://portail.example/a": "https://portail.example/a",
		"«_déjà_» fait_: ici-;":     "«_déjà_» fait_: ici-;",
		"à 8:30, (I, L) et J.-P.":   "à 8:30, (I, L) et J.-P.",
	} {
		spaces := strings.NewReplacer("_", nb, "-!", thin+"!", "-?", thin+"?", "-;", thin+";")
		if got := mended(spaces.Replace(in)); got != spaces.Replace(want) {
			t.Errorf("%q: got %q, want %q", in, got, spaces.Replace(want))
		}
	}
}

func TestProse(t *testing.T) {
	p, problems := parseProse("opening", "Ici **{demandeur} est** « {Organisation} »", variablesOf(data.UserText))
	if problems != nil {
		t.Fatal(problems)
	}
	l := fixtureLetter()
	l.Applicant, l.Organisation = "A **B** {jours}", "C : D"
	var got strings.Builder
	for _, s := range p.spans(nil, &l, &Design{}) {
		if s.face == sansSemiBold {
			got.WriteString("[" + s.text + "]")
		} else {
			got.WriteString(s.text)
		}
	}
	// What a letter holds is never read as markup.
	if want := "Ici [A" + nb + "**B**" + nb + "{jours}][ est] «" + nb + "C : D" + nb + "»"; got.String() != want {
		t.Errorf("got %q, want %q", got.String(), want)
	}
	if !p.varies() {
		t.Error("the paragraph does not vary")
	}
}

// TestVariables: every variable has what the settings show, and its sample is
// what the sample letter prints.
func TestVariables(t *testing.T) {
	design := fixtureDesign()
	for _, kind := range data.LetterTextKinds {
		l := SampleLetter(kind)
		for i, v := range variablesOf(kind) {
			if v.Name == effectName {
				continue
			}
			if v.Meaning == "" || Variables(kind)[i] != v.Variable {
				t.Errorf("%s is not explained", v.Name)
			}
			got := strings.ReplaceAll(v.value(&l, &design), nb, " ")
			if v.Name != "référence" && got != strings.ReplaceAll(v.Sample, nb, " ") {
				t.Errorf("%s is %q, sample %q", v.Name, got, v.Sample)
			}
		}
	}
	if len(Variables(data.ReissueText)) != len(Variables(data.UserText))+3 || len(VersoVariables()) != len(designVariables) {
		t.Error("a text lacks variables")
	}
}
