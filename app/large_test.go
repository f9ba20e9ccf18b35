package app

import (
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
)

// TestLargeBatchIsSeveralFiles of fileLetters letters at most, one page each.
func TestLargeBatchIsSeveralFiles(t *testing.T) {
	a, ctx := benchDesk(t, fileLetters+100)
	last := 0
	batch, err := a.Compose(ctx, nil, func(done, total int) {
		if done != last+1 || total != fileLetters+100 {
			t.Fatalf("progress %d of %d after %d", done, total, last)
		}
		last = done
	})
	if err != nil {
		t.Fatal(err)
	}
	files, err := a.BatchFiles(ctx, batch.Number)
	if err != nil || len(files) != 2 {
		t.Fatalf("files %v, %v", files, err)
	}
	for i, pages := range []string{strconv.Itoa(fileLetters), "100"} {
		info, err := exec.Command("pdfinfo", files[i]).Output()
		if err != nil {
			t.Fatalf("pdfinfo (poppler-utils): %v", err)
		}
		if fields := strings.Fields(string(info[strings.Index(string(info), "Pages:"):])); fields[1] != pages {
			t.Errorf("%s has %s pages, want %s", files[i], fields[1], pages)
		}
	}
	if err := a.CancelBatch(ctx, batch.Number); err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if _, err := os.Stat(file); err == nil {
			t.Errorf("%s outlives its batch", file)
		}
	}
}
