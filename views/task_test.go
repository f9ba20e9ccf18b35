package views

import (
	"context"
	"errors"
	"testing"

	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"
)

func TestTaskDropsStaleResults(t *testing.T) {
	test.NewTempApp(t)
	s := newScope(t.Context(), &tasks{}) // real goroutines; Fyne's test driver runs what comes back at once
	release := make(chan struct{})
	got := make(chan int, 2)
	slow := make(chan error, 1)
	start(s, "list", nil, func(ctx context.Context) (int, error) {
		<-release
		slow <- ctx.Err()
		return 1, nil
	}, func(n int, _ error) { got <- n })
	start(s, "list", nil, func(context.Context) (int, error) { return 2, nil }, func(n int, _ error) { got <- n })
	if n := <-got; n != 2 {
		t.Errorf("got %d", n)
	}
	close(release)
	s.tasks.wait()
	if err := <-slow; !errors.Is(err, context.Canceled) {
		t.Errorf("the stale task was not cancelled: %v", err)
	}
	if len(got) != 0 {
		t.Error("the stale task's result came back")
	}
}

// TestTasksAreWaitedForWhileOthersStart: a tour waits for the window's work while
// the window starts more by itself.
func TestTasksAreWaitedForWhileOthersStart(t *testing.T) {
	test.NewTempApp(t)
	s := newScope(t.Context(), &tasks{})
	stop := make(chan struct{})
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for {
			select {
			case <-stop:
				return
			default:
				s.tasks.wait()
			}
		}
	}()
	for range 20_000 {
		done := make(chan struct{})
		s.tasks.spawn(func() { s.tasks.finish(func() { close(done) }) })
		<-done
	}
	close(stop)
	<-ended
}

func TestTaskDisablesItsControl(t *testing.T) {
	test.NewTempApp(t)
	s := newScope(t.Context(), &tasks{inline: true})
	button := widget.NewButton("Valider", nil)
	start(s, "", button, func(context.Context) (bool, error) { return button.Disabled(), nil }, func(disabled bool, _ error) {
		if !disabled || button.Disabled() {
			t.Error("the control is not disabled during the task only")
		}
	})
}

func TestTaskEndsWithItsScope(t *testing.T) {
	test.NewTempApp(t)
	s := newScope(t.Context(), &tasks{inline: true})
	start(s, "", nil, func(ctx context.Context) (bool, error) {
		s.cancel()
		return true, ctx.Err()
	}, func(bool, error) { t.Error("the result came back after the scope's end") })
}
