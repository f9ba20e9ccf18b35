package mailbox

import (
	"context"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// Phase is what a Watcher does.
type Phase string

// The phases of a watch.
const (
	Connecting Phase = "connecting"
	Fetching   Phase = "fetching"
	Idle       Phase = "idle"    // the server tells of new mail by itself
	Polling    Phase = "polling" // it does not: the folder is looked at again at Next
	Waiting    Phase = "waiting" // after a failure, until Next
)

// State is how a watch stands.
type State struct {
	Phase Phase
	Err   error // why it waits
	// Next is when it looks or tries again, whatever the server tells until then.
	Next time.Time
	New  int // mails that the last pass brought in
}

// Watcher keeps reading a folder until its context is done: what is new comes in as soon as the server tells, or at the
// next poll. A server that cannot be reached, falls silent or refuses is tried again later and later, and so are mails
// that cannot be committed: nothing is passed over.
type Watcher struct {
	Server Server
	// Cursor is how far the folder was read, as Take's commit stored it.
	Cursor func(ctx context.Context) (Cursor, error)
	Take   Take
	// Poll is how long no pass is late: a pass is made at least so often, even where the server tells of new mail, for
	// a broken line tells nothing. Zero: DefaultPoll.
	Poll time.Duration
	// Report, which may be nil, is told each state, by the goroutine of Run.
	Report func(State)

	hurry chan struct{}
	wait  func(ctx context.Context, d time.Duration, hurry <-chan struct{}) // tests pass time by it
}

// DefaultPoll is how often a folder is looked at, told or not.
const DefaultPoll = 5 * time.Minute

const (
	firstWait   = time.Second
	longestWait = 5 * time.Minute
)

// NewWatcher makes a watcher.
func NewWatcher(server Server, cursor func(context.Context) (Cursor, error), take Take) *Watcher {
	return &Watcher{Server: server, Cursor: cursor, Take: take, Poll: DefaultPoll, hurry: make(chan struct{}, 1), wait: pause}
}

// Hurry has a pass made now. It may be called from any goroutine.
func (w *Watcher) Hurry() {
	select {
	case w.hurry <- struct{}{}:
	default:
	}
}

// Run watches until ctx is done, and returns its error.
func (w *Watcher) Run(ctx context.Context) error {
	for failures := 0; ; {
		passed, err := w.session(ctx)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if passed {
			failures = 0
		}
		delay := backOff(failures)
		failures++
		w.report(State{Phase: Waiting, Err: err, Next: time.Now().Add(delay)})
		w.wait(ctx, delay, w.hurry)
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
}

// backOff is how long to wait after some failures in a row: twice as long each time, and anything up to that, so that
// not all stations come back at once.
func backOff(failures int) time.Duration {
	most := min(firstWait<<min(failures, 20), longestWait)
	return most/2 + rand.N(most/2) // #nosec G404 -- jitter
}

func pause(ctx context.Context, d time.Duration, hurry <-chan struct{}) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-hurry:
	case <-timer.C:
	}
}

func (w *Watcher) report(state State) {
	if w.Report != nil {
		w.Report(state)
	}
}

// session reads the folder over one connection, or over the one that a pass went on over, until something fails. passed
// tells whether a pass came to its end.
func (w *Watcher) session(ctx context.Context) (passed bool, err error) {
	w.report(State{Phase: Connecting})
	s, err := open(ctx, w.Server)
	if err != nil {
		return false, err
	}
	defer s.close()
	for {
		count, err := w.pass(ctx, s)
		if err != nil {
			return passed, err
		}
		passed = true
		if err := w.listen(ctx, s, count); err != nil {
			return passed, err
		}
	}
}

// pass opens the folder, anew after the first time, for its UIDVALIDITY may have changed, and reads what is new.
func (w *Watcher) pass(ctx context.Context, s *session) (int, error) {
	w.report(State{Phase: Fetching})
	select {
	case <-s.news: // what was told until now comes with this pass
	default:
	}
	cursor, err := w.Cursor(ctx)
	if err != nil {
		return 0, err
	}
	folder, err := s.enter(ctx, w.Server.Folder) // after the cursor, which its next UID is compared with
	if err != nil {
		return 0, err
	}
	return s.pull(ctx, w.Server, folder, cursor, w.Take)
}

// listen waits until the server tells of something, the poll is due, somebody hurries, or the connection ends.
func (w *Watcher) listen(ctx context.Context, s *session, count int) error {
	poll := time.NewTimer(w.Poll)
	defer poll.Stop()
	state := State{Phase: Polling, Next: time.Now().Add(w.Poll), New: count}
	var idle *imapclient.IdleCommand
	if s.client.Caps().Has(imap.CapIdle) {
		state.Phase = Idle
		if err := s.link.watch(ctx, func() (err error) {
			idle, err = s.client.Idle()
			return err
		}); err != nil {
			return broken("IMAP IDLE", err)
		}
	}
	w.report(state)
	select {
	case <-ctx.Done():
	case <-s.news:
	case <-poll.C:
	case <-w.hurry:
	case <-s.client.Closed():
	}
	if idle == nil {
		return ctx.Err()
	}
	err := s.link.watch(ctx, func() error {
		if err := idle.Close(); err != nil {
			return err
		}
		return idle.Wait()
	})
	if err != nil {
		return broken("IMAP IDLE", err)
	}
	return ctx.Err()
}

// Checked is what CheckServer found.
type Checked struct {
	Messages int      // in the folder
	Idle     bool     // the server tells of new mail by itself
	Move     bool     // mails can be moved
	Folders  []string // that the account has and that can be opened, in order
}

// CheckServer connects, logs in and opens the folder, and changes nothing. Its errors are Fetch's.
func CheckServer(ctx context.Context, server Server) (Checked, error) {
	s, err := open(ctx, server)
	if err != nil {
		return Checked{}, err
	}
	defer s.close()
	folder, err := s.enter(ctx, server.Folder)
	if err != nil {
		return Checked{}, err
	}
	folders, err := s.folders(ctx)
	return Checked{Messages: int(folder.messages), Idle: s.client.Caps().Has(imap.CapIdle), Move: s.mayMove(), Folders: folders}, err
}

// folders are those of the account that can be opened.
func (s *session) folders(ctx context.Context) (names []string, err error) {
	err = s.link.watch(ctx, func() error {
		found, err := s.client.List("", "*", nil).Collect()
		for _, folder := range found {
			if !slices.Contains(folder.Attrs, imap.MailboxAttrNoSelect) && !slices.Contains(folder.Attrs, imap.MailboxAttrNonExistent) {
				names = append(names, folder.Mailbox)
			}
		}
		return err
	})
	if err != nil {
		return nil, broken("IMAP LIST", err)
	}
	slices.Sort(names)
	return names, nil
}
