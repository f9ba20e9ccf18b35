package views

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"guichet/data"
)

// eServices is the catalogue of e-services. Who may use them is set on each
// organisation's page.
type eServices struct {
	f      *frame
	table  *table[data.EService]
	add    *button
	edit   *button
	retire *button
	acts   *fyne.Container
}

func newEServices(f *frame) *eServices {
	s := &eServices{f: f}
	s.add = newIconButton(lang.L("Nouvel e-service…"), theme.ContentAddIcon(), func() { s.openForm(data.EService{}) })
	s.add.Importance = widget.HighImportance
	s.edit = newIconButton(lang.L("Modifier…"), theme.DocumentCreateIcon(), func() {
		if service, ok := s.table.current(); ok {
			s.openForm(service)
		}
	})
	s.retire = newButton("", s.onRetire)
	s.table = newTable(f.w, "e-services", func(e data.EService) int64 { return e.ID },
		column[data.EService]{title: lang.L("Nom"), width: 220, grow: 2, text: func(e data.EService) string { return e.Name }},
		column[data.EService]{title: lang.L("Code"), width: 140, mono: true, text: func(e data.EService) string { return e.Code }},
		column[data.EService]{title: lang.L("À quoi il sert"), width: 260, grow: 4, text: func(e data.EService) string { return e.Description }},
		column[data.EService]{title: lang.L("Depuis"), width: 110, text: func(e data.EService) string { return day(e.CreatedAt) }},
		column[data.EService]{title: lang.L("État"), width: 140, text: serviceState, icon: serviceIcon},
	)
	s.table.setEmpty(lang.L("Les e-services auxquels les organisations s’abonnent seront listés ici."), nil)
	s.table.onSelected = func(data.EService) { s.showActs() }
	s.table.onOpened = func(e data.EService) { s.openForm(e) }
	return s
}

func serviceState(e data.EService) string {
	if e.RetiredAt.IsZero() {
		return lang.L("Proposé")
	}
	return lang.L("N’est plus proposé")
}

func serviceIcon(e data.EService) (fyne.Resource, fyne.ThemeColorName) {
	if e.RetiredAt.IsZero() {
		return theme.ConfirmIcon(), theme.ColorNameSuccess
	}
	return theme.CancelIcon(), theme.ColorNameWarning
}

func (s *eServices) content() fyne.CanvasObject {
	s.acts = container.NewHBox(s.f.offer("UpdateEService", s.edit), s.f.offer("UpdateEService", s.retire))
	top := container.NewVBox(
		container.NewBorder(nil, nil, nil, container.NewHBox(s.f.offer("AddEService", s.add)), heading(lang.L("E-services"))),
		caption(lang.L("Le catalogue. Abonnements et permissions se règlent sur la fiche de chaque organisation, onglet E-services.")),
	)
	return padded(8, container.NewBorder(top, s.acts, nil, nil, s.table.content))
}

func (s *eServices) reload() {
	load(s.f, "e-services", s.f.guichet.EServices, func(found []data.EService) {
		s.table.show(found)
		if _, ok := s.table.current(); !ok {
			s.table.choose(0)
		}
		s.showActs()
	})
}

func (s *eServices) showActs() {
	service, ok := s.table.current()
	setEnabled(s.edit, ok)
	setEnabled(s.retire, ok)
	s.retire.SetText(lang.L("Ne plus proposer"))
	if ok && !service.RetiredAt.IsZero() {
		s.retire.SetText(lang.L("Proposer de nouveau"))
	}
	s.acts.Refresh() // a word may be longer
}

func (s *eServices) onRetire() {
	service, ok := s.table.current()
	if !ok {
		return
	}
	text := lang.L("{{.Name}} n’est plus proposé ; ses abonnements demeurent", map[string]any{"Name": service.Name})
	if service.RetiredAt.IsZero() {
		service.RetiredAt = s.f.guichet.Now()
	} else {
		service.RetiredAt = data.EService{}.RetiredAt
		text = lang.L("{{.Name}} est de nouveau proposé", map[string]any{"Name": service.Name})
	}
	act(s.f.scope, s.retire, func(ctx context.Context) error { return s.f.guichet.UpdateEService(ctx, service) }, func(err error) {
		if err != nil {
			s.f.notice.fail(err, nil)
			return
		}
		s.f.changed(text)
	})
}

// openForm opens the form of an e-service, new when it has no id.
func (s *eServices) openForm(service data.EService) {
	fields := newForm()
	name, code, description := newEntry(s.f.w), newEntry(s.f.w), newEntry(s.f.w)
	name.Text, code.Text, description.Text = service.Name, service.Code, service.Description
	title := lang.L("Nouvel e-service")
	if service.ID != 0 {
		title = service.Name
		code.Disable() // stable: files and scripts name it
	}
	content := container.NewVBox(
		fields.add("name", lang.L("Nom *"), name),
		fields.add("code", lang.L("Code court et stable * (minuscules, chiffres, tirets)"), code),
		fields.add("description", lang.L("À quoi il sert"), description),
	)
	s.f.w.openDialog(title, lang.L("Enregistrer l’e-service"), false, 480, content, func(m *modal) {
		edited := service
		edited.Name, edited.Code = strings.TrimSpace(name.Text), strings.TrimSpace(code.Text)
		edited.Description = strings.TrimSpace(description.Text)
		act(s.f.scope, m.button, func(ctx context.Context) error {
			if edited.ID != 0 {
				return s.f.guichet.UpdateEService(ctx, edited)
			}
			_, err := s.f.guichet.AddEService(ctx, edited)
			return err
		}, func(err error) {
			if err != nil {
				m.fail(err, fields)
				return
			}
			s.f.w.closeDialog()
			s.f.changed(lang.L("E-service enregistré"))
		})
	})
	fields.focus(s.f.w, "name")
}

func (s *eServices) mainAct()         { s.openForm(data.EService{}) }
func (s *eServices) help() string     { return "e-services" }
func (s *eServices) keys() []keyGroup { return []keyGroup{s.table.keyGroup(lang.L("Dans la liste"))} }

func (s *eServices) back() {}
