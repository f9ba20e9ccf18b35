package letters

import (
	"strings"
	"testing"

	"guichet/data"
)

func TestLinesAbbreviatesStreets(t *testing.T) {
	tests := []struct{ in, want string }{
		{"12 avenue du Général de Gaulle", "12 AVENUE DU GENERAL DE GAULLE"},
		{"1234 bis avenue du Docteur Paul-Jean X", "1234 BIS AVENUE DU DOCTEUR PAUL JEAN X"}, // a label of 29
		{"boulevard du Président Franklin Roosevelt", "BD DU PDT FRANKLIN ROOSEVELT"},
		{"1 avenue du Maréchal de Lattre de Tassigny", "1 AV DU MAL DE LATTRE DE TASSIGNY"},
		{"3 lotissement du Faubourg de Sainte Marie", "3 LOT DU FAUBOURG DE SAINTE MARIE"},
		{"rond-point de la Résistance et de la Libération", "RPT DE LA RESISTANCE ET DE LA LIBERATION"},
		{"zone industrielle de la Plaine des Bouchers", "ZI DE LA PLAINE DES BOUCHERS"},
		{"zone d'aménagement concerté de la Vallée", "ZAC DE LA VALLEE"},
		{"zone à urbaniser en priorité de Hautepierre", "ZUP DE HAUTEPIERRE"},
		{"5 chaussée du Lieutenant-Colonel Driant-Laval", "5 CHS DU LT COLONEL DRIANT LAVAL"},
		{"galerie du Général de Gaulle et de Verdun", "GAL DU GAL DE GAULLE ET DE VERDUN"},
		{"rue de la Galerie du Grand Théâtre de Mulhouse", "RUE DE LA GALERIE DU GD THEATRE DE MULHOUSE"},
		{"avenue du Marché de la Porte de Bourgogne", "AV DU MARCHE DE LA PORTE DE BOURGOGNE"},
		{"12 rue de la Mairie B.P. 34", "12 RUE DE LA MAIRIE BP 34"},
	}
	for _, test := range tests {
		lines, err := Lines(achenheim(func(a *data.Address) { a.Street = test.in }))
		if width(test.want) > 38 {
			if err == nil {
				t.Errorf("%s: got %q, want an error", test.in, lines)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", test.in, err)
		} else if lines[2] != test.want {
			t.Errorf("%s: got %q, want %q", test.in, lines[2], test.want)
		}
	}
}

// TestAbbreviationsDiffer: where one stands for two words, both read the same
// there.
func TestAbbreviationsDiffer(t *testing.T) {
	alike := map[string]bool{"FR": true, "GR": true, "INT": true, "SEN": true, "VAL": true, "ZA": true}
	positions := map[string][]map[string]string{"first": {streetTypes, abbreviations}, "later": {abbreviations}}
	for position, tables := range positions {
		words := map[string]string{}
		for _, table := range tables {
			for word, short := range table {
				if width(short) >= width(word) {
					t.Errorf("%s is no shorter than %s", short, word)
				}
				if plain, _ := capitals(word+short, " "); strings.Trim(plain, "ABCDEFGHIJKLMNOPQRSTUVWXYZ ") != "" {
					t.Errorf("%s, %s", word, short)
				}
				// A general is never the first word of a street.
				if other := words[short]; other != "" && !alike[short] && short != "GAL" {
					t.Errorf("%s: %s stands for %s and %s", position, short, word, other)
				}
				words[short] = word
			}
		}
	}
}
