package app

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"time"
)

// CrashReport is what is kept of a panic: where in the program it was, never
// what the program was working on.
type CrashReport struct {
	Path string
	At   time.Time
	Text string
}

// crashFile names the report, in the user's cache: one is enough, the newest.
const crashFile = "crash.txt"

// CrashFolder is where the report of a crash is kept.
func CrashFolder() string {
	folder, err := os.UserCacheDir()
	if err != nil {
		folder = os.TempDir()
	}
	return filepath.Join(folder, "guichet", "crash")
}

// KeepCrash keeps, deferred at the top of a goroutine, a report of the panic that
// ends it, and lets it go on.
func KeepCrash() {
	value := recover()
	if value == nil {
		return
	}
	if err := writeCrash(CrashFolder(), value, debug.Stack(), time.Now()); err != nil {
		fmt.Fprintln(os.Stderr, "guichet : le rapport n’a pas pu être gardé :", err)
	}
	panic(value)
}

// writeCrash writes a report that only its owner reads.
func writeCrash(folder string, value any, stack []byte, at time.Time) error {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	var text bytes.Buffer
	build := Version()
	fmt.Fprintf(&text, "Guichet %s %s\n%s %s, %d\n%s\n\n%s\n\n%s", build.Version, build.Commit, build.Go, build.System,
		runtime.NumCPU(), at.UTC().Format(time.RFC3339), panicText(value), stack)
	return writeWhole(filepath.Join(folder, crashFile), text.Bytes())
}

// panicText says what a panic was about. A text of Go itself (an index out of
// range, a nil pointer) tells nothing of the register; any other may, and only
// its type is kept.
func panicText(value any) string {
	if of, ok := value.(runtime.Error); ok {
		return "panic: " + of.Error()
	}
	text := fmt.Sprintf("panic: %T", value)
	err, _ := value.(error)
	for err = errors.Unwrap(err); err != nil; err = errors.Unwrap(err) {
		text += fmt.Sprintf(", %T", err)
	}
	return text
}

// LastCrash is the report of a crash that nobody has dealt with; false: there is
// none.
func LastCrash() (CrashReport, bool) {
	path := filepath.Join(CrashFolder(), crashFile)
	info, err := os.Stat(path)
	if err != nil {
		return CrashReport{}, false
	}
	text, err := os.ReadFile(path) // #nosec G304 -- Guichet’s own file
	return CrashReport{Path: path, At: info.ModTime(), Text: string(text)}, err == nil
}

// ForgetCrash deletes the report.
func ForgetCrash() error {
	err := os.Remove(filepath.Join(CrashFolder(), crashFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return refined(err)
}
