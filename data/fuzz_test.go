package data

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzParseAssistanceForm: whatever a mail says, its form holds texts that stand
// in it, and a heading that there is.
func FuzzParseAssistanceForm(f *testing.F) {
	f.Add("Identifiant : frederic.dupont\nRubrique : Courrier non reçu\nMessage : Le maire n’a rien reçu.\n")
	f.Add("Nom: A\r\nPrénom: B\r\nMessage:\r\nTexte\r\nsur deux lignes : oui")
	f.Add("> Identifiant : a\n:\n: :\nRubrique :\n\x00é\u2028Message : x")
	f.Fuzz(func(t *testing.T, text string) {
		form, is := ParseAssistanceForm(text)
		if !is && form != (AssistanceForm{}) {
			t.Errorf("no form, and read: %+v", form)
		}
		for _, value := range []string{form.Identifier, form.Name, form.Email} {
			if utf8.ValidString(text) && !utf8.ValidString(value) || strings.Contains(value, "\n") {
				t.Errorf("%q", value)
			}
		}
	})
}

// FuzzParseTicketSearch: what an operator types is a filter, or problems of the
// field, and the same each time.
func FuzzParseTicketSearch(f *testing.F) {
	for _, text := range []string{
		"statut:ouverte de:durand", `objet:"codes perdus" -etiquette:urgent`, "avant:24/11/2026 depuis:1/11/2026 rubrique:courrier", "a:moi", `"`, `-"`, "-", ":", "statut:", "org:-", "é l'été", "AND OR NOT NEAR(a b)", `a* "b" ^c {d}:e`,
	} {
		f.Add(text, int64(1))
	}
	f.Fuzz(func(t *testing.T, text string, operator int64) {
		filter, err := ParseTicketSearch(text, operator)
		var problems Problems
		if err != nil {
			if !errors.As(err, &problems) || len(problems) == 0 || problems[0].Field != "search" {
				t.Fatalf("%v", err)
			}
			return
		}
		for _, word := range filter.Words {
			if word.Text == "" || strings.ContainsAny(word.Text, `"*() `+"\n") {
				t.Errorf("%q gives the word %q", text, word.Text)
			}
		}
		again, err := ParseTicketSearch(text, operator)
		if err != nil || len(again.Words) != len(filter.Words) {
			t.Errorf("%q reads otherwise the second time: %v", text, err)
		}
	})
}

// FuzzNormaliseReference: a reference that is accepted is one, and stays itself.
func FuzzNormaliseReference(f *testing.F) {
	for _, text := range []string{"L26-004217-K", "l26 004217 k", "L26-004217-K 1/1", "O26-OO4217-1", "", "L26–004217–K", "L٢٦-004217-K"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		reference, err := NormaliseReference(text)
		if err != nil {
			var problems Problems
			if !errors.As(err, &problems) || strings.Contains(err.Error(), "\x00") {
				t.Fatalf("%v", err)
			}
			return
		}
		if again, err := NormaliseReference(reference); err != nil || again != reference || len(reference) != len("L26-004217-K") {
			t.Errorf("%q gives %q, which gives %q, %v", text, reference, again, err)
		}
	})
}
