package views

import (
	"context"
	"sync"
	"time"

	"fyne.io/fyne/v2"

	"guichet/app"
)

// tasks runs work off the UI goroutine. It is the only place of the package
// that starts goroutines and comes back from them.
type tasks struct {
	// inline makes everything happen at once, in the caller's goroutine: for
	// Fyne's test driver, which has no UI goroutine.
	inline bool

	mutex   sync.Mutex
	running int
	idle    chan struct{} // closed when nothing runs any more; nil: nobody waits
}

func (t *tasks) spawn(work func()) {
	if t.inline {
		work()
		return
	}
	t.mutex.Lock()
	t.running++
	t.mutex.Unlock()
	go guarded(work)
}

// guarded does work, and keeps a report when it panics.
func guarded(work func()) {
	defer app.KeepCrash()
	work()
}

// finish ends what spawn began, on the UI goroutine.
func (t *tasks) finish(end func()) {
	if t.inline {
		end()
		return
	}
	fyne.Do(func() {
		defer t.cameBack()
		end()
	})
}

// wait returns when all work has come back. Not for the UI goroutine.
func (t *tasks) wait() {
	t.mutex.Lock()
	if t.running == 0 {
		t.mutex.Unlock()
		return
	}
	if t.idle == nil {
		t.idle = make(chan struct{})
	}
	idle := t.idle
	t.mutex.Unlock()
	<-idle
}

func (t *tasks) cameBack() {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	t.running--
	if t.running == 0 && t.idle != nil {
		close(t.idle)
		t.idle = nil
	}
}

// onUI runs a step on the UI goroutine and waits for it, and for the work that
// it started. Not for the UI goroutine, unless inline.
func (t *tasks) onUI(step func()) {
	if t.inline {
		step()
		return
	}
	fyne.DoAndWait(step)
	t.wait()
}

// beside runs a long piece of work that drives the window by onUI.
func (t *tasks) beside(work func()) { go guarded(work) }

// scope is the life of a screen or a session: what it started ends with it.
// Its methods are for the UI goroutine.
type scope struct {
	tasks  *tasks
	ctx    context.Context
	cancel context.CancelFunc
	slots  map[string]*work
	due    map[string]func() // what later waits for
}

type work struct{ cancel context.CancelFunc }

func newScope(ctx context.Context, tasks *tasks) *scope {
	s := &scope{tasks: tasks, slots: map[string]*work{}, due: map[string]func(){}}
	s.ctx, s.cancel = context.WithCancel(ctx)
	return s
}

// start does work off the UI goroutine and then calls done on it. control,
// which may be nil, is disabled meanwhile. A newer start in the same slot
// cancels this one and drops its result; an empty slot is never replaced. When
// the scope has ended, done is not called.
func start[T any](s *scope, slot string, control fyne.Disableable, do func(context.Context) (T, error), done func(T, error)) context.CancelFunc {
	ctx, cancel := context.WithCancel(s.ctx)
	this := &work{cancel}
	if former := s.slots[slot]; former != nil && slot != "" {
		former.cancel()
	}
	s.slots[slot] = this
	if control != nil {
		control.Disable()
	}
	s.tasks.spawn(func() {
		result, err := do(ctx)
		s.tasks.finish(func() {
			ended := s.ctx.Err() != nil
			cancel()
			if control != nil {
				control.Enable()
			}
			if ended || (slot != "" && s.slots[slot] != this) {
				return
			}
			if slot != "" {
				delete(s.slots, slot)
			}
			done(result, err)
		})
	})
	return cancel
}

// follow does work that goes on until the scope ends or the function that it
// returns is called, and hands what the work tells to told, on the UI goroutine
// and in its order. Not inline, where nothing goes on.
func follow[T any](s *scope, do func(ctx context.Context, tell func(T)), told func(T)) context.CancelFunc {
	ctx, cancel := context.WithCancel(s.ctx)
	go guarded(func() {
		do(ctx, func(news T) {
			fyne.Do(func() {
				if ctx.Err() == nil {
					told(news)
				}
			})
		})
	})
	return cancel
}

// act is start for a use case that returns nothing but an error.
func act(s *scope, control fyne.Disableable, do func(context.Context) error, done func(error)) {
	start(s, "", control, func(ctx context.Context) (struct{}, error) { return struct{}{}, do(ctx) },
		func(_ struct{}, err error) { done(err) })
}

// progress is how far a long task is.
type progress func(done, total int)

// reporting makes a progress that calls report on the UI goroutine, at most
// ten times a second, and at the end.
func (s *scope) reporting(report progress) progress {
	var last time.Time
	return func(done, total int) {
		if done < total && time.Since(last) < 100*time.Millisecond {
			return
		}
		last = time.Now()
		s.tasks.spawnReport(func() {
			if s.ctx.Err() == nil {
				report(done, total)
			}
		})
	}
}

func (t *tasks) spawnReport(report func()) {
	if t.inline {
		report()
		return
	}
	fyne.Do(report)
}

// later calls a function on the UI goroutine after a delay, unless the scope
// ended or a newer later took the slot. Inline, delays below a second, those
// of typing, pass at once, and longer ones wait for pass.
func (s *scope) later(slot string, delay time.Duration, do func()) {
	if s.tasks.inline {
		s.due[slot] = do
		if delay < time.Second {
			s.pass(slot)
		}
		return
	}
	slot = "later/" + slot
	ctx, cancel := context.WithCancel(s.ctx)
	this := &work{cancel}
	if former := s.slots[slot]; former != nil {
		former.cancel()
	}
	s.slots[slot] = this
	time.AfterFunc(delay, func() {
		if ctx.Err() != nil {
			return
		}
		fyne.Do(func() {
			if ctx.Err() == nil && s.slots[slot] == this {
				do()
			}
		})
	})
}

// pass makes an inline later's delay pass.
func (s *scope) pass(slot string) {
	if do := s.due[slot]; do != nil {
		delete(s.due, slot)
		do()
	}
}
