//go:build linux

package printing

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"testing"
	"time"

	"guichet/letters/printing/printingtest"
)

// These tests print on a real CUPS of their own. They need cups-daemon,
// cups-client, cups-filters-core-drivers and poppler-utils, and fail without.

const (
	interval = 10 * time.Millisecond // between two looks at a job
	patience = 30 * time.Second      // for a job that hangs: most take a tenth of one
)

// printed prints a job that must be taken.
func printed(t *testing.T, job Job) ID {
	t.Helper()
	job.Copies = max(job.Copies, 1)
	id, err := Print(t.Context(), job)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// ended follows a job to its end, which must come.
func ended(t *testing.T, id ID) Status {
	t.Helper()
	ctx, end := context.WithTimeout(t.Context(), patience)
	defer end()
	last, err := Follow(ctx, id, interval, nil)
	if err != nil {
		t.Fatalf("%v, last %+v", err, last)
	}
	return last
}

// reached follows a job until it is in a state, and leaves it there.
func reached(t *testing.T, id ID, state State) Status {
	t.Helper()
	ctx, leave := context.WithTimeout(t.Context(), patience)
	defer leave()
	var seen Status
	last, err := Follow(ctx, id, interval, func(s Status) {
		if s.State == state {
			seen = s
			leave()
		}
	})
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("not %s: %+v, %v", state, last, err)
	}
	return seen
}

func TestPrinters(t *testing.T) {
	printingtest.CUPS(t)
	found, err := Printers(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	trays := []Tray{{"Auto", "Automatic"}, {"Tray2", "Papier à en-tête"}}
	want := []Printer{
		{Name: printingtest.Waiting, Accepting: true, Duplex: true, Trays: trays},
		{Name: printingtest.Jamming, Accepting: true, Duplex: true, Trays: trays},
		{Name: printingtest.Raw, Reason: NoDriver},
		{Name: printingtest.Office, Description: printingtest.Description, Default: true, Accepting: true, Duplex: true, Trays: trays},
		{Name: printingtest.Failing, Accepting: true, Duplex: true, Trays: trays},
		{Name: printingtest.Closed, Duplex: true, Trays: trays, Reason: "Fermé le lundi"},
		{Name: printingtest.Paused, Accepting: true, Stopped: true, Duplex: true, Trays: trays, Reason: "Changement du tambour"},
		{Name: printingtest.OneSided, Accepting: true},
	}
	for i := range want {
		if want[i].Description == "" {
			want[i].Description = want[i].Name
		}
	}
	same := func(a, b Printer) bool {
		trays := slices.Equal(a.Trays, b.Trays)
		a.Trays, b.Trays = nil, nil
		return trays && a.Name == b.Name && a.Description == b.Description && a.Default == b.Default &&
			a.Accepting == b.Accepting && a.Stopped == b.Stopped && a.Reason == b.Reason && a.Duplex == b.Duplex
	}
	if !slices.EqualFunc(found, want, same) {
		t.Errorf("got\n%+v\nwant\n%+v", found, want)
	}
	for _, p := range found {
		ready := p.Name != printingtest.Raw && p.Name != printingtest.Closed && p.Name != printingtest.Paused
		if p.Ready() != ready {
			t.Errorf("%s: ready: got %v", p.Name, p.Ready())
		}
	}
}

func TestPrintersNone(t *testing.T) {
	printingtest.Without(t)
	if found, err := Printers(t.Context()); len(found) > 0 || err != nil {
		t.Errorf("got %v, %v", found, err)
	}
}

func TestNoPrinting(t *testing.T) {
	file := written(t, "lot.pdf", 1)
	refuse := func(t *testing.T) {
		t.Helper()
		_, listed := Printers(t.Context())
		_, printed := Print(t.Context(), Job{Printer: "bureau", File: file, Copies: 1})
		_, followed := Follow(t.Context(), "bureau-1", interval, nil)
		for i, err := range []error{listed, printed, followed, Cancel(t.Context(), "bureau-1")} {
			if !errors.Is(err, ErrNoPrinting) {
				t.Errorf("%d: got %v", i, err)
			}
		}
	}
	t.Run("stopped", func(t *testing.T) {
		printingtest.Nowhere(t)
		refuse(t)
	})
	t.Run("not installed", func(t *testing.T) {
		t.Setenv("PATH", t.TempDir())
		refuse(t)
	})
}

// TestPrint prints jobs one after the other and reads back what came out.
func TestPrint(t *testing.T) {
	cups := printingtest.CUPS(t)
	all := []string{"Lettre 1", "Lettre 2", "Lettre 3", "Lettre 4", "Lettre 5"}
	file := written(t, "lot.pdf", 5)
	for _, c := range []struct {
		name    string
		job     Job
		pages   []string
		options map[string]string
	}{
		{"all", Job{}, all, map[string]string{
			"sides": "one-sided", "Duplex": "None", "media": "A4", "PageSize": "A4", "print-scaling": "none",
			"number-up": "1", "page-set": "all", "InputSlot": "",
		}},
		{"one page", Job{Pages: []Range{{4, 4}}}, all[3:4], nil},
		{"a range", Job{Pages: []Range{{2, 3}}}, all[1:3], map[string]string{"sides": "one-sided"}},
		{"several ranges", Job{Pages: []Range{{1, 1}, {3, 4}}}, []string{all[0], all[2], all[3]}, nil},
		{"copies, each whole", Job{Copies: 2, Pages: []Range{{2, 3}}}, []string{all[1], all[2], all[1], all[2]}, nil},
		{"both sides", Job{Duplex: true, Pages: []Range{{1, 2}}}, all[:2], map[string]string{
			"sides": "two-sided-long-edge", "Duplex": "DuplexNoTumble",
		}},
		{"a tray", Job{Tray: "Tray2"}, all, map[string]string{"InputSlot": "Tray2"}},
		{"one side only", Job{Printer: printingtest.OneSided}, all, map[string]string{"sides": "one-sided"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			job := c.job
			job.File = file
			if job.Printer == "" {
				job.Printer = printingtest.Office
			}
			id := printed(t, job)
			if last := ended(t, id); last != (Status{State: Completed, Pages: len(c.pages)}) {
				t.Errorf("got %+v", last)
			}
			documents := cups.Printed(t)
			document := documents[len(documents)-1]
			if _, number, err := id.split(); document.Job != number || err != nil {
				t.Fatalf("job %d came out, not %s, %v", document.Job, id, err)
			}
			if got := document.Pages(t); !slices.Equal(got, c.pages) {
				t.Errorf("got %q, want %q", got, c.pages)
			}
			for name, want := range c.options {
				if got := document.Option(name); got != want {
					t.Errorf("%s: got %q, want %q in %s", name, got, want, document.Options)
				}
			}
		})
	}
}

// TestPrintManyRanges: the fronts of a batch, each a range of its own.
func TestPrintManyRanges(t *testing.T) {
	cups := printingtest.CUPS(t)
	const sheets = 500
	var fronts []Range
	for page := 1; page <= 2*sheets; page += 2 {
		fronts = append(fronts, Range{page, page})
	}
	ended(t, printed(t, Job{Printer: printingtest.Office, File: written(t, "lot.pdf", 2*sheets), Pages: fronts}))
	pages := cups.Printed(t)[0].Pages(t)
	if len(pages) != sheets {
		t.Fatalf("%d pages", len(pages))
	}
	for i, page := range pages {
		if want := fmt.Sprintf("Lettre %d", 2*i+1); page != want {
			t.Errorf("page %d: %q, not %q", i+1, page, want)
		}
	}
}

// TestPrintDefaults: what the user has set for other documents does not reach
// the letters.
func TestPrintDefaults(t *testing.T) {
	cups := printingtest.CUPS(t)
	set := exec.Command("lpoptions", "-p", printingtest.Office, "-o", "Duplex=DuplexTumble", "-o", "sides=two-sided-short-edge",
		"-o", "number-up=2", "-o", "page-ranges=1", "-o", "page-set=odd", "-o", "copies=3", "-o", "fit-to-page=true", "-o", "job-sheets=classified,none")
	if out, err := set.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	ended(t, printed(t, Job{Printer: printingtest.Office, File: written(t, "lot.pdf", 3)}))
	document := cups.Printed(t)[0]
	if got := document.Pages(t); !slices.Equal(got, []string{"Lettre 1", "Lettre 2", "Lettre 3"}) {
		t.Errorf("got %q", got)
	}
	if document.Option("Duplex") != "None" || document.Option("sides") != "one-sided" {
		t.Errorf("got %s", document.Options)
	}
	// The driver's A4 is 595 × 842 points, a fifth of a millimetre off.
	got, want := positions(t, document.File), positions(t, written(t, "plain.pdf", 3))
	if !slices.EqualFunc(got, want, func(a, b float64) bool { return math.Abs(a-b) < 0.5 }) {
		t.Errorf("moved or scaled: %v, not %v", got, want)
	}
}

var coordinate = regexp.MustCompile(`(?:width|height|xMin|yMin|xMax|yMax)="([\d.]+)"`)

// positions is the size of each page and where its words stand, in points.
func positions(t *testing.T, pdf string) []float64 {
	t.Helper()
	out, err := exec.Command("pdftotext", "-bbox", pdf, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	var all []float64
	for _, match := range coordinate.FindAllStringSubmatch(string(out), -1) {
		number, err := strconv.ParseFloat(match[1], 64)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, number)
	}
	return all
}

// TestPrintNetwork: a CUPS that is reached by its address prints too.
func TestPrintNetwork(t *testing.T) {
	cups := printingtest.CUPS(t)
	t.Setenv("CUPS_SERVER", forwarded(t, os.Getenv("CUPS_SERVER")))
	t.Setenv("CUPS_SERVERROOT", t.TempDir())
	found, err := Printers(t.Context())
	office := slices.IndexFunc(found, func(p Printer) bool { return p.Name == printingtest.Office })
	if err != nil || office < 0 || !found[office].Ready() || len(found[office].Trays) != 2 {
		t.Fatalf("got %+v, %v", found, err)
	}
	if last := ended(t, printed(t, Job{Printer: printingtest.Office, File: written(t, "lot.pdf", 2)})); last.State != Completed {
		t.Errorf("got %+v", last)
	}
	if documents := cups.Printed(t); len(documents) != 1 || len(documents[0].Pages(t)) != 2 {
		t.Errorf("got %+v", documents)
	}
}

// forwarded returns an address of this machine that leads to a socket.
func forwarded(t *testing.T, socket string) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			near, err := listener.Accept()
			if err != nil {
				return
			}
			far, err := net.Dial("unix", socket)
			if err != nil {
				near.Close()
				continue
			}
			go func() { io.Copy(far, near); far.Close() }()
			go func() { io.Copy(near, far); near.Close() }()
		}
	}()
	return listener.Addr().String()
}

// TestPrintNames: odd titles and paths go through whole, and as nothing else.
func TestPrintNames(t *testing.T) {
	cups := printingtest.CUPS(t)
	t.Chdir(t.TempDir())
	for i, name := range []string{"-o raw.pdf", "Lettres de l’été (n° 2) $HOME.pdf", "-"} {
		content, err := os.ReadFile(written(t, "lot.pdf", i+1))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, content, 0o600); err != nil {
			t.Fatal(err)
		}
		ended(t, printed(t, Job{Printer: printingtest.Office, File: name, Title: "-d echec; $(touch owned) Lot à l’œil"}))
		document := cups.Printed(t)[i]
		if len(document.Pages(t)) != i+1 || document.Title != "d echec touch owned Lot à l’œil" {
			t.Errorf("%q: got %d pages, %q", name, len(document.Pages(t)), document.Title)
		}
	}
	if _, err := os.Stat("owned"); err == nil {
		t.Error("the title was run")
	}
}

func TestPrintRefuses(t *testing.T) {
	cups := printingtest.CUPS(t)
	file := written(t, "lot.pdf", 2)
	for name, c := range map[string]struct {
		job  Job
		want error
	}{
		"unknown printer":    {Job{Printer: "absent", File: file}, ErrUnknownPrinter},
		"no printer":         {Job{File: file}, ErrUnknownPrinter},
		"a printer's option": {Job{Printer: "-E", File: file}, ErrUnknownPrinter},
		"closed":             {Job{Printer: printingtest.Closed, File: file}, ErrNotAccepting},
		"without a driver":   {Job{Printer: printingtest.Raw, File: file}, ErrUnsupported},
		"both sides of one":  {Job{Printer: printingtest.OneSided, File: file, Duplex: true}, ErrOneSided},
		"unknown tray":       {Job{Printer: printingtest.Office, File: file, Tray: "Tray9"}, ErrUnknownTray},
		"no tray":            {Job{Printer: printingtest.OneSided, File: file, Tray: "Auto"}, ErrUnknownTray},
		"beyond the end":     {Job{Printer: printingtest.Office, File: file, Pages: []Range{{2, 3}}}, ErrRange},
		"an empty file":      {Job{Printer: printingtest.Office, File: saved(t, "")}, ErrEmpty},
		"not a PDF":          {Job{Printer: printingtest.Office, File: saved(t, "Lettre")}, ErrNotPDF},
		"no file":            {Job{Printer: printingtest.Office, File: filepath.Join(t.TempDir(), "absent")}, os.ErrNotExist},
		"too many copies":    {Job{Printer: printingtest.Office, File: file, Copies: 100}, ErrCopies},
	} {
		t.Run(name, func(t *testing.T) {
			c.job.Copies = max(c.job.Copies, 1)
			if id, err := Print(t.Context(), c.job); !errors.Is(err, c.want) || id != "" {
				t.Errorf("got %q, %v, want %v", id, err, c.want)
			}
		})
	}
	ctx, end := context.WithCancel(t.Context())
	end()
	if _, err := Print(ctx, Job{Printer: printingtest.Office, File: file, Copies: 1}); !errors.Is(err, context.Canceled) {
		t.Errorf("ended: got %v", err)
	}
	// The next job is the first that CUPS ever saw: none of these was one.
	if id := printed(t, Job{Printer: printingtest.Office, File: file}); id != printingtest.Office+"-1" {
		t.Errorf("got %s", id)
	} else {
		ended(t, id)
	}
	if documents := cups.Printed(t); len(documents) != 1 {
		t.Errorf("%d came out", len(documents))
	}
}
