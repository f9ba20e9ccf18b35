package views

import (
	"context"
	"errors"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"guichet/app"
)

// Open makes the window of a register and opens it: the sign-in screen follows,
// or, when the register does not open, what keeps it and the way out.
// Speak must have been called before.
func Open(fyneApp fyne.App, register string, options app.Options) *Window {
	w := newWindow(fyneApp, nil, &tasks{})
	w.options, w.offersCrash = options, true
	w.openRegister(register)
	return w
}

// opened is a register that this process has for itself.
type opened struct {
	guichet  *app.App
	instance *app.Instance
}

// openRegister opens a register in the place of the one that was open, if any.
func (w *Window) openRegister(register string) {
	w.register = register
	shown := newOpening(register)
	w.setContent(entranceCard(shown.box))
	held := w.instance
	options := w.options
	options.Updating = w.root.reporting(shown.update)
	start(w.root, "opening", nil, func(ctx context.Context) (o opened, err error) {
		o.instance = held
		if held == nil {
			if o.instance, err = app.HoldRegister(ctx, register, true); err != nil {
				return o, err
			}
		}
		o.guichet, err = app.Open(ctx, register, options)
		return o, err
	}, func(o opened, err error) {
		if w.instance = o.instance; w.instance != nil {
			w.instance.OnRaised(func() { w.tasks.spawnReport(w.raise) })
		}
		if w.trouble = err; err != nil {
			newTrouble(w, err).show()
			w.offerCrash()
			w.ready()
			return
		}
		w.guichet = o.guichet
		w.showSignIn()
	})
}

// opening is what is seen while a register opens.
type opening struct {
	doing *prose
	waits *widget.ProgressBarInfinite
	steps *widget.ProgressBar
	box   *fyne.Container
}

func newOpening(register string) *opening {
	o := &opening{doing: caption(""), waits: widget.NewProgressBarInfinite(), steps: widget.NewProgressBar()}
	o.doing.Hide()
	o.steps.Hide()
	o.box = container.NewVBox(heading("Guichet"), caption(app.RegisterLabel(register)), o.doing, o.waits, o.steps)
	return o
}

// update shows how far the update of a register of an earlier version is.
func (o *opening) update(done, total int) {
	text := lang.L("Sauvegarde du registre, avant sa mise à jour")
	if total > 0 {
		text = lang.L("Mise à jour du registre {{.Done}}/{{.Total}}", map[string]any{"Done": number(done), "Total": number(total)})
		o.steps.Max = float64(total)
		o.steps.SetValue(float64(done))
		o.waits.Stop()
		o.waits.Hide()
		o.steps.Show()
	}
	o.doing.SetText(text)
	o.doing.Show()
}

// foundDamaged closes a register that turns out not to be whole, and shows the
// way out; it stays this process's.
func (w *Window) foundDamaged(err error) {
	w.endSession()
	err = errors.Join(err, w.guichet.Close())
	w.guichet, w.trouble = nil, err
	newTrouble(w, err).show()
}

// closeRegister closes the register and lets other processes have it.
func (w *Window) closeRegister() (err error) {
	if w.guichet != nil {
		err = w.guichet.Close()
		w.guichet = nil
	}
	if w.instance != nil {
		err = errors.Join(err, w.instance.Release())
		w.instance = nil
	}
	return err
}

// trouble says why a register does not open, and offers the last good backup
// when it is damaged.
type trouble struct {
	w       *Window
	err     error
	backups []app.Backup
	choice  *widget.RadioGroup
	holds   *prose
	restore *button
	notice  *notice
	box     *fyne.Container
}

func newTrouble(w *Window, err error) *trouble {
	t := &trouble{w: w, err: err, notice: newNotice(), holds: caption("")}
	if app.KindOf(err) == app.Damaged {
		t.backups = app.FindBackups(w.register)
		t.backups = t.backups[:min(len(t.backups), offeredBackups)]
	}
	t.choice = widget.NewRadioGroup(nil, func(string) { t.look() })
	for _, backup := range t.backups {
		t.choice.Options = append(t.choice.Options, backupName(backup))
	}
	t.choice.Required = true
	t.restore = newIconButton(lang.L("Restaurer cette sauvegarde"), theme.HistoryIcon(), t.onRestore)
	t.restore.Importance = widget.HighImportance
	t.restore.Disable()
	return t
}

// offeredBackups is how many backups are offered for a damaged register.
const offeredBackups = 6

func backupName(b app.Backup) string {
	return dayTime(b.At) + " · " + size(int(b.Size))
}

func (t *trouble) show() {
	again := newButton(lang.L("Réessayer"), func() { t.w.openRegister(t.w.register) })
	leave := newButton(lang.L("Quitter"), t.w.fyneApp.Quit)
	said := paragraph(message(t.err))
	said.Importance, said.Selectable = widget.WarningImportance, true
	t.box = container.NewVBox(heading(lang.L("Le registre ne s’ouvre pas")), caption(app.RegisterLabel(t.w.register)), said)
	if app.KindOf(t.err) == app.Damaged {
		text := lang.L("Aucune sauvegarde n’a été trouvée. Le fichier n’a pas été touché : gardez-le, et copiez à sa place une sauvegarde faite ailleurs.")
		if len(t.backups) > 0 {
			text = lang.L("Ses sauvegardes sont là. La plus récente qui soit bonne peut prendre sa place ; le fichier abîmé est gardé à côté.")
		}
		t.box.Add(paragraph(text))
		if len(t.backups) > 0 {
			t.box.Add(t.choice)
			t.box.Add(t.holds)
			t.box.Add(t.restore)
		}
	}
	t.box.Add(t.notice.content())
	buttons := container.NewHBox(again, leave)
	if app.IsShared(t.w.register) {
		buttons.Add(newButton(lang.L("Revenir à un registre de ce poste…"), t.w.leaveSharing))
	}
	t.box.Add(buttons)
	t.notice.onResize = t.box.Refresh
	card := container.NewStack(newFill(theme.ColorNameBackground, 8), padded(28, wide(560, t.box)))
	t.w.setContent(ground(colorPanel, container.NewCenter(card)))
	if len(t.backups) > 0 {
		t.choice.SetSelected(t.choice.Options[0])
	}
}

func (t *trouble) chosen() (app.Backup, bool) {
	for i, name := range t.choice.Options {
		if name == t.choice.Selected {
			return t.backups[i], true
		}
	}
	return app.Backup{}, false
}

// look looks at the backup chosen; one that is damaged too cannot be restored.
func (t *trouble) look() {
	backup, ok := t.chosen()
	if !ok {
		return
	}
	t.restore.Disable()
	t.holds.SetText(lang.L("Vérification de la sauvegarde…"))
	start(t.w.root, "look", nil, func(ctx context.Context) (app.BackupContents, error) { return app.InspectBackup(ctx, backup.Path) },
		func(found app.BackupContents, err error) {
			if err != nil {
				t.holds.SetText(message(err))
			} else {
				t.holds.SetText(contentsText(found))
				t.restore.Enable()
			}
			t.box.Refresh()
		})
}

// contentsText says what a backup holds.
func contentsText(c app.BackupContents) string {
	return lang.L("« {{.Name}} », dernier acte le {{.When}}. Organisations : {{.Organisations}} · comptes : {{.Accounts}} · lettres : {{.Letters}} · demandes : {{.Tickets}}", map[string]any{
		"Name": c.Register, "Organisations": number(c.Organisations), "Accounts": number(c.Accounts), "Letters": number(c.Letters),
		"Tickets": number(c.Tickets), "When": dayTime(c.LastChange),
	}) + brokenText(c)
}

// brokenText warns of a backup whose audit was changed outside Guichet.
func brokenText(c app.BackupContents) string {
	if c.BrokenAudit == 0 {
		return ""
	}
	return " " + lang.L("Attention : son journal est rompu à l’entrée {{.ID}}.", map[string]any{"ID": number(int(c.BrokenAudit))})
}

func (t *trouble) onRestore() {
	backup, ok := t.chosen()
	if !ok {
		return
	}
	start(t.w.root, "restore", t.restore, func(ctx context.Context) (string, error) {
		return app.Restore(ctx, t.w.register, backup.Path, t.w.options)
	}, func(_ string, err error) {
		if err != nil {
			t.notice.fail(err, nil)
			return
		}
		t.w.openRegister(t.w.register)
	})
}
