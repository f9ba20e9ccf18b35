package command

import (
	"context"
	"fmt"
	"io"
	"time"

	"guichet/app"
	"guichet/data"
)

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
