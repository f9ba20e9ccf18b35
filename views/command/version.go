package command

import (
	"fmt"
	"io"
	"time"

	"guichet/app"
)

type versionCommand struct{}

// buildLine is a build in JSON.
type buildLine struct {
	Version string     `json:"version"`
	Commit  string     `json:"commit,omitempty"`
	At      *time.Time `json:"at,omitempty"`
	Changed bool       `json:"changed"`
	Schema  int        `json:"schema"`
	Go      string     `json:"go"`
	System  string     `json:"system"`
}

// Run says which Guichet this is, without a register.
func (c *versionCommand) Run(s *session) error {
	build := app.Version()
	line := buildLine{Version: build.Version, Commit: build.Commit, Changed: build.Changed, Schema: build.Schema, Go: build.Go, System: build.System}
	if !build.At.IsZero() {
		line.At = &build.At
	}
	return s.show(line, func(w io.Writer) {
		fmt.Fprintf(w, "Guichet %s\n", build.Version)
		if build.Commit != "" {
			fmt.Fprintf(w, "Commit %s du %s\n", build.Commit, build.At.Format("02/01/2006"))
		}
		fmt.Fprintf(w, "Schéma %d · %s · %s\n", build.Schema, build.Go, build.System)
	})
}
