package app

import (
	"context"
	"log/slog"
	"time"

	"guichet/data/store"
)

// Change is what another workstation changed in a shared register.
type Change = store.Change

// Hearing is what WatchChanges tells: a change, or how the server's line is.
type Hearing struct {
	Change Change // zero: all may have changed
	// Lost is why the server does not answer; nil: it does.
	Lost error
}

// listenAgain is how long one waits before listening to a server again.
const listenAgain = 3 * time.Second

// WatchChanges tells what other workstations change, and when the server of a
// shared register goes and comes back, until ctx is done. Of a batch that another
// one closed, the files and prints that this one has are ended first. A register in
// a file tells nothing. Any operator.
func (a *App) WatchChanges(ctx context.Context, heard func(Hearing)) error {
	if _, err := allow(ctx, "WatchChanges"); err != nil {
		return err
	}
	for lost := false; ; {
		err := a.store.Listen(ctx, func() {
			a.tidied(ctx)
			if lost { // what changed meanwhile was not heard
				lost = false
				heard(Hearing{})
			}
		}, func(change Change) {
			if change.Action == "batch.post" || change.Action == "batch.cancel" {
				a.tidied(ctx)
			}
			heard(Hearing{Change: change})
		})
		if ctx.Err() != nil {
			return nil
		}
		lost = true
		heard(Hearing{Lost: logged(ctx, refined(err))})
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(listenAgain):
		}
	}
}

// tidied tidies the spool; what it cannot do now, the next start does.
func (a *App) tidied(ctx context.Context) {
	if err := a.tidySpool(ctx); err != nil && ctx.Err() == nil {
		slog.WarnContext(ctx, "what another workstation closed is left in the spool", "cause", err)
	}
}
