package mailbox

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/emersion/go-message/textproto"
	"github.com/jhillyerd/enmime/v2"
)

// What a mail may hold before it counts as a bomb. Beyond, the mail is illegible, with what was read until then.
const (
	maxHeader = 1 << 20
	maxDepth  = 20
	maxParts  = 500
	maxText   = 2 << 20
	maxTime   = 10 * time.Second
)

// What the second, lenient parser is given at most: it has no limits of its own.
const (
	maxLenient      = 10 << 20
	maxLenientParts = 2000
	maxLenientDepth = 60
)

var (
	errDepth   = fmt.Errorf("parties imbriquées à plus de %d niveaux", maxDepth)
	errParts   = fmt.Errorf("plus de %d parties", maxParts)
	errSkipped = errors.New("une partie est mal formée")
	errTime    = fmt.Errorf("lecture interrompue après %v", maxTime)
)

// isLimit says whether an error is a limit that was reached.
func isLimit(err error) bool {
	return errors.Is(err, errDepth) || errors.Is(err, errParts) || errors.Is(err, errTime) || errors.Is(err, errHeaderTooLarge)
}

// isCut says whether an error is only that a mail ends before its last boundary: what was read is whole.
func isCut(err error) bool {
	return errors.Is(err, io.ErrUnexpectedEOF) || err != nil && err.Error() == "multipart: NextPart: EOF"
}

// node is a part of a mail: a multipart with children, or a leaf with its undecoded content.
type node struct {
	header   header
	kind     string // Content-Type in lower case, without parameters
	params   map[string]string
	raw      []byte
	children []*node
}

func newNode(h header) *node {
	kind, params := parseParams(h.get("content-type"))
	if kind == "" || !strings.Contains(kind, "/") {
		kind = "text/plain"
	}
	return &node{header: h, kind: kind, params: params}
}

func (n *node) isMultipart() bool { return strings.HasPrefix(n.kind, "multipart/") }

// treeReader reads the parts of a mail with go-message, within the limits.
type treeReader struct {
	parts    int
	deadline time.Time
}

// timed is a reader that fails after a deadline, so that no parser can go on.
type timed struct {
	io.Reader
	deadline time.Time
}

func (t timed) Read(b []byte) (int, error) {
	if time.Now().After(t.deadline) {
		return 0, errTime
	}
	return t.Reader.Read(b)
}

// read reads a part. On an error the node holds what was read until then.
func (t *treeReader) read(h header, body io.Reader, depth int) (*node, error) {
	n := newNode(h)
	if t.parts++; t.parts > maxParts {
		return n, errParts
	}
	if !n.isMultipart() {
		var err error
		n.raw, err = io.ReadAll(body)
		return n, err
	}
	if depth >= maxDepth {
		return n, errDepth
	}
	reader := textproto.NewMultipartReader(body, n.params["boundary"])
	for {
		part, err := reader.NextPart()
		if errors.Is(err, io.EOF) {
			return n, nil
		}
		if err != nil {
			return n, t.cause(err)
		}
		head, err := partHeader(part.Header)
		if err != nil {
			return n, err
		}
		if n.kind == "multipart/digest" && head.get("content-type") == "" {
			head = append(head, field{"content-type", "message/rfc822"})
		}
		child, err := t.read(head, part, depth+1)
		n.children = append(n.children, child)
		if err != nil {
			return n, t.cause(err)
		}
	}
}

// cause is the limit that made a reader fail, if one did: go-message does not wrap the errors of its reader.
func (t *treeReader) cause(err error) error {
	if !isLimit(err) && time.Now().After(t.deadline) {
		return errTime
	}
	return err
}

// strictTree reads a mail's parts with go-message.
func strictTree(h header, body []byte, deadline time.Time) (*node, error) {
	if n := newNode(h); !n.isMultipart() {
		n.raw = body
		return n, nil
	}
	t := treeReader{deadline: deadline}
	return t.read(h, timed{bytes.NewReader(body), deadline}, 0)
}

// lenientTree reads a mail's parts with enmime, which gets along with more errors. The node is nil if that failed too.
func lenientTree(raw []byte, deadline time.Time) (n *node, err error) {
	defer func() {
		if problem := recover(); problem != nil {
			n, err = nil, fmt.Errorf("enmime: %v", problem)
		}
	}()
	if len(raw) > maxLenient || delimiters(raw) > maxLenientParts ||
		bytes.Count(bytes.ToLower(raw), []byte("boundary")) > maxLenientDepth {
		return nil, errors.New("too large for a second attempt")
	}
	parser := enmime.NewParser(enmime.RawContent(true), enmime.SkipMalformedParts(true),
		enmime.MultipartWOBoundaryAsSinglePart(true), enmime.StripMediaTypeInvalidCharacters(true),
		enmime.DisableTextConversion(true), enmime.MaxStoredPartErrors(10))
	root, err := parser.ReadParts(timed{bytes.NewReader(raw), deadline})
	if err != nil {
		return nil, err
	}
	parts := 0
	return convert(root, 0, &parts)
}

// roughTree reads the parts of a multipart by its separating lines alone, whatever their headers look like. Without such
// lines the body as it stands is the text, if it is text at all. The node is nil if there is nothing to read.
func roughTree(h header, body []byte, deadline time.Time) (*node, error) {
	n := newNode(h)
	if !n.isMultipart() {
		return nil, nil
	}
	separator := []byte("\n--" + n.params["boundary"])
	chunks := bytes.SplitN(append([]byte("\n"), body...), separator, maxParts+2)
	if n.params["boundary"] == "" || len(chunks) == 1 {
		if !printable(body) {
			return nil, nil
		}
		return &node{kind: "text/plain", params: map[string]string{}, raw: body}, nil
	}
	for i, chunk := range chunks[1:] {
		if i == maxParts {
			return n, errParts
		}
		if bytes.HasPrefix(chunk, []byte("--")) {
			break
		}
		_, chunk = cutLine(bytes.TrimSuffix(chunk, []byte("\r")))
		part, content, err := splitHeader(chunk)
		if err != nil {
			return n, err
		}
		t := treeReader{deadline: deadline, parts: i}
		child, err := t.read(part, timed{bytes.NewReader(content), deadline}, 1)
		n.children = append(n.children, child)
		if err != nil && !isCut(err) {
			return n, t.cause(err)
		}
	}
	return n, nil
}

// delimiters counts the lines that could separate parts.
func delimiters(raw []byte) int { return bytes.Count(raw, []byte("\n--")) }

func convert(part *enmime.Part, depth int, parts *int) (*node, error) {
	var h header
	for name, values := range part.Header {
		for _, value := range values {
			h = append(h, field{strings.ToLower(name), value})
		}
	}
	n := newNode(h)
	n.raw = part.Content
	if *parts++; *parts > maxParts {
		return n, errParts
	}
	if depth > maxDepth {
		return n, errDepth
	}
	var skipped error
	for _, problem := range part.Errors {
		if problem.Name == enmime.ErrorMalformedChildPart {
			skipped = fmt.Errorf("%w: %s", errSkipped, problem.Detail)
		}
	}
	for child := part.FirstChild; child != nil; child = child.NextSibling {
		converted, err := convert(child, depth+1, parts)
		n.children = append(n.children, converted)
		if isLimit(err) {
			return n, err
		}
		skipped = cmp.Or(skipped, err)
	}
	return n, skipped
}
