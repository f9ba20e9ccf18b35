// Package preview shows the pages of a PDF as pictures. PDFium, which draws
// them, runs as WebAssembly inside the program: nothing is installed, nothing
// is started, and a PDF reaches neither the disk nor the network.
//
// A page may bear secret codes. Nothing that comes from a page is written to
// disk, logged, or part of an error's text.
package preview

import (
	"context"
	"errors"
	"image"
)

// Errors that a caller may tell apart, by errors.Is.
var (
	// ErrNotPDF means that the source cannot be read as a PDF, or not without
	// a password.
	ErrNotPDF = errors.New("not a PDF")
	// ErrNoPage means that the document has no such page.
	ErrNoPage = errors.New("no such page")
	// ErrSize means that the picture would have no pixel, or more than 50
	// million, those of an A4 page at 700 dpi.
	ErrSize = errors.New("the picture has no size that can be drawn")
	// ErrClosed means that the renderer was closed.
	ErrClosed = errors.New("preview: the renderer is closed")
)

const (
	maxPixels     = 50e6
	pointsPerInch = 72
)

// Renderer draws pages. It may be used from several goroutines, which wait for
// each other. PDFium starts at the first page asked for: in some 3 s the first
// time on a machine, while it is compiled into the cache folder, and in less
// than 0.1 s from then on. Renderers may share a folder.
type Renderer struct {
	cacheFolder string
	turn        chan struct{} // holds a token while a caller works
	engine      *engine       // nil until a page is asked for
	open        *document     // the document of the last page, or nil
	closed      bool
}

// New makes a renderer that keeps PDFium's compiled code, about 21 MB, in a
// folder, such as one under os.UserCacheDir. It does nothing yet: the folder
// is made, for the user alone, when a page is first asked for.
func New(cacheFolder string) *Renderer {
	return &Renderer{cacheFolder: cacheFolder, turn: make(chan struct{}, 1)}
}

// Render draws a page, counted from 0, at a resolution in dots an inch. An A4
// page at 96 dpi is 794 × 1123 pixels. The picture is the caller's own; the
// paper is opaque white.
//
// A document stays open for its next page, but its file does not: it is open
// only while Render reads from it. The errors are the context's, the file's
// own, ErrNotPDF, ErrNoPage, ErrSize and ErrClosed.
func (r *Renderer) Render(ctx context.Context, source Source, page int, dpi float64) (*image.RGBA, error) {
	var picture *image.RGBA
	err := r.with(ctx, source, func(d *document) (err error) {
		picture, err = d.render(page, dpi)
		return err
	})
	return picture, err
}

// Pages counts the pages of a document. The errors are those of Render.
func (r *Renderer) Pages(ctx context.Context, source Source) (int, error) {
	var count int
	err := r.with(ctx, source, func(d *document) error {
		count = d.pages
		return nil
	})
	return count, err
}

// Forget gives back the memory of the last document, and what its pages left
// there; PDFium stays ready. It waits for a page under way: afterwards no file
// is in use, and any can be deleted.
func (r *Renderer) Forget() {
	r.turn <- struct{}{}
	defer func() { <-r.turn }()
	r.drop()
}

// Close gives back all that the renderer holds, for good. A renderer that was
// never used, or is closed, may be closed.
func (r *Renderer) Close() error {
	r.turn <- struct{}{}
	defer func() { <-r.turn }()
	r.drop()
	r.closed = true
	if r.engine == nil {
		return nil
	}
	engine := r.engine
	r.engine = nil
	return engine.close()
}
