package command

import (
	"archive/zip"
	"bytes"
	"context"
	"database/sql"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	_ "modernc.org/sqlite"

	"guichet/app"
	"guichet/data/store/postgrestest"
)

// TestOperatorsByCommand makes an operator, who may do nothing before choosing a
// password, and takes the access away again.
func TestOperatorsByCommand(t *testing.T) {
	o := newOffice(t)
	o.must(nil, "init", "--name", "Claire Martin")
	o.env["GUICHET_NEW_PASSWORD"] = "Provisoire-2026-Nora"
	o.must(nil, "operators", "add", "nora", "--name", "Nora Stoll", "--roles", "help_desk", "--roles", "reader")
	nora := func(password string, args ...string) (string, int) {
		_, stderr, status := o.run(map[string]string{"GUICHET_PASSWORD": password, "GUICHET_OPERATOR": "nora", "GUICHET_NEW_PASSWORD": "Un mot de passe à Nora"},
			append([]string{"--operator", "nora"}, args...)...)
		return stderr, status
	}
	if reason, status := nora("Provisoire-2026-Nora", "tickets"); status != Refused || !strings.Contains(reason, "Choisissez d’abord votre mot de passe") {
		t.Errorf("%d %s", status, reason)
	}
	if reason, status := nora("Provisoire-2026-Nora", "operators", "password"); status != Done {
		t.Fatalf("%d %s", status, reason)
	}
	if reason, status := nora("Un mot de passe à Nora", "tickets"); status != Done {
		t.Errorf("%d %s", status, reason)
	}
	if reason, status := nora("Un mot de passe à Nora", "operators"); status != Refused || !strings.Contains(reason, "Votre rôle ne permet pas") {
		t.Errorf("%d %s", status, reason)
	}
	o.must(nil, "operators", "disable", "nora")
	if _, status := nora("Un mot de passe à Nora", "tickets"); status != Refused {
		t.Error("a disabled operator signs in")
	}
	o.must(nil, "operators", "enable", "nora")
	o.must(nil, "operators", "reset", "nora")
	o.refused("est le dernier", "operators", "disable", "martin")
	stdout, _, _ := o.run(nil, "operators", "--json")
	if !strings.Contains(stdout, `"must_change_password": true`) || strings.Contains(stdout, "argon2") || strings.Contains(stdout, "rovisoire") {
		t.Errorf("%s", stdout)
	}
	var wrong string
	for range 6 {
		_, wrong, _ = o.run(map[string]string{"GUICHET_PASSWORD": "faux"}, "tickets")
	}
	if !strings.Contains(wrong, "Trop d’essais manqués") {
		t.Errorf("after six wrong passwords: %s", wrong)
	}
}

// TestKeepingByCommand backs up, looks, restores, hands out a person's data.
func TestKeepingByCommand(t *testing.T) {
	postgrestest.OnlyFile(t)
	o := newOffice(t)
	o.openRegister()
	var backups []backupLine
	o.must(&backups, "backup")
	backup := backups[0].File
	o.must(&backups, "backup", "--list")
	if len(backups) != 1 || backups[0].Bytes == 0 {
		t.Fatalf("%+v", backups)
	}
	var looked, back restored
	o.must(&looked, "restore", "--look", backup)
	if looked.Organisations == 0 || looked.Kept != "" {
		t.Errorf("%+v", looked)
	}
	o.must(nil, "settings", "set", "RegisterName=Changé depuis")
	o.must(&back, "restore", backup)
	if stdout, _, _ := o.run(nil, "settings"); strings.Contains(stdout, "Changé depuis") || back.Kept == "" {
		t.Errorf("not restored: %+v", back)
	}
	o.must(nil, "privacy")
	o.must(nil, "privacy", "purge", "--yes")
	o.must(nil, "audit", "export", filepath.Join(t.TempDir(), "journal.xlsx"), "--action", "register.")
	o.refused("Rien ne s’appelle", "audit", "export", filepath.Join(t.TempDir(), "journal.csv"), "--record", "personne")
	o.must(nil, "audit", "verify")

	o.registerPeople()
	file := filepath.Join(t.TempDir(), "donnees.zip")
	o.must(nil, "privacy", "access", "f.dupont@achenheim.example", file)
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if archive, err := zip.NewReader(bytes.NewReader(content), int64(len(content))); err != nil || len(archive.File) != 2 {
		t.Errorf("%v", err)
	}
	o.refused("n’a rien sous", "privacy", "access", "personne@nulle-part.example", file)
}

// TestStartedOnWhatIsWrong starts Guichet on registers that cannot be opened:
// each says what is wrong, and no byte of it changes.
func TestStartedOnWhatIsWrong(t *testing.T) {
	postgrestest.OnlyFile(t)
	o := newOffice(t)
	o.must(nil, "init", "--name", "Claire Martin")
	var backups []backupLine
	o.must(&backups, "backup")
	whole, err := os.ReadFile(o.db)
	if err != nil {
		t.Fatal(err)
	}
	flipped := bytes.Clone(whole)
	flipped[3*4096] ^= 0x40
	newer := filepath.Join(t.TempDir(), "newer.db")
	if err := os.WriteFile(newer, whole, 0o600); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", newer)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (999, 1)`); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	ahead, err := os.ReadFile(newer)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		content []byte
		says    string
	}{
		{whole[:len(whole)/2], "Le fichier du registre est abîmé"},
		{flipped, "Le fichier du registre est abîmé"},
		{ahead, "version plus récente de Guichet"},
	} {
		if err := os.WriteFile(o.db, c.content, 0o600); err != nil {
			t.Fatal(err)
		}
		o.refused(c.says, "audit", "verify")
		if after, err := os.ReadFile(o.db); err != nil || !bytes.Equal(after, c.content) {
			t.Errorf("%s: the file was changed, %v", c.says, err)
		}
	}
	if err := os.WriteFile(o.db, flipped, 0o600); err != nil {
		t.Fatal(err)
	}
	o.must(nil, "restore", backups[0].File) // nobody can sign in to a damaged register
	o.must(nil, "audit", "verify")
}

// TestAReadOnlyRegister is one that its user may read and not write.
func TestAReadOnlyRegister(t *testing.T) {
	postgrestest.OnlyFile(t)
	o := newOffice(t)
	o.must(nil, "init", "--name", "Claire Martin")
	if err := os.Chmod(o.db, 0o444); err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(o.db)
	if err != nil {
		t.Fatal(err)
	}
	command := o.command(nil, "audit", "verify")
	if os.Getuid() == 0 { // who may write everything
		folder := t.TempDir()
		binary := filepath.Join(folder, "guichet")
		if out, err := exec.Command("cp", command.Path, binary).CombinedOutput(); err != nil {
			t.Fatal(string(out))
		}
		command.Path = binary
		for path := folder; path != "/tmp" && path != "/"; path = filepath.Dir(path) {
			if err := os.Chmod(path, 0o755); err != nil {
				t.Fatal(err)
			}
		}
		for path := filepath.Dir(o.db); path != "/tmp" && path != "/"; path = filepath.Dir(path) {
			if err := os.Chmod(path, 0o777); err != nil { // the lock beside it can be made
				t.Fatal(err)
			}
		}
		for _, beside := range []string{o.db + ".lock", o.db + ".holder"} {
			if err := os.Remove(beside); err != nil && !os.IsNotExist(err) {
				t.Fatal(err)
			}
		}
		command.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	}
	out, err := command.CombinedOutput()
	if err == nil || !strings.Contains(string(out), "Le registre ne peut pas être écrit") {
		t.Errorf("%v: %s", err, out)
	}
	if after, err := os.ReadFile(o.db); err != nil || !bytes.Equal(after, before) {
		t.Errorf("the file was changed, %v", err)
	}
}

// TestACommandIsRefusedBesideAWindow: while a window has the register, a command is
// refused, and says who has it.
func TestACommandIsRefusedBesideAWindow(t *testing.T) {
	postgrestest.OnlyFile(t)
	o := newOffice(t)
	o.must(nil, "init", "--name", "Claire Martin")
	window, err := app.HoldRegister(context.Background(), o.db, true)
	if err != nil {
		t.Fatal(err)
	}
	o.refused("est déjà ouvert", "audit", "verify")
	if err := window.Release(); err != nil {
		t.Fatal(err)
	}
	o.must(nil, "audit", "verify")
}
