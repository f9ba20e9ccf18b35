package letters

import (
	"strings"
	"testing"

	"guichet/data"
)

func TestLinesDistribution(t *testing.T) {
	tests := []struct{ in, want string }{
		{"BP 12", "BP 12"},
		{"B.P. 12", "BP 12"},
		{"BP12", "BP 12"},
		{"B P n° 12", "BP 12"},
		{"Boîte postale 12", "BP 12"},
		{"boite postale n°12", "BP 12"},
		{"BP 71 022", "BP 71022"},
		{"BP 12 67000", "BP 12 67000"},
		{"CS12345", "CS 12345"},
		{"C.S. 71 022", "CS 71022"},
		{"Course spéciale 71022", "CS 71022"},
		{"TSA 40123", "TSA 40123"},
		{"T.S.A. 40 123", "TSA 40123"},
		{"Tri Service Arrivée 40123", "TSA 40123"},
		{"CIDEX5", "CIDEX 5"},
		{"BP 12 - CS 34567", "BP 12 CS 34567"},
		{"Lieu-dit Le Moulin", "LIEU DIT LE MOULIN"},
		{"Lieudit Le Moulin", "LIEU DIT LE MOULIN"},
		{"L.D. Le Moulin", "LIEU DIT LE MOULIN"},
		{"lieu-dit le Moulin de la Vallée Haute Saint X", "LD LE MOULIN DE LA VALLEE HAUTE SAINT X"},
		{"Poste restante", "POSTE RESTANTE"},
		{"Bât. B Porte 12", "BAT B PORTE 12"},
	}
	for _, test := range tests {
		lines, err := Lines(achenheim(func(a *data.Address) { a.Distribution = test.in }))
		if width(test.want) > lineWidth {
			if err == nil {
				t.Errorf("%s: got %q, want an error", test.in, lines)
			}
			continue
		}
		if err != nil || lines[2] != test.want {
			t.Errorf("%s: got %q, %v; want %q", test.in, lines, err, test.want)
		}
	}
}

func TestAddressDoubts(t *testing.T) {
	tests := []struct {
		name                                     string
		street, distribution, code, city, countr string
		field                                    string
	}{
		{"ordinary", "1 rue A", "BP 12", "67204", "Achenheim", "", ""},
		{"CEDEX", "", "CS 71022", "67085", "Strasbourg Cedex 9", "", ""},
		{"CS without CEDEX", "", "CS71022", "67000", "Strasbourg", "", "distribution"},
		{"TSA in the street", "TSA 40 123", "", "67000", "Strasbourg", "", "distribution"},
		{"ordinary code", "", "", "67000", "Strasbourg Cedex", "", "postal_code"},
		{"CEDEX of the list", "", "", "83998", "Canjuers Cedex", "", ""},
		{"overseas", "", "", "97490", "Sainte-Clotilde Cedex", "", ""},
		{"refused", "", "CS 71022", "67000", "Colmar", "", ""},
		{"abroad", "", "CS 71022", "67000", "Strasbourg", "Suisse", ""},
	}
	for _, test := range tests {
		doubts := AddressDoubts(data.Address{
			Street: test.street, Distribution: test.distribution, PostalCode: test.code, City: test.city, Country: test.countr,
		})
		var fields []string
		for _, doubt := range doubts {
			fields = append(fields, doubt.Field)
		}
		if got := strings.Join(fields, " "); got != test.field {
			t.Errorf("%s: got %q, want %q", test.name, got, test.field)
		}
	}
}
