package command

import (
	"bytes"
	"crypto/tls"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"maps"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"guichet/app"
	"guichet/app/mailbox/mailboxtest"
	"guichet/data/store/postgrestest"
)

// TestMain lets the test binary be Guichet itself: the tests start it as a
// process of its own, and may kill it.
func TestMain(m *testing.M) {
	if os.Getenv("GUICHET_TEST_AS_GUICHET") != "" {
		os.Exit(Main(os.Args[1:], nil))
	}
	status := m.Run()
	postgrestest.Stop()
	os.Exit(status)
}

const (
	operatorPassword = "Un mot de passe long"
	accountPassword  = "Portail-2026"
)

// office is a register and the environment that its commands run in.
type office struct {
	t   *testing.T
	db  string
	env map[string]string
	// read are the sheets of the batch last read, by its file.
	read map[string][]printed
}

func newOffice(t *testing.T) *office {
	return &office{t: t, db: postgrestest.Register(t), env: map[string]string{
		"GUICHET_TEST_AS_GUICHET": "1", "GUICHET_PASSWORD": operatorPassword, "GUICHET_ACCOUNT_PASSWORD": accountPassword,
		"GUICHET_NO_KEYRING": "1", "GUICHET_MAIL_PASSWORD": "secret", "XDG_CONFIG_HOME": t.TempDir(),
	}}
}

func (o *office) command(env map[string]string, args ...string) *exec.Cmd {
	o.t.Helper()
	binary, err := os.Executable()
	if err != nil {
		o.t.Fatal(err)
	}
	command := exec.Command(binary, append([]string{"--operator", "martin"}, args...)...)
	command.Env = append(os.Environ(), "GUICHET_DB="+o.db)
	for _, values := range []map[string]string{o.env, env} {
		for name, value := range values {
			command.Env = append(command.Env, name+"="+value)
		}
	}
	return command
}

// run runs a command and returns what it wrote and its exit status.
func (o *office) run(env map[string]string, args ...string) (stdout, stderr string, status int) {
	o.t.Helper()
	command := o.command(env, args...)
	var out, errs bytes.Buffer
	command.Stdout, command.Stderr = &out, &errs
	err := command.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		o.t.Fatal(err)
	}
	return out.String(), errs.String(), command.ProcessState.ExitCode()
}

// must runs a command that must be done, and reads its JSON into result.
func (o *office) must(result any, args ...string) {
	o.t.Helper()
	stdout, stderr, status := o.run(nil, append(args, "--json")...)
	if status != Done {
		o.t.Fatalf("guichet %v: status %d\n%s", args, status, stderr)
	}
	if result != nil {
		if err := json.Unmarshal([]byte(stdout), result); err != nil {
			o.t.Fatalf("guichet %v: %v\n%s", args, err, stdout)
		}
	}
}

// refused runs a command that must be refused with a reason.
func (o *office) refused(reason string, args ...string) {
	o.t.Helper()
	stdout, stderr, status := o.run(nil, args...)
	if status != Refused || !strings.Contains(stderr, reason) {
		o.t.Errorf("guichet %v: status %d, want the reason %q\n%s%s", args, status, reason, stdout, stderr)
	}
}

// printed is what a sheet of a batch says.
type printed struct {
	reference string
	codes     [2]string
	page      int
}

var (
	referenceOnSheet = regexp.MustCompile(`L\d\d-\d{6}-[0-9A-Z]`)
	codeOnSheet      = regexp.MustCompile(`\b[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}\b`)
)

// readBatch reads every page of a batch's PDF as a person would.
func readBatch(t *testing.T, file string) []printed {
	t.Helper()
	text := output(t, "pdftotext", "-layout", file, "-")
	var sheets []printed
	for i, page := range strings.Split(strings.TrimSuffix(text, "\f"), "\f") {
		codes := codeOnSheet.FindAllString(page, -1)
		reference := referenceOnSheet.FindString(page)
		if reference == "" || len(codes) != 2 {
			t.Fatalf("page %d has reference %q and %d codes", i+1, reference, len(codes))
		}
		sheets = append(sheets, printed{reference, [2]string{codes[0], codes[1]}, i + 1})
	}
	return sheets
}

func output(t *testing.T, name string, args ...string) string {
	t.Helper()
	out, err := exec.Command(name, args...).Output()
	if err != nil {
		t.Fatalf("%s %v: %v (make test installs it)", name, args, err)
	}
	return string(out)
}

// TestOneWorkingDay is one day, end to end, by the commands, with a real
// Dovecot, a real SMTP server and real PDF readers.
func TestOneWorkingDay(t *testing.T) {
	o := newOffice(t)
	o.openRegister()
	accounts := o.registerPeople()
	sheets := o.composeAndRead(len(accounts))
	o.enterCodes(sheets, accounts)
	o.activate(accounts)
	o.fetchMail()
	var audit struct{ Entries int }
	o.must(&audit, "audit", "verify")
	if audit.Entries < 30 {
		t.Errorf("%d audit entries", audit.Entries)
	}
	o.noSecretKept(sheets)
}

// openRegister makes the register, imports Alsace and sets the letterhead.
func (o *office) openRegister() {
	o.t.Helper()
	o.must(nil, "init", "--name", "Claire Martin")
	type report struct {
		Added, Same, Refused int
		Lines                []importedLine
	}
	var first, second report
	file := filepath.Join("..", "..", "assets", "organisations", "alsace.csv")
	o.must(&first, "import", "organisations", file)
	if first.Added != 921 || first.Refused != 0 {
		o.t.Fatalf("imported %d, refused %d", first.Added, first.Refused)
	}
	held := 0
	for _, line := range first.Lines {
		if len(line.Held) > 0 {
			held++
		}
	}
	if held != 42 { // 41 groupings without an address, and Ohlungen without a label
		o.t.Errorf("%d lines will be held", held)
	}
	o.must(&second, "import", "organisations", file)
	if second.Added != 0 || second.Same != 921 {
		o.t.Errorf("imported twice: %d added, %d the same", second.Added, second.Same)
	}
	o.must(nil, "settings", "set", "Sender=Portail e-services|10 place de la République|67000 Strasbourg", "Place=Strasbourg",
		"PortalURL=https://portail.example", "Signatory=Claire MARTIN", "SupportEmail=assistance@portail.example")
}

// registered is what register answers.
type registered struct{ Identifier, Organisation, Letter string }

// registerPeople registers three users and an administrator.
func (o *office) registerPeople() map[string]registered {
	o.t.Helper()
	accounts := map[string]registered{}
	for _, person := range []struct {
		siren, first, last, email string
		administrator             bool
	}{
		{"216700013", "Frédéric", "Dupont", "f.dupont@achenheim.example", true},
		{"216700013", "Frédéric", "Dupont", "frederic@achenheim.example", false},
		{"216700039", "Hélène", "Schmitt-Klein", "h.sk@albe.example", false},
		{"200057479", "Cœur", "Lœwenstein", "c.l@sommerau.example", false},
	} {
		args := []string{
			"register", "--organisation", person.siren, "--first", person.first, "--last", person.last, "--email", person.email, "--accept-terms",
		}
		if person.administrator {
			args = append(args, "--administrator")
		}
		var made registered
		o.must(&made, args...)
		accounts[made.Identifier] = made
	}
	want := []string{"coeur.loewenstein", "frederic.dupont", "frederic.dupont2", "helene-schmitt-klein"}
	if got := slices.Sorted(maps.Keys(accounts)); !slices.Equal(got, want) {
		o.t.Fatalf("identifiers %v, want %v", got, want)
	}
	o.refused("conditions d’utilisation", "register", "--organisation", "216700013", "--first", "A", "--last", "B", "--email", "a@b.fr")
	o.refused("a déjà le compte frederic.dupont", "register", "--organisation", "216700013", "--first", "F", "--last", "D",
		"--email", "F.Dupont@achenheim.example", "--accept-terms")
	return accounts
}

// composeAndRead composes, prints and posts a batch, and reads its sheets with
// the programs that a printer or a scanner would use.
func (o *office) composeAndRead(n int) []printed {
	t := o.t
	t.Helper()
	// A grouping without an address: its letter is held back, the rest goes.
	o.must(nil, "register", "--organisation", "200034635", "--first", "Anne", "--last", "O'Brien", "--email", "a@koch.example", "--accept-terms")
	var batch batchLine
	o.must(&batch, "letters", "compose")
	if batch.Letters != n || len(batch.Files) != 1 {
		t.Fatalf("batch %+v, want %d letters", batch, n)
	}
	info, err := os.Stat(batch.Files[0])
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("spool file: %v, %v", info, err)
	}
	sheets := readBatch(t, batch.Files[0])
	if len(sheets) != n {
		t.Fatalf("%d sheets, want %d", len(sheets), n)
	}
	for _, sheet := range sheets {
		addressInWindow(t, batch.Files[0], sheet.page)
		if got, want := scan(t, batch.Files[0], sheet.page), sheet.reference+" 1/1"; got != want {
			t.Errorf("page %d: the DataMatrix reads %q, want %q", sheet.page, got, want)
		}
	}
	var queue []queuedLine
	o.must(&queue, "letters", "queue")
	if len(queue) != 1 || !strings.Contains(queue[0].Held, "code postal manquant") {
		t.Errorf("queue %+v, want the letter held back", queue)
	}
	o.refused("pas encore imprimé", "letters", "post", batch.Number)
	o.must(nil, "letters", "printed", batch.Number)
	o.must(nil, "letters", "post", batch.Number)
	if _, err := os.Stat(batch.Files[0]); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the spool outlives the posting: %v", err)
	}
	o.refused("déjà clos", "letters", "cancel", batch.Number)
	return sheets
}

// scan reads a page's DataMatrix from its picture.
func scan(t *testing.T, file string, page int) string {
	t.Helper()
	picture := filepath.Join(t.TempDir(), "page")
	n := strconv.Itoa(page)
	output(t, "pdftoppm", "-r", "200", "-png", "-singlefile", "-f", n, "-l", n, file, picture)
	return output(t, "dmtxread", "-n", "-N1", "-m", "5000", picture+".png")[:len("L26-000001-A 1/1")]
}

var wordBox = regexp.MustCompile(`<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>`)

// addressInWindow looks where a page's words stand: those in the clear zone
// are the address, inside the envelope's window, and its last line is there.
func addressInWindow(t *testing.T, file string, page int) {
	t.Helper()
	n := strconv.Itoa(page)
	wordsInWindow(t, page, output(t, "pdftotext", "-bbox", "-f", n, "-l", n, file, "-"))
}

func wordsInWindow(t *testing.T, page int, boxes string) {
	t.Helper()
	words := 0
	var last string
	for _, found := range wordBox.FindAllStringSubmatch(boxes, -1) {
		var mm [4]float64
		for i := range mm {
			points, err := strconv.ParseFloat(found[i+1], 64)
			if err != nil {
				t.Fatal(err)
			}
			mm[i] = points * 25.4 / 72
		}
		outside := mm[2] < 88 || mm[0] > 202 || mm[3] < 32 || mm[1] > 92
		if outside {
			continue
		}
		words, last = words+1, found[5]
		if mm[0] < 100 || mm[2] > 190 || mm[1] < 45 || mm[3] > 90 {
			t.Errorf("page %d: %q at x %.1f–%.1f, y %.1f–%.1f mm leaves the window", page, found[5], mm[0], mm[2], mm[1], mm[3])
		}
	}
	if words < 6 || strings.ToUpper(last) != last {
		t.Errorf("page %d: %d words in the window, the last %q", page, words, last)
	}
}

// enterCodes confirms the administrator and a user, and locks a letter.
func (o *office) enterCodes(sheets []printed, accounts map[string]registered) {
	t := o.t
	t.Helper()
	byReference := map[string]printed{}
	for _, sheet := range sheets {
		byReference[sheet.reference] = sheet
	}
	sheetOf := func(identifier string) printed { return byReference[accounts[identifier].Letter] }
	for _, identifier := range []string{"frederic.dupont", "helene-schmitt-klein"} {
		sheet := sheetOf(identifier)
		var done struct{ Account string }
		// Typed as people type: lower case, without the hyphen.
		o.must(&done, "confirm", strings.ToLower(sheet.reference), strings.ToLower(strings.ReplaceAll(sheet.codes[0], "-", "")), sheet.codes[1])
		if done.Account != identifier {
			t.Errorf("%s confirms %q", identifier, done.Account)
		}
		o.refused("ont déjà servi", "confirm", sheet.reference, sheet.codes[0], sheet.codes[1])
	}
	mine, other := sheetOf("coeur.loewenstein"), sheetOf("frederic.dupont2")
	mistyped := []byte(mine.codes[0])
	mistyped[0] = map[bool]byte{true: '2', false: '3'}[mistyped[0] != '2']
	o.refused("faute de frappe", "confirm", mine.reference, string(mistyped), mine.codes[1])
	for left := 4; left > 0; left-- {
		o.refused(fmt.Sprintf("Essais restants : %d", left), "confirm", mine.reference, other.codes[0], other.codes[1])
	}
	o.refused("est bloquée", "confirm", mine.reference, mine.codes[1], mine.codes[0])
	o.refused("est bloquée", "confirm", mine.reference, mine.codes[0], mine.codes[1])
}

var activationLink = regexp.MustCompile(`https://portail\.example/activation/(\S+)`)

// activate sends the activation e-mails through a real SMTP server and uses
// their links.
func (o *office) activate(accounts map[string]registered) {
	t := o.t
	t.Helper()
	server := mailboxtest.SMTP(t)
	o.must(nil, "settings", "set", "Smarthost.Host=127.0.0.1", "Smarthost.Port="+strconv.Itoa(server.Port), "Smarthost.Security=starttls",
		"Smarthost.User="+server.User, "Smarthost.From=ne-pas-repondre@portail.example", "Smarthost.CertificateFile="+certificateOf(t, server.TLSPort))
	o.must(nil, "settings", "password", "smarthost")
	var sent struct{ Sent, Failed int }
	o.must(&sent, "send")
	if sent.Sent != len(accounts)+1 || sent.Failed != 0 {
		t.Fatalf("sent %+v", sent)
	}
	o.must(&sent, "send")
	if sent.Sent != 0 {
		t.Errorf("%d mails sent twice", sent.Sent)
	}
	usable := map[string]bool{}
	for _, mail := range server.Messages() {
		link := activationLink.FindStringSubmatch(decodeMail(t, mail.Data))
		if link == nil {
			t.Fatalf("no link in\n%s", mail.Data)
		}
		var done struct {
			Identifier string
			Usable     bool
		}
		stdout, stderr, status := o.run(map[string]string{"GUICHET_TOKEN": link[1]}, "activate", "--json")
		if status != Done {
			t.Fatal(stderr)
		}
		if err := json.Unmarshal([]byte(stdout), &done); err != nil {
			t.Fatal(err)
		}
		usable[done.Identifier] = done.Usable
		o.refused("a déjà servi", "activate", link[1])
	}
	want := map[string]bool{
		"frederic.dupont": true, "helene-schmitt-klein": true, "frederic.dupont2": false, "coeur.loewenstein": false, "anne.obrien": false,
	}
	if !maps.Equal(usable, want) {
		t.Errorf("usable %v, want %v", usable, want)
	}
}

// certificateOf writes a server's own certificate to a file.
func certificateOf(t *testing.T, port int) string {
	t.Helper()
	connection, err := tls.Dial("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)), &tls.Config{InsecureSkipVerify: true})
	if err != nil {
		t.Fatal(err)
	}
	defer connection.Close()
	file := filepath.Join(t.TempDir(), "server.pem")
	certificate := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: connection.ConnectionState().PeerCertificates[0].Raw})
	if err := os.WriteFile(file, certificate, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// noSecretKept looks for codes and passwords in all files of the register.
func (o *office) noSecretKept(sheets []printed) {
	o.t.Helper()
	files, err := filepath.Glob(o.db + "*")
	if app.IsShared(o.db) { // what is on this workstation
		files, err = filepath.Glob(filepath.Join(o.env["XDG_CONFIG_HOME"], "guichet", "*"))
	}
	if err != nil || len(files) < 2 {
		o.t.Fatal(files, err)
	}
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil { // the spool folder, empty but for its lock
			continue
		}
		for _, sheet := range sheets {
			for _, code := range sheet.codes {
				if bytes.Contains(content, []byte(code)) || bytes.Contains(content, []byte(strings.ReplaceAll(code, "-", ""))) {
					o.t.Errorf("%s holds a code", filepath.Base(file))
				}
			}
		}
		for _, password := range []string{operatorPassword, accountPassword} {
			if bytes.Contains(content, []byte(password)) {
				o.t.Errorf("%s holds a password", filepath.Base(file))
			}
		}
	}
}
