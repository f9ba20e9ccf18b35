package app

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"guichet/app/mailbox"
	"guichet/data"
	"guichet/data/store"
	"guichet/data/store/disktest"
	"guichet/data/store/postgrestest"
)

// state is what the register and its folder hold.
func (d *desk) state() (counts map[string]int, files []string) {
	d.t.Helper()
	counts = map[string]int{}
	d.done(d.store.View(d.nobody, func(tx *store.Tx) error {
		check, err := tx.CheckAudit()
		if check.Broken.ID != 0 {
			d.t.Errorf("the audit is broken at %d", check.Broken.ID)
		}
		counts["audit"] = check.Entries
		return err
	}))
	for _, state := range []data.LetterState{data.Queued, data.Composed} {
		letters, err := d.Letters(d.admin, data.LetterFilter{State: state})
		d.done(err)
		counts[string(state)] = len(letters)
	}
	tickets, err := d.CountTickets(d.admin, data.TicketFilter{})
	d.done(err)
	people, err := d.FindAccounts(d.helpDesk, "heitz")
	d.done(err)
	counts["tickets"], counts["accounts"] = tickets, len(people)
	for _, folder := range []string{d.spoolFolder(), d.path + ".backups"} {
		entries, err := os.ReadDir(folder)
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			d.t.Fatal(err)
		}
		for _, entry := range entries {
			files = append(files, entry.Name())
		}
	}
	return counts, files
}

// TestFullDiskStepByStep has a disk that is full after one more page, two more,
// and so on until there is room: what did not fit was refused in words, nothing
// of it is there, and the next try does it, without help.
func TestFullDiskStepByStep(t *testing.T) {
	postgrestest.OnlyFile(t)
	for _, use := range []struct {
		name string
		act  func(d *desk, n int) error
		kept string // the count that grows
	}{
		{"register", func(d *desk, n int) error {
			_, err := d.Register(d.helpDesk, Registration{
				OrganisationID: 1, FirstName: "Anne", LastName: "Heitz", Email: fmt.Sprintf("p%d@mairie.fr", n), Password: "Portail-2026", TermsAccepted: true,
			})
			return err
		}, "accounts"},
		{"compose", func(d *desk, _ int) error {
			_, err := d.Compose(d.mailRoom, nil, nil)
			return err
		}, "composed"},
		{"fetch", func(d *desk, n int) error {
			operator, _ := OperatorOf(d.helpDesk)
			body := letterOf("a@mairie.example", fmt.Sprintf("disk%d@mairie.example", n), "Demande", strings.Repeat("Bonjour ", 8000))
			at := mailbox.Cursor{UIDValidity: 1, UID: uint32(n + 1)}
			_, err := d.receive(d.helpDesk, operator, inbox, []mailbox.Raw{{UIDValidity: 1, UID: at.UID, Received: d.clock, Body: []byte(body)}}, at)
			return err
		}, "tickets"},
		{"backup", func(d *desk, _ int) error {
			_, err := d.BackUp(d.admin, nil)
			return err
		}, "backups"},
	} {
		t.Run(use.name, func(t *testing.T) {
			t.Parallel()
			disk := disktest.MountSmall(t, 32)
			d := openDeskAt(t, filepath.Join(disk.Folder, "register.db"))
			d.organisation("Commune d'Achenheim")
			d.set(func(s *data.Settings) { s.Backup.Keep = 1000 }) // none goes while the others are counted
			refusals, n := 0, 0
			for pages, fits := int64(0), 0; fits < 3; pages += 1 + pages/12 {
				n++
				if use.name == "compose" {
					d.register(data.Organisation{ID: 1}, fmt.Sprintf("p%d@mairie.fr", n), false)
				}
				d.clock = d.clock.Add(1e9) // backups are named by the second
				before, had := d.state()
				disk.Leave(pages)
				err := use.act(d, n)
				after, has := d.state() // reading goes on while the disk is full
				disk.Free()
				if err == nil {
					fits++
				} else {
					refusals++
					d.refused(Unavailable, err)
					if !strings.Contains(err.Error(), "disque est plein") {
						t.Errorf("with %d pages free: %v", pages, err)
					}
					if fmt.Sprint(before) != fmt.Sprint(after) || !slices.Equal(had, has) {
						t.Errorf("with %d pages free, refused, and not as before:\n%v %v\n%v %v", pages, before, had, after, has)
					}
					d.done(d.store.Check(d.nobody))
					if err := use.act(d, n); err != nil {
						t.Errorf("with room again, after %d pages: %v", pages, err)
					}
				}
				now, files := d.state()
				now["backups"], before["backups"] = len(files), len(had)
				if use.name != "backup" && now[use.kept] <= before[use.kept] || now["audit"] <= before["audit"] {
					t.Errorf("not done: %v, %v", before, now)
				}
				if t.Failed() {
					return
				}
			}
			if refusals < 3 {
				t.Errorf("the disk was full %d times", refusals)
			}
			d.done(d.Close())
			d.open()
			d.done(d.store.Check(d.nobody))
			t.Logf("%d refusals, %d acts", refusals, n)
		})
	}
}
