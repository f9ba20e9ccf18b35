package data

import (
	"fmt"
	"strings"
	"time"
)

// BatchState is where a batch of letters stands.
type BatchState string

// The states of a batch: composed → printed → posted, or cancelled.
const (
	BatchComposed  BatchState = "composed"
	BatchPrinted   BatchState = "printed"
	BatchPosted    BatchState = "posted"
	BatchCancelled BatchState = "cancelled"
)

// Label is the state as people read it.
func (s BatchState) Label() string {
	switch s {
	case BatchComposed:
		return "Composé"
	case BatchPrinted:
		return "Imprimé"
	case BatchPosted:
		return "Posté"
	case BatchCancelled:
		return "Annulé"
	}
	return string(s)
}

// Batch is a run of letters composed, printed and posted together. Its spool
// files exist until it is posted or cancelled.
type Batch struct {
	ID         int64
	Number     string // LOT26-0012
	State      BatchState
	Letters    int  // sheets composed
	Files      int  // spool files
	Duplex     bool // each letter has a second page, for its back
	ComposedAt time.Time
	PrintedAt  time.Time
	PostedOn   time.Time
	ClosedAt   time.Time // posted or cancelled
	// Station is the workstation that has the spool files; empty: they are beside
	// the register.
	Station string
}

// BatchNumber is the number of the n-th batch of a year.
func BatchNumber(year, n int) string { return fmt.Sprintf("LOT%02d-%04d", year%100, n) }

// Spooled tells whether the batch's spool files must exist.
func (b Batch) Spooled() bool { return b.State == BatchComposed || b.State == BatchPrinted }

// PagesPerLetter is 2 when letters have a back, 1 otherwise.
func (b Batch) PagesPerLetter() int {
	if b.Duplex {
		return 2
	}
	return 1
}

// BatchOfFile is the number of the batch that a spool file's name begins with;
// empty when there is none.
func BatchOfFile(name string) string {
	parts := strings.SplitN(name, "-", 3)
	if len(parts) < 3 {
		return ""
	}
	return parts[0] + "-" + parts[1]
}

// FileName is the name of the n-th spool file, from 1.
func (b Batch) FileName(n int) string { return fmt.Sprintf("%s-%02d.pdf", b.Number, n) }
