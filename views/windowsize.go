package views

import (
	"fyne.io/fyne/v2"
)

// The window's size as it was last, at a size of text of 100 %. Its place is not
// kept: Fyne gives it on no system.
const (
	widthKey  = "window.width"
	heightKey = "window.height"
)

const windowHeight = 800

// formerSize is the size that the window had when it was last closed.
func (w *Window) formerSize() fyne.Size {
	preferences := w.fyneApp.Preferences()
	zoom := float32(w.display.zoom) / 100
	width := float32(preferences.FloatWithFallback(widthKey, windowWidth))
	height := float32(preferences.FloatWithFallback(heightKey, windowHeight))
	return fyne.NewSize(width/zoom, height/zoom)
}

// keepSize keeps the window's size for the next start.
func (w *Window) keepSize() {
	zoom := float32(w.display.zoom) / 100
	size := w.window.Canvas().Size()
	if size.Width <= 0 || size.Height <= 0 || w.window.FullScreen() { // it was never shown, or is not as one left it
		return
	}
	w.fyneApp.Preferences().SetFloat(widthKey, float64(size.Width*zoom))
	w.fyneApp.Preferences().SetFloat(heightKey, float64(size.Height*zoom))
}

// FitScreen makes the window no larger than a screen of so many pixels, of which
// the desktop takes some: it may have been closed on a larger one.
func (w *Window) FitScreen(width, height int) {
	scale := w.window.Canvas().Scale()
	if scale <= 0 || width <= 0 || height <= 0 {
		return
	}
	most := fyne.NewSize(float32(width)/scale, float32(height)/scale)
	size := w.window.Canvas().Size()
	if size.Width > most.Width || size.Height > most.Height {
		w.window.Resize(fyne.NewSize(min(size.Width, most.Width), min(size.Height, most.Height)))
	}
}
