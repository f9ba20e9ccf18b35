package letters

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"guichet/data"
)

// These tests read letters back as a printer would see them. They need
// poppler-utils and dmtx-utils, and fail without them.

// spooled writes a PDF to a file.
func spooled(t *testing.T, letters ...Letter) string {
	t.Helper()
	return spooledIn(t, fixtureDesign(), letters...)
}

// spooledIn does the same with a design.
func spooledIn(t *testing.T, design Design, letters ...Letter) string {
	t.Helper()
	return saved(t, writtenIn(t, design, letters...))
}

// saved writes a PDF to a file.
func saved(t *testing.T, pdf []byte) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "page.pdf")
	if err := os.WriteFile(name, pdf, 0o600); err != nil {
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
	name := spooledIn(t, design, fixtureLetter())
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

// TestPrintedBatch reads every page of a batch of all kinds, and every 50th
// DataMatrix.
func TestPrintedBatch(t *testing.T) {
	letters := fixtureLetters(1000)
	for i := range letters {
		if i%7 == 0 {
			letters[i].Replaces = "L26-004211-Y"
		}
	}
	pdf := spooled(t, letters...)
	pages := pagesOf(t, pdf)
	if len(pages) != len(letters) {
		t.Fatalf("%d pages", len(pages))
	}
	for i, page := range pages {
		for _, text := range []string{
			"Réf. " + letters[i].Reference, letters[i].Codes[0], letters[i].Codes[1], "67204 ACHENHEIM",
			"Responsable du portail", "ne saisissez pas les codes",
		} {
			if !strings.Contains(page, text) {
				t.Fatalf("page %d: no %q in\n%s", i+1, text, page)
			}
		}
		if replaces := strings.Contains(page, "remplace la lettre L26-004211-Y"); replaces != (i%7 == 0) {
			t.Errorf("page %d: replaces %v", i+1, replaces)
		}
	}
	for page := 1; page <= len(letters); page += 50 {
		if got, want := matrixOf(t, pdf, page), letters[page-1].Reference+" 1/1"; got != want {
			t.Errorf("page %d: read %q, want %q", page, got, want)
		}
	}
}

// matrixOf reads a page's DataMatrix.
func matrixOf(t *testing.T, pdf string, page int) string {
	t.Helper()
	picture := filepath.Join(t.TempDir(), "page")
	number := fmt.Sprint(page)
	// The DataMatrix is in the sheet's upper left.
	output(t, "pdftoppm", "-r", "200", "-f", number, "-l", number, "-x", "150", "-y", "550", "-W", "300", "-H", "400", "-png", "-singlefile", pdf, picture)
	return strings.TrimSpace(output(t, "dmtxread", "-n", "-N1", "-m", "5000", picture+".png"))
}

// word is a word of the page with its box in millimetres.
type word struct {
	text string
	box  data.Rectangle
}

func (w word) width() float64  { return w.box.Right - w.box.Left }
func (w word) height() float64 { return w.box.Bottom - w.box.Top }

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
		words = append(words, word{match[5], data.Rectangle{Left: box[0], Top: box[1], Right: box[2], Bottom: box[3]}})
	}
	return words
}

// TestPrintedGeometry sets the widest address and the longest texts for every
// envelope: the window shows the whole address, and nothing else, wherever the
// sheet slides in it.
func TestPrintedGeometry(t *testing.T) {
	for _, envelope := range data.Envelopes {
		for _, lines := range []int{linesHome, linesAbroad} {
			t.Run(fmt.Sprintf("%s, %d lines", envelope, lines), func(t *testing.T) {
				design := fixtureDesign()
				design.Envelope = envelope
				l := longLetter(data.AdministratorText)
				wide := strings.Repeat("X", lineWidth)
				l.Address = slices.Repeat([]string{wide}, lines)
				checkGeometry(t, envelope, l, wordsIn(t, spooledIn(t, design, l)))
			})
		}
	}
}

func checkGeometry(t *testing.T, envelope data.Envelope, l Letter, words []word) {
	t.Helper()
	address, codes := 0, 0
	for _, w := range words {
		switch {
		case w.text == l.Address[0]:
			address++
			if !envelope.AlwaysVisible().Contains(w.box) {
				t.Errorf("address line outside the window: %+v", w)
			}
			if w.box.Left < 109.4 || w.box.Left > 109.6 || w.width() < 80.3 || w.width() > 80.6 {
				t.Errorf("address line not at 109.5 mm or not 12 characters an inch: %+v", w)
			}
		case envelope.MayBeVisible().Overlaps(w.box):
			t.Errorf("%+v shows in the window", w)
		case layoutFor(envelope).clear.Overlaps(w.box):
			t.Errorf("%+v stands in the address's place", w)
		case w.text == l.Codes[0] || w.text == l.Codes[1]:
			codes++
			first := envelope.Folds()[0]
			if w.box.Top < 120 || w.box.Top < first || w.box.Bottom > first+panel(envelope) || w.height() < 14*millimetresPerPoint {
				t.Errorf("code outside the panel that folds away, or small: %+v", w)
			}
		}
		if !(data.Rectangle{Left: 20, Top: 10, Right: 192, Bottom: 290.5}).Contains(w.box) {
			t.Errorf("%+v stands in the margin", w)
		}
	}
	if address != len(l.Address) || codes != 2 {
		t.Errorf("%d address lines, %d codes", address, codes)
	}
}

// panel is the height of the folded sheet.
func panel(envelope data.Envelope) float64 { return envelope.Folds()[0] }

// TestPrintedInk looks at the rendered page: lines and boxes count too.
func TestPrintedInk(t *testing.T) {
	for _, envelope := range data.Envelopes {
		t.Run(string(envelope), func(t *testing.T) {
			design := fixtureDesign()
			design.Envelope = envelope
			design.Logo = testLogo(t)
			layout := layoutFor(envelope)
			pixels, wide := rendered(t, spooledIn(t, design, fixtureLetter()), 100)
			dark := func(left, top, right, bottom float64) bool { return inked(pixels, wide, left, top, right, bottom) }
			clear := layout.clear
			if dark(clear.Left, clear.Top, clear.Right-1, layout.addressTop-0.5) || dark(clear.Left, layout.addressTop-0.5, addressX-1, clear.Bottom) ||
				dark(clear.Left, layout.addressTop+6.5*addressStep, clear.Right-1, clear.Bottom) || dark(190.5, clear.Top, clear.Right-1, clear.Bottom) {
				t.Error("something prints around the address")
			}
			for _, fold := range envelope.Folds() {
				if !dark(5, fold-0.3, 10, fold+0.3) || dark(12, fold-0.3, 205, fold+0.3) {
					t.Errorf("at %.1f mm: no mark, or text on the fold", fold)
				}
			}
			quiet, top := 2*matrixModule, layout.matrixTop
			if dark(marginLeft-quiet, top-quiet, marginLeft-0.3, top+matrixSide) || dark(marginLeft-quiet, top-quiet, referenceX-0.5, top-0.3) {
				t.Error("the DataMatrix has no quiet zone")
			}
			if !dark(marginLeft, logoTop, marginLeft+10, logoTop+logoHeight) {
				t.Error("no logo")
			}
		})
	}
}

// inked tells whether an area of a page at 100 dots an inch is not white.
func inked(pixels []byte, wide int, left, top, right, bottom float64) bool {
	for y := int(top / 25.4 * 100); y <= int(bottom/25.4*100); y++ {
		for x := int(left / 25.4 * 100); x <= int(right/25.4*100); x++ {
			if pixels[y*wide+x] < 200 {
				return true
			}
		}
	}
	return false
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
		if got, want := matrixOf(t, spooled(t, l), 1), reference+" 1/1"; got != want {
			t.Errorf("read %q, want %q", got, want)
		}
	}
}
