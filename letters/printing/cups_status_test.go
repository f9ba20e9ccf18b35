//go:build linux

package printing

import (
	"context"
	"errors"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"guichet/letters/printing/printingtest"
)

// TestFollow: a job waits for the one before, is printed, and is completed.
func TestFollow(t *testing.T) {
	cups := printingtest.CUPS(t)
	first := printed(t, Job{Printer: printingtest.Waiting, File: written(t, "lot.pdf", 2)})
	second := printed(t, Job{Printer: printingtest.Waiting, File: written(t, "lot.pdf", 1)})
	reached(t, first, Processing)
	reached(t, second, Pending)
	if last := released(t, cups, first); last != (Status{State: Completed, Pages: 2}) {
		t.Errorf("first: got %+v", last)
	}
	reached(t, second, Processing)
	if last := released(t, cups, second); last != (Status{State: Completed, Pages: 1}) {
		t.Errorf("second: got %+v", last)
	}
}

// released lets a job that is Processing be printed, and follows it meanwhile.
func released(t *testing.T, cups *printingtest.Server, id ID) Status {
	t.Helper()
	var states []State
	ctx, end := context.WithTimeout(t.Context(), patience)
	defer end()
	last, err := Follow(ctx, id, interval, func(s Status) {
		if len(states) == 0 {
			cups.Release(t)
		}
		if !slices.Contains(states, s.State) {
			states = append(states, s.State)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(states, []State{Processing, Completed}) {
		t.Errorf("%s went through %q", id, states)
	}
	return last
}

func TestFollowCancelled(t *testing.T) {
	cups := printingtest.CUPS(t)
	file := written(t, "lot.pdf", 2)
	for name, state := range map[string]State{printingtest.Waiting: Processing, printingtest.Paused: Stopped} {
		t.Run(string(state), func(t *testing.T) {
			id := printed(t, Job{Printer: name, File: file})
			reached(t, id, state)
			if err := Cancel(t.Context(), id); err != nil {
				t.Fatal(err)
			}
			if last := ended(t, id); last.State != Cancelled {
				t.Errorf("got %+v", last)
			}
			if err := Cancel(t.Context(), id); !errors.Is(err, ErrUnknownJob) {
				t.Errorf("again: got %v", err)
			}
		})
	}
	if documents := cups.Printed(t); len(documents) > 0 {
		t.Errorf("%d came out", len(documents))
	}
}

// TestFollowFailing: a printer that fails has printed nothing, though CUPS
// counts the pages that it was given.
func TestFollowFailing(t *testing.T) {
	printingtest.CUPS(t)
	last := ended(t, printed(t, Job{Printer: printingtest.Failing, File: written(t, "lot.pdf", 2)}))
	if last.State != Aborted || last.Message != "The paper is on fire" {
		t.Errorf("got %+v", last)
	}
}

// TestFollowJam: the printer stops, the job waits, and comes out after all.
func TestFollowJam(t *testing.T) {
	printingtest.CUPS(t)
	id := printed(t, Job{Printer: printingtest.Jamming, File: written(t, "lot.pdf", 2)})
	if s := reached(t, id, Stopped); s.Message != "Paper jam" || !strings.Contains(s.Reason, "paused") {
		t.Errorf("got %+v", s)
	}
}

func TestFollowPaused(t *testing.T) {
	cups := printingtest.CUPS(t)
	id := printed(t, Job{Printer: printingtest.Paused, File: written(t, "lot.pdf", 2)})
	if s := reached(t, id, Stopped); s.Message != "Changement du tambour" || s.Reason != "paused" {
		t.Errorf("got %+v", s)
	}
	cups.Resume(t, printingtest.Paused)
	if last := ended(t, id); last.State != Completed || last.Pages != 2 {
		t.Errorf("got %+v", last)
	}
}

func TestFollowHeld(t *testing.T) {
	printingtest.CUPS(t)
	id := lp(t, "-d", printingtest.Office, "-H", "hold", written(t, "lot.pdf", 2))
	if s := reached(t, id, Held); s.Reason != "job-hold-until-specified" {
		t.Errorf("got %+v", s)
	}
}

// TestFollowEmpty: CUPS takes for completed what came out without a page, and
// lists as completed what its filters could not read.
func TestFollowEmpty(t *testing.T) {
	cups := printingtest.CUPS(t)
	id := lp(t, "-d", printingtest.Office, "-P", "8-9", written(t, "lot.pdf", 2))
	if last := ended(t, id); last.State != Uncounted {
		t.Errorf("got %+v", last)
	}
	if documents := cups.Printed(t); len(documents) != 1 || len(documents[0].PDF) > 0 {
		t.Errorf("got %+v", documents)
	}
	broken := lp(t, "-d", printingtest.Office, saved(t, "%PDF-1.4\n"))
	if s := reached(t, broken, Stopped); s.Reason != "job-completed-with-errors" {
		t.Errorf("got %+v", s)
	}
}

func TestFollowUnknown(t *testing.T) {
	printingtest.CUPS(t)
	known := printed(t, Job{Printer: printingtest.Office, File: written(t, "lot.pdf", 1)})
	ended(t, known)
	_, number, _ := strings.Cut(string(known), "-")
	for _, id := range []ID{printingtest.Office + "-9", printingtest.OneSided + "-" + ID(number), "", "12", "-12", "-a-1", "bureau", "bureau-0", "bureau-x"} {
		if last, err := Follow(t.Context(), id, interval, nil); !errors.Is(err, ErrUnknownJob) {
			t.Errorf("%q: got %+v, %v", id, last, err)
		}
		if err := Cancel(t.Context(), id); !errors.Is(err, ErrUnknownJob) {
			t.Errorf("cancel %q: got %v", id, err)
		}
	}
}

// lp prints without this package's care.
func lp(t *testing.T, args ...string) ID {
	t.Helper()
	out, err := exec.Command("lp", args...).CombinedOutput()
	match := requestLine.FindStringSubmatch(string(out))
	if err != nil || match == nil {
		t.Fatalf("lp: %v: %s", err, out)
	}
	return ID(match[1])
}
