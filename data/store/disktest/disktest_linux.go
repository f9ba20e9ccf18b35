// Package disktest mounts disks for tests that fail as real ones do: full, or in
// an error at a chosen write. Both need the right to mount (root).
package disktest

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// Faulty is a disk that fails at chosen changes: what creates, writes, syncs,
// cuts, renames or removes a file. SQLite's -shm files, which are memory that
// processes share, are not counted.
type Faulty struct {
	Folder  string
	t       testing.TB
	orders  io.Writer
	answers *bufio.Scanner
}

// For the process of its own in which the disk is served: were it this one, its
// garbage collector would wait for a thread that waits for the disk.
const servedFolders = "GUICHET_DISKTEST"

func init() {
	if folders := os.Getenv(servedFolders); folders != "" {
		if err := serve(strings.Split(folders, ":")); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
}

// MountFaulty mounts a disk that is whole at first. Where nothing can be mounted,
// the test is skipped.
func MountFaulty(t testing.TB) *Faulty {
	t.Helper()
	disk := &Faulty{Folder: t.TempDir(), t: t}
	if file, err := os.OpenFile("/dev/fuse", os.O_RDWR, 0); err != nil {
		t.Skipf("a disk that fails needs FUSE: %v", err)
	} else {
		file.Close()
	}
	binary, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	server := exec.Command(binary)
	server.Env = append(os.Environ(), servedFolders+"="+t.TempDir()+":"+disk.Folder)
	server.Stderr = os.Stderr
	orders, err := server.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	answers, err := server.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	disk.orders, disk.answers = orders, bufio.NewScanner(answers)
	t.Cleanup(func() { // the server's input ends: it unmounts, as when this process is gone
		orders.Close()
		if err := server.Wait(); err != nil {
			t.Error(err)
		}
	})
	if !disk.answers.Scan() || disk.answers.Text() == refused {
		t.Skip("a disk that fails needs the right to mount it (root)")
	}
	return disk
}

// FailAt has the change that comes after so many others fail with EIO, and as
// many in all as count says. It forgets the failures ordered before.
func (d *Faulty) FailAt(after, count int) {
	d.t.Helper()
	d.order(after, count)
}

// Heal ends the failures and returns how many changes were asked for since they
// were ordered.
func (d *Faulty) Heal() (changes int) {
	d.t.Helper()
	return d.order(0, 0)
}

func (d *Faulty) order(after, count int) (changes int) {
	d.t.Helper()
	if _, err := fmt.Fprintln(d.orders, after, count); err != nil {
		d.t.Fatal(err)
	}
	if !d.answers.Scan() {
		d.t.Fatalf("the disk's server is gone: %v", d.answers.Err())
	}
	if _, err := fmt.Sscan(d.answers.Text(), &changes); err != nil {
		d.t.Fatal(err)
	}
	return changes
}
