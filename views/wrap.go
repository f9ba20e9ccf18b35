package views

import "fyne.io/fyne/v2"

// wrapLayout sets objects in rows, as many to a row as its width takes. Unlike
// Fyne's, which never asks for less width than its rows last had, it may always
// become as narrow as its widest object. The height it asks for is that of the
// width it was last laid out in.
type wrapLayout struct{ width float32 }

const wrapGap = 4

func (l *wrapLayout) MinSize(objects []fyne.CanvasObject) (size fyne.Size) {
	l.each(objects, l.width, func(object fyne.CanvasObject, at fyne.Position, wants fyne.Size) {
		size = size.Max(fyne.NewSize(wants.Width, at.Y+wants.Height))
	})
	return size
}

func (l *wrapLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	l.width = size.Width
	l.each(objects, size.Width, func(object fyne.CanvasObject, at fyne.Position, wants fyne.Size) {
		object.Move(at)
		object.Resize(wants)
	})
}

// each tells where each object shown belongs.
func (l *wrapLayout) each(objects []fyne.CanvasObject, width float32, place func(fyne.CanvasObject, fyne.Position, fyne.Size)) {
	var at fyne.Position
	var row float32
	for _, object := range objects {
		if !object.Visible() {
			continue
		}
		wants := object.MinSize()
		if at.X > 0 && at.X+wants.Width > width {
			at = fyne.NewPos(0, at.Y+row+wrapGap)
			row = 0
		}
		place(object, at, wants)
		at.X += wants.Width + wrapGap
		row = max(row, wants.Height)
	}
}
