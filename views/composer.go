package views

import (
	"context"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"guichet/app"
	"guichet/data"
)

// draftEvery is how long a draft rests before it is kept.
const draftEvery = 5 * time.Second

// composer is where an answer, a forward or a note is written, under the
// thread. What is written is kept as a draft a few seconds later, and when one
// leaves.
type composer struct {
	k       *ticket
	f       *frame
	draft   data.Draft
	open    bool
	dirty   bool // written and not kept yet
	setting bool // the fields are being painted, not typed into
	// signature is what was put under the text by itself.
	signature string
	fields    *form
	to, cc    *entry
	text      *entry
	title     *widget.Label
	note      *prose
	files     *fyne.Container
	then      *choice[data.TicketState]
	send      *button
	address   fyne.CanvasObject // the fields of addresses
	mailing   *fyne.Container   // the acts of what is sent
	editor    *fyne.Container
	bar       *fyne.Container
	box       *fyne.Container
}

func newComposer(k *ticket) *composer {
	c := &composer{k: k, f: k.f, fields: newForm(), to: newEntry(k.f.w), cc: newEntry(k.f.w), title: widget.NewLabel(""), note: caption("")}
	c.text = newTextArea(k.f.w, 9)
	c.to.PlaceHolder, c.cc.PlaceHolder = lang.L("À"), lang.L("Copie (Cc)")
	c.to.OnChanged, c.cc.OnChanged, c.text.OnChanged = c.onTyped, c.onTyped, c.onTyped
	c.title.TextStyle.Bold = true
	c.files = container.New(&wrapLayout{})
	c.then = newChoice(func(data.TicketState) {})
	c.send = newIconButton("", theme.MailSendIcon(), c.onSend)
	c.send.Importance = widget.HighImportance
	c.bar = c.newBar()
	c.editor = c.newEditor()
	c.box = container.NewStack(c.bar, c.editor)
	c.fields.root = c.box
	return c
}

func (c *composer) content() fyne.CanvasObject {
	c.showOpen()
	return c.k.f.offer("Reply", c.box)
}

// newBar are the buttons that begin to write.
func (c *composer) newBar() *fyne.Container {
	reply := newIconButton(lang.L("Répondre"), theme.MailReplyIcon(), func() { c.begin(data.ReplyDraft) })
	reply.Importance = widget.HighImportance
	note := newIconButton(lang.L("Note interne"), theme.DocumentCreateIcon(), func() { c.begin(data.NoteDraft) })
	stock := newIconButton(lang.L("Réponse type"), theme.MenuDropDownIcon(), nil)
	stock.OnTapped = func() { c.chooseAnswer(stock) }
	return container.NewVBox(widget.NewSeparator(), padded(4, container.NewHBox(reply, stock, note)))
}

func (c *composer) newEditor() *fyne.Container {
	fold := newIconButton("", theme.MoveDownIcon(), c.fold)
	stock := newIconButton("", theme.ListIcon(), nil)
	stock.OnTapped = func() { c.chooseAnswer(stock) }
	join := newIconButton("", theme.MailAttachmentIcon(), c.onJoin)
	drop := newIconButton("", theme.DeleteIcon(), c.onDrop)
	for _, button := range []*button{fold, stock, join, drop} {
		button.Importance = widget.LowImportance
	}
	c.mailing = container.NewHBox(stock, join)
	head := container.NewBorder(nil, nil, c.title, container.NewHBox(c.mailing, drop, fold), c.note)
	c.address = container.New(topGrid{2}, c.fields.add("to", "", c.to), c.fields.add("cc", "", c.cc))
	text := c.fields.add("text", "", c.text)
	foot := container.NewBorder(nil, nil, c.send, nil, c.then)
	return container.NewVBox(widget.NewSeparator(), padded(4, container.New(layout.NewCustomPaddedVBoxLayout(2),
		head, c.address, text, c.fields.add("files", "", c.files), foot)))
}

// show shows the draft of a ticket; moved: another ticket than before.
func (c *composer) show(found record, moved bool) {
	if !moved && (c.open || c.dirty) {
		return // it is being written
	}
	c.take(found.Draft)
	c.open = !found.Draft.Empty()
	c.showOpen()
}

// take puts a draft into the fields.
func (c *composer) take(draft data.Draft) {
	c.setting = true
	defer func() { c.setting = false }()
	c.draft, c.dirty = draft, false
	c.draft.TicketID = c.k.shown.ID
	c.to.SetText(draft.To)
	c.cc.SetText(draft.Cc)
	c.text.SetText(draft.Text)
	c.fields.clear()
	c.showFiles()
	c.showKind()
}

func (c *composer) showKind() {
	note := c.draft.Kind == data.NoteDraft
	setVisible(c.address, !note)
	setVisible(c.then, !note)
	setVisible(c.mailing, !note)
	c.send.SetText(lang.L("Envoyer"))
	switch c.draft.Kind {
	case data.NoteDraft:
		c.title.SetText(lang.L("Note interne"))
		c.send.SetText(lang.L("Ajouter la note"))
	case data.ForwardDraft:
		c.title.SetText(lang.L("Transférer"))
	default:
		c.title.SetText(lang.L("Répondre"))
	}
	c.showSaved()
	var states []data.TicketState
	for _, state := range []data.TicketState{data.Waiting, data.Solved, data.OpenTicket} {
		if c.k.shown.State.MayBecome(state) || c.k.shown.State == data.NewTicket {
			states = append(states, state)
		}
	}
	if len(states) > 0 {
		chosen := states[0]
		if c.draft.Kind == data.ForwardDraft {
			chosen = data.OpenTicket
		}
		c.then.offer(states, func(s data.TicketState) string {
			return lang.L("puis : {{.State}}", map[string]any{"State": lowerFirst(word(s))})
		}, chosen)
	}
	c.box.Refresh()
}

// showSaved says when the draft was kept, if it was.
func (c *composer) showSaved() {
	text := ""
	if !c.draft.SavedAt.IsZero() {
		text = lang.L("brouillon gardé à {{.Time}}", map[string]any{"Time": clock(c.draft.SavedAt)})
	}
	c.note.SetText(text)
}

func (c *composer) showOpen() {
	setVisible(c.editor, c.open)
	setVisible(c.bar, !c.open && c.k.shown.State != data.MergedTicket)
	c.box.Refresh()
	if c.k.box != nil {
		c.k.box.Refresh()
	}
}

// close folds the editor and gives the keys back.
func (c *composer) close() {
	c.open = false
	c.showOpen()
	c.k.t.focusList()
}

// begin opens the editor for a kind of draft; what was written stays.
func (c *composer) begin(kind data.DraftKind) {
	if c.draft.Empty() || kind != data.ForwardDraft {
		c.draft.Kind = kind
	}
	if kind == data.ReplyDraft && strings.TrimSpace(c.to.Text) == "" {
		c.setting = true
		c.to.SetText(c.k.shown.RequesterAddress)
		c.setting = false
	}
	if kind == data.ReplyDraft && c.text.Text == "" {
		c.sign()
	}
	c.open = true
	c.showKind()
	c.showOpen()
	c.k.watch()
	c.f.w.window.Canvas().Focus(c.text)
}

// fold closes the editor; what is written is kept.
func (c *composer) fold() {
	c.keep()
	c.close()
	c.k.watch()
}

func (c *composer) onTyped(string) {
	if c.setting {
		return
	}
	c.dirty = true
	c.f.scope.later("draft", draftEvery, c.keep)
}

// written is the draft as the fields have it.
func (c *composer) written() data.Draft {
	draft := c.draft
	draft.To, draft.Cc, draft.Text = c.to.Text, c.cc.Text, c.text.Text
	return draft
}

// keep keeps what was written, if anything was; it may come back after another
// ticket was opened.
func (c *composer) keep() {
	if !c.dirty || c.draft.TicketID == 0 {
		return
	}
	c.dirty = false
	draft := c.written()
	ctx := context.WithoutCancel(c.f.scope.ctx) // signing out keeps it too
	start(c.f.w.root, "draft", nil, func(context.Context) (data.Draft, error) { return c.f.guichet.SaveDraft(ctx, draft) },
		func(kept data.Draft, err error) {
			switch {
			case err != nil:
				c.dirty = true
				c.f.notice.fail(err, nil)
			case kept.TicketID == c.draft.TicketID && !c.dirty:
				c.draft.ID, c.draft.SavedAt = kept.ID, kept.SavedAt
				c.showSaved()
			}
		})
}

// keepNow is keep for when the program ends: it returns once the draft is kept.
func (c *composer) keepNow() {
	if c.dirty && c.draft.TicketID != 0 {
		_, err := c.f.guichet.SaveDraft(context.WithoutCancel(c.f.scope.ctx), c.written())
		c.dirty = err != nil // it is logged, and nobody is there to be told
	}
}

// onSend sends the draft, or writes the note.
func (c *composer) onSend() {
	draft, seen, then := c.written(), c.k.shown.Ticket, data.TicketState("")
	if draft.Kind == data.NoteDraft {
		act(c.f.scope, c.send, func(ctx context.Context) error { return c.f.guichet.AddNote(ctx, seen.ID, draft.Text) },
			func(err error) { c.sent(err, lang.L("Note ajoutée")) })
		return
	}
	if i := c.then.SelectedIndex(); i >= 0 {
		then = c.then.values[i]
	}
	c.dirty = false // or it would be kept again beside the reply
	start(c.f.scope, "", c.send, func(ctx context.Context) (app.Replied, error) { return c.f.guichet.Reply(ctx, seen, draft, then) },
		func(done app.Replied, err error) {
			if err != nil {
				c.dirty = true
				c.failed(err)
				return
			}
			c.sent(nil, "")
			withdraw := c.f.notice.offerUndo(lang.L("La réponse part dans {{.Seconds}} secondes", map[string]any{"Seconds": int(data.UndoDelay.Seconds())}),
				lang.L("Reprendre"), func() { c.undo(done.OutgoingID) })
			c.f.scope.later("outbox", data.UndoDelay, func() {
				withdraw()
				c.f.mailbox.send()
			})
		})
}

// failed shows why a draft was not sent; it stays.
func (c *composer) failed(err error) {
	if err = c.fields.show(err); err != nil {
		c.f.notice.fail(err, nil)
	}
	if app.KindOf(err) == app.Conflict {
		c.k.reload(c.k.shown.ID)
	}
}

func (c *composer) sent(err error, text string) {
	if err != nil {
		c.failed(err)
		return
	}
	c.take(data.Draft{})
	c.close()
	c.f.changed(text)
}

// undo takes a reply back before it leaves.
func (c *composer) undo(outgoingID int64) {
	start(c.f.scope, "", nil, func(ctx context.Context) (data.Draft, error) { return c.f.guichet.UndoReply(ctx, outgoingID) },
		func(draft data.Draft, err error) {
			if err != nil {
				c.f.notice.fail(err, nil)
				return
			}
			c.f.changed(lang.L("La réponse est reprise : elle n’est pas partie"))
			if draft.TicketID == c.k.shown.ID {
				c.k.shown.Draft = draft
				c.take(draft)
				c.open = true
				c.showOpen()
			}
		})
}

func (c *composer) onDrop() {
	id := c.k.shown.ID
	c.take(data.Draft{})
	c.close()
	act(c.f.scope, nil, func(ctx context.Context) error { return c.f.guichet.DropDraft(ctx, id) }, func(err error) {
		if err != nil {
			c.f.notice.fail(err, nil)
		}
	})
}

// forward begins to pass a message on.
func (c *composer) forward(messageID int64) {
	c.keep()
	start(c.f.scope, "", nil, func(ctx context.Context) (data.Draft, error) { return c.f.guichet.ForwardDraft(ctx, messageID) },
		func(draft data.Draft, err error) {
			if err != nil {
				c.f.notice.fail(err, nil)
				return
			}
			c.take(draft)
			c.open = true
			c.showOpen()
			c.f.w.window.Canvas().Focus(c.to)
		})
}
