package views

import (
	"context"
	"strconv"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// typingRest is how long nobody types before what was typed is looked at.
const typingRest = 300 * time.Millisecond

// settingsForm is a page over some of the register's settings: its fields, the
// draft that they hold, and what saves or abandons it.
type settingsForm struct {
	s       *settings
	name    string // of its slots
	fields  *form
	state   *widget.Label
	save    *button
	abandon *button
	body    *fyne.Container // the fields
	scroll  *container.Scroll
	box     fyne.CanvasObject

	// fill puts settings into the fields; typed are settings with what the
	// fields hold, or the Problems of what cannot be read.
	fill  func(registerSettings)
	typed func(registerSettings) (registerSettings, error)
	// look judges what is typed once typing rests, and what was just read;
	// by the rules of the settings unless the page has more to say.
	look func()
	// placed gives problems to the fields that show them, when those are not
	// called as the problems call them.
	placed func(error) error

	known   registerSettings // as last read or saved
	clean   registerSettings // known, as the fields would write it
	read    bool             // known was read
	filling bool
	fitting bool
}

// newSettingsForm makes a page; its box is laid out by show, once the fields
// were made.
func newSettingsForm(s *settings, name string) *settingsForm {
	p := &settingsForm{s: s, name: name, fields: newForm(), state: line("")}
	p.save = newIconButton(lang.L("Enregistrer"), theme.DocumentSaveIcon(), p.onSave)
	p.save.Importance = widget.HighImportance
	p.abandon = newButton(lang.L("Abandonner les changements"), p.onAbandon)
	p.state.Importance = widget.WarningImportance
	p.look, p.placed = p.check, func(err error) error { return err }
	s.forms = append(s.forms, p)
	p.enable()
	return p
}

// layOut puts a title over the fields and the acts under them.
func (p *settingsForm) layOut(title, explanation string, fields fyne.CanvasObject) fyne.CanvasObject {
	top := container.New(layout.NewCustomPaddedVBoxLayout(-4), heading(title))
	if explanation != "" {
		top.Add(caption(explanation))
	}
	acts := container.NewBorder(nil, nil, container.NewHBox(p.save, p.abandon), nil, p.state)
	p.body = container.New(layout.NewCustomPaddedLayout(4, 12, 8, 16), fields)
	p.scroll = container.NewVScroll(p.body)
	p.fields.root = p.scroll
	return container.NewBorder(
		ground(theme.ColorNameBackground, padded(4, top)),
		ground(theme.ColorNameBackground, container.NewVBox(widget.NewSeparator(), padded(6, acts))), nil, nil, p.scroll)
}

// fit gives the fields the room that they need, after texts grew or problems
// came.
func (p *settingsForm) fit() {
	if p.fitting { // a field that is being laid out asks for it
		return
	}
	p.fitting = true
	defer func() { p.fitting = false }()
	for range 2 { // what wraps has its height once it has its width
		p.body.Refresh()
		p.scroll.Refresh()
	}
}

func (p *settingsForm) content() fyne.CanvasObject { return p.box }

// entry is a field of one line.
func (p *settingsForm) entry() *entry {
	e := newEntry(p.s.f.w)
	e.OnChanged = func(string) { p.touched() }
	return e
}

// text adds a field of one line.
func (p *settingsForm) text(name, label string) (*entry, fyne.CanvasObject) {
	e := p.entry()
	return e, p.fields.add(name, label, e)
}

// touched is called by each field after it changed.
func (p *settingsForm) touched() {
	if p.filling {
		return
	}
	p.enable()
	p.s.f.scope.later("settings/"+p.name, typingRest, p.look)
}

// check shows what of the draft breaks a rule.
func (p *settingsForm) check() {
	after, err := p.typed(p.known)
	if err == nil {
		err = after.Check()
	}
	p.fields.show(err) // what has no field here is not this page's
	p.fit()
}

// changed tells whether the fields hold something that is not saved.
func (p *settingsForm) changed() bool {
	if !p.read {
		return false
	}
	after, err := p.typed(p.clean)
	return err != nil || !after.same(p.clean)
}

// enable follows the draft: the buttons, the words beside them, the dots.
func (p *settingsForm) enable() {
	changed := p.changed()
	setEnabled(p.save, changed)
	setEnabled(p.abandon, changed)
	p.state.SetText("")
	if changed {
		p.state.SetText(lang.L("Non enregistré"))
	}
	p.s.mark()
}

// reload reads the settings anew; a draft stays.
func (p *settingsForm) reload() {
	start(p.s.f.scope, "settings/"+p.name, nil, p.s.fetch, func(present registerSettings, err error) {
		switch {
		case err != nil:
			p.s.f.notice.fail(err, nil)
		case !p.changed():
			p.show(present)
		}
	})
}

// show puts settings into the fields, whatever they held.
func (p *settingsForm) show(present registerSettings) {
	p.filling = true
	p.fill(present)
	p.filling = false
	p.known, p.read = present, true
	p.clean, _ = p.typed(present) // what was saved can be read
	p.fields.clear()
	p.enable()
	p.look()
}

func (p *settingsForm) onAbandon() {
	p.show(p.known)
	p.reload()
}

func (p *settingsForm) mainAct() { p.onSave() }

func (p *settingsForm) onSave() {
	if p.save.Disabled() {
		return
	}
	before := p.known
	after, err := p.typed(before)
	if err != nil {
		p.s.f.notice.fail(err, p.fields)
		return
	}
	start(p.s.f.scope, "", p.save, func(ctx context.Context) (registerSettings, error) {
		return p.s.store(ctx, before, after)
	}, func(present registerSettings, err error) {
		if err != nil {
			p.known = present
			p.enable()
			p.s.f.notice.fail(p.placed(err), p.fields)
			p.fit()
			return
		}
		p.show(present)
		p.s.saved(before, present)
	})
}

// newSettingsRegister is the page of what names the register.
func newSettingsRegister(s *settings) *settingsForm {
	p := newSettingsForm(s, "register")
	name, field := p.text("register_name", lang.L("Nom du registre *"))
	minutes, wait := p.text("lock_minutes", lang.L("Verrouiller la session après… minutes sans personne (0 : jamais)"))
	setup := newIconButton(lang.L("Mise en service, pas à pas…"), theme.NavigateNextIcon(), s.f.openSetup)
	p.fill = func(r registerSettings) {
		name.SetText(r.RegisterName)
		minutes.SetText(strconv.Itoa(r.LockMinutes))
	}
	p.typed = func(r registerSettings) (registerSettings, error) {
		r.RegisterName = strings.TrimSpace(name.Text)
		r.LockMinutes = wholeNumber(minutes.Text)
		return r, nil
	}
	tried := newTrial(s, "register test", func(ctx context.Context) (string, error) {
		check, err := s.f.guichet.CheckRegister(ctx)
		return lang.L("Écrit et relu : {{.Write}} pour écrire, {{.Read}} pour relire.", map[string]any{"Write": milliseconds(check.Write), "Read": milliseconds(check.Read)}), err
	})
	p.box = p.layOut(lang.L("Registre"), lang.L("Le nom se lit en bas de la fenêtre : il distingue ce registre d’un registre d’essai."),
		container.New(atMost(460), container.NewVBox(field, wait, tried.content(p.fit), widget.NewLabel(""), container.NewHBox(setup), widget.NewLabel(""), s.sharing())))
	return p
}
