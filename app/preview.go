package app

import (
	"bytes"
	"context"
	"errors"
	"image"
	"os"
	"path/filepath"

	"guichet/data"
	"guichet/data/store"
	"guichet/letters"
	"guichet/letters/preview"
)

// previewFolder is where PDFium's compiled code is kept between two starts:
// the user's cache, or beside the register where there is none. Nothing of a
// letter ever goes there.
func (a *App) previewFolder() string {
	folder, err := os.UserCacheDir()
	if err != nil {
		return a.path + ".pdfium"
	}
	return filepath.Join(folder, "guichet", "pdfium")
}

// PreviewLetter shows a queued letter as it would be printed, with specimen
// codes and a watermark; the reason when it is held back. dpi is the
// resolution in dots an inch.
func (a *App) PreviewLetter(ctx context.Context, id int64, dpi float64) (image.Image, error) {
	if _, err := allow(ctx, "PreviewLetter"); err != nil {
		return nil, err
	}
	var letter letters.Letter
	var design letters.Design
	err := a.view(ctx, func(tx *store.Tx) error {
		file, err := tx.LetterFile(id)
		if err != nil {
			return err
		}
		desk, err := readMailDesk(tx)
		if err != nil {
			return err
		}
		queued := desk.queued(file)
		design, letter = completed(desk.design), sheet(queued, letters.SpecimenCodes, desk.settings)
		return queued.Held
	})
	if err != nil {
		return nil, err
	}
	return a.specimen(ctx, design, letter, 0, dpi)
}

// PreviewDesign shows what a letter of a kind looks like with settings that
// need not be saved yet, for an invented organisation; back shows its back.
func (a *App) PreviewDesign(
	ctx context.Context, settings data.Settings, logo []byte, kind data.LetterTextKind, back bool, dpi float64,
) (image.Image, error) {
	if _, err := allow(ctx, "PreviewDesign"); err != nil {
		return nil, err
	}
	design := newDesign(settings, logo)
	if err := checkDesign(design); err != nil {
		return nil, refined(err)
	}
	page := 0
	if design.Duplex = back; back {
		page = 1
	}
	letter := letters.SampleLetter(kind)
	letter.RequestedOn, letter.ValidDays = a.Now().AddDate(0, 0, -3), settings.CodeValidDays
	return a.specimen(ctx, completed(design), letter, page, dpi)
}

// specimen draws a letter that nobody will receive.
func (a *App) specimen(ctx context.Context, design letters.Design, letter letters.Letter, page int, dpi float64) (image.Image, error) {
	design.Specimen = true
	var pdf bytes.Buffer
	if err := letters.Write(ctx, &pdf, design, a.Now(), []letters.Letter{letter}, nil); err != nil {
		return nil, refined(err)
	}
	return a.drawn(ctx, preview.Bytes(pdf.Bytes()), page, dpi)
}

// PreviewSheet shows a page of a batch that is not closed yet, counted from 1:
// it bears codes. Mail room.
func (a *App) PreviewSheet(ctx context.Context, number string, page int, dpi float64) (image.Image, error) {
	if _, err := allow(ctx, "PreviewSheet"); err != nil {
		return nil, err
	}
	batch, err := a.spooledBatch(ctx, number)
	if err != nil {
		return nil, err
	}
	perFile := fileLetters * batch.PagesPerLetter()
	if page < 1 || page > batch.Letters*batch.PagesPerLetter() {
		return nil, refuse(NotFound, "Le lot {{.Number}} n’a pas de page {{.Page}}", data.Values{"Number": batch.Number, "Page": page})
	}
	return a.drawn(ctx, preview.File(a.spoolFiles(batch)[(page-1)/perFile]), (page-1)%perFile, dpi)
}

// drawn draws a page, counted from 0.
func (a *App) drawn(ctx context.Context, source preview.Source, page int, dpi float64) (image.Image, error) {
	picture, err := a.pages.Render(ctx, source, page, dpi)
	if err != nil {
		if errors.Is(err, context.Canceled) {
			return nil, err
		}
		return nil, &Error{Kind: Unavailable, Message: "La page ne peut pas être affichée", cause: err}
	}
	return picture, nil
}
