package app

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"guichet/data/store/postgrestest"

	"guichet/data"
)

// spoolNames are the files in the spool, but for its lock.
func (d *desk) spoolNames() []string {
	d.t.Helper()
	entries, err := os.ReadDir(d.spoolFolder())
	d.done(err)
	var names []string
	for _, entry := range entries {
		if entry.Name() != ".lock" {
			names = append(names, entry.Name())
		}
	}
	return names
}

func TestBatchFromQueueToPost(t *testing.T) {
	d := openDesk(t)
	o := d.organisation("Commune d'Achenheim")
	made := d.register(o, "a@b.fr", false)
	var reports [][2]int
	d.codes.drawn = nil
	batch, err := d.Compose(d.mailRoom, nil, func(done, total int) { reports = append(reports, [2]int{done, total}) })
	d.done(err)
	if batch.Number != "LOT26-0001" || batch.Letters != 1 || len(reports) != 1 || reports[0] != [2]int{1, 1} {
		t.Errorf("%+v, progress %v", batch, reports)
	}
	folder, err := os.Stat(d.spoolFolder())
	if err != nil || folder.Mode().Perm() != 0o700 {
		t.Errorf("spool folder: %v, %v", folder, err)
	}
	d.refused(Conflict, d.MarkPosted(d.mailRoom, batch.Number, d.clock)) // not printed
	d.done(d.MarkPrinted(d.mailRoom, batch.Number))
	d.refused(Invalid, d.MarkPosted(d.mailRoom, batch.Number, d.clock.AddDate(0, 0, 1)))
	d.refused(Invalid, d.MarkPosted(d.mailRoom, batch.Number, d.clock.AddDate(0, 0, -1)))
	d.done(d.MarkPosted(d.mailRoom, batch.Number, d.clock))
	if got := d.letter(made.Reference); got.State != data.Posted || !got.PostedOn.Equal(d.clock) {
		t.Errorf("letter %+v", got.Letter)
	}
	if names := d.spoolNames(); len(names) != 0 {
		t.Errorf("the spool keeps %v", names)
	}
	_, err = d.BatchFiles(d.mailRoom, batch.Number)
	d.refused(Conflict, err)
	d.refused(Conflict, d.CancelBatch(d.mailRoom, batch.Number))
	d.refused(NotFound, d.MarkPrinted(d.mailRoom, "LOT26-9999"))
}

// TestSpoolGoneAlready: a folder that somebody removed is no reason not to close a
// batch.
func TestSpoolGoneAlready(t *testing.T) {
	d := openDesk(t)
	d.register(d.organisation("Commune d'Achenheim"), "a@b.fr", false)
	batch, _ := d.compose()
	d.done(os.RemoveAll(d.spoolFolder()))
	d.done(d.CancelBatch(d.mailRoom, batch.Number))
}

// TestHeldLetterStaysInTheQueue while the rest of the batch goes.
func TestHeldLetterStaysInTheQueue(t *testing.T) {
	d := openDesk(t)
	good, bad, foreign := d.organisation("Commune d'Achenheim"), d.organisation("Commune d'Albé"), d.organisation("Commune de Barr")
	bad.Address.PostalCode = "67999"
	d.done(d.UpdateOrganisation(d.mailRoom, bad))
	goes := d.register(good, "a@b.fr", false)
	d.register(bad, "c@d.fr", false)
	_, err := d.Register(d.helpDesk, Registration{ // a name that the letter's font cannot print
		OrganisationID: foreign.ID, FirstName: "Anne 明", LastName: "Heitz", Email: "e@f.fr", Password: "Portail-2026", TermsAccepted: true,
	})
	d.done(err)
	_, codes := d.compose()
	if _, ok := codes[goes.Reference]; !ok || len(codes) != 1 {
		t.Errorf("composed %d letters, want %s alone", len(codes), goes.Reference)
	}
	queue, err := d.Queue(d.mailRoom)
	d.done(err)
	if len(queue) != 2 || queue[1].Held == nil || !strings.Contains(queue[1].Held.Error(), "code postal inconnu « 67999 »") {
		t.Errorf("queue %+v", queue)
	}
	if queue[0].Held == nil || !strings.Contains(queue[0].Held.Error(), "demandeur") {
		t.Errorf("an unprintable name is not held: %v", queue[0].Held)
	}
}

// TestComposeTakesTheLettersChosen, up to the batch limit.
func TestComposeTakesTheLettersChosen(t *testing.T) {
	d := openDesk(t)
	for _, email := range []string{"a@b.fr", "b@b.fr", "c@b.fr", "d@b.fr"} {
		d.register(d.organisation("Commune "+email), email, false)
	}
	queue, err := d.Queue(d.mailRoom)
	d.done(err)
	batch, err := d.Compose(d.mailRoom, []int64{queue[2].Letter.ID}, nil)
	d.done(err)
	if batch.Letters != 1 || d.letter(queue[2].Reference).State != data.Composed {
		t.Error("not the letter chosen")
	}
	settings, err := d.Settings(d.admin)
	d.done(err)
	settings.BatchLimit = 2
	d.done(d.SaveSettings(d.admin, settings))
	if batch, err = d.Compose(d.mailRoom, nil, nil); err != nil || batch.Letters != 2 {
		t.Errorf("%+v, %v", batch, err)
	}
}

// TestCancelledBatchGoesBackToTheQueue with its codes void.
func TestCancelledBatchGoesBackToTheQueue(t *testing.T) {
	d := openDesk(t)
	made := d.register(d.organisation("Commune d'Achenheim"), "a@b.fr", false)
	batch, codes := d.compose()
	d.done(d.CancelBatch(d.mailRoom, batch.Number))
	if names := d.spoolNames(); len(names) != 0 {
		t.Errorf("the spool keeps %v", names)
	}
	_, err := d.confirm(made.Reference, codes)
	d.refused(Conflict, err)
	_, newer := d.compose()
	if newer[made.Reference] == codes[made.Reference] {
		t.Error("the same codes again")
	}
	_, err = d.confirm(made.Reference, codes)
	d.refused(Invalid, err)
	_, err = d.confirm(made.Reference, newer)
	d.done(err)
}

// TestInterruptedCompositionLeavesTheQueue: cancelled, or a disk that refuses.
func TestInterruptedCompositionLeavesTheQueue(t *testing.T) {
	d := openDesk(t)
	for _, email := range []string{"a@b.fr", "b@b.fr", "c@b.fr"} {
		d.register(d.organisation("Commune "+email), email, false)
	}
	stillQueued := func(what string) {
		t.Helper()
		queue, err := d.Queue(d.mailRoom)
		d.done(err)
		if names := d.spoolNames(); len(queue) != 3 || len(names) != 0 {
			t.Errorf("%s: %d letters queued, spool %v", what, len(queue), names)
		}
	}
	ctx, cancel := context.WithCancel(d.mailRoom)
	_, err := d.Compose(ctx, nil, func(done, _ int) {
		if done == 2 {
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	stillQueued("cancelled")

	// A folder in the place of the file to write: as a disk that refuses.
	obstacle := filepath.Join(d.spoolFolder(), "LOT26-0002-01.pdf.part")
	d.done(os.Mkdir(obstacle, 0o700))
	_, err = d.Compose(d.mailRoom, nil, nil)
	d.refused(Unavailable, err)
	d.done(os.Remove(obstacle))
	stillQueued("refused by the disk")
	batch, _ := d.compose()
	if batch.Letters != 3 {
		t.Error(batch)
	}
}

// TestRecovery: what a crash can leave behind at each step.
func TestRecovery(t *testing.T) {
	d := openDesk(t)
	made := d.register(d.organisation("Commune d'Achenheim"), "a@b.fr", false)

	// Written, not committed: the files go, the letter is still queued.
	for _, name := range []string{"LOT26-0001-01.pdf", "LOT26-0002-01.pdf.part"} {
		d.done(os.WriteFile(filepath.Join(d.spoolFolder(), name), []byte("codes"), 0o600))
	}
	d.done(d.Close())
	d.open()
	if names := d.spoolNames(); len(names) != 0 {
		t.Errorf("orphans %v", names)
	}
	// Committed: kept, and its codes confirm.
	batch, codes := d.compose()
	d.done(d.Close())
	d.open()
	if files, err := d.BatchFiles(d.mailRoom, batch.Number); err != nil || len(d.spoolNames()) != 1 {
		t.Errorf("files %v, %v", files, err)
	}
	// Its file lost: cancelled, the letter queued, the codes void.
	d.done(os.Remove(filepath.Join(d.spoolFolder(), batch.FileName(1))))
	d.done(d.Close())
	d.open()
	if got := d.letter(made.Reference); got.State != data.Queued {
		t.Errorf("letter %s", got.State)
	}
	_, err := d.confirm(made.Reference, codes)
	d.refused(Conflict, err)
	// Posted, but not deleted.
	batch, _ = d.compose()
	copied, err := os.ReadFile(filepath.Join(d.spoolFolder(), batch.FileName(1)))
	d.done(err)
	d.done(d.MarkPrinted(d.mailRoom, batch.Number))
	d.done(d.MarkPosted(d.mailRoom, batch.Number, d.clock))
	d.done(os.WriteFile(filepath.Join(d.spoolFolder(), batch.FileName(1)), copied, 0o600))
	d.done(d.Close())
	d.open()
	if names := d.spoolNames(); len(names) != 0 {
		t.Errorf("orphans %v", names)
	}
}

// TestR01_AddresseeChangesWhileComposing: the batch is refused, the letter
// queued for the new representative.
func TestR01_AddresseeChangesWhileComposing(t *testing.T) {
	d := openDesk(t)
	o := d.organisation("Commune d'Achenheim")
	d.register(o, "a@b.fr", false)
	_, err := d.Compose(d.mailRoom, nil, func(int, int) {
		d.done(d.AppointRepresentative(d.admin, data.LegalRepresentative{OrganisationID: o.ID, FirstName: "Paul", LastName: "Hirtz", Office: "Maire"}))
	})
	d.refused(Conflict, err)
	queue, err := d.Queue(d.mailRoom)
	d.done(err)
	if names := d.spoolNames(); len(queue) != 1 || len(names) != 0 {
		t.Errorf("%d queued, spool %v", len(queue), names)
	}
}

// TestRegisterThroughALink finds the same spool: its batches live on.
func TestRegisterThroughALink(t *testing.T) {
	postgrestest.OnlyFile(t)
	d := openDesk(t)
	d.register(d.organisation("Commune d'Achenheim"), "a@b.fr", false)
	batch, _ := d.compose()
	link := filepath.Join(t.TempDir(), "link.db")
	d.done(os.Symlink(d.path, link))
	other, err := Open(context.Background(), link, Options{Passwords: cheap, NoKeyring: true})
	d.done(err)
	d.done(other.Close())
	if _, err := d.BatchFiles(d.mailRoom, batch.Number); err != nil {
		t.Error(err)
	}
}

// TestWhatIsNoRegister is refused, with the cause.
func TestWhatIsNoRegister(t *testing.T) {
	path := filepath.Join(t.TempDir(), "notes.txt")
	if err := os.WriteFile(path, []byte(strings.Repeat("Ceci n’est pas un registre.\n", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(context.Background(), path, Options{}); KindOf(err) != Damaged {
		t.Errorf("%v (%s)", err, KindOf(err))
	}
	if _, err := Open(context.Background(), filepath.Join(path, "register.db"), Options{}); KindOf(err) != Unavailable {
		t.Errorf("%v (%s)", err, KindOf(err))
	}
}

// TestRecoveryLeavesARunningCompositionAlone: another process composes while
// this one opens the register.
func TestRecoveryLeavesARunningCompositionAlone(t *testing.T) {
	postgrestest.OnlyFile(t)
	d := openDesk(t)
	d.register(d.organisation("Commune d'Achenheim"), "a@b.fr", false)
	opened := false
	batch, err := d.Compose(d.mailRoom, nil, func(int, int) {
		if other, err := Open(context.Background(), d.path, Options{Passwords: cheap, NoKeyring: true}); err != nil {
			t.Error(err)
		} else {
			_, err := other.Compose(d.mailRoom, nil, nil)
			d.refused(Conflict, err)
			d.done(other.Close())
			opened = true
		}
	})
	d.done(err)
	if _, err := os.Stat(filepath.Join(d.spoolFolder(), batch.FileName(1))); err != nil || !opened {
		t.Error(err)
	}
}

func TestConfirm(t *testing.T) {
	d := openDesk(t)
	o := d.organisation("Commune d'Achenheim")
	made, other := d.register(o, "a@b.fr", false), d.register(o, "c@d.fr", false)
	_, err := d.Confirm(d.helpDesk, made.Reference, "K7PW-3XQ9", "K7PW-3XQ9")
	d.refused(Invalid, err) // mistyped
	codes := d.post()
	mine, theirs := codes[made.Reference], codes[other.Reference]

	_, err = d.Confirm(d.helpDesk, data.LetterReference(2026, 999), mine[0], mine[1])
	d.refused(NotFound, err)
	_, err = d.Confirm(d.helpDesk, made.Reference, mine[0][:7], mine[1])
	d.refused(Invalid, err)
	if got := d.letter(made.Reference); got.WrongPairs != 0 {
		t.Error("a mistyped code cost an attempt")
	}
	// One wrong, the other wrong, exchanged: the same answer, an attempt each.
	for i, pair := range [][2]string{{mine[0], theirs[1]}, {theirs[0], mine[1]}, {mine[1], mine[0]}} {
		_, err = d.Confirm(d.helpDesk, made.Reference, pair[0], pair[1])
		d.refused(Invalid, err)
		if want := "Essais restants : " + string(rune('4'-i)); !strings.HasSuffix(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
	_, err = d.confirm(made.Reference, codes)
	d.done(err)
	_, err = d.confirm(made.Reference, codes)
	d.refused(Conflict, err)
}

func TestCodesExpire(t *testing.T) {
	d := openDesk(t)
	o := d.organisation("Commune d'Achenheim")
	made, other := d.register(o, "a@b.fr", false), d.register(o, "c@d.fr", false)
	codes := d.post()
	d.clock = d.clock.AddDate(0, 0, 60)
	_, err := d.confirm(made.Reference, codes)
	d.done(err)
	d.clock = d.clock.AddDate(0, 0, 1)
	_, err = d.confirm(other.Reference, codes)
	d.refused(Conflict, err)
	if got := d.letter(other.Reference); got.State != data.ExpiredLetter {
		t.Error(got.State)
	}
}

func TestComposedCodesConfirmBeforePosting(t *testing.T) {
	d := openDesk(t)
	made := d.register(d.organisation("Commune d'Achenheim"), "a@b.fr", false)
	batch, codes := d.compose()
	_, err := d.confirm(made.Reference, codes)
	d.done(err)
	d.done(d.MarkPrinted(d.mailRoom, batch.Number))
	d.done(d.MarkPosted(d.mailRoom, batch.Number, d.clock))
	if got := d.letter(made.Reference); got.State != data.Confirmed {
		t.Errorf("posting moved a confirmed letter to %s", got.State)
	}
}

// TestLetterTooLongForTheSheetIsHeldBack: the rest of its batch goes.
func TestLetterTooLongForTheSheetIsHeldBack(t *testing.T) {
	d := openDesk(t)
	settings, err := d.Settings(d.admin)
	d.done(err)
	settings.LetterTexts = data.LetterTexts{data.UserText: {Opening: strings.Repeat("{organisation} ", 4)}}
	d.done(d.SaveSettings(d.admin, settings))
	short, long := d.organisation("Commune d'Achenheim"), d.organisation("Commune")
	goes, held := d.register(short, "a@b.fr", false), d.register(long, "c@d.fr", false)
	// As an import may bring it: it still fits the address, on two lines.
	long.Name = strings.Repeat("MMMMMMMM ", 8)
	d.done(d.UpdateOrganisation(d.mailRoom, long))
	if _, codes := d.compose(); len(codes) != 1 || codes[goes.Reference] == (data.ConfirmationCodes{}) {
		t.Errorf("composed %d letters", len(codes))
	}
	queue, err := d.Queue(d.mailRoom)
	d.done(err)
	if len(queue) != 1 || queue[0].Reference != held.Reference || !strings.Contains(queue[0].Held.Error(), "trop long pour la feuille") {
		t.Errorf("queue %+v", queue)
	}
}
