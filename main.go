// Guichet is the desktop application behind an e-services portal: the mail room
// prints its letters of confirmation codes, the help desk answers its requests,
// the administrators keep its register.
package main

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"os"

	fyneapp "fyne.io/fyne/v2/app"
	"github.com/go-gl/glfw/v3.4/glfw"

	"guichet/app"
	"guichet/views"
	"guichet/views/command"
)

func main() {
	os.Exit(command.Main(os.Args[1:], openWindow))
}

// openWindow opens the window on a register, and returns when it is closed or the
// pictures are taken. Where a window has the register open already, that one is
// brought to the front.
func openWindow(_ context.Context, register string, opening app.Options, options command.WindowOptions) error {
	if app.RaiseWindow(register) {
		return nil
	}
	if folder, err := os.UserCacheDir(); err == nil { // Fyne makes its own folder in it, and none above
		if err := os.MkdirAll(folder, 0o700); err != nil {
			slog.Warn("no folder for what can be made again", "cause", err)
		}
	}
	fyneApp := fyneapp.NewWithID("fr.guichet.guichet")
	if err := views.Speak(cmp.Or(options.Language, views.Language(fyneApp.Preferences()))); err != nil {
		return err
	}
	window := views.Open(fyneApp, register, opening)
	var failure error
	if options.Screens != "" {
		tour := views.Tour{Folder: options.Screens, Login: options.Operator, Password: options.Password, Language: options.Language}
		window.SaveScreensAndQuit(tour, func(err error) { failure = err })
	} else {
		window.OnStarted(func() { window.FitScreen(screenSize()) })
	}
	return errors.Join(window.ShowAndRun(), failure)
}

// screenSize is the part of the first screen that the desktop leaves to windows,
// in pixels. Fyne knows it and does not tell.
func screenSize() (width, height int) {
	if screen := glfw.GetPrimaryMonitor(); screen != nil {
		_, _, width, height = screen.GetWorkarea()
	}
	return width, height
}
