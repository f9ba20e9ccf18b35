package views

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"

	"fyne.io/fyne/v2/lang"

	"guichet/assets"
	"guichet/data"
)

// catalogue holds the French sentences that have a translation.
var catalogue = map[string]bool{}

// SpeakFrench makes the window speak French on any machine. It must be called
// before Fyne starts. The French sentences of the sources are the keys of the
// catalogues: the French one is made of them, with their typography, and of
// fr.json for plurals.
func SpeakFrench() error {
	os.Setenv("LC_ALL", "fr_FR.UTF-8") //nolint:errcheck // a constant name is valid
	os.Setenv("LANGUAGE", "")          //nolint:errcheck
	french, err := frenchCatalogue()
	if err != nil {
		return err
	}
	english, err := assets.Translations.ReadFile("translations/en.json")
	if err != nil {
		return fmt.Errorf("read the translations: %w", err)
	}
	err = errors.Join(
		lang.AddTranslationsForLocale(english, "en"), lang.AddTranslationsForLocale(french, "fr"),
	)
	if lang.SystemLocale().LanguageString() != "fr" { // a system whose language the environment does not set
		err = errors.Join(err, lang.AddTranslationsForLocale(french, "en"))
	}
	return err
}

// frenchCatalogue gives each French sentence itself, with French spaces.
func frenchCatalogue() ([]byte, error) {
	english, err := readCatalogue("en")
	if err != nil {
		return nil, err
	}
	plurals, err := readCatalogue("fr")
	if err != nil {
		return nil, err
	}
	french := map[string]any{}
	for sentence, translation := range english {
		catalogue[sentence] = true
		if _, single := translation.(string); single {
			french[sentence] = spaced(sentence)
		}
	}
	for sentence, forms := range plurals {
		french[sentence] = forms
	}
	return json.Marshal(french)
}

func readCatalogue(language string) (map[string]any, error) {
	text, err := assets.Translations.ReadFile("translations/" + language + ".json")
	if err != nil {
		return nil, fmt.Errorf("read the translations: %w", err)
	}
	var sentences map[string]any
	if err := json.Unmarshal(text, &sentences); err != nil {
		return nil, fmt.Errorf("read the translations %s: %w", language, err)
	}
	return sentences, nil
}

// frenchSpaces keeps French punctuation on the line of the word before it.
var frenchSpaces = strings.NewReplacer(
	" :", "\u00a0:", " ;", "\u202f;", " ?", "\u202f?", " !", "\u202f!", "« ", "«\u00a0", " »", "\u00a0»",
)

// spaced puts French spaces into a sentence written with ordinary ones.
func spaced(sentence string) string { return frenchSpaces.Replace(sentence) }

// say puts a message of the lower layers into the user's language.
func say(message string, values data.Values) string {
	if !catalogue[message] { // filled already, or a name
		return spaced(data.Fill(message, values))
	}
	places := map[string]any{}
	for name, value := range values {
		if labelled, ok := value.(interface{ Label() string }); ok {
			value = word(labelled)
		}
		places[name] = value
	}
	return lang.L(message, places)
}

// word is the label of a state, a kind or a role.
func word(value interface{ Label() string }) string { return say(value.Label(), nil) }
