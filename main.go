// Guichet is the desktop application behind an e-services portal: the mail room
// prints its letters of confirmation codes, the help desk answers its requests,
// the administrators keep its register.
package main

import (
	"context"
	"os"

	fyneapp "fyne.io/fyne/v2/app"

	"guichet/app"
	"guichet/views"
	"guichet/views/command"
)

func main() {
	os.Exit(command.Main(os.Args[1:], openWindow))
}

// openWindow opens the register and the window on it, and returns when the
// window is closed or the pictures are taken.
func openWindow(ctx context.Context, register string, opening app.Options, options command.WindowOptions) error {
	guichet, err := app.Open(ctx, register, opening)
	if err != nil {
		return err
	}
	defer guichet.Close()
	if err := views.SpeakFrench(); err != nil {
		return err
	}
	window := views.New(fyneapp.NewWithID("fr.guichet.guichet"), guichet)
	var failure error
	if options.Screens != "" {
		tour := views.Tour{Folder: options.Screens, Login: options.Operator, Password: options.Password}
		window.SaveScreensAndQuit(tour, func(err error) { failure = err })
	}
	window.ShowAndRun()
	return failure
}
