package main

import (
	"bufio"
	"database/sql"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	fyneapp "fyne.io/fyne/v2/app"
	"fyne.io/fyne/v2/widget"
	_ "modernc.org/sqlite" // the driver

	"guichet/app"
	"guichet/views"
)

// startVariable has this program show a window, say when its first frame is
// painted, and end: Guichet's on a register, or, of the name "empty", Fyne's alone.
const startVariable = "GUICHET_START"

func TestMain(m *testing.M) {
	switch register := os.Getenv(startVariable); register {
	case "":
		os.Exit(m.Run())
	case "empty":
		showEmpty()
	default:
		showGuichet(register)
	}
}

func showEmpty() {
	fyneApp := fyneapp.NewWithID("fr.guichet.empty")
	window := fyneApp.NewWindow("empty")
	window.SetContent(widget.NewLabel(""))
	window.Resize(fyne.NewSize(1280, 800))
	fyneApp.Lifecycle().SetOnStarted(func() {
		window.Canvas().Capture()
		fmt.Println("painted")
		fyneApp.Quit()
	})
	window.ShowAndRun()
}

func showGuichet(register string) {
	fyneApp := fyneapp.NewWithID("fr.guichet.start")
	if err := views.Speak(views.French); err != nil {
		panic(err)
	}
	window := views.Open(fyneApp, register, app.Options{NoKeyring: true})
	window.OnReady(func() {
		window.Capture()
		fmt.Println("painted")
		fyneApp.Quit()
	})
	if err := window.ShowAndRun(); err != nil {
		panic(err)
	}
}

// started is how long a window takes from the start of its process to its first
// frame.
func started(b *testing.B, register string) time.Duration {
	b.Helper()
	command := exec.Command("xvfb-run", "-a", "-s", "-screen 0 1400x900x24", os.Args[0])
	command.Env = append(os.Environ(), startVariable+"="+register, "XDG_CONFIG_HOME="+b.TempDir())
	out, err := command.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	began := time.Now()
	if err := command.Start(); err != nil {
		b.Fatal(err)
	}
	painted := bufio.NewScanner(out)
	if !painted.Scan() || painted.Text() != "painted" {
		b.Fatalf("%s: no frame", register)
	}
	took := time.Since(began)
	_ = command.Wait() // xvfb-run ends as its server does
	return took
}

// withTickets gives a demo register as many tickets more.
func withTickets(b *testing.B, register string, count int) {
	b.Helper()
	db, err := sql.Open("sqlite", register)
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	rows, err := db.Query(`SELECT name FROM pragma_table_info('ticket')`)
	if err != nil {
		b.Fatal(err)
	}
	defer rows.Close()
	var names, values []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			b.Fatal(err)
		}
		value := map[string]string{"id": "1000 + n.i", "number": "printf('80-%07d', n.i)"}[name]
		if value == "" {
			value = "t." + name
		}
		names, values = append(names, name), append(values, value)
	}
	if _, err := db.Exec(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
		INSERT INTO ticket (`+strings.Join(names, ", ")+`) SELECT `+strings.Join(values, ", ")+` FROM n, (SELECT * FROM ticket LIMIT 1) t`, count); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkStart is how many times as long as an empty Fyne window Guichet takes
// to its first frame that can be used, on the demo register and with a million
// tickets more. Each time includes an Xvfb's start.
func BenchmarkStart(b *testing.B) {
	demo := filepath.Join(b.TempDir(), "demo.db")
	if err := app.BuildDemo(b.Context(), demo, 1, app.Options{NoKeyring: true}, nil); err != nil {
		b.Fatal(err)
	}
	for _, more := range []int{0, 1_000_000} {
		b.Run(fmt.Sprintf("tickets=%d", more), func(b *testing.B) {
			if more > 0 {
				withTickets(b, demo, more)
			}
			var empty, guichet []time.Duration
			for b.Loop() {
				empty, guichet = append(empty, started(b, "empty")), append(guichet, started(b, demo))
			}
			slices.Sort(empty)
			slices.Sort(guichet)
			e, g := empty[len(empty)/2], guichet[len(guichet)/2]
			b.ReportMetric(float64(g.Milliseconds()), "ms/guichet")
			b.ReportMetric(float64(e.Milliseconds()), "ms/empty")
			b.ReportMetric(float64(g)/float64(e), "x-empty")
		})
	}
}
