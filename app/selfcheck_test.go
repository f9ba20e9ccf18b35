package app

import (
	"os"
	"path/filepath"
	"testing"

	"guichet/data/store"
)

// TestCheckRegister leaves nothing behind, and tells a register that cannot be
// written.
func TestCheckRegister(t *testing.T) {
	d := openDesk(t)
	check, err := d.CheckRegister(d.admin)
	if err != nil || check.Write <= 0 || check.Read <= 0 {
		t.Fatalf("%+v, %v", check, err)
	}
	err = d.store.View(t.Context(), func(tx *store.Tx) error {
		left, err := tx.Setting("round trip")
		if left != "" {
			t.Errorf("left behind: %q", left)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	d.store.Close() //nolint:errcheck // it does not answer any more
	if _, err := d.CheckRegister(d.admin); err == nil {
		t.Error("a register that is closed passes")
	}
}

func TestCheckBackupFolder(t *testing.T) {
	d := openDesk(t)
	folder := filepath.Join(t.TempDir(), "new", "folder")
	if took, err := d.CheckBackupFolder(d.admin, folder); err != nil || took <= 0 {
		t.Fatalf("%v, %v", took, err)
	}
	if left, err := os.ReadDir(folder); err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	file := filepath.Join(folder, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := d.CheckBackupFolder(d.admin, file); KindOf(err) != Unavailable {
		t.Errorf("a file passes for a folder: %v", err)
	}
}
