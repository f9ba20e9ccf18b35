package views

import (
	"context"
	"image"
	"io"
	"net/url"
	"path/filepath"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"guichet/app"
	"guichet/data"
)

// attachmentLine is a file of a message: what it is, and what can be done with
// it.
func attachmentLine(k *ticket, file data.Attachment) fyne.CanvasObject {
	name := file.Name
	if name == "" {
		name = lang.L("pièce jointe")
	}
	icon := theme.MailAttachmentIcon()
	buttons := container.NewHBox()
	if app.Previewable(file) {
		icon = theme.FileImageIcon()
		buttons.Add(newButton(lang.L("Voir"), func() { openPreview(k, file) }))
	} else {
		buttons.Add(newButton(lang.L("Ouvrir"), func() { k.openFile(file, false) }))
	}
	buttons.Add(newIconButton("", theme.DocumentSaveIcon(), func() {
		k.save(name, func(ctx context.Context) ([]byte, error) {
			found, err := k.f.guichet.Attachment(ctx, file.ID)
			return found.Content, err
		})
	}))
	for _, object := range buttons.Objects {
		object.(*button).Importance = widget.LowImportance
	}
	return container.NewBorder(nil, nil, container.NewPadded(widget.NewIcon(icon)), buttons, line(name+" · "+size(file.Size)))
}

// openFile opens a file by its program; for one that could run something, after
// a question.
func (k *ticket) openFile(file data.Attachment, evenExecutable bool) {
	start(k.f.scope, "", nil, func(ctx context.Context) (string, error) {
		return k.f.guichet.OpenAttachment(ctx, file.ID, evenExecutable)
	}, func(path string, err error) {
		switch {
		case app.KindOf(err) == app.Conflict && !evenExecutable:
			k.askToRun(file, err)
			return
		case err == nil:
			err = k.f.w.fyneApp.OpenURL(&url.URL{Scheme: "file", Path: filepath.ToSlash(path)})
		}
		if err != nil {
			k.f.notice.fail(err, nil)
		}
	})
}

func (k *ticket) askToRun(file data.Attachment, why error) {
	content := container.NewVBox(paragraph(message(why)),
		caption(lang.L("N’ouvrez ce fichier que si vous l’attendez de cette personne. Enregistré, il pourra d’abord être analysé.")))
	k.f.w.openDialog(lang.L("Fichier dangereux ?"), lang.L("Ouvrir quand même"), true, 420, content, func(*modal) {
		k.f.w.closeDialog()
		k.openFile(file, true)
	})
}

// filePreview shows a picture, or a PDF page by page.
type filePreview struct {
	k     *ticket
	file  data.Attachment
	page  int
	pages int
	image *canvas.Image
	place *widget.Label
	back  *button
	next  *button
}

// previewDPI draws a page of A4 about 900 pixels high.
const previewDPI = 80

func openPreview(k *ticket, file data.Attachment) {
	p := &filePreview{k: k, file: file, image: &canvas.Image{FillMode: canvas.ImageFillContain}, place: widget.NewLabel("")}
	p.back = newIconButton("", theme.NavigateBackIcon(), func() { p.load(p.page - 1) })
	p.next = newIconButton("", theme.NavigateNextIcon(), func() { p.load(p.page + 1) })
	window := k.f.w.window.Canvas().Size()
	p.image.SetMinSize(fyne.NewSize(min(680, window.Width-120), min(900, window.Height-200)))
	foot := container.NewHBox(p.back, p.place, p.next)
	content := container.NewBorder(nil, container.NewCenter(foot), nil, nil, p.image)
	k.f.w.openDialog(file.Name, lang.L("Ouvrir"), false, p.image.MinSize().Width, content, func(*modal) {
		k.f.w.closeDialog()
		k.openFile(file, false)
	})
	p.load(0)
}

type previewed struct {
	picture image.Image
	pages   int
}

func (p *filePreview) load(page int) {
	k, id := p.k, p.file.ID
	p.back.Disable()
	p.next.Disable()
	start(k.f.scope, "attachment", nil, func(ctx context.Context) (shown previewed, err error) {
		shown.picture, shown.pages, err = k.f.guichet.PreviewAttachment(ctx, id, page, previewDPI)
		return shown, err
	}, func(shown previewed, err error) {
		if err != nil {
			p.place.SetText(message(err))
			return
		}
		p.page, p.pages, p.image.Image = page, shown.pages, shown.picture
		p.image.Refresh()
		setEnabled(p.back, page > 0)
		setEnabled(p.next, page+1 < shown.pages)
		setVisible(p.back, shown.pages > 1)
		setVisible(p.next, shown.pages > 1)
		p.place.SetText("")
		if shown.pages > 1 {
			p.place.SetText(lang.L("page {{.Page}} sur {{.Pages}}", map[string]any{"Page": number(page + 1), "Pages": number(shown.pages)}))
		}
	})
}

// save asks where a file goes, and has it written.
func (k *ticket) save(name string, content func(context.Context) ([]byte, error)) {
	k.f.saveFile(name, func(ctx context.Context, _ string, w io.Writer) error {
		bytes, err := content(ctx)
		if err == nil {
			_, err = w.Write(bytes)
		}
		return err
	})
}
