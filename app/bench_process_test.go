package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"guichet/data/store/postgrestest"
)

// Candidates of a benchmark, each in a process of its own, so that none has the
// memory or the caches of another.

// outcome is what a run did. Its process writes it on standard output, but for
// its memory.
type outcome struct {
	Count   int // letters or mails
	Seconds float64
	Bytes   int64
	MiB     float64
}

func (o outcome) rate() float64 { return float64(o.Count) / o.Seconds }

// rates are the runs' letters or mails a second, the slowest first.
func rates(runs []outcome) []float64 {
	all := make([]float64, len(runs))
	for i, run := range runs {
		all[i] = run.rate()
	}
	slices.Sort(all)
	return all
}

func median(runs []outcome) float64 { return rates(runs)[len(runs)/2] }

// peak is the most memory that any of the runs took, in MiB.
func peak(runs []outcome) (most float64) {
	for _, run := range runs {
		most = max(most, run.MiB)
	}
	return most
}

// report tells the rates of a candidate's runs.
func report(b *testing.B, name string, runs []outcome, what string) {
	if len(runs) == 0 {
		b.Run(name, func(b *testing.B) { b.Log("not measured: it wants node and npm, with which make bench installs it") })
		return
	}
	b.Run(fmt.Sprintf("%s-%d", name, runs[0].Count), func(b *testing.B) {
		b.ReportMetric(rates(runs)[0], what+"/s-min")
		b.ReportMetric(median(runs), what+"/s")
		b.ReportMetric(rates(runs)[len(runs)-1], what+"/s-max")
		b.ReportMetric(peak(runs), "MiB-peak")
		b.ReportMetric(0, "ns/op")
	})
}

// candidates runs processes.
type candidates struct {
	testing.TB
	binary, folder string
}

func newCandidates(b testing.TB) candidates {
	binary, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	return candidates{TB: b, binary: binary, folder: b.TempDir()}
}

// benchTask makes the test binary do one of benchTasks.
const benchTask = "GUICHET_BENCH_TASK"

var benchTasks = map[string]func(ctx context.Context, args []string) (outcome, error){
	"prepare": prepareMailRoom, "guichet": composeMailRoom, "floor": floorOfMailRoom,
	"fetch": fetchMailbox,
}

// TestMain lets the test binary be a benchmark's candidate, in a process of its
// own.
func TestMain(m *testing.M) {
	if os.Getenv(workstationTask) != "" {
		done, err := workAtRandom(os.Args[1:])
		if err = errors.Join(err, json.NewEncoder(os.Stdout).Encode(done)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	task, asked := benchTasks[os.Getenv(benchTask)]
	if !asked {
		status := m.Run()
		postgrestest.Stop()
		os.Exit(status)
	}
	done, err := task(context.Background(), os.Args[1:])
	if err = errors.Join(err, json.NewEncoder(os.Stdout).Encode(done)); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// task runs a task in a process of its own.
func (r *candidates) task(name string, args ...string) outcome {
	command := exec.Command(r.binary, args...)
	command.Env = append(os.Environ(), benchTask+"="+name)
	return r.run(command)
}

func (r *candidates) run(command *exec.Cmd) (done outcome) {
	r.Helper()
	command.Stderr = os.Stderr
	out, err := command.Output()
	if err == nil {
		err = json.Unmarshal(out, &done)
	}
	if err != nil {
		r.Fatalf("%v: %v", command.Args, err)
	}
	done.MiB = peakOf(command)
	return done
}

// copy gives a run a register of its own, whole on the disk, so that nothing
// is left to be written back while the run is timed.
func (r *candidates) copy(register string) string {
	folder, err := os.MkdirTemp(r.folder, "run")
	if err != nil {
		r.Fatal(err)
	}
	path := filepath.Join(folder, "register.db")
	content, err := os.Open(register)
	if err != nil {
		r.Fatal(err)
	}
	defer content.Close()
	file, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		r.Fatal(err)
	}
	_, err = io.Copy(file, content)
	if err := errors.Join(err, file.Sync(), file.Close()); err != nil {
		r.Fatal(err)
	}
	return path
}
