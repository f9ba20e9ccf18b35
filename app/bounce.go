package app

import (
	"errors"
	"slices"
	"strings"
	"time"

	"guichet/data"
	"guichet/data/store"
)

// loopWindow is the time in which automatic mails to one address are counted.
const loopWindow = time.Hour

// noSuchMailbox are the statuses of an address that does not exist (RFC 3463), or
// takes no mail (RFC 7505): Exchange has the second for the first.
var noSuchMailbox = []string{"5.1.1", "5.1.10"}

// bounce links a delivery report to the mail that came back: its ticket, which
// is brought back when the mail did not arrive, or the account that an
// activation e-mail was for. done is false when it is none of ours.
func (r *reception) bounce(in *incoming) (done bool, err error) {
	if in.report == nil || in.report.OriginalID == "" {
		return false, nil
	}
	mail, err := r.OutgoingByMessageID(in.report.OriginalID)
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	} else if err != nil {
		return false, err
	}
	if mail.TicketID != 0 {
		summary, err := r.Ticket(mail.TicketID)
		former, found, err := r.holder(summary, err)
		if err != nil || !found {
			return false, err
		}
		if err := r.badAddress(in, former.AccountID); err != nil {
			return false, err
		}
		r.total.Replies++
		return true, r.reply(former, in)
	}
	if mail.AccountID == 0 {
		return false, nil
	}
	if err := r.badAddress(in, mail.AccountID); err != nil {
		return false, err
	}
	account, err := r.Account(mail.AccountID)
	if err != nil {
		return false, err
	}
	// Our own mail comes back whole, its link in it: the outbox has it.
	in.message.Attachments = slices.DeleteFunc(in.message.Attachments, func(file data.Attachment) bool { return file.ContentType == "message/rfc822" })
	_, err = r.openTicket(in, func(ticket *data.Ticket) {
		ticket.AccountID, ticket.OrganisationID = account.ID, account.OrganisationID
		ticket.RequesterName, ticket.RequesterAddress = account.Name(), account.Email
		ticket.Heading, ticket.HeadingProposed = data.ActivationNotReceived, false
	})
	return true, err
}

// badAddress marks an account's address when it was the one refused, for good
// and because it does not exist.
func (r *reception) badAddress(in *incoming, accountID int64) error {
	if accountID == 0 || !in.report.Permanent || !slices.Contains(noSuchMailbox, in.report.Status) {
		return nil
	}
	account, err := r.Account(accountID)
	if err != nil || !strings.EqualFold(account.Email, in.report.Recipient) {
		return err
	}
	if err := r.SetEmailBounced(account.ID, r.now); err != nil {
		return err
	}
	return r.audit("account.email_bounced", "account", account.ID, nil, map[string]any{"identifier": account.Identifier})
}
