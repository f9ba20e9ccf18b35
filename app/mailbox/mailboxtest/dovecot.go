package mailboxtest

import (
	"bufio"
	"bytes"
	"crypto/x509"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"guichet/data/accounttest"
)

// DovecotServer is a Dovecot of the test's own, with one user and a Maildir.
type DovecotServer struct {
	Host     string // 127.0.0.1
	Port     int    // clear text and STARTTLS
	TLSPort  int
	RootCAs  *x509.CertPool // trusts the server
	CertFile string         // the same as PEM
	User     string         // support
	Password string         // secret

	dir       string
	binary    string
	account   *accounttest.Account
	command   *exec.Cmd
	ended     chan struct{} // closed when the command ended
	output    bytes.Buffer
	delivered int
}

// patience is how long a server may take to start or to stop.
const patience = 20 * time.Second

// Dovecot starts a Dovecot on free ports of 127.0.0.1 and stops it at the end of the test. Without dovecot installed
// (Debian: dovecot-imapd) the test fails. Run as root, Dovecot runs as nobody.
func Dovecot(t testing.TB) *DovecotServer {
	t.Helper()
	binary := program(t)
	// Not t.TempDir: nobody could not enter it, and sockets need a short path.
	dir, err := os.MkdirTemp("", "dovecot")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	s := &DovecotServer{
		Host: "127.0.0.1", User: "support", Password: "secret",
		CertFile: filepath.Join(dir, "cert.pem"), dir: dir, binary: binary,
	}
	if s.account, err = accounttest.Find("nobody"); err != nil {
		t.Fatal(err)
	}
	cert, key := certificate(t)
	s.RootCAs = roots(t, cert)
	s.write(t, "cert.pem", cert)
	s.write(t, "key.pem", key)
	for _, sub := range []string{
		"run", "state", "mail", "mail/support", "mail/support/maildir",
		"mail/support/maildir/new", "mail/support/maildir/cur", "mail/support/maildir/tmp",
	} {
		s.mkdir(t, sub)
	}
	s.own(t, dir)
	t.Cleanup(s.Stop)
	for try := 1; ; try++ {
		s.Port, s.TLSPort = freePort(t), freePort(t)
		s.configure(t)
		err := s.start()
		if err == nil {
			return s
		}
		s.Stop()
		if try == 3 { // another program may have taken a port
			t.Fatal(err)
		}
	}
}

// Deliver puts a mail into the INBOX, as a mail server would: whole or not at all, and after those delivered before.
func (s *DovecotServer) Deliver(t testing.TB, raw []byte) {
	t.Helper()
	s.DeliverAt(t, raw, time.Now())
}

// DeliverAt is Deliver of a mail that came in at a time.
func (s *DovecotServer) DeliverAt(t testing.TB, raw []byte, at time.Time) {
	t.Helper()
	s.delivered++
	name := fmt.Sprintf("%d.M%dP1.localhost", 1_700_000_000+s.delivered, s.delivered)
	s.write(t, filepath.Join("mail/support/maildir/tmp", name), raw)
	if err := os.Chtimes(s.maildir("tmp", name), at, at); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(s.maildir("tmp", name), s.maildir("new", name)); err != nil {
		t.Fatal(err)
	}
}

// Flags returns the Maildir flags (S for \Seen) of the mails in the INBOX, in the order of their delivery.
func (s *DovecotServer) Flags(t testing.TB) []string {
	t.Helper()
	flags := make([]string, s.delivered)
	for _, sub := range []string{"new", "cur"} {
		entries, err := os.ReadDir(s.maildir(sub))
		if err != nil {
			t.Fatal(err)
		}
		for _, entry := range entries {
			seconds, _, _ := strings.Cut(entry.Name(), ".")
			number, err := strconv.Atoi(seconds)
			if err != nil {
				t.Fatal(err)
			}
			_, set, _ := strings.Cut(entry.Name(), ":2,")
			flags[number-1_700_000_001] = set
		}
	}
	return flags
}

// Expunge removes a mail by its number of delivery, counted from 1.
func (s *DovecotServer) Expunge(t testing.TB, number int) {
	t.Helper()
	s.files(t, number, os.Remove)
}

// Spoil takes from Dovecot the right to read a mail, by its number of delivery: at the reading, and at the size where it
// does not know it yet, it says goodbye.
func (s *DovecotServer) Spoil(t testing.TB, number int) {
	t.Helper()
	s.files(t, number, func(name string) error { return os.Chmod(name, 0) })
}

// Shorten cuts a mail off, by its number of delivery: where Dovecot knows its size, it ends the connection in the middle.
func (s *DovecotServer) Shorten(t testing.TB, number int) {
	t.Helper()
	s.files(t, number, func(name string) error { return os.Truncate(name, 50) })
}

func (s *DovecotServer) files(t testing.TB, number int, do func(name string) error) {
	t.Helper()
	for _, sub := range []string{"new", "cur"} {
		found, err := filepath.Glob(s.maildir(sub, strconv.Itoa(1_700_000_000+number)+".*"))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range found {
			if err := do(name); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// ResetUIDValidity gives the INBOX another UIDVALIDITY and new UIDs from 1, as after a restored backup or a move to
// another server. It restarts Dovecot on the same ports.
func (s *DovecotServer) ResetUIDValidity(t testing.TB) {
	t.Helper()
	s.Stop()
	list, err := os.ReadFile(s.maildir("dovecot-uidlist"))
	if err != nil {
		t.Fatalf("nobody read the mailbox yet: %v", err)
	}
	match := regexp.MustCompile(`\bV(\d+)`).FindSubmatch(list)
	if match == nil {
		t.Fatalf("no UIDVALIDITY in %q", list)
	}
	validity, err := strconv.ParseUint(string(match[1]), 10, 32)
	if err != nil {
		t.Fatal(err)
	}
	old, err := filepath.Glob(s.maildir("dovecot*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range old {
		if err := os.Remove(name); err != nil {
			t.Fatal(err)
		}
	}
	// Dovecot makes a UIDVALIDITY of the clock's seconds: the old one again, in a fast test.
	s.write(t, "mail/support/maildir/dovecot-uidlist", fmt.Appendf(nil, "3 V%d N1\n", validity+1000))
	if err := s.start(); err != nil {
		t.Fatal(err)
	}
}

// RestoreTo brings the INBOX back to what it was when only some mails had been delivered, as a backup of its folder does:
// UIDVALIDITY stays, and the UIDs of those that came later are given again. It restarts Dovecot on the same ports.
func (s *DovecotServer) RestoreTo(t testing.TB, delivered int) {
	t.Helper()
	s.Stop()
	list, err := os.ReadFile(s.maildir("dovecot-uidlist"))
	if err != nil {
		t.Fatalf("nobody read the mailbox yet: %v", err)
	}
	head, entries, _ := strings.Cut(string(list), "\n")
	kept := regexp.MustCompile(`\bN\d+`).ReplaceAllString(head, fmt.Sprintf("N%d", delivered+1)) + "\n"
	for entry := range strings.Lines(entries) {
		uid, _, _ := strings.Cut(entry, " ")
		if number, err := strconv.Atoi(uid); err == nil && number <= delivered {
			kept += entry
		}
	}
	indexes, err := filepath.Glob(s.maildir("dovecot*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range indexes {
		if err := os.Remove(name); err != nil {
			t.Fatal(err)
		}
	}
	for number := delivered + 1; number <= s.delivered; number++ {
		s.Expunge(t, number)
	}
	s.write(t, "mail/support/maildir/dovecot-uidlist", []byte(kept))
	if err := s.start(); err != nil {
		t.Fatal(err)
	}
}

// Restart stops Dovecot, has something done meanwhile, and starts it again on the same ports.
func (s *DovecotServer) Restart(t testing.TB, meanwhile func()) {
	t.Helper()
	s.Stop()
	meanwhile()
	if err := s.start(); err != nil {
		t.Fatal(err)
	}
}

// Folder lists the mails of a folder other than the INBOX: how many it holds.
func (s *DovecotServer) Folder(t testing.TB, name string) int {
	t.Helper()
	count := 0
	for _, sub := range []string{"new", "cur"} {
		entries, err := os.ReadDir(s.maildir("."+name, sub))
		if err != nil {
			t.Fatal(err)
		}
		count += len(entries)
	}
	return count
}

// Stop ends Dovecot and waits until its port is closed. It may be called twice.
func (s *DovecotServer) Stop() {
	if s.command == nil {
		return
	}
	_ = s.command.Process.Signal(syscall.SIGTERM)
	<-s.ended
	s.command = nil
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		conn, err := net.Dial("tcp", net.JoinHostPort(s.Host, strconv.Itoa(s.Port)))
		if err != nil {
			return
		}
		conn.Close()
	}
}

// start runs Dovecot and waits for its greeting.
func (s *DovecotServer) start() error {
	s.output.Reset()
	s.command = exec.Command(s.binary, "-F", "-c", filepath.Join(s.dir, "dovecot.conf"))
	s.command.Stdout, s.command.Stderr = &s.output, &s.output
	s.command.Dir = s.dir
	s.account.Run(s.command)
	if err := s.command.Start(); err != nil {
		s.command = nil
		return err
	}
	s.ended = make(chan struct{})
	go func(command *exec.Cmd, ended chan struct{}) {
		_ = command.Wait()
		close(ended)
	}(s.command, s.ended)
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if s.greets() {
			return nil
		}
		select {
		case <-s.ended:
			end = time.Time{}
		default:
		}
	}
	s.Stop()
	log, _ := os.ReadFile(filepath.Join(s.dir, "dovecot.log"))
	return fmt.Errorf("dovecot does not start: %s%s", s.output.String(), log)
}

func (s *DovecotServer) greets() bool {
	conn, err := net.DialTimeout("tcp", net.JoinHostPort(s.Host, strconv.Itoa(s.Port)), time.Second)
	if err != nil {
		return false
	}
	defer conn.Close()
	_ = conn.SetReadDeadline(time.Now().Add(5 * time.Second))
	line, err := bufio.NewReader(conn).ReadString('\n')
	return err == nil && strings.HasPrefix(line, "* OK")
}

func (s *DovecotServer) maildir(elements ...string) string {
	return filepath.Join(append([]string{s.dir, "mail/support/maildir"}, elements...)...)
}

func (s *DovecotServer) write(t testing.TB, name string, content []byte) {
	t.Helper()
	name = filepath.Join(s.dir, name)
	if err := os.WriteFile(name, content, 0o600); err != nil {
		t.Fatal(err)
	}
	s.own(t, name)
}

func (s *DovecotServer) mkdir(t testing.TB, name string) {
	t.Helper()
	name = filepath.Join(s.dir, name)
	if err := os.Mkdir(name, 0o700); err != nil {
		t.Fatal(err)
	}
	s.own(t, name)
}

func (s *DovecotServer) own(t testing.TB, name string) {
	t.Helper()
	if err := s.account.Own(name); err != nil {
		t.Fatal(err)
	}
}

// configure writes Dovecot's configuration.
func (s *DovecotServer) configure(t testing.TB) {
	t.Helper()
	account, group := "nobody", ""
	uid, gid := os.Getuid(), os.Getgid()
	if s.account == nil {
		current, err := user.Current()
		if err != nil {
			t.Fatal(err)
		}
		account = current.Username
	} else {
		uid, gid = s.account.UID, s.account.GID
	}
	found, err := user.LookupGroupId(strconv.Itoa(gid))
	if err != nil {
		t.Fatal(err)
	}
	group = found.Name
	s.write(t, "users", fmt.Appendf(nil, "%s:{PLAIN}%s:%d:%d::%s/mail/support::\n", s.User, s.Password, uid, gid, s.dir))
	values := strings.NewReplacer("@DIR@", s.dir, "@USER@", account, "@GROUP@", group,
		"@PORT@", strconv.Itoa(s.Port), "@TLSPORT@", strconv.Itoa(s.TLSPort))
	s.write(t, "dovecot.conf", []byte(values.Replace(configuration)))
}

// freePort is a port of the loopback that nobody listened on a moment ago.
func freePort(t testing.TB) int {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr).Port
}

// program finds Dovecot, which Debian installs outside of a user's PATH.
func program(t testing.TB) string {
	t.Helper()
	for _, name := range []string{"dovecot", "/usr/sbin/dovecot", "/usr/local/sbin/dovecot"} {
		if found, err := exec.LookPath(name); err == nil {
			return found
		}
	}
	t.Fatal("Dovecot is needed (Debian: dovecot-imapd)")
	return ""
}
