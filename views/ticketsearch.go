package views

import (
	"context"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"guichet/data"
)

// ticketSearch is the search over the list, with the searches that were kept.
type ticketSearch struct {
	t        *tickets
	entry    *searchEntry
	keep     *button // keeps what is typed, or drops the search chosen
	saved    *fyne.Container
	searches []data.SavedSearch
	chosen   int64 // id; zero: none
}

func newTicketSearch(t *tickets) *ticketSearch {
	s := &ticketSearch{t: t, saved: container.New(layout.NewCustomPaddedVBoxLayout(1))}
	s.entry = newSearchEntry(t.f.w, t.focusList)
	s.entry.PlaceHolder = lang.L("Chercher : mots, de:, org:, statut:…")
	s.entry.OnChanged = func(string) { t.f.scope.later("ticket search", 250*time.Millisecond, s.run) }
	s.keep = newIconButton("", theme.DocumentSaveIcon(), s.onKeep)
	s.keep.Importance = widget.LowImportance
	s.keep.Hide()
	return s
}

func (s *ticketSearch) content() fyne.CanvasObject {
	return container.NewBorder(nil, nil, nil, s.t.f.offer("SaveSearch", s.keep), s.entry)
}

// clear empties the search without running it.
func (s *ticketSearch) clear() {
	s.chosen = 0
	changed := s.entry.OnChanged
	s.entry.OnChanged = nil
	s.entry.SetText("")
	s.entry.OnChanged = changed
	s.showKeep()
}

// run searches for what is typed; nothing typed shows what is to be handled.
func (s *ticketSearch) run() {
	if saved, ok := s.current(); ok && saved.Query != s.entry.Text {
		s.chosen = 0
	}
	s.showKeep()
	switch {
	case s.entry.Text != "":
		s.t.show(-1)
	case s.t.chosen < 0:
		s.t.show(0)
	}
}

func (s *ticketSearch) current() (data.SavedSearch, bool) {
	for _, search := range s.searches {
		if search.ID == s.chosen {
			return search, true
		}
	}
	return data.SavedSearch{}, false
}

func (s *ticketSearch) reload() {
	load(s.t.f, "saved searches", s.t.f.guichet.SavedSearches, func(searches []data.SavedSearch) {
		s.searches = searches
		s.saved.RemoveAll()
		for _, search := range searches {
			s.saved.Add(newNavItem(search.Name, theme.SearchIcon(), nil, func() {
				s.chosen = search.ID
				s.entry.SetText(search.Query)
				s.run()
			}))
		}
		s.mark()
		s.saved.Refresh()
	})
}

func (s *ticketSearch) mark() {
	for i, object := range s.saved.Objects {
		item := object.(*navItem)
		item.marked = i < len(s.searches) && s.searches[i].ID == s.chosen && s.t.chosen < 0 && s.t.instead == nil
		item.Refresh()
	}
}

func (s *ticketSearch) showKeep() {
	s.keep.Hidden = s.entry.Text == ""
	s.keep.SetIcon(theme.DocumentSaveIcon())
	if s.chosen != 0 {
		s.keep.SetIcon(theme.DeleteIcon())
	}
	s.keep.Refresh()
}

// onKeep keeps the search under a name, or takes the one chosen away.
func (s *ticketSearch) onKeep() {
	f := s.t.f
	if search, ok := s.current(); ok {
		act(f.scope, s.keep, func(ctx context.Context) error { return f.guichet.DropSearch(ctx, search.ID) }, func(err error) {
			if err != nil {
				f.notice.fail(err, nil)
				return
			}
			s.chosen = 0
			s.showKeep()
			s.reload()
			f.notice.done(lang.L("La recherche « {{.Name}} » est retirée", map[string]any{"Name": search.Name}))
		})
		return
	}
	fields, name := newForm(), newEntry(f.w)
	everybody := widget.NewCheck(lang.L("Pour tous les agents"), nil)
	content := container.NewVBox(caption(s.entry.Text), fields.add("name", lang.L("Nom de la recherche *"), name), everybody)
	f.w.openDialog(lang.L("Garder cette recherche"), lang.L("Garder"), false, 380, content, func(m *modal) {
		query, all := s.entry.Text, everybody.Checked
		start(f.scope, "", m.button, func(ctx context.Context) (data.SavedSearch, error) {
			return f.guichet.SaveSearch(ctx, name.Text, query, all)
		}, func(saved data.SavedSearch, err error) {
			if err != nil {
				m.fail(err, fields)
				return
			}
			f.w.closeDialog()
			s.chosen = saved.ID
			s.showKeep()
			s.reload()
		})
	})
	fields.focus(f.w, "name")
}

// searchEntry is a search field: Enter and the down arrow go to what was found,
// Esc empties it.
type searchEntry struct {
	entry
	leave func()
}

func newSearchEntry(w *Window, leave func()) *searchEntry {
	e := &searchEntry{leave: leave}
	e.window, e.asks = w, true
	e.Wrapping, e.Scroll = fyne.TextWrap(fyne.TextTruncateClip), fyne.ScrollHorizontalOnly
	e.ExtendBaseWidget(e)
	return e
}

func (e *searchEntry) TypedKey(event *fyne.KeyEvent) {
	switch event.Name {
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeyDown:
		e.leave()
	case fyne.KeyEscape:
		e.SetText("")
		e.leave()
	default:
		e.entry.TypedKey(event)
	}
}
