package views

import (
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"guichet/assets"
	"guichet/data"
)

var helpLanguages = []string{"fr", "en"}

// helpTexts are the pages of a language, by their names.
func helpTexts(t *testing.T, language string) map[string]string {
	t.Helper()
	texts := map[string]string{}
	names, err := fs.Glob(assets.Help, "help/"+language+"/*.md")
	if err != nil || len(names) == 0 {
		t.Fatalf("no pages in %s: %v", language, err)
	}
	for _, name := range names {
		text, err := assets.Help.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		texts[strings.TrimSuffix(path.Base(name), ".md")] = string(text)
	}
	return texts
}

// TestHelpPages: both languages have the pages of the list and no other, short,
// each a title, and every link leads to one of them.
func TestHelpPages(t *testing.T) {
	var listed []string
	for _, group := range helpFiles() {
		listed = append(listed, group.names...)
	}
	link := regexp.MustCompile(`\[[^\]]+\]\(([^)]*)\)`)
	for _, language := range helpLanguages {
		texts := helpTexts(t, language)
		if len(texts) != len(listed) {
			t.Errorf("%s has %d pages, %d are listed", language, len(texts), len(listed))
		}
		for _, name := range listed {
			text, found := texts[name]
			if !found || !strings.HasPrefix(text, "# ") || strings.Count(text, "\n") > 120 {
				t.Errorf("%s/%s: found %v, %d lines, %.20q", language, name, found, strings.Count(text, "\n"), text)
			}
			for _, to := range link.FindAllStringSubmatch(text, -1) {
				if !slices.Contains(listed, strings.TrimSuffix(to[1], ".md")) || !strings.HasSuffix(to[1], ".md") {
					t.Errorf("%s/%s: a link leads to %q", language, name, to[1])
				}
			}
		}
	}
}

// TestHelpTypography: French apostrophes, quotation marks and spaces; none of the
// spaces that only French has in English.
func TestHelpTypography(t *testing.T) {
	code := regexp.MustCompile("`[^`]*`")
	wrong := map[string]*regexp.Regexp{
		"fr": regexp.MustCompile(`['"“”]|\.\.\.|[^ \x{a0}\x{202f}«][;:?!»](\s|$)|«[^ \x{a0}]`),
		"en": regexp.MustCompile(`['"«»]|\.\.\.| [;:?!]`),
	}
	for _, language := range helpLanguages {
		for name, text := range helpTexts(t, language) {
			for line := range strings.Lines(text) {
				bare := code.ReplaceAllString(strings.ReplaceAll(line, "**", ""), "x")
				if found := wrong[language].FindString(bare); found != "" {
					t.Errorf("%s/%s: %q in %q", language, name, found, line)
				}
			}
		}
	}
}

// TestHelpNamesKeysThatExist: every key that a page names is on the keys' sheet of
// a screen, or one that a field knows; the rest in fixed pitch is what a search
// understands.
func TestHelpNamesKeysThatExist(t *testing.T) {
	d, _ := newDesk(t)
	d.signIn("claire", testPassword)
	names := map[string]bool{"↵": true} // of search fields too
	d.eachScreen(func(s screen) {
		for _, group := range append(d.w.frame.keys(), keyGroup{keys: d.w.frame.tickets.ticket.keys()}) {
			for _, line := range group.lines() {
				for _, name := range line.keys {
					names[name] = true
				}
			}
		}
	})
	english, err := readCatalogue("en")
	if err != nil {
		t.Fatal(err)
	}
	inEnglish := map[string]bool{}
	for name := range names {
		if translated, ok := english[name].(string); ok && len(name) > 1 {
			name = translated
		}
		inEnglish[name] = true
	}
	code := regexp.MustCompile("`([^`]*)`")
	for _, language := range helpLanguages {
		for page, text := range helpTexts(t, language) {
			for _, found := range code.FindAllStringSubmatch(text, -1) {
				known := names[found[1]]
				if language == "en" {
					known = inEnglish[found[1]]
				}
				if !known && page == "ticket-search" {
					_, err := d.app.SearchTickets(d.ctx, found[1])
					known = err == nil
				}
				if !known {
					t.Errorf("%s/%s: no key is called %q", language, page, found[1])
				}
			}
		}
	}
}

// eachScreen shows each screen, and each part of it that has a page of its own.
func (d *desk) eachScreen(visit func(screen)) {
	f := d.w.frame
	for _, item := range f.nav.items {
		f.show(item.screen)
		visit(item.screen)
	}
	for _, tab := range []func(){f.mail.showQueue, f.mail.showBatches, f.mail.showPosted, f.mail.showReturns, func() { f.mail.showFollowUp(data.LetterFilter{}) }} {
		tab()
		visit(f.current)
	}
	f.show(f.settings)
	for _, topic := range f.settings.topics {
		f.settings.open(topic)
		visit(f.current)
	}
	f.openSetup()
	visit(f.current)
}

// TestEveryScreenHasItsHelp: F1 opens a page that is there, whatever is shown, and
// Esc gives the screen back.
func TestEveryScreenHasItsHelp(t *testing.T) {
	d, organisation := newDesk(t)
	d.signIn("claire", testPassword)
	seen := map[string]bool{}
	look := func(screen) {
		t.Helper()
		name := d.w.frame.current.help()
		d.w.pressed(fyne.KeyF1, 0)
		h := d.openHelp()
		if h == nil || h.at < 0 || h.found[h.at].name != name || !d.reads(plain(h.found[h.at].title)) {
			t.Fatalf("F1 does not show %q", name)
		}
		seen[name] = true
		test.TypeOnCanvas(d.w.window.Canvas(), "")
		h.search.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
		if d.w.dialog != nil {
			t.Fatal("Esc does not close the help")
		}
	}
	d.eachScreen(look)
	f := d.w.frame
	f.book.open(organisation.ID)
	f.book.onRegister()
	look(nil)
	f.book.openForm(newImportForm(f.book))
	look(nil)
	f.book.closeForm()
	openMergeForm(f, organisation)
	d.w.pressed(fyne.KeyF1, 0)
	if h := d.openHelp(); h == nil || h.found[h.at].name != "merge" {
		t.Error("F1 on the merge dialog does not tell of it")
	}
	if d.w.pressed(fyne.KeyEscape, 0); d.w.dialog == nil {
		t.Error("Esc on the help closes the dialog under it")
	}
	d.w.closeDialog()
	d.w.openDisplay()
	d.w.pressed(fyne.KeyF1, 0)
	if h := d.openHelp(); h == nil || h.found[h.at].name != "window" {
		t.Error("F1 on the display dialog does not tell of the window")
	}
	d.w.closeDialog()
	if len(seen) < 24 {
		t.Errorf("%d pages seen", len(seen))
	}
}

// openHelp is the help that is open; nil when none is.
func (d *desk) openHelp() *help {
	if d.w.dialog == nil {
		return nil
	}
	return d.w.dialog.shows
}

func TestHelpByKeyboard(t *testing.T) {
	d, _ := newDesk(t)
	d.signIn("claire", testPassword)
	f := d.w.frame
	f.show(f.book)
	canvas := d.w.window.Canvas()
	if canvas.Focused() != fyne.Focusable(f.book.search) {
		t.Fatal("the directory does not begin with its search")
	}
	f.book.search.TypedKey(&fyne.KeyEvent{Name: fyne.KeyF1})
	h := d.openHelp()
	if h == nil || canvas.Focused() != fyne.Focusable(h.search) {
		t.Fatalf("%T has the caret", canvas.Focused())
	}
	h.search.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
	d.wantRead("Annuaire : la fiche")
	h.search.TypedKey(&fyne.KeyEvent{Name: fyne.KeyUp})
	typeInto(h.search, "girafe a monocle")
	d.wantRead("Aucune page n’a ces mots.")
	h.search.SetText("")
	typeInto(h.search, "codes perdus girafe")
	d.wantRead("Pages les plus proches")
	if !slices.Contains(pageNames(h.found), "codes") {
		t.Errorf("found %v", pageNames(h.found))
	}
	h.search.SetText("codes perdus")
	if names := pageNames(h.found); len(names) == 0 || names[0] != "codes" {
		t.Errorf("found %v: the plural and the feminine are told apart", names)
	}
	h.search.SetText("")
	typeInto(h.search, "DECALAGE imprim") // the accent is missing, the last word is being typed
	if len(h.found) == 0 || h.found[0].name != "settings-printers" {
		t.Errorf("found %v", pageNames(h.found))
	}
	if _, all := findPages(h.pages, "decala imprimante"); all {
		t.Error("only the last word may be a beginning")
	}
	h.search.SetText("retours")
	if len(h.found) < 2 || h.found[0].name != "returns" {
		t.Errorf("the page called so is not first: %v", pageNames(h.found))
	}
	h.follow("mail-day")
	if h.search.Text != "" || h.found[h.at].name != "mail-day" {
		t.Error("a link does not lead to its page")
	}
	links := 0
	for _, o := range d.all() {
		if link, ok := o.(*widget.Hyperlink); ok && strings.HasPrefix(plain(link.Text), "Suivi") {
			links++
			test.Tap(tappable{link})
		}
	}
	if links != 1 || h.found[h.at].name != "follow-up" {
		t.Errorf("%d links, %s is shown", links, h.found[h.at].name)
	}
	if d.w.pressed(fyne.KeyF1, 0) {
		t.Error("the help opens over itself")
	}
	h.search.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if canvas.Focused() != fyne.Focusable(f.book.search) {
		t.Errorf("%T has the caret after the help", canvas.Focused())
	}
}

// tappable taps a link where its text is.
type tappable struct{ *widget.Hyperlink }

func (l tappable) Tapped(*fyne.PointEvent) { l.Hyperlink.TypedKey(&fyne.KeyEvent{Name: fyne.KeySpace}) }

// typeInto types into what has the caret.
func typeInto(field fyne.Focusable, text string) {
	for _, r := range text {
		field.TypedRune(r)
	}
}

func pageNames(pages []helpPage) (names []string) {
	for _, page := range pages {
		names = append(names, page.name)
	}
	return names
}

// TestHelpHasTheStockAnswers: those of the settings, found by the search, and on a
// ticket that of its heading first; not for those who answer nothing.
func TestHelpHasTheStockAnswers(t *testing.T) {
	h := newHelpDesk(t)
	settings, err := h.app.Settings(h.ctx)
	if err != nil {
		t.Fatal(err)
	}
	settings.HelpDesk.Answers = map[data.Heading]string{data.PasswordHeading: "Prenez une phrase de passe, au clafoutis par exemple."}
	if err := h.app.SaveSettings(h.ctx, settings); err != nil {
		t.Fatal(err)
	}
	h.deliver("a@mairie.example", "Mot de passe", "Bonjour, quel mot de passe choisir ?")
	screen := h.open()
	if screen.ticket.shown.Heading != data.PasswordHeading {
		t.Fatalf("the heading is %s", screen.ticket.shown.Heading)
	}
	h.w.pressed(fyne.KeyF1, 0)
	help := h.openHelp()
	if help == nil || help.found[help.at].name != answerPage(data.PasswordHeading) {
		t.Fatal("F1 on a ticket does not show the answer of its heading")
	}
	h.wantRead("Réponses types", "au clafoutis par exemple")
	help.search.SetText("clafoutis")
	if len(help.found) != 1 || !help.found[0].answer {
		t.Errorf("the search finds %v", pageNames(help.found))
	}
	help.search.SetText("")
	answers := 0
	for _, page := range help.pages {
		if page.answer {
			answers++
		}
	}
	if want := len(settings.StockAnswers()); answers != want {
		t.Errorf("%d answers in the help, want %d", answers, want)
	}
	h.w.closeDialog()
	h.operator("courrier", data.MailRoom)
	h.signIn("courrier", testPassword)
	h.w.pressed(fyne.KeyF1, 0)
	if help = h.openHelp(); slices.ContainsFunc(help.pages, func(page helpPage) bool { return page.answer }) {
		t.Error("the mail room is shown answers")
	}
}

// TestHelpLanguage: the pages are those of the window's language.
func TestHelpLanguage(t *testing.T) {
	if language := lang.L("fr"); language != "fr" {
		t.Errorf("the French window reads the pages of %q", language)
	}
	if english, err := readCatalogue("en"); err != nil || english["fr"] != "en" {
		t.Errorf("the English window reads the pages of %v, %v", english["fr"], err)
	}
	if _, err := os.Stat("../assets/help/en/home.md"); err != nil {
		t.Error(err)
	}
}
