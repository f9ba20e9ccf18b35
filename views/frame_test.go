package views

import (
	"testing"

	"guichet/app"
)

func TestSweptText(t *testing.T) {
	newDesk(t)
	for want, done := range map[string]app.Sweep{
		"": {},
		"Passage quotidien : 1 titulaire prévenu, 2 lettres échues": {Warned: []string{"a"}, Expired: []string{"b", "c"}},
	} {
		if got := sweptText(done); plain(got) != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
