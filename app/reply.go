package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"guichet/data"
	"guichet/data/store"
)

// Replied is a reply in the outbox.
type Replied struct {
	OutgoingID int64
	SendsAt    time.Time // until then, UndoReply takes it back
}

// Reply sends the operator's draft, a reply or a forward, to the addresses that
// it names, and brings the ticket to a state; empty: it stays, but a new one is
// opened. The mail waits in the outbox for data.UndoDelay. Problems name the
// draft's fields "to", "cc", "text": a variable that nothing filled blocks.
// Conflict when somebody changed the ticket since it was seen: the draft is
// kept. Help desk and administrators.
func (a *App) Reply(ctx context.Context, seen data.Ticket, draft data.Draft, then data.TicketState) (replied Replied, err error) {
	operator, err := allow(ctx, "Reply")
	if err != nil {
		return replied, err
	}
	to, cc, err := checkDraft(draft)
	if err != nil {
		return replied, refined(err)
	}
	unique, err := a.unique()
	if err != nil {
		return replied, refined(err)
	}
	err = a.update(ctx, operator, func(c *change) error {
		settings, err := readSettings(c.Tx)
		if err != nil {
			return err
		}
		message := data.Message{
			TicketID: seen.ID, Direction: data.Outgoing, FromName: operator.Name, FromAddress: replyAddress(settings), To: to, Cc: cc,
			Author: operator.ID, Subject: draft.Subject, SentAt: c.now, ReceivedAt: c.now, Text: draft.Text, Hash: []byte{},
			MessageID: data.TicketMessageID(seen.Number, unique, mailDomain(settings), a.secret),
		}
		kept, err := c.Draft(seen.ID, operator.ID)
		if err != nil {
			return err
		}
		if message.Attachments, err = c.DraftFiles(kept.ID); err != nil {
			return err
		}
		if err := a.answer(c, seen, draft.Kind, &message); err != nil {
			return err
		}
		mail := data.OutgoingMail{
			Kind: data.ReplyMail, TicketID: seen.ID, ThreadID: message.ID, MessageID: message.MessageID, To: to, Cc: cc,
			Subject: message.Subject, CreatedAt: c.now, NextTryAt: c.now.Add(data.UndoDelay),
		}
		if len(to) == 1 && to[0] == seen.RequesterAddress {
			mail.ToName = seen.RequesterName
		}
		if draft.Kind == data.ForwardDraft {
			mail.Kind = data.ForwardMail
		}
		if err := c.AddOutgoing(&mail); err != nil {
			return err
		}
		replied = Replied{OutgoingID: mail.ID, SendsAt: mail.NextTryAt}
		if err := c.keepForUndo(mail.ID, seen, draft); err != nil {
			return err
		}
		if err := c.DropDraft(seen.ID, operator.ID); err != nil {
			return err
		}
		return c.afterReply(settings.Clock(), seen, draft.Kind, then)
	})
	return replied, err
}

// answer adds a reply to its thread: it answers the last mail that came in, and
// a reply quotes it.
func (a *App) answer(c *change, seen data.Ticket, kind data.DraftKind, message *data.Message) error {
	thread, err := c.Messages(seen.ID)
	if err != nil {
		return err
	}
	for i := len(thread) - 1; i >= 0; i-- {
		former := thread[i]
		if former.Direction != data.Incoming || former.MessageID == "" || former.Automatic {
			continue
		}
		message.InReplyTo = former.MessageID
		message.References = append(former.References, former.MessageID)
		if kind == data.ReplyDraft {
			message.Text += "\n\n" + data.QuotedText(former)
		}
		break
	}
	if message.Subject == "" {
		message.Subject = data.ReplySubject(seen, "Re: ", a.secret)
	}
	return c.AddMessage(message)
}

// afterReply brings a ticket on once it was answered.
func (c *change) afterReply(clock data.Clock, seen data.Ticket, kind data.DraftKind, then data.TicketState) error {
	ticket := seen
	if then == "" && ticket.State == data.NewTicket {
		then = data.OpenTicket
	}
	if kind == data.ReplyDraft {
		clock.Answered(&ticket, c.now)
	}
	if then != "" {
		if err := c.move(clock, &ticket, then); err != nil {
			return err
		}
	}
	if ticket.AssigneeID == 0 {
		ticket.AssigneeID = c.operator.ID
	}
	if err := c.IndexTicket(ticket.ID); err != nil {
		return err
	}
	action := "ticket.answer"
	if kind == data.ForwardDraft {
		action = "ticket.forward"
	}
	return c.saveTicket(seen, ticket, action)
}

func (c *change) keepForUndo(outgoingID int64, seen data.Ticket, draft data.Draft) error {
	ticket, err := json.Marshal(seen)
	if err != nil {
		return err
	}
	draft.Files = nil // they stand with the message
	kept, err := json.Marshal(draft)
	if err != nil {
		return err
	}
	return c.KeepSentDraft(outgoingID, string(ticket), string(kept))
}

// unique is what makes a Message-ID unlike any other.
func (a *App) unique() (string, error) {
	var raw [9]byte
	if _, err := io.ReadFull(a.random, raw[:]); err != nil {
		return "", fmt.Errorf("draw a Message-ID: %w", err)
	}
	return fmt.Sprintf("%x", raw), nil
}

// replyAddress is where answers to a reply come in.
func replyAddress(settings data.Settings) string {
	if data.ValidEmail(settings.SupportEmail) {
		return settings.SupportEmail
	}
	return settings.Smarthost.From
}

// UndoReply takes a reply back that has not been sent yet: it is the operator's
// draft again, and the ticket is as it was unless somebody changed it since.
// Conflict when it is too late. Help desk and administrators.
func (a *App) UndoReply(ctx context.Context, outgoingID int64) (draft data.Draft, err error) {
	operator, err := allow(ctx, "UndoReply")
	if err != nil {
		return draft, err
	}
	err = a.update(ctx, operator, func(c *change) error {
		tooLate := refuse(Conflict, "Ce courriel est déjà parti", nil)
		mail, err := c.OutgoingMail(outgoingID)
		if err != nil {
			return err
		}
		ticketText, draftText, err := c.SentDraft(outgoingID)
		if errors.Is(err, store.ErrNotFound) {
			return tooLate
		} else if err != nil {
			return err
		}
		if err := c.WithdrawOutgoing(outgoingID); errors.Is(err, store.ErrChanged) {
			return tooLate
		} else if err != nil {
			return err
		}
		var before data.Ticket
		if err := errors.Join(json.Unmarshal([]byte(ticketText), &before), json.Unmarshal([]byte(draftText), &draft)); err != nil {
			return fmt.Errorf("read a reply's draft: %w", err)
		}
		draft.OperatorID, draft.SavedAt = operator.ID, c.now
		if err := c.restoreDraft(&draft, mail.ThreadID); err != nil {
			return err
		}
		if err := c.ForgetSentDraft(outgoingID); err != nil {
			return err
		}
		return c.ticketBefore(before, mail.CreatedAt)
	})
	return draft, err
}

// restoreDraft makes a draft of a message that was not sent.
func (c *change) restoreDraft(draft *data.Draft, messageID int64) error {
	message, err := c.Message(messageID)
	if err != nil {
		return err
	}
	if err := c.SaveDraft(draft); err != nil {
		return err
	}
	for _, file := range message.Attachments {
		if err := c.AddDraftFile(draft.ID, &file); err != nil {
			return err
		}
	}
	if err := c.DropMessage(messageID); err != nil {
		return err
	}
	if err := c.IndexTicket(message.TicketID); err != nil {
		return err
	}
	*draft, err = c.Draft(draft.TicketID, draft.OperatorID)
	return err
}

// ticketBefore brings a ticket back to what it was before a reply, unless
// somebody changed it after that.
func (c *change) ticketBefore(before data.Ticket, repliedAt time.Time) error {
	now, err := c.Ticket(before.ID)
	if err != nil {
		return err
	}
	ticket := now.Ticket
	if now.UpdatedAt.Equal(laterThan(repliedAt, before.UpdatedAt)) {
		ticket = before
	}
	return c.saveTicket(now.Ticket, ticket, "ticket.undo_reply")
}

// AddNote writes an internal note on a ticket. Help desk and administrators.
func (a *App) AddNote(ctx context.Context, ticketID int64, text string) error {
	operator, err := allow(ctx, "AddNote")
	if err != nil {
		return err
	}
	var problems data.Problems
	if problems.Require("text", text); len(problems) > 0 {
		return refined(problems)
	}
	return a.update(ctx, operator, func(c *change) error {
		if err := c.note(ticketID, text); err != nil {
			return err
		}
		return c.DropDraft(ticketID, operator.ID)
	})
}

// note writes a note; the ticket is found by it, and is changed. One that was merged
// meanwhile has it where it goes on.
func (c *change) note(ticketID int64, text string) error {
	seen, err := c.followed(c.Ticket(ticketID))
	if err != nil {
		return err
	}
	err = c.AddMessage(&data.Message{
		TicketID: seen.ID, Direction: data.Note, FromName: c.operator.Name, Author: c.operator.ID, SentAt: c.now, ReceivedAt: c.now,
		Text: text, Hash: []byte{},
	})
	if err != nil {
		return err
	}
	if err := c.IndexTicket(seen.ID); err != nil {
		return err
	}
	return c.saveTicket(seen.Ticket, seen.Ticket, "ticket.note")
}
