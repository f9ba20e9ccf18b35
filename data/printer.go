package data

import "math"

// PrinterOffset is by how much letters are displaced when they are printed on a
// printer, to make up for its own error: the calibration sheet tells it.
type PrinterOffset struct {
	Printer string
	DX, DY  float64 // millimetres added to the print, right and down
}

// MaxOffset is the most that print can be displaced, in millimetres.
const MaxOffset = 20.0

// OffsetOf is what letters are displaced by on a printer: nothing unless set.
func (s Settings) OffsetOf(printer string) PrinterOffset {
	for _, offset := range s.Printers {
		if offset.Printer == printer {
			return offset
		}
	}
	return PrinterOffset{Printer: printer}
}

// WithOffset sets a printer's offset.
func (s Settings) WithOffset(offset PrinterOffset) Settings {
	printers := []PrinterOffset{}
	for _, known := range s.Printers {
		if known.Printer != offset.Printer {
			printers = append(printers, known)
		}
	}
	s.Printers = append(printers, offset)
	return s
}

// Check names what of an offset cannot be printed.
func (o PrinterOffset) Check() error {
	var problems Problems
	problems.Require("printer", o.Printer)
	for _, side := range []struct {
		field string
		value float64
	}{{"dx", o.DX}, {"dy", o.DY}} {
		if math.IsNaN(side.value) || math.Abs(side.value) > MaxOffset {
			problems.Add(side.field, "Le décalage va de −20 à 20 mm", nil)
		}
	}
	return problems.Err()
}
