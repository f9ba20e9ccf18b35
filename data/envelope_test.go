package data

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestEnvelopes(t *testing.T) {
	tests := []struct {
		envelope              Envelope
		window, always, mayBe Rectangle
		folds                 []float64
	}{
		{
			envelope: EnvelopeDL, window: Rectangle{100, 45, 200, 90},
			always: Rectangle{100, 45, 190, 79}, mayBe: Rectangle{90, 34, 200, 90}, folds: []float64{99, 198},
		},
		{
			envelope: EnvelopeC65, window: Rectangle{109, 49, 209, 94},
			always: Rectangle{109, 49, 190, 79}, mayBe: Rectangle{90, 34, 209, 94}, folds: []float64{99, 198},
		},
		{
			envelope: EnvelopeC5, window: Rectangle{109, 97, 209, 142},
			always: Rectangle{109, 97, 190, 128.5}, mayBe: Rectangle{90, 83.5, 209, 142}, folds: []float64{148.5},
		},
		{
			envelope: EnvelopeC5High, window: Rectangle{109, 57, 209, 102},
			always: Rectangle{109, 57, 190, 88.5}, mayBe: Rectangle{90, 43.5, 209, 102}, folds: []float64{148.5},
		},
	}
	for _, test := range tests {
		e := test.envelope
		got := []any{e.Window(), e.AlwaysVisible(), e.MayBeVisible(), e.Folds()}
		want := []any{test.window, test.always, test.mayBe, test.folds}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", e, diff)
		}
		if !e.Known() || e.Label() == "" || !e.MayBeVisible().Contains(e.AlwaysVisible()) {
			t.Errorf("%s is not known, named or coherent", e)
		}
	}
	if len(tests) != len(Envelopes) {
		t.Error("an envelope has no test")
	}
}

func TestUnknownEnvelope(t *testing.T) {
	if Envelope("C4").Known() || !Envelope("").Known() || Envelope("").Window() != EnvelopeDL.Window() {
		t.Error("an unknown envelope is taken for one, or the empty one is not DL")
	}
}

func TestRectangles(t *testing.T) {
	r := Rectangle{10, 10, 20, 20}
	if r.Overlaps(Rectangle{20, 10, 30, 20}) || !r.Overlaps(Rectangle{19, 19, 30, 30}) {
		t.Error("Overlaps")
	}
	if !r.Contains(r) || r.Contains(r.Grown(1)) || !r.Grown(1).Contains(r) {
		t.Error("Contains or Grown")
	}
}
