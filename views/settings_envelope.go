package views

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"guichet/data"
)

// envelopeDrawing shows an envelope's front with its window, to scale.
type envelopeDrawing struct {
	envelope data.Envelope
	box      *fyne.Container
}

const (
	drawingScale = 0.8 // of a millimetre
	drawingLines = 5   // of the address in the window
)

func newEnvelopeDrawing() *envelopeDrawing {
	d := &envelopeDrawing{}
	paper, window, stamp := newOutline(4), newOutline(3), newOutline(1)
	objects := []fyne.CanvasObject{newFill(colorCard, 4), paper, newFill(theme.ColorNameBackground, 3), window, stamp}
	for range drawingLines {
		objects = append(objects, newFill(theme.ColorNameInputBorder, 1))
	}
	d.box = container.New(envelopeLayout{d}, objects...)
	return d
}

func (d *envelopeDrawing) content() fyne.CanvasObject { return d.box }

func (d *envelopeDrawing) show(envelope data.Envelope) {
	d.envelope = envelope
	d.box.Refresh()
}

type envelopeLayout struct{ drawing *envelopeDrawing }

func (l envelopeLayout) MinSize([]fyne.CanvasObject) fyne.Size {
	width, height := l.drawing.envelope.Size()
	return fyne.NewSize(float32(width*drawingScale), float32(height*drawingScale))
}

func (l envelopeLayout) Layout(objects []fyne.CanvasObject, _ fyne.Size) {
	place := func(r data.Rectangle, objects ...fyne.CanvasObject) {
		for _, object := range objects {
			object.Move(fyne.NewPos(float32(r.Left*drawingScale), float32(r.Top*drawingScale)))
			object.Resize(fyne.NewSize(float32((r.Right-r.Left)*drawingScale), float32((r.Bottom-r.Top)*drawingScale)))
		}
	}
	width, height := l.drawing.envelope.Size()
	window := l.drawing.envelope.Window()
	place(data.Rectangle{Right: width, Bottom: height}, objects[0], objects[1])
	place(window, objects[2], objects[3])
	place(data.Rectangle{Left: width - 28, Top: 7, Right: width - 8, Bottom: 31}, objects[4])
	lengths := []float64{46, 58, 40, 64, 34} // in millimetres, as addresses look
	for i, object := range objects[5:] {
		top := window.Top + 9 + 6*float64(i)
		place(data.Rectangle{Left: window.Left + 14, Top: top, Right: window.Left + 14 + lengths[i], Bottom: top + 2}, object)
	}
}
