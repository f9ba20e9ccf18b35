package letters

import (
	"bytes"
	"io"
	"math"
	"strings"
	"testing"

	"guichet/data"
)

func calibrated(t *testing.T, c Calibration) string {
	t.Helper()
	var b bytes.Buffer
	if err := WriteCalibration(&b, c); err != nil {
		t.Fatal(err)
	}
	return saved(t, b.Bytes())
}

func TestCalibration(t *testing.T) {
	for _, envelope := range append(data.Envelopes, "") {
		pdf := calibrated(t, Calibration{Printer: "Bureau du courrier 漢\xff", DX: 1.5, DY: -0.5, Envelope: envelope, Date: today})
		pages := pagesOf(t, pdf)
		if len(pages) != 1 {
			t.Fatalf("%s: %d pages", envelope, len(pages))
		}
		for _, text := range []string{
			"Feuille de calibrage", "Imprimante : Bureau du courrier ??", "24 novembre 2026", "+1,5 mm vers la droite", "−0,5 mm vers le bas",
			"à 100 %", "vers la droite = 56,5 − A", "vers le bas = 189,5 − B", "C5-60", "C6/5", "67204 ACHENHEIM", "mesure 100 mm exactement",
		} {
			if !strings.Contains(pages[0], text) {
				t.Errorf("%s: no %q in\n%s", envelope, text, pages[0])
			}
		}
	}
}

// TestCalibrationAddress: the sample stands where a letter's address does.
func TestCalibrationAddress(t *testing.T) {
	for _, envelope := range data.Envelopes {
		found := 0
		for _, w := range wordsIn(t, calibrated(t, Calibration{Envelope: envelope, Date: today})) {
			if w.text == "ACHENHEIM" || w.text == "Commune" {
				found++
				if !envelope.AlwaysVisible().Contains(w.box) {
					t.Errorf("%s: %+v is outside the window", envelope, w)
				}
			}
		}
		if found != 2 {
			t.Errorf("%s: %d words of the address", envelope, found)
		}
	}
}

// TestCalibrationCross finds the cross on the rendered page, moved by the
// offsets.
func TestCalibrationCross(t *testing.T) {
	for _, d := range [][2]float64{{0, 0}, {3, -2}} {
		pixels, wide := rendered(t, calibrated(t, Calibration{DX: d[0], DY: d[1], Date: today}), 100)
		x, y := crossX+d[0], crossY+d[1]
		for _, at := range [][2]float64{{x + 15, y}, {x, y + 15}, {x, y - 15}, {x - 10, y}} {
			if !inked(pixels, wide, at[0]-0.3, at[1]-0.3, at[0]+0.3, at[1]+0.3) {
				t.Errorf("%v: the cross misses %.1f, %.1f", d, at[0], at[1])
			}
		}
		if inked(pixels, wide, x+2, y+2, x+20, y+20) {
			t.Errorf("%v: there is more than a cross", d)
		}
	}
}

func TestCalibrationRefuses(t *testing.T) {
	if err := WriteCalibration(io.Discard, Calibration{DX: 21, Date: today}); err == nil {
		t.Error("an offset out of bounds was taken")
	}
	if err := WriteCalibration(io.Discard, Calibration{DY: math.NaN(), Date: today}); err == nil {
		t.Error("an offset that is no number was taken")
	}
}
