package views

import (
	"bytes"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"runtime"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/driver/software"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"

	"guichet/assets"
)

// tray shows in the desktop's tray how many requests nobody looked at, and
// leads to them.
type tray struct {
	desktop desktop.App
	menu    *fyne.Menu
	unread  *fyne.MenuItem
	open    *fyne.MenuItem
	count   int
}

// newTray is nil where the desktop has no tray.
func newTray(w *Window) *tray {
	app, ok := w.fyneApp.(desktop.App)
	if !ok || !hasTray() {
		return nil
	}
	t := &tray{desktop: app}
	t.unread = fyne.NewMenuItem("", func() {
		w.raise()
		if w.frame != nil && w.frame.tickets != nil && w.dialog == nil {
			w.frame.show(w.frame.tickets)
		}
	})
	t.open = fyne.NewMenuItem("", w.raise)
	t.menu = fyne.NewMenu("Guichet", t.unread, t.open) // Fyne adds the one that quits
	t.speak()
	return t
}

// speak writes the menu in the window's language.
func (t *tray) speak() {
	if t == nil {
		return
	}
	t.open.Label = lang.L("Ouvrir Guichet")
	count := t.count
	t.count = -1
	t.show(count)
}

// hasTray tells whether there is a session bus, which trays are reached by on
// systems other than Windows and macOS.
func hasTray() bool {
	if runtime.GOOS == "windows" || runtime.GOOS == "darwin" || os.Getenv("DBUS_SESSION_BUS_ADDRESS") != "" {
		return true
	}
	_, err := os.Stat(filepath.Join(os.Getenv("XDG_RUNTIME_DIR"), "bus"))
	return os.Getenv("XDG_RUNTIME_DIR") != "" && err == nil
}

// show shows a count, in the icon too.
func (t *tray) show(count int) {
	if t == nil || count == t.count {
		return
	}
	t.count = count
	t.unread.Label = lang.L("Aucune demande non lue")
	if count > 0 {
		t.unread.Label = lang.N("{{.PluralCount}} demandes non lues", count, map[string]any{"PluralCount": number(count)})
	}
	t.desktop.SetSystemTrayMenu(t.menu)
	t.desktop.SetSystemTrayIcon(trayIcon(count))
}

const trayIconSize = 64

// trayIcon is Guichet's icon, with a count on it unless it is 0.
func trayIcon(count int) fyne.Resource {
	picture := canvas.NewImageFromResource(fyne.NewStaticResource("guichet.png", assets.Icon))
	if count == 0 {
		return picture.Resource
	}
	digits := number(count)
	if count > 99 {
		digits = "99+"
	}
	text := canvas.NewText(digits, color.White)
	text.TextSize, text.TextStyle.Bold, text.Alignment = 34, true, fyne.TextAlignCenter
	if len(digits) > 2 {
		text.TextSize = 24
	}
	disc := canvas.NewRectangle(theme.Color(theme.ColorNameError))
	disc.CornerRadius = 20
	badge := container.NewStack(disc, container.NewCenter(text))
	badge.Resize(fyne.NewSize(max(40, text.MinSize().Width+10), 40))
	badge.Move(fyne.NewPos(trayIconSize-badge.Size().Width, trayIconSize-badge.Size().Height))
	picture.Resize(fyne.NewSquareSize(trayIconSize))

	surface := software.NewTransparentCanvas()
	surface.SetPadded(false)
	surface.SetContent(container.NewWithoutLayout(picture, badge))
	surface.Resize(fyne.NewSquareSize(trayIconSize))
	var file bytes.Buffer
	if err := png.Encode(&file, surface.Capture()); err != nil { // never: it is in memory
		return picture.Resource
	}
	return fyne.NewStaticResource("guichet-"+digits+".png", file.Bytes())
}
