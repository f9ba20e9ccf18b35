package views

import (
	"context"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"

	"guichet/app"
	"guichet/data"
)

const (
	sendEvery    = time.Minute
	reopenEvery  = 5 * time.Minute
	retryAtLeast = time.Minute
	retryAtMost  = 15 * time.Minute
)

// mailboxWatch reads the mailboxes and sends the outbox while somebody whose
// role allows it is signed in. The status bar says how it stands.
type mailboxWatch struct {
	f        *frame
	state    app.MailboxState
	folders  []app.FolderState
	watch    *app.MailWatch // nil: none runs, and a fetch is made by hand
	end      func()
	failures int
	sending  bool
	again    bool // send once more after the one under way
}

func newMailboxWatch(f *frame) *mailboxWatch { return &mailboxWatch{f: f} }

// watched tells whether the operator's roles read the mailboxes.
func (m *mailboxWatch) watched() bool { return m.f.may("WatchMail") }

// open begins the watch, with the mailboxes as they are set now.
func (m *mailboxWatch) open() {
	if !m.watched() {
		return
	}
	if m.end != nil {
		m.end()
	}
	m.watch, m.end = nil, nil
	start(m.f.scope, "watch", nil, m.f.guichet.WatchMail, func(watch *app.MailWatch, err error) {
		if err != nil {
			m.showFailure(err)
			m.f.scope.later("watch", reopenEvery, m.open) // it may be set meanwhile
			return
		}
		m.follow(watch)
	})
	m.sendLater()
}

// mailNews is what the watch tells.
type mailNews struct {
	folders  []app.FolderState
	received app.Fetched
}

func (m *mailboxWatch) follow(watch *app.MailWatch) {
	if m.f.w.tasks.inline { // a watch goes on: there, mail is fetched by hand
		m.fetch()
		return
	}
	m.watch = watch
	m.end = follow(m.f.scope, func(ctx context.Context, tell func(mailNews)) {
		watch.Run(ctx, func(folders []app.FolderState) { tell(mailNews{folders: folders}) },
			func(batch app.Fetched) { tell(mailNews{received: batch}) })
	}, m.told)
}

func (m *mailboxWatch) told(news mailNews) {
	if news.folders != nil {
		m.folders = news.folders
		m.showFolders()
	}
	m.received(news.received)
}

// received shows what came in.
func (m *mailboxWatch) received(batch app.Fetched) {
	if batch.Tickets+batch.Replies == 0 {
		return
	}
	m.f.refreshCounts()
	if m.f.current == screen(m.f.tickets) || m.f.current == screen(m.f.home) {
		m.f.current.reload()
	}
	m.notify(batch.Opened)
	if batch.Activated+batch.Tickets > 0 {
		m.send() // what answers them
	}
}

// notify tells the desktop of new requests.
func (m *mailboxWatch) notify(opened []data.Ticket) {
	switch {
	case len(opened) == 0:
	case m.f.w.locked != nil: // who passes by reads no name
		m.f.w.fyneApp.SendNotification(fyne.NewNotification("Guichet", counted("{{.PluralCount}} nouvelles demandes", len(opened))))
	case len(opened) == 1:
		m.f.w.fyneApp.SendNotification(fyne.NewNotification(
			lang.L("Nouvelle demande {{.Number}}", map[string]any{"Number": opened[0].Number}), requesterOf(opened[0])+"\n"+subjectOf(opened[0].Subject)))
	default:
		m.f.w.fyneApp.SendNotification(fyne.NewNotification(counted("{{.PluralCount}} nouvelles demandes", len(opened)), titleOf(opened[len(opened)-1])))
	}
}

// known shows the mailbox's state to who does not read it.
func (m *mailboxWatch) known(state app.MailboxState) {
	m.state = state
	if !m.watched() {
		m.show()
	}
}

func (m *mailboxWatch) show() {
	switch {
	case !m.state.Configured:
		m.f.status.showMail(theme.InfoIcon(), theme.ColorNameDisabled, lang.L("Boîte : aucune n’est réglée"))
	case m.state.FetchedAt.IsZero():
		m.f.status.showMail(theme.InfoIcon(), theme.ColorNameDisabled, lang.L("Boîte : pas encore relevée"))
	default:
		m.f.status.showMail(theme.ConfirmIcon(), theme.ColorNameSuccess,
			lang.L("Boîte : relevée à {{.Time}}", map[string]any{"Time": clock(m.state.FetchedAt)}))
	}
}

// showFolders shows the folder that stands worst.
func (m *mailboxWatch) showFolders() {
	rank := map[app.MailPhase]int{app.MailPolling: 1, app.MailFetching: 2, app.MailConnecting: 3, app.MailWaiting: 4}
	worst := m.folders[0]
	for _, folder := range m.folders {
		if rank[folder.Phase] > rank[worst.Phase] {
			worst = folder
		}
	}
	name := worst.Account
	if len(m.folders) == 1 {
		name = lang.L("Boîte")
	}
	values := map[string]any{"Name": name, "Time": clock(worst.Next)}
	switch worst.Phase {
	case app.MailConnecting:
		m.f.status.showMail(theme.ViewRefreshIcon(), theme.ColorNameDisabled, lang.L("{{.Name}} : connexion…", values))
	case app.MailFetching:
		m.f.status.showMail(theme.ViewRefreshIcon(), theme.ColorNamePrimary, lang.L("{{.Name}} : relève…", values))
	case app.MailElsewhere:
		m.f.status.showMail(theme.ConfirmIcon(), theme.ColorNameSuccess, lang.L("{{.Name}} : relevée par un autre poste", values))
	case app.MailIdle:
		m.f.status.showMail(theme.ConfirmIcon(), theme.ColorNameSuccess, lang.L("{{.Name}} : connectée, à l’écoute", values))
	case app.MailPolling:
		m.f.status.showMail(theme.ConfirmIcon(), theme.ColorNameSuccess, lang.L("{{.Name}} : connectée, prochaine relève à {{.Time}}", values))
	default:
		values["Problem"] = lowerFirst(message(worst.Err))
		m.f.status.showMail(theme.WarningIcon(), theme.ColorNameWarning, lang.L("{{.Name}} : {{.Problem}} · prochain essai à {{.Time}}", values))
	}
}

func (m *mailboxWatch) showFailure(err error) {
	if app.KindOf(err) == app.Unavailable && !m.state.Configured {
		m.show()
		return
	}
	m.f.status.showMail(theme.WarningIcon(), theme.ColorNameWarning, lang.L("Boîte : {{.Problem}}", map[string]any{"Problem": lowerFirst(message(err))}))
}

// fetch has the mailboxes looked at now.
func (m *mailboxWatch) fetch() {
	if m.watch != nil {
		m.watch.Hurry()
		m.send()
		return
	}
	start(m.f.scope, "mailbox", m.f.status.fetch, func(ctx context.Context) (result fetched, err error) {
		if result.state, err = m.f.guichet.Mailbox(ctx); err != nil || !result.state.Configured {
			return result, err
		}
		if result.Fetched, err = m.f.guichet.Fetch(ctx); err != nil {
			return result, err
		}
		result.state, err = m.f.guichet.Mailbox(ctx)
		return result, err
	}, m.onFetched)
	m.send()
}

type fetched struct {
	app.Fetched
	state app.MailboxState
}

func (m *mailboxWatch) onFetched(result fetched, err error) {
	m.state = result.state
	m.received(result.Fetched)
	if err == nil {
		m.failures = 0
		m.show()
		return
	}
	delay := min(retryAtLeast<<min(m.failures, 8), retryAtMost)
	m.failures++
	m.f.status.showMail(theme.WarningIcon(), theme.ColorNameWarning, lang.L("{{.Name}} : {{.Problem}} · prochain essai à {{.Time}}",
		map[string]any{"Name": lang.L("Boîte"), "Problem": lowerFirst(message(err)), "Time": clock(m.f.guichet.Now().Add(delay))}))
	m.f.scope.later("mailbox", delay, m.fetch)
}

// sendLater sends what is due every minute.
func (m *mailboxWatch) sendLater() {
	m.send()
	m.f.scope.later("send", sendEvery, m.sendLater)
}

// send sends what is due in the outbox, now.
func (m *mailboxWatch) send() {
	if !m.watched() {
		return
	}
	if m.sending { // one at a time: what is due meanwhile goes after it
		m.again = true
		return
	}
	m.sending = true
	start(m.f.scope, "", nil, m.f.guichet.SendOutgoing, func(sent app.Sent, err error) {
		m.sending = false
		if m.again {
			m.again = false
			m.send()
		}
		m.f.status.showSending(err)
		if err != nil || sent.Sent+sent.Failed == 0 {
			return
		}
		m.f.refreshCounts()
		if m.f.current == screen(m.f.tickets) {
			m.f.current.reload()
		}
	})
}
