package app

import (
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"guichet/app/mailbox/mailboxtest"
	"guichet/data"
	"guichet/data/store/postgrestest"
)

// What a day brings.
const (
	dailyRegistrations = 200
	dailyMails         = 500
)

// evening is what is measured at a day's end.
type evening struct {
	heap, file, descriptors int64
	goroutines              int
}

// TestLongRun has an office work for a day, or GUICHET_DAYS days, with the clock
// moved: memory stays flat, the register grows as its records do, and neither a
// goroutine nor a file stays open.
func TestLongRun(t *testing.T) {
	postgrestest.OnlyFile(t)
	days := 1
	if text := os.Getenv("GUICHET_DAYS"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil {
			t.Fatal(err)
		}
		days = n
	}
	mails := mailboxtest.SMTPWithoutTLS(t)
	before := goleak.IgnoreCurrent()
	files := descriptors(t)
	d := openDesk(t)
	d.smarthostAt(mails)
	d.set(func(s *data.Settings) { s.HelpDesk.Acknowledge = true })
	var organisations []data.Organisation
	for i := range 50 {
		organisations = append(organisations, d.organisation(fmt.Sprintf("Commune n° %d", i)))
	}
	var evenings []evening
	for day := range days {
		d.workADay(day, organisations, mails)
		evenings = append(evenings, d.evening())
		t.Logf("day %d: %d KB of heap, %d KB of register, %d files open, %d goroutines", day+1,
			evenings[day].heap>>10, evenings[day].file>>10, evenings[day].descriptors, evenings[day].goroutines)
	}
	d.checkEvenings(evenings)
	d.done(d.Close())
	if now := descriptors(t); now > files {
		t.Errorf("%d files open, %d before", now, files)
	}
	goleak.VerifyNone(t, before)
}

// workADay is 8 hours: mails and registrations each, a batch at noon and at four,
// and what the night brings.
func (d *desk) workADay(day int, organisations []data.Organisation, mails *mailboxtest.SMTPServer) {
	d.t.Helper()
	morning := d.clock
	replies := 0
	for hour := range 8 {
		d.clock = morning.Add(time.Duration(hour) * time.Hour)
		for i := range dailyRegistrations / 8 {
			n := (day*8+hour)*dailyRegistrations/8 + i
			d.register(organisations[n%len(organisations)], fmt.Sprintf("p%d@mairie.fr", n), false)
		}
		var raws []string
		for i := range dailyMails/8 + 1 {
			id := fmt.Sprintf("m%d.%d.%d@mairie.example", day, hour, i)
			raws = append(raws, letterOf(fmt.Sprintf("a%d@mairie.example", i), id, "Demande "+id, strings.Repeat("Bonjour à tous. ", 100)))
		}
		got := d.come(raws...)
		for _, ticket := range got.Opened {
			d.answer(d.ticket(ticket.ID).Ticket, "Bonjour, c’est réglé.", data.Solved)
			replies++
		}
		d.clock = d.clock.Add(time.Minute)
		sent, err := d.SendOutgoing(d.helpDesk)
		d.done(err)
		if sent.Failed > 0 || sent.Sent == 0 {
			d.t.Fatalf("%+v", sent)
		}
		mails.Forget()
		if hour == 3 || hour == 7 {
			codes := d.post()
			for reference := range codes {
				if len(reference)%2 == 0 || reference[len(reference)-3]%5 > 0 { // four of five come back
					_, err := d.confirm(reference, codes)
					d.done(err)
				}
			}
		}
		_, err = d.Home(d.admin)
		d.done(err)
	}
	d.clock = morning.AddDate(0, 0, 1)
	_, err := d.Sweep(d.admin)
	d.done(err)
	_, err = d.BackUpDaily(d.admin)
	d.done(err)
	if replies == 0 {
		d.t.Fatal("nobody answered")
	}
}

func (d *desk) evening() evening {
	d.t.Helper()
	runtime.GC()
	runtime.GC()
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	e := evening{heap: int64(memory.HeapAlloc), descriptors: descriptors(d.t), goroutines: runtime.NumGoroutine()}
	backups, err := d.Backups(d.admin)
	d.done(err)
	e.file = backups[0].Size // the register without what its log repeats
	return e
}

// checkEvenings compares the days: the first one fills caches.
func (d *desk) checkEvenings(evenings []evening) {
	d.t.Helper()
	if len(evenings) < 3 {
		return
	}
	second, last := evenings[1], evenings[len(evenings)-1]
	if last.heap > second.heap+8<<20 {
		d.t.Errorf("the heap grew from %d to %d KB", second.heap>>10, last.heap>>10)
	}
	if last.descriptors > second.descriptors || last.goroutines > second.goroutines+2 {
		d.t.Errorf("%+v, then %+v", second, last)
	}
	growth := second.file - evenings[0].file
	for i := 2; i < len(evenings); i++ {
		if now := evenings[i].file - evenings[i-1].file; now > growth*3/2 {
			d.t.Errorf("day %d added %d KB, the second one %d KB", i+1, now>>10, growth>>10)
		}
	}
}

// descriptors counts the files that this process has open.
func descriptors(t *testing.T) int64 {
	t.Helper()
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	return int64(len(entries))
}
