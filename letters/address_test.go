package letters

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"guichet/data"
)

const mayor = "Madame Jeanne MARTIN, Maire"

func recipient(organisation string, a data.Address) Recipient {
	return Recipient{Organisation: organisation, Name: mayor, Address: a}
}

func achenheim(change func(*data.Address)) Recipient {
	a := data.Address{PostalCode: "67204", City: "Achenheim"}
	change(&a)
	return recipient("Commune d'Achenheim", a)
}

func TestLines(t *testing.T) {
	tests := []struct {
		name string
		in   Recipient
		want []string
	}{
		{
			"no street",
			achenheim(func(*data.Address) {}),
			[]string{"Commune d'Achenheim", mayor, "67204 ACHENHEIM"},
		},
		{
			"all six lines, spaces collapsed, blank fields left out",
			recipient(" Commune  d'Achenheim ", data.Address{
				Complement: "Hôtel de ville,\u00a0bât. B", Street: "12, rue de l’Église", Distribution: "B.P. 12",
				PostalCode: "67204", City: "ACHENHEIM",
			}),
			[]string{"Commune d'Achenheim", mayor, "Hôtel de ville, bât. B", "12 RUE DE L EGLISE", "BP 12", "67204 ACHENHEIM"},
		},
		{
			"organisation wrapped",
			recipient("CC du Pays de Rouffach, Vignobles et Châteaux", data.Address{PostalCode: "68250", City: "Rouffach"}),
			[]string{"CC du Pays de Rouffach,", "Vignobles et Châteaux", mayor, "68250 ROUFFACH"},
		},
		{
			"organisation and recipient wrapped",
			Recipient{
				"CC de la Vallée de la Doller et du Soultzbach", "Monsieur Maximilien DE HAUTECLOCQUE, Président",
				data.Address{Street: "Place", PostalCode: "68290", City: "masevaux-niederbruck"},
			},
			[]string{
				"CC de la Vallée de la Doller", "et du Soultzbach", "Monsieur Maximilien", "DE HAUTECLOCQUE, Président",
				"PLACE", "68290 MASEVAUX-NIEDERBRUCK",
			},
		},
		{
			"accents composed",
			recipient("Commune de Kœstlach E\u0301te\u0301", data.Address{Street: "Allée des Cœurs, Straße Ø", PostalCode: "67204", City: "Achenheim"}),
			[]string{"Commune de Kœstlach Été", mayor, "ALLEE DES COEURS STRASSE O", "67204 ACHENHEIM"},
		},
		{
			"label as the file writes it",
			achenheim(func(a *data.Address) { a.PostalCode, a.City = "01000", "St Denis lès Bourg" }),
			[]string{"Commune d'Achenheim", mayor, "01000 SAINT-DENIS-LES-BOURG"},
		},
		{
			"article in front",
			achenheim(func(a *data.Address) { a.PostalCode, a.City = "78110", "Le Vésinet" }),
			[]string{"Commune d'Achenheim", mayor, "78110 VESINET (LE)"},
		},
		{
			"CEDEX",
			achenheim(func(a *data.Address) {
				a.Distribution, a.PostalCode, a.City = "CS 71022", "67085", "Strasbourg Cedex 9"
			}),
			[]string{"Commune d'Achenheim", mayor, "CS 71022", "67085 STRASBOURG CEDEX 9"},
		},
		{
			"arrondissement of a CEDEX",
			achenheim(func(a *data.Address) { a.PostalCode, a.City = "69435", "Lyon Cedex 3" }),
			[]string{"Commune d'Achenheim", mayor, "69435 LYON CEDEX 03"},
		},
		{
			"commune's name for its label",
			achenheim(func(a *data.Address) {
				a.PostalCode, a.City = "07210", "Saint-Symphorien-sous-Chomérac"
			}),
			[]string{"Commune d'Achenheim", mayor, "07210 ST SYMPHORIEN SS CHOMERAC"},
		},
		{
			"overseas named as a country",
			achenheim(func(a *data.Address) { a.PostalCode, a.City, a.Country = "97436", "Saint-Leu", "La Réunion" }),
			[]string{"Commune d'Achenheim", mayor, "97436 SAINT LEU"},
		},
		{
			"territory that the list lacks",
			achenheim(func(a *data.Address) { a.PostalCode, a.City, a.Country = "98714", "Papeete", "Polynésie française" }),
			[]string{"Commune d'Achenheim", mayor, "98714 PAPEETE"},
		},
		{
			"Monaco",
			achenheim(func(a *data.Address) { a.PostalCode, a.City, a.Country = "98000", "Monaco", "Principauté de Monaco" }),
			[]string{"Commune d'Achenheim", mayor, "98000 MONACO"},
		},
		{
			"postal code after the city",
			recipient("Borough", data.Address{PostalCode: "SW1A 1AA", City: "London SW1A 1AA", Country: "Royaume-Uni"}),
			[]string{"Borough", mayor, "LONDON SW1A 1AA", "ROYAUME-UNI"},
		},
		{
			"abroad without a postal code",
			recipient("Mairie", data.Address{City: "Dakar", Country: "Sénégal"}),
			[]string{"Mairie", mayor, "DAKAR", "SENEGAL"},
		},
		{
			"France named",
			achenheim(func(a *data.Address) { a.Country = "France" }),
			[]string{"Commune d'Achenheim", mayor, "67204 ACHENHEIM"},
		},
		{
			"abroad",
			recipient("Stadt Kehl", data.Address{
				Complement: "Rathaus", Street: "Rathausplatz 1", Distribution: "Postfach 10",
				PostalCode: "D-77694", City: "Kehl", Country: "Allemagne",
			}),
			[]string{"Stadt Kehl", mayor, "Rathaus", "RATHAUSPLATZ 1", "POSTFACH 10", "D-77694 KEHL", "ALLEMAGNE"},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := Lines(test.in)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("got  %q\nwant %q", got, test.want)
			}
		})
	}
}

func TestLinesRefuses(t *testing.T) {
	long := strings.Repeat("Vallée ", 6)
	tests := []struct {
		name  string
		in    Recipient
		field string
		line  int
		text  string
	}{
		{"no organisation", recipient(" ", data.Address{PostalCode: "67204", City: "Achenheim"}), "organisation", 1, "organisation manquante"},
		{
			"no recipient",
			Recipient{Organisation: "X", Address: data.Address{PostalCode: "67204", City: "Achenheim"}},
			"recipient", 2, "destinataire manquant",
		},
		{"no code", achenheim(func(a *data.Address) { a.PostalCode = "" }), "postal_code", 6, "ligne 6 : code postal manquant"},
		{"no city", achenheim(func(a *data.Address) { a.City = " " }), "city", 6, "ligne 6 : commune manquante : écrire ACHENHEIM"},
		{"unknown code", achenheim(func(a *data.Address) { a.PostalCode = "67999" }), "postal_code", 6, "ligne 6 : code postal inconnu « 67999 »"},
		{"wrong city", achenheim(func(a *data.Address) { a.City = "Colmar" }), "city", 6, "ACHENHEIM"},
		{
			"CEDEX of no département",
			achenheim(func(a *data.Address) { a.PostalCode, a.City = "96085", "STRASBOURG CEDEX" }), "city", 6, "CEDEX",
		},
		{
			"CEDEX with a short code",
			achenheim(func(a *data.Address) { a.PostalCode, a.City = "6", "STRASBOURG CEDEX" }), "city", 6, "CEDEX",
		},
		{"overseas with a code of France", achenheim(func(a *data.Address) { a.Country = "Martinique"; a.City = "Fort-de-France" }), "city", 6, "ACHENHEIM"},
		{"territory of digits", achenheim(func(a *data.Address) { a.PostalCode, a.City = "98714", "Papeete 2" }), "postal_code", 6, "inconnu"},
		{"CEDEX of digits", achenheim(func(a *data.Address) { a.PostalCode, a.City = "67085", "67 CEDEX" }), "city", 6, "CEDEX"},
		{"long street", achenheim(func(a *data.Address) { a.Street = "rue " + long + long }), "street", 4, "38"},
		{"long complement", achenheim(func(a *data.Address) { a.Complement = long }), "complement", 3, "38"},
		{"long distribution", achenheim(func(a *data.Address) { a.Distribution = long }), "distribution", 5, "38"},
		{
			"three lines of organisation", recipient(long+long, data.Address{PostalCode: "67204", City: "Achenheim"}),
			"organisation", 1, "deux lignes",
		},
		{
			"no line left",
			recipient("CC du Pays de Rouffach, Vignobles et Châteaux", data.Address{
				Complement: "A", Street: "B", Distribution: "C", PostalCode: "68250", City: "Rouffach",
			}), "organisation", 1, "ligne libre",
		},
		{"control", achenheim(func(a *data.Address) { a.Street = "1 rue\nA" }), "street", 4, "U+000A"},
		{"emoji", achenheim(func(a *data.Address) { a.Complement = "Mairie 🏠" }), "complement", 3, "« 🏠 »"},
		{"no glyph", recipient("漢字", data.Address{PostalCode: "67204", City: "Achenheim"}), "organisation", 1, "imprimé"},
		{"not UTF-8", recipient("A\xff", data.Address{PostalCode: "67204", City: "Achenheim"}), "organisation", 1, "imprimé"},
		{"zero width", achenheim(func(a *data.Address) { a.City = "Achen\u200bheim" }), "city", 6, "U+200B"},
		{"Cyrillic street", achenheim(func(a *data.Address) { a.Street = "улица 1" }), "street", 4, "capitales latines"},
		{"abroad without a city", achenheim(func(a *data.Address) { a.City, a.Country = "", "Suisse" }), "city", 6, "ville manquante"},
		{"country in Cyrillic", achenheim(func(a *data.Address) { a.City, a.Country = "Sofia", "България" }), "country", 7, "capitales latines"},
		{"long country", achenheim(func(a *data.Address) { a.Country = long }), "country", 7, "38"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			lines, err := Lines(test.in)
			var problems AddressErrors
			if !errors.As(err, &problems) || len(problems) != 1 || lines != nil {
				t.Fatalf("got %q, %v; want one problem", lines, err)
			}
			if p := problems[0]; p.Field != test.field || p.Line != test.line || !strings.Contains(err.Error(), test.text) {
				t.Errorf("got %+v, want line %d, %s, %q", p, test.line, test.field, test.text)
			}
		})
	}
}

func TestLinesReportsEverything(t *testing.T) {
	_, err := Lines(Recipient{Address: data.Address{Street: "1 rue\tA", PostalCode: "67999"}})
	var problems AddressErrors
	if !errors.As(err, &problems) {
		t.Fatalf("got %v", err)
	}
	var fields []string
	for _, p := range problems {
		fields = append(fields, p.Field)
	}
	if want := []string{"organisation", "recipient", "street", "city"}; !slices.Equal(fields, want) {
		t.Errorf("got %q, want %q", fields, want)
	}
}

// FuzzLines: an address is set within its lines and keeps every word, or is
// refused.
func FuzzLines(f *testing.F) {
	f.Add("Commune d'Achenheim", mayor, "Mairie", "12 rue de l'Église", "BP 12", "67204", "Achenheim", "")
	f.Add("CC du Pays de Rouffach, Vignobles et Châteaux", mayor, "", "", "", "68250", "rouffach", "France")
	f.Add("Stadt Kehl", mayor, "Rathaus", "Rathausplatz 1", "", "D-77694", "Kehl", "Allemagne")
	f.Add("A", "B", "", "avenue du Maréchal de Lattre de Tassigny", "", "67085", "Strasbourg Cedex 9", "")
	f.Add("A", "B", "", "zone d'aménagement concerté du Général B.P. n° 12", "Boîte postale 71 022 LD", "98000", "Monaco", "Monaco")
	f.Add("A", "B", "", "LD le Moulin", "L.D. T.S.A. 40 123 Cidex5", "SW1A 1AA", "London SW1A 1AA", "Royaume-Uni")
	f.Add("ﬁ ½ ẞ", "\u00a0", "e\u0301", "№ 1 & 2", "°", "97", "Cedex", "\u2028")
	f.Fuzz(func(t *testing.T, organisation, name, complement, street, distribution, code, city, country string) {
		r := Recipient{organisation, name, data.Address{
			Complement: complement, Street: street, Distribution: distribution, PostalCode: code, City: city, Country: country,
		}}
		lines, err := Lines(r)
		if err != nil {
			var problems AddressErrors
			if !errors.As(err, &problems) || len(problems) == 0 || lines != nil {
				t.Fatalf("%q: %v", lines, err)
			}
			return
		}
		checkLines(t, lines, abroad(r.Address))
		checkWords(t, lines, r)
	})
}

func checkLines(t *testing.T, lines []string, abroad bool) {
	t.Helper()
	most := 6
	if abroad {
		most = 7
	}
	if len(lines) < 3 || len(lines) > most {
		t.Errorf("%d lines: %q", len(lines), lines)
	}
	for _, line := range lines {
		if line == "" || line != spaced(line) || utf8.RuneCountInString(line) > 38 {
			t.Errorf("line %q", line)
		}
		if r, found := monoRegular.unprintable(line); found {
			t.Errorf("line %q has %U", line, r)
		}
	}
}

// checkWords looks for every word of the recipient in its lines, in order: whole,
// or as its listed abbreviation in a street. Line 6 is La Poste's.
func checkWords(t *testing.T, lines []string, r Recipient) {
	t.Helper()
	printed, _ := capitals(strings.Join(lines, " "), "")
	texts := []string{r.Organisation, r.Name, r.Address.Complement}
	if abroad(r.Address) {
		texts = append(texts, r.Address.City, r.Address.Country)
	}
	for _, text := range texts {
		plain, _ := capitals(text, "")
		if plain != "" && !strings.Contains(" "+printed+" ", " "+plain+" ") {
			t.Errorf("%q lost from %q", text, lines)
		}
	}
	if code, _ := capitals(r.Address.PostalCode, ""); !strings.Contains(printed, code) &&
		!strings.Contains(printed, strings.ReplaceAll(code, " ", "")) {
		t.Errorf("postal code %q lost from %q", code, lines)
	}
	for _, text := range []string{r.Address.Street, r.Address.Distribution} {
		plain, _ := capitals(text, "")
		kept := slices.ContainsFunc(lines, func(line string) bool { return shortens(strings.Fields(plain), strings.Fields(line)) })
		if plain != "" && !kept {
			t.Errorf("%q lost from %q", text, lines)
		}
	}
}

// serviceForms are the ways to write what line 5 prints otherwise, besides the
// abbreviations: words are those typed, n the words printed.
var serviceForms = map[string]string{
	"B P": "BP", "BOITE POSTALE": "BP", "C S": "CS", "COURSE SPECIALE": "CS", "CIDEX": "CIDEX",
	"T S A": "TSA", "TS A": "TSA", "T SA": "TSA", "TRI SERVICE ARRIVEE": "TSA",
	"LIEUDIT": "LIEU DIT", "L D": "LIEU DIT", "LD": "LIEU DIT",
}

// shortens tells whether a line says the words, one after the other: each as it
// is, or with those after it as one of the listed forms. The number of a
// service may be glued to it, follow « n° », or come in two groups.
func shortens(words, line []string) bool {
	if len(words) == 0 || len(line) == 0 {
		return len(words) == len(line)
	}
	if words[0] == line[0] && shortens(words[1:], line[1:]) {
		return true
	}
	for n := 1; n <= min(5, len(words)); n++ {
		group := strings.Join(words[:n], " ")
		for _, table := range []map[string]string{streetTypes, abbreviations, serviceForms} {
			if short := strings.Fields(table[group]); len(short) > 0 && len(line) >= len(short) &&
				slices.Equal(short, line[:len(short)]) && shortens(words[n:], line[len(short):]) {
				return true
			}
		}
	}
	return numbered(words, line)
}

// numbered tells whether the line begins with a service and its number, however
// the words space them.
func numbered(words, line []string) bool {
	if len(line) < 2 || !slices.Contains([]string{"BP", "CS", "TSA", "CIDEX"}, line[0]) || strings.Trim(line[1], "0123456789") != "" {
		return false
	}
	for n := 1; n <= len(words); n++ {
		glued := strings.NewReplacer("BOITEPOSTALE", "BP", "COURSESPECIALE", "CS", "TRISERVICEARRIVEE", "TSA").Replace(strings.Join(words[:n], ""))
		number := strings.TrimLeft(strings.TrimPrefix(glued, line[0]), "NUMERO")
		if strings.HasPrefix(glued, line[0]) && number == line[1] && shortens(words[n:], line[2:]) {
			return true
		}
	}
	return false
}

// TestServicesKeepStreetNumbers: two numbers are one only when nothing follows.
func TestServicesKeepStreetNumbers(t *testing.T) {
	for street, want := range map[string]string{
		"BP 12 125 rue du Marché": "BP 12 125 RUE DU MARCHE", "BP 71 022": "BP 71022",
	} {
		lines, err := Lines(Recipient{Organisation: "A", Name: "B", Address: data.Address{Street: street, PostalCode: "67000", City: "STRASBOURG"}})
		if err != nil || lines[2] != want {
			t.Errorf("%q: %q, %v", street, lines, err)
		}
	}
	lines, err := Lines(Recipient{Organisation: "A", Name: "B", Address: data.Address{Street: "L. D. Müller Straße 5", PostalCode: "10115", City: "Berlin", Country: "Allemagne"}})
	if err != nil || lines[2] != "L D MULLER STRASSE 5" {
		t.Errorf("abroad: %q, %v", lines, err)
	}
}
