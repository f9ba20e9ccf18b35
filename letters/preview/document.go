package preview

import (
	"context"
	"errors"
	"fmt"
	"image"
	"image/draw"
	"math"

	"github.com/klippa-app/go-pdfium"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
	"github.com/klippa-app/go-pdfium/responses"
)

// document is an open PDF with a PDFium of its own, whose memory ends with it:
// what a page leaves there, or a broken file damages, does not outlive it.
type document struct {
	identity identity
	reader   *reader
	instance pdfium.Pdfium
	ref      references.FPDF_DOCUMENT
	pages    int
}

// with does something with a source's document, once it is this caller's turn.
func (r *Renderer) with(ctx context.Context, source Source, use func(*document) error) error {
	select {
	case r.turn <- struct{}{}:
		defer func() { <-r.turn }()
	case <-ctx.Done():
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if r.closed {
		return ErrClosed
	}
	content, identity, err := source.open()
	if err != nil {
		return err
	}
	defer content.Close()
	if r.open == nil || r.open.identity != identity {
		if err := r.replace(ctx, content, identity); err != nil {
			return err
		}
	}
	d := r.open
	d.reader.content = content
	defer func() { d.reader.content = nil }()
	err = use(d)
	if err != nil && !errors.Is(err, ErrNoPage) && !errors.Is(err, ErrSize) {
		r.drop() // PDFium may be left in any state
	}
	return err
}

// replace opens a document in place of the last one.
func (r *Renderer) replace(ctx context.Context, content content, identity identity) (err error) {
	r.drop()
	if r.engine == nil {
		if r.engine, err = start(r.cacheFolder); err != nil {
			return err
		}
	}
	r.open, err = r.engine.load(ctx, content, identity)
	return err
}

// load opens a document in a new instance of PDFium.
func (e *engine) load(ctx context.Context, content content, identity identity) (*document, error) {
	instance, err := e.pool.GetInstanceWithContext(ctx)
	if err != nil {
		return nil, fmt.Errorf("preview: start PDFium: %w", err)
	}
	d := &document{identity: identity, reader: &reader{content: content}, instance: instance}
	if err := d.read(); err != nil {
		d.close()
		return nil, d.failed(err)
	}
	return d, nil
}

func (d *document) close() {
	d.instance.Close() //nolint:errcheck // its memory goes, whatever it says
}

func (d *document) read() error {
	opened, err := d.instance.OpenDocument(&requests.OpenDocument{FileReader: d.reader, FileReaderSize: d.identity.size})
	if err != nil {
		return fmt.Errorf("%w: %w", ErrNotPDF, err)
	}
	d.ref = opened.Document
	count, err := d.instance.FPDF_GetPageCount(&requests.FPDF_GetPageCount{Document: d.ref})
	if err != nil {
		return err
	}
	d.pages = count.PageCount
	return nil
}

// failed says what PDFium could not do. PDFium does not tell a file that cannot
// be read from one that is wrong, but the reader does.
func (d *document) failed(err error) error {
	if d.reader.err != nil {
		err = d.reader.err
	}
	if d.identity.path != "" {
		return fmt.Errorf("preview: %s: %w", d.identity.path, err)
	}
	return fmt.Errorf("preview: %w", err)
}

// render draws a page.
func (d *document) render(page int, dpi float64) (*image.RGBA, error) {
	if page < 0 || page >= d.pages {
		return nil, fmt.Errorf("preview: page %d of %d: %w", page+1, d.pages, ErrNoPage)
	}
	index := requests.Page{ByIndex: &requests.PageByIndex{Document: d.ref, Index: page}}
	size, err := d.instance.GetPageSize(&requests.GetPageSize{Page: index})
	if err != nil {
		return nil, d.failed(err)
	}
	width, height := math.Round(size.Width*dpi/pointsPerInch), math.Round(size.Height*dpi/pointsPerInch)
	if !(width >= 1 && height >= 1 && width*height <= maxPixels) { // dpi may be no number
		return nil, fmt.Errorf("preview: page %d at %g dpi: %w", page+1, dpi, ErrSize)
	}
	drawn, err := d.instance.RenderPageInPixels(&requests.RenderPageInPixels{Page: index, Width: int(width), Height: int(height)})
	if err != nil {
		return nil, d.failed(err)
	}
	defer drawn.Cleanup()
	return onPaper(drawn.Result), nil
}

// onPaper copies a picture out of PDFium's memory, on white paper.
func onPaper(drawn responses.RenderPage) *image.RGBA {
	pixels := drawn.RenderedImage.(*image.RGBA)
	paper := image.NewRGBA(pixels.Bounds())
	if !drawn.HasTransparency { // PDFium painted the paper
		copy(paper.Pix, pixels.Pix)
		return paper
	}
	draw.Draw(paper, paper.Rect, image.White, image.Point{}, draw.Src)
	// PDFium's colours are not multiplied by their opacity.
	straight := &image.NRGBA{Pix: pixels.Pix, Stride: pixels.Stride, Rect: pixels.Rect}
	draw.Draw(paper, paper.Rect, straight, image.Point{}, draw.Over)
	return paper
}

// drop closes the open document.
func (r *Renderer) drop() {
	if r.open != nil {
		r.open.close()
		r.open = nil
	}
}
