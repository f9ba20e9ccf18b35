package letters

import (
	"time"

	"guichet/data"
)

// SpecimenCodes stand for a letter's codes in a preview. They look like codes
// and never validate: their check symbols are wrong.
var SpecimenCodes = [2]string{"SPEC-1MEN", "0000-000X"}

// SampleLetter is a letter with likely values, for previews of a text.
func SampleLetter(kind data.LetterTextKind) Letter {
	l := Letter{
		Kind:      Kind(kind),
		Reference: "L26-000000-0",
		Codes:     SpecimenCodes,
		Address: []string{
			"Commune d’Achenheim", "Madame Jeanne MARTIN, Maire", "Mairie",
			"12 RUE DE LA MAIRIE", "BP 12", "67204 ACHENHEIM",
		},
		Salutation:   "Madame la Maire",
		Organisation: "Commune d’Achenheim",
		Applicant:    "Frédéric DUPONT",
		Identifier:   "frederic.dupont",
		RequestedOn:  time.Date(2026, time.November, 12, 0, 0, 0, 0, time.UTC),
		ValidDays:    data.DefaultValidDays,
	}
	if kind == data.ReissueText {
		l.Kind, l.Replaces = KindAdministrator, "L26-004211-Y"
	}
	return l
}

// longDay and longLetter have the longest values that a text must leave room
// for.
var longDay = time.Date(2026, time.September, 24, 0, 0, 0, 0, time.UTC)

func longLetter(kind data.LetterTextKind) Letter {
	l := SampleLetter(kind)
	l.Organisation = "Syndicat intercommunal à vocation multiple de la Vallée de la Doller et du Soultzbach"
	l.Applicant = "Maximilien-Alexandre DE SCHWARZENBERGER-HAUTECLOCQUE"
	l.Identifier = "maximilien-alexandre"
	l.Salutation = "Madame la Présidente du Syndicat intercommunal"
	l.RequestedOn = longDay
	return l
}
