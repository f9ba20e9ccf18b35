package views

import (
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"guichet/app"
)

const taskCrashVariable = "GUICHET_TEST_TASK_CRASH"

// TestATaskThatPanicsLeavesAReport, which the next start shows.
func TestATaskThatPanicsLeavesAReport(t *testing.T) {
	if os.Getenv(taskCrashVariable) != "" {
		(&tasks{}).spawn(func() { panic("Jeanne Martin") })
		time.Sleep(time.Minute) // the process ends before
	}
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	process := exec.Command(os.Args[0], "-test.run", "^TestATaskThatPanicsLeavesAReport$")
	process.Env = append(os.Environ(), taskCrashVariable+"=1")
	if out, err := process.CombinedOutput(); err == nil {
		t.Fatalf("the process went on\n%s", out)
	}
	report, found := app.LastCrash()
	if !found || strings.Contains(report.Text, "Jeanne") || !strings.Contains(report.Text, "views.guarded") {
		t.Fatalf("report %v\n%s", found, report.Text)
	}
	d, _ := newDesk(t)
	d.w.offersCrash = true
	d.w.showSignIn()
	d.wantRead("Arrêt inattendu", "il ne contient rien du registre", "panic: string")
	d.tap("Copier le rapport")
	if got := d.w.fyneApp.Clipboard().Content(); got != report.Text {
		t.Errorf("copied %q", got)
	}
	d.tap("Fermer")
	d.w.showSignIn()
	if d.w.dialog != nil {
		t.Error("offered twice in one start")
	}
	d.w.offersCrash = true
	d.w.showSignIn()
	d.tap("Oublier")
	if _, found := app.LastCrash(); found || d.w.dialog != nil {
		t.Error("not forgotten")
	}
}

// TestOpeningShowsTheUpdate step by step.
func TestOpeningShowsTheUpdate(t *testing.T) {
	d, _ := newDesk(t)
	shown := newOpening("register.db")
	d.w.setContent(entranceCard(shown.box))
	shown.update(0, 0)
	d.wantRead("Sauvegarde du registre, avant sa mise à jour")
	shown.update(3, 8)
	d.wantRead("Mise à jour du registre 3/8")
	if shown.steps.Value != 3 || shown.steps.Max != 8 || shown.waits.Visible() {
		t.Errorf("%v of %v", shown.steps.Value, shown.steps.Max)
	}
}
