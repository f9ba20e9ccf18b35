package data

import (
	"crypto/rand"
	"strings"
	"testing"
)

func TestLetterReference(t *testing.T) {
	ref := LetterReference(2026, 4217)
	if ref[:11] != "L26-004217-" || len(ref) != 12 {
		t.Fatal(ref)
	}
	for _, typed := range []string{ref, " l26 004217 " + ref[11:], "l26-oo4217-" + ref[11:], ref[1:]} {
		if got, err := NormaliseReference(typed); err != nil || got != ref {
			t.Errorf("%q: %q, %v", typed, got, err)
		}
	}
	for _, typed := range []string{"", "L26-004218-" + ref[11:], "L26-00421-" + ref[11:], "L26-00A217-" + ref[11:], "bonjour"} {
		if _, err := NormaliseReference(typed); err == nil {
			t.Errorf("%q passes", typed)
		}
	}
}

func TestLetterMatch(t *testing.T) {
	codes, _ := NewConfirmationCodes(rand.Reader)
	other, _ := NewConfirmationCodes(rand.Reader)
	salt, _ := NewSalt(rand.Reader)
	l := Letter{Salt: salt, Hash: HashCodes(salt, codes)}
	if !l.Match(codes) {
		t.Error("its own codes do not match")
	}
	for _, wrong := range []ConfirmationCodes{other, {codes[1], codes[0]}, {codes[0], other[1]}, {}} {
		if l.Match(wrong) {
			t.Error("wrong codes match")
		}
	}
	if (Letter{}).Match(ConfirmationCodes{}) {
		t.Error("a letter without codes matches")
	}
}

func TestLetterExpires(t *testing.T) {
	l := Letter{PostedOn: day(2026, 11, 24)}
	if l.Expired(day(2027, 1, 23), 60) || !l.Expired(day(2027, 1, 24), 60) {
		t.Error("60 days after 24 Nov 2026 is 23 Jan 2027")
	}
	if (Letter{}).Expired(day(2030, 1, 1), 60) {
		t.Error("a letter not posted does not expire")
	}
}

func TestScannedReference(t *testing.T) {
	want := LetterReference(2026, 4217)
	check := want[len(want)-1:]
	for _, scanned := range []string{
		want + " 1/1", strings.ToLower(want), "L26 004217 " + check, "L26004217" + check, "  " + want + "\t",
		"Lé-)àà'é&è)" + check + " &!&", // an American scanner on a French keyboard
	} {
		if got, err := ScannedReference(scanned); err != nil || got != want {
			t.Errorf("%q: %q, %v", scanned, got, err)
		}
	}
	for _, scanned := range []string{"", LetterReference(2026, 4218)[:11] + check, "3760123456789", "K7PW-3XQ9"} {
		if got, err := ScannedReference(scanned); err == nil {
			t.Errorf("%q read as %q", scanned, got)
		}
	}
}
