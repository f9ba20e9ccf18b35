package views

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

// scrolled is a table in a window of its own, and what its frames took.
type scrolled struct {
	list   *table[row]
	window fyne.Window
	frames []time.Duration
}

func newScrolled(b *testing.B, rows int) *scrolled {
	b.Helper()
	columns := []column[row]{{title: "Nom", width: 160, grow: 1, text: func(r row) string { return r.text }}}
	for i := range 6 {
		columns = append(columns, column[row]{title: "Colonne", width: 90, right: i%2 == 0, text: func(r row) string { return number(int(r.id) + i) }})
	}
	s := &scrolled{list: newTable(&Window{}, "essai", func(r row) int64 { return r.id }, columns...)}
	records := make([]row, rows)
	for i := range records {
		n := 1_000_000 - rows + i + 1 // texts as long in a short table
		records[i] = row{int64(n), fmt.Sprintf("ligne %07d", n)}
	}
	s.list.show(records)
	s.window = test.NewWindow(s.list.content)
	s.window.Resize(fyne.NewSize(1000, 700))
	b.Cleanup(s.window.Close)
	s.window.Canvas().Focus(s.list.grid)
	return s
}

// frame does something and paints the window, as a person waits for it.
func (s *scrolled) frame(do func()) {
	began := time.Now()
	do()
	s.window.Canvas().Capture()
	s.frames = append(s.frames, time.Since(began))
}

func (s *scrolled) key(name fyne.KeyName) {
	s.frame(func() { s.list.grid.TypedKey(&fyne.KeyEvent{Name: name}) })
}

func (s *scrolled) wheel(by float32) {
	s.frame(func() { test.Scroll(s.window.Canvas(), fyne.NewPos(400, 300), 0, by) })
}

// work scrolls by the wheel and by keys, at the beginning, in the middle and at
// the end.
func (s *scrolled) work() {
	for _, key := range []fyne.KeyName{fyne.KeyHome, fyne.KeyEnd} {
		s.key(key)
		s.key(fyne.KeyPageDown)
		s.key(fyne.KeyPageUp)
		s.key(fyne.KeyUp)
		s.key(fyne.KeyDown)
		s.wheel(-90)
		s.wheel(180)
		s.wheel(-60)
	}
	s.frame(func() { s.list.choose(s.list.count() / 2) })
	s.wheel(-200)
	s.key(fyne.KeyDown)
}

func (s *scrolled) median() time.Duration {
	slices.Sort(s.frames)
	return s.frames[len(s.frames)/2]
}

func (s *scrolled) worst() time.Duration { return slices.Max(s.frames) }

// BenchmarkTableScroll scrolls a table of a million rows and, by turns, one of a
// hundred: a frame is what a wheel or a key does and the window painted anew.
func BenchmarkTableScroll(b *testing.B) {
	test.NewTempApp(b).Settings().SetTheme(newTheme())
	long, short := newScrolled(b, 1_000_000), newScrolled(b, 100)
	for _, s := range []*scrolled{long, short} { // glyphs and icons are drawn once
		s.work()
		s.frames = nil
	}
	for b.Loop() {
		long.work()
		short.work()
	}
	ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
	b.ReportMetric(ms(long.median()), "ms-median-1M")
	b.ReportMetric(ms(short.median()), "ms-median-100")
	b.ReportMetric(ms(long.worst()), "ms-worst-1M")
	b.ReportMetric(ms(short.worst()), "ms-worst-100")
	b.ReportMetric(float64(long.median())/float64(short.median()), "x-median")
	b.ReportMetric(float64(long.worst())/float64(short.worst()), "x-worst")
}
