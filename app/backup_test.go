package app

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"guichet/data/store/postgrestest"

	"guichet/data"
)

// backUp makes a backup.
func (d *desk) backUp() Backup {
	d.t.Helper()
	made, err := d.BackUp(d.admin, nil)
	d.done(err)
	return made
}

func TestBackupHoldsTheRegister(t *testing.T) {
	postgrestest.OnlyFile(t)
	d := openDesk(t)
	d.register(d.organisation("Commune d'Achenheim"), "a@b.fr", false)
	writing, stop := make(chan error), make(chan struct{})
	go func() { // others go on meanwhile
		var err error
		for n := 0; err == nil; n++ {
			select {
			case <-stop:
				writing <- nil
				return
			default:
				err = d.AddNote(d.helpDesk, 1, "note")
				if KindOf(err) == NotFound {
					err = d.SaveSettings(d.admin, settingsNamed("Registre "+string(rune('a'+n%26))))
				}
			}
		}
		writing <- err
	}()
	steps := 0
	made, err := d.BackUp(d.admin, func(done, total int) {
		if steps++; done > total {
			t.Errorf("%d of %d", done, total)
		}
	})
	close(stop)
	d.done(<-writing)
	d.done(err)
	if steps == 0 {
		t.Error("no progress is told")
	}
	contents, err := InspectBackup(d.nobody, made.Path)
	d.done(err)
	if contents.Organisations != 1 || contents.Accounts != 1 || contents.Letters != 1 || contents.Operators != 3 || contents.LastChange.IsZero() ||
		!strings.HasPrefix(contents.Register, "Registre") {
		t.Errorf("%+v", contents)
	}
	for path, want := range map[string]os.FileMode{made.Path: 0o600, filepath.Dir(made.Path): 0o700} {
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != want {
			t.Errorf("%s is %v, want %v, %v", path, info.Mode(), want, err)
		}
	}
	if entries, _ := os.ReadDir(filepath.Dir(made.Path)); len(entries) != 1 {
		t.Errorf("%d files beside the backup", len(entries)-1)
	}
}

func settingsNamed(name string) data.Settings {
	settings := data.DefaultSettings()
	settings.RegisterName, settings.Sender, settings.Place, settings.PortalURL, settings.Signatory = name, []string{"Portail"}, "Strasbourg", "https://portail.example", "C. Martin"
	return settings
}

func TestBackupIsDailyAndRotates(t *testing.T) {
	postgrestest.OnlyFile(t)
	d := openDesk(t)
	settings := settingsNamed("Registre")
	settings.Backup = data.BackupSettings{Folder: filepath.Join(t.TempDir(), "sauvegardes"), Keep: 3}
	d.done(d.SaveSettings(d.admin, settings))
	reader := As(d.nobody, d.operator(d.admin, "lecture", data.Reader))
	for range 5 {
		for _, want := range []bool{true, false} {
			made, err := d.BackUpDaily(reader)
			d.done(err)
			if made != want {
				t.Errorf("on %s: made %v", d.clock, made)
			}
		}
		d.clock = d.clock.AddDate(0, 0, 1)
	}
	backups, err := d.Backups(d.admin)
	d.done(err)
	if len(backups) != 3 || !backups[0].At.Equal(d.clock.AddDate(0, 0, -1)) || backups[0].Size == 0 {
		t.Errorf("%+v", backups)
	}
	d.done(d.Close())
	if found := FindBackups(d.path); len(found) != 3 {
		t.Errorf("a closed register has %d backups, %v", len(found), found)
	}
}

func TestACancelledBackupLeavesNoFile(t *testing.T) {
	postgrestest.OnlyFile(t)
	d := openDesk(t)
	ctx, cancel := context.WithCancel(d.admin)
	_, err := d.BackUp(ctx, func(int, int) { cancel() })
	if err == nil {
		t.Fatal("it went on")
	}
	if entries, _ := os.ReadDir(d.Path() + ".backups"); len(entries) != 0 {
		t.Errorf("left: %v", entries)
	}
}

// TestRestoreGoesBack: the register is as it was at the backup, what came after
// is in the file that is kept, and a batch that was posted since is composed anew.
func TestRestoreGoesBack(t *testing.T) {
	postgrestest.OnlyFile(t)
	d := openDesk(t)
	o := d.organisation("Commune d'Achenheim")
	made := d.register(o, "a@b.fr", false)
	batch, _ := d.compose()
	backup := d.backUp()
	d.done(d.MarkPrinted(d.mailRoom, batch.Number))
	d.done(d.MarkPosted(d.mailRoom, batch.Number, d.clock))
	d.organisation("Commune d'Albé")
	d.clock = d.clock.Add(time.Hour)
	kept, err := d.RestoreBackup(d.admin, backup.Path)
	d.done(err)
	found, err := d.FindOrganisations(d.admin, "")
	d.done(err)
	if len(found) != 1 {
		t.Errorf("%d organisations", len(found))
	}
	if letter := d.letter(made.Reference); letter.State != data.Queued {
		t.Errorf("the letter of a batch without its PDF is %s", letter.State)
	}
	check, err := d.VerifyAudit(d.admin)
	d.done(err)
	if check.Broken.ID != 0 {
		t.Errorf("%+v", check)
	}
	entries, err := d.Audit(d.admin, data.AuditFilter{Action: "register.restore"}, 0, 10)
	d.done(err)
	if len(entries) != 1 || entries[0].Operator != "admin" {
		t.Errorf("%+v", entries)
	}
	if contents, err := InspectBackup(d.nobody, kept); err != nil || contents.Organisations != 2 {
		t.Errorf("kept: %+v, %v", contents, err)
	}
	again, err := d.RestoreBackup(d.admin, kept) // there and back
	d.done(err)
	if contents, err := InspectBackup(d.nobody, kept); again == kept || err != nil || contents.Organisations != 2 {
		t.Errorf("what the first restore kept is gone: %+v, %v", contents, err)
	}
	if letter := d.letter(made.Reference); letter.State != data.Posted {
		t.Errorf("the letter is %s", letter.State)
	}
}

// TestRestoreSurvivesACrash: whatever was renamed, the register opens as it was
// or as the backup.
func TestRestoreSurvivesACrash(t *testing.T) {
	postgrestest.OnlyFile(t)
	for crashed := range 3 {
		d := openDesk(t)
		d.organisation("Commune d'Achenheim")
		backup := d.backUp()
		d.organisation("Commune d'Albé")
		d.done(d.Close())
		content, err := os.ReadFile(backup.Path)
		d.done(err)
		d.done(os.WriteFile(d.path+restoringSuffix, content, 0o600))
		if crashed > 0 {
			d.done(os.Rename(d.path, d.path+".kept"))
		}
		if crashed > 1 {
			d.done(os.Rename(d.path+restoringSuffix, d.path))
		}
		d.open()
		found, err := d.FindOrganisations(d.admin, "")
		d.done(err)
		if want := []int{2, 1, 1}[crashed]; len(found) != want {
			t.Errorf("crash %d: %d organisations, want %d", crashed, len(found), want)
		}
	}
}

// damage are ways in which a register's file is found broken.
func damages(t *testing.T, whole []byte) map[string][]byte {
	flipped := func(at int) []byte {
		content := bytes.Clone(whole)
		content[at] ^= 0x40
		return content
	}
	page := int(binary.BigEndian.Uint16(whole[16:]))
	return map[string][]byte{
		"cut off in the middle":     whole[:len(whole)/2],
		"cut off by a byte":         whole[:len(whole)-1],
		"cut off in a page":         whole[:5*page+100],
		"only a beginning":          whole[:50],
		"another file":              []byte(strings.Repeat("Ceci n’est pas un registre.\n", 100)),
		"a bit of its header":       flipped(2),
		"a bit of the schema":       flipped(100),
		"a bit of a page":           flipped(3 * page),
		"a bit of a later page":     flipped(20*page + 5),
		"a page of nothing":         append(append(bytes.Clone(whole[:10*page]), make([]byte, page)...), whole[11*page:]...),
		"a page in the wrong place": append(append(bytes.Clone(whole[:10*page]), whole[20*page:21*page]...), whole[11*page:]...),
	}
}

// TestADamagedRegisterIsRecognised: it says so, changes nothing, and its last
// good backup takes its place while the damaged file is kept.
// TestAnEmptyFileIsNoBackup, nor is a database of something else.
func TestAnEmptyFileIsNoBackup(t *testing.T) {
	postgrestest.OnlyFile(t)
	d := openDesk(t)
	file := filepath.Join(t.TempDir(), "empty.db")
	d.done(os.WriteFile(file, nil, 0o600))
	_, err := InspectBackup(d.nobody, file)
	d.refused(Damaged, err)
	_, err = d.RestoreBackup(d.admin, file)
	d.refused(Damaged, err)
	db, err := sql.Open("sqlite", file)
	d.done(err)
	_, err = db.Exec("CREATE TABLE setting (name TEXT)")
	d.done(err)
	d.done(db.Close())
	_, err = InspectBackup(d.nobody, file)
	d.refused(Damaged, err)
}

// TestAWholeRegisterIsNotDamaged, however often it was written since a full-text
// index was checked last.
func TestAWholeRegisterIsNotDamaged(t *testing.T) {
	postgrestest.OnlyFile(t)
	d := openDesk(t)
	o := d.organisation("Commune d'Achenheim")
	for i := range 40 {
		d.register(o, fmt.Sprintf("p%d@mairie.fr", i), false)
		d.done(d.store.Check(d.nobody))
	}
}

func TestADamagedRegisterIsRecognised(t *testing.T) {
	postgrestest.OnlyFile(t)
	d := openDesk(t)
	d.register(d.organisation("Commune d'Achenheim"), "a@b.fr", false)
	backup := d.backUp()
	d.done(d.Close())
	whole, err := os.ReadFile(d.path)
	d.done(err)
	for name, content := range damages(t, whole) {
		path := filepath.Join(t.TempDir(), "register.db")
		d.done(os.WriteFile(path, content, 0o600))
		d.done(os.MkdirAll(path+".backups", 0o700))
		copied, err := os.ReadFile(backup.Path)
		d.done(err)
		d.done(os.WriteFile(filepath.Join(path+".backups", filepath.Base(backup.Path)), copied, 0o600))
		options := Options{Clock: func() time.Time { return d.clock }, Passwords: cheap, NoKeyring: true}
		if _, err := Open(d.nobody, path, options); KindOf(err) != Damaged || !strings.HasPrefix(err.Error(), "Le fichier du registre est abîmé") {
			t.Errorf("%s: %v (%s)", name, err, KindOf(err))
			continue
		}
		if after, err := os.ReadFile(path); err != nil || !bytes.Equal(after, content) {
			t.Errorf("%s: the file was changed, %v", name, err)
		}
		if _, err := InspectBackup(d.nobody, path); KindOf(err) != Damaged {
			t.Errorf("%s, as a backup: %v", name, err)
		}
		found := FindBackups(path)
		if len(found) != 1 {
			t.Fatalf("%s: %d backups", name, len(found))
		}
		kept, err := Restore(d.nobody, path, found[0].Path, options)
		d.done(err)
		if after, err := os.ReadFile(kept); err != nil || sha256.Sum256(after) != sha256.Sum256(content) {
			t.Errorf("%s: the damaged file was not kept, %v", name, err)
		}
		a, err := Open(d.nobody, path, options)
		d.done(err)
		if found, err := a.FindOrganisations(d.admin, ""); err != nil || len(found) != 1 {
			t.Errorf("%s: %d organisations, %v", name, len(found), err)
		}
		d.done(a.Close())
	}
}

func TestANewerRegisterIsLeftAlone(t *testing.T) {
	postgrestest.OnlyFile(t)
	d := openDesk(t)
	d.done(d.Close())
	db, err := sql.Open("sqlite", d.path)
	d.done(err)
	_, err = db.Exec(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (999, 1)`)
	d.done(err)
	d.done(db.Close())
	before, err := os.ReadFile(d.path)
	d.done(err)
	_, err = Open(d.nobody, d.path, Options{})
	d.refused(Unavailable, err)
	if err == nil || !strings.Contains(err.Error(), "version plus récente de Guichet") {
		t.Error(err)
	}
	if after, err := os.ReadFile(d.path); err != nil || !bytes.Equal(after, before) {
		t.Errorf("the file was changed, %v", err)
	}
	_, err = InspectBackup(d.nobody, d.path)
	d.refused(Unavailable, err)
}

// TestBackupInAnOddFolder: brackets mean something in patterns of names.
func TestBackupInAnOddFolder(t *testing.T) {
	postgrestest.OnlyFile(t)
	folder := filepath.Join(t.TempDir(), "Guichet [2026")
	d := openDeskAt(t, filepath.Join(folder, "register.db"))
	backup := d.backUp()
	leftover := backup.Path + unfinishedSuffix
	d.done(os.WriteFile(leftover, nil, 0o600))
	d.clock = d.clock.Add(time.Hour)
	d.backUp()
	if _, err := os.Stat(leftover); !os.IsNotExist(err) {
		t.Errorf("an unfinished backup stays: %v", err)
	}
	d.organisation("Commune d'Achenheim")
	d.register(data.Organisation{ID: 1}, "a@b.fr", false)
	batch, _ := d.compose()
	d.done(os.WriteFile(d.spoolFolder()+"/"+batch.Number+"-01"+displacedSuffix, nil, 0o600))
	d.done(d.CancelBatch(d.mailRoom, batch.Number))
	if names := d.spoolNames(); len(names) != 0 {
		t.Errorf("the spool keeps %v", names)
	}
}
