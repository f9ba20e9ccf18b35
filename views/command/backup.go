package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"guichet/app"
)

type backupCommand struct {
	List bool `help:"Lister les sauvegardes, sans en faire."`
}

// backupLine is a backup in JSON.
type backupLine struct {
	File  string    `json:"file"`
	At    time.Time `json:"at"`
	Bytes int64     `json:"bytes"`
}

// Run makes a backup, verified, or lists those that there are.
func (c *backupCommand) Run(s *session) error {
	return s.with(func(ctx context.Context, guichet *app.App) error {
		var backups []app.Backup
		var err error
		if c.List {
			backups, err = guichet.Backups(ctx)
		} else {
			var made app.Backup
			made, err = guichet.BackUp(ctx, nil)
			backups = []app.Backup{made}
		}
		if err != nil {
			return err
		}
		lines := make([]backupLine, len(backups))
		for i, b := range backups {
			lines[i] = backupLine{b.Path, b.At, b.Size}
		}
		return s.show(lines, func(w io.Writer) {
			for _, line := range lines {
				fmt.Fprintf(w, "%s  %s  %d octets\n", line.At.Format("02/01/2006 15:04"), line.File, line.Bytes)
			}
		})
	})
}

type restoreCommand struct {
	File string `arg:"" placeholder:"SAUVEGARDE" help:"Le fichier à remettre à la place du registre."`
	Look bool   `help:"Montrer ce qu’elle contient, et vérifier qu’elle est entière, sans rien changer."`
}

// restored is a restore's result in JSON.
type restored struct {
	Register      string    `json:"register"`
	LastChange    time.Time `json:"last_change"`
	Organisations int       `json:"organisations"`
	Accounts      int       `json:"accounts"`
	Letters       int       `json:"letters"`
	Tickets       int       `json:"tickets"`
	Kept          string    `json:"kept,omitempty"` // the former register
}

// Run looks at a backup, or puts it in the register's place. An administrator
// does it while the register opens; a damaged one is its owner's to mend.
func (c *restoreCommand) Run(s *session) error {
	contents, err := app.InspectBackup(s.ctx, c.File)
	if err != nil {
		return err
	}
	result := restored{contents.Register, contents.LastChange, contents.Organisations, contents.Accounts, contents.Letters, contents.Tickets, ""}
	if !c.Look {
		if result.Kept, err = c.restore(s); result.Kept == "" {
			return err
		}
	}
	shown := s.show(result, func(w io.Writer) {
		fmt.Fprintf(w, "« %s », dernier acte le %s\nOrganisations : %d · comptes : %d · lettres : %d · demandes : %d\n", result.Register,
			result.LastChange.Format("02/01/2006 15:04"), result.Organisations, result.Accounts, result.Letters, result.Tickets)
		if result.Kept != "" {
			fmt.Fprintf(w, "Registre restauré ; l’ancien est gardé : %s\n", result.Kept)
		}
	})
	return errors.Join(shown, err)
}

func (c *restoreCommand) restore(s *session) (kept string, err error) {
	err = s.with(func(ctx context.Context, guichet *app.App) error {
		kept, err = guichet.RestoreBackup(ctx, c.File)
		return err
	})
	if _, missing := os.Stat(s.commands.DB); app.KindOf(err) != app.Damaged && !errors.Is(missing, os.ErrNotExist) {
		return kept, err
	}
	instance, err := app.HoldRegister(s.ctx, s.commands.DB, false)
	if err != nil {
		return "", err
	}
	kept, err = app.Restore(s.ctx, s.commands.DB, c.File, s.options)
	return kept, errors.Join(err, instance.Release())
}

type privacyCommand struct {
	Plan   privacyPlanCommand   `cmd:"" default:"1" help:"Montrer ce qui est au-delà de sa durée de conservation."`
	Purge  privacyPurgeCommand  `cmd:"" help:"Effacer ce que « privacy plan » montre."`
	Access privacyAccessCommand `cmd:"" help:"Remettre toutes les données d’une personne (ZIP)."`
}

type privacyPlanCommand struct{}

// planLine is a line of a plan in JSON.
type planLine struct {
	What   string    `json:"what"`
	Before time.Time `json:"before"`
	Count  int       `json:"count"`
}

// Run shows what is past its retention.
func (c *privacyPlanCommand) Run(s *session) error {
	return s.with(func(ctx context.Context, guichet *app.App) error {
		plan, err := guichet.PlanPurge(ctx)
		if err != nil {
			return err
		}
		return s.show(planLines(plan), func(w io.Writer) {
			for _, line := range plan.Lines {
				fmt.Fprintf(w, "%-32s avant le %s  %d\n", line.Kind.Label(), line.Before.Format("02/01/2006"), line.Count)
			}
		})
	})
}

func planLines(plan app.PurgePlan) []planLine {
	lines := make([]planLine, len(plan.Lines))
	for i, line := range plan.Lines {
		lines[i] = planLine{string(line.Kind), line.Before, line.Count}
	}
	return lines
}

type privacyPurgeCommand struct {
	Yes bool `required:"" help:"Confirmer : ce qui est effacé ne revient pas."`
}

// Run deletes what is past its retention.
func (c *privacyPurgeCommand) Run(s *session) error {
	return s.with(func(ctx context.Context, guichet *app.App) error {
		plan, err := guichet.PlanPurge(ctx)
		if err != nil {
			return err
		}
		if _, err := guichet.Purge(ctx, plan, nil); err != nil {
			return err
		}
		return s.show(planLines(plan), func(w io.Writer) { fmt.Fprintf(w, "Effacé : %d\n", plan.Count()) })
	})
}

type privacyAccessCommand struct {
	Person string `arg:"" placeholder:"ADRESSE" help:"L’adresse électronique de la personne."`
	File   string `arg:"" placeholder:"ZIP" help:"Le fichier à écrire."`
}

// Run writes a person's data.
func (c *privacyAccessCommand) Run(s *session) error {
	return s.with(func(ctx context.Context, guichet *app.App) error {
		people, err := guichet.FindPeople(ctx, c.Person)
		if err != nil {
			return err
		}
		for _, person := range people {
			if person.Email != "" && person.Email == c.Person {
				err := writeFile(c.File, func(w io.Writer) error { return guichet.PersonalData(ctx, person, w) })
				if err != nil {
					return err
				}
				return s.show(map[string]any{"file": c.File}, func(w io.Writer) { fmt.Fprintln(w, filepath.Clean(c.File)) })
			}
		}
		return fmt.Errorf("le registre n’a rien sous %s", c.Person)
	})
}
