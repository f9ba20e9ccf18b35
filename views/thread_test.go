package views

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"
)

// TestLinksSayWhereTheyLead: a link of a mail shows its place, whatever its text pretends.
func TestLinksSayWhereTheyLead(t *testing.T) {
	test.NewTempApp(t)
	for html, want := range map[string]string{
		`<a href="https://x.example/login">https://portail.example</a>`:                        "https://portail.example (x.example)",
		`<a href="https://portail.example@x.example/">portail</a>`:                             "portail (x.example)",
		`<ul><li><b><a href="https://x.example:8443/a">Ici</a></b></li></ul>`:                  "Ici (x.example:8443)",
		`<a href="https://p&#1086;rtail.example">https://p&#1086;rtail.example</a>`:            "https://pоrtail.example (p%D0%BErtail.example)",
		`<a href="https://mairie-hœnheim.example/a">Le site</a>`:                               "Le site (mairie-hœnheim.example)",
		`<a href="https://portail.example/a?b=c">https://portail.example/a?b=c</a>`:            "https://portail.example/a?b=c",
		`<a href="https://portail.example/">portail.example</a>`:                               "portail.example",
		`<a href="mailto:a@x.example?subject=oui">assistance@portail.example</a>`:              "assistance@portail.example (a@x.example)",
		`<a href="mailto:assistance@portail.example">assistance@portail.example</a>`:           "assistance@portail.example",
		`<a href="mailto:assistance@portail.example?subject=x">assistance@portail.example</a>`: "assistance@portail.example",
	} {
		var links []string
		eachLink(formatted(html).(*widget.RichText).Segments, func(link *widget.HyperlinkSegment) { links = append(links, link.Text) })
		if !slices.Equal(links, []string{want}) {
			t.Errorf("%s: %q, want %q", html, links, want)
		}
	}
}
