package app

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

const (
	mailRoomRounds = 3
	mailRoomBatch  = 10_000
	mailRoomLarge  = 100_000
	// pdfkit's rate is flat: 1,000 letters tell it.
	mailRoomPdfkit = 1000
)

// BenchmarkMailRoom composes a batch with App.Compose: codes, hashes, barcodes,
// PDF and the register's transaction. Beside it, on the same letters:
//
//   - pdfkit (npm) drawing them, with codes, hashes and barcodes, without any
//     register: see testdata/pdfkit/letter.js;
//   - the floor, below which nothing goes: the queue read from the register, the
//     barcodes encoded, as many bytes written and synced, the same rows written
//     by a bare loop of SQL in one transaction, and no PDF.
//
// Each run is a process of its own, on a copy of a register that yet another
// process prepared; candidates take turns. Reported are medians, the slowest
// and fastest run, and the largest peak of resident memory. The last line sets
// them side by side: x-pdfkit is how many times as fast as pdfkit, x-floor how
// many times the floor's time.
func BenchmarkMailRoom(b *testing.B) {
	room := newMailRoom(b)
	small, large := room.prepare(mailRoomBatch), room.prepare(mailRoomLarge)
	var guichet, pdfkit, floor, guichetLarge []outcome
	for round := range mailRoomRounds {
		guichet = append(guichet, room.guichet(small, mailRoomBatch))
		if modules := room.pdfkitModules(); modules != "" {
			pdfkit = append(pdfkit, room.pdfkit(small, modules))
		}
		if round == 0 && len(pdfkit) > 0 {
			room.sameText()
		}
		floor = append(floor, room.floor(small, guichet[0].Bytes))
		guichetLarge = append(guichetLarge, room.guichet(large, mailRoomLarge))
	}
	report(b, "guichet", guichet, "letters")
	report(b, "pdfkit", pdfkit, "letters")
	report(b, "floor", floor, "letters")
	report(b, "guichet", guichetLarge, "letters")
	b.Run("ratios", func(b *testing.B) {
		rate := median(guichet)
		if len(pdfkit) > 0 {
			b.ReportMetric(rate/median(pdfkit), "x-pdfkit")
		}
		b.ReportMetric(median(floor)/rate, "x-floor")
		b.ReportMetric(median(guichetLarge)/rate, "100k/10k")
		b.ReportMetric(peak(guichetLarge), "MiB-peak")
		b.ReportMetric(0, "ns/op")
	})
}

// mailRoom runs the candidates.
type mailRoom struct {
	candidates
	files [2]string // PDFs of Guichet and pdfkit, to compare
}

func newMailRoom(b *testing.B) *mailRoom { return &mailRoom{candidates: newCandidates(b)} }

// prepare makes a register with letters in its queue, for runs to copy.
func (r *mailRoom) prepare(letters int) string {
	path := filepath.Join(r.folder, fmt.Sprintf("%d.db", letters))
	if done := r.task("prepare", path, strconv.Itoa(letters)); done.Count != letters {
		r.Fatalf("%d letters queued, want %d", done.Count, letters)
	}
	return path
}

// guichet composes a prepared register's letters, and counts the pages.
func (r *mailRoom) guichet(register string, letters int) outcome {
	path := r.copy(register)
	done := r.task("guichet", path)
	files, err := filepath.Glob(path + ".spool/*.pdf")
	if err != nil {
		r.Fatal(err)
	}
	pages := 0
	for _, file := range files {
		pages += r.pages(file)
	}
	if pages != letters || done.Count != letters {
		r.Fatalf("%d pages and %d letters composed of %d", pages, done.Count, letters)
	}
	if r.files[0] == "" {
		r.files[0] = filepath.Join(r.folder, "guichet.pdf")
		err = os.Rename(files[0], r.files[0])
	}
	if err := errors.Join(err, os.RemoveAll(filepath.Dir(path))); err != nil {
		r.Fatal(err)
	}
	return done
}

// floor does the floor's work on a prepared register, with bytes to write.
func (r *mailRoom) floor(register string, bytes int64) outcome {
	path := r.copy(register)
	done := r.task("floor", path, strconv.FormatInt(bytes, 10))
	if err := os.RemoveAll(filepath.Dir(path)); err != nil {
		r.Fatal(err)
	}
	return done
}

// pdfkitModules is where `make bench` installs pdfkit; empty when it did not.
func (r *mailRoom) pdfkitModules() string {
	modules, err := filepath.Abs("../out/pdfkit/node_modules")
	if err != nil {
		r.Fatal(err)
	}
	if _, err := exec.LookPath("node"); err != nil {
		return ""
	}
	if _, err := os.Stat(filepath.Join(modules, "pdfkit")); err != nil {
		return ""
	}
	return modules
}

func (r *mailRoom) pdfkit(register, modules string) outcome {
	r.files[1] = filepath.Join(r.folder, "pdfkit.pdf")
	command := exec.Command("node", "testdata/pdfkit/letter.js", "../assets/fonts", register+".jsonl", r.files[1])
	command.Env = append(os.Environ(), "NODE_PATH="+modules)
	done := r.run(command)
	if pages := r.pages(r.files[1]); pages != mailRoomPdfkit || done.Count != pages {
		r.Fatalf("pdfkit: %d pages and %d letters of %d", pages, done.Count, mailRoomPdfkit)
	}
	return done
}

func (r *mailRoom) pages(file string) int {
	out, err := exec.Command("pdfinfo", file).Output()
	_, text, _ := strings.Cut(string(out), "Pages:")
	text, _, _ = strings.Cut(text, "\n")
	pages, malformed := strconv.Atoi(strings.TrimSpace(text))
	if err := errors.Join(err, malformed); err != nil {
		r.Fatalf("pdfinfo (poppler-utils) %s: %v", file, err)
	}
	return pages
}

// aCode is a confirmation code: each candidate draws its own.
var aCode = regexp.MustCompile(`\b[0-9A-Z]{4}-[0-9A-Z]{4}\b`)

// sameText makes sure that pdfkit wrote what Guichet wrote, on 200 sheets. Where
// pdftotext sees a space depends on kerning.
func (r *mailRoom) sameText() {
	var texts [2][]rune
	for i, file := range r.files {
		text, err := exec.Command("pdftotext", "-l", "200", file, "-").Output()
		if err != nil {
			r.Fatalf("pdftotext (poppler-utils) %s: %v", file, err)
		}
		texts[i] = []rune(strings.Join(strings.Fields(aCode.ReplaceAllString(string(text), "CODE")), ""))
	}
	if len(texts[0]) < 200*1000 {
		r.Fatalf("Guichet writes %d characters on 200 sheets", len(texts[0]))
	}
	for i := range max(len(texts[0]), len(texts[1])) {
		around := func(text []rune) string { return string(text[min(len(text), max(0, i-40)):min(len(text), i+40)]) }
		if i >= len(texts[0]) || i >= len(texts[1]) || texts[0][i] != texts[1][i] {
			r.Fatalf("pdfkit writes …%s…, Guichet …%s…", around(texts[1]), around(texts[0]))
		}
	}
}
