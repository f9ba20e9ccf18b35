package views

import (
	"bytes"
	"image/png"
	"testing"

	"fyne.io/fyne/v2"

	"guichet/assets"
)

// trayApp is an application on a desktop with a tray.
type trayApp struct {
	fyne.App
	menu *fyne.Menu
	icon fyne.Resource
}

func (a *trayApp) SetSystemTrayMenu(menu *fyne.Menu)      { a.menu = menu }
func (a *trayApp) SetSystemTrayIcon(icon fyne.Resource)   { a.icon = icon }
func (a *trayApp) SetSystemTrayWindow(window fyne.Window) {}

// TestTray counts what nobody looked at, and leads to it.
func TestTray(t *testing.T) {
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
	h := newHelpDesk(t)
	app := &trayApp{App: h.w.fyneApp}
	h.w.fyneApp = app
	h.w.tray = newTray(h.w)
	if app.menu.Items[0].Label != "Aucune demande non lue" || !bytes.Equal(app.icon.Content(), assets.Icon) {
		t.Errorf("%q, %s", app.menu.Items[0].Label, app.icon.Name())
	}
	h.deliver("a@mairie.example", "Premier", "Bonjour")
	h.deliver("b@mairie.example", "Second", "Bonjour")
	h.signIn("claire", testPassword)
	if plain(app.menu.Items[0].Label) != "2 demandes non lues" || app.icon.Name() != "guichet-2.png" {
		t.Errorf("%q, %s", app.menu.Items[0].Label, app.icon.Name())
	}
	picture, err := png.Decode(bytes.NewReader(app.icon.Content()))
	h.must(err)
	red, green, _, _ := picture.At(60, 44).RGBA()
	if red < 0x8000 || green > 0x8000 {
		t.Errorf("no badge: %v", picture.At(60, 44))
	}
	app.menu.Items[0].Action()
	if h.w.frame.current != screen(h.w.frame.tickets) {
		t.Error("it does not lead to the requests")
	}
	h.w.signOut()
	if app.menu.Items[0].Label != "Aucune demande non lue" {
		t.Errorf("signed out: %q", app.menu.Items[0].Label)
	}
}
