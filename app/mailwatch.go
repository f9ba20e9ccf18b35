package app

import (
	"context"
	"slices"
	"sync"
	"time"

	"guichet/app/mailbox"
	"guichet/data"
)

// MailPhase is what the watch of a folder does.
type MailPhase = mailbox.Phase

// The phases of a watch, from the best to the worst.
const (
	MailIdle       = mailbox.Idle    // the server tells of new mail by itself
	MailPolling    = mailbox.Polling // looked at again at Next
	MailFetching   = mailbox.Fetching
	MailConnecting = mailbox.Connecting
	MailWaiting    = mailbox.Waiting // after a failure, until Next
	// MailElsewhere: another workstation of a shared register does it.
	MailElsewhere MailPhase = "elsewhere"
)

// FolderState is how the watch of a folder stands.
type FolderState struct {
	Account string
	Folder  string
	Phase   MailPhase
	Err     error // why it waits
	Next    time.Time
}

// MailWatch keeps reading the mailboxes. It is made by WatchMail.
type MailWatch struct {
	app      *App
	operator data.Operator
	folders  []mailFolder
	watchers []*mailbox.Watcher

	mutex    sync.Mutex
	report   func([]FolderState)
	states   []FolderState
	passOn   context.CancelFunc // ends this workstation's lead
	failures int                // leads in a row in which nothing could be read
}

// WatchMail makes a watch of the mailboxes as they are set now. Unavailable
// when none is. Help desk and administrators.
func (a *App) WatchMail(ctx context.Context) (*MailWatch, error) {
	operator, err := allow(ctx, "WatchMail")
	if err != nil {
		return nil, err
	}
	settings, err := a.Settings(ctx)
	if err != nil {
		return nil, err
	}
	w := &MailWatch{app: a, operator: operator, folders: mailFolders(settings)}
	if len(w.folders) == 0 {
		return nil, refuse(Unavailable, "Aucune boîte aux lettres n’est réglée", nil)
	}
	for _, folder := range w.folders {
		server, err := a.mailServer(folder.account, folder.folder)
		if err != nil {
			return nil, err
		}
		w.watchers = append(w.watchers, mailbox.NewWatcher(server,
			func(ctx context.Context) (mailbox.Cursor, error) { return a.cursor(ctx, folder) }, nil))
		w.states = append(w.states, FolderState{Account: folder.account.Account(), Folder: folder.folder, Phase: MailConnecting})
	}
	return w, nil
}

// Run watches until ctx is done. A workstation of a shared register that can read
// no folder, as with a password that was changed elsewhere, leaves them to another.
// report is told the state of all folders each
// time that one changes, and received what came in; neither is called by two
// goroutines at once.
func (w *MailWatch) Run(ctx context.Context, report func([]FolderState), received func(Fetched)) {
	w.report = report
	for ctx.Err() == nil {
		led, err := w.app.store.Lead(ctx, mailLead, func(ctx context.Context) error {
			w.watch(ctx, received)
			return nil
		})
		if ctx.Err() == nil {
			w.waitToLead(ctx, led, err)
		}
	}
}

// mailLead is what one workstation of a shared register does at a time.
const mailLead = "mail"

// leadAgain is how often a workstation tries whether the one that fetches mail is
// gone.
const leadAgain = 10 * time.Second

// waitToLead tells that another workstation fetches, or why this one does not, and
// waits: longer each time that it could read nothing.
func (w *MailWatch) waitToLead(ctx context.Context, led bool, err error) {
	w.mutex.Lock()
	delay := leadAgain
	if led {
		delay <<= min(max(w.failures-1, 0), 5)
	}
	for i := range w.states {
		switch state := &w.states[i]; {
		case err != nil:
			state.Phase, state.Err = MailWaiting, refined(err)
		case !led:
			state.Phase, state.Err = MailElsewhere, nil
		}
		w.states[i].Next = w.app.Now().Add(delay)
	}
	w.report(append([]FolderState(nil), w.states...))
	w.mutex.Unlock()
	select {
	case <-ctx.Done():
	case <-time.After(delay):
	}
}

// watch watches the folders as long as this workstation is the one that does.
func (w *MailWatch) watch(ctx context.Context, received func(Fetched)) {
	ctx, w.passOn = context.WithCancel(ctx)
	defer w.passOn()
	for i := range w.states { // nothing runs yet
		w.states[i].Phase, w.states[i].Err = MailConnecting, nil
	}
	var running sync.WaitGroup
	for i, watcher := range w.watchers {
		watcher.Take = w.app.take(w.operator, w.folders[i], func(batch Fetched) {
			w.mutex.Lock()
			defer w.mutex.Unlock()
			received(batch)
		})
		watcher.Report = func(state mailbox.State) { w.told(ctx, i, state) }
		running.Go(func() { _ = watcher.Run(ctx) }) // it ends with ctx alone
	}
	running.Wait()
}

// Hurry has every folder looked at now.
func (w *MailWatch) Hurry() {
	for _, watcher := range w.watchers {
		watcher.Hurry()
	}
}

// told notes a folder's state, and when it was read.
func (w *MailWatch) told(ctx context.Context, i int, state mailbox.State) {
	if state.Phase == MailIdle || state.Phase == MailPolling {
		_ = w.app.recordFetch(ctx, w.operator, w.folders[i]) // logged; the next pass records it again
	}
	w.mutex.Lock()
	defer w.mutex.Unlock()
	w.states[i].Phase, w.states[i].Next, w.states[i].Err = state.Phase, state.Next, nil
	if state.Err != nil {
		w.states[i].Err = logged(ctx, refined(state.Err))
	}
	reads := func(state FolderState) bool { return state.Phase != MailWaiting }
	switch {
	case state.Phase == MailIdle || state.Phase == MailPolling:
		w.failures = 0
	case w.app.Shared() && !slices.ContainsFunc(w.states, reads):
		w.failures++
		w.passOn()
	}
	w.report(append([]FolderState(nil), w.states...))
}
