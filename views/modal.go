package views

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"
)

// modal is the dialog that is open.
type modal struct {
	popup  *widget.PopUp
	notice *notice
	button *button // nil where nothing is to be done but closing
	leave  *button
	main   func() // Enter, and Ctrl+Enter; nil: none
	former *modal // the one under it
	help   string // the page of the help about it; empty: the screen's
	shows  *help  // it is the help itself; nil: another dialog
	fields *form  // not to be lost by a key that closes; nil: nothing is
	// onClose, when set, is called when the dialog closes, however it does.
	onClose func()
}

// openDialog opens a dialog with a main button, which does not close it: do
// does, through closeDialog, once it succeeded. A dangerous act's button is
// never the default.
func (w *Window) openDialog(title, verb string, dangerous bool, width float32, content fyne.CanvasObject, do func(m *modal)) *modal {
	m := &modal{notice: newNotice()}
	m.button = newButton(verb, func() { do(m) })
	m.button.Importance = widget.HighImportance
	if dangerous {
		m.button.Importance = widget.DangerImportance
	} else {
		m.main = func() {
			if !m.button.Disabled() {
				do(m)
			}
		}
	}
	m.leave = newButton(lang.L("Ne rien changer"), w.leaveDialog)
	head := subheading(title)
	head.Truncation = fyne.TextTruncateEllipsis
	body := container.NewVBox(head, wide(width, content), m.notice.content(), widget.NewLabel(""),
		container.NewHBox(layout.NewSpacer(), m.leave, m.button))
	w.openModal(m, padded(12, body))
	if dangerous && w.locked == nil { // the keys begin where nothing is lost, which is to be seen
		w.window.Canvas().Focus(m.leave)
	}
	return m
}

// openModal shows a dialog over what is shown.
func (w *Window) openModal(m *modal, content fyne.CanvasObject) {
	m.former = w.dialog
	m.notice.onResize = m.fit
	m.popup = widget.NewModalPopUp(content, w.window.Canvas())
	w.dialog = m
	if w.locked == nil { // else it shows once the session is open again
		m.popup.Show()
	}
}

// dialogKeys are the keys of the dialog that is open.
func (w *Window) dialogKeys() []key {
	keys := []key{{name: fyne.KeyEscape, do: w.leaveDialog}}
	if main := w.dialog.main; main != nil {
		for _, modifier := range []fyne.KeyModifier{0, ctrl} { // with Ctrl from anywhere, a text of several lines too
			keys = append(keys, key{name: fyne.KeyReturn, modifier: modifier, do: main}, key{name: fyne.KeyEnter, modifier: modifier, do: main})
		}
	}
	if w.frame != nil && w.dialog.shows == nil {
		keys = append(keys, key{name: fyne.KeyF1, do: w.frame.openHelp})
	}
	return keys
}

// overlay opens a dialog without buttons, which Esc closes.
func (w *Window) overlay(content fyne.CanvasObject) *modal {
	m := &modal{notice: newNotice()}
	w.openModal(m, container.NewVBox(content, m.notice.content()))
	return m
}

// fail shows an error in the dialog, which grows as it must.
func (m *modal) fail(err error, f *form) {
	m.notice.fail(err, f)
	m.fit()
}

// fit gives the dialog, if there is one, the size that its content asks for.
func (m *modal) fit() {
	if m != nil {
		m.popup.Content.Refresh()
		m.popup.Resize(m.popup.MinSize())
	}
}

// guard has the dialog ask before what its fields hold is lost.
func (m *modal) guard(fields *form) {
	m.fields = fields
	fields.settle()
}

// leaveDialog closes the dialog that is open; one that would lose what somebody
// typed asks first.
func (w *Window) leaveDialog() {
	if w.dialog != nil && w.dialog.fields != nil && w.dialog.fields.changed() {
		w.askToDrop(func() {
			w.closeDialog()
			w.closeDialog()
		})
		return
	}
	w.closeDialog()
}

// askToDrop asks before what somebody typed is lost.
func (w *Window) askToDrop(drop func()) {
	m := w.openDialog(lang.L("Abandonner la saisie ?"), lang.L("Abandonner"), true, 400, paragraph(lang.L("Ce que vous avez saisi n’est pas enregistré.")), func(*modal) { drop() })
	m.leave.SetText(lang.L("Continuer la saisie"))
}

// showDialogs shows the dialogs that are open, the newest on top.
func (w *Window) showDialogs(newest *modal) {
	if newest != nil {
		w.showDialogs(newest.former)
		newest.popup.Show()
	}
}

// closeDialog closes the dialog that is open. The focus goes back to what had it;
// a tap on a button had taken it away, and then the screen gives it.
func (w *Window) closeDialog() {
	if m := w.dialog; m != nil {
		w.dialog = m.former
		m.popup.Hide()
		if w.dialog == nil && w.frame != nil && w.locked == nil && w.window.Canvas().Focused() == nil {
			w.frame.giveFocus()
		}
		if m.onClose != nil {
			m.onClose()
		}
	}
}
