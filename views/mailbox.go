package views

import (
	"context"
	"time"

	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"

	"guichet/app"
	"guichet/data"
)

const (
	fetchEvery   = 5 * time.Minute
	fetchAtMost  = 15 * time.Minute
	fetchAtLeast = time.Minute
)

// mailboxWatch fetches the mailbox and sends the outbox every few minutes
// while somebody whose role allows it is signed in. A server that does not
// answer is tried again later and later; the status bar says when.
type mailboxWatch struct {
	f        *frame
	state    app.MailboxState
	failures int
}

func newMailboxWatch(f *frame) *mailboxWatch { return &mailboxWatch{f: f} }

// watched tells whether the operator's roles fetch the mailbox.
func (m *mailboxWatch) watched() bool { return m.f.operator.Has(data.HelpDesk, data.Administrator) }

// open begins the watch.
func (m *mailboxWatch) open() {
	if m.watched() {
		m.fetch()
	}
}

// known shows the mailbox's state to who does not fetch it.
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

type fetched struct {
	app.Fetched
	state   app.MailboxState
	sending error // why the outbox could not be sent
}

// fetch fetches the mailbox now, sends what waits in the outbox, and plans the
// next time.
func (m *mailboxWatch) fetch() {
	start(m.f.scope, "mailbox", m.f.status.fetch, func(ctx context.Context) (result fetched, err error) {
		if result.state, err = m.f.guichet.Mailbox(ctx); err != nil || !result.state.Configured {
			return result, err
		}
		if result.Fetched, err = m.f.guichet.Fetch(ctx); err != nil {
			return result, err
		}
		if result.state, err = m.f.guichet.Mailbox(ctx); err != nil {
			return result, err
		}
		_, result.sending = m.f.guichet.SendOutgoing(ctx)
		return result, nil
	}, m.onFetched)
}

// send sends what is due in the outbox, now.
func (m *mailboxWatch) send() {
	start(m.f.scope, "outbox", nil, m.f.guichet.SendOutgoing, func(sent app.Sent, err error) {
		if err != nil || sent.Sent+sent.Failed == 0 {
			return // the status bar says why, at the next fetch
		}
		m.f.refreshCounts()
		if m.f.current == screen(m.f.tickets) {
			m.f.current.reload()
		}
	})
}

func (m *mailboxWatch) onFetched(result fetched, err error) {
	m.state = result.state
	delay := fetchEvery
	if err != nil {
		delay = min(fetchAtLeast<<min(m.failures, 8), fetchAtMost)
		m.failures++
	} else {
		m.failures = 0
	}
	next := m.f.guichet.Now().Add(delay)
	switch {
	case err != nil:
		m.f.status.showMail(theme.WarningIcon(), theme.ColorNameWarning, lang.L("Boîte : {{.Problem}} · prochain essai à {{.Time}}",
			map[string]any{"Problem": lowerFirst(message(err)), "Time": clock(next)}))
	case m.state.Configured && result.sending != nil:
		m.f.status.showMail(theme.WarningIcon(), theme.ColorNameWarning, lang.L("Boîte : relevée à {{.Time}} · envoi : {{.Problem}}",
			map[string]any{"Time": clock(m.state.FetchedAt), "Problem": lowerFirst(message(result.sending))}))
	case m.state.Configured:
		m.f.status.showMail(theme.ConfirmIcon(), theme.ColorNameSuccess, lang.L("Boîte : relevée à {{.Time}} · prochaine à {{.Next}}",
			map[string]any{"Time": clock(m.state.FetchedAt), "Next": clock(next)}))
	default:
		m.show()
	}
	if result.Mails > 0 {
		m.f.refreshCounts()
		if m.f.current == screen(m.f.tickets) || m.f.current == screen(m.f.home) {
			m.f.current.reload()
		}
	}
	m.f.scope.later("mailbox", delay, m.fetch)
}
