package mailbox

import (
	"context"
	"fmt"
	"math"
	"time"

	"github.com/emersion/go-imap/v2"
)

const (
	batchMails = 200
	batchBytes = 8 << 20 // three of them are in memory: read, committed, parsed
)

// Cursor is how far a folder was read. It is to be stored in the same transaction as the mails. Zero: nothing read yet.
type Cursor struct{ UIDValidity, UID uint32 }

// Raw is a mail as the server holds it.
type Raw struct {
	UIDValidity, UID uint32
	Received         time.Time // when the server received it
	Size             int64     // as the server says it
	Body             []byte
	Oversized        bool // larger than MaxSize: Body holds only the header
}

// Commit stores a batch of mails with the cursor, in one transaction.
type Commit func(ctx context.Context, mails []Raw, next Cursor) error

// Fetch reads what a mailbox holds after the cursor, oldest first, and returns the number of mails handed over.
//
// It has a batch of mails committed with the cursor to store with them, while it reads the next one. Only after commit
// returned nil are these mails flagged as seen on the server, or moved; a failure of that neither loses nor doubles a
// mail. An error of commit ends the fetch and is returned as it is; the same mails come again at the next fetch.
//
// The cursor alone says what is new: mails that somebody read meanwhile come in too, mails that were expunged are
// skipped in silence. When the folder's UIDVALIDITY is not the cursor's, everything comes again from UID 1, and the
// caller knows doubles by their Message-ID and Hash. A mail that the server lists but does not hand over ends the fetch
// with an error after the mails before it: it is never passed over.
//
// Errors: ErrUnreachable, ErrRefused, ErrCertificate, ErrInsecure, ErrFolder, the context's, commit's.
func Fetch(ctx context.Context, server Server, cursor Cursor, commit Commit) (int, error) {
	s, err := open(ctx, server)
	if err != nil {
		return 0, err
	}
	defer s.close()
	folder, err := s.enter(ctx, server.Folder)
	if err != nil {
		return 0, err
	}
	return s.pull(ctx, server, folder, cursor, commit)
}

// pull reads what the folder, which is open, holds after the cursor.
func (s *session) pull(ctx context.Context, server Server, folder folder, cursor Cursor, commit Commit) (count int, err error) {
	if folder.validity != cursor.UIDValidity {
		cursor = Cursor{UIDValidity: folder.validity}
	}
	if folder.messages == 0 || cursor.UID == math.MaxUint32 {
		return 0, nil
	}
	listed, err := s.list(ctx, imap.UIDSet{{Start: imap.UID(cursor.UID + 1), Stop: 0}})
	if err != nil {
		return 0, err
	}
	for len(listed) > 0 && listed[0].uid <= cursor.UID { // n:* also names the last mail where its UID is below n
		listed = listed[1:]
	}
	p := pipeline{session: s, server: server, commit: commit}
	for len(listed) > 0 && err == nil {
		n := batchLength(listed)
		err = p.hand(ctx, folder.validity, listed[:n])
		listed = listed[n:]
	}
	if failed := p.settle(ctx); failed != nil { // what was read before an error counts
		err = failed
	}
	return p.count, err
}

// batchLength is how many of the mails go into one batch: at least one.
func batchLength(listed []listing) int {
	var bytes int64
	for i, mail := range listed {
		bytes += min(mail.size, MaxSize)
		if i > 0 && (i == batchMails || bytes > batchBytes) {
			return i
		}
	}
	return len(listed)
}

// pipeline has one batch committed while the next one is read. The connection is used by the reader alone.
type pipeline struct {
	session *session
	server  Server
	commit  Commit
	count   int
	batch   []Raw      // being committed
	result  chan error // its outcome; nil when none is
}

// hand reads one batch and begins to have it committed, once the one before is.
func (p *pipeline) hand(ctx context.Context, validity uint32, batch []listing) error {
	mails, withheld, err := p.session.collect(ctx, validity, batch)
	if err != nil {
		return err
	}
	next := Cursor{UIDValidity: validity, UID: batch[len(batch)-1].uid}
	if withheld != 0 {
		err = fmt.Errorf("%w: the server lists mail %d and does not hand it over", ErrUnreachable, withheld)
		next.UID = withheld - 1
	}
	if failed := p.settle(ctx); failed != nil {
		return failed
	}
	if len(mails) > 0 {
		p.batch, p.result = mails, make(chan error, 1)
		go func(result chan<- error) { result <- p.commit(ctx, mails, next) }(p.result)
	}
	return err
}

// settle waits for the batch that is being committed, and flags or moves it.
func (p *pipeline) settle(ctx context.Context) error {
	if p.result == nil {
		return nil
	}
	err := <-p.result
	p.result = nil
	if err != nil {
		return err
	}
	p.count += len(p.batch)
	return p.session.settle(ctx, p.batch, p.server.MoveTo)
}

// collect reads the mails of one batch, up to the first that the server withholds.
func (s *session) collect(ctx context.Context, validity uint32, batch []listing) (mails []Raw, withheld uint32, err error) {
	var whole []listing
	for _, mail := range batch {
		if mail.size <= MaxSize {
			whole = append(whole, mail)
		}
	}
	answers := map[uint32]answer{}
	if len(whole) > 0 {
		// Sizes are what the server says: room for twice the batch, and the rest is asked for one by one.
		if answers, err = s.bodies(ctx, whole, imap.FetchItemBodySection{}, 2*batchBytes+MaxSize); err != nil {
			return nil, 0, err
		}
	}
	for _, listed := range batch {
		mail := Raw{UIDValidity: validity, UID: listed.uid, Received: listed.received, Size: listed.size}
		got := answers[listed.uid]
		if !got.read {
			if got, err = s.single(ctx, listed, &mail); err != nil {
				return nil, 0, err
			}
		}
		if mail.Body = got.body; got.read {
			mails = append(mails, mail)
			continue
		}
		still, err := s.list(ctx, uids([]listing{listed}))
		if err != nil {
			return nil, 0, err
		}
		if len(still) > 0 {
			return mails, listed.uid, nil
		}
	}
	return mails, 0, nil
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
	header := imap.FetchItemBodySection{
		Specifier: imap.PartSpecifierHeader,
		Partial:   &imap.SectionPartial{Offset: 0, Size: maxHeader},
	}
	answers, err := s.bodies(ctx, one, header, maxHeader)
	return answers[listed.uid], err
}
