package views

import (
	"image/color"
	"math"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

func luminance(c color.NRGBA) float64 {
	linear := func(v uint8) float64 {
		s := float64(v) / 255
		if s <= 0.04045 {
			return s / 12.92
		}
		return math.Pow((s+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(c.R) + 0.7152*linear(c.G) + 0.0722*linear(c.B)
}

// contrast is WCAG 2's, from 1 to 21.
func contrast(a, b color.NRGBA) float64 {
	la, lb := luminance(a), luminance(b)
	return (max(la, lb) + 0.05) / (min(la, lb) + 0.05)
}

// over is a colour that lets another shine through, on that one.
func over(c, ground color.NRGBA) color.NRGBA {
	blend := func(top, below uint8) uint8 {
		return uint8(math.Round((float64(top)*float64(c.A) + float64(below)*float64(255-c.A)) / 255))
	}
	return color.NRGBA{R: blend(c.R, ground.R), G: blend(c.G, ground.G), B: blend(c.B, ground.B), A: 255}
}

const (
	textContrast  = 4.5 // WCAG 2, 1.4.3
	shapeContrast = 3   // 1.4.11
)

// pairs are what the views write on what.
var pairs = []struct{ texts, grounds []fyne.ThemeColorName }{
	{ // texts, and icons with what they mean, on what the screens lie on
		[]fyne.ThemeColorName{
			theme.ColorNameForeground, colorQuiet, theme.ColorNamePlaceHolder, theme.ColorNameDisabled, theme.ColorNamePrimary, theme.ColorNameHyperlink,
			theme.ColorNameError, theme.ColorNameSuccess, theme.ColorNameWarning,
		},
		[]fyne.ThemeColorName{
			theme.ColorNameBackground, colorPanel, colorCard, colorRow, colorRowIdle, colorNote, theme.ColorNameHeaderBackground, theme.ColorNameInputBackground,
			theme.ColorNameMenuBackground, theme.ColorNameOverlayBackground,
		},
	},
	{ // the notice, which has an icon, and a count
		[]fyne.ThemeColorName{theme.ColorNameForeground, colorQuiet, theme.ColorNameError, theme.ColorNameSuccess, theme.ColorNameWarning},
		[]fyne.ThemeColorName{colorBadge},
	},
	{[]fyne.ThemeColorName{theme.ColorNameForeground, theme.ColorNamePrimary}, []fyne.ThemeColorName{theme.ColorNameButton}},
	{[]fyne.ThemeColorName{theme.ColorNameDisabled, theme.ColorNamePlaceHolder}, []fyne.ThemeColorName{theme.ColorNameDisabledButton}},
	{[]fyne.ThemeColorName{theme.ColorNameForegroundOnPrimary}, []fyne.ThemeColorName{theme.ColorNamePrimary}},
	{[]fyne.ThemeColorName{theme.ColorNameForegroundOnError}, []fyne.ThemeColorName{theme.ColorNameError}},
	{[]fyne.ThemeColorName{theme.ColorNameForegroundOnSuccess}, []fyne.ThemeColorName{theme.ColorNameSuccess}},
	{[]fyne.ThemeColorName{theme.ColorNameForegroundOnWarning}, []fyne.ThemeColorName{theme.ColorNameWarning}},
}

// pageGrounds are what controls lie on.
var pageGrounds = []fyne.ThemeColorName{theme.ColorNameBackground, colorPanel, colorCard, theme.ColorNameOverlayBackground}

var variants = map[string]map[fyne.ThemeColorName]color.NRGBA{"light": lightColors, "dark": darkColors}

func TestTextContrast(t *testing.T) {
	for variant, colors := range variants {
		for _, pair := range pairs {
			for _, text := range pair.texts {
				for _, ground := range pair.grounds {
					if got := contrast(colors[text], colors[ground]); got < textContrast {
						t.Errorf("%s: %s on %s has a contrast of %.2f", variant, text, ground, got)
					}
				}
			}
		}
		for _, veil := range []fyne.ThemeColorName{theme.ColorNameHover, theme.ColorNameFocus} {
			ground := over(colors[veil], colors[theme.ColorNameButton])
			if got := contrast(colors[theme.ColorNameForeground], ground); got < textContrast {
				t.Errorf("%s: a button with %s has a contrast of %.2f", variant, veil, got)
			}
		}
		selection := over(colors[theme.ColorNameSelection], colors[theme.ColorNameInputBackground])
		if got := contrast(colors[theme.ColorNameForeground], selection); got < textContrast {
			t.Errorf("%s: selected text has a contrast of %.2f", variant, got)
		}
	}
}

// TestShapeContrast: the border of a field, the ring of the one that has the
// caret, and what shows the focus of a button, a list or a box.
func TestShapeContrast(t *testing.T) {
	for variant, colors := range variants {
		check := func(what string, shape color.NRGBA, ground fyne.ThemeColorName) {
			if got := contrast(shape, colors[ground]); got < shapeContrast {
				t.Errorf("%s: %s on %s has a contrast of %.2f", variant, what, ground, got)
			}
		}
		for _, ground := range append(pageGrounds, theme.ColorNameInputBackground) {
			check("the border of a field", colors[theme.ColorNameInputBorder], ground)
			check("the ring of a field", colors[theme.ColorNamePrimary], ground)
		}
		for _, ground := range pageGrounds {
			check("the focus of a box", over(colors[theme.ColorNameFocus], colors[ground]), ground)
			check("the focus of a button", over(colors[theme.ColorNameFocus], colors[theme.ColorNameButton]), ground)
			check("the focus of a list", over(colors[theme.ColorNameFocus], colors[theme.ColorNameInputBackground]), ground)
		}
	}
}
