package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"guichet/app"
)

type importCommand struct {
	Kind   string `arg:"" placeholder:"NATURE" enum:"organisations,representatives,accounts,subscriptions,permissions" help:"organisations, representatives, accounts, subscriptions ou permissions."`
	File   string `arg:"" placeholder:"FICHIER" help:"Un CSV ou un XLSX ; sa première ligne nomme les colonnes."`
	DryRun bool   `help:"Montrer ce qui changerait, ligne par ligne, sans rien écrire."`
}

// importedLine is a line of an import's report in JSON.
type importedLine struct {
	Line     int      `json:"line"`
	Name     string   `json:"name"`
	Action   string   `json:"action"`
	Changes  []string `json:"changes,omitempty"`
	Fields   []string `json:"fields,omitempty"`
	Problems []string `json:"problems,omitempty"`
	Held     []string `json:"held,omitempty"`
}

func newImportedLine(line app.ImportLine) importedLine {
	l := importedLine{Line: line.Line, Name: line.Name, Action: string(line.Action)}
	for _, change := range line.Changes {
		l.Changes = append(l.Changes, fmt.Sprintf("%s : « %s » → « %s »", change.Column, change.Before, change.After))
	}
	for _, problem := range line.Problems {
		l.Fields, l.Problems = append(l.Fields, problem.Field), append(l.Problems, problem.Error())
	}
	for _, problem := range line.Held {
		l.Held = append(l.Held, problem.Error())
	}
	return l
}

// Run imports a file. It is refused when a line was.
func (c *importCommand) Run(s *session) error {
	file, err := os.Open(c.File)
	if errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("le fichier %s n’existe pas", c.File)
	} else if err != nil {
		return err
	}
	defer file.Close()
	return s.with(func(ctx context.Context, guichet *app.App) error {
		report, err := guichet.Import(ctx, app.FileKind(c.Kind), file, c.DryRun)
		if err != nil {
			return err
		}
		lines := make([]importedLine, len(report.Lines))
		for i, line := range report.Lines {
			lines[i] = newImportedLine(line)
		}
		refused := report.Count(app.LineRefused)
		result := map[string]any{
			"dry_run": c.DryRun, "added": report.Count(app.LineAdded), "changed": report.Count(app.LineChanged),
			"same": report.Count(app.LineSame), "refused": refused, "lines": lines,
		}
		err = s.show(result, func(w io.Writer) { c.text(w, report, lines) })
		if refused > 0 {
			for _, line := range lines {
				if line.Action == string(app.LineRefused) {
					fmt.Fprintf(os.Stderr, "ligne %d, %s, refusée : %s\n", line.Line, line.Name, strings.Join(line.Problems, " · "))
				}
			}
			err = errors.Join(err, fmt.Errorf("%d lignes refusées, les autres sont importées", refused))
		}
		return err
	})
}

// text writes the report: every line in a dry run, what needs attention otherwise.
func (c *importCommand) text(w io.Writer, report app.Import, lines []importedLine) {
	for i, line := range lines {
		if c.DryRun && report.Lines[i].Action != app.LineSame && report.Lines[i].Action != app.LineRefused {
			fmt.Fprintf(w, "ligne %d, %s : %s %s\n", line.Line, line.Name, report.Lines[i].Action.Label(), strings.Join(line.Changes, ", "))
		}
		if len(line.Held) > 0 {
			fmt.Fprintf(w, "ligne %d, %s, ses lettres seront retenues : %s\n", line.Line, line.Name, strings.Join(line.Held, " · "))
		}
	}
	fmt.Fprintf(w, "%d ajoutées, %d modifiées, %d sans changement, %d refusées\n",
		report.Count(app.LineAdded), report.Count(app.LineChanged), report.Count(app.LineSame), report.Count(app.LineRefused))
	if c.DryRun {
		fmt.Fprintln(w, "Essai à blanc : rien n’est écrit.")
	}
}

type exportCommand struct {
	Kind string `arg:"" placeholder:"NATURE" enum:"organisations,representatives,accounts,subscriptions,permissions" help:"organisations, representatives, accounts, subscriptions ou permissions."`
	File string `arg:"" placeholder:"FICHIER" help:"Le fichier à écrire, en .csv ou .xlsx."`
}

// Run exports a file.
func (c *exportCommand) Run(s *session) error {
	return s.with(func(ctx context.Context, guichet *app.App) error {
		return writeFile(c.File, func(w io.Writer) error {
			return guichet.Export(ctx, app.FileKind(c.Kind), formatOf(c.File), w)
		})
	})
}

// formatOf is the format that a file's name asks for.
func formatOf(name string) app.Format {
	if strings.EqualFold(filepath.Ext(name), ".xlsx") {
		return app.XLSX
	}
	return app.CSV
}
