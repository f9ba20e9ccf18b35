package printing

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"codeberg.org/go-pdf/fpdf"
)

// written writes a PDF whose pages say "Lettre n", and returns its path.
func written(t testing.TB, name string, pages int) string {
	t.Helper()
	pdf := fpdf.New("P", "mm", "A4", "")
	pdf.SetCompression(false)
	pdf.SetFont("Helvetica", "", 20)
	for i := range pages {
		pdf.AddPage()
		pdf.Text(40, 40, fmt.Sprintf("Lettre %d", i+1))
	}
	name = filepath.Join(t.TempDir(), name)
	if err := pdf.OutputFileAndClose(name); err != nil {
		t.Fatal(err)
	}
	return name
}

// saved writes a file and returns its path.
func saved(t testing.TB, content string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "file.pdf")
	if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestPages(t *testing.T) {
	for _, want := range []int{1, 5, 2500} {
		if n, err := Pages(written(t, "lot.pdf", want)); n != want || err != nil {
			t.Errorf("%d pages: got %d, %v", want, n, err)
		}
	}
}

func TestPagesRefuses(t *testing.T) {
	whole, err := os.ReadFile(written(t, "lot.pdf", 3))
	if err != nil {
		t.Fatal(err)
	}
	changed := func(from, to string) string {
		if !bytes.Contains(whole, []byte(from)) {
			t.Fatalf("no %q to change", from)
		}
		return strings.Replace(string(whole), from, to, 1)
	}
	for name, c := range map[string]struct {
		content string
		want    error
	}{
		"empty":            {"", ErrEmpty},
		"no page":          {changed("/Count 3", "/Count 0"), ErrEmpty},
		"text":             {"Lettre 1\n", ErrNotPDF},
		"a header only":    {"%PDF-1.4\n", ErrNotPDF},
		"cut short":        {string(whole[:len(whole)-30]), ErrNotPDF},
		"no root":          {changed("/Root", "/Boot"), ErrNotPDF},
		"no count":         {changed("/Count 3", "/Kount 3"), ErrNotPDF},
		"no table":         {changed("xref\n0 ", "xreg\n0 "), ErrNotPDF},
		"wrong object":     {changed("1 0 obj", "7 0 obj"), ErrNotPDF},
		"object too high":  {changed("/Pages 1 0 R", "/Pages 99 0 R"), ErrNotPDF},
		"start behind end": {changed("startxref\n", "startxref\n9"), ErrNotPDF},
		"start overflowed": {changed("startxref\n", "startxref\n99999999999999999999"), ErrNotPDF},
	} {
		t.Run(name, func(t *testing.T) {
			if n, err := Pages(saved(t, c.content)); !errors.Is(err, c.want) || n != 0 {
				t.Errorf("got %d, %v, want %v", n, err, c.want)
			}
		})
	}
	var missing *fs.PathError
	if _, err := Pages(filepath.Join(t.TempDir(), "absent.pdf")); !errors.As(err, &missing) {
		t.Errorf("absent: got %v", err)
	}
}
