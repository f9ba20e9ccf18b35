package command

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"guichet/app"
	"guichet/data"
)

type lettersCommand struct {
	Queue   lettersQueueCommand   `cmd:"" help:"La file, avec ce qui retient chaque lettre."`
	Compose lettersComposeCommand `cmd:"" help:"Composer un lot des lettres prêtes."`
	Batches lettersBatchesCommand `cmd:"" help:"Les lots, du plus récent au plus ancien."`
	Cancel  lettersCancelCommand  `cmd:"" help:"Annuler un lot : ses lettres retournent en file, ses codes ne valent plus."`

	Printers  lettersPrintersCommand  `cmd:"" help:"Les imprimantes du poste."`
	Calibrate lettersCalibrateCommand `cmd:"" help:"La feuille de calibrage d’une imprimante, et son décalage."`
	Print     lettersPrintCommand     `cmd:"" help:"Imprimer un lot, ou quelques-unes de ses feuilles ; sans imprimante, montrer ses PDF."`
	Printed   lettersPrintedCommand   `cmd:"" help:"Noter que les feuilles d’un lot sont bien sorties."`
	Slip      lettersSlipCommand      `cmd:"" help:"Écrire le bordereau de dépôt d’un lot, PDF ou CSV."`
	Post      lettersPostCommand      `cmd:"" help:"Noter qu’un lot est posté ; ses PDF sont supprimés."`

	Return  lettersReturnCommand  `cmd:"" help:"Noter qu’une lettre est revenue non distribuée."`
	Reissue lettersReissueCommand `cmd:"" help:"Remplacer une lettre non reçue, revenue, bloquée ou échue par une nouvelle."`
	Follow  lettersFollowCommand  `cmd:"" help:"Suivre les lettres par état et par âge, les exporter."`
	Preview lettersPreviewCommand `cmd:"" help:"Dessiner une lettre en file, en spécimen, dans un fichier PNG."`
}

type lettersQueueCommand struct{}

// queuedLine is a queued letter in JSON.
type queuedLine struct {
	Reference    string    `json:"reference"`
	Organisation string    `json:"organisation"`
	Kind         string    `json:"kind"`
	Account      string    `json:"account"`
	PostalCode   string    `json:"postal_code"`
	QueuedAt     time.Time `json:"queued_at"`
	Address      []string  `json:"address"`
	Held         string    `json:"held,omitempty"`
}

// Run lists the queue.
func (c *lettersQueueCommand) Run(s *session) error {
	return s.with(func(ctx context.Context, guichet *app.App) error {
		queue, err := guichet.Queue(ctx)
		if err != nil {
			return err
		}
		lines := make([]queuedLine, len(queue))
		for i, q := range queue {
			lines[i] = queuedLine{
				Reference: q.Reference, Organisation: q.Organisation.Name, Kind: string(q.Request.Kind), Account: q.Account.Identifier,
				PostalCode: q.Organisation.Address.PostalCode, QueuedAt: q.QueuedAt, Address: q.Lines,
			}
			if q.Held != nil {
				lines[i].Held = q.Held.Error()
			}
		}
		return s.show(lines, func(w io.Writer) {
			table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
			for _, line := range lines {
				fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", line.Reference, line.PostalCode, line.Organisation, line.Account, line.Held)
			}
			table.Flush() //nolint:errcheck // standard output
		})
	})
}

type lettersComposeCommand struct {
	Reference []string `placeholder:"RÉF" help:"Seulement ces lettres ; par défaut, toutes celles qui sont prêtes."`
}

// Run composes a batch.
func (c *lettersComposeCommand) Run(s *session) error {
	return s.with(func(ctx context.Context, guichet *app.App) error {
		ids, err := c.chosen(ctx, guichet)
		if err != nil {
			return err
		}
		batch, err := guichet.Compose(ctx, ids, func(done, total int) {
			if done == total || done%100 == 0 {
				fmt.Fprintf(os.Stderr, "\rComposition : %d/%d", done, total)
			}
		})
		fmt.Fprintln(os.Stderr)
		if err != nil {
			return err
		}
		files, err := guichet.BatchFiles(ctx, batch.Number)
		if err != nil {
			return err
		}
		return s.show(newBatchLine(batch, files), func(w io.Writer) {
			fmt.Fprintf(w, "%s : %d lettres\n%s\n", batch.Number, batch.Letters, strings.Join(files, "\n"))
		})
	})
}

// chosen are the IDs of the letters named; none for all.
func (c *lettersComposeCommand) chosen(ctx context.Context, guichet *app.App) ([]int64, error) {
	if len(c.Reference) == 0 {
		return nil, nil
	}
	queue, err := guichet.Queue(ctx)
	if err != nil {
		return nil, err
	}
	queued := map[string]int64{}
	for _, q := range queue {
		queued[q.Reference] = q.Letter.ID
	}
	ids := make([]int64, len(c.Reference))
	for i, typed := range c.Reference {
		reference, err := data.NormaliseReference(typed)
		if err != nil {
			return nil, err
		}
		if ids[i] = queued[reference]; ids[i] == 0 {
			return nil, fmt.Errorf("la lettre %s n’est pas en file", reference)
		}
	}
	return ids, nil
}

type lettersReissueCommand struct {
	Reference string `arg:"" placeholder:"RÉF" help:"La référence de la lettre."`
}

// Run replaces a letter.
func (c *lettersReissueCommand) Run(s *session) error {
	return s.with(func(ctx context.Context, guichet *app.App) error {
		done, err := guichet.ReissueLetter(ctx, c.Reference)
		if err != nil {
			return err
		}
		return s.show(map[string]any{"former": done.Former, "letter": done.Reference}, func(w io.Writer) {
			fmt.Fprintf(w, "%s remplacée par %s, en file\n", done.Former, done.Reference)
		})
	})
}

type confirmCommand struct {
	Reference string `arg:"" placeholder:"RÉF" help:"La référence de la lettre."`
	Code1     string `arg:"" optional:"" placeholder:"CODE1" help:"Le code 1 ; demandé s’il manque, ce qui vaut mieux : les arguments sont lisibles de toute la machine."`
	Code2     string `arg:"" optional:"" placeholder:"CODE2" help:"Le code 2."`
}

// Run confirms a letter.
func (c *confirmCommand) Run(s *session) error {
	return s.with(func(ctx context.Context, guichet *app.App) error {
		for _, code := range []struct {
			value          *string
			name, question string
		}{{&c.Code1, "GUICHET_CODE1", "Code 1"}, {&c.Code2, "GUICHET_CODE2", "Code 2"}} {
			if *code.value == "" {
				var err error
				if *code.value, err = s.secret(code.name, code.question); err != nil {
					return err
				}
			}
		}
		done, err := guichet.Confirm(ctx, c.Reference, c.Code1, c.Code2)
		if err != nil {
			return err
		}
		usable := done.Account.Usable(guichet.Now())
		result := map[string]any{
			"reference": done.Letter.Reference, "organisation": done.Organisation.Name, "account": done.Account.Identifier,
			"kind": done.Kind, "usable": usable, "former_administrator": done.Former.Identifier,
		}
		return s.show(result, func(w io.Writer) {
			fmt.Fprintf(w, "%s confirmée : %s, %s pour %s\n", done.Letter.Reference, done.Account.Identifier,
				strings.ToLower(done.Kind.Label()), done.Organisation.Name)
		})
	})
}
