package letters

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/png"
	"testing"
	"time"
)

var today = time.Date(2026, time.November, 24, 9, 30, 0, 0, time.UTC)

// fixtureDesign is a letterhead such as a département's service has.
func fixtureDesign() Design {
	return Design{
		Sender: []string{
			"Portail des services en ligne", "Service du courrier", "12 place de la République",
			"67000 Strasbourg", "03 88 00 00 00", "assistance@portail.example",
		},
		Place:          "Strasbourg",
		PortalURL:      "https://portail.example",
		Signatory:      "Hélène SCHMITT-KLEIN",
		SignatoryTitle: "Responsable du portail",
		Phone:          "03 88 00 00 00",
		Email:          "assistance@portail.example",
	}
}

func fixtureLetter() Letter {
	return Letter{
		Kind:      KindAdministrator,
		Reference: "L26-004217-K",
		Codes:     [2]string{"K7PW-3XQ9", "4TZM-8HNC"},
		Address: []string{
			"Commune d'Achenheim", "Madame Jeanne MARTIN, Maire", "Mairie",
			"12 RUE DE LA MAIRIE", "BP 12", "67204 ACHENHEIM",
		},
		Salutation:   "Madame la Maire",
		Organisation: "Commune d'Achenheim",
		Applicant:    "Frédéric DUPONT",
		Identifier:   "frederic.dupont",
		RequestedOn:  time.Date(2026, time.November, 12, 0, 0, 0, 0, time.UTC),
		ValidDays:    60,
	}
}

// fixtureReissue replaces another letter.
func fixtureReissue() Letter {
	l := fixtureLetter()
	l.Replaces = "L26-004211-Y"
	return l
}

// fixtureLetters makes n letters of all kinds, no two with the same reference.
func fixtureLetters(n int) []Letter {
	kinds := []Kind{KindUser, KindAdministrator, KindSuccession}
	letters := make([]Letter, n)
	for i := range letters {
		letters[i] = fixtureLetter()
		letters[i].Kind = kinds[i%len(kinds)]
		letters[i].Reference = fmt.Sprintf("L26-%06d-K", i+1)
	}
	return letters
}

// written returns the PDF of letters that must be printable.
func written(t testing.TB, letters ...Letter) []byte {
	t.Helper()
	return writtenIn(t, fixtureDesign(), letters...)
}

// writtenIn does the same with a design.
func writtenIn(t testing.TB, design Design, letters ...Letter) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Write(context.Background(), &b, design, today, letters, nil); err != nil {
		t.Fatalf("Write: %v", err)
	}
	return b.Bytes()
}

// testLogo is a picture as wide as a letterhead allows.
func testLogo(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 300, 90))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
