// Package views is the window of Guichet: a file a screen. A screen is a
// struct of widgets; newX wires them, content lays them out, onX reacts, reload
// fetches and show paints. A view is handed the application only, and work off
// the UI goroutine goes through task.go.
package views

import (
	"context"
	"image"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"guichet/app"
	"guichet/data"
)

// Window is the one window of Guichet, over a register.
type Window struct {
	fyneApp     fyne.App
	guichet     *app.App // nil while no register is open
	register    string
	options     app.Options
	instance    *app.Instance // nil until the register is this process's
	trouble     error         // why the register does not open
	window      fyne.Window
	tasks       *tasks
	theme       *compact
	root        *scope    // ends with the window
	frame       *frame    // nil while nobody is signed in
	dialog      *modal    // nil while none is open
	locked      *lock     // nil while the session is open
	said        error     // why the last session ended, for the sign-in screen; nil: as its operator wished
	told        string    // what the sign-in screen says went well
	usedAt      time.Time // when somebody last moved or typed
	tray        *tray     // nil where the desktop has none
	display     display   // as set on this workstation
	onStarted   []func()
	onReady     func()  // once the first screen can be used; nil: nobody waits for it
	offersCrash bool    // at the first screen
	scale       float64 // the user's, of all of Fyne's programs
}

func newWindow(fyneApp fyne.App, guichet *app.App, tasks *tasks) *Window {
	w := &Window{fyneApp: fyneApp, guichet: guichet, tasks: tasks, theme: newTheme(), scale: startScale(fyneApp.Settings())}
	w.root = newScope(context.Background(), tasks)
	w.window = fyneApp.NewWindow("Guichet")
	w.window.SetMaster()
	w.window.SetPadded(false)
	w.display = readDisplay(fyneApp.Preferences())
	w.display.language = spoken // as the command line may have it
	w.paint(w.display)
	w.window.Resize(w.formerSize())
	w.window.SetOnClosed(w.root.cancel)
	w.window.SetCloseIntercept(w.closing)
	w.tray = newTray(w)
	w.addKeys()
	if guichet != nil {
		w.register = guichet.Path()
		w.showSignIn()
	}
	return w
}

// ShowAndRun shows the window and returns when it is closed, and the register
// too. A panic leaves a report behind, which the next start shows.
func (w *Window) ShowAndRun() error {
	defer app.KeepCrash()
	lifecycle := w.fyneApp.Lifecycle()
	lifecycle.SetOnStarted(func() {
		for _, do := range w.onStarted {
			do()
		}
	})
	lifecycle.SetOnStopped(w.keepSize)
	w.window.ShowAndRun()
	w.stopped()
	return w.closeRegister()
}

// OnStarted has something done once the window is there.
func (w *Window) OnStarted(do func()) { w.onStarted = append(w.onStarted, do) }

// OnReady has something done once the first screen can be used: one signs in, or
// reads what keeps the register from opening.
func (w *Window) OnReady(do func()) { w.onReady = do }

// ready tells that a screen can be used.
func (w *Window) ready() {
	if do := w.onReady; do != nil {
		w.onReady = nil
		do()
	}
}

// Capture paints what the window shows.
func (w *Window) Capture() image.Image { return w.window.Canvas().Capture() }

// stopped keeps what is being written when the program ends, closed by its
// window or by the tray.
func (w *Window) stopped() {
	if w.frame != nil && w.frame.tickets != nil {
		w.frame.tickets.ticket.composer.keepNow()
	}
}

// raise brings the window before the others.
func (w *Window) raise() {
	w.window.Show()
	w.window.RequestFocus()
}

// showSignIn shows the sign-in screen, or that of the first administrator.
func (w *Window) showSignIn() {
	if w.display.language != spoken { // it waited for a session to end
		w.speak()
		return
	}
	start(w.root, "sign-in", nil, func(ctx context.Context) (entrance, error) {
		has, err := w.guichet.HasOperators(ctx)
		if err != nil {
			return entrance{}, err
		}
		name, err := w.guichet.RegisterName(ctx)
		return entrance{has, name}, err
	}, func(found entrance, err error) {
		s := newSignIn(w, found)
		w.setContent(s.content())
		s.focus()
		if err == nil {
			err, w.said = w.said, nil
		}
		if err != nil {
			s.notice.fail(err, nil)
		} else {
			s.notice.done(w.told)
			w.told = ""
		}
		w.offerCrash()
		w.ready()
	})
}

// setContent shows something, and notes whenever the mouse moves over it.
func (w *Window) setContent(content fyne.CanvasObject) {
	w.window.SetContent(container.NewStack(newMotion(w.used), content))
}

// signedIn opens the operator's session, once their password is their own.
func (w *Window) signedIn(signed app.SignedIn, password string) {
	if signed.MustChange {
		w.showNewPassword(signed, password)
		return
	}
	w.openFrame(signed.Operator)
	w.frame.sayFormer(signed)
	w.used()
	w.watchIdle()
}

// openFrame shows an operator's session.
func (w *Window) openFrame(operator data.Operator) {
	w.frame = newFrame(w, operator)
	w.setContent(w.frame.content())
	w.frame.open()
}

// signOut closes the session and all that it runs.
func (w *Window) signOut() {
	w.endSession()
	w.showSignIn()
}

func (w *Window) endSession() {
	w.locked = nil
	w.closeDialog()
	w.leaveFrame()
}

// leaveFrame ends what the session's screens run.
func (w *Window) leaveFrame() {
	if w.frame != nil {
		if w.frame.tickets != nil {
			w.frame.tickets.leave()
		}
		w.frame.showUnread(0)
		w.frame.scope.cancel()
		w.frame = nil
	}
}
