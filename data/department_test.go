package data

import (
	"strings"
	"testing"

	"guichet/assets"
)

func TestDepartmentOf(t *testing.T) {
	tests := []struct {
		postalCode, code, name string
	}{
		{"01000", "01", "Ain"},
		{"67204", "67", "Bas-Rhin"},
		{"68250", "68", "Haut-Rhin"},
		{"95000", "95", "Val-d’Oise"},
		{"20000", "2A", "Corse-du-Sud"},
		{"20137", "2A", "Corse-du-Sud"},
		{"20702", "2A", "Corse-du-Sud"},
		{"20200", "2B", "Haute-Corse"},
		{"20401", "2B", "Haute-Corse"},
		{"20600", "2B", "Haute-Corse"},
		{"20300", "20", "Corse"},
		{"97110", "971", "Guadeloupe"},
		{"97133", "977", "Saint-Barthélemy"},
		{"97150", "978", "Saint-Martin"},
		{"97700", "977", "Saint-Barthélemy"},
		{"97416", "974", "La Réunion"},
		{"97500", "975", "Saint-Pierre-et-Miquelon"},
		{"97600", "976", "Mayotte"},
		{"98000", "980", "Monaco"},
		{"98600", "986", "Wallis-et-Futuna"},
		{"98714", "987", "Polynésie française"},
		{"98800", "988", "Nouvelle-Calédonie"},
	}
	for _, test := range tests {
		got, ok := DepartmentOf(test.postalCode)
		if want := (Department{test.code, test.name}); !ok || got != want {
			t.Errorf("%s: got %v, %v, want %v", test.postalCode, got, ok, want)
		}
	}
	for _, none := range []string{"", "6", "672", "672040", "6720A", "2A000", "00000", "96000", "97900", "99000", "６７２０４"} {
		if got, ok := DepartmentOf(none); ok {
			t.Errorf("%q: got %v", none, got)
		}
	}
}

// TestDepartmentOfEveryPostalCode finds all 101 départements, and no code
// without one, in La Poste's list.
func TestDepartmentOfEveryPostalCode(t *testing.T) {
	found := map[string]bool{}
	for row := range strings.Lines(assets.PostalCodes) {
		code, _, _ := strings.Cut(row, "\t")
		if code == "postal_code" {
			continue
		}
		department, ok := DepartmentOf(code)
		if !ok || department.Name == "" {
			t.Fatalf("%s has no département", code)
		}
		found[department.Code] = true
	}
	delete(found, "975") // a territory, the only one in the list
	if len(found) != 101 {
		t.Errorf("got %d départements: %v", len(found), found)
	}
}
