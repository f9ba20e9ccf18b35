package app

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"guichet/app/mailbox"
	"guichet/data"
	"guichet/data/store"
	"guichet/data/store/postgrestest"
)

// workstationTask has the test binary be a workstation of a shared register, which
// works at random for some seconds.
const workstationTask = "GUICHET_TEST_WORKSTATION"

// worked is what a workstation did, and was told that it did.
type worked struct {
	Done        int
	Kinds       map[string]int
	Identifiers []string
	References  []string // of letters queued
	Confirmed   []string // references
	Numbers     []string // of tickets
	Unavailable int
	Refused     int
	Violations  []string
}

// workstation is one at work.
type workstation struct {
	*App
	worked
	ctx           context.Context
	random        *rand.Rand
	codes         *codeRecorder
	name          string
	organisations []data.OrganisationSummary
	batches       []string
	codesOf       map[string]data.ConfirmationCodes // of letters that were posted, by reference
	posted        map[string][]string               // references by batch
	mails         uint32
}

// workAtRandom is the process of a workstation: its arguments are the register, a
// folder, a seed and the seconds.
func workAtRandom(args []string) (worked, error) {
	seed, _ := strconv.ParseUint(args[2], 10, 64)
	seconds, _ := strconv.Atoi(args[3])
	w := &workstation{
		ctx: context.Background(), random: rand.New(rand.NewPCG(seed, 7)), name: args[2],
		codes:   &codeRecorder{random: rand.NewChaCha8([32]byte{byte(seed), 9})},
		codesOf: map[string]data.ConfirmationCodes{}, posted: map[string][]string{},
	}
	w.Kinds = map[string]int{}
	err := w.begin(args)
	for began := time.Now(); KindOf(err) == Unavailable && time.Since(began) < 30*time.Second; { // the server is gone before it began
		err = w.begin(args)
	}
	if err != nil {
		return w.worked, err
	}
	defer w.App.Close()
	for end := time.Now().Add(time.Duration(seconds) * time.Second); time.Now().Before(end); {
		w.act()
	}
	return w.worked, w.checkSpool()
}

// checkSpool checks that each batch to be printed here has its sheets, and no other
// batch any: live codes are on paper, or will be.
func (w *workstation) checkSpool() error {
	if err := w.tidySpool(w.ctx); err != nil {
		return err
	}
	var batches []data.Batch
	err := w.store.View(w.ctx, func(tx *store.Tx) (err error) {
		batches, err = tx.SpooledBatches()
		return err
	})
	files := 0
	for _, batch := range batches {
		if !w.here(batch) {
			continue
		}
		if files += batch.Files; !w.spooled(batch) {
			w.Violations = append(w.Violations, "batch "+batch.Number+" has live codes that no paper will carry")
		}
	}
	held, failed := filesIn(w.spoolFolder(), func(name string) bool { return name != ".lock" })
	if len(held) != files {
		w.Violations = append(w.Violations, fmt.Sprintf("the spool of %s holds %v, and should hold %d files", w.name, held, files))
	}
	return errors.Join(err, failed)
}

// begin opens the register and the session.
func (w *workstation) begin(args []string) (err error) {
	w.App, err = Open(w.ctx, args[0], Options{Random: w.codes, Passwords: cheap, NoKeyring: true, Folder: args[1]})
	if err != nil {
		return err
	}
	signed, err := w.SignIn(w.ctx, "station"+w.name, longPassword)
	if err != nil {
		return errors.Join(err, w.App.Close())
	}
	session := As(w.ctx, signed.Operator)
	if w.organisations, err = w.FindOrganisations(session, ""); err != nil {
		return errors.Join(err, w.App.Close())
	}
	w.ctx = session
	return nil
}

// act does something.
func (w *workstation) act() {
	acts := map[string]func() error{
		"register": w.doRegister, "compose": w.doCompose, "post": w.doPost, "confirm": w.doConfirm, "receive": w.doReceive, "ticket": w.doTicket,
		"read": func() error { _, err := w.Home(w.ctx); return err }, "sweep": func() error { _, err := w.Sweep(w.ctx); return err },
	}
	order := []string{"register", "register", "register", "compose", "post", "post", "confirm", "confirm", "confirm", "receive", "receive", "ticket", "ticket", "read", "sweep"}
	name := order[w.random.IntN(len(order))]
	err := acts[name]()
	switch KindOf(err) {
	case "":
		w.Done++
		w.Kinds[name]++
	case Unavailable:
		w.Unavailable++
		time.Sleep(200 * time.Millisecond) // as a person would wait
	case Internal:
		w.Violations = append(w.Violations, name+": "+err.Error())
	default:
		w.Refused++
	}
}

func (w *workstation) doRegister() error {
	o := w.organisations[w.random.IntN(len(w.organisations))]
	made, err := w.Register(w.ctx, Registration{
		OrganisationID: o.Organisation.ID, Administrator: w.random.IntN(3) == 0, FirstName: "Anne", LastName: "Heitz",
		Email: fmt.Sprintf("p%s.%d@mairie.example", w.name, w.random.Uint32()), Password: "Portail-2026", TermsAccepted: true,
	})
	if err != nil {
		return err
	}
	w.Identifiers, w.References = append(w.Identifiers, made.Account.Identifier), append(w.References, made.Reference)
	return nil
}

func (w *workstation) doCompose() error {
	w.codes.drawn = nil
	batch, err := w.Compose(w.ctx, nil, nil)
	if err != nil {
		return err
	}
	files, err := w.Letters(w.ctx, data.LetterFilter{State: data.Composed})
	if err != nil {
		return err
	}
	for _, file := range files {
		if file.BatchID == batch.ID {
			w.codesOf[file.Reference] = w.codes.drawn[file.Sheet-1]
			w.posted[batch.Number] = append(w.posted[batch.Number], file.Reference)
		}
	}
	w.batches = append(w.batches, batch.Number)
	return nil
}

// doPost posts the oldest of its batches, or cancels it; now and then it posts one
// that another has composed.
func (w *workstation) doPost() error {
	if w.random.IntN(5) == 0 {
		return w.doPostAnothers()
	}
	if len(w.batches) == 0 {
		return refuse(Conflict, "rien", nil)
	}
	number := w.batches[0]
	if w.random.IntN(5) == 0 {
		err := w.CancelBatch(w.ctx, number)
		if err == nil {
			for _, reference := range w.posted[number] {
				delete(w.codesOf, reference)
			}
		}
		if err == nil || KindOf(err) == Conflict { // another one was faster
			w.batches = w.batches[1:]
		}
		return err
	}
	if err := w.MarkPrinted(w.ctx, number); err != nil && KindOf(err) != Conflict {
		return err
	}
	err := w.MarkPosted(w.ctx, number, w.Now())
	if err == nil || KindOf(err) == Conflict { // another one was faster
		w.batches = w.batches[1:]
	}
	return err
}

func (w *workstation) doPostAnothers() error {
	batches, err := w.Batches(w.ctx)
	if err != nil {
		return err
	}
	batches = slices.DeleteFunc(batches, func(b data.Batch) bool { return !b.Spooled() || w.here(b) })
	if len(batches) == 0 {
		return refuse(Conflict, "rien", nil)
	}
	number := batches[w.random.IntN(len(batches))].Number
	if err := w.MarkPrinted(w.ctx, number); err != nil {
		return err
	}
	return w.MarkPosted(w.ctx, number, w.Now())
}

// doConfirm enters the codes of a letter, twice: the second time they must not
// work.
func (w *workstation) doConfirm() error {
	for reference, codes := range w.codesOf {
		_, err := w.Confirm(w.ctx, reference, codes[0], codes[1])
		if err != nil {
			if KindOf(err) != Unavailable {
				delete(w.codesOf, reference)
			}
			return err
		}
		delete(w.codesOf, reference)
		w.Confirmed = append(w.Confirmed, reference)
		if _, err := w.Confirm(w.ctx, reference, codes[0], codes[1]); err == nil {
			w.Violations = append(w.Violations, "codes of "+reference+" worked twice")
		}
		return nil
	}
	return refuse(Conflict, "rien", nil)
}

func (w *workstation) doReceive() error {
	operator, _ := OperatorOf(w.ctx)
	w.mails++
	id := fmt.Sprintf("m%s.%d@mairie.example", w.name, w.mails)
	raw := mailbox.Raw{UIDValidity: 1, UID: w.mails, Received: w.Now(), Body: []byte(letterOf("a"+w.name+"@mairie.example", id, "Demande "+id, "Bonjour"))}
	got, err := w.receive(w.ctx, operator, "boite"+w.name, []mailbox.Raw{raw}, mailbox.Cursor{UIDValidity: 1, UID: w.mails})
	if err != nil { // the numbers are given again
		return err
	}
	for _, ticket := range got.Opened {
		w.Numbers = append(w.Numbers, ticket.Number)
	}
	return nil
}

func (w *workstation) doTicket() error {
	tickets, err := w.Tickets(w.ctx, data.NewTicket, data.OpenTicket)
	if err != nil || len(tickets) == 0 {
		return err
	}
	ticket := tickets[w.random.IntN(len(tickets))].Ticket
	operator, _ := OperatorOf(w.ctx)
	change := TicketChange{Assignee: &operator.ID}
	if w.random.IntN(2) == 0 {
		change = TicketChange{State: data.Solved}
	}
	return errors.Join(w.ChangeTicket(w.ctx, ticket, change), w.AddNote(w.ctx, ticket.ID, "Vu au poste "+w.name))
}

// TestEightWorkstations has eight processes work at random on one register, whose
// server is killed and started again meanwhile. GUICHET_SOAK sets the seconds.
func TestEightWorkstations(t *testing.T) {
	server := postgrestest.New(t)
	t.Setenv(postgrestest.Engine, "postgres")
	d := openDeskAt(t, server.Database(t))
	for i := range 30 {
		d.organisation(fmt.Sprintf("Commune n° %d", i))
	}
	seconds := 12
	if asked, err := strconv.Atoi(os.Getenv("GUICHET_SOAK")); err == nil {
		seconds = asked
	}
	const stations = 8
	var commands []*exec.Cmd
	var outputs [stations]bytes.Buffer
	for i := range stations {
		d.operator(d.admin, fmt.Sprintf("station%d", i), data.WorkRoles...)
		command := exec.Command(os.Args[0], d.path, filepath.Join(t.TempDir(), "local"), strconv.Itoa(i), strconv.Itoa(seconds))
		command.Env = append(os.Environ(), workstationTask+"=1")
		command.Stdout, command.Stderr = &outputs[i], os.Stderr
		d.done(command.Start())
		commands = append(commands, command)
	}
	time.Sleep(time.Duration(seconds) * time.Second / 2)
	d.done(server.Kill())
	d.done(server.Start())
	all := worked{Kinds: map[string]int{}}
	for i, command := range commands {
		d.done(command.Wait())
		var one worked
		d.done(json.Unmarshal(outputs[i].Bytes(), &one))
		all.add(one)
	}
	t.Logf("%d use cases in %d s: %v; %d refused, %d without a server", all.Done, seconds, all.Kinds, all.Refused, all.Unavailable)
	for _, violation := range all.Violations {
		t.Error(violation)
	}
	if all.Done < 20*stations || len(all.Confirmed) == 0 || all.Unavailable == 0 {
		t.Errorf("too little was done: %+v", all.Kinds)
	}
	d.holds(all)
}

func (w *worked) add(o worked) {
	w.Done, w.Unavailable, w.Refused = w.Done+o.Done, w.Unavailable+o.Unavailable, w.Refused+o.Refused
	for kind, n := range o.Kinds {
		w.Kinds[kind] += n
	}
	w.Identifiers, w.References = append(w.Identifiers, o.Identifiers...), append(w.References, o.References...)
	w.Confirmed, w.Numbers = append(w.Confirmed, o.Confirmed...), append(w.Numbers, o.Numbers...)
	w.Violations = append(w.Violations, o.Violations...)
}

// holds checks that what the workstations were told is in the register, once, and
// that it is whole.
func (d *desk) holds(all worked) {
	d.t.Helper()
	for what, given := range map[string][]string{"identifier": all.Identifiers, "reference": all.References, "ticket": all.Numbers} {
		seen := map[string]bool{}
		for _, one := range given {
			if seen[one] {
				d.t.Errorf("%s %s was given twice", what, one)
			}
			seen[one] = true
		}
	}
	files, err := d.Letters(d.admin, data.LetterFilter{})
	d.done(err)
	letters, sheets := map[string]data.LetterFile{}, map[string]string{}
	for _, file := range files {
		letters[file.Reference] = file
		if file.BatchID != 0 {
			sheet := fmt.Sprintf("%d/%d", file.BatchID, file.Sheet)
			if other := sheets[sheet]; other != "" {
				d.t.Errorf("letters %s and %s are the same sheet", other, file.Reference)
			}
			sheets[sheet] = file.Reference
		}
	}
	if len(files) < LettersLimit {
		for _, reference := range all.References {
			if letters[reference].Reference == "" {
				d.t.Errorf("letter %s is lost", reference)
			}
		}
		for _, reference := range all.Confirmed {
			if letters[reference].State != data.Confirmed {
				d.t.Errorf("letter %s was confirmed, and is %s", reference, letters[reference].State)
			}
		}
	}
	d.done(d.store.View(d.nobody, func(tx *store.Tx) error {
		for _, identifier := range all.Identifiers {
			if _, err := tx.AccountByIdentifier(identifier); err != nil {
				d.t.Errorf("account %s: %v", identifier, err)
			}
		}
		for _, number := range all.Numbers {
			if _, err := tx.TicketByNumber(number); err != nil {
				d.t.Errorf("ticket %s: %v", number, err)
			}
		}
		check, err := tx.CheckAudit()
		if check.Broken.ID != 0 {
			d.t.Errorf("the audit is broken at %d", check.Broken.ID)
		}
		return err
	}))
}
