package letters

import (
	"slices"
	"strings"
	"testing"
)

func TestSuggestPlaces(t *testing.T) {
	tests := []struct {
		typed string
		limit int
		want  []string
	}{
		{"67204", 5, []string{"67204 ACHENHEIM"}},
		{"6720", 3, []string{"67200 STRASBOURG", "67201 ECKBOLSHEIM", "67202 WOLFISHEIM"}},
		{"achen", 5, []string{"57412 ACHEN", "67204 ACHENHEIM"}},
		{"Achenheim", 5, []string{"67204 ACHENHEIM"}},
		{"  ACHENH ", 5, []string{"67204 ACHENHEIM"}},
		{"le vesinet", 9, []string{"78110 VESINET (LE)", "78400 VESINET (LE)"}},
		{"VESINET (", 1, []string{"78110 VESINET (LE)"}},
		{"VESINET (LE)", 1, []string{"78110 VESINET (LE)"}},
		{"vésin", 2, []string{"01570 VESINES", "78110 VESINET (LE)"}},
		{"strasb", 2, []string{"67000 STRASBOURG", "67100 STRASBOURG"}},
		{"l'hospitalet-pr", 5, []string{"09390 L'HOSPITALET PRES AND"}},
		{"67 achen", 5, []string{"67204 ACHENHEIM"}},
		{"67204 a", 5, []string{"67204 ACHENHEIM"}},
		{"68 achen", 5, nil},
		{"pres rouffach", 5, nil},
		// A commune is found under its name, whatever its label there.
		{"saint-leu", 3, []string{"97436 SAINT LEU", "97416 LA CHALOUPE", "97424 LE PITON SAINT LEU"}},
		{"st leu", 1, []string{"97436 SAINT LEU"}},
		{"velluire-sur-v", 5, []string{"85770 VELLUIRE-SUR-VENDEE(LES)"}},
		{"", 5, nil},
		{" - ", 5, nil},
		{"achen", 0, nil},
		{"achen", -1, nil},
		{"zzz", 5, nil},
		{"999", 5, nil},
	}
	for _, test := range tests {
		var got []string
		for _, place := range SuggestPlaces(test.typed, test.limit) {
			got = append(got, place.PostalCode+" "+place.Label)
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("%q: got %q, want %q", test.typed, got, test.want)
		}
	}
}

// TestSuggestPlacesST: ST is SAINT or the beginning of a word.
func TestSuggestPlacesST(t *testing.T) {
	towns := map[string]bool{}
	for _, place := range SuggestPlaces("st", 20000) {
		towns[place.Label] = true
	}
	for _, town := range []string{"STRASBOURG", "SAINT-DENIS", "ST LUBIN DE CRAVANT", "STAINS", "ERNY-ST-JULIEN"} {
		if !towns[town] {
			t.Errorf("no %s", town)
		}
	}
	if a, b := SuggestPlaces("st mar", 50), SuggestPlaces("saint-mar", 50); len(a) != 50 || !slices.Equal(a, b) {
		t.Errorf("got %v and %v", a, b)
	}
}

// TestSuggestPlacesOrder: towns that a later word finds are in alphabetical
// order, each once, after those that begin so.
func TestSuggestPlacesOrder(t *testing.T) {
	found := SuggestPlaces("mer", 1000)
	later := slices.IndexFunc(found, func(p Place) bool { return !strings.HasPrefix(p.Label, "MER") })
	if later < 5 || len(found) < 100 {
		t.Fatalf("%d places, %d of them beginning so", len(found), later)
	}
	labels := make([]string, len(found))
	seen := map[Place]bool{}
	for i, place := range found {
		if seen[place] {
			t.Errorf("%v twice", place)
		}
		seen[place], labels[i] = true, strings.ReplaceAll(place.Label, "-", " ")
	}
	if labels[0] != "MER" || !slices.IsSorted(labels[later:]) {
		t.Errorf("%s first, then %q", labels[0], labels[later:])
	}
}

// TestSuggestPlacesFindsEveryRow: each place comes under its code and label,
// its whole name before longer ones.
func TestSuggestPlacesFindsEveryRow(t *testing.T) {
	for code, rows := range deliveries() {
		for _, row := range rows {
			place := Place{code, row.label}
			if !slices.Contains(SuggestPlaces(code+" "+row.label, 20), place) {
				t.Errorf("%v not found", place)
			}
			first := SuggestPlaces(row.label, 1)
			if len(first) != 1 || labelKey(first[0].Label) != labelKey(row.label) {
				t.Errorf("%v: got %v first", place, first)
			}
		}
	}
}

func BenchmarkSuggestPlaces(b *testing.B) {
	SuggestPlaces("a", 1) // the list is read once
	for _, typed := range []string{"6", "6720", "s", "saint-mar", "achen", "les", "e", "sur l", "st"} {
		b.Run(typed, func(b *testing.B) {
			for b.Loop() {
				SuggestPlaces(typed, 12)
			}
		})
	}
}
