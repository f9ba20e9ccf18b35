package letters

import (
	"regexp"
	"slices"
	"strings"

	"guichet/data"
)

// prose is a paragraph as typed, ready to be filled in and set.
type prose []piece

// piece is words in one face, or the place of a variable.
type piece struct {
	text     string
	variable *variable
	face     *face
}

// parseProse reads a paragraph whose variables are among some, with its
// typography mended. The face changes at each **.
func parseProse(field, text string, among []variable) (prose, data.Problems) {
	template, err := data.ParseTemplate(field, text, exported(among))
	if err != nil {
		return nil, err.(data.Problems)
	}
	var p prose
	bold := false
	for _, part := range template.Parts {
		if part.Variable != "" {
			p = append(p, piece{variable: named(among, part.Variable), face: faceOf(bold)})
			continue
		}
		for i, words := range strings.Split(mended(part.Text), "**") {
			bold = bold != (i > 0)
			if words != "" {
				p = append(p, piece{text: words, face: faceOf(bold)})
			}
		}
	}
	if bold {
		return nil, data.Problems{{Field: field, Message: "Un passage en gras n’est pas refermé : il s’écrit **gras**"}}
	}
	return p, nil
}

func faceOf(bold bool) *face {
	if bold {
		return sansSemiBold
	}
	return sansRegular
}

// varies tells whether the paragraph is another one from letter to letter.
func (p prose) varies() bool {
	for _, piece := range p {
		if piece.variable != nil && piece.variable.ofLetter {
			return true
		}
	}
	return false
}

// allBold tells whether the paragraph is a title.
func (p prose) allBold() bool {
	return !slices.ContainsFunc(p, func(piece piece) bool { return piece.face != sansSemiBold })
}

// spans appends the paragraph with its variables filled in.
func (p prose) spans(to []span, l *Letter, d *Design) []span {
	for _, piece := range p {
		text := piece.text
		if piece.variable != nil {
			text = piece.variable.value(l, d)
		}
		to = append(to, span{text, piece.face})
	}
	return to
}

// splice puts a paragraph in the places of a variable.
func (p prose) splice(name string, with prose) prose {
	var spliced prose
	for _, piece := range p {
		if piece.variable != nil && piece.variable.Name == name {
			spliced = append(spliced, with...)
		} else {
			spliced = append(spliced, piece)
		}
	}
	return spliced
}

// No-break spaces of French typography: nb before a colon and within
// guillemets, thin before ; ! and ?.
const (
	nb   = "\u00a0"
	thin = "\u202f"
)

var (
	openingQuote = regexp.MustCompile(`«[ \x{a0}\x{202f}]*`)
	closingQuote = regexp.MustCompile(`[ \x{a0}\x{202f}]*»`)
	beforeColon  = regexp.MustCompile(`[ \x{a0}\x{202f}]+([:%€])`)
	beforeMark   = regexp.MustCompile(`[ \x{a0}\x{202f}]+([;!?])`)
	plainSpaces  = regexp.MustCompile(`[ \t\r\n]+`)
)

// mended gives typed text the apostrophe, the dots and the no-break spaces of
// French typography. No-break spaces that were typed stay.
func mended(text string) string {
	text = plainSpaces.ReplaceAllString(text, " ")
	text = strings.ReplaceAll(typeset(text), "...", "…")
	text = openingQuote.ReplaceAllString(text, "«"+nb)
	text = closingQuote.ReplaceAllString(text, nb+"»")
	text = beforeColon.ReplaceAllString(text, nb+"$1")
	return beforeMark.ReplaceAllString(text, thin+"$1")
}

// typeset gives text from the register the apostrophe of the text around it.
func typeset(text string) string { return strings.ReplaceAll(text, "'", "’") }

// quoted sets text between guillemets.
func quoted(text string) string { return "«" + nb + text + nb + "»" }
