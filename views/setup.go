package views

import (
	"context"
	"path/filepath"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"guichet/app"
)

// setup leads the first administrator of a new register through what a desk
// needs: the letterhead, the printer, the mailbox, the organisations. Its steps
// are the settings' own pages; each can be passed over.
type setup struct {
	f     *frame
	steps []setupStep
	at    int
	box   *fyne.Container
	next  *button
}

// setupStep is one step: a page of the settings, or a screen of its own.
type setupStep struct {
	title string
	page  settingsPage // nil: it has nothing to save
	other interface{ content() fyne.CanvasObject }
}

func newSetup(f *frame) *setup {
	s := &setup{f: f, box: container.NewStack()}
	s.steps = []setupStep{{title: lang.L("Administrateur")}}
	for _, step := range []struct{ topic, title string }{
		{lang.L("Modèle de lettre"), lang.L("Expéditeur et en-tête")},
		{lang.L("Imprimantes"), lang.L("Imprimante et calibrage")},
		{lang.L("Boîtes aux lettres"), lang.L("Boîte aux lettres")},
	} {
		for _, topic := range f.settings.topics {
			if topic.title == step.topic {
				s.steps = append(s.steps, setupStep{title: step.title, page: topic.page})
			}
		}
	}
	s.steps = append(s.steps, setupStep{title: lang.L("Organisations"), other: newImportForm(f.book)})
	s.next = newIconButton("", theme.NavigateNextIcon(), s.onNext)
	s.next.Importance, s.next.IconPlacement = widget.HighImportance, widget.ButtonIconTrailingText
	s.at = 1 // the administrator is made
	return s
}

func (s *setup) content() fyne.CanvasObject {
	s.show()
	return s.box
}

// show shows the step, under the list of all.
func (s *setup) show() {
	marks := container.NewHBox()
	for i, step := range s.steps {
		label := widget.NewLabel(number(i+1) + noBreak + "· " + step.title)
		icon := widget.NewIcon(nil)
		switch {
		case i < s.at:
			icon.SetResource(stateIcon(theme.ConfirmIcon(), theme.ColorNameSuccess))
			label.Importance = widget.LowImportance
		case i == s.at:
			icon.SetResource(stateIcon(theme.NavigateNextIcon(), theme.ColorNamePrimary))
			label.TextStyle.Bold = true
		default:
			label.Importance = widget.LowImportance
		}
		marks.Add(container.New(layout.NewCustomPaddedHBoxLayout(-4), icon, label))
	}
	head := container.NewVBox(heading(lang.L("Mise en service")), marks, widget.NewSeparator())
	s.next.SetText(lang.L("Suivant"))
	if s.at == len(s.steps)-1 {
		s.next.SetText(lang.L("Terminer"))
	}
	former := newIconButton(lang.L("Précédent"), theme.NavigateBackIcon(), func() { s.turn(s.at - 1) })
	setEnabled(former, s.at > 1)
	later := newButton(lang.L("Plus tard"), s.leave)
	later.Importance = widget.LowImportance
	foot := container.NewVBox(widget.NewSeparator(), padded(6, container.NewHBox(former, layout.NewSpacer(), later, s.next)))
	s.box.Objects = []fyne.CanvasObject{container.NewBorder(padded(8, head), foot, nil, nil, s.page())}
	s.box.Refresh()
}

func (s *setup) page() fyne.CanvasObject {
	step := s.steps[s.at]
	if step.page != nil {
		return step.page.content()
	}
	return step.other.content()
}

func (s *setup) turn(to int) {
	s.at = to
	s.show()
	s.reload()
}

// onNext goes on once what was typed is saved.
func (s *setup) onNext() {
	step := s.steps[s.at]
	if step.page != nil && step.page.changed() {
		s.f.settings.afterSaving = s.goOn
		step.page.mainAct()
		return
	}
	s.goOn()
}

func (s *setup) goOn() {
	if s.f.current != screen(s) {
		return
	}
	if s.at == len(s.steps)-1 {
		s.leave()
		return
	}
	s.turn(s.at + 1)
}

// leave goes to work; the settings lead back here.
func (s *setup) leave() { s.f.show(s.f.home) }

func (s *setup) reload() {
	if page := s.steps[s.at].page; page != nil {
		page.reload()
	}
}

func (s *setup) mainAct()         { s.onNext() }
func (s *setup) back()            {}
func (s *setup) help() string     { return "setting-up" }
func (s *setup) keys() []keyGroup { return nil }

// openSetup shows the first steps, from the first that has something to save.
func (f *frame) openSetup() { f.show(newSetup(f)) }

// demoRegister is the name of the demo register's file, beside the register.
const demoRegister = "demonstration.db"

// onDemo builds the demo register beside the new one, unless it is there already,
// and opens it.
func (s *signIn) onDemo(button *button) {
	path := filepath.Join(filepath.Dir(s.w.register), demoRegister)
	bar := widget.NewProgressBar()
	s.form.root.(*fyne.Container).Add(bar)
	reported := s.w.root.reporting(func(done, total int) { bar.SetValue(float64(done) / float64(max(total, 1))) })
	start(s.w.root, "demo", button, func(ctx context.Context) (string, error) {
		err := app.BuildDemo(ctx, path, 1, s.w.options, reported)
		if app.KindOf(err) == app.Conflict { // it is there
			err = nil
		}
		return path, err
	}, func(path string, err error) {
		if err == nil {
			err = s.w.closeRegister()
		}
		if err != nil {
			s.notice.fail(err, nil)
			return
		}
		s.w.openRegister(path)
	})
}
