//go:build linux

// Package printingtest runs a print system of the test's own: a real CUPS
// whose printers write what would be paper into files.
package printingtest

import (
	_ "embed"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// The printers of the server. Their default is both sides, US Letter, as no
// caller would like it.
const (
	Office   = "bureau"   // prints; the default printer; trays Auto and Tray2 ("Papier à en-tête")
	OneSided = "simple"   // prints one side only and has no trays
	Waiting  = "attente"  // prints what it is given after Server.Release
	Failing  = "echec"    // fails and aborts the job, saying "The paper is on fire"
	Jamming  = "bourrage" // fails and stops, saying "Paper jam"
	Paused   = "pause"    // stopped from the start, "Changement du tambour"
	Closed   = "ferme"    // takes no jobs, "Fermé le lundi"
	Raw      = "brut"     // prints, without a driver
)

// Description is what people call the Office printer.
const Description = "Bureau du courrier, 2e étage"

var (
	//go:embed capture.ppd
	driver string
	//go:embed backend.sh
	backend string
)

// Server is a running CUPS.
type Server struct {
	folder string
	log    *os.File
	tied   io.Closer // while it is open the server runs
	ended  chan error
}

// patience is for a server that hangs: one that runs answers in a tenth of a
// second.
const patience = 20 * time.Second

// CUPS starts a CUPS for the test, points CUPS_SERVER and CUPS_SERVERROOT at
// it, and ends it with the test, or when the test's process dies. HOME is an
// empty folder, so that the user's own print settings are out of the way. It
// fails the test when CUPS is not installed; on Debian it needs cups-daemon,
// cups-client and cups-filters-core-drivers.
func CUPS(t testing.TB) *Server {
	t.Helper()
	return start(t, printers())
}

// Nowhere points CUPS_SERVER at a CUPS that does not run.
func Nowhere(t testing.TB) {
	t.Helper()
	t.Setenv("CUPS_SERVER", filepath.Join(t.TempDir(), "none.sock"))
}

// Without starts a CUPS that has no printer.
func Without(t testing.TB) *Server {
	t.Helper()
	return start(t, nil)
}

func start(t testing.TB, printers []printer) *Server {
	t.Helper()
	program, err := find("cupsd")
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{ended: make(chan error, 1)}
	t.Cleanup(func() { s.end(t) })
	if err := s.lay(program); err != nil {
		t.Fatal(err)
	}
	t.Setenv("CUPS_SERVER", s.path("cups.sock"))
	t.Setenv("CUPS_SERVERROOT", s.path("etc")) // the commands look there for a local server's drivers
	t.Setenv("HOME", s.path("home"))
	if err := s.run(program); err != nil {
		t.Fatal(err)
	}
	for _, p := range printers {
		if err := s.add(p); err != nil {
			t.Fatalf("%v\n%s", err, s.errorLog())
		}
	}
	return s
}

// find looks for a program of the system, also where only root's PATH leads.
func find(name string) (string, error) {
	for _, candidate := range []string{name, "/usr/sbin/" + name} {
		if path, err := exec.LookPath(candidate); err == nil {
			return path, nil
		}
	}
	return "", fmt.Errorf("%s is missing: make test-packages, or install cups-daemon, cups-client and cups-filters-core-drivers", name)
}

// run starts the server and waits until it answers. The shell ends it when its
// standard input closes, as it does even when this process is killed.
func (s *Server) run(program string) error {
	const script = `"$0" -f -c "$1" -s "$2" & read -r _; kill $! && wait $!`
	command := exec.Command("sh", "-c", script, program, s.path("etc/cupsd.conf"), s.path("etc/cups-files.conf"))
	var err error
	if s.log, err = os.Create(s.path("cupsd.out")); err != nil {
		return err
	}
	command.Stdout, command.Stderr = s.log, s.log
	if s.tied, err = command.StdinPipe(); err != nil {
		return err
	}
	if err := command.Start(); err != nil {
		return err
	}
	go func() { s.ended <- command.Wait() }()
	for deadline := time.Now().Add(patience); ; {
		out, _ := exec.Command("lpstat", "-r").CombinedOutput()
		if strings.Contains(string(out), "is running") {
			return nil
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("cupsd does not answer: %s\n%s", out, s.errorLog())
		}
	}
}

// end ends the server, and with it whatever prints at the time.
func (s *Server) end(t testing.TB) {
	if s.tied != nil {
		s.tied.Close()
		select {
		case <-s.ended:
		case <-time.After(patience):
			t.Errorf("cupsd does not end\n%s", s.errorLog())
		}
		s.log.Close()
	}
	if s.folder != "" {
		os.RemoveAll(s.folder)
	}
}

// Release lets the Waiting printer print the job that it was given, which must
// be Processing.
func (s *Server) Release(t testing.TB) {
	t.Helper()
	// Opening waits for the backend, which has perhaps just been started.
	opened := make(chan error, 1)
	go func() {
		gate, err := os.OpenFile(s.path("printed/gate"), os.O_WRONLY, 0)
		if err == nil {
			_, err = gate.WriteString("\n")
			err = errors.Join(err, gate.Close())
		}
		opened <- err
	}()
	select {
	case err := <-opened:
		if err != nil {
			t.Fatal(err)
		}
	case <-time.After(patience):
		t.Fatalf("nothing waits\n%s", s.errorLog())
	}
}

// Resume starts a stopped printer again.
func (s *Server) Resume(t testing.TB, printer string) {
	t.Helper()
	if err := admin("cupsenable", printer); err != nil {
		t.Fatal(err)
	}
}

// admin runs one of CUPS's administration commands.
func admin(name string, args ...string) error {
	program, err := find(name)
	if err != nil {
		return err
	}
	if out, err := exec.Command(program, args...).CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w: %s", name, err, out)
	}
	return nil
}

func (s *Server) path(name string) string { return filepath.Join(s.folder, name) }

// errorLog is what the server complains of.
func (s *Server) errorLog() string {
	b, err := os.ReadFile(s.path("error.log"))
	if err != nil {
		return err.Error()
	}
	return string(b)
}

// mkfifo makes the gate that the Waiting printer waits at.
func (s *Server) mkfifo() error { return syscall.Mkfifo(s.path("printed/gate"), 0o600) }
