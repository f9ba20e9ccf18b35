package mailbox

import (
	"context"
	"errors"
	"fmt"

	"github.com/emersion/go-imap/v2"
)

// mostAgain is how many connections a fetch opens anew at most, where the server ends them: three or four mails that it
// cannot read take them, and the next fetch goes on after those. More could have it lock the account.
const mostAgain = 10

// list is the session's. Where the server says goodbye, the sizes are left out: it opens a mail to know its size.
func (p *pipeline) list(ctx context.Context, set imap.UIDSet, sizes bool) ([]listing, error) {
	listed, err := p.session.list(ctx, set, sizes)
	if !sizes || !errors.Is(err, errGoodbye) {
		return listed, err
	}
	if err = p.reopen(ctx); err != nil {
		return nil, err
	}
	return p.session.list(ctx, set, false)
}

// reopen goes on over a new connection, in the same folder; or over none, and opens no other then.
func (p *pipeline) reopen(ctx context.Context) error {
	tired := fmt.Errorf("%w: the server ends one connection after the other", ErrUnreachable)
	if p.again == 0 {
		return tired
	}
	p.again--
	folder, err := p.session.reopen(ctx, p.server)
	if err == nil && (folder.validity != p.folder.validity || folder.next < p.folder.next) {
		err = fmt.Errorf("%w: the folder was replaced meanwhile", ErrUnreachable) // its UIDs are those of other mails
	}
	if err != nil {
		p.again = 0
		p.session.link.Close()
		return err
	}
	if folder != p.folder {
		p.session.told() // nobody tells of what came in between the two connections
	}
	if p.again == 0 { // the last one is for what was read to be flagged
		return tired
	}
	return nil
}

// collect reads the mails of one batch, up to the last that it gives: all of them, unless there is an error.
func (p *pipeline) collect(ctx context.Context, batch []listing) (mails []Raw, last uint32, err error) {
	answers, err := p.whole(ctx, batch)
	for _, listed := range batch {
		mail := Raw{UIDValidity: p.folder.validity, UID: listed.uid, Received: listed.received, Size: listed.size}
		got, gone := answers[listed.uid], false
		if mail.Body = got.body; !got.read && err == nil {
			gone, err = p.alone(ctx, listed, &mail, answers)
			got.read = err == nil
		}
		if !got.read {
			return mails, last, err
		}
		if last = listed.uid; !gone {
			mails = append(mails, mail)
		}
	}
	return mails, last, err
}

// whole reads the mails of one batch that are not too large, as many as the server hands over at once. What is missing
// without an error is to be asked for one by one.
func (p *pipeline) whole(ctx context.Context, batch []listing) (answers map[uint32]answer, err error) {
	var whole []listing
	for _, mail := range batch {
		if mail.size <= MaxSize {
			whole = append(whole, mail)
		}
	}
	if len(whole) == 0 {
		return map[uint32]answer{}, nil
	}
	// Sizes are what the server says: room for twice the batch, and the rest is asked for one by one.
	answers, err = p.session.bodies(ctx, whole, imap.FetchItemBodySection{}, 2*batchBytes+MaxSize)
	if errors.Is(err, errGoodbye) {
		err = p.reopen(ctx)
	}
	return answers, err
}

// alone reads one mail of a batch by itself, or tells that it is gone. It is withheld where the server does not hand it
// over, or says goodbye each time, and does hand over another.
func (p *pipeline) alone(ctx context.Context, listed listing, mail *Raw, answers map[uint32]answer) (gone bool, err error) {
	got, heard, err := p.ask(ctx, listed, mail)
	if err != nil {
		return false, err
	}
	if mail.Body = got.body; got.read {
		answers[listed.uid] = got
		return false, nil
	}
	still, err := p.session.list(ctx, uids([]listing{listed}), false)
	if err != nil || len(still) == 0 {
		return true, err
	}
	others, err := p.handsOver(ctx, listed, answers)
	switch {
	case err != nil:
		return false, err
	case !others:
		return false, fmt.Errorf("%w: the server lists mail %d and does not hand it over", ErrUnreachable, listed.uid)
	case heard:
		got, err = p.session.header(ctx, listed)
	}
	mail.Body, mail.Withheld, mail.Oversized = got.body, true, false
	return false, err
}

// ask asks for one mail, and once more over a connection of its own where the server says goodbye. It is not heard where
// the server says so again. The connection is a new one then.
func (p *pipeline) ask(ctx context.Context, listed listing, mail *Raw) (got answer, heard bool, err error) {
	for range 2 {
		got, err = p.session.single(ctx, listed, mail)
		if !errors.Is(err, errGoodbye) {
			return got, true, err
		}
		if err = p.reopen(ctx); err != nil || got.read {
			return got, true, err
		}
	}
	return answer{}, false, nil
}

// handsOver tells whether the server still hands over another mail: it is neither ill nor weary of being asked. It is the
// largest of those of the batch that it handed over before, or else the newest mail.
func (p *pipeline) handsOver(ctx context.Context, withheld listing, answers map[uint32]answer) (bool, error) {
	other, most := p.newest, -1
	for uid, got := range answers {
		if got.read && len(got.body) > most {
			other, most = listing{uid: uid}, len(got.body)
		}
	}
	if other.uid == withheld.uid {
		return false, nil
	}
	again, err := p.session.single(ctx, other, &Raw{})
	return again.read, err
}

// single reads one mail by itself, or only its header if it is larger than MaxSize.
func (s *session) single(ctx context.Context, listed listing, mail *Raw) (answer, error) {
	one := []listing{listed}
	if listed.size <= MaxSize {
		answers, err := s.bodies(ctx, one, imap.FetchItemBodySection{}, MaxSize)
		got, sent := answers[listed.uid]
		if err != nil || got.read || !sent {
			return got, err
		}
	}
	mail.Oversized = true
	return s.header(ctx, listed)
}

// header reads the header of one mail.
func (s *session) header(ctx context.Context, listed listing) (answer, error) {
	header := imap.FetchItemBodySection{
		Specifier: imap.PartSpecifierHeader,
		Partial:   &imap.SectionPartial{Offset: 0, Size: maxHeader},
	}
	answers, err := s.bodies(ctx, []listing{listed}, header, maxHeader)
	return answers[listed.uid], err
}
