package command

import (
	"context"
	"fmt"
	"image/png"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"guichet/app"
	"guichet/data"
)

type lettersSlipCommand struct {
	batchArgument
	File string `arg:"" placeholder:"FICHIER" help:"Le fichier à écrire, en .pdf ou .csv."`
}

// Run writes a batch's deposit slip.
func (c *lettersSlipCommand) Run(s *session) error {
	asCSV := strings.HasSuffix(strings.ToLower(c.File), ".csv")
	return s.with(func(ctx context.Context, guichet *app.App) error {
		err := writeFile(c.File, func(w io.Writer) error { return guichet.WriteDepositSlip(ctx, c.Batch, asCSV, w) })
		if err != nil {
			return err
		}
		slip, err := guichet.DepositSlip(ctx, c.Batch)
		if err != nil {
			return err
		}
		return s.show(map[string]any{"number": slip.Batch, "letters": slip.Letters, "departments": slip.Departments, "countries": slip.Countries, "amount_cents": slip.Amount},
			func(w io.Writer) {
				fmt.Fprintf(w, "%s : %d lettres, bordereau dans %s\n", slip.Batch, slip.Letters, c.File)
			})
	})
}

type lettersReturnCommand struct {
	Reference string `arg:"" placeholder:"RÉF" help:"La référence de la lettre, ou ce que lit un lecteur de codes."`
	Reason    string `required:"" placeholder:"MOTIF" enum:"unknown_addressee,bad_address,refused,unclaimed" help:"Le motif de La Poste : unknown_addressee, bad_address, refused ou unclaimed."`
}

// Run records a letter that came back.
func (c *lettersReturnCommand) Run(s *session) error {
	return s.with(func(ctx context.Context, guichet *app.App) error {
		done, err := guichet.ReturnLetter(ctx, c.Reference, data.ReturnReason(c.Reason))
		if err != nil {
			return err
		}
		result := map[string]any{
			"reference": done.Letter.Reference, "state": done.Letter.State, "reason": done.Letter.ReturnReason,
			"organisation": done.Letter.Organisation.Name, "codes_voided": done.Voided,
		}
		return s.show(result, func(w io.Writer) {
			fmt.Fprintf(w, "%s revenue (%s) : adresse de %s à vérifier\n", done.Letter.Reference, done.Letter.ReturnReason.Label(), done.Letter.Organisation.Name)
		})
	})
}

type lettersFollowCommand struct {
	State string `placeholder:"ÉTAT" help:"Seulement cet état : queued, composed, posted, confirmed, returned, reported, expired, withdrawn, superseded ou locked."`
	Age   string `placeholder:"ÂGE" enum:"overdue,expiring,stale,any" default:"any" help:"overdue : postées depuis 5 jours ouvrables ; expiring : dont les codes vont échoir ; stale : en file depuis plus de 3 jours."`
	Out   string `placeholder:"FICHIER" help:"Écrire les lettres dans ce fichier, .csv ou .xlsx."`
}

// followedLine is a letter in JSON.
type followedLine struct {
	Reference    string `json:"reference"`
	State        string `json:"state"`
	Organisation string `json:"organisation"`
	Account      string `json:"account"`
	PostedOn     string `json:"posted_on,omitempty"`
	ReturnReason string `json:"return_reason,omitempty"`
	Replaces     string `json:"replaces,omitempty"`
}

// Run counts the letters by state and age, and lists or exports those of a
// filter.
func (c *lettersFollowCommand) Run(s *session) error {
	filter := data.LetterFilter{State: data.LetterState(c.State)}
	if c.Age != "any" {
		filter.Age = data.LetterAge(c.Age)
	}
	if c.State != "" && !filter.State.Known() {
		return misuse(fmt.Sprintf("état inconnu « %s »", c.State))
	}
	return s.with(func(ctx context.Context, guichet *app.App) error {
		if c.Out != "" {
			if err := writeFile(c.Out, func(w io.Writer) error { return guichet.ExportLetters(ctx, filter, formatOf(c.Out), w) }); err != nil {
				return err
			}
		}
		counts, err := guichet.FollowUp(ctx)
		if err != nil {
			return err
		}
		files, err := guichet.Letters(ctx, filter)
		if err != nil {
			return err
		}
		lines := make([]followedLine, len(files))
		for i, f := range files {
			lines[i] = followedLine{f.Reference, string(f.State), f.Organisation.Name, f.Account.Identifier, "", string(f.ReturnReason), f.Replaces}
			if !f.PostedOn.IsZero() {
				lines[i].PostedOn = f.PostedOn.Format(time.DateOnly)
			}
		}
		result := map[string]any{
			"states": counts.States, "overdue": counts.Overdue, "expiring": counts.Expiring, "stale": counts.Stale,
			"addresses_to_check": counts.Doubted, "weeks": counts.Weeks, "letters": lines,
		}
		return s.show(result, func(w io.Writer) {
			table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
			for _, f := range files {
				fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", f.Reference, f.State.Label(), f.Organisation.Name, f.Account.Identifier)
			}
			table.Flush() //nolint:errcheck // standard output
			fmt.Fprintf(w, "%d à relancer, %d à échéance proche, %d en attente en file, %d adresses à vérifier\n",
				counts.Overdue, counts.Expiring, counts.Stale, counts.Doubted)
		})
	})
}

type lettersPreviewCommand struct {
	Reference string  `arg:"" placeholder:"RÉF" help:"Une lettre en file."`
	File      string  `arg:"" placeholder:"FICHIER" help:"Le PNG à écrire."`
	DPI       float64 `name:"dpi" default:"110" help:"La résolution, en points par pouce."`
}

// Run draws a queued letter, as a specimen.
func (c *lettersPreviewCommand) Run(s *session) error {
	return s.with(func(ctx context.Context, guichet *app.App) error {
		ids, err := (&lettersComposeCommand{Reference: []string{c.Reference}}).chosen(ctx, guichet)
		if err != nil {
			return err
		}
		picture, err := guichet.PreviewLetter(ctx, ids[0], c.DPI)
		if err != nil {
			return err
		}
		if err := writeFile(c.File, func(w io.Writer) error { return png.Encode(w, picture) }); err != nil {
			return err
		}
		return s.show(map[string]any{"reference": c.Reference, "file": c.File}, func(w io.Writer) {
			fmt.Fprintf(w, "%s dessinée dans %s\n", c.Reference, c.File)
		})
	})
}
