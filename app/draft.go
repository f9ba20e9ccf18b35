package app

import (
	"context"
	"mime"
	"path"
	"slices"
	"strings"

	"guichet/data"
	"guichet/data/store"
)

// DraftSize is the most that the files of a draft may weigh together, in bytes:
// more, and mail servers refuse it.
const DraftSize = 20 << 20

// SaveDraft keeps what the operator is writing on a ticket, in the place of
// what was kept; an empty one is dropped. Its files are AddDraftFile's. Help
// desk and administrators.
func (a *App) SaveDraft(ctx context.Context, draft data.Draft) (data.Draft, error) {
	operator, err := allow(ctx, "SaveDraft")
	if err != nil {
		return draft, err
	}
	draft.OperatorID = operator.ID
	err = a.update(ctx, operator, func(c *change) error {
		kept, err := c.Draft(draft.TicketID, operator.ID)
		if err != nil {
			return err
		}
		draft.SavedAt, draft.Files = c.now, kept.Files
		if draft.Empty() {
			return c.DropDraft(draft.TicketID, operator.ID)
		}
		return c.SaveDraft(&draft)
	})
	return draft, err
}

// DropDraft forgets what the operator was writing on a ticket. Help desk and
// administrators.
func (a *App) DropDraft(ctx context.Context, ticketID int64) error {
	operator, err := allow(ctx, "DropDraft")
	if err != nil {
		return err
	}
	return a.update(ctx, operator, func(c *change) error { return c.DropDraft(ticketID, operator.ID) })
}

// AddDraftFile joins a file to the operator's draft, which is kept as it is
// given. A Problem of "files" when the files would weigh too much. Help desk
// and administrators.
func (a *App) AddDraftFile(ctx context.Context, draft data.Draft, name string, content []byte) (data.Draft, error) {
	operator, err := allow(ctx, "AddDraftFile")
	if err != nil {
		return draft, err
	}
	draft.OperatorID = operator.ID
	err = a.update(ctx, operator, func(c *change) error {
		draft.SavedAt = c.now
		if err := c.SaveDraft(&draft); err != nil {
			return err
		}
		if draft, err = c.Draft(draft.TicketID, operator.ID); err != nil {
			return err
		}
		file := newFile(name, content)
		if size := fileSize(draft.Files) + file.Size; size > DraftSize {
			return data.Problems{{Field: "files", Message: "Les pièces jointes pèsent {{.Size}} Mo : 20 au plus partent par courriel", Values: data.Values{"Size": size >> 20}}}
		}
		if err := c.Tx.AddDraftFile(draft.ID, &file); err != nil {
			return err
		}
		file.Content = nil
		draft.Files = append(draft.Files, file)
		return nil
	})
	return draft, err
}

func newFile(name string, content []byte) data.Attachment {
	kind := mime.TypeByExtension(strings.ToLower(path.Ext(name)))
	if kind, _, _ = strings.Cut(kind, ";"); kind == "" {
		kind = "application/octet-stream"
	}
	return data.Attachment{Name: name, ContentType: kind, Size: len(content), Content: content}
}

func fileSize(files []data.Attachment) (size int) {
	for _, file := range files {
		size += file.Size
	}
	return size
}

// RemoveDraftFile takes a file off the operator's draft. Help desk and
// administrators.
func (a *App) RemoveDraftFile(ctx context.Context, fileID int64) error {
	operator, err := allow(ctx, "RemoveDraftFile")
	if err != nil {
		return err
	}
	return a.update(ctx, operator, func(c *change) error { return c.DropDraftFile(fileID, operator.ID) })
}

// ForwardDraft makes a draft that passes a message on, with its files, in the
// place of what the operator was writing on the ticket. Help desk and
// administrators.
func (a *App) ForwardDraft(ctx context.Context, messageID int64) (draft data.Draft, err error) {
	operator, err := allow(ctx, "ForwardDraft")
	if err != nil {
		return draft, err
	}
	err = a.update(ctx, operator, func(c *change) error {
		message, err := c.Message(messageID)
		if err != nil {
			return err
		}
		ticket, err := c.Ticket(message.TicketID)
		if err != nil {
			return err
		}
		if err := c.DropDraft(ticket.ID, operator.ID); err != nil {
			return err
		}
		draft = data.Draft{
			TicketID: ticket.ID, OperatorID: operator.ID, Kind: data.ForwardDraft, SavedAt: c.now,
			Subject: data.ReplySubject(ticket.Ticket, "Tr : ", a.secret), Text: "\n\n" + data.ForwardedText(message),
		}
		if err := c.SaveDraft(&draft); err != nil {
			return err
		}
		for _, file := range message.Attachments {
			if err := c.Tx.AddDraftFile(draft.ID, &file); err != nil {
				return err
			}
		}
		draft, err = c.Draft(ticket.ID, operator.ID)
		return err
	})
	return draft, err
}

// checkDraft names all that keeps a reply from being sent, and reads its
// addresses.
func checkDraft(draft data.Draft) (to, cc []string, err error) {
	var problems data.Problems
	if to, err = data.Recipients("to", draft.To); err != nil {
		problems = append(problems, err.(data.Problems)...)
	} else if len(to) == 0 {
		problems.Add("to", "Indiquez à qui répondre", nil)
	}
	if cc, err = data.Recipients("cc", draft.Cc); err != nil {
		problems = append(problems, err.(data.Problems)...)
	}
	cc = slices.DeleteFunc(cc, func(address string) bool { return slices.Contains(to, address) })
	if strings.TrimSpace(draft.Text) == "" {
		problems.Add("text", "Écrivez d’abord le message", nil)
	}
	if missing := data.Unfilled(draft.Text); len(missing) > 0 {
		problems.Add("text", "Le registre ne sait pas remplir {{.Names}} : écrivez-le, ou retirez-le", data.Values{"Names": strings.Join(missing, ", ")})
	}
	return to, cc, problems.Err()
}

// Presence notes that the operator has a ticket on the screen, and tells who
// else has. Help desk and administrators.
func (a *App) Presence(ctx context.Context, ticketID int64, writing bool) (others []data.Presence, err error) {
	operator, err := allow(ctx, "Presence")
	if err != nil {
		return nil, err
	}
	err = a.store.Update(ctx, func(tx *store.Tx) error {
		now := a.Now()
		if err := tx.EndPresence(operator.ID, ticketID); err != nil {
			return err
		}
		if ticketID != 0 {
			if err := tx.SeePresence(ticketID, data.Presence{OperatorID: operator.ID, Writing: writing, SeenAt: now}); err != nil {
				return err
			}
		}
		others, err = tx.Presences(ticketID, now.Add(-data.PresenceDelay))
		return err
	})
	others = slices.DeleteFunc(others, func(p data.Presence) bool { return p.OperatorID == operator.ID })
	return others, logged(ctx, refined(err))
}
