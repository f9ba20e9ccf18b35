package views

import (
	"context"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"guichet/app"
)

// lock hides a session behind its operator's password; what is being written,
// and what runs, stays.
type lock struct {
	w        *Window
	password *entry
	button   *button
	notice   *notice
	session  fyne.CanvasObject // as it was
}

// lock locks the session.
func (w *Window) lock() {
	if w.frame == nil || w.locked != nil {
		return
	}
	l := &lock{w: w, notice: newNotice(), session: w.window.Content()}
	for m := w.dialog; m != nil; m = m.former {
		m.popup.Hide()
	}
	overlays := w.window.Canvas().Overlays()
	for overlays.Top() != nil { // dialogs come back, menus and files being chosen do not
		overlays.Remove(overlays.Top())
	}
	if w.frame.codes != nil {
		w.frame.codes.clear()
	}
	l.password = newPasswordEntry(w)
	l.password.OnSubmitted = func(string) { l.onOpen() }
	l.button = newButton(lang.L("Déverrouiller"), l.onOpen)
	l.button.Importance = widget.HighImportance
	w.locked = l
	w.setContent(l.content())
	w.window.Canvas().Focus(l.password)
}

func (l *lock) content() fyne.CanvasObject {
	text := paragraph(lang.L("La session de {{.Name}} est verrouillée. Ce qui était en cours est gardé.", map[string]any{"Name": l.w.frame.operator.Name}))
	leave := newButton(lang.L("Fermer la session"), l.w.signOut)
	leave.Importance = widget.LowImportance
	fields := newForm()
	box := container.NewVBox(heading("Guichet"), text, fields.add("password", lang.L("Mot de passe"), l.password), l.notice.content(),
		widget.NewLabel(""), l.button, leave)
	return entranceCard(box)
}

// entranceCard shows what one meets before a session.
func entranceCard(box fyne.CanvasObject) fyne.CanvasObject {
	card := container.NewStack(newFill(theme.ColorNameBackground, 8), padded(28, wide(340, box)))
	return ground(colorPanel, container.NewCenter(card))
}

func (l *lock) onOpen() {
	if l.button.Disabled() {
		return
	}
	login, password := l.w.frame.operator.Login, l.password.Text
	start(l.w.root, "unlock", l.button, func(ctx context.Context) (app.SignedIn, error) {
		return l.w.guichet.SignIn(ctx, login, password)
	}, func(signed app.SignedIn, err error) {
		switch {
		case l.w.locked != l:
		case err != nil:
			l.notice.fail(err, nil)
			l.password.SetText("")
			l.w.window.Canvas().Focus(l.password)
		default:
			l.open(signed, password)
		}
	})
}

// open gives the session back, or opens a new one when what the operator may do
// changed meanwhile.
func (l *lock) open(signed app.SignedIn, password string) {
	w := l.w
	if !signed.SameSession(w.frame.operator) {
		w.signOut()
		w.signedIn(signed, password)
		return
	}
	w.locked = nil
	w.window.SetContent(l.session)
	w.showDialogs(w.dialog)
	w.used()
	w.watchIdle()
	if w.dialog == nil {
		w.frame.show(w.frame.current)
	}
	w.frame.sayFormer(app.SignedIn{Failures: signed.Failures})
}

// idleEvery is how often the window looks whether somebody is there.
const idleEvery = 5 * time.Second

// used notes that somebody is there.
func (w *Window) used() {
	if w.guichet != nil {
		w.usedAt = w.guichet.Now()
	}
}

// watchIdle locks the session once nobody moved or typed for as long as the
// settings say.
func (w *Window) watchIdle() {
	w.root.later("idle", idleEvery, func() {
		if w.frame == nil || w.locked != nil {
			return
		}
		if after := w.frame.lockAfter; after > 0 && w.guichet.Now().Sub(w.usedAt) >= after {
			w.lock()
			return
		}
		w.watchIdle()
	})
}

// motion tells when the mouse moves over what lies on it: Fyne asks all that is
// under the mouse for its cursor, and takes the one on top.
type motion struct {
	widget.BaseWidget
	moved func()
}

func newMotion(moved func()) *motion {
	m := &motion{moved: moved}
	m.ExtendBaseWidget(m)
	return m
}

// Cursor is asked for at each movement.
func (m *motion) Cursor() desktop.Cursor {
	m.moved()
	return desktop.DefaultCursor
}

func (m *motion) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(container.NewWithoutLayout())
}
