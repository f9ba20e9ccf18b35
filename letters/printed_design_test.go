package letters

import (
	"bytes"
	"strings"
	"testing"

	"guichet/data"
)

// contains reports every text that a page lacks.
func contains(t *testing.T, page string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !strings.Contains(page, text) {
			t.Errorf("no %q in\n%s", text, page)
		}
	}
}

func TestPrintedReissue(t *testing.T) {
	for kind, texts := range map[Kind][]string{
		KindUser:          {"nouveaux codes pour l’inscription d’un utilisateur", "peut aussi la valider"},
		KindAdministrator: {"nouveaux codes pour la désignation d’un administrateur", "la demande reste sans effet"},
		KindSuccession:    {"nouveaux codes pour le changement d’administrateur", "devient simple utilisateur"},
	} {
		l := fixtureReissue()
		l.Kind = kind
		page := pagesOf(t, spooled(t, l))[0]
		contains(t, page, append(texts, "Cette lettre remplace la lettre L26-004211-Y, dont les codes ne valent plus", "Réf. "+l.Reference,
			"faite le 12 novembre 2026 par Frédéric DUPONT (identifiant : frederic.dupont)")...)
	}
}

// TestPrintedTexts prints a text of one's own for each kind, in every
// paragraph, with all variables. A paragraph of letters that differ must not
// stand in what they share.
func TestPrintedTexts(t *testing.T) {
	var every strings.Builder
	for _, v := range letterVariables {
		every.WriteString(" {" + v.Name + "}")
	}
	design := fixtureDesign()
	design.Texts = data.LetterTexts{}
	for _, kind := range data.LetterTextKinds {
		design.Texts[kind] = data.LetterText{
			Subject: "essai {référence} " + string(kind), Opening: "Voici" + every.String() + " !",
			Effect: "Effet pour {demandeur} : « {organisation} »", Caution: "**Prudence** {jours} {portail}",
		}
	}
	if err := CheckDesign(design); err != nil {
		t.Fatal(err)
	}
	letters := append(fixtureLetters(6), fixtureReissue())
	for i := range letters {
		letters[i].Applicant = strings.Repeat("I", i+1) + " DURAND"
	}
	for i, page := range pagesOf(t, spooledIn(t, design, letters...)) {
		l := letters[i]
		key := l.formKey()
		contains(t, page, "Objet : essai "+l.Reference+" "+string(key.textKind()),
			"Voici "+l.Applicant+" frederic.dupont Commune d’Achenheim Madame la Maire 12 novembre 2026 "+l.Reference+" !",
			"Effet pour "+l.Applicant+" : « Commune d’Achenheim »", "Prudence 60 https://portail.example")
		if n := strings.Count(page, "DURAND"); n != 2 {
			t.Errorf("page %d names %d applicants", i+1, n)
		}
	}
}

func TestPrintedDuplex(t *testing.T) {
	design := fixtureDesign()
	design.Duplex = true
	letters := fixtureLetters(3)
	for _, verso := range []string{"", "**Qui fait quoi ?**\nVoir {portail} ou écrire {où écrire} avant {jours} jours."} {
		design.Verso = verso
		pages := pagesOf(t, spooledIn(t, design, letters...))
		if len(pages) != 2*len(letters) {
			t.Fatalf("%d pages", len(pages))
		}
		for i, l := range letters {
			contains(t, pages[2*i], "Réf. "+l.Reference)
			switch back := pages[2*i+1]; {
			case verso == "" && back != "":
				t.Errorf("the back says %q", back)
			case verso != "":
				contains(t, back, "Qui fait quoi ? Voir https://portail.example ou écrire à l’adresse électronique portée au bas de cette lettre avant 60 jours.")
			}
			if strings.Contains(pages[2*i+1], l.Codes[0]) {
				t.Error("a code stands on the back")
			}
		}
	}
	design.Duplex = false
	if pages := pagesOf(t, spooledIn(t, design, letters...)); len(pages) != len(letters) {
		t.Errorf("%d pages in simplex", len(pages))
	}
}

// TestPrintedSpecimen: the word is large, on the letter only, and so light that
// the letter stays readable on it.
func TestPrintedSpecimen(t *testing.T) {
	design := fixtureDesign()
	plain, wide := rendered(t, spooledIn(t, design, SampleLetter(data.UserText)), 100)
	design.Specimen = true
	pdf := spooledIn(t, design, SampleLetter(data.UserText))
	marked, _ := rendered(t, pdf, 100)
	light := 0
	for i := range marked {
		if marked[i] == plain[i] {
			continue
		}
		light++
		if plain[i] > 250 && marked[i] < 215 {
			t.Fatalf("a dot of gray %d at %d, %d", marked[i], i%wide, i/wide)
		}
	}
	if share := float64(light) / float64(len(marked)); share < 0.03 || share > 0.3 {
		t.Errorf("%.0f %% of the sheet is marked", share*100)
	}
	if got := matrixOf(t, pdf, 1); got != SampleLetter(data.UserText).Reference+" 1/1" {
		t.Errorf("the DataMatrix reads %q", got)
	}
	contains(t, pagesOf(t, pdf)[0], SpecimenCodes[0], SpecimenCodes[1])
}

// TestPrintedFonts: a printer needs no font of its own.
func TestPrintedFonts(t *testing.T) {
	lines := strings.Split(strings.TrimSpace(output(t, "pdffonts", spooled(t, fixtureLetters(2)...))), "\n")[2:]
	if len(lines) != len(faces) {
		t.Errorf("%d fonts", len(lines))
	}
	for _, line := range lines {
		if columns := strings.Fields(line); !strings.Contains(line, "TrueType") || columns[len(columns)-5] != "yes" || columns[len(columns)-3] != "yes" {
			t.Errorf("not embedded, or its text cannot be read: %s", line)
		}
	}
}

// TestLogoIsEmbeddedOnce: four forms share one picture.
func TestLogoIsEmbeddedOnce(t *testing.T) {
	design := fixtureDesign()
	design.Logo = []byte(svg)
	pdf := writtenIn(t, design, append(fixtureLetters(9), fixtureReissue())...)
	if n := bytes.Count(pdf, []byte("/Subtype /Image")); n != 1 {
		t.Errorf("%d pictures", n)
	}
	if !bytes.Equal(pdf, writtenIn(t, design, append(fixtureLetters(9), fixtureReissue())...)) {
		t.Error("two runs differ")
	}
	for page := range 4 {
		if got := strings.Count(output(t, "pdfimages", "-list", "-f", itoa(page+1), "-l", itoa(page+1), saved(t, pdf)), "image"); got < 1 {
			t.Errorf("page %d has no logo", page+1)
		}
	}
}
