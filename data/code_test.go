package data

import (
	"crypto/rand"
	"fmt"
	"regexp"
	"strings"
	"testing"
)

func TestConfirmationCodes(t *testing.T) {
	shape := regexp.MustCompile(`^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$`)
	seen := map[string]bool{}
	for range 1000 {
		codes, err := NewConfirmationCodes(rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		for _, code := range codes {
			if !shape.MatchString(code) || !ValidCode(code) || seen[code] {
				t.Fatalf("%s: shape, check symbol or twice", code)
			}
			seen[code] = true
		}
	}
}

func TestConfirmationCodesAreNotPrinted(t *testing.T) {
	codes, _ := NewConfirmationCodes(rand.Reader)
	for _, format := range []string{"%v", "%s", "%+v", "%#v", "%q"} {
		if text := fmt.Sprintf(format, codes); strings.Contains(text, codes[0][:4]) {
			t.Errorf("%s prints %s", format, text)
		}
	}
}

// TestCodeFindsMistypedSymbols tries every single wrong symbol and every
// exchange of two on random codes.
func TestCodeFindsMistypedSymbols(t *testing.T) {
	for range 50 {
		codes, _ := NewConfirmationCodes(rand.Reader)
		code := strings.ReplaceAll(codes[0], "-", "")
		for i := range code {
			for _, symbol := range crockford {
				wrong := code[:i] + string(symbol) + code[i+1:]
				if ValidCode(wrong) != (wrong == code) {
					t.Fatalf("symbol %d of %s as %c passes", i, code, symbol)
				}
			}
			for j := i + 1; j < len(code); j++ {
				b := []byte(code)
				b[i], b[j] = b[j], b[i]
				if ValidCode(string(b)) != (string(b) == code) {
					t.Fatalf("%s passes for %s", b, code)
				}
			}
		}
	}
}

func TestNormaliseCode(t *testing.T) {
	// 0 and 1 are typed as O, I and L; case, spaces and hyphens do not matter.
	symbols := "01A0B1C"
	code := symbols + string(checkSymbol(symbols))
	want := code[:4] + "-" + code[4:]
	for _, typed := range []string{code, strings.ToLower(code), " oia0-bL c" + code[7:], code[:4] + " – " + code[4:]} {
		if got, err := NormaliseCode("code1", typed); err != nil || got != want {
			t.Errorf("%q: %q, %v", typed, got, err)
		}
	}
	for _, typed := range []string{"", "01A", code + "0", "U1A0B1C" + code[7:], "é1A0B1C" + code[7:], strings.Repeat("0", 7) + "1"} {
		_, err := NormaliseCode("code1", typed)
		problems, ok := err.(Problems)
		if !ok || problems[0].Field != "code1" {
			t.Errorf("%q: %v", typed, err)
		}
	}
}

func FuzzNormaliseCode(f *testing.F) {
	f.Add("K7PW-3XQ9")
	f.Fuzz(func(t *testing.T, typed string) {
		code, err := NormaliseCode("code1", typed)
		if err == nil && (len(code) != 9 || !ValidCode(code)) {
			t.Errorf("%q: %q", typed, code)
		}
	})
}
