package views

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"guichet/data"
)

// help is the help over the screen: the search on top, the list of pages on the
// left, a page on the right. The caret stays in the search, whose arrows go from
// page to page.
type help struct {
	f      *frame
	own    string // the page of the screen that it was opened on
	wanted string // to show once it is read
	pages  []helpPage
	found  []helpPage // those that the search leaves
	at     int        // the one shown among found; -1: one that the search does not leave
	search *helpSearch
	items  []*navItem
	list   *fyne.Container
	left   *container.Scroll
	title  *widget.Label
	page   *fyne.Container
	right  *container.Scroll
}

// openHelp opens the help at the page about what is shown.
func (f *frame) openHelp() {
	name := f.current.help()
	for m := f.w.dialog; m != nil; m = m.former {
		if m.shows != nil {
			return
		}
	}
	if m := f.w.dialog; m != nil && m.help != "" {
		name = m.help
	}
	f.openHelpAt(name)
}

// openHelpAt opens the help at a page.
func (f *frame) openHelpAt(name string) {
	pages, err := readHelp()
	if err != nil {
		f.notice.fail(err, nil)
		return
	}
	h := &help{f: f, own: name, wanted: name, pages: pages, at: -1, title: heading(""), list: container.New(layout.NewCustomPaddedVBoxLayout(1)), page: container.NewStack()}
	h.search = newHelpSearch(f.w, h)
	h.left, h.right = container.NewVScroll(h.list), container.NewVScroll(h.page)
	f.w.openModal(&modal{notice: newNotice(), shows: h}, h.content())
	f.w.window.Canvas().Focus(h.search)
	h.find()
	if f.may("Ticket") { // who answers nothing has no use for answers
		start(f.scope, "help", nil, f.guichet.Settings, func(settings data.Settings, err error) {
			if err == nil {
				h.pages = append(h.pages, answerPages(settings.StockAnswers())...)
				h.find()
			}
		})
	}
}

const (
	helpWidth     = 980
	helpListWidth = 250
)

func (h *help) content() fyne.CanvasObject {
	height := min(h.f.w.window.Canvas().Size().Height-80, 720)
	leave := newIconButton(lang.L("Fermer"), theme.CancelIcon(), h.f.w.closeDialog)
	top := container.NewBorder(nil, nil, wide(helpListWidth-12, heading(lang.L("Aide"))), leave, container.NewVBox(layout.NewSpacer(), h.search, layout.NewSpacer()))
	keys := newButton(lang.L("Les touches (?)"), func() { h.leaveFor(h.f.showKeys) })
	tour := newButton(lang.L("Visite guidée"), func() { h.leaveFor(h.f.beginTour) })
	keys.Importance, tour.Importance = widget.LowImportance, widget.LowImportance
	left := ground(colorPanel, padded(6, container.NewBorder(nil, container.NewGridWithColumns(2, keys, tour), nil, nil, h.left)))
	right := padded(12, container.NewBorder(h.title, nil, nil, nil, h.right))
	body := container.NewBorder(nil, nil, wide(helpListWidth, left), nil, right)
	return container.New(fixedSize{helpWidth, height}, padded(8, container.NewBorder(padded(4, top), nil, nil, nil, body)))
}

// fixedSize gives an object a size.
type fixedSize fyne.Size

func (s fixedSize) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.Size(s) }

func (s fixedSize) Layout(objects []fyne.CanvasObject, size fyne.Size) { objects[0].Resize(size) }

// leaveFor closes the help, and what it lies on, for something else.
func (h *help) leaveFor(do func()) {
	for h.f.w.dialog != nil {
		h.f.w.closeDialog()
	}
	do()
}

// find lists the pages that the search leaves, and shows the first; without a
// search, the one wanted.
func (h *help) find() {
	query := h.search.Text
	found, all := findPages(h.pages, query)
	h.found = found
	h.list.RemoveAll()
	h.items = nil
	switch {
	case len(found) == 0:
		h.list.Add(caption(lang.L("Aucune page n’a ces mots.")))
	case !all:
		h.list.Add(caption(lang.L("Pages les plus proches")))
	}
	group := ""
	for i, page := range found {
		if page.group != group && strings.TrimSpace(query) == "" {
			group = page.group
			h.list.Add(caption(group))
		}
		item := newNavItem(page.title, helpIcon(page), nil, func() { h.show(i) })
		h.items = append(h.items, item)
		h.list.Add(item)
	}
	h.list.Refresh()
	h.left.Refresh() // lays the lines out: one of them is revealed
	if strings.TrimSpace(query) != "" {
		h.show(0)
		return
	}
	h.open(h.wanted)
}

func helpIcon(page helpPage) fyne.Resource {
	if page.answer {
		return theme.MailReplyIcon()
	}
	return theme.DocumentIcon()
}

// open shows a page by its name; one that is not read yet is shown once it is.
func (h *help) open(name string) {
	h.wanted = name
	for i, page := range h.found {
		if page.name == name {
			h.show(i)
			return
		}
	}
}

// step shows the page after or before the one shown.
func (h *help) step(by int) { h.show(min(max(h.at+by, 0), len(h.found)-1)) }

// show shows one of the pages found.
func (h *help) show(i int) {
	if i < 0 || i >= len(h.found) {
		return
	}
	h.at = i
	page := h.found[i]
	h.wanted = page.name
	for n, item := range h.items {
		item.marked = n == i
		item.Refresh()
	}
	h.reveal(h.items[i])
	h.title.SetText(page.title)
	h.page.Objects = []fyne.CanvasObject{h.text(page)}
	h.page.Refresh()
	h.right.ScrollToTop()
}

// reveal scrolls the list to a line of it.
func (h *help) reveal(item *navItem) {
	top, bottom := item.Position().Y, item.Position().Y+item.Size().Height
	switch offset := h.left.Offset.Y; {
	case h.left.Size().Height == 0 || bottom == top: // not laid out yet
	case top < offset:
		h.left.ScrollToOffset(fyne.NewPos(0, top))
	case bottom > offset+h.left.Size().Height:
		h.left.ScrollToOffset(fyne.NewPos(0, bottom-h.left.Size().Height))
	}
}

// text is a page's text; its links lead to other pages.
func (h *help) text(page helpPage) fyne.CanvasObject {
	if page.answer {
		return h.answer(page)
	}
	sections := container.New(layout.NewCustomPaddedVBoxLayout(10))
	for section := range strings.SplitSeq(page.text, "\n\n## ") { // a long rich text wraps slowly, and its headings stand too close
		if len(sections.Objects) > 0 {
			section = "## " + section
		}
		text := widget.NewRichTextFromMarkdown(section)
		text.Wrapping = fyne.TextWrapWord
		eachLink(text.Segments, func(link *widget.HyperlinkSegment) {
			name := strings.TrimSuffix(link.URL.Path, ".md")
			link.OnTapped = func() { h.follow(name) }
		})
		sections.Add(text)
	}
	return sections
}

// answer is a stock answer as it would be sent, its variables in their places.
func (h *help) answer(page helpPage) fyne.CanvasObject {
	text := paragraph(page.text)
	about := widget.NewHyperlink(lang.L("Répondre à une demande"), nil)
	about.OnTapped = func() { h.follow("answers") }
	said := lang.L("La réponse type de cet acte. Entre accolades, ce que Guichet remplit.")
	if page.heading {
		said = lang.L("La réponse type de cette rubrique. Entre accolades, ce que Guichet remplit ; les réglages de l’assistance changent le texte.")
	}
	return container.NewVBox(caption(said),
		padded(2, container.NewStack(newFill(colorCard, 6), newOutline(6), padded(8, text))), container.NewHBox(about))
}

// follow goes where a link leads, whatever is searched for.
func (h *help) follow(name string) {
	h.wanted = name
	if h.search.Text != "" {
		h.search.SetText("")
	} else {
		h.open(name)
	}
	h.f.w.window.Canvas().Focus(h.search)
}

// eachLink visits the links of a text.
func eachLink(segments []widget.RichTextSegment, visit func(*widget.HyperlinkSegment)) {
	for _, segment := range segments {
		switch segment := segment.(type) {
		case *widget.HyperlinkSegment:
			visit(segment)
		case *widget.ListSegment:
			eachLink(segment.Items, visit)
		case *widget.ParagraphSegment:
			eachLink(segment.Texts, visit)
		}
	}
}

// helpSearch is the help's search field: its arrows go from page to page, and
// the keys of a page scroll the one shown.
type helpSearch struct {
	entry
	h *help
}

func newHelpSearch(w *Window, h *help) *helpSearch {
	s := &helpSearch{h: h}
	s.window = w
	s.Wrapping, s.Scroll = fyne.TextWrap(fyne.TextTruncateClip), fyne.ScrollHorizontalOnly
	s.PlaceHolder = lang.L("Chercher dans l’aide ; ↑ ↓ pour changer de page")
	s.OnChanged = func(string) { h.find() }
	s.ExtendBaseWidget(s)
	return s
}

func (s *helpSearch) TypedKey(event *fyne.KeyEvent) {
	right := s.h.right
	page := right.Size().Height - 2*rowHeight
	switch event.Name {
	case fyne.KeyDown:
		s.h.step(1)
	case fyne.KeyUp:
		s.h.step(-1)
	case fyne.KeyPageDown:
		right.ScrollToOffset(right.Offset.AddXY(0, page))
	case fyne.KeyPageUp:
		right.ScrollToOffset(right.Offset.SubtractXY(0, page))
	default:
		s.entry.TypedKey(event)
	}
}
