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

func contrast(a, b color.NRGBA) float64 {
	la, lb := luminance(a), luminance(b)
	return (max(la, lb) + 0.05) / (min(la, lb) + 0.05)
}

func TestTextContrast(t *testing.T) {
	texts := []fyne.ThemeColorName{
		theme.ColorNameForeground, theme.ColorNamePlaceHolder, theme.ColorNameDisabled, theme.ColorNamePrimary, theme.ColorNameError,
		theme.ColorNameSuccess, theme.ColorNameWarning, theme.ColorNameHyperlink,
	}
	grounds := []fyne.ThemeColorName{
		theme.ColorNameBackground, colorPanel, colorCard, theme.ColorNameHeaderBackground, theme.ColorNameInputBackground,
		theme.ColorNameOverlayBackground,
	}
	for variant, colors := range map[string]map[fyne.ThemeColorName]color.NRGBA{"light": lightColors, "dark": darkColors} {
		for _, text := range texts {
			for _, ground := range grounds {
				if got := contrast(colors[text], colors[ground]); got < 4.5 {
					t.Errorf("%s: %s on %s has a contrast of %.2f", variant, text, ground, got)
				}
			}
		}
		for _, pair := range [][2]fyne.ThemeColorName{
			{theme.ColorNameForegroundOnPrimary, theme.ColorNamePrimary},
			{theme.ColorNameForegroundOnError, theme.ColorNameError},
			{theme.ColorNameForeground, colorRow},
			{theme.ColorNameForeground, colorBadge},
			{theme.ColorNameDisabled, colorRow},
			{theme.ColorNameForeground, theme.ColorNameButton},
			{theme.ColorNameDisabled, theme.ColorNameDisabledButton},
			{theme.ColorNameWarning, colorRow},
			{theme.ColorNamePrimary, colorRow},
			{theme.ColorNamePrimary, theme.ColorNameHeaderBackground},
			{theme.ColorNameSuccess, colorRow},
			{theme.ColorNameError, colorRow},
			{theme.ColorNameForeground, colorRowIdle},
			{theme.ColorNameDisabled, colorRowIdle},
			{theme.ColorNameWarning, colorRowIdle},
			{theme.ColorNamePrimary, colorRowIdle},
			{theme.ColorNameSuccess, colorRowIdle},
			{theme.ColorNameError, colorRowIdle},
			{colorQuiet, colorRowIdle},
		} {
			if got := contrast(colors[pair[0]], colors[pair[1]]); got < 4.5 {
				t.Errorf("%s: %s on %s has a contrast of %.2f", variant, pair[0], pair[1], got)
			}
		}
	}
}
