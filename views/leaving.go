package views

import (
	"strings"

	"fyne.io/fyne/v2/lang"
)

// leave ends the session, or the program, by what then does: at once, or, when
// something would be lost, after a question.
func (f *frame) leave(verb string, then func()) {
	lost := f.lost()
	if len(lost) == 0 {
		then()
		return
	}
	f.w.openDialog(verb+noBreak+"?", verb, true, 440, paragraph(strings.Join(lost, "\n")), func(*modal) {
		f.w.closeDialog()
		then()
	})
}

// lost are what ends, and is not kept, when the session ends: a sentence each.
// Answers being written are kept as drafts.
func (f *frame) lost() (sentences []string) {
	for _, name := range f.status.tasks.names() {
		sentences = append(sentences, lang.L("{{.Task}} : la tâche est en cours et sera interrompue.", map[string]any{"Task": name}))
	}
	if f.settings != nil && f.settings.unsaved() {
		sentences = append(sentences, lang.L("Des réglages ne sont pas enregistrés."))
	}
	if f.book != nil {
		if form, ok := f.book.form.(interface{ changed() bool }); ok && form.changed() {
			sentences = append(sentences, lang.L("L’inscription commencée n’est pas validée."))
		}
	}
	return sentences
}

// leaveSession ends the session by its operator's wish.
func (f *frame) leaveSession() { f.leave(lang.L("Fermer la session"), f.w.signOut) }

// closing answers the window's own button.
func (w *Window) closing() {
	if w.frame == nil || w.locked != nil {
		w.window.Close()
		return
	}
	w.frame.leave(lang.L("Quitter Guichet"), w.window.Close)
}
