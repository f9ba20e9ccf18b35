package letters

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"image"
	"image/color"
	_ "image/jpeg" // logos may be
	"image/png"
	"io"
	"strings"

	"github.com/fyne-io/oksvg"
	"github.com/srwiley/rasterx"
	"golang.org/x/image/draw"
)

// logo is an opaque picture of the letterhead, of a size in millimetres.
type logo struct {
	png           []byte
	width, height float64
}

// LogoLimit is the most bytes of a logo.
const LogoLimit = 1 << 20

const (
	// logoDots is the most dots a millimetre of a logo: 600 an inch.
	logoDots = 600 / 25.4
	// logoPixels is the most pixels of a logo as given: a small file may
	// unfold to a picture that fills the memory.
	logoPixels = 40_000_000
)

// Why a logo cannot be printed.
var (
	errLogoUnreadable = errors.New("Le logo ne se lit pas : il faut une image PNG, JPEG ou SVG")
	errLogoEmpty      = errors.New("Le logo ne montre rien")
	errLogoTooLarge   = errors.New("Le logo est trop grand : 1 Mio et 40 millions de points au plus")
	errLogoText       = errors.New("Le logo contient du texte ou une image : les convertir en tracés")
)

// readLogo reads a logo and sizes it for the letterhead. It is nil without one.
func readLogo(file []byte) (*logo, *fault) {
	if len(file) == 0 {
		return nil, nil
	}
	l, err := newLogo(file)
	if err != nil {
		return nil, newFault(logoField, err.Error(), nil)
	}
	return l, nil
}

func newLogo(file []byte) (*logo, error) {
	if len(file) > LogoLimit {
		return nil, errLogoTooLarge
	}
	read := readPicture
	if bytes.Contains(file[:min(len(file), 4096)], []byte("<svg")) {
		read = readSVG
	}
	picture, err := read(file)
	if err != nil {
		return nil, err
	}
	if blank(picture) {
		return nil, errLogoEmpty
	}
	var b bytes.Buffer
	if err := png.Encode(&b, picture); err != nil {
		return nil, fmt.Errorf("letters: logo: %w", err)
	}
	size := picture.Bounds().Size()
	width, height := logoSize(float64(size.X), float64(size.Y))
	return &logo{b.Bytes(), width, height}, nil
}

// logoSize is the size in millimetres of a logo of some proportions: as large
// as the letterhead allows.
func logoSize(width, height float64) (x, y float64) {
	scale := min(logoWidth/width, logoHeight/height)
	return width * scale, height * scale
}

// canvasOf is a white picture for a logo of some proportions, with as many
// dots as are printed.
func canvasOf(width, height float64) *image.RGBA {
	x, y := logoSize(width, height)
	picture := image.NewRGBA(image.Rect(0, 0, max(1, int(x*logoDots)), max(1, int(y*logoDots))))
	draw.Draw(picture, picture.Bounds(), image.White, image.Point{}, draw.Src)
	return picture
}

// readPicture reads a PNG or JPEG on a white ground.
func readPicture(file []byte) (*image.RGBA, error) {
	config, format, err := image.DecodeConfig(bytes.NewReader(file))
	switch {
	case err != nil, format != "png" && format != "jpeg": // other packages bring other formats
		return nil, errLogoUnreadable
	case config.Width*config.Height == 0:
		return nil, errLogoEmpty
	case config.Width > logoPixels/config.Height:
		return nil, errLogoTooLarge
	}
	source, _, err := image.Decode(bytes.NewReader(file))
	if err != nil {
		return nil, errLogoUnreadable
	}
	picture := canvasOf(float64(config.Width), float64(config.Height))
	draw.CatmullRom.Scale(picture, picture.Bounds(), source, source.Bounds(), draw.Over, nil)
	return picture, nil
}

// readSVG draws an SVG on a white ground.
func readSVG(file []byte) (picture *image.RGBA, err error) {
	if err := checkSVG(file); err != nil {
		return nil, err
	}
	// The library trusts its input: what it stumbles over is unreadable.
	defer func() {
		if recover() != nil {
			picture, err = nil, errLogoUnreadable
		}
	}()
	icon, err := oksvg.ReadIconStream(bytes.NewReader(file), oksvg.IgnoreErrorMode)
	if err != nil {
		return nil, errLogoUnreadable
	}
	if icon.ViewBox.W <= 0 || icon.ViewBox.H <= 0 {
		return nil, errLogoEmpty
	}
	picture = canvasOf(icon.ViewBox.W, icon.ViewBox.H)
	width, height := picture.Bounds().Dx(), picture.Bounds().Dy()
	icon.SetTarget(0, 0, float64(width), float64(height))
	scanner := rasterx.NewScannerGV(width, height, picture, picture.Bounds())
	icon.Draw(rasterx.NewDasher(width, height, scanner), 1)
	return picture, nil
}

// checkSVG refuses what would be left out of the drawing in silence.
func checkSVG(file []byte) error {
	decoder := xml.NewDecoder(bytes.NewReader(file))
	decoder.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil }
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return errLogoUnreadable
		}
		if start, ok := token.(xml.StartElement); ok {
			switch strings.ToLower(start.Name.Local) {
			case "text", "image", "foreignobject":
				return errLogoText
			}
		}
	}
}

// blank tells whether a picture is all white.
func blank(picture *image.RGBA) bool {
	for i := 0; i < len(picture.Pix); i += 4 {
		if (color.RGBA{picture.Pix[i], picture.Pix[i+1], picture.Pix[i+2], 255}) != (color.RGBA{255, 255, 255, 255}) {
			return false
		}
	}
	return true
}
