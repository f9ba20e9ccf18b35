package app

import (
	"bytes"
	"context"
	"image"
	_ "image/gif"  // pictures that mails carry
	_ "image/jpeg" // likewise
	_ "image/png"  // likewise
	"os"
	"path/filepath"
	"strings"
	"sync"

	_ "golang.org/x/image/bmp"  // likewise
	_ "golang.org/x/image/tiff" // likewise
	_ "golang.org/x/image/webp" // likewise

	"guichet/data"
	"guichet/data/store"
	"guichet/letters/preview"
)

// Attachment is a file of a ticket's message, with its content. Help desk and
// administrators.
func (a *App) Attachment(ctx context.Context, id int64) (file data.Attachment, err error) {
	if _, err := allow(ctx, "Attachment"); err != nil {
		return file, err
	}
	err = a.view(ctx, func(tx *store.Tx) (err error) {
		file, err = tx.Attachment(id)
		return err
	})
	return file, err
}

// maxPixels is the largest picture that is decoded: more is a bomb.
const maxPixels = 50_000_000

// PreviewAttachment shows a picture, or a page of a PDF, counted from 0, at a
// resolution in dots an inch; pages is how many there are. Conflict for what is
// neither, or cannot be read. Nothing of the file reaches the disk. Help desk
// and administrators.
func (a *App) PreviewAttachment(ctx context.Context, id int64, page int, dpi float64) (picture image.Image, pages int, err error) {
	file, err := a.Attachment(ctx, id)
	if err != nil {
		return nil, 0, err
	}
	if bytes.HasPrefix(bytes.TrimLeft(file.Content[:min(len(file.Content), 1024)], "\x00 \r\n\t"), []byte("%PDF-")) {
		return a.previewPDF(ctx, file.Content, page, dpi)
	}
	unseen := refuse(Conflict, "« {{.Name}} » ne peut pas être affiché ici", data.Values{"Name": file.Name})
	config, _, err := image.DecodeConfig(bytes.NewReader(file.Content))
	if err != nil || config.Width*config.Height > maxPixels {
		return nil, 0, unseen
	}
	if picture, _, err = image.Decode(bytes.NewReader(file.Content)); err != nil {
		return nil, 0, unseen
	}
	return picture, 1, nil
}

// previewPDF draws a page of a PDF by a renderer of its own: a stranger's file
// never shares one with letters.
func (a *App) previewPDF(ctx context.Context, content []byte, page int, dpi float64) (image.Image, int, error) {
	renderer := preview.New(a.previewFolder())
	defer renderer.Close() //nolint:errcheck // nothing was written
	source := preview.Bytes(content)
	pages, err := renderer.Pages(ctx, source)
	if err != nil {
		return nil, 0, refuse(Conflict, "Ce PDF ne peut pas être affiché ici", nil)
	}
	picture, err := renderer.Render(ctx, source, page, dpi)
	if err != nil {
		return nil, 0, refuse(Conflict, "Ce PDF ne peut pas être affiché ici", nil)
	}
	return picture, pages, nil
}

// Previewable tells, by its type and name, whether PreviewAttachment can likely
// show a file.
func Previewable(file data.Attachment) bool {
	switch strings.ToLower(filepath.Ext(file.Name)) {
	case ".pdf", ".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".webp":
		return true
	}
	return file.ContentType == "application/pdf" || strings.HasPrefix(file.ContentType, "image/") && file.ContentType != "image/svg+xml"
}

// OpenAttachment writes a file, for its program to open it, into a folder that
// only its user reads and that Close takes away; it returns the path. Conflict
// for what could run a program (see data.Attachment.Executable) unless the user
// said so. Help desk and administrators.
func (a *App) OpenAttachment(ctx context.Context, id int64, evenExecutable bool) (path string, err error) {
	if _, err := allow(ctx, "OpenAttachment"); err != nil {
		return "", err
	}
	file, err := a.Attachment(ctx, id)
	if err != nil {
		return "", err
	}
	if file.Executable() && !evenExecutable {
		return "", refuse(Conflict, "« {{.Name}} » peut exécuter un programme", data.Values{"Name": file.Name})
	}
	path, err = a.opened.write(file)
	return path, refined(err)
}

// openedFiles are the attachments that were opened by their programs.
type openedFiles struct {
	mutex  sync.Mutex
	folder string // empty: none yet
}

// write writes a file into a folder of its own.
func (o *openedFiles) write(file data.Attachment) (path string, err error) {
	o.mutex.Lock()
	defer o.mutex.Unlock()
	if o.folder == "" {
		if o.folder, err = os.MkdirTemp("", "guichet-"); err != nil {
			return "", err
		}
	}
	folder, err := os.MkdirTemp(o.folder, "")
	if err != nil {
		return "", err
	}
	path = filepath.Join(folder, filepath.Base(file.Name))
	return path, os.WriteFile(path, file.Content, 0o600)
}

// remove takes all of them away.
func (o *openedFiles) remove() error {
	o.mutex.Lock()
	defer o.mutex.Unlock()
	if o.folder == "" {
		return nil
	}
	return os.RemoveAll(o.folder)
}
