package views

import (
	"slices"
	"strings"
	"unicode"

	"fyne.io/fyne/v2/lang"

	"guichet/assets"
	"guichet/data"
)

// helpPage is a page of the help: a file of assets/help, or a stock answer.
type helpPage struct {
	name    string // its file's, without .md, or answerPage's
	group   string
	title   string
	text    string   // Markdown; of a stock answer plain text
	answer  bool     // it is a stock answer
	heading bool     // of a heading, not of an act
	words   []string // of title and text, folded
}

// helpFiles are the pages' files, in the order of the list.
func helpFiles() []struct {
	group string
	names []string
} {
	return []struct {
		group string
		names []string
	}{
		{lang.L("Pour commencer"), []string{"window", "mail-day", "help-desk-day", "setting-up"}},
		{lang.L("Les écrans"), []string{
			"home", "queue", "batches", "posted", "returns", "follow-up", "codes", "tickets", "ticket", "answers", "ticket-search",
			"directory", "organisation", "registration", "exchange", "merge", "e-services", "audit", "workstations",
		}},
		{lang.L("Réglages"), []string{
			"settings-register", "settings-operators", "settings-backups", "settings-privacy", "settings-letter", "settings-mail",
			"settings-help-desk", "settings-mailboxes", "settings-smarthost", "settings-printers",
		}},
	}
}

// readHelp reads the pages in the window's language.
func readHelp() (pages []helpPage, err error) {
	for _, group := range helpFiles() {
		for _, name := range group.names {
			text, err := assets.Help.ReadFile("help/" + lang.L("fr") + "/" + name + ".md")
			if err != nil {
				return nil, err
			}
			pages = append(pages, newHelpPage(name, group.group, string(text)))
		}
	}
	return pages, nil
}

// newHelpPage is a page of a file: its first line is its title.
func newHelpPage(name, group, text string) helpPage {
	title, rest, _ := strings.Cut(text, "\n")
	if lang.L("fr") == "fr" {
		title, rest = spaced(title), spaced(rest)
	}
	page := helpPage{name: name, group: group, title: strings.TrimPrefix(title, "# "), text: rest}
	page.words = helpWords(page.title + " " + page.text)
	return page
}

// answerPage is the name of the page of a heading's stock answer.
func answerPage(heading data.Heading) string { return "answer/" + string(heading) }

// answerPages are the stock answers as pages.
func answerPages(answers []data.StockAnswer) (pages []helpPage) {
	for _, answer := range answers {
		name := answerPage(answer.Heading)
		if answer.Heading == "" {
			name += string(answer.Act)
		}
		page := helpPage{name: name, group: lang.L("Réponses types"), title: say(answer.Title, nil), text: spaced(answer.Text), answer: true, heading: answer.Heading != ""}
		page.words = helpWords(page.title + " " + page.text)
		pages = append(pages, page)
	}
	return pages
}

// helpWords are a text's words, folded, without the endings of the plural and of
// the feminine: who looks for codes perdus finds une lettre perdue.
func helpWords(text string) []string {
	words := strings.FieldsFunc(data.Fold(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	for i, word := range words {
		if len(word) > 3 {
			words[i] = strings.TrimSuffix(strings.TrimRight(word, "sx"), "e")
		}
	}
	return words
}

// findPages are the pages that hold all words of a query, accents ignored, the
// last one as far as it is typed; where none does, those that hold most of them,
// at least half. Those whose title has most of them come first.
func findPages(pages []helpPage, query string) (found []helpPage, all bool) {
	wanted := helpWords(query)
	if len(wanted) == 0 {
		return pages, true
	}
	typing := strings.TrimRight(query, " "+noBreak) == query
	most := (len(wanted) + 1) / 2
	for _, page := range pages {
		switch count := countWords(page.words, wanted, typing); {
		case count > most:
			found, most = []helpPage{page}, count
		case count == most:
			found = append(found, page)
		}
	}
	slices.SortStableFunc(found, func(a, b helpPage) int {
		return countWords(helpWords(b.title), wanted, typing) - countWords(helpWords(a.title), wanted, typing)
	})
	return found, most == len(wanted)
}

// countWords is how many of the wanted words are among words; the last one may be
// a beginning while it is being typed.
func countWords(words, wanted []string, typing bool) (count int) {
	for i, want := range wanted {
		beginning := typing && i == len(wanted)-1
		if slices.ContainsFunc(words, func(word string) bool {
			return word == want || beginning && strings.HasPrefix(word, want)
		}) {
			count++
		}
	}
	return count
}
