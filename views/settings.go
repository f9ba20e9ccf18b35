package views

import (
	"bytes"
	"context"
	"reflect"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"guichet/app"
	"guichet/data"
)

// settingsPage is a topic of the settings. What is typed on it stays until it
// is saved or abandoned, whatever else is looked at meanwhile.
type settingsPage interface {
	content() fyne.CanvasObject
	reload()       // each time it is shown, and F5
	mainAct()      // Ctrl+Enter
	changed() bool // holds what is not saved yet
}

// settings is the screen of the register's settings: topics on the left, the
// page of one of them on the right.
type settings struct {
	f        *frame
	letter   *settingsLetter   // nil for those who keep no register
	mail     *settingsForm     // nil likewise
	printers *settingsPrinters // for the mail room too
	topics   []*settingsTopic
	forms    []*settingsForm
	list     *fyne.Container
	middle   *fyne.Container
	box      fyne.CanvasObject
	current  *settingsTopic
	// afterSaving, when set, is called once after the next page is saved.
	afterSaving func()
}

// settingsTopic is a line of the list on the left, and its page.
type settingsTopic struct {
	title string
	help  string // its page of the help
	page  settingsPage
	item  *navItem
}

func newSettings(f *frame) *settings {
	s := &settings{f: f, list: container.NewVBox(), middle: container.NewStack()}
	if f.may("SaveSettings") {
		s.letter, s.mail = newSettingsLetter(s), newSettingsMail(s)
		s.add(lang.L("Registre"), "settings-register", theme.InfoIcon(), newSettingsRegister(s))
		s.add(lang.L("Opérateurs"), "settings-operators", theme.AccountIcon(), newSettingsOperators(s))
		if !f.guichet.Shared() { // they are its server's
			s.add(lang.L("Sauvegardes"), "settings-backups", theme.DocumentSaveIcon(), newSettingsBackups(s))
		}
		s.add(lang.L("Vie privée"), "settings-privacy", theme.VisibilityIcon(), newSettingsPrivacy(s))
		s.add(lang.L("Modèle de lettre"), "settings-letter", theme.DocumentIcon(), s.letter)
		s.add(lang.L("Courrier"), "settings-mail", theme.MailComposeIcon(), s.mail)
		s.add(lang.L("Assistance"), "settings-help-desk", theme.MailReplyIcon(), newSettingsHelpDesk(s))
		s.add(lang.L("Boîtes aux lettres"), "settings-mailboxes", theme.StorageIcon(), newSettingsMailboxes(s))
		s.add(lang.L("Serveur d’envoi"), "settings-smarthost", theme.MailSendIcon(), newSettingsSmarthost(s))
	}
	s.printers = newSettingsPrinters(s)
	s.add(lang.L("Imprimantes"), "settings-printers", theme.DocumentPrintIcon(), s.printers)
	list := ground(colorPanel, padded(6, container.NewBorder(heading(lang.L("Réglages")), nil, nil, nil, s.list)))
	s.box = container.New(settingsLayout{}, list, newFill(theme.ColorNameSeparator, 0), s.middle)
	return s
}

const settingsListWidth = 164

// settingsLayout lays out the list of topics, a line, and a page.
type settingsLayout struct{}

func (settingsLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	page := objects[2].MinSize()
	return fyne.NewSize(settingsListWidth+1+page.Width, page.Height)
}

func (settingsLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	objects[0].Resize(fyne.NewSize(settingsListWidth, size.Height))
	objects[1].Move(fyne.NewPos(settingsListWidth, 0))
	objects[1].Resize(fyne.NewSize(1, size.Height))
	objects[2].Move(fyne.NewPos(settingsListWidth+1, 0))
	objects[2].Resize(fyne.NewSize(size.Width-settingsListWidth-1, size.Height))
}

// add adds a topic, with its page of the help, and its page.
func (s *settings) add(title, help string, icon fyne.Resource, page settingsPage) {
	topic := &settingsTopic{title: title, help: help, page: page}
	topic.item = newNavItem(title, icon, nil, func() { s.open(topic) })
	s.topics = append(s.topics, topic)
	s.list.Add(topic.item)
	if s.current == nil {
		s.turn(topic)
	}
}

// open shows a topic's page, as it was left.
func (s *settings) open(topic *settingsTopic) {
	s.turn(topic)
	topic.page.reload()
}

func (s *settings) turn(topic *settingsTopic) {
	s.current = topic
	s.middle.Objects = []fyne.CanvasObject{topic.page.content()}
	s.middle.Refresh()
	s.mark()
}

// mark puts a dot where something is not saved yet, on the screen's name too.
func (s *settings) mark() {
	for _, topic := range s.topics {
		topic.item.marked = topic == s.current
		topic.item.text = dotted(topic.title, topic.page.changed())
		topic.item.Refresh()
	}
	for _, item := range s.f.nav.items {
		if item.screen == screen(s) {
			item.text = dotted(lang.L("Réglages"), s.unsaved())
			item.Refresh()
		}
	}
}

// unsaved tells whether something is not saved yet.
func (s *settings) unsaved() bool {
	return slices.ContainsFunc(s.topics, func(topic *settingsTopic) bool { return topic.page.changed() })
}

func dotted(title string, unsaved bool) string {
	if unsaved {
		return title + noBreak + "•"
	}
	return title
}

func (s *settings) content() fyne.CanvasObject { return s.box }
func (s *settings) reload()                    { s.current.page.reload() }
func (s *settings) mainAct()                   { s.current.page.mainAct() }
func (s *settings) back()                      {}
func (s *settings) help() string               { return s.current.help }

func (s *settings) keys() []keyGroup {
	if page, ok := s.current.page.(interface{ keys() []keyGroup }); ok {
		return page.keys()
	}
	return nil
}

// registerSettings are the settings with the letterhead's logo.
type registerSettings struct {
	data.Settings
	logo []byte
}

func (s *settings) fetch(ctx context.Context) (found registerSettings, err error) {
	if found.Settings, err = s.f.guichet.Settings(ctx); err == nil {
		found.logo, err = s.f.guichet.Logo(ctx)
	}
	return found, err
}

// same tells whether two settings are one, the printers' offsets apart: they
// have a use case of their own, and the mail room changes them meanwhile.
func (r registerSettings) same(other registerSettings) bool {
	r.Printers, other.Printers = nil, nil
	return bytes.Equal(r.logo, other.logo) && reflect.DeepEqual(r.Settings, other.Settings)
}

// store saves what differs between before and after, and returns the settings
// as they then are. When somebody changed them since before was read, nothing
// is saved.
func (s *settings) store(ctx context.Context, before, after registerSettings) (registerSettings, error) {
	refusal := s.f.guichet.SaveDesign(ctx, before.Settings, before.logo, after.Settings, after.logo)
	if refusal != nil && app.KindOf(refusal) != app.Conflict {
		return before, refusal
	}
	present, err := s.fetch(ctx)
	if err != nil {
		return before, err
	}
	return present, refusal
}

// saved is called after a page was saved: the other pages go on from there.
func (s *settings) saved(before, present registerSettings) {
	for _, form := range s.forms {
		if form.known.same(before) {
			form.known = present
		}
	}
	s.f.readSettings()
	if !reflect.DeepEqual(before.Mailboxes, present.Mailboxes) {
		s.f.mailbox.open()
	}
	s.f.notice.done(lang.L("Réglages enregistrés"))
	if after := s.afterSaving; after != nil {
		s.afterSaving = nil
		after()
	}
}

// section is a title over the fields that belong together.
func section(text string, objects ...fyne.CanvasObject) fyne.CanvasObject {
	head := widget.NewLabelWithStyle(text, fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
	head.SizeName = theme.SizeNameSubHeadingText
	title := container.New(layout.NewCustomPaddedLayout(0, -4, -2, 0), head)
	return container.NewVBox(append([]fyne.CanvasObject{title}, objects...)...)
}
