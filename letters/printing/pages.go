package printing

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"regexp"
	"strconv"
)

// Pages counts the pages of a PDF with a cross-reference table, as this
// application writes them; it reads the ends of the file only. It refuses with
// ErrEmpty a file without a page, with ErrNotPDF what it cannot count, and with
// a *fs.PathError what cannot be read.
func Pages(name string) (int, error) {
	file, err := os.Open(name) // #nosec G304 -- the register’s own file, or one that its user chose
	if err != nil {
		return 0, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return 0, err
	}
	if info.Size() == 0 {
		return 0, fmt.Errorf("%s: %w", name, ErrEmpty)
	}
	document := document{file: file, size: info.Size()}
	pages, err := document.pages()
	switch {
	case err != nil:
		return 0, fmt.Errorf("%s: %w: %w", name, ErrNotPDF, err)
	case pages == 0:
		return 0, fmt.Errorf("%s: %w", name, ErrEmpty)
	}
	return pages, nil
}

// document is a PDF that is looked into: ISO 32000-1, 7.5 (file structure) and
// 7.7.3 (page tree).
type document struct {
	file  io.ReaderAt
	size  int64
	table int64 // where the cross-reference table's first entry stands
	count int   // how many entries it has
}

const (
	tailSize   = 2048    // a trailer is some hundred bytes
	objectSize = 1 << 20 // a page tree's root names its pages: 9 bytes or so each
	entrySize  = 20      // of the cross-reference table, fixed by the standard
)

var (
	headerLine  = regexp.MustCompile(`^%PDF-1\.\d`)
	startOfXref = regexp.MustCompile(`startxref\s+(\d+)\s+%%EOF\s*$`)
	rootKey     = regexp.MustCompile(`/Root (\d+) 0 R`)
	tableHead   = regexp.MustCompile(`^xref\r?\n0 (\d+)\r?\n`)
	pagesKey    = regexp.MustCompile(`/Pages (\d+) 0 R`)
	countKey    = regexp.MustCompile(`/Count (\d+)`)
)

func (d *document) pages() (int, error) {
	if _, err := found(headerLine, d.read(0, 16), "header"); err != nil {
		return 0, err
	}
	tail := d.read(max(0, d.size-tailSize), tailSize)
	start, err := found(startOfXref, tail, "startxref")
	if err != nil {
		return 0, err
	}
	root, err := found(rootKey, tail, "/Root")
	if err != nil {
		return 0, err
	}
	head := d.read(int64(start), 32)
	if d.count, err = found(tableHead, head, "cross-reference table"); err != nil {
		return 0, err
	}
	d.table = int64(start + len(tableHead.Find(head)))
	catalogue, err := d.object(root)
	if err != nil {
		return 0, err
	}
	tree, err := found(pagesKey, catalogue, "/Pages")
	if err != nil {
		return 0, err
	}
	node, err := d.object(tree)
	if err != nil {
		return 0, err
	}
	return found(countKey, node, "/Count")
}

// object returns the text of an object.
func (d *document) object(number int) ([]byte, error) {
	if number >= d.count {
		return nil, fmt.Errorf("no object %d", number)
	}
	entry := d.read(d.table+int64(number)*entrySize, entrySize)
	offset, err := strconv.ParseInt(string(entry[:min(10, len(entry))]), 10, 64)
	if err != nil {
		return nil, fmt.Errorf("object %d: no offset", number)
	}
	text := d.read(offset, objectSize)
	if !bytes.HasPrefix(text, fmt.Appendf(nil, "%d 0 obj", number)) {
		return nil, fmt.Errorf("object %d is not where the table says", number)
	}
	text, _, ended := bytes.Cut(text, []byte("endobj"))
	if !ended {
		return nil, fmt.Errorf("object %d does not end", number)
	}
	return text, nil
}

// read returns what stands at an offset, less at the end of the file; a file
// that cannot be read shows as one that lacks what is looked for.
func (d *document) read(offset int64, size int) []byte {
	if offset < 0 || offset > d.size {
		return nil
	}
	b := make([]byte, min(int64(size), d.size-offset))
	n, _ := d.file.ReadAt(b, offset)
	return b[:n]
}

// found returns the number that a pattern finds, 0 for a pattern without one.
func found(pattern *regexp.Regexp, text []byte, what string) (int, error) {
	match := pattern.FindSubmatch(text)
	switch {
	case match == nil:
		return 0, fmt.Errorf("no %s", what)
	case len(match) == 1:
		return 0, nil
	}
	return strconv.Atoi(string(match[1]))
}
