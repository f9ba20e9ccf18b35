package views

import (
	"context"
	"net/url"
	"strings"
	"unicode"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
	"github.com/JohannesKaufmann/html-to-markdown/v2/converter"
	"github.com/JohannesKaufmann/html-to-markdown/v2/plugin/base"
	"github.com/JohannesKaufmann/html-to-markdown/v2/plugin/commonmark"

	"guichet/data"
)

// newMessageView shows a message of a thread: who, when, its text with what it
// quotes and its signature folded, its files.
func newMessageView(k *ticket, m data.Message) fyne.CanvasObject {
	body := container.New(layout.NewCustomPaddedVBoxLayout(0), messageHead(k, m))
	for _, remark := range remarks(k, m) {
		body.Add(remark)
	}
	if m.Illegible != "" {
		body.Add(illegible(k, m))
	}
	body.Add(messageText(k, m))
	for _, file := range m.Attachments {
		body.Add(attachmentLine(k, file))
	}
	ground := colorCard
	if m.Direction == data.Note {
		ground = colorNote
	}
	card := container.NewStack(newFill(ground, 6), newOutline(6), padded(5, body))
	if m.Direction == data.Outgoing { // ours stand to the right
		return container.New(layout.NewCustomPaddedLayout(0, 0, 28, 0), card)
	}
	return container.New(layout.NewCustomPaddedLayout(0, 0, 0, 28), card)
}

func messageHead(k *ticket, m data.Message) fyne.CanvasObject {
	sender := m.FromName
	if sender == "" {
		sender = m.FromAddress
	}
	from := line(sender)
	from.TextStyle.Bold = true
	at := m.SentAt
	if at.IsZero() {
		at = m.ReceivedAt
	}
	when := widget.NewLabel(moment(at, k.f.guichet.Now()))
	when.SizeName, when.Importance = theme.SizeNameCaptionText, widget.LowImportance
	more := newIconButton("", theme.MoreHorizontalIcon(), nil)
	more.Importance = widget.LowImportance
	more.OnTapped = func() { k.onMessage(m, more) }
	head := container.New(layout.NewCustomPaddedVBoxLayout(-9), container.NewBorder(nil, nil, nil, container.NewHBox(when, more), from))
	if text := addressLine(m); text != "" {
		address := caption(text)
		address.Wrapping, address.Truncation = fyne.TextWrapOff, fyne.TextTruncateEllipsis
		head.Add(address)
	}
	return head
}

// addressLine says whom a message is from, or whom it goes to.
func addressLine(m data.Message) string {
	switch m.Direction {
	case data.Note:
		return lang.L("Note interne")
	case data.Outgoing:
		text := lang.L("à {{.Addresses}}", map[string]any{"Addresses": strings.Join(m.To, ", ")})
		if len(m.Cc) > 0 {
			text += " · " + lang.L("copie {{.Addresses}}", map[string]any{"Addresses": strings.Join(m.Cc, ", ")})
		}
		return text
	}
	text := m.FromAddress
	if len(m.Cc) > 0 {
		text += " · " + lang.L("copie {{.Addresses}}", map[string]any{"Addresses": strings.Join(m.Cc, ", ")})
	}
	return text
}

// remarks say what is special about a message.
func remarks(k *ticket, m data.Message) (remarks []fyne.CanvasObject) {
	switch {
	case m.Bounce:
		remarks = append(remarks, warning(lang.L("Avis de non-remise : {{.Report}}", map[string]any{"Report": dash(m.Report)})))
	case m.Automatic:
		remarks = append(remarks, caption(lang.L("Message automatique : il n’appelle pas de réponse.")))
	}
	switch m.Outbox {
	case "", data.OutboxSent:
	case data.OutboxFailed, data.OutboxUncertain:
		open := newButton(lang.L("Envois en échec"), k.t.showOutbox)
		remarks = append(remarks, container.NewBorder(nil, nil, nil, open, warning(word(m.Outbox))))
	default:
		remarks = append(remarks, caption(word(m.Outbox)))
	}
	return remarks
}

// messageText is a message's own text, with its quote and signature folded, and
// the HTML's form of it where there is one.
func messageText(k *ticket, m data.Message) fyne.CanvasObject {
	own, quoted, signature := data.SplitMessage(m.Text)
	box := container.New(layout.NewCustomPaddedVBoxLayout(-2))
	if strings.TrimSpace(own) != "" {
		box.Add(paragraph(strings.TrimSpace(own)))
	}
	folds := container.NewHBox()
	if strings.TrimSpace(quoted) != "" {
		fold(folds, box, lang.L("Texte cité"), func() fyne.CanvasObject { return quiet(quoted) })
	}
	if strings.TrimSpace(signature) != "" {
		fold(folds, box, lang.L("Signature"), func() fyne.CanvasObject { return quiet(signature) })
	}
	if strings.TrimSpace(m.HTML) != "" {
		fold(folds, box, lang.L("Mise en forme"), func() fyne.CanvasObject { return formatted(m.HTML) })
	}
	if len(folds.Objects) > 0 {
		box.Add(folds)
	}
	return box
}

func quiet(text string) fyne.CanvasObject {
	label := paragraph(strings.TrimSpace(text))
	label.Importance = widget.LowImportance
	return label
}

// fold adds a button that shows something under the text, and hides it again.
// It is made when it is first shown.
func fold(buttons, under *fyne.Container, title string, content func() fyne.CanvasObject) {
	button := newIconButton(title, theme.MenuExpandIcon(), nil)
	button.Importance = widget.LowImportance
	var shown fyne.CanvasObject
	button.OnTapped = func() {
		switch {
		case shown == nil:
			shown = content()
			under.Add(shown)
		default:
			setVisible(shown, !shown.Visible())
		}
		icon := theme.MenuExpandIcon()
		if shown.Visible() {
			icon = theme.MenuDropDownIcon()
		}
		button.SetIcon(icon)
		under.Refresh()
	}
	buttons.Add(button)
}

// formatted shows safe HTML as rich text: headings, lists, emphasis, links. No
// picture is loaded, from wherever it would come.
func formatted(html string) fyne.CanvasObject {
	markdown, err := converter.NewConverter(converter.WithPlugins(base.NewBasePlugin(), commonmark.NewCommonmarkPlugin())).ConvertString(html)
	if err != nil {
		return quiet(html)
	}
	text := widget.NewRichTextFromMarkdown(markdown)
	text.Wrapping = fyne.TextWrapWord
	for i, segment := range text.Segments {
		if _, picture := segment.(*widget.ImageSegment); picture {
			text.Segments[i] = &widget.TextSegment{Text: "🖼"}
		}
	}
	eachLink(text.Segments, func(link *widget.HyperlinkSegment) { link.Text = openly(link.Text, link.URL) })
	return text
}

// openly is a link's text with the place where the link leads, unless the text is that place.
func openly(text string, to *url.URL) string {
	if to == nil {
		return text
	}
	place, whole := to.Host, strings.TrimSuffix(to.String(), "/")
	if to.Scheme == "mailto" {
		place = to.Opaque
		whole = place
	}
	if shown := strings.TrimSuffix(strings.TrimSpace(text), "/"); shown == whole || shown == strings.TrimPrefix(whole, to.Scheme+"://") {
		return text
	}
	if strings.ContainsFunc(place, func(r rune) bool { return r > unicode.MaxASCII && !unicode.Is(unicode.Latin, r) }) {
		place = url.PathEscape(place) // letters that look like Latin ones
	}
	return text + " (" + place + ")"
}

// illegible marks a mail that could not be read, and offers its bytes.
func illegible(k *ticket, m data.Message) fyne.CanvasObject {
	label := warning(lang.L("Message illisible : {{.Reason}}", map[string]any{"Reason": say(m.Illegible, nil)}))
	box := container.NewVBox(label)
	if len(m.Raw) > 0 {
		save := newIconButton(lang.L("Enregistrer le message brut…"), theme.DocumentSaveIcon(), func() {
			k.save("message.eml", func(context.Context) ([]byte, error) { return m.Raw, nil })
		})
		box.Add(container.NewHBox(save))
	}
	return box
}

// onMessage offers what can be done with one message.
func (k *ticket) onMessage(m data.Message, at fyne.CanvasObject) {
	var items []*fyne.MenuItem
	if m.Direction != data.Note && k.f.may("Reply") {
		items = append(items, fyne.NewMenuItem(lang.L("Transférer ce message"), func() { k.composer.forward(m.ID) }))
	}
	items = append(items, fyne.NewMenuItem(lang.L("Copier le texte"), func() {
		k.f.w.fyneApp.Clipboard().SetContent(m.Text)
		k.f.notice.done(lang.L("Texte copié"))
	}))
	if len(k.shown.Messages) > 1 && k.f.may("SplitTicket") {
		items = append(items, fyne.NewMenuItemSeparator(),
			fyne.NewMenuItem(lang.L("En faire une demande à part"), func() { k.split(m.ID) }),
			fyne.NewMenuItem(lang.L("Ce message et les suivants à part"), func() { k.split(k.from(m.ID)...) }))
	}
	widget.ShowPopUpMenuAtRelativePosition(fyne.NewMenu("", items...), k.f.w.window.Canvas(), fyne.NewPos(0, at.Size().Height), at)
}

// from are the messages of the thread from one on.
func (k *ticket) from(id int64) (ids []int64) {
	for _, message := range k.shown.Messages {
		if message.ID == id || len(ids) > 0 {
			ids = append(ids, message.ID)
		}
	}
	return ids
}

// split opens a ticket of their own for some messages.
func (k *ticket) split(ids ...int64) {
	seen := k.shown.Ticket
	start(k.f.scope, "", nil, func(ctx context.Context) (data.Ticket, error) { return k.f.guichet.SplitTicket(ctx, seen, ids...) },
		func(made data.Ticket, err error) {
			if err != nil {
				k.f.notice.fail(err, nil)
				return
			}
			k.f.changed("")
			k.f.notice.offer(lang.L("La demande {{.Number}} est à part", map[string]any{"Number": made.Number}), lang.L("Ouvrir"), func() { k.t.showTicket(made) })
		})
}
