package views

import (
	"bytes"
	"context"
	"image"
	_ "image/jpeg" // a logo may be one
	_ "image/png"
	"io"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// logoField is the letterhead's logo: a small picture, and what changes it.
type logoField struct {
	form    *settingsForm
	bytes   []byte // empty: none
	name    string // of the file, while it is known
	picture *canvas.Image
	frame   *fyne.Container
	row     *fyne.Container
	label   *widget.Label
	choose  *button
	remove  *button
}

const (
	logoWidth, logoHeight = 120, 44
	// mostLogo is what is read of a file: more than a logo may have, so that it
	// is refused as too large.
	mostLogo = 4 << 20
)

func newLogoField(p *settingsForm) *logoField {
	l := &logoField{form: p, picture: &canvas.Image{FillMode: canvas.ImageFillContain}, label: line("")}
	l.picture.SetMinSize(fyne.NewSize(logoWidth, logoHeight))
	l.frame = container.NewStack(canvas.NewRectangle(rgb(0xffffff)), padded(3, l.picture), newOutline(2)) // paper is white
	l.choose = newIconButton(lang.L("Choisir un fichier…"), theme.FolderOpenIcon(), l.onChoose)
	l.remove = newIconButton(lang.L("Retirer"), theme.DeleteIcon(), func() { l.set("", nil) })
	l.label.Importance = widget.LowImportance
	return l
}

func (l *logoField) content() fyne.CanvasObject {
	acts := container.New(layout.NewCustomPaddedVBoxLayout(-2), container.NewHBox(l.choose, l.remove), l.label)
	l.row = container.NewBorder(nil, nil, l.frame, nil, acts)
	return l.row
}

// set takes another logo, or none.
func (l *logoField) set(name string, logo []byte) {
	l.name = name
	l.show(logo)
	l.form.touched()
}

// show shows a logo; a file that cannot be drawn has no picture.
func (l *logoField) show(logo []byte) {
	l.bytes = logo
	l.picture.Resource = nil
	if name := pictureName(logo); name != "" {
		l.picture.Resource = fyne.NewStaticResource(name, logo)
	}
	l.picture.Refresh()
	l.frame.Hidden = l.picture.Resource == nil
	setEnabled(l.remove, len(logo) > 0)
	switch {
	case len(logo) == 0:
		l.label.SetText(lang.L("Aucun logo"))
	case l.name != "":
		l.label.SetText(l.name + " · " + size(len(logo)))
	default:
		l.label.SetText(size(len(logo)))
	}
	l.row.Refresh()
}

// pictureName is a name whose ending tells a picture's format; empty when it
// has none that can be shown.
func pictureName(picture []byte) string {
	_, format, err := image.DecodeConfig(bytes.NewReader(picture))
	switch {
	case err == nil:
		return "logo." + format
	case bytes.Contains(picture, []byte("<svg")):
		return "logo.svg"
	}
	return ""
}

func (l *logoField) onChoose() {
	f := l.form.s.f
	choosing := dialog.NewFileOpen(func(file fyne.URIReadCloser, err error) {
		if file == nil || err != nil {
			if err != nil {
				f.notice.fail(err, nil)
			}
			return
		}
		start(f.scope, "settings/logo", l.choose, func(context.Context) ([]byte, error) {
			defer file.Close()
			return io.ReadAll(io.LimitReader(file, mostLogo))
		}, func(logo []byte, err error) {
			if err != nil {
				f.notice.fail(err, nil)
				return
			}
			l.set(file.URI().Name(), logo)
		})
	}, f.w.window)
	choosing.SetFilter(storage.NewExtensionFileFilter([]string{".png", ".jpg", ".jpeg", ".svg", ".PNG", ".JPG", ".SVG"}))
	choosing.SetTitleText(lang.L("Choisir un logo"))
	choosing.SetConfirmText(lang.L("Ouvrir"))
	f.w.showFiles(choosing)
}
