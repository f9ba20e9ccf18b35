package views

import (
	"context"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"guichet/app"
	"guichet/data"
)

// screen is one screen of the window.
type screen interface {
	content() fyne.CanvasObject
	reload()          // F5, and each time it is shown
	mainAct()         // Ctrl+Enter
	back()            // Esc
	help() string     // the page of the help about what it shows
	keys() []keyGroup // its own, beside those of every screen
}

// frame is the window of an operator's session: the navigation, the screens
// that their roles use, and the status bar.
type frame struct {
	w        *Window
	guichet  *app.App
	operator data.Operator
	scope    *scope // the session
	nav      *navigation
	status   *status
	mailbox  *mailboxWatch
	notice   *notice
	middle   *fyne.Container
	tour     *guidedTour     // nil while none goes on
	beside   *fyne.Container // the tour's card, over the screen
	current  screen

	home     *home
	mail     *mail
	codes    *codes
	tickets  *tickets
	book     *organisations
	service  *eServices
	settings *settings
	audit    *audit

	alsaceMoselle bool          // the register has Alsace-Moselle's holidays
	lockAfter     time.Duration // without anybody there; 0: never
}

func newFrame(w *Window, operator data.Operator) *frame {
	f := &frame{w: w, guichet: w.guichet, operator: operator, notice: newNotice(), middle: container.NewStack(), beside: container.New(besideScreen{})}
	f.scope = newScope(app.As(w.root.ctx, operator), w.tasks)
	f.status = newStatus(f)
	f.mailbox = newMailboxWatch(f)
	f.home = newHome(f)
	f.nav = newNavigation(f.show, f.openPalette)
	f.nav.add(lang.L("Accueil"), theme.HomeIcon(), f.home)
	if f.may("PreviewLetter") {
		f.mail = newMail(f)
		f.nav.add(lang.L("Courrier"), theme.MailComposeIcon(), f.mail)
	}
	if f.may("Confirm") {
		f.codes = newCodes(f)
		f.nav.add(lang.L("Codes"), theme.ConfirmIcon(), f.codes)
	}
	if f.may("Ticket") {
		f.tickets, f.book = newTickets(f), newOrganisations(f)
		f.nav.add(lang.L("Assistance"), theme.MailReplyIcon(), f.tickets)
		f.nav.add(lang.L("Annuaire"), theme.StorageIcon(), f.book)
	}
	if f.may("UpdateEService") || operator.Has(data.Reader) {
		f.service = newEServices(f)
		f.nav.add(lang.L("E-services"), theme.GridIcon(), f.service)
	}
	if f.may("Printers") {
		f.settings = newSettings(f)
		f.nav.box.Add(padded(6, widget.NewSeparator()))
		f.nav.add(lang.L("Réglages"), theme.SettingsIcon(), f.settings)
	}
	if f.may("Audit") {
		f.audit = newAudit(f)
		f.nav.add(lang.L("Journal"), theme.ListIcon(), f.audit)
	}
	return f
}

// may tells whether the operator's roles allow a use case, by its name.
func (f *frame) may(useCase string) bool { return app.May(f.operator, useCase) }

// offer puts an act on the screen of those whose roles allow its use case, and
// nothing on the others'.
func (f *frame) offer(useCase string, act fyne.CanvasObject) fyne.CanvasObject {
	if f.may(useCase) {
		return act
	}
	nothing := container.NewWithoutLayout()
	nothing.Hide()
	return nothing
}

func (f *frame) content() fyne.CanvasObject {
	screen := container.NewBorder(nil, f.notice.content(), nil, nil, container.NewStack(f.middle, f.beside))
	f.notice.onResize = screen.Refresh
	return container.New(frameLayout{},
		f.nav.content(), screen, f.status.content(), newFill(theme.ColorNameSeparator, 0), newFill(theme.ColorNameSeparator, 0))
}

// open shows the first screen and begins to watch the mailbox.
func (f *frame) open() {
	f.show(f.home)
	f.readSettings()
	f.mailbox.open()
	f.sweep()
	f.backUpDaily()
	f.refreshCounts()
	f.listen()
}

// listen follows what other workstations of a shared register change, and whether
// its server answers.
func (f *frame) listen() {
	if !f.guichet.Shared() || f.w.tasks.inline {
		return
	}
	follow(f.scope, func(ctx context.Context, tell func(app.Hearing)) {
		_ = f.guichet.WatchChanges(ctx, tell) // it ends with the session
	}, f.heard)
}

// heardRest is how long changes gather before the screen is read again.
const heardRest = 200 * time.Millisecond

// heard shows what another workstation changed: what is selected, and what is
// being written, stays.
func (f *frame) heard(news app.Hearing) {
	if news.Lost != nil {
		f.status.showServer(message(news.Lost))
		return
	}
	f.status.showServer("")
	f.scope.later("heard", heardRest, func() {
		f.refreshCounts()
		if f.w.locked == nil {
			f.current.reload()
		}
	})
}

// sayFormer says when the operator was here last, and how many tried their name
// since.
func (f *frame) sayFormer(signed app.SignedIn) {
	switch {
	case signed.Failures > 0:
		f.notice.show(theme.WarningIcon(), theme.ColorNameWarning, lang.N("{{.PluralCount}} essais manqués sous votre nom depuis votre dernière session", signed.Failures, map[string]any{"PluralCount": number(signed.Failures)}))
	case !signed.FormerAt.IsZero():
		f.notice.show(theme.InfoIcon(), theme.ColorNameForeground, lang.L("Votre dernière session : {{.When}}", map[string]any{"When": moment(signed.FormerAt, f.guichet.Now())}))
	}
}

// readSettings reads what the screens go by.
func (f *frame) readSettings() {
	start(f.scope, "settings", nil, f.guichet.Settings, func(settings data.Settings, err error) {
		if err != nil {
			f.notice.fail(err, nil)
			return
		}
		f.alsaceMoselle = settings.AlsaceMoselle
		f.lockAfter = time.Duration(settings.LockMinutes) * time.Minute
		f.status.showRegister(settings.RegisterName)
		f.offerTour(settings.RegisterName)
	})
}

// sweepAgain is how long a sweep that failed waits: a letter may have been claimed
// by another workstation's batch.
const sweepAgain = 15 * time.Minute

// sweep does what the passing of days brings, when the session opens and each
// day it stays open; the sweep itself knows what it did before.
func (f *frame) sweep() {
	if !f.may("Sweep") {
		return
	}
	start(f.scope, "sweep", nil, f.guichet.Sweep, func(done app.Sweep, err error) {
		next := 24 * time.Hour
		if err != nil {
			next = sweepAgain
			f.notice.fail(err, nil)
		} else if text := sweptText(done); text != "" {
			f.refreshCounts()
			f.notice.done(text)
		}
		f.scope.later("sweep", next, f.sweep)
	})
}

// sweptText tells what a sweep did; empty when it did nothing.
func sweptText(done app.Sweep) string {
	count := func(of []string) map[string]any { return map[string]any{"PluralCount": number(len(of))} }
	var parts []string
	for _, part := range []struct {
		of   []string
		text string
	}{
		{done.Warned, lang.N("{{.PluralCount}} titulaires prévenus", len(done.Warned), count(done.Warned))},
		{done.Unused, lang.N("{{.PluralCount}} comptes inutilisés désactivés", len(done.Unused), count(done.Unused))},
		{done.NotActivated, lang.N("{{.PluralCount}} comptes jamais activés fermés", len(done.NotActivated), count(done.NotActivated))},
		{done.Expired, lang.N("{{.PluralCount}} lettres échues", len(done.Expired), count(done.Expired))},
	} {
		if len(part.of) > 0 {
			parts = append(parts, part.text)
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return lang.L("Passage quotidien : {{.Done}}", map[string]any{"Done": strings.Join(parts, ", ")})
}

// show shows a screen and fetches what it shows.
func (f *frame) show(s screen) {
	if s == nil {
		return
	}
	f.notice.hide()
	if f.tour != nil && f.tour.at < 0 && f.current != nil && f.current != s { // an offer that nobody took
		f.tour.leave()
	}
	if f.tickets != nil && s != screen(f.tickets) {
		f.tickets.leave()
	}
	if f.codes != nil && s != screen(f.codes) {
		f.codes.clear() // codes do not wait behind another screen
	}
	if f.mail != nil && s != screen(f.mail) {
		f.mail.batches.hideSheets()
	}
	f.current = s
	f.nav.mark(s)
	f.middle.Objects = []fyne.CanvasObject{s.content()}
	f.middle.Refresh()
	f.w.window.Canvas().Unfocus() // a field that is gone would swallow the keys
	s.reload()
	f.giveFocus()
}

// giveFocus gives the keys to what the screen begins with.
func (f *frame) giveFocus() {
	if s, ok := f.current.(interface{ focus() }); ok {
		s.focus()
	}
}

// showNth shows the n-th screen of the navigation.
func (f *frame) showNth(n int) {
	if n <= len(f.nav.items) {
		f.show(f.nav.items[n-1].screen)
	}
}

// load reads what a screen shows, in a slot of the session's scope, and shows
// it; a failure goes to the notice.
func load[T any](f *frame, slot string, read func(context.Context) (T, error), show func(T)) {
	start(f.scope, slot, nil, read, func(found T, err error) {
		if err != nil {
			f.notice.fail(err, nil)
			return
		}
		show(found)
	})
}

// refreshCounts fetches what waits, for the counts of the navigation.
func (f *frame) refreshCounts() {
	start(f.scope, "counts", nil, f.guichet.Counts,
		func(w app.Waiting, err error) {
			switch {
			case err == nil:
				f.showCounts(w)
			case app.KindOf(err) == app.SessionEnded:
				f.w.said = err
				f.w.signOut()
			}
		})
}

func (f *frame) showCounts(w app.Waiting) {
	if f.mail != nil {
		f.nav.count(f.mail, w.LettersReady+w.LettersHeld)
		f.mail.count(w.LettersReady + w.LettersHeld)
	}
	if f.tickets != nil {
		f.nav.count(f.tickets, w.TicketsNew+w.TicketsOpen)
		f.showUnread(w.TicketsUnread)
	}
	f.mailbox.known(w.Mailbox)
}

// showUnread shows in the window's title and in the tray how many tickets nobody
// looked at.
func (f *frame) showUnread(count int) {
	title := "Guichet"
	if count > 0 {
		title = "(" + number(count) + ") " + title
	}
	f.w.window.SetTitle(title)
	f.w.tray.show(count)
}

// changed is called after a use case changed the register: it says what
// happened and fetches again what is shown.
func (f *frame) changed(text string) {
	f.current.reload()
	f.refreshCounts()
	f.notice.done(text)
}

const (
	navWidth     = 182
	navNarrow    = 64   // icons and counts alone
	narrowWindow = 1100 // below which the navigation is narrow
	statusHeight = 30
)

// frameLayout lays out the navigation, the screen, the status bar and the two
// lines between them.
type frameLayout struct{}

// MinSize is a screen of 1280 × 800 at the largest size of text.
func (frameLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(852, 532) }

func (frameLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	height, nav := size.Height-statusHeight, float32(navWidth)
	if size.Width < narrowWindow {
		nav = navNarrow
	}
	objects[0].Resize(fyne.NewSize(nav, height))
	objects[1].Move(fyne.NewPos(nav+1, 0))
	objects[1].Resize(fyne.NewSize(size.Width-nav-1, height))
	objects[2].Move(fyne.NewPos(0, height))
	objects[2].Resize(fyne.NewSize(size.Width, statusHeight))
	objects[3].Move(fyne.NewPos(nav, 0))
	objects[3].Resize(fyne.NewSize(1, height))
	objects[4].Move(fyne.NewPos(0, height))
	objects[4].Resize(fyne.NewSize(size.Width, 1))
}
