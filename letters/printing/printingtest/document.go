//go:build linux

package printingtest

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// Document is what a printer was given to print.
type Document struct {
	Job     int    // its number
	Title   string // as the printer was told
	Options string // as the printer was told: name=value, separated by spaces
	PDF     []byte // what would be on paper, copies and all; empty for a job without a page
	File    string // where that is, until the test ends
}

// Printed returns what the printers have printed, in the order of the jobs. A
// job is among it once it is completed.
func (s *Server) Printed(t testing.TB) []Document {
	t.Helper()
	files, err := filepath.Glob(s.path("printed/*.pdf"))
	if err != nil {
		t.Fatal(err)
	}
	var documents []Document
	for _, file := range files {
		stem := strings.TrimSuffix(file, ".pdf")
		title, err1 := os.ReadFile(stem + ".title")
		options, err2 := os.ReadFile(stem + ".options")
		pdf, err3 := os.ReadFile(file)
		number, err4 := strconv.Atoi(filepath.Base(stem))
		if err := errors.Join(err1, err2, err3, err4); err != nil {
			t.Fatal(err)
		}
		documents = append(documents, Document{Job: number, Title: string(title), Options: string(options), PDF: pdf, File: file})
	}
	slices.SortFunc(documents, func(a, b Document) int { return a.Job - b.Job })
	return documents
}

// Option returns the value of an option; empty when the printer was not told.
func (d Document) Option(name string) string {
	for option := range strings.FieldsSeq(d.Options) {
		if value, ok := strings.CutPrefix(option, name+"="); ok {
			return value
		}
	}
	return ""
}

// Pages reads the text of each page back, as pdftotext (poppler-utils) sees it.
func (d Document) Pages(t testing.TB) []string {
	t.Helper()
	if len(d.PDF) == 0 {
		return nil
	}
	out, err := exec.Command("pdftotext", d.File, "-").Output()
	if err != nil {
		t.Fatalf("pdftotext: %v", err)
	}
	pages := strings.Split(strings.TrimSuffix(string(out), "\f"), "\f")
	for i := range pages {
		pages[i] = strings.TrimSpace(pages[i])
	}
	return pages
}
