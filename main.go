// Guichet is the desktop application behind an e-services portal: the mail room
// prints its letters of confirmation codes, the help desk answers its requests,
// the administrators keep its register.
package main

import (
	"context"
	"errors"
	"os"

	fyneapp "fyne.io/fyne/v2/app"

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
	if err := views.SpeakFrench(); err != nil {
		return err
	}
	window := views.Open(fyneapp.NewWithID("fr.guichet.guichet"), register, opening)
	var failure error
	if options.Screens != "" {
		tour := views.Tour{Folder: options.Screens, Login: options.Operator, Password: options.Password}
		window.SaveScreensAndQuit(tour, func(err error) { failure = err })
	}
	return errors.Join(window.ShowAndRun(), failure)
}
