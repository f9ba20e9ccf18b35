package command

import (
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"guichet/data/store/postgrestest"
)

// TestMigrateRegisterCommand: a register moves to PostgreSQL and back, each time
// with its operator; its password is never an argument.
func TestMigrateRegisterCommand(t *testing.T) {
	o := newOffice(t)
	folder := t.TempDir()
	o.db = filepath.Join(folder, "register.db")
	with := postgrestest.Shared(t).Database(t)
	address, err := url.Parse(with)
	if err != nil {
		t.Fatal(err)
	}
	address.User = url.User(address.User.Username())
	server, back := address.String(), filepath.Join(folder, "back.db")
	o.env["PGPASSWORD"] = postgrestest.Password
	o.must(nil, "init", "--name", "Claire Martin")
	if _, stderr, status := o.run(nil, "migrate-register", o.db, with); status != Misused || strings.Contains(stderr, postgrestest.Password) {
		t.Errorf("a password as an argument: %d, %s", status, stderr)
	}
	o.refused("Il n’y a pas de registre", "migrate-register", filepath.Join(folder, "none.db"), server)
	if _, err := os.Stat(filepath.Join(folder, "none.db")); err == nil {
		t.Error("a register was made where there was none")
	}
	for _, to := range []string{server, back} {
		var result migrated
		o.must(&result, "migrate-register", o.db, to)
		if result.Verified == 0 || result.Verified != result.Copied || result.Audit == 0 || len(result.Tables) < 24 || result.Mended != 0 {
			t.Errorf("%+v", result)
		}
		o.refused("déjà en service", "migrate-register", o.db, to)
		o.db = to
		o.must(nil, "operators", "list")
	}
}
