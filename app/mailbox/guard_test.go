package mailbox

import (
	"strings"
	"testing"
)

// TestGuard: lines are counted, literals are not, in pieces of any size.
func TestGuard(t *testing.T) {
	lists := strings.Repeat("(", mostLists+1)
	for _, c := range []struct {
		text string
		fine bool
	}{
		{"* OK ready\r\n", true},
		{strings.Repeat("* 1 FETCH (FLAGS ())\r\n", 2*mostLists), true},
		{"* 1 FETCH (BODY[] {1001}\r\n" + lists + ")\r\n", true},
		{"* 1 FETCH (BODY[] {1000}\r\n" + lists + lists + ")\r\n", false},
		{"* 1 FETCH (BODY[] {2}\r\nab " + lists, false},
		{lists, false},
		{"{3}\r\n(((\r\n* OK\r\n", true},
		{"(" + strings.Repeat("{1}\r\na((", mostLists/2), false},
		{"{-5}\r\n{99999999999999999999999}\r\n{}\r\n{x}\r\n}{\r\n", true},
		{strings.Repeat("a", longestLine+1), false},
		{strings.Repeat("a\n", longestLine), true},
	} {
		for _, size := range []int{1, 7, 4096, len(c.text)} {
			var g guard
			var err error
			for rest := c.text; rest != "" && err == nil; rest = rest[min(size, len(rest)):] {
				_, err = g.Write([]byte(rest[:min(size, len(rest))]))
			}
			if (err == nil) != c.fine {
				t.Errorf("%.40q in pieces of %d: %v", c.text, size, err)
			}
		}
	}
}

// TestGuardGoodbye: a goodbye is a line of its own, in pieces of any size.
func TestGuardGoodbye(t *testing.T) {
	for text, goodbye := range map[string]bool{
		"* OK ready\r\n* BYE too many\r\n":            true,
		"* bye\r\n":                                   true,
		"* 1 FETCH (BODY[] {7}\r\n* BYE\r\n)\r\n":     false,
		"* 1 FETCH (BODY[] {2}\r\n\r\n* BYE)\r\n":     false,
		"* 1 FETCH (BODY[] {2}\r\nab)\r\n* BYE\r\n":   true,
		"* OK * BYE\r\n":                              false,
		"* 1 FETCH (BODY[] {900}\r\nab)\r\n* BYE\r\n": false,
	} {
		for _, size := range []int{1, 7, len(text)} {
			var g guard
			for rest := text; rest != ""; rest = rest[min(size, len(rest)):] {
				_, _ = g.Write([]byte(rest[:min(size, len(rest))]))
			}
			if g.goodbye() != goodbye {
				t.Errorf("%q in pieces of %d: %v", text, size, !goodbye)
			}
		}
	}
}
