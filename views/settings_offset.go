package views

import (
	"regexp"
	"strconv"
	"strings"

	"fyne.io/fyne/v2/lang"

	"guichet/data"
)

// offsetDraft is an offset as typed.
type offsetDraft struct{ dx, dy string }

// read is the offset that was typed for a printer.
func (d offsetDraft) read(printer string) (data.PrinterOffset, error) {
	offset := data.PrinterOffset{Printer: printer}
	var problems data.Problems
	for _, side := range []struct {
		field, text string
		value       *float64
	}{{"dx", d.dx, &offset.DX}, {"dy", d.dy, &offset.DY}} {
		value, ok := millimetresOf(side.text)
		if !ok {
			problems.Add(side.field, "Un décalage s’écrit 1,5 ou -0,3", nil)
		}
		*side.value = value
	}
	if problems.Err() != nil {
		return offset, problems
	}
	return offset, offset.Check()
}

// offsetText writes an offset: x +1,5 mm, y −0,3 mm.
func offsetText(o data.PrinterOffset) string {
	if o.DX == 0 && o.DY == 0 {
		return lang.L("Aucun")
	}
	return lang.L("x {{.DX}} mm, y {{.DY}} mm", map[string]any{"DX": signed(o.DX), "DY": signed(o.DY)})
}

// signed writes a length with its sign: +1,5 or −0,3.
func signed(value float64) string {
	text := millimetresText(value)
	if value > 0 {
		return "+" + text
	}
	return strings.Replace(text, "-", "−", 1)
}

// millimetresText writes a length as it is typed: -0,3.
func millimetresText(value float64) string {
	return decimals(strconv.FormatFloat(value, 'f', -1, 64))
}

var lengthPattern = regexp.MustCompile(`^[+-]?\d{1,3}(\.\d{1,2})?$`)

// millimetresOf reads a length in millimetres, with a comma or a point; nothing
// is 0.
func millimetresOf(text string) (value float64, ok bool) {
	text = strings.TrimSuffix(unspaced(text), "mm")
	if text == "" {
		return 0, true
	}
	text = strings.NewReplacer("−", "-", "–", "-", ",", ".").Replace(text)
	if !lengthPattern.MatchString(text) {
		return 0, false
	}
	value, err := strconv.ParseFloat(text, 64)
	return value, err == nil
}
