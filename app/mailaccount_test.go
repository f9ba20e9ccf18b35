package app

import (
	"os"
	"path/filepath"
	"testing"
)

// TestTrustedCertificates: a file that holds none is said by its name.
func TestTrustedCertificates(t *testing.T) {
	d := openDesk(t)
	if roots, err := trusted(""); roots != nil || err != nil {
		t.Errorf("%v, %v", roots, err)
	}
	missing := filepath.Join(t.TempDir(), "absent.pem")
	_, err := trusted(missing)
	d.refused(Unavailable, err)
	empty := filepath.Join(t.TempDir(), "vide.pem")
	d.done(os.WriteFile(empty, []byte("rien"), 0o600))
	_, err = trusted(empty)
	d.refused(Unavailable, err)
}
