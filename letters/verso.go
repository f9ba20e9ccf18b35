package letters

import (
	"strings"
)

// The other side's text.
const (
	versoTop    = 30.0
	versoBottom = 275.0
	versoGap    = 2.5 // after a paragraph
	titleGap    = 0.4 // after one that is all bold
)

// versoBlocks are the paragraphs of the other side.
func versoBlocks(d *Design) []*block {
	var blocks []*block
	for text := range strings.Lines(d.Verso) {
		if text = strings.TrimSpace(text); text != "" {
			b := &block{field: versoField}
			b.read(text, designVariables)
			blocks = append(blocks, b)
		}
	}
	return blocks
}

// drawVerso draws the other side of letters whose codes are valid for some
// days.
func drawVerso(c *canvas, d *Design, validDays int) error {
	body := layoutFor(d.Envelope).body
	l := &Letter{ValidDays: validDays}
	at := column(versoTop, versoBottom)
	for _, b := range versoBlocks(d) {
		next, err := fitted(c, b.field, at, body, b.prose.spans(nil, l, d))
		if err != nil {
			return err
		}
		at.baseline = next + versoGap
		if b.prose.allBold() {
			at.baseline = next + titleGap
		}
	}
	return nil
}
