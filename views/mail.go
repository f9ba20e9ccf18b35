package views

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"

	"guichet/data"
)

// mail is the mail room's screen: the queue, the batches, the letters posted,
// those that came back, and how all stand.
type mail struct {
	f       *frame
	queue   *queue
	batches *batches
	posted  *posted
	returns *returns
	follow  *followUp
	tabs    *container.AppTabs
}

// The tabs, in their order.
const (
	queueTab = iota
	batchesTab
	postedTab
	returnsTab
	followUpTab
)

func newMail(f *frame) *mail {
	m := &mail{f: f}
	m.queue, m.batches = newQueue(m), newBatches(m)
	m.posted, m.returns, m.follow = newPosted(f), newReturns(f), newFollowUp(f)
	m.tabs = container.NewAppTabs(
		container.NewTabItem(lang.L("À composer"), m.queue.content()),
		container.NewTabItem(lang.L("Lots"), m.batches.content()),
		container.NewTabItem(lang.L("Postés"), m.posted.content()),
		container.NewTabItem(lang.L("Retours"), m.returns.content()),
		container.NewTabItem(lang.L("Suivi"), m.follow.content()),
	)
	m.tabs.OnSelected = func(*container.TabItem) {
		if m.tabs.SelectedIndex() != batchesTab {
			m.batches.hideSheets() // codes do not wait behind another tab
		}
		m.reload()
	}
	return m
}

func (m *mail) content() fyne.CanvasObject {
	return padded(8, container.NewBorder(heading(lang.L("Courrier")), nil, nil, nil, m.tabs))
}

func (m *mail) reload() {
	switch m.tabs.SelectedIndex() {
	case queueTab:
		m.queue.reload()
	case batchesTab:
		m.batches.reload()
	case postedTab:
		m.posted.reload()
	case returnsTab:
		m.returns.reload()
	case followUpTab:
		m.follow.reload()
	}
}

func (m *mail) mainAct() {
	switch m.tabs.SelectedIndex() {
	case queueTab:
		m.queue.onCompose()
	case batchesTab:
		m.batches.mainAct()
	}
}

// tabPages are the tabs' pages of the help, in their order.
var tabPages = []string{"queue", "batches", "posted", "returns", "follow-up"}

func (m *mail) help() string { return tabPages[m.tabs.SelectedIndex()] }

func (m *mail) keys() []keyGroup {
	list := lang.L("Dans la liste")
	switch m.tabs.SelectedIndex() {
	case queueTab:
		return []keyGroup{m.queue.table.keyGroup(list), m.queue.preview.keyGroup()}
	case batchesTab:
		return []keyGroup{m.batches.table.keyGroup(list)}
	case postedTab:
		return []keyGroup{m.posted.table.keyGroup(list)}
	case returnsTab:
		return []keyGroup{{lang.L("Retours"), m.returns.field.keys()}}
	}
	return []keyGroup{m.follow.table.keyGroup(list)}
}

// focus puts the caret where scans go; elsewhere the keys of a list need none.
func (m *mail) focus() {
	if m.tabs.SelectedIndex() == returnsTab {
		m.returns.focus()
	}
}

// typedElse gives the returns what is typed while nothing has the caret, after a
// click beside all.
func (m *mail) typedElse(letter rune) {
	if m.tabs.SelectedIndex() == returnsTab {
		m.returns.focus()
		m.returns.field.TypedRune(letter)
	}
}

func (m *mail) back() { m.tabs.SelectIndex(queueTab) }

// count shows how many letters wait on the tab.
func (m *mail) count(n int) {
	m.tabs.Items[queueTab].Text = lang.L("À composer") + noBreak + number(n)
	m.tabs.Refresh()
}

func (m *mail) open(tab int) {
	m.tabs.SelectIndex(tab)
	m.f.show(m)
}

func (m *mail) showQueue()   { m.open(queueTab) }
func (m *mail) showBatches() { m.open(batchesTab) }
func (m *mail) showPosted()  { m.open(postedTab) }
func (m *mail) showReturns() { m.open(returnsTab) }

// showFollowUp lists the letters of a filter.
func (m *mail) showFollowUp(filter data.LetterFilter) {
	m.follow.filter = filter
	m.open(followUpTab)
}

// cutOff says until when a letter makes today's post.
func cutOff(at, now time.Time) string {
	left := at.Sub(now)
	if left <= 0 {
		return lang.L("Heure limite {{.Time}} passée : le courrier part au prochain jour ouvré", map[string]any{"Time": clock(at)})
	}
	return lang.L("Heure limite {{.Time}} (dans {{.Span}})", map[string]any{"Time": clock(at), "Span": span(left)})
}
