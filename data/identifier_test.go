package data

import (
	"errors"
	"testing"
)

// TestR08_Identifier holds the vectors of the naming rule.
func TestR08_Identifier(t *testing.T) {
	tests := []struct{ first, last, want string }{
		{"Frédéric", "DUPONT DURAND", "frederic-dupont-dura"},
		{"Frédéric", "DUPONT DURAND", "frederic-dupont-dur2"},
		{"Frédéric", "DUPONT", "frederic.dupont"},
		{"Frédéric", "DUPONT", "frederic.dupont2"},
		{"Jean-Pierre", "MÜLLER", "jean-pierre-muller"},
		{"Anne", "O'BRIEN", "anne.obrien"},
		{"Anne", "O’BRIEN", "anne.obrien2"},
		{"Hélène", "SCHMITT-KLEIN", "helene-schmitt-klein"},
		{"Cœur", "LŒWENSTEIN", "coeur.loewenstein"},
		{"Jürgen", "STRAẞE", "jurgen.strasse"},
		{"Maximilien", "SCHWARZENBERGER", "maximilien.schwarzen"},
		{"Marie Antoinette", "DE HAUTECLOCQUE", "marie-antoinette-de"},
		{"Nguyễn Văn", "ĐỨC", "nguyen-van-duc"},
		{"J.", "St. Exupéry", "j-st-exupery"},
	}
	used := map[string]bool{}
	for _, tt := range tests {
		got, err := Identifier(tt.first, tt.last, func(s string) bool { return used[s] })
		if err != nil || got != tt.want {
			t.Errorf("%s|%s: %q, %v, want %q", tt.first, tt.last, got, err, tt.want)
		}
		used[got] = true
	}
}

func TestR08_IdentifierNumbersFit(t *testing.T) {
	used := map[string]bool{}
	for range 120 {
		id, err := Identifier("Maximilien", "SCHWARZENBERGER", func(s string) bool { return used[s] })
		if err != nil || len(id) > IdentifierLength || used[id] {
			t.Fatalf("%q (%d characters), %v", id, len(id), err)
		}
		used[id] = true
	}
	for _, want := range []string{"maximilien.schwarze2", "maximilien.schwarz10", "maximilien.schwar100"} {
		if !used[want] {
			t.Errorf("%s is missing", want)
		}
	}
}

func TestR08_IdentifierRefusesNamesWithoutLatinLetters(t *testing.T) {
	free := func(string) bool { return false }
	for field, names := range map[string][2]string{
		"first_name": {"明", "DUPONT"}, "last_name": {"Anne", "Иванов"},
	} {
		_, err := Identifier(names[0], names[1], free)
		var problems Problems
		if !errors.As(err, &problems) || len(problems) != 1 || problems[0].Field != field {
			t.Errorf("%v: %v", names, err)
		}
	}
}

func TestR08_SimplerIdentifier(t *testing.T) {
	for names, want := range map[[2]string]string{
		{"Frédéric", "DUPONT DURAND"}: "frederic.dupont", {"Frédéric", "DUPONT"}: "", {"", ""}: "",
		{"Jean-Pierre", "MÜLLER"}: "jean.muller",
	} {
		if got := SimplerIdentifier(names[0], names[1]); got != want {
			t.Errorf("%v: %q, want %q", names, got, want)
		}
	}
}

func FuzzIdentifier(f *testing.F) {
	f.Add("Frédéric", "DUPONT DURAND")
	f.Add("İ", "ẞ")
	f.Fuzz(func(t *testing.T, first, last string) {
		tries := 0
		id, err := Identifier(first, last, func(string) bool { tries++; return tries < 12 })
		if err != nil {
			return
		}
		if len(id) > IdentifierLength || id == "" || id[len(id)-1] == '-' || id[len(id)-1] == '.' {
			t.Errorf("%q|%q: %q", first, last, id)
		}
	})
}
