package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"

	"guichet/app"
	"guichet/data"
)

type lettersPrintersCommand struct{}

// printerLine is a printer in JSON.
type printerLine struct {
	Name        string   `json:"name"`
	Description string   `json:"description"`
	Default     bool     `json:"default"`
	Ready       bool     `json:"ready"`
	Reason      string   `json:"reason,omitempty"`
	Duplex      bool     `json:"duplex"`
	Trays       []string `json:"trays"`
}

// Run lists the printers.
func (c *lettersPrintersCommand) Run(s *session) error {
	return s.with(func(ctx context.Context, guichet *app.App) error {
		printers, err := guichet.Printers(ctx)
		if err != nil {
			return err
		}
		lines := make([]printerLine, len(printers))
		for i, p := range printers {
			lines[i] = printerLine{p.Name, p.Description, p.Default, p.Ready(), p.Reason, p.Duplex, []string{}}
			for _, tray := range p.Trays {
				lines[i].Trays = append(lines[i].Trays, tray.Value)
			}
		}
		return s.show(lines, func(w io.Writer) {
			table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
			for _, line := range lines {
				state := "prête"
				if !line.Ready {
					state = "arrêtée " + line.Reason
				}
				fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", line.Name, line.Description, state, strings.Join(line.Trays, ", "))
			}
			table.Flush() //nolint:errcheck // standard output
		})
	})
}

type lettersPrintCommand struct {
	batchArgument
	Printer string `placeholder:"NOM" help:"L’imprimante ; sans elle, la commande montre seulement les PDF du lot."`
	Tray    string `placeholder:"BAC" help:"Le bac ; par défaut, celui de l’imprimante."`
	Copies  int    `default:"1" help:"Le nombre d’exemplaires."`
	Sheets  string `placeholder:"12-15" help:"Seulement ces feuilles, avec les mêmes codes : celles d’un bourrage."`
	Fronts  bool   `help:"D’un lot recto verso, imprimer les rectos seuls."`
}

// printJobLine is a print job in JSON.
type printJobLine struct {
	Job    string `json:"job"`
	Sheets string `json:"sheets"`
	Copies int    `json:"copies"`
	State  string `json:"state"`
	Reason string `json:"reason,omitempty"`
}

// Run prints a batch's sheets and waits until its printer has done them. It is
// refused when a job did not end well.
func (c *lettersPrintCommand) Run(s *session) error {
	first, last, err := c.sheets()
	if err != nil {
		return err
	}
	if c.Printer == "" && (c.Sheets != "" || c.Tray != "" || c.Copies != 1 || c.Fronts) {
		return misuse("--sheets, --tray, --copies et --fronts demandent --printer")
	}
	return s.with(func(ctx context.Context, guichet *app.App) error {
		if c.Printer == "" {
			return c.showFiles(ctx, s, guichet)
		}
		order := app.PrintOrder{Printer: c.Printer, Tray: c.Tray, Copies: c.Copies, First: first, Last: last, FrontsOnly: c.Fronts}
		jobs, err := guichet.Print(ctx, c.Batch, order, func(job data.PrintJob) {
			fmt.Fprintf(os.Stderr, "%s %s\n", job.Job, job.State.Label())
		})
		lines := make([]printJobLine, len(jobs))
		bad, unknown := 0, 0
		for i, job := range jobs {
			lines[i] = printJobLine{job.Job, fmt.Sprintf("%d-%d", job.First, job.Last), job.Copies, string(job.State), job.Reason}
			switch job.State {
			case data.PrintDone:
			case data.PrintUnknown:
				unknown++
			default:
				bad++
			}
		}
		if err == nil && bad == 0 && unknown > 0 {
			err = errors.New("l’imprimante ne dit pas si tout est sorti : comptez les feuilles avant d’en réimprimer")
		}
		if err == nil && bad > 0 {
			err = errors.New("tout n’est pas sorti : vérifiez l’imprimante, puis imprimez à nouveau les feuilles qui manquent (--sheets)")
		}
		return errors.Join(s.show(map[string]any{"number": c.Batch, "jobs": lines}, func(w io.Writer) {
			for _, job := range jobs {
				fmt.Fprintf(w, "%s, feuilles %d à %d : %s\n", job.Job, job.First, job.Last, job.State.Label())
			}
			if err == nil {
				fmt.Fprintf(w, "Les feuilles sont-elles bien sorties ? Alors : guichet letters printed %s\n", c.Batch)
			}
		}), err)
	})
}

func (c *lettersPrintCommand) showFiles(ctx context.Context, s *session, guichet *app.App) error {
	files, err := guichet.BatchFiles(ctx, c.Batch)
	if err != nil {
		return err
	}
	return s.show(map[string]any{"number": c.Batch, "files": files}, func(w io.Writer) {
		fmt.Fprintln(w, strings.Join(files, "\n"))
	})
}

// sheets reads --sheets: 12, 12-15, or nothing for all.
func (c *lettersPrintCommand) sheets() (first, last int, err error) {
	if c.Sheets == "" {
		return 0, 0, nil
	}
	from, to, isRange := strings.Cut(c.Sheets, "-")
	first, err = strconv.Atoi(strings.TrimSpace(from))
	if last = first; err == nil && isRange {
		last, err = strconv.Atoi(strings.TrimSpace(to))
	}
	if err != nil || first < 1 || last < first {
		return 0, 0, misuse("--sheets attend une feuille ou une suite, comme 12 ou 12-15")
	}
	return first, last, nil
}

type lettersPrintedCommand struct{ batchArgument }

// Run records that a batch's sheets came out well.
func (c *lettersPrintedCommand) Run(s *session) error {
	return s.with(func(ctx context.Context, guichet *app.App) error {
		if err := guichet.MarkPrinted(ctx, c.Batch); err != nil {
			return err
		}
		return s.show(map[string]any{"number": c.Batch, "state": data.BatchPrinted}, func(w io.Writer) {
			fmt.Fprintf(w, "%s imprimé\n", c.Batch)
		})
	})
}

type lettersCalibrateCommand struct {
	Printer string   `arg:"" placeholder:"NOM" help:"L’imprimante."`
	DX      *float64 `name:"dx" placeholder:"MM" help:"Décaler l’impression vers la droite, en millimètres."`
	DY      *float64 `name:"dy" placeholder:"MM" help:"Décaler l’impression vers le bas, en millimètres."`
	Out     string   `placeholder:"FICHIER" help:"Écrire la feuille dans ce PDF plutôt que de l’imprimer."`
}

// Run keeps a printer's offset when one is given, then prints the calibration
// sheet or writes it to a file.
func (c *lettersCalibrateCommand) Run(s *session) error {
	return s.with(func(ctx context.Context, guichet *app.App) error {
		settings, err := guichet.Settings(ctx)
		if err != nil {
			return err
		}
		offset := settings.OffsetOf(c.Printer)
		for _, side := range []struct{ given, value *float64 }{{c.DX, &offset.DX}, {c.DY, &offset.DY}} {
			if side.given != nil {
				*side.value = *side.given
			}
		}
		if c.Out == "" { // before anything is kept under a misspelt name
			printers, err := guichet.Printers(ctx)
			if err != nil {
				return err
			}
			if !slices.ContainsFunc(printers, func(p app.Printer) bool { return p.Name == c.Printer }) {
				return fmt.Errorf("aucune imprimante ne s’appelle « %s » : « guichet letters printers » les montre", c.Printer)
			}
		}
		if c.DX != nil || c.DY != nil {
			if err := guichet.SetPrinterOffset(ctx, offset); err != nil {
				return err
			}
		}
		if c.Out == "" {
			err = guichet.PrintCalibration(ctx, c.Printer, "")
		} else {
			err = writeFile(c.Out, func(w io.Writer) error { return guichet.WriteCalibration(ctx, c.Printer, w) })
		}
		if err != nil {
			return err
		}
		return s.show(map[string]any{"printer": c.Printer, "dx": offset.DX, "dy": offset.DY}, func(w io.Writer) {
			fmt.Fprintf(w, "%s : décalage de %.1f mm à droite et %.1f mm vers le bas\n", c.Printer, offset.DX, offset.DY)
		})
	})
}
