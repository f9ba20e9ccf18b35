package app

import (
	"runtime"
	"runtime/debug"
	"strings"
	"time"

	"guichet/data/store"
)

// Build says which Guichet this is.
type Build struct {
	Version string    // of the tag, "0.7.0", or of a commit after it; "devel" when git was not asked
	Commit  string    // empty when git was not asked
	At      time.Time // the commit's
	Changed bool      // files differed from the commit
	Schema  int       // of the registers that it writes
	Go      string
	System  string // "linux/amd64"
}

// Version reads what Go wrote into the program when it was built.
func Version() Build {
	b := Build{Version: "devel", Schema: store.Schema, Go: runtime.Version(), System: runtime.GOOS + "/" + runtime.GOARCH}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return b
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		b.Version = strings.TrimPrefix(v, "v")
	}
	for _, setting := range info.Settings {
		switch setting.Key {
		case "vcs.revision":
			b.Commit = setting.Value
		case "vcs.time":
			b.At, _ = time.Parse(time.RFC3339, setting.Value) // Go's own
		case "vcs.modified":
			b.Changed = setting.Value == "true"
		}
	}
	return b
}
