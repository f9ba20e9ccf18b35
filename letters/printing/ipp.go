//go:build !windows

package printing

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"
)

// CUPS's own commands do not tell a cancelled job from a completed one, nor
// whether a page was printed: lpstat says "processing-to-stop-point" of all.
// The Internet Printing Protocol does (RFC 8010 and 8011); this file asks for
// attributes with it, and nothing else.

type operation uint16

const (
	getJobAttributes     operation = 0x0009
	getPrinterAttributes operation = 0x000b
)

// Tags of groups and of values (RFC 8010, 3.5).
const (
	tagOperation  = 0x01
	tagEnd        = 0x03
	firstValueTag = 0x10
	tagInteger    = 0x21
	tagEnum       = 0x23
	tagKeyword    = 0x44
	tagURI        = 0x45
	tagCharset    = 0x47
	tagLanguage   = 0x48
)

// Status codes (RFC 8011, B.1).
const (
	statusFirstRefusal = 0x0100
	statusNotFound     = 0x0406
	statusGone         = 0x0407
)

// errNotFound means that the server does not know what it was asked about.
var errNotFound = errors.New("not found")

// attributes are what a server answered; of several values in their order.
type attributes map[string][]any

// number returns an attribute's first value if it is an integer or an enum.
func (a attributes) number(name string) int {
	if len(a[name]) > 0 {
		if n, ok := a[name][0].(int32); ok {
			return int(n)
		}
	}
	return 0
}

// texts returns an attribute's values that are text.
func (a attributes) texts(name string) []string {
	var texts []string
	for _, value := range a[name] {
		if text, ok := value.(string); ok {
			texts = append(texts, text)
		}
	}
	return texts
}

// text returns an attribute's first value if it is text.
func (a attributes) text(name string) string {
	for _, text := range a.texts(name) {
		return text
	}
	return ""
}

// client talks to a CUPS server.
type client struct {
	address string // host:port, or the path of a socket
}

// host is what the server expects to be called: it refuses other names.
func (c client) host() string {
	if strings.HasPrefix(c.address, "/") {
		return "localhost"
	}
	return c.address
}

const (
	serverPatience = 30 * time.Second
	maxAnswer      = 1 << 20
)

// attributes asks for some attributes of a printer or a job, named by a path
// such as /jobs/12. It returns errNotFound, or ErrNoPrinting when the server
// does not answer.
func (c client) attributes(ctx context.Context, op operation, path string, names ...string) (attributes, error) {
	answer, err := c.do(ctx, http.MethodPost, "/", bytes.NewReader(encode(op, "ipp://"+c.host()+path, names)))
	if err != nil {
		return nil, err
	}
	return decode(answer)
}

// do sends a request and returns the body of the answer.
func (c client) do(ctx context.Context, method, path string, body io.Reader) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, serverPatience)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, method, "http://"+c.host()+path, body)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/ipp")
	transport := &http.Transport{DisableKeepAlives: true, DialContext: c.dial}
	response, err := transport.RoundTrip(request)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNoPrinting, err)
	}
	defer response.Body.Close()
	switch response.StatusCode {
	case http.StatusOK:
	case http.StatusNotFound:
		return nil, errNotFound
	default:
		return nil, fmt.Errorf("CUPS: %s", response.Status)
	}
	answer, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNoPrinting, err)
	}
	return answer, nil
}

func (c client) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	network := "tcp"
	if strings.HasPrefix(c.address, "/") {
		network = "unix"
	}
	return new(net.Dialer).DialContext(ctx, network, c.address)
}

// encode writes a request for attributes.
func encode(op operation, uri string, names []string) []byte {
	b := []byte{1, 1}
	b = binary.BigEndian.AppendUint16(b, uint16(op))
	b = binary.BigEndian.AppendUint32(b, 1)
	b = append(b, tagOperation)
	add := func(tag byte, name, value string) {
		b = append(b, tag)
		for _, text := range []string{name, value} {
			b = binary.BigEndian.AppendUint16(b, uint16(len(text))) // #nosec G115 -- IPP’s lengths and integers have this width
			b = append(b, text...)
		}
	}
	add(tagCharset, "attributes-charset", "utf-8")
	add(tagLanguage, "attributes-natural-language", "en")
	if op == getJobAttributes {
		add(tagURI, "job-uri", uri)
	} else {
		add(tagURI, "printer-uri", uri)
	}
	name := "requested-attributes"
	for _, value := range names {
		add(tagKeyword, name, value)
		name = "" // the values after the first have no name
	}
	return append(b, tagEnd)
}

// answerHead is how an answer begins.
type answerHead struct {
	Version, Status uint16
	Request         uint32
}

var errCutShort = errors.New("CUPS: the answer is cut short")

// decode reads an answer.
func decode(answer []byte) (attributes, error) {
	r := bytes.NewReader(answer)
	var head answerHead
	if err := binary.Read(r, binary.BigEndian, &head); err != nil {
		return nil, errCutShort
	}
	switch {
	case head.Status == statusNotFound, head.Status == statusGone:
		return nil, errNotFound
	case head.Status >= statusFirstRefusal:
		return nil, fmt.Errorf("CUPS: status %#04x", head.Status)
	}
	found, name := attributes{}, ""
	for {
		tag, err := r.ReadByte()
		switch {
		case err != nil:
			return nil, errCutShort
		case tag == tagEnd:
			return found, nil
		case tag < firstValueTag: // another group begins
			continue
		}
		label, err := field(r)
		if err != nil {
			return nil, err
		}
		value, err := field(r)
		if err != nil {
			return nil, err
		}
		if len(label) > 0 { // the values after the first have no name
			name = string(label)
		}
		if (tag == tagInteger || tag == tagEnum) && len(value) == 4 {
			found[name] = append(found[name], int32(binary.BigEndian.Uint32(value))) // #nosec G115 -- IPP’s lengths and integers have this width
		} else {
			found[name] = append(found[name], string(value))
		}
	}
}

// field reads a text behind its length.
func field(r *bytes.Reader) ([]byte, error) {
	var length uint16
	if err := binary.Read(r, binary.BigEndian, &length); err != nil || int(length) > r.Len() {
		return nil, errCutShort
	}
	b := make([]byte, length)
	_, err := io.ReadFull(r, b)
	return b, err
}
