package preview

import (
	"bytes"
	"fmt"
	"io"
	"os"
)

// Source is where a PDF comes from: File or Bytes makes one.
type Source struct {
	path string
	data []byte
}

// File is the PDF at a path. A file that is replaced or changes is read anew;
// it is read in pieces, as the page asks for them.
func File(path string) Source { return Source{path: path} }

// Bytes is a PDF in memory. The caller must not change it while it is shown.
func Bytes(data []byte) Source { return Source{data: data} }

// identity tells documents apart.
type identity struct {
	path     string
	size     int64
	modified int64 // in nanoseconds, of a file
	first    *byte // of data in memory, which it keeps from being reused
}

// content is a source opened for reading.
type content interface {
	io.ReadSeeker
	io.Closer
}

type memory struct{ *bytes.Reader }

func (memory) Close() error { return nil }

// open opens the source; the caller closes the content.
func (s Source) open() (content, identity, error) {
	if s.path == "" {
		if len(s.data) == 0 {
			return nil, identity{}, fmt.Errorf("preview: %w", ErrNotPDF)
		}
		return memory{bytes.NewReader(s.data)}, identity{size: int64(len(s.data)), first: &s.data[0]}, nil
	}
	file, err := os.Open(s.path)
	if err != nil {
		return nil, identity{}, fmt.Errorf("preview: %w", err)
	}
	info, err := file.Stat()
	switch {
	case err != nil:
		err = fmt.Errorf("preview: %w", err)
	case !info.Mode().IsRegular() || info.Size() == 0:
		err = fmt.Errorf("preview: %s: %w", s.path, ErrNotPDF)
	}
	if err != nil {
		file.Close()
		return nil, identity{}, err
	}
	return file, identity{path: s.path, size: info.Size(), modified: info.ModTime().UnixNano()}, nil
}

// reader lets PDFium, which keeps it as long as the document, read from the
// content that is open at the time.
type reader struct {
	content io.ReadSeeker // nil between two uses
	err     error         // the first that PDFium met, of which it says nothing
}

func (r *reader) Seek(offset int64, whence int) (int64, error) {
	if r.content == nil {
		return 0, os.ErrClosed
	}
	at, err := r.content.Seek(offset, whence)
	r.note(err)
	return at, err
}

func (r *reader) Read(p []byte) (int, error) {
	if r.content == nil {
		return 0, os.ErrClosed
	}
	n, err := r.content.Read(p)
	if err != io.EOF { // PDFium also looks past the end
		r.note(err)
	}
	return n, err
}

func (r *reader) note(err error) {
	if r.err == nil {
		r.err = err
	}
}
