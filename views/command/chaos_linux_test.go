package command

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"

	"guichet/app"
	"guichet/app/mailbox/mailboxtest"
	"guichet/data"
	"guichet/data/store/postgrestest"
	"guichet/letters/printing/printingtest"
)

// chaos is an office whose commands are killed at random moments, and what the
// commands that ended said that they did.
type chaos struct {
	*office
	random  *rand.Rand
	dovecot *mailboxtest.DovecotServer
	smtp    *mailboxtest.SMTPServer
	moves   int // of the register

	takes map[string]time.Duration // by act: how long it takes when nobody kills it
	kills map[string]int
	done  map[string]int

	delivered   []string // Message-IDs in the mailbox
	sirens      []string
	people      int
	identifiers []string             // of accounts whose registration was told
	references  []string             // of their letters
	answered    []string             // tickets whose reply was told
	codes       map[string][2]string // of letters that were read, by reference
	confirmed   map[string]bool
	posted      map[string]bool      // batches
	sheets      map[string][]printed // by batch
	looked      map[string]bool      // backups
}

// cheap hashes passwords fast: the kills shall hit what follows.
var cheap = &argon2id.Params{Memory: 64, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// TestKilledAtRandom kills the commands of a whole office with SIGKILL at random
// moments, 30 times or GUICHET_KILLS, and asserts after each that nothing is
// lost, twice, or half done. GUICHET_SEED has it do other acts.
func TestKilledAtRandom(t *testing.T) {
	postgrestest.OnlyFile(t)
	wanted := fromEnvironment(t, "GUICHET_KILLS", 30)
	seed := fromEnvironment(t, "GUICHET_SEED", 1)
	t.Logf("%d kills, GUICHET_SEED=%d", wanted, seed)
	c := openChaos(t, uint64(seed))
	began, settled := time.Now(), 0
	for acts := 0; c.killed() < wanted && !t.Failed(); acts++ {
		c.act()
		if c.killed() >= settled+30 {
			settled = c.killed()
			c.settle()
			t.Logf("%d kills after %v", settled, time.Since(began).Round(time.Second))
		}
	}
	if t.Failed() {
		return
	}
	c.settle()
	c.move()
	c.settle()
	t.Logf("in %v: killed %v, done %v; %d letters, %d mails in, %d mails out, of which %d came twice under one Message-ID", time.Since(began).Round(time.Second),
		c.kills, c.done, len(c.references), len(c.delivered), len(c.smtp.Messages()), c.sentTwice())
	for _, act := range []string{"register", "compose", "print", "post", "confirm", "fetch", "reply", "send", "sweep", "backup", "migrate"} {
		if wanted >= 300 && (c.kills[act] == 0 || c.done[act] == 0) { // few kills need not meet them all
			t.Errorf("%s was killed %d times, and done %d times", act, c.kills[act], c.done[act])
		}
	}
}

func fromEnvironment(t *testing.T, name string, otherwise int) int {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatalf("%s=%q", name, text)
	}
	return n
}

// openChaos makes the register, its mailbox and its smarthost.
func openChaos(t *testing.T, seed uint64) *chaos {
	t.Helper()
	printingtest.CUPS(t)
	c := &chaos{
		office: newOffice(t), random: rand.New(rand.NewPCG(seed, 30)), dovecot: mailboxtest.Dovecot(t), smtp: mailboxtest.SMTP(t),
		takes: map[string]time.Duration{}, kills: map[string]int{}, done: map[string]int{}, codes: map[string][2]string{},
		confirmed: map[string]bool{}, posted: map[string]bool{}, sheets: map[string][]printed{}, looked: map[string]bool{},
	}
	c.within(0, func(ctx context.Context, guichet *app.App) {
		operator, err := guichet.CreateOperator(ctx, app.NewOperator{Login: "martin", Name: "C. Martin", Password: operatorPassword, Roles: data.WorkRoles})
		if err != nil {
			t.Fatal(err)
		}
		ctx = app.As(ctx, operator)
		for i := range 12 {
			organisation, err := guichet.AddOrganisation(ctx, data.Organisation{
				Kind: data.Commune, Name: fmt.Sprintf("Commune d'Achenheim %d", i+1), SIREN: sirenOf(i),
				Address: data.Address{Street: fmt.Sprintf("%d rue de l'Église", i+1), PostalCode: "67204", City: "ACHENHEIM"},
			}, data.LegalRepresentative{Civility: data.Madame, FirstName: "Jeanne", LastName: "Roth", Office: "Maire"})
			if err != nil {
				t.Fatal(err)
			}
			c.sirens = append(c.sirens, organisation.SIREN)
		}
	})
	c.must(nil, "settings", "set", "Sender=Portail des services en ligne|12 place de la République|67000 Strasbourg", "Place=Strasbourg",
		"PortalURL=https://portail.example", "Signatory=C. Martin", "BatchLimit=9", "SupportEmail=assistance@portail.example",
		"Smarthost.Host=127.0.0.1", "Smarthost.Port="+strconv.Itoa(c.smtp.Port), "Smarthost.Security=starttls", "Smarthost.User="+c.smtp.User,
		"Smarthost.From=ne-pas-repondre@portail.example", "Smarthost.CertificateFile="+certificateOf(t, c.smtp.TLSPort))
	c.mailboxSettings("127.0.0.1", c.dovecot.TLSPort, "tls", c.dovecot, c.dovecot.CertFile)
	c.passwords()
	return c
}

// sirenOf is a number whose check digit is right.
func sirenOf(i int) string {
	for check := range 10 {
		siren := fmt.Sprintf("2167%04d%d", i, check)
		if data.ValidSIREN(siren) {
			return siren
		}
	}
	panic("no check digit fits")
}

// passwords keeps those of the mail servers, which do not move with a register.
func (c *chaos) passwords() {
	c.t.Helper()
	c.must(nil, "settings", "password", c.dovecot.User+"@127.0.0.1")
	c.must(nil, "settings", "password", "smarthost")
}

// within opens the register in this process, some time later, as its operator if
// it has one.
func (c *chaos) within(later time.Duration, do func(ctx context.Context, guichet *app.App)) {
	c.t.Helper()
	c.withinRegister(c.db, later, do)
}

func (c *chaos) withinRegister(register string, later time.Duration, do func(ctx context.Context, guichet *app.App)) {
	c.t.Helper()
	ctx := context.Background()
	guichet, err := app.Open(ctx, register, app.Options{
		NoKeyring: true, Passwords: cheap, Clock: func() time.Time { return time.Now().Add(later) },
	})
	if err != nil {
		c.t.Fatalf("the register does not open: %v", err)
	}
	defer guichet.Close()
	if has, err := guichet.HasOperators(ctx); err == nil && has {
		signed, err := guichet.SignIn(ctx, "martin", operatorPassword)
		if err != nil {
			c.t.Fatal(err)
		}
		ctx = app.As(ctx, signed.Operator)
	}
	do(ctx, guichet)
}

func (c *chaos) killed() (n int) {
	for _, kills := range c.kills {
		n += kills
	}
	return n
}

// try runs a command of an act. Two times of three it is killed at a moment
// drawn from its work, or somewhat after its usual end; then, and when it is
// refused, false. After a kill everything is checked.
func (c *chaos) try(act string, input string, result any, args ...string) (done bool) {
	c.t.Helper()
	command := c.command(nil, append(args, "--json")...)
	var out, errs bytes.Buffer
	command.Stdout, command.Stderr, command.Stdin = &out, &errs, strings.NewReader(input)
	began := time.Now()
	if err := command.Start(); err != nil {
		c.t.Fatal(err)
	}
	if usual := c.takes[act]; usual > 0 && c.random.IntN(3) > 0 {
		kill := func() { _ = command.Process.Kill() } // ended already: nothing to kill
		if act == "send" && c.random.IntN(3) == 0 {
			// The worst moment is too short to be met by chance: the server has the mail, and Guichet does not know.
			c.smtp.OnReceived(kill)
			defer c.smtp.OnReceived(nil)
		} else { // most of the first third is the process's own start
			defer time.AfterFunc(usual*3/10+time.Duration(c.random.Int64N(int64(usual)*8/10)), kill).Stop()
		}
	}
	err := command.Wait()
	switch status := command.ProcessState.ExitCode(); {
	case status == -1:
		c.kills[act]++
		c.holds(fmt.Sprintf("after kill %d, of %v", c.killed(), args))
		return false
	case err != nil:
		if text := errs.String(); status == Misused || strings.Contains(text, "inattendue") || strings.Contains(text, "panic") {
			c.t.Errorf("guichet %v: status %d\n%s", args, status, text)
		}
		return false
	}
	c.done[act]++
	if took := time.Since(began); c.takes[act] == 0 || took < c.takes[act] {
		c.takes[act] = took
	}
	if result != nil {
		if err := json.Unmarshal(out.Bytes(), result); err != nil {
			c.t.Fatalf("guichet %v: %v\n%s", args, err, out.String())
		}
	}
	return true
}

// act does something that an office does.
func (c *chaos) act() {
	acts := map[string]func(){
		"register": c.register, "compose": c.compose, "print": c.print, "post": c.post, "confirm": c.confirm, "fetch": c.fetch,
		"reply": c.reply, "send": c.send, "sweep": func() { c.try("sweep", "", nil, "sweep") }, "backup": c.backup, "cancel": c.cancel, "migrate": c.migrate,
	}
	often := []string{
		"register", "register", "register", "register", "compose", "compose", "print", "post", "post", "confirm", "confirm", "fetch", "fetch",
		"reply", "reply", "send", "send", "sweep", "backup", "cancel", "migrate",
	}
	acts[often[c.random.IntN(len(often))]]()
}

func (c *chaos) register() {
	c.people++
	args := []string{
		"register", "--organisation", c.sirens[c.random.IntN(len(c.sirens))], "--first", "Anne", "--last", "Heitz",
		"--email", fmt.Sprintf("p%d@mairie.example", c.people), "--accept-terms",
	}
	if c.random.IntN(6) == 0 {
		args = append(args, "--administrator")
	}
	var made registered
	if c.try("register", "", &made, args...) {
		c.identifiers, c.references = append(c.identifiers, made.Identifier), append(c.references, made.Letter)
	}
}

func (c *chaos) compose() { c.try("compose", "", nil, "letters", "compose") }

// open are the batches that are not closed.
func (c *chaos) open() (open []batchLine) {
	c.t.Helper()
	var batches []batchLine
	c.must(&batches, "letters", "batches")
	for _, batch := range batches {
		if state := data.BatchState(batch.State); state == data.BatchComposed || state == data.BatchPrinted {
			open = append(open, batch)
		}
	}
	return open
}

func (c *chaos) print() {
	if open := c.open(); len(open) > 0 {
		c.try("print", "", nil, "letters", "print", open[len(open)-1].Number, "--printer", printingtest.Office)
	}
}

// post posts the oldest batch; the codes are read from its paper before.
func (c *chaos) post() {
	open := c.open()
	if len(open) == 0 {
		return
	}
	batch := open[len(open)-1]
	for _, sheet := range c.sheetsOf(batch.Number) {
		c.codes[sheet.reference] = sheet.codes
	}
	if data.BatchState(batch.State) == data.BatchComposed && !c.try("printed", "", nil, "letters", "printed", batch.Number) {
		return
	}
	if c.try("post", "", nil, "letters", "post", batch.Number) {
		c.posted[batch.Number] = true
	}
}

func (c *chaos) cancel() {
	if open := c.open(); len(open) > 2 {
		c.try("cancel", "", nil, "letters", "cancel", open[0].Number)
	}
}

// confirm enters the codes of a letter that was posted.
func (c *chaos) confirm() {
	for _, reference := range slices.Sorted(maps.Keys(c.codes)) {
		if c.confirmed[reference] {
			continue
		}
		codes := c.codes[reference]
		if c.try("confirm", "", nil, "confirm", reference, codes[0], codes[1]) {
			c.confirmed[reference] = true
		}
		return
	}
}

// fetch brings mails in, of which some were there before.
func (c *chaos) fetch() {
	for range 1 + c.random.IntN(6) {
		n := len(c.delivered)
		id := fmt.Sprintf("demande%d@mairie.example", n)
		raw := bytes.ReplaceAll(twentyMails()[n%20], fmt.Appendf(nil, "<%d@mairie.example>", n%20), []byte("<"+id+">"))
		c.dovecot.Deliver(c.t, raw)
		c.delivered = append(c.delivered, id)
	}
	c.try("fetch", "", nil, "fetch")
}

func (c *chaos) reply() {
	var tickets []ticketLine
	c.must(&tickets, "tickets", "--state", "new,open")
	if len(tickets) == 0 {
		return
	}
	number := tickets[c.random.IntN(len(tickets))].Number
	if c.try("reply", "Bonjour, c’est réglé.\n", nil, "tickets", "reply", number, "--then", "waiting") {
		c.answered = append(c.answered, number)
	}
}

func (c *chaos) send() { c.try("send", "", nil, "send") }

func (c *chaos) backup() {
	if c.try("backup", "", nil, "backup") {
		if left, _ := filepath.Glob(filepath.Join(c.db+".backups", "*.part")); len(left) > 0 {
			c.t.Errorf("a backup was done, and %v is left of another", left)
		}
	}
}
