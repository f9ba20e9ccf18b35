package views

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2/lang"

	"guichet/data"
)

// shownFrench are the French sentences as they are shown.
func shownFrench(t *testing.T) map[string]string {
	t.Helper()
	text, err := frenchCatalogue()
	if err != nil {
		t.Fatal(err)
	}
	var all map[string]any
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	shown := map[string]string{}
	for key, form := range all {
		switch form := form.(type) {
		case string:
			shown[key] = form
		case map[string]any:
			for name, text := range form {
				shown[key+" ("+name+")"] = text.(string)
			}
		}
	}
	return shown
}

// faults are what French typography does not admit.
var faults = map[string]*regexp.Regexp{
	"a straight apostrophe":                    regexp.MustCompile(`'`),
	"three dots":                               regexp.MustCompile(`\.\.\.`),
	"straight quotation marks":                 regexp.MustCompile(`"|“|”`),
	"an ordinary space before a punctuation":   regexp.MustCompile(` [:;?!»%]`),
	"an ordinary space after «":                regexp.MustCompile(`« `),
	"no space before a punctuation":            regexp.MustCompile(`[\p{L}})][;?!»]|\p{L}:(\s|$)`),
	"no space after «":                         regexp.MustCompile(`«[^\x{a0}\x{202f}]`),
	"a break between a number and its counted": regexp.MustCompile(`\{\{\.PluralCount\}\} |\d (h|min|s|j|ms|mm|Mo|ko)\b`),
}

func TestFrenchTypography(t *testing.T) {
	for key, text := range shownFrench(t) {
		text = strings.ReplaceAll(text, "before:", "") // words of the search have none
		for fault, pattern := range faults {
			if found := pattern.FindString(searchWord.ReplaceAllString(text, "")); found != "" {
				t.Errorf("%s (%q) in %q", fault, found, key)
			}
		}
	}
}

// searchWord is a word of the search's grammar, or an address, which has no space
// before its colon.
var searchWord = regexp.MustCompile(`\b(de|org|objet|statut|rubrique|avant|depuis|a|etiquette|http|https|postgres):\S*`)

// TestEnglishTypography: no French mark is left.
func TestEnglishTypography(t *testing.T) {
	english, err := readCatalogue(English)
	if err != nil {
		t.Fatal(err)
	}
	french := regexp.MustCompile(`[«»]|\s[:;?!]|'|\.\.\.`)
	for key, form := range english {
		texts := []any{form}
		if forms, plural := form.(map[string]any); plural {
			texts = []any{forms["one"], forms["other"]}
		}
		for _, text := range texts {
			if found := french.FindString(text.(string)); found != "" {
				t.Errorf("%q in the English of %q", found, key)
			}
		}
	}
}

// inEnglish speaks English for the rest of the test.
func inEnglish(t *testing.T) {
	t.Helper()
	if err := Speak(English); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := Speak(French); err != nil {
			t.Error(err)
		}
	})
}

func TestEnglishFormats(t *testing.T) {
	inEnglish(t)
	for _, c := range []struct{ got, want string }{
		{number(1234567), "1,234,567"},
		{number(-999), "-999"},
		{day(at(11, 24, 0, 0)), "24\u00a0Nov\u00a02026"},
		{day(at(5, 1, 0, 0)), "1\u00a0May\u00a02026"},
		{dayTime(at(11, 28, 20, 57)), "28\u00a0Nov\u00a02026 at 20:57"},
		{longDay(at(11, 24, 0, 0)), "24\u00a0November\u00a02026"},
		{clock(at(11, 24, 9, 5)), "09:05"},
		{moment(at(11, 24, 13, 8), testNow), "12\u00a0min ago"},
		{moment(at(11, 23, 23, 59), testNow), "yesterday at 23:59"},
		{span(130 * time.Minute), "2\u00a0h\u00a010\u00a0min"},
		{size(1_530_000), "1.5\u00a0MB"},
		{size(12), "12\u00a0bytes"},
		{milliseconds(1400 * time.Microsecond), "1.4\u00a0ms"},
		{oneDecimal(2.5), "2.5"},
		{labelled("After"), "After: "},
		{spaced("Why? « no »"), "Why? « no »"},
		{counted("{{.PluralCount}} demandes", 1200), "1,200 requests"},
		{say("Rôle inconnu « {{.Value}} »", data.Values{"Value": data.MailRoom}), "Unknown role “Post”"},
		{say("ligne {{.Line}} : {{.Reason}}", data.Values{"Line": 6, "Reason": data.Said{Format: "commune manquante : %s", Args: []any{data.Said{Format: "écrire %s", Args: []any{"COLMAR"}}}}}), "line 6: town missing: write COLMAR"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

func TestFrenchNumbersInPlurals(t *testing.T) {
	if got, want := counted("{{.PluralCount}} demandes", 1200), "1\u202f200\u00a0demandes"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := longDay(at(11, 24, 0, 0)), "24\u00a0novembre\u00a02026"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := lang.L("Mot de passe"); got != "Mot de passe" {
		t.Errorf("French is not back: %q", got)
	}
}
