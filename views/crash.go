package views

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"guichet/app"
)

// offerCrash says that Guichet stopped by a defect, and offers its report: at
// each start until it is forgotten.
func (w *Window) offerCrash() {
	if !w.offersCrash {
		return
	}
	w.offersCrash = false
	report, found := app.LastCrash()
	if !found {
		return
	}
	text := widget.NewLabel(report.Text)
	text.TextStyle.Monospace, text.SizeName, text.Selectable = true, theme.SizeNameCaptionText, true
	shown := container.NewScroll(text)
	shown.SetMinSize(fyne.NewSize(0, 220))
	content := container.NewVBox(
		paragraph(lang.L("Guichet s’est arrêté de lui-même le {{.When}}. Ce rapport dit où, dans le programme ; il ne contient rien du registre. Il aide qui entretient Guichet.", map[string]any{
			"When": dayTime(report.At),
		})),
		container.NewStack(newFill(colorCard, 4), newOutline(4), padded(2, shown)))
	forget := newButton(lang.L("Oublier"), nil)
	m := w.openPanel(lang.L("Arrêt inattendu"), 620, content,
		newIconButton(lang.L("Copier le rapport"), theme.ContentCopyIcon(), func() { w.fyneApp.Clipboard().SetContent(report.Text) }),
		newIconButton(lang.L("Ouvrir le dossier"), theme.FolderOpenIcon(), func() { w.openFolder(app.CrashFolder()) }),
		forget)
	forget.OnTapped = func() {
		if err := app.ForgetCrash(); err != nil {
			m.fail(err, nil)
			return
		}
		w.closeDialog()
	}
}

// openFolder shows a folder in the system's file manager.
func (w *Window) openFolder(path string) {
	if err := w.fyneApp.OpenURL(fileURL(path)); err != nil && w.dialog != nil {
		w.dialog.notice.show(theme.WarningIcon(), theme.ColorNameWarning, lang.L("Le dossier ne s’ouvre pas d’ici : {{.Path}}", map[string]any{"Path": path}))
	}
}
