package data

import (
	"reflect"
	"testing"
	"time"
)

func addressed(lines ...string) Letter {
	return Letter{Lines: append([]string{"Commune", "Madame ou Monsieur le Maire"}, lines...)}
}

func TestNewDepositSlip(t *testing.T) {
	day := time.Date(2026, time.November, 24, 9, 30, 0, 0, Paris)
	batch := Batch{Number: "LOT26-0012", ComposedAt: day}
	letters := []Letter{
		addressed("68250 ROUFFACH"), addressed("12 RUE DE LA MAIRIE", "67204 ACHENHEIM"),
		addressed("67085 STRASBOURG CEDEX 9"), addressed("20200 BASTIA"), addressed("20000 AJACCIO"),
		addressed("97416 LA CHALOUPE"), addressed("D-77694 KEHL", "ALLEMAGNE"), addressed("1000 BRUXELLES", "BELGIQUE"),
		addressed("01000 BOURG-EN-BRESSE"), addressed("77652 OFFENBURG", "ALLEMAGNE"),
	}
	got := NewDepositSlip(batch, letters, Postage{Service: "Lettre verte", Home: 152, Abroad: 210})
	want := DepositSlip{
		Batch: "LOT26-0012", ComposedAt: day, Service: "Lettre verte", Letters: 10, Amount: 7*152 + 3*210,
		Departments: []DepositCount{
			{"01", "Ain", 1},
			{"2A", "Corse-du-Sud", 1},
			{"2B", "Haute-Corse", 1},
			{"67", "Bas-Rhin", 2},
			{"68", "Haut-Rhin", 1},
			{"974", "La Réunion", 1},
		},
		Countries: []DepositCount{{"", "ALLEMAGNE", 2}, {"", "BELGIQUE", 1}},
		Postage:   []DepositPostage{{"France", 7, 152, 1064}, {"International", 3, 210, 630}},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

// TestDepositSlipCountsEveryLetter: whatever an address looks like, the counts
// add up to the letters.
func TestDepositSlipCountsEveryLetter(t *testing.T) {
	letters := []Letter{
		{},
		{Lines: []string{" "}},
		addressed("67204"), addressed("67204 "), addressed("96000 NULLE PART"), addressed(" 67204 ACHENHEIM "), addressed("6720 X"),
	}
	slip := NewDepositSlip(Batch{}, letters, Postage{})
	sum := 0
	for _, count := range append(slip.Departments, slip.Countries...) {
		if count.Name == "" {
			t.Errorf("%+v has no name", count)
		}
		sum += count.Letters
	}
	if sum != len(letters) || slip.Letters != len(letters) {
		t.Errorf("got %d, slip of %d, want %d", sum, slip.Letters, len(letters))
	}
	want := []DepositCount{{"67", "Bas-Rhin", 1}, {"96", "Autre", 1}}
	if !reflect.DeepEqual(slip.Departments, want) {
		t.Errorf("got %+v, want %+v", slip.Departments, want)
	}
}

func TestDepositSlipAmount(t *testing.T) {
	home, abroad := addressed("67204 ACHENHEIM"), addressed("KEHL", "ALLEMAGNE")
	tests := []struct {
		name    string
		letters []Letter
		postage Postage
		amount  int
		classes int
	}{
		{"no price", []Letter{home, home}, Postage{}, 0, 1},
		{"home", []Letter{home, home}, Postage{Home: 152}, 304, 1},
		{"only abroad", []Letter{abroad}, Postage{Home: 152, Abroad: 210}, 210, 1},
		{"price abroad unknown", []Letter{home, abroad}, Postage{Home: 152}, 0, 2},
		{"price at home unknown", []Letter{home, abroad}, Postage{Abroad: 210}, 0, 2},
		{"none", nil, Postage{Home: 152, Abroad: 210}, 0, 0},
	}
	for _, test := range tests {
		slip := NewDepositSlip(Batch{}, test.letters, test.postage)
		if slip.Amount != test.amount || len(slip.Postage) != test.classes {
			t.Errorf("%s: got %d, %+v; want %d, %d classes", test.name, slip.Amount, slip.Postage, test.amount, test.classes)
		}
	}
}
