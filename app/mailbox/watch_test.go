package mailbox

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"guichet/app/mailbox/mailboxtest"
)

// watched is a watcher under test, over a store that several goroutines use.
type watched struct {
	*testing.T
	*Watcher
	mu     sync.Mutex
	store  store
	states chan State
}

// watch starts a watcher whose back-off is short, and ends it with the test.
func watch(t *testing.T, server Server) *watched {
	t.Helper()
	w := &watched{T: t, states: make(chan State, 1000)}
	w.Watcher = NewWatcher(server, func(context.Context) (Cursor, error) {
		w.mu.Lock()
		defer w.mu.Unlock()
		return w.store.cursor, nil
	}, Commit(func(ctx context.Context, mails []Raw, next Cursor) error {
		w.mu.Lock()
		defer w.mu.Unlock()
		return w.store.commit(ctx, mails, next)
	}).Take)
	w.Watcher.Poll = time.Hour
	w.Watcher.Report = func(state State) { w.states <- state }
	w.Watcher.wait = func(ctx context.Context, _ time.Duration, hurry <-chan struct{}) {
		pause(ctx, 100*time.Millisecond, hurry)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- w.Watcher.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("the watch ended with %v", err)
		}
	})
	return w
}

// until waits for a state.
func (w *watched) until(what string, holds func(State) bool) State {
	w.Helper()
	deadline := time.After(30 * time.Second)
	for {
		select {
		case state := <-w.states:
			if holds(state) {
				return state
			}
		case <-deadline:
			w.Fatalf("never %s", what)
		}
	}
}

func (w *watched) idle() State {
	w.Helper()
	return w.until("idle", func(s State) bool { return s.Phase == Idle })
}

func (w *watched) committed(n int) {
	w.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	var uids []uint32
	for _, mail := range w.store.mails {
		uids = append(uids, mail.UID)
	}
	slices.Sort(uids)
	if len(uids) != n || len(slices.Compact(uids)) != n {
		w.Errorf("committed %v, want %d mails", uids, n)
	}
}

// TestWatchTells brings a mail in as soon as the server tells of it.
func TestWatchTells(t *testing.T) {
	t.Parallel()
	dovecot := mailboxtest.Dovecot(t)
	dovecot.Deliver(t, message(1))
	w := watch(t, overTLS(dovecot))
	if state := w.idle(); state.New != 1 || state.Next.IsZero() {
		t.Errorf("%+v", state)
	}
	dovecot.Deliver(t, message(2))
	w.until("two", func(s State) bool { return s.Phase == Idle && s.New == 1 })
	w.committed(2)
	w.Hurry()
	w.until("hurried", func(s State) bool { return s.Phase == Idle && s.New == 0 })
}

// TestWatchRestart survives a restart of the server during IDLE, with a mail delivered meanwhile.
func TestWatchRestart(t *testing.T) {
	t.Parallel()
	dovecot := mailboxtest.Dovecot(t)
	dovecot.Deliver(t, message(1))
	w := watch(t, overTLS(dovecot))
	w.idle()
	dovecot.Restart(t, func() {
		w.until("waiting", func(s State) bool { return s.Phase == Waiting && errors.Is(s.Err, ErrUnreachable) })
		dovecot.Deliver(t, message(2))
	})
	w.idle()
	w.committed(2)
}

// TestWatchUIDValidity reads everything again after a change of UIDVALIDITY, under the new one.
func TestWatchUIDValidity(t *testing.T) {
	t.Parallel()
	dovecot := mailboxtest.Dovecot(t)
	dovecot.Deliver(t, message(1))
	dovecot.Deliver(t, message(2))
	w := watch(t, overTLS(dovecot))
	w.idle()
	before := w.store.cursor.UIDValidity
	dovecot.ResetUIDValidity(t)
	w.until("two", func(s State) bool { return s.Phase == Idle && s.New == 2 })
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.store.cursor.UIDValidity == before || len(w.store.mails) != 4 {
		t.Errorf("cursor %v, %d mails", w.store.cursor, len(w.store.mails))
	}
}

// TestWatchDiskFull keeps trying while nothing can be committed, and loses nothing.
func TestWatchDiskFull(t *testing.T) {
	t.Parallel()
	dovecot := mailboxtest.Dovecot(t)
	dovecot.Deliver(t, message(1))
	full := errors.New("disk full")
	w := watch(t, overTLS(dovecot))
	w.idle()
	w.mu.Lock()
	w.store.fail = full
	w.mu.Unlock()
	dovecot.Deliver(t, message(2))
	for range 3 {
		w.until("full", func(s State) bool { return s.Phase == Waiting && errors.Is(s.Err, full) })
	}
	w.mu.Lock()
	w.store.fail = nil
	w.mu.Unlock()
	w.idle()
	w.committed(2)
}

// TestWatchStalls drops a server that no longer answers after IDLE.
func TestWatchStalls(t *testing.T) {
	t.Parallel()
	dovecot := mailboxtest.Dovecot(t)
	proxy := mailboxtest.NewProxy(t, dovecot.Port)
	server := through(proxy, dovecot)
	server.Timeout = 3 * time.Second
	w := watch(t, server)
	w.idle()
	proxy.Freeze()
	w.Hurry()
	w.until("waiting", func(s State) bool { return s.Phase == Waiting && errors.Is(s.Err, ErrUnreachable) })
	dovecot.Deliver(t, message(1))
	w.idle()
	w.committed(1)
}

// TestWatchFolderGone says which folder cannot be read, and goes on when it is back.
func TestWatchFolderGone(t *testing.T) {
	t.Parallel()
	dovecot := mailboxtest.Dovecot(t)
	server := overTLS(dovecot)
	server.Folder = "Absent"
	w := watch(t, server)
	w.until("refused", func(s State) bool { return s.Phase == Waiting && errors.Is(s.Err, ErrFolder) })
}

func TestBackOff(t *testing.T) {
	for failures, most := range map[int]time.Duration{0: time.Second, 1: 2 * time.Second, 5: 32 * time.Second, 9: 5 * time.Minute, 1000: 5 * time.Minute} {
		for range 100 {
			if got := backOff(failures); got < most/2 || got > most {
				t.Errorf("after %d failures: %v, want at most %v", failures, got, most)
			}
		}
	}
}

func TestCheckServer(t *testing.T) {
	t.Parallel()
	dovecot := mailboxtest.Dovecot(t)
	dovecot.Deliver(t, message(1))
	checked, err := CheckServer(t.Context(), overTLS(dovecot))
	if err != nil || checked.Messages != 1 || !checked.Idle || !checked.Move || !slices.Contains(checked.Folders, "INBOX") {
		t.Errorf("%+v, %v", checked, err)
	}
	if flags := dovecot.Flags(t); flags[0] != "" {
		t.Errorf("flags %q", flags)
	}
	wrong := overTLS(dovecot)
	wrong.Password = "faux"
	if _, err := CheckServer(t.Context(), wrong); !errors.Is(err, ErrRefused) {
		t.Error(err)
	}
}
