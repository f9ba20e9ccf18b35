package views

import (
	"context"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"

	"guichet/app"
)

// settingsBackups are the backups: where they go and how many stay, those that
// there are, one made now, and the way back.
type settingsBackups struct {
	p            *settingsForm
	folder, keep *entry
	now, restore *button
	table        *table[app.Backup]
}

// newSettingsBackups is the page of the register's backups.
func newSettingsBackups(s *settings) *settingsForm {
	p := newSettingsForm(s, "backups")
	v := &settingsBackups{p: p}
	var folder, keep fyne.CanvasObject
	v.folder, folder = p.text("backup_folder", lang.L("Dossier (vide : à côté du registre)"))
	v.keep, keep = p.text("backup_keep", lang.L("Nombre à garder *"))
	choose := newIconButton("", theme.FolderOpenIcon(), v.onChoose)
	v.now = newIconButton(lang.L("Sauvegarder maintenant"), theme.DocumentSaveIcon(), v.onNow)
	v.restore = newIconButton(lang.L("Restaurer…"), theme.HistoryIcon(), v.onRestore)
	v.table = newTable(s.f.w, "sauvegardes", func(b app.Backup) int64 { return b.At.Unix() },
		column[app.Backup]{title: lang.L("Faite le"), width: 170, text: func(b app.Backup) string { return dayTime(b.At) }, less: func(a, b app.Backup) int { return a.At.Compare(b.At) }},
		column[app.Backup]{title: lang.L("Taille"), width: 90, right: true, text: func(b app.Backup) string { return size(int(b.Size)) }, less: func(a, b app.Backup) int { return int(a.Size - b.Size) }},
		column[app.Backup]{title: lang.L("Fichier"), width: 200, grow: 1, text: func(b app.Backup) string { return filepath.Base(b.Path) }},
	)
	v.table.setEmpty(lang.L("Aucune sauvegarde encore. La première se fait à l’ouverture d’une session."), nil)
	v.table.onSelected = func(app.Backup) { v.restore.Enable() }
	v.restore.Disable()
	p.fill = func(r registerSettings) {
		v.folder.SetText(r.Backup.Folder)
		v.keep.SetText(strconv.Itoa(r.Backup.Keep))
		v.list()
	}
	p.typed = func(r registerSettings) (registerSettings, error) {
		r.Backup.Folder, r.Backup.Keep = strings.TrimSpace(v.folder.Text), wholeNumber(v.keep.Text)
		return r, nil
	}
	tried := newTrial(s, "backup test", func(ctx context.Context) (string, error) {
		took, err := s.f.guichet.CheckBackupFolder(ctx, strings.TrimSpace(v.folder.Text))
		return lang.L("Écrit et relu dans le dossier en {{.Span}}.", map[string]any{"Span": milliseconds(took)}), err
	})
	height := container.New(atLeastHeight(300), v.table.content)
	p.box = p.layOut(lang.L("Sauvegardes"), lang.L("Une par jour, faite et vérifiée par Guichet dès qu’une session est ouverte ; un dossier sur un autre disque protège de la panne du premier."),
		container.New(layout.NewCustomPaddedVBoxLayout(10),
			container.NewBorder(nil, nil, nil, wide(150, keep), container.NewBorder(nil, nil, nil, container.NewVBox(layout.NewSpacer(), choose), folder)),
			tried.content(p.fit), container.NewHBox(v.now, v.restore), height,
			caption(lang.L("Les mots de passe des boîtes aux lettres ne sont pas dans les sauvegardes, ni les PDF des lots : un lot pas encore posté est recomposé."))))
	return p
}

// atLeastHeight gives an object a height.
type atLeastHeight float32

func (h atLeastHeight) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(objects[0].MinSize().Width, float32(h))
}

func (h atLeastHeight) Layout(objects []fyne.CanvasObject, size fyne.Size) { objects[0].Resize(size) }

func (v *settingsBackups) list() {
	load(v.p.s.f, "backups", v.p.s.f.guichet.Backups, func(found []app.Backup) {
		v.table.show(found)
		if _, ok := v.table.current(); !ok {
			v.table.choose(0)
		}
		_, ok := v.table.current()
		setEnabled(v.restore, ok)
	})
}

func (v *settingsBackups) onChoose() {
	w := v.p.s.f.w
	w.showFiles(dialog.NewFolderOpen(func(folder fyne.ListableURI, err error) {
		if err == nil && folder != nil {
			v.folder.SetText(folder.Path())
		}
	}, w.window))
}

func (v *settingsBackups) onNow() {
	f := v.p.s.f
	long(f, lang.L("Sauvegarde"), v.now, func(ctx context.Context, report progress) (app.Backup, error) { return f.guichet.BackUp(ctx, report) },
		func(made app.Backup, err error) {
			if err != nil {
				f.notice.fail(err, nil)
				return
			}
			v.list()
			f.notice.done(lang.L("Registre sauvegardé et vérifié : {{.Name}}", map[string]any{"Name": filepath.Base(made.Path)}))
		})
}

// onRestore shows what a backup holds, and puts it in the register's place once
// that is confirmed.
func (v *settingsBackups) onRestore() {
	backup, ok := v.table.current()
	if !ok {
		return
	}
	f := v.p.s.f
	start(f.scope, "look", v.restore, func(ctx context.Context) (app.BackupContents, error) { return app.InspectBackup(ctx, backup.Path) },
		func(found app.BackupContents, err error) {
			if err != nil {
				f.notice.fail(err, nil)
				return
			}
			content := container.NewVBox(paragraph(contentsText(found)),
				paragraph(lang.L("Tout ce qui s’est fait depuis sort du registre : lettres, codes, demandes, réponses. Le registre actuel est gardé à côté. Les codes des lettres postées depuis ne seront plus reconnus.")))
			f.w.openDialog(lang.L("Revenir au {{.When}}", map[string]any{"When": dayTime(backup.At)}), lang.L("Restaurer"), true, 480, content, func(m *modal) {
				start(f.w.root, "restore", m.button, func(context.Context) (string, error) { return f.guichet.RestoreBackup(f.scope.ctx, backup.Path) },
					func(kept string, err error) {
						if kept == "" {
							m.fail(err, nil)
							return
						}
						f.w.told = lang.L("Le registre est restauré ; l’ancien est gardé : {{.Name}}", map[string]any{"Name": filepath.Base(kept)})
						if err != nil {
							f.w.told += ". " + message(err)
						}
						f.w.signOut()
					})
			})
		})
}

// backupCheckEvery is how often the age of the last backup is looked at.
const backupCheckEvery = time.Hour

// backUpDaily has the register backed up once a day while a session is open, and
// shows what is wrong when it turns out not to be whole.
func (f *frame) backUpDaily() {
	start(f.scope, "backup", nil, f.guichet.BackUpDaily, func(_ bool, err error) {
		switch {
		case app.KindOf(err) == app.Damaged:
			f.w.foundDamaged(err)
			return
		case err != nil:
			f.notice.show(theme.WarningIcon(), theme.ColorNameError, lang.L("La sauvegarde du jour n’a pas pu se faire : {{.Problem}}", map[string]any{"Problem": lowerFirst(message(err))}))
		}
		f.scope.later("backup", backupCheckEvery, f.backUpDaily)
	})
}

func (v *settingsBackups) keys() []keyGroup {
	return []keyGroup{v.table.keyGroup(lang.L("Dans la liste"))}
}
