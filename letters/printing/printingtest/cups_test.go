//go:build linux

package printingtest

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestEnd: the server ends with its test, and so does what was printing.
func TestEnd(t *testing.T) {
	var folder string
	t.Run("server", func(t *testing.T) {
		s := CUPS(t)
		folder = s.folder
		blank := filepath.Join(t.TempDir(), "blank.txt")
		if err := os.WriteFile(blank, []byte("blank"), 0o600); err != nil {
			t.Fatal(err)
		}
		// Raw data goes to the printer as it is.
		if out, err := exec.Command("lp", "-d", Waiting, "-o", "raw", blank).CombinedOutput(); err != nil {
			t.Fatalf("lp: %v: %s", err, out)
		}
		deadline := time.Now().Add(patience)
		for !strings.Contains(strings.Join(processes(t, folder), "\n"), "test:/wait") {
			if time.Now().After(deadline) {
				t.Fatalf("nothing waits\n%s", s.errorLog())
			}
		}
	})
	if left := processes(t, folder); len(left) > 0 {
		t.Errorf("still running: %q", left)
	}
	if _, err := os.Stat(folder); !os.IsNotExist(err) {
		t.Errorf("the folder is left: %v", err)
	}
}

// processes returns the environments of the processes that the server or its
// test started, which name its folder.
func processes(t *testing.T, folder string) []string {
	t.Helper()
	names, err := filepath.Glob("/proc/[0-9]*/environ")
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, name := range names {
		// Another user's, or ended meanwhile: not ours.
		if environment, err := os.ReadFile(name); err == nil && strings.Contains(string(environment), folder) {
			found = append(found, strings.ReplaceAll(string(environment), "\x00", " "))
		}
	}
	return found
}
