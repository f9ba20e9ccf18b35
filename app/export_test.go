package app

import (
	"bytes"
	"context"
	"errors"
	"testing"

	"guichet/data"
)

// TestExportTable: a table is written as it comes, and recorded; one that stops
// in the middle leaves no record, nor one that is cancelled.
func TestExportTable(t *testing.T) {
	d := openDesk(t)
	entries := func() int {
		n, err := d.CountAudit(d.admin, data.AuditFilter{Action: "table.export"})
		d.done(err)
		return n
	}
	ctx, cancel := context.WithCancel(d.mailRoom)
	broken := errors.New("broken")
	rows := func(end error, each func(i int)) func(func([]string, error) bool) {
		return func(yield func([]string, error) bool) {
			for i := range 3 {
				each(i)
				if !yield([]string{"=1+1", "texte"}, nil) {
					return
				}
			}
			if end != nil {
				yield(nil, end)
			}
		}
	}
	for _, format := range []Format{CSV, XLSX} {
		var file bytes.Buffer
		if err := d.ExportTable(d.mailRoom, "lots", format, &file, []string{"A", "B"}, rows(broken, func(int) {})); !errors.Is(err, broken) {
			t.Errorf("%s: %v", format, err)
		}
	}
	var file bytes.Buffer
	stopped := rows(nil, func(i int) {
		if i == 1 {
			cancel()
		}
	})
	if err := d.ExportTable(ctx, "lots", CSV, &file, []string{"A", "B"}, stopped); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	if n := entries(); n != 0 {
		t.Errorf("%d exports are recorded that did not end", n)
	}
	file.Reset()
	d.done(d.ExportTable(d.mailRoom, "lots", CSV, &file, []string{"A", "B"}, rows(nil, func(int) {})))
	if want := "\ufeffA;B\r\n'=1+1;texte\r\n'=1+1;texte\r\n'=1+1;texte\r\n"; file.String() != want {
		t.Errorf("wrote %q, want %q", file.String(), want)
	}
	if n := entries(); n != 1 {
		t.Errorf("%d exports are recorded", n)
	}
}
