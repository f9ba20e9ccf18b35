package views

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"

	"guichet/data"
)

// mail is the mail room's screen: the queue, the batches, all letters.
type mail struct {
	f       *frame
	queue   *queue
	batches *batches
	letters *letters
	tabs    *container.AppTabs
}

func newMail(f *frame) *mail {
	m := &mail{f: f}
	m.queue, m.batches, m.letters = newQueue(m), newBatches(m), newLetters(f)
	m.tabs = container.NewAppTabs(
		container.NewTabItem(lang.L("À composer"), m.queue.content()),
		container.NewTabItem(lang.L("Lots"), m.batches.content()),
		container.NewTabItem(lang.L("Suivi"), m.letters.content()),
	)
	m.tabs.OnSelected = func(*container.TabItem) { m.reload() }
	return m
}

func (m *mail) content() fyne.CanvasObject {
	return padded(8, container.NewBorder(heading(lang.L("Courrier")), nil, nil, nil, m.tabs))
}

func (m *mail) reload() {
	switch m.tabs.SelectedIndex() {
	case 0:
		m.queue.reload()
	case 1:
		m.batches.reload()
	case 2:
		m.letters.reload()
	}
}

func (m *mail) mainAct() {
	switch m.tabs.SelectedIndex() {
	case 0:
		m.queue.onCompose()
	case 1:
		m.batches.onOpen()
	}
}

func (m *mail) back() { m.tabs.SelectIndex(0) }

// count shows how many letters wait on the tab.
func (m *mail) count(n int) {
	m.tabs.Items[0].Text = lang.L("À composer") + noBreak + number(n)
	m.tabs.Refresh()
}

func (m *mail) open(tab int) {
	m.tabs.SelectIndex(tab)
	m.f.show(m)
}

func (m *mail) showQueue()   { m.open(0) }
func (m *mail) showBatches() { m.open(1) }

// showPosted lists the letters whose codes are awaited.
func (m *mail) showPosted() {
	m.letters.filter.SetSelected(word(data.Posted))
	m.open(2)
}

// cutOff says until when a letter makes today's post.
func cutOff(at, now time.Time) string {
	left := at.Sub(now)
	if left <= 0 {
		return lang.L("Heure limite {{.Time}} passée : le courrier part au prochain jour ouvré", map[string]any{"Time": clock(at)})
	}
	return lang.L("Heure limite {{.Time}} (dans {{.Span}})", map[string]any{"Time": clock(at), "Span": span(left)})
}
