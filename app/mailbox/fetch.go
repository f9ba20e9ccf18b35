package mailbox

import (
	"context"
	"errors"
	"math"
	"time"

	"github.com/emersion/go-imap/v2"
)

const (
	batchMails = 200
	batchBytes = 4 << 20 // three of them are in memory: one is read, one prepared, one committed
)

// Cursor is how far a folder was read. It is to be stored in the same transaction as the mails. Zero: nothing read yet.
type Cursor struct{ UIDValidity, UID uint32 }

// Raw is a mail as the server holds it.
type Raw struct {
	UIDValidity, UID uint32
	Received         time.Time // when the server received it
	Size             int64     // as the server says it, 0 where it does not
	Body             []byte
	Oversized        bool // larger than MaxSize: Body holds only the header
	Withheld         bool // the server lists it, and refuses it or ends the connection at it: Body holds at most the header
}

// Take takes a batch of mails over and prepares them, while the batch before is still being committed. What it returns
// then stores them with the cursor, in one transaction.
type Take func(mails []Raw, next Cursor) (commit func(ctx context.Context) error)

// Commit stores a batch of mails with the cursor, in one transaction.
type Commit func(ctx context.Context, mails []Raw, next Cursor) error

// Take prepares nothing.
func (c Commit) Take(mails []Raw, next Cursor) func(ctx context.Context) error {
	return func(ctx context.Context) error { return c(ctx, mails, next) }
}

// Fetch reads what a mailbox holds after the cursor, oldest first, and returns the number of mails handed over.
//
// While it reads a batch of mails, it has the one before prepared and the one before that committed, with the cursor to
// store with them: one commit at a time, in order. Only after a commit returned nil are its mails flagged as seen on the
// server, or moved; a failure of that neither loses nor doubles a mail. An error of a commit ends the fetch and is
// returned as it is; the same mails come again at the next fetch.
//
// The cursor alone says what is new: mails that somebody read meanwhile come in too, mails that were expunged are
// skipped in silence. When the folder's UIDVALIDITY is not the cursor's, or the UID of its next mail is not past
// the cursor, because a backup brought the folder back, everything comes again from UID 1, and the caller knows doubles by
// their Message-ID and Hash: UIDs mean other mails now.
//
// A mail that the server lists but does not hand over is Withheld where it then hands over another one that came before
// in its batch, or the newest. So is a mail at which the server says goodbye instead, in its batch and twice alone, the
// second time over a connection of its own: a fetch opens a few anew for that. Where no other is handed over, the server
// may be ill: the mail ends the fetch with an error, and is never passed over. Nor is one at which the connection ends
// without a goodbye, for that may be the line. The mails before it are committed, and it comes again at the next fetch.
//
// Errors: ErrUnreachable, ErrRefused, ErrCertificate, ErrInsecure, ErrFolder, the context's, commit's.
func Fetch(ctx context.Context, server Server, cursor Cursor, take Take) (int, error) {
	s, err := open(ctx, server)
	if err != nil {
		return 0, err
	}
	defer s.close()
	folder, err := s.enter(ctx, server.Folder)
	if err != nil {
		return 0, err
	}
	return s.pull(ctx, server, folder, cursor, take)
}

// pull reads what the folder, which is open, holds after the cursor.
func (s *session) pull(ctx context.Context, server Server, folder folder, cursor Cursor, take Take) (count int, err error) {
	if restored := folder.next != 0 && cursor.UID >= folder.next; restored || folder.validity != cursor.UIDValidity {
		cursor = Cursor{UIDValidity: folder.validity}
	}
	if folder.messages == 0 || cursor.UID == math.MaxUint32 {
		return 0, nil
	}
	p := pipeline{session: s, server: server, folder: folder, take: take, again: mostAgain}
	fresh := folder.next != cursor.UID+1 // or else the last mail is named again, which may be one that ends the connection
	listed, err := p.list(ctx, imap.UIDSet{{Start: imap.UID(cursor.UID + 1), Stop: 0}}, fresh)
	if err != nil {
		return 0, err
	}
	for len(listed) > 0 && listed[0].uid <= cursor.UID { // n:* also names the last mail where its UID is below n
		listed = listed[1:]
	}
	if len(listed) > 0 {
		p.newest = listed[len(listed)-1]
	}
	for len(listed) > 0 && err == nil {
		n := batchLength(listed)
		err = p.hand(ctx, listed[:n])
		listed = listed[n:]
	}
	for len(p.batches) > 0 { // what was read before an error counts
		if failed := p.settle(ctx); failed != nil {
			err = failed
		}
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

// pipeline has batches prepared and committed while the next one is read. The connection is used by the reader alone.
type pipeline struct {
	session *session
	server  Server
	folder  folder
	take    Take
	again   int     // connections that may still be opened anew
	newest  listing // the last mail of the folder
	count   int
	batches []*batch // being prepared or committed, the oldest first
}

// batch are mails on their way; err is their commit's once it is done.
type batch struct {
	mails []Raw
	done  chan struct{}
	err   error
}

// hand reads one batch, up to the first mail that cannot be read, and has it prepared and committed; not before the one
// before is.
func (p *pipeline) hand(ctx context.Context, listed []listing) error {
	mails, last, err := p.collect(ctx, listed)
	next := Cursor{UIDValidity: p.folder.validity, UID: last}
	if len(p.batches) == 2 {
		if failed := p.settle(ctx); failed != nil {
			return failed
		}
	}
	if len(mails) > 0 {
		this := &batch{mails: mails, done: make(chan struct{})}
		var before *batch
		if len(p.batches) > 0 {
			before = p.batches[len(p.batches)-1]
		}
		p.batches = append(p.batches, this)
		go this.pass(ctx, p.take, next, before)
	}
	return err
}

// pass prepares a batch and then commits it after the one before, unless that failed.
func (b *batch) pass(ctx context.Context, take Take, next Cursor, before *batch) {
	defer close(b.done)
	commit := take(b.mails, next)
	if before != nil {
		<-before.done
		if b.err = before.err; b.err != nil {
			return
		}
	}
	b.err = commit(ctx)
}

// settle waits for the oldest batch, and flags or moves it.
func (p *pipeline) settle(ctx context.Context) error {
	oldest := p.batches[0]
	p.batches = p.batches[1:]
	<-oldest.done
	if oldest.err != nil {
		return oldest.err
	}
	p.count += len(oldest.mails)
	err := p.session.settle(ctx, oldest.mails, p.server.MoveTo)
	if errors.Is(err, ErrUnreachable) && p.reopen(ctx) == nil { // the connection ended at a mail after them
		err = p.session.settle(ctx, oldest.mails, p.server.MoveTo)
	}
	return err
}
