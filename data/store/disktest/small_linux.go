package disktest

import (
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// Small is a file system of its own, in memory.
type Small struct {
	Folder string
	t      testing.TB
}

// MountSmall mounts one; where nothing can be mounted, the test is skipped.
func MountSmall(t testing.TB, megabytes int) *Small {
	t.Helper()
	disk := &Small{t.TempDir(), t}
	if err := syscall.Mount("tmpfs", disk.Folder, "tmpfs", 0, fmt.Sprintf("size=%dm", megabytes)); err != nil {
		t.Skipf("a full disk needs the right to mount a small one (root): %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(disk.Folder, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return disk
}

// Leave fills the disk up to some free pages of 4 KB.
func (s *Small) Leave(pages int64) {
	s.t.Helper()
	var has syscall.Statfs_t
	if err := syscall.Statfs(s.Folder, &has); err != nil {
		s.t.Fatal(err)
	}
	fill := int64(has.Bavail)*has.Bsize - pages*4096
	file, err := os.Create(s.filler())
	if err != nil {
		s.t.Fatal(err)
	}
	chunk := make([]byte, 4096)
	for ; fill > 0; fill -= int64(len(chunk)) {
		if _, err := file.Write(chunk[:min(fill, int64(len(chunk)))]); err != nil {
			s.t.Fatal(err)
		}
	}
	if err := file.Close(); err != nil {
		s.t.Fatal(err)
	}
}

func (s *Small) filler() string { return filepath.Join(s.Folder, "filler") }

// Free makes room again.
func (s *Small) Free() {
	s.t.Helper()
	if err := os.Remove(s.filler()); err != nil {
		s.t.Fatal(err)
	}
}
