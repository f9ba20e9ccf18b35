package app

import (
	"context"
	"errors"
	"io"
	"os"

	"guichet/data"
	"guichet/letters"
	"guichet/letters/printing"
)

// Printer is a printer of the system.
type Printer = printing.Printer

// Printers are the printers of the system; Unavailable when it has no printing
// system. Mail room and administrators.
func (a *App) Printers(ctx context.Context) ([]Printer, error) {
	if _, err := allow(ctx, "Printers"); err != nil {
		return nil, err
	}
	printers, err := printing.Printers(ctx)
	for i, printer := range printers {
		if printer.Reason == printing.NoDriver {
			printers[i].Reason = "sans pilote, ou sans réponse"
		}
	}
	return printers, printRefusal(err)
}

// SetPrinterOffset keeps what a printer displaces its print by. Mail room and
// administrators.
func (a *App) SetPrinterOffset(ctx context.Context, offset data.PrinterOffset) error {
	operator, err := allow(ctx, "SetPrinterOffset")
	if err != nil {
		return err
	}
	if err := refined(offset.Check()); err != nil {
		return err
	}
	return a.update(ctx, operator, func(c *change) error {
		settings, err := readSettings(c.Tx)
		if err != nil {
			return err
		}
		before := settings.OffsetOf(offset.Printer)
		if err := c.writeSettings(settings.WithOffset(offset)); err != nil {
			return err
		}
		return c.audit("settings.printer", "settings", 0, before, offset)
	})
}

// PrintCalibration prints a calibration sheet, displaced by the printer's
// present offset. Mail room and administrators.
func (a *App) PrintCalibration(ctx context.Context, printer, tray string) error {
	if _, err := allow(ctx, "PrintCalibration"); err != nil {
		return err
	}
	file, err := os.CreateTemp("", "guichet-*.pdf")
	if err != nil {
		return refined(err)
	}
	defer os.Remove(file.Name()) //nolint:errcheck // it bears no code
	err = a.WriteCalibration(ctx, printer, file)
	if err = errors.Join(err, file.Close()); err != nil {
		return refined(err)
	}
	_, err = printing.Print(ctx, printing.Job{Printer: printer, File: file.Name(), Title: "Guichet", Copies: 1, Tray: tray})
	return printRefusal(err)
}

// WriteCalibration writes a calibration sheet as a PDF, displaced by a
// printer's present offset. Mail room and administrators.
func (a *App) WriteCalibration(ctx context.Context, printer string, w io.Writer) error {
	if _, err := allow(ctx, "WriteCalibration"); err != nil {
		return err
	}
	settings, err := a.Settings(ctx)
	if err != nil {
		return err
	}
	offset := settings.OffsetOf(printer)
	return refined(letters.WriteCalibration(w, letters.Calibration{
		Printer: printer, DX: offset.DX, DY: offset.DY, Envelope: settings.Envelope, Date: a.Now(),
	}))
}

// printRefusal puts an error of the printing system into words.
func printRefusal(err error) error {
	message := printMessage(err)
	if message == "" {
		return refined(err)
	}
	kind := Invalid
	switch {
	case errors.Is(err, printing.ErrUnknownPrinter):
		kind = NotFound
	case errors.Is(err, printing.ErrNoPrinting), errors.Is(err, printing.ErrNotAccepting), errors.Is(err, printing.ErrNotPDF):
		kind = Unavailable
	}
	return &Error{Kind: kind, Message: message, cause: err}
}

// printMessage says in French why nothing was printed.
func printMessage(err error) string {
	switch {
	case errors.Is(err, printing.ErrNoPrinting):
		return "Ce poste n’a pas de système d’impression : installez CUPS, ou ouvrez le PDF et imprimez-le vous-même"
	case errors.Is(err, printing.ErrUnknownPrinter):
		return "Cette imprimante n’existe pas ou plus"
	case errors.Is(err, printing.ErrNotAccepting):
		return "Cette imprimante ne prend pas de travaux : remettez-la en service, ou choisissez-en une autre"
	case errors.Is(err, printing.ErrUnknownTray):
		return "Cette imprimante n’a pas ce bac"
	case errors.Is(err, printing.ErrOneSided):
		return "Cette imprimante n’imprime pas en recto verso : imprimez les rectos seuls"
	case errors.Is(err, printing.ErrUnsupported):
		return "Sous ce système, un lot s’imprime en entier et en un exemplaire : ouvrez le PDF pour choisir des pages"
	case errors.Is(err, printing.ErrNotPDF):
		return "Le PDF du lot ne se lit pas : annulez le lot et composez à nouveau"
	case errors.Is(err, printing.ErrEmpty):
		return "Il n’y a aucune page à imprimer"
	case errors.Is(err, printing.ErrRange):
		return "Le lot n’a pas ces feuilles"
	case errors.Is(err, printing.ErrCopies):
		return "De 1 à 99 exemplaires"
	}
	return ""
}
