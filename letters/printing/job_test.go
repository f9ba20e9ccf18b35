package printing

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestJobCheck(t *testing.T) {
	file := written(t, "lot.pdf", 5)
	for name, c := range map[string]struct {
		copies int
		pages  []Range
		want   error
	}{
		"all":                 {1, nil, nil},
		"the whole range":     {99, []Range{{1, 5}}, nil},
		"several":             {1, []Range{{1, 1}, {3, 4}, {5, 5}}, nil},
		"no copy":             {0, nil, ErrCopies},
		"fewer than none":     {-1, nil, ErrCopies},
		"too many copies":     {100, nil, ErrCopies},
		"page 0":              {1, []Range{{0, 2}}, ErrRange},
		"beyond the end":      {1, []Range{{4, 6}}, ErrRange},
		"backwards":           {1, []Range{{3, 2}}, ErrRange},
		"falling":             {1, []Range{{3, 4}, {1, 1}}, ErrRange},
		"one page in two":     {1, []Range{{1, 3}, {3, 4}}, ErrRange},
		"the second too high": {1, []Range{{1, 3}, {6, 6}}, ErrRange},
	} {
		pages, err := Job{File: file, Copies: c.copies, Pages: c.pages}.check()
		if !errors.Is(err, c.want) || err == nil && pages != 5 {
			t.Errorf("%s: got %d, %v, want %v", name, pages, err, c.want)
		}
		var wrong *RangeError
		if errors.Is(c.want, ErrRange) && (!errors.As(err, &wrong) || wrong.Pages != 5 || wrong.Range != c.pages[len(c.pages)-1]) {
			t.Errorf("%s: got %#v", name, err)
		}
	}
}

func TestJobTitle(t *testing.T) {
	for title, want := range map[string]string{
		"":                          "Document",
		"--":                        "Document",
		"Lot 12 – lettres, 2/3":     "Lot 12 – lettres, 2/3",
		"L’été à Évreux : n° 4":     "L’été à Évreux : n° 4",
		"-o raw $(rm -rf /) `id` ;": "o raw rm -rf / id",
		"a\nb\x00c\x1b[1m\"'|<>&%":  "a b c 1m",
		"\xff\xfeLot":               "Lot",
	} {
		if got := (Job{Title: title}).title(); got != want {
			t.Errorf("%q: got %q, want %q", title, got, want)
		}
	}
	if got := (Job{Title: strings.Repeat("é", 500)}).title(); utf8.RuneCountInString(got) != 80 {
		t.Errorf("%d characters: %q", utf8.RuneCountInString(got), got)
	}
}

func TestStateFinal(t *testing.T) {
	final := map[State]bool{
		Pending: false, Held: false, Processing: false, Stopped: false, "": false,
		Cancelled: true, Aborted: true, Uncounted: true, Completed: true, Unknown: true,
	}
	for state, want := range final {
		if state.Final() != want {
			t.Errorf("%q: got %v", state, !want)
		}
	}
}
