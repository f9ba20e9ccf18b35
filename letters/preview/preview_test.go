package preview

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"codeberg.org/go-pdf/fpdf"

	"guichet/letters"
)

// codes are on every test letter, and must be nowhere else.
var codes = [2]string{"K7PW-3XQ9", "4TZM-8HNC"}

// writeLetters makes a spool of n letters.
func writeLetters(t testing.TB, n int) []byte {
	t.Helper()
	design := letters.Design{
		Sender: []string{"Portail des services en ligne", "67000 Strasbourg"}, Place: "Strasbourg",
		PortalURL: "https://portail.example", Signatory: "Hélène SCHMITT-KLEIN", SignatoryTitle: "Responsable du portail",
	}
	written := make([]letters.Letter, n)
	for i := range written {
		written[i] = letters.Letter{
			Kind: letters.KindAdministrator, Reference: fmt.Sprintf("L26-%06d-K", i+1), Codes: codes,
			Address:    []string{"Commune d'Achenheim", "Madame Jeanne MARTIN, Maire", "12 RUE DE LA MAIRIE", "67204 ACHENHEIM"},
			Salutation: "Madame la Maire", Organisation: "Commune d'Achenheim", Applicant: "Frédéric DUPONT", Identifier: "frederic.dupont",
			RequestedOn: time.Date(2026, time.November, 12, 0, 0, 0, 0, time.UTC), ValidDays: 60,
		}
	}
	var spool bytes.Buffer
	date := time.Date(2026, time.November, 24, 9, 30, 0, 0, time.UTC)
	if err := letters.Write(context.Background(), &spool, design, date, written, nil); err != nil {
		t.Fatal(err)
	}
	return spool.Bytes()
}

// writeSheets makes a PDF of sheets of 100 × 50 mm: the n-th bears n black
// squares of 10 mm in its first row, and a half transparent one below.
func writeSheets(t testing.TB, n int) []byte {
	t.Helper()
	pdf := fpdf.NewCustom(&fpdf.InitType{UnitStr: "mm", Size: fpdf.SizeType{Wd: 100, Ht: 50}})
	for page := range n {
		pdf.AddPage()
		pdf.SetFillColor(0, 0, 0)
		for i := range page + 1 {
			pdf.Rect(float64(10*i), 0, 10, 10, "F")
		}
		pdf.SetAlpha(0.5, "Normal")
		pdf.Rect(0, 20, 10, 10, "F")
		pdf.SetAlpha(1, "Normal")
	}
	var b bytes.Buffer
	if err := pdf.Output(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// cacheFolder is shared by the tests of a run: PDFium is compiled once.
var cacheFolder string

func TestMain(m *testing.M) {
	folder, err := os.MkdirTemp("", "preview")
	if err != nil {
		panic(err)
	}
	cacheFolder = filepath.Join(folder, "pdfium")
	code := m.Run()
	os.RemoveAll(folder)
	os.Exit(code)
}

func newRenderer(t testing.TB) *Renderer {
	t.Helper()
	r := New(cacheFolder)
	t.Cleanup(func() {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	})
	return r
}

func rendered(t testing.TB, r *Renderer, source Source, page int, dpi float64) *image.RGBA {
	t.Helper()
	picture, err := r.Render(t.Context(), source, page, dpi)
	if err != nil {
		t.Fatal(err)
	}
	return picture
}

// squares counts the black squares of a sheet rendered at 25.4 dpi, a pixel a
// millimetre.
func squares(picture *image.RGBA) (count int) {
	for x := 5; x < 100; x += 10 {
		if picture.RGBAAt(x, 5) == (color.RGBA{A: 255}) {
			count++
		}
	}
	return count
}

// ink is the share of dark pixels in a part of an A4 page, in millimetres.
func ink(picture *image.RGBA, left, top, right, bottom float64) float64 {
	scale := float64(picture.Rect.Dx()) / 210
	dark, all := 0, 0
	for y := int(top * scale); y < int(bottom*scale); y++ {
		for x := int(left * scale); x < int(right*scale); x++ {
			if c := picture.RGBAAt(x, y); c.R < 128 {
				dark++
			}
			all++
		}
	}
	return float64(dark) / float64(all)
}

func TestRenderLetter(t *testing.T) {
	r := newRenderer(t)
	spool := Bytes(writeLetters(t, 3))
	for _, test := range []struct {
		dpi           float64
		width, height int
	}{{96, 794, 1123}, {150, 1240, 1754}, {72.5, 599, 848}} {
		picture := rendered(t, r, spool, 2, test.dpi)
		if picture.Rect != image.Rect(0, 0, test.width, test.height) {
			t.Errorf("at %v dpi: %v, want %d × %d", test.dpi, picture.Rect, test.width, test.height)
		}
		if share := ink(picture, 109, 48, 170, 65); share < 0.02 || share > 0.5 {
			t.Errorf("at %v dpi the address has %.3f of ink", test.dpi, share)
		}
		if share := ink(picture, 2, 2, 20, 90); share != 0 {
			t.Errorf("at %v dpi the margin has %.3f of ink", test.dpi, share)
		}
	}
	if count, err := r.Pages(t.Context(), spool); err != nil || count != 3 {
		t.Errorf("%d pages, %v", count, err)
	}
}

func TestRenderPaintsPaper(t *testing.T) {
	picture := rendered(t, newRenderer(t), Bytes(writeSheets(t, 1)), 0, 25.4)
	if picture.Rect.Dx() != 100 || picture.Rect.Dy() != 50 || squares(picture) != 1 {
		t.Fatalf("%v with %d squares", picture.Rect, squares(picture))
	}
	if c := picture.RGBAAt(50, 40); c != (color.RGBA{255, 255, 255, 255}) {
		t.Errorf("the paper is %v", c)
	}
	if c := picture.RGBAAt(5, 25); c.A != 255 || c.R < 124 || c.R > 131 {
		t.Errorf("half transparent black on white is %v", c)
	}
}

func TestPicturesAreTheCallersOwn(t *testing.T) {
	r := newRenderer(t)
	sheets := Bytes(writeSheets(t, 5))
	first := rendered(t, r, sheets, 0, 25.4)
	fifth := rendered(t, r, sheets, 4, 25.4)
	r.Forget()
	if squares(first) != 1 || squares(fifth) != 5 {
		t.Errorf("%d and %d squares, want 1 and 5", squares(first), squares(fifth))
	}
}

func TestRenderAtOnce(t *testing.T) {
	r := newRenderer(t)
	path := filepath.Join(t.TempDir(), "sheets.pdf")
	if err := os.WriteFile(path, writeSheets(t, 5), 0o600); err != nil {
		t.Fatal(err)
	}
	sources := []Source{Bytes(writeSheets(t, 9)), File(path)}
	var running sync.WaitGroup
	for i := range 20 {
		running.Go(func() {
			page := i % 5
			picture, err := r.Render(t.Context(), sources[i%2], page, 25.4)
			if err != nil {
				t.Error(err)
			} else if squares(picture) != page+1 {
				t.Errorf("page %d has %d squares", page, squares(picture))
			}
			if i%7 == 0 {
				r.Forget()
			}
		})
	}
	running.Wait()
}

// TestFile shows that no file stays open, that a changed one is read anew, and
// that what is gone is not shown any more.
func TestFile(t *testing.T) {
	r := newRenderer(t)
	path := filepath.Join(t.TempDir(), "LOT26-0012.pdf")
	for n := 1; n <= 2; n++ {
		if err := os.WriteFile(path, writeSheets(t, n), 0o600); err != nil {
			t.Fatal(err)
		}
		if count, err := r.Pages(t.Context(), File(path)); err != nil || count != n {
			t.Fatalf("%d pages, %v, want %d", count, err, n)
		}
		if got := squares(rendered(t, r, File(path), n-1, 25.4)); got != n {
			t.Errorf("%d squares on the page of %d", got, n)
		}
		if open := openFiles(t, path); open != 0 {
			t.Errorf("the file is open %d times between two pages", open)
		}
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Render(t.Context(), File(path), 0, 25.4); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a deleted file: %v", err)
	}
}

// openFiles counts the descriptors of this process that lead to a file.
func openFiles(t *testing.T, path string) (count int) {
	t.Helper()
	links, err := filepath.Glob("/proc/self/fd/*")
	if err != nil || len(links) == 0 {
		t.Skip("this system does not list a process's open files")
	}
	for _, link := range links {
		if target, err := os.Readlink(link); err == nil && target == path {
			count++
		}
	}
	return count
}

func TestRefusals(t *testing.T) {
	r := newRenderer(t)
	folder := t.TempDir()
	sheets := writeSheets(t, 2)
	locked := lockedSheet(t)
	empty := filepath.Join(folder, "empty.pdf")
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name   string
		source Source
		page   int
		dpi    float64
		want   error
	}{
		{"text", Bytes([]byte("not a PDF, though it speaks of %PDF-1.7")), 0, 96, ErrNotPDF},
		{"cut short", Bytes(sheets[:20]), 0, 96, ErrNotPDF},
		{"nothing", Bytes(nil), 0, 96, ErrNotPDF},
		{"empty file", File(empty), 0, 96, ErrNotPDF},
		{"folder", File(folder), 0, 96, ErrNotPDF},
		{"no file", File(filepath.Join(folder, "none.pdf")), 0, 96, fs.ErrNotExist},
		{"password", Bytes(locked), 0, 96, ErrNotPDF},
		{"page before the first", Bytes(sheets), -1, 96, ErrNoPage},
		{"page after the last", Bytes(sheets), 2, 96, ErrNoPage},
		{"no resolution", Bytes(sheets), 0, 0, ErrSize},
		{"too large", Bytes(sheets), 0, 1e5, ErrSize},
	} {
		t.Run(test.name, func(t *testing.T) {
			picture, err := r.Render(t.Context(), test.source, test.page, test.dpi)
			if !errors.Is(err, test.want) || picture != nil {
				t.Errorf("got %v, want %v", err, test.want)
			}
			// It goes on to draw what can be drawn.
			if got := squares(rendered(t, r, Bytes(sheets), 1, 25.4)); got != 2 {
				t.Errorf("%d squares afterwards", got)
			}
		})
	}
}

// lockedSheet is a PDF that asks for a password.
func lockedSheet(t *testing.T) []byte {
	t.Helper()
	pdf := fpdf.New("P", "mm", "A4", "")
	pdf.SetProtection(0, "secret", "secret")
	pdf.AddPage()
	var b bytes.Buffer
	if err := pdf.Output(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestContextEnds(t *testing.T) {
	r := newRenderer(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := r.Render(ctx, Bytes(writeSheets(t, 1)), 0, 25.4); !errors.Is(err, context.Canceled) {
		t.Errorf("an ended context: %v", err)
	}
	if r.engine != nil {
		t.Error("PDFium was started for nobody")
	}
	// Nobody waits behind another for a picture that is not wanted any more.
	r.turn <- struct{}{}
	ctx, cancel = context.WithCancel(t.Context())
	waiting := make(chan error)
	go func() {
		_, err := r.Render(ctx, Bytes(writeSheets(t, 1)), 0, 25.4)
		waiting <- err
	}()
	cancel()
	if err := <-waiting; !errors.Is(err, context.Canceled) {
		t.Errorf("a context that ends while waiting: %v", err)
	}
	<-r.turn
}

func TestClose(t *testing.T) {
	r := New(filepath.Join(t.TempDir(), "never"))
	if err := errors.Join(r.Close(), r.Close()); err != nil {
		t.Errorf("closing an unused renderer: %v", err)
	}
	if _, err := r.Render(t.Context(), Bytes(writeSheets(t, 1)), 0, 25.4); !errors.Is(err, ErrClosed) {
		t.Errorf("after Close: %v", err)
	}
	if _, err := os.Stat(r.cacheFolder); !errors.Is(err, fs.ErrNotExist) {
		t.Error("a folder was made for nobody")
	}
}

// TestCacheFolder shows that the compiled code is kept for the user alone and
// used again, that damage to it is made good, and that no page leaves a trace.
func TestCacheFolder(t *testing.T) {
	rendered(t, newRenderer(t), Bytes(writeLetters(t, 1)), 0, 96)
	info, err := os.Stat(cacheFolder)
	if err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the folder is %v, %v", info.Mode(), err)
	}
	before := cached(t)
	rendered(t, newRenderer(t), Bytes(writeLetters(t, 1)), 0, 96)
	if after := cached(t); len(before) == 0 || len(after) != len(before) {
		t.Errorf("%d files, then %d", len(before), len(after))
	} else {
		for path, info := range after {
			if !info.ModTime().Equal(before[path].ModTime()) {
				t.Errorf("%s was compiled again", path)
			}
		}
	}
	for path := range before {
		if err := os.Truncate(path, 1000); err != nil {
			t.Fatal(err)
		}
	}
	rendered(t, newRenderer(t), Bytes(writeLetters(t, 1)), 0, 96)
}

// cached lists the files of the cache folder, none of which may hold a code.
func cached(t *testing.T) map[string]fs.FileInfo {
	t.Helper()
	files := map[string]fs.FileInfo{}
	err := filepath.WalkDir(cacheFolder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, code := range codes {
			if strings.Contains(string(text), code) {
				t.Errorf("%s holds a code", path)
			}
		}
		files[path], err = entry.Info()
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}
