package letters

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"guichet/data"
)

func TestWriteIsDeterministic(t *testing.T) {
	letters := fixtureLetters(7)
	if !bytes.Equal(written(t, letters...), written(t, letters...)) {
		t.Error("two runs differ")
	}
}

func TestWriteComposesAccents(t *testing.T) {
	l := fixtureLetter()
	want := written(t, l)
	l.Applicant = strings.ReplaceAll(l.Applicant, "é", "e\u0301")
	if !bytes.Equal(written(t, l), want) {
		t.Error("decomposed accents print otherwise")
	}
}

func TestWriteReportsProgress(t *testing.T) {
	var seen []int
	err := Write(context.Background(), io.Discard, fixtureDesign(), today, fixtureLetters(3), func(done int) { seen = append(seen, done) })
	if err != nil || len(seen) != 3 || seen[2] != 3 {
		t.Errorf("got %v, %v", seen, err)
	}
}

func TestWriteStops(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	var b bytes.Buffer
	err := Write(ctx, &b, fixtureDesign(), today, fixtureLetters(5), func(done int) {
		if done == 2 {
			cancel()
		}
		if done > 2 {
			t.Errorf("letter %d after the end", done)
		}
	})
	if !errors.Is(err, context.Canceled) || b.Len() != 0 {
		t.Errorf("got %v and %d bytes", err, b.Len())
	}
}

type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, io.ErrShortWrite }

func TestWriteReportsTheWriter(t *testing.T) {
	err := Write(context.Background(), brokenWriter{}, fixtureDesign(), today, fixtureLetters(1), nil)
	if !errors.Is(err, io.ErrShortWrite) {
		t.Errorf("got %v", err)
	}
}

func TestWriteRefusesLetters(t *testing.T) {
	long := strings.Repeat("très ", 120)
	tests := []struct {
		name   string
		change func(*Letter)
		field  string
	}{
		{"kind", func(l *Letter) { l.Kind = "other" }, "nature"},
		{"no reference", func(l *Letter) { l.Reference = "" }, "référence"},
		{"reference with an emoji", func(l *Letter) { l.Reference = "L26🏠" }, "référence"},
		{"long reference", func(l *Letter) { l.Reference = strings.Repeat("L", 40) }, "référence"},
		{"no code", func(l *Letter) { l.Codes[1] = "" }, "code 2"},
		{"code with an emoji", func(l *Letter) { l.Codes[0] += "🏠" }, "code 1"},
		{"code with a control", func(l *Letter) { l.Codes[1] += "\x00" }, "code 2"},
		{"code not UTF-8", func(l *Letter) { l.Codes[1] += "\xff" }, "code 2"},
		{"long code", func(l *Letter) { l.Codes[0] += l.Codes[0] }, "code 1"},
		{"no address", func(l *Letter) { l.Address = nil }, "adresse"},
		{"blank line", func(l *Letter) { l.Address = []string{"A", "", "B"} }, "adresse"},
		{"long line", func(l *Letter) { l.Address = []string{strings.Repeat("A", 39)} }, "adresse"},
		{"eight lines", func(l *Letter) { l.Address = strings.Split("ABCDEFGH", "") }, "adresse"},
		{"address with a tab", func(l *Letter) { l.Address = []string{"A\tB"} }, "adresse"},
		{"salutation", func(l *Letter) { l.Salutation = "" }, "appel"},
		{"long salutation", func(l *Letter) { l.Salutation = long }, "appel"},
		{"organisation", func(l *Letter) { l.Organisation = "漢字" }, "organisation"},
		{"last code point", func(l *Letter) { l.Organisation = "\uffff" }, "organisation"},
		{"replacement character", func(l *Letter) { l.Organisation = "\ufffd" }, "organisation"},
		{"long organisation", func(l *Letter) { l.Organisation = long }, "demande"},
		{"long applicant", func(l *Letter) { l.Applicant = strings.Repeat("A", 200) }, "demande"},
		{"applicant", func(l *Letter) { l.Applicant = "A\nB" }, "demandeur"},
		{"replaced letter", func(l *Letter) { l.Replaces = "漢" }, "lettre remplacée"},
		{"long identifier in a reissue", func(l *Letter) { l.Replaces, l.Identifier = "L26-004211-Y", strings.Repeat("a", 300) }, "demande"},
		{"identifier", func(l *Letter) { l.Identifier = "" }, "identifiant"},
		{"validity", func(l *Letter) { l.ValidDays = 0 }, "validité"},
		{"request", func(l *Letter) { l.RequestedOn = time.Time{} }, "date de la demande"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			letters := fixtureLetters(2)
			test.change(&letters[1])
			var b bytes.Buffer
			err := Write(context.Background(), &b, fixtureDesign(), today, letters, nil)
			var e *LetterError
			if !errors.As(err, &e) || e.Field != test.field || b.Len() != 0 {
				t.Fatalf("got %v, want one about %s", err, test.field)
			}
			if letters[1].Reference == "L26-000002-K" && e.Reference != letters[1].Reference {
				t.Errorf("the error does not name the letter: %v", err)
			}
			for _, code := range fixtureLetter().Codes {
				if strings.Contains(err.Error(), code) || strings.Contains(err.Error(), code[:4]) {
					t.Errorf("the error holds a code: %v", err)
				}
			}
		})
	}
}

func TestWriteRefusesDesigns(t *testing.T) {
	long := strings.Repeat("très ", 60)
	tests := []struct {
		name   string
		change func(*Design)
		field  string
	}{
		{"no sender", func(d *Design) { d.Sender = nil }, "en-tête"},
		{"long sender", func(d *Design) { d.Sender = strings.Split(long, " ") }, "en-tête"},
		{"one long word", func(d *Design) { d.Sender[0] = strings.Repeat("M", 60) }, "en-tête"},
		{"sender with an emoji", func(d *Design) { d.Sender[1] = "🏠" }, "en-tête"},
		{"no place", func(d *Design) { d.Place = "" }, "lieu"},
		{"long place", func(d *Design) { d.Place = long }, "lieu"},
		{"no portal", func(d *Design) { d.PortalURL = "" }, "adresse du portail"},
		{"long portal", func(d *Design) { d.PortalURL = strings.Repeat("a", 120) }, "adresse du portail"},
		{"no signatory", func(d *Design) { d.Signatory = " " }, "signataire"},
		{"long signatory", func(d *Design) { d.Signatory = long }, "signataire"},
		{"long title", func(d *Design) { d.SignatoryTitle = long }, "qualité du signataire"},
		{"long phone", func(d *Design) { d.Phone = long }, "téléphone"},
		{"logo", func(d *Design) { d.Logo = []byte("?") }, "logo"},
		{"envelope", func(d *Design) { d.Envelope = "C4" }, "enveloppe"},
		{"verso", func(d *Design) { d.Verso = "{" }, "verso"},
		{"text", func(d *Design) { d.Texts = data.LetterTexts{data.UserText: {Opening: "{x}"}} }, "demande"},
		{"long e-mail", func(d *Design) { d.Email = strings.Repeat("a", 120) }, "adresse électronique"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			d := fixtureDesign()
			test.change(&d)
			err := Write(context.Background(), io.Discard, d, today, fixtureLetters(1), nil)
			var e *LetterError
			if !errors.As(err, &e) || e.Field != test.field || e.Reference != "" {
				t.Errorf("got %v, want one about %s", err, test.field)
			}
		})
	}
}

func TestWriteRefusesNothing(t *testing.T) {
	if err := Write(context.Background(), io.Discard, fixtureDesign(), today, nil, nil); err == nil {
		t.Error("a PDF without a letter was written")
	}
}

func BenchmarkWrite(b *testing.B) {
	letters := fixtureLetters(2000)
	b.ReportAllocs()
	for b.Loop() {
		if err := Write(context.Background(), io.Discard, fixtureDesign(), today, letters, nil); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N*len(letters))/b.Elapsed().Seconds(), "letters/s")
}
