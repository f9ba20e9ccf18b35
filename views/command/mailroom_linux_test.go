package command

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"
	_ "modernc.org/sqlite"

	"guichet/app"
	"guichet/data"
	"guichet/letters/printing/printingtest"
)

// mailRoom is a register with n letters queued for communes of their own, made
// in this process, and the commands that work on it.
func mailRoom(t *testing.T, n int) *office {
	t.Helper()
	o := newOffice(t)
	o.must(nil, "init", "--name", "C. Martin")
	o.must(nil, "settings", "set", "Sender=Portail des services en ligne|12 place de la République|67000 Strasbourg",
		"Place=Strasbourg", "PortalURL=https://portail.example", "Signatory=C. Martin", "BatchLimit=100000")
	ctx := context.Background()
	guichet, err := app.Open(ctx, o.db, app.Options{
		NoKeyring: true, Passwords: &argon2id.Params{Memory: 64, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer guichet.Close()
	signed, err := guichet.SignIn(ctx, "martin", operatorPassword)
	if err != nil {
		t.Fatal(err)
	}
	ctx = app.As(ctx, signed.Operator)
	for i := range n {
		organisation, err := guichet.AddOrganisation(ctx, data.Organisation{
			Kind: data.Commune, Name: fmt.Sprintf("Commune d'Achenheim %d", i+1),
			Address: data.Address{Street: fmt.Sprintf("%d rue de l'Église", i+1), PostalCode: "67204", City: "ACHENHEIM"},
		}, data.LegalRepresentative{Civility: data.Madame, FirstName: "Jeanne", LastName: "Roth", Office: "Maire"})
		if err != nil {
			t.Fatal(err)
		}
		if _, err = guichet.Register(ctx, app.Registration{
			OrganisationID: organisation.ID, FirstName: "Anne", LastName: "Heitz", Email: fmt.Sprintf("a%d@b.fr", i),
			Password: accountPassword, TermsAccepted: true, Administrator: i%2 == 0,
		}); err != nil {
			t.Fatal(err)
		}
	}
	return o
}

// killedRun starts a command, kills it after a delay unless it is over by
// then, and tells whether it was killed.
func (o *office) killedRun(delay time.Duration, args ...string) bool {
	o.t.Helper()
	command := o.command(nil, append(args, "--json")...)
	if err := command.Start(); err != nil {
		o.t.Fatal(err)
	}
	timer := time.AfterFunc(delay, func() { command.Process.Kill() })
	defer timer.Stop()
	return command.Wait() != nil
}

// took is how long a command takes when nothing happens to it.
func (o *office) took(args ...string) time.Duration {
	o.t.Helper()
	began := time.Now()
	o.must(nil, args...)
	return time.Since(began)
}

// whole asserts, after a crash and the recovery that the next command makes,
// that no letter is lost, twice, or half composed, and that the spool holds the
// open batches and nothing else.
func (o *office) whole(letters int) (open []batchLine) {
	t := o.t
	t.Helper()
	var queue []queuedLine
	var batches []batchLine
	o.must(&queue, "letters", "queue")
	o.must(&batches, "letters", "batches")
	seen := map[string]int{}
	for _, letter := range queue {
		seen[letter.Reference]++
	}
	spooled := map[string]bool{".lock": true}
	for _, batch := range batches {
		switch data.BatchState(batch.State) {
		case data.BatchComposed, data.BatchPrinted:
			open = append(open, batch)
			file := filepath.Join(o.db+".spool", batch.Number+"-01.pdf")
			spooled[filepath.Base(file)] = true
			for _, sheet := range o.sheets(file) {
				seen[sheet.reference]++
			}
		case data.BatchPosted:
			var followed struct{ Letters []followedLine }
			o.must(&followed, "letters", "follow", "--state", "posted")
			for _, letter := range followed.Letters {
				seen[letter.Reference]++
			}
		}
	}
	if len(seen) != letters {
		t.Errorf("%d letters queued, on paper or posted, want %d", len(seen), letters)
	}
	for reference, times := range seen {
		if times != 1 {
			t.Errorf("%s is there %d times", reference, times)
		}
	}
	entries, err := os.ReadDir(o.db + ".spool")
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if !spooled[entry.Name()] {
			t.Errorf("orphan in the spool: %s", entry.Name())
		}
	}
	o.noOrphanCodes()
	return open
}

// sheets reads a batch's file, once as long as it stays the same.
func (o *office) sheets(file string) []printed {
	o.t.Helper()
	info, err := os.Stat(file)
	if err != nil {
		o.t.Fatal(err)
	}
	key := fmt.Sprint(file, info.ModTime().UnixNano(), info.Size())
	if o.read == nil || o.read[key] == nil {
		o.read = map[string][]printed{key: readBatch(o.t, file)}
	}
	return o.read[key]
}

// noOrphanCodes asserts that a letter has the hash of codes when it is composed
// or posted, and then only.
func (o *office) noOrphanCodes() {
	o.t.Helper()
	db, err := sql.Open("sqlite", o.db)
	if err != nil {
		o.t.Fatal(err)
	}
	defer db.Close()
	var wrong int
	err = db.QueryRow(`SELECT count(*) FROM letter l LEFT JOIN batch b ON b.id = l.batch_id WHERE
		(l.hash IS NOT NULL) <> (l.state IN ('composed', 'posted')) OR
		(l.state = 'queued') <> (l.batch_id IS NULL) OR
		(l.state = 'composed' AND b.state NOT IN ('composed', 'printed')) OR (l.state = 'posted' AND b.state <> 'posted')`).Scan(&wrong)
	if err != nil || wrong > 0 {
		o.t.Errorf("%d letters are half composed: %v", wrong, err)
	}
}

// TestKilledMailRoom kills Guichet at 20 random moments of composing, printing
// and posting: each letter is then queued, on one sheet of an open batch, or
// posted, and the work goes on.
func TestKilledMailRoom(t *testing.T) {
	printingtest.CUPS(t)
	const letters = 200
	o := mailRoom(t, letters)
	random := rand.New(rand.NewPCG(4, 20))
	moment := func(of time.Duration) time.Duration { return time.Duration(random.Int64N(int64(of))) }
	composing := o.took("letters", "compose")
	batch := o.whole(letters)[0]
	printing := o.took("letters", "print", batch.Number, "--printer", printingtest.Office)
	o.must(nil, "letters", "cancel", batch.Number)

	killed := map[string]int{}
	for range 10 {
		if o.killedRun(moment(composing), "letters", "compose") {
			killed["compose"]++
		}
		for _, batch := range o.whole(letters) {
			o.must(nil, "letters", "cancel", batch.Number)
		}
	}
	o.must(nil, "letters", "compose")
	batch = o.whole(letters)[0]
	for range 5 {
		if o.killedRun(moment(printing), "letters", "print", batch.Number, "--printer", printingtest.Office) {
			killed["print"]++
		}
		if open := o.whole(letters); len(open) != 1 || open[0].State != string(data.BatchComposed) {
			t.Fatalf("open batches %+v", open)
		}
	}
	o.must(nil, "letters", "print", batch.Number, "--printer", printingtest.Office)
	o.must(nil, "letters", "printed", batch.Number)
	sheets := o.sheets(filepath.Join(o.db+".spool", batch.Number+"-01.pdf"))
	posting := composing / 2
	for range 5 {
		if o.killedRun(moment(posting), "letters", "post", batch.Number) {
			killed["post"]++
		}
		o.whole(letters)
	}
	if len(o.whole(letters)) == 1 {
		o.must(nil, "letters", "post", batch.Number)
	}
	if open := o.whole(letters); len(open) != 0 {
		t.Errorf("still open: %+v", open)
	}
	for _, act := range []string{"compose", "print", "post"} {
		if killed[act] == 0 {
			t.Errorf("no %s was killed: %v", act, killed)
		}
	}
	t.Logf("killed %v", killed)
	for _, i := range []int{0, letters / 2, letters - 1} {
		o.must(nil, "confirm", sheets[i].reference, sheets[i].codes[0], sheets[i].codes[1])
	}
}

// TestThousandLetters reads every page of a batch of 1,000 back: its reference
// and codes confirm the letter, its DataMatrix names it, and nothing but its
// address stands in the window.
func TestThousandLetters(t *testing.T) {
	const letters = 1000
	o := mailRoom(t, letters)
	var batch batchLine
	o.must(&batch, "letters", "compose")
	sheets := readBatch(t, batch.Files[0])
	if batch.Letters != letters || len(sheets) != letters {
		t.Fatalf("%d letters, %d sheets", batch.Letters, len(sheets))
	}
	for page, reference := range scanAll(t, batch.Files[0]) {
		if sheets[page].reference+" 1/1" != reference {
			t.Errorf("page %d: the DataMatrix reads %q, the sheet says %s", page+1, reference, sheets[page].reference)
		}
	}
	addressesInWindow(t, batch.Files[0], letters)
	o.must(nil, "letters", "printed", batch.Number)
	o.must(nil, "letters", "post", batch.Number)
	o.confirmAll(sheets)
}

// confirmAll enters the codes of all sheets, in one process.
func (o *office) confirmAll(sheets []printed) {
	o.t.Helper()
	ctx := context.Background()
	guichet, err := app.Open(ctx, o.db, app.Options{NoKeyring: true})
	if err != nil {
		o.t.Fatal(err)
	}
	defer guichet.Close()
	signed, err := guichet.SignIn(ctx, "martin", operatorPassword)
	if err != nil {
		o.t.Fatal(err)
	}
	for _, sheet := range sheets {
		done, err := guichet.Confirm(app.As(ctx, signed.Operator), sheet.reference, sheet.codes[0], sheet.codes[1])
		if err != nil || done.Letter.Reference != sheet.reference {
			o.t.Fatalf("page %d, %s: %v", sheet.page, sheet.reference, err)
		}
	}
}

// scanAll reads the DataMatrix of each page, from its picture around it.
func scanAll(t *testing.T, file string) []string {
	t.Helper()
	folder := t.TempDir()
	output(t, "pdftoppm", "-r", "200", "-gray", "-x", "170", "-y", "570", "-W", "160", "-H", "160", file, filepath.Join(folder, "page"))
	pictures, err := filepath.Glob(filepath.Join(folder, "page-*.pgm"))
	if err != nil {
		t.Fatal(err)
	}
	references := make([]string, len(pictures))
	const together = 50 // a process for each picture would take minutes
	for i := 0; i < len(pictures); i += together {
		part := pictures[i:min(i+together, len(pictures))]
		text := output(t, "dmtxread", append([]string{"-n", "-N1", "-m", "2000"}, part...)...)
		lines := strings.Split(strings.TrimSpace(text), "\n")
		if len(lines) != len(part) {
			t.Fatalf("pages %d to %d: %d DataMatrices read", i+1, i+len(part), len(lines))
		}
		copy(references[i:], lines)
	}
	return references
}

// addressesInWindow looks where the words of all pages stand.
func addressesInWindow(t *testing.T, file string, pages int) {
	t.Helper()
	parts := strings.Split(output(t, "pdftotext", "-bbox", file, "-"), "<page ")
	if len(parts) != pages+1 {
		t.Fatalf("%d pages with boxes, want %d", len(parts)-1, pages)
	}
	for page, text := range parts[1:] {
		wordsInWindow(t, page+1, text)
	}
}
