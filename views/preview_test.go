package views

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"os"
	"path/filepath"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"

	"guichet/data"
	letter "guichet/letters"
	pdf "guichet/letters/preview"
)

// previewDesk is a preview in a window of its own.
type previewDesk struct {
	*preview
	window fyne.Window
	app    fyne.App
}

func newPreviewDesk(t *testing.T) *previewDesk {
	t.Helper()
	app := test.NewTempApp(t)
	app.Settings().SetTheme(newTheme())
	window := test.NewWindow(nil)
	window.SetPadded(false)
	t.Cleanup(window.Close)
	tasks := &tasks{inline: true}
	p := newPreview(&frame{w: &Window{window: window, tasks: tasks}, scope: newScope(t.Context(), tasks)})
	window.SetContent(p.content())
	window.Resize(fyne.NewSize(700, 620))
	return &previewDesk{p, window, app}
}

func (d *previewDesk) press(name fyne.KeyName) {
	d.window.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: name})
}

// inks are the colours of the pages of colouredPages.
var inks = []color.NRGBA{{R: 0xff, A: 0xff}, {G: 0xff, A: 0xff}, {B: 0xff, A: 0xff}}

// colouredPages are three pages of A4, each of one colour. Asked counts what
// was rendered.
func colouredPages(asked *int) previewSource {
	return previewSource{
		title: "Aperçu (SPÉCIMEN)", count: 3,
		render: func(_ context.Context, page int, dpi float64) (image.Image, error) {
			*asked++
			picture := image.NewRGBA(image.Rect(0, 0, int(210/25.4*dpi+0.5), int(297/25.4*dpi+0.5)))
			draw.Draw(picture, picture.Rect, image.NewUniform(inks[page]), image.Point{}, draw.Src)
			return picture, nil
		},
		window: func() (visible, sure data.Rectangle) {
			return data.Rectangle{Left: 90, Top: 35, Right: 200, Bottom: 90}, data.Rectangle{Left: 100, Top: 45, Right: 190, Bottom: 80}
		},
	}
}

// centre is the colour in the middle of the window.
func (d *previewDesk) centre() color.NRGBA { return d.at(d.scroll.Size().Width/2, 300) }

// at is the colour of a point of the pane.
func (d *previewDesk) at(x, y float32) color.NRGBA {
	top := fyne.CurrentApp().Driver().AbsolutePositionForObject(d.scroll).Y
	return color.NRGBAModel.Convert(d.window.Canvas().Capture().At(int(x), int(top+y))).(color.NRGBA)
}

func TestPreviewTurnsPages(t *testing.T) {
	d, asked := newPreviewDesk(t), 0
	source, turned := colouredPages(&asked), 0
	source.turned = func(page int) { turned = page }
	d.show(source, 0)
	if d.place.Text != "1/3" || d.title.Text != "Aperçu (SPÉCIMEN)" || !d.former.Disabled() || d.centre() != inks[0] {
		t.Fatalf("%s %s in %v", d.title.Text, d.place.Text, d.centre())
	}
	test.Tap(d.next)
	if d.place.Text != "2/3" || d.centre() != inks[1] {
		t.Errorf("▸ shows %s in %v", d.place.Text, d.centre())
	}
	test.TapCanvas(d.window.Canvas(), fyne.NewPos(350, 300)) // the page takes the keys
	if d.sheet.ring.Hidden {
		t.Error("nothing shows where the keys go")
	}
	for _, step := range []struct {
		key  fyne.KeyName
		want string
	}{
		{fyne.KeyRight, "3/3"},
		{fyne.KeyRight, "3/3"},
		{fyne.KeyLeft, "2/3"},
		{fyne.KeyHome, "1/3"},
		{fyne.KeyLeft, "1/3"},
		{fyne.KeyEnd, "3/3"},
	} {
		if d.press(step.key); d.place.Text != step.want {
			t.Errorf("%s shows %s, want %s", step.key, d.place.Text, step.want)
		}
	}
	if !d.next.Disabled() || d.centre() != inks[2] || turned != 2 {
		t.Errorf("the last page in %v, told %d", d.centre(), turned)
	}
	if asked != 6 {
		t.Errorf("%d pages rendered, want one a page shown", asked)
	}
}

func TestPreviewZooms(t *testing.T) {
	d, asked := newPreviewDesk(t), 0
	d.show(colouredPages(&asked), 0)
	width := func() float32 { return d.sheet.size().Width }
	near := func(got, want float32) bool { return got > want-2 && got < want+2 }
	view := d.scroll.Size()
	if !near(width(), view.Width-2*sheetMargin) || d.sizes.Selected != "Ajuster à la largeur" {
		t.Errorf("%s: %v of %v", d.sizes.Selected, width(), view.Width)
	}
	d.sizes.SetSelected("Page entière")
	if height := d.sheet.size().Height; !near(height, view.Height-2*sheetMargin) {
		t.Errorf("the whole page is %v high in %v", height, view.Height)
	}
	d.sizes.SetSelected(percent(1))
	if !near(width(), 794) || d.sheet.picture.Bounds().Dx() != 794 {
		t.Errorf("at 100 %% %v, the picture %v", width(), d.sheet.picture.Bounds())
	}
	test.Tap(d.larger)
	if !near(width(), 992) || d.sizes.Selected != percent(1.25) || d.sheet.picture.Bounds().Dx() != 992 {
		t.Errorf("%s is %v wide", d.sizes.Selected, width())
	}
	test.Type(d.sheet, "--")
	if !near(width(), 595) || d.sizes.Selected != percent(0.75) {
		t.Errorf("%s is %v wide", d.sizes.Selected, width())
	}
	for range len(zoomSteps) {
		test.Type(d.sheet, "+")
	}
	if !d.larger.Disabled() || !near(width(), 4*793.7) {
		t.Errorf("the largest page is %v wide", width())
	}
}

func TestPreviewIsDragged(t *testing.T) {
	d, asked := newPreviewDesk(t), 0
	d.show(colouredPages(&asked), 0)
	d.resize(fitNothing, 2)
	before := d.scroll.Offset
	test.Drag(d.window.Canvas(), fyne.NewPos(350, 400), -30, -50)
	if moved := d.scroll.Offset.Subtract(before); moved != fyne.NewPos(30, 50) {
		t.Errorf("the page moved by %v", moved)
	}
	test.Scroll(d.window.Canvas(), fyne.NewPos(350, 400), 0, -60)
	if d.scroll.Offset.Y != before.Y+110 {
		t.Errorf("the wheel scrolls to %v from %v", d.scroll.Offset, before)
	}
	d.turn(1)
	if d.scroll.Offset.Y != 0 {
		t.Error("the next page does not begin at its top")
	}
}

func TestPreviewFollowsTheWindow(t *testing.T) {
	d, asked := newPreviewDesk(t), 0
	d.show(colouredPages(&asked), 0)
	d.window.Resize(fyne.NewSize(900, 620))
	want := int(d.scroll.Size().Width - 2*sheetMargin)
	if got := d.sheet.picture.Bounds().Dx(); got < want-2 || got > want+2 {
		t.Errorf("the picture is %d wide in %d", got, want)
	}
	if asked != 2 {
		t.Errorf("%d renderings", asked)
	}
}

func TestPreviewShowsTheEnvelopesWindow(t *testing.T) {
	d, asked := newPreviewDesk(t), 0
	source := colouredPages(&asked)
	d.show(source, 0)
	d.sizes.SetSelected("Page entière")
	colours := func() (hidden, sometimes, always color.NRGBA) {
		scale := d.sheet.size().Height / 297
		left := (d.scroll.Size().Width - d.sheet.size().Width) / 2
		at := func(x, y float32) color.NRGBA { return d.at(left+x*scale, sheetMargin+y*scale) }
		return at(50, 60), at(95, 60), at(150, 60)
	}
	if hidden, sometimes, always := colours(); hidden != inks[0] || sometimes != inks[0] || always != inks[0] {
		t.Errorf("a veil without a window: %v %v %v", hidden, sometimes, always)
	}
	test.Tap(d.preview.window)
	hidden, sometimes, always := colours()
	if always != inks[0] || sometimes == inks[0] || hidden.R >= sometimes.R {
		t.Errorf("hidden %v, sometimes seen %v, always seen %v", hidden, sometimes, always)
	}
	source.window = nil
	d.show(source, 0)
	if hidden, _, _ := colours(); hidden != inks[0] || !d.preview.window.Disabled() || d.legend.Visible() {
		t.Errorf("a sheet without envelope: %v", hidden)
	}
}

func TestPreviewSaysWhatIsWrong(t *testing.T) {
	d, asked := newPreviewDesk(t), 0
	if d.message.Text != "Choisissez une lettre pour la voir ici." || !d.middle.Visible() || d.place.Text != "" {
		t.Errorf("empty: %q", d.message.Text)
	}
	source, broken := colouredPages(&asked), true
	right := source.render
	source.render = func(ctx context.Context, page int, dpi float64) (image.Image, error) {
		if broken {
			return nil, errors.New("papier coincé")
		}
		return right(ctx, page, dpi)
	}
	d.show(source, 1)
	if want := "Une erreur inattendue s’est produite : papier coincé"; plain(d.message.Text) != want || d.scroll.Visible() {
		t.Errorf("%q, want %q", plain(d.message.Text), want)
	}
	d.keep(t, "preview-error.png")
	broken = false
	test.Tap(d.again)
	if d.middle.Visible() || d.place.Text != "2/3" {
		t.Error("the page does not come back")
	}
	d.clear()
	d.keep(t, "preview-empty.png")
	if d.scroll.Visible() || d.sheet.picture != nil || !d.next.Disabled() {
		t.Error("the letter is still there")
	}
}

// TestPreviewDropsLateResults shows one page, then another before the first
// came: the first is cancelled and never seen.
func TestPreviewDropsLateResults(t *testing.T) {
	d, asked := newPreviewDesk(t), 0
	source := colouredPages(&asked)
	right := source.render
	var cancelled error
	source.render = func(ctx context.Context, page int, dpi float64) (image.Image, error) {
		if page == 0 {
			d.turn(1) // in the middle of rendering the first
			cancelled = ctx.Err()
		}
		return right(ctx, page, dpi)
	}
	d.show(source, 0)
	if !errors.Is(cancelled, context.Canceled) || d.centre() != inks[1] || d.place.Text != "2/3" {
		t.Errorf("%v, %s in %v", cancelled, d.place.Text, d.centre())
	}
}

// TestPreviewOfALetter shows a real letter. GUICHET_SCREENS keeps its pictures.
func TestPreviewOfALetter(t *testing.T) {
	renderer := pdf.New(filepath.Join(t.TempDir(), "pdfium"))
	t.Cleanup(func() { renderer.Close() })
	spool := pdf.Bytes(testSpool(t))
	d := newPreviewDesk(t)
	d.show(previewSource{
		title: "Aperçu (SPÉCIMEN)", count: 2,
		render: func(ctx context.Context, page int, dpi float64) (image.Image, error) {
			return renderer.Render(ctx, spool, page, dpi)
		},
		window: func() (visible, sure data.Rectangle) {
			return data.EnvelopeDL.MayBeVisible(), data.EnvelopeDL.AlwaysVisible()
		},
	}, 0)
	for _, variant := range []fyne.ThemeVariant{theme.VariantLight, theme.VariantDark} {
		forced := newTheme()
		forced.forced = &variant
		d.app.Settings().SetTheme(forced)
		for _, size := range []fit{fitWidth, fitPage} {
			for _, window := range []bool{false, true} {
				d.resize(size, 1)
				d.preview.window.SetChecked(window)
				if size == fitPage && window {
					test.TapCanvas(d.window.Canvas(), fyne.NewPos(350, 300))
				}
				d.keep(t, fmt.Sprintf("preview-%d-%d-%t.png", variant, size, window))
				if dark := d.darkPixels(); dark < 500 {
					t.Errorf("variant %d, fit %d: %d dark pixels", variant, size, dark)
				}
			}
		}
	}
}

// darkPixels counts the pixels of the letter's ink in its picture.
func (d *previewDesk) darkPixels() (count int) {
	picture := d.sheet.picture.(*image.RGBA)
	for i := 0; i < len(picture.Pix); i += 4 {
		if picture.Pix[i] < 100 {
			count++
		}
	}
	return count
}

func (d *previewDesk) keep(t *testing.T, name string) {
	folder := os.Getenv("GUICHET_SCREENS")
	if folder == "" {
		return
	}
	var b bytes.Buffer
	if err := png.Encode(&b, d.window.Canvas().Capture()); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, name), b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
}

// testSpool writes two letters.
func testSpool(t *testing.T) []byte {
	t.Helper()
	settings := testSettings()
	one := letter.Letter{
		Kind: letter.KindAdministrator, Reference: "L26-004217-K", Codes: [2]string{"K7PW-3XQ9", "4TZM-8HNC"},
		Address:    []string{"Commune d'Achenheim", "Madame Jeanne MARTIN, Maire", "12 RUE DE LA MAIRIE", "67204 ACHENHEIM"},
		Salutation: "Madame la Maire", Organisation: "Commune d'Achenheim", Applicant: "Frédéric DUPONT", Identifier: "frederic.dupont",
		RequestedOn: testNow.Add(-12 * 24 * time.Hour), ValidDays: 60,
	}
	design := letter.Design{
		Sender: settings.Sender, Place: settings.Place, PortalURL: settings.PortalURL,
		Signatory: settings.Signatory, SignatoryTitle: settings.SignatoryTitle, Phone: settings.SupportPhone, Email: settings.SupportEmail,
	}
	var spool bytes.Buffer
	if err := letter.Write(t.Context(), &spool, design, testNow, []letter.Letter{one, one}, nil); err != nil {
		t.Fatal(err)
	}
	return spool.Bytes()
}
