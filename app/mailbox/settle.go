package mailbox

import (
	"context"
	"errors"
	"strings"

	"github.com/emersion/go-imap/v2"
)

// settle does on the server what follows a commit: the mails are moved to a folder, which is made when it is missing,
// or else flagged as seen. A server that refuses to move them is not an error: they stay, flagged, and do not come
// again, for the cursor is past them.
func (s *session) settle(ctx context.Context, mails []Raw, to string) error {
	if len(numbers(mails)) == 0 {
		return nil
	}
	if to == "" || strings.EqualFold(to, "INBOX") && strings.EqualFold(s.name, "INBOX") || !s.mayMove() {
		return s.flag(ctx, mails)
	}
	err := s.move(ctx, mails, to)
	var refusal *imap.Error
	if errors.As(err, &refusal) { // no such folder, most likely
		create := s.link.watch(ctx, func() error { return s.client.Create(to, nil).Wait() })
		if create != nil && !errors.As(create, &refusal) {
			return broken("IMAP CREATE", create)
		}
		err = s.move(ctx, mails, to)
	}
	switch {
	case err == nil:
		return nil
	case errors.As(err, &refusal):
		return s.flag(ctx, mails)
	}
	return broken("IMAP MOVE", err)
}

// mayMove tells whether mails can be moved without expunging what somebody else deleted: by MOVE, or by copies and
// UID EXPUNGE.
func (s *session) mayMove() bool {
	caps := s.client.Caps()
	return caps.Has(imap.CapMove) || caps.Has(imap.CapUIDPlus)
}

func (s *session) move(ctx context.Context, mails []Raw, to string) error {
	return s.link.watch(ctx, func() error {
		_, err := s.client.Move(numbers(mails), to).Wait()
		return err
	})
}

func numbers(mails []Raw) (set imap.UIDSet) {
	for _, mail := range mails {
		if mail.Withheld { // it stays as it is, for a person to see
			continue
		}
		set.AddNum(imap.UID(mail.UID))
	}
	return set
}

// flag marks mails as seen. A server that refuses is not an error: the flag is for people who look into the mailbox.
func (s *session) flag(ctx context.Context, mails []Raw) error {
	err := s.link.watch(ctx, func() error {
		store := &imap.StoreFlags{Op: imap.StoreFlagsAdd, Silent: true, Flags: []imap.Flag{imap.FlagSeen}}
		return s.client.Store(numbers(mails), store, nil).Close()
	})
	var refusal *imap.Error
	if err == nil || errors.As(err, &refusal) {
		return nil
	}
	return broken("IMAP STORE", err)
}
