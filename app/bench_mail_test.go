package app

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"guichet/app/mailbox/mailboxtest"
	"guichet/data"
)

const (
	mailRounds = 3
	mailCount  = 10_000
)

// BenchmarkMailbox brings a mailbox in from Dovecot on the loopback: 10,000
// mails of 2 to 50 KB, one in five with a file. Each is parsed, stored and
// indexed, on a disk that is told to keep it (SQLite's synchronous = FULL).
// Beside it, mbsync (isync) copies the same mailbox into a Maildir, as it is by
// default, with an fsync a mail, and without; it parses and indexes nothing.
//
// Each run is a process of its own, timed from its start to its end, on a
// mailbox whose index Dovecot has made; candidates take turns. x-mbsync is how
// many times as many mails a second as mbsync, x-unsynced how many times the
// time of mbsync without fsync. ms-nothing-new is a second pass, over the same
// mailbox; most of it is Dovecot's look at its Maildir.
func BenchmarkMailbox(b *testing.B) {
	server := newMailServer(b, mailCount)
	var guichet, durable, unsynced, idle, idleMbsync []outcome
	for range mailRounds {
		got := server.guichet()
		guichet = append(guichet, got)
		idle = append(idle, server.fetch())
		got, again := server.mbsync(true)
		durable, idleMbsync = append(durable, got), append(idleMbsync, again)
		got, _ = server.mbsync(false)
		unsynced = append(unsynced, got)
	}
	if idle[0].Count != 0 {
		b.Fatalf("%d mails came twice", idle[0].Count)
	}
	report(b, "guichet", guichet, "mails")
	report(b, "mbsync", durable, "mails")
	report(b, "mbsync-unsynced", unsynced, "mails")
	b.Run("ratios", func(b *testing.B) {
		b.ReportMetric(median(guichet)/median(durable), "x-mbsync")
		b.ReportMetric(median(unsynced)/median(guichet), "x-unsynced")
		b.ReportMetric(peak(guichet), "MiB-peak")
		b.ReportMetric(quickest(idle)*1000, "ms-nothing-new")
		b.ReportMetric(quickest(idleMbsync)*1000, "ms-nothing-new-mbsync")
		b.ReportMetric(0, "ns/op")
	})
}

// mailServer is a Dovecot with a mailbox, and who reads it.
type mailServer struct {
	candidates
	*mailboxtest.DovecotServer
	count int
}

func newMailServer(b *testing.B, count int) *mailServer {
	s := &mailServer{candidates: newCandidates(b), DovecotServer: mailboxtest.Dovecot(b), count: count}
	random := rand.New(rand.NewPCG(5, 26))
	for i := range count {
		s.Deliver(b, benchMail(random, i))
	}
	_, _ = s.mbsync(false) // Dovecot indexes
	return s
}

// benchMail is a mail of 2 to 50 KB, the small ones as frequent as in any
// mailbox (their logarithm is uniform, 15 KB on average); one in five has a file.
func benchMail(random *rand.Rand, i int) []byte {
	size := int(2048 * math.Exp(random.Float64()*math.Log(25)))
	var mail bytes.Buffer
	fmt.Fprintf(&mail, "Return-Path: <personne%d@mairie%d.example>\r\nReceived: from mx%d.example by mail.example; Tue, 24 Nov 2026 08:00:00 +0100\r\n",
		i%4000, i%900, i%7)
	fmt.Fprintf(&mail, "From: =?utf-8?q?Ren=C3=A9e_Personne_%d?= <personne%d@mairie%d.example>\r\nTo: Assistance <aide@portail.example>\r\nSubject: %s %d\r\n",
		i%4000, i%4000, i%900, benchWords(random, 4), i)
	fmt.Fprintf(&mail, "Message-ID: <%d.%d@mairie%d.example>\r\nDate: Tue, 24 Nov 2026 08:%02d:%02d +0100\r\nMIME-Version: 1.0\r\n", i, random.Uint32(), i%900, i/60%60, i%60)
	body := func(size int) string {
		var text strings.Builder
		for text.Len() < size {
			text.WriteString(benchWords(random, 12) + "\r\n")
		}
		return text.String()
	}
	if i%5 != 0 {
		fmt.Fprintf(&mail, "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n%s", body(size))
		return mail.Bytes()
	}
	file := make([]byte, size/2)
	for n := range file {
		file[n] = byte(random.Uint32())
	}
	encoded := base64.StdEncoding.EncodeToString(file)
	fmt.Fprintf(&mail, "Content-Type: multipart/mixed; boundary=\"=_%d\"\r\n\r\n--=_%d\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n%s", i, i, body(size/4))
	fmt.Fprintf(&mail, "--=_%d\r\nContent-Type: application/pdf; name=\"formulaire-%d.pdf\"\r\nContent-Transfer-Encoding: base64\r\n\r\n", i, i)
	for line := range strings.SplitSeq(encoded, "\n") {
		for len(line) > 76 {
			mail.WriteString(line[:76] + "\r\n")
			line = line[76:]
		}
		mail.WriteString(line + "\r\n")
	}
	fmt.Fprintf(&mail, "--=_%d--\r\n", i)
	return mail.Bytes()
}

// benchWords are some words of those that requests are made of: few are
// frequent, most are rare.
func benchWords(random *rand.Rand, n int) string {
	common := strings.Fields(`bonjour je vous écris au sujet de notre mairie la lettre des codes n’est pas arrivée et le compte reste désactivé
		merci pour votre réponse depuis lundi nous attendons une confirmation du représentant légal mot passe portail délégation élection`)
	words := make([]string, n)
	for i := range words {
		if words[i] = common[random.IntN(len(common))]; random.IntN(4) == 0 {
			words[i] = fmt.Sprintf("mot%d", int(random.ExpFloat64()*3000))
		}
	}
	return strings.Join(words, " ")
}

func (s *mailServer) register() string { return filepath.Join(s.folder, "register.db") }

// guichet fetches the whole mailbox into a new register.
func (s *mailServer) guichet() outcome {
	s.clear()
	s.prepare()
	done := s.fetch()
	if done.Count != s.count {
		s.Fatalf("%d mails came in of %d", done.Count, s.count)
	}
	return done
}

// clear takes the register away.
func (s *mailServer) clear() {
	for _, ending := range []string{"", "-wal", "-shm", ".secrets"} {
		if err := os.RemoveAll(s.register() + ending); err != nil {
			s.Fatal(err)
		}
	}
}

// fetch fetches what is new.
func (s *mailServer) fetch() outcome {
	start := time.Now()
	done := s.task("fetch", s.register())
	done.Seconds = time.Since(start).Seconds()
	return done
}

// prepare makes a register that reads the mailbox.
func (s *mailServer) prepare() {
	ctx := context.Background()
	a, err := Open(ctx, s.register(), benchOptions())
	if err != nil {
		s.Fatal(err)
	}
	ctx = As(ctx, guichet)
	settings := data.DefaultSettings()
	mailbox := data.MailboxSettings{Host: s.Host, Port: s.Port, Security: "none", User: s.User, Folders: []string{"INBOX"}}
	settings.Mailboxes = []data.MailboxSettings{mailbox}
	_, kept := a.SetMailPassword(ctx, MailboxPassword(mailbox), s.Password)
	if err := errors.Join(kept, a.SaveSettings(ctx, settings), a.Close()); err != nil {
		s.Fatal(err)
	}
}

func benchOptions() Options {
	return Options{Clock: func() time.Time { return tuesday }, Passwords: cheap, NoKeyring: true}
}

// fetchMailbox fetches what is new for the register args[0].
func fetchMailbox(ctx context.Context, args []string) (done outcome, err error) {
	a, err := Open(ctx, args[0], benchOptions())
	if err != nil {
		return done, err
	}
	got, err := a.Fetch(As(ctx, guichet))
	done.Count = got.Mails
	return done, errors.Join(err, a.Close())
}

// mbsync copies the mailbox into a new Maildir, and then looks for what is new.
func (s *mailServer) mbsync(fsync bool) (done, again outcome) {
	folder, err := os.MkdirTemp(s.folder, "mbsync")
	if err != nil {
		s.Fatal(err)
	}
	synced := map[bool]string{true: "yes", false: "no"}[fsync]
	config := fmt.Sprintf(`FSync %s

IMAPStore far
Host %s
Port %d
User %s
Pass %s
SSLType None
AuthMechs LOGIN

MaildirStore near
Path %s/
Inbox %s/inbox

Channel all
Far :far:
Near :near:
Patterns INBOX
Create Near
Sync Pull New
SyncState *
`, synced, s.Host, s.Port, s.User, s.Password, folder, folder)
	path := filepath.Join(folder, "mbsyncrc")
	if err := os.WriteFile(path, []byte(config), 0o600); err != nil {
		s.Fatal(err)
	}
	run := func() outcome {
		start := time.Now()
		command := exec.Command("mbsync", "--quiet", "--config", path, "all")
		if out, err := command.CombinedOutput(); err != nil {
			s.Fatalf("mbsync (isync): %v\n%s", err, out)
		}
		return outcome{Count: s.count, Seconds: time.Since(start).Seconds(), MiB: peakOf(command)}
	}
	done, again = run(), run()
	mails, err := filepath.Glob(filepath.Join(folder, "inbox", "[nc]*", "*"))
	if err != nil {
		s.Fatal(err)
	}
	if len(mails) != s.count {
		s.Fatalf("mbsync copied %d mails of %d", len(mails), s.count)
	}
	if err := os.RemoveAll(folder); err != nil {
		s.Fatal(err)
	}
	return done, again
}

// quickest is the shortest time of some runs, in seconds.
func quickest(runs []outcome) float64 {
	least := runs[0].Seconds
	for _, run := range runs {
		least = min(least, run.Seconds)
	}
	return least
}
