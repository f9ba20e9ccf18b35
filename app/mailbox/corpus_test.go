package mailbox

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestCorpus reads every public test mail of enmime, hostile ones among them: each has the subject, the beginning of
// the text and the attachments that testdata/corpus.txt has, checked by reading the mails, and is legible
// unless named here.
func TestCorpus(t *testing.T) {
	illegible := map[string]bool{
		"mail/erroneous.raw":        true, // a text without a header
		"parts/multi-malformed.raw": true, // a part is broken: the rest was read
	}
	folder, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/jhillyerd/enmime/v2").Output()
	if err != nil {
		t.Fatal(err)
	}
	golden, err := os.ReadFile(filepath.Join("testdata", "corpus.txt"))
	if err != nil {
		t.Fatal(err)
	}
	read := 0
	for line := range strings.Lines(string(golden)) {
		fields := strings.Split(strings.TrimSuffix(line, "\n"), " | ")
		if len(fields) != 4 {
			continue
		}
		read++
		raw, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(folder)), "testdata", fields[0]))
		if err != nil {
			t.Fatal(err)
		}
		mail := Parse(raw)
		words := strings.Fields(mail.Text)
		var files []string
		for _, file := range mail.Attachments {
			files = append(files, file.Name)
		}
		got := []string{fields[0], mail.Subject, strings.Join(words[:min(len(words), 6)], " "), strings.Join(files, ", ")}
		if g, w := strings.Join(got, " | "), strings.Join(fields, " | "); g != w {
			t.Errorf("got  %s\nwant %s", g, w)
		}
		if (mail.Illegible != "") != illegible[fields[0]] {
			t.Errorf("%s: illegible %q", fields[0], mail.Illegible)
		}
	}
	if read < 80 {
		t.Errorf("%d mails", read)
	}
}
