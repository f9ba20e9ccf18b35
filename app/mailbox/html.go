package mailbox

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// page gathers the text of an HTML page.
type page struct {
	out    strings.Builder
	breaks int  // line ends due before the next text
	space  bool // a space is due before the next text
	hidden int  // depth within elements whose text is not shown
	pre    int
	bullet bool // nothing followed a list's mark yet
}

// htmlText returns the text of an HTML part: paragraphs, line breaks and lists stay, links keep their text only, scripts
// and styles are dropped. It reads tokens and builds no tree, so that its time is bounded by the length.
func htmlText(source string) string {
	var p page
	tokens := html.NewTokenizer(strings.NewReader(source))
	for {
		switch kind := tokens.Next(); kind {
		case html.ErrorToken:
			return tidy(p.out.String())
		case html.TextToken:
			p.text(string(tokens.Text()))
		case html.StartTagToken, html.SelfClosingTagToken:
			name, _ := tokens.TagName()
			p.open(atom.Lookup(name), kind == html.StartTagToken)
		case html.EndTagToken:
			name, _ := tokens.TagName()
			p.close(atom.Lookup(name))
		}
	}
}

func (p *page) open(tag atom.Atom, closes bool) {
	switch tag {
	case atom.Script, atom.Style, atom.Title, atom.Template:
		if closes {
			p.hidden++
		}
	case atom.Body:
		p.hidden = 0 // whatever an unclosed element of the head hid
	case atom.Br:
		p.breaks++
		p.space = false
	case atom.Pre:
		p.lines(2)
		if closes {
			p.pre++
		}
	case atom.Li:
		p.lines(1)
		p.text("- ")
		p.space, p.bullet = p.hidden == 0, p.hidden == 0
	case atom.Td, atom.Th:
		p.space = true
	default:
		p.block(tag)
	}
}

func (p *page) close(tag atom.Atom) {
	switch tag {
	case atom.Script, atom.Style, atom.Title, atom.Template:
		p.hidden = max(0, p.hidden-1)
	case atom.Pre:
		p.lines(2)
		p.pre = max(0, p.pre-1)
	case atom.Td, atom.Th:
		p.space = true
	default:
		p.block(tag)
	}
}

func (p *page) block(tag atom.Atom) {
	switch tag {
	case atom.P, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Ul, atom.Ol, atom.Table, atom.Blockquote:
		p.lines(2)
	case atom.Div, atom.Tr, atom.Li, atom.Hr, atom.Dt, atom.Dd, atom.Section, atom.Article, atom.Header, atom.Footer, atom.Address, atom.Form:
		p.lines(1)
	}
}

// lines asks for at least n line ends before the next text.
func (p *page) lines(n int) {
	if p.bullet {
		return
	}
	p.breaks = max(p.breaks, n)
	p.space = false
}

func (p *page) text(s string) {
	if p.hidden > 0 || s == "" {
		return
	}
	if p.pre > 0 {
		p.due()
		p.out.WriteString(s)
		return
	}
	words := strings.FieldsFunc(s, isBlank)
	if len(words) == 0 {
		p.space = true
		return
	}
	if isBlank(rune(s[0])) {
		p.space = true
	}
	p.due()
	p.out.WriteString(strings.Join(words, " "))
	p.space = isBlank(rune(s[len(s)-1]))
}

// due writes the line ends or the space that are due; none stands at the beginning.
func (p *page) due() {
	switch {
	case p.out.Len() == 0:
	case p.bullet:
		p.out.WriteByte(' ')
	case p.breaks > 0:
		p.out.WriteString("\n\n\n"[:min(p.breaks, 3)])
	case p.space:
		p.out.WriteByte(' ')
	}
	p.breaks, p.space, p.bullet = 0, false, false
}

func isBlank(r rune) bool { return r == ' ' || r == '\n' || r == '\t' || r == '\r' || r == '\f' }
