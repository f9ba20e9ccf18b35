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
	Print   lettersPrintCommand   `cmd:"" help:"Montrer les PDF d’un lot et noter qu’il est imprimé."`
	Post    lettersPostCommand    `cmd:"" help:"Noter qu’un lot est posté ; ses PDF sont supprimés."`
	Reissue lettersReissueCommand `cmd:"" help:"Remplacer une lettre non reçue, bloquée ou échue par une nouvelle."`
	Cancel  lettersCancelCommand  `cmd:"" help:"Annuler un lot : ses lettres retournent en file, ses codes ne valent plus."`
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

// batchLine is a batch in JSON.
type batchLine struct {
	Number     string   `json:"number"`
	State      string   `json:"state"`
	Letters    int      `json:"letters"`
	ComposedAt string   `json:"composed_at"`
	PostedOn   string   `json:"posted_on,omitempty"`
	Files      []string `json:"files,omitempty"`
}

func newBatchLine(b data.Batch, files []string) batchLine {
	line := batchLine{
		Number: b.Number, State: string(b.State), Letters: b.Letters, ComposedAt: b.ComposedAt.Format(time.RFC3339), Files: files,
	}
	if !b.PostedOn.IsZero() {
		line.PostedOn = b.PostedOn.Format(time.DateOnly)
	}
	return line
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

type lettersBatchesCommand struct{}

// Run lists the batches.
func (c *lettersBatchesCommand) Run(s *session) error {
	return s.with(func(ctx context.Context, guichet *app.App) error {
		batches, err := guichet.Batches(ctx)
		if err != nil {
			return err
		}
		lines := make([]batchLine, len(batches))
		for i, b := range batches {
			lines[i] = newBatchLine(b, nil)
		}
		return s.show(lines, func(w io.Writer) {
			for _, b := range batches {
				fmt.Fprintf(w, "%s  %-8s %5d lettres  %s\n", b.Number, b.State.Label(), b.Letters, b.ComposedAt.Format("2006-01-02 15:04"))
			}
		})
	})
}

type batchArgument struct {
	Batch string `arg:"" placeholder:"LOT" help:"Le lot, LOT26-0012."`
}

type lettersPrintCommand struct{ batchArgument }

// Run names a batch's PDFs, for a printing program, and records the printing.
func (c *lettersPrintCommand) Run(s *session) error {
	return s.with(func(ctx context.Context, guichet *app.App) error {
		files, err := guichet.BatchFiles(ctx, c.Batch)
		if err != nil {
			return err
		}
		if err := guichet.MarkPrinted(ctx, c.Batch); err != nil {
			return err
		}
		return s.show(map[string]any{"number": c.Batch, "files": files}, func(w io.Writer) {
			fmt.Fprintln(w, strings.Join(files, "\n"))
		})
	})
}

type lettersPostCommand struct {
	batchArgument
	On string `placeholder:"AAAA-MM-JJ" help:"Le jour de l’envoi ; par défaut, aujourd’hui."`
}

// Run records that a batch was posted.
func (c *lettersPostCommand) Run(s *session) error {
	return s.with(func(ctx context.Context, guichet *app.App) error {
		day := guichet.Now()
		if c.On != "" {
			var err error
			if day, err = time.ParseInLocation(time.DateOnly, c.On, data.Paris); err != nil {
				return misuse("--on attend une date comme 2026-11-24")
			}
		}
		if err := guichet.MarkPosted(ctx, c.Batch, day); err != nil {
			return err
		}
		result := map[string]any{"number": c.Batch, "posted_on": day.Format(time.DateOnly)}
		return s.show(result, func(w io.Writer) {
			fmt.Fprintf(w, "%s posté le %s\n", c.Batch, day.Format(time.DateOnly))
		})
	})
}

type lettersCancelCommand struct{ batchArgument }

// Run cancels a batch.
func (c *lettersCancelCommand) Run(s *session) error {
	return s.with(func(ctx context.Context, guichet *app.App) error {
		if err := guichet.CancelBatch(ctx, c.Batch); err != nil {
			return err
		}
		return s.show(map[string]any{"number": c.Batch, "state": data.BatchCancelled}, func(w io.Writer) {
			fmt.Fprintf(w, "%s annulé, ses lettres sont de nouveau en file\n", c.Batch)
		})
	})
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
