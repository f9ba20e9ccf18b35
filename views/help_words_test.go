package views

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestHelpNamesWhatIsThere: what a page sets in bold stands on a screen, under
// these words in either language.
func TestHelpNamesWhatIsThere(t *testing.T) {
	english, french := map[string]any{}, map[string]any{}
	for language, into := range map[string]map[string]any{"en": english, "fr": french} {
		found, err := readCatalogue(language)
		if err != nil {
			t.Fatal(err)
		}
		for sentence, text := range found {
			into[sentence] = text
		}
	}
	known := map[string]map[string]bool{"fr": {}, "en": {}}
	add := func(language string, text any) {
		switch text := text.(type) {
		case string:
			known[language][strings.TrimSuffix(text, " *")] = true
		case map[string]any:
			for _, form := range text {
				known[language][form.(string)] = true
			}
		}
	}
	for sentence, text := range english {
		add("fr", sentence)
		add("en", text)
	}
	for _, forms := range french {
		add("fr", forms)
	}
	bold := regexp.MustCompile(`\*\*([^*]+)\*\*`)
	for _, language := range helpLanguages {
		for name, text := range helpTexts(t, language) {
			for _, found := range bold.FindAllStringSubmatch(text, -1) {
				if !known[language][found[1]] {
					t.Errorf("%s/%s: no screen reads %q", language, name, found[1])
				}
			}
		}
	}
}

// quotedElsewhere are words between quotation marks that Guichet's window does not
// show: the printer's own, and what is typed on a command line.
var quotedElsewhere = regexp.MustCompile(`^(taille réelle|actual size|ajuster à la page|fit to page|guichet [a-z-]+|\?)$`)

// TestQuotedWordsStandOnAScreen: what a page of the help, or a sentence of the
// window, puts between quotation marks is read on a screen under these words, as
// a whole sentence or as a part of one; … stands for what changes.
func TestQuotedWordsStandOnAScreen(t *testing.T) {
	english, err := readCatalogue("en")
	if err != nil {
		t.Fatal(err)
	}
	shown := map[string][]string{}
	for french, text := range english {
		forms, plural := text.(map[string]any)
		if !plural {
			forms = map[string]any{"": text}
		}
		shown["fr"] = append(shown["fr"], french)
		for _, form := range forms {
			shown["en"] = append(shown["en"], form.(string))
		}
	}
	texts := map[string]map[string]string{"fr": helpTexts(t, "fr"), "en": helpTexts(t, "en")}
	for language, sentences := range shown {
		for _, sentence := range sentences {
			texts[language][sentence] = sentence
		}
	}
	quotes := map[string]*regexp.Regexp{"fr": regexp.MustCompile(`« ([^«»]*) »`), "en": regexp.MustCompile(`“([^“”]*)”`)}
	for language, quote := range quotes {
		for name, text := range texts[language] {
			for _, found := range quote.FindAllStringSubmatch(text, -1) {
				if words := found[1]; !strings.ContainsAny(words, "{%") && !quotedElsewhere.MatchString(words) && !standsIn(words, text, shown[language]) {
					t.Errorf("%s: no screen reads %q, as %q says", language, words, name)
				}
			}
		}
	}
}

// standsIn tells whether some words are in a sentence other than the one that
// quotes them.
func standsIn(words, quoting string, sentences []string) bool {
	var parts []string
	for part := range strings.SplitSeq(words, "…") {
		parts = append(parts, regexp.QuoteMeta(part))
	}
	pattern := regexp.MustCompile(`(?i)(^|[^\pL])` + strings.Join(parts, ".*") + `([^\pL]|$)`)
	return slices.ContainsFunc(sentences, func(sentence string) bool { return sentence != quoting && pattern.MatchString(sentence) })
}
