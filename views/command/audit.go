package command

import (
	"context"
	"fmt"
	"io"

	"guichet/app"
)

type auditCommand struct {
	Verify auditVerifyCommand `cmd:"" help:"Recalculer la chaîne du journal et trouver son premier maillon rompu."`
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
