package preview

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// BenchmarkFirst is the first page after the program's start: cold on a new
// machine, warm when the cache folder holds PDFium's code.
func BenchmarkFirst(b *testing.B) {
	letter := Bytes(writeLetters(b, 1))
	for _, cold := range []bool{true, false} {
		b.Run(map[bool]string{true: "cold", false: "warm"}[cold], func(b *testing.B) {
			folder := filepath.Join(b.TempDir(), "cache")
			first := func() {
				r := New(folder)
				rendered(b, r, letter, 0, 96)
				if err := r.Close(); err != nil {
					b.Fatal(err)
				}
			}
			if !cold {
				first()
			}
			for b.Loop() {
				if cold {
					os.RemoveAll(folder)
				}
				first()
			}
		})
	}
}

// BenchmarkPage turns the pages of a spool of 2,000 letters, and shows what
// the process then holds.
func BenchmarkPage(b *testing.B) {
	path := filepath.Join(b.TempDir(), "spool.pdf")
	if err := os.WriteFile(path, writeLetters(b, 2000), 0o600); err != nil {
		b.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil {
		b.Fatal(err)
	}
	for _, dpi := range []float64{96, 150} {
		for name, forget := range map[string]bool{"kept": false, "forgotten": true} {
			b.Run(name+"/"+strconv.Itoa(int(dpi))+"dpi", func(b *testing.B) {
				r := newRenderer(b)
				rendered(b, r, File(path), 0, dpi)
				page := 0
				for b.Loop() {
					if forget {
						r.Forget()
					}
					page = (page + 97) % 2000
					rendered(b, r, File(path), page, dpi)
				}
				b.ReportMetric(float64(info.Size())/1e6, "file-MB")
				b.ReportMetric(resident(b), "RSS-MB")
			})
		}
	}
}

// resident is the memory that this process holds.
func resident(b *testing.B) float64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(status), "VmRSS:")
	kB, err := strconv.Atoi(strings.Fields(rest)[0])
	if err != nil {
		b.Fatal(err)
	}
	return float64(kB) / 1000
}
