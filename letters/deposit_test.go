package letters

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"testing"

	"guichet/assets"
	"guichet/data"
)

// slipOf is the slip of letters to the places of line 6, and of line 7 abroad.
func slipOf(postage data.Postage, places ...string) data.DepositSlip {
	var letters []data.Letter
	for _, place := range places {
		letters = append(letters, data.Letter{Lines: append([]string{"Commune", mayor}, strings.Split(place, "|")...)})
	}
	return data.NewDepositSlip(data.Batch{Number: "LOT26-0012", ComposedAt: today}, letters, postage)
}

// slipText is the text of each page of the slip.
func slipText(t *testing.T, slip data.DepositSlip, sender ...string) []string {
	t.Helper()
	if sender == nil {
		sender = fixtureDesign().Sender
	}
	var b bytes.Buffer
	if err := WriteDepositSlip(&b, sender, slip); err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSuffix(output(t, "pdftotext", "-layout", saved(t, b.Bytes()), "-"), "\f"), "\f")
}

// rowsOf are a page's lines, their spaces collapsed.
func rowsOf(page string) []string {
	var rows []string
	for row := range strings.Lines(page) {
		if row = spaced(row); row != "" {
			rows = append(rows, row)
		}
	}
	return rows
}

func TestWriteDepositSlip(t *testing.T) {
	slip := slipOf(data.Postage{Service: "Lettre verte", Home: 152, Abroad: 210},
		"67204 ACHENHEIM", "67085 STRASBOURG CEDEX 9", "68250 ROUFFACH", "20200 BASTIA", "D-77694 KEHL|ALLEMAGNE")
	pages := slipText(t, slip)
	if len(pages) != 1 {
		t.Fatalf("%d pages", len(pages))
	}
	want := []string{
		"Portail des services en ligne page 1/1", "Service du courrier", "12 place de la République", "67000 Strasbourg",
		"03 88 00 00 00", "assistance@portail.example",
		"Bordereau de dépôt", "Lot LOT26-0012", "Composé le 24 novembre 2026", "Service Lettre verte", "Nombre de lettres 5",
		"Code Destination Lettres", "2B Haute-Corse 1", "67 Bas-Rhin 2", "68 Haut-Rhin 1", "Total France 4", "ALLEMAGNE 1", "Total étranger 1",
		"Affranchissement Lettres Prix unitaire Montant", "France 4 1,52 € 6,08 €", "International 1 2,10 € 2,10 €", "Total 5 8,18 €",
		"Le déposant La Poste", "Date : Date :", "Cachet et signature : Timbre à date et signature :",
	}
	if got := rowsOf(pages[0]); !reflect.DeepEqual(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestWriteDepositSlipWithoutPrices(t *testing.T) {
	text := slipText(t, slipOf(data.Postage{}, "67204 ACHENHEIM", "KEHL|ALLEMAGNE"))[0]
	for _, word := range []string{"Prix", "Montant", "€", "0,00", "Service :"} {
		if strings.Contains(text, word) {
			t.Errorf("%q is printed:\n%s", word, text)
		}
	}
	if !strings.Contains(strings.Join(rowsOf(text), "\n"), "France 1\nInternational 1\nTotal 2") {
		t.Errorf("got\n%s", text)
	}
}

// TestWriteDepositSlipPages: a slip for all départements repeats its heads, and
// its rows add up to the total.
func TestWriteDepositSlipPages(t *testing.T) {
	var places []string
	for row := range strings.Lines(assets.PostalCodes) {
		if fields := strings.Split(row, "\t"); fields[0] != "postal_code" {
			places = append(places, fields[0]+" "+fields[1])
		}
	}
	slip := slipOf(data.Postage{Home: 152}, places...)
	pages := slipText(t, slip)
	if len(pages) < 3 {
		t.Fatalf("%d pages", len(pages))
	}
	sum, departments := 0, 0
	for i, page := range pages {
		rows := rowsOf(page)
		if !strings.HasSuffix(rows[0], fmt.Sprintf("page %d/%d", i+1, len(pages))) {
			t.Errorf("page %d begins %q", i+1, rows[0])
		}
		if i > 0 && !strings.HasPrefix(rows[0], "Bordereau de dépôt, lot LOT26-0012") {
			t.Errorf("page %d begins %q", i+1, rows[0])
		}
		for _, row := range rows {
			for _, count := range slip.Departments {
				if row == fmt.Sprintf("%s %s %s", count.Code, count.Name, spaced(grouped(count.Letters))) {
					departments++
					sum += count.Letters
				}
			}
		}
	}
	if departments != 102 || sum != len(places) {
		t.Errorf("%d départements with %d letters, want 102 with %d", departments, sum, len(places))
	}
	last := strings.Join(rowsOf(pages[len(pages)-1]), "\n")
	if !strings.Contains(last, "Total 35 684 54 239,68 €") || !strings.Contains(last, "Le déposant La Poste") {
		t.Errorf("the last page says\n%s", last)
	}
}

// TestWriteDepositSlipBreaks: whatever the number of rows, none is printed
// below the margin and the signatures share a page with the totals.
func TestWriteDepositSlipBreaks(t *testing.T) {
	var places []string
	for department := range 95 {
		places = append(places, fmt.Sprintf("%02d000 X", department+1))
		slip := slipOf(data.Postage{Home: 152}, places...)
		p := drawDepositSlip(fixtureDesign().Sender, slip, 1)
		if p.y > slipBottom || p.pdf.Error() != nil {
			t.Errorf("%d départements: the last page ends at %.1f mm, %v", len(places), p.y, p.pdf.Error())
		}
	}
	for _, n := range []int{20, 24, 28, 32, 60, 95} {
		pages := slipText(t, slipOf(data.Postage{Home: 152}, places[:n]...))
		last := pages[len(pages)-1]
		if !strings.Contains(last, "Affranchissement") || !strings.Contains(last, "Le déposant") {
			t.Errorf("%d départements: the last page says\n%s", n, last)
		}
	}
}

func TestWriteDepositSlipUnprintable(t *testing.T) {
	text := slipText(t, slipOf(data.Postage{}, "KEHL|ALLEMAGNE\u200b"), "Mairie 🏠", "漢\xff")[0]
	for _, want := range []string{"Mairie ?", "??", "ALLEMAGNE?"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}

func TestWriteDepositSlipReportsTheWriter(t *testing.T) {
	slip := slipOf(data.Postage{}, "67204 ACHENHEIM")
	if err := WriteDepositSlip(brokenWriter{}, nil, slip); !errors.Is(err, io.ErrShortWrite) {
		t.Errorf("PDF: got %v", err)
	}
	if err := WriteDepositSlipCSV(brokenWriter{}, slip); !errors.Is(err, io.ErrShortWrite) {
		t.Errorf("CSV: got %v", err)
	}
}

func TestWriteDepositSlipCSV(t *testing.T) {
	slip := slipOf(data.Postage{Service: "Lettre verte", Home: 152, Abroad: 210}, "67204 ACHENHEIM", "97416 LA CHALOUPE", "KEHL|-ALLEMAGNE")
	var b bytes.Buffer
	if err := WriteDepositSlipCSV(&b, slip); err != nil {
		t.Fatal(err)
	}
	text, found := strings.CutPrefix(b.String(), "\ufeff")
	if !found || strings.Count(text, "\r\n") != strings.Count(text, "\n") {
		t.Errorf("got %q", b.String())
	}
	reader := csv.NewReader(strings.NewReader(text))
	reader.Comma = ';'
	got, err := reader.ReadAll()
	want := [][]string{
		{"lot", "rubrique", "code", "libelle", "lettres", "prix_unitaire", "montant"},
		{"LOT26-0012", "departement", "67", "Bas-Rhin", "1", "", ""},
		{"LOT26-0012", "departement", "974", "La Réunion", "1", "", ""},
		{"LOT26-0012", "pays", "", "'-ALLEMAGNE", "1", "", ""},
		{"LOT26-0012", "affranchissement", "", "France", "2", "1,52", "3,04"},
		{"LOT26-0012", "affranchissement", "", "International", "1", "2,10", "2,10"},
		{"LOT26-0012", "total", "", "Lettre verte", "3", "", "5,14"},
	}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %q, %v\nwant %q", got, err, want)
	}
}
