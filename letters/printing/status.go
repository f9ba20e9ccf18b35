package printing

import (
	"context"
	"time"
)

// Status is what the print system says of a job.
type Status struct {
	State   State
	Reason  string // why, in the print system's keywords, such as printer-stopped or media-empty-error; may be empty
	Message string // what the printer says, in its own words; may be empty
	Pages   int    // sides counted so far, those of all copies; 0 where nothing counts them
}

// State is where a job stands.
type State string

// The states of a job.
const (
	Pending    State = "pending"    // waits for its turn
	Held       State = "held"       // waits until somebody releases it
	Processing State = "processing" // is being printed
	Stopped    State = "stopped"    // waits because its printer stopped, perhaps in the midst of it
	Cancelled  State = "cancelled"  // ended: somebody cancelled it; some pages may be printed
	Aborted    State = "aborted"    // ended: the print system gave up; some pages may be printed
	Uncounted  State = "uncounted"  // ended: without an error, but no page was counted: look whether any came out
	Completed  State = "completed"  // ended: the pages went to the printer without an error
	Unknown    State = "unknown"    // ended for us: another program prints it and does not say more (Windows)
)

// Final tells whether a job in this state has ended.
func (s State) Final() bool {
	switch s {
	case Cancelled, Aborted, Uncounted, Completed, Unknown:
		return true
	}
	return false
}

func follow(ctx context.Context, id ID, interval time.Duration, report func(Status)) (Status, error) {
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	var last Status
	for {
		current, err := status(ctx, id)
		if err != nil {
			if ctx.Err() != nil {
				err = ctx.Err()
			}
			return last, err
		}
		if current != last && report != nil {
			report(current)
		}
		last = current
		if last.State.Final() {
			return last, nil
		}
		select {
		case <-ctx.Done():
			return last, ctx.Err()
		case <-ticker.C:
		}
	}
}
