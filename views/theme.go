package views

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"guichet/assets"
)

// The theme's colours of our own.
const (
	colorPanel   fyne.ThemeColorName = "guichetPanel"   // navigation, status bar, side panels
	colorRow     fyne.ThemeColorName = "guichetRow"     // the selected row of the table that has the keys
	colorRowIdle fyne.ThemeColorName = "guichetRowIdle" // that of another table
	colorRule    fyne.ThemeColorName = "guichetRule"    // the hairline under a row
	colorQuiet   fyne.ThemeColorName = "guichetQuiet"   // secondary text
	colorCard    fyne.ThemeColorName = "guichetCard"    // a card's ground
	colorBadge   fyne.ThemeColorName = "guichetBadge"   // a count's ground
	colorNote    fyne.ThemeColorName = "guichetNote"    // an internal note's ground
	sizeCode     fyne.ThemeSizeName  = "guichetCode"    // entries of codes
	sizeFigure   fyne.ThemeSizeName  = "guichetFigure"  // a card's number
	rowHeight                        = 28
	windowWidth                      = 1280
)

// compact is Guichet's theme: dense rows, one accent, light and dark.
type compact struct {
	fyne.Theme
	// forced is a variant to show whatever the system prefers; nil for the
	// system's. It may change: parts of the window hold on to the theme.
	forced *fyne.ThemeVariant
}

func newTheme() *compact { return &compact{Theme: theme.DefaultTheme()} }

func rgb(hex uint32) color.NRGBA {
	return color.NRGBA{R: uint8(hex >> 16), G: uint8(hex >> 8), B: uint8(hex), A: 0xff} // #nosec G115 -- each is one byte of the colour
}

var lightColors = map[fyne.ThemeColorName]color.NRGBA{
	theme.ColorNameBackground: rgb(0xffffff), theme.ColorNameForeground: rgb(0x1d1d24),
	theme.ColorNamePlaceHolder: rgb(0x5e5e6a), colorQuiet: rgb(0x5a5a66), theme.ColorNameDisabled: rgb(0x60606b),
	theme.ColorNamePrimary: rgb(0x000091), theme.ColorNameForegroundOnPrimary: rgb(0xffffff),
	theme.ColorNameHyperlink: rgb(0x000091), theme.ColorNameButton: rgb(0xeaebf2), theme.ColorNameDisabledButton: rgb(0xf1f1f5),
	theme.ColorNameError: rgb(0xb81117), theme.ColorNameForegroundOnError: rgb(0xffffff),
	theme.ColorNameSuccess: rgb(0x18693a), theme.ColorNameForegroundOnSuccess: rgb(0xffffff),
	theme.ColorNameWarning: rgb(0x9a4a00), theme.ColorNameForegroundOnWarning: rgb(0xffffff),
	theme.ColorNameInputBackground: rgb(0xf6f6fa), theme.ColorNameInputBorder: rgb(0x808094),
	theme.ColorNameMenuBackground: rgb(0xffffff), theme.ColorNameOverlayBackground: rgb(0xffffff),
	theme.ColorNameHeaderBackground: rgb(0xf6f6fa), theme.ColorNameSeparator: rgb(0xdcdce4),
	theme.ColorNameSelection: {B: 0x91, A: 0x2e}, theme.ColorNameFocus: {R: 112, G: 112, B: 225, A: 234},
	theme.ColorNameHover: {A: 0x0c}, theme.ColorNamePressed: {A: 0x1c}, theme.ColorNameScrollBar: {A: 0x66},
	theme.ColorNameScrollBarBackground: rgb(0xf2f2f6), theme.ColorNameShadow: {A: 0x30},
	colorPanel: rgb(0xf4f4f9), colorRow: rgb(0xdadaf5), colorRowIdle: rgb(0xe6e6ea), colorRule: rgb(0xececf1), colorCard: rgb(0xf7f7fb), colorBadge: rgb(0xdfdff2),
	colorNote: rgb(0xfdf6e0),
}

var darkColors = map[fyne.ThemeColorName]color.NRGBA{
	theme.ColorNameBackground: rgb(0x1a1a1f), theme.ColorNameForeground: rgb(0xf2f2f6),
	theme.ColorNamePlaceHolder: rgb(0xa4a4b0), colorQuiet: rgb(0xb0b0bc), theme.ColorNameDisabled: rgb(0xa4a4b0),
	theme.ColorNamePrimary: rgb(0x9191f7), theme.ColorNameForegroundOnPrimary: rgb(0x12121a),
	theme.ColorNameHyperlink: rgb(0x9c9cf8), theme.ColorNameButton: rgb(0x2f2f38), theme.ColorNameDisabledButton: rgb(0x26262d),
	theme.ColorNameError: rgb(0xff8680), theme.ColorNameForegroundOnError: rgb(0x1a1a1f),
	theme.ColorNameSuccess: rgb(0x5fcf8c), theme.ColorNameForegroundOnSuccess: rgb(0x1a1a1f),
	theme.ColorNameWarning: rgb(0xffa95c), theme.ColorNameForegroundOnWarning: rgb(0x1a1a1f),
	theme.ColorNameInputBackground: rgb(0x222229), theme.ColorNameInputBorder: rgb(0x7c7c8e),
	theme.ColorNameMenuBackground: rgb(0x26262d), theme.ColorNameOverlayBackground: rgb(0x222229),
	theme.ColorNameHeaderBackground: rgb(0x202026), theme.ColorNameSeparator: rgb(0x36363f),
	theme.ColorNameSelection: {R: 0x85, G: 0x85, B: 0xf6, A: 0x55}, theme.ColorNameFocus: {R: 90, G: 90, B: 240, A: 246},
	theme.ColorNameHover: {R: 0xff, G: 0xff, B: 0xff, A: 0x10}, theme.ColorNamePressed: {R: 0xff, G: 0xff, B: 0xff, A: 0x24},
	theme.ColorNameScrollBar: {R: 0xff, G: 0xff, B: 0xff, A: 0x66}, theme.ColorNameScrollBarBackground: rgb(0x202026),
	theme.ColorNameShadow: {A: 0x80},
	colorPanel:            rgb(0x202026), colorRow: rgb(0x282842), colorRowIdle: rgb(0x2a2a30), colorRule: rgb(0x2a2a31), colorCard: rgb(0x222229), colorBadge: rgb(0x32324f),
	colorNote: rgb(0x33301f),
}

func (c *compact) Color(name fyne.ThemeColorName, variant fyne.ThemeVariant) color.Color {
	if c.forced != nil {
		variant = *c.forced
	}
	colors := lightColors
	if variant == theme.VariantDark {
		colors = darkColors
	}
	if color, ok := colors[name]; ok {
		return color
	}
	return c.Theme.Color(name, variant)
}

var compactSizes = map[fyne.ThemeSizeName]float32{
	theme.SizeNameText: 13, theme.SizeNameHeadingText: 20, theme.SizeNameSubHeadingText: 15, theme.SizeNameCaptionText: 12,
	theme.SizeNamePadding: 4, theme.SizeNameInnerPadding: 6, theme.SizeNameInlineIcon: 16, theme.SizeNameLineSpacing: 3,
	theme.SizeNameScrollBar: 10, theme.SizeNameScrollBarSmall: 4, theme.SizeNameInputRadius: 4, theme.SizeNameSelectionRadius: 3,
	theme.SizeNameButtonRadius: 4, theme.SizeNameCardRadius: 6, theme.SizeNameSplitThickness: 1, theme.SizeNameModalBlurRadius: 0,
	sizeCode: 24, sizeFigure: 26,
}

func (c *compact) Size(name fyne.ThemeSizeName) float32 {
	if size, ok := compactSizes[name]; ok {
		return size
	}
	return c.Theme.Size(name)
}

var (
	sansRegular = fyne.NewStaticResource("sans.ttf", assets.SansRegular)
	sansBold    = fyne.NewStaticResource("sans-bold.ttf", assets.SansSemiBold)
	monoRegular = fyne.NewStaticResource("mono.ttf", assets.MonoRegular)
	monoBold    = fyne.NewStaticResource("mono-bold.ttf", assets.MonoSemiBold)
)

func (c *compact) Font(style fyne.TextStyle) fyne.Resource {
	switch {
	case style.Symbol, style.Italic:
		return c.Theme.Font(style)
	case style.Monospace && style.Bold:
		return monoBold
	case style.Monospace:
		return monoRegular
	case style.Bold:
		return sansBold
	}
	return sansRegular
}

// tableTheme is the theme inside a table: the rows touch, and paint their own
// selection.
type tableTheme struct{ fyne.Theme }

func (t tableTheme) Size(name fyne.ThemeSizeName) float32 {
	if name == theme.SizeNamePadding {
		return 0
	}
	return t.Theme.Size(name) // as outside: Fyne takes a cell into this theme only when it paints it again
}

func (t tableTheme) Color(name fyne.ThemeColorName, variant fyne.ThemeVariant) color.Color {
	switch name {
	case theme.ColorNameSelection, theme.ColorNameHover:
		return color.Transparent
	}
	return t.Theme.Color(name, variant)
}
