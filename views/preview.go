package views

import (
	"context"
	"fmt"
	"image"
	"math"
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"guichet/data"
)

// previewSource is what a preview shows.
type previewSource struct {
	// title stands over the page: "Aperçu (SPÉCIMEN)", "LOT26-0012".
	title string
	// count is the number of pages; without any, nothing is shown.
	count int
	// render draws a page, counted from 0, at a resolution in dots an inch. It
	// is called off the UI goroutine, and its picture belongs to the preview.
	render func(ctx context.Context, page int, dpi float64) (image.Image, error)
	// window gives the parts of the sheet that the envelope may show and that
	// it always shows, wherever the sheet slides. Nil: there is no window.
	window func() (visible, sure data.Rectangle)
	// turned, when set, is told the page that the user turned to.
	turned func(page int)
}

const (
	screenDPI  = 96.0  // a page at 100 %
	maximalDPI = 400.0 // a picture of 60 MB; beyond, it is stretched
)

// zoomSteps are the magnifications that + and − go through.
var zoomSteps = []float64{0.25, 0.33, 0.5, 0.67, 0.75, 1, 1.25, 1.5, 2, 3, 4}

// fit is what a page's size follows.
type fit int

const (
	fitWidth fit = iota // the width of the preview
	fitPage             // the whole preview
	fitNothing
)

// preview shows a page of a document, as large as wanted.
type preview struct {
	f     *frame
	scope *scope // of its own: several previews do not share slots

	source previewSource
	page   int
	fit    fit
	zoom   float64
	asked  pictureAsked

	title   *widget.Label
	place   *widget.Label // "1/35"
	former  *button
	next    *button
	smaller *button
	larger  *button
	sizes   *widget.Select
	window  *widget.Check
	sheet   *sheet
	scroll  *container.Scroll
	message *prose
	again   *button
	middle  *fyne.Container // message and again
	legend  *fyne.Container
	box     fyne.CanvasObject
}

// pictureAsked tells one picture from another.
type pictureAsked struct {
	source int // counts the sources shown
	page   int
	dpi    float64
}

func newPreview(f *frame) *preview {
	p := &preview{f: f, scope: newScope(f.scope.ctx, f.w.tasks), zoom: 1, title: line(""), place: widget.NewLabel("")}
	p.title.TextStyle.Bold = true
	p.former = quietButton(theme.NavigateBackIcon(), func() { p.turn(p.page - 1) })
	p.next = quietButton(theme.NavigateNextIcon(), func() { p.turn(p.page + 1) })
	p.smaller = quietButton(theme.ZoomOutIcon(), func() { p.onZoom(-1) })
	p.larger = quietButton(theme.ZoomInIcon(), func() { p.onZoom(1) })
	p.sizes = widget.NewSelect([]string{lang.L("Ajuster à la largeur"), lang.L("Page entière"), percent(1)}, nil)
	p.sizes.OnChanged = func(string) { p.onSize(fit(p.sizes.SelectedIndex())) }
	p.window = widget.NewCheck(lang.L("montrer la fenêtre"), func(bool) { p.onWindow() })
	p.sheet = newSheet(p)
	p.scroll = container.NewScroll(p.sheet)
	p.message = newProse("")
	p.message.Alignment, p.message.Importance = fyne.TextAlignCenter, widget.LowImportance
	p.again = newIconButton(lang.L("Réessayer"), theme.ViewRefreshIcon(), p.retry)
	p.middle = container.NewVBox(layout.NewSpacer(), padded(24, p.message), container.NewCenter(p.again), layout.NewSpacer())
	p.legend = windowLegend()
	p.box = p.layOut()
	p.clear()
	return p
}

func quietButton(icon fyne.Resource, tapped func()) *button {
	button := newIconButton("", icon, tapped)
	button.Importance = widget.LowImportance
	return button
}

func (p *preview) layOut() fyne.CanvasObject {
	turn := container.NewHBox(p.place, p.former, p.next)
	size := container.NewHBox(p.smaller, wide(172, p.sizes), p.larger, layout.NewSpacer(), p.window)
	pane := container.New(paneLayout{p}, newFill(colorPanel, 0), p.scroll, p.middle, p.sheet.ring)
	return container.NewBorder(
		container.NewVBox(container.NewBorder(nil, nil, nil, turn, p.title), size), ground(colorPanel, p.legend), nil, nil, pane,
	)
}

func (p *preview) content() fyne.CanvasObject { return p.box }

// show shows a page, counted from 0, of a document.
func (p *preview) show(source previewSource, page int) {
	if source.count == 0 {
		p.clear()
		return
	}
	p.source = source
	p.asked = pictureAsked{source: p.asked.source + 1, page: -1}
	p.page = min(max(page, 0), source.count-1)
	p.enable()
	p.onWindow()
	p.render()
}

// clear shows no page any more, and forgets the picture.
func (p *preview) clear() {
	p.source, p.page = previewSource{}, 0
	p.asked = pictureAsked{source: p.asked.source + 1, page: -1}
	p.sheet.paint(nil, 0)
	p.say(lang.L("Choisissez une lettre pour la voir ici."), false)
	p.enable()
	p.onWindow()
}

// say puts a text in the place of the page; without one, the page is shown.
func (p *preview) say(text string, again bool) {
	p.message.SetText(text)
	for object, shown := range map[fyne.CanvasObject]bool{p.again: again, p.middle: text != "", p.scroll: text == ""} {
		if shown {
			object.Show()
		} else {
			object.Hide()
		}
	}
	p.middle.Refresh()
}

// enable writes where one is, and enables what leads elsewhere.
func (p *preview) enable() {
	p.title.SetText(p.source.title)
	p.place.SetText("")
	if p.source.count > 0 {
		p.place.SetText(fmt.Sprintf("%s/%s", number(p.page+1), number(p.source.count)))
	}
	for control, enabled := range map[fyne.Disableable]bool{
		p.former: p.page > 0, p.next: p.page+1 < p.source.count,
		p.smaller: p.source.count > 0 && p.zoom > zoomSteps[0],
		p.larger:  p.source.count > 0 && p.zoom < zoomSteps[len(zoomSteps)-1],
		p.sizes:   p.source.count > 0, p.window: p.source.window != nil,
	} {
		if enabled {
			control.Enable()
		} else {
			control.Disable()
		}
	}
}

// turn goes to a page, if there is one.
func (p *preview) turn(page int) {
	if page = min(max(page, 0), p.source.count-1); page == p.page || page < 0 {
		return
	}
	p.page = page
	p.scroll.ScrollToTop()
	p.enable()
	if p.source.turned != nil {
		p.source.turned(page) // which may show another source
	}
	p.render()
}

// onZoom goes some steps up or down from the size that is shown.
func (p *preview) onZoom(steps int) {
	if p.source.count == 0 {
		return
	}
	at, exact := slices.BinarySearch(zoomSteps, math.Round(p.zoom*100)/100)
	if !exact && steps > 0 {
		at--
	}
	p.resize(fitNothing, zoomSteps[min(max(at+steps, 0), len(zoomSteps)-1)])
}

func (p *preview) onSize(chosen fit) { p.resize(chosen, 1) }

// resize makes the page as large as told: from its top when it fits, else
// around the middle of what is seen.
func (p *preview) resize(chosen fit, zoom float64) {
	before := p.sheet.MinSize()
	middle := p.scroll.Offset.AddXY(p.scroll.Size().Width/2, p.scroll.Size().Height/2)
	p.fit, p.zoom = chosen, zoom
	p.arrange()
	if chosen == fitNothing {
		after := p.sheet.MinSize()
		p.scroll.ScrollToOffset(fyne.NewPos(
			middle.X*after.Width/before.Width-p.scroll.Size().Width/2, middle.Y*after.Height/before.Height-p.scroll.Size().Height/2,
		))
	} else {
		p.scroll.ScrollToTop()
	}
	p.enable()
	p.render()
}

// arrange gives the page its size in the preview as it is.
func (p *preview) arrange() {
	// A pixel less: the picture is rounded, and must not make a bar appear.
	view := p.scroll.Size().SubtractWidthHeight(2*sheetMargin+1, 2*sheetMargin+1)
	full := p.sheet.sizeAt(1)
	switch p.fit {
	case fitWidth:
		p.zoom = float64(view.Width / full.Width)
	case fitPage:
		p.zoom = float64(min(view.Width/full.Width, view.Height/full.Height))
	}
	p.zoom = min(max(p.zoom, zoomSteps[0]), zoomSteps[len(zoomSteps)-1])
	p.sizes.Selected = percent(p.zoom)
	if p.fit != fitNothing {
		p.sizes.Selected = p.sizes.Options[p.fit]
	}
	p.sizes.Refresh()
	p.scroll.Refresh()
}

// onResized follows the window: the page at once, the picture when it rests.
func (p *preview) onResized() {
	p.arrange()
	p.scope.later("resize", 150*time.Millisecond, func() {
		p.enable()
		p.render()
	})
}

// percent writes a magnification.
func percent(zoom float64) string {
	return fmt.Sprintf("%d%s%%", int(math.Round(zoom*100)), noBreak)
}

func (p *preview) onWindow() {
	shown := p.window.Checked && p.source.window != nil
	p.sheet.window = nil
	if shown {
		visible, sure := p.source.window()
		p.sheet.window = &sheetWindow{visible, sure}
	}
	p.legend.Hidden = !shown
	p.sheet.Refresh()
	p.box.Refresh()
}

func (p *preview) retry() {
	p.asked.page = -1
	p.render()
}

// render asks for the picture of the page as it stands, unless it is there or
// on its way. The former picture stays until then.
func (p *preview) render() {
	scale := float64(p.f.w.window.Canvas().Scale())
	want := pictureAsked{p.asked.source, p.page, min(screenDPI*p.zoom*scale, maximalDPI)}
	if p.source.count == 0 || want == p.asked || p.scroll.Size().Width < 2*sheetMargin { // not laid out yet
		return
	}
	p.asked = want
	if p.sheet.picture == nil {
		p.say(lang.L("L’aperçu se prépare…"), false)
	}
	render := p.source.render
	start(p.scope, "page", nil, func(ctx context.Context) (image.Image, error) {
		return render(ctx, want.page, want.dpi)
	}, func(picture image.Image, err error) {
		switch {
		case p.asked != want:
		case err != nil:
			p.sheet.paint(nil, 0)
			p.say(message(err), true)
		default:
			p.sheet.paint(picture, want.dpi)
			p.say("", false)
			p.onResized() // the paper may be another
		}
	})
}

// paneLayout stacks the parts of the pane and tells the preview its size.
type paneLayout struct{ preview *preview }

func (l paneLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(160, 160) }

func (l paneLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	before := l.preview.scroll.Size()
	for _, object := range objects {
		object.Resize(size)
	}
	if size != before {
		l.preview.onResized()
	}
}
