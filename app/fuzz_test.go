package app

import (
	"bytes"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"guichet/data"
)

// fuzzDesk is a register that fuzzing reads, and that no input may change.
func fuzzDesk(f *testing.F) *desk {
	f.Helper()
	a, ctx := benchDesk(f, 3)
	return &desk{App: a, admin: ctx, helpDesk: ctx}
}

// FuzzImport: a file, a CSV or a workbook, is read, or refused in words; a dry run
// changes nothing, and no line is lost.
func FuzzImport(f *testing.F) {
	d := fuzzDesk(f)
	for i, kind := range FileKinds {
		for _, format := range []Format{CSV, XLSX} {
			var file bytes.Buffer
			if err := d.Export(d.admin, kind, format, &file); err != nil {
				f.Fatal(err)
			}
			f.Add(uint8(i), file.Bytes())
		}
	}
	for _, text := range []string{
		"siren;nom;type\n216700013;Achenheim;commune\n", "\xef\xbb\xbfnom,type\n\"a\nb\",c\n", "nom;nom;nom\n;;\n", "PK\x03\x04", "\xff\xfen\x00o\x00", "a\tb\n\"", "nom\n'=1+1\n",
	} {
		f.Add(uint8(0), []byte(text))
	}
	book := excelize.NewFile()
	var raw bytes.Buffer
	if err := book.Write(&raw); err != nil {
		f.Fatal(err)
	}
	f.Add(uint8(1), raw.Bytes())
	f.Fuzz(func(t *testing.T, kind uint8, content []byte) {
		before, err := d.CountDirectory(d.admin, data.DirectoryFilter{})
		if err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		report, err := d.Import(d.admin, FileKinds[int(kind)%len(FileKinds)], bytes.NewReader(content), true)
		if took := time.Since(began); took > time.Minute {
			t.Errorf("took %v", took)
		}
		if err != nil {
			if k := KindOf(err); k != Invalid && k != Unavailable || !utf8.ValidString(err.Error()) {
				t.Fatalf("%s: %v", k, err)
			}
			return
		}
		for _, line := range report.Lines {
			if line.Line < 2 || line.Action == LineRefused && len(line.Problems) == 0 {
				t.Errorf("%+v", line)
			}
		}
		if after, err := d.CountDirectory(d.admin, data.DirectoryFilter{}); err != nil || after != before {
			t.Errorf("a dry run adds: %d, %d, %v", before, after, err)
		}
	})
}

// FuzzSearch: whatever is typed into a search finds, or is refused in words.
func FuzzSearch(f *testing.F) {
	d := fuzzDesk(f)
	for _, text := range []string{
		"heitz", `"`, `a"b`, "AND", "NEAR(a b, 3)", "organisation_search:x", "a*", "^a", "(a", "'; DROP TABLE ticket; --", "%", "_", "\x00", "é'ß", "-a", "statut:ouverte", "l’été œuvre", "\U0001F600",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 2000 {
			text = strings.ToValidUTF8(text[:2000], "")
		}
		_, err := d.FindOrganisations(d.admin, text)
		fine(t, text, err)
		_, err = d.Directory(d.admin, data.DirectoryFilter{Text: text}, 0, 10)
		fine(t, text, err)
		_, err = d.FindAccounts(d.admin, text)
		fine(t, text, err)
		_, err = d.FindPeople(d.admin, text)
		fine(t, text, err)
		filter, err := d.SearchTickets(d.admin, text)
		fine(t, text, err)
		if err == nil {
			_, err = d.TicketPage(d.admin, filter, 0, 10)
			fine(t, text, err)
		}
	})
}

func fine(t *testing.T, text string, err error) {
	t.Helper()
	if kind := KindOf(err); kind == Internal || kind == Unavailable || kind == Damaged {
		t.Fatalf("%q: %v", text, err)
	}
}
