package views

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/widget"

	"guichet/data"
)

// chooseAnswer offers the stock answers, the heading's own first.
func (c *composer) chooseAnswer(at fyne.CanvasObject) {
	load(c.f, "stock answers", c.f.guichet.StockAnswers, func(answers []data.StockAnswer) {
		var first, rest, acts []*fyne.MenuItem
		for _, answer := range answers {
			item := fyne.NewMenuItem(say(answer.Title, nil), func() { c.fill(answer.Text) })
			switch {
			case answer.Act != "":
				acts = append(acts, item)
			case answer.Heading == c.k.shown.Heading:
				first = append(first, item, fyne.NewMenuItemSeparator())
			default:
				rest = append(rest, item)
			}
		}
		told := fyne.NewMenuItem(lang.L("Après un acte"), nil)
		told.ChildMenu = fyne.NewMenu("", acts...)
		menu := fyne.NewMenu("", append(append(first, rest...), fyne.NewMenuItemSeparator(), told)...)
		popup := widget.NewPopUpMenu(menu, c.f.w.window.Canvas())
		position := c.f.w.fyneApp.Driver().AbsolutePositionForObject(at)
		popup.ShowAtPosition(fyne.NewPos(position.X, max(0, position.Y-popup.MinSize().Height)))
	})
}

// fill puts an answer, filled in, before what is written.
func (c *composer) fill(text string) {
	id := c.k.shown.ID
	type filled struct {
		text    string
		missing []string
	}
	start(c.f.scope, "", nil, func(ctx context.Context) (f filled, err error) {
		f.text, f.missing, err = c.f.guichet.FillAnswer(ctx, id, text)
		return f, err
	}, func(answer filled, err error) {
		if err != nil {
			c.f.notice.fail(err, nil)
			return
		}
		c.propose(answer.text, answer.missing)
	})
}

// propose opens the editor with a text, and names what is missing in it.
func (c *composer) propose(text string, missing []string) {
	if c.draft.Kind != data.ReplyDraft && !c.draft.Empty() {
		c.keep()
	}
	if former := strings.TrimSpace(c.text.Text); former != "" && former != strings.TrimSpace(c.signature) {
		text += "\n\n" + former
	}
	c.text.SetText(text)
	c.begin(data.ReplyDraft)
	c.fields.clear()
	if len(missing) > 0 {
		_ = c.fields.show(data.Problems{{
			Field: "text", Message: "Le registre ne sait pas remplir {{.Names}} : écrivez-le, ou retirez-le", Values: data.Values{"Names": strings.Join(missing, ", ")},
		}})
	}
}

// sign puts the signature under what is about to be written.
func (c *composer) sign() {
	id := c.k.shown.ID
	start(c.f.scope, "", nil, func(ctx context.Context) (string, error) {
		text, _, err := c.f.guichet.FillAnswer(ctx, id, "\n")
		return text, err
	}, func(text string, err error) {
		if err == nil && strings.TrimSpace(text) != "" && c.text.Text == "" && c.draft.TicketID == id {
			c.setting, c.signature = true, text
			c.text.SetText(text)
			c.setting = false
		}
	})
}
