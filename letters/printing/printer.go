package printing

// Printer is a printer of the system, in CUPS's words a queue.
type Printer struct {
	Name        string // what Job.Printer takes
	Description string // what people call it; the name where nobody said
	Default     bool   // the user's or the system's default printer
	Accepting   bool   // takes jobs
	Stopped     bool   // takes jobs but prints none until it is started again
	Reason      string // why it is stopped or takes no jobs, in the print system's words; may be empty
	Duplex      bool   // prints both sides
	Trays       []Tray // none: the printer does not say
}

// Ready tells whether a job would be printed now.
func (p Printer) Ready() bool { return p.Accepting && !p.Stopped }

// Tray is a place that a printer takes its paper from.
type Tray struct {
	Value string // what Job.Tray takes
	Label string // what people call it
}

// NoDriver is the Reason of a printer that takes no jobs of ours: without a driver CUPS sends
// the file as it is, all pages of it and on both sides if the printer likes.
const NoDriver = "no driver, or the printer does not answer: CUPS would not heed page ranges nor one-sided printing"
