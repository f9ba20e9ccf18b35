package app

import (
	"strings"
	"testing"

	"guichet/data/store"
)

func TestVersion(t *testing.T) {
	if b := Version(); b.Version == "" || b.Schema != store.Schema || !strings.Contains(b.System, "/") || !strings.HasPrefix(b.Go, "go") {
		t.Errorf("%+v", b)
	}
}
