package views

import (
	"context"
	"errors"
	"io"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"guichet/app"
	"guichet/data"
)

func (c *composer) showFiles() {
	c.files.RemoveAll()
	for _, file := range c.draft.Files {
		chip := newIconButton(file.Name+" · "+size(file.Size), theme.CancelIcon(), func() { c.onRemove(file) })
		chip.IconPlacement = widget.ButtonIconTrailingText
		c.files.Add(chip)
	}
	c.files.Hidden = len(c.draft.Files) == 0
	c.files.Refresh()
}

func (c *composer) onRemove(file data.Attachment) {
	act(c.f.scope, nil, func(ctx context.Context) error { return c.f.guichet.RemoveDraftFile(ctx, file.ID) }, func(err error) {
		if err != nil {
			c.f.notice.fail(err, nil)
			return
		}
		files := c.draft.Files
		c.draft.Files = nil
		for _, other := range files {
			if other.ID != file.ID {
				c.draft.Files = append(c.draft.Files, other)
			}
		}
		c.showFiles()
		c.box.Refresh()
	})
}

// onJoin asks for a file to join.
func (c *composer) onJoin() {
	choosing := dialog.NewFileOpen(func(file fyne.URIReadCloser, err error) {
		if file == nil || err != nil {
			if err != nil {
				c.f.notice.fail(err, nil)
			}
			return
		}
		c.join(file.URI().Name(), file)
	}, c.f.w.window)
	choosing.SetTitleText(lang.L("Joindre un fichier"))
	choosing.SetConfirmText(lang.L("Joindre"))
	c.f.w.showFiles(choosing)
}

// join joins a file to the draft.
func (c *composer) join(name string, file io.ReadCloser) {
	draft := c.written()
	start(c.f.scope, "", nil, func(ctx context.Context) (data.Draft, error) {
		content, err := io.ReadAll(io.LimitReader(file, app.DraftSize+1))
		if err = errors.Join(err, file.Close()); err != nil {
			return draft, err
		}
		return c.f.guichet.AddDraftFile(ctx, draft, name, content)
	}, func(kept data.Draft, err error) {
		if err != nil {
			c.failed(err)
			return
		}
		c.draft.ID, c.draft.Files, c.draft.SavedAt, c.dirty = kept.ID, kept.Files, kept.SavedAt, false
		c.showFiles()
		c.box.Refresh()
	})
}
