package letters

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// These tests read letters back as a printer would see them. They need
// poppler-utils and dmtx-utils, and fail without them.

// spooled writes a PDF to a file.
func spooled(t *testing.T, letters ...Letter) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "batch.pdf")
	if err := os.WriteFile(name, written(t, letters...), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// output runs a program that must succeed and returns what it prints.
func output(t *testing.T, name string, args ...string) string {
	t.Helper()
	var errors bytes.Buffer
	command := exec.Command(name, args...)
	command.Stderr = &errors
	out, err := command.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, errors.String())
	}
	return string(out)
}

// pagesOf returns the text of each page, spaces of all kinds made one.
func pagesOf(t *testing.T, pdf string, args ...string) []string {
	t.Helper()
	pages := strings.Split(strings.TrimSuffix(output(t, "pdftotext", append(args, pdf, "-")...), "\f"), "\f")
	for i := range pages {
		pages[i] = spaced(pages[i])
	}
	return pages
}

func TestPrintedText(t *testing.T) {
	common := []string{
		"K7PW-3XQ9", "4TZM-8HNC", "Code 1", "Code 2", "Feuillet 1/1",
		"Commune d'Achenheim", mayor, "12 RUE DE LA MAIRIE", "67204 ACHENHEIM",
		"Portail des services en ligne", "12 place de la République", "Strasbourg, le 24 novembre 2026",
		"Madame la Maire,", "Je vous prie d’agréer, Madame la Maire, l’expression", "Frédéric DUPONT",
		"(identifiant : frederic.dupont)", "« Commune d’Achenheim »", "Le 12 novembre 2026",
		"https://portail.example", "« Codes de confirmation »", "référence, le code 1, puis le code 2",
		"expirent 60 jours après", "I, L, O et U", "ne saisissez pas les codes", "ni par téléphone",
		"Hélène SCHMITT-KLEIN", "Responsable du portail", "Assistance : 03 88 00 00 00 – assistance@portail.example",
	}
	own := map[Kind][]string{
		KindUser:          {"inscription d’un utilisateur", "peut aussi la valider", "vous n’avez rien à faire"},
		KindAdministrator: {"désignation de l’administrateur", "la demande reste sans effet"},
		KindSuccession:    {"changement d’administrateur", "devient simple utilisateur et conserve les droits"},
	}
	letters := fixtureLetters(3)
	for i, page := range pagesOf(t, spooled(t, letters...)) {
		wanted := append([]string{"Réf. " + letters[i].Reference}, common...)
		for _, text := range append(wanted, own[letters[i].Kind]...) {
			if !strings.Contains(page, text) {
				t.Errorf("%s: %q is missing from\n%s", letters[i].Kind, text, page)
			}
		}
	}
}

func TestPrintedWithoutHelpDesk(t *testing.T) {
	design := fixtureDesign()
	design.Phone, design.Email = "", ""
	var b bytes.Buffer
	if err := Write(t.Context(), &b, design, today, fixtureLetters(1), nil); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "batch.pdf")
	if err := os.WriteFile(name, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	if page := pagesOf(t, name)[0]; !strings.Contains(page, "à l’adresse portée en tête") || strings.Contains(page, "Assistance") {
		t.Errorf("got %s", page)
	}
}

// TestRoom: addresses and names as long as they come still fit.
func TestRoom(t *testing.T) {
	design := fixtureDesign()
	design.PortalURL = "https://services-en-ligne.collectivites-territoriales.example/confirmation"
	design.Email = "assistance.portail@services-en-ligne.collectivites.example"
	letters := fixtureLetters(3)
	for i := range letters {
		letters[i].Organisation = "Syndicat intercommunal à vocation multiple de la Vallée de la Doller et du Soultzbach"
		letters[i].Applicant = "Maximilien-Alexandre DE SCHWARZENBERGER-HAUTECLOCQUE"
		letters[i].Identifier = "maximilien-alexandre"
		letters[i].Salutation = "Madame la Présidente du Syndicat intercommunal"
	}
	if err := Write(t.Context(), io.Discard, design, today, letters, nil); err != nil {
		t.Error(err)
	}
}

func TestPrintedBatch(t *testing.T) {
	letters := fixtureLetters(600)
	pdf := spooled(t, letters...)
	if want := fmt.Sprintf("Pages: %d ", len(letters)); !strings.Contains(spaced(output(t, "pdfinfo", pdf)), want) {
		t.Errorf("not %s", want)
	}
	// Reading a page takes 20 ms: the first, some of the middle, and the last.
	for _, first := range []int{1, 301, 586} {
		pages := pagesOf(t, pdf, "-f", fmt.Sprint(first), "-l", fmt.Sprint(first+14))
		if len(pages) != 15 {
			t.Errorf("%d pages from page %d on", len(pages), first)
		}
		for i, page := range pages {
			reference := letters[first-1+i].Reference
			if !strings.Contains(page, "Réf. "+reference) || !strings.Contains(page, "Responsable du portail") {
				t.Errorf("page %d: %s", first+i, page)
			}
		}
	}
}

// word is a word of the page with its box in millimetres.
type word struct {
	text                     string
	left, top, right, bottom float64
}

var wordLine = regexp.MustCompile(`<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*)</word>`)

func wordsIn(t *testing.T, pdf string) []word {
	t.Helper()
	var words []word
	for _, match := range wordLine.FindAllStringSubmatch(output(t, "pdftotext", "-bbox", pdf, "-"), -1) {
		var box [4]float64
		for i := range box {
			points, err := strconv.ParseFloat(match[i+1], 64)
			if err != nil {
				t.Fatal(err)
			}
			box[i] = points * millimetresPerPoint
		}
		words = append(words, word{match[5], box[0], box[1], box[2], box[3]})
	}
	return words
}

func TestPrintedGeometry(t *testing.T) {
	l := fixtureLetter()
	wide := strings.Repeat("X", lineWidth)
	l.Address = []string{wide, wide, wide, wide, wide, wide}
	l.Organisation = "Communauté de communes de la Vallée de la Doller et du Soultzbach"
	address := 0
	for _, w := range wordsIn(t, spooled(t, l)) {
		inside := w.right > clearLeft && w.left < clearRight && w.bottom > clearTop && w.top < clearBottom
		switch {
		case w.text == wide:
			address++
			// The window, 100 to 200 mm and 45 to 90 mm on the envelope of
			// 110 × 220, wherever the sheet of 99 × 210 slides in it.
			if w.left < 100 || w.right > 190 || w.top < 45 || w.bottom > 79 {
				t.Errorf("address line outside the window: %+v", w)
			}
			if w.left < 109.4 || w.left > 109.6 || w.right-w.left < 80.3 || w.right-w.left > 80.6 {
				t.Errorf("address line not at 109.5 mm or not 12 characters an inch: %+v", w)
			}
		case inside:
			t.Errorf("%+v stands in the address's place", w)
		}
		if (w.text == l.Codes[0] || w.text == l.Codes[1]) && (w.top < 120 || w.bottom > secondFold || w.bottom-w.top < 14*millimetresPerPoint) {
			t.Errorf("code outside the middle panel, or small: %.1f–%.1f mm", w.top, w.bottom)
		}
		if w.left < 20 || w.right > 192 || w.top < 10 || w.bottom > 290 {
			t.Errorf("%+v stands in the margin", w)
		}
	}
	if address != 6 {
		t.Errorf("%d address lines", address)
	}
}

// TestPrintedInk looks at the rendered page: lines and boxes count too.
func TestPrintedInk(t *testing.T) {
	pixels, wide := rendered(t, spooled(t, fixtureLetter()), 100)
	dark := func(left, top, right, bottom float64) bool {
		for y := int(top / 25.4 * 100); y <= int(bottom/25.4*100); y++ {
			for x := int(left / 25.4 * 100); x <= int(right/25.4*100); x++ {
				if pixels[y*wide+x] < 200 {
					return true
				}
			}
		}
		return false
	}
	if dark(clearLeft, clearTop, clearRight, addressY-0.5) || dark(clearLeft, addressY-0.5, addressX-1, clearBottom) ||
		dark(clearLeft, addressY+6.5*addressStep, clearRight, clearBottom) || dark(190.5, clearTop, clearRight, clearBottom) {
		t.Error("something prints around the address")
	}
	for _, fold := range []float64{99, 198} {
		if !dark(5, fold-0.3, 10, fold+0.3) || dark(12, fold-0.3, 205, fold+0.3) {
			t.Errorf("at %.0f mm: no mark, or text on the fold", fold)
		}
	}
	if quiet := 2 * matrixModule; dark(marginLeft-quiet, matrixTop-quiet, marginLeft-0.3, matrixTop+matrixSide) ||
		dark(marginLeft-quiet, matrixTop-quiet, referenceX-0.5, matrixTop-0.3) {
		t.Error("the DataMatrix has no quiet zone")
	}
}

// rendered returns the first page in gray, row by row, and its width.
func rendered(t *testing.T, pdf string, dpi int) ([]byte, int) {
	t.Helper()
	picture := output(t, "pdftoppm", "-gray", "-singlefile", "-r", fmt.Sprint(dpi), pdf)
	var wide, high, most int
	if _, err := fmt.Sscanf(picture, "P5\n%d %d\n%d", &wide, &high, &most); err != nil {
		t.Fatal(err)
	}
	return []byte(picture[len(picture)-wide*high:]), wide
}

func TestPrintedDataMatrix(t *testing.T) {
	for _, reference := range []string{"L26-004217-K", "L26-999999-Z", "L2026-004217-K"} {
		l := fixtureLetter()
		l.Reference = reference
		page := filepath.Join(t.TempDir(), "page")
		output(t, "pdftoppm", "-r", "200", "-png", "-singlefile", spooled(t, l), page)
		got := output(t, "dmtxread", "-n", "-N1", "-m", "5000", page+".png")
		if want := reference + " 1/1"; strings.TrimSpace(got) != want {
			t.Errorf("read %q, want %q", got, want)
		}
	}
}
