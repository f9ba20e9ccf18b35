package app

import (
	"bytes"
	"errors"
	"reflect"
	"strings"
	"testing"

	"guichet/assets"
)

// TestCheckAddressesOfAlsace: all communes of the list but one, which has no
// delivery label there, can be written to; no grouping has an address there.
func TestCheckAddressesOfAlsace(t *testing.T) {
	checked, err := CheckAddresses(assets.OrganisationsAlsace)
	if err != nil || len(checked) != 921 {
		t.Fatalf("got %d addresses, %v", len(checked), err)
	}
	printed, held := 0, map[string]int{}
	for i, a := range checked {
		if a.Line != i+2 || a.Organisation == "" || a.Doubts != nil || (a.Lines == nil) == (a.Problems == nil) {
			t.Errorf("line %d: %+v", i+2, a)
		}
		if a.Lines != nil {
			printed++
		} else if last := a.Problems[len(a.Problems)-1]; last.Line == 6 && last.Field == "city" && last.Value == "" {
			held[strings.Fields(a.Organisation)[0]]++
		} else {
			t.Errorf("line %d: %+v", i+2, a.Problems)
		}
	}
	if printed != 879 || held["Commune"] != 1 {
		t.Errorf("%d are printed, %v held back", printed, held)
	}
	want := []string{"Commune d'Achenheim", "Madame ou Monsieur le Maire", "67204 ACHENHEIM"}
	if !reflect.DeepEqual(checked[0].Lines, want) {
		t.Errorf("got %q, want %q", checked[0].Lines, want)
	}
}

const mixedAddresses = `type;nom;complement;adresse;distribution;code_postal;libelle_acheminement;pays;representant_civilite;representant_prenom;representant_nom;representant_fonction
commune;Commune d'Achenheim;Mairie;12, rue de l'Église;B.P. 12;67204;Achenheim;;Madame;Jeanne;Martin;Maire
commune;Commune de X;;;;67999;Nulle Part;;;;;
commune;;;;;67204;;;;;;
association;Les Amis de l'orgue;;;;67204;Achenheim;;;;;
association;Les Amis du four;;;;67204;Achenheim;;;Paul;Klein;
ville;Ville de Y;;;;67204;Achenheim;;;;;
commune;Commune;trop;de;colonnes;67204;Achenheim;;;;;;;;
epci;CC du Pays;;;CS71022;67000;Strasbourg;;;;;
autre;Stadt Kehl;;Rathausplatz 1;;D-77694;Kehl;Allemagne;;;;Bürgermeister
`

func TestCheckAddresses(t *testing.T) {
	checked, err := CheckAddresses([]byte(mixedAddresses))
	if err != nil {
		t.Fatal(err)
	}
	type problem struct {
		line         int
		field, value string
	}
	tests := []struct {
		lines    []string
		problems []problem
		doubts   []problem
	}{
		{lines: []string{"Commune d'Achenheim", "Madame Jeanne MARTIN", "Mairie", "12 RUE DE L EGLISE", "BP 12", "67204 ACHENHEIM"}},
		{problems: []problem{{6, "postal_code", "67999"}}},
		{problems: []problem{{1, "organisation", ""}, {6, "city", ""}}},
		{problems: []problem{{2, "representative", ""}}},
		{lines: []string{"Les Amis du four", "Paul KLEIN", "67204 ACHENHEIM"}},
		{problems: []problem{{0, "kind", "ville"}}},
		{problems: []problem{{0, "line", ""}}},
		{
			lines:  []string{"CC du Pays", "Madame ou Monsieur le Président", "CS 71022", "67000 STRASBOURG"},
			doubts: []problem{{5, "distribution", "CS71022"}},
		},
		{lines: []string{"Stadt Kehl", "Madame ou Monsieur le Bürgermeister", "RATHAUSPLATZ 1", "D-77694 KEHL", "ALLEMAGNE"}},
	}
	if len(checked) != len(tests) {
		t.Fatalf("%d addresses, want %d", len(checked), len(tests))
	}
	brief := func(problems []AddressProblem) (all []problem) {
		for _, p := range problems {
			if p.Reason == "" || strings.HasPrefix(p.Reason, "ligne") {
				t.Errorf("reason %q", p.Reason)
			}
			all = append(all, problem{p.Line, p.Field, p.Value})
		}
		return all
	}
	for i, test := range tests {
		got := checked[i]
		if got.Line != i+2 || !reflect.DeepEqual(got.Lines, test.lines) ||
			!reflect.DeepEqual(brief(got.Problems), test.problems) || !reflect.DeepEqual(brief(got.Doubts), test.doubts) {
			t.Errorf("line %d: got %+v, want %+v", i+2, got, test)
		}
	}
}

func TestCheckAddressesOfAWorkbook(t *testing.T) {
	var b bytes.Buffer
	columns := []string{"type", "nom", "code_postal", "libelle_acheminement"}
	if err := writeSpreadsheet(&b, XLSX, columns, [][]string{{"commune", "Commune de Bourg", "01000", "Bourg-en-Bresse"}}); err != nil {
		t.Fatal(err)
	}
	checked, err := CheckAddresses(b.Bytes())
	if err != nil || len(checked) != 1 || checked[0].Line != 2 ||
		!reflect.DeepEqual(checked[0].Lines, []string{"Commune de Bourg", "Madame ou Monsieur le Maire", "01000 BOURG-EN-BRESSE"}) {
		t.Errorf("got %+v, %v", checked, err)
	}
}

func TestCheckAddressesRefuses(t *testing.T) {
	for _, content := range []string{"", "nom;code_postal\nX;67204\n", "PK\x03\x04 no workbook"} {
		checked, err := CheckAddresses([]byte(content))
		var e *Error
		if !errors.As(err, &e) || e.Kind != Invalid || checked != nil {
			t.Errorf("%q: got %v, %v", content, checked, err)
		}
	}
}
