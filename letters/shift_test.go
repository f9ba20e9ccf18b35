package letters

import (
	"bytes"
	"errors"
	"io"
	"math"
	"strings"
	"testing"
	"testing/iotest"
)

// TestShift moves a duplex letter and looks where its words went, on both
// sides, those of the template and those of the letter.
func TestShift(t *testing.T) {
	design := fixtureDesign()
	design.Duplex, design.Verso = true, "Au verso."
	pdf := writtenIn(t, design, fixtureLetters(2)...)
	before := wordsIn(t, saved(t, pdf))
	for _, d := range [][2]float64{{1.5, -2.25}, {-20, -5}, {0, 0.04}} {
		moved := shifted(t, pdf, d[0], d[1])
		if len(moved) != len(pdf) {
			t.Fatalf("%v: %d bytes instead of %d", d, len(moved), len(pdf))
		}
		after := wordsIn(t, saved(t, moved))
		if len(after) != len(before) {
			t.Fatalf("%v: %d words instead of %d", d, len(after), len(before))
		}
		for i := range before {
			dx, dy := after[i].box.Left-before[i].box.Left, after[i].box.Top-before[i].box.Top
			if math.Abs(dx-d[0]) > 0.01 || math.Abs(dy-d[1]) > 0.01 || after[i].text != before[i].text {
				t.Errorf("%v: %q moved by %.3f, %.3f", d, before[i].text, dx, dy)
			}
		}
		if again := shifted(t, moved, 0, 0); !bytes.Equal(again, pdf) {
			t.Errorf("%v: shifted back, the file is another one", d)
		}
	}
}

func shifted(t *testing.T, pdf []byte, dx, dy float64) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Shift(&b, bytes.NewReader(pdf), dx, dy); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestShiftAcrossBlocks has the operators straddle the ends of what is read at
// a time.
func TestShiftAcrossBlocks(t *testing.T) {
	for _, pad := range []int{1, 17, 1<<16 - 60, 1<<16 - 30, 1<<16 - 15, 1<<16 - 1, 1 << 16} {
		page := strings.Repeat("x", pad) + unmoved
		source := strings.Repeat(page, 3)
		want := strings.ReplaceAll(source, unmoved, shiftOperator(1, 1)+"\n")
		for name, reader := range map[string]io.Reader{
			"whole": strings.NewReader(source), "halves": iotest.HalfReader(strings.NewReader(source)),
		} {
			var b bytes.Buffer
			if err := Shift(&b, reader, 1, 1); err != nil || b.String() != want {
				t.Errorf("%d, %s: %v, or not every operator is replaced", pad, name, err)
			}
		}
	}
}

func TestShiftRefuses(t *testing.T) {
	for _, d := range [][2]float64{{20.1, 0}, {0, -20.1}, {math.NaN(), 0}, {0, math.Inf(1)}} {
		if err := Shift(io.Discard, strings.NewReader(unmoved), d[0], d[1]); err == nil {
			t.Errorf("%v was taken", d)
		}
	}
	if err := Shift(io.Discard, strings.NewReader("%PDF-1.3 of another program"), 1, 1); !errors.Is(err, ErrNotShiftable) {
		t.Errorf("got %v", err)
	}
	if err := Shift(brokenWriter{}, strings.NewReader(unmoved), 1, 1); !errors.Is(err, io.ErrShortWrite) {
		t.Errorf("got %v", err)
	}
	if err := Shift(io.Discard, iotest.ErrReader(io.ErrUnexpectedEOF), 1, 1); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("got %v", err)
	}
}
