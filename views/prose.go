package views

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// prose is a wrapped text whose no-break spaces hold: Fyne breaks lines at them as
// at any other, which leaves a « or a : alone.
type prose struct {
	widget.Label
	said  string // Text has its lines broken where Fyne's would be broken wrong
	width float32
}

func newProse(text string) *prose {
	p := &prose{said: text}
	p.Text, p.Wrapping = text, fyne.TextWrapWord
	p.ExtendBaseWidget(p)
	return p
}

// SetText sets what is said.
func (p *prose) SetText(text string) {
	p.said = text
	p.Label.SetText(p.broken())
}

// Resize breaks the lines anew where the width is another.
func (p *prose) Resize(size fyne.Size) {
	if size.Width != p.width {
		p.width = size.Width
		if text := p.broken(); text != p.Text {
			p.Label.SetText(text)
		}
	}
	p.Label.Resize(size)
}

// broken is what is said with an end of line in the place of each space before
// words held together that only partly fit. Where Fyne breaks a line right, and
// where nothing can be told yet, the text stays as it is.
func (p *prose) broken() string {
	name := p.SizeName
	if name == "" {
		name = theme.SizeNameText
	}
	room := p.width - 2*theme.InnerPadding()
	if room <= 0 || p.Wrapping != fyne.TextWrapWord || !strings.ContainsAny(p.said, noBreak+thin) {
		return p.said
	}
	fits := func(text string) bool { return fyne.MeasureText(text, theme.Size(name), p.TextStyle).Width <= room }
	lines := strings.Split(p.said, "\n")
	for i, line := range lines {
		lines[i] = breakLine(line, fits)
	}
	return strings.Join(lines, "\n")
}

// breakLine is broken for one line.
func breakLine(line string, fits func(string) bool) string {
	words := strings.Split(line, " ")
	var text strings.Builder
	text.WriteString(words[0])
	row := words[0]
	for _, word := range words[1:] {
		begun := row + " " + word
		held := strings.IndexAny(word, noBreak+thin)
		switch {
		case fits(begun):
			row = begun
			text.WriteByte(' ')
		case held >= 0 && fits(row+" "+word[:held]):
			row = word
			text.WriteByte('\n')
		default:
			row = word
			text.WriteByte(' ')
		}
		text.WriteString(word)
	}
	return text.String()
}
