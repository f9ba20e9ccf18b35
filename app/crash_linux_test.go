package app

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
)

const crashVariable = "GUICHET_TEST_CRASH"

// panicking are the panics that a process of its own ends by.
var panicking = map[string]func(){
	"runtime": func() { var list []int; _ = list[len(os.Args)] },
	"text":    func() { panic("Jeanne Martin, code K7PW-3XQ9") },
	"error": func() {
		panic(fmt.Errorf("jeanne@mairie.example: %w", &os.PathError{Op: "open", Path: "/home/jeanne", Err: errors.New("no")}))
	},
}

// TestCrashReport ends processes by a panic, and reads what they leave behind:
// where it was, and nothing of what the program worked on.
func TestCrashReport(t *testing.T) {
	if name := os.Getenv(crashVariable); name != "" {
		defer KeepCrash()
		panicking[name]()
		return
	}
	for name, want := range map[string]string{
		"runtime": "panic: runtime error: index out of range", "text": "panic: string\n", "error": "panic: *fmt.wrapError, *fs.PathError, *errors.errorString\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("XDG_CACHE_HOME", t.TempDir())
			if _, found := LastCrash(); found {
				t.Fatal("a report before any crash")
			}
			process := exec.Command(os.Args[0], "-test.run", "^TestCrashReport$")
			process.Env = append(os.Environ(), crashVariable+"="+name)
			out, err := process.CombinedOutput()
			if err == nil || !strings.Contains(string(out), "panic: ") {
				t.Fatalf("the process went on: %v\n%s", err, out)
			}
			report, found := LastCrash()
			if !found {
				t.Fatal("no report")
			}
			if info, err := os.Stat(report.Path); err != nil || info.Mode().Perm() != 0o600 {
				t.Errorf("%v, %v", info, err)
			}
			for _, wanted := range []string{want, "Guichet ", "go1.", "linux/", "goroutine ", "app.KeepCrash", "crash_linux_test.go"} {
				if !strings.Contains(report.Text, wanted) {
					t.Errorf("no %q in\n%s", wanted, report.Text)
				}
			}
			for _, secret := range []string{"Jeanne", "jeanne", "K7PW"} {
				if strings.Contains(report.Text, secret) {
					t.Errorf("%q in\n%s", secret, report.Text)
				}
			}
			if err := ForgetCrash(); err != nil {
				t.Error(err)
			}
			if _, found := LastCrash(); found {
				t.Error("not forgotten")
			}
			if err := ForgetCrash(); err != nil {
				t.Errorf("forgotten twice: %v", err)
			}
		})
	}
}
