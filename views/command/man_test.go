package command

import (
	"encoding/json"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/alecthomas/kong"

	"guichet/app"
)

// manual is the manual page of a build.
func manual(t *testing.T, build app.Build) string {
	t.Helper()
	var parsed commands
	parser, err := kong.New(&parsed, settings()...)
	if err != nil {
		t.Fatal(err)
	}
	var page strings.Builder
	if err := writeMan(&page, parser.Model, build); err != nil {
		t.Fatal(err)
	}
	return page.String()
}

// TestManualHasEveryCommand: the page names each command, argument and flag, and
// nothing of the machine that wrote it.
func TestManualHasEveryCommand(t *testing.T) {
	t.Setenv("HOME", "/home/nobody-in-particular")
	t.Setenv("XDG_CONFIG_HOME", "")
	page := manual(t, app.Build{Version: "0.7.0", At: time.Date(2026, 11, 28, 0, 0, 0, 0, time.UTC)})
	if !strings.HasPrefix(page, ".TH GUICHET 1 \"2026-11-28\" \"Guichet 0.7.0\"\n") {
		t.Errorf("begins with %.60q", page)
	}
	for _, wanted := range []string{
		".SS \"guichet letters print LOT\"", ".B \\-\\-printer=NOM", ".B \\-\\-db=REGISTRE", "GUICHET_DB", "~/.config/guichet/guichet.db",
		".SS \"guichet version\"", ".SS \"guichet accounts find MOTS...\"",
	} {
		if !strings.Contains(page, wanted) {
			t.Errorf("%q is not in the manual", wanted)
		}
	}
	for _, unwanted := range []string{"nobody-in-particular", "${", "guichet man"} {
		if strings.Contains(page, unwanted) {
			t.Errorf("%q is in the manual", unwanted)
		}
	}
}

// TestManualHasNoStrayInstruction: a help text that begins with a dot or holds a
// backslash is text.
func TestManualHasNoStrayInstruction(t *testing.T) {
	var line struct {
		Go struct {
			File string `arg:"" help:"'br"`
			Flag string `help:".so /etc/passwd"`
		} `cmd:"" help:".so /etc/passwd"`
	}
	var page strings.Builder
	parser := kong.Must(&line, kong.Name("guichet"), kong.Description("a\n.so /etc/passwd"))
	if err := writeMan(&page, parser.Model, app.Build{}); err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(page.String()) {
		if strings.HasPrefix(line, "'") || strings.HasPrefix(line, ".so") {
			t.Errorf("an instruction: %q", line)
		}
	}
	for text, want := range map[string]string{`.TP`: `\&.TP`, `'x`: `\&'x`, `C:\x`: `C:\ex`, "a-b": `a\-b`, `"`: `\(dq`, "a\n.b": `a .b`} {
		if got := roff(text); got != want {
			t.Errorf("%q is %q, not %q", text, got, want)
		}
	}
}

// TestVersion needs no register and no operator.
func TestVersion(t *testing.T) {
	o := newOffice(t)
	out, errs, status := o.run(map[string]string{"GUICHET_DB": "/nowhere/register.db", "GUICHET_PASSWORD": ""}, "version", "--json")
	var build struct {
		Version, Go, System string
		Schema              int
	}
	if err := json.Unmarshal([]byte(out), &build); err != nil || status != Done {
		t.Fatalf("%d, %v: %s%s", status, err, out, errs)
	}
	if build.Version == "" || build.Schema < 8 || build.Go != runtime.Version() || build.System != runtime.GOOS+"/"+runtime.GOARCH {
		t.Errorf("%+v", build)
	}
	if out, errs, status := o.run(nil, "version"); status != Done || !strings.HasPrefix(out, "Guichet ") {
		t.Errorf("%d: %s%s", status, out, errs)
	}
}
