package command

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"guichet/app"
	"guichet/data"
)

type auditCommand struct {
	Verify auditVerifyCommand `cmd:"" help:"Recalculer la chaîne du journal et trouver son premier maillon rompu."`
	Export auditExportCommand `cmd:"" help:"Exporter le journal, CSV ou XLSX."`
}

type auditExportCommand struct {
	File   string `arg:"" placeholder:"FICHIER" help:"Le fichier à écrire, .csv ou .xlsx."`
	Who    string `placeholder:"NOM" help:"Les actes d’un opérateur."`
	Action string `placeholder:"ACTE" help:"Un acte, « letter.confirm », ou tous ceux d’un sujet, « letter. »."`
	Record string `placeholder:"NOM" help:"Ce qui touche un compte, une lettre, une demande, un lot, une organisation."`
}

// Run exports the audit.
func (c *auditExportCommand) Run(s *session) error {
	return s.with(func(ctx context.Context, guichet *app.App) (err error) {
		filter := data.AuditFilter{Operator: c.Who, Action: c.Action}
		if c.Record != "" {
			if filter.Subject, filter.SubjectID, err = guichet.AuditedRecord(ctx, c.Record); err != nil {
				return err
			}
		}
		format := app.Format(strings.TrimPrefix(strings.ToLower(filepath.Ext(c.File)), "."))
		if format != app.CSV && format != app.XLSX {
			return misuse("le fichier finit par .csv ou .xlsx, non « " + c.File + " »")
		}
		if err := writeFile(c.File, func(w io.Writer) error { return guichet.ExportAudit(ctx, filter, format, w) }); err != nil {
			return err
		}
		return s.show(map[string]any{"file": c.File}, func(w io.Writer) { fmt.Fprintln(w, c.File) })
	})
}

type auditVerifyCommand struct{}

// Run verifies the audit's chain.
func (c *auditVerifyCommand) Run(s *session) error {
	return s.with(func(ctx context.Context, guichet *app.App) error {
		check, err := guichet.VerifyAudit(ctx)
		if err != nil {
			return err
		}
		if check.Broken.ID != 0 {
			return fmt.Errorf("le journal est rompu à l’entrée %d (%s, %s)", check.Broken.ID, check.Broken.At.Format("2006-01-02 15:04"), check.Broken.Action)
		}
		return s.show(map[string]any{"entries": check.Entries, "whole": true}, func(w io.Writer) {
			fmt.Fprintf(w, "Journal intact : %d entrées\n", check.Entries)
		})
	})
}
