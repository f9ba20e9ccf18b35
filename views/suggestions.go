package views

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"
)

// suggestion is one of the texts offered under a field.
type suggestion struct {
	text   string
	choose func()
}

// suggestions is a list under a field of what may be meant while it is typed:
// arrows and Enter choose, or the mouse; Escape closes. The keys go to what
// lies over the window, the list: it hands to the field what it does not use,
// so that the caret stays there.
type suggestions struct {
	widget.BaseWidget
	f       *frame
	field   *entry
	find    func(typed string) []suggestion
	rows    []*suggestionRow
	box     *fyne.Container
	popup   *widget.PopUp
	current int // row; -1: none
	chosen  bool
}

// suggest offers what find finds, at once, under a field while somebody types
// in it. It takes the field's OnChanged.
func suggest(f *frame, field *entry, find func(typed string) []suggestion) *suggestions {
	s := &suggestions{f: f, field: field, find: find, current: -1, box: container.New(layout.NewCustomPaddedVBoxLayout(0))}
	s.ExtendBaseWidget(s)
	s.popup = widget.NewPopUp(s, f.w.window.Canvas())
	s.popup.Hide()
	field.OnChanged = func(string) { s.onTyped() }
	return s
}

// suggestFound is suggest for what takes a search: it is offered once found, if
// nobody has typed on by then.
func suggestFound(f *frame, field *entry, find func(ctx context.Context, typed string) ([]suggestion, error)) {
	s := suggest(f, field, nil)
	field.OnChanged = func(typed string) {
		if s.chosen || !s.inField() {
			return
		}
		start(f.scope, "suggest", nil, func(ctx context.Context) ([]suggestion, error) { return find(ctx, typed) },
			func(found []suggestion, err error) {
				if err == nil && field.Text == typed && s.inField() { // what fails here fails again where the field is used
					s.show(found)
				}
			})
	}
}

func (s *suggestions) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(s.box) }

// inField tells whether the caret is in the field.
func (s *suggestions) inField() bool {
	focused := s.f.w.window.Canvas().Focused()
	return focused == fyne.Focusable(s.field) || focused == fyne.Focusable(s)
}

func (s *suggestions) onTyped() {
	if s.chosen || !s.inField() {
		return
	}
	s.show(s.find(s.field.Text))
}

func (s *suggestions) show(found []suggestion) {
	s.current, s.rows, s.box.Objects = -1, nil, nil
	for i, each := range found {
		row := newSuggestionRow(each, func() { s.choose(i) })
		s.rows = append(s.rows, row)
		s.box.Add(row)
	}
	if len(found) == 0 {
		s.popup.Hide()
		return
	}
	if !s.popup.Visible() {
		s.popup.ShowAtRelativePosition(fyne.NewPos(0, s.field.Size().Height), s.field)
		s.f.w.window.Canvas().Focus(s)
	}
	s.popup.Resize(fyne.NewSize(s.field.Size().Width, s.popup.MinSize().Height))
	s.popup.Refresh()
}

// choose takes a row; -1 closes the list.
func (s *suggestions) choose(i int) {
	s.popup.Hide()
	if i >= 0 {
		s.chosen = true // what it writes into the field is not typed
		s.rows[i].choose()
		s.chosen = false
	}
}

func (s *suggestions) move(to int) {
	s.current = max(-1, min(to, len(s.rows)-1))
	for i, row := range s.rows {
		row.mark(i == s.current)
	}
}

func (s *suggestions) FocusGained() {}
func (s *suggestions) FocusLost()   {}

// AcceptsTab keeps Tab from walking through the list.
func (s *suggestions) AcceptsTab() bool { return true }

func (s *suggestions) TypedRune(r rune) { s.field.TypedRune(r) }

func (s *suggestions) TypedShortcut(shortcut fyne.Shortcut) { s.field.TypedShortcut(shortcut) }

func (s *suggestions) KeyDown(event *fyne.KeyEvent) { s.field.KeyDown(event) }
func (s *suggestions) KeyUp(event *fyne.KeyEvent)   { s.field.KeyUp(event) }

func (s *suggestions) TypedKey(event *fyne.KeyEvent) {
	switch event.Name {
	case fyne.KeyDown:
		s.move(s.current + 1)
	case fyne.KeyUp:
		s.move(s.current - 1)
	case fyne.KeyReturn, fyne.KeyEnter:
		s.choose(s.current)
	case fyne.KeyEscape:
		s.choose(-1)
	case fyne.KeyTab:
		s.choose(-1)
		canvas := s.f.w.window.Canvas()
		if keyboard, ok := fyne.CurrentApp().Driver().(desktop.Driver); ok && keyboard.CurrentKeyModifiers()&fyne.KeyModifierShift != 0 {
			canvas.FocusPrevious()
			return
		}
		canvas.FocusNext()
	default:
		s.field.TypedKey(event)
	}
}

// suggestionRow is one line of the list.
type suggestionRow struct {
	widget.BaseWidget
	suggestion
	ground *fill
	onTap  func()
}

func newSuggestionRow(s suggestion, onTap func()) *suggestionRow {
	r := &suggestionRow{suggestion: s, ground: newFill(colorRow, 3), onTap: onTap}
	r.ground.Hide()
	r.ExtendBaseWidget(r)
	return r
}

func (r *suggestionRow) mark(current bool) {
	r.ground.Hidden = !current
	r.Refresh()
}

func (r *suggestionRow) Tapped(*fyne.PointEvent)        { r.onTap() }
func (r *suggestionRow) MouseIn(*desktop.MouseEvent)    { r.mark(true) }
func (r *suggestionRow) MouseMoved(*desktop.MouseEvent) {}
func (r *suggestionRow) MouseOut()                      { r.mark(false) }

func (r *suggestionRow) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(container.NewStack(r.ground, line(r.text)))
}
