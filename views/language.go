package views

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"regexp"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"guichet/assets"
	"guichet/data"
)

// The languages of the window.
const (
	French  = "fr"
	English = "en"
)

// locales are what a system calls the languages.
var locales = map[string]string{French: "fr_FR.UTF-8", English: "en_GB.UTF-8"}

// catalogue holds the French sentences that have a translation.
var catalogue = map[string]bool{}

// spoken is the language of the window.
var spoken = French

// Speak makes the window speak a language whatever the system's: Fyne's own
// words too where the system's language is said in the environment, so not on
// Windows and macOS. What was built before keeps its language. The French
// sentences of the sources are the keys of the catalogues: the French one is
// made of them, with their typography, and of fr.json for plurals.
func Speak(language string) error {
	if locales[language] == "" {
		return fmt.Errorf("no language %q: fr or en", language)
	}
	os.Setenv("LC_ALL", locales[language]) //nolint:errcheck // a constant name is valid
	os.Setenv("LANGUAGE", "")              //nolint:errcheck
	spoken = language
	french, err := frenchCatalogue()
	if err != nil {
		return err
	}
	english, err := assets.Translations.ReadFile("translations/en.json")
	if err != nil {
		return fmt.Errorf("read the translations: %w", err)
	}
	catalogues := map[string][]byte{French: french, English: english}
	err = errors.Join(
		lang.AddTranslationsForLocale(english, English), lang.AddTranslationsForLocale(french, French),
	)
	if system, _, _ := strings.Cut(lang.SystemLocale().String(), "-"); system != language { // the environment does not set it: Fyne falls back on English
		err = errors.Join(err, lang.AddTranslationsForLocale(catalogues[language], English), lang.AddTranslationsForLocale(catalogues[language], fyne.Locale(system)))
	}
	return err
}

// frenchCatalogue gives each French sentence itself, with French spaces.
func frenchCatalogue() ([]byte, error) {
	english, err := readCatalogue(English)
	if err != nil {
		return nil, err
	}
	plurals, err := readCatalogue(French)
	if err != nil {
		return nil, err
	}
	french := map[string]any{}
	for sentence, translation := range english {
		catalogue[sentence] = true
		if _, single := translation.(string); single {
			french[sentence] = inFrench(sentence)
		}
	}
	for sentence, forms := range plurals {
		french[sentence] = spacedForms(forms)
	}
	return json.Marshal(french)
}

// spacedForms puts French spaces into the forms of a plural.
func spacedForms(forms any) any {
	named, _ := forms.(map[string]any)
	spaced := map[string]any{}
	for name, form := range named {
		text, _ := form.(string)
		spaced[name] = inFrench(text)
	}
	return spaced
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

// frenchSpaces keeps French punctuation on the line of the word before it, and a
// number beside what it counts.
var frenchSpaces = strings.NewReplacer(
	" :", "\u00a0:", " ;", "\u202f;", " ?", "\u202f?", " !", "\u202f!", "« ", "«\u00a0", " »", "\u00a0»", " %", "\u00a0%",
	"{{.PluralCount}} ", "{{.PluralCount}}\u00a0",
)

// measure is a number before its unit.
var measure = regexp.MustCompile(`(\d|\}\}) (mm|ms|Mo|ko|h|min|s|j)\b`)

// inFrench puts French spaces into a sentence written with ordinary ones.
func inFrench(sentence string) string {
	return measure.ReplaceAllString(frenchSpaces.Replace(sentence), "$1\u00a0$2")
}

// spaced puts French spaces into a sentence written with ordinary ones, while the
// window speaks French.
func spaced(sentence string) string {
	if spoken != French {
		return sentence
	}
	return inFrench(sentence)
}

// say puts a message of the lower layers into the user's language, what fills it
// included.
func say(message string, values data.Values) string {
	places := map[string]any{}
	for name, value := range values {
		switch known := value.(type) {
		case interface{ Label() string }:
			value = word(known)
		case data.Said:
			value = sayFormat(known)
		case int:
			value = number(known)
		case time.Time:
			value = longDay(known)
		}
		places[name] = value
	}
	if !catalogue[message] { // filled already, or a name
		return spaced(data.Fill(message, places))
	}
	return lang.L(message, places)
}

// sayFormat is say for a text by its format.
func sayFormat(said data.Said) string {
	args := make([]any, len(said.Args))
	for i, arg := range said.Args {
		if inner, ok := arg.(data.Said); ok {
			arg = sayFormat(inner)
		}
		args[i] = arg
	}
	return fmt.Sprintf(lang.L(said.Format), args...)
}

// word is the label of a state, a kind or a role.
func word(value interface{ Label() string }) string { return say(value.Label(), nil) }
