package data

import "time"

// PrintState is how far a print job came, by the printing system's word. Only
// who looks at the sheets can say that they came out well.
type PrintState string

// The states of a print job.
const (
	PrintSending   PrintState = "sending"   // not known to have been taken
	PrintRunning   PrintState = "running"   // waits or prints
	PrintStopped   PrintState = "stopped"   // the printer waits for somebody
	PrintDone      PrintState = "done"      // all of it went through
	PrintCancelled PrintState = "cancelled" // at the printer or in Guichet
	PrintFailed    PrintState = "failed"
	PrintUnknown   PrintState = "unknown" // the system tells nothing more of it
)

// Label is the state as people read it.
func (s PrintState) Label() string {
	switch s {
	case PrintSending:
		return "En cours d’envoi"
	case PrintRunning:
		return "En impression"
	case PrintStopped:
		return "Imprimante arrêtée"
	case PrintDone:
		return "Sorti de l’imprimante"
	case PrintCancelled:
		return "Impression annulée"
	case PrintFailed:
		return "Impression échouée"
	case PrintUnknown:
		return "État inconnu"
	}
	return string(s)
}

// Ended tells whether nothing more will come.
func (s PrintState) Ended() bool {
	return s == PrintDone || s == PrintCancelled || s == PrintFailed || s == PrintUnknown
}

// PrintJob is a range of a batch's sheets handed to a printer.
type PrintJob struct {
	ID        int64
	BatchID   int64
	Printer   string
	Job       string // as the printing system calls it; empty until it took it
	First     int    // sheets, from 1
	Last      int
	Copies    int
	State     PrintState
	Reason    string // in the printing system's words
	Operator  string // login
	CreatedAt time.Time
	EndedAt   time.Time
}
