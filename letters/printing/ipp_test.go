//go:build !windows

package printing

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
)

// answer is what a server answers, by hand from RFC 8010: job-state 9,
// two reasons, an attribute without a value.
const answer = "\x01\x01\x00\x00\x00\x00\x00\x01" +
	"\x01\x47\x00\x12attributes-charset\x00\x05utf-8" +
	"\x02\x23\x00\x09job-state\x00\x04\x00\x00\x00\x09" +
	"\x44\x00\x11job-state-reasons\x00\x0bjob-printed\x44\x00\x00\x00\x08job-done" +
	"\x21\x00\x19job-impressions-completed\x00\x04\x00\x00\x01\x2c" +
	"\x13\x00\x15time-at-something-odd\x00\x00" +
	"\x03"

func TestDecode(t *testing.T) {
	got, err := decode([]byte(answer))
	if err != nil {
		t.Fatal(err)
	}
	if got.number("job-state") != 9 || got.number("job-impressions-completed") != 300 || got.number("job-state-reasons") != 0 {
		t.Errorf("numbers: %v", got)
	}
	if !slices.Equal(got.texts("job-state-reasons"), []string{"job-printed", "job-done"}) {
		t.Errorf("reasons: %v", got)
	}
	if got.text("attributes-charset") != "utf-8" || got.text("job-state") != "" || got.text("absent") != "" {
		t.Errorf("texts: %v", got)
	}
	for length := range len(answer) {
		if _, err := decode([]byte(answer[:length])); !errors.Is(err, errCutShort) {
			t.Errorf("%d bytes: got %v", length, err)
		}
	}
}

func TestDecodeRefused(t *testing.T) {
	for code, want := range map[string]error{"\x04\x06": errNotFound, "\x04\x07": errNotFound, "\x04\x03": nil, "\x05\x00": nil} {
		_, err := decode([]byte(answer[:2] + code + answer[4:]))
		if err == nil || want != nil && !errors.Is(err, want) || want == nil && errors.Is(err, errNotFound) {
			t.Errorf("%x: got %v", code, err)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte(answer))
	f.Fuzz(func(t *testing.T, b []byte) {
		if found, err := decode(b); err != nil && found != nil {
			t.Errorf("%v with %v", found, err)
		}
	})
}

func TestReadStatus(t *testing.T) {
	job := func(state, pages int32, reasons ...any) attributes {
		return attributes{
			"job-state": {state}, "job-impressions-completed": {pages},
			"job-state-reasons": reasons, "job-printer-state-reasons": {"media-empty-error"},
		}
	}
	for name, c := range map[string]struct {
		job  attributes
		want Status
	}{
		"pending":     {job(3, 0, "none"), Status{State: Pending, Reason: "media-empty-error"}},
		"held":        {job(4, 0, "job-hold-until-specified"), Status{State: Held, Reason: "job-hold-until-specified, media-empty-error"}},
		"processing":  {job(5, 3, "job-printing"), Status{State: Processing, Pages: 3, Reason: "job-printing, media-empty-error"}},
		"stopped":     {job(6, 3, "job-stopped"), Status{State: Stopped, Pages: 3, Reason: "job-stopped, media-empty-error"}},
		"cancelled":   {job(7, 3, "job-canceled-by-user"), Status{State: Cancelled, Pages: 3, Reason: "job-canceled-by-user"}},
		"aborted":     {job(8, 3, "aborted-by-system"), Status{State: Aborted, Pages: 3, Reason: "aborted-by-system"}},
		"completed":   {job(9, 3, "processing-to-stop-point"), Status{State: Completed, Pages: 3}},
		"with errors": {job(9, 3, "job-completed-with-errors"), Status{State: Aborted, Pages: 3, Reason: "job-completed-with-errors"}},
		"empty":       {job(9, 0, "job-completed-successfully"), Status{State: Uncounted, Reason: "job-completed-successfully"}},
	} {
		if got, err := readStatus(c.job); got != c.want || err != nil {
			t.Errorf("%s: got %+v, %v, want %+v", name, got, err, c.want)
		}
	}
	for _, job := range []attributes{nil, job(0, 3), job(10, 3)} {
		if got, err := readStatus(job); err == nil {
			t.Errorf("%v: got %+v", job, got)
		}
	}
}

func TestClientRefused(t *testing.T) {
	code := http.StatusOK
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(code)
		fmt.Fprint(w, answer)
	}))
	address := server.Listener.Addr().(*net.TCPAddr).String()
	ask := func() error {
		_, err := client{address}.attributes(t.Context(), getJobAttributes, "/jobs/1", "job-state")
		return err
	}
	if err := ask(); err != nil {
		t.Error(err)
	}
	code = http.StatusNotFound
	if err := ask(); !errors.Is(err, errNotFound) {
		t.Errorf("got %v", err)
	}
	code = http.StatusUnauthorized
	if err := ask(); err == nil || errors.Is(err, errNotFound) || errors.Is(err, ErrNoPrinting) {
		t.Errorf("got %v", err)
	}
	server.Close()
	if err := ask(); !errors.Is(err, ErrNoPrinting) {
		t.Errorf("got %v", err)
	}
}
